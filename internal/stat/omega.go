package stat

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// The method and effect of OmegaOf.
const (
	McDonald Method = "McDonalds omega (één factor, minres)"

	Omega = "omega"
)

const (
	warnThreeItems = "Omega vraagt ten minste drie stellingen."
	warnNoOmega    = "De stellingen hebben geen gemeenschappelijke factor; omega bestaat dan niet."
)

// OmegaOf computes McDonald's omega of the sum of items, a column each, over the
// rows without a missing: omega total of one factor,
//
//	ω = (Σλᵢsᵢ)² / ((Σλᵢsᵢ)² + Σψᵢsᵢ²)
//
// with λ and ψ the loadings and unique variances of minres on the correlations, and
// s the standard deviations (McDonald 1999). Like alpha it is of the items as they
// are; unlike alpha it does not ask that they measure equally well.
//
// The interval is that of the delta method without an assumption of how answers
// are spread (as Maydeu-Olivares, Coffman and Hartmann 2007 for alpha): each row's
// influence on ω through the covariances, on the scale of the logit so that it
// stays between 0 and 1. There is no test, so no p.
func OmegaOf(items [][]float64) Test {
	t := Test{Method: McDonald, Statistic: math.NaN(), DF: math.NaN(), P: math.NaN(), Effect: effect(Omega, math.NaN())}
	if len(items) < 3 {
		t.Warnings = []string{warnThreeItems}
		return t
	}
	c, why := correlated(items)
	t.N = c.n
	if why != "" {
		t.Warnings = []string{why}
		return t
	}
	groups := newGroups(complete(items), new(int))
	sizes := make([]float64, len(groups))
	for i, g := range groups {
		sizes[i] = math.Sqrt(g.variance())
	}
	one := oneFactor{sizes: sizes, start: ownShares(&c.inverse)}
	value, l, ok := one.omega(c.r)
	if !ok {
		t.Warnings = []string{warnNoOmega}
		return t
	}
	t.Effect.Value = value
	one.start = l.unique // near where each search below ends
	t.Warnings = oneFactorWarnings(l)
	half := normalQuantile(1-(1-confidence)/2) * one.standardError(c.r, groups) / (value * (1 - value))
	if value > 0 && value < 1 && finite(half) {
		logit := math.Log(value / (1 - value))
		t.Effect.Lo, t.Effect.Hi, t.Effect.Confidence = expit(logit-half), expit(logit+half), confidence
	}
	return t
}

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func oneFactorWarnings(l loaded) []string {
	var out []string
	l.loadings, _ = inOrder(l.loadings, identity(1))
	opposite, heywood := false, false
	for i, row := range l.loadings {
		opposite = opposite || row[0] < 0
		heywood = heywood || l.unique[i] <= leastUnique
	}
	if opposite {
		out = append(out, warnOpposite)
	}
	if heywood {
		out = append(out, warnHeywood)
	}
	return out
}

// oneFactor computes ω of covariances near those of the data, in units of the
// standard deviations of the items.
type oneFactor struct {
	sizes []float64
	start []float64 // unique variances to begin from
}

func (o oneFactor) omega(covariances *mat.SymDense) (value float64, l loaded, ok bool) {
	k := len(o.sizes)
	r := mat.NewSymDense(k, nil)
	size := make([]float64, k)
	for i := range k {
		size[i] = math.Sqrt(covariances.At(i, i))
		for j := range i + 1 {
			r.SetSym(i, j, covariances.At(i, j)/(size[i]*size[j]))
		}
	}
	if l, ok = minres(r, o.start, 1); !ok {
		return math.NaN(), l, false
	}
	together, apart := 0.0, 0.0
	for i, row := range l.loadings {
		s := size[i] * o.sizes[i]
		together += row[0] * s
		apart += l.unique[i] * s * s
	}
	value = together * together / (together*together + apart)
	return value, l, finite(value)
}

// nudge is how far covariances are moved to see what ω does: the error of the
// middle difference is about its square.
const nudge = 1e-4

// standardError is √(Σ d²/(n(n−1))), with d what each row adds to ω: the slope of
// ω by each covariance, times what the row's products differ from it.
func (o oneFactor) standardError(r *mat.SymDense, groups []*group) float64 {
	k := len(groups)
	n := groups[0].n()
	slope := make([][]float64, k)
	middle := 0.0 // Σ slope·covariance
	for i := range k {
		slope[i] = make([]float64, i+1)
		for j := range i + 1 {
			up, ok1 := o.nudged(r, i, j, nudge)
			down, ok2 := o.nudged(r, i, j, -nudge)
			if !ok1 || !ok2 {
				return math.NaN()
			}
			slope[i][j] = (up - down) / (2 * nudge)
			middle += slope[i][j] * r.At(i, j)
		}
	}
	z := make([]float64, k)
	squares := 0.0
	for at := range groups[0].xs {
		d := -middle
		for i, g := range groups {
			z[i] = (g.xs[at] - g.mean) / o.sizes[i]
			for j := range i + 1 {
				d += slope[i][j] * z[i] * z[j]
			}
		}
		squares += d * d
	}
	return math.Sqrt(squares / (n * (n - 1)))
}

func (o oneFactor) nudged(r *mat.SymDense, i, j int, by float64) (float64, bool) {
	moved := mat.NewSymDense(len(o.sizes), nil)
	moved.CopySym(r)
	moved.SetSym(i, j, r.At(i, j)+by)
	value, _, ok := o.omega(moved)
	return value, ok
}
