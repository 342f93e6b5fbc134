package stat

import (
	"math"
)

// The methods and effects of association between two numbers.
const (
	PearsonR  Method = "correlatie van Pearson"
	SpearmanR Method = "rangcorrelatie van Spearman"

	R   = "r"
	Rho = "rho"
)

// Correlation tests whether two numbers go together in a straight line, over the
// complete pairs: t = r·√((n−2)/(1−r²)), df = n−2; the interval around r is
// Fisher's tanh(atanh r ± z/√(n−3)) (R cor.test).
func Correlation(x, y []float64) Test {
	infinite := 0
	x, y = pairs(x, y, &infinite)
	return correlate(x, y, PearsonR, R, warnInfinite(infinite))
}

// Spearman is Correlation of the ranks, equal numbers sharing theirs, with p from
// the t distribution (R cor.test with method = "spearman", exact = FALSE). The
// interval uses √((1 + rho²/2)/(n−3)) (Bonett and Wright 2000).
func Spearman(x, y []float64) Test {
	infinite := 0
	x, y = pairs(x, y, &infinite)
	x, _ = midranks(x)
	y, _ = midranks(y)
	return correlate(x, y, SpearmanR, Rho, warnInfinite(infinite))
}

func correlate(x, y []float64, m Method, name string, warnings []string) Test {
	none := func(why string) Test {
		t := nothing(m, name, len(x), why)
		t.Warnings = append(t.Warnings, warnings...)
		return t
	}
	if len(x) < 3 {
		return none(warnFew)
	}
	a, b := newGroup(x, new(int)), newGroup(y, new(int))
	if a.ss == 0 || b.ss == 0 {
		return none("Een van beide is voor iedereen gelijk; er is geen samenhang te berekenen.")
	}
	r := together(a, b)
	df := float64(len(x) - 2)
	t := Test{Method: m, N: len(x), Statistic: r * math.Sqrt(df/(1-r*r)), DF: df, Effect: effect(name, r), Warnings: warnings}
	t.P = tTails(t.Statistic, df)
	if len(x) > 3 && r*r < 1 {
		wide := 1.0
		if m == SpearmanR {
			wide = math.Sqrt(1 + r*r/2)
		}
		half := normalQuantile(1-(1-confidence)/2) * wide / math.Sqrt(float64(len(x)-3))
		t.Effect.Lo, t.Effect.Hi, t.Effect.Confidence = math.Tanh(math.Atanh(r)-half), math.Tanh(math.Atanh(r)+half), confidence
	}
	return t
}

// together is how far two numbers go together in a straight line; NaN where one of
// them does not vary.
func together(a, b *group) float64 {
	products := 0.0
	for i := range a.xs {
		products += (a.xs[i] - a.mean) * (b.xs[i] - b.mean)
	}
	r := min(max(products/math.Sqrt(a.ss)/math.Sqrt(b.ss), -1), 1)
	if 1-math.Abs(r) < 1e-15 {
		r = math.Copysign(1, r) // a line but for rounding
	}
	return r
}

// Correlations is Correlation of every pair of columns, which have one length;
// [i][j] with j ≤ i. On complete cases all rest on the same rows, pairwise each
// on its own.
func Correlations(columns [][]float64, base Base) [][]Test {
	if base == CompleteCases {
		columns = complete(columns)
	}
	out := make([][]Test, len(columns))
	for i := range columns {
		for j := range i + 1 {
			out[i] = append(out[i], Correlation(columns[i], columns[j]))
		}
	}
	return out
}

// complete keeps the rows with a number in every column.
func complete(columns [][]float64) [][]float64 {
	out := make([][]float64, len(columns))
	if len(columns) == 0 {
		return out
	}
	length := len(columns[0])
	for _, c := range columns {
		length = min(length, len(c))
	}
rows:
	for at := range length {
		for _, c := range columns {
			if !finite(c[at]) {
				continue rows
			}
		}
		for i, c := range columns {
			out[i] = append(out[i], c[at])
		}
	}
	return out
}
