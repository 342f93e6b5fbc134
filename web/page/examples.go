package page

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/uitvraag/uitvraag/internal/form"
)

// An Example is a page in one state, for the gallery and the tests. All
// organisations, people and numbers in it are made up.
type Example struct {
	ID, Title string
	View      templ.Component
}

// Examples returns every page in every state.
func Examples() []Example {
	var all []Example
	for _, part := range [][]Example{
		landingExamples(), sectionExamples(), questionExamples(), endExamples(), togetherExamples(), publicExamples(), editionExamples(),
		staffExamples(), accountExamples(), setupExamples(), workshopExamples(), todayExamples(), callExamples(), postvakExamples(), postExamples(), letterExamples(),
		planExamples(), planEditExamples(), bookExamples(), analysisExamples(), codebookExamples(), privacyExamples(), apiExamples(), codingExamples(), goodExampleExamples(),
	} {
		all = append(all, part...)
	}
	return all
}

var exampleZone = time.FixedZone("CET", 3600)

func exampleDay(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, exampleZone)
}

var (
	exampleOpens  = exampleDay(time.November, 2, 9, 0)
	exampleCloses = exampleDay(time.December, 12, 0, 0)
	exampleSent   = exampleDay(time.November, 24, 14, 9)
)

const exampleBase = "/vragenlijst/0c6f2a9e/"

func exampleFrame() Frame {
	return Frame{
		Study: "Landelijke inventarisatie aansluiting onderwijs en jeugdhulp", StudyPath: "/onderzoek/inventarisatie-2026/",
		Unit: "Samenwerkingsverband PO 25-06, Gelderland", Organiser: "Dit onderzoek voert Bureau Lindeboom uit voor de ministeries van OCW en VWS.",
		Phone: "088 - 000 01 23", Email: "hulp@uitvraag.example", Now: exampleSent,
	}
}

func exampleFacts() Facts {
	return Facts{
		Who:     "De ministeries van OCW en VWS, samen met de VNG. Bureau Lindeboom voert het onderzoek uit.",
		Why:     "Wij willen weten wat werkt en wat knelt. De uitkomsten staan in maart 2027 op de website. U krijgt ze als eerste.",
		Minutes: 20,
		Privacy: []string{
			"Wij publiceren nooit welke persoon of welk samenwerkingsverband wat heeft geantwoord.",
			"Alleen de onderzoekers van Bureau Lindeboom zien uw antwoorden.",
			"Uw naam en e-mailadres bewaren wij apart. Drie maanden na het onderzoek wissen wij ze.",
			"Meedoen is vrijwillig. U kunt altijd stoppen.",
		},
		PrivacyPath: "/onderzoek/inventarisatie-2026/privacy", PrivacyTitle: "Lees de hele privacyverklaring",
		BlankFormPath: "/onderzoek/inventarisatie-2026/vragenlijst",
	}
}

func exampleLanding(state LinkState) Landing {
	return Landing{
		Frame: exampleFrame(), Respondent: "de directeur van het samenwerkingsverband", Heading: "Hoe sluiten onderwijs en jeugdhulp in uw regio op elkaar aan?",
		Lede: "Dat vragen wij aan alle 151 samenwerkingsverbanden en alle 380 gemeenten. Uw antwoord telt: er is maar één samenwerkingsverband zoals het uwe.",
		Path: "/v/0c6f2a9e7b1d4f58a3c2e1", Facts: exampleFacts(), State: state, Opens: exampleOpens, Closes: exampleCloses,
	}
}

func landingExamples() []Example {
	started, sent := exampleLanding(LinkOpen), exampleLanding(LinkSent)
	started.Started = true
	sent.Receipt, sent.Sent = "K7F2-9MQX", exampleSent
	declined, claimed, covered := exampleLanding(LinkOpen), exampleLanding(LinkOpen), exampleLanding(LinkOpen)
	declined.Declined = exampleDay(time.November, 17, 10, 12)
	claimed.AnsweredBy = []AnsweredBy{{"Samenwerkingsverband PO 25-07", false}}
	covered.AnsweredBy = []AnsweredBy{{"Samenwerkingsverband PO 25-07", true}}
	return []Example{
		{"landing-niet-meedoen", "Uitnodiging, doet niet mee", declined.View()},
		{"landing-ander", "Uitnodiging, een ander zegt ook te antwoorden", claimed.View()},
		{"landing-gedekt", "Uitnodiging, een ander antwoordt", covered.View()},
		{"landing", "Uitnodiging", exampleLanding(LinkOpen).View()},
		{"landing-begonnen", "Uitnodiging, al begonnen", started.View()},
		{"landing-nog-niet", "Nog niet open", exampleLanding(LinkNotYet).View()},
		{"landing-gesloten", "Gesloten", exampleLanding(LinkClosed).View()},
		{"landing-gepauzeerd", "Gepauzeerd", exampleLanding(LinkPaused).View()},
		{"landing-verstuurd", "Al verstuurd", sent.View()},
		{"landing-vervangen", "Vervangen link", Landing{Frame: exampleFrame(), State: LinkReplaced}.View()},
	}
}

func sectionExamples() []Example {
	parts := []form.Part{
		{No: 1, Title: "De aansluiting in de praktijk", Page: "b5_2", Progress: form.Done, Passed: 9, Total: 9, Questions: 9, Minutes: 6},
		{No: 2, Title: "Modellen van samenwerking", Page: "b5_10", Progress: form.Done, Passed: 3, Total: 3, Questions: 3, Minutes: 2},
		{No: 3, Title: "Werkzame factoren", Page: "b5_15", Progress: form.Busy, Passed: 2, Total: 5, Questions: 5, Minutes: 4},
		{No: 4, Title: "Borging in beleid en bestuur", Page: "b5_18", Progress: form.NotBegun, Total: 4, Questions: 4, Minutes: 3},
		{No: 5, Title: "Knelpunten", Page: "b5_23", Progress: form.NotBegun, Total: 1, Questions: 1, Minutes: 1},
	}
	fresh, all := make([]form.Part, len(parts)), make([]form.Part, len(parts))
	for i, p := range parts {
		p.Passed, p.Progress = 0, form.NotBegun
		fresh[i] = p
		p.Passed, p.Progress = p.Total, form.Done
		all[i] = p
	}
	skipped := slices.Clone(all)
	skipped[2].Progress = form.Skipped
	busy := Sections{Frame: exampleFrame(), Base: exampleBase, Parts: parts, Next: "Werkzame factoren", Closes: exampleCloses, Saved: exampleSent}
	later := busy
	later.Later = true
	core := busy
	core.Core, core.Parts = true, parts[1:3]
	return []Example{
		{"onderdelen-nieuw", "Onderdelen, nog niets ingevuld", Sections{Frame: exampleFrame(), Base: exampleBase, Parts: fresh, Next: "De aansluiting in de praktijk", Closes: exampleCloses}.View()},
		{"onderdelen", "Onderdelen, bezig", busy.View()},
		{"onderdelen-later", "Onderdelen, later verder", later.View()},
		{"onderdelen-kern", "Onderdelen, alleen de kernvragen", core.View()},
		{"onderdelen-overgeslagen", "Onderdelen, een overgeslagen", Sections{Frame: exampleFrame(), Base: exampleBase, Parts: skipped, Closes: exampleCloses, Saved: exampleSent}.View()},
		{"onderdelen-klaar", "Onderdelen, alles ingevuld", Sections{Frame: exampleFrame(), Base: exampleBase, Parts: all, Closes: exampleCloses, Saved: exampleSent}.View()},
	}
}

func exampleReview() []form.ReviewPart {
	return []form.ReviewPart{
		{No: 1, Title: "De aansluiting in de praktijk", Questions: []form.ReviewQuestion{
			{Text: "Wat is uw functie?", Page: "b5_1", Passed: true, Answers: []form.ReviewAnswer{{Value: "Directeur, Anders, Kwartiermaker jeugd"}}},
			{Text: "In welke fase verkeert de aansluiting tussen onderwijs en jeugdhulp in de kerngemeente(n) en de overige gemeenten in uw regio?", Page: "b5_2", Passed: true, Open: 1,
				Answers: []form.ReviewAnswer{{Label: "Kerngemeente(n)", Value: "Opbouw"}, {Label: "Overige gemeenten"}}},
		}},
		{No: 2, Title: "Goede voorbeelden", Questions: []form.ReviewQuestion{
			{Text: "Kunt u uw antwoord kort toelichten?", Page: "b5_12", Answers: []form.ReviewAnswer{{Value: exampleText, Long: true}}},
			{Text: "Welke pilots of goede voorbeelden zijn interessant voor anderen?", Page: "b5_28", Passed: true,
				Answers: []form.ReviewAnswer{{Label: "Voorbeeld 1, korte omschrijving", Value: "Een knooppunt per school.\nAlle partijen zitten aan één tafel.", Long: true}}},
			{Text: "Heeft u nog opmerkingen?", Page: "b5_29"},
		}},
	}
}

const exampleText = "Maandelijks overleg met de drie grootste gemeenten.\n\nDaarnaast gezamenlijke scholing van intern begeleiders en het wijkteam. Zie ook: " +
	"https://www.voorbeeld.example/een/heel/lang/adres/dat/nergens/afbreekt/en/toch/moet/passen"

func endExamples() []Example {
	review := Review{Frame: exampleFrame(), Base: exampleBase, Parts: exampleReview(), Open: 1, Version: 12, Request: "e7b1", Saved: exampleSent, Step: 10}
	unseen, again := review, review
	unseen.Unpassed = "b5_23"
	again.Open, again.Revision = 0, 1
	why := again
	why.ReasonProblem = "Vul in waarom u uw antwoorden wijzigt."
	refused := review
	refused.Problem = "Iemand anders heeft de vragenlijst net gewijzigd. Lees de antwoorden nog eens na."
	receipt := Receipt{Answers: true, Frame: exampleFrame(), Base: exampleBase, Code: "K7F2-9MQX", Sent: exampleSent, Closes: exampleSent.Add(240 * time.Hour), Results: "De uitkomsten staan in maart 2027 op de website.", People: 2}
	late := receipt
	late.Late, late.Closes, late.People = true, exampleOpens, 1
	receipt.CanChange, receipt.Mailed, receipt.PDFPath = true, true, exampleBase+"antwoorden.pdf"
	return []Example{
		{"conflict", "Twee versies", exampleConflict().View()},
		{"controleren", "Controleren, iets open", review.View()},
		{"controleren-niet-gezien", "Controleren, niet alles gezien", unseen.View()},
		{"controleren-opnieuw", "Controleren na wijzigen", again.View()},
		{"controleren-reden", "Controleren na wijzigen, geen reden", why.View()},
		{"controleren-fout", "Controleren, niet verstuurd", refused.View()},
		{"ontvangst", "Ontvangstbewijs", receipt.View()},
		{"ontvangst-laat", "Ontvangstbewijs, te laat", late.View()},
		{"antwoorden", "Eigen antwoorden", Answers{Frame: exampleFrame(), Base: exampleBase, Code: "K7F2-9MQX", Sent: exampleSent, Parts: exampleReview()}.View()},
		{"opnieuw", "Opslaan lukt even niet", Retry{Frame: exampleFrame(), Action: exampleBase + "b5_12", Title: "Opslaan lukt even niet",
			Text:   []string{"Wat u hebt ingevuld, staat nog in dit venster.", "Wacht een minuut en druk dan op de knop."},
			Button: "Probeer opnieuw", Fields: []Posted{{"actie", "volgende"}, {"b5_12", "\n" + exampleText}}, Help: true, Refresh: 503}.View()},
		{"opnieuw-gesloten", "Opslaan kan niet meer", Retry{Frame: exampleFrame(), Action: exampleBase + "b5_12", Title: "Uw wijziging is niet opgeslagen",
			Text: []string{"De vragenlijst is al verstuurd."}, Fields: []Posted{{"actie", "volgende"}, {"b5_12", exampleText}}, Help: true}.View()},
		{"fout", "Fout bij ons", Failure{Frame: exampleFrame(), Title: "Er ging iets mis bij ons", Text: "Probeer het over een paar minuten opnieuw.", Reference: "4f1c-22"}.View()},
		{"niet-gevonden", "Niet gevonden", Failure{Frame: Frame{Organiser: "Uitvraag", Phone: "088 - 000 01 23"}, Title: "Deze pagina is er niet", Text: "Kijk of het adres klopt."}.View()},
	}
}

func exampleConflict() Conflict {
	return Conflict{
		Frame: exampleFrame(), Base: exampleBase, Page: "b5_26", Section: "Vervolgstappen", Version: 13, Request: "a1f0",
		Items: []ConflictItem{
			{ID: "b5_26", Text: "Welke acties worden er momenteel vanuit het onderwijs ondernomen om de aansluiting met jeugdhulp in uw regio te versterken?",
				Mine:   "Maandelijks overleg met de drie grootste gemeenten. Daarnaast gezamenlijke scholing van intern begeleiders.",
				Theirs: "Maandelijks overleg met de drie grootste gemeenten. Vanaf januari een vaste jeugdhulpverlener op elke school.",
				When:   exampleDay(time.November, 24, 13, 58), Both: true,
				Posted: map[string]string{"b5_26": "Maandelijks overleg.\nEn scholing."}, Order: []string{"b5_26"}},
			{ID: "visie_1", Text: "Onderwijs en jeugdhulp hebben een gedeeld gevoel van urgentie van samenwerking", Mine: "Helemaal zo", Theirs: "",
				When: exampleDay(time.November, 24, 13, 58), Posted: map[string]string{"visie_1": "5"}, Order: []string{"visie_1"}},
		},
	}
}
