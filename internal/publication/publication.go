// Package publication owns what a study gives back to everybody: a factsheet, the
// models, the account of the response and the tables behind every number, as they
// were made of snapshots at a moment. An edition is plain data, so that it can be
// kept as it was read. It knows tables and figures, and no page.
//
//	e, err := publication.Make(plan, draft, inputs)
//	changes := publication.Changes(old, e)   // what readers of old must be told
//
// Every number comes from a book that passed disclosure control; Make takes no
// other.
package publication

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/report"
)

// An Edition is what is published at once.
type Edition struct {
	Heading  string     `json:"heading"` // the conclusion, in a sentence
	Lede     string     `json:"lede"`
	Sources  []Source   `json:"sources"` // one per audience, in order
	Sections []Section  `json:"sections"`
	Models   *Models    `json:"models,omitempty"` // nil where the study asks for none
	Response []Response `json:"response"`
	Chapters []Section  `json:"chapters,omitempty"` // of the report
	Shelves  []Shelf    `json:"shelves"`            // the tables, one shelf per audience
}

// A Source is the snapshot that the numbers of one audience come from.
type Source struct {
	Audience       string    `json:"audience"`
	Many           string    `json:"many"` // what its units are called together
	Snapshot       string    `json:"snapshot"`
	Made           time.Time `json:"made"`
	Hash           string    `json:"sha256"`
	Units          int       `json:"units"`
	Questionnaires int       `json:"questionnaires"`
	Population     int       `json:"population"`
	Software       string    `json:"software,omitempty"`
}

// A Section is a part of a page: a conclusion, what there is to say about it, and
// what shows it.
type Section struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Text   []Part  `json:"text,omitempty"`
	Blocks []Block `json:"blocks,omitempty"`
}

// A Part is a piece of running text. One that is a number says where it stands.
type Part struct {
	Text string `json:"text"`
	Ref  *Ref   `json:"ref,omitempty"` // nil for words
}

// A Ref names a number: a cell of a table on a shelf.
type Ref struct {
	Audience string `json:"audience"`
	Table    string `json:"table"`
	Line     string `json:"line"`
	Group    string `json:"group,omitempty"`
	Column   string `json:"column"`
}

// A Block is one of a paragraph, a figure, big numbers and a table; what it is not
// is nil.
type Block struct {
	Text   []Part       `json:"text,omitempty"`
	Figure *chart.Sheet `json:"figure,omitempty"`
	Behind []Behind     `json:"behind,omitempty"` // the tables that a figure draws
	Big    []Big        `json:"big,omitempty"`
	Grid   *Grid        `json:"grid,omitempty"`
}

// A Behind is a table that something is made of.
type Behind struct {
	Audience string `json:"audience"`
	Table    string `json:"table"`
}

// A Big is a number that stands by itself, with what it is of and a bar.
type Big struct {
	Number Part         `json:"number"`
	Of     string       `json:"of"` // van de gemeenten (N = 206)
	Bar    chart.Figure `json:"bar"`
}

// Models is the page of the models: what they are, how often they occur, and by
// groups.
type Models struct {
	Title    string    `json:"title"` // the question
	Models   []Model   `json:"models"`
	Sections []Section `json:"sections"` // by groups
}

// A Model is one model with how many chose it.
type Model struct {
	Name    string  `json:"name"`
	Text    string  `json:"text"`
	Drawing string  `json:"drawing,omitempty"`
	Shares  []Share `json:"shares"`
}

// A Share is a number of one group.
type Share struct {
	Of     string `json:"of"`
	N      int    `json:"n"`
	Number Part   `json:"number"`
}

// A Response is the account of the response of one audience.
type Response struct {
	Audience string   `json:"audience"`
	Many     string   `json:"many"`
	N        int      `json:"n"`
	Lines    []Line   `json:"lines"`    // what came of the units
	Rates    []Rate   `json:"rates"`    // with their formula
	Readings []Rate   `json:"readings"` // the same response under other choices
	Choices  []string `json:"choices"`
	Warnings []string `json:"warnings"`
}

// A Line counts.
type Line struct {
	Label string `json:"label"`
	N     int    `json:"n"`
}

// A Rate is a share in words and digits.
type Rate struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
}

// A Shelf holds the tables of one audience.
type Shelf struct {
	Audience string   `json:"audience"`
	Notes    []string `json:"notes"`
	Grids    []Grid   `json:"grids"`
}

// Shelf returns the tables of an audience, nil if there is none.
func (e *Edition) Shelf(audience string) *Shelf {
	for i := range e.Shelves {
		if e.Shelves[i].Audience == audience {
			return &e.Shelves[i]
		}
	}
	return nil
}

// Grid returns a table by its id, nil if there is none.
func (s *Shelf) Grid(id string) *Grid {
	for i := range s.Grids {
		if s.Grids[i].ID == id {
			return &s.Grids[i]
		}
	}
	return nil
}

// A Grid is a table as it is printed.
type Grid struct {
	ID    string      `json:"id"`
	Title string      `json:"title"`
	First string      `json:"first,omitempty"`
	Heads [][2]string `json:"heads"` // id and text
	Rows  []GridRow   `json:"rows"`
	Notes []string    `json:"notes,omitempty"`
}

// A GridRow is a line of a table.
type GridRow struct {
	ID     string   `json:"id"`
	Group  string   `json:"group,omitempty"`
	Label  string   `json:"label"`
	Values []string `json:"values"`
}

// gridOf keeps what is printed of a grid.
func gridOf(g *report.Grid) Grid {
	out := Grid{ID: g.ID, Title: g.Title, First: g.First, Notes: append(append([]string{}, g.Notes...), g.Caution...)}
	for _, h := range g.Heads {
		out.Heads = append(out.Heads, [2]string{h.ID, h.Text})
	}
	for _, l := range g.Lines {
		row := GridRow{ID: l.ID, Group: l.Group, Label: l.Label}
		for _, v := range l.Values {
			row.Values = append(row.Values, v.Text)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// Report is the table as pages and files draw one.
func (g *Grid) Report() *report.Grid {
	out := &report.Grid{ID: g.ID, Title: g.Title, First: g.First, Notes: g.Notes}
	for _, h := range g.Heads {
		out.Heads = append(out.Heads, report.Head{ID: h[0], Text: h[1]})
	}
	for _, r := range g.Rows {
		line := report.Line{ID: r.ID, Group: r.Group, Label: r.Label}
		for _, v := range r.Values {
			line.Values = append(line.Values, report.Printed(v))
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}
