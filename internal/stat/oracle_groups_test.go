package stat_test

import (
	"math"
	"testing"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// pick is the number at a place, NaN where R gave fewer: it had nothing to say.
func pick(xs []number, at int) number {
	if at >= len(xs) {
		return number(math.NaN())
	}
	return xs[at]
}

func TestTwoGroupsAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		X, Y, P, Q                                              []number
		Student, Welch, MW, Paired, Wilcoxon, Pearson, Spearman []number
		Sign                                                    number
	}
	comparison := func(t *testing.T, i int, what string, c stat.Comparison, want []number) {
		t.Helper()
		for k, got := range []float64{c.Statistic, c.DF, c.P, c.Difference.Lo, c.Difference.Hi, c.Effect.Value} {
			check(t, i, what+" "+[]string{"t", "df", "p", "lo", "hi", "effect"}[k], got, pick(want, k), 1e-9)
		}
	}
	for i, s := range oracle[set](t, "two_groups.jsonl") {
		x, y, p, q := floats(s.X), floats(s.Y), floats(s.P), floats(s.Q)
		comparison(t, i, "Student", stat.StudentTest(x, y), s.Student)
		comparison(t, i, "Welch", stat.WelchTest(x, y), s.Welch)
		comparison(t, i, "paired", stat.PairedTest(p, q), s.Paired)
		u := stat.MannWhitney(x, y)
		check(t, i, "U", u.Statistic, pick(s.MW, 0), 1e-9)
		check(t, i, "p of U", u.P, pick(s.MW, 1), 1e-9)
		w := stat.Wilcoxon(p, q)
		check(t, i, "V", w.Statistic, pick(s.Wilcoxon, 0), 1e-9)
		check(t, i, "p of V", w.P, pick(s.Wilcoxon, 1), 1e-9)
		check(t, i, "p of signs", stat.SignTest(p, q).P, s.Sign, 1e-9)
		r := stat.Correlation(p, q)
		check(t, i, "r", r.Effect.Value, pick(s.Pearson, 0), 1e-9)
		check(t, i, "p of r", r.P, pick(s.Pearson, 1), 1e-9)
		check(t, i, "lo of r", r.Effect.Lo, pick(s.Pearson, 2), 1e-9)
		check(t, i, "hi of r", r.Effect.Hi, pick(s.Pearson, 3), 1e-9)
		rho := stat.Spearman(p, q)
		check(t, i, "rho", rho.Effect.Value, pick(s.Spearman, 0), 1e-9)
		check(t, i, "p of rho", rho.P, pick(s.Spearman, 1), 1e-9)
	}
}

func TestSeveralGroupsAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Groups                               [][]number
		Anova, Welch, Levene, Brown, KW, Eta []number
		Omega                                number
		Tukey, Games                         [][]number
	}
	for i, s := range oracle[set](t, "groups.jsonl") {
		var groups [][]float64
		for _, g := range s.Groups {
			groups = append(groups, floats(g))
		}
		f := stat.Anova(groups)
		check(t, i, "F", f.Statistic, s.Anova[0], 1e-9)
		check(t, i, "df", f.DF, s.Anova[1], 1e-9)
		check(t, i, "p", f.P, s.Anova[3], 1e-9)
		check(t, i, "eta²", f.Effect.Value, s.Eta[0], 1e-9)
		check(t, i, "eta² lo", f.Effect.Lo, s.Eta[1], 1e-6)
		check(t, i, "eta² hi", f.Effect.Hi, s.Eta[2], 1e-6)
		check(t, i, "omega²", f.Omega.Value, s.Omega, 1e-9)
		w := stat.WelchAnova(groups)
		check(t, i, "F of Welch", w.Statistic, s.Welch[0], 1e-9)
		check(t, i, "df of Welch", dfOf(w.Test), s.Welch[2], 1e-9)
		check(t, i, "p of Welch", w.P, s.Welch[3], 1e-9)
		l := stat.Levene(groups, stat.LeveneMean)
		check(t, i, "Levene", l.Statistic, s.Levene[0], 1e-9)
		check(t, i, "p of Levene", l.P, s.Levene[1], 1e-9)
		l = stat.Levene(groups, stat.LeveneMedian)
		check(t, i, "Brown-Forsythe", l.Statistic, s.Brown[0], 1e-9)
		k := stat.KruskalWallis(groups)
		check(t, i, "H", k.Statistic, s.KW[0], 1e-9)
		check(t, i, "p of H", k.P, s.KW[1], 1e-9)
		if testing.Short() && i >= 30 {
			continue // intervals over the studentized range take their time
		}
		for what, c := range map[string]struct {
			pairs []stat.Pair
			want  [][]number
		}{"Tukey": {stat.Tukey(groups), s.Tukey}, "Games-Howell": {stat.GamesHowellTest(groups), s.Games}} {
			if len(c.pairs) != len(c.want) {
				t.Fatalf("data set %d: %d pairs of %s, want %d", i+1, len(c.pairs), what, len(c.want))
			}
			for j, p := range c.pairs {
				check(t, i, what+" difference", p.Difference.Value, c.want[j][0], 1e-9)
				// ptukey and qtukey of R lose digits at few degrees of freedom; see
				// studentized.jsonl for the distribution itself.
				relative := 1e-5
				if p.DF < 12 {
					relative = 2e-2
				}
				if width := p.Difference.Hi - p.Difference.Lo; !math.IsNaN(float64(c.want[j][1])) && math.Abs(width-float64(c.want[j][2]-c.want[j][1])) > relative*width {
					t.Errorf("data set %d: %s interval of %g, R says %g", i+1, what, width, float64(c.want[j][2]-c.want[j][1]))
				}
				if math.Abs(p.P-float64(c.want[j][3])) > 1e-9+relative*float64(c.want[j][3]) {
					t.Errorf("data set %d: %s p = %g, R says %g", i+1, what, p.P, float64(c.want[j][3]))
				}
			}
		}
	}
}

// dfOf is the second df of an F, NaN where there is no F.
func dfOf(t stat.Test) float64 {
	if math.IsNaN(t.Statistic) {
		return math.NaN()
	}
	return t.DF2
}

func TestStudentizedRangeAgreesWithR(t *testing.T) {
	t.Parallel()
	for i, s := range oracle[struct{ K, DF, Q, P number }](t, "studentized.jsonl") {
		if got := stat.StudentizedTail(float64(s.Q), float64(s.K), float64(s.DF)); math.Abs(got-float64(s.P)) > 1e-13+1e-7*float64(s.P) {
			t.Errorf("data set %d: k %g, df %g, q %g: %.12g, R says %.12g", i+1, float64(s.K), float64(s.DF), float64(s.Q), got, float64(s.P))
		}
	}
}

func TestSquareTablesAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Table         [][]int
		SM, MC, Kappa []number
	}
	for i, s := range oracle[set](t, "square.jsonl") {
		m := stat.StuartMaxwell(s.Table)
		check(t, i, "X² of Stuart-Maxwell", m.Statistic, s.SM[0], 1e-9)
		check(t, i, "df of Stuart-Maxwell", m.DF, s.SM[1], 1e-9)
		check(t, i, "p of Stuart-Maxwell", m.P, s.SM[2], 1e-9)
		if len(s.Table) == 2 {
			a, b, c := stat.McNemar(s.Table, false), stat.McNemar(s.Table, true), stat.McNemarExactTest(s.Table)
			for k, got := range []float64{a.Statistic, a.P, b.Statistic, b.P, c.P} {
				check(t, i, "McNemar", got, s.MC[k], 1e-9)
			}
		}
		k := stat.KappaOf(s.Table)
		check(t, i, "kappa", k.Effect.Value, s.Kappa[0], 1e-9)
		check(t, i, "lo of kappa", k.Effect.Lo, s.Kappa[0]-1.959963984540054*s.Kappa[1], 1e-9)
		check(t, i, "z of kappa", k.Statistic, s.Kappa[2], 1e-9)
		check(t, i, "p of kappa", k.P, s.Kappa[3], 1e-9)
	}
}

func TestCochranAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Columns [][]number
		Q, P    number
	}
	for i, s := range oracle[set](t, "cochran.jsonl") {
		var columns [][]float64
		for _, c := range s.Columns {
			columns = append(columns, floats(c))
		}
		q := stat.CochranQ(columns)
		check(t, i, "Q", q.Statistic, s.Q, 1e-9)
		check(t, i, "p", q.P, s.P, 1e-9)
	}
}

func TestKrippendorffAgreesWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Ratings [][]number
		Alpha   []number
	}
	for i, s := range oracle[set](t, "krippendorff.jsonl") {
		var ratings [][]float64
		for _, r := range s.Ratings {
			ratings = append(ratings, floats(r))
		}
		for k, m := range []stat.Metric{stat.Nominal, stat.Ordinal, stat.IntervalLevel} {
			check(t, i, "alpha "+string(rune('0'+k)), stat.Krippendorff(ratings, m).Effect.Value, s.Alpha[k], 1e-9)
		}
	}
}

func TestIntervalsOfVAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Table  [][]int
		Lo, Hi number
	}
	for i, s := range oracle[set](t, "v_interval.jsonl") {
		v := stat.Independence(s.Table).WithInterval()
		check(t, i, "lo", v.Effect.Lo, s.Lo, 1e-6)
		check(t, i, "hi", v.Effect.Hi, s.Hi, 1e-6)
	}
}
