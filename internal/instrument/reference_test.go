package instrument

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/logic"
)

// The reference is a transcription of the printed questionnaires: ids, codes
// and texts as printed, slips included. testdata/reference is our own copy.
type refInstrument struct {
	Version     string
	Kernvragen  []string
	Definitions []refText
	OptionSets  []refSet `json:"option_sets"`
	Scales      []struct {
		ID    string
		Items []string
	}
	Models   []refText
	Topics   []refText
	Sections []struct {
		ID, Heading, Intro string
		Definitions        []string
		Questions          []refQuestion
	}
}

type refText struct{ ID, Term, Title, Text, After string }

type refSet struct {
	ID      string
	Options []refOption
}

type refOption struct {
	ID, Text, Hint           string
	Code                     int
	Missing, Exclusive, Open bool
	Definitions              []string
}

type refQuestion struct {
	ID, Table, Kind, Text, Proposal, Hint, Explains string
	RowHeader                                       string            `json:"row_header"`
	OptionSet                                       string            `json:"option_set"`
	ShowIf                                          string            `json:"show_if"`
	ColumnText                                      map[string]string `json:"column_text"`
	RowsLost                                        []refText         `json:"rows_lost"`
	Optional, Kernvraag                             bool
	Emphasis, Definitions                           []string
	Grade                                           Grade
	Options, Rows, Fields                           []refOption
}

// mended lists every text that we print otherwise than the source, which has a
// slip there. Nothing else may differ.
var mended = map[string]string{
	"algemene beschikingsvrije voorzieningen, waaronder toegang en lichte hulp door lokale teams, centra voor jeugd en gezin en/of jeugdgezondheidszorg": "algemene beschikkingsvrije voorzieningen, waaronder toegang en lichte hulp door lokale teams, centra voor jeugd en gezin en/of jeugdgezondheidszorg",
	"De aansluiting tussen onderwijs en jeugdhulp kan op verschillende manier worden vormgegeven. Hieronder treft u 4 modellen aan.":                     "De aansluiting tussen onderwijs en jeugdhulp kan op verschillende manieren worden vormgegeven. Hieronder treft u 4 modellen aan.",
	"Het Ketemodel": "Het Ketenmodel",
	"integraal":     "Integraal",
	"Komen de volgende typen onderwijszorgarrangementen in uw regio voor in het regulier - en/of speciaal onderwijs?": "Komen de volgende typen onderwijszorgarrangementen in uw regio voor in het regulier en/of speciaal onderwijs?",
	"Thuisbije hulp en ondersteuning, dicht bij de eigen leefomgeving":                                                "Thuisnabije hulp en ondersteuning, dicht bij de eigen leefomgeving",
	"Minder leerplicht vrijstellingen": "Minder leerplichtvrijstellingen",
	"Minder leerplicht-vrijstellingen": "Minder leerplichtvrijstellingen",
	"Bovenschoolse arrangementen voor jongeren die vast (dreigende) lopen in het onderwijs": "Bovenschoolse arrangementen voor jongeren die vast (dreigen te) lopen in het onderwijs",
	"(Voortgezet)speciaal onderwijs": "(Voortgezet) speciaal onderwijs",
	"Basis onderwijs":                "Basisonderwijs",
	"In het basis onderwijs":         "In het basisonderwijs",
	"Via welke partijen krijgen de leerlingen in uw gemeente toegang tot 2e lijns jeugdhulp ( op scholen – én daarbuiten)?":                     "Via welke partijen krijgen de leerlingen in uw gemeente toegang tot 2e lijns jeugdhulp (op scholen – én daarbuiten)?",
	"In hoeverre gelden de volgende stellingen over de sturing op samenwerking van de samenwerking in uw gemeente?":                             "In hoeverre gelden de volgende stellingen over de sturing op samenwerking in uw gemeente?",
	"Zijn er in uw gemeente pilots of goede voorbeelden van aansluiting tussen jeugdhulp en onderwijs die voor andere interessant kunnen zijn?": "Zijn er in uw gemeente pilots of goede voorbeelden van aansluiting tussen jeugdhulp en onderwijs die voor anderen interessant kunnen zijn?",
	"Zijn er vaste momenten voor overleg of afstemming casuistiek?":                                                                             "Zijn er vaste momenten voor overleg of afstemming casuïstiek?",
	"Ik maak op basis van dossieronderzoek een plan van...":                                                                                     "Ik maak op basis van dossieronderzoek een plan van…",
	"Ik vorm mij een beeld van de casus door gesprekken...":                                                                                     "Ik vorm mij een beeld van de casus door gesprekken…",
}

// A printer turns the reference into what our instrument must be.
type printer struct {
	ref  refInstrument
	used map[string]bool
}

func reference(t *testing.T, name string) *printer {
	t.Helper()
	src, err := os.ReadFile("testdata/reference/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	p := &printer{used: map[string]bool{}}
	if err := json.Unmarshal(src, &p.ref); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *printer) text(s string) string {
	if ours, ok := mended[s]; ok {
		p.used[s] = true
		return ours
	}
	return s
}

func (p *printer) option(x refOption) Option {
	o := Option{ID: x.ID, Code: x.Code, Label: p.text(x.Text), Hint: x.Hint, Exclusive: x.Exclusive, Open: x.Open}
	if x.Missing {
		o.Missing = Missing(x.ID)
	}
	return o
}

func (p *printer) set(id string) []Option {
	i := slices.IndexFunc(p.ref.OptionSets, func(s refSet) bool { return s.ID == id })
	var options []Option
	for _, x := range p.ref.OptionSets[i].Options {
		o := p.option(x)
		for _, m := range p.ref.Models {
			if id == "model" && m.ID == o.ID {
				o.Title, o.Text, o.Drawing = p.text(m.Title), m.Text, m.ID
			}
		}
		options = append(options, o)
	}
	if id == "cijfer_kolommen" { // ours: a choice beside the marks
		options = append(options, Option{ID: "geen_zicht", Label: "Geen zicht op", Missing: NoView})
	}
	return options
}

func (p *printer) question(t *testing.T, x refQuestion) Question {
	q := Question{ID: x.ID, Table: x.Table, Kind: Kind(x.Kind), Text: p.text(x.Text), Hint: x.Hint, Emphasis: x.Emphasis,
		Definitions: x.Definitions, RowHeader: x.RowHeader, OptionSet: x.OptionSet, Grade: x.Grade, Kernvraag: x.Kernvraag,
		Explains: x.Explains, Optional: x.Optional || x.Kind == "open" || x.Kind == "repeated_group"}
	for _, r := range x.Rows {
		q.Rows = append(q.Rows, Row{ID: r.ID, Label: p.text(r.Text), Definitions: r.Definitions, Open: r.Open})
	}
	for _, o := range x.Options {
		q.Options = append(q.Options, p.option(o))
	}
	if x.OptionSet != "" {
		q.Options = p.set(x.OptionSet)
	}
	for i := range q.Options {
		if label := x.ColumnText[q.Options[i].ID]; label != "" {
			q.Options[i].Label = label
		}
	}
	for _, f := range x.Fields {
		q.Fields = append(q.Fields, Field{ID: f.ID, Label: f.Text})
	}
	e, err := logic.Parse(x.ShowIf)
	if err != nil {
		t.Fatal(err)
	}
	q.ShowIf = e
	return p.unknown(q)
}

// unknown adds what we decided where the source has no text.
func (p *printer) unknown(q Question) Question {
	switch {
	case q.Kind == Repeated:
		q.Inferred, q.Repeat = true, "voorbeeld"
	case q.ID == "b6_x1" || q.ID == "b6_x2":
		q.Inferred, q.Unprinted = true, true
	case q.ID == "k_vaste_momenten":
		q.Inferred = true
		q.Options = []Option{{ID: "ja", Code: 1, Label: "Ja"}, {ID: "nee", Code: 2, Label: "Nee"}}
	case q.Kind == Single && p.ref.Version == "ketenpartner": // no codes are known: the order
		for i := range q.Options {
			q.Options[i].Code = i + 1
		}
	}
	return q
}

func (p *printer) sections(t *testing.T) []Section {
	var out []Section
	for _, x := range p.ref.Sections {
		s := Section{ID: x.ID, Intro: p.text(x.Intro), Definitions: x.Definitions, Untitled: x.Heading == ""}
		if x.Heading != "" {
			s.Title = x.Heading[:1] + strings.ToLower(x.Heading[1:])
		}
		for _, q := range x.Questions {
			s.Questions = append(s.Questions, p.question(t, q))
		}
		out = append(out, s)
	}
	return out
}

// withoutOurs removes the texts that are ours from got where the reference has
// none, and fails where we have none either.
func withoutOurs(t *testing.T, got, want []Section) {
	for s := range got {
		if got[s].Untitled {
			got[s].Title = ""
		}
		for q := range got[s].Questions {
			g, w := &got[s].Questions[q], &want[s].Questions[q]
			if (len(g.Rows) > 0) != (g.Stem != "") {
				t.Errorf("%s: stem %q", g.ID, g.Stem)
			}
			g.Stem = ""
			if w.Hint == "" {
				g.Hint = ""
			}
			if w.Text == "" {
				if !g.Inferred {
					t.Errorf("%s: the text is ours, which it does not say", g.ID)
				}
				g.Text = ""
			}
			for f := range g.Fields {
				g.Fields[f].Hint, g.Fields[f].Lines = "", 0
			}
		}
	}
}

// TestInstrumentsAreTheReference holds every id, code, text, routing and core
// question of the 2018 instruments against the printed source.
func TestInstrumentsAreTheReference(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, file := range []string{"swv-2018", "gemeente-2018", "ketenpartner-2023"} {
		name, _, _ := strings.Cut(file, "-")
		in, p := ours(t, file), reference(t, name)
		want := p.sections(t)
		if len(in.Sections) != len(want) {
			t.Fatalf("%s: %d sections, want %d", name, len(in.Sections), len(want))
		}
		withoutOurs(t, in.Sections, want)
		if diff := cmp.Diff(want, in.Sections); diff != "" {
			t.Errorf("%s: sections (-want +got):\n%s", name, diff)
		}
		p.lists(t, in)
		maps.Copy(used, p.used)
	}
	for printed := range mended {
		if !used[printed] {
			t.Errorf("mended, but not in the source: %q", printed)
		}
	}
}

// lists compares what stands at the top of the file.
func (p *printer) lists(t *testing.T, in *Instrument) {
	var definitions []Definition
	for _, d := range p.ref.Definitions {
		definitions = append(definitions, Definition{d.ID, d.Term, p.text(d.Text)})
	}
	var sets []OptionSet
	for _, s := range p.ref.OptionSets {
		sets = append(sets, OptionSet{s.ID, p.set(s.ID)})
	}
	var scales []Scale
	for _, s := range p.ref.Scales {
		scales = append(scales, Scale{ID: s.ID, Items: s.Items})
	}
	var notes []Note
	for _, n := range p.ref.Topics {
		notes = append(notes, Note{n.ID, n.Text})
	}
	for i := range in.Scales {
		in.Scales[i].Title = "" // ours
	}
	for _, diff := range []string{cmp.Diff(definitions, in.Definitions), cmp.Diff(sets, in.OptionSets), cmp.Diff(scales, in.Scales), cmp.Diff(notes, in.Notes)} {
		if diff != "" {
			t.Errorf("%s (-want +got):\n%s", in.Name, diff)
		}
	}
	var core []string
	for _, s := range in.Sections {
		for _, q := range s.Questions {
			if q.Kernvraag {
				core = append(core, q.ID)
			}
		}
	}
	if !slices.Equal(core, p.ref.Kernvragen) {
		t.Errorf("%s: kernvragen %v, want %v", in.Name, core, p.ref.Kernvragen)
	}
}

// TestCounts holds the numbers that were counted in the source.
func TestCounts(t *testing.T) {
	t.Parallel()
	type counts struct {
		Sections, Questions, Tables, Rows, Statements, Open, Repeated, Routed, Core, Scaled int
		Grades                                                                              [2]int
	}
	for file, want := range map[string]counts{
		"swv-2018":      {9, 30, 29, 93, 48, 5, 1, 3, 3, 44, [2]int{4, 2}},
		"gemeente-2018": {9, 39, 36, 104, 48, 8, 1, 6, 2, 44, [2]int{4, 3}},
		"swv-2026":      {9, 30, 29, 94, 48, 5, 1, 3, 3, 44, [2]int{4, 2}},
		"gemeente-2026": {9, 39, 36, 104, 48, 8, 1, 6, 2, 44, [2]int{4, 3}},
	} {
		in := ours(t, file)
		got := counts{Sections: len(in.Sections)}
		for _, s := range in.Scales {
			got.Scaled += len(s.Items)
		}
		for _, s := range in.Sections {
			for _, q := range s.Questions {
				got.Questions++
				got.Tables += one(q.Table != "")
				got.Open += one(q.Kind == Open)
				got.Repeated += one(q.Kind == Repeated)
				got.Routed += one(!q.ShowIf.IsZero())
				got.Core += one(q.Kernvraag)
				switch {
				case q.Kind == GradeMatrix:
					got.Grades = [2]int{len(q.Rows), len(q.Variables()) / len(q.Rows)}
				case q.Statements():
					got.Statements += len(q.Rows)
					fallthrough
				default:
					got.Rows += len(q.Rows)
				}
			}
		}
		if got != want {
			t.Errorf("%s: %+v, want %+v", file, got, want)
		}
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
