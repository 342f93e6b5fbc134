package stat_test

import (
	"math"
	"testing"

	"github.com/uitvraag/uitvraag/internal/stat"
)

func TestTwoGroupsAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		X, Y, P, Q                                              []number
		Student, Welch, MW, Paired, Wilcoxon, Pearson, Spearman []number
		Sign                                                    number
		D                                                       []number `json:"d_ci"`
		G                                                       []number `json:"g_ci"`
		Dz                                                      []number `json:"p_ci"`
		MWEffect                                                []number `json:"mw_effect"`
		WEffect                                                 []number `json:"w_effect"`
		SignEffect                                              []number `json:"sign_effect"`
		RhoCI                                                   []number `json:"rho_ci"`
	}
	far := "intervals of an effect only up to |t| of 25, beyond which R's pt loses its digits"
	student, welch, paired := with(t, "StudentTest", far), with(t, "WelchTest", far), with(t, "PairedTest", far)
	mann, wilcoxon, signs := with(t, "MannWhitney"), with(t, "Wilcoxon", "effect and interval have no package: all sums of two differences"), with(t, "SignTest")
	pearson, spearman := with(t, "Correlation"), with(t, "Spearman", "p from the t distribution also for few cases, where R's default has a table")
	comparison := func(a *agreement, i int, c stat.Comparison, want, interval []number) {
		t.Helper()
		for k, got := range []float64{c.Statistic, c.DF, c.P, c.Difference.Lo, c.Difference.Hi, c.Effect.Value} {
			a.check(i, []string{"t", "df", "p", "lo", "hi", "effect"}[k], got, pick(want, k), 1e-9)
		}
		a.interval(i, c.Effect.Name, c.Effect, interval, 1e-6)
	}
	for i, s := range oracle[set](t, "two_groups.jsonl") {
		x, y, p, q := floats(s.X), floats(s.Y), floats(s.P), floats(s.Q)
		comparison(student, i, stat.StudentTest(x, y), s.Student, s.D)
		comparison(welch, i, stat.WelchTest(x, y), s.Welch, s.G)
		comparison(paired, i, stat.PairedTest(p, q), s.Paired, s.Dz)
		u := stat.MannWhitney(x, y)
		mann.check(i, "U", u.Statistic, pick(s.MW, 0), 1e-9)
		mann.check(i, "p", u.P, pick(s.MW, 1), 1e-9)
		mann.effect(i, u.Effect, s.MWEffect, 1e-8)
		w := stat.Wilcoxon(p, q)
		wilcoxon.check(i, "V", w.Statistic, pick(s.Wilcoxon, 0), 1e-9)
		wilcoxon.check(i, "p", w.P, pick(s.Wilcoxon, 1), 1e-9)
		wilcoxon.effect(i, w.Effect, s.WEffect, 1e-8)
		sign := stat.SignTest(p, q)
		signs.check(i, "p", sign.P, s.Sign, 1e-9)
		signs.effect(i, sign.Effect, s.SignEffect, 1e-9)
		r := stat.Correlation(p, q)
		for k, got := range []float64{r.Effect.Value, r.P, r.Effect.Lo, r.Effect.Hi} {
			pearson.check(i, []string{"r", "p", "lo", "hi"}[k], got, pick(s.Pearson, k), 1e-9)
		}
		rho := stat.Spearman(p, q)
		spearman.check(i, "rho", rho.Effect.Value, pick(s.Spearman, 0), 1e-9)
		spearman.check(i, "p", rho.P, pick(s.Spearman, 1), 1e-9)
		spearman.interval(i, "rho", rho.Effect, s.RhoCI, 1e-8)
	}
}

func TestSeveralGroupsAgreeWithR(t *testing.T) {
	t.Parallel()
	type set struct {
		Groups                               [][]number
		Anova, Welch, Levene, Brown, KW, Eta []number
		Omega                                number
		Tukey, Games                         [][]number
		Epsilon                              []number
	}
	anova, welch := with(t, "Anova", "eta² of Steiger, λ/(λ+N); effectsize takes the degrees of freedom within for N"), with(t, "WelchAnova", "eta² and omega² are those of Anova")
	mean, middle, ranks := with(t, "Levene (mean)"), with(t, "Levene (median)"), with(t, "KruskalWallis", "the interval of epsilon² has no package: the noncentral chi-square of V²")
	off := "R's ptukey and qtukey lose digits below 12 df: 2 % there; it has none below 2 df, and qtukey does not come to rest below 3"
	tukey, games := with(t, "Tukey", off), with(t, "GamesHowellTest", off)
	for i, s := range oracle[set](t, "groups.jsonl") {
		var groups [][]float64
		for _, g := range s.Groups {
			groups = append(groups, floats(g))
		}
		f := stat.Anova(groups)
		anova.check(i, "F", f.Statistic, s.Anova[0], 1e-9)
		anova.check(i, "df", f.DF, s.Anova[1], 1e-9)
		anova.check(i, "p", f.P, s.Anova[3], 1e-9)
		anova.effect(i, f.Effect, s.Eta, 1e-6)
		anova.check(i, "omega²", f.Omega.Value, s.Omega, 1e-9)
		anova.interval(i, "omega²", stat.Effect{Value: f.Effect.Value, Lo: f.Omega.Lo, Hi: f.Omega.Hi}, s.Eta[1:], 1e-6)
		w := stat.WelchAnova(groups)
		welch.check(i, "F", w.Statistic, s.Welch[0], 1e-9)
		welch.check(i, "df", dfOf(w.Test), s.Welch[2], 1e-9)
		welch.check(i, "p", w.P, s.Welch[3], 1e-9)
		l := stat.Levene(groups, stat.LeveneMean)
		mean.check(i, "F", l.Statistic, s.Levene[0], 1e-9)
		mean.check(i, "p", l.P, s.Levene[1], 1e-9)
		l = stat.Levene(groups, stat.LeveneMedian)
		middle.check(i, "F", l.Statistic, s.Brown[0], 1e-9)
		middle.check(i, "p", l.P, s.Brown[1], 1e-9)
		k := stat.KruskalWallis(groups)
		ranks.check(i, "H", k.Statistic, s.KW[0], 1e-9)
		ranks.check(i, "p", k.P, s.KW[1], 1e-9)
		ranks.effect(i, k.Effect, s.Epsilon, 1e-6)
		everyPair(tukey, i, stat.Tukey(groups), s.Tukey)
		everyPair(games, i, stat.GamesHowellTest(groups), s.Games)
	}
}

// everyPair compares pairs of groups. ptukey and qtukey of R lose digits at few
// degrees of freedom; see studentized.jsonl for the distribution itself.
func everyPair(a *agreement, at int, got []stat.Pair, want [][]number) {
	a.t.Helper()
	if len(got) != len(want) {
		a.t.Fatalf("%s, data set %d: %d pairs, want %d", a.function, at+1, len(got), len(want))
	}
	if len(got) == 0 {
		a.check(at, "nothing", math.NaN(), number(math.NaN()), 1e-9)
	}
	for j, p := range got {
		w := want[j]
		a.check(at, "difference", p.Difference.Value, w[0], 1e-9)
		relative := 1e-5
		if p.DF < 12 {
			relative = 2e-2
		}
		width, theirs := p.Difference.Hi-p.Difference.Lo, float64(w[2]-w[1])
		if p.DF < 2 {
			continue
		}
		if p.DF >= 3 {
			a.deviates(at, "width", width, theirs, math.Abs(width-theirs)/width, relative)
		}
		a.deviates(at, "p", p.P, float64(w[3]), max(0, math.Abs(p.P-float64(w[3]))-1e-9)/max(float64(w[3]), 1e-9), relative)
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
	r := with(t, "StudentizedTail", "R integrates the definition: ptukey is off by 1 % at 2 df")
	for i, s := range oracle[struct{ K, DF, Q, P number }](t, "studentized.jsonl") {
		r.check(i, "p", stat.StudentizedTail(float64(s.Q), float64(s.K), float64(s.DF)), s.P, 1e-7)
	}
}

func TestSquareTablesAgreeWithR(t *testing.T) {
	t.Parallel()
	r, mcnemar, kappa := with(t, "StuartMaxwell", "no package: with the inverse of Moore and Penrose"), with(t, "McNemar", "of 2 by 2; larger tables are refused"), with(t, "KappaOf")
	type set struct {
		Table         [][]int
		SM, MC, Kappa []number
	}
	for i, s := range oracle[set](t, "square.jsonl") {
		m := stat.StuartMaxwell(s.Table)
		r.check(i, "X² of Stuart-Maxwell", m.Statistic, s.SM[0], 1e-9)
		r.check(i, "df of Stuart-Maxwell", m.DF, s.SM[1], 1e-9)
		r.check(i, "p of Stuart-Maxwell", m.P, s.SM[2], 1e-9)
		if len(s.Table) != 2 {
			mcnemar.check(i, "refused", stat.McNemar(s.Table, false).P, number(math.NaN()), 1e-9)
		} else {
			a, b, c := stat.McNemar(s.Table, false), stat.McNemar(s.Table, true), stat.McNemarExactTest(s.Table)
			for k, got := range []float64{a.Statistic, a.P, b.Statistic, b.P, c.P} {
				mcnemar.check(i, "number "+string(rune('0'+k)), got, s.MC[k], 1e-9)
			}
		}
		k := stat.KappaOf(s.Table)
		kappa.check(i, "kappa", k.Effect.Value, s.Kappa[0], 1e-9)
		kappa.check(i, "lo", k.Effect.Lo, s.Kappa[0]-1.959963984540054*s.Kappa[1], 1e-9)
		kappa.check(i, "z", k.Statistic, s.Kappa[2], 1e-9)
		kappa.check(i, "p", k.P, s.Kappa[3], 1e-9)
	}
}

func TestCochranAgreesWithR(t *testing.T) {
	t.Parallel()
	r := with(t, "CochranQ", "no package: from the definition")
	type set struct {
		Columns [][]number
		Q, P    number
		Effect  []number
	}
	for i, s := range oracle[set](t, "cochran.jsonl") {
		var columns [][]float64
		for _, c := range s.Columns {
			columns = append(columns, floats(c))
		}
		q := stat.CochranQ(columns)
		r.check(i, "Q", q.Statistic, s.Q, 1e-9)
		r.check(i, "p", q.P, s.P, 1e-9)
		r.effect(i, q.Effect, s.Effect, 1e-6)
	}
}

func TestKrippendorffAgreesWithR(t *testing.T) {
	t.Parallel()
	r := with(t, "Krippendorff", "no package: from the matrix of coincidences, the interval by leaving out each unit")
	type set struct {
		Ratings   [][]number
		Alpha     []number
		Intervals [][]number
	}
	for i, s := range oracle[set](t, "krippendorff.jsonl") {
		var ratings [][]float64
		for _, x := range s.Ratings {
			ratings = append(ratings, floats(x))
		}
		for k, m := range []stat.Metric{stat.Nominal, stat.Ordinal, stat.IntervalLevel} {
			a := stat.Krippendorff(ratings, m)
			r.check(i, "alpha "+string(rune('0'+k)), a.Effect.Value, s.Alpha[k], 1e-9)
			r.interval(i, "alpha "+string(rune('0'+k)), a.Effect, s.Intervals[k], 1e-8)
		}
	}
}

func TestIntervalsOfVAgreeWithR(t *testing.T) {
	t.Parallel()
	r := with(t, "WithInterval (V)")
	type set struct {
		Table  [][]int
		Lo, Hi number
	}
	for i, s := range oracle[set](t, "v_interval.jsonl") {
		v := stat.Independence(s.Table).WithInterval()
		r.check(i, "lo", v.Effect.Lo, s.Lo, 1e-6)
		r.check(i, "hi", v.Effect.Hi, s.Hi, 1e-6)
	}
}
