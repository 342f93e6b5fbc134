package page

import "github.com/uitvraag/uitvraag/internal/report"

func analysisExamples() []Example {
	base := exampleStaff("analyse")
	base.Tables, base.Data = true, true
	at := func(path string) string { return base.Base + path }
	audience := AnalysisAudience{Name: "swv", Units: 108, Questionnaires: 108, Tables: at(BookPath + "/swv"), Scales: at(ScalesPath + "/swv"), Hypotheses: at(HypothesesPath + "/swv"), Cross: at(CrossPath + "/swv"), Changes: at(ChangesPath + "/swv"),
		ScaleLines: []AnalysisScale{{"Gedeelde visie", at(ScalesPath + "/swv#schaal-gedeelde_visie"), 104, "3,45", "0,85"}, {"Meerwaarde", at(ScalesPath + "/swv#schaal-meerwaarde"), 75, "3,12", "0,90"}}}
	overview := Analysis{Staff: base, Audiences: []AnalysisAudience{audience}, Doubts: []string{"swv, 2018: Het gemiddelde 3,3 van Meerwaarde past niet bij de tabellen: die geven 3,10. Het past wel als ‘nvt’ is meegeteld als het getal 8 (3,31)."},
		Verdicts: []VerdictCount{{"bevestigd", 1}, {"niet bevestigd", 1}},
		Expectations: []AnalysisExpectation{
			{"H3", "Samenwerkingsverbanden zijn meer tevreden over de aansluiting in de kerngemeenten dan in de overige gemeenten.", "", []AnalysisOutcome{{"swv", "niet bevestigd", "Niet bevestigd: de toets laat niet zien wat werd verwacht (p < 0,05). Een verschil of samenhang van betekenis is onwaarschijnlijk: de onzekerheid is daarvoor te klein.", at(HypothesesPath + "/swv#h3-swv")}}},
			{"V1", "Verbanden met veel gemeenten zijn minder tevreden.", "Achteraf toegevoegd, op woensdag 16 december 2026, na de sluiting: de antwoorden waren toen bekend. Lees de uitkomst als verkenning, niet als toets.", []AnalysisOutcome{{"swv", "bevestigd", "Bevestigd: de toets laat zien wat werd verwacht (p < 0,05).", at(HypothesesPath + "/swv#v1-swv")}}},
		}}
	cross := Book{Staff: base, Heading: "Kruistabel", Path: at(CrossPath + "/swv"), Audiences: []Tab{{Link{at(CrossPath + "/swv"), "swv"}, true}}, Figures: true, FigureName: "figuur", Cells: at(RowsPath + "/swv?rij=b5_2_kern&"), Back: &Link{at(HypothesesPath + "/swv#h3-swv"), "Terug naar de toetsen van H3"},
		Choices: []BookChoice{{Name: "rij", Label: "Tel of beschrijf", Groups: []ChoiceGroup{{"Schalen", []Choice{{"sch_meerwaarde", "sch_meerwaarde: Meerwaarde", false}}}, {"Antwoorden", []Choice{{"b5_2_kern", "b5_2_kern: Kerngemeente(n)", true}}}}}},
		Doc: &report.Document{Title: "Inventarisatie 2026", Subtitle: "Kruistabel swv", Blocks: []report.Block{
			report.Heading{Level: 2, ID: "b5_2_kern", Text: "Tabel b5_2_kern In welke fase verkeert de aansluiting? – Kerngemeente(n)"},
			&report.Grid{ID: "b5_2_kern", Title: "In welke fase", Heads: phaseHeads(), Lines: []report.Line{{ID: "noord", Label: "Noord (N=36)", Values: []report.Value{exampleShare("3%", 1), exampleShare("17%", 6), exampleShare("53%", 19), exampleShare("28%", 10), exampleShare("0%", 0)}}}, Notes: []string{"Chikwadraat (Pearson): p = 0,412, n = 108, Cramérs V = 0,12."}},
			&report.Working{ID: "b5_2_kern", Lines: []string{"Chikwadraat (Pearson): X² = Σ (O − E)² / E. Bron: Pearson (1900)."}, Code: "d <- lees(\"swv\")\ntable(d$regio, d$b5_2_kern)\n"}}}}
	rows := Rows{Staff: base, Audience: "swv", Table: Link{at(CrossPath + "/swv?rij=b5_2_kern"), "In welke fase verkeert de aansluiting?"}, Cell: "Noord, Opbouw", N: 2, Questionnaires: 1, Heads: []RowHead{{"b5_2_kern", "Kerngemeente(n)"}, {"regio", "Regio"}},
		Lines: []RowLine{{"7k2m9q", at(RowsPath + "/swv?wie=7k2m9q"), false, []string{"3 Opbouw", "1 Noord"}}, {"b81xz4", at(RowsPath + "/swv?wie=b81xz4"), true, []string{"3 Opbouw", "1 Noord"}}}}
	record := rows
	record.Who, record.Back, record.Record = "7k2m9q", at(RowsPath+"/swv?rij=b5_2_kern"), []RecordLine{{"regio", "Regio", "1 Noord"}, {"b5_2_kern", "Kerngemeente(n)", "3 Opbouw"}, {"b5_4", "Wat gaat goed?", "Elke maand overleg met de scholen."}}
	registers := Registers{Staff: base, MayEdit: true, Closes: "zaterdag 12 december 2026 om 00.00 uur", Now: "tijdens het veldwerk", Done: "vastgelegd",
		Product: &RegisterFile{Name: "inventarisatie", Title: "Verwachtingen van de landelijke inventarisatie", N: 15, Path: at(RegistersPath + "/inventarisatie.yaml")},
		Files: []RegisterFile{{ID: "1", Title: "Wat wij verwachten", SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", Path: at(RegistersPath + "/1.yaml"), N: 1, Expectations: []string{"V1 Grote gemeenten zijn meer tevreden."}, Added: "maandag 2 november 2026 om 10.14 uur", By: "Ans de Vries", Phase: "tijdens het veldwerk", Removable: true},
			{ID: "2", Title: "Nog een idee", SHA256: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", Path: at(RegistersPath + "/2.yaml"), N: 1, Expectations: []string{"V2 Kleine gemeenten missen vaker een team."}, Added: "woensdag 16 december 2026 om 9.00 uur", By: "Ans de Vries", Phase: "achteraf"}}}
	faulty := registers
	faulty.Done, faulty.Text = "", "uitvraag: 1\nregister: proef\n"
	faulty.Problems = []RegisterProblem{{1, 1, "Deze register heeft geen ‘title’.", "Voeg ‘title: …’ toe."}, {9, 9, "De vragenlijst ‘swv’ heeft geen variabele ‘b5_99’.", "Kijk in het codeboek hoe zij heet."}}
	faulty.RemoveID, faulty.RemoveProblem = "2", "Zeg waarom u dit intrekt. Het bestand blijft te zien, met de reden."
	changes := Changes{Staff: base, Audience: "swv", Audiences: []Tab{{Link{at(ChangesPath + "/swv"), "swv"}, true}}, Path: at(ChangesPath + "/swv"), Compared: true, Same: 61, From: BookChoice{Name: "momentopname", Label: "Vergelijk met momentopname", Options: []Choice{{"rapport oktober", "rapport oktober, 31-10-2026 12.00", true}}},
		Changes: []report.Change{{Table: "B.5.2", Before: "Iets minder dan de helft van de samenwerkingsverbanden (48%) kiest bij ‘Kerngemeente(n)’ voor ‘Opbouw’.", After: "Ruim de helft van de samenwerkingsverbanden (52%) kiest bij ‘Kerngemeente(n)’ voor ‘Opbouw’."}}}
	valid := ValidShare{Staff: base, Path: at(ScalesPath + "/instelling"), Percent: "nul", May: true, Problem: "Vul een getal in dat groter is dan 0 en ten hoogste 100."}
	return []Example{
		{"analyse", "Analyse: wat er is berekend", overview.View()},
		{"kruistabel", "Een kruistabel", cross.View()},
		{"rijen", "Wie er achter een getal zit", rows.View()},
		{"rij", "Alles van een eenheid, onder een pseudoniem", record.View()},
		{"verwachtingen-vastleggen", "Verwachtingen vastleggen", registers.View()},
		{"verwachtingen-vastleggen-fout", "Verwachtingen met fouten", faulty.View()},
		{"wijzigingen", "Wat veranderde in de tekst", changes.View()},
		{"schaalscore", "Een instelling die niet kan", valid.Page()},
	}
}
