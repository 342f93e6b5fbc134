package disclosure

import (
	"math/rand/v2"
	"testing"
)

// possible finds, by trying everything, the least and the most that each hidden
// cell can be for somebody who knows what is printed. It shares nothing with span.
func (g *grid) possible() (least, most [][]int) {
	rest := make([]int, g.columns()) // of each column, not yet placed
	for r := range g.x {
		var lo, hi []int
		for c, x := range g.x[r] {
			rest[c] += x
			lo, hi = append(lo, 1<<30), append(hi, -1)
		}
		least, most = append(least, lo), append(most, hi)
	}
	var lines [][][]int // what each line can be
	for r := range g.x {
		lines = append(lines, g.linesOf(r, rest))
	}
	free := 0 // units in lines whose base is not printed
	for r, yes := range g.free {
		if yes {
			free += g.n[r]
		}
	}
	chosen := make([][]int, len(g.x))
	var place func(r, free int)
	place = func(r, free int) {
		if r == len(g.x) {
			for _, x := range rest {
				if x != 0 {
					return
				}
			}
			if free != 0 && !g.several {
				return
			}
			for r, line := range chosen {
				for c, x := range line {
					least[r][c], most[r][c] = min(least[r][c], x), max(most[r][c], x)
				}
			}
			return
		}
	next:
		for _, line := range lines[r] {
			sum := 0
			for c, x := range line {
				if x > rest[c] {
					continue next
				}
				sum += x
			}
			for c, x := range line {
				rest[c] -= x
			}
			chosen[r] = line
			left := free
			if g.free[r] {
				left -= sum
			}
			if left >= 0 || g.several {
				place(r+1, left)
			}
			for c, x := range line {
				rest[c] += x
			}
		}
	}
	place(0, free)
	return least, most
}

// linesOf are all answers that the units of a line can have given.
func (g *grid) linesOf(r int, top []int) [][]int {
	var out [][]int
	line := make([]int, g.columns())
	var fill func(c int)
	fill = func(c int) {
		if c == len(line) {
			if g.fits(r, line) {
				out = append(out, append([]int{}, line...))
			}
			return
		}
		from, to := g.x[r][c], g.x[r][c]
		if g.hidden[r][c] {
			from, to = 0, top[c]
		}
		for line[c] = from; line[c] <= to; line[c]++ {
			fill(c + 1)
		}
	}
	fill(0)
	return out
}

func (g *grid) fits(r int, line []int) bool {
	sum, alone, others, top := 0, 0, 0, 0
	for c, x := range line {
		sum += x
		if g.several && g.alone[c] {
			alone += x
		} else {
			others, top = others+x, max(top, x)
		}
	}
	switch {
	case g.several:
		valid := g.n[r] - alone
		return valid >= top && others >= valid
	case g.free[r]:
		return sum <= g.most[r]
	}
	return sum == g.n[r]
}

// random is a grid with few sensitive cells, as a breakdown has them.
func random(rnd *rand.Rand, several bool) *grid {
	lines, columns := 2+rnd.IntN(3), 2+rnd.IntN(2)
	if several {
		lines = 2 + rnd.IntN(2)
	}
	g := newGrid(lines+1, columns, 3)
	g.several, g.alone = several, make([]bool, columns)
	g.alone[columns-1] = several && columns > 2 && rnd.IntN(2) == 0
	units := 6
	if several {
		units = 4
	}
	for r := range lines + 1 {
		n := rnd.IntN(units)
		if r == lines && rnd.IntN(3) > 0 {
			n = 0
		}
		g.n[r], g.most[r] = n, n+rnd.IntN(2)
		for range n {
			if several && !(g.alone[columns-1] && rnd.IntN(3) == 0) {
				last := columns
				if g.alone[columns-1] {
					last--
				}
				must := rnd.IntN(last)
				for c := range last {
					if c == must || rnd.IntN(2) == 0 {
						g.x[r][c]++
					}
				}
				continue
			}
			c := rnd.IntN(columns)
			if several {
				c = columns - 1
			}
			g.x[r][c]++
		}
		for c, x := range g.x[r] {
			g.sensitive[r][c] = x == 1 || x == 2
		}
		if r < lines && rnd.IntN(5) == 0 {
			g.hideLine(r, true)
			g.free[r] = !several && rnd.IntN(2) == 0
		}
	}
	for _, free := range g.free[:lines] {
		g.free[lines] = g.free[lines] || free
	}
	g.hideLine(lines, false)
	return g
}

// TestWhatIsWithheldCannotBeComputed tries all tables that agree with what is
// printed. A sensitive cell must be as uncertain as the limit asks, or as it is
// when nothing but the totals is printed.
func TestWhatIsWithheldCannotBeComputed(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	guarded := 0
	for range 1500 {
		g := random(rnd, rnd.IntN(3) == 0)
		all := g.clone()
		for r := range all.hidden {
			all.hideLine(r, false)
		}
		g.protect()
		least, most := g.possible()
		floor, ceiling := all.possible()
		for r := range g.x {
			for c, yes := range g.sensitive[r] {
				if !yes {
					continue
				}
				if !g.hidden[r][c] {
					t.Fatalf("%+v: %d, %d is printed", g, r, c)
				}
				guarded++
				if got, want := most[r][c]-least[r][c], min(3, ceiling[r][c]-floor[r][c]); got < want {
					t.Fatalf("%+v:\n %d, %d lies from %d to %d, and could from %d to %d", g, r, c, least[r][c], most[r][c], floor[r][c], ceiling[r][c])
				}
			}
		}
	}
	if guarded < 2000 {
		t.Errorf("only %d cells were sensitive", guarded)
	}
}

// TestTheSpanOfACellIsExact compares it with trying everything, whatever happens to
// be hidden.
func TestTheSpanOfACellIsExact(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 1500 {
		g := random(rnd, rnd.IntN(3) == 0)
		for r := range g.x {
			for c := range g.x[r] {
				g.hidden[r][c] = g.hidden[r][c] || rnd.IntN(2) == 0
			}
		}
		least, most := g.possible()
		for r := range g.x {
			for c, hidden := range g.hidden[r] {
				if !hidden {
					continue
				}
				down, up := g.span(r, c)
				wantDown, wantUp := min(3, g.x[r][c]-least[r][c]), min(3, most[r][c]-g.x[r][c])
				if down > wantDown || up > wantUp || !g.several && (down < wantDown || up < wantUp) {
					t.Fatalf("%+v:\n %d, %d: span %d and %d, want %d and %d", g, r, c, down, up, wantDown, wantUp)
				}
			}
		}
	}
}

// TestNothingIsWithheldForNothing keeps a table whole that has no small cells.
func TestNothingIsWithheldForNothing(t *testing.T) {
	t.Parallel()
	g := newGrid(3, 2, 3)
	g.alone = []bool{false, false}
	g.x = [][]int{{12, 8}, {0, 20}, {0, 0}}
	g.n = []int{20, 20, 0}
	g.protect()
	for r := range g.x {
		for c := range g.x[r] {
			if g.hidden[r][c] {
				t.Errorf("%d, %d is withheld", r, c)
			}
		}
	}
}
