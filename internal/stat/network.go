package stat

import (
	"cmp"
	"math"
	"slices"
)

const (
	workBudget = 2_000_000 // steps of the exact test before it gives up
	maxRows    = 8         // of the shorter side of a table that is tested exactly
	maxCases   = 1 << 20   // above, even one column is too much work
)

// A network holds the state of an exact test after Mehta and Patel (1983). The
// columns are filled one by one; a node is what the rows still have to receive.
// Rows are alike, so a node is sorted. The value of a path is −Σ log x! over the
// cells filled; a table has the probability exp(value) / Σ exp(value).
type network struct {
	*fisher
	columns []int
	bounds  map[stop]bound
	work    int
}

type node [maxRows]int32

type stop struct {
	at int // columns filled
	node
}

// A bound holds the lowest and highest value of the paths from a node to the end.
type bound struct{ lo, hi float64 }

// A path is a value with the number of ways to get there.
type path struct {
	value, ways float64
}

// exact returns p, or false where it takes more work than the budget.
func (f *fisher) exact(budget int) (float64, bool) {
	rows, columns := slices.Clone(f.rows), slices.Clone(f.columns)
	if len(rows) > len(columns) {
		rows, columns = columns, rows
	}
	if len(rows) > maxRows || f.n > maxCases {
		return 0, false
	}
	slices.SortFunc(columns, func(a, b int) int { return b - a })
	w := &network{fisher: f, columns: columns, bounds: map[stop]bound{}, work: budget}
	var root node
	for i, r := range rows {
		root[i] = int32(r)
	}
	root.sort()
	all := w.rest(0, root)
	p := 0.0
	from := []stage{{root, []path{{0, 1}}}}
	for at := range columns { // at the last one every path counts or is dropped
		next, done := w.pass(at, from, all)
		if w.work < 0 {
			return 0, false
		}
		p += done
		from = next
	}
	return p, true
}

// A stage is a node with the paths that lead to it.
type stage struct {
	node
	paths []path
}

// pass fills one column from every node. Paths of which all ends are likely
// enough to leave out are dropped; those of which every end counts are added to
// done with the probability of all their ends at once.
func (w *network) pass(at int, from []stage, all float64) (next []stage, done float64) {
	index := map[node]int{}
	for _, s := range from {
		paths := merged(s.paths)
		w.fill(s.node, w.columns[at], func(child node, value float64) {
			w.work -= len(paths)
			if w.work < 0 {
				return
			}
			b := w.bound(at+1, child)
			rest := w.rest(at+1, child)
			for _, v := range paths {
				v.value += value
				switch {
				case v.value+b.hi <= w.observed+tie:
					done += v.ways * math.Exp(v.value+rest-all)
				case v.value+b.lo > w.observed+tie:
				default:
					i, ok := index[child]
					if !ok {
						i = len(next)
						index[child] = i
						next = append(next, stage{node: child})
					}
					next[i].paths = append(next[i].paths, v)
				}
			}
		})
	}
	return next, done
}

// merged adds up the ways to the same value. Values of different cells that are
// equal in truth differ by rounding, so equal means equal to nine decimals.
func merged(paths []path) []path {
	round := func(v path) float64 { return math.Round(v.value * 1e9) }
	slices.SortFunc(paths, func(a, b path) int {
		return cmp.Or(cmp.Compare(round(a), round(b)), cmp.Compare(a.value, b.value))
	})
	out := paths[:0]
	for _, v := range paths {
		if n := len(out); n > 0 && round(out[n-1]) == round(v) {
			out[n-1].ways += v.ways
			continue
		}
		out = append(out, v)
	}
	return out
}

// fill calls f for every way to divide a column over the rows of a node, with
// what is left and the value of the column.
func (w *network) fill(from node, column int, f func(node, float64)) {
	var room [maxRows + 1]int // of the rows from here on
	for i := maxRows - 1; i >= 0; i-- {
		room[i] = room[i+1] + int(from[i])
	}
	var row func(i, left int, value float64)
	child := from
	row = func(i, left int, value float64) {
		if w.work < 0 {
			return
		}
		if i == maxRows || room[i] == 0 {
			w.work--
			sorted := child
			sorted.sort()
			f(sorted, value)
			return
		}
		for x := max(0, left-room[i+1]); x <= min(left, int(from[i])); x++ {
			child[i] = from[i] - int32(x)
			row(i+1, left-x, value-w.logFactorial(x))
		}
		child[i] = from[i]
	}
	row(0, column, 0)
}

// bound returns the lowest and highest value of the paths from a node.
func (w *network) bound(at int, from node) bound {
	if at == len(w.columns) {
		return bound{}
	}
	if at == len(w.columns)-1 { // the last column takes what is left
		v := 0.0
		for _, x := range from {
			v -= w.logFactorial(int(x))
		}
		return bound{v, v}
	}
	key := stop{at, from}
	if b, ok := w.bounds[key]; ok {
		return b
	}
	b := bound{math.Inf(1), math.Inf(-1)}
	w.fill(from, w.columns[at], func(child node, value float64) {
		c := w.bound(at+1, child)
		b.lo, b.hi = min(b.lo, value+c.lo), max(b.hi, value+c.hi)
	})
	w.bounds[key] = b
	return b
}

// rest is log Σ exp(value) over all paths from a node: the number of ways to
// deal n cases, n! / (Π row! · Π column!).
func (w *network) rest(at int, from node) float64 {
	n, v := 0, 0.0
	for _, x := range from {
		n += int(x)
		v -= w.logFactorial(int(x))
	}
	for _, c := range w.columns[at:] {
		v -= w.logFactorial(c)
	}
	return v + w.logFactorial(n)
}

func (n *node) sort() {
	slices.SortFunc(n[:], func(a, b int32) int { return cmp.Compare(b, a) })
}
