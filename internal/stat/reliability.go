package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Friedmans is the method of Friedman.
const Friedmans Method = "Friedman"

// A Reliability says how well items measure one thing, over the rows that have a
// number for every item.
type Reliability struct {
	N, Items     int
	Alpha        float64
	Lo, Hi       float64 // 95 % interval of Feldt (1965)
	Standardised float64 // of items with the same variance
	MeanR        float64 // mean correlation between items
	ItemRest     []float64
	Dropped      []float64 // alpha without the item; NaN for fewer than three items
	Warnings     []string
}

const (
	warnFewItems    = "Een schaal heeft ten minste twee stellingen."
	warnFewComplete = "Er zijn te weinig vragenlijsten met alle stellingen."
	warnNoVariance  = "De antwoorden op de stellingen verschillen niet."
	warnOpposite    = "Een stelling hangt negatief samen met de andere. Staat zij in dezelfde richting?"
)

// AlphaOf computes Cronbach's alpha of items, a column each, over the rows without
// a missing (standards N8):
//
//	α = k/(k−1) · (1 − Σσ²ᵢ/σ²ₛᵤₘ)
//
// The interval is that of Feldt: (1−α)·F, with n−1 and (n−1)(k−1) degrees of
// freedom. Columns must be equally long.
func AlphaOf(items [][]float64) Reliability {
	k := len(items)
	r := Reliability{Items: k, Alpha: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), Standardised: math.NaN(), MeanR: math.NaN(), ItemRest: nans(k), Dropped: nans(k)}
	if k < 2 {
		r.Warnings = []string{warnFewItems}
		return r
	}
	rows := complete(items)
	r.N = 0
	if len(rows) > 0 {
		r.N = len(rows[0])
	}
	if r.N < 3 {
		r.Warnings = []string{warnFewComplete}
		return r
	}
	c := covariancesOf(rows)
	every := c.pick(func(int) bool { return true })
	if r.Alpha = every.alpha(); math.IsNaN(r.Alpha) {
		r.Warnings = []string{warnNoVariance}
		return r
	}
	r.Lo, r.Hi = feldt(r.Alpha, float64(r.N), float64(k))
	sumR := 0.0
	for i := range c {
		rest := c.pick(func(j int) bool { return j != i })
		r.ItemRest[i] = c.with(i) / math.Sqrt(c[i][i]) / math.Sqrt(rest.all)
		if !rest.varies() || c[i][i] == 0 {
			r.ItemRest[i] = math.NaN()
		}
		if r.ItemRest[i] < 0 && len(r.Warnings) == 0 {
			r.Warnings = append(r.Warnings, warnOpposite)
		}
		if k > 2 {
			r.Dropped[i] = rest.alpha()
		}
		for j := range i {
			sumR += c[i][j] / math.Sqrt(c[i][i]) / math.Sqrt(c[j][j])
		}
	}
	r.MeanR = sumR / float64(k*(k-1)/2)
	r.Standardised = float64(k) * r.MeanR / (1 + float64(k-1)*r.MeanR)
	return r
}

// feldt is the 95 % interval of an alpha: 1 − (1−α)·F (Feldt 1965; R psych
// alpha.ci).
func feldt(alpha, n, k float64) (lo, hi float64) {
	f := distuv.F{D1: n - 1, D2: (n - 1) * (k - 1)}
	return 1 - (1-alpha)*f.Quantile(.975), 1 - (1-alpha)*f.Quantile(.025)
}

// covariances of columns without missings, in one unit for all; 0 where a column
// does not vary.
type covariances [][]float64

func covariancesOf(rows [][]float64) covariances {
	groups := newGroups(rows, new(int))
	c := make(covariances, len(rows))
	for i, a := range groups {
		c[i] = make([]float64, len(rows))
		c[i][i] = a.variance()
		for j, b := range groups[:i] {
			if a.ss == 0 || b.ss == 0 {
				continue
			}
			products := 0.0
			for at, x := range a.xs {
				products += (x - a.mean) * (b.xs[at] - b.mean)
			}
			c[i][j] = products / (a.n() - 1)
			c[j][i] = c[i][j]
		}
	}
	return c
}

// with is the covariance of an item with the sum of the others.
func (c covariances) with(item int) float64 { return sum(c[item]) - c[item][item] }

// sumVariance is what makes up the variance of the sum of some items.
type sumVariance struct {
	k        float64
	own, all float64 // sums of their variances, and of all their covariances
	size     float64 // sum of the sizes of those
}

func (c covariances) pick(in func(i int) bool) sumVariance {
	var s sumVariance
	for i, row := range c {
		if !in(i) {
			continue
		}
		s.k++
		s.own += row[i]
		for j, x := range row {
			if in(j) {
				s.all += x
				s.size += math.Abs(x)
			}
		}
	}
	return s
}

// varies reports whether the sum has a variance that is more than rounding.
func (s sumVariance) varies() bool { return s.all > 1e-14*s.size && finite(s.all) }

// alpha is NaN where the sum of the items has no variance.
func (s sumVariance) alpha() float64 {
	if !s.varies() {
		return math.NaN()
	}
	return s.k / (s.k - 1) * (1 - s.own/s.all)
}

// Variance is that of a sample, NaN for fewer than two numbers.
func Variance(xs []float64) float64 {
	sd := Describe(xs).SD
	return sd * sd
}

// ImpliedSD is the standard deviation that the mean of items must have for their
// variances and an alpha to go together. It turns the formula of alpha around:
// σ²ₛᵤₘ = Σσ²ᵢ / (1 − α(k−1)/k).
func ImpliedSD(variances []float64, alpha float64) float64 {
	k := float64(len(variances))
	left := 1 - alpha*(k-1)/k
	if k < 2 || !(left > 0) {
		return math.NaN()
	}
	return math.Sqrt(sum(variances)/left) / k
}

// ImpliedAlpha is the alpha that goes with the standard deviation of the mean of
// items with these variances.
func ImpliedAlpha(variances []float64, sd float64) float64 {
	k := float64(len(variances))
	if k < 2 || !(sd > 0) {
		return math.NaN()
	}
	return k / (k - 1) * (1 - sum(variances)/(k*sd*k*sd))
}

// Friedman tests whether columns differ, over the rows without a missing, by the
// ranks within each row, with the correction for ties (R friedman.test). The
// effect is Kendall's W, with the interval of the noncentral chi-square
// distribution; far from 0 it is too wide, not too narrow.
func Friedman(columns [][]float64) Test {
	k := len(columns)
	rows := complete(columns)
	n := 0
	if len(rows) > 0 {
		n = len(rows[0])
	}
	if k < 2 || n < 2 {
		return nothing(Friedmans, "W", n, warnFewComplete)
	}
	sums, ties := make([]float64, k), 0.0
	row := make([]float64, k)
	for i := range n {
		for j := range rows {
			row[j] = rows[j][i]
		}
		ranks, t := midranks(row)
		ties += t
		for j, r := range ranks {
			sums[j] += r
		}
	}
	fn, fk := float64(n), float64(k)
	spread := 0.0
	for _, s := range sums {
		d := s - fn*(fk+1)/2
		spread += d * d
	}
	scale := fn*fk*(fk+1) - ties/(fk-1)
	if !(scale > 0) {
		return nothing(Friedmans, "W", n, warnNoVariance)
	}
	t := Test{Method: Friedmans, N: n, Statistic: 12 * spread / scale, DF: fk - 1}
	t.P = chiSquareTail(t.Statistic, t.DF)
	lo, hi, ok := chiInterval(t.Statistic, t.DF)
	most := fn * (fk - 1)
	t.Effect = effect("W", t.Statistic/most).withInterval(lo/most, min(1, hi/most), ok)
	return t
}

// A QuantileType is a number of Hyndman and Fan (1996), who name nine ways to find
// a quantile between two numbers.
type QuantileType int

// The quantile types in use: with n numbers in order, the q-th quantile is number
// 1 + q·(n−1) of type 7, and q·(n+1) of type 6, with a part of the way to the next.
const (
	Type6 QuantileType = 6 // SPSS, Minitab
	Type7 QuantileType = 7 // R, Excel; ours
)

// Median is the middle of the numbers among xs, the mean of two where their number
// is even, as of either type; NaN for none.
func Median(xs []float64) float64 { return Quantile(xs, .5) }

// Quantile is QuantileOf of type 7.
func Quantile(xs []float64, q float64) float64 { return QuantileOf(xs, q, Type7) }

// QuantileOf is the q-th quantile, 0 to 1, of the numbers among xs; NaN for none.
func QuantileOf(xs []float64, q float64, t QuantileType) float64 {
	var sorted []float64
	for _, x := range xs {
		if finite(x) {
			sorted = append(sorted, x)
		}
	}
	if len(sorted) == 0 || !(q >= 0 && q <= 1) {
		return math.NaN()
	}
	slices.Sort(sorted)
	last := float64(len(sorted) - 1)
	at := q * last
	if t == Type6 {
		at = min(max(q*(last+2)-1, 0), last)
	}
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
