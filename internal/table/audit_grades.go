package table

import (
	"math"
	"slices"
)

// half is how far a number of two decimals can be from what it was rounded from.
const half = .005 + 1e-9

// grades checks means, standard deviations and bounds, and looks for copies and
// cells that changed places.
func (a *audit) grades() {
	for _, r := range a.t.Rows {
		for _, c := range r.Cells {
			if c.Grade != nil && c.Grade.N > 0 {
				a.grade(r.Row, c.Column, *c.Grade)
			}
		}
	}
	a.lowMaximum()
	a.repeatedGrades()
	a.swappedGrades()
}

// grade checks one cell.
func (a *audit) grade(row, column string, g Grade) {
	n := float64(g.N)
	if g.Min > g.Max || g.Mean < g.Min-half || g.Mean > g.Max+half {
		a.find(Certain, row, column, "het gemiddelde %s ligt niet tussen het laagste (%s) en het hoogste cijfer (%s).", comma(g.Mean), comma(g.Min), comma(g.Max))
		return
	}
	if q := a.question; q != nil && q.Grade.Max > 0 && (g.Min < float64(q.Grade.Min) || g.Max > float64(q.Grade.Max)) {
		a.find(Certain, row, column, "een cijfer loopt van %d tot en met %d.", q.Grade.Min, q.Grade.Max)
	}
	if a.wholeGrades(g) && math.Floor((g.Mean+half)*n) < math.Ceil((g.Mean-half)*n) {
		a.find(Certain, row, column, "een gemiddelde van %s kan niet bij %d hele cijfers.", comma(g.Mean), g.N)
	}
	if g.N < 2 || math.IsNaN(g.SD) {
		return
	}
	low, high := spread(g)
	switch {
	case g.SD > high+half:
		a.find(Certain, row, column, "een standaarddeviatie van %s kan niet; met deze grenzen en dit gemiddelde is zij hoogstens %s.", comma(g.SD), comma(high))
	case g.SD < low-half:
		a.find(Certain, row, column, "een standaarddeviatie van %s kan niet; omdat er een %s en een %s bij zijn, is zij minstens %s.", comma(g.SD), comma(g.Min), comma(g.Max), comma(low))
	}
}

// wholeGrades reports whether a cell is of whole grades, as its bounds and the
// question say.
func (a *audit) wholeGrades(g Grade) bool {
	return a.question != nil && a.question.Grade.Max > 0 && g.Min == math.Trunc(g.Min) && g.Max == math.Trunc(g.Max)
}

// spread returns the least and the largest standard deviation of n numbers with
// these bounds, of which both occur, and about this mean. At most (Bhatia and
// Davis 2000) n/(n−1)·(max − M)(M − min); at least that of one at each bound and
// the others together where they make the mean.
func spread(g Grade) (low, high float64) {
	n := float64(g.N)
	low = math.Inf(1)
	for _, m := range []float64{g.Mean - half, g.Mean, g.Mean + half} {
		m = min(max(m, g.Min), g.Max)
		high = max(high, math.Sqrt(n/(n-1)*(g.Max-m)*(m-g.Min)))
		squares := (g.Max-m)*(g.Max-m) + (m-g.Min)*(m-g.Min)
		if rest := g.Max + g.Min - 2*m; g.N > 2 {
			squares += rest * rest / (n - 2)
		}
		if g.Min == g.Max {
			squares = 0
		}
		low = min(low, math.Sqrt(squares/(n-1)))
	}
	return low, high
}

// lowMaximum finds a cell whose highest grade is lower than in every other cell,
// below the top of the scale, and less than half a standard deviation above the
// mean: that many people would have given exactly that grade.
func (a *audit) lowMaximum() {
	a.eachGrade(func(r Row, c Cell) {
		g := *c.Grade
		others := math.Inf(1)
		a.eachGrade(func(r2 Row, c2 Cell) {
			if r2.Row != r.Row || c2.Column != c.Column {
				others = min(others, c2.Grade.Max)
			}
		})
		if g.N >= 20 && !math.IsInf(others, 1) && g.Max < others && g.SD > 0 && (g.Max-g.Mean)/g.SD < .5 {
			a.find(Likely, r.Row, c.Column, "het hoogste cijfer is %s, terwijl dat in alle andere cellen minstens %s is; met M=%s en SD=%s ligt dat niet voor de hand.", comma(g.Max), comma(others), comma(g.Mean), comma(g.SD))
		}
	})
}

func (a *audit) eachGrade(f func(Row, Cell)) {
	for _, r := range a.t.Rows {
		for _, c := range r.Cells {
			if c.Grade != nil && c.Grade.N > 0 {
				f(r, c)
			}
		}
	}
}

// repeatedGrades finds rows under each other with the same numbers: mean,
// standard deviation and bounds in one column, or the means in all columns.
func (a *audit) repeatedGrades() {
	for i := 1; i < len(a.t.Rows); i++ {
		x, y := a.t.Rows[i-1], a.t.Rows[i]
		means := len(x.Cells) > 1
		for j := range min(len(x.Cells), len(y.Cells)) {
			g, h := x.Cells[j].Grade, y.Cells[j].Grade
			if g == nil || h == nil || g.N < 20 || h.N < 20 || !(g.SD > 0) {
				means = false
				continue
			}
			same := cents(g.Mean) == cents(h.Mean)
			means = means && same
			if same && cents(g.SD) == cents(h.SD) && g.Min == h.Min && g.Max == h.Max {
				a.find(Likely, y.Row, y.Cells[j].Column, "M=%s, SD=%s en de grenzen zijn gelijk aan die in de rij erboven; misschien zijn zij gekopieerd.", comma(h.Mean), comma(h.SD))
			}
		}
		if means {
			a.find(Possible, y.Row, "", "alle gemiddelden zijn gelijk aan die in de rij erboven; misschien zijn zij gekopieerd.")
		}
	}
}

// cents is a number as printed, in hundredths.
func cents(x float64) float64 { return math.Floor(100*x + .5) }

// swappedGrades finds two cells of a row whose numbers of answers fit the column
// of the other, and not their own.
func (a *audit) swappedGrades() {
	for i, r := range a.t.Rows {
		for j := range r.Cells {
			for k := j + 1; k < len(r.Cells); k++ {
				g, h := r.Cells[j].Grade, r.Cells[k].Grade
				if g == nil || h == nil {
					continue
				}
				first, second := a.usualN(i, j), a.usualN(i, k)
				if near(g.N, second) && near(h.N, first) && !near(g.N, first) && !near(h.N, second) && !near(first, second) {
					a.find(Likely, r.Row, a.t.Columns[j].ID, "N=%d past bij de kolom ‘%s’ en N=%d daar bij deze; waarschijnlijk zijn de twee cellen verwisseld.", g.N, a.t.Columns[k].Label, h.N)
				}
			}
		}
	}
}

// usualN is the middle number of answers in a column, without one row; 0 where
// there are too few rows or answers to say, or the rows differ.
func (a *audit) usualN(without, column int) int {
	var ns []int
	for i, r := range a.t.Rows {
		if i != without && column < len(r.Cells) && r.Cells[column].Grade != nil {
			ns = append(ns, r.Cells[column].Grade.N)
		}
	}
	slices.Sort(ns)
	if len(ns) < 3 || ns[0] < 20 || !near(ns[0], ns[len(ns)-1]) {
		return 0
	}
	return ns[len(ns)/2]
}

// near reports whether two numbers of answers differ by a tenth at most.
func near(a, b int) bool { return 10*max(a-b, b-a) <= max(a, b) }
