package stat

import (
	"bufio"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The number of factors is that of the made-up answers here, not the suggested one,
// so that the loadings can be compared; hence a test from within.
func TestFactorsAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Columns              [][]any
		N, Factors           int
		KMO, Bartlett, DF, P float64
		KMOItems             []float64 `json:"kmo_items"`
		Eigenvalues          []float64
		Loadings             [][]float64
	}
	file, err := os.Open("testdata/factor.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	seen, suggested := 0, 0
	for lines.Scan() {
		var x set
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		seen++
		columns := make([][]float64, len(x.Columns))
		for i, c := range x.Columns {
			for _, v := range c {
				f, ok := v.(float64)
				if !ok {
					f = math.NaN()
				}
				columns[i] = append(columns[i], f)
			}
		}
		near := func(what string, got, want, relative float64) {
			t.Helper()
			if math.Abs(got-want) > relative*math.Abs(want)+1e-12 {
				t.Errorf("data set %d: %s = %.15g, R says %.15g", seen, what, got, want)
			}
		}
		s := StructureOf(columns)
		if s.N != x.N {
			t.Errorf("data set %d: %d rows, R has %d", seen, s.N, x.N)
		}
		near("KMO", s.KMO, x.KMO, 1e-9)
		near("Bartlett", s.Bartlett.Statistic, x.Bartlett, 1e-8)
		near("df", s.Bartlett.DF, x.DF, 0)
		near("p", s.Bartlett.P, x.P, 1e-6)
		for i := range x.Eigenvalues {
			near("eigenvalue", s.Eigenvalues[i], x.Eigenvalues[i], 1e-9)
			near("KMO of an item", s.KMOItems[i], x.KMOItems[i], 1e-9)
		}
		if s.Suggested == x.Factors {
			suggested++
		}
		r := correlationsOf(complete(columns))
		var inverse mat.Dense
		if _, ok := soundCorrelations(r, &inverse); !ok {
			t.Fatalf("data set %d: not sound", seen)
		}
		loadings, _, _ := principalAxis(r, &inverse, x.Factors)
		if x.Factors > 1 {
			loadings = varimax(loadings)
		}
		for i := range loadings {
			for f := range loadings[i] {
				if math.Abs(loadings[i][f]-x.Loadings[i][f]) > 2e-6 {
					t.Errorf("data set %d: loading %d, %d = %.9g, R says %.9g", seen, i, f, loadings[i][f], x.Loadings[i][f])
				}
			}
		}
	}
	if seen < 100 {
		t.Fatalf("%d data sets", seen)
	}
	if suggested < seen*3/4 {
		t.Errorf("parallel analysis finds the number of factors in %d of %d data sets", suggested, seen)
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
		"constant": {make([]float64, 50), column(50)}, "missing": {nans(50), column(50)}, "infinite": {{math.Inf(1), 1, 2, 3}, {1, 2, 3, 4}}} {
		s := StructureOf(columns)
		if len(s.Warnings) == 0 || s.Loadings != nil || s.Suggested != 0 || !math.IsNaN(s.Bartlett.P) {
			t.Errorf("%s: %+v", what, s)
		}
	}
	again := [][]float64{column(60), column(60), column(60)}
	if a, b := StructureOf(again), StructureOf(again); a.Random[0] != b.Random[0] || a.Random[0] < 1 {
		t.Errorf("parallel analysis differs from time to time: %v, %v", a.Random, b.Random)
	}
}
