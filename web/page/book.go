package page

import (
	"cmp"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/web/ui"
)

// BookPath is where the tables of a study are, after its base.
const BookPath = "/tabellen"

// ScalesPath is where the scales of a study are, after its base.
const ScalesPath = "/schalen"

// HypothesesPath is where the expectations of a study are, after its base.
const HypothesesPath = "/analyse/hypothesen"

// A Book is the book of tables of one audience.
type Book struct {
	Staff
	Heading   string // "" for Tabellen
	Doc       *report.Document
	Path      string // of this book
	Audiences []Tab
	Choices   []BookChoice // what can be chosen, in order
	Downloads []Link
	Problem   string // what was asked for does not fit
	Print     bool   // on paper: no controls
	Figures   bool   // a figure can be had by itself
	Tail      string // what the addresses of figures and single tables end with: what was chosen
	PNG       bool   // a figure can be had as a picture
	Single    bool   // a table can be had by itself
}

// figurePath is where a figure is, with the choices that it was drawn with.
func (p Book) figurePath(table, ext string) string {
	return p.Path + "/" + table + "." + ext + p.Tail
}

// heading is what the page is called.
func (p Book) heading() string { return cmp.Or(p.Heading, "Tabellen") }

// others are the pages about the same answers.
func (p Book) others() []Link {
	all := []Link{{p.Base + BookPath, "de tabellen"}, {p.Base + ScalesPath, "de schalen"}, {p.Base + HypothesesPath, "de verwachtingen"}}
	return slices.DeleteFunc(all, func(l Link) bool { return p.Path == l.Path || strings.HasPrefix(p.Path, l.Path+"/") })
}

// A Tab is one of several pages about the same.
type Tab struct {
	Link
	Current bool
}

// A BookChoice is one setting of the tables.
type BookChoice struct {
	Name, Label string
	Options     []Choice
}

// cellID is what an address ends with that points at one number.
func cellID(g *report.Grid, l report.Line, i int) string {
	head := ""
	if i < len(g.Heads) {
		head = g.Heads[i].ID
	}
	return anchor(g.ID, l, head)
}

func anchor(table string, l report.Line, head string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\n' {
			return '_'
		}
		return r
	}, strings.Join([]string{table, l.Group, l.ID, head}, "-"))
}

// headings are the blocks of the contents.
func (p Book) headings() []report.Heading {
	var out []report.Heading
	for _, b := range p.Doc.Blocks {
		if h, ok := b.(report.Heading); ok {
			out = append(out, h)
		}
	}
	return out
}

// about is the subtitle with what the book is of.
func (p Book) about() string {
	return strings.TrimSuffix(p.Doc.Subtitle+" · "+p.factsText(), " · ")
}

// factsText is what the book is of, on one line.
func (p Book) factsText() string {
	var parts []string
	for _, f := range p.Doc.Facts {
		parts = append(parts, f[0]+": "+f[1])
	}
	return ui.Upper(strings.Join(parts, " · "))
}
