package disclosure

import (
	"fmt"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Split is a breakdown that could be published.
type Split struct {
	Column *dataset.Column
	Beside string // the label of an earlier split that it may not stand beside; "" for a safe one
}

// maxGroups is how many groups a breakdown has at most.
const maxGroups = 50

// Splits says by which background columns the book of d may be published, all of
// them beside each other. Two columns cannot be published together where groups of
// one and groups of the other hold nearly the same units: subtracting them leaves
// a few (standards X3). The earlier column in the order of d is kept, so that the
// answer does not depend on who asks first. Compared are two columns at a time.
func Splits(d *dataset.Dataset, limits study.Disclosure) []Split {
	limits = limits.Limits()
	var out []Split
	for _, c := range d.Columns() {
		if c.Role != dataset.Background || c.Type != instrument.CodeType || len(c.Values) > maxGroups || len(c.Values) < 2 {
			continue
		}
		s := Split{Column: c}
		for _, earlier := range out {
			if s.Beside == "" && earlier.Beside == "" && !limits.Traceable && apart(d.Cross(earlier.Column, c), limits.SmallBase) < limits.SmallBase {
				s.Beside = earlier.Column.Label
			}
		}
		out = append(out, s)
	}
	return out
}

// MayPublish reports why a book split by a column may not be published, nil where
// it may. "" is the book without a split.
func MayPublish(d *dataset.Dataset, by string, limits study.Disclosure) error {
	if by == "" {
		return nil
	}
	for _, s := range Splits(d, limits) {
		switch {
		case s.Column.Name != by:
		case s.Beside == "":
			return nil
		default:
			return errs.Errorf(errs.Invalid, "‘%s’ kan niet worden gepubliceerd naast ‘%s’. Groepen van de ene en van de andere verschillen maar weinig eenheden; uit het verschil is te achterhalen wat die antwoordden.", s.Column.Label, s.Beside)
		}
	}
	return errs.Errorf(errs.Invalid, "Publiceer alleen uitsplitsingen naar een achtergrond met 2 tot %d groepen.", maxGroups)
}

// apart is the fewest units by which some groups of one column differ from some
// groups of another, not counting all against all: the minimum cut of the graph
// with a node per group, and as many edges between two as they share units. n is
// the cross table by cells. Groups of fewer than small are printed nowhere, so they
// are left out.
func apart(n [][]int, small int) int {
	rows, columns := make([]int, len(n)), make([]int, len(n[0]))
	for r := range n {
		for c, k := range n[r] {
			rows[r] += k
			columns[c] += k
		}
	}
	var left, right []int
	for r, k := range rows {
		if k >= small && r > int(dataset.CellNotShown) {
			left = append(left, r)
		}
	}
	for c, k := range columns {
		if k >= small && c > int(dataset.CellNotShown) {
			right = append(right, c)
		}
	}
	size := len(left) + len(right)
	weight := make([][]int, size)
	for i := range weight {
		weight[i] = make([]int, size)
	}
	for i, r := range left {
		for j, c := range right {
			weight[i][len(left)+j], weight[len(left)+j][i] = n[r][c], n[r][c]
		}
	}
	return minimumCut(weight)
}

// minimumCut is the least weight between two parts of a graph (Stoer and Wagner
// 1997). It uses the weights up.
func minimumCut(weight [][]int) int {
	nodes := make([]int, len(weight))
	least := 1 << 62
	for i := range nodes {
		nodes[i] = i
	}
	for len(nodes) > 1 {
		tied := make([]int, len(weight)) // to the part that grows
		grown := make([]bool, len(weight))
		before, last := -1, -1
		for range nodes {
			next := -1
			for _, v := range nodes {
				if !grown[v] && (next < 0 || tied[v] > tied[next]) {
					next = v
				}
			}
			grown[next] = true
			before, last = last, next
			for _, v := range nodes {
				tied[v] += weight[next][v]
			}
		}
		least = min(least, tied[last]-weight[last][last])
		for _, v := range nodes { // the last two become one
			weight[before][v] += weight[last][v]
			weight[v][before] = weight[before][v]
		}
		weight[before][before] = 0
		for i, v := range nodes {
			if v == last {
				nodes = append(nodes[:i], nodes[i+1:]...)
				break
			}
		}
	}
	return least
}

// Few returns the groups of a column of the population with fewer units than a
// base may have: strata to be merged before anything of them is published
// (standards X4).
func Few(d *dataset.Dataset, column string, limits study.Disclosure) []string {
	c := d.Frame().Column(column)
	if c == nil || c.Type != instrument.CodeType {
		return nil
	}
	small := limits.Limits().SmallBase
	var out []string
	for x, n := range d.Frame().Count(c) {
		if v, ok := c.Value(dataset.Cell(x)); ok && !v.Missing && n > 0 && n < small {
			out = append(out, fmt.Sprintf("%s (%d)", v.Label, n))
		}
	}
	return out
}
