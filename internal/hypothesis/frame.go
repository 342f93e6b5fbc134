package hypothesis

import (
	"math"
	"slices"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

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
	d     *dataset.Dataset // extended
	in    *instrument.Instrument
	cases []dataset.Case
	ready map[string]*variable
	where map[string]*frame // the same, of the cases that a condition keeps
}

// newFrame takes one row per questionnaire, or per unit.
func newFrame(in *instrument.Instrument, d *dataset.Dataset, derived []Derived, o Options) (*frame, error) {
	if !o.Units {
		var err error
		if d, err = d.Filter(dataset.Filter{Questionnaires: true}); err != nil {
			return nil, err
		}
	}
	d, err := Extend(in, d, derived, o.Valid)
	if err != nil {
		return nil, err
	}
	return frameOf(in, d), nil
}

func frameOf(in *instrument.Instrument, d *dataset.Dataset) *frame {
	return &frame{d: d, in: in, cases: slices.Collect(d.Cases()), ready: map[string]*variable{}, where: map[string]*frame{}}
}

// only is the frame of the cases for which a condition holds. A condition that does
// not fit the data is an errs.Invalid.
func (f *frame) only(condition string) (*frame, error) {
	if condition == "" {
		return f, nil
	}
	if g := f.where[condition]; g != nil {
		return g, nil
	}
	d, err := f.d.Filter(dataset.Filter{Where: condition})
	if err != nil {
		return nil, err
	}
	f.where[condition] = frameOf(f.in, d)
	return f.where[condition], nil
}

// variable finds a column; nil where there is none with numbers.
func (f *frame) variable(name string) *variable {
	if v, ok := f.ready[name]; ok {
		return v
	}
	v := f.make(name)
	f.ready[name] = v
	return v
}

// label is what a column is called beside columns of other questions: many questions
// have the same rows, so the number of the table of its question stands behind.
func (f *frame) label(c *dataset.Column) string {
	if q := f.in.Question(c.Question); q != nil && c.Role == dataset.Response && q.Table != "" && q.Text != c.Label {
		return c.Label + " (" + q.Table + ")"
	}
	return c.Label
}

func (f *frame) make(name string) *variable {
	c := f.d.Column(name)
	if c == nil || c.Type == instrument.TextType {
		return nil
	}
	v := &variable{name: name, label: f.label(c), question: c.Question, xs: make([]float64, len(f.cases))}
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
