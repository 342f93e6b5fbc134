package demo

import (
	"cmp"
	"slices"
)

// allot gives each of some respondents one category, so that the category counts
// come out exactly. Scores put the respondents in order: the lowest get the
// first category. A respondent counts for as many units as its weight; those
// that count for more are placed first, where their score says, as there is no
// room for them at the end.
func allot(who []*respondent, scores []float64, counts []int) []int {
	order := make([]int, len(who))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	given := make([]int, len(who))
	left := slices.Clone(counts)
	before := 0 // units with a lower score
	for _, i := range order {
		given[i] = -1
		if w := who[i].weight; w > 1 {
			given[i] = roomFor(w, categoryAt(counts, before), left)
			left[given[i]] -= w
		}
		before += who[i].weight
	}
	category := 0
	for _, i := range order {
		if given[i] >= 0 {
			continue
		}
		for category < len(left)-1 && left[category] == 0 {
			category++
		}
		given[i] = category
		left[category]--
	}
	return given
}

// categoryAt returns the category of the unit at a place in the order.
func categoryAt(counts []int, place int) int {
	for c, n := range counts {
		if place < n {
			return c
		}
		place -= n
	}
	return len(counts) - 1
}

// roomFor returns the category nearest to the wanted one that has room for
// weight; if none has, the one with most room.
func roomFor(weight, wanted int, left []int) int {
	best := -1
	for c, n := range left {
		if n >= weight && (best < 0 || distance(c, wanted) < distance(best, wanted)) {
			best = c
		}
	}
	if best < 0 {
		best = slices.Index(left, slices.Max(left))
	}
	return best
}

func distance(a, b int) int { return max(a-b, b-a) }

// choose returns which of some respondents, together n units, have the highest
// scores.
func choose(who []*respondent, scores []float64, n int) []bool {
	chosen := make([]bool, len(who))
	for i, category := range allot(who, scores, []int{units(who) - n, n}) {
		chosen[i] = category == 1
	}
	return chosen
}

// units returns for how many units respondents answer.
func units(who []*respondent) int {
	n := 0
	for _, w := range who {
		n += w.weight
	}
	return n
}
