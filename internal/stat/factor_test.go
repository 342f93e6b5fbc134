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
		Columns              [][]number
		N, Factors           int
		KMO, Bartlett, DF, P number
		KMOItems             []number `json:"kmo_items"`
		Eigenvalues          []number
		Loadings             [][]number
	}
	sets, suggested := oracle[set](t, "factor.jsonl"), 0
	for i, x := range sets {
		columns := make([][]float64, len(x.Columns))
		for k := range columns {
			columns[k] = floats(x.Columns[k])
		}
		s := stat.StructureOf(columns)
		if s.N != x.N {
			t.Errorf("data set %d: %d rows, R has %d", i+1, s.N, x.N)
		}
		check(t, i, "KMO", s.KMO, x.KMO, 1e-9)
		checkAll(t, i, "KMO of an item", s.KMOItems, x.KMOItems, 1e-9)
		check(t, i, "Bartlett", s.Bartlett.Statistic, x.Bartlett, 1e-8)
		check(t, i, "df", s.Bartlett.DF, x.DF, 0)
		check(t, i, "p", s.Bartlett.P, x.P, 1e-6)
		checkAll(t, i, "eigenvalue", s.Eigenvalues, x.Eigenvalues, 1e-9)
		if s.Suggested == x.Factors {
			suggested++
		}
		loadings := stat.Loadings(columns, x.Factors)
		if len(loadings) != len(columns) {
			t.Fatalf("data set %d: no loadings", i+1)
		}
		for k, row := range loadings {
			for f := range row {
				if want := float64(x.Loadings[k][f]); math.Abs(row[f]-want) > 2e-6 {
					t.Errorf("data set %d: loading %d, %d = %.9g, R says %.9g", i+1, k, f, row[f], want)
				}
			}
		}
	}
	if suggested < len(sets)*3/4 {
		t.Errorf("parallel analysis finds the number of factors in %d of %d data sets", suggested, len(sets))
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
		if len(s.Warnings) == 0 || s.Loadings != nil || s.Suggested != 0 || !math.IsNaN(s.Bartlett.P) || stat.Loadings(columns, 1) != nil {
			t.Errorf("%s: %+v", what, s)
		}
	}
	again := [][]float64{column(60), column(60), column(60)}
	if a, b := stat.StructureOf(again), stat.StructureOf(again); a.Random[0] != b.Random[0] || a.Random[0] < 1 {
		t.Errorf("parallel analysis differs from time to time: %v, %v", a.Random, b.Random)
	}
}
