package stat

import (
	"math"
	"slices"
)

// The method and effect of Polychoric.
const (
	PolychoricML Method = "polychorische correlatie (tweestaps)"

	PolychoricR = "polychorische r"
)

const (
	warnEdge  = "De correlatie ligt aan de grens van wat kan; er is geen interval."
	warnZeros = "Een cel van de tabel is leeg; de correlatie hangt dan sterk af van enkele antwoorden."

	// mostCorrelated is the strongest correlation that is looked for.
	mostCorrelated = 1 - 1e-6
)

// Polychoric estimates the correlation of two normal numbers of which only ordered
// categories were seen, the rows and columns of a table of counts: thresholds from
// the margins, and then the correlation of the largest likelihood (Olsson 1979, two
// steps; R polycor polychor). A table of 2 by 2 gives the tetrachoric correlation.
//
// The interval rests on the influence of each cell on the correlation, through the
// thresholds too (Muthén 1984), on the scale of Fisher's z. The statistic is z for
// no correlation, with the standard error on that scale.
func Polychoric(table [][]int) Test {
	m, ok := marginsOf(table)
	switch {
	case !ok:
		return nothing(PolychoricML, PolychoricR, 0, warnUnsound)
	case m.n == 0 || len(m.rows) < 2 || len(m.columns) < 2:
		return nothing(PolychoricML, PolychoricR, m.n, warnEmptyBase)
	}
	cells := make([][]float64, len(m.rows))
	empty := false
	for a, i := range m.rows {
		for _, j := range m.columns {
			cells[a] = append(cells[a], float64(table[i][j])/float64(m.n))
			empty = empty || table[i][j] == 0
		}
	}
	rho := polychoricOf(cells)
	t := Test{Method: PolychoricML, N: m.n, Statistic: math.NaN(), DF: math.NaN(), P: math.NaN(), Effect: effect(PolychoricR, rho)}
	if m.dropped {
		t.Warnings = append(t.Warnings, warnDropped)
	}
	if math.Abs(rho) >= mostCorrelated {
		t.Effect.Value = math.Copysign(1, rho)
		t.Warnings = append(t.Warnings, warnEdge)
		return t
	}
	if empty {
		t.Warnings = append(t.Warnings, warnZeros)
	}
	z := math.Atanh(rho)
	se := polychoricError(cells, rho) / math.Sqrt(float64(m.n)) / ((1 - rho) * (1 + rho))
	half := normalQuantile(1-(1-confidence)/2) * se
	t.Effect.Lo, t.Effect.Hi, t.Effect.Confidence = math.Tanh(z-half), math.Tanh(z+half), confidence
	t.Statistic, t.P = z/se, normalTails(z/se)
	return t
}

// Polychorics is Polychoric of every pair of columns of ordered codes; [i][j] with
// j ≤ i. On complete cases all rest on the same rows, pairwise each on its own. A
// column with more than mostCodes different numbers has no polychoric correlation.
func Polychorics(columns [][]float64, base Base) [][]Test {
	if base == CompleteCases {
		columns = complete(columns)
	}
	out := make([][]Test, len(columns))
	for i := range columns {
		for j := range i + 1 {
			x, y := pairs(columns[i], columns[j], new(int))
			table, ok := tableOf(x, y)
			if !ok {
				out[i] = append(out[i], nothing(PolychoricML, PolychoricR, len(x), "Er zijn te veel verschillende waarden om als geordende categorieën te lezen."))
				continue
			}
			out[i] = append(out[i], Polychoric(table))
		}
	}
	return out
}

// mostCodes is how many different numbers may be ordered categories.
const mostCodes = 20

// tableOf counts pairs of codes, in the order of the codes; false where there are
// too many of them.
func tableOf(x, y []float64) ([][]int, bool) {
	rows, columns := codesOf(x), codesOf(y)
	if len(rows) > mostCodes || len(columns) > mostCodes {
		return nil, false
	}
	table := make([][]int, len(rows))
	for i := range table {
		table[i] = make([]int, len(columns))
	}
	for at := range x {
		i, _ := slices.BinarySearch(rows, x[at])
		j, _ := slices.BinarySearch(columns, y[at])
		table[i][j]++
	}
	return table, true
}

// codesOf are the different numbers in order; no more than one over mostCodes.
func codesOf(xs []float64) []float64 {
	var codes []float64
	for _, x := range xs {
		if at, found := slices.BinarySearch(codes, x); !found {
			if codes = slices.Insert(codes, at, x); len(codes) > mostCodes {
				break
			}
		}
	}
	return codes
}

// thresholds cut the normal distribution into shares; the first is −∞ and the last
// ∞.
func thresholds(shares []float64) []float64 {
	out := []float64{math.Inf(-1)}
	below, above := 0.0, sum(shares)
	for _, s := range shares[:len(shares)-1] {
		below, above = below+s, above-s
		if below < above { // the smaller part keeps its digits
			out = append(out, normalQuantile(below/(below+above)))
		} else {
			out = append(out, -normalQuantile(above/(below+above)))
		}
	}
	return append(out, math.Inf(1))
}

// cuts are the thresholds of the rows and columns of a table of shares.
func cuts(cells [][]float64) (a, b []float64) {
	rows, columns := make([]float64, len(cells)), make([]float64, len(cells[0]))
	for i, row := range cells {
		for j, p := range row {
			rows[i] += p
			columns[j] += p
		}
	}
	return thresholds(rows), thresholds(columns)
}

// polychoricOf is the correlation at which the likelihood of shares is largest.
func polychoricOf(cells [][]float64) float64 {
	a, b := cuts(cells)
	score := func(r float64) float64 { // from −1 to 1: a likelihood can be steep beyond counting
		s := polychoricScore(cells, a, b, r)
		return max(-1, min(s, 1))
	}
	switch {
	case score(-mostCorrelated) <= 0:
		return -mostCorrelated
	case score(mostCorrelated) >= 0:
		return mostCorrelated
	}
	// root wants the positive side of an interval for its relative steps
	return root(func(x float64) float64 { return score(x - 2) }, 2-mostCorrelated, 2+mostCorrelated) - 2
}

// polychoricScore is the slope of the log likelihood by the correlation: the slope
// of each cell's chance is the density at its corners. Where a cell that was seen
// has no chance at all the correlation is too far from 0, however far.
func polychoricScore(cells [][]float64, a, b []float64, r float64) float64 {
	s := 0.0
	for i, row := range cells {
		for j, p := range row {
			if p == 0 {
				continue
			}
			chance, slope := cell(a[i], a[i+1], b[j], b[j+1], r)
			if chance < 1e-300 {
				return math.Inf(-int(math.Copysign(1, r)))
			}
			s += p * slope / chance
		}
	}
	return s
}

// cell is the chance of a rectangle, and its slope by the correlation.
func cell(a, c, b, d, r float64) (chance, slope float64) {
	chance = bivariateTail(a, b, r) - bivariateTail(c, b, r) - bivariateTail(a, d, r) + bivariateTail(c, d, r)
	slope = bivariateDensity(a, b, r) - bivariateDensity(c, b, r) - bivariateDensity(a, d, r) + bivariateDensity(c, d, r)
	return max(chance, 0), slope
}

// polychoricError is the standard error of the correlation, times √n: the spread
// over the cells of how the correlation moves with their shares.
func polychoricError(cells [][]float64, rho float64) float64 {
	middle, squares := 0.0, 0.0
	information := polychoricSlope(cells, rho)
	for i, row := range cells {
		for j, p := range row {
			if p == 0 {
				continue
			}
			d := polychoricInfluence(cells, i, j, rho) / information
			middle += p * d
			squares += p * d * d
		}
	}
	return math.Sqrt(squares - middle*middle)
}

// polychoricSlope is how steeply the score falls.
func polychoricSlope(cells [][]float64, rho float64) float64 {
	step := 1e-4 * (1 - math.Abs(rho))
	a, b := cuts(cells)
	return (polychoricScore(cells, a, b, rho-step) - polychoricScore(cells, a, b, rho+step)) / (2 * step)
}

// polychoricInfluence is how the score moves where a cell counts for more,
// thresholds moving along.
func polychoricInfluence(cells [][]float64, i, j int, rho float64) float64 {
	at := cells[i][j]
	defer func() { cells[i][j] = at }()
	step := 1e-4 * at
	score := func(p float64) float64 {
		cells[i][j] = p
		a, b := cuts(cells)
		return polychoricScore(cells, a, b, rho)
	}
	return (score(at+step) - score(at-step)) / (2 * step)
}
