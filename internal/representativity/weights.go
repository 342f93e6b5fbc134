package representativity

import (
	"errors"
	"fmt"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// Weights are the weights of respondents. Unweighted is the default; a figure
// that uses weights says so (H1).
type Weights struct {
	ByCell   []float64 // weight of a respondent per cell or category; NaN without respondents
	N        int       // respondents
	Min, Max float64
	Deff     float64 // how much they enlarge variances, after Kish
	Raking   *stat.Raking
	Method   string
	Warnings []string
}

// PostStratify weights the respondents of each category to the population:
// (N_h/N) / (n_h/n). A category of the population without respondents is an
// error that names it.
func PostStratify(c Characteristic) (Weights, error) {
	population, responded, _ := c.counts()
	target := make([]float64, len(population))
	for i, n := range population {
		target[i] = float64(n)
	}
	byCell, err := stat.PostStratify(responded, target)
	if err != nil {
		return Weights{}, named(err, []Characteristic{c})
	}
	var each []float64
	w := Weights{ByCell: byCell, Method: "poststratificatie naar " + c.Name}
	for h, n := range responded {
		for range n {
			each = append(each, byCell[h])
		}
	}
	w.N = len(each)
	w.sumUp(each)
	return w, nil
}

// Rake weights respondents so that every characteristic has the margins of the
// population, with weights from lo to hi times the mean; 0 and 0 for no limits
// (standards 2H proposes stat.TrimLo and stat.TrimHi).
func Rake(p Population, lo, hi float64) (Weights, error) {
	margins, ok := p.Margins()
	if !ok {
		return Weights{}, fmt.Errorf("rake: %w", stat.ErrUnsound)
	}
	var of []int // the cell of every respondent
	for i, cell := range p.Cells {
		for range cell.Responded {
			of = append(of, i)
		}
	}
	var all []stat.Margin
	for k, c := range margins {
		m := stat.Margin{}
		for _, h := range c.Categories {
			m.Target = append(m.Target, float64(h.Population))
		}
		for _, cell := range of {
			m.Of = append(m.Of, p.Cells[cell].Categories[k])
		}
		all = append(all, m)
	}
	r, err := stat.Rake(nil, len(of), all, stat.RakeOptions{Lo: lo, Hi: hi})
	if err != nil {
		return Weights{}, named(err, margins)
	}
	w := Weights{ByCell: make([]float64, len(p.Cells)), N: len(of), Raking: &r, Method: r.Method, Warnings: r.Warnings}
	for i := range w.ByCell {
		w.ByCell[i] = nan
	}
	for i, cell := range of {
		w.ByCell[cell] = r.Weights[i]
	}
	w.sumUp(r.Weights)
	return w, nil
}

func (w *Weights) sumUp(each []float64) {
	w.Deff = stat.Deff(each)
	w.Min, w.Max = nan, nan
	for i, x := range each {
		if i == 0 {
			w.Min, w.Max = x, x
		}
		w.Min, w.Max = min(w.Min, x), max(w.Max, x)
	}
}

// An EmptyError says which category nobody responded in. No weight can make up
// for it; merging it with another one can.
type EmptyError struct{ Characteristic, Category string }

func (e *EmptyError) Error() string {
	return fmt.Sprintf("niemand van %s %q heeft geantwoord; voeg deze categorie samen met een andere", e.Characteristic, e.Category)
}

// named says of which category an error is.
func named(err error, of []Characteristic) error {
	if e, ok := errors.AsType[*stat.EmptyCellError](err); ok {
		return &EmptyError{of[e.Margin].Name, of[e.Margin].Categories[e.Cell].Label}
	}
	return err
}
