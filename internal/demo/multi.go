package demo

import (
	"cmp"
	"slices"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// multi answers a choice of any number of options: first who gives an answer
// that stands alone, then the others, each of whom has at least one option.
func (l *filler) multi(q *instrument.Question, row *instrument.Row, base []*respondent) {
	id, name := "", q.ID
	if row != nil {
		id, name = row.ID, q.ID+"_"+row.ID
	}
	alone := make([]bool, len(q.Options))
	for i, o := range q.Options {
		alone[i] = o.Exclusive || o.Missing != instrument.Substantive
	}
	counts := overlaps(l.percentages(q, id), alone, units(base))
	for _, w := range base {
		for _, o := range q.Options {
			w.values[name+"_"+o.ID] = "0"
		}
	}
	for i, o := range q.Options {
		if alone[i] {
			base = l.standAlone(q, o, id, name, base, counts[i])
		}
	}
	l.together(q, id, name, base, counts, alone)
	for _, w := range base {
		if row != nil && row.Open {
			w.values[name+"_txt"] = l.text("anders", w, name)
		}
		for _, o := range q.Options {
			if o.Open && w.values[name+"_"+o.ID] == "1" {
				w.values[name+"_"+o.ID+"_txt"] = l.text("functie", w, name)
			}
		}
	}
}

// standAlone gives an exclusive option to n units and returns the others.
func (l *filler) standAlone(q *instrument.Question, o instrument.Option, row, name string, base []*respondent, n int) []*respondent {
	scores := l.missing(o.Missing, row, name+o.ID, base)
	if o.Missing == instrument.Substantive { // no, none: where things stand low
		factor, loading := l.content(q, row)
		scores = l.scores(base, factor, -loading, name+o.ID)
	}
	var rest []*respondent
	for i, yes := range choose(base, scores, n) {
		if yes {
			base[i].values[name+"_"+o.ID] = "1"
		} else {
			rest = append(rest, base[i])
		}
	}
	return rest
}

// together gives the other options, the most frequent first. Who has none yet
// comes first for the next.
func (l *filler) together(q *instrument.Question, row, name string, base []*respondent, counts []int, alone []bool) {
	var order []int
	for i := range q.Options {
		if !alone[i] {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	has := make([]int, len(base))
	factor, _ := l.content(q, row)
	for _, o := range order {
		option := name + "_" + q.Options[o].ID
		school := l.factor("absent "+q.Options[o].ID, 0)
		scores := l.scores(base, factor, .5, option)
		for i, w := range base {
			scores[i] -= school[l.at[w]]
			if has[i] == 0 {
				scores[i] += 100
			}
		}
		for i, yes := range choose(base, scores, counts[o]) {
			if yes {
				base[i].values[option] = "1"
				has[i]++
			}
		}
	}
	lend(q, name, base, has, order)
}

// lend gives an option to those who got none, from others who have two.
func lend(q *instrument.Question, name string, base []*respondent, has, options []int) {
	for i, w := range base {
		if has[i] > 0 {
			continue
		}
		for j, from := range base {
			if has[j] < 2 || from.weight != w.weight || has[i] > 0 {
				continue
			}
			for _, o := range options {
				option := name + "_" + q.Options[o].ID
				if from.values[option] == "1" {
					from.values[option], w.values[option] = "0", "1"
					has[i], has[j] = has[i]+1, has[j]-1
					break
				}
			}
		}
	}
}

// overlaps returns how many of n units choose each option. Those without an
// option that stands alone must each have one of the others, and no other can
// be more frequent than they are: what is published beyond that is cut off.
func overlaps(percent []int, alone []bool, n int) []int {
	counts := make([]int, len(percent))
	rest, most, sum := n, 0, 0
	for i, p := range percent {
		low, high := between(p, n)
		counts[i] = min(max((2*p*n+100)/200, low), high)
		if alone[i] {
			rest -= counts[i]
			continue
		}
		sum += counts[i]
		most = max(most, counts[i])
	}
	for i, p := range percent { // within the rounding, if that is enough
		low, high := between(p, n)
		for alone[i] && rest < most && counts[i] > low {
			counts[i]--
			rest++
		}
		for alone[i] && rest > sum && counts[i] < high {
			counts[i]++
			rest--
		}
	}
	for i := range counts {
		if !alone[i] {
			counts[i] = min(counts[i], rest)
		}
	}
	return counts
}
