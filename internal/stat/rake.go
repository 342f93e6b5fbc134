package stat

import (
	"math"
	"slices"
)

// A Margin is a division of the cases that weights must make like the
// population.
type Margin struct {
	Of     []int     // the cell of every case
	Target []float64 // the population per cell, as shares or counts
}

// RakeOptions say when raking stops and how large weights may be. A zero field
// has the value that is named with it.
type RakeOptions struct {
	Tolerance float64 // 1e-6: largest difference from a target, as a share of all
	Rounds    int     // 100
	Lo, Hi    float64 // no limit; as multiples of the mean weight
}

// Default limits for weights, as multiples of the mean weight.
const (
	TrimLo = 0.3
	TrimHi = 3
)

// A Raking is the outcome of raking. Weights have mean 1 over the cases.
type Raking struct {
	Weights   []float64
	N         int
	Min, Max  float64
	Deff      float64
	Rounds    int
	Deviation float64 // largest difference from a target that is left, as a share of all
	Converged bool    // every target is met within the tolerance and every weight is within its limits
	Trimmed   int     // cases whose weight is at a limit
	Method    string
	Warnings  []string
}

const (
	warnNotRaked = "De weging is niet uitgekomen op alle randtotalen; wat overblijft staat erbij."
	warnTrimmed  = "Een deel van de gewichten ligt op de grens die ervoor is gesteld."
	maxTrims     = 50
)

// Rake returns weights with which the cases have the margins of the population
// (iterative proportional fitting, Deming and Stephan 1940; R survey::rake):
// from the base weights, or 1 where base is nil, each margin in turn is multiplied
// by target/current until no cell differs more than the tolerance. With limits,
// weights beyond them are set to them and the rest is raked again.
//
// A cell without cases that has a target is an error, never a silent gap; so are
// cases in a cell that the population does not have.
func Rake(base []float64, n int, margins []Margin, o RakeOptions) (Raking, error) {
	o = o.filled()
	w, targets, err := rakeable(base, n, margins, o)
	if err != nil {
		return Raking{}, err
	}
	r := Raking{Weights: w, N: n, Method: "raking"}
	for trims := 0; ; trims++ {
		r.Rounds += rakeRounds(w, margins, targets, o)
		r.Deviation = deviation(w, margins, targets)
		if limited(w, o) || trims == maxTrims {
			break
		}
		for i := range w {
			w[i] = min(max(w[i], o.Lo), o.Hi)
		}
	}
	if !limited(w, o) { // limits cannot be met with these targets: the limits win
		for i := range w {
			w[i] = min(max(w[i], o.Lo), o.Hi)
		}
		r.Deviation = deviation(w, margins, targets)
	}
	r.describe(o)
	return r, nil
}

// filled puts the named values in place of zeros.
func (o RakeOptions) filled() RakeOptions {
	if !(o.Tolerance > 0) {
		o.Tolerance = 1e-6
	}
	if o.Rounds <= 0 {
		o.Rounds = 100
	}
	if !(o.Hi > 0) {
		o.Hi = math.Inf(1)
	}
	return o
}

// describe sums up the weights.
func (r *Raking) describe(o RakeOptions) {
	w := r.Weights
	r.Min, r.Max, r.Deff = slices.Min(w), slices.Max(w), Deff(w)
	r.Converged = r.Deviation < o.Tolerance
	for _, x := range w {
		if o.Lo > 0 && x <= o.Lo*(1+1e-9) || x >= o.Hi*(1-1e-9) {
			r.Trimmed++
		}
	}
	if !r.Converged {
		r.Warnings = append(r.Warnings, warnNotRaked)
	}
	if r.Trimmed > 0 {
		r.Warnings = append(r.Warnings, warnTrimmed)
	}
}

// rakeable checks what is to be raked and returns the first weights, with mean
// 1, and the targets, which add up to n in every margin.
func rakeable(base []float64, n int, margins []Margin, o RakeOptions) (w []float64, targets [][]float64, err error) {
	if n <= 0 || len(margins) == 0 || base != nil && (len(base) != n || !soundWeights(base)) || o.Lo < 0 || o.Lo > 1 || o.Hi < 1 {
		return nil, nil, ErrUnsound
	}
	w = slices.Repeat([]float64{1}, n)
	if base != nil {
		mean := sum(base) / float64(n)
		for i := range w {
			w[i] = base[i] / mean
		}
	}
	for k, m := range margins {
		if len(m.Of) != n || !soundWeights(m.Target) {
			return nil, nil, ErrUnsound
		}
		weight, cases := make([]float64, len(m.Target)), make([]int, len(m.Target))
		for i, cell := range m.Of {
			if cell < 0 || cell >= len(m.Target) {
				return nil, nil, ErrUnsound
			}
			weight[cell] += w[i]
			cases[cell]++
		}
		scale := float64(n) / sum(m.Target)
		target := make([]float64, len(m.Target))
		for cell, t := range m.Target {
			switch {
			case t > 0 && weight[cell] == 0:
				return nil, nil, &EmptyCellError{k, cell}
			case t == 0 && cases[cell] > 0:
				return nil, nil, &StrayCellError{k, cell}
			}
			target[cell] = t * scale
		}
		targets = append(targets, target)
	}
	return w, targets, nil
}

// rakeRounds changes w until it meets the targets or rounds run out, and returns
// how many rounds that took.
func rakeRounds(w []float64, margins []Margin, targets [][]float64, o RakeOptions) int {
	for round := range o.Rounds {
		for k, m := range margins {
			factor := cellSums(w, m)
			for cell, t := range targets[k] {
				if t > 0 {
					factor[cell] = t / factor[cell]
				}
			}
			for i, cell := range m.Of {
				w[i] *= factor[cell]
			}
		}
		if deviation(w, margins, targets) < o.Tolerance {
			return round + 1
		}
	}
	return o.Rounds
}

// deviation is the largest difference from a target, as a share of all.
func deviation(w []float64, margins []Margin, targets [][]float64) float64 {
	worst := 0.0
	for k, m := range margins {
		for cell, s := range cellSums(w, m) {
			worst = max(worst, math.Abs(s-targets[k][cell]))
		}
	}
	return worst / float64(len(w))
}

func cellSums(w []float64, m Margin) []float64 {
	sums := make([]float64, len(m.Target))
	for i, cell := range m.Of {
		sums[cell] += w[i]
	}
	return sums
}

// limited reports whether every weight is within its limits.
func limited(w []float64, o RakeOptions) bool {
	return !slices.ContainsFunc(w, func(x float64) bool { return x < o.Lo*(1-1e-9) || x > o.Hi*(1+1e-9) })
}
