package instrument

import "strings"

// A Line is a line of one of two texts, or of both.
type Line struct {
	Change Change // "" for what both have
	A, B   int    // its number in each, from 1; 0 where it is not there
	Text   string
}

// maxGrid bounds the work of Lines.
const maxGrid = 4_000_000

// Lines compares two texts line by line: the lines of both in order, what went
// before what came. Texts that differ too much to compare are told as one that
// went and one that came.
func Lines(a, b []byte) []Line {
	x, y := cut(a), cut(b)
	head := 0
	for head < min(len(x), len(y)) && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < min(len(x), len(y))-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	d := lineDiff{}
	d.both(x[:head])
	d.middle(x[head:len(x)-tail], y[head:len(y)-tail])
	d.both(x[len(x)-tail:])
	return d.list
}

func cut(src []byte) []string {
	text := strings.TrimSuffix(string(src), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// A lineDiff collects lines and counts them.
type lineDiff struct {
	a, b int
	list []Line
}

func (d *lineDiff) both(texts []string) {
	for _, t := range texts {
		d.a, d.b = d.a+1, d.b+1
		d.list = append(d.list, Line{A: d.a, B: d.b, Text: t})
	}
}

func (d *lineDiff) gone(texts ...string) {
	for _, t := range texts {
		d.a++
		d.list = append(d.list, Line{Change: Removed, A: d.a, Text: t})
	}
}

func (d *lineDiff) came(texts ...string) {
	for _, t := range texts {
		d.b++
		d.list = append(d.list, Line{Change: Added, B: d.b, Text: t})
	}
}

// middle compares by the longest common subsequence.
func (d *lineDiff) middle(x, y []string) {
	if len(x)*len(y) > maxGrid {
		d.gone(x...)
		d.came(y...)
		return
	}
	n := make([][]int32, len(x)+1) // longest common order of x[i:] and y[j:]
	for i := len(x); i >= 0; i-- {
		n[i] = make([]int32, len(y)+1)
		for j := len(y) - 1; j >= 0 && i < len(x); j-- {
			if n[i][j] = max(n[i+1][j], n[i][j+1]); x[i] == y[j] {
				n[i][j] = n[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(x) && j < len(y) {
		switch {
		case x[i] == y[j]:
			d.both(x[i : i+1])
			i, j = i+1, j+1
		case n[i+1][j] >= n[i][j+1]:
			d.gone(x[i])
			i++
		default:
			d.came(y[j])
			j++
		}
	}
	d.gone(x[i:]...)
	d.came(y[j:]...)
}
