package page

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/web/ui"
)

// BookPath is where the tables of a study are, after its base.
const BookPath = "/tabellen"

// Where the analysis of a study is, after its base.
const (
	AnalysisPath   = "/analyse"
	ScalesPath     = "/analyse/schalen"
	HypothesesPath = "/analyse/hypothesen"
	CrossPath      = "/analyse/kruistabel"
	RowsPath       = "/analyse/rijen"         // the units behind a cell, and one of them
	ChangesPath    = "/analyse/wijzigingen"   // what other numbers change in the text
	RegistersPath  = "/analyse/verwachtingen" // the files with expectations
	RepeatPath     = "/analyse/narekenen.R"
)

// A Book is the book of tables of one audience.
type Book struct {
	Staff
	Heading      string // "" for Tabellen
	Doc          *report.Document
	Path         string // of this book
	Audiences    []Tab
	Choices      []BookChoice // what can be chosen, in order
	Downloads    []Link
	Problem      string            // what was asked for does not fit
	ProblemField string            // "" for splits
	Back         *Link             // where this was come from
	FigureName   string            // what the files of figures are called, "" for their table
	Print        bool              // on paper: no controls
	Figures      bool              // a figure can be had by itself
	Tail         string            // what the addresses of figures and single tables end with: what was chosen
	PNG          bool              // a figure can be had as a picture
	Single       bool              // a table can be had by itself
	Cells        string            // what the address begins with of who is behind a number, "" for who may not see it
	Lines        map[string]string // where a line of a grid leads to, by grid and line with a slash between
	Under        templ.Component   // between the choices and the numbers; nil for nothing
}

// cellPath is where the units behind a number are; "" where it is not known.
func (p Book) cellPath(g *report.Grid, l report.Line, i int) string {
	if p.Cells == "" || p.Print || i >= len(g.Heads) || math.IsNaN(l.Values[i].Number) {
		return ""
	}
	return p.Cells + url.Values{"regel": {l.ID}, "blok": {l.Group}, "kop": {g.Heads[i].ID}}.Encode()
}

// linePath is where a line leads to, "" for nowhere.
func (p Book) linePath(g *report.Grid, l report.Line) string {
	if p.Print {
		return ""
	}
	return p.Lines[g.ID+"/"+l.ID]
}

// figurePath is where a figure is, with the choices that it was drawn with.
func (p Book) figurePath(table, ext string) string {
	return p.Path + "/" + cmp.Or(p.FigureName, table) + "." + ext + p.Tail
}

// heading is what the page is called.
func (p Book) heading() string { return cmp.Or(p.Heading, "Tabellen") }

// others are the pages about the same answers.
func (p Book) others() []Link {
	all := []Link{{p.Base + AnalysisPath, "de analyse"}, {p.Base + BookPath, "de tabellen"}, {p.Base + ScalesPath, "de schalen"}, {p.Base + HypothesesPath, "de verwachtingen"}, {p.Base + CrossPath, "kruistabellen"}}
	return slices.DeleteFunc(all, func(l Link) bool {
		return p.Path == l.Path || l.Path != p.Base+AnalysisPath && strings.HasPrefix(p.Path, l.Path+"/")
	})
}

// A Tab is one of several pages about the same.
type Tab struct {
	Link
	Current bool
}

// A BookChoice is one setting of the tables: a list to choose from, perhaps in
// groups, or a box to write in.
type BookChoice struct {
	Name, Label string
	Options     []Choice
	Groups      []ChoiceGroup // after Options
	Box         *ui.Box       // in place of a list
}

// A ChoiceGroup is choices that belong together.
type ChoiceGroup struct {
	Label   string
	Options []Choice
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

// alone reports whether the tables stand in no part, so that their headings follow
// that of the page.
func (p Book) alone() bool {
	return !slices.ContainsFunc(p.Doc.Blocks, func(b report.Block) bool {
		h, ok := b.(report.Heading)
		return ok && h.Level == 1
	})
}
