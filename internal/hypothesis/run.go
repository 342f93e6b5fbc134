package hypothesis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// Options are what an analyst chooses beside the register.
type Options struct {
	// Units counts units and not questionnaires, as was done in 2018: one that
	// answered for several counts more than once, so that p is too small.
	Units bool
	// Valid is the share of items that a score needs, 0 for scale.DefaultValid.
	Valid float64
}

// An Input is the answers of one audience with what it was asked.
type Input struct {
	In   *instrument.Instrument
	Data *dataset.Dataset
}

// A Result is the outcome of one test. Numbers that do not exist are NaN.
type Result struct {
	Instrument     string
	Kind           Kind
	Dependent, By  string // names of variables; of a paired test the two
	Label, ByLabel string
	Method         string
	N              int
	Statistic      float64
	DF, DF2        float64
	P, PHolm       float64 // PHolm is adjusted for every test of the run
	Effect         stat.Effect
	Size           stat.Effect // an effect with an interval, where Effect has none
	Groups         []GroupOf
	Sign           int      // 1 as was expected, −1 the other way, 0 where no direction was
	Possible       bool     // not significant, and a relevant effect is not ruled out
	Classic        *Classic // the test of 2018, on all groups
	Untested       string   // why there is no test; "" for one
	Left           []string // groups that were too small to take part
	Where          string   // the condition of the cases that were tested
	Warnings       []string
	test           *Test
}

// A GroupOf is what a group scored. Mean is the share of a Most.
type GroupOf struct {
	ID, Label string
	N         int
	Mean, SD  float64
}

// A Classic is the test that was used in 2018, beside ours.
type Classic struct {
	Method           string
	N                int
	Statistic, DF, P float64
}

// An Outcome is what came of a hypothesis in one instrument.
type Outcome struct {
	Hypothesis *Hypothesis
	Instrument string
	Verdict    Verdict
	Sentence   string
	Results    []Result
	Warnings   []string
}

// Run tests everything. Holm's correction is over all tests of the run, so every
// instrument of a study belongs in one.
func (r *Register) Run(o Options, inputs ...Input) ([]Outcome, error) {
	var out []Outcome
	for _, in := range inputs {
		f, err := newFrame(in.In, in.Data, r.Derived, o)
		if err != nil {
			return nil, err
		}
		for i := range r.Hypotheses {
			h := &r.Hypotheses[i]
			x := Outcome{Hypothesis: h, Instrument: in.In.Name}
			for j := range h.Tests {
				if t := &h.Tests[j]; t.Instrument == in.In.Name {
					x.Results = append(x.Results, h.results(f, t)...)
				}
			}
			if len(x.Results) > 0 {
				out = append(out, x)
			}
		}
	}
	var ps []float64
	for i := range out {
		for _, t := range out[i].Results {
			ps = append(ps, t.P)
		}
	}
	holm, at := stat.Holm(ps), 0
	for i := range out {
		for j := range out[i].Results {
			out[i].Results[j].PHolm = holm[at]
			at++
		}
		if o.Units {
			out[i].Warnings = append(out[i].Warnings, "Geteld zijn eenheden, zoals in 2018: wie voor meer eenheden antwoordde telt vaker mee, zodat p te klein uitvalt.")
		}
		out[i].judge()
	}
	return out, nil
}

// results are those of a test for each of its dependents.
func (h *Hypothesis) results(f *frame, t *Test) []Result {
	all := f
	f, err := f.only(t.Where)
	if err != nil {
		return []Result{none(all, t, strings.Join(append(t.Dependents, t.Compare...), ", "), t.By, "de voorwaarde ‘"+t.Where+"’ past niet bij deze gegevens")}
	}
	if t.Kind == Wilcoxon || t.Kind == PairedT {
		return []Result{paired(f, t, h.Smallest)}
	}
	var out []Result
	for _, name := range t.Dependents {
		out = append(out, h.result(f, t, name))
	}
	return out
}

// none is a result that says why there is none.
func none(f *frame, t *Test, dependent, by, why string) Result {
	nan := math.NaN()
	x := Result{Instrument: f.in.Name, Kind: t.Kind, Dependent: dependent, By: by, Label: f.labelOf(dependent), ByLabel: f.labelOf(by), Statistic: nan, DF: nan, P: nan, PHolm: nan,
		Effect: stat.Effect{Value: nan, Lo: nan, Hi: nan}, Size: stat.Effect{Value: nan, Lo: nan, Hi: nan}, Untested: why, Where: t.Where, test: t}
	return x
}

func (f *frame) labelOf(name string) string {
	if v := f.variable(name); v != nil {
		return v.label
	}
	return name
}

func (x *Result) take(t stat.Test) {
	x.Method, x.N, x.Statistic, x.DF, x.DF2, x.P, x.Effect = string(t.Method), t.N, t.Statistic, t.DF, t.DF2, t.P, t.Effect
	for _, w := range t.Warnings {
		if !slices.Contains(x.Warnings, w) {
			x.Warnings = append(x.Warnings, w)
		}
	}
	x.Untested = ""
	if math.IsNaN(x.P) {
		x.Untested = "er valt niets te toetsen"
		if len(t.Warnings) > 0 {
			x.Untested = strings.TrimSuffix(t.Warnings[0], ".")
		}
	}
}

func (h *Hypothesis) result(f *frame, t *Test, name string) Result {
	x := none(f, t, name, t.By, "")
	y := f.variable(name)
	if y == nil {
		x.Untested = fmt.Sprintf("de variabele %s is er niet in deze vragenlijst", name)
		return x
	}
	if t.Kind == Most {
		x.most(y, t)
		return x
	}
	by := f.variable(t.By)
	switch {
	case by == nil:
		x.Untested = fmt.Sprintf("de variabele %s is er niet in deze gegevens", t.By)
		return x
	case by.question != "" && by.question == y.question:
		x.Untested = "beide zijn rijen van één vraag: de antwoorden zijn gepaard, en een toets voor onafhankelijke groepen past daar niet op"
		return x
	case t.Kind == Spearman || t.Kind == Pearson:
		x.correlate(y, by, t)
	case len(by.categories) == 0:
		x.Untested = fmt.Sprintf("%s heeft geen groepen", by.label)
		return x
	case t.Kind == Association:
		x.associate(y, by, h.Smallest)
	default:
		x.compare(y, by, t, h.Smallest)
	}
	x.classic(f, t, y, by)
	return x
}

// kept are the groups with enough answers; the others are named.
func (x *Result) kept(by *variable, groups [][]float64, smallest int) (kept [][]float64, ids []string) {
	for i, g := range groups {
		c := by.categories[i]
		if len(g) > 0 {
			m := stat.Describe(g)
			x.Groups = append(x.Groups, GroupOf{c.id, c.label, m.N, m.Mean, m.SD})
		}
		switch {
		case len(g) >= smallest:
			kept, ids = append(kept, g), append(ids, c.id)
		case len(g) > 0:
			x.Left = append(x.Left, fmt.Sprintf("%s (n = %d)", c.label, len(g)))
		}
	}
	if len(x.Left) > 0 {
		x.Warnings = append(x.Warnings, fmt.Sprintf("Minder dan %d antwoorden, niet in de toets: %s.", smallest, strings.Join(x.Left, ", ")))
	}
	return kept, ids
}

// compare tests groups by means or ranks.
func (x *Result) compare(y, by *variable, t *Test, smallest int) {
	groups, ids := x.kept(by, by.groups(y.xs), smallest)
	if len(groups) < 2 {
		x.Untested = fmt.Sprintf("minder dan twee groepen hebben %d antwoorden of meer", smallest)
		for _, g := range x.Groups {
			x.N += g.N
		}
		return
	}
	anova := stat.Anova(groups)
	x.Size = anova.Effect
	switch {
	case t.Kind == Rank && len(groups) == 2:
		x.take(stat.MannWhitney(groups[0], groups[1]))
	case t.Kind == Rank:
		x.take(stat.KruskalWallis(groups))
	case len(groups) == 2:
		x.take(stat.WelchTest(groups[0], groups[1]).Test)
	default:
		x.take(stat.WelchAnova(groups).Test)
	}
	if len(groups) == 2 {
		x.Size = stat.WelchTest(groups[0], groups[1]).Effect
	}
	if spread := stat.Levene(groups, stat.LeveneMedian); spread.P < 0.05 {
		x.Warnings = append(x.Warnings, "De groepen hebben niet dezelfde spreiding (Levene, p < 0,05); de toets van Welch houdt daar rekening mee, de klassieke niet.")
	}
	var higher, lower []float64
	for i, id := range ids {
		if slices.Contains(t.Higher, id) {
			higher = append(higher, groups[i]...)
		} else {
			lower = append(lower, groups[i]...)
		}
	}
	switch {
	case len(t.Higher) == 0:
	case len(higher) == 0 || len(lower) == 0:
		x.Warnings = append(x.Warnings, "De groepen waarover de verwachting gaat doen niet allemaal mee; de richting is niet te bepalen.")
	case t.Kind == Rank:
		x.Sign = sign(stat.MannWhitney(higher, lower).Effect.Value)
	default:
		x.Sign = sign(stat.Describe(higher).Mean - stat.Describe(lower).Mean)
	}
}

// associate tests a table; exactly where an expected count is under 5.
func (x *Result) associate(y, by *variable, smallest int) {
	table := y.counts(by)
	for i, row := range table {
		n := 0
		for _, c := range row {
			n += c
		}
		if n > 0 && n < smallest {
			x.Left = append(x.Left, fmt.Sprintf("%s (n = %d)", by.categories[i].label, n))
			clear(row)
		}
		if n > 0 {
			x.Groups = append(x.Groups, GroupOf{by.categories[i].id, by.categories[i].label, n, math.NaN(), math.NaN()})
		}
	}
	if len(x.Left) > 0 {
		x.Warnings = append(x.Warnings, fmt.Sprintf("Minder dan %d antwoorden, niet in de toets: %s.", smallest, strings.Join(x.Left, ", ")))
	}
	c := stat.Independence(table)
	effect := c.WithInterval().Effect
	if c.Lowest < 5 {
		x.take(stat.Fisher(table))
	} else {
		x.take(c.Test)
	}
	x.Effect = effect
	x.Size = effect
}

func (x *Result) correlate(y, by *variable, t *Test) {
	if t.Kind == Spearman {
		x.take(stat.Spearman(y.xs, by.xs))
	} else {
		x.take(stat.Correlation(y.xs, by.xs))
	}
	x.Size = x.Effect
	if t.Direction != 0 {
		x.Sign = sign(x.Effect.Value) * t.Direction
	}
}

// most tests whether some values are chosen more often than others.
func (x *Result) most(y *variable, t *Test) {
	ours, rest, largest := 0, 0, 0
	for i, g := range y.groups(y.xs) {
		if slices.Contains(t.Values, y.categories[i].id) {
			ours += len(g)
			continue
		}
		rest += len(g)
		largest = max(largest, len(g))
	}
	n := ours + rest
	for i, g := range y.groups(y.xs) {
		x.Groups = append(x.Groups, GroupOf{y.categories[i].id, y.categories[i].label, len(g), float64(len(g)) / float64(max(n, 1)), math.NaN()})
	}
	against := rest
	if t.Largest {
		against = largest
	}
	x.take(stat.EvenSplit(ours, against))
	share := stat.Wilson(ours, n, 0.95)
	x.N = n
	x.Effect = stat.Effect{Name: stat.ShareOf, Value: share.Value, Lo: share.Lo, Hi: share.Hi, Confidence: 0.95}
	x.Sign = sign(float64(ours - against))
}

// paired tests two answers of the same respondents.
func paired(f *frame, t *Test, smallest int) Result {
	x := none(f, t, t.Compare[0], t.Compare[1], "")
	a, b := f.variable(t.Compare[0]), f.variable(t.Compare[1])
	if a == nil || b == nil {
		x.Untested = "een van beide variabelen is er niet in deze vragenlijst"
		return x
	}
	by := stat.PairedTest(a.xs, b.xs)
	x.Size = by.Effect
	for i, v := range []*variable{a, b} {
		x.Groups = append(x.Groups, GroupOf{v.name, v.label, by.Groups[i].N, by.Groups[i].Mean, by.Groups[i].SD})
	}
	if by.N < smallest {
		x.N, x.Untested = by.N, fmt.Sprintf("minder dan %d respondenten beantwoordden beide", smallest)
		return x
	}
	if t.Kind == Wilcoxon {
		x.take(stat.Wilcoxon(a.xs, b.xs))
		x.Classic = classicOf(by.Test)
	} else {
		x.take(by.Test)
	}
	if t.Direction != 0 {
		x.Sign = sign(x.Effect.Value) * t.Direction
	}
	return x
}

// classic adds the test of 2018, which took every group however small.
func (x *Result) classic(f *frame, t *Test, y, by *variable) {
	if split := f.variable(t.Split); t.Split != "" && split != nil {
		by = split
	}
	switch t.Classic {
	case "anova":
		x.Classic = classicOf(stat.Anova(by.groups(y.xs)).Test)
	case "chi2":
		x.Classic = classicOf(stat.Independence(y.counts(by)).Test)
	case "pearson":
		x.Classic = classicOf(stat.Correlation(y.xs, by.xs))
	case "t":
		groups := by.groups(y.xs)
		if len(t.Pair) == 2 {
			var two [][]float64
			for _, id := range t.Pair {
				for i, c := range by.categories {
					if c.id == id {
						two = append(two, groups[i])
					}
				}
			}
			groups = two
		}
		if len(groups) == 2 {
			x.Classic = classicOf(stat.StudentTest(groups[0], groups[1]).Test)
		}
	}
}

func classicOf(t stat.Test) *Classic {
	return &Classic{string(t.Method), t.N, t.Statistic, t.DF, t.P}
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
