package page

import (
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/form"
)

// questionExamples shows every layout, and what goes wrong in each.
func questionExamples() []Example {
	satisfied := exampleGrid("In hoeverre bent u tevreden over de aansluiting tussen onderwijs en jeugdhulp in uw regio?", "b5_11", exampleSatisfied, []string{"Geen zicht op", "Nvt"},
		[]int{0, 7}, "Kerngemeente(n)", "Overige gemeenten")
	satisfied.RowHeader, satisfied.Stem = "", ""
	yesno := exampleGrid("Zijn er vaste afspraken over de volgende onderwerpen?", "b5_20", []string{"Ja", "Nee"}, exampleNone[:1], []int{1, 0}, "Het delen van gegevens", "De inzet van jeugdhulp op school")
	yesno.RowHeader, yesno.Stem = "Onderwerp", ""
	seven := exampleGrid("Hoe vaak is er overleg?", "vaak", []string{"Nooit", "Elk jaar", "Elk half jaar", "Elk kwartaal", "Elke maand", "Elke week", "Elke dag"}, exampleNone[:1], []int{2}, "Met de gemeente")
	first := question(exampleSingle())
	first.First, first.Saved = true, time.Time{}
	closing := question(exampleOpen(exampleText))
	closing.Closing = true
	return append([]Example{
		{"vraag-keuze", "Eén antwoord, eerste vraag", first.View()},
		{"vraag-meer", "Meer antwoorden", question(exampleFunction("Kwartiermaker jeugd")).View()},
		{"vraag-paar", "Twee rijen naast elkaar", question(examplePair()).View()},
		{"vraag-stellingen", "Stellingen", question(exampleVision()).View()},
		{"vraag-partijen", "Rijen met een open rij, tweede deel", question(exampleParties()).View()},
		{"vraag-tevreden", "Vijf kolommen en twee apart", question(satisfied).View()},
		{"vraag-ja-nee", "Twee kolommen", question(yesno).View()},
		{"vraag-zeven", "Zeven kolommen: een lijst", question(seven).View()},
		{"vraag-arrangementen", "Meer antwoorden per rij", question(exampleArrangements()).View()},
		{"vraag-modellen", "Modellen", question(exampleModels()).View()},
		{"vraag-cijfers", "Rapportcijfers", question(exampleGrades()).View()},
		{"vraag-tekst", "Open vraag, bijna gesloten", closing.View()},
		{"vraag-tekst-leeg", "Open vraag, leeg", question(exampleOpen("")).View()},
		{"vraag-getal", "Getal", question(exampleNumber()).View()},
		{"vraag-voorbeelden", "Herhaalde groep", question(exampleRepeats(2)).View()},
		{"vraag-voorbeelden-1", "Herhaalde groep, de eerste", question(exampleRepeats(1)).View()},
	}, problemExamples()...)
}

func problemExamples() []Example {
	open := exampleVision()
	open.Prompts = []form.Problem{
		{Item: "visie_3", Field: "visie_3-1", Text: "Kies een antwoord bij ‘Onderwijs en jeugdhulp hebben dezelfde doelen voor leerlingen voor ogen’."},
		{Item: "visie_5", Field: "visie_5-1", Text: "Kies een antwoord bij ‘Onderwijs en jeugdhulp weten wat ze van elkaar kunnen verwachten’."},
	}
	one := exampleFunction("")
	one.Prompts = []form.Problem{{Item: "b5_1", Field: "b5_1_anders_txt", Text: "Vul in wat u bedoelt met ‘Anders’."}}
	long := strings.Repeat("Wij overleggen elke maand met de drie grootste gemeenten. ", 60)
	return []Example{
		{"vraag-open", "Stellingen, nog open", question(open).View()},
		{"vraag-open-anders", "Anders zonder tekst", question(one).View()},
		{"fout-rij", "Fout in een rij", question(wrong(exampleArrangements(), 0, form.Problem{Item: "oza_1", Field: "oza_1_1-1",
			Text: "Kies ‘Nee’ of kies waar het voorkomt bij ‘Kortdurende begeleiding of behandeling op school’, niet allebei."})).View()},
		{"fout-stelling", "Fout in een stelling", question(wrong(exampleVision(), 1, form.Problem{Item: "visie_2", Field: "visie_2-1", Text: "Kies bij ‘Onderwijs en jeugdhulp werken bewust samen’ één antwoord."})).View()},
		{"fout-keuze", "Fout in een keuze", question(wrong(exampleSingle(), 0, form.Problem{Item: "b5_23", Field: "b5_23-1", Text: "Kies een van de antwoorden die er staan."})).View()},
		{"fout-anders", "Fout in de tekst van anders", question(wrong(exampleFunction(long), 0, form.Problem{Item: "b5_1", Field: "b5_1_anders_txt",
			Text: "Maak uw tekst korter. Er passen 20.000 tekens in, u hebt er 20.512."})).View()},
		{"fout-tekst", "Fout in een open vraag", question(wrong(exampleOpen(long), 0, form.Problem{Item: "b5_12", Field: "b5_12", Text: "Maak uw tekst korter. Er passen 20.000 tekens in, u hebt er 20.512."})).View()},
		{"fout-getal", "Fout in een getal", question(wrong(exampleNumber(), 0, form.Problem{Item: "b6_4", Field: "b6_4", Text: "Vul een heel getal in van 0 tot en met 500."})).View()},
		{"fout-paar", "Fout in een paar", question(wrong(examplePair(), 0, form.Problem{Item: "b5_2_1", Field: "b5_2_1-1", Text: "Kies bij ‘Kerngemeente(n)’ één antwoord."})).View()},
		{"fout-model", "Fout bij de modellen", question(wrong(exampleModels(), 1, form.Problem{Item: "b5_10_2", Field: "b5_10_2-1", Text: "Kies bij ‘Overige gemeenten’ één antwoord."})).View()},
		{"fout-cijfer", "Fout in een cijfer", question(wrong(exampleGrades(), 0, form.Problem{Item: "cijfer_1_1", Field: "cijfer_1_1-1", Text: "Kies bij ‘Regulier onderwijs’ één antwoord."})).View()},
		{"fout-voorbeeld", "Fout in een herhaalde groep", question(wrong(exampleRepeats(2), 0, form.Problem{Item: "b5_28", Field: "b5_28_1_0", Text: "Haal de vreemde tekens uit uw tekst. Wij kunnen ze niet bewaren."})).View()},
	}
}

// wrong adds a problem to the first field of a group.
func wrong(v form.View, group int, p form.Problem) form.View {
	v.Problems = append(v.Problems, p)
	f := &v.Groups[group].Fields[0]
	f.Error = p.Text
	if f.Text != nil && f.Text.Name == p.Field {
		f.Text.Error = p.Text
	}
	return v
}
