// Package stat computes estimates and tests on numbers. Every result carries
// what it rests on: how many cases, degrees of freedom, statistic, p, an effect
// size with its name, the method, and warnings that belong beside it.
//
// It must never know what the numbers mean: no labels, no questions, no strata,
// no database. Data never make it panic: where nothing can be said a number is
// NaN, and a warning says why. No function changes a slice that it is given, and
// none uses a random number that is not fixed by a seed.
package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Method names how a result was computed.
type Method string

// The methods of tests.
const (
	Pearson      Method = "chikwadraat (Pearson)"
	PearsonYates Method = "chikwadraat (Pearson, correctie van Yates)"
	FisherExact  Method = "exacte toets van Fisher"
	FisherDrawn  Method = "toets van Fisher, Monte Carlo"
	Likelihood   Method = "likelihood-ratio"
)

// The names of effect sizes.
const (
	CramerV  = "Cramérs V"
	CohenW   = "Cohens w"
	McFadden = "McFaddens R²"
)

// An Effect is a size of an effect, with its name and an interval around it. Lo
// and Hi are NaN where there is no interval.
type Effect struct {
	Name       string
	Value      float64
	Lo, Hi     float64
	Confidence float64 // of the interval, such as 0.95; 0 without one
}

// effect is an effect without an interval.
func effect(name string, value float64) Effect {
	return Effect{Name: name, Value: value, Lo: math.NaN(), Hi: math.NaN()}
}

// A Test is the outcome of a test of significance. Its numbers are NaN where
// there is nothing to test. Warnings make it doubtful, not wrong, and are to be
// shown beside it.
type Test struct {
	Method    Method
	N         int
	Statistic float64 // NaN for a test without one
	DF        float64 // NaN for a test without them
	DF2       float64 // of the denominator of an F; 0 for a test that has none
	P         float64
	StdErr    float64 // standard error of P where it was drawn, else 0
	Draws     int     // how many draws P rests on, 0 where it was computed
	Effect    Effect
	Warnings  []string
}

// What a warning says; the texts are footnotes for the reader of a result.
const (
	warnEmptyBase   = "Er zijn te weinig gevulde categorieën om iets te toetsen."
	warnUnsound     = "De tellingen zijn geen tabel van niet-negatieve getallen."
	warnDropped     = "Lege rijen of kolommen zijn buiten de toets gelaten."
	warnLowExpected = "Een verwachte telling is kleiner dan 5; de chikwadraatbenadering is dan onzeker."
	warnImpossible  = "Er zijn tellingen in een categorie waar er volgens de verwachting geen kunnen zijn."
	warnYates       = "De correctie van Yates bestaat alleen voor 2 bij 2; zij is niet toegepast."
)

// nothing is a test of which nothing can be said.
func nothing(m Method, name string, n int, warning string) Test {
	nan := math.NaN()
	return Test{Method: m, N: n, Statistic: nan, DF: nan, P: nan, Effect: effect(name, nan), Warnings: []string{warning}}
}

// chiSquareTail is the upper tail of the chi-square distribution.
func chiSquareTail(x, df float64) float64 {
	switch {
	case math.IsNaN(x) || !(df > 0):
		return math.NaN()
	case math.IsInf(x, 1):
		return 0
	}
	return distuv.ChiSquared{K: df}.Survival(x)
}

// normalQuantile is the z below which a share p of the standard normal
// distribution lies.
func normalQuantile(p float64) float64 {
	if !(p > 0 && p < 1) {
		return math.NaN()
	}
	return distuv.UnitNormal.Quantile(p)
}

// total adds counts.
func total(counts []int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

// sum adds numbers.
func sum(xs []float64) float64 {
	s := 0.0
	for _, x := range xs {
		s += x
	}
	return s
}

// nans returns n numbers that say nothing.
func nans(n int) []float64 { return slices.Repeat([]float64{math.NaN()}, n) }

// finite reports whether x is a number that can be counted with.
func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
