package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/table"
)

// Comparison lays out two books beside each other. With doubts, what is known to
// be wrong about the published side stands where it is shown.
func Comparison(c *table.Comparison, doubts bool) *Document {
	d := &Document{Title: c.A.Book.Title, Subtitle: fmt.Sprintf("Tabellen: %s naast %s", lower(c.A.Label), c.B.Label)}
	for _, s := range []table.Side{c.A, c.B} {
		d.Facts = append(d.Facts, [2]string{"Eenheden " + lower(s.Label), sizeOf(s)})
	}
	d.Blocks = append(d.Blocks, Paragraph{c.Note()},
		Paragraph{"Het interval rekent met twee losstaande groepen en met de grootte van de populatie. Percentages zijn afgerond op hele procenten, verschillen berekend zonder afronding."})
	if doubts {
		d.Blocks = append(d.Blocks, Paragraph{"De uitkomsten van " + c.B.Label + " zijn overgenomen zoals zij zijn gepubliceerd, op hele procenten. Waar zij niet kunnen kloppen, staat dat erbij."})
	}
	d.Blocks = append(d.Blocks, Contents{})
	section := ""
	for _, p := range c.Pairs {
		if p.A.Section != section {
			section = p.A.Section
			d.Blocks = append(d.Blocks, Heading{Level: 1, ID: "deel-" + p.A.Question, Text: section})
		}
		d.Blocks = append(d.Blocks, pairBlocks(c, &p, doubts)...)
	}
	for _, only := range []struct {
		side table.Side
		of   []table.Entry
	}{{c.A, c.OnlyA}, {c.B, c.OnlyB}} {
		if len(only.of) == 0 {
			continue
		}
		d.Blocks = append(d.Blocks, Heading{Level: 1, ID: "alleen-" + strings.ReplaceAll(lower(only.side.Label), " ", "-"), Text: "Alleen bij " + lower(only.side.Label)})
		for _, e := range only.of {
			d.Blocks = append(d.Blocks, Paragraph{"Tabel " + e.Table + " " + e.Title})
		}
	}
	return d
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func sizeOf(s table.Side) string {
	if s.Population == 0 {
		return fmt.Sprint(s.Units)
	}
	return fmt.Sprintf("%d van %d", s.Units, s.Population)
}

func pairBlocks(c *table.Comparison, p *table.Pair, doubts bool) []Block {
	number := p.A.ID
	if p.A.ID != p.B.ID {
		number += " en " + p.B.ID
	}
	g := &Grid{ID: p.A.ID, Title: p.A.Title, Notes: slicesOf(p.Why)}
	if p.A.Title != p.B.Title {
		g.Notes = append(g.Notes, fmt.Sprintf("%s: %s %s: %s", c.A.Label, p.A.Title, c.B.Label, p.B.Title))
	}
	switch {
	case p.Why != "":
	case p.A.Layout == table.Grades:
		gradePairs(c, g, p)
	case len(p.A.Columns) == 1:
		listPairs(c, g, p)
	default:
		matrixPairs(c, g, p)
	}
	if doubts {
		for _, x := range baseline.Doubts() {
			if x.Table == p.B.ID {
				g.Caution = append(g.Caution, c.B.Label+": "+x.Text)
			}
		}
	}
	blocks := []Block{Heading{Level: 2, ID: p.A.ID, Text: "Tabel " + number + " " + p.A.Title}, g}
	if f, ok := dumbbells(c, p); ok {
		blocks = append(blocks, f)
	}
	return blocks
}

func slicesOf(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// differenceHeads are what stands after the two sides.
func differenceHeads(c *table.Comparison) []Head {
	return []Head{{ID: "a", Text: c.A.Label}, {ID: "b", Text: c.B.Label}, {ID: "verschil", Text: "Verschil"}, {ID: "interval", Text: "95%-interval"}}
}

// bases are the two bases behind a label.
func bases(c *table.Comparison, r *table.PairRow) string {
	if r.B == nil {
		return fmt.Sprintf("(N=%d)", r.N[0])
	}
	return fmt.Sprintf("(N=%d; %s N=%d)", r.N[0], lower(c.B.Label), r.N[1])
}

// listPairs is a line for each option.
func listPairs(c *table.Comparison, g *Grid, p *table.Pair) {
	g.Heads = differenceHeads(c)
	for i := range p.Rows {
		r := &p.Rows[i]
		d := r.Cells[0]
		points, interval := difference(d, 0)
		g.Lines = append(g.Lines, Line{ID: r.Row, Label: strings.TrimSpace(r.Label + " " + bases(c, r)),
			Values: []Value{side(p.A, r.A, d.A), side(p.B, r.B, d.B), points, interval}})
		g.otherwise(c, r)
	}
}

// matrixPairs is a line for each side of a row, and one for the difference.
func matrixPairs(c *table.Comparison, g *Grid, p *table.Pair) {
	for _, column := range p.A.Columns {
		g.Heads = append(g.Heads, Head{ID: column.ID, Text: column.Label})
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		a := Line{ID: r.Row + "-a", Group: r.Label, Label: fmt.Sprintf("%s (N=%d)", c.A.Label, r.N[0])}
		b := Line{ID: r.Row + "-b", Group: r.Label, Label: fmt.Sprintf("%s (N=%d)", c.B.Label, r.N[1])}
		more := Line{ID: r.Row + "-verschil", Group: r.Label, Label: "Verschil [95%-interval]"}
		for _, d := range r.Cells {
			points, interval := difference(d, 0)
			if !math.IsNaN(d.Lo) {
				points.Text += " " + interval.Text
			}
			a.Values, b.Values, more.Values = append(a.Values, side(p.A, r.A, d.A)), append(b.Values, side(p.B, r.B, d.B)), append(more.Values, points)
		}
		g.Lines = append(g.Lines, a, b, more)
		g.otherwise(c, r)
	}
}

// gradePairs is a line for each mean.
func gradePairs(c *table.Comparison, g *Grid, p *table.Pair) {
	g.Heads = differenceHeads(c)
	for i := range p.Rows {
		r := &p.Rows[i]
		for k, d := range r.Cells {
			if d.A == nil || d.A.Grade == nil {
				continue
			}
			line := Line{ID: r.Row + "_" + d.Column, Label: r.Label}
			if len(p.A.Columns) > 1 {
				line.Group, line.Label = r.Label, p.A.Columns[k].Label
			}
			points, interval := difference(d, 2)
			line.Label += fmt.Sprintf(" (N=%d", d.A.Grade.N)
			if d.B != nil && d.B.Grade != nil {
				line.Label += fmt.Sprintf("; %s N=%d", lower(c.B.Label), d.B.Grade.N)
			}
			line.Label += ")"
			line.Values = []Value{mean(d.A), mean(d.B), points, interval}
			g.Lines = append(g.Lines, line)
		}
		g.otherwise(c, r)
	}
}

// otherwise says that the other side words a row in another way.
func (g *Grid) otherwise(c *table.Comparison, r *table.PairRow) {
	switch {
	case r.B == nil:
		g.Notes = append(g.Notes, fmt.Sprintf("‘%s’ staat niet bij %s.", r.Label, lower(c.B.Label)))
	case r.Other != "":
		g.Notes = append(g.Notes, fmt.Sprintf("Bij %s luidt ‘%s’: ‘%s’. Dat verschil is niet getoetst.", lower(c.B.Label), r.Label, r.Other))
	}
}

func side(t *table.Table, r *table.Row, c *table.Cell) Value {
	if r == nil || c == nil {
		return nothing()
	}
	return value(t, r, c)
}

func mean(c *table.Cell) Value {
	if c == nil || c.Grade == nil {
		return nothing()
	}
	return Value{Text: decimal(c.Grade.Mean, 2), Number: c.Grade.Mean, Format: Decimal2, Count: table.Unknown, Faint: math.IsNaN(c.Grade.Mean)}
}

// difference prints a difference and its interval: +4* and [1; 7].
func difference(d table.Difference, digits int) (points, interval Value) {
	points, interval = nothing(), nothing()
	if math.IsNaN(d.Points) {
		return points, interval
	}
	mark := ""
	if d.Marked() {
		mark = "*"
	}
	points = Value{Text: signed(d.Points, digits) + mark, Number: math.NaN(), Count: table.Unknown}
	if !math.IsNaN(d.Lo) {
		interval = Value{Text: "[" + signed(d.Lo, digits) + ";\u00a0" + signed(d.Hi, digits) + "]", Number: math.NaN(), Count: table.Unknown}
	}
	return points, interval
}

// signed prints a number with its sign, a real minus.
func signed(x float64, digits int) string {
	s := decimal(x, digits)
	if after, ok := strings.CutPrefix(s, "-"); ok {
		return "−" + after
	}
	if strings.Trim(s, "0,") == "" {
		return s
	}
	return "+" + s
}
