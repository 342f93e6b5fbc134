package stat_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// The files in testdata hold what R says; the scripts beside them made them.

// A number is a float64 that JSON may hold as "NaN" or "Inf".
type number float64

func (n *number) UnmarshalJSON(text []byte) error {
	x, err := strconv.ParseFloat(string(bytes.Trim(text, `"`)), 64)
	*n = number(x)
	return err
}

// oracle reads one data set per line, and fails where there are fewer than 100.
func oracle[T any](t *testing.T, name string) []T {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	var all []T
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var x T
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatalf("%s, line %d: %v", name, len(all)+1, err)
		}
		all = append(all, x)
	}
	if lines.Err() != nil || len(all) < 100 {
		t.Fatalf("%s has %d data sets (%v), want 100 at least", name, len(all), lines.Err())
	}
	return all
}

// near reports whether got is want, to a relative difference. What is 0 but for
// rounding may differ by 1e-13 more.
func near(got float64, want number, relative float64) bool {
	w := float64(want)
	if math.IsNaN(w) || math.IsInf(w, 0) {
		return math.IsNaN(w) == math.IsNaN(got) && math.IsInf(w, 1) == math.IsInf(got, 1)
	}
	return math.Abs(got-w) <= relative*math.Abs(w)+1e-13
}

func check(t *testing.T, at int, what string, got float64, want number, relative float64) {
	t.Helper()
	if !near(got, want, relative) {
		t.Errorf("data set %d: %s = %.15g, R says %.15g", at+1, what, got, float64(want))
	}
}

func checkAll(t *testing.T, at int, what string, got []float64, want []number, relative float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("data set %d: %d values of %s, want %d", at+1, len(got), what, len(want))
	}
	for i := range got {
		check(t, at, what+" "+strconv.Itoa(i), got[i], want[i], relative)
	}
}

func floats(xs []number) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = float64(x)
	}
	return out
}

func TestGoodnessAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Counts                       []int
		Weights, Expected, Residuals []number
		X2, DF, P, W                 number
	}
	for i, s := range oracle[set](t, "goodness.jsonl") {
		f := stat.Goodness(s.Counts, floats(s.Weights))
		check(t, i, "X²", f.Statistic, s.X2, 1e-9)
		check(t, i, "df", f.DF, s.DF, 0)
		check(t, i, "p", f.P, s.P, 1e-9)
		check(t, i, "w", f.Effect.Value, s.W, 1e-9)
		checkAll(t, i, "expected", f.Expected, s.Expected, 1e-9)
		checkAll(t, i, "residual", f.Residuals, s.Residuals, 1e-9)
	}
}

func TestIndependenceAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Table              [][]int
		Expected, Adjusted [][]number
		X2, DF, P, V       number
		Yates              number
		PYates             number `json:"p_yates"`
	}
	for i, s := range oracle[set](t, "independence.jsonl") {
		c := stat.Independence(s.Table)
		check(t, i, "X²", c.Statistic, s.X2, 1e-9)
		check(t, i, "df", c.DF, s.DF, 0)
		check(t, i, "p", c.P, s.P, 1e-9)
		check(t, i, "V", c.Effect.Value, s.V, 1e-9)
		for r := range s.Table {
			checkAll(t, i, "expected", c.Expected[r], s.Expected[r], 1e-9)
			checkAll(t, i, "residual", c.Adjusted[r], s.Adjusted[r], 1e-9)
		}
		if y := stat.IndependenceYates(s.Table); y.Method == stat.PearsonYates {
			check(t, i, "X² of Yates", y.Statistic, s.Yates, 1e-9)
			check(t, i, "p of Yates", y.P, s.PYates, 1e-9)
		} else if !math.IsNaN(float64(s.Yates)) {
			t.Errorf("data set %d: no correction of Yates", i+1)
		}
	}
}

func TestFisherAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Table [][]int
		P     number
	}
	exact := 0
	for i, s := range oracle[set](t, "fisher.jsonl") {
		f := stat.Fisher(s.Table)
		if f.Method == stat.FisherDrawn {
			if math.Abs(f.P-float64(s.P)) > 4*f.StdErr+1e-4 {
				t.Errorf("data set %d: drawn p %.5f (%.5f), R says %.5f", i+1, f.P, f.StdErr, float64(s.P))
			}
			continue
		}
		exact++
		relative := 2e-6 // of FEXACT, which R uses beyond 2 by 2
		if len(s.Table) == 2 && len(s.Table[0]) == 2 {
			relative = 1e-9
		}
		check(t, i, "p", f.P, s.P, relative)
	}
	if exact < 230 {
		t.Errorf("only %d were exact", exact)
	}
}

func TestAdjustedPsAgreeWithR(t *testing.T) {
	t.Parallel()
	for i, s := range oracle[struct{ P, Holm, BH []number }](t, "adjust.jsonl") {
		checkAll(t, i, "Holm", stat.Holm(floats(s.P)), s.Holm, 1e-9)
		checkAll(t, i, "BH", stat.BenjaminiHochberg(floats(s.P)), s.BH, 1e-9)
	}
}

func TestWilsonAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		X, N, Population int
		Conf, Lo, Hi     number
		LoFinite         number `json:"lo_finite"`
		HiFinite         number `json:"hi_finite"`
	}
	for i, s := range oracle[set](t, "wilson.jsonl") {
		iv := stat.Wilson(s.X, s.N, float64(s.Conf))
		check(t, i, "lo", iv.Lo, s.Lo, 1e-9)
		check(t, i, "hi", iv.Hi, s.Hi, 1e-9)
		iv = stat.WilsonOf(s.X, s.N, s.Population, float64(s.Conf))
		check(t, i, "finite lo", iv.Lo, s.LoFinite, 1e-9)
		check(t, i, "finite hi", iv.Hi, s.HiFinite, 1e-9)
	}
}

func TestWeightsAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Of      [][]int
		Targets [][]number
		Base    []number
		Weights []number
		Post    []number
		Deff    number
	}
	for i, s := range oracle[set](t, "rake.jsonl") {
		var margins []stat.Margin
		for k := range s.Of {
			margins = append(margins, stat.Margin{Of: s.Of[k], Target: floats(s.Targets[k])})
		}
		r, err := stat.Rake(floats(s.Base), len(s.Base), margins, stat.RakeOptions{Tolerance: 1e-14, Rounds: 5000})
		if err != nil {
			t.Fatalf("data set %d: %v", i+1, err)
		}
		checkAll(t, i, "raked weight", r.Weights, s.Weights, 1e-9)
		check(t, i, "deff", r.Deff, s.Deff, 1e-9)

		cases := make([]int, len(s.Targets[0]))
		for _, cell := range s.Of[0] {
			cases[cell]++
		}
		perCell, err := stat.PostStratify(cases, floats(s.Targets[0]))
		if err != nil {
			t.Fatalf("data set %d: %v", i+1, err)
		}
		post := make([]float64, len(s.Post))
		for u, cell := range s.Of[0] {
			post[u] = perCell[cell]
		}
		checkAll(t, i, "post-stratified weight", post, s.Post, 1e-9)
	}
}

func TestLogisticAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Y, M             []int
		X                [][]number
		Coef, SE, Fitted []number
		FittedSE         []number `json:"fitted_se"`
		LR, DF           number
		Separated        bool
	}
	found := 0
	for i, s := range oracle[set](t, "logistic.jsonl") {
		var x [][]float64
		for _, row := range s.X {
			x = append(x, floats(row))
		}
		l := stat.Logistic(s.Y, s.M, x)
		if l.Separated != s.Separated {
			t.Errorf("data set %d: separated %v, R says %v", i+1, l.Separated, s.Separated)
			continue
		}
		check(t, i, "df", l.DF, s.DF, 0)
		if s.Separated {
			found++
			for u := range l.Fitted {
				if math.Abs(l.Fitted[u]-float64(s.Fitted[u])) > 1e-7 {
					t.Errorf("data set %d: probability %d = %g, R says %g", i+1, u, l.Fitted[u], float64(s.Fitted[u]))
				}
			}
			continue
		}
		checkAll(t, i, "coefficient", l.Coef, s.Coef, 1e-8)
		checkAll(t, i, "standard error", l.StdErr, s.SE, 1e-7)
		checkAll(t, i, "probability", l.Fitted, s.Fitted, 1e-9)
		checkAll(t, i, "error of a probability", l.FittedErr, s.FittedSE, 1e-7)
		check(t, i, "LR", l.Statistic, s.LR, 1e-8)
	}
	if found < 3 {
		t.Errorf("%d separated data sets, want some", found)
	}
}

// TestIntervalsOfWorthAndMeansAgreeWithR compares with Wilson's formula on a
// broken number of cases, and with svymean.
func TestIntervalsOfWorthAndMeansAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Share, N, Conf, Lo, Hi, LoEndless, HiEndless number
		Observed, Population                         int
		X                                            []number
		Mean, SD, MeanLo, MeanHi, EndLo, EndHi       number
	}
	for i, s := range oracle[set](t, "worth.jsonl") {
		conf := float64(s.Conf)
		iv := stat.WilsonWorth(float64(s.Share), float64(s.N), s.Observed, s.Population, conf)
		check(t, i, "lo", iv.Lo, s.Lo, 1e-9)
		check(t, i, "hi", iv.Hi, s.Hi, 1e-9)
		iv = stat.WilsonWorth(float64(s.Share), float64(s.N), s.Observed, 0, conf)
		check(t, i, "lo, endless", iv.Lo, s.LoEndless, 1e-9)
		check(t, i, "hi, endless", iv.Hi, s.HiEndless, 1e-9)
		n := len(s.X)
		iv = stat.MeanOf(float64(s.Mean), float64(s.SD), float64(n), n, s.Population, conf)
		check(t, i, "mean lo", iv.Lo, s.MeanLo, 1e-9)
		check(t, i, "mean hi", iv.Hi, s.MeanHi, 1e-9)
		iv = stat.MeanOf(float64(s.Mean), float64(s.SD), float64(n), n, 0, conf)
		check(t, i, "mean lo, endless", iv.Lo, s.EndLo, 1e-9)
		check(t, i, "mean hi, endless", iv.Hi, s.EndHi, 1e-9)
	}
}

func TestNoIntervalWhereAllWereSeen(t *testing.T) {
	t.Parallel()
	for _, iv := range []stat.Interval{stat.WilsonWorth(.5, 10, 12, 12, .95), stat.MeanOf(6, 1, 12, 12, 12, .95), stat.WilsonWorth(.5, 10, 13, 12, .95),
		stat.MeanOf(6, math.NaN(), 1, 1, 0, .95), stat.WilsonWorth(math.NaN(), 0, 0, 0, .95)} {
		if !math.IsNaN(iv.Lo) || !math.IsNaN(iv.Hi) || len(iv.Warnings) != 1 {
			t.Errorf("%+v, want no bounds and a warning", iv)
		}
	}
}
