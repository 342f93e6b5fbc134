// Package scale owns scales: the statements of an instrument that together measure
// one thing, the score of every respondent, and how well they hold together. It
// also says whether a result that somebody published can be true.
package scale

import (
	"math"
	"slices"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// Options say how scores are made. The zero Options are those of the product.
type Options struct {
	Valid float64 `json:"valid,omitempty"` // share of items that must be answered for a score; 0 for DefaultValid
}

// DefaultValid is the share of items that a score needs (standards N8: a proposal,
// the study of 2018 does not tell its rule).
const DefaultValid = .8

// LowAlpha is the reliability under which the study of 2018 made no scale.
const LowAlpha = .7

// fewComplete is the number of complete rows under which a warning says so.
const fewComplete = 50

// A Scale is one scale with its results. Numbers that do not exist are NaN.
type Scale struct {
	ID, Title  string
	Instrument string
	Valid      float64 // share of items that a score needed
	Units      int     // questionnaires; a unit that is covered by another one is not asked twice
	N          int     // with a score
	Complete   int     // with every item
	Mean       float64
	Lo, Hi     float64 // 95 % interval of the mean
	SD, Median float64
	Bins       []Bin
	Alpha      stat.Reliability
	Omega      stat.Test // McDonald's, of one factor
	Friedman   stat.Test // do the items differ?
	Structure  stat.Structure
	Items      []Item
	LeftOut    []Item // statements of the same questions that are in no scale
	NoScore    NoScore
	Warnings   []string

	scores     []float64 // of each questionnaire
	population int       // of units; 0 where it is not known
}

// NoScore says why questionnaires have no score.
type NoScore struct {
	Unasked    int // none of the statements was shown or reached
	Unanswered int // all of those that were are geen zicht op, n.v.t. or left open
	TooFew     int // answered, but too few of them
}

// confidence is that of the intervals.
const confidence = .95

// An Item is a statement.
type Item struct {
	Variable string
	Label    string
	N        int
	Missing  int // geen zicht op, n.v.t.
	Mean, SD float64
	ItemRest float64 // correlation with the sum of the others; of one left out, with the score
	Loading  float64 // on the first factor
	Dropped  float64 // alpha without it
	Added    float64 // of one left out: alpha with it
}

// A Bin counts scores from From up to To; the last one includes To.
type Bin struct {
	From, To float64
	N        int
}

// All computes the scales that the instrument defines.
func All(in *instrument.Instrument, d *dataset.Dataset, o Options) ([]Scale, error) {
	own, err := d.Filter(dataset.Filter{Questionnaires: true})
	if err != nil {
		return nil, err
	}
	in2 := map[string]bool{}
	for _, s := range in.Scales {
		for _, v := range s.Items {
			in2[v] = true
		}
	}
	out := []Scale{}
	for _, s := range in.Scales {
		x, err := of(in, own, s, in2, o)
		if err != nil {
			return nil, err
		}
		if p, known := d.Population(); known {
			x.interval(p.Len())
		}
		out = append(out, x)
	}
	return out, nil
}

// of computes one scale.
func of(in *instrument.Instrument, d *dataset.Dataset, def instrument.Scale, inScale map[string]bool, o Options) (Scale, error) {
	s := Scale{ID: def.ID, Title: def.Title, Instrument: in.Name, Valid: o.Valid, Units: d.Len(), Lo: math.NaN(), Hi: math.NaN()}
	if s.Valid == 0 {
		s.Valid = DefaultValid
	}
	var columns [][]float64
	questions := []string{}
	for _, name := range def.Items {
		c := d.Column(name)
		if c == nil {
			return s, errs.Errorf(errs.Invalid, "De schaal ‘%s’ noemt de variabele ‘%s’, die er niet is.", def.Title, name)
		}
		columns = append(columns, numbers(d, c))
		s.Items = append(s.Items, item(d, c))
		if !slices.Contains(questions, c.Question) {
			questions = append(questions, c.Question)
		}
	}
	s.Alpha, s.Omega, s.Friedman = stat.AlphaOf(columns), stat.OmegaOf(columns), stat.Friedman(columns)
	s.Complete, s.Structure = s.Alpha.N, stat.StructureOf(columns)
	for i := range s.Items {
		s.Items[i].ItemRest, s.Items[i].Dropped = s.Alpha.ItemRest[i], s.Alpha.Dropped[i]
		if s.Structure.Loadings != nil {
			s.Items[i].Loading = s.Structure.Loadings[i][0]
		}
	}
	s.scores = Scores(columns, s.Valid)
	m := stat.Describe(s.scores)
	s.N, s.Mean, s.SD, s.Median = m.N, m.Mean, m.SD, stat.Median(s.scores)
	s.Bins = bins(s.scores)
	s.without(d, def, columns)
	for _, q := range questions {
		for _, c := range d.Question(q) {
			if inScale[c.Name] || c.Type != instrument.CodeType {
				continue
			}
			x := item(d, c)
			x.ItemRest, x.Added = correlation(s.scores, numbers(d, c)), stat.AlphaOf(append(slices.Clone(columns), numbers(d, c))).Alpha
			s.LeftOut = append(s.LeftOut, x)
		}
	}
	s.warn()
	return s, nil
}

// without counts why questionnaires have no score.
func (s *Scale) without(d *dataset.Dataset, def instrument.Scale, columns [][]float64) {
	i := -1
	for at := range d.Cases() {
		i++
		if !math.IsNaN(s.scores[i]) {
			continue
		}
		switch {
		case slices.ContainsFunc(columns, func(c []float64) bool { return !math.IsNaN(c[i]) }):
			s.NoScore.TooFew++
		case slices.ContainsFunc(def.Items, func(name string) bool { c := d.Column(name); _, ok := c.Value(c.Cell(at)); return ok }):
			s.NoScore.Unanswered++
		default:
			s.NoScore.Unasked++
		}
	}
}

// numbers are the answers to an item: its codes, NaN for what is missing.
func numbers(d *dataset.Dataset, c *dataset.Column) []float64 {
	out := make([]float64, 0, d.Len())
	for at := range d.Cases() {
		x := c.Number(at)
		if v, ok := c.Value(c.Cell(at)); ok && v.Missing {
			x = math.NaN()
		}
		out = append(out, x)
	}
	return out
}

func item(d *dataset.Dataset, c *dataset.Column) Item {
	m := stat.Describe(numbers(d, c))
	x := Item{Variable: c.Name, Label: c.Label, N: m.N, Mean: m.Mean, SD: m.SD, ItemRest: math.NaN(), Loading: math.NaN(), Dropped: math.NaN(), Added: math.NaN()}
	for at := range d.Cases() {
		if v, ok := c.Value(c.Cell(at)); ok && v.Missing {
			x.Missing++
		}
	}
	return x
}

// Scores are the means of the items of each row, a column each; NaN where fewer than
// the valid share of them is answered. Columns must be equally long.
func Scores(columns [][]float64, valid float64) []float64 {
	if len(columns) == 0 {
		return nil
	}
	out := make([]float64, len(columns[0]))
	for i := range out {
		n, total := 0, 0.0
		for _, c := range columns {
			if !math.IsNaN(c[i]) {
				n, total = n+1, total+c[i]
			}
		}
		out[i] = math.NaN()
		if n > 0 && float64(n) >= valid*float64(len(columns))-1e-9 {
			out[i] = total / float64(n)
		}
	}
	return out
}

func correlation(x, y []float64) float64 { return stat.Correlation(x, y).Effect.Value }

// binWidth is that of the distribution of scores.
const binWidth = .5

func bins(scores []float64) []Bin {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range scores {
		if !math.IsNaN(x) {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	if lo > hi {
		return nil
	}
	from := math.Floor(lo/binWidth) * binWidth
	n := max(1, int(math.Ceil((hi-from)/binWidth-1e-9)))
	out := make([]Bin, n)
	for i := range out {
		out[i] = Bin{From: from + float64(i)*binWidth, To: from + float64(i+1)*binWidth}
	}
	for _, x := range scores {
		if !math.IsNaN(x) {
			out[min(int((x-from)/binWidth+1e-9), n-1)].N++
		}
	}
	return out
}

// interval is that of the mean, for scores of a population of this size.
func (s *Scale) interval(population int) {
	if population < s.N {
		population = 0
	}
	s.population = population
	iv := stat.MeanOf(s.Mean, s.SD, float64(s.N), s.N, population, confidence)
	s.Lo, s.Hi = iv.Lo, iv.Hi
}

// warn says what is to be read with care.
func (s *Scale) warn() {
	s.Warnings = append([]string{}, s.Alpha.Warnings...)
	add := func(text string) { s.Warnings = append(s.Warnings, text) }
	if s.Complete > 0 && s.Complete < fewComplete {
		add("Er zijn weinig volledige rijen. De betrouwbaarheid is dan onzeker: let op het interval.")
	}
	if s.Units > 0 && s.Complete*2 < s.Units {
		add("Minder dan de helft van de vragenlijsten heeft alle stellingen. De betrouwbaarheid gaat over die helft.")
	}
	if s.Alpha.Alpha < LowAlpha {
		add("De betrouwbaarheid is lager dan 0,7. Gebruik de stellingen liever apart.")
	}
	if s.Structure.Suggested > 1 {
		add("De stellingen lijken meer dan één ding te meten: de factoranalyse vindt er meer.")
	}
	for _, x := range s.Items {
		if x.Dropped > s.Alpha.Alpha+.005 {
			add("Zonder ‘" + x.Label + "’ is de betrouwbaarheid hoger.")
		}
	}
}
