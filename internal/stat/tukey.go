package stat

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/integrate/quad"
)

// The methods of comparing every pair of groups.
const (
	TukeyHSD    Method = "Tukey HSD"
	GamesHowell Method = "Games-Howell"
)

// A Pair is the comparison of groups A and B, the indexes of those given, with A
// before B. P and the interval hold for all pairs together. Value of Difference,
// which is the effect, is the mean of B less that of A; it has no standardised
// effect, of which no interval holds for all pairs together. What warns against the
// groups is with Anova and WelchAnova.
type Pair struct {
	A, B       int
	Difference Interval
	Q          float64 // the studentized range
	DF         float64
	P          float64
}

// Tukey compares the means of all pairs of groups with one variance: q =
// |ȳ_b − ȳ_a| / √(MSw/2·(1/n_a + 1/n_b)) (Tukey 1953, Kramer 1956; R TukeyHSD).
// Groups without numbers are left out; nothing to compare gives no pairs.
func Tukey(groups [][]float64) []Pair {
	_, t, ok := spreadOf(groups, 1, TukeyHSD)
	if !ok {
		return nil
	}
	df := t.n - float64(len(t.used))
	return everyPair(groups, TukeyHSD, 1, func(a, b *group) (se, d float64) {
		return math.Sqrt(t.within / df / 2 * (1/a.n() + 1/b.n())), df
	})
}

// GamesHowellTest is Tukey of groups with variances of their own: q = |ȳ_b −
// ȳ_a| / √((s²_a/n_a + s²_b/n_b)/2), with the degrees of freedom of Welch (Games
// and Howell 1976). Groups of one are left out.
func GamesHowellTest(groups [][]float64) []Pair {
	if _, _, ok := spreadOf(groups, 2, GamesHowell); !ok {
		return nil
	}
	return everyPair(groups, GamesHowell, 2, func(a, b *group) (se, df float64) {
		u, v := a.variance()/a.n(), b.variance()/b.n()
		return math.Sqrt((u + v) / 2), (u + v) * (u + v) / (u*u/(a.n()-1) + v*v/(b.n()-1))
	})
}

func everyPair(samples [][]float64, m Method, least int, spread func(a, b *group) (se, df float64)) []Pair {
	groups := newGroups(samples, new(int))
	var used []int
	for i, g := range groups {
		if len(g.xs) >= least {
			used = append(used, i)
		}
	}
	var out []Pair
	k := float64(len(used))
	quantile := map[float64]float64{} // by df: of Tukey all pairs have the same
	for x, i := range used {
		for _, j := range used[x+1:] {
			a, b := groups[i], groups[j]
			se, df := spread(a, b)
			d := b.mean - a.mean
			p := Pair{A: i, B: j, Q: math.Abs(d) / se, DF: df}
			p.P = StudentizedTail(p.Q, k, df)
			if _, known := quantile[df]; !known {
				quantile[df] = studentizedQuantile(confidence, k, df)
			}
			half := quantile[df] * se
			p.Difference = Interval{Value: d * a.scale, Lo: (d - half) * a.scale, Hi: (d + half) * a.scale, N: len(a.xs) + len(b.xs), Confidence: confidence, Method: m}
			out = append(out, p)
		}
	}
	return out
}

// StudentizedTail is the chance that the range of k normal means, in standard
// errors that are themselves estimated with df degrees of freedom, is more than
// q:
//
//	P = ∫ f(s)·(1 − W(q·s)) ds,  W(w) = k·∫ φ(z)·(Φ(z) − Φ(z−w))^(k−1) dz,
//
// with f the density of √(χ²/df) (Tukey 1953; Copenhaver and Holland 1988; R
// ptukey). 1 − W is integrated itself, so that a small p keeps its digits.
func StudentizedTail(q, k, df float64) float64 {
	switch {
	case math.IsNaN(q) || !(df > 0) || !(k >= 2):
		return math.NaN()
	case q <= 0:
		return 1
	case math.IsInf(q, 1):
		return 0
	case df > 1e6:
		return rangeTail(q, k)
	}
	span := rangesOf(k)
	return min(max(overChi(df, func(s float64) float64 { return span.tail(q * s) }), 0), 1)
}

// overChi is the mean of f over √(χ²/df).
func overChi(df float64, f func(s float64) float64) float64 {
	half := df / 2
	l, _ := math.Lgamma(half)
	constant := math.Ln2 + half*math.Log(half) - l
	weighed := func(s float64) float64 { return math.Exp(constant+(df-1)*math.Log(s)-half*s*s) * f(s) }
	// √(χ²/df) has mean about 1 and standard deviation about 1/√(2·df). What lies
	// below counts most for a far tail, so it is cut finely.
	width := 1 / math.Sqrt(2*df)
	p, from := 0.0, 0.0
	for _, z := range []float64{-12, -9, -7, -5, -3.5, -2, -1, 0, 1, 2, 3.5, 5, 8, 12} {
		s := 1 + z*width
		if s <= 0 {
			continue
		}
		if from == 0 && s < 1 {
			p += integral(weighed, 0, s/2)
			from = s / 2
		}
		p += integral(weighed, from, s)
		from = s
	}
	return p
}

// legendre are the places and weights of Gauss and Legendre on 16 points from −1
// to 1; finding them takes longer than using them.
var legendre = sync.OnceValue(func() (r struct{ x, w [16]float64 }) {
	quad.Legendre{}.FixedLocations(r.x[:], r.w[:], -1, 1)
	return r
})

func integral(f func(float64) float64, from, to float64) float64 {
	rule := legendre()
	half, middle, s := (to-from)/2, (to+from)/2, 0.0
	for i, x := range rule.x {
		s += rule.w[i] * f(middle+half*x)
	}
	return half * s
}

// ranges hold ln(1 − W(w)) of one k as polynomials, each over a width of 1: what
// an integral over s asks for thousands of times.
type ranges struct {
	k      float64
	pieces [rangeEnd]func() [16]float64 // coefficients of Chebyshev
}

// rangeEnd is the range from which its tail, below 1e-90, counts as none.
const rangeEnd = 30

var rangesByK sync.Map // of *ranges, by float64

func rangesOf(k float64) *ranges {
	if known, ok := rangesByK.Load(k); ok {
		return known.(*ranges)
	}
	r := &ranges{k: k}
	for at := range r.pieces {
		r.pieces[at] = sync.OnceValue(func() [16]float64 {
			return chebyshev(func(x float64) float64 { return math.Log(rangeTail(float64(at)+x, k)) })
		})
	}
	known, _ := rangesByK.LoadOrStore(k, r)
	return known.(*ranges)
}

// tail is rangeTail.
func (r *ranges) tail(w float64) float64 {
	if w >= rangeEnd {
		return 0
	}
	at := int(w)
	c := r.pieces[at]()
	x := 2*(w-float64(at)) - 1
	b, b1 := 0.0, 0.0 // Clenshaw
	for j := len(c) - 1; j > 0; j-- {
		b, b1 = c[j]+2*x*b-b1, b
	}
	return math.Exp(c[0] + x*b - b1)
}

// chebyshev are the coefficients of the polynomial of degree 15 that equals f, over
// 0 to 1, where Chebyshev says.
func chebyshev(f func(float64) float64) (c [16]float64) {
	n := float64(len(c))
	for i := range c {
		angle := math.Pi * (float64(i) + .5) / n
		y := f((math.Cos(angle) + 1) / 2)
		for j := range c {
			c[j] += 2 / n * y * math.Cos(float64(j)*angle)
		}
	}
	c[0] /= 2
	return c
}

// rangeTail is the chance that k independent standard normal numbers span more
// than w: the highest z of them, and not all others within w below it.
func rangeTail(w, k float64) float64 {
	if w <= 0 {
		return 1
	}
	// at z the others are all below z; 1 − (1 − (Φ(z−w)/Φ(z)))^(k−1) of those span more
	outside := func(z float64) float64 {
		below := normalCDF(z)
		if below == 0 {
			return 0
		}
		all := math.Pow(below, k-1)
		ratio := min(normalCDF(z-w)/below, 1)
		return k * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * all * -math.Expm1((k-1)*math.Log1p(-ratio))
	}
	p := 0.0
	for z := -8.0; z < 8; z += 4 {
		p += integral(outside, z, z+4)
	}
	return min(p, 1)
}

// studentizedQuantile is the range that is exceeded with chance 1 − share (R
// qtukey).
func studentizedQuantile(share, k, df float64) float64 {
	lo, hi := 0.0, 8.0
	for StudentizedTail(hi, k, df) > 1-share {
		lo, hi = hi, 2*hi
		if hi > 1e8 || !(df > 0) {
			return math.NaN()
		}
	}
	// the logarithm is nearly straight: half as many steps
	return root(func(q float64) float64 { return math.Log(StudentizedTail(q, k, df) / (1 - share)) }, lo, hi)
}
