package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// The methods of differences.
const (
	Newcombe       Method = "Newcombe"
	WelchIntervals Method = "Welch"
)

// Difference is the share a less the share b of two independent groups, with the
// interval of Newcombe (1998, method 10), which is made of theirs:
//
//	d − √((a−la)² + (ub−b)²) to d + √((ua−a)² + (b−lb)²)
//
// A share without uncertainty, of all units of its population, has bounds equal
// to itself. N is that of both.
func Difference(a, b Interval) Interval {
	d := Interval{Value: a.Value - b.Value, Lo: math.NaN(), Hi: math.NaN(), N: a.N + b.N, Confidence: a.Confidence, Method: Newcombe}
	la, ua, fineA := bounds(a)
	lb, ub, fineB := bounds(b)
	switch {
	case math.IsNaN(d.Value):
		d.Warnings = []string{warnNoBase}
	case fineA && fineB:
		d.Lo = d.Value - math.Hypot(a.Value-la, ub-b.Value)
		d.Hi = d.Value + math.Hypot(ua-a.Value, b.Value-lb)
	}
	return d
}

// bounds are those of an interval, or its value where all units were seen.
func bounds(iv Interval) (lo, hi float64, ok bool) {
	if !math.IsNaN(iv.Lo) && !math.IsNaN(iv.Hi) {
		return iv.Lo, iv.Hi, true
	}
	if iv.Population > 0 && iv.N == iv.Population {
		return iv.Value, iv.Value, true
	}
	return 0, 0, false
}

// A Group is what is known of the numbers of a group.
type Group struct {
	Mean, SD   float64 // SD of a sample (n − 1)
	N          int
	Population int // of which N were drawn; 0 where it is endless
}

// MeanDifference is the mean of a less that of b, of independent groups with
// variances of their own (Welch 1947). The variance of each mean is that of a draw
// without replacement: s²/n·(1 − n/N).
func MeanDifference(a, b Group, confidence float64) Interval {
	d := Interval{Value: a.Mean - b.Mean, Lo: math.NaN(), Hi: math.NaN(), N: a.N + b.N, Confidence: confidence, Method: WelchIntervals}
	va, vb := a.variance(), b.variance()
	switch {
	case math.IsNaN(d.Value):
		d.Warnings = []string{warnNoBase}
	case !(confidence > 0 && confidence < 1):
		d.Warnings = []string{warnLevel}
	case math.IsNaN(va) || math.IsNaN(vb):
	case va+vb == 0:
		d.Lo, d.Hi = d.Value, d.Value
	default:
		df := (va + vb) * (va + vb) / (va*va/max(float64(a.N-1), 1) + vb*vb/max(float64(b.N-1), 1))
		half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(1-(1-confidence)/2) * math.Sqrt(va+vb)
		d.Lo, d.Hi = d.Value-half, d.Value+half
	}
	return d
}

// variance is that of the mean; NaN where it cannot be told.
func (g Group) variance() float64 {
	left := 1.0
	if g.Population > 0 {
		left = max(0, 1-float64(g.N)/float64(g.Population))
	}
	if left == 0 {
		return 0
	}
	if g.N < 2 || g.N > g.Population && g.Population > 0 {
		return math.NaN()
	}
	return g.SD * g.SD / float64(g.N) * left
}
