package representativity

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Priority is a cell whose units are to be called, with what one more response
// there would do for R.
type Priority struct {
	Cell   int     // which cell of the population
	Left   int     // units in it that did not respond
	Chance float64 // estimated chance to respond
	Gain   float64 // R after one more response in this cell, less R now
	Why    string  // in a sentence
}

// Call orders the cells with units that did not respond by what one more
// response would gain for R, most first; then lowest chance, then the order of
// the cells. Gains are computed anew with that one response added, all else
// equal: they say which call helps most, not whether it will succeed.
func Call(p Population) []Priority {
	now := Estimate(p)
	if math.IsNaN(now.Indicators.R) {
		return everyone(p)
	}
	var out []Priority
	for i, cell := range p.Cells {
		if cell.Responded >= cell.Population {
			continue
		}
		then := Estimate(p.with(i)).Indicators
		out = append(out, Priority{Cell: i, Left: cell.Population - cell.Responded, Chance: now.Chances[i], Gain: rounded(then.R - now.Indicators.R),
			Why: p.why(i, now, then)})
	}
	slices.SortStableFunc(out, func(a, b Priority) int {
		return cmp.Or(cmp.Compare(b.Gain, a.Gain), cmp.Compare(rounded(a.Chance), rounded(b.Chance)), cmp.Compare(a.Cell, b.Cell))
	})
	return out
}

// rounded lets what differs by rounding only be equal, so that the order is the
// same on every machine.
func rounded(x float64) float64 { return math.Round(x*1e9) / 1e9 }

// with is the population with one more response in a cell.
func (p Population) with(cell int) Population {
	p.Cells = slices.Clone(p.Cells)
	p.Cells[cell].Responded++
	return p
}

// everyone is the order where nothing is known yet: the largest cells first.
func everyone(p Population) []Priority {
	var out []Priority
	for i, cell := range p.Cells {
		if cell.Responded < cell.Population {
			out = append(out, Priority{Cell: i, Left: cell.Population - cell.Responded, Chance: math.NaN(), Gain: math.NaN(),
				Why: "Er is nog geen respons om naar te kijken; de grootste groepen gaan voor."})
		}
	}
	slices.SortStableFunc(out, func(a, b Priority) int { return cmp.Or(cmp.Compare(b.Left, a.Left), cmp.Compare(a.Cell, b.Cell)) })
	return out
}

// why explains the place of a cell.
func (p Population) why(cell int, now Model, then Indicators) string {
	side := "minder"
	if now.Chances[cell] >= now.Indicators.Mean {
		side = "niet minder"
	}
	effect := "brengt de R-indicator van " + decimals(now.Indicators.R, 4) + " naar " + decimals(then.R, 4)
	return fmt.Sprintf("%s: de verwachte respons is er %s dan gemiddeld (%s tegen %s); één antwoord erbij %s.",
		p.Name(cell), side, percent(now.Chances[cell]), percent(now.Indicators.Mean), effect)
}

// Name names a cell by its categories.
func (p Population) Name(cell int) string {
	var parts []string
	for k, h := range p.Cells[cell].Categories {
		parts = append(parts, p.Characteristics[k].Name+" "+p.Characteristics[k].Categories[h].Label)
	}
	return strings.Join(parts, ", ")
}

// A Candidate is a unit that may be called; Code decides between equals.
type Candidate struct {
	Code string
	Cell int
}

// Order puts units in the order in which to call them: that of Call, and by code
// within a cell. Units of cells that need no call come last.
func Order(p Population, candidates []Candidate) []Candidate {
	place := map[int]int{}
	priorities := Call(p)
	for i, c := range priorities {
		place[c.Cell] = i
	}
	at := func(c Candidate) int {
		if i, ok := place[c.Cell]; ok {
			return i
		}
		return len(priorities)
	}
	out := slices.Clone(candidates)
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.Code, b.Code)) })
	return out
}
