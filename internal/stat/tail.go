package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// confidence is that of every interval around an effect or a difference.
const confidence = 0.95

// fTail is the upper tail of the F distribution. It is not gonum's, which is
// 1 − CDF and loses every digit of a small p.
func fTail(f, df1, df2 float64) float64 {
	switch {
	case math.IsNaN(f) || !(df1 > 0) || !(df2 > 0):
		return math.NaN()
	case f <= 0:
		return 1
	case math.IsInf(f, 1):
		return 0
	}
	// df1·f / df2 first: neither product overflows then
	return mathext.RegIncBeta(df2/2, df1/2, 1/(1+df1/df2*f))
}

// tTails is the chance of a t at least as far from 0, on either side.
func tTails(t, df float64) float64 { return fTail(t*t, 1, df) }

// tQuantile is the t below which a share p lies.
func tQuantile(p, df float64) float64 {
	if !(df > 0) || !(p > 0 && p < 1) {
		return math.NaN()
	}
	return distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(p)
}

// normalTails is the chance of a z at least as far from 0, on either side.
func normalTails(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// normalCDF is the chance of at most z, right in the lower tail too.
func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// mixture adds f(j) weighted by the Poisson chance of j with the given mean,
// from its middle outwards: what makes a distribution noncentral.
func mixture(mean float64, f func(j float64) float64) float64 {
	if mean == 0 {
		return f(0)
	}
	logChance := func(j float64) float64 {
		l, _ := math.Lgamma(j + 1)
		return j*math.Log(mean) - mean - l
	}
	middle := math.Floor(mean)
	width := 7*math.Sqrt(mean) + 30
	s := 0.0
	for j := math.Max(0, middle-width); j <= middle+width; j++ {
		s += math.Exp(logChance(j)) * f(j)
	}
	return math.Min(s, 1)
}

// noncentralF is the chance of at most f where the F distribution has
// noncentrality lambda.
func noncentralF(f, df1, df2, lambda float64) float64 {
	x := df1 * f / (df1*f + df2)
	return mixture(lambda/2, func(j float64) float64 { return mathext.RegIncBeta(df1/2+j, df2/2, x) })
}

// noncentralChiSquare is the chance of at most x where the chi-square
// distribution has noncentrality lambda.
func noncentralChiSquare(x, df, lambda float64) float64 {
	return mixture(lambda/2, func(j float64) float64 { return mathext.GammaIncReg(df/2+j, x/2) })
}

// noncentrality is the lambda of which the distribution leaves a chance p below
// what was found; 0 where even 0 leaves less.
func noncentrality(p, start float64, below func(lambda float64) float64) float64 {
	if below(0) <= p {
		return 0
	}
	lo, hi := 0.0, math.Max(1, start)
	for below(hi) > p {
		lo, hi = hi, 2*hi
		if hi > 1e7 {
			return math.NaN()
		}
	}
	return root(func(lambda float64) float64 { return below(lambda) - p }, lo, hi)
}

// root is where a falling f passes 0 between lo and hi, to about 10 digits (the false
// position of Illinois: Dowell and Jarratt 1971).
func root(f func(float64) float64, lo, hi float64) float64 {
	a, b := f(lo), f(hi)
	side := 0
	for range 100 {
		x := (lo*b - hi*a) / (b - a)
		if !(x > lo && x < hi) {
			x = lo + (hi-lo)/2
		}
		y := f(x)
		switch {
		case y == 0 || math.IsNaN(y):
			return x
		case y > 0:
			if x-lo < 1e-10*x && side == 1 {
				return x
			}
			lo, a = x, y
			if side == 1 {
				b /= 2
			}
			side = 1
		default:
			if hi-x < 1e-10*x && side == -1 {
				return x
			}
			hi, b = x, y
			if side == -1 {
				a /= 2
			}
			side = -1
		}
		if hi-lo < 1e-11*hi {
			break
		}
	}
	return lo + (hi-lo)/2
}

// largestBase is the noncentrality, about, from which an interval of an effect is not
// computed: it is narrow by then, and would take long.
const largestBase = 1e5

// WithInterval returns t with an interval around its effect, of 95 %: the
// effects for which the test's own distribution remains possible (Steiger 2004).
// For Cramér's V and Cohen's w that is the noncentral chi-square distribution,
// V² = λ / (N·(k−1)); for eta² the noncentral F, η² = λ / (λ + N). Other
// effects stay as they are, and so does one that is smaller than chance would
// give: it has no upper bound there.
func (t Test) WithInterval() Test {
	half := (1 - confidence) / 2
	e := &t.Effect
	switch {
	case !(t.Statistic > 0) || !(t.DF > 0) || t.Statistic*t.DF > largestBase || t.N == 0:
		return t
	case e.Name == CramerV || e.Name == CohenW:
		x := t.Statistic
		if t.Method == PearsonYates {
			x = e.Value * e.Value * float64(t.N) // V is that without correction
		}
		if !(e.Value > 0) {
			return t
		}
		scale := x / (e.Value * e.Value)
		below := func(lambda float64) float64 { return noncentralChiSquare(x, t.DF, lambda) }
		hi := noncentrality(half, x, below)
		if hi == 0 {
			return t
		}
		e.Lo, e.Hi = math.Sqrt(noncentrality(1-half, x, below)/scale), math.Sqrt(hi/scale)
		if e.Name == CramerV {
			e.Hi = min(e.Hi, 1)
		}
	case e.Name == EtaSquared && t.DF2 > 0:
		below := func(lambda float64) float64 { return noncentralF(t.Statistic, t.DF, t.DF2, lambda) }
		lo, hi := noncentrality(1-half, t.Statistic*t.DF, below), noncentrality(half, t.Statistic*t.DF, below)
		if hi == 0 {
			return t
		}
		n := float64(t.N)
		e.Lo, e.Hi = lo/(lo+n), hi/(hi+n)
	default:
		return t
	}
	e.Confidence = confidence
	return t
}
