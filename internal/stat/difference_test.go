package stat_test

import (
	"math"
	"testing"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// The examples of Newcombe (1998), Statistics in Medicine 17, table II, method 10.
func TestDifferencesOfSharesAreThoseOfNewcombe(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		x, n, y, m int
		lo, hi     float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{10, 10, 0, 20, 0.6791, 1},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{10, 10, 0, 10, 0.6075, 1},
	} {
		d := stat.Difference(stat.Wilson(tt.x, tt.n, .95), stat.Wilson(tt.y, tt.m, .95))
		if math.Abs(d.Lo-tt.lo) > .00006 || math.Abs(d.Hi-tt.hi) > .00006 {
			t.Errorf("%d/%d less %d/%d: %.4f to %.4f, want %.4f to %.4f", tt.x, tt.n, tt.y, tt.m, d.Lo, d.Hi, tt.lo, tt.hi)
		}
	}
	whole := stat.Difference(stat.WilsonOf(30, 60, 60, .95), stat.WilsonOf(20, 60, 60, .95))
	if whole.Lo != whole.Value || whole.Hi != whole.Value {
		t.Errorf("between two whole populations %v", whole)
	}
	if none := stat.Difference(stat.Wilson(0, 0, .95), stat.Wilson(1, 2, .95)); !math.IsNaN(none.Value) || !math.IsNaN(none.Lo) {
		t.Errorf("with a group of nobody %v", none)
	}
}

// R: x <- c(7,8,6,9,7); y <- c(5,6,7,5); t.test(x, y)$conf.int
func TestDifferencesOfMeansAreThoseOfWelch(t *testing.T) {
	t.Parallel()
	x, y := stat.Group{Mean: 7.4, SD: math.Sqrt(1.3), N: 5}, stat.Group{Mean: 5.75, SD: math.Sqrt(11.0 / 12), N: 4}
	d := stat.MeanDifference(x, y, .95)
	if math.Abs(d.Lo-(-0.006012150)) > 1e-6 || math.Abs(d.Hi-(3.306012150)) > 1e-6 {
		t.Errorf("%.7f to %.7f", d.Lo, d.Hi)
	}
	x.Population = 5
	if one := stat.MeanDifference(x, y, .95); one.Hi-one.Lo >= d.Hi-d.Lo {
		t.Error("knowing a whole group does not narrow the interval")
	}
	for _, g := range []stat.Group{{}, {Mean: 5, SD: math.NaN(), N: 1}, {Mean: math.NaN()}} {
		if d := stat.MeanDifference(g, y, .95); !math.IsNaN(d.Lo) {
			t.Errorf("with %v: %v", g, d)
		}
	}
}
