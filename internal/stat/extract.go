package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// The ways to find factors, and bounds on their work.
const (
	PrincipalAxis Method = "hoofdassen"
	MinRes        Method = "minres"

	axisIterations = 2000
	axisTolerance  = 1e-12

	minresIterations = 200
	leastUnique      = .005 // of the variance of a column that is its own, as in R's factanal and psych
)

// loaded are columns on factors, before any rotation.
type loaded struct {
	loadings   [][]float64
	unique     []float64 // what of the variance of each column is its own
	iterations int
}

// spectrum is the eigenvalues, from high to low, and eigenvectors of correlations
// with 1 − unique on the diagonal; false where they cannot be found.
type spectrum struct {
	values  []float64
	vectors mat.Dense // a column each, in the order of values
}

func spectrumOf(r *mat.SymDense, unique []float64) (*spectrum, bool) {
	k := r.SymmetricDim()
	reduced := mat.NewSymDense(k, nil)
	reduced.CopySym(r)
	for i, u := range unique {
		reduced.SetSym(i, i, r.At(i, i)-u)
	}
	var e mat.EigenSym
	if !e.Factorize(reduced, true) {
		return nil, false
	}
	var up mat.Dense
	e.VectorsTo(&up)
	s := &spectrum{values: e.Values(nil)}
	slices.Reverse(s.values)
	s.vectors.ReuseAs(k, k)
	for j := range k {
		for i := range k {
			s.vectors.Set(i, j, up.At(i, k-1-j))
		}
	}
	return s, true
}

// loadings are eigenvectors in the length of their factors.
func (s *spectrum) loadings(factors int) [][]float64 {
	out := make([][]float64, len(s.values))
	for i := range out {
		out[i] = make([]float64, factors)
		for f := range factors {
			out[i][f] = s.vectors.At(i, f) * math.Sqrt(max(s.values[f], 0))
		}
	}
	return out
}

// shared are the sums of squared loadings of each column.
func shared(loadings [][]float64) []float64 {
	h := make([]float64, len(loadings))
	for i, row := range loadings {
		for _, x := range row {
			h[i] += x * x
		}
	}
	return h
}

// ownShares are 1 less the squared multiple correlations: where a search begins.
func ownShares(inverse *mat.Dense) []float64 {
	k, _ := inverse.Dims()
	u := make([]float64, k)
	for i := range u {
		u[i] = 1 / inverse.At(i, i)
	}
	return u
}

// principalAxis repeats eigenvectors of the correlations with communalities on the
// diagonal until these stand still (Thurstone 1947). False where they never do, or
// where a column would share more than all of its variance.
func principalAxis(r *mat.SymDense, unique []float64, factors int) (loaded, bool) {
	u := slices.Clone(unique)
	for at := 1; at <= axisIterations; at++ {
		s, ok := spectrumOf(r, u)
		if !ok {
			return loaded{iterations: at}, false
		}
		l := s.loadings(factors)
		moved := 0.0
		for i, h := range shared(l) {
			if !(h < 1.5) {
				return loaded{iterations: at}, false
			}
			moved = max(moved, math.Abs(1-h-u[i]))
			u[i] = 1 - h
		}
		if moved < axisTolerance {
			return loaded{l, u, at}, true
		}
	}
	return loaded{iterations: axisIterations}, false
}

// minres finds the unique variances u of which the correlations that the factors
// leave over are smallest in squares (Harman and Jones 1966): with λ and v the
// eigenvalues and eigenvectors of R − diag(u), of which m are factors,
//
//	f(u) = ½·Σ λⱼ²,  ∂f/∂uᵢ = −Σ λⱼ·vᵢⱼ²   over j > m
//
// each u between leastUnique and 1, by Newton's steps (Jöreskog 1967) as far as
// they go down. False where that does not come to rest.
func minres(r *mat.SymDense, start []float64, factors int) (loaded, bool) {
	u := slices.Clone(start)
	for i := range u {
		u[i] = min(max(u[i], leastUnique), 1)
	}
	s, ok := spectrumOf(r, u)
	for at := 1; ok && at <= minresIterations; at++ {
		g := s.slope(factors)
		free := freeOf(u, g)
		if steepest(g, free) < 1e-13 {
			return loaded{s.loadings(factors), u, at}, true
		}
		step := s.newton(g, free, factors)
		f := s.left(factors)
		moved := false
		for part := 1.0; part > 1e-10; part /= 2 {
			next := slices.Clone(u)
			for i, at := range free {
				next[at] = min(max(u[at]-part*step[i], leastUnique), 1)
			}
			t, fine := spectrumOf(r, next)
			if fine && t.left(factors) < f {
				u, s, moved = next, t, true
				break
			}
		}
		if !moved { // no step goes down: at rest, but for rounding
			return loaded{s.loadings(factors), u, at}, steepest(g, free) < 1e-7
		}
	}
	return loaded{iterations: minresIterations}, false
}

// left is ½·Σ λ² of what is no factor.
func (s *spectrum) left(factors int) float64 {
	f := 0.0
	for _, v := range s.values[factors:] {
		f += v * v / 2
	}
	return f
}

// slope is the gradient of left.
func (s *spectrum) slope(factors int) []float64 {
	g := make([]float64, len(s.values))
	for i := range g {
		for j := factors; j < len(g); j++ {
			g[i] -= s.values[j] * s.vectors.At(i, j) * s.vectors.At(i, j)
		}
	}
	return g
}

// freeOf are the unique variances that may move: not those at a bound that the
// slope holds them to.
func freeOf(u, g []float64) []int {
	var free []int
	for i := range u {
		if u[i] <= leastUnique && g[i] > 0 || u[i] >= 1 && g[i] < 0 {
			continue
		}
		free = append(free, i)
	}
	return free
}

func steepest(g []float64, free []int) float64 {
	most := 0.0
	for _, i := range free {
		most = max(most, math.Abs(g[i]))
	}
	return most
}

// newton is the step of Newton among the free unique variances, or of Gauss and
// Newton where the curve is not that of a valley. With E the eigenvectors that are
// no factors, the second derivatives are
//
//	(E·E')ᵢₖ² + 2·ΣΣ λⱼ/(λⱼ − λₗ)·vᵢⱼvₖⱼvᵢₗvₖₗ   over j > m ≥ l
func (s *spectrum) newton(g []float64, free []int, factors int) []float64 {
	n := len(free)
	rough, full := mat.NewSymDense(n, nil), mat.NewSymDense(n, nil)
	v := s.vectors.At
	for a, i := range free {
		for b, k := range free[:a+1] {
			e, bend := 0.0, 0.0
			for j := factors; j < len(g); j++ {
				e += v(i, j) * v(k, j)
				for l := range factors {
					if gap := s.values[j] - s.values[l]; gap != 0 {
						bend += 2 * s.values[j] / gap * v(i, j) * v(k, j) * v(i, l) * v(k, l)
					}
				}
			}
			rough.SetSym(a, b, e*e)
			full.SetSym(a, b, e*e+bend)
		}
		rough.SetSym(a, a, rough.At(a, a)+1e-9)
	}
	own := mat.NewVecDense(n, nil)
	for a, i := range free {
		own.SetVec(a, g[i])
	}
	var step mat.VecDense
	for _, h := range []*mat.SymDense{full, rough} {
		var c mat.Cholesky
		if c.Factorize(h) && c.SolveVecTo(&step, own) == nil {
			return step.RawVector().Data
		}
	}
	return own.RawVector().Data
}
