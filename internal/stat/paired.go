package stat

import "math"

// The methods and effects of comparing categories of the same cases.
const (
	McNemarChi         Method = "toets van McNemar"
	McNemarCorrected   Method = "toets van McNemar (met correctie)"
	McNemarExact       Method = "toets van McNemar (exact)"
	CochranQuantity    Method = "Cochrans Q"
	StuartMaxwellChi   Method = "toets van Stuart-Maxwell"
	KendallOfQ                = "Q/(N·(k−1))"
	MarginDifference          = "grootste verschil in aandelen"
	warnNotSquare             = "De tabel is niet vierkant; de rijen en kolommen moeten dezelfde categorieën zijn."
	warnNotBinary             = "Er zijn andere waarden dan 0 en 1; die rijen zijn weggelaten."
	warnNoDisagreement        = "Er is geen enkel verschil binnen de paren; er valt niets te toetsen."
)

// McNemar tests whether two yes-or-no answers of the same cases are as often yes,
// from their table of 2 by 2 with b and c the cases that differ: X² = (b−c)² /
// (b+c), df 1; corrected for continuity (|b−c| − 1)² (R mcnemar.test). The effect
// is (b−c)/n, the share of the second column of rows less the other way round,
// with an interval of ± z·√(b + c − (b−c)²/n) / n.
func McNemar(table [][]int, corrected bool) Test {
	m := McNemarChi
	if corrected {
		m = McNemarCorrected
	}
	t, b, c, ok := discordant(table, m)
	if !ok {
		return t
	}
	distance := math.Abs(b - c)
	if corrected {
		distance = max(0, distance-1)
	}
	t.Statistic, t.DF = distance*distance/(b+c), 1
	t.P = chiSquareTail(t.Statistic, 1)
	if b+c < 25 {
		t.Warnings = append(t.Warnings, "Minder dan 25 paren verschillen; de exacte toets is dan beter.")
	}
	return t
}

// McNemarExactTest is McNemar with the exact binomial chance of so uneven a
// split of b+c, two-sided (R binom.test). It has no statistic.
func McNemarExactTest(table [][]int) Test {
	t, b, c, ok := discordant(table, McNemarExact)
	if ok {
		t.P = evenTails(int(b), int(c))
	}
	return t
}

// discordant reads a table of 2 by 2; false where there is nothing to test.
func discordant(table [][]int, m Method) (t Test, b, c float64, ok bool) {
	if len(table) != 2 || len(table[0]) != 2 || len(table[1]) != 2 || !soundCounts(table[0]) || !soundCounts(table[1]) {
		return nothing(m, SignShare, 0, warnUnsound), 0, 0, false
	}
	b, c = float64(table[0][1]), float64(table[1][0])
	n := total(table[0]) + total(table[1])
	if b+c == 0 {
		why := warnNoDisagreement
		if n == 0 {
			why = warnFew
		}
		return nothing(m, SignShare, n, why), 0, 0, false
	}
	d := (b - c) / float64(n)
	half := normalQuantile(1-(1-confidence)/2) * math.Sqrt(max(0, b+c-(b-c)*(b-c)/float64(n))) / float64(n)
	return Test{Method: m, N: n, Statistic: math.NaN(), DF: math.NaN(), P: math.NaN(), Effect: Effect{SignShare, d, max(-1, d-half), min(1, d+half), confidence}}, b, c, true
}

// CochranQ tests whether yes-or-no answers of the same cases, one column each,
// are as often yes: Q = (k−1)·(k·ΣC² − T²) / (k·T − ΣR²), chi-square with k−1
// degrees of freedom (Cochran 1950). Rows that miss an answer are left out. The
// effect is Kendall's W of the answers, with the interval that Friedman has.
func CochranQ(columns [][]float64) Test {
	columns = complete(columns)
	k := float64(len(columns))
	if len(columns) < 2 || len(columns[0]) == 0 {
		return nothing(CochranQuantity, KendallOfQ, 0, warnFew)
	}
	perColumn := make([]float64, len(columns))
	var t Test
	n, all, rows := 0, 0.0, 0.0
	for at := range columns[0] {
		r, binary := 0.0, true
		for _, c := range columns {
			r += c[at]
			binary = binary && (c[at] == 0 || c[at] == 1)
		}
		if !binary {
			t.Warnings = []string{warnNotBinary}
			continue
		}
		n++
		all += r
		rows += r * (k - r) // k·T − ΣR²
		for i, c := range columns {
			perColumn[i] += c[at]
		}
	}
	if rows == 0 {
		none := nothing(CochranQuantity, KendallOfQ, n, warnNoDisagreement)
		none.Warnings = append(none.Warnings, t.Warnings...)
		return none
	}
	between := 0.0
	for _, c := range perColumn {
		between += (c - all/k) * (c - all/k)
	}
	t.Method, t.N, t.DF = CochranQuantity, n, k-1
	t.Statistic = k * (k - 1) * between / rows
	t.P = chiSquareTail(t.Statistic, t.DF)
	lo, hi, ok := chiInterval(t.Statistic, t.DF)
	most := float64(n) * (k - 1)
	t.Effect = effect(KendallOfQ, t.Statistic/most).withInterval(lo/most, min(1, hi/most), ok)
	return t
}

// StuartMaxwell tests whether two answers of the same cases in the same
// categories, rows and columns of a square table, are spread alike: X² =
// d'S⁻¹d with d = row − column sums, S_ii = r_i + c_i − 2·n_ii, S_ij = −(n_ij +
// n_ji), over all categories but one (Stuart 1955, Maxwell 1970). The degrees of
// freedom are the rank of S. The effect is the largest difference of two shares;
// it has no interval, as it was picked for being the largest.
func StuartMaxwell(table [][]int) Test {
	m, ok := marginsOf(table)
	switch {
	case !ok:
		return nothing(StuartMaxwellChi, MarginDifference, 0, warnUnsound)
	case len(table) == 0 || len(table) != len(table[0]):
		return nothing(StuartMaxwellChi, MarginDifference, m.n, warnNotSquare)
	}
	k := len(table)
	largest, scale := 0.0, 0.0
	s := make([][]float64, 0, k)
	d := make([]float64, 0, k)
	for i := range k {
		difference := float64(m.row[i] - m.column[i])
		largest = max(largest, math.Abs(difference))
		if i == k-1 {
			break // it follows from the others
		}
		row := make([]float64, i+1)
		for j := range i {
			row[j] = -float64(table[i][j] + table[j][i])
		}
		row[i] = float64(m.row[i] + m.column[i] - 2*table[i][i])
		scale = max(scale, row[i])
		s, d = append(s, row), append(d, difference)
	}
	f := factorise(s, 1e-9)
	if m.n == 0 || len(f.used) == 0 || scale == 0 {
		return nothing(StuartMaxwellChi, MarginDifference, m.n, warnNoDisagreement)
	}
	used := make([]float64, len(f.used))
	for i, at := range f.used {
		used[i] = d[at]
	}
	x2 := 0.0
	for i, x := range f.solve(used) {
		x2 += x * used[i]
	}
	df := float64(len(f.used))
	t := Test{Method: StuartMaxwellChi, N: m.n, Statistic: max(x2, 0), DF: df, Effect: effect(MarginDifference, largest/float64(m.n))}
	t.P = chiSquareTail(t.Statistic, df)
	return t
}

// Binomial is the method of EvenSplit.
const Binomial Method = "binomiale toets"

// EvenSplit tests whether what falls into one of two kinds does so evenly: the
// exact binomial chance of a split as uneven as a to b, two-sided (R binom.test).
// The effect is the share of a, with the interval of Wilson.
func EvenSplit(a, b int) Test {
	if a < 0 || b < 0 || a+b == 0 {
		return nothing(Binomial, ShareOf, max(0, a)+max(0, b), warnFew)
	}
	w := Wilson(a, a+b, confidence)
	return Test{Method: Binomial, N: a + b, Statistic: float64(a), DF: math.NaN(), P: evenTails(a, b), Effect: Effect{ShareOf, w.Value, w.Lo, w.Hi, confidence}}
}

// ShareOf is the effect of EvenSplit.
const ShareOf = "aandeel"
