package stat

import (
	"fmt"
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
	t := Test{Method: KrippendorffsA, N: n, Statistic: math.NaN(), DF: math.NaN(), P: math.NaN()}
	coded := make([][]int, len(perUnit))
	for u, codes := range perUnit {
		for _, c := range codes {
			coded[u] = append(coded[u], place[c])
		}
	}
	c := coincidencesOf(coded, counts)
	value := c.alpha(values, metric)
	t.Effect = effect(KrippendorffName, value)
	if math.IsNaN(value) {
		t.Warnings = []string{"Alle codes zijn gelijk; alfa bestaat dan niet."}
		return t
	}
	if len(coded)*len(values)*len(values) <= mostWork {
		t.Effect = t.Effect.withInterval(c.jackknife(coded, values, metric, value))
	} else {
		t.Warnings = append(t.Warnings, "Er zijn te veel verschillende codes voor een interval.")
	}
	return t
}

// mostWork is how many steps an interval of alpha may take.
const mostWork = 1 << 28

// coincidences say how often two codes were given to one unit, each unit counting
// as often as it has codes.
type coincidences struct {
	pairs  map[[2]int]float64 // by place, the higher first
	counts []float64          // of each code
}

func coincidencesOf(units [][]int, counts []float64) *coincidences {
	c := &coincidences{map[[2]int]float64{}, slices.Clone(counts)}
	for _, u := range units {
		c.add(u, 1)
	}
	return c
}

// add counts the pairs of different codes of a unit so many times.
func (c *coincidences) add(unit []int, times float64) {
	for i, a := range unit {
		for _, b := range unit[:i] {
			if a != b {
				c.pairs[[2]int{max(a, b), min(a, b)}] += 2 * times / float64(len(unit)-1)
			}
		}
	}
}

// alpha is NaN where all codes are equal.
func (c *coincidences) alpha(values []float64, metric Metric) float64 {
	distance := distances(values, c.counts, metric)
	observed, expected := 0.0, 0.0
	for i := range values {
		for j := range i {
			if n := c.counts[i] * c.counts[j]; n > 0 {
				d := distance(i, j)
				expected += 2 * n * d
				observed += c.pairs[[2]int{i, j}] * d
			}
		}
	}
	if expected == 0 {
		return math.NaN()
	}
	return 1 - observed/(expected/(sum(c.counts)-1))
}

// jackknife is the interval of Krippendorff's alpha from leaving out one unit at a
// time (Efron and Stein 1981): α ± t·√((m−1)/m·Σ(αᵤ − ᾱ)²), with m−1 degrees of
// freedom. It rests on units, of which the codes are not independent, and needs no
// random numbers as the bootstrap of Hayes and Krippendorff (2007) does. None where
// one unit carries all that differs. Units with the same codes are left out once.
func (c *coincidences) jackknife(units [][]int, values []float64, metric Metric, value float64) (lo, hi float64, ok bool) {
	if len(units) < 2 {
		return 0, 0, false
	}
	known := map[string]float64{}
	without := make([]float64, len(units))
	for at, u := range units {
		key := fmt.Sprint(u)
		if _, seen := known[key]; !seen {
			c.leaveOut(u, 1)
			known[key] = c.alpha(values, metric)
			c.leaveOut(u, -1)
		}
		without[at] = known[key]
	}
	_, ss := centred(without)
	m := float64(len(units))
	half := tQuantile(1-(1-confidence)/2, m-1) * math.Sqrt((m-1)/m*ss)
	return value - half, min(1, value+half), finite(half)
}

// leaveOut takes a unit out so many times.
func (c *coincidences) leaveOut(unit []int, times float64) {
	c.add(unit, -times)
	for _, code := range unit {
		c.counts[code] -= times
	}
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
