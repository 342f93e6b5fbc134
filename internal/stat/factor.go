package stat

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Bartlett is the method of the test of sphericity.
const Bartlett Method = "Bartlett"

// A Structure says what complete rows tell about the number and the shape of
// factors behind columns.
type Structure struct {
	N, Items    int
	KMO         float64   // Kaiser-Meyer-Olkin: 0 to 1, from .6 worth analysing
	KMOItems    []float64 // the same of each column
	Bartlett    Test      // are the columns uncorrelated?
	Eigenvalues []float64 // of the correlations, from high to low
	Random      []float64 // 95 % quantiles of those of unrelated columns
	Suggested   int       // factors: eigenvalues above those of chance, from the first on
	Factors               // of the suggested number, at least one
}

// Factors are the factors behind columns. Loadings are nil where there are none to
// be found, and a warning says why. There is no p: how many factors there are is
// for parallel analysis to say. There are no intervals: loadings are read together,
// and what a sum of items is worth has one (OmegaOf).
type Factors struct {
	Extraction, Rotation Method
	Base                 Base
	Loadings             [][]float64 // rows are columns of the data; after oblimin the pattern
	Correlations         [][]float64 // of the factors with each other; all 0 beside the diagonal but after oblimin
	Communality          []float64   // what of the variance of each column the factors share
	Iterations           int
	Warnings             []string
}

const (
	warnSingular  = "De antwoorden op twee of meer stellingen zeggen precies hetzelfde, of verschillen niet. Een factoranalyse kan dan niet."
	warnFewRows   = "Er zijn te weinig volledige vragenlijsten voor een factoranalyse."
	warnLowKMO    = "De stellingen hebben weinig gemeen (KMO lager dan 0,6)."
	warnNoAxis    = "De factoranalyse kwam niet tot rust."
	warnNoTurn    = "De rotatie kwam niet tot rust; de factoren zijn niet gedraaid."
	warnHeywood   = "Een stelling valt bijna geheel samen met een factor. De uitkomst is dan niet te vertrouwen."
	warnTooMany   = "Er zijn meer factoren gevraagd dan de stellingen kunnen dragen."
	parallelDraws = 200
	smallestKMO   = .6
)

// StructureOf looks for factors behind columns, over the rows without a missing.
// Horn's parallel analysis, with a fixed seed, suggests how many; principal axis
// factoring from squared multiple correlations gives the loadings, rotated by
// varimax with Kaiser's normalisation where there is more than one.
func StructureOf(columns [][]float64) Structure {
	k := len(columns)
	c, why := correlated(columns)
	s := Structure{N: c.n, Items: k, KMO: math.NaN(), KMOItems: nans(k), Eigenvalues: nans(k), Random: nans(k)}
	if why != "" {
		s.Bartlett, s.Factors = nothing(Bartlett, "", c.n, why), noFactors(k, PrincipalAxis, Unrotated, why)
		return s
	}
	s.Eigenvalues = eigenvalues(c.r)
	s.kmo(c.r, &c.inverse)
	s.Bartlett = bartlett(s.N, k, c.det)
	s.Random = unrelated(s.N, k)
	for s.Suggested < k && s.Eigenvalues[s.Suggested] > s.Random[s.Suggested] {
		s.Suggested++
	}
	s.Factors = c.factors(max(s.Suggested, 1), PrincipalAxis, Varimax)
	if s.KMO < smallestKMO {
		s.Warnings = append(s.Warnings, warnLowKMO)
	}
	return s
}

// FactorsOf finds a number of factors behind columns, over the rows without a
// missing: by PrincipalAxis or MinRes, Unrotated or rotated by Varimax or Oblimin.
func FactorsOf(columns [][]float64, factors int, extraction, rotation Method) Factors {
	c, why := correlated(columns)
	if why == "" && (factors < 1 || factors >= len(columns)) {
		why = warnTooMany
	}
	if why != "" {
		return noFactors(len(columns), extraction, rotation, why)
	}
	return c.factors(factors, extraction, rotation)
}

func noFactors(k int, extraction, rotation Method, why string) Factors {
	return Factors{Extraction: extraction, Rotation: rotation, Base: CompleteCases, Communality: nans(k), Warnings: []string{why}}
}

// correlations of complete rows, with what is made of them.
type correlations struct {
	n       int
	r       *mat.SymDense
	inverse mat.Dense
	det     float64
}

// correlated computes correlations that can be inverted, or says why there are
// none.
func correlated(columns [][]float64) (c *correlations, why string) {
	c = &correlations{}
	if len(columns) < 2 {
		return c, warnFewItems
	}
	rows := complete(columns)
	c.n = len(rows[0])
	if c.n <= len(columns) {
		return c, warnFewRows
	}
	c.r = correlationsOf(rows)
	var ok bool
	if c.det, ok = soundCorrelations(c.r, &c.inverse); !ok {
		return c, warnSingular
	}
	return c, ""
}

// factors are extracted, rotated where there is more than one, and put in order.
func (c *correlations) factors(m int, extraction, rotation Method) Factors {
	k := c.r.SymmetricDim()
	f := Factors{Extraction: extraction, Rotation: Unrotated, Base: CompleteCases, Communality: nans(k), Correlations: identity(m)}
	find := principalAxis
	if extraction == MinRes {
		find = minres
	}
	l, ok := find(c.r, ownShares(&c.inverse), m)
	f.Iterations = l.iterations
	if !ok {
		f.Correlations, f.Warnings = nil, []string{warnNoAxis}
		return f
	}
	for i, u := range l.unique {
		f.Communality[i] = 1 - u
		if u <= leastUnique && len(f.Warnings) == 0 {
			f.Warnings = append(f.Warnings, warnHeywood)
		}
	}
	f.Loadings = l.loadings
	switch {
	case m > 1 && rotation == Varimax:
		f.Loadings, f.Rotation = varimax(l.loadings), Varimax
	case m > 1 && rotation == Oblimin:
		if pattern, phi, ok := oblimin(l.loadings); ok {
			f.Loadings, f.Correlations, f.Rotation = pattern, phi, Oblimin
		} else {
			f.Warnings = append(f.Warnings, warnNoTurn)
		}
	}
	f.Loadings, f.Correlations = inOrder(f.Loadings, f.Correlations)
	return f
}

// correlationsOf are those of columns without missings.
func correlationsOf(rows [][]float64) *mat.SymDense {
	k := len(rows)
	r := mat.NewSymDense(k, nil)
	groups := make([]*group, k)
	for i := range k {
		groups[i] = newGroup(rows[i], new(int))
		r.SetSym(i, i, 1)
		for j := range i {
			r.SetSym(i, j, together(groups[i], groups[j]))
		}
	}
	return r
}

// soundCorrelations inverts correlations; false where they cannot be.
func soundCorrelations(r *mat.SymDense, inverse *mat.Dense) (det float64, ok bool) {
	for _, x := range r.RawSymmetric().Data {
		if !finite(x) {
			return 0, false
		}
	}
	values := eigenvalues(r)
	if len(values) == 0 || values[len(values)-1] < 1e-10 {
		return 0, false
	}
	if err := inverse.Inverse(r); err != nil {
		return 0, false
	}
	det = 1
	for _, v := range values {
		det *= v
	}
	return det, true
}

// eigenvalues from high to low.
func eigenvalues(r *mat.SymDense) []float64 {
	s, ok := spectrumOf(r, nil)
	if !ok {
		return nil
	}
	return s.values
}

// kmo compares correlations with those that are left when the other columns are
// taken into account: Σr²/(Σr²+Σq²), q = −s_ij/√(s_ii·s_jj) of the inverse (Kaiser
// and Rice 1974; R psych KMO).
func (s *Structure) kmo(r *mat.SymDense, inverse *mat.Dense) {
	k := s.Items
	allR, allQ := 0.0, 0.0
	for i := range k {
		ownR, ownQ := 0.0, 0.0
		for j := range k {
			if i == j {
				continue
			}
			q := inverse.At(i, j) / math.Sqrt(inverse.At(i, i)*inverse.At(j, j))
			ownR, ownQ = ownR+r.At(i, j)*r.At(i, j), ownQ+q*q
		}
		s.KMOItems[i] = ownR / (ownR + ownQ)
		allR, allQ = allR+ownR, allQ+ownQ
	}
	s.KMO = allR / (allR + allQ)
}

// bartlett tests whether correlations are all 0: −(n−1−(2k+5)/6)·ln|R| (Bartlett
// 1951; R psych cortest.bartlett). It has no effect of its own: the KMO says how
// much the columns share.
func bartlett(n, k int, det float64) Test {
	t := Test{Method: Bartlett, N: n, DF: float64(k*(k-1)) / 2, Effect: effect("", math.NaN())}
	t.Statistic = max(0, -(float64(n-1)-float64(2*k+5)/6)*math.Log(det))
	t.P = chiSquareTail(t.Statistic, t.DF)
	return t
}

// unrelated are the 95 % quantiles of the eigenvalues of the correlations of n rows
// of k normal columns that have nothing to do with each other (Horn 1965, with the
// quantile of Glorfeld 1995). The rows themselves are not drawn: their sums of
// products are L·L' with L of Bartlett (1933), roots of chi-squares on the diagonal
// and normal numbers below it, which a million rows make no slower.
func unrelated(n, k int) []float64 {
	random := rand.New(rand.NewPCG(1965, uint64(n)<<16|uint64(k)))
	each := make([][]float64, k)
	l, products, r := mat.NewTriDense(k, mat.Lower, nil), mat.NewDense(k, k, nil), mat.NewSymDense(k, nil)
	for range parallelDraws {
		for i := range k {
			l.SetTri(i, i, math.Sqrt(distuv.ChiSquared{K: float64(n - 1 - i), Src: random}.Rand()))
			for j := range i {
				l.SetTri(i, j, random.NormFloat64())
			}
		}
		products.Mul(l, l.T())
		for i := range k {
			for j := range i + 1 {
				r.SetSym(i, j, products.At(i, j)/math.Sqrt(products.At(i, i)*products.At(j, j)))
			}
		}
		for j, v := range eigenvalues(r) {
			each[j] = append(each[j], v)
		}
	}
	out := make([]float64, k)
	for j := range out {
		out[j] = Quantile(each[j], .95)
	}
	return out
}
