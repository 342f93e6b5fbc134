package sheet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// maxProblems is how many problems of one file are told one by one.
const maxProblems = 200

// A Problem is something in a file that its maker must mend. The text is plain
// Dutch; parts of the file that it quotes are still raw text, not HTML.
type Problem struct {
	Line   int    // 1-based; 0 for the file as a whole
	Column string // name of the column as printed, or empty
	Text   string
}

// String returns the problem as one line, such as
// "regel 12, kolom email: dit is geen e-mailadres".
func (p Problem) String() string {
	var where []string
	if p.Line > 0 {
		where = append(where, fmt.Sprintf("regel %d", p.Line))
	}
	if p.Column != "" {
		where = append(where, "kolom "+oneLine(p.Column, 60))
	}
	if len(where) == 0 {
		return p.Text
	}
	return strings.Join(where, ", ") + ": " + p.Text
}

// Problems collects what is wrong with a file. The zero value is ready for use.
type Problems struct {
	list []Problem
	more int // not kept
}

// Add notes a problem. After the first 200 problems it only counts.
func (p *Problems) Add(line int, column, format string, args ...any) {
	p.Append(Problem{line, column, fmt.Sprintf(format, args...)})
}

// Append notes problems that were made elsewhere.
func (p *Problems) Append(problems ...Problem) {
	room := min(len(problems), max(0, maxProblems-len(p.list)))
	p.list = append(p.list, problems[:room]...)
	p.more += len(problems) - room
}

// Len returns how many problems were noted, those not listed included.
func (p *Problems) Len() int { return len(p.list) + p.more }

// List returns the problems in the order of their lines. If there are more
// than 200, the last one says how many are not listed.
func (p *Problems) List() []Problem {
	list := slices.Clone(p.list)
	slices.SortStableFunc(list, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	switch {
	case p.more == 1:
		list = append(list, Problem{Text: "Er is nog 1 ander probleem."})
	case p.more > 1:
		list = append(list, Problem{Text: fmt.Sprintf("Er zijn nog %d andere problemen.", p.more)})
	}
	return list
}

// Quote returns a piece of the file fit for the text of a problem: on one
// line, not too long, between quotation marks.
func Quote(s string) string {
	return "‘" + oneLine(s, 60) + "’"
}

// oneLine replaces characters that would break or hide a line and cuts what is
// longer than n characters.
func oneLine(s string, n int) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(s) {
		if n--; n < 0 {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
