package demo

import (
	"math"

	"github.com/uitvraag/uitvraag/internal/baseline"
	printed "github.com/uitvraag/uitvraag/internal/table"
)

// A table is one published table, turned so that answers are made from it: per
// row of the question the whole percentages and the number of answers, the
// grades, and how many wrote a text.
type table struct {
	ID       string
	Question string
	Columns  []string
	Rows     []tableRow
	Grades   []gradeRow
	Texts    int // number of units that wrote something
	Of       int // number of units that were asked to
}

type tableRow struct {
	Row     string // "" in a list of options
	N       int
	Percent []int // by column
}

type gradeRow struct {
	Row   string
	Cells []grade // by column
}

// A grade is how a mark was distributed.
type grade struct {
	Mean, SD float64
	Min, Max int
	N        int
}

// published returns the tables of an instrument by question.
func published(instrument string) map[string]table {
	tables := map[string]table{}
	for _, p := range baseline.Tables(instrument) {
		tables[p.Question] = turned(&p)
	}
	return tables
}

func turned(p *baseline.Table) table {
	t := table{ID: p.ID, Question: p.Question}
	switch p.Layout {
	case printed.Codes:
		t.Texts, t.Of = p.N, p.Asked
		return t
	case printed.Options:
		row := tableRow{N: p.N}
		for _, r := range p.Rows {
			t.Columns = append(t.Columns, r.Row)
			row.Percent = append(row.Percent, r.Cells[0].Whole)
		}
		t.Rows = []tableRow{row}
		return t
	}
	for _, c := range p.Columns {
		t.Columns = append(t.Columns, c.ID)
	}
	for _, r := range p.Rows {
		row, grades := tableRow{Row: r.Row, N: r.N}, gradeRow{Row: r.Row}
		for _, c := range r.Cells {
			if g := c.Grade; g != nil {
				grades.Cells = append(grades.Cells, grade{g.Mean, g.SD, int(g.Min), int(g.Max), g.N})
			} else {
				row.Percent = append(row.Percent, c.Whole)
			}
		}
		if grades.Cells != nil {
			t.Grades = append(t.Grades, grades)
		} else {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func (t *table) row(id string) tableRow {
	for _, r := range t.Rows {
		if r.Row == id {
			return r
		}
	}
	return tableRow{}
}

func (t *table) grade(row, column string) grade {
	for _, r := range t.Grades {
		for i, c := range t.Columns {
			if r.Row == row && c == column {
				return r.Cells[i]
			}
		}
	}
	return grade{}
}

// between returns the fewest and the most of n that are printed as percent; the
// fewest twice where none are.
func between(percent, n int) (low, high int) {
	low, high = printed.Between(percent, n)
	return low, max(high, low)
}

// shares divides n over categories so that each is printed as published. Where
// no division does that, the largest categories give or take what is over.
func shares(percent []int, n int) []int {
	counts := make([]int, len(percent))
	over := n
	for i, p := range percent {
		low, high := between(p, n)
		counts[i] = min(max(int(math.Round(float64(p*n)/100)), low), high)
		over -= counts[i]
	}
	for over != 0 {
		step := 1
		if over < 0 {
			step = -1
		}
		counts[roomiest(percent, counts, n, step)] += step
		over -= step
	}
	return counts
}

// roomiest returns the category that can best take a step: one that is printed
// the same after it, otherwise the largest.
func roomiest(percent, counts []int, n, step int) int {
	best, found := 0, false
	for i, p := range percent {
		low, high := between(p, n)
		fits := counts[i]+step >= low && counts[i]+step <= high
		if fits && !found || fits == found && counts[i] > counts[best] {
			best, found = i, found || fits
		}
	}
	return best
}
