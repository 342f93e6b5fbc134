package scale

import (
	"cmp"
	"math"
	"slices"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// A Together is the statements of all scales in one factor analysis: do they fall
// apart into the scales that were defined? Defined has as many factors as there are
// scales, by minres with oblimin, for scales of one subject go together; Structure
// has as many as the answers suggest.
type Together struct {
	Instrument string
	Scales     []string // titles of those that take part, in order
	LeftOut    []string // titles of those without which there are enough complete rows
	Items      []TogetherItem
	Structure  stat.Structure
	Defined    stat.Factors
}

// A TogetherItem is a statement with the place of its scale.
type TogetherItem struct {
	Variable, Label string
	Scale           int
	Stray           bool // its highest loading is on the factor of another scale
}

// rowsPerItem is how many complete rows a statement asks for. Fewer give other
// factors with each draw (Gorsuch 1983 asks for five; two is the least at which the
// 2018 scales come back in made-up answers).
const rowsPerItem = 2

// ClearLoading is the loading from which a statement belongs to a factor.
const ClearLoading = .3

// FactorsOf analyses the statements of all scales that have enough complete rows
// together. A scale that leaves too few is left out first: the one without which
// most are complete.
func FactorsOf(in *instrument.Instrument, d *dataset.Dataset) (Together, error) {
	t := Together{Instrument: in.Name}
	own, err := d.Filter(dataset.Filter{Questionnaires: true})
	if err != nil {
		return t, err
	}
	var of []part
	for _, s := range in.Scales {
		p := part{title: s.Title}
		for _, name := range s.Items {
			if c := own.Column(name); c != nil {
				p.columns, p.items = append(p.columns, numbers(own, c)), append(p.items, TogetherItem{Variable: name, Label: c.Label})
			}
		}
		if len(p.items) > 1 {
			of = append(of, p)
		}
	}
	for len(of) > 1 && complete(columnsOf(of)) < rowsPerItem*len(columnsOf(of)) {
		out := slices.IndexFunc(of, func(p part) bool { return p.title == worst(of) })
		t.LeftOut = append(t.LeftOut, of[out].title)
		of = slices.Delete(of, out, out+1)
	}
	for i, p := range of {
		t.Scales = append(t.Scales, p.title)
		for _, x := range p.items {
			x.Scale = i
			t.Items = append(t.Items, x)
		}
	}
	if len(of) == 0 {
		return t, nil
	}
	columns := columnsOf(of)
	t.Structure = stat.StructureOf(columns)
	t.Defined = stat.FactorsOf(columns, len(of), stat.MinRes, stat.Oblimin)
	t.home()
	return t, nil
}

// A part is the statements of one scale.
type part struct {
	title   string
	items   []TogetherItem
	columns [][]float64
}

func columnsOf(of []part) [][]float64 {
	var out [][]float64
	for _, p := range of {
		out = append(out, p.columns...)
	}
	return out
}

// complete counts rows without a missing.
func complete(columns [][]float64) int {
	if len(columns) == 0 {
		return 0
	}
	n := 0
	for i := range columns[0] {
		if !slices.ContainsFunc(columns, func(c []float64) bool { return math.IsNaN(c[i]) }) {
			n++
		}
	}
	return n
}

// worst is the part without which most rows are complete.
func worst(of []part) string {
	return slices.MaxFunc(of, func(a, b part) int { return cmp.Compare(without(of, a), without(of, b)) }).title
}

func without(of []part, p part) int {
	rest := slices.DeleteFunc(slices.Clone(of), func(x part) bool { return x.title == p.title })
	return complete(columnsOf(rest))
}

// home puts the factors in the order of the scales: each scale has the factor on
// which its statements load most, the clearest first. Statements that load most on
// another are strays.
func (t *Together) home() {
	f := &t.Defined
	if f.Loadings == nil {
		return
	}
	m := len(t.Scales)
	weight := make([][]float64, m) // by scale and factor
	for s := range weight {
		weight[s] = make([]float64, m)
	}
	for i, x := range t.Items {
		for j, l := range f.Loadings[i] {
			weight[x.Scale][j] += l * l
		}
	}
	order := make([]int, m)
	usedScale, usedFactor := make([]bool, m), make([]bool, m)
	for range m {
		best, at, to := -1.0, 0, 0
		for s := range m {
			for j := range m {
				if !usedScale[s] && !usedFactor[j] && weight[s][j] > best {
					best, at, to = weight[s][j], s, j
				}
			}
		}
		usedScale[at], usedFactor[to], order[at] = true, true, to
	}
	f.Loadings = reorder(f.Loadings, order)
	phi := reorder(f.Correlations, order)
	for s, j := range order {
		phi[s] = f.Correlations[j]
	}
	f.Correlations = reorder(phi, order)
	for i := range t.Items {
		row, x := f.Loadings[i], &t.Items[i]
		for j, l := range row {
			x.Stray = x.Stray || j != x.Scale && math.Abs(l) >= ClearLoading && math.Abs(l) > math.Abs(row[x.Scale])
		}
	}
}

// reorder puts the columns of a matrix in an order.
func reorder(x [][]float64, order []int) [][]float64 {
	out := make([][]float64, len(x))
	for i, row := range x {
		for _, j := range order {
			out[i] = append(out[i], row[j])
		}
	}
	return out
}

// A Versus is a scale beside the same one of other people.
type Versus struct {
	Here, There *Scale
	Difference  stat.Interval   // of the means, Here less There, with the finite populations
	Test        stat.Comparison // Welch's, of the scores
	Other       []string        // labels of statements that read otherwise there
	Lacking     []string        // labels of statements that only one of the two has
}

// Compare puts scales of the same id beside each other, in the order of here.
func Compare(here, there []Scale) []Versus {
	out := []Versus{}
	for i := range here {
		at := slices.IndexFunc(there, func(s Scale) bool { return s.ID == here[i].ID })
		if at >= 0 {
			out = append(out, versus(&here[i], &there[at]))
		}
	}
	return out
}

func versus(a, b *Scale) Versus {
	v := Versus{Here: a, There: b, Test: stat.WelchTest(a.scores, b.scores)}
	v.Difference = stat.MeanDifference(a.group(), b.group(), confidence)
	same := func(s *Scale, x Item) int {
		return slices.IndexFunc(s.Items, func(y Item) bool { return y.Variable == x.Variable })
	}
	for _, x := range a.Items {
		switch at := same(b, x); {
		case at < 0:
			v.Lacking = append(v.Lacking, x.Label)
		case b.Items[at].Label != x.Label:
			v.Other = append(v.Other, b.Items[at].Label)
		}
	}
	for _, x := range b.Items {
		if same(a, x) < 0 {
			v.Lacking = append(v.Lacking, x.Label)
		}
	}
	return v
}

// group is what the difference of two means needs.
func (s *Scale) group() stat.Group {
	return stat.Group{Mean: s.Mean, SD: s.SD, N: s.N, Population: s.population}
}
