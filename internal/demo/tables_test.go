package demo_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/table"
)

// exceptions are the cells that no answers can give, with what they are
// instead: see the package comment.
var exceptions = map[string]string{
	"B.5.29/ja":              "75, printed 77: with nee 102 of 100",
	"B.6.7/gemeente/vo":      "64, printed 85: the others can't have ticked a school type",
	"B.6.14/visie_3/s4":      "53, printed 54: the row adds up to 102",
	"B.6.14/visie_4/s3":      "52, printed 53: the row adds up to 102",
	"B.6.15/vertrouwen_1/s4": "47, printed 48: the row adds up to 102",
	"B.6.15/vertrouwen_4/s3": "44, printed 45: the row adds up to 102",
}

// testTables compares the book of tables with the published one, cell by cell.
func testTables(t *testing.T, s stored) {
	seen := map[string]bool{}
	for _, audience := range []string{"swv", "gemeente"} {
		d, err := s.Dataset(t.Context(), s.study, audience, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		in := s.forms[audience].In
		book, err := table.NewBook(table.Spec{}, in, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range baseline.Book(audience).Tables {
			got := book.Table(p.Question)
			if got == nil || got.ID != p.ID || got.Layout != p.Layout || got.Sum != p.Sum {
				t.Errorf("%s: %+v", p.ID, got)
				continue
			}
			if p.Layout == table.Codes {
				if got.N != p.N {
					t.Errorf("%s: %d texts, want %d", p.ID, got.N, p.N)
				}
				continue
			}
			testCells(t, got, p, seen)
		}
		for _, f := range table.Audit(book, in) {
			if f.Confidence == table.Certain {
				t.Errorf("the audit of the demonstration: %s", f.Text)
			}
		}
	}
	if len(seen) != len(exceptions) {
		t.Errorf("exceptions that are none: only %v occur", seen)
	}
}

func testCells(t *testing.T, got, want *table.Table, seen map[string]bool) {
	if len(got.Rows) != len(want.Rows) {
		t.Errorf("%s: %d rows, want %d", want.ID, len(got.Rows), len(want.Rows))
		return
	}
	for i, r := range want.Rows {
		g := got.Rows[i]
		if g.Row != r.Row || len(g.Cells) != len(r.Cells) || r.N != 0 && g.N != r.N {
			t.Errorf("%s: row %s of %d with %d cells, want %s of %d with %d", want.ID, g.Row, g.N, len(g.Cells), r.Row, r.N, len(r.Cells))
			continue
		}
		for j, c := range r.Cells {
			name := want.ID + "/" + r.Row + "/" + c.Column
			if g.Cells[j].Column != c.Column {
				t.Errorf("%s: column %s", name, g.Cells[j].Column)
			}
			if c.Grade != nil {
				testGrade(t, name, *g.Cells[j].Grade, *c.Grade)
				continue
			}
			printed, ok := got.Whole(&g, &g.Cells[j])
			whole := int(c.Percent)
			if text, ok := exceptions[strings.TrimSuffix(name, "/percentage")]; ok {
				seen[name] = true
				whole = instead(t, text)
			}
			if !ok || printed != whole {
				t.Errorf("%s: %d %% (%d of %d), want %d %%", name, printed, g.Cells[j].Count, g.N, whole)
			}
		}
	}
}

func testGrade(t *testing.T, name string, got, want table.Grade) {
	mean, sd := math.Round(100*got.Mean)/100, math.Round(100*got.SD)/100
	if got.N != want.N || got.Min != want.Min || got.Max != want.Max || math.Abs(mean-want.Mean) > .0051 || math.Abs(sd-want.SD) > .0151 {
		t.Errorf("%s: %+v, want %+v", name, got, want)
	}
}

// instead is the number at the start of an exception.
func instead(t *testing.T, text string) (percent int) {
	t.Helper()
	if _, err := fmt.Sscanf(text, "%d,", &percent); err != nil {
		t.Fatal(err)
	}
	return percent
}

// testReliability compares alpha, over responses with all items, with Bijlage 3.
func testReliability(t *testing.T, s stored) {
	want := map[string]map[string]float64{
		"swv":      {"gedeelde_visie": .843, "onderling_vertrouwen": .845, "randvoorwaarden": .843, "sturing": .881, "borging": .870, "meerwaarde": .897},
		"gemeente": {"gedeelde_visie": .836, "onderling_vertrouwen": .811, "randvoorwaarden": .816, "sturing": .722, "borging": .731, "meerwaarde": .811},
	}
	for audience, scales := range want {
		f := s.forms[audience]
		filled := s.filled(t, audience)
		for _, scale := range f.In.Scales {
			got := alpha(f, filled, scale.Items)
			if math.Abs(got-scales[scale.ID]) > .03 {
				t.Errorf("%s %s: alpha %.3f, want %.3f", audience, scale.ID, got, scales[scale.ID])
			}
		}
	}
}

func alpha(f *form.Form, filled []answer.Filled, items []string) float64 {
	var rows [][]float64
	for _, r := range filled {
		row := make([]float64, len(items))
		complete := true
		for i, name := range items {
			v := f.Variable(name)
			complete = complete && !v.IsMissing(r.Answers[name])
			x, _ := v.Value(r.Answers[name])
			row[i] = float64(x.Code)
		}
		if complete {
			rows = append(rows, row)
		}
	}
	sums := make([]float64, len(rows))
	var within float64
	for i := range items {
		column := make([]float64, len(rows))
		for j, row := range rows {
			column[j] = row[i]
			sums[j] += row[i]
		}
		within += variance(column)
	}
	k := float64(len(items))
	return k / (k - 1) * (1 - within/variance(sums))
}

func variance(x []float64) float64 {
	var sum, squares float64
	for _, v := range x {
		sum += v
		squares += v * v
	}
	n := float64(len(x))
	return (squares - sum*sum/n) / (n - 1)
}
