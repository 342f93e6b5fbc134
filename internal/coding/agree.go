package coding

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// MinDouble is how many answers two people must have coded before a number says
// anything of how much they agree.
const MinDouble = 10

// MinGiven is how often a code must have been given before alpha judges it.
const MinGiven = 5

// The bounds of standards O5.
const (
	Reliable  = .80
	Tentative = .667
)

// An Agreement is how much coders agree before anybody decided.
type Agreement struct {
	Answers int // that two or more coded
	Same    int // of those, to which all gave exactly the same
	Coders  int
	Reason  string // why there are no numbers, "" where there are
	// Whole takes all codes of an answer together as one value: who gives one code
	// more disagrees. Kappa is of the two coders who share most answers, alpha of all.
	Whole Agreed
	Codes []Agreed // given or not, by code; of those in use, in the order of the frame
}

// Agreed are the measures of one code, or of all together.
type Agreed struct {
	Code    string // "" of all together
	Given   int    // how often coders gave it in these answers
	Kappa   stat.Test
	Alpha   stat.Test
	Verdict Verdict
}

// A Verdict is what alpha means (standards O5).
type Verdict string

// The verdicts.
const (
	IsReliable  Verdict = "betrouwbaar"
	IsTentative Verdict = "voorlopig"
	CodeAgain   Verdict = "opnieuw coderen"
	NoVerdict   Verdict = "niet te zeggen"
)

func verdictOf(alpha float64) Verdict {
	switch {
	case math.IsNaN(alpha):
		return NoVerdict
	case alpha >= Reliable:
		return IsReliable
	case alpha >= Tentative:
		return IsTentative
	}
	return CodeAgain
}

// Agreement measures how much coders agree, by stat's kappa and Krippendorff's
// alpha for names without order. Below MinDouble answers it says why not.
func (w *Work) Agreement() Agreement {
	var units [][]Assignment
	coders := map[int64]bool{}
	a := Agreement{}
	for _, x := range w.Answers {
		given := w.given[x.ID]
		if len(given) < 2 {
			continue
		}
		units = append(units, given)
		for _, g := range given {
			coders[g.Coder] = true
		}
		if w.allSame(given) {
			a.Same++
		}
	}
	a.Answers, a.Coders = len(units), len(coders)
	if a.Answers < MinDouble {
		a.Reason = fmt.Sprintf("Er zijn nog te weinig antwoorden door twee mensen gecodeerd: %d van de minstens %d.", a.Answers, MinDouble)
		return a
	}
	order := sortedCoders(units, coders)
	whole := map[string]float64{}
	a.Whole = agreed(units, order, func(x Assignment) float64 {
		key := strings.Join(x.Codes, " ")
		if _, known := whole[key]; !known {
			whole[key] = float64(len(whole))
		}
		return whole[key]
	})
	for _, c := range w.Frame.Open() {
		one := agreed(units, order, func(x Assignment) float64 {
			if slices.Contains(x.Codes, c.ID) {
				return 1
			}
			return 0
		})
		one.Code = c.ID
		for _, given := range units {
			for _, x := range given {
				if slices.Contains(x.Codes, c.ID) {
					one.Given++
				}
			}
		}
		if one.Given < MinGiven { // one slip makes such a code look bad
			one.Verdict, one.Alpha.Warnings = NoVerdict, append(one.Alpha.Warnings, "Te weinig keer gegeven.")
		}
		a.Codes = append(a.Codes, one)
	}
	return a
}

func (w *Work) allSame(given []Assignment) bool {
	return !slices.ContainsFunc(given, func(x Assignment) bool { return !same(x, given[0]) })
}

// sortedCoders puts the two who share most answers first, and the others after
// them.
func sortedCoders(units [][]Assignment, coders map[int64]bool) []int64 {
	var order []int64
	for c := range coders {
		order = append(order, c)
	}
	slices.Sort(order)
	shared := map[[2]int64]int{}
	best := [2]int64{order[0], order[1]}
	for i, a := range order {
		for _, b := range order[:i] {
			for _, given := range units {
				if has(given, a) && has(given, b) {
					shared[[2]int64{b, a}]++
				}
			}
			if pair := [2]int64{b, a}; shared[pair] > shared[best] {
				best = pair
			}
		}
	}
	rest := slices.DeleteFunc(order, func(c int64) bool { return c == best[0] || c == best[1] })
	return append(best[:], rest...)
}

func has(given []Assignment, coder int64) bool {
	return slices.ContainsFunc(given, func(x Assignment) bool { return x.Coder == coder })
}

// agreed measures how much coders agree on a value of what they gave.
func agreed(units [][]Assignment, coders []int64, value func(Assignment) float64) Agreed {
	ratings := make([][]float64, len(coders))
	for i := range ratings {
		ratings[i] = make([]float64, len(units))
		for u := range units {
			ratings[i][u] = math.NaN()
		}
	}
	values := 0
	for u, given := range units {
		for _, x := range given {
			v := value(x)
			values = max(values, int(v)+1)
			ratings[slices.Index(coders, x.Coder)][u] = v
		}
	}
	counts := make([][]int, values)
	for i := range counts {
		counts[i] = make([]int, values)
	}
	for u := range units {
		if a, b := ratings[0][u], ratings[1][u]; !math.IsNaN(a) && !math.IsNaN(b) {
			counts[int(a)][int(b)]++
		}
	}
	out := Agreed{Kappa: stat.KappaOf(counts), Alpha: stat.Krippendorff(ratings, stat.Nominal)}
	out.Verdict = verdictOf(out.Alpha.Effect.Value)
	return out
}
