package table

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// A Comparison puts the tables of two books beside each other: those of two
// versions of a questionnaire (standards T11), or of two editions of one.
type Comparison struct {
	A     Side    `json:"a"`
	B     Side    `json:"b"`
	Pairs []Pair  `json:"pairs"`
	OnlyA []Entry `json:"only_a"` // tables that the other side has no counterpart of
	OnlyB []Entry `json:"only_b"`
	Tests int     `json:"tests"` // differences that have an interval
}

// A Side is one of the two books.
type Side struct {
	Label      string `json:"label"`
	Book       *Book  `json:"-"`
	Units      int    `json:"units"`
	Population int    `json:"population"`
}

// A Pair is two tables about the same.
type Pair struct {
	A    *Table    `json:"-"`
	B    *Table    `json:"-"`
	IDs  [2]string `json:"tables"`
	Rows []PairRow `json:"rows"`
	Why  string    `json:"why,omitempty"` // why nothing is compared in it
}

// A PairRow is two rows about the same.
type PairRow struct {
	A, B  *Row         `json:"-"`
	Row   string       `json:"row"`
	Label string       `json:"label"`
	N     [2]int       `json:"n"`
	Cells []Difference `json:"cells"`
	Other string       `json:"other,omitempty"` // the label on the other side, where it differs: then nothing is tested
}

// A Difference is two cells about the same, with what A is more than B: percentage
// points, or marks. Numbers that do not exist are NaN.
type Difference struct {
	Column string
	A, B   *Cell // nil where that side has none
	Points float64
	Lo, Hi float64 // 95 % interval
}

// Marked reports whether the interval leaves out 0.
func (d Difference) Marked() bool { return d.Lo > 0 || d.Hi < 0 }

// MarshalJSON leaves out what does not exist.
func (d Difference) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Column string   `json:"column"`
		A      *Cell    `json:"a,omitempty"`
		B      *Cell    `json:"b,omitempty"`
		Points *float64 `json:"difference,omitempty"`
		Lo     *float64 `json:"lo,omitempty"`
		Hi     *float64 `json:"hi,omitempty"`
	}{d.Column, d.A, d.B, some(d.Points), some(d.Lo), some(d.Hi)})
}

// Against compares a book with that of another edition: a table belongs to the one
// with its id, a row and a column to those with theirs.
func Against(now, then *Book, label string) (*Comparison, error) {
	c := &Comparison{A: Side{"Nu", now, now.Units, now.Population}, B: Side{label, then, then.Units, then.Population}}
	return c, c.match(func(a, b *Table) bool { return a.ID == b.ID || a.Question == b.Question }, func(a, b string) bool { return true })
}

// Beside compares the books of two versions of a questionnaire: tables with the
// same answers to the same statements, or to the same question. Where the wording
// differs, nothing is tested.
func Beside(a, b *Book) (*Comparison, error) {
	c := &Comparison{A: Side{a.Instrument, a, a.Units, a.Population}, B: Side{b.Instrument, b, b.Units, b.Population}}
	return c, c.match(alike, func(a, b string) bool { return wording(a) == wording(b) })
}

// match makes the pairs, in the order of A.
func (c *Comparison) match(tables func(a, b *Table) bool, labels func(a, b string) bool) error {
	c.Pairs, c.OnlyA, c.OnlyB = []Pair{}, []Entry{}, []Entry{}
	for _, s := range []Side{c.A, c.B} {
		if s.Book.Spec.By != "" {
			return errs.Errorf(errs.Invalid, "Tabellen die zijn uitgesplitst, kunnen niet naast andere staan. Kies een van beide.")
		}
	}
	taken := map[*Table]bool{}
	for _, a := range c.A.Book.Tables {
		i := slices.IndexFunc(c.B.Book.Tables, func(b *Table) bool { return !taken[b] && tables(a, b) })
		if i < 0 {
			c.OnlyA = append(c.OnlyA, Entry{Table: a.ID, Title: a.Title})
			continue
		}
		b := c.B.Book.Tables[i]
		taken[b] = true
		c.Pairs = append(c.Pairs, c.pair(a, b, labels))
	}
	for _, b := range c.B.Book.Tables {
		if !taken[b] {
			c.OnlyB = append(c.OnlyB, Entry{Table: b.ID, Title: b.Title})
		}
	}
	return nil
}

// pair compares two tables, row by row.
func (c *Comparison) pair(a, b *Table, labels func(a, b string) bool) Pair {
	p := Pair{A: a, B: b, IDs: [2]string{a.ID, b.ID}, Rows: []PairRow{}}
	switch {
	case a.Layout != b.Layout:
		p.Why = "De vraag werd anders beantwoord."
		return p
	case a.Base != b.Base:
		p.Why = "De basis van de percentages is niet dezelfde."
		return p
	}
	for i := range a.Rows {
		ra := &a.Rows[i]
		k := slices.IndexFunc(b.Rows, func(r Row) bool { return r.Row == ra.Row && r.Group == ra.Group })
		if k < 0 && a.Layout == Codes {
			k = slices.IndexFunc(b.Rows, func(r Row) bool { return r.Label == ra.Label })
		}
		row := PairRow{A: ra, Row: ra.Row, Label: ra.Label, N: [2]int{ra.N, 0}}
		if k >= 0 {
			row.B, row.N[1] = &b.Rows[k], b.Rows[k].N
			if !labels(ra.Label, row.B.Label) {
				row.Other = row.B.Label
			}
		}
		for _, column := range a.Columns {
			row.Cells = append(row.Cells, c.difference(&row, column.ID))
		}
		for _, d := range row.Cells {
			if !math.IsNaN(d.Lo) {
				c.Tests++
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// difference compares the cells of one column.
func (c *Comparison) difference(r *PairRow, column string) Difference {
	d := Difference{Column: column, A: r.A.cell(column), Points: math.NaN(), Lo: math.NaN(), Hi: math.NaN()}
	if r.B != nil {
		d.B = r.B.cell(column)
	}
	if d.A == nil || d.B == nil || r.Other != "" {
		return d
	}
	pa, pb := c.A.population(r.A), c.B.population(r.B)
	if ga, gb := d.A.Grade, d.B.Grade; ga != nil && gb != nil {
		iv := stat.MeanDifference(stat.Group{Mean: ga.Mean, SD: ga.SD, N: ga.N, Population: pa}, stat.Group{Mean: gb.Mean, SD: gb.SD, N: gb.N, Population: pb}, confidence)
		d.Points, d.Lo, d.Hi = iv.Value, iv.Lo, iv.Hi
		return d
	}
	if math.IsNaN(d.A.Percent) || math.IsNaN(d.B.Percent) || r.A.Small || r.B.Small || r.A.N < SmallBase || r.B.N < SmallBase {
		return d
	}
	iv := stat.Difference(d.A.share(r.A, pa), d.B.share(r.B, pb))
	d.Points, d.Lo, d.Hi = 100*iv.Value, 100*iv.Lo, 100*iv.Hi
	return d
}

// population is of how many units a row could have been, where that is known and
// not smaller than what was seen of it.
func (s Side) population(r *Row) int {
	n := r.Population
	if n == 0 {
		n = s.Population
	}
	if n < r.N {
		return 0
	}
	return n
}

// share is a cell with its interval: its own, or for a published percentage that
// of a simple sample.
func (c *Cell) share(r *Row, population int) stat.Interval {
	iv := stat.WilsonWorth(c.Percent/100, float64(r.N), r.N, population, confidence)
	if !math.IsNaN(c.Lo) && !math.IsNaN(c.Hi) {
		iv.Lo, iv.Hi = c.Lo/100, c.Hi/100
	}
	return iv
}

func (r *Row) cell(column string) *Cell {
	i := slices.IndexFunc(r.Cells, func(c Cell) bool { return c.Column == column })
	if i < 0 {
		return nil
	}
	return &r.Cells[i]
}

// alike reports whether two tables of different versions ask the same: the same
// answers can be given to rows with the same ids, which are statements with names
// of their own, or to a question in the same words.
func alike(a, b *Table) bool {
	if a.Layout != b.Layout || a.Sum != b.Sum || !slices.EqualFunc(substantive(a), substantive(b), func(x, y Column) bool { return x.ID == y.ID && wording(x.Label) == wording(y.Label) }) {
		return false
	}
	if wording(a.Title) == wording(b.Title) && slices.ContainsFunc(a.Rows, func(r Row) bool { return slices.ContainsFunc(b.Rows, func(o Row) bool { return o.Row == r.Row }) }) {
		return a.Layout != Codes && a.Layout != List // texts are about their own version
	}
	shared := 0
	for _, r := range a.Rows {
		if slices.ContainsFunc(b.Rows, func(o Row) bool { return o.Row == r.Row && wording(o.Label) == wording(r.Label) }) {
			shared++
		}
	}
	return a.Layout == Matrix && a.Sum == SumRow && shared >= 2 && 2*shared > len(a.Rows) && statements(a)
}

// statements reports whether the rows have names of their own (DESIGN 1): the id
// of a row then says which statement it is.
func statements(t *Table) bool {
	return !slices.ContainsFunc(t.Rows, func(r Row) bool { return !strings.Contains(r.Row, "_") })
}

func substantive(t *Table) []Column {
	return slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return c.Missing != instrument.Substantive })
}

// place are words that say where, or of whom: both versions ask about their own.
var place = []string{"uw", "onze", "de", "het", "een", "in", "regio", "gemeente", "gemeenten", "samenwerkingsverband", "samenwerkingsverbanden", "er", "u"}

// wording is a text by its words, without those of place, in no order: ‘onderwijs
// en jeugdhulp’ is ‘jeugdhulp en onderwijs’.
func wording(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(place, w) })
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Note says how many differences were looked at (standards T12).
func (c *Comparison) Note() string {
	if c.Tests == 0 {
		return "Er zijn geen verschillen getoetst."
	}
	return fmt.Sprintf("Een verschil met * is groter dan bij toeval past: 0 ligt buiten zijn 95%%-interval. Er zijn %d verschillen bekeken. Ook zonder een echt verschil zouden er dan ongeveer %d een * krijgen.",
		c.Tests, int(math.Round(float64(c.Tests)*(1-confidence))))
}
