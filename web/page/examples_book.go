package page

import (
	"math"
	"slices"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/report"
)

func bookExamples() []Example {
	base := exampleStaff("tabellen")
	base.Tables = true
	p := Book{Staff: base, Figures: true, PNG: true, Single: true, Doc: bookDocument(), Path: base.Base + BookPath + "/swv",
		Audiences: []Tab{{Link{base.Base + BookPath + "/swv", "swv"}, true}, {Link{base.Base + BookPath + "/gemeente", "gemeente"}, false}},
		Choices: []BookChoice{{Name: "splits", Label: "Splits uit naar", Options: []Choice{{"", "Niet", true}, {"regio", "Regio", false}}}, {Name: "alleen", Label: "Alleen", Options: []Choice{{"", "Alle eenheden", true}, {"regio=noord", "Regio: Noord", false}}},
			{Name: "basis", Label: "Basis", Options: []Choice{{"", "Met geen zicht op en n.v.t.", true}, {"zonder", "Zonder geen zicht op en n.v.t.", false}}}},
		Downloads: []Link{{base.Base + BookPath + "/swv.xlsx", "Excel"}, {base.Base + BookPath + "/swv.docx", "Word"}, {base.Base + BookPath + "/swv.pdf", "PDF"}}}
	wrong, paper, beside := p, p, p
	wrong.Problem = "De kolom ‘provincie’ is er niet."
	paper.Print = true
	beside.Single, beside.Doc = false, besideDocument()
	beside.Choices = append(slices.Clone(p.Choices), BookChoice{Name: "naast", Label: "Zet ernaast", Options: []Choice{{"", "Niets", false}, {"2018", "Zoals gepubliceerd in 2018", true}, {"gemeente", "De vragenlijst gemeente", false}}})
	scales := Book{Staff: base, Heading: "Schalen", Path: base.Base + ScalesPath + "/swv", Audiences: p.Audiences, Downloads: p.Downloads, Doc: scalesDocument()}
	expectations := Book{Staff: base, Heading: "Verwachtingen", Path: base.Base + HypothesesPath + "/swv", Audiences: p.Audiences, Downloads: p.Downloads, Doc: expectationsDocument()}
	return []Example{
		{"verwachtingen", "Verwachtingen en wat ervan kwam", expectations.View()},
		{"schalen", "Schalen", scales.View()},
		{"tabellen", "Tabellenboek", p.View()},
		{"tabellen-fout", "Tabellenboek: een keuze die niet kan", wrong.View()},
		{"tabellen-naast", "Tabellen naast die van 2018", beside.View()},
		{"tabellen-papier", "Tabellenboek op papier", paper.View()},
	}
}

func exampleShare(text string, n int) report.Value {
	return report.Value{Text: text, Number: float64(n), Format: report.Percent, Count: n}
}

func exampleMean(label string, value, lo, hi, most float64) chart.Figure {
	return chart.Mean{Title: label, Value: value, Lo: lo, Hi: hi, Min: 1, Max: most, Decimals: 1}.Figure()
}

// phaseHeads are the answers to B.5.2.
func phaseHeads() []report.Head {
	return []report.Head{{ID: "orientatie", Text: "Oriëntatie"}, {ID: "start", Text: "Start"}, {ID: "opbouw", Text: "Opbouw"}, {ID: "consolidatie", Text: "Consolidatie"}, {ID: "geen_zicht", Text: "Geen zicht op"}}
}

func bookDocument() *report.Document {
	return &report.Document{Title: "Inventarisatie 2026", Subtitle: "Tabellenboek swv 2026", Facts: [][2]string{{"Eenheden", "108"}, {"Vragenlijsten", "108"}, {"Eenheden in de populatie", "151"}}, Blocks: []report.Block{
		report.Paragraph{Text: "Percentages zijn afgerond op hele procenten; daardoor tellen zij niet altijd op tot 100."},
		report.Contents{},
		report.Heading{Level: 1, ID: "deel-1", Text: "De aansluiting in de praktijk"},
		report.Heading{Level: 2, ID: "B.5.2", Text: "Tabel B.5.2 In welke fase verkeert de aansluiting tussen onderwijs en jeugdhulp?"},
		&report.Grid{ID: "B.5.2", Title: "In welke fase verkeert de aansluiting?", Heads: phaseHeads(), Lines: []report.Line{
			{ID: "kern", Label: "Kerngemeente(n) (N=108)", Values: []report.Value{exampleShare("4%", 4), exampleShare("17%", 18), exampleShare("52%", 56), exampleShare("27%", 29), exampleShare("1%", 1)}},
			{ID: "overige", Label: "Overige gemeenten (N=108)", Values: []report.Value{exampleShare("6%", 6), exampleShare("19%", 21), exampleShare("54%", 58), exampleShare("15%", 16), exampleShare("6%", 7)}},
		}, Notes: []string{"Inclusief 3 samenwerkingsverbanden die telefonisch enkele kernvragen hebben beantwoord.", "Kerngemeente: de gemeente waarmee het samenwerkingsverband het meest samenwerkt."}},
		phaseFigure(),
		&report.Prose{ID: "B.5.2", Parts: []report.Part{{Text: "Ruim de helft van de samenwerkingsverbanden ("}, {Text: "52%", Cell: &report.CellRef{Table: "B.5.2", Row: "kern", Column: "opbouw", Line: report.Line{ID: "kern"}}}, {Text: ") kiest bij ‘Kerngemeente(n)’ voor ‘Opbouw’."}}},
		&report.Quotes{ID: "B.5.2", Title: "Anders, namelijk", Texts: []report.Quote{{Text: "de wijk", N: 2}, {Text: "het samenwerkingsverband zelf", N: 1}}},
		report.Heading{Level: 2, ID: "B.5.17", Text: "Tabel B.5.17 Welk rapportcijfer geeft u?"},
		&report.Grid{ID: "B.5.17", Title: "Welk rapportcijfer geeft u?", Heads: []report.Head{{ID: "m", Text: "M"}, {ID: "sd", Text: "SD"}, {ID: "n", Text: "N"}}, Lines: []report.Line{
			{ID: "visie_kern", Group: "Een gezamenlijke visie", Label: "Kerngemeente(n)", Values: []report.Value{{Text: "6,71", Number: 6.71, Format: report.Decimal2}, {Text: "1,21", Number: 1.21, Format: report.Decimal2}, {Text: "96", Number: 96, Format: report.Count}}},
			{ID: "visie_overige", Group: "Een gezamenlijke visie", Label: "Overige gemeenten", Values: []report.Value{{Text: "·", Number: math.NaN(), Faint: true}, {Text: "·", Number: math.NaN(), Faint: true}, {Text: "0", Format: report.Count}}},
		}, Caution: []string{"Van de 108 samenwerkingsverbanden antwoordden er 96; 12 lieten de vraag open."}},
		&report.Figure{ID: "B.5.17", Sheet: chart.Sheet{Title: "Welk rapportcijfer geeft u?", Note: "Gemiddelde met 95%-interval, op een schaal van 1 tot 10.", Finding: "Het hoogst: vertrouwen, regulier (7,1); het laagst: visie, speciaal (6,2).", Heads: []string{"Regulier", "Speciaal"},
			Rows: []chart.Row{{Label: "Een gezamenlijke visie", Cells: []chart.Figure{exampleMean("visie, regulier", 6.7, 6.4, 7, 10), exampleMean("visie, speciaal", 6.2, 5.9, 6.5, 10)}},
				{Label: "Onderling vertrouwen", Cells: []chart.Figure{exampleMean("vertrouwen, regulier", 7.1, 6.9, 7.3, 10), exampleMean("vertrouwen, speciaal", 6.8, 6.5, 7.1, 10)}}}}},
	}}
}

// phaseFigure draws B.5.2.
func phaseFigure() *report.Figure {
	f := &report.Figure{ID: "B.5.2", Sheet: chart.Sheet{Title: "In welke fase verkeert de aansluiting?", Note: "In procenten van de N van de rij.", Finding: "Het vaakst gekozen: bij Kerngemeente(n) ‘Opbouw’ (52% van 108)."}}
	tones := append(chart.Scale(4), chart.NoView)
	for i, h := range phaseHeads() {
		f.Keys = append(f.Keys, chart.Key{Label: h.Text, Tone: tones[i]})
	}
	draw := func(label string, percents ...float64) {
		var parts []chart.Part
		for i, x := range percents {
			parts = append(parts, chart.Part{Label: f.Keys[i].Label, Tone: f.Keys[i].Tone, Percent: x})
		}
		f.Rows = append(f.Rows, chart.Row{Label: label, N: "108", Cells: []chart.Figure{chart.Stack(label, parts)}})
	}
	draw("Kerngemeente(n)", 4, 17, 52, 27, 1)
	draw("Overige gemeenten", 6, 19, 54, 15, 6)
	return f
}

func besideDocument() *report.Document {
	text := func(s string) report.Value { return report.Value{Text: s, Number: math.NaN(), Count: -1} }
	return &report.Document{Title: "Inventarisatie 2026", Subtitle: "Tabellen: nu naast 2018", Facts: [][2]string{{"Eenheden nu", "108 van 151"}, {"Eenheden 2018", "105 van 151"}}, Blocks: []report.Block{
		report.Paragraph{Text: "Een verschil met * is groter dan bij toeval past: 0 ligt buiten zijn 95%-interval."},
		report.Heading{Level: 1, ID: "deel-1", Text: "De aansluiting in de praktijk"},
		report.Heading{Level: 2, ID: "B.5.2", Text: "Tabel B.5.2 In welke fase verkeert de aansluiting tussen onderwijs en jeugdhulp?"},
		&report.Grid{ID: "B.5.2", Title: "In welke fase verkeert de aansluiting?", Heads: phaseHeads(), Lines: []report.Line{
			{ID: "kern-a", Group: "Kerngemeente(n)", Label: "Nu (N=108)", Values: []report.Value{exampleShare("4%", 4), exampleShare("17%", 18), exampleShare("52%", 56), exampleShare("27%", 29), exampleShare("1%", 1)}},
			{ID: "kern-b", Group: "Kerngemeente(n)", Label: "2018 (N=105)", Values: []report.Value{exampleShare("3%", 3), exampleShare("30%", 31), exampleShare("50%", 53), exampleShare("14%", 15), exampleShare("3%", 3)}},
			{ID: "kern-verschil", Group: "Kerngemeente(n)", Label: "Verschil [95%-interval]", Values: []report.Value{text("+1 [−3;\u00a0+5]"), text("−13* [−21;\u00a0−5]"), text("+2 [−7;\u00a0+11]"), text("+13* [+5;\u00a0+21]"), text("−2 [−6;\u00a0+1]")}},
		}, Caution: []string{"2018: de percentages van deze rij tellen op tot 102."}},
		&report.Figure{ID: "B.5.2", Sheet: chart.Sheet{Title: "In welke fase verkeert de aansluiting?", Note: "Aandeel ‘Opbouw’ of ‘Consolidatie’, in procenten.", Finding: "Kerngemeente(n): nu 79%, 2018 64%", Keys: []chart.Key{{Label: "Nu", Tone: "a"}, {Label: "2018", Tone: "b"}},
			Rows: []chart.Row{{Label: "Kerngemeente(n)", Cells: []chart.Figure{chart.Dumbbell("Kerngemeente(n)", "nu", "2018", 79, 64, 0, 100, 0, "%")}}}}},
	}}
}

func scalesDocument() *report.Document {
	return &report.Document{Title: "Inventarisatie 2026", Subtitle: "Schalen swv", Blocks: []report.Block{
		report.Paragraph{Text: "Een schaalscore is het gemiddelde van de stellingen die iemand beantwoordde."},
		report.Heading{Level: 1, ID: "overzicht", Text: "Overzicht"}, report.Heading{Level: 2, ID: "schalen", Text: "Alle schalen"},
		&report.Grid{ID: "schalen", Title: "Alle schalen", Heads: []report.Head{{ID: "n", Text: "N"}, {ID: "m", Text: "M"}, {ID: "alfa", Text: "Alfa"}},
			Lines:   []report.Line{{ID: "gedeelde_visie", Label: "Gedeelde visie", Values: []report.Value{{Text: "104", Number: 104, Format: report.Count}, {Text: "3,45", Number: 3.45, Format: report.Decimal2}, {Text: "0,85", Number: .85, Format: report.Decimal2}}}},
			Caution: []string{"2018: De standaarddeviatie 0,38 past niet bij alfa 0,843."}},
		&report.Figure{ID: "schalen", Sheet: chart.Sheet{Title: "Schaalscores", Note: "Gemiddelde met 95%-interval, op een schaal van 1 tot 5.", Finding: "Het hoogst: Onderling vertrouwen (3,46).",
			Rows: []chart.Row{{Label: "Gedeelde visie", N: "104", Cells: []chart.Figure{exampleMean("Gedeelde visie", 3.4, 3.3, 3.6, 5)}}}}},
	}}
}

func expectationsDocument() *report.Document {
	return &report.Document{Title: "Inventarisatie 2026", Subtitle: "Verwachtingen", Blocks: []report.Block{
		report.Heading{Level: 1, ID: "h10-swv", Text: "H10 (swv): bevestigd"}, report.Paragraph{Text: "Bevestigd: de toets laat zien wat werd verwacht (p < 0,05)."},
		&report.Grid{ID: "H10-swv", Title: "Toetsen van H10", First: "Toets", Heads: []report.Head{{ID: "n", Text: "N"}, {ID: "toets", Text: "Methode"}, {ID: "p", Text: "p"}},
			Lines: []report.Line{{ID: "H10-1", Label: "Borging naar Meerwaarde", Values: []report.Value{{Text: "98", Number: 98, Format: report.Count}, {Text: "rangcorrelatie van Spearman", Number: math.NaN()}, {Text: "< 0,001**", Number: math.NaN()}}}},
			Notes: []string{"* p < 0,05; ** p < 0,01"}}}}
}
