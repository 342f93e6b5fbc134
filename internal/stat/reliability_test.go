package stat_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/uitvraag/uitvraag/internal/stat"
)

func TestReliabilityAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Items                           [][]number
		N                               int
		Alpha, Lo, Hi, Std, Friedman, P number
		MeanR                           number `json:"mean_r"`
		Rest, Dropped, Median, Q30, W   []number
	}
	alpha, friedman := with(t, "AlphaOf"), with(t, "Friedman", "the interval of W has no package: the noncentral chi-square")
	for i, s := range oracle[set](t, "reliability.jsonl") {
		items := columnsOf(s.Items)
		r := stat.AlphaOf(items)
		alpha.check(i, "N", float64(r.N), number(s.N), 0)
		alpha.check(i, "alpha", r.Alpha, s.Alpha, 1e-9)
		alpha.check(i, "lo", r.Lo, s.Lo, 1e-8)
		alpha.check(i, "hi", r.Hi, s.Hi, 1e-8)
		alpha.check(i, "mean r", r.MeanR, s.MeanR, 1e-9)
		alpha.check(i, "standardised", r.Standardised, s.Std, 1e-9)
		alpha.all(i, "item-rest", r.ItemRest, s.Rest, 1e-9)
		alpha.all(i, "dropped", r.Dropped, s.Dropped, 1e-8)
		f := stat.Friedman(items)
		friedman.check(i, "chi²", f.Statistic, s.Friedman, 1e-9)
		friedman.check(i, "p", f.P, s.P, 1e-8)
		friedman.effect(i, f.Effect, s.W, 1e-6)
	}
}

func columnsOf(xs [][]number) [][]float64 {
	out := make([][]float64, len(xs))
	for k := range xs {
		out[k] = floats(xs[k])
	}
	return out
}

func TestMomentsAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		X            []number
		N            int
		Mean, SD     number
		Median, Q    number
		Type6, Type7 []number
	}
	moments, quantiles := with(t, "Describe"), with(t, "QuantileOf")
	for i, s := range oracle[set](t, "moments.jsonl") {
		x, q := floats(s.X), float64(s.Q)
		m := stat.Describe(x)
		moments.check(i, "N", float64(m.N), number(s.N), 0)
		moments.check(i, "mean", m.Mean, s.Mean, 1e-12)
		moments.check(i, "sd", m.SD, s.SD, 1e-9)
		quantiles.check(i, "median", stat.Median(x), s.Median, 1e-12)
		for k, share := range []float64{q, .25, 0, 1} {
			quantiles.check(i, "type 6", stat.QuantileOf(x, share, stat.Type6), s.Type6[k], 1e-12)
			quantiles.check(i, "type 7", stat.QuantileOf(x, share, stat.Type7), s.Type7[k], 1e-12)
		}
	}
}

func TestCorrelationsAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Columns, Pairwise, Complete [][]number
		NP                          [][]int
		NC                          int
	}
	r := with(t, "Correlations")
	for i, s := range oracle[set](t, "correlations.jsonl") {
		columns := columnsOf(s.Columns)
		pairwise, complete := stat.Correlations(columns, stat.Pairwise), stat.Correlations(columns, stat.CompleteCases)
		for j := range columns {
			for k := range j { // a column with itself is 1 or nothing
				r.check(i, "pairwise", pairwise[j][k].Effect.Value, s.Pairwise[j][k], 1e-9)
				r.check(i, "complete", complete[j][k].Effect.Value, s.Complete[j][k], 1e-9)
				r.check(i, "N pairwise", float64(pairwise[j][k].N), number(s.NP[j][k]), 0)
				r.check(i, "N complete", float64(complete[j][k].N), number(s.NC), 0)
			}
		}
	}
}

// What an alpha and a standard deviation say of each other is the same formula.
func TestAlphaAndSDGoTogether(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		n, k := 20+random.IntN(100), 2+random.IntN(8)
		items, means, variances := make([][]float64, k), make([]float64, n), []float64{}
		for j := range items {
			items[j] = make([]float64, n)
		}
		for i := range n {
			trait := random.NormFloat64()
			for j := range items {
				items[j][i] = trait + random.NormFloat64()
				means[i] += items[j][i] / float64(k)
			}
		}
		for j := range items {
			variances = append(variances, stat.Variance(items[j]))
		}
		r, sd := stat.AlphaOf(items), math.Sqrt(stat.Variance(means))
		if got := stat.ImpliedSD(variances, r.Alpha); math.Abs(got-sd) > 1e-9 {
			t.Fatalf("alpha %v implies an SD of %v, it is %v", r.Alpha, got, sd)
		}
		if got := stat.ImpliedAlpha(variances, sd); math.Abs(got-r.Alpha) > 1e-9 {
			t.Fatalf("SD %v implies an alpha of %v, it is %v", sd, got, r.Alpha)
		}
		for j := range items { // shifting an item changes nothing
			for i := range items[j] {
				items[j][i] += float64(j) * 10
			}
		}
		if again := stat.AlphaOf(items); math.Abs(again.Alpha-r.Alpha) > 1e-9 {
			t.Fatalf("shifted items have alpha %v, not %v", again.Alpha, r.Alpha)
		}
	}
}

func FuzzReliability(f *testing.F) {
	f.Add(uint64(1), 3, 5)
	f.Fuzz(func(t *testing.T, seed uint64, k, n int) {
		k, n = min(max(k, 0), 12), min(max(n, 0), 30)
		random := rand.New(rand.NewPCG(seed, 1))
		items := make([][]float64, k)
		for j := range items {
			for range n {
				x := []float64{float64(random.IntN(5)), math.NaN(), math.Inf(1), 1e308, -1e308, 0, random.NormFloat64()}[random.IntN(7)]
				items[j] = append(items[j], x)
			}
			if items[j] == nil {
				items[j] = []float64{}
			}
		}
		if r := stat.AlphaOf(items); r.Alpha > 1+1e-9 {
			t.Errorf("alpha %v", r.Alpha)
		}
		if x := stat.Friedman(items); x.P < 0 || x.P > 1 {
			t.Errorf("p %v", x.P)
		}
	})
}
