package table

import (
	"fmt"
	"math"
	"slices"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// A cross is a part with its place in the table.
type cross struct {
	part
	at int // of its first row
}

// test tests whether the groups differ: on questionnaires, not units, and without
// geen zicht op and n.v.t. (DESIGN 7). A weighted table is tested unweighted.
func (w *making) test() {
	for _, c := range w.crosses {
		if w.paired {
			w.testPaired(c)
		} else if w.Sum == SumMulti {
			w.testEach(c)
		} else {
			w.testChoice(c)
		}
	}
	ps := make([]float64, len(w.Tests))
	for i, t := range w.Tests {
		ps[i] = t.P
	}
	for i, p := range stat.Holm(ps) {
		w.Tests[i].PHolm = p
	}
	if len(w.Tests) > 1 {
		w.Notes = append(w.Notes, TestsNote(len(w.Tests)))
	}
	if len(w.Tests) > 0 && w.weight != nil {
		w.Warnings = append(w.Warnings, Warning{Kind: Weighting, Text: "De toetsen zijn ongewogen."})
	}
}

// TestsNote is what is noted of a table with more than one test.
func TestsNote(n int) string {
	return fmt.Sprintf("Er zijn %d toetsen gedaan; ‘p (Holm)’ houdt daar rekening mee.", n)
}

// testChoice tests the options of one choice together, and gives each cell its
// residual.
func (w *making) testChoice(c cross) {
	var options []int
	for i, o := range c.columns {
		if o.Missing == instrument.Substantive {
			options = append(options, i)
		}
	}
	counts := grid[int](w.groups-1, len(options))
	for g := 1; g < w.groups; g++ {
		for j, i := range options {
			counts[g-1][j] = c.own[g][i]
		}
	}
	test, x := independence(counts)
	test.Row, test.Label = c.row, c.label
	w.Tests = append(w.Tests, test)
	for g := range counts {
		for j, i := range options {
			w.Rows[c.at+g].Cells[i].Residual = x.Adjusted[g][j]
		}
	}
}

// testEach tests each option of a multiple choice on its own.
func (w *making) testEach(c cross) {
	var exclusive []int
	for i, o := range c.columns {
		if o.Missing != instrument.Substantive {
			exclusive = append(exclusive, i)
		}
	}
	for i, o := range c.columns {
		if o.Missing != instrument.Substantive {
			continue
		}
		counts := grid[int](w.groups-1, 2)
		for g := 1; g < w.groups; g++ {
			valid := c.base[g].own
			for _, e := range exclusive {
				valid -= c.own[g][e]
			}
			chosen := min(c.own[g][i], max(valid, 0))
			counts[g-1][0], counts[g-1][1] = chosen, max(valid, 0)-chosen
		}
		test, x := independence(counts)
		test.Row, test.Label, test.Column = c.row, c.label, o.ID
		w.Tests = append(w.Tests, test)
		for g := range counts {
			w.Rows[c.at+g].Cells[i].Residual = x.Adjusted[g][0]
		}
	}
}

// independence is the test of Pearson, or that of Fisher where an expected count
// is below 5.
func independence(counts [][]int) (Test, stat.Cross) {
	x := stat.Independence(counts)
	t := x.Test
	if x.Lowest < 5 {
		t = stat.Fisher(counts)
	}
	return testOf(t), x
}

func testOf(t stat.Test) Test {
	return Test{Method: string(t.Method), N: t.N, Statistic: t.Statistic, DF: t.DF, DF2: t.DF2, P: t.P, PHolm: math.NaN(),
		Effect: t.Effect.Value, EffectName: t.Effect.Name, Warnings: slices.Clone(t.Warnings)}
}

// testMeans tests whether the means of a column of grades or numbers differ
// between the groups, whatever their variances (DESIGN 7). numbers are those of
// questionnaires, by group; [0], of all, is left out.
func (w *making) testMeans(row, label, column string, numbers [][]float64) {
	test := testOf(stat.WelchAnova(numbers[1:]).Test)
	test.Row, test.Label, test.Column = row, label, column
	w.Tests = append(w.Tests, test)
}
