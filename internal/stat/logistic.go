package stat

import (
	"math"
	"slices"
)

// A Logit is a fitted logistic regression. Its Test compares it with the model
// of the intercept only. Rows stand in the order given.
type Logit struct {
	Test
	Coef      []float64 // the intercept first; NaN for a column that others already say
	StdErr    []float64 // of Coef
	Fitted    []float64 // probability per row
	FittedErr []float64 // standard error of Fitted, on the scale of probabilities
	Rounds    int
	Converged bool
	Separated bool // some columns tell success from failure without error
}

const (
	warnNoVariation  = "Alle uitkomsten zijn gelijk; er valt niets te verklaren."
	warnSeparated    = "Een combinatie van kenmerken voorspelt de uitkomst zonder fout (separatie); de coëfficiënten zijn dan niet te schatten, de kansen wel."
	warnNotConverged = "De schatting is niet tot rust gekomen."
	warnAliased      = "Een kenmerk volgt geheel uit de andere en is buiten het model gelaten."

	maxFisherRounds = 60
	aliasTolerance  = 1e-10
)

// Logistic fits log(p/(1−p)) = b0 + Σ b·x by iteratively reweighted least squares
// (Newton–Raphson; McCullagh and Nelder 1989, 2.5; R glm with family binomial) to
// successes among trials per row; trials are 1 for single cases. An intercept is
// added. A column that follows from those before it is left out, as R does.
//
// Separation (Albert and Anderson 1984) is seen by the linear predictor that
// keeps moving while the likelihood stands still. Probabilities then are at
// their limits and usable; coefficients are not.
func Logistic(successes, trials []int, x [][]float64) Logit {
	f, ok := newFit(successes, trials, x)
	l := Logit{Test: nothing(Likelihood, McFadden, f.n, warnUnsound), Coef: nans(f.width), StdErr: nans(f.width),
		Fitted: nans(len(trials)), FittedErr: nans(len(trials))}
	switch {
	case !ok:
		return l
	case f.n == 0:
		l.Warnings = []string{warnNoBase}
		return l
	case f.success == 0 || f.success == f.n:
		l.Warnings, l.Separated = []string{warnNoVariation}, true
		for i := range l.Fitted {
			l.Fitted[i], l.FittedErr[i] = float64(f.success/f.n), 0
		}
		return l
	}
	f.iterate(&l)
	f.finish(&l)
	return l
}

// A fit is a logistic regression under way.
type fit struct {
	y, m       []float64   // successes, trials
	x          [][]float64 // rows with the intercept, of the columns that take part
	active     []int       // those columns
	width      int         // of all columns, the intercept included
	n, success int
	beta       []float64
	p          []float64 // per row
	factor     *cholesky // of the information at p
}

// newFit checks and copies the data.
func newFit(successes, trials []int, x [][]float64) (*fit, bool) {
	f := &fit{width: 1, n: total(trials), success: total(successes)}
	if len(x) > 0 {
		f.width += len(x[0])
	}
	if len(successes) != len(trials) || len(x) != len(trials) || !soundCounts(successes) || !soundCounts(trials) {
		f.n = 0
		return f, false
	}
	full := make([][]float64, len(x))
	for i, row := range x {
		if len(row) != f.width-1 || successes[i] > trials[i] || slices.ContainsFunc(row, func(v float64) bool { return !finite(v) }) {
			return f, false
		}
		full[i] = append([]float64{1}, row...)
		f.y, f.m = append(f.y, float64(successes[i])), append(f.m, float64(trials[i]))
	}
	f.active = factorise(information(full, f.m), aliasTolerance).used
	for _, row := range full {
		kept := make([]float64, len(f.active))
		for k, j := range f.active {
			kept[k] = row[j]
		}
		f.x = append(f.x, kept)
	}
	return f, true
}

// iterate takes Newton steps until the linear predictor rests.
func (f *fit) iterate(l *Logit) {
	mean := float64(f.success) / float64(f.n)
	f.beta = make([]float64, len(f.active))
	f.beta[0] = math.Log(mean / (1 - mean))
	f.p = slices.Repeat([]float64{mean}, len(f.m))
	likelihood := f.likelihood(f.p)
	for l.Rounds = 1; l.Rounds <= maxFisherRounds; l.Rounds++ {
		step, ok := f.step()
		if !ok {
			l.Separated = true // the information is used up
			return
		}
		for halvings := 0; ; halvings++ {
			p := f.predict(step)
			gain := f.likelihood(p) - likelihood
			if gain >= -1e-12*math.Abs(likelihood) || halvings == 30 {
				moved := f.furthest(step)
				f.p, likelihood = p, likelihood+gain
				for k := range f.beta {
					f.beta[k] += step[k]
				}
				if moved < 1e-9 {
					l.Converged = true
					return
				}
				if moved > 0.1 && math.Abs(gain) < 1e-12*math.Abs(likelihood)+1e-300 {
					l.Converged, l.Separated = true, true
					return
				}
				break
			}
			for k := range step {
				step[k] /= 2
			}
		}
	}
}

// step is the Newton step from p: (X'WX)⁻¹ X'(y − m·p).
func (f *fit) step() ([]float64, bool) {
	w, score := make([]float64, len(f.m)), make([]float64, len(f.active))
	for i, p := range f.p {
		w[i] = f.m[i] * p * (1 - p)
		d := f.y[i] - f.m[i]*p
		for k, v := range f.x[i] {
			score[k] += v * d
		}
	}
	f.factor = factorise(information(f.x, w), 1e-14)
	if len(f.factor.used) < len(f.active) {
		return nil, false
	}
	return f.factor.solve(score), true
}

// predict returns the probabilities after a step.
func (f *fit) predict(step []float64) []float64 {
	p := make([]float64, len(f.x))
	for i, row := range f.x {
		eta := 0.0
		for k, v := range row {
			eta += v * (f.beta[k] + step[k])
		}
		p[i] = 1 / (1 + math.Exp(-eta))
	}
	return p
}

// furthest is the largest change of a linear predictor by a step.
func (f *fit) furthest(step []float64) float64 {
	most := 0.0
	for i, row := range f.x {
		if f.m[i] == 0 {
			continue
		}
		d := 0.0
		for k, v := range row {
			d += v * step[k]
		}
		most = max(most, math.Abs(d))
	}
	return most
}

// likelihood is the log-likelihood at p: Σ y·log p + (m−y)·log(1−p).
func (f *fit) likelihood(p []float64) float64 {
	s := 0.0
	for i := range p {
		s += times(f.y[i], math.Log(p[i])) + times(f.m[i]-f.y[i], math.Log1p(-p[i]))
	}
	return s
}

// times is a·b, and 0 where a is 0.
func times(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a * b
}

// finish fills in what is known after the last step.
func (f *fit) finish(l *Logit) {
	copy(l.Fitted, f.p)
	if _, ok := f.step(); ok { // the information at the last p
		for k := range f.active {
			unit := make([]float64, len(f.active))
			unit[k] = 1
			l.StdErr[f.active[k]] = math.Sqrt(f.factor.solve(unit)[k])
		}
		for i, row := range f.x {
			v := 0.0
			for k, s := range f.factor.solve(row) {
				v += s * row[k]
			}
			l.FittedErr[i] = f.p[i] * (1 - f.p[i]) * math.Sqrt(v)
		}
	}
	for k, j := range f.active {
		l.Coef[j] = f.beta[k]
	}
	mean, gain, none := float64(f.success)/float64(f.n), 0.0, 0.0
	for i, p := range f.p { // of the ratio, so that a small gain is not lost
		gain += times(f.y[i], math.Log(p/mean)) + times(f.m[i]-f.y[i], math.Log((1-p)/(1-mean)))
		none -= times(f.y[i], math.Log(mean)) + times(f.m[i]-f.y[i], math.Log1p(-mean))
	}
	l.Test = Test{Method: Likelihood, N: f.n, Statistic: 2 * max(gain, 0), DF: float64(len(f.active) - 1), Effect: effect(McFadden, max(gain, 0)/none)}
	l.P = chiSquareTail(l.Statistic, l.DF)
	if l.Separated {
		l.Warnings = append(l.Warnings, warnSeparated)
	}
	if !l.Converged && !l.Separated {
		l.Warnings = append(l.Warnings, warnNotConverged)
	}
	if len(f.active) < f.width {
		l.Warnings = append(l.Warnings, warnAliased)
	}
}
