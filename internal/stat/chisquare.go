package stat

import (
	"math"
	"slices"
)

// A Fit is a test of counts against the shares that were expected. Residuals are
// standardised: (O − E) / √(E·(1 − π)), with π the expected share; about normal
// where the expectation is true. A category that takes no part has NaN.
type Fit struct {
	Test
	Expected  []float64
	Residuals []float64
}

// Goodness tests counts against weights, which may be shares or counts on any
// scale: X² = Σ (O − E)² / E, df = k − 1 (Pearson 1900; R chisq.test). The
// effect is Cohen's w = √(X²/n).
func Goodness(counts []int, weights []float64) Fit {
	f := Fit{Expected: nans(len(counts)), Residuals: nans(len(counts))}
	if len(weights) != len(counts) || !soundCounts(counts) || !soundWeights(weights) {
		f.Test = nothing(Pearson, CohenW, 0, warnUnsound)
		return f
	}
	n, all := total(counts), sum(weights)
	used, impossible := 0, false
	x2, lowest := 0.0, math.Inf(1)
	for i, w := range weights {
		if w == 0 {
			impossible = impossible || counts[i] > 0
			f.Expected[i] = 0
			continue
		}
		used++
		share := w / all
		e := float64(n) * share
		d := float64(counts[i]) - e
		f.Expected[i], f.Residuals[i] = e, d/math.Sqrt(e*(1-share))
		x2 += d * d / e
		lowest = min(lowest, e)
	}
	if n == 0 || used < 2 && !impossible {
		f.Test, f.Residuals = nothing(Pearson, CohenW, n, warnEmptyBase), nans(len(counts))
		return f
	}
	if impossible {
		x2 = math.Inf(1)
		used = max(used, 2)
	}
	df := float64(used - 1)
	f.Test = Test{Method: Pearson, N: n, Statistic: x2, DF: df, P: chiSquareTail(x2, df),
		Effect: effect(CohenW, math.Sqrt(x2/float64(n))), Warnings: lowWarning(lowest)}
	if impossible {
		f.Warnings = append(f.Warnings, warnImpossible)
	}
	return f
}

// A Cross is a test of independence of the rows and columns of a table. Adjusted
// residuals are (O − E) / √(E·(1 − row share)·(1 − column share)) (Haberman
// 1973; R chisq.test()$stdres); about standard normal under independence. Rows
// and columns without a count take no part; their residuals are NaN.
type Cross struct {
	Test
	Expected [][]float64
	Adjusted [][]float64
	Lowest   float64 // the smallest expected count of a cell that takes part
}

// Independence tests whether the rows and columns of a table of counts are
// independent: X² = Σ (O − E)² / E, E = row · column / N, df = (r−1)(c−1)
// (Pearson 1900; R chisq.test with correct = FALSE). The effect is Cramér's
// V = √(X² / (N·(min(r, c) − 1))).
func Independence(table [][]int) Cross { return independence(table, false) }

// IndependenceYates is Independence with the correction for continuity of Yates
// (1934) in a table of 2 by 2: every |O − E| is made 0.5 smaller, to 0 at least
// (R chisq.test with correct = TRUE). Cramér's V is that without correction.
func IndependenceYates(table [][]int) Cross { return independence(table, true) }

func independence(table [][]int, yates bool) Cross {
	c := Cross{Expected: nanTable(table), Adjusted: nanTable(table), Lowest: math.NaN()}
	m, ok := marginsOf(table)
	switch {
	case !ok:
		c.Test = nothing(Pearson, CramerV, 0, warnUnsound)
		return c
	case m.n == 0 || len(m.rows) < 2 || len(m.columns) < 2:
		c.Test = nothing(Pearson, CramerV, m.n, warnEmptyBase)
		return c
	}
	method, correction := Pearson, 0.0
	if yates && len(m.rows) == 2 && len(m.columns) == 2 {
		method, correction = PearsonYates, 0.5
	}
	plain, corrected := c.fill(table, m, correction)
	df := float64((len(m.rows) - 1) * (len(m.columns) - 1))
	v := math.Sqrt(plain / (float64(m.n) * float64(min(len(m.rows), len(m.columns))-1)))
	c.Test = Test{Method: method, N: m.n, Statistic: corrected, DF: df, P: chiSquareTail(corrected, df),
		Effect: effect(CramerV, min(v, 1)), Warnings: lowWarning(c.Lowest)}
	if m.dropped {
		c.Warnings = append(c.Warnings, warnDropped)
	}
	if yates && method == Pearson {
		c.Warnings = append(c.Warnings, warnYates)
	}
	return c
}

// fill computes expected counts and residuals, and returns X² without and with
// the correction.
func (c *Cross) fill(table [][]int, m margins, correction float64) (plain, corrected float64) {
	n := float64(m.n)
	c.Lowest = math.Inf(1)
	if correction > 0 { // in 2 by 2 every |O − E| is the same
		i, j := m.rows[0], m.columns[0]
		correction = min(correction, math.Abs(float64(table[i][j])-float64(m.row[i])*float64(m.column[j])/n))
	}
	for _, i := range m.rows {
		r := float64(m.row[i])
		for _, j := range m.columns {
			k := float64(m.column[j])
			e := r * k / n
			d := float64(table[i][j]) - e
			plain += d * d / e
			corrected += math.Pow(math.Abs(d)-correction, 2) / e
			c.Lowest = min(c.Lowest, e)
			c.Expected[i][j] = e
			c.Adjusted[i][j] = d / math.Sqrt(e*(1-r/n)*(1-k/n))
		}
	}
	return plain, corrected
}

// margins are the sums of a table, and which rows and columns have a count.
type margins struct {
	row, column   []int
	rows, columns []int // indexes of those with a count
	n             int
	dropped       bool
}

// marginsOf sums a table; false where it is ragged or has a negative count.
func marginsOf(table [][]int) (margins, bool) {
	var m margins
	if len(table) == 0 {
		return m, true
	}
	m.column = make([]int, len(table[0]))
	for _, row := range table {
		if len(row) != len(m.column) || !soundCounts(row) {
			return margins{}, false
		}
		m.row = append(m.row, total(row))
		for j, n := range row {
			m.column[j] += n
		}
	}
	for i, n := range m.row {
		if n > 0 {
			m.rows = append(m.rows, i)
		}
		m.n += n
	}
	for j, n := range m.column {
		if n > 0 {
			m.columns = append(m.columns, j)
		}
	}
	m.dropped = len(m.rows) < len(m.row) || len(m.columns) < len(m.column)
	return m, true
}

// soundCounts reports whether no count is negative.
func soundCounts(counts []int) bool {
	return !slices.ContainsFunc(counts, func(n int) bool { return n < 0 })
}

// soundWeights reports whether weights are numbers of 0 and up, with a sum above 0.
func soundWeights(weights []float64) bool {
	s := sum(weights)
	return s > 0 && finite(s) && !slices.ContainsFunc(weights, func(w float64) bool { return !(w >= 0) })
}

func lowWarning(lowest float64) []string {
	if lowest < 5 {
		return []string{warnLowExpected}
	}
	return nil
}

// nanTable has the shape of table, and says nothing.
func nanTable(table [][]int) [][]float64 {
	out := make([][]float64, len(table))
	for i := range table {
		out[i] = nans(len(table[i]))
	}
	return out
}
