package table_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A printer makes books of answers by chance, as they would be printed: whole
// percentages, no counts.
type printer struct{ *rand.Rand }

func (p printer) columns() []table.Column {
	var cs []table.Column
	for i := range 2 + p.IntN(5) {
		cs = append(cs, table.Column{ID: fmt.Sprint("c", i), Label: fmt.Sprint("Antwoord ", i)})
	}
	return append(cs, table.Column{ID: "geen_zicht", Label: "Geen zicht op", Missing: instrument.NoView}, table.Column{ID: "nvt", Label: "Nvt", Missing: instrument.NotApply})
}

// shares are how popular each option is.
func (p printer) shares(k int) []float64 {
	xs, sum := make([]float64, k), 0.0
	for i := range xs {
		xs[i] = math.Pow(p.Float64(), 2)
		sum += xs[i]
	}
	for i := range xs {
		xs[i] /= sum
	}
	return xs
}

func (p printer) choose(shares []float64) int {
	x := p.Float64()
	for i, s := range shares {
		if x -= s; x < 0 {
			return i
		}
	}
	return len(shares) - 1
}

// counts are how n people answered one question: one choice, or several where the
// last two exclude the others.
func (p printer) counts(n, k int, several bool) []int {
	counts, shares := make([]int, k), p.shares(k)
	for range n {
		c := p.choose(shares)
		counts[c]++
		for i := range k - 2 {
			if several && c < k-2 && i != c && p.Float64() < .4 {
				counts[i]++
			}
		}
	}
	return counts
}

func (p printer) matrix(id string, n int, several bool) *table.Table {
	t := &table.Table{ID: id, Question: id, Layout: table.Matrix, Sum: table.SumRow, Columns: p.columns()}
	if several {
		t.Sum = table.SumMulti
	}
	for i := range 1 + p.IntN(9) {
		r := table.Row{Row: fmt.Sprint(id, "_r", i), Label: fmt.Sprint("Rij ", i), N: n}
		for j, count := range p.counts(n, len(t.Columns), several) {
			c := table.Counted(t.Columns[j].ID, table.Unknown)
			c.Percent = float64(table.Percent(count, n))
			r.Cells = append(r.Cells, c)
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

func (p printer) options(id string, n int) *table.Table {
	t := &table.Table{ID: id, Question: id, Layout: table.Options, Sum: table.SumColumn, N: n, Columns: []table.Column{{ID: "percentage", Label: "Percentage"}}}
	for i, count := range p.counts(n, 2+p.IntN(6), false) {
		c := table.Counted("percentage", table.Unknown)
		c.Percent = float64(table.Percent(count, n))
		t.Rows = append(t.Rows, table.Row{Row: fmt.Sprint("r", i), N: n, Cells: []table.Cell{c}})
	}
	return t
}

// grades are printed with two decimals.
func (p printer) grades(id string, n int) *table.Table {
	t := &table.Table{ID: id, Question: id, Layout: table.Grades, Sum: table.SumNone, Columns: []table.Column{{ID: "a", Label: "A"}, {ID: "b", Label: "B"}, {ID: "c", Label: "C"}}}
	for i := range 4 {
		r := table.Row{Row: fmt.Sprint("r", i), Label: fmt.Sprint("Rij ", i)}
		for _, c := range t.Columns {
			cell, shares := table.Counted(c.ID, table.Unknown), p.shares(10)
			var grades []float64
			for range 1 + p.IntN(n) {
				grades = append(grades, float64(1+p.choose(shares)))
			}
			cell.Grade = describe(grades)
			r.Cells = append(r.Cells, cell)
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// describe gives a grade as it is printed.
func describe(xs []float64) *table.Grade {
	g := &table.Grade{N: len(xs), Min: math.Inf(1), Max: math.Inf(-1), SD: math.NaN()}
	sum, squares := 0.0, 0.0
	for _, x := range xs {
		sum += x
		g.Min, g.Max = min(g.Min, x), max(g.Max, x)
	}
	mean := sum / float64(len(xs))
	for _, x := range xs {
		squares += (x - mean) * (x - mean)
	}
	g.Mean = math.Round(100*mean) / 100
	if len(xs) > 1 {
		g.SD = math.Round(100*math.Sqrt(squares/float64(len(xs)-1))) / 100
	}
	return g
}

func (p printer) book(n int) *table.Book {
	b := &table.Book{Instrument: "swv"}
	for i := range 12 {
		id := fmt.Sprint("T.", i)
		switch p.IntN(4) {
		case 0:
			b.Tables = append(b.Tables, p.options(id, n))
		case 1:
			b.Tables = append(b.Tables, p.grades(id, n))
		default:
			b.Tables = append(b.Tables, p.matrix(id, n, p.IntN(3) == 0))
		}
	}
	return b
}

// TestTheAuditRaisesNoFalseAlarm audits thousands of tables of answers by chance.
// Nothing may be found that is said to be certain, and next to nothing else.
func TestTheAuditRaisesNoFalseAlarm(t *testing.T) {
	t.Parallel()
	p := printer{rand.New(rand.NewPCG(20, 18))}
	doubts, tables := 0, 0
	for range 400 {
		b := p.book([]int{1, 2, 7, 19, 75, 105, 217, 999, 12345}[p.IntN(9)])
		tables += len(b.Tables)
		for _, f := range table.Audit(b, nil) {
			if f.Confidence == table.Certain {
				text, _ := json.Marshal(b.Table(f.Table))
				t.Fatalf("%s\n%s", f.Text, text)
			}
			doubts++
			t.Log(f.Text)
		}
	}
	if doubts*1000 > tables {
		t.Errorf("%d doubts about %d sound tables", doubts, tables)
	}
}

// TestTheAuditFindsWhatWasChanged changes one number of a sound table to one that
// cannot be.
func TestTheAuditFindsWhatWasChanged(t *testing.T) {
	t.Parallel()
	p := printer{rand.New(rand.NewPCG(1, 2))}
	tests := []struct {
		name   string
		table  func() *table.Table
		change func(*table.Table)
	}{
		{"a cell of one choice, by ten points", func() *table.Table { return p.matrix("T", 217, false) }, func(x *table.Table) { x.Rows[0].Cells[0].Percent += 10 }},
		{"a cell above 100", func() *table.Table { return p.matrix("T", 217, true) }, func(x *table.Table) { x.Rows[0].Cells[0].Percent = 101 }},
		{"a percentage that no count gives", func() *table.Table { return p.options("T", 7) }, func(x *table.Table) { x.Rows[0].Cells[0].Percent = 13 }},
		{"an answer beside those that exclude it", func() *table.Table { return p.matrix("T", 100, true) }, func(x *table.Table) {
			cells := x.Rows[0].Cells
			cells[0].Percent = 100 - cells[len(cells)-1].Percent - cells[len(cells)-2].Percent + 2
		}},
		{"a mean above the highest grade", func() *table.Table { return p.grades("T", 100) }, func(x *table.Table) { g := x.Rows[1].Cells[1].Grade; g.Mean = g.Max + .01 }},
		{"a standard deviation too large", func() *table.Table { return p.grades("T", 100) }, func(x *table.Table) { g := x.Rows[0].Cells[0].Grade; g.N, g.SD = max(g.N, 2), 10 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for range 200 {
				x := test.table()
				test.change(x)
				findings := table.Audit(&table.Book{Tables: []*table.Table{x}}, nil)
				if len(findings) == 0 || findings[0].Confidence != table.Certain {
					text, _ := json.Marshal(x)
					if cells := x.Rows[0].Cells; strings.Contains(test.name, "exclude") && cells[len(cells)-1].Percent+cells[len(cells)-2].Percent == 0 {
						continue // nobody excludes it
					}
					t.Fatalf("not found: %v\n%s", findings, text)
				}
			}
		})
	}
}

// TestPercentagesAreHalfUpOnTheExactFraction holds the values of standards T9,
// and that Between is the opposite of Percent.
func TestPercentagesAreHalfUpOnTheExactFraction(t *testing.T) {
	t.Parallel()
	for _, x := range [][3]int{{105, 151, 70}, {200, 380, 53}, {217, 380, 57}, {38, 105, 36}, {38, 104, 37}, {1, 200, 1}, {1, 8, 13}, {0, 5, 0}, {5, 5, 100}} {
		if got := table.Percent(x[0], x[1]); got != x[2] {
			t.Errorf("%d of %d is %d %%, want %d", x[0], x[1], got, x[2])
		}
	}
	for n := 1; n <= 260; n++ {
		seen := map[int][]int{}
		for count := range n + 1 {
			p := table.Percent(count, n)
			seen[p] = append(seen[p], count)
		}
		for p := range 101 {
			fewest, most := table.Between(p, n)
			if counts := seen[p]; len(counts) == 0 && most >= fewest || len(counts) > 0 && (counts[0] != fewest || counts[len(counts)-1] != most) {
				t.Fatalf("%d %% of %d: %d to %d, want %v", p, n, fewest, most, counts)
			}
		}
	}
}
