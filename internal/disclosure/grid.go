package disclosure

import "slices"

// A grid is a question, or a row of one, by groups: what is printed of it, and
// what follows from what is printed. Its totals are printed as well, so they are
// known. Its last line is of the units that are in no group: that is never
// printed, but it is what the total is more than the groups.
type grid struct {
	x         [][]int  // [line][column]: units
	n         []int    // base of each line
	most      []int    // units that could be in it at most
	hidden    [][]bool // not printed
	sensitive [][]bool // not to be found out either
	free      []bool   // the base of the line is not printed
	// several answers: columns do not add up to the base. alone are the columns of
	// those who gave no other answer.
	several bool
	alone   []bool
	few     int
}

func newGrid(lines, columns, few int) *grid {
	g := &grid{n: make([]int, lines), most: make([]int, lines), free: make([]bool, lines), few: few}
	for range lines {
		g.x = append(g.x, make([]int, columns))
		g.hidden = append(g.hidden, make([]bool, columns))
		g.sensitive = append(g.sensitive, make([]bool, columns))
	}
	return g
}

func (g *grid) columns() int { return len(g.x[0]) }

// hideLine hides all cells of a line.
func (g *grid) hideLine(line int, sensitive bool) {
	for c := range g.x[line] {
		g.hidden[line][c] = true
		g.sensitive[line][c] = g.sensitive[line][c] || sensitive
	}
}

// span is how far the value of a hidden cell could lie below and above the true
// one, for somebody who knows all that is printed; each at most g.few, which is
// far enough. Of one choice it is exact: in a table of whole numbers with known
// totals a change of one cell is a flow of units around through the other hidden
// cells (Cox 1995). Of several answers it may be too small, never too large.
func (g *grid) span(line, column int) (down, up int) {
	if g.several {
		return g.spanSeveral(line, column)
	}
	f := g.flow(line, column)
	up = f.most(f.column(column), f.line(line), g.few)
	f = g.flow(line, column)
	return min(f.most(f.line(line), f.column(column), g.few), g.x[line][column]), up
}

// width is the number of values that a hidden cell could have but its own.
func (g *grid) width(line, column int) int {
	down, up := g.span(line, column)
	return down + up
}

// flow is the network of hidden cells without one. An arc from a line to a column
// makes their cell larger, one back makes it smaller; a line whose base is not
// known may give to or take from the others through the hub.
func (g *grid) flow(line, column int) *network {
	lines := len(g.x)
	f := newNetwork(lines, g.columns())
	for r := range g.x {
		for c := range g.x[r] {
			if g.hidden[r][c] && (r != line || c != column) {
				f.add(f.line(r), f.column(c), g.few)
				f.add(f.column(c), f.line(r), g.x[r][c])
			}
		}
		if g.free[r] {
			f.add(f.line(r), f.hub(), g.n[r])
			f.add(f.hub(), f.line(r), max(g.most[r]-g.n[r], 0))
		}
	}
	return f
}

// spanSeveral bounds a cell of a column whose cells add up to a known total, while
// all other columns stay as they are.
func (g *grid) spanSeveral(line, column int) (down, up int) {
	lower, upper := g.room(line, column)
	down, up = g.x[line][column]-lower, upper-g.x[line][column]
	others, more := 0, 0
	for r := range g.x {
		if r != line && g.hidden[r][column] {
			lower, upper := g.room(r, column)
			others, more = others+g.x[r][column]-lower, more+upper-g.x[r][column]
		}
	}
	return min(down, more, g.few), min(up, others, g.few)
}

// room is the least and the most that a cell of several answers can be, with all
// other cells of its line as they are: everyone ticked something, and who ticked
// geen zicht op nothing else.
func (g *grid) room(line, column int) (least, most int) {
	alone, sum, top := 0, 0, 0
	for c, x := range g.x[line] {
		switch {
		case c == column:
		case g.alone[c]:
			alone += x
		default:
			sum, top = sum+x, max(top, x)
		}
	}
	n := g.n[line]
	if g.alone[column] {
		return min(max(n-alone-sum, 0), g.x[line][column]), max(n-alone-top, g.x[line][column])
	}
	return min(max(n-alone-sum, 0), g.x[line][column]), max(n-alone, g.x[line][column])
}

// spanBase is how far the base of a line could lie below and above the true one.
func (g *grid) spanBase(line int) (down, up int) {
	less, more := 0, 0
	for r := range g.n {
		if r != line && g.free[r] {
			less, more = less+g.n[r], more+max(g.most[r]-g.n[r], 0)
		}
	}
	return min(g.n[line], more, g.few), min(max(g.most[line]-g.n[line], 0), less, g.few)
}

// A cell is a place in a grid.
type cell struct{ line, column int }

// need is how wide a sensitive cell must be: g.few, or what the totals alone leave
// of it where that is less. Nothing that is withheld can hide what the totals tell.
func (g *grid) need() map[cell]int {
	all := *g
	all.hidden = nil
	for r := range g.x {
		all.hidden = append(all.hidden, slices.Repeat([]bool{true}, len(g.x[r])))
	}
	need := map[cell]int{}
	for r := range g.sensitive {
		for c, yes := range g.sensitive[r] {
			if yes {
				need[cell{r, c}] = min(g.few, all.widest(r, c))
			}
		}
	}
	return need
}

// widest is the width of a cell in a grid with everything hidden: of one choice
// with known bases the bounds are those of Fréchet.
func (g *grid) widest(line, column int) int {
	if g.several || slices.Contains(g.free, true) {
		return g.width(line, column)
	}
	total, n := 0, 0
	for r := range g.x {
		total += g.x[r][column]
		n += g.n[r]
	}
	return min(total, g.n[line]) - max(0, total+g.n[line]-n)
}

// protect hides as many other cells as it takes to keep the sensitive ones from
// being computed: those with the fewest units first.
func (g *grid) protect() {
	for r := range g.x {
		for c := range g.x[r] {
			g.hidden[r][c] = g.hidden[r][c] || g.sensitive[r][c]
		}
	}
	need := g.need()
	first := g.clone()
	for r := range g.x { // what is wide enough stays so when more is hidden
		for c := range g.x[r] {
			n, ok := need[cell{r, c}]
			for ok && g.width(r, c) < n && g.cover(cell{r, c}, n) {
			}
		}
	}
	g.relax(first, need)
	if g.several {
		g.hideTied(need)
	}
}

// hideTied hides whole lines where single cells of several answers are tied to each
// other: who ticked nothing else ticked geen zicht op, so that beside one option
// the one tells the other. Of whole lines nobody knows which unit is in which.
func (g *grid) hideTied(need map[cell]int) {
	for r := range g.x {
		for c := range g.x[r] {
			if n, ok := need[cell{r, c}]; ok {
				g.untie(cell{r, c}, n)
			}
		}
	}
}

func (g *grid) untie(at cell, need int) {
	total := 0
	order := make([]int, len(g.x)) // hidden ones first, then the smallest
	for r := range g.x {
		total += g.x[r][at.column]
		order[r] = r
	}
	want := min(g.few, g.n[at.line], total)
	if need >= want {
		return
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if x, y := g.hidden[a][at.column], g.hidden[b][at.column]; x != y {
			if x {
				return -1
			}
			return 1
		}
		return g.n[a] - g.n[b]
	})
	sum, others := g.x[at.line][at.column], 0 // of the lines that are hidden
	g.hideLine(at.line, false)
	for _, r := range order {
		if wide := min(g.n[at.line], sum) - max(0, sum-others); r != at.line && g.n[r] > 0 && (g.hidden[r][at.column] || wide < want) {
			g.hideLine(r, false)
			sum, others = sum+g.x[r][at.column], others+g.n[r]
		}
	}
}

// exposed reports whether a sensitive cell is not wide enough.
func (g *grid) exposed(need map[cell]int) bool {
	for at, n := range need {
		if g.width(at.line, at.column) < n {
			return true
		}
	}
	return false
}

// cover hides what makes a cell wide enough at the least cost, or else what makes
// it wider; it reports whether anything was left to hide.
func (g *grid) cover(at cell, need int) bool {
	var ways [][]cell
	for r := range g.x {
		if r == at.line {
			continue
		}
		if g.several {
			ways = append(ways, g.shown(cell{r, at.column}))
			continue
		}
		for c := range g.x[r] {
			if c != at.column {
				ways = append(ways, g.shown(cell{r, at.column}, cell{at.line, c}, cell{r, c}))
			}
		}
	}
	ways = slices.DeleteFunc(ways, func(w []cell) bool { return len(w) == 0 })
	slices.SortStableFunc(ways, func(a, b []cell) int { return g.cost(a) - g.cost(b) })
	was := g.width(at.line, at.column)
	var best []cell
	gain := 0
	for _, way := range ways {
		g.set(way, true)
		width := g.width(at.line, at.column)
		g.set(way, false)
		if width >= need {
			g.set(way, true)
			return true
		}
		if width-was > gain {
			best, gain = way, width-was
		}
	}
	if best == nil && len(ways) > 0 {
		best = ways[0]
	}
	if best == nil { // the rest of the grid
		for r := range g.x {
			for c := range g.x[r] {
				best = append(best, g.shown(cell{r, c})...)
			}
		}
	}
	g.set(best, true)
	return best != nil
}

// shown are the cells that are still printed, each once.
func (g *grid) shown(cells ...cell) []cell {
	return slices.DeleteFunc(cells, func(x cell) bool { return g.hidden[x.line][x.column] })
}

func (g *grid) set(cells []cell, hidden bool) {
	for _, x := range cells {
		g.hidden[x.line][x.column] = hidden
	}
}

// cost is what a reader loses.
func (g *grid) cost(cells []cell) (n int) {
	for _, x := range cells {
		n += 1 + g.x[x.line][x.column]
	}
	return n
}

// relax prints again what turned out not to be needed, the largest first. first is
// the grid with only what had to be hidden.
func (g *grid) relax(first *grid, need map[cell]int) {
	var spare []cell
	for r := range g.x {
		for c := range g.x[r] {
			if g.hidden[r][c] && !first.hidden[r][c] {
				spare = append(spare, cell{r, c})
			}
		}
	}
	slices.SortStableFunc(spare, func(a, b cell) int { return g.x[b.line][b.column] - g.x[a.line][a.column] })
	for _, x := range spare {
		g.hidden[x.line][x.column] = false
		if g.exposed(need) {
			g.hidden[x.line][x.column] = true
		}
	}
}

func (g *grid) clone() *grid {
	out := *g
	out.hidden = nil
	for _, line := range g.hidden {
		out.hidden = append(out.hidden, slices.Clone(line))
	}
	return &out
}
