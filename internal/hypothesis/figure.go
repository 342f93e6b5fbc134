package hypothesis

import (
	"math"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// A FigureTable is a figure with its numbers.
type FigureTable struct {
	Figure
	ByLabel string // what the rows are
	Columns []FigureColumn
	Rows    []FigureRow
	Method  string  // of the test behind the stars
	P       float64 // of counts: of the whole table; else NaN
	N       int     // of counts
	Missing string  // the variable that is not there, "" for a table
}

// A FigureColumn is a scale, a variable, or an answer.
type FigureColumn struct {
	ID, Label string
	Stars     string // * p < 0,05, ** p < 0,01
	P         float64
	N         int
}

// A FigureRow is a group.
type FigureRow struct {
	ID, Label string
	Cells     []FigureCell
}

// A FigureCell holds what its figure is about: a mean with spread and base, or
// a count with its percentage, 0 to 100. Numbers that do not exist are NaN.
type FigureCell struct {
	N        int
	Mean, SD float64
	Percent  float64
}

// Stars are those of a p-value (standards T7).
func Stars(p float64) string {
	switch {
	case p < 0.01:
		return "**"
	case p < 0.05:
		return "*"
	}
	return ""
}

// Tables makes the figures of the register that are about this input.
func (r *Register) Tables(o Options, in Input) ([]FigureTable, error) {
	f, err := newFrame(in.In, in.Data, r.Derived, o)
	if err != nil {
		return nil, err
	}
	var out []FigureTable
	for _, g := range r.Figures {
		if g.Instrument == in.In.Name {
			out = append(out, f.figure(g))
		}
	}
	return out, nil
}

func (f *frame) figure(g Figure) FigureTable {
	t := FigureTable{Figure: g, P: math.NaN()}
	by := f.variable(g.Rows)
	if by == nil || len(by.categories) == 0 {
		t.Missing = g.Rows
		return t
	}
	t.ByLabel = by.label
	var columns []*variable
	for _, name := range g.Columns {
		v := f.variable(name)
		if v == nil {
			t.Missing = name
			return t
		}
		columns = append(columns, v)
	}
	if g.Kind == "counts" {
		t.counts(by, columns[0])
		return t
	}
	for _, c := range by.categories {
		t.Rows = append(t.Rows, FigureRow{ID: c.id, Label: c.label})
	}
	for _, v := range columns {
		groups := by.groups(v.xs)
		test := stat.Anova(groups)
		t.Method = string(test.Method)
		t.Columns = append(t.Columns, FigureColumn{ID: v.name, Label: v.label, Stars: Stars(test.P), P: test.P, N: test.N})
		for i, xs := range groups {
			m := stat.Describe(xs)
			t.Rows[i].Cells = append(t.Rows[i].Cells, FigureCell{N: m.N, Mean: m.Mean, SD: m.SD, Percent: math.NaN()})
		}
	}
	return t
}

// counts fills a table of how often an answer was given in a group.
func (t *FigureTable) counts(by, y *variable) {
	table := y.counts(by)
	c := stat.Independence(table)
	test := c.Test
	if c.Lowest < 5 {
		test = stat.Fisher(table)
	}
	t.Method, t.P, t.N = string(test.Method), test.P, test.N
	rows, columns := make([]int, len(table)), make([]int, len(y.categories))
	for i, row := range table {
		for j, n := range row {
			rows[i] += n
			columns[j] += n
		}
	}
	for j, c := range y.categories {
		t.Columns = append(t.Columns, FigureColumn{ID: c.id, Label: c.label, P: math.NaN(), N: columns[j]})
	}
	for i, c := range by.categories {
		row := FigureRow{ID: c.id, Label: c.label}
		for j, n := range table[i] {
			base := columns[j]
			if t.Percent == "row" {
				base = rows[i]
			}
			p := math.NaN()
			if base > 0 {
				p = 100 * float64(n) / float64(base)
			}
			row.Cells = append(row.Cells, FigureCell{N: n, Mean: math.NaN(), SD: math.NaN(), Percent: p})
		}
		t.Rows = append(t.Rows, row)
	}
}
