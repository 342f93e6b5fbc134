package stat_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/uitvraag/uitvraag/internal/stat"
)

func TestFactorsAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Columns                        [][]number
		N, Factors                     int
		None                           bool
		KMO, Bartlett, DF, P           number
		KMOItems                       []number `json:"kmo_items"`
		Eigenvalues, Random, Omega     []number
		Loadings, MinRes, Oblimin, Phi [][]number
	}
	sets, suggested, some := oracle[set](t, "factor.jsonl"), 0, 0
	kmo, bartlett, parallel := with(t, "KMO"), with(t, "Bartlett"), with(t, "parallel analysis", "drawn numbers: absolute; R draws rows, we draw their products")
	axis := with(t, "PrincipalAxis, Varimax", "absolute; no factors where a column would share all of its variance")
	minres, oblimin := with(t, "MinRes", "absolute"), with(t, "Oblimin", "absolute; with Kaiser's normalisation, as SPSS; psych has none by default")
	omega := with(t, "OmegaOf", "of the sum as it is; psych's is of standardised items; the interval has no package")
	for i, x := range sets {
		columns := columnsOf(x.Columns)
		s := stat.StructureOf(columns)
		kmo.check(i, "N", float64(s.N), number(x.N), 0)
		kmo.check(i, "KMO", s.KMO, x.KMO, 1e-9)
		kmo.all(i, "KMO of an item", s.KMOItems, x.KMOItems, 1e-9)
		bartlett.check(i, "chi²", s.Bartlett.Statistic, x.Bartlett, 1e-8)
		bartlett.check(i, "df", s.Bartlett.DF, x.DF, 0)
		bartlett.check(i, "p", s.Bartlett.P, x.P, 1e-6)
		parallel.all(i, "eigenvalue", s.Eigenvalues, x.Eigenvalues, 1e-9)
		w := stat.OmegaOf(columns)
		omega.check(i, "omega", w.Effect.Value, x.Omega[0], 1e-6)
		omega.interval(i, "omega", w.Effect, x.Omega[1:], 1e-5)
		for k, v := range x.Random {
			parallel.deviates(i, "chance", s.Random[k], float64(v), math.Abs(s.Random[k]-float64(v)), .15)
		}
		if !x.None {
			some++
			if s.Suggested == x.Factors {
				suggested++
			}
		}
		if x.None || len(x.Loadings) > 0 {
			sameLoadings(axis, i, stat.FactorsOf(columns, x.Factors, stat.PrincipalAxis, stat.Varimax).Loadings, x.Loadings)
		}
		sameLoadings(minres, i, stat.FactorsOf(columns, x.Factors, stat.MinRes, stat.Unrotated).Loadings, x.MinRes)
		if x.Factors > 1 || x.None {
			f := stat.FactorsOf(columns, x.Factors, stat.MinRes, stat.Oblimin)
			sameLoadings(oblimin, i, f.Loadings, x.Oblimin)
			sameLoadings(oblimin, i, f.Correlations, x.Phi)
		}
	}
	if suggested < some*3/4 {
		t.Errorf("parallel analysis finds the number of factors in %d of %d data sets", suggested, some)
	}
}

// sameLoadings compares numbers of 1 at most, which may be 0: absolutely.
func sameLoadings(a *agreement, at int, got [][]float64, want [][]number) {
	a.t.Helper()
	if len(got) != len(want) {
		a.t.Fatalf("%s, data set %d: %d rows of loadings, R has %d", a.function, at+1, len(got), len(want))
	}
	if len(got) == 0 {
		a.check(at, "nothing", math.NaN(), number(math.NaN()), 1e-6)
	}
	for k, row := range got {
		for f, x := range row {
			a.deviates(at, "loading", x, float64(want[k][f]), math.Abs(x-float64(want[k][f])), 1e-6)
		}
	}
}

func TestPolychoricAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Table       [][]int
		Rho, Lo, Hi number
		Edge        bool
	}
	r := with(t, "Polychoric", "polycor agrees to its 3 digits and takes thresholds as known; the score of the same likelihood is brought to 0 here")
	for i, s := range oracle[set](t, "polychoric.jsonl") {
		p := stat.Polychoric(s.Table)
		if s.Edge {
			r.check(i, "size at the edge", math.Abs(p.Effect.Value), 1, 1e-9)
			continue
		}
		r.check(i, "rho", p.Effect.Value, s.Rho, 1e-6)
		r.interval(i, "rho", p.Effect, []number{s.Lo, s.Hi}, 1e-5)
	}
}

func TestStructureOfWhatCannotBeAnalysed(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	column := func(n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = random.NormFloat64()
		}
		return out
	}
	twice := column(50)
	for what, columns := range map[string][][]float64{"nothing": {}, "one": {column(9)}, "three rows": {column(3), column(3), column(3)}, "twice the same": {twice, twice, column(50)},
		"constant": {make([]float64, 50), column(50)}, "missing": {slices.Repeat([]float64{math.NaN()}, 50), column(50)}, "infinite": {{math.Inf(1), 1, 2, 3}, {1, 2, 3, 4}}} {
		s := stat.StructureOf(columns)
		if len(s.Warnings) == 0 || s.Loadings != nil || s.Suggested != 0 || !math.IsNaN(s.Bartlett.P) || stat.FactorsOf(columns, 1, stat.MinRes, stat.Oblimin).Loadings != nil {
			t.Errorf("%s: %+v", what, s)
		}
	}
	again := [][]float64{column(60), column(60), column(60)}
	if a, b := stat.StructureOf(again), stat.StructureOf(again); a.Random[0] != b.Random[0] || a.Random[0] < 1 {
		t.Errorf("parallel analysis differs from time to time: %v, %v", a.Random, b.Random)
	}
}
