package demo

import "math"

// marks returns how often each grade from Min to Max was given, by a number of
// units, so that mean and standard deviation come out as published as nearly as
// whole numbers allow.
func marks(g grade, n int) []int {
	counts := bell(g, n)
	sum := int(math.Round(g.Mean * float64(n)))
	for have := total(counts, g.Min); have != sum; have = total(counts, g.Min) {
		step := 1
		if have > sum {
			step = -1
		}
		move(counts, fullest(counts, step), step)
	}
	squares := int(math.Round(g.SD*g.SD*float64(n-1) + float64(sum)*float64(sum)/float64(n)))
	for range 10 * n {
		gap := squares - totalSquares(counts, g.Min)
		low, high := pair(counts, gap)
		if low < 0 {
			break
		}
		if gap > 0 {
			move(counts, low, -1)
			move(counts, high, 1)
		} else {
			move(counts, low, 1)
			move(counts, high, -1)
		}
	}
	return counts
}

// bell returns n grades in the shape of a normal distribution, both ends taken
// at least once.
func bell(g grade, n int) []int {
	counts := make([]int, g.Max-g.Min+1)
	density := make([]float64, len(counts))
	var all float64
	for i := range counts {
		z := (float64(g.Min+i) - g.Mean) / g.SD
		density[i] = math.Exp(-z * z / 2)
		all += density[i]
	}
	left := n
	for i := range counts {
		counts[i] = int(density[i] / all * float64(n))
		if i == 0 || i == len(counts)-1 {
			counts[i] = max(counts[i], 1)
		}
		left -= counts[i]
	}
	for ; left != 0; left -= sign(left) {
		counts[fullest(counts, 0)] += sign(left)
	}
	return counts
}

// fullest returns the grade that was given most, of those that can move by step.
func fullest(counts []int, step int) int {
	best := -1
	for i, n := range counts {
		if i+step >= 0 && i+step < len(counts) && spare(counts, i) && (best < 0 || n > counts[best]) {
			best = i
		}
	}
	return best
}

// spare reports whether one of a grade can be missed: the ends stay taken.
func spare(counts []int, i int) bool {
	if i == 0 || i == len(counts)-1 {
		return counts[i] > 1
	}
	return counts[i] > 0
}

// pair returns the two grades from which one step apart (gap above 0) or one
// step together closes most naturally the gap in the sum of squares; -1 if
// nothing brings it nearer.
func pair(counts []int, gap int) (low, high int) {
	low, high = -1, -1
	best := 0
	for a := range counts {
		for b := a; b < len(counts); b++ {
			apart := gap > 0
			change := 2*(b-a) + 2
			if !apart {
				change = 2*(b-a) - 2
			}
			fits := change > 0 && change < 2*max(gap, -gap) && spare(counts, a) && spare(counts, b) && (a != b || counts[a] > 2)
			if apart {
				fits = fits && a > 0 && b < len(counts)-1
			}
			if weight := counts[a] * counts[b]; fits && weight > best {
				low, high, best = a, b, weight
			}
		}
	}
	return low, high
}

func move(counts []int, from, step int) {
	counts[from]--
	counts[from+step]++
}

func total(counts []int, first int) int {
	sum := 0
	for i, n := range counts {
		sum += n * (first + i)
	}
	return sum
}

func totalSquares(counts []int, first int) int {
	sum := 0
	for i, n := range counts {
		sum += n * (first + i) * (first + i)
	}
	return sum
}

func sign(n int) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}
