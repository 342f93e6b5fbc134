package page

import (
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

var (
	exampleStatement = []string{"Helemaal niet zo", "Overwegend niet zo", "Deels niet, deels wel zo", "Overwegend wel zo", "Helemaal zo"}
	exampleSatisfied = []string{"Zeer ontevreden", "Ontevreden", "Niet tevreden, niet ontevreden", "Tevreden", "Zeer tevreden"}
	exampleExtent    = []string{"(Bijna) geen school", "Enkele scholen", "Meerderheid van de scholen", "(Bijna) alle scholen"}
	exampleWhere     = []string{"Nee", "In het regulier onderwijs", "In het speciaal onderwijs"}
	exampleNone      = []string{"Geen zicht op", "Niet van toepassing"}
)

func question(v form.View) Question {
	if v.Section == "" {
		v.Section, v.Step, v.Number, v.Numbers = "Werkzame factoren", 3, 1, 5
	}
	v.Steps = 10
	if len(v.Text) == 0 {
		v.Text = []form.Span{{Text: v.Title}}
	}
	return Question{Frame: exampleFrame(), Base: exampleBase, Form: v, Version: 12, Request: "9c02", Saved: exampleSent}
}

// exampleField is one fieldset; chosen counts from 1, 0 is nothing. The codes of
// the options apart follow those of the scale.
func exampleField(id string, chosen int, scale, none []string) form.Field {
	f := form.Field{ID: id, Chosen: chosen > 0}
	for i, label := range append(append([]string{}, scale...), none...) {
		code := strconv.Itoa(i + 1)
		if i >= len(scale) {
			code = strconv.Itoa(8 + i - len(scale))
		}
		f.Options = append(f.Options, form.Option{ID: form.FieldID(id, code), Name: id, Value: code, Label: label, Apart: i >= len(scale), Checked: i+1 == chosen})
	}
	return f
}

// exampleFlags is one fieldset of boxes with the chosen ones.
func exampleFlags(id string, scale, none []string, chosen ...int) form.Field {
	f := exampleField(id, 0, scale, none)
	for i := range f.Options {
		o := &f.Options[i]
		o.Name, o.Value = id+"_"+strconv.Itoa(i+1), "1"
		o.ID = form.FieldID(o.Name, "1")
		for _, c := range chosen {
			o.Checked = o.Checked || c == i+1
			f.Chosen = true
		}
	}
	return f
}

func exampleHeads(scale, none []string) []form.Head {
	var heads []form.Head
	for _, l := range scale {
		heads = append(heads, form.Head{Label: l})
	}
	for _, l := range none {
		heads = append(heads, form.Head{Label: l, Apart: true})
	}
	return heads
}

// exampleGrid is a matrix with one group per row; chosen as in exampleField.
func exampleGrid(title, id string, scale, none []string, chosen []int, rows ...string) form.View {
	v := form.View{ID: id, Title: title, Layout: form.Grid, Kind: instrument.MatrixSingle, RowHeader: "Stelling", Stem: "In hoeverre geldt in uw regio:",
		Heads: exampleHeads(scale, none), Columns: len(scale), Apart: len(none)}
	for i, label := range rows {
		item := id + "_" + strconv.Itoa(i+1)
		v.Groups = append(v.Groups, form.Group{ID: item, Legend: label, Fields: []form.Field{exampleField(item, chosen[i], scale, none)}})
	}
	return v
}

func exampleVision() form.View {
	v := exampleGrid("In hoeverre gelden de volgende stellingen over een gedeelde visie in uw regio?", "visie", exampleStatement, exampleNone[:1], []int{4, 3, 0, 6, 0, 0},
		"Onderwijs en jeugdhulp hebben een gedeeld gevoel van urgentie van samenwerking",
		"Onderwijs en jeugdhulp werken bewust samen aan een gezamenlijke visie",
		"Onderwijs en jeugdhulp hebben dezelfde doelen voor leerlingen voor ogen",
		"Onderwijs en jeugdhulp zijn het met elkaar eens over de aanpak van problematiek bij leerlingen",
		"Onderwijs en jeugdhulp weten wat ze van elkaar kunnen verwachten",
		"Belangen van kinderen en ouders gaan boven organisatiebelangen")
	v.Text = []form.Span{{Text: "In hoeverre gelden de volgende stellingen over een "}, {Text: "gedeelde visie", Bold: true}, {Text: " in uw regio?"}}
	v.Intro = "De volgende vragen gaan over factoren die kunnen bijdragen aan versterking van de samenwerking tussen onderwijs en jeugdhulp in uw regio. Het gaat om uw algemene indruk."
	v.Hint = "Kies per stelling één antwoord. Weet u het niet? Kies dan ‘Geen zicht op’."
	return v
}

func exampleParties() form.View {
	v := exampleGrid("In hoeverre werken de reguliere scholen in uw regio samen met de volgende partijen?", "partij", exampleExtent, exampleNone, []int{4, 5, 0, 0},
		"Lokale teams", "Schoolmaatschappelijk werk", "Gespecialiseerde zorgaanbieders", "Anders")
	v.Text = []form.Span{{Text: "In hoeverre werken de "}, {Text: "reguliere scholen", Bold: true}, {Text: " in uw regio samen met de volgende partijen?"}}
	v.RowHeader, v.Continued, v.Stem = "", "Deel 2 van 2", ""
	v.Groups[0].Defs = []instrument.Definition{{ID: "teams", Term: "lokale teams", Text: "wijkteams, jeugdteams en buurtteams samen."}}
	v.Groups[3].Fields[0].Text = &form.Text{Name: "partij_4_txt", Label: "Namelijk", Value: "Vrijwilligers uit de wijk", Lines: 1}
	return v
}

func exampleArrangements() form.View {
	v := exampleGrid("Komen de volgende typen onderwijszorgarrangementen in uw regio voor in het regulier en/of speciaal onderwijs?", "oza", exampleWhere, exampleNone, []int{0, 0, 0},
		"Kortdurende begeleiding of behandeling op school", "Ondersteuning bij het terugleiden van leerlingen uit residentiële setting naar onderwijs", "Anders")
	v.Multiple, v.Kind, v.RowHeader, v.Stem = true, instrument.MatrixMulti, "Type arrangement", "Komt dit voor in uw regio:"
	v.Defs = []instrument.Definition{{ID: "oza", Term: "onderwijszorgarrangementen", Text: "integrale samenwerking tussen onderwijs en jeugdhulp."}}
	v.Hint = "Meerdere antwoorden mogelijk"
	for i, chosen := range [][]int{{1, 2}, {3}, nil} {
		v.Groups[i].Fields = []form.Field{exampleFlags(v.Groups[i].ID, exampleWhere, exampleNone, chosen...)}
	}
	v.Groups[2].Fields[0].Text = &form.Text{Name: "oza_3_txt", Label: "Namelijk", Lines: 1}
	return v
}

func exampleFunction(typed string) form.View {
	f := exampleFlags("b5_1", []string{"Directeur", "Bestuurder", "Directeur/bestuurder", "Coördinator", "Manager", "Anders"}, nil, 1, 6)
	f.Options[5].Text = &form.Text{Name: "b5_1_anders_txt", Label: "Anders, namelijk", Value: typed, Lines: 1}
	return form.View{ID: "b5_1", Title: "Wat is uw functie?", Hint: "Meerdere antwoorden mogelijk", Layout: form.Choices, Kind: instrument.Multi, Multiple: true,
		Groups: []form.Group{{ID: "b5_1", Fields: []form.Field{f}}}}
}

func exampleSingle() form.View {
	f := exampleField("b5_23", 0, []string{"Ja", "Nee"}, exampleNone[:1])
	f.Options[0].Text = &form.Text{Name: "b5_23_ja_txt", Label: "Ja, namelijk", Lines: 1}
	return form.View{ID: "b5_23", Title: "Ervaart u knelpunten in de aansluiting tussen onderwijs en jeugdhulp?", Layout: form.Choices, Kind: instrument.Single,
		Groups: []form.Group{{ID: "b5_23", Fields: []form.Field{f}}}}
}

func examplePair() form.View {
	hints := []string{"Nog geen aansluiting, oriëntatie op mogelijkheden", "Initiatiefnemers zetten de eerste stappen", "Aansluiting loopt", "Aansluiting wordt verankerd"}
	v := form.View{ID: "b5_2", Title: "In welke fase verkeert de aansluiting tussen onderwijs en jeugdhulp in de kerngemeente(n) en de overige gemeenten in uw regio?",
		Layout: form.Pair, Kind: instrument.MatrixSingle}
	for i, label := range []string{"Kerngemeente(n)", "Overige gemeenten"} {
		id := "b5_2_" + strconv.Itoa(i+1)
		f := exampleField(id, 3*(1-i), []string{"Oriëntatie", "Start", "Opbouw", "Consolidatie"}, exampleNone)
		for n, h := range hints {
			f.Options[n].Hint = h
		}
		v.Groups = append(v.Groups, form.Group{ID: id, Legend: label, Fields: []form.Field{f}})
	}
	v.Groups[0].Defs = []instrument.Definition{{ID: "kern", Term: "kerngemeente", Text: "grootste gemeente(n) in de regio."}}
	return v
}

func exampleModels() form.View {
	v := form.View{ID: "b5_10", Title: "Hoe zou u de aansluiting tussen onderwijs en jeugdhulp in uw regio typeren kijkend naar kerngemeente(n) en overige gemeenten?",
		Layout: form.Models, Kind: instrument.MatrixSingle, Intro: "De aansluiting kan op verschillende manieren worden vormgegeven. Hieronder staan vier modellen."}
	text := []string{
		"Dit model betreft de voortzetting van de situatie van vóór de transitie. Onderwijs en jeugdhulp opereren los van elkaar, inclusief gescheiden geldstromen en gescheiden verantwoordelijkheden. Er is geen aansluiting tussen disciplines.",
		"Dit model gaat uit van geschakelde verantwoordelijkheden, een vaste koppeling van disciplines en een vaste volgorde van handelen. In dit model ligt de nadruk op het versterken van overgangen tussen de schakels.",
		"In het netwerkmodel draait het om de interactie tussen disciplines. Er is geen vooraf vastgelegde volgorde van handelen. In dit model ligt de nadruk op netwerkvorming en netwerksturing.",
		"In het integrale model is sprake van één multidisciplinair team voor onderwijs en jeugdhulp, met mandaat om hulp en ondersteuning in te zetten en met een eigen budget.",
	}
	for i, label := range []string{"Kerngemeente(n)", "Overige gemeenten"} {
		id := "b5_10_" + strconv.Itoa(i+1)
		f := exampleField(id, 2*(1-i), []string{"Schotten", "Ketens", "Netwerk", "Integraal"}, exampleNone)
		for n, title := range []string{"Het Schottenmodel", "Het Ketenmodel", "Het Netwerkmodel", "Het Integrale model"} {
			f.Options[n].Title, f.Options[n].Hint, f.Options[n].Drawing = title, text[n], strings.ToLower(f.Options[n].Label)
		}
		v.Groups = append(v.Groups, form.Group{ID: id, Legend: label, Fields: []form.Field{f}})
	}
	return v
}

func exampleGrades() form.View {
	v := form.View{ID: "b5_17", Title: "Kunt u een rapportcijfer geven in hoeverre de volgende zaken aanwezig zijn in uw regio?", Hint: "U mag cijfers openlaten.",
		Layout: form.Grades, Kind: instrument.GradeMatrix, Low: "zeer slecht", High: "zeer goed"}
	marks := make([]string, 10)
	for i := range marks {
		marks[i] = strconv.Itoa(i + 1)
	}
	for i, aspect := range []string{"Een gezamenlijke visie bij professionals in het onderwijs en de jeugdhulp", "Vertrouwen tussen professionals in het onderwijs en de jeugdhulp"} {
		g := form.Group{ID: "cijfer_" + strconv.Itoa(i+1), Legend: aspect}
		for n, sector := range []string{"Regulier onderwijs", "Speciaal onderwijs"} {
			f := exampleField(g.ID+"_"+strconv.Itoa(n+1), (7-n)*(1-i)+11*i*n, marks, nil)
			f.Legend = sector
			f.Options = append(f.Options, form.Option{ID: f.ID + "-98", Name: f.ID, Value: "98", Label: "Geen zicht op", Apart: true, Checked: i*n == 1})
			g.Fields = append(g.Fields, f)
		}
		v.Groups = append(v.Groups, g)
	}
	return v
}

func exampleOpen(value string) form.View {
	return form.View{ID: "b5_12", Title: "Kunt u uw antwoord kort toelichten?", Hint: "Noem geen namen van personen.", Layout: form.Texts, Kind: instrument.Open,
		Groups: []form.Group{{ID: "b5_12", Fields: []form.Field{{ID: "b5_12", Text: &form.Text{Name: "b5_12", Value: value, Lines: 5}, Chosen: value != ""}}}}}
}

func exampleNumber() form.View {
	f := exampleField("b6_4", 0, nil, exampleNone[:1])
	f.Text = &form.Text{Name: "b6_4", Hint: "scholen", Lines: 1, Value: "12"}
	return form.View{ID: "b6_4", Title: "Hoeveel scholen werken met een onderwijszorgarrangement?", Layout: form.Texts, Kind: instrument.Number,
		Groups: []form.Group{{ID: "b6_4", Fields: []form.Field{f}}}}
}

func exampleRepeats(n int) form.View {
	v := form.View{ID: "b5_28", Title: "Welke pilots of goede voorbeelden zijn interessant voor anderen?", Hint: "Een paar zinnen per voorbeeld is genoeg.", Layout: form.Repeats,
		Kind: instrument.Repeated, RepeatName: "voorbeeld", CanAdd: n < instrument.MaxRepeats}
	for r := 1; r <= n; r++ {
		g := form.Group{ID: strconv.Itoa(r), Legend: "Voorbeeld " + strconv.Itoa(r)}
		for i, label := range []string{"Korte omschrijving", "Betrokken partijen", "Doel"} {
			name := "b5_28_" + strconv.Itoa(r) + "_" + strconv.Itoa(i)
			g.Fields = append(g.Fields, form.Field{ID: name, Text: &form.Text{Name: name, Label: label, Hint: []string{"Wat doet u, en voor wie?", "", "Wat wilt u ermee bereiken?"}[i], Lines: 3}})
		}
		v.Groups = append(v.Groups, g)
	}
	return v
}
