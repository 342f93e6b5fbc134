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
		Items                              [][]number
		N                                  int
		Alpha, Lo, Hi, Std, Friedman, P, W number
		MeanR                              number `json:"mean_r"`
		Rest, Dropped, Median, Q30         []number
	}
	for i, s := range oracle[set](t, "reliability.jsonl") {
		items := make([][]float64, len(s.Items))
		for k := range items {
			items[k] = floats(s.Items[k])
		}
		r := stat.AlphaOf(items)
		if r.N != s.N {
			t.Errorf("data set %d: %d complete rows, R has %d", i+1, r.N, s.N)
		}
		check(t, i, "alpha", r.Alpha, s.Alpha, 1e-9)
		check(t, i, "lo", r.Lo, s.Lo, 1e-8)
		check(t, i, "hi", r.Hi, s.Hi, 1e-8)
		check(t, i, "mean r", r.MeanR, s.MeanR, 1e-9)
		check(t, i, "standardised", r.Standardised, s.Std, 1e-9)
		checkAll(t, i, "item-rest", r.ItemRest, s.Rest, 1e-9)
		checkAll(t, i, "dropped", r.Dropped, s.Dropped, 1e-8)
		f := stat.Friedman(items)
		check(t, i, "Friedman", f.Statistic, s.Friedman, 1e-9)
		check(t, i, "p", f.P, s.P, 1e-8)
		check(t, i, "W", f.Effect.Value, s.W, 1e-9)
		for k := range items {
			check(t, i, "median", stat.Median(items[k]), s.Median[k], 1e-12)
			check(t, i, "quantile", stat.Quantile(items[k], .3), s.Q30[k], 1e-12)
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
