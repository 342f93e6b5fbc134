package hypothesis

import (
	"math"
	"slices"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/scale"
)

// ScalePrefix is what the name of the score on a scale begins with, ClassSuffix what
// the name of a score in classes ends with.
const (
	ScalePrefix = "sch_"
	ClassSuffix = "_klas"
)

// classes are what a score of 1 to 5 is cut into; each includes its lower bound, the
// last one its upper bound too.
var classes = []instrument.Value{{Code: 1, ID: "van1", Label: "1 tot 2"}, {Code: 2, ID: "van2", Label: "2 tot 3"}, {Code: 3, ID: "van3", Label: "3 tot 4"}, {Code: 4, ID: "van4", Label: "4 tot en met 5"}}

// Extend returns d with the columns that expectations may name beside answers and
// background: the score on each scale, that score in classes, and what the register
// derives. What cannot be made of d, or has the name of a column of d, is left out.
// valid is the share of items that a score needs, 0 for scale.DefaultValid.
func Extend(in *instrument.Instrument, d *dataset.Dataset, derived []Derived, valid float64) (*dataset.Dataset, error) {
	for _, s := range in.Scales {
		var err error
		if d, err = withScore(d, s, valid); err != nil {
			return nil, err
		}
	}
	for _, x := range derived {
		if d.Column(x.ID) != nil {
			continue
		}
		var err error
		if x.From != "" {
			d, err = withDerived(d, x)
		} else {
			d, err = withAny(d, x)
		}
		if err != nil {
			return nil, err
		}
	}
	return d, nil
}

// withScore is the score of package scale.
func withScore(d *dataset.Dataset, s instrument.Scale, valid float64) (*dataset.Dataset, error) {
	if valid == 0 {
		valid = scale.DefaultValid
	}
	name := ScalePrefix + s.ID
	if d.Column(name) != nil {
		return d, nil
	}
	var items [][]float64
	for _, item := range s.Items {
		c := d.Column(item)
		if c == nil {
			return d, nil
		}
		xs := make([]float64, 0, d.Len())
		for at := range d.Cases() {
			xs = append(xs, c.Number(at))
		}
		items = append(items, xs)
	}
	scores := byCase(d, scale.Scores(items, valid))
	d, err := d.With(name, s.Title, func(at dataset.Case) float64 { return scores[at] })
	if err != nil || d.Column(name+ClassSuffix) != nil {
		return d, err
	}
	return d.WithGroups(instrument.Variable{Name: name + ClassSuffix, Label: s.Title + ", in klassen", Values: classes}, func(at dataset.Case) int {
		if math.IsNaN(scores[at]) {
			return -1
		}
		return min(max(int(math.Floor(scores[at]+1e-9))-1, 0), len(classes)-1)
	})
}

// byCase are the numbers of rows, by their case.
func byCase(d *dataset.Dataset, xs []float64) map[dataset.Case]float64 {
	out, i := make(map[dataset.Case]float64, len(xs)), 0
	for at := range d.Cases() {
		out[at] = xs[i]
		i++
	}
	return out
}

// withDerived groups the values of one column.
func withDerived(d *dataset.Dataset, x Derived) (*dataset.Dataset, error) {
	from := d.Column(x.From)
	if from == nil || from.Type == instrument.TextType {
		return d, nil
	}
	v := instrument.Variable{Name: x.ID, Label: x.Label, Question: from.Question, Values: []instrument.Value{}}
	for i, g := range x.Groups {
		v.Values = append(v.Values, instrument.Value{Code: i + 1, ID: g.ID, Label: g.Label})
	}
	return d.WithGroups(v, func(at dataset.Case) int {
		y, ok := from.Value(from.Cell(at))
		if !ok || y.Missing {
			return -1
		}
		return slices.IndexFunc(x.Groups, func(g Group) bool { return slices.Contains(g.Values, y.ID) })
	})
}

// withAny is yes where one of the boxes was ticked, no where one was not and none was.
func withAny(d *dataset.Dataset, x Derived) (*dataset.Dataset, error) {
	v := instrument.Variable{Name: x.ID, Label: x.Label, Values: []instrument.Value{{Code: 0, ID: "nee", Label: "Nee"}, {Code: 1, ID: "ja", Label: "Ja"}}}
	var from []*dataset.Column
	for _, name := range x.Any {
		c := d.Column(name)
		if c == nil {
			return d, nil
		}
		from, v.Question = append(from, c), c.Question
	}
	return d.WithGroups(v, func(at dataset.Case) int {
		place := -1
		for _, c := range from {
			switch c.Number(at) {
			case 1:
				return 1
			case 0:
				place = 0
			}
		}
		return place
	})
}
