package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/web/ui"
)

func wordingExamples() []Example {
	base := exampleStaff("plan")
	path := base.Base + WordingPath + "/herinnering1/mail"
	list := Wordings{Staff: base, MayEdit: true,
		Ladder: []WordingRow{{"Uitnodiging", "e-mail", base.Base + WordingPath + "/uitnodiging/mail", "Uw mening telt", nil, 0}, {"Eerste herinnering", "e-mail", path, "Uw ervaring telt mee", []string{"eigen tekst", "eigen tekst voor gemeenten"}, 2}},
		Other:  []WordingRow{{"De link nog eens", "e-mail", base.Base + WordingPath + "/link/mail", "Uw link naar de vragenlijst", nil, 0}}}
	edit := WordingEdit{Staff: base, Title: "Eerste herinnering", How: "e-mail", Path: path, Audiences: []Choice{{"swv", "Samenwerkingsverbanden", false}, {"gemeente", "Gemeenten", false}},
		Subject: "Uw ervaring telt mee", HasSubject: true, Body: "{{aanhef}},\n\nOnlangs vroegen wij u mee te doen.\n\n[Vul de vragenlijst in](link)\n", From: "3", Own: true,
		Preview: WordingPreview{Hints: []string{"Er staat niet tot wanneer mensen kunnen meedoen. Zet er {{sluit}} in."}, To: "A. de Vries a.devries@voorbeeld.example", Subject: "Uw ervaring telt mee",
			Text: "Geachte mevrouw De Vries,\n\nOnlangs vroegen wij u mee te doen.", FramePath: "about:blank"},
		For: []Choice{{"7", "Lindehoven (langste naam)", true}}, TestTo: "m.vandalen@bureau.example", CanTest: true, Done: "bewaard",
		Fields:   []contactplan.FieldHelp{{Name: "aanhef", Means: "hoe de brief begint", Example: "Geachte mevrouw De Vries"}, {Name: "privacy", Means: "link naar de privacyverklaring", Line: true}},
		Versions: []WordingVersion{{3, exampleDay(time.November, 20, 9, 0), "M. van Dalen", "korter", false, true}, {2, exampleDay(time.November, 19, 9, 0), "M. van Dalen", "", true, false}}}
	wrong := edit
	wrong.Done, wrong.Draft = "", exampleDay(time.November, 24, 9, 0)
	wrong.Problems = []ui.Message{{Field: "tekst", Text: "Regel 3, teken 5: Het veld ‘niets’ is er niet."}}
	wrong.Preview = WordingPreview{Problems: []string{wrong.Problems[0].Text}}
	return []Example{
		{"berichtteksten", "Teksten van berichten", list.View()},
		{"berichttekst", "De tekst van een bericht", edit.View()},
		{"berichttekst-fout", "De tekst van een bericht waarin iets niet klopt", wrong.View()},
	}
}
