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
	r.Alpha = alpha(rows)
	if math.IsNaN(r.Alpha) {
		r.Warnings = []string{warnNoVariance}
		return r
	}
	df1, df2 := float64(r.N-1), float64((r.N-1)*(k-1))
	f := distuv.F{D1: df1, D2: df2}
	r.Lo, r.Hi = 1-(1-r.Alpha)*f.Quantile(.975), 1-(1-r.Alpha)*f.Quantile(.025)
	pairsN, sumR := 0, 0.0
	for i := range rows {
		rest := restOf(rows, i)
		r.ItemRest[i] = pearson(rows[i], rest)
		if r.ItemRest[i] < 0 && len(r.Warnings) == 0 {
			r.Warnings = append(r.Warnings, warnOpposite)
		}
		if k > 2 {
			r.Dropped[i] = alpha(without(rows, i))
		}
		for j := range i {
			pairsN, sumR = pairsN+1, sumR+pearson(rows[i], rows[j])
		}
	}
	r.MeanR = sumR / float64(pairsN)
	r.Standardised = float64(k) * r.MeanR / (1 + float64(k-1)*r.MeanR)
	return r
}

// alpha is NaN where the sum of the items has no variance.
func alpha(rows [][]float64) float64 {
	k := float64(len(rows))
	total := make([]float64, len(rows[0]))
	items := 0.0
	for _, x := range rows {
		items += Variance(x)
		for i := range x {
			total[i] += x[i]
		}
	}
	v := Variance(total)
	if !(v > 0) || !finite(v) {
		return math.NaN()
	}
	return k / (k - 1) * (1 - items/v)
}

// Variance is that of a sample, NaN for fewer than two numbers.
func Variance(xs []float64) float64 {
	sd := Describe(xs).SD
	return sd * sd
}

func restOf(rows [][]float64, without int) []float64 {
	out := make([]float64, len(rows[0]))
	for i, x := range rows {
		if i == without {
			continue
		}
		for k := range x {
			out[k] += x[k]
		}
	}
	return out
}

func without(rows [][]float64, i int) [][]float64 {
	out := make([][]float64, 0, len(rows)-1)
	out = append(out, rows[:i]...)
	return append(out, rows[i+1:]...)
}

// pearson is the correlation of two columns without missings.
func pearson(x, y []float64) float64 {
	return together(newGroup(x, new(int)), newGroup(y, new(int)))
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
// effect is Kendall's W.
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
	t.Effect = effect("W", t.Statistic/(fn*(fk-1)))
	return t
}

// Median is the middle of the numbers among xs, the mean of two where their number
// is even (type 7 of Hyndman and Fan); NaN for none.
func Median(xs []float64) float64 { return Quantile(xs, .5) }

// Quantile is the q-th quantile, 0 to 1, of the numbers among xs by type 7 of
// Hyndman and Fan (1996), which is R's own; NaN for none.
func Quantile(xs []float64, q float64) float64 {
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
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
