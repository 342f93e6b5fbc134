package table

import "math"

// Percent returns the whole percentage that count of n is printed as: half-up on
// the exact fraction (standards T9). n is above 0.
func Percent(count, n int) int { return (200*count + n) / (2 * n) }

// Between returns the fewest and the most of n that are printed as a whole
// percentage; most < fewest where nothing is. n is above 0.
func Between(percent, n int) (fewest, most int) {
	// percent − ½ ≤ 100·count/n < percent + ½
	fewest = max(ceil((2*percent-1)*n, 200), 0)
	most = min(ceil((2*percent+1)*n, 200)-1, n)
	return fewest, most
}

// ceil is a/b rounded up, for b > 0.
func ceil(a, b int) int {
	if a <= 0 {
		return a / b
	}
	return (a + b - 1) / b
}

// Whole returns the percentage of a cell as it is printed, and whether there is
// one: a base of 0 has none, nor has a grade. That of a weighted table is no
// fraction of counts.
func (t *Table) Whole(r *Row, c *Cell) (int, bool) {
	switch {
	case math.IsNaN(c.Percent):
		return 0, false
	case c.Count != Unknown && r.N > 0 && t.Weight == "" && t.Base == WithMissing:
		return Percent(c.Count, r.N), true
	}
	return int(math.Floor(c.Percent + .5)), true
}
