package stat_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// answers are made-up responses: five items of 1 to 5 with one trait behind them and
// some left open, two numbers, a group of 0 to 3 and three yes-or-no answers.
type answers struct {
	items, yesNo [][]float64
	x, y, group  []float64
}

func drawAnswers(n int) answers {
	random := rand.New(rand.NewPCG(8, 15))
	a := answers{items: make([][]float64, 5), yesNo: make([][]float64, 3)}
	for range n {
		trait := random.NormFloat64()
		for k := range a.items {
			code := math.Round(min(5, max(1, 3+trait+.2*float64(k)+random.NormFloat64())))
			if random.IntN(50) == 0 {
				code = math.NaN()
			}
			a.items[k] = append(a.items[k], code)
		}
		for k := range a.yesNo {
			yes := 0.0
			if trait+random.NormFloat64() > .1*float64(k) {
				yes = 1
			}
			a.yesNo[k] = append(a.yesNo[k], yes)
		}
		g := float64(random.IntN(4))
		x := math.Round(1e4*(trait+.02*g+random.NormFloat64())) / 1e4
		a.group = append(a.group, g)
		a.x, a.y = append(a.x, x), append(a.y, math.Round(1e4*(.3*x+.01+random.NormFloat64()))/1e4)
	}
	return a
}

// by splits xs by group.
func (a answers) by(xs []float64) [][]float64 {
	out := make([][]float64, 4)
	for i, g := range a.group {
		out[int(g)] = append(out[int(g)], xs[i])
	}
	return out
}

// cross counts two columns of codes from low.
func cross(x, y []float64, low, size int) [][]int {
	out := make([][]int, size)
	for i := range out {
		out[i] = make([]int, size)
	}
	for i := range x {
		if !math.IsNaN(x[i]) && !math.IsNaN(y[i]) {
			out[int(x[i])-low][int(y[i])-low]++
		}
	}
	return out
}

// A task is one function on all answers, and the number by which it is compared
// with testdata/speed.R, which has the same name there.
type task struct {
	name   string
	do     func() float64
	within float64 // relative, or absolute for what is drawn or stops early in R
}

func tasks(a answers) []task {
	exact := func(name string, do func() float64) task { return task{name, do, 1e-8} }
	groups := a.by(a.x)
	items := cross(a.items[0], a.items[1], 1, 5)
	margin := []int{0, 0, 0, 0}
	for _, g := range a.group {
		margin[int(g)]++
	}
	return []task{
		exact("Describe", func() float64 { return stat.Describe(a.x).SD }),
		exact("Median", func() float64 { return stat.Median(a.x) }),
		exact("QuantileOf", func() float64 { return stat.QuantileOf(a.x, .3, stat.Type6) }),
		exact("Wilson", func() float64 { return stat.Wilson(margin[0], len(a.x), .95).Hi }),
		exact("Goodness", func() float64 { return stat.Goodness(margin, []float64{1, 1, 1, 1}).Statistic }),
		exact("Independence", func() float64 { return stat.Independence(cross(a.items[0], a.items[1], 1, 5)).WithInterval().Statistic }),
		{"FisherMonteCarlo", func() float64 { return stat.FisherMonteCarlo(items, 10_000, 1).P }, .02},
		exact("StudentTest", func() float64 { return stat.StudentTest(groups[0], groups[1]).Statistic }),
		exact("WelchTest", func() float64 { return stat.WelchTest(groups[0], groups[1]).P }),
		exact("PairedTest", func() float64 { return stat.PairedTest(a.x, a.y).Statistic }),
		exact("Anova", func() float64 { return stat.Anova(groups).Statistic }),
		exact("WelchAnova", func() float64 { return stat.WelchAnova(groups).P }),
		exact("Levene", func() float64 { return stat.Levene(groups, stat.LeveneMedian).Statistic }),
		{"Tukey", func() float64 { return stat.Tukey(groups)[0].Difference.Hi }, 1e-5},
		{"GamesHowellTest", func() float64 { return stat.GamesHowellTest(groups)[0].Difference.Hi }, 1e-5},
		exact("Correlation", func() float64 { return stat.Correlation(a.x, a.y).Effect.Lo }),
		exact("Spearman", func() float64 { return stat.Spearman(a.x, a.y).Effect.Value }),
		exact("MannWhitney", func() float64 { return stat.MannWhitney(groups[0], groups[1]).P }),
		exact("Wilcoxon", func() float64 { return stat.Wilcoxon(a.x, a.y).Statistic }),
		exact("SignTest", func() float64 { return stat.SignTest(a.x, a.y).Statistic }),
		exact("KruskalWallis", func() float64 { return stat.KruskalWallis(groups).Statistic }),
		exact("McNemar", func() float64 { return stat.McNemar(cross(a.yesNo[0], a.yesNo[1], 0, 2), false).Statistic }),
		exact("CochranQ", func() float64 { return stat.CochranQ(a.yesNo).Statistic }),
		exact("StuartMaxwell", func() float64 { return stat.StuartMaxwell(items).Statistic }),
		exact("KappaOf", func() float64 { return stat.KappaOf(items).Effect.Value }),
		exact("Krippendorff", func() float64 { return stat.Krippendorff(a.items, stat.Ordinal).Effect.Value }),
		exact("Friedman", func() float64 { return stat.Friedman(a.items).Statistic }),
		exact("AlphaOf", func() float64 { return stat.AlphaOf(a.items).Alpha }),
		exact("Correlations", func() float64 { return stat.Correlations(a.items, stat.Pairwise)[4][0].Effect.Value }),
		exact("StructureOf", func() float64 { return stat.StructureOf(a.items).KMO }),
		{"MinRes, Oblimin", func() float64 { return stat.FactorsOf(a.items, 2, stat.MinRes, stat.Oblimin).Communality[0] }, math.Inf(1)}, // two factors of five items: psych stops elsewhere
		{"OmegaOf", func() float64 { return stat.OmegaOf(a.items).Effect.Value }, 5e-3},                                                  // psych's is of standardised items
		{"Polychoric", func() float64 { return stat.Polychoric(cross(a.items[0], a.items[1], 1, 5)).Effect.Value }, 1e-3},
		exact("Holm", func() float64 { return stat.Holm(a.ps())[0] }),
		exact("BenjaminiHochberg", func() float64 { return stat.BenjaminiHochberg(a.ps())[0] }),
	}
}

// ps are as many p-values as there are answers.
func (a answers) ps() []float64 {
	out := make([]float64, len(a.x))
	for i, x := range a.x {
		out[i] = math.Erfc(math.Abs(x) / 4)
	}
	return out
}

// TestRMakesTheSameNumbers has R compute the same of the same answers, and compares.
// With UITVRAAG_SPEED (numbers of responses, as make bench gives) it also tells what
// everything took, the middle of three times, and how much longer R took.
func TestRMakesTheSameNumbers(t *testing.T) {
	sizes, told := os.Getenv("UITVRAAG_SPEED"), true
	if sizes == "" {
		sizes, told = "1500", false
		t.Parallel()
	}
	for _, size := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatalf("UITVRAAG_SPEED: %v", err)
		}
		a := drawAnswers(n)
		theirs := inR(t, a)
		if told {
			fmt.Printf("\n%d responsen, %d processors, %s\n\n| functie | tijd | R | R ÷ wij |\n|---|---:|---:|---:|\n", n, runtime.GOMAXPROCS(0), runtime.Version())
		}
		for _, x := range tasks(a) {
			r, ok := theirs[x.name]
			value, took := timed(x.do, told)
			switch {
			case !ok:
				t.Errorf("testdata/speed.R does not make %s", x.name)
			case math.IsNaN(r.value): // its package is not there
			case !(math.Abs(value-r.value) <= x.within*max(math.Abs(r.value), 1e-3)):
				t.Errorf("%s of %d: %.12g, R says %.12g", x.name, n, value, r.value)
			}
			if told {
				fmt.Printf("| %s | %v | %v | %.1f |\n", x.name, took.Round(10*time.Microsecond), r.took.Round(100*time.Microsecond), r.took.Seconds()/took.Seconds())
			}
			if took > 10*time.Second {
				t.Errorf("%s of %d took %v", x.name, n, took)
			}
		}
	}
}

// timed is what a task gives and how long it took: the middle of three times where
// that is told.
func timed(do func() float64, told bool) (value float64, took time.Duration) {
	times := 1
	if told {
		times = 3
	}
	var all []time.Duration
	for range times {
		start := time.Now()
		value = do()
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	return value, all[len(all)/2]
}

// byR is what R makes, and how long that took without reading the answers.
type byR struct {
	value float64
	took  time.Duration
}

func inR(t *testing.T, a answers) map[string]byR {
	t.Helper()
	dir := t.TempDir()
	data, made := filepath.Join(dir, "answers.csv"), filepath.Join(dir, "made.tsv")
	lines := []string{"i1,i2,i3,i4,i5,b1,b2,b3,x,y,g"}
	for at := range a.x {
		var row []string
		for _, c := range slices.Concat(a.items, a.yesNo, [][]float64{a.x, a.y, a.group}) {
			row = append(row, strings.Replace(strconv.FormatFloat(c[at], 'g', -1, 64), "NaN", "", 1))
		}
		lines = append(lines, strings.Join(row, ","))
	}
	if err := os.WriteFile(data, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "Rscript", "testdata/speed.R", data, made).CombinedOutput(); err != nil {
		t.Fatalf("R: %v\n%s", err, out)
	}
	text, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]byR{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		parts := strings.Split(line, "\t")
		seconds, err1 := strconv.ParseFloat(parts[1], 64)
		value, err2 := strconv.ParseFloat(parts[2], 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("R says %q", line)
		}
		all[parts[0]] = byR{value, time.Duration(seconds * float64(time.Second))}
	}
	return all
}
