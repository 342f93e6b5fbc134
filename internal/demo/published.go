package demo

import (
	"embed"
	"encoding/json"
	"math"
)

// The published results of 2018: per table the whole percentages and the number
// of answers of each row, the grades, and how many wrote a text.
//
//go:embed published/*.json
var publishedFiles embed.FS

// A table is one published table.
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
func published(instrument string) (map[string]table, error) {
	text, err := publishedFiles.ReadFile("published/" + instrument + ".json")
	if err != nil {
		return nil, err
	}
	var list []table
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, err
	}
	tables := make(map[string]table, len(list))
	for _, t := range list {
		tables[t.Question] = t
	}
	return tables, nil
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

// between returns the fewest and the most of n that are printed as percent,
// halves rounded up.
func between(percent, n int) (low, high int) {
	low = int(math.Ceil((float64(percent)-0.5)*float64(n)/100 - 1e-9))
	high = int(math.Ceil((float64(percent)+0.5)*float64(n)/100-1e-9)) - 1
	low = max(low, 0)
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
