package stat

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// The methods and effects of tests on ranks and signs.
const (
	MannWhitneyExact  Method = "toets van Mann-Whitney (exact)"
	MannWhitneyNormal Method = "toets van Mann-Whitney"
	WilcoxonExact     Method = "rangtekentoets van Wilcoxon (exact)"
	WilcoxonNormal    Method = "rangtekentoets van Wilcoxon"
	Signs             Method = "tekentoets"
	KruskalWallisH    Method = "toets van Kruskal-Wallis"

	RankBiserial   = "rangbiseriële correlatie"
	EpsilonSquared = "epsilon²"
	SignShare      = "verschil in aandelen"
)

// exactBelow is how large a group may be for an exact distribution of ranks.
const exactBelow = 50

// midranks gives each number its rank from 1, equal ones the middle of theirs,
// and Σ(t³ − t) over the ties.
func midranks(xs []float64) (ranks []float64, ties float64) {
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(xs[a], xs[b]) })
	ranks = make([]float64, len(xs))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && xs[order[j]] == xs[order[i]] {
			j++
		}
		for _, at := range order[i:j] {
			ranks[at] = float64(i+j+1) / 2
		}
		t := float64(j - i)
		ties += t*t*t - t
		i = j
	}
	return ranks, ties
}

// MannWhitney tests whether a number of the first group is as often above one of
// the second as below it: U = R − n(n+1)/2. Without ties and with groups under
// 50 p is exact, else from the normal distribution with variance nm/12·((N+1) −
// Σ(t³−t)/(N(N−1))) and half a point correction for continuity (Mann and Whitney
// 1947; R wilcox.test). The effect is 2U/(nm) − 1, with the interval of DeLong,
// DeLong and Clarke-Pearson (1988) on the scale of Fisher's z.
func MannWhitney(x, y []float64) Test {
	infinite := 0
	gs := newGroups([][]float64{x, y}, &infinite)
	a, b := gs[0].xs, gs[1].xs
	n, m := float64(len(a)), float64(len(b))
	warnings := warnInfinite(infinite)
	if len(a) == 0 || len(b) == 0 {
		t := nothing(MannWhitneyNormal, RankBiserial, len(a)+len(b), warnFew)
		t.Warnings = append(t.Warnings, warnings...)
		return t
	}
	ranks, ties := midranks(slices.Concat(a, b))
	u := sum(ranks[:len(a)]) - n*(n+1)/2
	t := Test{Method: MannWhitneyNormal, N: len(a) + len(b), Statistic: u, DF: math.NaN(), Effect: effect(RankBiserial, 2*u/(n*m)-1).onFisherScale(placementError(a, b, ranks)), Warnings: warnings}
	if ties == 0 && len(a) < exactBelow && len(b) < exactBelow {
		t.Method = MannWhitneyExact
		t.P = bothTails(mannWhitneyCounts(len(a), len(b)), int(u))
		return t
	}
	all := n + m
	variance := n * m / 12 * (all + 1 - ties/(all*(all-1)))
	if !(variance > 0) {
		t := nothing(MannWhitneyNormal, RankBiserial, len(a)+len(b), warnConstant)
		t.Warnings = append(t.Warnings, warnings...)
		return t
	}
	t.P = correctedTails(u-n*m/2, variance)
	return t
}

// placementError is the standard error of 2U/(nm) − 1: 2·√(s²/n + u²/m), with the
// variances of how far each number of a group lies among those of the other. ranks
// are those of a and then b together.
func placementError(a, b, ranks []float64) float64 {
	own, _ := midranks(a)
	other, _ := midranks(b)
	variance := func(together, own []float64, others int) float64 {
		placements := make([]float64, len(own))
		for i := range own {
			placements[i] = (together[i] - own[i]) / float64(others)
		}
		_, ss := centred(placements)
		return ss / float64(len(own)-1) / float64(len(own))
	}
	return 2 * math.Sqrt(variance(ranks[:len(a)], own, len(b))+variance(ranks[len(a):], other, len(a)))
}

// correctedTails is the two-sided chance of a distance from the middle, half a
// point nearer to it.
func correctedTails(distance, variance float64) float64 {
	return min(1, normalTails(max(0, math.Abs(distance)-0.5)/math.Sqrt(variance)))
}

// bothTails is twice the chance of the smaller tail of counts that includes at.
func bothTails(counts []float64, at int) float64 {
	below, above, all := 0.0, 0.0, 0.0
	for i, c := range counts {
		all += c
		if i <= at {
			below += c
		}
		if i >= at {
			above += c
		}
	}
	return min(1, 2*min(below, above)/all)
}

// mannWhitneyCounts is in how many ways U takes each value from 0 to n·m: the
// coefficients of the Gaussian binomial Π (1 − q^(m+i)) / (1 − q^i).
func mannWhitneyCounts(n, m int) []float64 {
	size := n*m + 1
	c := make([]float64, size)
	c[0] = 1
	for i := 1; i <= n; i++ {
		for u := size - 1; u >= m+i; u-- {
			c[u] -= c[u-m-i]
		}
		for u := i; u < size; u++ {
			c[u] += c[u-i]
		}
	}
	return c
}

// Wilcoxon tests whether the differences x − y of complete pairs lie evenly
// around 0: V = Σ ranks of the positive ones, zeros left out. Without ties and
// zeros and under 50 pairs p is exact, else normal with variance
// n(n+1)(2n+1)/24 − Σ(t³−t)/48 and half a point correction (Wilcoxon 1945; R
// wilcox.test with paired = TRUE). The effect is (V₊ − V₋) / (V₊ + V₋), with the
// interval of a U statistic (Hoeffding 1948) on the scale of Fisher's z.
func Wilcoxon(x, y []float64) Test {
	infinite := 0
	x, y = pairs(x, y, &infinite)
	var positive []bool
	var sizes []float64
	for i := range x {
		if d := x[i]/2 - y[i]/2; d != 0 { // halves: their difference does not overflow
			positive = append(positive, d > 0)
			sizes = append(sizes, math.Abs(d))
		}
	}
	n := float64(len(sizes))
	warnings := warnInfinite(infinite)
	if n == 0 {
		why := warnConstant
		if len(x) == 0 {
			why = warnFew
		}
		t := nothing(WilcoxonNormal, RankBiserial, len(x), why)
		t.Warnings = append(t.Warnings, warnings...)
		return t
	}
	ranks, ties := midranks(sizes)
	v := 0.0
	for i, r := range ranks {
		if positive[i] {
			v += r
		}
	}
	t := Test{Method: WilcoxonNormal, N: len(x), Statistic: v, DF: math.NaN(), Effect: effect(RankBiserial, 2*v/(n*(n+1)/2)-1).onFisherScale(walshError(sizes, positive)), Warnings: warnings}
	if ties == 0 && len(sizes) == len(x) && len(x) < exactBelow {
		t.Method = WilcoxonExact
		t.P = bothTails(signedRankCounts(len(x)), int(v))
		return t
	}
	t.P = correctedTails(v-n*(n+1)/4, n*(n+1)*(2*n+1)/24-ties/48)
	return t
}

// walshError is the standard error of the mean sign of the sums of two differences,
// which is what the effect of Wilcoxon is: 2·√(s²/n), with s² the variance of each
// difference's own mean sign.
func walshError(sizes []float64, positive []bool) float64 {
	n := len(sizes)
	differences := make([]float64, n)
	for i, size := range sizes {
		differences[i] = size
		if !positive[i] {
			differences[i] = -size
		}
	}
	sorted := slices.Sorted(slices.Values(differences))
	own := make([]float64, n)
	for i, d := range differences {
		below, _ := slices.BinarySearch(sorted, -d)
		upTo, _ := slices.BinarySearch(sorted, math.Nextafter(-d, math.Inf(1)))
		own[i] = float64(n-upTo-below) / float64(n)
	}
	_, ss := centred(own)
	return 2 * math.Sqrt(ss/float64(n-1)/float64(n))
}

// signedRankCounts is in how many ways the positive ranks of n add up to each value.
func signedRankCounts(n int) []float64 {
	c := make([]float64, n*(n+1)/2+1)
	c[0] = 1
	for i := 1; i <= n; i++ {
		for v := len(c) - 1; v >= i; v-- {
			c[v] += c[v-i]
		}
	}
	return c
}

// SignTest tests whether differences x − y of complete pairs are as often
// positive as negative, zeros left out: exact binomial, twice the smaller tail (R
// binom.test). The statistic is how many are positive; the effect is the share
// that is positive less the share that is negative, with Wilson's interval.
func SignTest(x, y []float64) Test {
	infinite := 0
	x, y = pairs(x, y, &infinite)
	up, down := 0, 0
	for i := range x {
		switch {
		case x[i] > y[i]:
			up++
		case x[i] < y[i]:
			down++
		}
	}
	if up+down == 0 {
		why := warnConstant
		if len(x) == 0 {
			why = warnFew
		}
		t := nothing(Signs, SignShare, len(x), why)
		t.Warnings = append(t.Warnings, warnInfinite(infinite)...)
		return t
	}
	share := Wilson(up, up+down, confidence)
	return Test{Method: Signs, N: len(x), Statistic: float64(up), DF: math.NaN(), P: evenTails(up, down),
		Effect: effect(SignShare, float64(up-down)/float64(up+down)).withInterval(2*share.Lo-1, 2*share.Hi-1, true), Warnings: warnInfinite(infinite)}
}

// evenTails is the exact two-sided chance of so uneven a split, or more, of what
// falls either way with chance a half.
func evenTails(a, b int) float64 {
	if a == b {
		return 1
	}
	return min(1, 2*distuv.Binomial{N: float64(a + b), P: 0.5}.CDF(float64(min(a, b))))
}

// KruskalWallis tests whether groups have the same ranks: H = 12/(N(N+1))·ΣR²/n −
// 3(N+1), divided by 1 − Σ(t³−t)/(N³−N) for ties, chi-square with k−1 degrees of
// freedom (Kruskal and Wallis 1952; R kruskal.test). The effect is epsilon² =
// H/(N−1), with the interval of the noncentral chi-square distribution: that of
// Cramér's V² where there are two values. Far from 0 it is too wide, not too narrow.
func KruskalWallis(samples [][]float64) Test {
	infinite := 0
	var all []float64
	var sizes []int
	for _, g := range newGroups(samples, &infinite) {
		if len(g.xs) > 0 {
			all = append(all, g.xs...)
			sizes = append(sizes, len(g.xs))
		}
	}
	n := float64(len(all))
	none := func(why string) Test {
		t := nothing(KruskalWallisH, EpsilonSquared, len(all), why)
		t.Warnings = append(t.Warnings, warnInfinite(infinite)...)
		return t
	}
	switch {
	case len(all) == 0:
		return none(warnFew)
	case len(sizes) < 2:
		return none(warnOneGroup)
	}
	ranks, ties := midranks(all)
	if ties == n*n*n-n {
		return none(warnConstant)
	}
	h, at := 0.0, 0
	for _, size := range sizes {
		r := sum(ranks[at:at+size])/float64(size) - (n+1)/2 // from the middle: no large sums are subtracted
		h += float64(size) * r * r
		at += size
	}
	h = 12 / (n * (n + 1)) * h / (1 - ties/(n*n*n-n))
	df := float64(len(sizes) - 1)
	lo, hi, ok := chiInterval(h, df)
	t := Test{Method: KruskalWallisH, N: len(all), Statistic: h, DF: df, P: chiSquareTail(h, df),
		Effect: effect(EpsilonSquared, h/(n-1)).withInterval(lo/(n-1), min(1, hi/(n-1)), ok), Warnings: warnInfinite(infinite)}
	if len(sizes) < len(samples) {
		t.Warnings = append(t.Warnings, warnEmptyGroup)
	}
	if slices.Min(sizes) < 5 {
		t.Warnings = append(t.Warnings, "Een groep telt minder dan 5 waarnemingen; p is dan een benadering.")
	}
	return t
}
