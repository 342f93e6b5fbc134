package hypothesis_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/sample"
)

// inwoners is the size of a gemeente, as the figure of 2018 has it.
var inwoners = sample.Column{ID: "inwoners", Label: "Inwoners"}

// sizedGemeenten are gemeenten of which size and answer to one question are
// known, in the counts of a table: rows are sizes, columns codes from 1.
func sizedGemeenten(t *testing.T, variable string, sizes []string, counts [][]int) hypothesis.Input {
	t.Helper()
	x := fixture.Data{Form: fixture.FormOf(t, "inventarisatie-2018", "gemeente"), Columns: []sample.Column{inwoners}}
	x.Info = dataset.Info{Study: "proef", Title: "Proef", Instrument: "gemeente", Edition: "2018", Taken: fixture.Now}
	n := 0
	for i, row := range counts {
		for j, c := range row {
			for range c {
				n++
				code := fmt.Sprintf("GM%04d", n)
				x.Units = append(x.Units, dataset.Unit{Code: code, Pseudonym: code, Background: map[string]string{"inwoners": sizes[i]}})
				x.Filled = append(x.Filled, answer.Filled{Unit: code, Mode: answer.Web, Status: answer.Submitted, Edition: "2018", Started: fixture.Opens, Sent: fixture.Opens.Add(time.Duration(n) * time.Second), Revision: 1,
					Answers: answer.Values{variable: strconv.Itoa(j + 1)}})
			}
		}
	}
	return hypothesis.Input{In: x.Form.In, Data: fixture.Dataset(t, x)}
}

func register(t *testing.T) *hypothesis.Register {
	t.Helper()
	text, _ := hypothesis.Text("inventarisatie")
	r, problems := hypothesis.Parse(text)
	if r == nil {
		t.Fatalf("%v", problems)
	}
	return r
}

func run(t *testing.T, r *hypothesis.Register, in ...hypothesis.Input) map[string]hypothesis.Outcome {
	t.Helper()
	all, err := r.Run(hypothesis.Options{}, in...)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]hypothesis.Outcome{}
	for _, o := range all {
		out[o.Hypothesis.ID] = o
	}
	return out
}

// TestFigure32HasItsPublishedSignificance holds the vector of Bijlage 4: size
// against model in primary education, p < 0,05.
func TestFigure32HasItsPublishedSignificance(t *testing.T) {
	t.Parallel()
	_, figures := baseline.Hypotheses()
	f := figures[31]
	var sizes []string
	var counts [][]int
	for _, row := range f.Rows {
		sizes, counts = append(sizes, row.Label), append(counts, row.Counts)
	}
	in := sizedGemeenten(t, "b6_11_bao", sizes, counts)
	o := run(t, register(t), in)["H15"]
	found := false
	for _, x := range o.Results {
		if x.Dependent == "b6_11_bao" {
			found = true
			if x.N != 215 || !(x.P < 0.05) || !(x.Classic.P < 0.05) || x.Effect.Name != "Cramérs V" {
				t.Errorf("n = %d, p = %g (%s), classic p = %g, %v; want 215 and p < 0,05", x.N, x.P, x.Method, x.Classic.P, x.Effect)
			}
		}
	}
	if !found || f.ID != "B4.32" || o.Verdict != hypothesis.Confirmed && o.Verdict != hypothesis.Partly {
		t.Errorf("%s: %s %s", f.ID, o.Verdict, o.Sentence)
	}
	tables, err := register(t).Tables(hypothesis.Options{}, in)
	if err != nil {
		t.Fatal(err)
	}
	last := tables[len(tables)-1]
	for i, row := range last.Rows {
		for j, c := range row.Cells {
			want := -1
			for _, r := range f.Rows {
				if r.Label == row.Label {
					want = r.Percents[j]
				}
			}
			if math.Abs(c.Percent-float64(want)) > 0.5000001 {
				t.Errorf("row %d, column %d: %.1f %%, published %d %%", i, j, c.Percent, want)
			}
		}
	}
	if last.ID != "B4.32" || !(last.P < 0.05) {
		t.Errorf("%s: p = %g", last.ID, last.P)
	}
}

func TestTheRegisterHoldsAllOfBijlage4(t *testing.T) {
	t.Parallel()
	r := register(t)
	published, figures := baseline.Hypotheses()
	if len(r.Hypotheses) != len(published) || len(r.Figures) != len(figures) {
		t.Fatalf("%d hypotheses and %d figures, published %d and %d", len(r.Hypotheses), len(r.Figures), len(published), len(figures))
	}
	for i, f := range figures {
		if g := r.Figures[i]; g.ID != f.ID || g.Instrument != f.Instrument || g.Hypothesis != f.Hypothesis {
			t.Errorf("figure %d is %s of %s in %s, published %s of %s in %s", i+1, g.ID, g.Hypothesis, g.Instrument, f.ID, f.Hypothesis, f.Instrument)
		}
	}
	// every variable exists in both editions
	for _, edition := range []string{"inventarisatie-2018", "inventarisatie-2026"} {
		for _, name := range []string{"swv", "gemeente"} {
			form := fixture.FormOf(t, edition, name)
			known := map[string]bool{"inwoners": true, "verevening": true, "aantal_gemeenten": true}
			for _, v := range form.Variables {
				known[v.Name] = true
			}
			for _, s := range form.In.Scales {
				known["sch_"+s.ID] = true
			}
			for _, d := range r.Derived {
				known[d.ID] = known[d.From] || len(d.Any) > 0 && known[d.Any[0]]
			}
			for _, h := range r.Hypotheses {
				for _, x := range h.Tests {
					for _, v := range append(append([]string{x.By, x.Split}, x.Dependents...), x.Compare...) {
						if x.Instrument == name && v != "" && !known[v] {
							t.Errorf("%s, line %d: %s has no %s in %s", h.ID, x.Line, name, v, edition)
						}
					}
				}
			}
			for _, f := range r.Figures {
				for _, v := range append([]string{f.Rows}, f.Columns...) {
					if f.Instrument == name && !known[v] {
						t.Errorf("%s: %s has no %s in %s", f.ID, name, v, edition)
					}
				}
			}
		}
	}
}

const small = `uitvraag: 1
register: proef
title: "Proef"
instruments: [gemeente]
hypotheses:
  - id: E1
    expectation: "Zo is het."
    tests:
      - %s
`

func TestIndependentTestsOnPairedRowsAreRefused(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"welch", "rank", "t", "chi2"} {
		_, problems := hypothesis.Parse([]byte(fmt.Sprintf(small, "{instrument: gemeente, test: "+kind+", compare: [b6_12_vso, b6_12_bao]}")))
		if len(problems) != 1 || problems[0].Line != 9 || problems[0].Column != 9 || !strings.Contains(problems[0].Text, "dezelfde respondenten") {
			t.Errorf("%s: %v", kind, problems)
		}
	}
	// as groups of another row of the same question, which only the questionnaire tells
	r, problems := hypothesis.Parse([]byte(fmt.Sprintf(small, "{instrument: gemeente, test: rank, dependent: [b6_12_vso], by: b6_12_bao}")))
	if r == nil {
		t.Fatal(problems)
	}
	o := run(t, r, sizedGemeenten(t, "b6_12_bao", []string{"klein"}, [][]int{{3, 4, 5}}))["E1"]
	if o.Verdict != hypothesis.Untestable || !strings.Contains(o.Sentence, "gepaard") {
		t.Errorf("%s: %s", o.Verdict, o.Sentence)
	}
}

func TestFaultsInARegisterNameTheirPlace(t *testing.T) {
	t.Parallel()
	for test, want := range map[string]string{
		"{instrument: gemeente, test: raadsel, dependent: [b6_1_bao], by: inwoners}": "‘raadsel’ is er niet",
		"{instrument: swv, test: rank, dependent: [b6_1_bao], by: inwoners}":         "gaat niet over ‘swv’",
		"{instrument: gemeente, test: rank, dependent: [b6_1_bao]}":                  "vraagt ‘dependent’ en ‘by’",
		"{instrument: gemeente, test: wilcoxon, compare: [b6_1_bao]}":                "twee variabelen",
		"{instrument: gemeente, test: rank, afhankelijk: [b6_1_bao], by: inwoners}":  "geen kenmerk ‘afhankelijk’",
	} {
		r, problems := hypothesis.Parse([]byte(fmt.Sprintf(small, test)))
		if r != nil || len(problems) == 0 || problems[0].Line != 9 || !strings.Contains(fmt.Sprint(problems), want) {
			t.Errorf("%s: %v, want %s on line 9", test, problems, want)
		}
	}
}

func TestAVerdictSaysWhatTheNumbersSay(t *testing.T) {
	t.Parallel()
	sizes := []string{"klein", "groot"}
	for _, c := range []struct {
		name    string
		counts  [][]int
		verdict hypothesis.Verdict
		says    string
	}{
		{"a clear difference as expected", [][]int{{20, 10, 5, 1}, {2, 5, 10, 20}}, hypothesis.Confirmed, "Bevestigd: de toets laat zien wat werd verwacht (p < 0,05)."},
		{"the other way round", [][]int{{2, 5, 10, 20}, {20, 10, 5, 1}}, hypothesis.NotConfirmed, "juist de andere kant op"},
		{"a few who hardly differ", [][]int{{3, 3, 3, 3}, {3, 3, 3, 3}}, hypothesis.NotConfirmed, "niet uitgesloten"},
		{"many who do not differ", [][]int{{200, 200, 200, 200}, {200, 200, 200, 200}}, hypothesis.NotConfirmed, "onwaarschijnlijk"},
		{"too few", [][]int{{1, 1, 1, 0}, {20, 20, 20, 20}}, hypothesis.Untestable, "minder dan twee groepen"},
		{"all the same", [][]int{{30, 0, 0, 0}, {30, 0, 0, 0}}, hypothesis.Untestable, "Niet te toetsen"},
	} {
		r, problems := hypothesis.Parse([]byte(fmt.Sprintf(small, "{instrument: gemeente, test: rank, classic: anova, dependent: [b6_12_bao], by: inwoners, higher: [groot]}")))
		if r == nil {
			t.Fatal(problems)
		}
		o := run(t, r, sizedGemeenten(t, "b6_12_bao", sizes, c.counts))["E1"]
		if o.Verdict != c.verdict || !strings.Contains(o.Sentence, c.says) {
			t.Errorf("%s: %s: %s", c.name, o.Verdict, o.Sentence)
		}
	}
}

// TestAnEmptyStudyIsUntestableAndNoFault runs everything on a study without
// answers: analysis never fails because there is nothing yet.
func TestAnEmptyStudyIsUntestableAndNoFault(t *testing.T) {
	t.Parallel()
	for id, o := range run(t, register(t), sizedGemeenten(t, "b6_12_bao", []string{"klein"}, [][]int{{1}})) {
		if o.Verdict != hypothesis.Untestable {
			t.Errorf("%s: %s", id, o.Sentence)
		}
		if _, err := json.Marshal(o); err != nil {
			t.Error(err)
		}
	}
}

func FuzzParse(f *testing.F) {
	text, _ := hypothesis.Text("inventarisatie")
	f.Add(text)
	f.Add([]byte(fmt.Sprintf(small, "{}")))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, problems := hypothesis.Parse(text)
		if (r == nil) != (len(problems) > 0) {
			t.Errorf("register %v with %d problems", r != nil, len(problems))
		}
	})
}
