package stat_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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

// An agreement is how one function compares with R over the data sets of a test.
// With UITVRAAG_ORACLE it prints a line for make oracle.
type agreement struct {
	t        *testing.T
	function string
	note     string // where we differ on purpose, and why
	last     int
	sets     int
	nothing  map[int]bool        // data sets of which neither has anything to say
	worst    map[float64]float64 // largest deviation, by what is allowed
}

// with compares a function with R; notes say where we differ on purpose.
func with(t *testing.T, function string, notes ...string) *agreement {
	a := &agreement{t: t, function: function, note: strings.Join(notes, "; "), last: -1, nothing: map[int]bool{}, worst: map[float64]float64{}}
	t.Cleanup(a.tell)
	return a
}

// rounding is what a number that is 0 but for rounding may differ.
const rounding = 1e-13

// check compares one number, to a relative difference. Numbers of a data set are
// checked one after the other.
func (a *agreement) check(at int, what string, got float64, want number, relative float64) {
	a.t.Helper()
	w := float64(want)
	if math.IsNaN(w) && math.IsNaN(got) {
		a.nothing[at] = true
	}
	a.deviates(at, what, got, w, deviation(got, w), relative)
}

// deviates notes a deviation that was measured in another way than check does.
func (a *agreement) deviates(at int, what string, got, want, by, allowed float64) {
	a.t.Helper()
	if at != a.last {
		a.sets, a.last = a.sets+1, at
	}
	a.worst[allowed] = max(a.worst[allowed], by)
	if !(by <= allowed) {
		a.t.Errorf("%s, data set %d: %s = %.15g, R says %.15g", a.function, at+1, what, got, want)
	}
}

// deviation is a relative difference; 0 between what is the same but for rounding,
// infinite between a number and none.
func deviation(got, want float64) float64 {
	if math.IsNaN(want) || math.IsInf(want, 0) || math.IsNaN(got) {
		if math.IsNaN(want) == math.IsNaN(got) && math.IsInf(want, 1) == math.IsInf(got, 1) {
			return 0
		}
		return math.Inf(1)
	}
	if off := math.Abs(got - want); off > rounding {
		return (off - rounding) / math.Abs(want)
	}
	return 0
}

func (a *agreement) all(at int, what string, got []float64, want []number, relative float64) {
	a.t.Helper()
	if len(got) != len(want) {
		a.t.Fatalf("%s, data set %d: %d values of %s, want %d", a.function, at+1, len(got), what, len(want))
	}
	for i := range got {
		a.check(at, what+" "+strconv.Itoa(i), got[i], want[i], relative)
	}
}

// effect compares an effect and its interval, where R has one.
func (a *agreement) effect(at int, got stat.Effect, want []number, relative float64) {
	a.t.Helper()
	a.check(at, got.Name, got.Value, pick(want, 0), 1e-9)
	if len(want) == 3 {
		a.interval(at, got.Name, got, want[1:], relative)
	}
}

// interval compares bounds; no numbers are no comparison.
func (a *agreement) interval(at int, what string, got stat.Effect, want []number, relative float64) {
	a.t.Helper()
	for k, bound := range []float64{got.Lo, got.Hi} {
		if len(want) == 2 {
			a.deviates(at, what+" "+[]string{"lo", "hi"}[k], bound, float64(want[k]), boundDeviation(bound, float64(want[k]), got.Value), relative)
		}
	}
}

// boundDeviation is relative to the width of an interval: a bound may be 0 by chance.
func boundDeviation(got, want, value float64) float64 {
	if d := deviation(got, want); d == 0 || math.IsInf(d, 1) {
		return d
	}
	return math.Abs(got-want) / max(math.Abs(want), math.Abs(want-value))
}

// tell fails for a function that was compared too little, and prints its line.
func (a *agreement) tell() {
	if a.sets < 100 && !a.t.Failed() {
		a.t.Errorf("%s was compared on %d data sets, want 100 at least", a.function, a.sets)
	}
	if os.Getenv("UITVRAAG_ORACLE") == "" {
		return
	}
	var parts []string
	for _, allowed := range slices.Sorted(maps.Keys(a.worst)) {
		if allowed > 0 || a.worst[allowed] > 0 {
			parts = append(parts, fmt.Sprintf("%.1e of %.2g", a.worst[allowed], allowed))
		}
	}
	fmt.Printf("| %-22s | %4d | %3d | %-40s | %s\n", a.function, a.sets, len(a.nothing), strings.Join(parts, ", "), a.note)
}

// pick is the number at a place, NaN where R gave fewer: it had nothing to say.
func pick(xs []number, at int) number {
	if at >= len(xs) {
		return number(math.NaN())
	}
	return xs[at]
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
	r := with(t, "Goodness")
	type set struct {
		Counts                       []int
		Weights, Expected, Residuals []number
		X2, DF, P, W                 number
		WCI                          []number `json:"w_ci"`
	}
	for i, s := range oracle[set](t, "goodness.jsonl") {
		f := stat.Goodness(s.Counts, floats(s.Weights))
		r.check(i, "X²", f.Statistic, s.X2, 1e-9)
		r.check(i, "df", f.DF, s.DF, 0)
		r.check(i, "p", f.P, s.P, 1e-9)
		r.check(i, "w", f.Effect.Value, s.W, 1e-9)
		r.interval(i, "w", f.WithInterval().Effect, s.WCI, 1e-6)
		r.all(i, "expected", f.Expected, s.Expected, 1e-9)
		r.all(i, "residual", f.Residuals, s.Residuals, 1e-9)
	}
}

func TestIndependenceAgreesWithR(t *testing.T) {
	t.Parallel()
	r, yates := with(t, "Independence"), with(t, "IndependenceYates", "outside 2 by 2 it is the plain test, with a warning")
	type set struct {
		Table              [][]int
		Expected, Adjusted [][]number
		X2, DF, P, V       number
		Yates              number
		PYates             number `json:"p_yates"`
	}
	for i, s := range oracle[set](t, "independence.jsonl") {
		c := stat.Independence(s.Table)
		r.check(i, "X²", c.Statistic, s.X2, 1e-9)
		r.check(i, "df", c.DF, s.DF, 0)
		r.check(i, "p", c.P, s.P, 1e-9)
		r.check(i, "V", c.Effect.Value, s.V, 1e-9)
		for k := range s.Table {
			r.all(i, "expected", c.Expected[k], s.Expected[k], 1e-9)
			r.all(i, "residual", c.Adjusted[k], s.Adjusted[k], 1e-9)
		}
		y := stat.IndependenceYates(s.Table)
		if y.Method != stat.PearsonYates {
			s.Yates, s.PYates = s.X2, s.P // the plain test, as its method says
		}
		yates.check(i, "X²", y.Statistic, s.Yates, 1e-9)
		yates.check(i, "p", y.P, s.PYates, 1e-9)
	}
}

func TestFisherAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Table [][]int
		P     number
	}
	r := with(t, "Fisher", "FEXACT of R stops at 1e-7; a drawn p may differ by 4 standard errors of its draws")
	exact := 0
	for i, s := range oracle[set](t, "fisher.jsonl") {
		f := stat.Fisher(s.Table)
		if f.Method == stat.FisherDrawn {
			r.deviates(i, "drawn p", f.P, float64(s.P), max(0, math.Abs(f.P-float64(s.P))-4*f.StdErr-1e-4), 0)
			continue
		}
		exact++
		relative := 2e-6 // of FEXACT, which R uses beyond 2 by 2
		if len(s.Table) == 2 && len(s.Table[0]) == 2 {
			relative = 1e-9
		}
		r.check(i, "p", f.P, s.P, relative)
	}
	if exact < 230 {
		t.Errorf("only %d were exact", exact)
	}
}

func TestAdjustedPsAgreeWithR(t *testing.T) {
	t.Parallel()
	holm, bh := with(t, "Holm"), with(t, "BenjaminiHochberg")
	for i, s := range oracle[struct{ P, Holm, BH []number }](t, "adjust.jsonl") {
		holm.all(i, "p", stat.Holm(floats(s.P)), s.Holm, 1e-9)
		bh.all(i, "p", stat.BenjaminiHochberg(floats(s.P)), s.BH, 1e-9)
	}
}

func TestWilsonAgreesWithR(t *testing.T) {
	t.Parallel()
	r, finite := with(t, "Wilson"), with(t, "WilsonOf", "R has none for a finite population: prop.test's formula with n·(N−1)/(N−n)")
	type set struct {
		X, N, Population int
		Conf, Lo, Hi     number
		LoFinite         number `json:"lo_finite"`
		HiFinite         number `json:"hi_finite"`
	}
	for i, s := range oracle[set](t, "wilson.jsonl") {
		iv := stat.Wilson(s.X, s.N, float64(s.Conf))
		r.check(i, "lo", iv.Lo, s.Lo, 1e-9)
		r.check(i, "hi", iv.Hi, s.Hi, 1e-9)
		iv = stat.WilsonOf(s.X, s.N, s.Population, float64(s.Conf))
		finite.check(i, "lo", iv.Lo, s.LoFinite, 1e-9)
		finite.check(i, "hi", iv.Hi, s.HiFinite, 1e-9)
	}
}

func TestWeightsAgreeWithR(t *testing.T) {
	t.Parallel()
	raked, per := with(t, "Rake"), with(t, "PostStratify")
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
		raked.all(i, "weight", r.Weights, s.Weights, 1e-9)
		raked.check(i, "deff", r.Deff, s.Deff, 1e-9)

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
		per.all(i, "weight", post, s.Post, 1e-9)
	}
}

func TestLogisticAgreesWithR(t *testing.T) {
	t.Parallel()
	r := with(t, "Logistic", "where a group is separated R goes on to infinity; we warn and keep its probabilities")
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
		r.check(i, "df", l.DF, s.DF, 0)
		if s.Separated {
			found++
			for u := range l.Fitted {
				if math.Abs(l.Fitted[u]-float64(s.Fitted[u])) > 1e-7 {
					t.Errorf("data set %d: probability %d = %g, R says %g", i+1, u, l.Fitted[u], float64(s.Fitted[u]))
				}
			}
			continue
		}
		r.all(i, "coefficient", l.Coef, s.Coef, 1e-8)
		r.all(i, "standard error", l.StdErr, s.SE, 1e-7)
		r.all(i, "probability", l.Fitted, s.Fitted, 1e-9)
		r.all(i, "error of a probability", l.FittedErr, s.FittedSE, 1e-7)
		r.check(i, "LR", l.Statistic, s.LR, 1e-8)
	}
	if found < 3 {
		t.Errorf("%d separated data sets, want some", found)
	}
}

// TestIntervalsOfWorthAndMeansAgreeWithR compares with Wilson's formula on a
// broken number of cases, and with svymean.
func TestIntervalsOfWorthAndMeansAgreeWithR(t *testing.T) {
	t.Parallel()
	r, mean := with(t, "WilsonWorth"), with(t, "MeanOf")
	type set struct {
		Share, N, Conf, Lo, Hi, LoEndless, HiEndless number
		Observed, Population                         int
		X                                            []number
		Mean, SD, MeanLo, MeanHi, EndLo, EndHi       number
	}
	for i, s := range oracle[set](t, "worth.jsonl") {
		conf := float64(s.Conf)
		iv := stat.WilsonWorth(float64(s.Share), float64(s.N), s.Observed, s.Population, conf)
		r.check(i, "lo", iv.Lo, s.Lo, 1e-9)
		r.check(i, "hi", iv.Hi, s.Hi, 1e-9)
		iv = stat.WilsonWorth(float64(s.Share), float64(s.N), s.Observed, 0, conf)
		r.check(i, "lo, endless", iv.Lo, s.LoEndless, 1e-9)
		r.check(i, "hi, endless", iv.Hi, s.HiEndless, 1e-9)
		n := len(s.X)
		iv = stat.MeanOf(float64(s.Mean), float64(s.SD), float64(n), n, s.Population, conf)
		mean.check(i, "lo", iv.Lo, s.MeanLo, 1e-9)
		mean.check(i, "hi", iv.Hi, s.MeanHi, 1e-9)
		iv = stat.MeanOf(float64(s.Mean), float64(s.SD), float64(n), n, 0, conf)
		mean.check(i, "lo, endless", iv.Lo, s.EndLo, 1e-9)
		mean.check(i, "hi, endless", iv.Hi, s.EndHi, 1e-9)
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
