package stat

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// The methods of factor analysis.
const (
	Bartlett      Method = "Bartlett"
	PrincipalAxis Method = "hoofdassen"
)

// A Structure says what complete rows tell about the number and the shape of
// factors behind columns.
type Structure struct {
	N, Items    int
	KMO         float64     // Kaiser-Meyer-Olkin: 0 to 1, from .6 worth analysing
	KMOItems    []float64   // the same of each column
	Bartlett    Test        // are the columns uncorrelated?
	Eigenvalues []float64   // of the correlations, from high to low
	Random      []float64   // 95 % quantiles of those of unrelated columns
	Suggested   int         // factors: eigenvalues above those of chance, from the first on
	Loadings    [][]float64 // of the suggested number, at least one; rows are columns of the data
	Communality []float64
	Iterations  int
	Warnings    []string
}

const (
	warnSingular    = "De antwoorden op twee of meer stellingen zeggen precies hetzelfde, of verschillen niet. Een factoranalyse kan dan niet."
	warnFewRows     = "Er zijn te weinig volledige vragenlijsten voor een factoranalyse."
	warnLowKMO      = "De stellingen hebben weinig gemeen (KMO lager dan 0,6)."
	warnNoAxis      = "De factoranalyse kwam niet tot rust."
	parallelDraws   = 200
	axisIterations  = 2000
	axisTolerance   = 1e-12
	varimaxRounds   = 1000
	smallestKMO     = .6
	smallestFactors = 1
)

// StructureOf looks for factors behind columns, over the rows without a missing.
// Horn's parallel analysis, with a fixed seed, suggests how many; principal axis
// factoring from squared multiple correlations gives the loadings, rotated by
// varimax with Kaiser's normalisation where there is more than one.
func StructureOf(columns [][]float64) Structure {
	k := len(columns)
	s := Structure{Items: k, KMO: math.NaN(), KMOItems: nans(k), Bartlett: nothing(Bartlett, "", 0, warnFewRows), Eigenvalues: nans(k), Random: nans(k), Communality: nans(k)}
	if k < 2 {
		s.Warnings = []string{warnFewItems}
		return s
	}
	rows := complete(columns)
	if len(rows) > 0 {
		s.N = len(rows[0])
	}
	s.Bartlett.N = s.N
	if s.N <= k {
		s.Warnings = []string{warnFewRows}
		return s
	}
	r := correlationsOf(rows)
	var inverse mat.Dense
	det, ok := soundCorrelations(r, &inverse)
	if !ok {
		s.Warnings, s.Bartlett.Warnings = []string{warnSingular}, []string{warnSingular}
		return s
	}
	s.Eigenvalues = eigenvalues(r)
	s.kmo(r, &inverse)
	s.Bartlett = bartlett(s.N, k, det)
	s.Random = unrelated(s.N, k)
	for s.Suggested < k && s.Eigenvalues[s.Suggested] > s.Random[s.Suggested] {
		s.Suggested++
	}
	if s.Loadings, s.Communality, s.Iterations = axes(r, &inverse, max(s.Suggested, smallestFactors)); s.Loadings == nil {
		s.Warnings = append(s.Warnings, warnNoAxis)
	}
	if s.KMO < smallestKMO {
		s.Warnings = append(s.Warnings, warnLowKMO)
	}
	return s
}

// Loadings are those of a number of factors, as StructureOf gives them for the
// number it suggests; nil where there are none. Rows are columns of the data.
func Loadings(columns [][]float64, factors int) [][]float64 {
	if factors < 1 || factors >= len(columns) {
		return nil
	}
	rows := complete(columns)
	if len(rows) == 0 || len(rows[0]) <= len(columns) {
		return nil
	}
	r := correlationsOf(rows)
	var inverse mat.Dense
	if _, ok := soundCorrelations(r, &inverse); !ok {
		return nil
	}
	out, _, _ := axes(r, &inverse, factors)
	return out
}

// axes are principal axes, rotated where there is more than one.
func axes(r *mat.SymDense, inverse *mat.Dense, factors int) (loadings [][]float64, communality []float64, iterations int) {
	loadings, communality, iterations = principalAxis(r, inverse, factors)
	if loadings != nil && factors > 1 {
		loadings = varimax(loadings)
	}
	return loadings, communality, iterations
}

func correlationsOf(rows [][]float64) *mat.SymDense {
	k := len(rows)
	r := mat.NewSymDense(k, nil)
	for i := range k {
		r.SetSym(i, i, 1)
		for j := range i {
			r.SetSym(i, j, pearson(rows[i], rows[j]))
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
	var e mat.EigenSym
	if !e.Factorize(r, false) {
		return nil
	}
	out := e.Values(nil)
	slices.Reverse(out)
	return out
}

// kmo compares correlations with those that are left when the other columns are
// taken into account: Σr²/(Σr²+Σq²), q = −s_ij/√(s_ii·s_jj) of the inverse.
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

// bartlett tests whether correlations are all 0: −(n−1−(2k+5)/6)·ln|R|.
func bartlett(n, k int, det float64) Test {
	t := Test{Method: Bartlett, N: n, DF: float64(k*(k-1)) / 2, Effect: effect("", math.NaN())}
	t.Statistic = max(0, -(float64(n-1)-float64(2*k+5)/6)*math.Log(det))
	t.P = chiSquareTail(t.Statistic, t.DF)
	return t
}

// unrelated are the 95 % quantiles of the eigenvalues of normal columns that have
// nothing to do with each other.
func unrelated(n, k int) []float64 {
	random := rand.New(rand.NewPCG(1965, uint64(n)<<16|uint64(k)))
	each := make([][]float64, k)
	rows := make([][]float64, k)
	for j := range rows {
		rows[j] = make([]float64, n)
	}
	for range parallelDraws {
		for j := range rows {
			for i := range rows[j] {
				rows[j][i] = random.NormFloat64()
			}
		}
		for j, v := range eigenvalues(correlationsOf(rows)) {
			each[j] = append(each[j], v)
		}
	}
	out := make([]float64, k)
	for j := range out {
		out[j] = Quantile(each[j], .95)
	}
	return out
}

// principalAxis repeats eigenvectors of the correlations with communalities on the
// diagonal until these stand still. Loadings are nil where they never do.
func principalAxis(r *mat.SymDense, inverse *mat.Dense, factors int) (loadings [][]float64, communality []float64, iterations int) {
	k := r.SymmetricDim()
	h := make([]float64, k)
	for i := range h {
		h[i] = 1 - 1/inverse.At(i, i) // squared multiple correlation
	}
	reduced := mat.NewSymDense(k, nil)
	reduced.CopySym(r)
	for iterations = 1; iterations <= axisIterations; iterations++ {
		for i := range h {
			reduced.SetSym(i, i, h[i])
		}
		var e mat.EigenSym
		if !e.Factorize(reduced, true) {
			return nil, nans(k), iterations
		}
		values := e.Values(nil)
		var vectors mat.Dense
		e.VectorsTo(&vectors)
		loadings = make([][]float64, k)
		next, moved := make([]float64, k), 0.0
		for i := range k {
			loadings[i] = make([]float64, factors)
			for f := range factors {
				at := k - 1 - f
				loadings[i][f] = vectors.At(i, at) * math.Sqrt(max(values[at], 0))
				next[i] += loadings[i][f] * loadings[i][f]
			}
			moved = max(moved, math.Abs(next[i]-h[i]))
		}
		h = next
		if slices.ContainsFunc(h, func(x float64) bool { return !(x < 1.5) }) { // no variance can be shared for more than the whole
			return nil, nans(k), iterations
		}
		if moved < axisTolerance {
			point(loadings)
			return loadings, h, iterations
		}
	}
	return nil, nans(k), iterations
}

// point turns each factor to the side where most of its loadings are positive.
func point(loadings [][]float64) {
	for f := range loadings[0] {
		total := 0.0
		for i := range loadings {
			total += loadings[i][f]
		}
		if total < 0 {
			for i := range loadings {
				loadings[i][f] = -loadings[i][f]
			}
		}
	}
}

// varimax rotates loadings, with Kaiser's normalisation, by pairs of factors
// (Kaiser 1958), and puts the factor that explains most first.
func varimax(loadings [][]float64) [][]float64 {
	k, m := len(loadings), len(loadings[0])
	x := make([][]float64, k)
	size := make([]float64, k)
	for i := range x {
		for _, v := range loadings[i] {
			size[i] += v * v
		}
		size[i] = math.Sqrt(size[i])
		x[i] = slices.Clone(loadings[i])
		for f := range x[i] {
			if size[i] > 0 {
				x[i][f] /= size[i]
			}
		}
	}
	for range varimaxRounds {
		turned := 0.0
		for a := range m {
			for b := a + 1; b < m; b++ {
				turned = max(turned, math.Abs(turn(x, a, b)))
			}
		}
		if turned < 1e-13 {
			break
		}
	}
	for i := range x {
		for f := range x[i] {
			x[i][f] *= size[i]
		}
	}
	point(x)
	order := make([]int, m)
	explained := make([]float64, m)
	for f := range order {
		order[f] = f
		for i := range x {
			explained[f] += x[i][f] * x[i][f]
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case explained[a] > explained[b]:
			return -1
		case explained[a] < explained[b]:
			return 1
		}
		return 0
	})
	for i := range x {
		row := make([]float64, m)
		for f, from := range order {
			row[f] = x[i][from]
		}
		x[i] = row
	}
	return x
}

// turn rotates two factors to the largest variance of squared loadings, and
// returns the angle.
func turn(x [][]float64, a, b int) float64 {
	k := float64(len(x))
	var u, v, c, d float64
	for i := range x {
		p, q := x[i][a]*x[i][a]-x[i][b]*x[i][b], 2*x[i][a]*x[i][b]
		u, v, c, d = u+p, v+q, c+p*p-q*q, d+2*p*q
	}
	angle := math.Atan2(d-2*u*v/k, c-(u*u-v*v)/k) / 4
	sin, cos := math.Sincos(angle)
	for i := range x {
		x[i][a], x[i][b] = x[i][a]*cos+x[i][b]*sin, x[i][b]*cos-x[i][a]*sin
	}
	return angle
}
