package stat_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// everyTest runs all tests of numbers on two samples and on them as groups.
func everyTest(x, y []float64) []stat.Test {
	groups := [][]float64{x, y, slices.Concat(x, y)}
	all := []stat.Test{stat.StudentTest(x, y).Test, stat.WelchTest(x, y).Test, stat.PairedTest(x, y).Test, stat.Anova(groups).Test, stat.WelchAnova(groups).Test,
		stat.Levene(groups, stat.LeveneMean).Test, stat.Levene(groups, stat.LeveneMedian).Test, stat.MannWhitney(x, y), stat.Wilcoxon(x, y), stat.SignTest(x, y),
		stat.KruskalWallis(groups), stat.Correlation(x, y), stat.Spearman(x, y), stat.CochranQ([][]float64{x, y}), stat.Krippendorff([][]float64{x, y}, stat.Nominal),
		stat.Krippendorff([][]float64{x, y}, stat.Ordinal), stat.Krippendorff([][]float64{x, y}, stat.IntervalLevel)}
	return append(all, stat.OmegaOf(groups), stat.Friedman(groups), stat.Polychorics(groups[:2], stat.Pairwise)[1][0])
}

// sound fails for a result that cannot be: a p outside 0 and 1, or nothing to say
// without a warning.
func sound(t *testing.T, r stat.Test) {
	t.Helper()
	if r.P < 0 || r.P > 1 || r.N < 0 {
		t.Errorf("%s: p = %g, N = %d", r.Method, r.P, r.N)
	}
	if math.IsNaN(r.P) && math.IsNaN(r.Effect.Value) && len(r.Warnings) == 0 {
		t.Errorf("%s says nothing and not why: %+v", r.Method, r)
	}
	if r.Effect.Lo > r.Effect.Value+1e-9 || r.Effect.Hi < r.Effect.Value-1e-9 {
		t.Errorf("%s: %s = %g outside [%g, %g]", r.Method, r.Effect.Name, r.Effect.Value, r.Effect.Lo, r.Effect.Hi)
	}
}

func FuzzTestsOfNumbersNeverPanic(f *testing.F) {
	add := func(n uint8, xs ...float64) {
		var b []byte
		for _, x := range xs {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
		f.Add(n, b)
	}
	add(0)
	add(1, 1)
	add(2, 1, 1, 1, 1)
	add(3, 0, 1, 0, 1, 1, 0)
	add(2, math.NaN(), math.Inf(1), math.Inf(-1), 3, 4)
	add(3, 1e308, -1e308, 1e308, -1e308, 1e308, 5e-324)
	add(3, 1, 2, 3, 1, 2, 4, 5, 6)
	f.Fuzz(func(t *testing.T, n uint8, b []byte) {
		var xs []float64
		for ; len(b) >= 8 && len(xs) < 60; b = b[8:] {
			xs = append(xs, math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
		at := min(int(n), len(xs))
		x, y := xs[:at], xs[at:]
		for _, r := range everyTest(x, y) {
			sound(t, r)
		}
	})
}

func FuzzTestsOfTablesNeverPanic(f *testing.F) {
	f.Add(uint8(2), []byte{20, 5, 10, 15})
	f.Add(uint8(3), []byte{0, 0, 0, 0, 1, 0, 0, 0, 9})
	f.Add(uint8(0), []byte{})
	f.Fuzz(func(t *testing.T, k uint8, b []byte) {
		var table [][]int
		for size := int(k%7) + 1; len(b) >= size && len(table) < 8; b = b[size:] {
			row := make([]int, size)
			for i := range row {
				row[i] = int(int8(b[i])) // some below 0
			}
			table = append(table, row)
		}
		for _, r := range []stat.Test{stat.Independence(table).WithInterval(), stat.StuartMaxwell(table), stat.KappaOf(table), stat.McNemar(table, true), stat.McNemarExactTest(table),
			stat.IndependenceYates(table).WithInterval(), stat.Fisher(table), stat.Polychoric(table)} {
			if r.P < 0 || r.P > 1 {
				t.Errorf("%s: p = %g", r.Method, r.P)
			}
			if r.Effect.Lo > r.Effect.Value+1e-9 || r.Effect.Hi < r.Effect.Value-1e-9 {
				t.Errorf("%s: %s = %g outside [%g, %g]", r.Method, r.Effect.Name, r.Effect.Value, r.Effect.Lo, r.Effect.Hi)
			}
		}
		for _, row := range table {
			f := stat.Goodness(row, []float64{1, 2, 3}[:min(3, len(row))]).WithInterval()
			if f.P < 0 || f.P > 1 || f.N < 0 {
				t.Errorf("fit of %v: %+v", row, f)
			}
			if len(row) > 1 {
				for _, iv := range []stat.Interval{stat.Wilson(row[0], row[1], .95), stat.WilsonOf(row[0], row[1], 99, .95), stat.MeanOf(float64(row[0]), 1, float64(row[1]), row[1], row[0], .95)} {
					if iv.Lo > iv.Hi {
						t.Errorf("interval of %v: %+v", row, iv)
					}
				}
			}
		}
	})
}

// FuzzFactorsNeverPanic makes columns of every sort: codes, numbers, missings,
// copies, and the largest there are.
func FuzzFactorsNeverPanic(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(40), uint8(0), uint8(2))
	f.Add(uint64(2), uint8(3), uint8(12), uint8(1), uint8(1))
	f.Add(uint64(3), uint8(4), uint8(9), uint8(7), uint8(3))
	f.Add(uint64(4), uint8(0), uint8(0), uint8(3), uint8(0))
	f.Fuzz(func(t *testing.T, seed uint64, k, n, sort, factors uint8) {
		random := rand.New(rand.NewPCG(seed, 7))
		columns := make([][]float64, k%8)
		for j := range columns {
			for i := range int(n % 60) {
				x := random.NormFloat64()
				switch {
				case sort&1 > 0:
					x = math.Round(x)
				case sort&2 > 0:
					x *= 1e307
				case sort&4 > 0 && j > 0:
					x = columns[0][i] + 1e-9*x
				case sort&8 > 0 && random.IntN(3) == 0:
					x = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 5e-324}[random.IntN(5)]
				}
				columns[j] = append(columns[j], x)
			}
		}
		s := stat.StructureOf(columns)
		if s.Loadings == nil && len(s.Warnings) == 0 {
			t.Errorf("no factors and not why: %+v", s)
		}
		for _, e := range []stat.Method{stat.PrincipalAxis, stat.MinRes} {
			for _, r := range []stat.Method{stat.Unrotated, stat.Varimax, stat.Oblimin} {
				x := stat.FactorsOf(columns, int(factors%5), e, r)
				if x.Loadings == nil && len(x.Warnings) == 0 {
					t.Errorf("%s, %s: nothing and not why", e, r)
				}
			}
		}
		sound(t, stat.OmegaOf(columns))
		stat.Correlations(columns, stat.CompleteCases)
		stat.Polychorics(columns, stat.Pairwise)
	})
}

// FuzzAdjustedPs holds what an adjusted p may be.
func FuzzAdjustedPs(f *testing.F) {
	f.Add([]byte{1, 2, 3, 250})
	f.Fuzz(func(t *testing.T, b []byte) {
		var ps []float64
		for _, x := range b {
			ps = append(ps, []float64{float64(x) / 255, math.NaN()}[x%7/6])
		}
		holm, bh := stat.Holm(ps), stat.BenjaminiHochberg(ps)
		for i, p := range ps {
			if math.IsNaN(p) != math.IsNaN(holm[i]) || holm[i] < p || holm[i] > 1 || bh[i] < p || bh[i] > holm[i]+1e-12 {
				t.Errorf("p = %g: Holm %g, Benjamini-Hochberg %g", p, holm[i], bh[i])
			}
		}
		stat.QuantileOf(ps, .3, stat.Type6)
		stat.Deff(ps)
	})
}

// TestOmegaIsAlphaOfEqualItems holds what omega is where items measure equally well,
// and that neither shifting items nor their order changes it.
func TestOmegaIsAlphaOfEqualItems(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(6, 1))
	items := make([][]float64, 4)
	for range 4000 {
		trait := random.NormFloat64()
		for k := range items {
			items[k] = append(items[k], trait+random.NormFloat64())
		}
	}
	w, a := stat.OmegaOf(items), stat.AlphaOf(items)
	if math.Abs(w.Effect.Value-.8) > .02 || math.Abs(w.Effect.Value-a.Alpha) > .002 || w.Effect.Lo > .8 || w.Effect.Hi < .8 || w.Effect.Hi-w.Effect.Lo > .05 {
		t.Errorf("omega %+v, alpha %g of items with reliability .8", w.Effect, a.Alpha)
	}
	for k := range items {
		for i := range items[k] {
			items[k][i] += float64(10 * k)
		}
	}
	slices.Reverse(items)
	if again := stat.OmegaOf(items).Effect; math.Abs(again.Value-w.Effect.Value) > 1e-9 || math.Abs(again.Lo-w.Effect.Lo) > 1e-7 {
		t.Errorf("shifted and turned: %+v, was %+v", again, w.Effect)
	}
}

// TestPolychoricFindsTheCorrelationBehindCodes holds what it is for: codes hide some
// of a correlation, which it brings back.
func TestPolychoricFindsTheCorrelationBehindCodes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 2))
	columns := make([][]float64, 2)
	for range 20_000 {
		x, e := random.NormFloat64(), random.NormFloat64()
		y := .6*x + .8*e
		columns[0] = append(columns[0], min(2, max(-1, math.Round(x))))
		columns[1] = append(columns[1], math.Copysign(1, y-.5))
	}
	p := stat.Polychorics(columns, stat.CompleteCases)[1][0].Effect
	if math.Abs(p.Value-.6) > .02 || p.Lo > .6 || p.Hi < .6 || stat.Correlation(columns[0], columns[1]).Effect.Value > .5 {
		t.Errorf("got %+v, want .6", p)
	}
}

func TestResultsDoNotDependOnOrderOrUnit(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 2))
	for range 30 {
		x, y := make([]float64, 24), make([]float64, 24)
		for i := range x {
			x[i], y[i] = math.Round(random.NormFloat64()*4), math.Round(random.NormFloat64()*4+1)
		}
		before := everyTest(x, y)
		order := random.Perm(len(x))
		u, v := make([]float64, len(x)), make([]float64, len(x))
		for i, at := range order {
			u[i], v[i] = 8*x[at], 8*y[at] // another order, another unit
		}
		for i, r := range everyTest(u, v) {
			if w := before[i]; r.Method != stat.CochranQuantity && (!same(r.P, w.P) || !same(r.Effect.Value, w.Effect.Value)) {
				t.Errorf("%s: p %g and effect %g became %g and %g", r.Method, w.P, w.Effect.Value, r.P, r.Effect.Value)
			}
		}
	}
}

func TestVectorsOfAgreement(t *testing.T) {
	t.Parallel()
	if k := stat.KappaOf([][]int{{20, 5}, {10, 15}}); math.Abs(k.Effect.Value-0.4) > 1e-12 {
		t.Errorf("kappa = %g, want 0.400", k.Effect.Value)
	}
	o := math.NaN()
	raters := [][]float64{ // Krippendorff's example of 3 coders and 15 units
		{o, o, o, o, o, 3, 4, 1, 2, 1, 1, 3, 3, o, 3}, {1, o, 2, 1, 3, 3, 4, 3, o, o, o, o, o, o, o}, {o, o, 2, 1, 3, 4, 4, o, 2, 1, 1, 3, 3, o, 4}}
	nominal, interval := stat.Krippendorff(raters, stat.Nominal), stat.Krippendorff(raters, stat.IntervalLevel)
	if nominal.N != 26 || math.Abs(nominal.Effect.Value-0.691) > 5e-4 || math.Abs(interval.Effect.Value-0.811) > 5e-4 {
		t.Errorf("n = %d, nominal %.4f, interval %.4f; want 26, 0.691, 0.811", nominal.N, nominal.Effect.Value, interval.Effect.Value)
	}
}

func TestPairwiseUsesMoreCasesThanComplete(t *testing.T) {
	t.Parallel()
	o := math.NaN()
	columns := [][]float64{{1, 2, 3, 4, 5, 6}, {2, 1, 4, 3, 6, 5}, {1, 1, 2, 2, o, o}}
	if n := stat.Correlations(columns, stat.Pairwise)[1][0].N; n != 6 {
		t.Errorf("pairwise N = %d, want 6", n)
	}
	if n := stat.Correlations(columns, stat.CompleteCases)[1][0].N; n != 4 {
		t.Errorf("complete N = %d, want 4", n)
	}
}

// TestASmallPKeepsItsDigits holds the F that gonum's own tail loses: R gives
// 4.808e-34 for F = 80 with 3 and 200 degrees of freedom.
func TestASmallPKeepsItsDigits(t *testing.T) {
	t.Parallel()
	groups := make([][]float64, 4)
	for i := range 204 {
		groups[i%4] = append(groups[i%4], float64(i%4)*1.2+float64(i/4%3))
	}
	f := stat.Anova(groups)
	if f.DF != 3 || f.DF2 != 200 || !(f.P > 0 && f.P < 1e-20) {
		t.Errorf("F = %g with %g and %g df: p = %g", f.Statistic, f.DF, f.DF2, f.P)
	}
}
