package stat

import "math"

// A cholesky is the factor L of a symmetric matrix L·L', of the rows and columns
// that do not follow from those before them.
type cholesky struct {
	l    [][]float64
	used []int
}

// information is X'WX.
func information(x [][]float64, w []float64) [][]float64 {
	if len(x) == 0 {
		return nil
	}
	a := make([][]float64, len(x[0]))
	for j := range a {
		a[j] = make([]float64, j+1) // the lower half says all
	}
	for i, row := range x {
		for j, v := range row {
			if v == 0 {
				continue
			}
			for k := range j + 1 {
				a[j][k] += w[i] * v * row[k]
			}
		}
	}
	return a
}

// factorise factors the lower half of a matrix. A row of which no more than the
// tolerance is left after those before it is not used.
func factorise(a [][]float64, tolerance float64) *cholesky {
	c := &cholesky{}
	for j, full := range a {
		row := make([]float64, 0, len(c.used)+1)
		left := full[j]
		for k, column := range c.used {
			v := full[column]
			for m := range k {
				v -= row[m] * c.l[k][m]
			}
			v /= c.l[k][k]
			row = append(row, v)
			left -= v * v
		}
		if !(left > tolerance*full[j]) {
			continue
		}
		c.l = append(c.l, append(row, math.Sqrt(left)))
		c.used = append(c.used, j)
	}
	return c
}

// solve returns x of L·L'·x = b.
func (c *cholesky) solve(b []float64) []float64 {
	x := make([]float64, len(b))
	for j := range x {
		v := b[j]
		for k := range j {
			v -= c.l[j][k] * x[k]
		}
		x[j] = v / c.l[j][j]
	}
	for j := len(x) - 1; j >= 0; j-- {
		v := x[j]
		for k := j + 1; k < len(x); k++ {
			v -= c.l[k][j] * x[k]
		}
		x[j] = v / c.l[j][j]
	}
	return x
}
