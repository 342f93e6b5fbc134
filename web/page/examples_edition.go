package page

import (
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/mirror"
	"github.com/uitvraag/uitvraag/internal/publication"
	"github.com/uitvraag/uitvraag/web/ui"
)

func examplePublic(current string) Public {
	f := exampleFrame()
	f.Unit = ""
	return Public{Frame: f, Current: current, There: []string{FactsheetPath, ModelsPath, ResponsePath, MethodPath, ReportPath, ExamplesPath}}
}

func examplePart(text, column string) publication.Part {
	return publication.Part{Text: text, Ref: &publication.Ref{Audience: "swv", Table: "B.5.2", Line: "kern", Column: column}}
}

func exampleEdition() *publication.Edition {
	key := func(label string, tone chart.Tone) chart.Key { return chart.Key{Label: label, Tone: tone} }
	stack := func(label string, a, b float64) chart.Row {
		return chart.Row{Group: "Samenwerkingsverbanden", Label: label, N: "105", Cells: []chart.Figure{chart.Stack(label, []chart.Part{{Label: "Start", Tone: "f2", Percent: a}, {Label: "Opbouw", Tone: "f4", Percent: b}})}}
	}
	sheet := chart.Sheet{Title: "In welke fase is de aansluiting?", Note: "In procenten van de N van de rij.", Keys: []chart.Key{key("Start", "f2"), key("Opbouw", "f4")}, Rows: []chart.Row{stack("Kerngemeente(n)", 35, 65), stack("Overige gemeenten", 45, 55)}}
	behind := []publication.Behind{{Audience: "swv", Table: "B.5.2"}}
	grid := publication.Grid{ID: "B.5.2", Title: "In welke fase is de aansluiting?", Heads: [][2]string{{"start", "Start"}, {"opbouw", "Opbouw"}},
		Rows: []publication.GridRow{{ID: "kern", Label: "Kerngemeente(n) (N=105)", Values: []string{"35%", "65%"}}, {ID: "overig", Label: "Overige gemeenten (N=9)", Values: []string{"·", "5"}}}, Notes: []string{"Bij minder dan 10 antwoorden staan er aantallen en geen percentages."}}
	text := []publication.Part{{Text: "Iets minder dan twee derde van de samenwerkingsverbanden ("}, examplePart("65%", "opbouw"), {Text: ") kiest bij ‘Kerngemeente(n)’ voor ‘Opbouw’."}}
	models := []publication.Model{
		{Name: "Het Schottenmodel", Text: "Onderwijs en jeugdhulp werken los van elkaar.", Drawing: "schotten", Shares: []publication.Share{{Of: "Samenwerkingsverbanden: kerngemeente(n)", N: 105, Number: examplePart("35%", "start")}}},
		{Name: "Het Ketenmodel", Text: "Elke schakel volgt op de vorige.", Drawing: "ketens", Shares: []publication.Share{{Of: "Samenwerkingsverbanden: kerngemeente(n)", N: 105, Number: examplePart("65%", "opbouw")}}}}
	return &publication.Edition{Heading: "De aansluiting is in opbouw. Bijna iedereen ervaart nog knelpunten.", Lede: "Hoe samenwerkingsverbanden en gemeenten samenwerken, en wat er nog beter kan.",
		Sources: []publication.Source{{Audience: "swv", Many: "samenwerkingsverbanden", Snapshot: "eindstand", Made: exampleSent, Hash: "5f2b7c0e9d3a41c8b6e27f1054a9d8c3e0b1f6a7728394d5c6b7a8091f2e3d4c", Units: 105, Questionnaires: 105, Population: 151}},
		Sections: []publication.Section{{ID: "fase", Title: "In de meeste regio's loopt de aansluiting", Text: text, Blocks: []publication.Block{{Figure: &sheet, Behind: behind}}},
			{ID: "modellen", Title: "Keten en netwerk komen het meest voor", Blocks: []publication.Block{{}}},
			{ID: "knelpunten", Title: "Ruim negen op de tien ervaren knelpunten", Blocks: []publication.Block{{Big: []publication.Big{{Number: examplePart("95%", "opbouw"), Of: "van de samenwerkingsverbanden (N = 105)", Bar: chart.Portion("Samenwerkingsverbanden", 95)}}}}}},
		Models: &publication.Models{Title: "Welk model past bij uw regio?", Models: models, Sections: []publication.Section{{ID: "swv", Title: "Samenwerkingsverbanden", Text: text, Blocks: []publication.Block{{Figure: &sheet, Behind: behind}}}}},
		Response: []publication.Response{{Audience: "swv", Many: "samenwerkingsverbanden", N: 151, Lines: []publication.Line{{Label: "Volledig ingevuld", N: 105}, {Label: "Weigert", N: 46}}, Rates: []publication.Rate{{Label: "RR2", Value: "69,5%", Note: "(I + P) / alle = 105 / 151"}},
			Readings: []publication.Rate{{Label: "Als weigering", Value: "69,5%", Note: "105 volledig"}}, Choices: []string{"Geteld zijn eenheden."}, Warnings: []string{"Eén eenheid is met de hand bepaald."}}},
		Chapters: []publication.Section{{ID: "hoofdstuk-1", Title: "Hoe ver is de aansluiting?", Blocks: []publication.Block{{Text: text}, {Figure: &sheet, Behind: behind}, {Grid: &grid, Behind: behind}}}},
		Shelves:  []publication.Shelf{{Audience: "swv", Notes: []string{"Percentages zijn afgerond op hele procenten."}, Grids: []publication.Grid{grid}}}}
}

// editionExamples are what a study published, and how it is published.
func editionExamples() []Example {
	of := func(path string) *Edition {
		return &Edition{Public: examplePublic(path), E: exampleEdition(), From: exampleSent, Files: []Link{{"/onderzoek/inventarisatie-2026/factsheet.pdf", "Download als PDF"}}}
	}
	corrected := of(FactsheetPath)
	corrected.Errata = []Erratum{{When: exampleSent, Reason: "Eén vragenlijst was twee keer ingelezen.", Changes: []publication.Change{
		{Ref: *examplePart("", "opbouw").Ref, Title: "In welke fase is de aansluiting?", Label: "Kerngemeente(n) (N=105)", Head: "Opbouw", Before: "66%", After: "65%"}, {Ref: *examplePart("", "start").Ref, Label: "Kerngemeente(n) (N=105)", Head: "Start", Before: "34%"}}}}
	preview := of(ModelsPath)
	preview.Preview = "Alleen het team ziet deze pagina. Zij is nog niet gepubliceerd."
	numbers := of(NumbersPath)
	numbers.Shelf = &numbers.E.Shelves[0]
	line := PublishingLine{Path: "/beheer/inventarisatie-2026/publicatie/3", Heading: "De aansluiting is in opbouw", State: "Concept", Snapshots: "swv: eindstand", Made: exampleSent}
	sources := []BookChoice{{Name: "bron_swv", Label: "Samenwerkingsverbanden", Options: []Choice{{Value: "eindstand", Label: "eindstand (24 november 14.09 uur)", Selected: true}, {Label: "Niet publiceren"}}}}
	report := exampleFrame()
	question := mirror.Question{ID: "B.5.2", Title: "In welke fase is de aansluiting?", Keys: []chart.Key{{Label: "Start", Tone: "f2"}, {Label: "Opbouw", Tone: "f4"}}, Lines: []mirror.Line{
		{Label: "Kerngemeente(n)", Own: "Opbouw", Same: "65%", All: mirror.Bar{N: 105, Figure: chart.Stack("alle antwoorden", []chart.Part{{Label: "Start", Tone: "f2", Percent: 35}, {Label: "Opbouw", Tone: "f4", Percent: 65}})}, Group: mirror.Bar{Why: "Minder dan 10 anderen: dat tonen wij niet."}},
		{Label: "Overige gemeenten", All: mirror.Bar{Why: "Minder dan 10 anderen: dat tonen wij niet."}, Group: mirror.Bar{Why: "Minder dan 10 anderen: dat tonen wij niet."}}}}
	return []Example{
		{"spiegelrapport", "Spiegelrapport", MirrorReport{Frame: report, Many: "samenwerkingsverbanden", PDF: "/spiegel/a/rapport.pdf", R: mirror.Report{Units: 105, GroupLabel: "Regio", Group: "Noord", Sections: []mirror.Section{{Title: "Fase", Questions: []mirror.Question{question}}}}}.View()},
		{"spiegelrapporten", "Spiegelrapporten aankondigen", MirrorOffice{Staff: exampleStaff("publicatie"), MaySend: true, DataPath: "/beheer/inventarisatie-2026/gegevens", Lines: []MirrorLine{
			{Audience: "swv", Title: "Samenwerkingsverbanden", Announced: "24 november 2026", Snapshot: "eindstand", Sent: 101}, {Audience: "gemeente", Title: "Gemeenten", Snapshots: []Choice{{Value: "eindstand", Label: "eindstand (24 november 14.09 uur)"}}}, {Audience: "ketenpartner", Title: "Ketenpartners"}}}.View()},
		{"factsheet", "Factsheet, na een correctie", corrected.Factsheet()},
		{"modellen", "Modellen, voorvertoning", preview.ModelsView()},
		{"openbare-respons", "Respons voor iedereen", of(ResponsePath).ResponseView()},
		{"methode", "Methode", of(MethodPath).MethodView()},
		{"cijfers", "Openbare tabellen", numbers.NumbersView()},
		{"correcties", "Correcties", corrected.ErrataView()},
		{"rapport", "Rapport", of(ReportPath).ReportView()},
		{"publicatie", "Wat er is gepubliceerd", Publishing{Staff: exampleStaff("publicatie"), Lines: []PublishingLine{line, {Path: "/beheer/inventarisatie-2026/publicatie/2", Heading: "De aansluiting is in opbouw", State: "Openbaar sinds 24 november 14.09 uur", Shape: "done", Snapshots: "swv: eindstand", Made: exampleSent}}, MayEdit: true, Sources: sources, DataPath: "/beheer/inventarisatie-2026/gegevens"}.View()},
		{"publicatie-concept", "Concept van een publicatie", PublishingDraft{Staff: exampleStaff("publicatie"), Path: line.Path, Line: line, MayEdit: true, MayPublic: true, Replaces: true, Sources: sources,
			Heading: ui.Box{Name: "kop", Label: "Kop van de factsheet", Hint: "De conclusie, in één zin.", Value: "De aansluiting is in opbouw", Lines: 2}, Lede: ui.Box{Name: "inleiding", Label: "Inleiding", Lines: 3}, Titles: []ui.Box{{Name: "kop_fase", Label: "Kop bij ‘Hoe ver is de aansluiting?’", Lines: 1}},
			Report: ui.Box{Name: "rapport", Label: "Inhoud van het rapport", Value: "# Fase\n[tabel swv B.5.9]", Lines: 14, Error: "Regel 2: tabel B.5.9 van swv is er niet."}, From: ui.Box{Name: "vanaf", Label: "Openbaar vanaf", Lines: 1}, Reason: ui.Box{Name: "reden", Label: "Waarom komt er een nieuwe versie?", Lines: 2},
			Problems: []ui.Message{{Field: "rapport", Text: "Regel 2: tabel B.5.9 van swv is er niet."}}, Previews: []Link{{line.Path + "/voorbeeld/factsheet", "factsheet"}},
			Picks: []publication.Pick{{Audience: "swv", Table: "B.5.2", Title: "In welke fase is de aansluiting?", Figure: "[figuur swv B.5.2]", Finding: "[bevinding swv B.5.2]", Number: "{swv B.5.2 kern opbouw}"}}}.View()},
	}
}
