package stat

import (
	"math"
	"slices"
)

// The methods and effects of comparing several means.
const (
	OneWay       Method = "variantieanalyse"
	WelchOneWay  Method = "variantieanalyse (Welch)"
	LeveneMean   Method = "toets van Levene (rond het gemiddelde)"
	LeveneMedian Method = "toets van Levene (rond de mediaan, Brown-Forsythe)"

	EtaSquared   = "eta²"
	OmegaSquared = "omega²"
)

// A Spread is a test of several groups. Groups has one entry for every group
// given, also where it took no part.
type Spread struct {
	Test
	Groups []Moments
	Omega  Effect // omega², less biased than the eta² of Effect
}

// sums are what analyses of variance are made of.
type sums struct {
	used            []*group
	n               float64
	mean            float64
	between, within float64
}

// spreadOf prepares groups of at least the given size; false where there is
// nothing to test, and then the result says why.
func spreadOf(samples [][]float64, least int, m Method) (Spread, *sums, bool) {
	infinite := 0
	groups := newGroups(samples, &infinite)
	var s Spread
	t := &sums{}
	for _, g := range groups {
		s.Groups = append(s.Groups, g.moments())
		if len(g.xs) >= least {
			t.used = append(t.used, g)
			t.n += g.n()
			t.within += g.ss
		}
	}
	s.Omega = effect(OmegaSquared, math.NaN())
	warnings := warnInfinite(infinite)
	none := func(why string) (Spread, *sums, bool) {
		s.Test = nothing(m, EtaSquared, int(t.n), why)
		s.Warnings = append(warnings, why)
		return s, t, false
	}
	switch {
	case t.n == 0:
		return none(warnFew)
	case len(t.used) < 2:
		return none(warnOneGroup)
	case int(t.n) <= len(t.used):
		return none(warnFew)
	}
	first := t.used[0].mean // sums of what is left of it: no digits are lost
	for _, g := range t.used {
		t.mean += g.n() / t.n * (g.mean - first)
	}
	t.mean += first
	for _, g := range t.used {
		t.between += g.n() * (g.mean - t.mean) * (g.mean - t.mean)
	}
	largest := math.Abs(t.mean)
	for _, g := range t.used {
		largest = max(largest, math.Abs(g.mean))
	}
	if rounding := largest * 1e-15; t.within <= 4*t.n*rounding*rounding { // no more than that is left
		return none(warnConstant)
	}
	if len(t.used) < len(groups) {
		warnings = append(warnings, warnEmptyGroup)
	}
	if slices.ContainsFunc(t.used, func(g *group) bool { return len(g.xs) < 10 }) {
		warnings = append(warnings, warnSmallGroup)
	}
	s.Warnings = warnings
	return s, t, true
}

// Anova tests whether the means of independent groups with one variance are
// equal: F = (SSb/(k−1)) / (SSw/(n−k)) (Fisher 1925; R oneway.test with
// var.equal = TRUE). The effect is eta² = SSb / (SSb + SSw); omega² =
// (SSb − (k−1)·MSw) / (SSb + SSw + MSw).
func Anova(groups [][]float64) Spread {
	s, t, ok := spreadOf(groups, 1, OneWay)
	if !ok {
		return s
	}
	df1, df2 := float64(len(t.used)-1), t.n-float64(len(t.used))
	error2 := t.within / df2
	f := t.between / df1 / error2
	s.Test = Test{Method: OneWay, N: int(t.n), Statistic: f, DF: df1, DF2: df2, P: fTail(f, df1, df2),
		Warnings: s.Warnings}
	s.Effect, s.Omega = t.explained()
	return s
}

// explained are eta² and omega² of the plain analysis. Both estimate the share of
// variance λ / (λ + N) that groups explain, so their interval is one: the λ for
// which the noncentral F distribution leaves the F that was found possible
// (Steiger 2004).
func (t *sums) explained() (eta, omega Effect) {
	df1, df2 := float64(len(t.used)-1), t.n-float64(len(t.used))
	error2 := t.within / df2
	lo, hi, ok := fInterval(t.between/df1/error2, df1, df2)
	lo, hi = lo/(lo+t.n), hi/(hi+t.n)
	return effect(EtaSquared, t.between/(t.between+t.within)).withInterval(lo, hi, ok),
		effect(OmegaSquared, (t.between-df1*error2)/(t.between+t.within+error2)).withInterval(lo, hi, ok)
}

// WelchAnova is Anova of groups with variances of their own (Welch 1951; R
// oneway.test). Groups of one take no part; one without variance leaves nothing
// to test. The effect is eta² of the same groups.
func WelchAnova(groups [][]float64) Spread {
	s, t, ok := spreadOf(groups, 2, WelchOneWay)
	if !ok {
		return s
	}
	all, mean := 0.0, 0.0
	weights := make([]float64, len(t.used))
	for i, g := range t.used {
		if g.ss == 0 {
			warnings := append(s.Warnings, "Een groep heeft geen spreiding; de toets van Welch kan dan niet.")
			s.Test = nothing(WelchOneWay, EtaSquared, int(t.n), "")
			s.Warnings = warnings
			return s
		}
		weights[i] = g.n() / g.variance()
		all += weights[i]
	}
	for i, g := range t.used {
		mean += weights[i] / all * (g.mean - t.mean)
	}
	k := float64(len(t.used))
	between, loss := 0.0, 0.0
	for i, g := range t.used {
		d := g.mean - t.mean - mean
		between += weights[i] * d * d
		loss += (1 - weights[i]/all) * (1 - weights[i]/all) / (g.n() - 1)
	}
	loss /= k*k - 1
	f := between / ((k - 1) * (1 + 2*(k-2)*loss))
	df2 := 1 / (3 * loss)
	s.Test = Test{Method: WelchOneWay, N: int(t.n), Statistic: f, DF: k - 1, DF2: df2, P: fTail(f, k-1, df2), Warnings: s.Warnings}
	s.Effect, s.Omega = t.explained() // Welch's own F has another scale
	return s
}

// Levene tests whether groups have one variance: an Anova of how far the
// numbers lie from the mean (Levene 1960) or the median (Brown and Forsythe
// 1974; car leveneTest) of their group.
func Levene(groups [][]float64, m Method) Spread {
	away := make([][]float64, len(groups))
	for i, g := range newGroups(groups, new(int)) {
		middle := g.mean
		if m != LeveneMean {
			m = LeveneMedian
			middle = median(g.xs)
		}
		for _, x := range g.xs {
			away[i] = append(away[i], math.Abs(x-middle))
		}
	}
	s := Anova(away)
	s.Method = m
	s.Groups = nil // they would be those of the distances
	s.Warnings = slices.DeleteFunc(s.Warnings, func(w string) bool { return w == warnSmallGroup })
	return s
}

// median is the middle of numbers, or halfway the middle two; NaN for none.
func median(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(xs))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return sorted[n/2-1] + (sorted[n/2]-sorted[n/2-1])/2
}
