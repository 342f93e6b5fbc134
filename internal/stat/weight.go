package stat

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// An EmptyCellError says that nobody was observed in a cell that the population
// has: no weight can make up for it.
type EmptyCellError struct {
	Margin int // which margin, from 0
	Cell   int // which of its cells, from 0
}

func (e *EmptyCellError) Error() string {
	return fmt.Sprintf("margin %d: cell %d is empty and its target is not", e.Margin, e.Cell)
}

// A StrayCellError says that cases were observed in a cell that the population
// does not have.
type StrayCellError struct{ Margin, Cell int }

func (e *StrayCellError) Error() string {
	return fmt.Sprintf("margin %d: cell %d has cases and its target is 0", e.Margin, e.Cell)
}

// ErrUnsound says that numbers to weight with are not numbers of 0 and up, or
// do not fit together.
var ErrUnsound = errors.New("weights need counts and targets of 0 and up that fit together")

// Deff is the design effect of weighting after Kish (1965): n·Σw² / (Σw)². It
// is how many times the variance of a mean grows by weights that have nothing to
// do with what is measured; 1 for equal weights, NaN for none.
func Deff(weights []float64) float64 {
	s, squares := 0.0, 0.0
	top := slices.Max(append(weights[:len(weights):len(weights)], 0))
	for _, w := range weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			return math.NaN()
		}
		s += w / top // on any scale, so that squares do not overflow
		squares += w / top * w / top
	}
	return float64(len(weights)) * squares / (s * s)
}

// EffectiveN is the number of equally weighted cases that tells as much as these:
// (Σw)² / Σw² = n / deff.
func EffectiveN(weights []float64) float64 { return float64(len(weights)) / Deff(weights) }

// PostStratify returns the weight of a case per cell, from counts of cases and
// of the population: w = (N_h/N) / (n_h/n). The mean weight of the cases is 1. A
// cell that neither has gets NaN.
func PostStratify(cases []int, population []float64) ([]float64, error) {
	if len(cases) != len(population) || !soundCounts(cases) || !soundWeights(population) {
		return nil, ErrUnsound
	}
	n, all := float64(total(cases)), sum(population)
	out := nans(len(cases))
	for h, target := range population {
		switch {
		case cases[h] == 0 && target > 0:
			return nil, &EmptyCellError{Cell: h}
		case cases[h] > 0 && target == 0:
			return nil, &StrayCellError{Cell: h}
		case cases[h] > 0:
			out[h] = target / all / (float64(cases[h]) / n)
		}
	}
	return out, nil
}
