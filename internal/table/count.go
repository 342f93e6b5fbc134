package table

import (
	"math"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// What every row of a dataset is, as a byte: the state of its answer to a
// question or a row of one.
const (
	notReached uint8 = iota
	notShown
	leftOpen
	missing // geen zicht op, n.v.t.
	answered
	states
)

// stateOf is the state of one cell. A flag that stands for geen zicht op or
// n.v.t. says so only where it was ticked, but then of all flags beside it.
func stateOf(c *dataset.Column, x dataset.Cell) uint8 {
	switch c.Reason(x) {
	case instrument.Substantive:
		return answered
	case instrument.NoView, instrument.NotApply:
		return missing
	case instrument.LeftOpen:
		return leftOpen
	case dataset.NotShown:
		return notShown
	}
	return notReached
}

// chosenOf is 1 for a flag that was ticked.
func chosenOf(c *dataset.Column, x dataset.Cell) uint8 {
	if v, ok := c.Value(x); ok && !v.Missing && v.Code != 0 {
		return 1
	}
	return 0
}

// A frame is who is counted, and in what groups: one byte per row.
type frame struct {
	n      int
	groups int // with 0, of who is in none; the others are those of the split
	// key is twice the group, and one more where another unit answered; nil where
	// all are 0.
	key    []uint8
	weight []float64 // nil: unweighted
}

func (f *frame) group(row int) int {
	if f.key == nil {
		return 0
	}
	return int(f.key[row] / 2)
}

// own reports whether a row is that of a unit's own questionnaire.
func (f *frame) own(row int) bool { return f.key == nil || f.key[row]%2 == 0 }

// A tally is how often each class occurs, by group; [0] is of all.
type tally struct {
	n       [][]int     // units
	own     [][]int     // questionnaires
	w       [][]float64 // sum of weights, nil where unweighted
	squares [][]float64 // of weights
}

// count counts k classes of the rows.
func count[T uint8 | uint16](f *frame, class []T, k int) tally {
	if f.key == nil && f.weight == nil {
		n := make([]int, k)
		for _, x := range class {
			n[x]++
		}
		return tally{n: [][]int{n}, own: [][]int{n}}
	}
	key := f.key
	if key == nil {
		key = make([]uint8, len(class))
	}
	key = key[:len(class)]
	flat := make([]int, 2*f.groups*k)
	for at, x := range class {
		flat[int(key[at])*k+int(x)]++
	}
	t := tally{n: grid[int](f.groups, k), own: grid[int](f.groups, k)}
	for i, n := range flat {
		g, covered, x := i/k/2, i/k%2, i%k
		t.n[g][x] += n
		if covered == 0 {
			t.own[g][x] += n
		}
	}
	if f.weight != nil {
		t.w, t.squares = grid[float64](f.groups, k), grid[float64](f.groups, k)
		for at, x := range class {
			g, w := key[at]/2, f.weight[at]
			t.w[g][x] += w
			t.squares[g][x] += w * w
		}
	}
	t.total()
	return t
}

// countCells counts the cells of a column of codes.
func (f *frame) countCells(d *dataset.Dataset, c *dataset.Column) tally {
	k := len(c.Values) + 2
	if k <= math.MaxUint8 {
		return count(f, d.Classes([]*dataset.Column{c}, cellOf), k)
	}
	cells := make([]uint16, 0, d.Len())
	for at := range d.Cases() {
		cells = append(cells, uint16(c.Cell(at)))
	}
	return count(f, cells, k)
}

// total adds the groups into the first, which held who is in none.
func (t *tally) total() {
	for g := 1; g < len(t.n); g++ {
		for x := range t.n[g] {
			t.n[0][x] += t.n[g][x]
			t.own[0][x] += t.own[g][x]
			if t.w != nil {
				t.w[0][x] += t.w[g][x]
				t.squares[0][x] += t.squares[g][x]
			}
		}
	}
}

func grid[T any](rows, columns int) [][]T {
	flat := make([]T, rows*columns)
	out := make([][]T, rows)
	for i := range out {
		out[i] = flat[i*columns : (i+1)*columns]
	}
	return out
}

// both combines two classes of every row, of which the second has k.
func both(a, b []uint8, k uint8) []uint8 {
	out := make([]uint8, len(a))
	for i := range a {
		out[i] = a[i]*k + b[i]
	}
	return out
}

// moments sum numbers of one cell of a grades table.
type moments struct {
	n, own     int
	w, squares float64 // weights
	sum        float64 // w·x
	min, max   float64
	spread     float64 // Σ w·(x − mean)²
}

// add adds a number that occurs n times.
func (m *moments) add(x float64, n, own int, w, squares float64) {
	if m.n == 0 {
		m.min, m.max = x, x
	}
	if n == 0 {
		return
	}
	m.min, m.max = min(m.min, x), max(m.max, x)
	if after := m.w + w; after > 0 { // West 1979
		before := 0.0
		if m.w > 0 {
			before = m.sum / m.w
		}
		m.sum += w * x
		m.spread += w * (x - before) * (x - m.sum/after)
		m.w = after
	}
	m.n, m.own, m.squares = m.n+n, m.own+own, m.squares+squares
}

// mean and sd; sd is Σw(x−m)²/Σw · n/(n−1), the sample's own where unweighted.
func (m *moments) mean() float64 {
	if !(m.w > 0) {
		return math.NaN()
	}
	return m.sum / m.w
}

func (m *moments) sd() float64 {
	if m.n < 2 || !(m.w > 0) {
		return math.NaN()
	}
	return math.Sqrt(max(m.spread, 0) / m.w * float64(m.n) / float64(m.n-1))
}
