package demo_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/demo"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
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

func testTables(t *testing.T, s stored) {
	seen := map[string]bool{}
	for _, audience := range []string{"swv", "gemeente"} {
		c := counter{form: s.forms[audience], filled: s.filled(t, audience)}
		for _, table := range demo.Published(audience) {
			q := c.form.In.Question(table.Question)
			for _, row := range table.Rows {
				for i, column := range table.Columns {
					name := strings.ReplaceAll(table.ID+"/"+row.Row+"/"+column, "//", "/")
					want := row.Percent[i]
					if text, ok := exceptions[name]; ok {
						seen[name] = true
						want = instead(t, text)
					}
					n, count := c.cell(q, row.Row, column)
					if got := int(math.Floor(float64(count)*100/float64(n) + .5)); got != want || n != row.N {
						t.Errorf("%s: %d %% of %d, want %d %% of %d", name, got, n, want, row.N)
					}
				}
			}
			for _, row := range table.Grades {
				for i, column := range table.Columns {
					c.testGrade(t, q.ID+"_"+row.Row+"_"+column, row.Cells[i])
				}
			}
			if n := c.texts(table.Question); table.Texts != n {
				t.Errorf("%s: %d texts, want %d", table.ID, n, table.Texts)
			}
		}
	}
	if len(seen) != len(exceptions) {
		t.Errorf("exceptions that are none: only %v occur", seen)
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

// A counter counts units.
type counter struct {
	form   *form.Form
	filled []answer.Filled
}

// cell returns how many units gave a valid, or expressly missing, answer to a
// row, and how many of them that of the column.
func (c counter) cell(q *instrument.Question, row, column string) (n, count int) {
	name := q.ID
	if row != "" {
		name += "_" + row
	}
	if q.Statements() {
		name = row
	}
	for _, f := range c.filled {
		v, want := c.form.Variable(name), ""
		if v == nil || v.Type == instrument.TextType {
			v, want = c.form.Variable(name+"_"+column), "1"
		} else {
			want, _ = v.Code(column)
		}
		if x, ok := v.Value(f.Answers[v.Name]); !ok || x.Reason == instrument.LeftOpen {
			continue
		}
		n += 1 + len(f.Covers)
		if f.Answers[v.Name] == want {
			count += 1 + len(f.Covers)
		}
	}
	return n, count
}

func (c counter) texts(variable string) (n int) {
	if v := c.form.Variable(variable); v == nil || v.Type != instrument.TextType {
		return 0
	}
	for _, f := range c.filled {
		if f.Answers[variable] != "" {
			n += 1 + len(f.Covers)
		}
	}
	return n
}

func (c counter) testGrade(t *testing.T, name string, want demo.Grade) {
	t.Helper()
	var got demo.Grade
	var sum, squares float64
	for _, f := range c.filled {
		v := c.form.Variable(name)
		if v.IsMissing(f.Answers[name]) {
			continue
		}
		x, _ := v.Value(f.Answers[name])
		w := 1 + len(f.Covers)
		got.N += w
		sum += float64(w * x.Code)
		squares += float64(w * x.Code * x.Code)
		if got.Min == 0 || x.Code < got.Min {
			got.Min = x.Code
		}
		got.Max = max(got.Max, x.Code)
	}
	n := float64(got.N)
	got.Mean = math.Round(100*sum/n) / 100
	got.SD = math.Round(100*math.Sqrt((squares-sum*sum/n)/(n-1))) / 100
	if got.N != want.N || got.Min != want.Min || got.Max != want.Max || math.Abs(got.Mean-want.Mean) > .0051 || math.Abs(got.SD-want.SD) > .0151 {
		t.Errorf("%s: %+v, want %+v", name, got, want)
	}
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
