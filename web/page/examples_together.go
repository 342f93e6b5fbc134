package page

import (
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
)

// togetherExamples are the pages of filling in together, of not taking part, and
// of the ways in beside a link.
func togetherExamples() []Example {
	return slices.Concat(forwardExamples(), answeringExamples(), declineExamples(), unsubscribeExamples(), blankExamples())
}

func exampleForward() Forward {
	return Forward{Frame: exampleFrame(), Base: exampleBase, Reminders: true,
		Sections: []Choice{{"praktijk", "De aansluiting in de praktijk", false}, {"modellen", "Modellen van samenwerking", false}, {"vervolg", "Vervolgstappen", false}}}
}

func forwardExamples() []Example {
	since := exampleDay(time.November, 20, 10, 0)
	with := exampleForward()
	with.Colleagues = []Colleague{
		{ID: 12, Name: "J. de Vries", Email: "j.devries@lindehoven.example", Sections: []string{"Modellen van samenwerking", "Vervolgstappen"}, Since: since, Mine: true, Answered: 4},
		{ID: 13, Name: "S. Bakker", Email: "s.bakker@lindehoven.example", Since: since, Ended: true, Mine: true},
		{ID: 9, Name: "Zonder naam", Since: since, Answered: 1},
	}
	made := with
	made.NewLink, made.NewName, made.NewEmail = "https://uitvraag.example/v/0c6f2a9e7b1d4f58a3c2e1", "J. de Vries", "j.devries@lindehoven.example"
	mailed := made
	mailed.Mails, mailed.Mailed = true, true
	wrong := exampleForward()
	wrong.Email, wrong.Reminders = "j.devries@", false
	wrong.Sections[2].Selected = true
	wrong.Problems = []form.Problem{{Item: "naam", Field: "naam", Text: "Vul de naam van uw collega in."}, {Item: "email", Field: "email", Text: "Kijk het e-mailadres na: achter de @ ontbreekt een deel."}}
	also := Also{Frame: exampleFrame(), Base: exampleBase, Units: []Choice{{"PO2507", "Samenwerkingsverband PO 25-07 (PO2507)", false}, {"PO2508", "Samenwerkingsverband PO 25-08 (PO2508)", false}},
		Reasons: []Choice{{"0", "Fusie of herindeling", false}, {"1", "Gezamenlijke beleidsmedewerker", false}, {"2", "Een andere reden", false}}}
	claims, missing := also, also
	claims.Claims = []AlsoClaim{{"PO2509", "Samenwerkingsverband PO 25-09", "Fusie of herindeling", true}, {"PO2510", "", "Gezamenlijke beleidsmedewerker", false}}
	missing.Problems = []form.Problem{{Item: "eenheid", Field: "eenheid", Text: "Kies voor welke organisatie u ook antwoordt."}, {Item: "reden", Field: "reden-0", Text: "Kies waarom u ook voor deze organisatie antwoordt."}}
	return []Example{
		{"doorsturen", "Doorsturen", exampleForward().View()},
		{"doorsturen-collegas", "Doorsturen, met collega's", with.View()},
		{"doorsturen-link", "Doorsturen, nieuwe link", made.View()},
		{"doorsturen-gemaild", "Doorsturen, link gemaild", mailed.View()},
		{"doorsturen-fout", "Doorsturen, iets klopt niet", wrong.View()},
		{"ook-voor", "Ook voor een ander", also.View()},
		{"ook-voor-lijst", "Ook voor een ander, toegevoegd", claims.View()},
		{"ook-voor-fout", "Ook voor een ander, iets open", missing.View()},
	}
}

func declineExamples() []Example {
	ask := Decline{Frame: exampleFrame(), Link: "/v/0c6f2a9e7b1d4f58a3c2e1", Closes: exampleCloses, Core: 9}
	for _, r := range event.Reasons {
		ask.Reasons = append(ask.Reasons, Choice{Value: r.ID, Label: r.Label})
	}
	open, long, confirm, done := ask, ask, ask, ask
	open.Core, open.Problem = 0, "Kies een reden. Zo leren wij ervan."
	long.Reasons = append([]Choice{}, ask.Reasons...)
	long.Reasons[0].Selected = true
	long.Note, long.Problem = exampleText, "Maak uw toelichting korter dan 200 tekens."
	confirm.Reasons = long.Reasons
	confirm.Confirm, confirm.Note = "Geen tijd", "Wij worden gefuseerd.\nVolgend jaar graag weer."
	done.Done = exampleSent
	site := Frame{Organiser: "Uitvraag is een platform voor onderzoek onder organisaties."}
	return []Example{
		{"niet-meedoen", "Niet meedoen", ask.View()},
		{"niet-meedoen-fout", "Niet meedoen, geen reden", open.View()},
		{"niet-meedoen-lang", "Niet meedoen, toelichting te lang", long.View()},
		{"niet-meedoen-zeker", "Niet meedoen, tweede keer", confirm.View()},
		{"niet-meedoen-klaar", "Niet meedoen, gemeld", done.View()},
		{"code", "Code uit een brief", CodeEntry{Frame: site}.View()},
		{"code-fout", "Code met een typefout", CodeEntry{Frame: site, Code: "7F2K-9MQX-03BD-WT5Z-K", Problem: "Er zit een typefout in de code. Kijk hem nog eens na."}.View()},
	}
}

func unsubscribeExamples() []Example {
	ask := Unsubscribe{Frame: exampleFrame(), Path: "/afmelden/m123.abcdefghijklmnopqrst", Address: "h.jansen@po2506.example", Decline: "/afmelden/m123.abcdefghijklmnopqrst/niet-meedoen",
		Choices: []Choice{{NoMail, "Ik wil geen e-mail meer", false}, {NoTakingPart, "Wij doen niet mee aan dit onderzoek", false}}}
	open, confirm, done, back := ask, ask, ask, ask
	open.Problem = "Kies wat u wilt."
	confirm.State, done.State, back.State = UnsubscribeConfirm, UnsubscribeDone, UnsubscribeBack
	both := done
	both.Refused, both.Address = true, ""
	return []Example{
		{"afmelden", "Afmelden voor e-mail", ask.View()},
		{"afmelden-fout", "Afmelden, niets gekozen", open.View()},
		{"afmelden-zeker", "Afmelden, tweede keer", confirm.View()},
		{"afmelden-klaar", "Afgemeld voor e-mail", done.View()},
		{"afmelden-beide", "Afgemeld, en doet niet mee", both.View()},
		{"afmelden-terug", "Toch weer e-mail", back.View()},
	}
}

func answeringExamples() []Example {
	ask := Answering{Frame: exampleFrame(), Link: "/v/0c6f2a9e7b1d4f58a3c2e1", Code: "PO2507", By: "Samenwerkingsverband PO 25-07", Reason: "Fusie of herindeling", Since: exampleDay(time.November, 17, 10, 12)}
	open, sure, again := ask, ask, ask
	open.Problem = "Kies of de antwoorden ook voor u gelden."
	sure.Choice, sure.Sure = AnsweringYes, true
	again.Confirmed = true
	return []Example{
		{"antwoord-van-ander", "Een ander zegt ook te antwoorden", ask.View()},
		{"antwoord-van-ander-fout", "Een ander zegt ook te antwoorden, geen keuze", open.View()},
		{"antwoord-van-ander-zeker", "Een ander antwoordt, tweede keer", sure.View()},
		{"antwoord-van-ander-bevestigd", "Een ander antwoordt al", again.View()},
	}
}

func blankExamples() []Example {
	frame := exampleFrame()
	frame.Unit = ""
	one := func(no int, v form.View, when string) BlankQuestion {
		if len(v.Text) == 0 {
			v.Text = []form.Span{{Text: v.Title}}
		}
		v.Continued = ""
		return BlankQuestion{No: no, View: v, When: when}
	}
	return []Example{{"alle-vragen", "Alle vragen om te lezen", Blank{Frame: frame, Title: "Vragenlijst voor samenwerkingsverbanden", Minutes: 20, Closes: exampleCloses, Sections: []BlankSection{
		{1, "De aansluiting in de praktijk", "De volgende vragen gaan over de praktijk.", []BlankQuestion{one(1, exampleFunction(""), ""), one(2, examplePair(), ""), one(3, exampleParties(), ""), one(4, exampleArrangements(), "")}},
		{2, "Modellen en knelpunten", "", []BlankQuestion{one(5, exampleModels(), ""), one(6, exampleGrades(), ""), one(7, exampleSingle(), ""),
			one(8, exampleOpen(""), "Alleen als u bij vraag 7 ‘Ja’ koos."), one(9, exampleNumber(), ""), one(10, exampleRepeats(1), "")}},
	}}.View()}}
}
