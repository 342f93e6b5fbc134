package stat

import "math"

// The methods and effects of comparing two means.
const (
	StudentT Method = "t-toets (Student)"
	WelchT   Method = "t-toets (Welch)"
	PairedT  Method = "t-toets voor paren"

	CohenD  = "Cohens d"
	HedgesG = "Hedges' g"
	CohenDz = "Cohens d van de verschillen"
)

// A Comparison is a test of two means. Value of Difference is the first less
// the second.
type Comparison struct {
	Test
	Difference Interval
	Groups     [2]Moments
}

func noComparison(m Method, name string, n int, groups [2]Moments, warnings ...string) Comparison {
	c := Comparison{Test: nothing(m, name, n, ""), Groups: groups}
	c.Warnings = warnings
	c.Difference = Interval{Value: groups[0].Mean - groups[1].Mean, Lo: math.NaN(), Hi: math.NaN(), N: n, Confidence: confidence, Method: m}
	return c
}

// StudentTest tests whether two independent means are equal, of groups with one
// variance: t = (x̄ − ȳ) / (s·√(1/n + 1/m)), df = n+m−2 (Student 1908; R t.test
// with var.equal = TRUE). The effect is Cohen's d.
func StudentTest(x, y []float64) Comparison {
	return compare(x, y, StudentT, func(a, b *group) (se, df float64) {
		df = a.n() + b.n() - 2
		return math.Sqrt((a.ss + b.ss) / df * (1/a.n() + 1/b.n())), df
	})
}

// WelchTest is StudentTest of groups with variances of their own: t = (x̄ − ȳ) /
// √(s²/n + u²/m), with the degrees of freedom of Welch (1947) and Satterthwaite
// (R t.test). The effect is Hedges' g.
func WelchTest(x, y []float64) Comparison {
	return compare(x, y, WelchT, func(a, b *group) (se, df float64) {
		u, v := a.variance()/a.n(), b.variance()/b.n()
		return math.Sqrt(u + v), (u + v) * (u + v) / (u*u/(a.n()-1) + v*v/(b.n()-1))
	})
}

func compare(x, y []float64, m Method, spread func(a, b *group) (se, df float64)) Comparison {
	name := CohenD
	if m == WelchT {
		name = HedgesG
	}
	infinite := 0
	gs := newGroups([][]float64{x, y}, &infinite)
	a, b := gs[0], gs[1]
	n := len(a.xs) + len(b.xs)
	groups := [2]Moments{a.moments(), b.moments()}
	warnings := warnInfinite(infinite)
	switch {
	case len(a.xs) == 0 || len(b.xs) == 0 || n < 3 || m == WelchT && min(len(a.xs), len(b.xs)) < 2:
		return noComparison(m, name, n, groups, append(warnings, warnFew)...)
	case a.ss+b.ss == 0:
		return noComparison(m, name, n, groups, append(warnings, warnConstant)...)
	}
	se, df := spread(a, b)
	d := a.mean - b.mean
	c := Comparison{Groups: groups}
	c.Test = Test{Method: m, N: n, Statistic: d / se, DF: df, P: tTails(d/se, df), Warnings: warnings, Effect: standardised(a, b, m == WelchT)}
	half := tQuantile(1-(1-confidence)/2, df) * se
	c.Difference = Interval{Value: d * a.scale, Lo: (d - half) * a.scale, Hi: (d + half) * a.scale, N: n, Confidence: confidence, Method: m}
	if min(len(a.xs), len(b.xs)) < 10 {
		c.Warnings = append(c.Warnings, warnSmallGroup)
	}
	return c
}

// standardised is the difference of two means in standard deviations of both
// groups together: Cohen's d, or Hedges' g = J·d with J = Γ(k/2) / (√(k/2)·Γ((k−1)/2)),
// k = n+m−2 (Hedges 1981). The interval holds the d for which the noncentral t
// distribution leaves d·√(nm/(n+m)) possible (Steiger and Fouladi 1997; R
// effectsize cohens_d), times J for g. It supposes one variance, also for g.
func standardised(a, b *group, corrected bool) Effect {
	k := a.n() + b.n() - 2
	wide := math.Sqrt(1/a.n() + 1/b.n())
	d := (a.mean - b.mean) / math.Sqrt((a.ss+b.ss)/k)
	name, j := CohenD, 1.0
	if corrected {
		name, j = HedgesG, math.NaN()
		if k > 1 {
			up, _ := math.Lgamma(k / 2)
			down, _ := math.Lgamma((k - 1) / 2)
			j = math.Exp(up-down) / math.Sqrt(k/2)
		}
	}
	lo, hi, ok := tInterval(d/wide, k)
	return effect(name, j*d).withInterval(j*lo*wide, j*hi*wide, ok)
}

// PairedTest tests whether the mean of x − y over the complete pairs is 0: t =
// d̄·√n / s, df = n−1 (R t.test with paired = TRUE). The effect is d̄/s, with the
// interval of the noncentral t distribution.
func PairedTest(x, y []float64) Comparison {
	infinite := 0
	x, y = pairs(x, y, &infinite)
	gs := newGroups([][]float64{x, y}, &infinite)
	differences := make([]float64, len(x))
	for i := range differences {
		differences[i] = gs[0].xs[i] - gs[1].xs[i]
	}
	d := &group{xs: differences, scale: gs[0].scale}
	d.mean, d.ss = centred(d.xs)
	groups := [2]Moments{gs[0].moments(), gs[1].moments()}
	n := len(d.xs)
	warnings := warnInfinite(infinite)
	switch {
	case n < 2:
		return noComparison(PairedT, CohenDz, n, groups, append(warnings, warnFew)...)
	case d.ss == 0:
		return noComparison(PairedT, CohenDz, n, groups, append(warnings, warnConstant)...)
	}
	sd := math.Sqrt(d.variance())
	se := sd / math.Sqrt(d.n())
	size := d.mean / sd
	lo, hi, ok := tInterval(d.mean/se, d.n()-1)
	half := tQuantile(1-(1-confidence)/2, d.n()-1) * se
	c := Comparison{Groups: groups, Test: Test{Method: PairedT, N: n, Statistic: d.mean / se, DF: d.n() - 1, P: tTails(d.mean/se, d.n()-1),
		Effect: effect(CohenDz, size).withInterval(lo/math.Sqrt(d.n()), hi/math.Sqrt(d.n()), ok), Warnings: warnings}}
	c.Difference = Interval{Value: d.mean * d.scale, Lo: (d.mean - half) * d.scale, Hi: (d.mean + half) * d.scale, N: n, Confidence: confidence, Method: PairedT}
	return c
}
