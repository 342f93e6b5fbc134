package representativity

import (
	"slices"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// A Cell is a combination of categories of several characteristics: a number per
// characteristic, from 0.
type Cell struct {
	Categories []int
	Population int
	Responded  int
}

// A Population is several characteristics at once. Only the names and labels of
// Characteristics are looked at; Cells say how many units there are.
type Population struct {
	Characteristics []Characteristic
	Cells           []Cell
}

// A Model is the chance to respond of every cell by the main effects of the
// characteristics.
type Model struct {
	Indicators Indicators
	Chances    []float64 // per cell, of responding; NaN where nothing can be said
	Fit        stat.Logit
}

// Margins returns each characteristic with the counts of its categories; false
// where the cells do not fit the characteristics or the counts one another.
func (p Population) Margins() ([]Characteristic, bool) {
	out := slices.Clone(p.Characteristics)
	for i := range out {
		out[i].Categories = slices.Clone(out[i].Categories)
		for h := range out[i].Categories {
			out[i].Categories[h].Population, out[i].Categories[h].Responded = 0, 0
		}
	}
	for _, cell := range p.Cells {
		if len(cell.Categories) != len(out) || cell.Responded < 0 || cell.Responded > cell.Population {
			return out, false
		}
		for i, h := range cell.Categories {
			if h < 0 || h >= len(out[i].Categories) {
				return out, false
			}
			out[i].Categories[h].Population += cell.Population
			out[i].Categories[h].Responded += cell.Responded
		}
	}
	return out, len(out) > 0
}

// Estimate estimates the chance to respond by logistic regression on the main
// effects, and the indicators that follow: S² = Σ(ρ̂ − ρ̄)² / (N−1). The adjusted
// R takes off the variance that estimating ρ̂ adds, (1/N)Σ Var(ρ̂) −
// (1/N²)Σ ρ̂(1−ρ̂) (after Shlomo, Skinner and Schouten 2012; for one
// characteristic it is that of Indicate). With one characteristic all is as
// Indicate says, but for N−1 in place of N.
func Estimate(p Population) Model {
	margins, ok := p.Margins()
	n, responded := 0, 0
	var y, m []int
	for _, c := range p.Cells {
		n, responded = n+c.Population, responded+c.Responded
		y, m = append(y, c.Responded), append(m, c.Population)
	}
	if !ok || responded == 0 || n < 2 {
		model := Model{Indicators: noIndicators(n, responded, margins, ok), Fit: stat.Logistic(nil, nil, nil)}
		for range p.Cells {
			model.Chances = append(model.Chances, model.Indicators.R) // NaN
		}
		return model
	}
	fit := stat.Logistic(y, m, p.columns(margins))
	mean := float64(responded) / float64(n)
	s2, noise := 0.0, 0.0
	for i, rho := range fit.Fitted {
		size := float64(m[i])
		if size == 0 {
			continue
		}
		s2 += size * (rho - mean) * (rho - mean) / float64(n-1)
		if v := fit.FittedErr[i]; v >= 0 { // without it there is nothing to take off
			noise += size * v * v / float64(n)
		}
		noise -= size * rho * (1 - rho) / float64(n) / float64(n)
	}
	out := indicators(n, responded, s2, max(0, noise))
	out.Warnings = fit.Warnings
	for _, c := range margins {
		out.Partial = append(out.Partial, partial(c, mean, n))
	}
	return Model{out, fit.Fitted, fit}
}

// columns are 0 and 1 for each category but the first that has units.
func (p Population) columns(margins []Characteristic) [][]float64 {
	x := make([][]float64, len(p.Cells))
	for i, cell := range p.Cells {
		x[i] = []float64{}
		for k, c := range margins {
			first := slices.IndexFunc(c.Categories, func(h Category) bool { return h.Population > 0 })
			for h := range c.Categories {
				if h == first || c.Categories[h].Population == 0 {
					continue
				}
				v := 0.0
				if cell.Categories[k] == h {
					v = 1
				}
				x[i] = append(x[i], v)
			}
		}
	}
	return x
}
