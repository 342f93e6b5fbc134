package stat

import (
	"math"
	"math/rand/v2"
)

// How many draws a Monte Carlo test rests on at least, and the seed that Fisher
// uses: the same table has the same p everywhere and always.
const (
	MinDraws    = 10_000
	DefaultSeed = 20_180_101
)

// tie is how much larger, in logarithms, a probability may be and still count
// as equally small; R's fisher.test has 1e-7 too.
const tie = 1e-7

const warnDrawn = "De tabel is te groot om alle mogelijkheden na te gaan; p is met vaste toevalsgetallen benaderd."

// Fisher tests independence of rows and columns given both margins (Fisher 1935;
// Freeman and Halton 1951 for r by c): p is the probability of all tables that
// are no more likely than this one (R fisher.test). It is exact where a fixed
// amount of work suffices, and else drawn as FisherMonteCarlo does. There is no
// statistic; the effect is Cramér's V.
func Fisher(table [][]int) Test {
	t, f, ok := newFisher(table)
	if !ok {
		return t
	}
	if p, ok := f.exact(workBudget); ok {
		t.Method, t.P = FisherExact, min(p, 1)
		return t
	}
	f.draw(&t, MinDraws, DefaultSeed)
	t.Warnings = append(t.Warnings, warnDrawn)
	return t
}

// FisherMonteCarlo is Fisher with a p from tables that are drawn with the margins
// of this one: (1 + as extreme) / (1 + draws) (R fisher.test with simulate.p.value;
// the 1 is the table itself). Fewer draws than MinDraws are made MinDraws.
func FisherMonteCarlo(table [][]int, draws int, seed uint64) Test {
	t, f, ok := newFisher(table)
	if ok {
		f.draw(&t, max(draws, MinDraws), seed)
	}
	return t
}

// A fisher is a table without empty rows and columns.
type fisher struct {
	rows, columns []int // sums
	n             int
	observed      float64   // −Σ log x!
	logFactorials []float64 // of small numbers
}

// newFisher prepares the test; false where there is nothing to test.
func newFisher(table [][]int) (Test, *fisher, bool) {
	c := Independence(table)
	t := Test{Method: FisherExact, N: c.N, Statistic: math.NaN(), DF: math.NaN(), P: math.NaN(), Effect: c.Effect}
	if math.IsNaN(c.P) {
		t.Warnings = c.Warnings
		return t, nil, false
	}
	m, _ := marginsOf(table) // it was sound for Independence
	if m.dropped {
		t.Warnings = []string{warnDropped}
	}
	f := &fisher{n: m.n, logFactorials: make([]float64, min(m.n, 1<<16)+1)}
	for i := range f.logFactorials {
		f.logFactorials[i], _ = math.Lgamma(float64(i) + 1)
	}
	for _, i := range m.rows {
		f.rows = append(f.rows, m.row[i])
		for _, x := range table[i] {
			f.observed -= f.logFactorial(x)
		}
	}
	for _, j := range m.columns {
		f.columns = append(f.columns, m.column[j])
	}
	return t, f, true
}

func (f *fisher) logFactorial(n int) float64 {
	if n < len(f.logFactorials) {
		return f.logFactorials[n]
	}
	x, _ := math.Lgamma(float64(n) + 1)
	return x
}

// draw fills in a p from drawn tables.
func (f *fisher) draw(t *Test, draws int, seed uint64) {
	random := rand.NewPCG(seed, 0)
	extreme := 0
	left := make([]int, len(f.rows))
	for range draws {
		if f.drawTable(random, left) <= f.observed+tie {
			extreme++
		}
	}
	t.Method, t.Draws = FisherDrawn, draws
	t.P = float64(1+extreme) / float64(1+draws)
	t.StdErr = math.Sqrt(t.P * (1 - t.P) / float64(draws))
}

// drawTable draws a table with the margins, column by column, and returns its
// −Σ log x!. left is room for what the rows have left.
func (f *fisher) drawTable(random *rand.PCG, left []int) float64 {
	copy(left, f.rows)
	pool, value := f.n, 0.0
	for _, column := range f.columns {
		others := pool
		for i := range left {
			others -= left[i]
			x := f.hypergeometric(random, left[i], others, column)
			left[i] -= x
			column -= x
			pool -= x
			value -= f.logFactorial(x)
		}
	}
	return value
}

// hypergeometric draws how many of k cases, taken without replacement from good
// and bad ones, are good: inversion, outwards from the mode.
func (f *fisher) hypergeometric(random *rand.PCG, good, bad, k int) int {
	lo, hi := max(0, k-bad), min(k, good)
	if lo == hi {
		return lo
	}
	mode := int(float64(k+1) * float64(good+1) / float64(good+bad+2))
	mode = min(max(mode, lo), hi)
	lf := f.logFactorial
	p := math.Exp(lf(good) - lf(mode) - lf(good-mode) + lf(bad) - lf(k-mode) - lf(bad-k+mode) -
		lf(good+bad) + lf(k) + lf(good+bad-k))
	u := float64(random.Uint64()>>11)/(1<<53) - p
	down, up, pDown, pUp := mode, mode, p, p
	for u >= 0 && (down > lo || up < hi) {
		if up < hi {
			pUp *= float64(good-up) * float64(k-up) / (float64(up+1) * float64(bad-k+up+1))
			up++
			if u -= pUp; u < 0 {
				return up
			}
		}
		if down > lo {
			pDown *= float64(down) * float64(bad-k+down) / (float64(good-down+1) * float64(k-down+1))
			down--
			if u -= pDown; u < 0 {
				return down
			}
		}
	}
	return mode // also for what rounding leaves over
}
