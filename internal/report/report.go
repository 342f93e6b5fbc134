// Package report is a document as ordered blocks: headings, paragraphs and grids
// of numbers, in the words and digits in which they are printed. It knows tables
// and no file format: export and the pages draw the blocks.
package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A Document is what a report holds, in order.
type Document struct {
	Title    string
	Subtitle string
	Facts    [][2]string // what it is of: name and value
	Blocks   []Block
}

// A Block is one of Heading, Paragraph, Contents, *Grid, *Quotes, *Figure, *Prose and
// *Working.
type Block interface{ block() }

// A Heading begins a part. Level 1 is a section, level 2 a table.
type Heading struct {
	Level int
	ID    string // of what it stands above, for links
	Text  string
}

// A Paragraph is running text.
type Paragraph struct{ Text string }

// Contents stands where the list of headings goes.
type Contents struct{}

// A Grid is a table on paper.
type Grid struct {
	ID      string // B.5.2
	Title   string // the question
	First   string // head of the column of labels
	Heads   []Head
	Lines   []Line
	Notes   []string // under the grid
	Caution []string // warnings, under the notes
}

// Quotes are texts of respondents, as they wrote them.
type Quotes struct {
	ID    string // of the table under which they stand
	Title string
	Texts []Quote
}

// A Quote is a text with how often it was written.
type Quote struct {
	Group string // of a split table
	Text  string
	N     int
}

// String is the text in quotation marks, with its group before and its number
// behind it.
func (q Quote) String() string {
	s := "‘" + q.Text + "’"
	if q.Group != "" {
		s = q.Group + ": " + s
	}
	if q.N > 1 {
		s += fmt.Sprintf(" (%d×)", q.N)
	}
	return s
}

// A Head is the head of a column of numbers.
type Head struct {
	ID   string
	Text string
	Many bool // stands in the grid of counts as well
}

// A Line is a row of a grid.
type Line struct {
	ID     string
	Group  string // "" or what lines under each other have in common
	Label  string // with its base: Kerngemeente (N=105)
	Values []Value
}

// A Format says how a number is printed.
type Format int

// The formats.
const (
	Text    Format = iota // no number
	Percent               // 0 to 100, a whole number on paper
	Count
	Decimal2 // 3,27
	Decimal1
)

// A Value is what stands in a cell: the text on paper, and the number behind it.
type Value struct {
	Text   string
	Number float64 // NaN for none
	Format Format
	Count  int // units behind a percentage; -1 where it is not known
	Faint  bool
}

func (Heading) block()   {}
func (Paragraph) block() {}
func (Contents) block()  {}
func (*Grid) block()     {}
func (*Quotes) block()   {}

// Figure returns the figure of a table, nil if there is none.
func (d *Document) Figure(id string) *Figure {
	for _, b := range d.Blocks {
		if f, ok := b.(*Figure); ok && f.ID == id {
			return f
		}
	}
	return nil
}

// Grids returns the grids of a document in order.
func (d *Document) Grids() []*Grid {
	var out []*Grid
	for _, b := range d.Blocks {
		if g, ok := b.(*Grid); ok {
			out = append(out, g)
		}
	}
	return out
}

// Decimal prints a number with so many digits after a decimal comma.
func Decimal(x float64, digits int) string { return decimal(x, digits) }

// Groups reports whether a column can split a table: it has values, and not too many.
func Groups(c *dataset.Column) bool {
	n := 0
	for _, v := range c.Values {
		if !v.Missing {
			n++
		}
	}
	return (c.Type == instrument.CodeType || c.Type == instrument.FlagType || c.Type == instrument.GradeType) && n > 1 && n <= 30
}

// decimal prints a number with a decimal comma.
func decimal(x float64, digits int) string {
	if math.IsNaN(x) {
		return "·"
	}
	s := strconv.FormatFloat(x, 'f', digits, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-") // no minus nought
	}
	return strings.Replace(s, ".", ",", 1)
}

// Printed is a value of which only what is printed is kept.
func Printed(text string) Value {
	return Value{Text: text, Number: math.NaN(), Count: table.Unknown, Faint: text == "·"}
}
