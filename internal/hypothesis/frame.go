package hypothesis

import (
	"math"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/scale"
)

// ScalePrefix is what the name of the score on a scale begins with.
const ScalePrefix = "sch_"

// A variable is a column of numbers, one per case, NaN for none; categories are
// what its values stand for.
type variable struct {
	name, label, question string
	xs                    []float64
	categories            []category
}

type category struct {
	code      float64
	id, label string
}

// A frame is the cases that are tested, with the variables that tests ask for.
type frame struct {
	d        *dataset.Dataset
	in       *instrument.Instrument
	cases    []dataset.Case
	derived  []Derived
	ready    map[string]*variable
	building map[string]bool
}

// newFrame takes one row per questionnaire, or per unit.
func newFrame(in *instrument.Instrument, d *dataset.Dataset, derived []Derived, units bool) (*frame, error) {
	if !units {
		var err error
		if d, err = d.Filter(dataset.Filter{Questionnaires: true}); err != nil {
			return nil, err
		}
	}
	return &frame{d: d, in: in, cases: slices.Collect(d.Cases()), derived: derived, ready: map[string]*variable{}, building: map[string]bool{}}, nil
}

// variable finds a column, scale or derived variable; nil where there is none.
func (f *frame) variable(name string) *variable {
	if v, ok := f.ready[name]; ok {
		return v
	}
	if f.building[name] {
		return nil // made of itself
	}
	f.building[name] = true
	v := f.make(name)
	f.ready[name] = v
	return v
}

func (f *frame) make(name string) *variable {
	if id, ok := strings.CutPrefix(name, ScalePrefix); ok {
		for _, s := range f.in.Scales {
			if s.ID == id {
				return f.score(name, s)
			}
		}
		return nil
	}
	if i := slices.IndexFunc(f.derived, func(d Derived) bool { return d.ID == name }); i >= 0 {
		return f.derive(f.derived[i])
	}
	c := f.d.Column(name)
	if c == nil || c.Type == instrument.TextType {
		return nil
	}
	v := &variable{name: name, label: c.Label, question: c.Question, xs: make([]float64, len(f.cases))}
	for i, at := range f.cases {
		v.xs[i] = c.Number(at)
	}
	for _, x := range c.Values {
		if x.Reason == instrument.Substantive && !x.Missing {
			v.categories = append(v.categories, category{float64(x.Code), x.ID, x.Label})
		}
	}
	return v
}

// score is that of package scale, with its default share of valid items.
func (f *frame) score(name string, s instrument.Scale) *variable {
	var items [][]float64
	for _, item := range s.Items {
		c := f.d.Column(item)
		if c == nil {
			return nil
		}
		xs := make([]float64, len(f.cases))
		for i, at := range f.cases {
			xs[i] = c.Number(at)
		}
		items = append(items, xs)
	}
	return &variable{name: name, label: s.Title, xs: scale.Scores(items, scale.DefaultValid)}
}

func (f *frame) derive(d Derived) *variable {
	if d.From == "" {
		return f.any(d)
	}
	from := f.variable(d.From)
	if from == nil {
		return nil
	}
	v := &variable{name: d.ID, label: d.Label, question: from.question, xs: make([]float64, len(f.cases))}
	group := map[float64]float64{}
	for i, g := range d.Groups {
		v.categories = append(v.categories, category{float64(i + 1), g.ID, g.Label})
		for _, c := range from.categories {
			if slices.Contains(g.Values, c.id) {
				group[c.code] = float64(i + 1)
			}
		}
	}
	for i, x := range from.xs {
		v.xs[i] = math.NaN()
		if g, ok := group[x]; ok {
			v.xs[i] = g
		}
	}
	return v
}

// any is 1 where one of the variables is 1, 0 where one is 0 and none is 1.
func (f *frame) any(d Derived) *variable {
	v := &variable{name: d.ID, label: d.Label, xs: slices.Repeat([]float64{math.NaN()}, len(f.cases)), categories: []category{{0, "nee", "Nee"}, {1, "ja", "Ja"}}}
	for _, name := range d.Any {
		from := f.variable(name)
		if from == nil {
			return nil
		}
		v.question = from.question
		for i, x := range from.xs {
			if x == 1 || x == 0 && math.IsNaN(v.xs[i]) {
				v.xs[i] = x
			}
		}
	}
	return v
}

// groups splits xs by the categories of by, in their order.
func (v *variable) groups(xs []float64) [][]float64 {
	place := map[float64]int{}
	for i, c := range v.categories {
		place[c.code] = i
	}
	out := make([][]float64, len(v.categories))
	for i, x := range xs {
		if g, ok := place[v.xs[i]]; ok && !math.IsNaN(x) {
			out[g] = append(out[g], x)
		}
	}
	return out
}

// counts is the table of v against by.
func (v *variable) counts(by *variable) [][]int {
	rows := by.groups(v.xs)
	out := make([][]int, len(rows))
	for i, xs := range rows {
		out[i] = make([]int, len(v.categories))
		for _, x := range xs {
			if at := slices.IndexFunc(v.categories, func(c category) bool { return c.code == x }); at >= 0 {
				out[i][at]++
			}
		}
	}
	return out
}
