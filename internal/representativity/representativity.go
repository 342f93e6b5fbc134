// Package representativity compares the units that responded with those that
// did not, on what is known of both: tests per characteristic, R-indicators,
// weights, whom to call first, and what may be concluded, in plain sentences.
//
// It takes counts, not units: it must never know who a unit is, where the counts
// come from, or an answer to a question. Population counts come from the frame.
package representativity

import (
	"math"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// A Category is a value of a characteristic, with how many units of the
// population have it and how many of those responded.
type Category struct {
	Label      string
	Population int
	Responded  int
}

// A Characteristic is something that is known of every unit, such as region.
// Categories stand in the order in which they are to be shown.
type Characteristic struct {
	Name       string
	Categories []Category
}

// counts returns population, respondents and the rest per category.
func (c Characteristic) counts() (population, responded, rest []int) {
	for _, k := range c.Categories {
		population = append(population, k.Population)
		responded = append(responded, k.Responded)
		rest = append(rest, k.Population-k.Responded)
	}
	return population, responded, rest
}

// totals returns the size of the population and the number of respondents.
func (c Characteristic) totals() (population, responded int) {
	for _, k := range c.Categories {
		population += k.Population
		responded += k.Responded
	}
	return population, responded
}

// sound reports whether the counts are those of a part and its whole.
func (c Characteristic) sound() bool {
	for _, k := range c.Categories {
		if k.Responded < 0 || k.Population < k.Responded {
			return false
		}
	}
	return true
}

const (
	warnUnsound = "De tellingen kloppen niet: er zijn meer respondenten dan eenheden, of een telling is negatief."
	warnAll     = "Alle eenheden hebben geantwoord; er is niets te vergelijken."
	warnNobody  = "Er heeft nog niemand geantwoord; er is niets te vergelijken."
)

// A Comparison is the response against the non-response on one characteristic.
type Comparison struct {
	Characteristic Characteristic
	N, Responded   int        // of the population with a known or unknown value, as counted
	Naive          stat.Fit   // respondents against the population: "vergelijking met populatie" (R1)
	Primary        stat.Cross // respondents against non-respondents (R2)
	Exact          *stat.Test // instead of Primary's p, where an expected count is under 5 (R3)
	P              float64    // of Exact, or else of Primary
	PHolm          float64    // P, corrected for the number of characteristics tested
	Indicators     Indicators
	Conclusion     string
	Warnings       []string
}

// NaiveLabel is what the comparison with the population is called. It is no test
// of selective response: respondents are part of the population (R1).
const NaiveLabel = "vergelijking met populatie"

// Residual is the adjusted residual of a category: above 0 where more responded
// than expected; beyond ±2 deserves a look.
func (c Comparison) Residual(category int) float64 { return c.Primary.Adjusted[0][category] }

// A Report is the comparison on all characteristics that were tested.
type Report struct {
	Comparisons []Comparison // in the order given
	Level       float64      // below which a corrected p is called a difference
	Conclusion  string
}

// Level is the level of significance that is used.
const Level = 0.05

// Compare compares response with non-response on characteristics that were
// chosen beforehand. The p-values are corrected after Holm over all of them that
// can be tested (R3).
func Compare(characteristics []Characteristic) Report {
	r := Report{Level: Level}
	var ps []float64
	for _, c := range characteristics {
		r.Comparisons = append(r.Comparisons, compare(c))
		ps = append(ps, r.Comparisons[len(r.Comparisons)-1].P)
	}
	holm := stat.Holm(ps)
	for i := range r.Comparisons {
		r.Comparisons[i].PHolm = holm[i]
		r.Comparisons[i].conclude(r.tested())
	}
	r.conclude()
	return r
}

// tested counts the characteristics that could be tested.
func (r Report) tested() int {
	n := 0
	for _, c := range r.Comparisons {
		if !math.IsNaN(c.P) {
			n++
		}
	}
	return n
}

func compare(c Characteristic) Comparison {
	population, responded, rest := c.counts()
	out := Comparison{Characteristic: c}
	out.N, out.Responded = c.totals()
	weights := make([]float64, len(population))
	for i, n := range population {
		weights[i] = float64(n)
	}
	if !c.sound() {
		out.Warnings = []string{warnUnsound}
		responded, rest, weights = make([]int, len(responded)), make([]int, len(rest)), make([]float64, len(rest))
	}
	out.Naive = stat.Goodness(responded, weights)
	out.Primary = stat.Independence([][]int{responded, rest})
	out.P = out.Primary.P
	if out.Primary.Lowest < 5 {
		exact := stat.Fisher([][]int{responded, rest})
		out.Exact, out.P = &exact, exact.P
	}
	out.Indicators = Indicate(c)
	switch {
	case len(out.Warnings) > 0:
	case out.N > 0 && out.N == out.Responded:
		out.Warnings = []string{warnAll}
	case out.Responded == 0:
		out.Warnings = []string{warnNobody}
	case math.IsNaN(out.P):
		out.Warnings = out.Primary.Warnings
	case out.Exact != nil:
		out.Warnings = out.Exact.Warnings
	default:
		out.Warnings = out.Primary.Warnings
	}
	return out
}
