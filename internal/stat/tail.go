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

// mixture is Σ Poisson(j; mean)·F(j), with F(j) the lower tail of a distribution of
// which the shape grows with j: what makes it noncentral. F is known at the top,
// and going down each tail is the one above it plus a term, all of one sign, of
// which the logarithm is logTerm at the top and then moves by step.
func mixture(mean float64, tail, logTerm func(j float64) float64, step func(j float64) float64) float64 {
	if mean == 0 {
		return tail(0)
	}
	middle, width := math.Floor(mean), 7*math.Sqrt(mean)+30
	top, bottom := middle+width, math.Max(0, middle-width)
	top = math.Floor(top)
	bottom = math.Ceil(bottom)
	l, _ := math.Lgamma(top + 1)
	logChance := top*math.Log(mean) - mean - l
	lower, term, s := tail(top), logTerm(top-1), 0.0
	for j := top; ; j-- {
		s += math.Exp(logChance) * lower
		if j <= bottom {
			return math.Min(s, 1)
		}
		lower += math.Exp(term)
		term += step(j - 1)
		logChance += math.Log(j / mean)
	}
}

// noncentralF is the chance of at most f where the F distribution has
// noncentrality lambda.
func noncentralF(f, df1, df2, lambda float64) float64 {
	a, b, x := df1/2, df2/2, df1*f/(df1*f+df2)
	y := df2 / (df1*f + df2) // 1 − x
	return mixture(lambda/2,
		func(j float64) float64 { return mathext.RegIncBeta(a+j, b, x) },
		func(j float64) float64 { // x^(a+j)·(1−x)^b·Γ(a+j+b) / (Γ(a+j+1)·Γ(b)) = I(a+j) − I(a+j+1)
			up, _ := math.Lgamma(a + j + b)
			down, _ := math.Lgamma(a + j + 1)
			own, _ := math.Lgamma(b)
			return (a+j)*math.Log(x) + b*math.Log(y) + up - down - own
		},
		func(j float64) float64 { return math.Log((a + j) / ((a + j + b - 1) * x)) })
}

// noncentralChiSquare is the chance of at most x where the chi-square
// distribution has noncentrality lambda.
func noncentralChiSquare(x, df, lambda float64) float64 {
	a, h := df/2, x/2
	return mixture(lambda/2,
		func(j float64) float64 { return mathext.GammaIncReg(a+j, h) },
		func(j float64) float64 { // h^(a+j)·e^(−h) / Γ(a+j+1) = P(a+j) − P(a+j+1)
			l, _ := math.Lgamma(a + j + 1)
			return (a+j)*math.Log(h) - h - l
		},
		func(j float64) float64 { return math.Log((a + j) / h) })
}

// noncentralT is the chance of at most t where the t distribution has
// noncentrality delta: ∫ Φ(t·s − δ)·f(s) ds, with f the density of √(χ²/df).
func noncentralT(t, df, delta float64) float64 {
	return overChi(df, func(s float64) float64 { return normalCDF(t*s - delta) })
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

// largestBase is the noncentrality, about, up to which an interval of an effect is
// that of the noncentral distribution itself; above, that of the normal one.
const largestBase = 1e7

// chiInterval are the noncentralities that remain possible for a chi-square of x:
// each leaves half of what the interval may miss on one side (Steiger 2004). False
// where x is smaller than chance would give: then there is no upper one. For a
// large x, √x is normal around √λ with variance 1.
func chiInterval(x, df float64) (lo, hi float64, ok bool) {
	half := (1 - confidence) / 2
	if !(x > 0) || !(df > 0) || math.IsInf(x, 1) {
		return 0, 0, false
	}
	if x > largestBase {
		z := normalQuantile(1 - half)
		return math.Pow(math.Sqrt(x)-z, 2), math.Pow(math.Sqrt(x)+z, 2), true
	}
	below := func(lambda float64) float64 { return noncentralChiSquare(x, df, lambda) }
	hi = noncentrality(half, x, below)
	return noncentrality(1-half, x, below), hi, hi > 0
}

// fInterval is chiInterval of an F. For a large one √(df1·F) is normal around √λ
// with variance 1 + df1·F/(2·df2).
func fInterval(f, df1, df2 float64) (lo, hi float64, ok bool) {
	half := (1 - confidence) / 2
	x := f * df1
	if !(x > 0) || !(df1 > 0) || !(df2 > 0) || math.IsInf(x, 1) {
		return 0, 0, false
	}
	if x > largestBase {
		wide := normalQuantile(1-half) * math.Sqrt(1+x/(2*df2))
		return math.Pow(max(0, math.Sqrt(x)-wide), 2), math.Pow(math.Sqrt(x)+wide, 2), true
	}
	below := func(lambda float64) float64 { return noncentralF(f, df1, df2, lambda) }
	hi = noncentrality(half, x, below)
	return noncentrality(1-half, x, below), hi, hi > 0
}

// tInterval is chiInterval of a t, whose noncentrality may lie on either side of 0.
func tInterval(t, df float64) (lo, hi float64, ok bool) {
	half := (1 - confidence) / 2
	if !finite(t) || !(df > 0) {
		return 0, 0, false
	}
	z := normalQuantile(1 - half)
	wide := math.Sqrt(1 + t*t/(2*df))
	at := func(p float64) float64 {
		f := func(delta float64) float64 { return noncentralT(t, df, t+delta) - p }
		a, b := -2*z*wide, 2*z*wide
		for range 60 { // few degrees of freedom reach far
			if f(a) > 0 && f(b) < 0 {
				break
			}
			a, b = 2*a, 2*b
		}
		shift := 1 - a // root wants its interval above 0
		return t + root(func(x float64) float64 { return f(x - shift) }, a+shift, b+shift) - shift
	}
	return at(1 - half), at(half), true
}

// withInterval returns an effect with an interval, where there is one.
func (e Effect) withInterval(lo, hi float64, ok bool) Effect {
	if ok && !math.IsNaN(lo) && !math.IsNaN(hi) {
		e.Lo, e.Hi, e.Confidence = lo, hi, confidence
	}
	return e
}

// onFisherScale is an interval of an effect between −1 and 1 with a standard error,
// on the scale of Fisher's z, so that it stays between them; none around −1 and 1.
func (e Effect) onFisherScale(se float64) Effect {
	r := e.Value
	half := normalQuantile(1-(1-confidence)/2) * se / ((1 - r) * (1 + r))
	z := math.Atanh(r)
	return e.withInterval(math.Tanh(z-half), math.Tanh(z+half), finite(half) && half > 0)
}

// WithInterval returns t with an interval around its effect, of 95 %: the
// effects for which the test's own distribution remains possible (Steiger 2004).
// For Cramér's V and Cohen's w that is the noncentral chi-square distribution,
// V² = λ / (N·(k−1)). It costs more than the test, and there are tables of a
// thousand tests, so these two give it only where it is asked for; other tests
// come with theirs. An effect that is smaller than chance would give has none.
func (t Test) WithInterval() Test {
	e := t.Effect
	if e.Name != CramerV && e.Name != CohenW || !(e.Value > 0) || t.N == 0 {
		return t
	}
	x := t.Statistic
	if t.Method == PearsonYates {
		x = e.Value * e.Value * float64(t.N) // V is that without correction
	}
	lo, hi, ok := chiInterval(x, t.DF)
	scale := x / (e.Value * e.Value)
	lo, hi = math.Sqrt(lo/scale), math.Sqrt(hi/scale)
	if e.Name == CramerV {
		hi = min(hi, 1)
	}
	t.Effect = e.withInterval(lo, hi, ok)
	return t
}
