package instrument

import (
	"fmt"
	"strings"
	"testing"
)

// small is an instrument without a fault, to make faults in.
const small = `uitvraag: 1
instrument: proef
edition: "2026"
title: "Proef"
respondent: "de proefpersoon"
minutes: 5
definitions:
  - {id: team, term: "Team", text: "een groep"}
option_sets:
  - id: stelling
    options:
      - {id: s1, code: 1, label: "Niet"}
      - {id: s2, code: 2, label: "Wel"}
      - {id: geen_zicht, label: "Geen zicht op", missing: geen_zicht}
scales:
  - {id: visie, title: "Visie", items: [visie_1, visie_2]}
sections:
  - id: een
    title: "Een"
    questions:
      - id: v1
        kind: yes_no
        text: "Werkt het?"
        definitions: [team]
        options:
          - {id: ja, code: 1, label: "Ja"}
          - {id: nee, code: 2, label: "Nee"}
      - id: v2
        kind: matrix_single
        text: "In hoeverre geldt dit?"
        options: stelling
        rows:
          - {id: visie_1, label: "Wij willen"}
          - {id: visie_2, label: "Wij kunnen"}
      - id: v3
        kind: multi
        text: "Wie helpt?"
        show_if: v1 = ja
        options:
          - {id: school, label: "School"}
          - {id: niemand, label: "Niemand", exclusive: true}
          - {id: anders, label: "Anders", open: true}
      - id: v4
        kind: open
        text: "Waarom?"
        explains: v3
        show_if: v3_school = ja
      - id: v5
        kind: grade_matrix
        text: "Welk cijfer?"
        grade: {min: 1, max: 10}
        options:
          - {id: nu, label: "Nu"}
        rows:
          - {id: hulp, label: "Hulp"}
      - id: v6
        kind: number
        text: "Hoeveel?"
        range: {min: 0, max: 100}
      - id: v7
        kind: repeated_group
        text: "Voorbeelden?"
        repeat: voorbeeld
        fields:
          - {id: wat, label: "Wat"}
      - id: v8
        kind: matrix_multi
        text: "Waar?"
        options:
          - {id: hier, label: "Hier"}
          - {id: nvt, label: "Nvt", missing: nvt, exclusive: true}
        rows:
          - {id: hulp, label: "Hulp"}
          - {id: anders, label: "Anders", open: true}
`

func TestTheSmallInstrumentHasNoFault(t *testing.T) {
	t.Parallel()
	if ps := Check([]byte(small)); len(ps) > 0 {
		t.Fatal(ps)
	}
}

// A faulty change to small, and what must be said of it: the first words of
// the text and of the remedy. The place is where "@" stands in to; "@" itself
// is taken out.
type faulty struct{ from, to, text, remedy string }

var faults = []faulty{
	// the head
	{"uitvraag: 1", "uitvraag: @2", "De versie “2”", "Schrijf: uitvraag: 1"},
	{"uitvraag: 1\n", "@", "Dit is geen vragenlijst: “uitvraag: 1” ontbreekt", "Begin"},
	{"instrument: proef", "instrument: @Proef!", "De id “Proef!”", "Gebruik kleine letters"},
	{`edition: "2026"`, `edition: @"twee duizend"`, "De editie “twee duizend”", "Gebruik een jaar"},
	{"minutes: 5", "minutes: @0", "Er staat niet hoeveel minuten", "Zet er een regel bij: minutes"},
	{"minutes: 5", "minutes: @vijf", "Hier hoort een heel getal", "Gebruik alleen cijfers"},
	{"minutes: 5", "minutes: 5\npartial: @101", "Het percentage", "Gebruikelijk is 50"},
	{`title: "Proef"`, "@titel: \"Proef\"", "Een vragenlijst heeft geen kenmerk “titel”", "Bedoelde u “title”?"},
	{`title: "Proef"`, "title: \"Proef\"\n@title: \"Nog eens\"", "“title” staat hier twee keer; de eerste keer op regel 4", "Haal er een weg"},
	{`title: "Proef"`, "@title:", "Achter “title” staat niets", "Vul iets in"},
	{`title: "Proef"`, "title: @[a, b]", "Hier hoort een tekst", "Zet de tekst"},
	{`respondent: "de proefpersoon"`, "respondent: @&x \"de proefpersoon\"", "Ankers zoals &x", "Haal &x weg"},
	{`respondent: "de proefpersoon"`, "respondent: @!!binary \"aGFsbG8=\"", "Typen zoals !!binary", "Haal !!binary weg"},
	{`"de proefpersoon"`, "@\"de <b>proefpersoon</b>\"", "let op: In deze tekst staat “<b>”", "Schrijf gewone tekst"},
	// definitions, lists and scales
	{"{id: team, term", "{id: @Team, term", "De id “Team”", "Gebruik kleine letters"},
	{`, text: "een groep"`, "", "Het begrip “team” heeft geen uitleg", "Zet er bij: text"},
	{"definitions: [team]", "definitions: [@teem]", "Het begrip “teem” bestaat niet", "Kies uit: team; of voeg het toe"},
	{`  - {id: team, term`, "  - @{id: ploeg, term: \"Ploeg\", text: \"x\"}\n  - {id: team, term", "let op: Het begrip “ploeg” wordt nergens", "Noem het"},
	{`  - {id: team, term`, "  - {id: team, term: \"Team\", text: \"x\"}\n  - {id: @team, term", "De id “team” bij een begrip bestaat al, op regel 8", "Kies een andere id"},
	{"scales:", "  - @id: over\n    options: [{id: a, code: 1, label: A}]\nscales:", "let op: De antwoordlijst “over” wordt nergens gebruikt", "Haal haar weg"},
	{"options: stelling", "options: @stellign", "De antwoordlijst “stellign” bestaat niet", "Kies uit: stelling"},
	{"items: [visie_1, visie_2]", "items: @[visie_1]", "De schaal “visie” heeft minder dan twee items", "Noem ten minste twee"},
	{"items: [visie_1, visie_2]", "items: [visie_1, @visie_3]", "De variabele “visie_3” van de schaal “visie” bestaat niet", "Gebruik de naam"},
	{"items: [visie_1, visie_2]", "items: [visie_1, @v4]", "“v4” heeft geen codes", "Haal het item"},
	{"items: [visie_1, visie_2]", "items: [visie_1, @visie_1]", "“visie_1” staat twee keer in de schaal", "Haal er een weg"},
	// options
	{`{id: s1, code: 1, label: "Niet"}`, `@{id: s1, label: "Niet"}`, "Het antwoord “s1” heeft geen code", "Zet er bij: code"},
	{`{id: s2, code: 2,`, `{id: s2, code: @1,`, "De code 1 is al van “s1”", "Kies een andere code"},
	{`{id: s2, code: 2,`, `{id: @S1, code: 2,`, "De id “S1” bij een antwoord bestaat al", "Kies een andere id"},
	{`{id: s2, code: 2,`, `{id: s2, code: @997,`, "De code 997 kan niet", "Kies een code van 0 tot en met 996"},
	{`{id: s2, code: 2,`, `{id: s2, code: @-1,`, "De code -1 kan niet", "Kies een code"},
	{`code: 2, label: "Wel"}`, `code: 2, label: @"` + strings.Repeat("wel", 41) + `"}`, "Dit label is langer dan 120 bytes", "Maak het korter"},
	{`{id: s2, code: 2, label: "Wel"}`, `@{id: s2, code: 2}`, "Het antwoord “s2” heeft geen tekst", "Zet er bij: label"},
	{`missing: geen_zicht}`, `missing: @geen-zicht}`, "“missing” kan hier niet “geen-zicht” zijn", "Kies geen_zicht of nvt"},
	{`missing: geen_zicht}`, `missing: geen_zicht, code: @8}`, "Een antwoord met “missing” krijgt zijn code vanzelf", "Haal “code” weg"},
	{`missing: geen_zicht}`, `missing: geen_zicht, open: @true}`, "Een antwoord met “missing” kan geen tekst vragen", "Haal “open” weg"},
	{`missing: geen_zicht}`, "missing: geen_zicht}\n      - {id: g2, label: \"Weet niet\", missing: @geen_zicht}", "“g2” en “geen_zicht” zijn allebei", "Laat er één staan"},
	{`missing: geen_zicht}`, "missing: geen_zicht}\n      - @{id: s3, code: 3, label: \"Zeer\"}", "let op: Het antwoord “s3” staat na", "Zet die twee achteraan"},
	{`{id: nvt, label: "Nvt", missing: nvt, exclusive: true}`, `@{id: nvt, label: "Nvt", missing: nvt}`, "“Nvt” kan in een meerkeuzevraag niet naast andere", "Zet er bij: exclusive"},
	{`{id: nee, code: 2, label: "Nee"}`, `{id: nee, code: 2, label: "Nee", exclusive: @true}`, "let op: “exclusive” doet niets", "Haal “exclusive” weg"},
	{`{id: hier, label: "Hier"}`, `{id: hier, label: "Hier", open: @true}`, "Een antwoord met tekst kan niet bij de soort matrix_multi", "Maak er een rij van"},
	{"options: stelling", "options: stelling\n        option_labels: {@nvt: \"N.v.t.\"}", "Het antwoord “nvt” bestaat niet in de lijst “stelling”", "Noem de id"},
	{"        options:\n          - {id: ja", "        option_labels: @{ja: \"Jawel\"}\n        options:\n          - {id: ja", "“option_labels” hoort bij een gedeelde", "Verander het label"},
	{"\n          - {id: nee, code: 2, label: \"Nee\"}", "", "Een ja/nee-vraag heeft precies twee", "Gebruik een andere"},
	// questions
	{"id: v6", "id: @v5", "De id “v5” bij een vraag bestaat al, op regel 48", "Kies een andere id"},
	{"id: v6", "id: @controleren", "“controleren” is het adres van een andere pagina", "Kies een andere id"},
	{"id: v6", "id: @to", "SPSS weigert “to”", "Kies een andere id"},
	{"id: v6", "id: @unit", "“unit” is al een kolom", "Kies een andere id"},
	{"id: v6", "id: @v" + strings.Repeat("6", 64), "De variabele “v666", "Kies een kortere id"},
	{"id: v6", "id: @6v", "De id “6v”", "Gebruik kleine letters"},
	{"id: v6", "id: @v6_", "De id “v6_”", "Gebruik kleine letters"},
	{"id: visie_2,", "id: @not,", "SPSS weigert “not”", "Kies een andere id"},
	{"id: visie_2,", "id: @v1,", "De variabele “v1” bestaat al, van regel 21", "Kies een andere id"},
	{"id: v6", "id: @v1", "De id “v1” bij een vraag bestaat al, op regel 21", "Kies een andere id"},
	{"id: visie_2,", "id: @visie_1,", "De id “visie_1” bij een rij van “v2” bestaat al, op regel 33", "Kies een andere id"},
	{`        text: "Hoeveel?"` + "\n", "", "De vraag “v6” heeft geen tekst", "Zet er bij: text"},
	{`text: "Hoeveel?"`, `text: "` + strings.Repeat("Hoeveel ", 33) + `"`, "Het label van “v6” is langer dan 256 bytes", "Maak de tekst korter"},
	{`text: "Hoeveel?"`, "text: \"Hoeveel?\"\n        emphasis: [@veel meer]", "“veel meer” komt niet voor", "Neem de woorden letterlijk"},
	{`text: "Hoeveel?"`, "text: \"Hoeveel?\"\n        unprinted: @true", "De vraag “v6” wordt nooit getoond", "Haal “unprinted” weg"},
	{"kind: number", "kind: @getal", "De soort “getal” van de vraag “v6” bestaat niet", "Kies bij “kind” uit: grade_matrix, matrix_multi"},
	{"kind: open", "kind: open\n        rows: @[{id: a, label: A}]", "Een vraag van de soort open heeft geen “rows”", "Haal “rows” weg"},
	{"        repeat: voorbeeld\n", "", "De vraag “v7” heeft geen “repeat”", "Zet “repeat: …” bij de vraag"},
	{"repeat: voorbeeld", "repeat: @\"\"", "Bij “repeat” van de vraag “v7” staat geen naam", "Schrijf hoe één herhaling heet"},
	{"repeat: voorbeeld", "repeat: @\"  \"", "Bij “repeat” van de vraag “v7” staat geen naam", "Schrijf hoe één herhaling heet"},
	{"          - {id: hulp, label: \"Hulp\"}\n      - id: v6", "          - {id: hulp, label: \"Hulp\", open: @true}\n      - id: v6", "Een rij met tekst kan niet bij de soort grade_matrix", "Haal “open” weg"},
	{"range: {min: 0, max: 100}", "range: @{min: 0, max: 997}", "Een getal van 0 tot 997 kan niet", "Gebruik bijvoorbeeld"},
	{"grade: {min: 1, max: 10}", "grade: @{min: 1, max: 97}", "Een cijfer van 1 tot 97 kan niet", "Gebruik bijvoorbeeld"},
	{"grade: {min: 1, max: 10}", "grade: @{min: 10, max: 1}", "Een cijfer van 10 tot 1 kan niet", "Gebruik bijvoorbeeld"},
	{`{id: wat, label: "Wat"}`, `@{id: wat}`, "Het veld “wat” heeft geen tekst", "Zet er bij: label"},
	{`{id: visie_2, label: "Wij kunnen"}`, `@{id: visie_2}`, "De rij “visie_2” heeft geen tekst", "Zet er bij: label"},
	{`{id: visie_2, label: "Wij kunnen"}`, `@visie_2`, "Hier hoort een rij te staan", "Schrijf de kenmerken"},
	{"explains: v3", "explains: @v9", "De vraag “v9” bestaat niet", "Noem de id van een eerdere"},
	{"explains: v3", "explains: @v5", "De vraag “v5” komt niet vóór", "Noem de id van een eerdere"},
	// conditions
	{"show_if: v1 = ja", "show_if: v1 @is ja", "In deze voorwaarde: Na “v1” hoort een vergelijking", "Gebruik ="},
	{"show_if: v1 = ja", "show_if: \"v1 = @jah\"", "In deze voorwaarde: Het antwoord “jah” bestaat niet", "Kies uit: ja, nee"},
	{"show_if: v1 = ja", "show_if: @v99 = ja", "In deze voorwaarde: De variabele “v99” bestaat niet", "Gebruik de naam"},
	{"show_if: v1 = ja", "show_if: v1 = ja and @v6 = 3", "In deze voorwaarde: “v6” wordt pas gevraagd na", "Laat de voorwaarde"},
	{"show_if: v1 = ja", "show_if: @v3_school = ja", "In deze voorwaarde: “v3_school” wordt pas gevraagd na of in", "Laat de voorwaarde"},
	{"show_if: v1 = ja", "show_if: @v1 = ja and v1 = nee", "Deze voorwaarde is nooit waar", "Verander de voorwaarde"},
	{"show_if: v3_school = ja", "show_if: @v3_school = ja and v1 = nee", "Deze voorwaarde is nooit waar", "Verander de voorwaarde"},
	{"show_if: v3_school = ja", "show_if: @v3_school = ja and v3_niemand = ja", "Deze voorwaarde is nooit waar", "Verander de voorwaarde"},
	{"show_if: v1 = ja", "show_if: @v1 = ja or not (v1 = ja)", "let op: Deze voorwaarde is altijd waar", "Haal de voorwaarde weg"},
	{"show_if: v3_school = ja", "show_if: v3_school = ja\n        kernvraag: @true", "let op: Deze kernvraag hangt af van “v3”", "Maak ook die vraag"},
	// sections and rows
	{"sections:\n", "sections:\n  - {id: leeg, title: Leeg, questions: []}\n", "Het onderdeel “leeg” heeft geen vragen", "Zet er een vraag in"},
	{"sections:\n", "sections:\n  - {id: een, title: Dubbel, questions: [{id: v0, kind: open, text: Wat}]}\n", "De id “een” bij een onderdeel bestaat al, op regel 18", "Kies een andere id"},
	{"    title: \"Een\"\n", "", "Het onderdeel “een” heeft geen titel", "Zet er bij: title"},
	{`          - {id: visie_1, label: "Wij willen"}`, "          - " + strings.Join(manyRows(7), "\n          - ") + "\n          - {id: visie_1, label: \"Wij willen\"}", "let op: De vraag “v2” heeft 9 rijen", "Een pagina heeft hooguit 8 rijen"},
}

func manyRows(n int) []string {
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf("{id: extra_%d, label: \"Extra\"}", i))
	}
	return rows
}

// TestCheckFindsEachFault makes one fault at a time.
func TestCheckFindsEachFault(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		if strings.Count(small, f.from) == 0 {
			t.Errorf("%q is not in the small instrument", f.from)
			continue
		}
		src := strings.Replace(small, f.from, f.to, 1)
		line, column := 0, 0
		if i := strings.Index(src, "@"); i >= 0 {
			line = 1 + strings.Count(src[:i], "\n")
			column = 1 + len([]rune(src[strings.LastIndex(src[:i], "\n")+1:i]))
			src = src[:i] + src[i+1:]
		}
		in, ps := Parse([]byte(src))
		found := false
		for _, p := range ps {
			text := p.Text
			if p.Warning {
				text = "let op: " + text
			}
			if strings.HasPrefix(text, f.text) && strings.HasPrefix(p.Remedy, f.remedy) && (line == 0 || p.Line == line && p.Column == column) {
				found = true
			}
		}
		if !found {
			t.Errorf("%q:\nwant %d:%d %s … %s\ngot  %v", f.to, line, column, f.text, f.remedy, ps)
		}
		if warning := strings.HasPrefix(f.text, "let op"); (in != nil) != warning {
			t.Errorf("%q: an instrument %v, a warning %v", f.to, in != nil, warning)
		}
		if len(ps) > 4 {
			t.Errorf("%q: one fault gives %d problems: %v", f.to, len(ps), ps)
		}
	}
}

func TestParseRefusesWhatIsNoInstrument(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, src    string
		line, column int
		text         string
	}{
		{"empty", "", 1, 1, "Dit bestand is leeg"},
		{"a list", "- a\n- b\n", 1, 1, "Dit is geen vragenlijst"},
		{"a word", "hallo", 1, 1, "Dit is geen vragenlijst"},
		{"two documents", "uitvraag: 1\n---\nuitvraag: 1\n", 2, 1, "Na “---” begint een tweede"},
		{"latin 1", "uitvraag: 1\ntitle: caf\xe9\n", 2, 11, "Hier staat een teken dat geen UTF-8 is"},
		{"too large", strings.Repeat("# \n", 400_000), 1, 1, "Dit bestand is groter dan 1 MB"},
		{"too deep", "uitvraag: 1\ntitle: " + strings.Repeat("[", 20) + strings.Repeat("]", 20), 2, 20, "Hier staat te veel binnen elkaar"},
		{"a tab", "uitvraag: 1\nsections:\n\t- id: a\n", 3, 1, "Hier is het bestand niet te lezen"},
		{"an unknown alias", "uitvraag: 1\ntitle: *x\n", 1, 1, "Hier is het bestand niet te lezen"},
		{"aliases", "uitvraag: 1\nnotes: &a [x]\nscales: [*a, *a]\n", 2, 8, "Ankers zoals &a"},
	} {
		in, ps := Parse([]byte(tt.src))
		if in != nil || len(ps) == 0 {
			t.Errorf("%s: accepted", tt.name)
			continue
		}
		if p := ps[0]; p.Line != tt.line || p.Column != tt.column || !strings.HasPrefix(p.Text, tt.text) || p.Remedy == "" {
			t.Errorf("%s: %v, want %d:%d %s", tt.name, p, tt.line, tt.column, tt.text)
		}
	}
}

// TestASmallFileCannotAskForTooMuch: rows times options of a shared list grow
// much faster than the file.
func TestASmallFileCannotAskForTooMuch(t *testing.T) {
	t.Parallel()
	head, options, rows := strings.SplitAfter(small, "option_sets:\n")[0], "", ""
	for i := range 300 {
		options += fmt.Sprintf("      - {id: o%d, label: O}\n", i)
		rows += fmt.Sprintf("          - {id: r%d, label: R}\n", i)
	}
	matrix := "      - id: q\n        kind: matrix_multi\n        text: T\n        options: veel\n        rows:\n" + rows
	src := head + "  - id: veel\n    options:\n" + options + "sections:\n  - id: s\n    title: T\n    questions:\n" + matrix
	if in, ps := Parse([]byte(src)); in != nil || len(ps) != 1 || !strings.Contains(ps[0].Text, "dat is te veel") {
		t.Errorf("%v", ps)
	}
	src = strings.Replace(src, "rows:\n", "rows:\n          - {id: een_te_veel, label: R}\n", 1)
	if in, ps := Parse([]byte(src)); in != nil || len(ps) != 1 || !strings.Contains(ps[0].Text, "meer dan 300 rijen") {
		t.Errorf("%v", ps)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	_, ps := Parse([]byte("uitvraag: 1\nnotes:\n" + strings.Repeat("  - {onzin: 1}\n", 1000)))
	if len(ps) != maxProblems+1 || !strings.Contains(ps[maxProblems].Text, "meldingen meer") {
		t.Errorf("%d problems, the last %v", len(ps), ps[len(ps)-1])
	}
}

// FuzzParse: never panics; every problem has a place, a text and a remedy; what
// is read gives variables that can be told apart, and reads again the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	for _, x := range faults {
		f.Add([]byte(strings.Replace(small, x.from, strings.ReplaceAll(x.to, "@", ""), 1)))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		in, ps := Parse(src)
		for _, p := range ps {
			if p.Line < 1 || p.Column < 1 || p.Text == "" || p.Remedy == "" {
				t.Fatalf("bad problem %#v", p)
			}
		}
		if in == nil {
			if len(ps) == 0 {
				t.Fatal("no instrument and no problem")
			}
			return
		}
		seen := map[string]bool{}
		for _, v := range in.Variables() {
			if key := strings.ToLower(v.Name); seen[key] || v.Name == "" || v.Label == "" {
				t.Fatalf("variable %q", v.Name)
			} else {
				seen[key] = true
			}
		}
		in.Pages()
		again, _ := Parse(src)
		if ds := Diff(in, again); len(ds) > 0 {
			t.Fatalf("read again: %v", ds)
		}
	})
}
