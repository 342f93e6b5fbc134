package page

import "strings"

// part cuts a text in three: what it begins with in common with another, what
// differs, and the common end. Cuts are between words.
func part(text, other string, which int) string {
	a, b := words(text), words(other)
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	to, end := len(a), len(b)
	for to > from && end > from && a[to-1] == b[end-1] {
		to, end = to-1, end-1
	}
	return strings.Join([][]string{a[:from], a[from:to], a[to:]}[which], "")
}

// words cuts a text after every space.
func words(text string) []string { return strings.SplitAfter(text, " ") }
