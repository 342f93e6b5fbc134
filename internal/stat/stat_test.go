package stat_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// TestVectorsOfTheStandards checks the numbers of standards 2F and 2H.
func TestVectorsOfTheStandards(t *testing.T) {
	t.Parallel()
	g := stat.Goodness([]int{76, 77, 64}, []float64{132, 121, 127})
	c := stat.Independence([][]int{{76, 77, 64}, {56, 44, 63}})
	f := stat.Fisher([][]int{{4, 25, 188}, {0, 15, 148}})
	w := stat.Wilson(57, 105, 0.95)
	wf := stat.WilsonOf(57, 105, 151, 0.95)
	post, err := stat.PostStratify([]int{76, 77, 64}, []float64{132, 121, 127})
	if err != nil {
		t.Fatal(err)
	}
	var perCase []float64
	for h, n := range []int{76, 77, 64} {
		perCase = append(perCase, slices.Repeat([]float64{post[h]}, n)...)
	}
	for _, v := range []struct {
		what      string
		got, want float64
	}{
		{"B.1.5 naive X²", g.Statistic, 1.9107}, {"B.1.5 naive p", g.P, 0.3847},
		{"B.1.5 X²", c.Statistic, 4.4544}, {"B.1.5 p", c.P, 0.1078}, {"B.1.5 X² from the naive one", g.Statistic * 380 / 163, 4.4544},
		{"B.1.7 Fisher", f.P, 0.1800},
		{"Wilson", w.Value, 0.5429}, {"Wilson lo", w.Lo, 0.4477}, {"Wilson hi", w.Hi, 0.6349},
		{"finite lo", wf.Lo, 0.4899}, {"finite hi", wf.Hi, 0.5949},
		{"post noord", post[0], 0.9918}, {"post midden", post[1], 0.8974}, {"post zuid", post[2], 1.1332}, {"post deff", stat.Deff(perCase), 1.0090},
	} {
		if math.Abs(v.got-v.want) > 0.00005001 {
			t.Errorf("%s = %.6f, want %.4f", v.what, v.got, v.want)
		}
	}
}

// cells makes cases of counts per cell of two margins of two.
func cells(counts ...int) (n int, margins []stat.Margin) {
	margins = []stat.Margin{{Target: []float64{60, 40}}, {Target: []float64{50, 50}}}
	for cell, k := range counts {
		for range k {
			margins[0].Of = append(margins[0].Of, cell/2)
			margins[1].Of = append(margins[1].Of, cell%2)
			n++
		}
	}
	return n, margins
}

func TestRakingVectorOfTheStandards(t *testing.T) {
	t.Parallel()
	n, margins := cells(20, 30, 25, 25)
	r, err := stat.Rake(nil, n, margins, stat.RakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]float64{0: 1.378825, 20: 1.080783, 50: 0.896940, 75: 0.703060} {
		if math.Abs(r.Weights[i]-want) > 5e-6 {
			t.Errorf("weight %d = %.6f, want %.6f", i, r.Weights[i], want)
		}
	}
	if math.Abs(r.Deff-1.0554) > 0.00005 || !r.Converged || r.Warnings != nil {
		t.Errorf("deff %.4f, converged %v, warnings %v", r.Deff, r.Converged, r.Warnings)
	}
}

func TestRakingOnSharesOrCountsIsTheSame(t *testing.T) {
	t.Parallel()
	n, margins := cells(20, 30, 25, 25)
	want, err := stat.Rake(nil, n, margins, stat.RakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	margins[0].Target, margins[1].Target = []float64{0.6, 0.4}, []float64{190, 190}
	got, err := stat.Rake(slices.Repeat([]float64{7}, n), n, margins, stat.RakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range want.Weights {
		if math.Abs(got.Weights[i]-want.Weights[i]) > 1e-12 {
			t.Fatalf("weight %d: %v, want %v", i, got.Weights[i], want.Weights[i])
		}
	}
}

func TestRakingKeepsWeightsWithinLimits(t *testing.T) {
	t.Parallel()
	n, margins := cells(2, 38, 30, 30)
	free, err := stat.Rake(nil, n, margins, stat.RakeOptions{})
	if err != nil || free.Max <= 3 {
		t.Fatalf("without limits the largest weight is %v (%v); the test wants one above 3", free.Max, err)
	}
	r, err := stat.Rake(nil, n, margins, stat.RakeOptions{Lo: stat.TrimLo, Hi: stat.TrimHi})
	if err != nil || r.Max > 3*(1+1e-9) || r.Min < 0.3*(1-1e-9) || r.Trimmed == 0 || len(r.Warnings) == 0 || r.Deff >= free.Deff {
		t.Errorf("got %v to %v, %d trimmed, deff %v of %v (%v)", r.Min, r.Max, r.Trimmed, r.Deff, free.Deff, err)
	}
	r, err = stat.Rake(nil, n, margins, stat.RakeOptions{Lo: 0.99, Hi: 1.01})
	if err != nil || r.Converged || r.Deviation < 0.01 || r.Max > 1.01*(1+1e-9) {
		t.Errorf("impossible limits: max %v, deviation %v, converged %v (%v)", r.Max, r.Deviation, r.Converged, err)
	}
}

func TestAnEmptyCellWithATargetIsAnError(t *testing.T) {
	t.Parallel()
	margins := []stat.Margin{{Of: []int{0, 1}, Target: []float64{1, 1}}, {Of: []int{0, 2}, Target: []float64{1, 1, 1}}}
	_, err := stat.Rake(nil, 2, margins, stat.RakeOptions{})
	if e, ok := errors.AsType[*stat.EmptyCellError](err); !ok || e.Margin != 1 || e.Cell != 1 {
		t.Errorf("raking: %v", err)
	}
	margins[1].Target = []float64{1, 0, 0}
	_, err = stat.Rake(nil, 2, margins, stat.RakeOptions{})
	if e, ok := errors.AsType[*stat.StrayCellError](err); !ok || e.Cell != 2 {
		t.Errorf("raking to nothing: %v", err)
	}
	_, err = stat.PostStratify([]int{3, 0}, []float64{1, 1})
	if e, ok := errors.AsType[*stat.EmptyCellError](err); !ok || e.Cell != 1 {
		t.Errorf("post-stratification: %v", err)
	}
	_, err = stat.PostStratify([]int{3, 1}, []float64{1, 0})
	if _, ok := errors.AsType[*stat.StrayCellError](err); !ok {
		t.Errorf("post-stratification to nothing: %v", err)
	}
	if w, err := stat.PostStratify([]int{3, 0, 1}, []float64{1, 0, 1}); err != nil || !math.IsNaN(w[1]) {
		t.Errorf("a cell that neither has: %v, %v", w, err)
	}
	for _, m := range [][]stat.Margin{nil, {{Of: []int{0}, Target: []float64{1}}}, {{Of: []int{0, 5}, Target: []float64{1}}}, {{Of: []int{0, 0}, Target: []float64{math.NaN()}}}} {
		if _, err := stat.Rake(nil, 2, m, stat.RakeOptions{}); !errors.Is(err, stat.ErrUnsound) {
			t.Errorf("%v: %v", m, err)
		}
	}
}

func TestDeffIsThatOfKish(t *testing.T) {
	t.Parallel()
	// n·Σw²/(Σw)² = 4·(1+1+4+16)/(1+1+2+4)² = 88/64
	for _, scale := range []float64{1, 1e-200, 1e200} {
		w := []float64{scale, scale, 2 * scale, 4 * scale}
		if got := stat.Deff(w); math.Abs(got-1.375) > 1e-12 {
			t.Errorf("scale %g: deff %v, want 1.375", scale, got)
		}
		if got := stat.EffectiveN(w); math.Abs(got-4/1.375) > 1e-12 {
			t.Errorf("scale %g: effective n %v", scale, got)
		}
	}
	for _, w := range [][]float64{nil, {0, 0}, {1, -1}, {1, math.NaN()}, {1, math.Inf(1)}} {
		if got := stat.Deff(w); !math.IsNaN(got) {
			t.Errorf("Deff(%v) = %v, want NaN", w, got)
		}
	}
}

func TestIntervalsAtTheEdges(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		iv            stat.Interval
		value, lo, hi float64
		warnings      int
	}{
		{stat.Wilson(0, 0, 0.95), nan, nan, nan, 1},
		{stat.Wilson(3, 2, 0.95), nan, nan, nan, 1},
		{stat.Wilson(-1, 2, 0.95), nan, nan, nan, 1},
		{stat.Wilson(1, 2, 1), 0.5, nan, nan, 1},
		{stat.Wilson(0, 1, 0.95), 0, 0, 0.793450685622763, 0}, // z²/(1+z²)
		{stat.Wilson(1, 1, 0.95), 1, 0.206549314377237, 1, 0},
		{stat.WilsonOf(3, 4, 4, 0.95), 0.75, nan, nan, 1},
		{stat.WilsonOf(3, 5, 4, 0.95), 0.6, nan, nan, 1},
		{stat.WilsonOf(0, 0, 4, 0.95), nan, nan, nan, 1},
	} {
		iv := c.iv
		if !same(iv.Value, c.value) || !same(iv.Lo, c.lo) || !same(iv.Hi, c.hi) || len(iv.Warnings) != c.warnings {
			t.Errorf("got %+v, want %v [%v; %v] and %d warnings", iv, c.value, c.lo, c.hi, c.warnings)
		}
	}
}

func same(got, want float64) bool {
	return math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) < 1e-12
}

func TestNothingToTestIsNaNWithAWarning(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]stat.Test{
		"no counts":       stat.Goodness(nil, nil).Test,
		"one category":    stat.Goodness([]int{5}, []float64{1}).Test,
		"all zero":        stat.Goodness([]int{0, 0}, []float64{1, 1}).Test,
		"negative count":  stat.Goodness([]int{1, -1}, []float64{1, 1}).Test,
		"NaN weight":      stat.Goodness([]int{1, 1}, []float64{1, math.NaN()}).Test,
		"infinite weight": stat.Goodness([]int{1, 1}, []float64{1, math.Inf(1)}).Test,
		"too few weights": stat.Goodness([]int{1, 1}, []float64{1}).Test,
		"no table":        stat.Independence(nil).Test,
		"no columns":      stat.Independence([][]int{{}, {}}).Test,
		"one row":         stat.Independence([][]int{{1, 2}}).Test,
		"one filled row":  stat.Independence([][]int{{1, 2}, {0, 0}}).Test,
		"ragged":          stat.IndependenceYates([][]int{{1, 2}, {1}}).Test,
		"negative cell":   stat.Fisher([][]int{{1, 2}, {1, -1}}),
		"empty Fisher":    stat.FisherMonteCarlo([][]int{{0, 0}, {0, 0}}, 1, 1),
		"no cases":        stat.Logistic([]int{0}, []int{0}, [][]float64{{1}}).Test,
		"all succeed":     stat.Logistic([]int{2, 1}, []int{2, 1}, [][]float64{{1}, {0}}).Test,
		"more than tried": stat.Logistic([]int{3}, []int{2}, [][]float64{{1}}).Test,
		"ragged columns":  stat.Logistic([]int{1, 0}, []int{1, 1}, [][]float64{{1}, {}}).Test,
		"infinite column": stat.Logistic([]int{1, 0}, []int{1, 1}, [][]float64{{math.Inf(1)}, {0}}).Test,
		"nothing at all":  stat.Logistic(nil, nil, nil).Test,
	} {
		if !math.IsNaN(r.P) || len(r.Warnings) == 0 || r.Effect.Name == "" || r.Method == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestACountWhereNoneCanBeIsImpossible(t *testing.T) {
	t.Parallel()
	f := stat.Goodness([]int{5, 1}, []float64{1, 0})
	if !math.IsInf(f.Statistic, 1) || f.P != 0 || f.DF != 1 || len(f.Warnings) == 0 {
		t.Errorf("got %+v", f)
	}
	f = stat.Goodness([]int{5, 3, 0}, []float64{1, 1, 0})
	if f.DF != 1 || !math.IsNaN(f.Residuals[2]) {
		t.Errorf("an empty category that is expected empty takes part: %+v", f)
	}
}

func TestYatesOutsideTwoByTwoIsSaid(t *testing.T) {
	t.Parallel()
	c := stat.IndependenceYates([][]int{{10, 20, 30}, {30, 20, 10}})
	if c.Method != stat.Pearson || len(c.Warnings) != 1 {
		t.Errorf("got %q, %q", c.Method, c.Warnings)
	}
}

// TestFisherIsTheSumOverAllTables compares the network with a plain sum.
func TestFisherIsTheSumOverAllTables(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		table := make([][]int, 2+random.IntN(2))
		k := 2 + random.IntN(3)
		for i := range table {
			for range k {
				table[i] = append(table[i], random.IntN(5))
			}
		}
		f := stat.Fisher(table)
		if math.IsNaN(f.P) {
			continue
		}
		if want := plainFisher(table); f.Method != stat.FisherExact || math.Abs(f.P-want) > 1e-9*want {
			t.Errorf("%v: %v (%s), want %v", table, f.P, f.Method, want)
		}
		turned := make([][]int, k)
		for i := range table {
			for j, x := range table[i] {
				turned[j] = append(turned[j], x)
			}
		}
		slices.Reverse(turned)
		if again := stat.Fisher(turned); math.Abs(again.P-f.P) > 1e-12 {
			t.Errorf("%v: turned and reversed %v, was %v", table, again.P, f.P)
		}
	}
}

// plainFisher goes through every table with the margins of this one.
func plainFisher(table [][]int) float64 {
	r, k := len(table), len(table[0])
	rows, columns := make([]int, r), make([]int, k)
	logp := func(cells []int) float64 {
		s := 0.0
		for _, x := range cells {
			l, _ := math.Lgamma(float64(x) + 1)
			s -= l
		}
		return s
	}
	var observed []int
	for i := range table {
		for j, x := range table[i] {
			rows[i] += x
			columns[j] += x
			observed = append(observed, x)
		}
	}
	limit, all, extreme := logp(observed)+1e-7, 0.0, 0.0
	cells := make([]int, r*k)
	var fill func(at int)
	fill = func(at int) {
		if at == r*k {
			if slices.Max(rows) == 0 && slices.Max(columns) == 0 {
				p := logp(cells)
				all += math.Exp(p)
				if p <= limit {
					extreme += math.Exp(p)
				}
			}
			return
		}
		i, j := at/k, at%k
		for x := 0; x <= min(rows[i], columns[j]); x++ {
			rows[i], columns[j], cells[at] = rows[i]-x, columns[j]-x, x
			if j < k-1 || rows[i] == 0 {
				fill(at + 1)
			}
			rows[i], columns[j] = rows[i]+x, columns[j]+x
		}
	}
	fill(0)
	return extreme / all
}

func TestALargeTableIsDrawnTheSameEveryTime(t *testing.T) {
	t.Parallel()
	table := make([][]int, 9)
	for i := range table {
		for j := range 9 {
			table[i] = append(table[i], 1+(i*i*j+3*j)%7)
		}
	}
	a, b := stat.Fisher(table), stat.Fisher(table)
	if a.Method != stat.FisherDrawn || a.Draws != stat.MinDraws || a.StdErr <= 0 || len(a.Warnings) == 0 {
		t.Errorf("got %+v", a)
	}
	if diff := cmp.Diff(a.P, b.P); diff != "" {
		t.Errorf("not the same twice: %s", diff)
	}
}

func TestDrawnAndExactAgree(t *testing.T) {
	t.Parallel()
	for _, table := range [][][]int{{{4, 25, 188}, {0, 15, 148}}, {{3, 1}, {1, 3}}, {{8, 2, 1}, {2, 6, 3}, {0, 3, 9}}, {{65, 104, 26, 22}, {44, 87, 23, 9}}} {
		exact, drawn := stat.Fisher(table), stat.FisherMonteCarlo(table, 40_000, 5)
		if math.Abs(exact.P-drawn.P) > 4*drawn.StdErr {
			t.Errorf("%v: exact %v, drawn %v (%v)", table, exact.P, drawn.P, drawn.StdErr)
		}
	}
	// Nothing drawn is as extreme: p is 1/(1+B), never 0.
	if d := stat.FisherMonteCarlo([][]int{{400, 0}, {0, 400}}, 1, 1); d.Draws != stat.MinDraws || d.P != 1.0/10_001 {
		t.Errorf("got %+v", d)
	}
}

func TestHugeTablesNeitherStopNorOverflow(t *testing.T) {
	t.Parallel()
	table := [][]int{{400_000_000, 300_000_000}, {300_000_100, 400_000_000}}
	if c := stat.Independence(table); c.P != 0 || !(c.Effect.Value > 0.1) {
		t.Errorf("got %+v", c.Test)
	}
	if f := stat.FisherMonteCarlo([][]int{{400_000, 300_000}, {300_100, 400_000}}, 0, 1); f.P != 1.0/10_001 {
		t.Errorf("got %+v", f)
	}
}

func TestNoFunctionChangesWhatItIsGiven(t *testing.T) {
	t.Parallel()
	ps, w := []float64{0.04, 0.01, math.NaN(), 0.03}, []float64{1, 2, 3, 4}
	table := [][]int{{3, 9, 4}, {8, 2, 1}}
	x := [][]float64{{1}, {0}, {1}, {0}}
	n, margins := cells(1, 1, 1, 1)
	stat.Holm(ps)
	stat.BenjaminiHochberg(ps)
	stat.Deff(w[:3])
	stat.Fisher(table)
	stat.Logistic([]int{1, 0, 0, 1}, []int{1, 1, 1, 1}, x)
	if _, err := stat.Rake(w, n, margins, stat.RakeOptions{}); err != nil {
		t.Fatal(err)
	}
	if ps[0] != 0.04 || ps[3] != 0.03 || !slices.Equal(w, []float64{1, 2, 3, 4}) || table[0][1] != 9 || x[0][0] != 1 || margins[0].Target[0] != 60 {
		t.Error("an argument was changed")
	}
}

// TestLogisticOfOneFactorIsItsShares: with a column per category the fitted
// probabilities are the shares, also in a category where everyone succeeds.
func TestLogisticOfOneFactorIsItsShares(t *testing.T) {
	t.Parallel()
	l := stat.Logistic([]int{4, 25, 188}, []int{4, 40, 336}, [][]float64{{0, 0}, {1, 0}, {0, 1}})
	for i, want := range []float64{1, 25.0 / 40, 188.0 / 336} {
		if math.Abs(l.Fitted[i]-want) > 1e-9 {
			t.Errorf("probability %d = %v, want %v", i, l.Fitted[i], want)
		}
	}
	if !l.Separated || !slices.ContainsFunc(l.Warnings, func(s string) bool { return s != "" }) {
		t.Errorf("separation not seen: %+v", l)
	}
	l = stat.Logistic([]int{76, 77, 64}, []int{132, 121, 127}, [][]float64{{0, 0}, {1, 0}, {0, 1}})
	if l.Separated || !l.Converged || l.Warnings != nil || math.Abs(l.FittedErr[0]-math.Sqrt(76.0/132*56/132/132)) > 1e-12 {
		t.Errorf("got %+v", l)
	}
}
