package page

import (
	"context"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/contactplan"
)

// Letters are letters to print, one per sheet of A4.
type Letters struct {
	Title   string
	Right   bool // the envelope has its window on the right
	Tight   bool // smaller type, for a text that does not fit otherwise
	Letters []LetterSheet
}

// Alone returns the letters as one file that needs no other.
func (p Letters) Alone(ctx context.Context) ([]byte, error) { return alone(ctx, p.View()) }

// A LetterSheet is one letter.
type LetterSheet struct {
	Address []string // lines in the window
	Bureau  string   // who writes
	Phone   string
	Email   string
	Date    string
	Subject string
	Blocks  []contactplan.Block
	Code    string
	QR      chart.Code
}

// crowdedAt is from how many characters a line of an address is set smaller.
const crowdedAt = 38

// crowded reports whether the address needs smaller type to stay in the window.
func (l LetterSheet) crowded() bool {
	return len(l.Address) > 5 || slices.ContainsFunc(l.Address, func(s string) bool { return len(s) > crowdedAt })
}

func (l LetterSheet) reach() string {
	return strings.Join(slices.DeleteFunc([]string{l.Phone, l.Email}, func(s string) bool { return s == "" }), " · ")
}

// keyFrom and keyTo bound what one needs to take part: from the short address up
// to and including the place of the QR code. Without one they are equal.
func (l LetterSheet) bounds() (from, to int) {
	from = slices.IndexFunc(l.Blocks, func(b contactplan.Block) bool { return b.Kind == contactplan.Address && !b.Small })
	to = slices.IndexFunc(l.Blocks, func(b contactplan.Block) bool { return b.Kind == contactplan.QR })
	if from < 0 || to < from {
		return 0, 0
	}
	return from, to + 1
}

func (l LetterSheet) before() []contactplan.Block {
	from, _ := l.bounds()
	return large(l.Blocks[:from])
}

func (l LetterSheet) key() []contactplan.Block {
	from, to := l.bounds()
	return large(l.Blocks[from:to])
}

func (l LetterSheet) after() []contactplan.Block { _, to := l.bounds(); return large(l.Blocks[to:]) }

// large are the blocks above the rule.
func large(all []contactplan.Block) []contactplan.Block {
	return slices.DeleteFunc(slices.Clone(all), func(b contactplan.Block) bool { return b.Small || b.Kind == contactplan.Rule })
}

// small are the blocks under the rule.
func (l LetterSheet) small() []contactplan.Block {
	return slices.DeleteFunc(slices.Clone(l.Blocks), func(b contactplan.Block) bool { return !b.Small || b.Kind == contactplan.Rule })
}

// hasCode reports whether a block is the sentence with the code alone, which is
// set large.
func (l LetterSheet) hasCode(b contactplan.Block) bool {
	return l.Code != "" && slices.ContainsFunc(b.Lines, func(line []contactplan.Span) bool {
		return slices.ContainsFunc(line, func(s contactplan.Span) bool { return s.Text == l.Code })
	})
}

// shown is an address as one types it.
func shown(url string) string {
	return strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://")
}
