package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/table"
)

// Prose is a draft of what may be written about a table. It is made of the numbers
// alone, by rules, so that another number gives another text.
type Prose struct {
	ID    string // of the table
	Parts []Part
}

// A Part is a piece of text. One that is a number of the table says which.
type Part struct {
	Text string
	Cell *CellRef // nil for words
}

// A CellRef names a number of a table, and where it stands in its grid.
type CellRef struct {
	Table, Row, Group, Column string
	Line                      Line // without values
}

func (*Prose) block() {}

// Text is the draft without its references.
func (p *Prose) Text() string {
	var b strings.Builder
	for _, x := range p.Parts {
		b.WriteString(x.Text)
	}
	return b.String()
}

func (p *Prose) say(format string, args ...any) {
	p.Parts = append(p.Parts, Part{Text: fmt.Sprintf(format, args...)})
}

// number writes a percentage with its reference.
func (p *Prose) number(t *table.Table, r *table.Row, column string, percent float64) {
	p.Parts = append(p.Parts, Part{whole(percent), RefTo(t, r, column)})
}

// RefTo names a share of a table, and where it stands in its grid.
func RefTo(t *table.Table, r *table.Row, column string) *CellRef {
	return &CellRef{t.ID, r.Row, r.Group, column, Line{ID: lineID(t, r), Group: groupLabel(t, r)}}
}

// fractions are the shares that have a name.
var fractions = []struct {
	percent float64
	name    string
}{
	{10, "een tiende"}, {20, "een vijfde"}, {25, "een kwart"}, {100. / 3, "een derde"}, {40, "twee vijfde"}, {50, "de helft"}, {60, "drie vijfde"},
	{200. / 3, "twee derde"}, {75, "driekwart"}, {80, "vier vijfde"}, {90, "negen tiende"},
}

// exactly is how far a share may be from its name.
const exactly = .75

// ShareWords says a percentage in words: ‘ruim de helft’, ‘iets minder dan een
// derde’, ‘bijna alle’. whole reports whether the words stand before the noun
// itself, and not before ‘van de’.
func ShareWords(percent float64) (words string, whole bool) {
	switch {
	case math.IsNaN(percent):
		return "een onbekend deel", false
	case percent >= 100:
		return "alle", true
	case percent >= 95:
		return "bijna alle", true
	case percent <= 0:
		return "geen van de", true
	case percent < 3:
		return "bijna geen van de", true
	case percent < 8:
		return "een klein deel", false
	}
	best := fractions[0]
	for _, f := range fractions {
		if math.Abs(percent-f.percent) < math.Abs(percent-best.percent) {
			best = f
		}
	}
	switch d := percent - best.percent; {
	case math.Abs(d) <= exactly:
		return best.name, false
	case d > 0:
		return "ruim " + best.name, false
	}
	return "iets minder dan " + best.name, false
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// about is who a share is of: ‘ruim de helft van de gemeenten’.
func about(percent float64, many string) (text string, plural bool) {
	words, all := ShareWords(percent)
	if all {
		return upperFirst(words) + " " + many, true
	}
	return upperFirst(words) + " van de " + many, false
}

// mostRows is about how many rows a draft speaks: what a table shows need not be
// read aloud.
const mostRows = 3

// ProseOf drafts what may be written about a table of many units; false where it
// has nothing to say. Small bases are passed over, as in figures.
func ProseOf(t *table.Table, many string) (*Prose, bool) {
	p := &Prose{ID: t.ID}
	switch {
	case t.By != nil:
		p.differences(t)
	case t.Layout == table.Options && t.Sum != table.SumNone:
		p.options(t, many)
	case t.Layout == table.Matrix && t.Sum == table.SumRow:
		p.choices(t, many)
	case t.Layout == table.Matrix && t.Sum == table.SumMulti:
		p.several(t, many)
	}
	return p, len(p.Parts) > 0
}

// options says which options were chosen most.
func (p *Prose) options(t *table.Table, many string) {
	rows, _ := drawn(t)
	if len(t.Columns) == 0 {
		return
	}
	column := t.Columns[0].ID
	rows = slices.DeleteFunc(rows, func(r *table.Row) bool { return math.IsNaN(share(r, column)) })
	if len(rows) == 0 {
		return
	}
	slices.SortStableFunc(rows, func(a, b *table.Row) int {
		switch x, y := share(a, column), share(b, column); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	x := share(rows[0], column)
	who, plural := about(x, many)
	p.say("%s (", who)
	p.number(t, rows[0], column, x)
	p.say(") %s ‘%s’.", verb("antwoordt", "antwoorden", plural), figureLabel(rows[0]))
	if len(rows) > 1 && share(rows[1], column) > 0 {
		p.say(" Daarna volgt ‘%s’ (", figureLabel(rows[1]))
		p.number(t, rows[1], column, share(rows[1], column))
		p.say(").")
	}
}

func verb(one, more string, plural bool) string {
	if plural {
		return more
	}
	return one
}

// choices says of each row which answer was given most; of many rows only of those
// that stand out.
func (p *Prose) choices(t *table.Table, many string) {
	rows, _ := drawn(t)
	scale := substantive(t.Columns)
	if len(rows) > mostRows && len(scale) >= 4 {
		p.outer(t, rows, scale, many)
		return
	}
	for _, r := range rows[:min(len(rows), mostRows)] {
		c, x, ok := most(r, scale)
		if !ok {
			continue
		}
		if len(p.Parts) > 0 {
			p.say(" ")
		}
		who, plural := about(x, many)
		p.say("%s (", who)
		p.number(t, r, c.ID, x)
		p.say(") %s bij ‘%s’ voor ‘%s’.", verb("kiest", "kiezen", plural), figureLabel(r), c.Label)
	}
}

// outer says in which rows the upper two answers were given most and least.
func (p *Prose) outer(t *table.Table, rows []*table.Row, scale []table.Column, many string) {
	upper := scale[len(scale)-2:]
	sum := func(r *table.Row) float64 { return share(r, upper[0].ID) + share(r, upper[1].ID) }
	low, high := outermost(rows, sum)
	if low == high {
		return
	}
	tell := func(r *table.Row, how string) {
		who, plural := about(sum(r), many)
		p.say("%s (", who)
		p.number(t, r, upper[0].ID, share(r, upper[0].ID))
		p.say(" en ")
		p.number(t, r, upper[1].ID, share(r, upper[1].ID))
		p.say(") %s bij ‘%s’ voor ‘%s’ of ‘%s’: %s.", verb("kiest", "kiezen", plural), figureLabel(r), upper[0].Label, upper[1].Label, how)
	}
	tell(high, "het meest van alle")
	p.say(" ")
	tell(low, "het minst")
}

// several says of each answer in which row it was given most.
func (p *Prose) several(t *table.Table, many string) {
	rows, _ := drawn(t)
	for _, c := range substantive(t.Columns) {
		best := foremost(rows, c.ID)
		if best == nil || share(best, c.ID) <= 0 {
			continue
		}
		if len(p.Parts) > 0 {
			p.say(" ")
		}
		who, plural := about(share(best, c.ID), many)
		p.say("%s (", who)
		p.number(t, best, c.ID, share(best, c.ID))
		p.say(") %s bij ‘%s’ ‘%s’.", verb("noemt", "noemen", plural), figureLabel(best), c.Label)
	}
}

// significant is the level of the tests in a draft, after Holm's correction.
const significant = .05

// differences says which tests of a split table found something, with the groups
// that are furthest apart.
func (p *Prose) differences(t *table.Table) {
	found := false
	for _, x := range t.Tests {
		pv := x.PHolm
		if math.IsNaN(pv) {
			pv = x.P
		}
		if !(pv < significant) {
			continue
		}
		column, high, low := furthest(t, x)
		if high == nil {
			continue
		}
		if found {
			p.say(" ")
		}
		found = true
		start := "Bij"
		if name := rowName(t, x.Row); name != "" {
			start = "‘" + name + "’: bij"
		}
		p.say("%s %s is ‘%s’ vaker gekozen (", start, groupName(t, high), columnLabel(t, column))
		p.number(t, high, column, share(high, column))
		p.say(") dan bij %s (", groupName(t, low))
		p.number(t, low, column, share(low, column))
		p.say("); p %s.", pText(pv))
	}
	if !found && len(t.Tests) > 0 {
		p.say("Er is geen verschil aangetoond naar %s.", strings.ToLower(t.By.Label))
	}
}

// rowName is a row of the question, as the total of a split table calls it; "" for
// a question without rows.
func rowName(t *table.Table, id string) string {
	i := slices.IndexFunc(t.Rows, func(r table.Row) bool { return r.Row == id && r.Group == "" })
	if id == "" || i < 0 {
		return ""
	}
	return strings.TrimSuffix(t.Rows[i].Label, " – Totaal")
}

func groupName(t *table.Table, r *table.Row) string {
	name := r.Group
	if i := slices.IndexFunc(t.By.Groups, func(c table.Column) bool { return c.ID == r.Group }); i >= 0 {
		name = t.By.Groups[i].Label
	}
	return "‘" + name + "’"
}

// furthest are the two groups of the row of a test between which the share of an
// answer differs most.
func furthest(t *table.Table, x table.Test) (column string, high, low *table.Row) {
	apart := 0.0
	var rows []*table.Row
	for i := range t.Rows {
		if r := &t.Rows[i]; r.Group != "" && (x.Row == "" || r.Row == x.Row) {
			rows = append(rows, r)
		}
	}
	for _, c := range substantive(t.Columns) {
		if x.Column != "" && x.Column != c.ID {
			continue
		}
		l, h := outermost(rows, func(r *table.Row) float64 { return share(r, c.ID) })
		if h != nil && share(h, c.ID)-share(l, c.ID) > apart {
			apart, column, high, low = share(h, c.ID)-share(l, c.ID), c.ID, h, l
		}
	}
	return column, high, low
}

// A Change is a draft that reads otherwise than before.
type Change struct {
	Table  string `json:"table"`
	Before string `json:"before"` // "" for no text
	After  string `json:"after"`
}

// Changes lists the drafts of two books about the same that differ: what was
// written with the first has to be looked at again.
func Changes(before, after *table.Book) []Change {
	var out []Change
	for _, t := range after.Tables {
		old := before.Table(t.ID)
		text, was := "", ""
		if p, ok := ProseOf(t, after.Many()); ok {
			text = p.Text()
		}
		if old != nil {
			if p, ok := ProseOf(old, before.Many()); ok {
				was = p.Text()
			}
		}
		if text != was {
			out = append(out, Change{t.ID, was, text})
		}
	}
	return out
}
