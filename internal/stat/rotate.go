package stat

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// The ways to turn factors so that they can be read.
const (
	Unrotated Method = "geen rotatie"
	Varimax   Method = "varimax"
	Oblimin   Method = "oblimin"

	rotationRounds   = 1000
	obliqueRounds    = 10_000
	obliqueTolerance = 1e-10
	obliqueRest      = 1e-6 // from here on nothing moves that anybody sees
)

// kaiser divides the loadings of each column by their length, so that columns
// with a small communality count as much as others (Kaiser 1958), and returns the
// lengths.
func kaiser(loadings [][]float64) (x [][]float64, size []float64) {
	size = shared(loadings)
	x = make([][]float64, len(loadings))
	for i := range x {
		size[i] = math.Sqrt(size[i])
		x[i] = slices.Clone(loadings[i])
		for f := range x[i] {
			if size[i] > 0 {
				x[i][f] /= size[i]
			}
		}
	}
	return x, size
}

// inSize multiplies rows by the lengths that kaiser divided them by.
func inSize(x [][]float64, size []float64) {
	for i := range x {
		for f := range x[i] {
			x[i][f] *= size[i]
		}
	}
}

// varimax rotates loadings, with Kaiser's normalisation, by pairs of factors
// (Kaiser 1958; R varimax).
func varimax(loadings [][]float64) [][]float64 {
	m := len(loadings[0])
	x, size := kaiser(loadings)
	for range rotationRounds {
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
	inSize(x, size)
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

// An oblique is a rotation to correlated factors on its way: L = A·(T')⁻¹, and
// what its simplicity f and slope are there.
type oblique struct {
	t, l, g *mat.Dense
	f       float64
}

// obliqueAt is the direct quartimin criterion, oblimin with γ = 0 (Jennrich and
// Sampson 1966): f = ¼·ΣΣ lᵢⱼ²·lᵢₖ² over j ≠ k. False where T has no inverse.
func obliqueAt(a, t *mat.Dense) (*oblique, bool) {
	var inverse, l, q, g mat.Dense
	if inverse.Inverse(t) != nil {
		return nil, false
	}
	l.Mul(a, inverse.T())
	k, m := l.Dims()
	o := &oblique{t: t, l: &l, g: &g}
	q.ReuseAs(k, m)
	for i := range k {
		all := 0.0
		for _, x := range l.RawRowView(i) {
			all += x * x
		}
		for j, x := range l.RawRowView(i) {
			others := all - x*x
			o.f += x * x * others / 4
			q.Set(i, j, x*others)
		}
	}
	var back mat.Dense
	back.Mul(l.T(), &q)
	g.Mul(&back, &inverse)
	g.CloneFrom(g.T())
	g.Scale(-1, &g)
	return o, true
}

// downhill is the slope along which the columns of T keep their length, and its
// size.
func (o *oblique) downhill() (p *mat.Dense, size float64) {
	m, _ := o.t.Dims()
	p = mat.NewDense(m, m, nil)
	for j := range m {
		along := 0.0
		for i := range m {
			along += o.t.At(i, j) * o.g.At(i, j)
		}
		for i := range m {
			p.Set(i, j, o.g.At(i, j)-o.t.At(i, j)*along)
		}
	}
	return p, mat.Norm(p, 2)
}

// moved is T some way downhill, its columns at length 1 again.
func (o *oblique) moved(p *mat.Dense, way float64) *mat.Dense {
	m, _ := p.Dims()
	t := mat.NewDense(m, m, nil)
	for j := range m {
		length := 0.0
		for i := range m {
			x := o.t.At(i, j) - way*p.At(i, j)
			t.Set(i, j, x)
			length = math.Hypot(length, x)
		}
		for i := range m {
			t.Set(i, j, t.At(i, j)/length)
		}
	}
	return t
}

// oblimin rotates loadings to factors that may correlate, with Kaiser's
// normalisation, by the projected gradient of Jennrich (2002; R GPArotation
// oblimin with normalize = TRUE, and "direct oblimin" of SPSS with delta 0). phi
// are the correlations of the factors. False where it does not come to rest.
func oblimin(loadings [][]float64) (pattern, phi [][]float64, ok bool) {
	x, size := kaiser(loadings)
	m := len(x[0])
	a := denseOf(x)
	t := mat.NewDense(m, m, nil)
	for f := range m {
		t.Set(f, f, 1)
	}
	o, ok := obliqueAt(a, t)
	rest, way := math.Inf(1), 1.0
	for round := 0; ok && round < obliqueRounds; round++ {
		var p *mat.Dense
		if p, rest = o.downhill(); rest < obliqueTolerance {
			break
		}
		way *= 2
		better := false
		for range 11 {
			next, fine := obliqueAt(a, o.moved(p, way))
			if fine && o.f-next.f > rest*rest*way/2 {
				o, better = next, true
				break
			}
			way /= 2
		}
		if !better && rest < obliqueRest {
			break // rounding is all that is left
		}
	}
	if !ok || !(rest < obliqueRest) {
		return nil, nil, false
	}
	pattern = rowsOf(o.l)
	inSize(pattern, size)
	var cross mat.Dense
	cross.Mul(o.t.T(), o.t)
	return pattern, rowsOf(&cross), true
}

func denseOf(rows [][]float64) *mat.Dense {
	d := mat.NewDense(len(rows), len(rows[0]), nil)
	for i, row := range rows {
		d.SetRow(i, row)
	}
	return d
}

func rowsOf(d *mat.Dense) [][]float64 {
	k, _ := d.Dims()
	out := make([][]float64, k)
	for i := range out {
		out[i] = slices.Clone(d.RawRowView(i))
	}
	return out
}

// identity are the correlations of factors that have none.
func identity(m int) [][]float64 {
	out := make([][]float64, m)
	for i := range out {
		out[i] = make([]float64, m)
		out[i][i] = 1
	}
	return out
}

// inOrder puts the factor that explains most first, and turns each to the side
// where its loadings add up to more than 0.
func inOrder(loadings, phi [][]float64) (l, p [][]float64) {
	m := len(phi)
	order, explained, side := make([]int, m), make([]float64, m), make([]float64, m)
	for f := range m {
		order[f], side[f] = f, 1
		all := 0.0
		for _, row := range loadings {
			all += row[f]
			for g := range m {
				explained[f] += row[f] * row[g] * phi[f][g]
			}
		}
		if all < 0 {
			side[f] = -1
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(explained[b], explained[a]) })
	l, p = make([][]float64, len(loadings)), make([][]float64, m)
	for i, row := range loadings {
		for _, f := range order {
			l[i] = append(l[i], side[f]*row[f])
		}
	}
	for i, f := range order {
		for _, g := range order {
			p[i] = append(p[i], side[f]*side[g]*phi[f][g])
		}
	}
	return l, p
}
