package stat

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts p-values so that the chance of one false finding or more among
// them stays at the chosen level (Holm 1979; R p.adjust "holm"): in ascending
// order p is multiplied by m, m−1, …, 1, never below the one before, at most 1.
// A p that is NaN stays NaN and does not count in m.
func Holm(ps []float64) []float64 {
	out, order := ascending(ps)
	highest := 0.0
	for i, at := range order {
		highest = max(highest, float64(len(order)-i)*ps[at])
		out[at] = min(highest, 1)
	}
	return out
}

// BenjaminiHochberg adjusts p-values so that the expected share of false
// findings among the findings stays at the chosen level (Benjamini and Hochberg
// 1995; R p.adjust "BH"). A p that is NaN stays NaN and does not count.
func BenjaminiHochberg(ps []float64) []float64 {
	out, order := ascending(ps)
	lowest := 1.0
	for i, at := range slices.Backward(order) {
		lowest = min(lowest, float64(len(order))/float64(i+1)*ps[at])
		out[at] = lowest
	}
	return out
}

// ascending returns a slice of NaN and the indexes of the numbers in ps, lowest
// first; equal ones in the order given.
func ascending(ps []float64) (out []float64, order []int) {
	for i, p := range ps {
		if !math.IsNaN(p) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	return nans(len(ps)), order
}
