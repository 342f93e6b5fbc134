package stat

import (
	"math"
	"slices"
)

// The methods and effects of agreement.
const (
	CohenKappa       Method = "Cohens kappa"
	KrippendorffsA   Method = "Krippendorffs alfa"
	Kappa                   = "kappa"
	KrippendorffName        = "alfa"
)

// KappaOf measures how much two raters agree beyond chance, from the square table
// of their codes: κ = (p_o − p_e)/(1 − p_e) (Cohen 1960). The interval uses the
// variance of Fleiss, Cohen and Everitt (1969); the statistic is z under the
// hypothesis of chance alone, with its own variance.
func KappaOf(table [][]int) Test {
	m, ok := marginsOf(table)
	switch {
	case !ok:
		return nothing(CohenKappa, Kappa, 0, warnUnsound)
	case len(table) == 0 || len(table) != len(table[0]):
		return nothing(CohenKappa, Kappa, m.n, warnNotSquare)
	case m.n == 0:
		return nothing(CohenKappa, Kappa, 0, warnFew)
	}
	n := float64(m.n)
	share := func(x int) float64 { return float64(x) / n }
	observed, expected, cross := 0.0, 0.0, 0.0
	for i := range table {
		observed += share(table[i][i])
		expected += share(m.row[i]) * share(m.column[i])
		cross += share(m.row[i]) * share(m.column[i]) * (share(m.row[i]) + share(m.column[i]))
	}
	if expected == 1 {
		return nothing(CohenKappa, Kappa, m.n, "Beide beoordelaars gebruikten één en dezelfde code; kappa bestaat dan niet.")
	}
	k := (observed - expected) / (1 - expected)
	a, b := 0.0, 0.0
	for i := range table {
		x := 1 - (share(m.row[i])+share(m.column[i]))*(1-k)
		a += share(table[i][i]) * x * x
		for j := range table {
			if i != j {
				y := share(m.column[i]) + share(m.row[j])
				b += share(table[i][j]) * y * y
			}
		}
	}
	c := k - expected*(1-k)
	se := math.Sqrt(max(0, a+b*(1-k)*(1-k)-c*c)/n) / (1 - expected)
	null := math.Sqrt(max(0, expected+expected*expected-cross)/n) / (1 - expected)
	half := normalQuantile(1-(1-confidence)/2) * se
	t := Test{Method: CohenKappa, N: m.n, Statistic: k / null, DF: math.NaN(), P: normalTails(k / null),
		Effect: Effect{Kappa, k, k - half, min(1, k+half), confidence}}
	if null == 0 {
		t.Statistic, t.P = math.NaN(), math.NaN()
	}
	return t
}

// A Metric says how far two codes are apart.
type Metric int

// The metrics of Krippendorff's alpha.
const (
	Nominal       Metric = iota // equal or not
	Ordinal                     // by how many codes lie between
	IntervalLevel               // by their difference
)

// Krippendorff measures how much raters agree: α = 1 − D_o/D_e over the
// coincidences of codes within units (Krippendorff 2011). ratings[rater][unit] is
// NaN where a rater gave none; units with one code take no part. N is the number
// of codes that do. There is no p.
func Krippendorff(ratings [][]float64, metric Metric) Test {
	units := 0
	for _, r := range ratings {
		units = max(units, len(r))
	}
	place := map[float64]int{}
	var values []float64
	var perUnit [][]float64
	n := 0
	for u := range units {
		var codes []float64
		for _, r := range ratings {
			if u < len(r) && finite(r[u]) {
				codes = append(codes, r[u])
			}
		}
		if len(codes) < 2 {
			continue
		}
		n += len(codes)
		for _, c := range codes {
			if _, known := place[c]; !known {
				place[c] = 0
				values = append(values, c)
			}
		}
		perUnit = append(perUnit, codes)
	}
	if len(perUnit) == 0 {
		return nothing(KrippendorffsA, KrippendorffName, n, warnFew)
	}
	slices.Sort(values)
	for i, v := range values {
		place[v] = i
	}
	counts := make([]float64, len(values))
	for _, codes := range perUnit {
		for _, c := range codes {
			counts[place[c]]++
		}
	}
	distance := distances(values, counts, metric)
	observed, expected := 0.0, 0.0
	for _, codes := range perUnit {
		apart := 0.0
		for i, c := range codes {
			for _, k := range codes[:i] {
				apart += 2 * distance(place[c], place[k])
			}
		}
		observed += apart / float64(len(codes)-1)
	}
	for i := range values {
		for j := range i {
			expected += 2 * counts[i] * counts[j] * distance(i, j)
		}
	}
	t := Test{Method: KrippendorffsA, N: n, Statistic: math.NaN(), DF: math.NaN(), P: math.NaN()}
	if expected == 0 {
		t.Effect, t.Warnings = effect(KrippendorffName, math.NaN()), []string{"Alle codes zijn gelijk; alfa bestaat dan niet."}
		return t
	}
	t.Effect = effect(KrippendorffName, 1-observed/(expected/float64(n-1)))
	return t
}

// distances returns the squared distance of two values by their place; interval
// distances are in units of the whole range, so that they do not overflow.
func distances(values, counts []float64, metric Metric) func(i, j int) float64 {
	switch metric {
	case Ordinal:
		upTo := make([]float64, len(counts))
		s := 0.0
		for i, c := range counts {
			s += c
			upTo[i] = s - c/2 // the middle of its own codes
		}
		return func(i, j int) float64 { d := upTo[i] - upTo[j]; return d * d }
	case IntervalLevel:
		span := values[len(values)-1]/2 - values[0]/2
		return func(i, j int) float64 { d := (values[i]/2 - values[j]/2) / span; return d * d }
	}
	return func(i, j int) float64 {
		if i == j {
			return 0
		}
		return 1
	}
}
