package stat

import (
	"math"
	"strconv"
)

// Moments describe one group of numbers. SD is that of a sample, NaN for less
// than two.
type Moments struct {
	N        int
	Mean, SD float64
}

// Describe returns the moments of the numbers among xs; NaN and infinities take
// no part.
func Describe(xs []float64) Moments {
	g := newGroup(xs, new(int))
	return g.moments()
}

// A group is a sample without missings, in units in which its squares neither
// overflow nor vanish: value = scale·x.
type group struct {
	xs    []float64
	scale float64
	mean  float64 // of xs
	ss    float64 // sum of squares around mean
}

func (g *group) n() float64 { return float64(len(g.xs)) }

// variance is that of a sample.
func (g *group) variance() float64 {
	if len(g.xs) < 2 {
		return math.NaN()
	}
	return g.ss / (g.n() - 1)
}

func (g *group) moments() Moments {
	return Moments{len(g.xs), g.mean * g.scale, math.Sqrt(g.variance()) * g.scale}
}

// newGroup keeps the finite numbers of xs and adds to infinite how many are
// infinite.
func newGroup(xs []float64, infinite *int) *group { return newGroups([][]float64{xs}, infinite)[0] }

// newGroups is newGroup for several, in the same units.
func newGroups(samples [][]float64, infinite *int) []*group {
	top := 0.0
	groups := make([]*group, len(samples))
	for i, xs := range samples {
		g := &group{scale: 1, xs: make([]float64, 0, len(xs))}
		for _, x := range xs {
			switch {
			case finite(x):
				g.xs = append(g.xs, x)
				top = max(top, math.Abs(x))
			case math.IsInf(x, 0):
				*infinite++
			}
		}
		groups[i] = g
	}
	scale := 1.0
	if top > 1e100 || top > 0 && top < 1e-100 {
		scale = math.Ldexp(1, math.Ilogb(top)) // a power of 2: nothing is rounded
	}
	for _, g := range groups {
		g.scale = scale
		for i := range g.xs {
			g.xs[i] /= scale
		}
		g.mean, g.ss = centred(g.xs)
	}
	return groups
}

// centred returns the mean and the sum of squares around it, corrected for
// rounding (Chan, Golub and LeVeque 1983). The mean of nothing is NaN.
func centred(xs []float64) (mean, ss float64) {
	n := float64(len(xs))
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	constant := true
	for _, x := range xs {
		constant = constant && x == xs[0]
	}
	if constant {
		return xs[0], 0 // exactly: no variance out of rounding
	}
	mean = sum(xs) / n
	rest := 0.0
	for _, x := range xs {
		rest += x - mean
	}
	mean += rest / n
	rest = 0
	for _, x := range xs {
		ss += (x - mean) * (x - mean)
		rest += x - mean
	}
	return mean, ss - rest*rest/n
}

// A Base says which cases a result over several variables rests on.
type Base string

// The bases.
const (
	CompleteCases Base = "volledige gevallen" // those with a number for every variable
	Pairwise      Base = "paarsgewijs"        // per pair, those with a number for both
)

// pairs keeps what is a number in both, in order.
func pairs(x, y []float64, infinite *int) (a, b []float64) {
	for i := range min(len(x), len(y)) {
		switch {
		case finite(x[i]) && finite(y[i]):
			a, b = append(a, x[i]), append(b, y[i])
		case math.IsInf(x[i], 0) || math.IsInf(y[i], 0):
			*infinite++
		}
	}
	return a, b
}

const (
	warnFew        = "Er zijn te weinig waarnemingen om iets te toetsen."
	warnConstant   = "Binnen de groepen is er geen verschil; er valt niets te toetsen."
	warnOneGroup   = "Er is maar één groep met waarnemingen."
	warnEmptyGroup = "Groepen zonder genoeg waarnemingen zijn buiten de toets gelaten."
	warnSmallGroup = "Een groep telt minder dan 10 waarnemingen; de uitkomst is gevoelig voor uitschieters."
	warnUneven     = "De reeksen zijn niet even lang; wat geen paar vormt, is weggelaten."
)

// warnInfinite is the warning about numbers that are none; nothing for 0.
func warnInfinite(n int) []string {
	if n == 0 {
		return nil
	}
	return []string{strconv.Itoa(n) + " oneindige waarden zijn weggelaten."}
}
