package page

import (
	"strings"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

func codebookExamples() []Example {
	phases := []instrument.Value{{Code: 1, Label: "Oriëntatie"}, {Code: 2, Label: "Start"}, {Code: 3, Label: "Opbouw"}, {Code: 4, Label: "Consolidatie"}, {Code: 7, Label: "Gezien, niet beantwoord", Missing: true}, {Code: 8, Label: "Geen zicht op", Missing: true}}
	yes := []instrument.Value{{Code: 1, Label: "Ja"}, {Code: 2, Label: "Nee"}, {Code: 7, Label: "Gezien, niet beantwoord", Missing: true}}
	base := exampleStaff("gegevens")
	p := Codebook{Staff: base, Title: "Inventarisatie 2026", Subtitle: "Codeboek swv 2026", Facts: "108 eenheden · 108 vragenlijsten · 412 variabelen · stand van 24 november 2026 14.02 uur",
		Audiences: []Tab{{Link{base.Base + CodebookPath + "/swv", "swv"}, true}, {Link{base.Base + CodebookPath + "/gemeente", "gemeente"}, false}},
		Downloads: []Link{{base.Base + CodebookPath + "/swv.pdf", "PDF"}},
		Chapters: []CodebookChapter{
			{ID: "deel-1", Title: "Over de vragenlijst", Questions: []CodebookQuestion{{Groups: []CodebookGroup{{Lines: []CodebookLine{{Name: "unit", Label: "Code van de eenheid", Level: "nominaal", Type: "tekst", Given: 108}}}}}}},
			{ID: "deel-2", Title: "De aansluiting in de praktijk", Questions: []CodebookQuestion{
				{ID: "b5_2", Text: "In welke fase verkeert de aansluiting tussen onderwijs en jeugdhulp?", Routing: "Gesteld aan iedereen.", Table: "B.5.2", Groups: []CodebookGroup{{Asked: true, Values: phases, Lines: []CodebookLine{
					{Name: "b5_2_kern", Label: "Kerngemeente(n)", Level: "ordinaal", Type: "code", Counts: []int{4, 18, 56, 29, 0, 1}},
					{Name: "b5_2_overige", Label: "Overige gemeenten", Level: "ordinaal", Type: "code", Counts: []int{6, 21, 58, 16, 1, 6}}}}}},
				{ID: "b5_25", Text: "Mogen wij u benaderen over uw goede voorbeeld?", Hint: "Wij bellen u hooguit één keer.", Routing: "Alleen gesteld als ‘Heeft u een goed voorbeeld?’ (b5_24) is ‘Ja’.", Table: "B.5.25",
					Groups: []CodebookGroup{{Asked: true, Values: yes, Lines: []CodebookLine{{Name: "b5_25", Label: "Mogen wij u benaderen?", Level: "nominaal", Type: "code", Counts: []int{51, 24, 2}, Hidden: 28, Unknown: 3}}}}},
			}},
		}}
	paper := p
	paper.Print = true
	base.Data = true
	data := Data{Staff: base, Named: true, Counts: []DataCount{{"swv", 108, 108, 151, base.Base + CodebookPath + "/swv"}, {"gemeente", 224, 207, 380, base.Base + CodebookPath + "/gemeente"}},
		Choices: []BookChoice{{Name: "vragenlijst", Label: "Vragenlijst", Options: []Choice{{"swv", "swv", true}, {"gemeente", "gemeente", false}}}, {Name: "soort", Label: "Soort bestand", Options: []Choice{{"zip", "Alles voor onderzoek (zip)", true}, {"sav", "SPSS (sav)", false}}},
			{Name: "eenheid", Label: "Eenheden", Options: []Choice{{"", "Met een pseudoniem", false}, {"code", "Met hun code", true}}}}}
	data.SnapshotOf = BookChoice{Name: "opname_van", Label: "Vragenlijst", Options: []Choice{{"swv", "swv", true}, {"gemeente", "gemeente", false}}}
	wrong := data
	wrong.Problem = "Vul in waarom."
	kept := data
	kept.Snapshots = []DataSnapshot{
		{"Rapport oktober", "gemeente", "24-11-2026 14.02", 217, 200, strings.Repeat("3af0", 16), base.Base + BookPath + "/gemeente?momentopname=Rapport+oktober", ""},
		{"Tussenstand", "swv", "10-11-2026 09.15", 41, 41, strings.Repeat("b91c", 16), "", "bewaartermijn voorbij"}}
	kept.SnapshotName, kept.NameProblem = "rapport oktober", "Er is al een momentopname met de naam rapport oktober."
	return []Example{{"gegevens", "Gegevens als bestand", data.View()}, {"gegevens-fout", "Gegevens: een reden ontbreekt", wrong.View()}, {"gegevens-momentopnamen", "Gegevens: momentopnamen", kept.View()}, {"codeboek", "Codeboek", p.View()}, {"codeboek-papier", "Codeboek op papier", paper.View()}}
}
