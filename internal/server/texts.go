package server

import (
	"strings"

	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// frame is what every page of a study has around it.
func frame(st study.Study) page.Frame {
	f := page.Frame{Study: st.Title, StudyPath: "/onderzoek/" + st.Slug + "/", Phone: st.Settings.Phone, Email: st.Settings.Email}
	switch {
	case st.Settings.Organiser != "" && st.Settings.Client != "":
		f.Organiser = st.Settings.Organiser + " voert dit onderzoek uit voor " + st.Settings.Client + "."
	case st.Settings.Organiser != "":
		f.Organiser = "Dit onderzoek wordt uitgevoerd door " + st.Settings.Organiser + "."
	}
	return f
}

// facts answer who asks, why and how long (standards V8).
func facts(st study.Study, minutes int) page.Facts {
	f := page.Facts{Who: frame(st).Organiser, Why: st.Settings.Why, Minutes: minutes, PrivacyPath: "/onderzoek/" + st.Slug + "/privacy", PrivacyTitle: "Lees de hele privacyverklaring"}
	if f.Who == "" {
		f.Who = "De onderzoekers van dit onderzoek."
	}
	if f.Why == "" {
		f.Why = "Wij willen weten wat werkt en wat knelt."
	}
	if st.Settings.Results != "" {
		f.Why += " " + st.Settings.Results
	}
	f.Privacy = []string{
		"Wij publiceren nooit wie wat heeft geantwoord.",
		"Alleen de onderzoekers van dit onderzoek zien uw antwoorden.",
		"Uw naam en adres bewaren wij apart van uw antwoorden. Na het onderzoek wissen wij ze.",
		"Meedoen is vrijwillig. U kunt altijd stoppen.",
	}
	if st.Settings.Disclosure.Traceable {
		f.Privacy[0] = "Wij kunnen publiceren wat uw organisatie heeft geantwoord."
	}
	return f
}

// contactSentence says how to reach the researchers.
func contactSentence(st study.Study) string {
	if st.Settings.Phone == "" && st.Settings.Email == "" {
		return "Neem contact op met de onderzoekers."
	}
	return "Neem contact op: " + strings.Trim(st.Settings.Phone+" of "+st.Settings.Email, " of") + "."
}

// privacy is the whole privacy statement of a study, from its settings: the nine
// things that it must tell (standards V8). What nobody laid down yet has words
// that hold for every study.
func privacy(st study.Study) []page.Block {
	p := st.Settings.Privacy
	who := frame(st).Organiser
	if controller := st.Controller(); controller != "" {
		who = strings.TrimSpace(who + " " + controller + " is verantwoordelijk voor uw gegevens.")
	}
	if who == "" {
		who = "De onderzoekers van dit onderzoek zijn verantwoordelijk voor uw gegevens."
	}
	why := "Het onderzoek dient een taak van algemeen belang."
	if p.Basis == study.LegitimateInterest {
		why = "Wij hebben een gerechtvaardigd belang bij dit onderzoek."
	}
	source := "Van de website van uw organisatie, uit een openbaar register, of telefonisch van een collega."
	if p.Sources != "" {
		source = p.Sources
	}
	published := "In het rapport staat nooit wie wat heeft geantwoord."
	if st.Settings.Disclosure.Traceable {
		published = "In het rapport kan staan wat uw organisatie heeft geantwoord."
	}
	complaint := "Bent u niet tevreden? Dan kunt u een klacht indienen bij de Autoriteit Persoonsgegevens."
	if p.Officer != "" {
		complaint = "Vragen over privacy? Onze functionaris gegevensbescherming helpt u: " + p.Officer + ". " + complaint
	}
	return []page.Block{
		{Heading: "Wie vraagt dit?", Paragraphs: []string{who}},
		{Heading: "Waarom vragen wij dit?", Paragraphs: []string{strings.TrimSpace(st.Settings.Why + " " + why + " De antwoorden gaan over uw organisatie, niet over u.")}},
		{Heading: "Hoe komen wij aan uw adres?", Paragraphs: []string{source + " Per adres leggen wij vast waar het vandaan komt."}},
		{Heading: "Wat bewaren wij, en hoe lang?", List: kept(st)},
		{Heading: "Wie ziet wat?", Paragraphs: []string{"Alleen de onderzoekers van dit onderzoek zien uw antwoorden. " + published}},
		{Heading: "Cookies", Paragraphs: []string{
			"Deze site gebruikt één cookie. Dat onthoudt dat u de vragenlijst open hebt. Er zijn geen volgcookies en geen andere bedrijven."}},
		{Heading: "Uw rechten", Paragraphs: []string{
			"U mag uw gegevens zien, laten verbeteren en laten wissen. Tot de antwoorden geen naam van uw organisatie meer hebben, kunt u ze ook intrekken. " + contactSentence(st), complaint}},
	}
}

// kept says what stays how long, in the words of respondents.
func kept(st study.Study) []string {
	words := map[study.Class]string{
		study.Messages: "Berichten aan en van u",
		study.Contacts: "Uw naam en adres, apart van de antwoorden",
		study.Identity: "Welke organisatie wat antwoordde",
		study.Answers:  "De antwoorden, zonder uw naam",
	}
	var out []string
	for _, d := range study.Deadlines(st) {
		if words[d.Class] == "" {
			continue
		}
		text := words[d.Class] + ": " + months(d.Months) + " na het sluiten"
		if d.Class == study.Contacts {
			text = words[d.Class] + ": tot het rapport klaar is, hooguit " + months(d.Months) + " na het sluiten"
		}
		out = append(out, text+".")
	}
	return append(out, "Gegevens over wie wanneer inlogde: zes maanden.")
}

// months words a term.
func months(n int) string {
	if n >= 24 && n%12 == 0 {
		return ui.Int(n/12) + " jaar"
	}
	return ui.Count(n, "maand", "maanden")
}

// accessibility is the page that standards A3 and A5 ask for.
func accessibility() []page.Block {
	return []page.Block{
		{Paragraphs: []string{"Iedereen moet de vragenlijst kunnen invullen. Daarom bouwen wij volgens WCAG 2.2, niveau AA."}},
		{Heading: "Wat u mag verwachten", List: []string{
			"Alles werkt met alleen het toetsenbord en met een schermlezer.",
			"Alles werkt zonder JavaScript, op een telefoon en met sterk vergrote letters.",
			"U mag stoppen en later verdergaan. Uw antwoorden blijven bewaard."}},
		{Heading: "Lukt het niet?", Paragraphs: []string{
			"Bel of mail ons. De gegevens staan boven aan elke pagina van de vragenlijst.",
			"U kunt de vragen ook per telefoon of op papier beantwoorden."}},
		{Heading: "Toegankelijkheidsverklaring", Paragraphs: []string{
			"De organisatie die dit onderzoek uitvoert, publiceert de officiële verklaring in het register van de overheid.",
			"Deze versie is nog niet door een onafhankelijk bureau onderzocht."}},
	}
}

// audienceWords are the names of audiences in the language of the pages.
var audienceWords = map[string]struct{ one, many string }{
	"swv":          {"Samenwerkingsverband", "Samenwerkingsverbanden"},
	"gemeente":     {"Gemeente", "Gemeenten"},
	"ketenpartner": {"Ketenpartner", "Ketenpartners"},
}

func audienceMany(name string) string {
	if w, ok := audienceWords[name]; ok {
		return w.many
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// unitTitle names a unit as its own people know it.
func unitTitle(audience, code, name string) string {
	if name != "" {
		return name
	}
	if w, ok := audienceWords[audience]; ok {
		return w.one + " " + code
	}
	return code
}
