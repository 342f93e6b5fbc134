package table

import (
	"errors"
	"math"
	"strings"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// weigh reads the weights, or makes them.
func (m *maker) weigh(population *dataset.Dataset) error {
	switch {
	case len(m.spec.WeightTo) > 0 && m.spec.Weight != "":
		return errs.Errorf(errs.Invalid, "Kies een kolom met gewichten of een kenmerk om naar te wegen, niet allebei.")
	case len(m.spec.WeightTo) > 0:
		return m.weighTo(population)
	case m.spec.Weight == "":
		return nil
	}
	m.weighting = m.spec.Weight
	c := m.d.Column(m.spec.Weight)
	if c == nil {
		return errs.Errorf(errs.Invalid, "De kolom ‘%s’ bestaat niet.", m.spec.Weight)
	}
	m.weight = make([]float64, 0, m.n)
	for at := range m.d.Cases() {
		w := c.Number(at)
		if !(w >= 0) || math.IsInf(w, 1) {
			return errs.Errorf(errs.Invalid, "‘%s’ is geen weging: niet elke eenheid heeft een getal van 0 of meer.", c.Label)
		}
		m.weight = append(m.weight, w)
	}
	return nil
}

// A margin is one characteristic: the category of every row, and how many units of
// the population are in each. Who has no value is in the last one.
type margin struct {
	label      string
	categories []string
	of         []int
	target     []float64
}

// weighTo weighs the rows to the population, after the filters of the table.
func (m *maker) weighTo(population *dataset.Dataset) error {
	if population == nil {
		return errs.Errorf(errs.Invalid, "Wegen kan hier niet: van deze selectie is niet bekend hoe groot de populatie is.")
	}
	var margins []margin
	var labels []string
	for _, name := range m.spec.WeightTo {
		g, err := m.margin(population, name)
		if err != nil {
			return err
		}
		margins, labels = append(margins, g), append(labels, strings.ToLower(g.label))
	}
	var err error
	if len(margins) == 1 {
		m.weighting = "poststratificatie naar " + labels[0]
		m.weight, err = postStratified(margins[0])
	} else {
		m.weighting = "raking naar " + strings.Join(labels[:len(labels)-1], ", ") + " en " + labels[len(labels)-1]
		m.weight, err = raked(margins, m.n)
	}
	return weightFault(err, margins)
}

func (m *maker) margin(population *dataset.Dataset, name string) (margin, error) {
	c, known := m.d.Column(name), population.Column(name)
	if c == nil || known == nil {
		return margin{}, errs.Errorf(errs.Invalid, "Naar ‘%s’ kan niet worden gewogen: dat is niet van alle eenheden bekend.", name)
	}
	values := substantiveValues(c)
	if c.Type != instrument.CodeType && c.Type != instrument.FlagType || len(values) > maxGroups {
		return margin{}, errs.Errorf(errs.Invalid, "Naar ‘%s’ kan niet worden gewogen: de kolom heeft geen groepen.", c.Label)
	}
	g := margin{label: c.Label, target: make([]float64, len(values)+1)}
	for _, v := range values {
		g.categories = append(g.categories, v.Label)
	}
	g.categories = append(g.categories, "onbekend")
	place := func(x uint8) int {
		if x == 0 {
			return len(values)
		}
		return int(x) - 1
	}
	for _, x := range m.d.Classes([]*dataset.Column{c}, func(c *dataset.Column, x dataset.Cell) uint8 { return groupOf(c, values, x) }) {
		g.of = append(g.of, place(x))
	}
	for x, n := range population.Count(known) {
		g.target[place(groupOf(known, values, dataset.Cell(x)))] += float64(n)
	}
	return g, nil
}

func substantiveValues(c *dataset.Column) []instrument.Value {
	var out []instrument.Value
	for _, v := range c.Values {
		if !v.Missing {
			out = append(out, v)
		}
	}
	return out
}

func postStratified(g margin) ([]float64, error) {
	cases := make([]int, len(g.target))
	for _, h := range g.of {
		cases[h]++
	}
	byCell, err := stat.PostStratify(cases, g.target)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(g.of))
	for i, h := range g.of {
		out[i] = byCell[h]
	}
	return out, nil
}

func raked(margins []margin, n int) ([]float64, error) {
	var all []stat.Margin
	for _, g := range margins {
		all = append(all, stat.Margin{Of: g.of, Target: g.target})
	}
	r, err := stat.Rake(nil, n, all, stat.RakeOptions{Lo: stat.TrimLo, Hi: stat.TrimHi})
	return r.Weights, err
}

// weightFault says in words which group cannot be weighed.
func weightFault(err error, margins []margin) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*stat.EmptyCellError](err); ok && e.Margin < len(margins) && e.Cell < len(margins[e.Margin].categories) {
		g := margins[e.Margin]
		return errs.Errorf(errs.Invalid, "Wegen naar %s kan niet: niemand van ‘%s’ heeft geantwoord. Voeg deze groep samen met een andere.", strings.ToLower(g.label), g.categories[e.Cell])
	}
	return errs.Wrap(err, errs.Invalid, "Wegen kan niet met deze gegevens: er antwoordden te weinig eenheden, of groepen die niet in de populatie zitten.")
}
