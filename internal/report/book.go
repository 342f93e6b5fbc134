package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/table"
)

// Book lays out a book of tables.
func Book(b *table.Book) *Document {
	d := &Document{Title: cmp.Or(b.Title, b.Study, "Tabellenboek"), Subtitle: strings.TrimSpace("Tabellenboek " + b.Instrument + " " + b.Edition)}
	d.Facts = [][2]string{{"Eenheden", fmt.Sprint(b.Units)}, {"Vragenlijsten", fmt.Sprint(b.Questionnaires)}}
	if b.Population > 0 {
		d.Facts = append(d.Facts, [2]string{"Eenheden in de populatie", fmt.Sprint(b.Population)})
	}
	if !b.Generated.IsZero() {
		d.Facts = append(d.Facts, [2]string{"Stand van", b.Generated.UTC().Format("02-01-2006 15.04") + " uur (UTC)"})
	}
	for _, n := range b.Notes {
		d.Blocks = append(d.Blocks, Paragraph{n})
	}
	for _, w := range b.Warnings {
		d.Blocks = append(d.Blocks, Paragraph{"Let op: " + w.Text})
	}
	d.Blocks = append(d.Blocks, Contents{})
	section := ""
	for _, t := range b.Tables {
		if t.Section != section {
			section = t.Section
			d.Blocks = append(d.Blocks, Heading{Level: 1, ID: "deel-" + t.Question, Text: section})
		}
		d.Blocks = append(d.Blocks, Table(t)...)
		if p, ok := ProseOf(t, b.Many()); ok {
			d.Blocks = append(d.Blocks, p)
		}
	}
	return d
}

// Table lays out one table under its heading.
func Table(t *table.Table) []Block {
	g := &Grid{ID: t.ID, Title: t.Title, Notes: slices.Clone(t.Notes)}
	g.Caution = cautions(t.Warnings)
	for _, test := range t.Tests {
		g.Notes = append(g.Notes, testNote(t, test))
	}
	if t.Layout == table.Grades {
		grades(g, t)
	} else {
		shares(g, t)
	}
	if withheld(t) {
		g.Notes = append(g.Notes, "· Niet gepubliceerd: het getal zou, soms samen met andere, verraden wat een paar eenheden antwoordden.")
	}
	blocks := []Block{Heading{Level: 2, ID: t.ID, Text: "Tabel " + t.ID + " " + t.Title}, g}
	if f, ok := FigureOf(t); ok {
		blocks = append(blocks, f)
	}
	return append(blocks, quotes(t)...)
}

// cautions are warnings as they are printed: the same one about several cells
// stands there once.
func cautions(of []table.Warning) []string {
	var out []string
	n := map[string]int{}
	for _, w := range of {
		if n[w.Text]++; n[w.Text] == 1 {
			out = append(out, w.Text)
		}
	}
	for i, text := range out {
		if n[text] > 1 {
			out[i] = fmt.Sprintf("%s (%d keer in deze tabel)", text, n[text])
		}
	}
	return out
}

// quotes are the texts of a table, a block for each field.
func quotes(t *table.Table) []Block {
	var out []Block
	var q *Quotes
	for i, x := range t.Texts {
		if i == 0 || t.Texts[i-1].Row != x.Row {
			q = &Quotes{ID: t.ID, Title: x.Label}
			out = append(out, q)
		}
		q.Texts = append(q.Texts, Quote{Group: x.Group, Text: x.Text, N: x.N})
	}
	return out
}

// shares fills a grid of percentages or counts.
func shares(g *Grid, t *table.Table) {
	for _, c := range t.Columns {
		g.Heads = append(g.Heads, Head{ID: c.ID, Text: c.Label, Many: t.Sum != table.SumNone})
	}
	small := false
	for i := range t.Rows {
		r := &t.Rows[i]
		line := Line{ID: lineID(t, r), Group: groupLabel(t, r), Label: rowLabel(r)}
		small = small || r.Small && t.Sum != table.SumNone
		for _, c := range t.Columns {
			at := slices.IndexFunc(r.Cells, func(x table.Cell) bool { return x.Column == c.ID })
			if at < 0 {
				line.Values = append(line.Values, nothing())
				continue
			}
			line.Values = append(line.Values, value(t, r, &r.Cells[at]))
		}
		g.Lines = append(g.Lines, line)
	}
	if small {
		g.Notes = append(g.Notes, fmt.Sprintf("Bij minder dan %d antwoorden staan er aantallen en geen percentages.", table.SmallBase))
	}
}

// withheld reports whether a number of t is kept from publication.
func withheld(t *table.Table) bool {
	return slices.ContainsFunc(t.Rows, func(r table.Row) bool {
		return r.Withheld || slices.ContainsFunc(r.Cells, func(c table.Cell) bool { return c.Withheld })
	})
}

// lineID is what a row is called in addresses.
func lineID(t *table.Table, r *table.Row) string {
	if t.By == nil {
		return r.Row
	}
	return strings.Trim(r.Row+"-"+r.Group, "-")
}

// rowLabel is a label with its base: Kerngemeente (N=105).
func rowLabel(r *table.Row) string {
	label := r.Label
	if r.Group != "" && label == "" {
		label = r.Group
	}
	base := fmt.Sprintf("(N=%d)", r.N)
	if r.Withheld {
		base = "(N=·)"
	}
	if r.EffectiveN > 0 && !math.IsNaN(r.EffectiveN) {
		base = fmt.Sprintf("(N=%d, effectief %s)", r.N, decimal(r.EffectiveN, 0))
	}
	return strings.TrimSpace(label + " " + base)
}

func nothing() Value { return Value{Text: "·", Number: math.NaN(), Count: table.Unknown, Faint: true} }

// value is one cell as it is printed.
func value(t *table.Table, r *table.Row, c *table.Cell) Value {
	if c.Withheld {
		return nothing()
	}
	count := Value{Text: fmt.Sprint(c.Count), Number: float64(c.Count), Format: Count, Count: c.Count}
	if t.Sum == table.SumNone {
		return count
	}
	if r.Small && c.Count != table.Unknown {
		return count
	}
	whole, ok := t.Whole(r, c)
	if !ok {
		return nothing()
	}
	return Value{Text: fmt.Sprintf("%d%%", whole), Number: c.Percent, Format: Percent, Count: c.Count}
}

// grades fills a grid of means: a line for each row and column of the question.
func grades(g *Grid, t *table.Table) {
	g.Heads = []Head{{ID: "m", Text: "M"}, {ID: "sd", Text: "SD"}, {ID: "min", Text: "Min."}, {ID: "max", Text: "Max."}, {ID: "n", Text: "N"}}
	for i := range t.Rows {
		r := &t.Rows[i]
		for _, c := range r.Cells {
			if c.Grade == nil {
				continue
			}
			line := gradeLine(t, r, c.Column)
			number := func(x float64, digits int, f Format) Value {
				return Value{Text: decimal(x, digits), Number: x, Format: f, Count: table.Unknown, Faint: math.IsNaN(x)}
			}
			line.Values = []Value{number(c.Grade.Mean, 2, Decimal2), number(c.Grade.SD, 2, Decimal2), number(c.Grade.Min, 0, Count), number(c.Grade.Max, 0, Count),
				{Text: fmt.Sprint(c.Grade.N), Number: float64(c.Grade.N), Format: Count, Count: c.Grade.N}}
			if c.Withheld {
				line.Values[len(line.Values)-1] = nothing()
			}
			g.Lines = append(g.Lines, line)
		}
	}
	g.Notes = append(g.Notes, "M is het gemiddelde, SD de standaarddeviatie. Zonder ‘geen zicht op’ en ‘n.v.t.’.")
}

// gradeLine is the line of a column of grades in a row, without values. Of a table
// that is split by groups the label says which one it is.
func gradeLine(t *table.Table, r *table.Row, column string) Line {
	line := Line{ID: strings.Trim(strings.Join([]string{r.Row, column, r.Group}, "_"), "_"), Label: strings.TrimSpace(r.Label)}
	if name := columnLabel(t, column); name != "" && len(t.Columns) > 1 {
		line.Group, line.Label = strings.TrimSpace(r.Label), name
	}
	return line
}

func columnLabel(t *table.Table, id string) string {
	if i := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.ID == id }); i >= 0 {
		return t.Columns[i].Label
	}
	return id
}

// testNote says what a test of a cross table found.
func testNote(t *table.Table, test table.Test) string {
	what := test.Method
	if test.Label != "" && hasRows(t) {
		what += ", " + test.Label
	}
	if label := columnLabel(t, test.Column); test.Column != "" && label != "" {
		what += ", " + label
	}
	p := "p " + pText(test.P)
	if !math.IsNaN(test.PHolm) && test.PHolm != test.P {
		p += " (Holm: " + pText(test.PHolm) + ")"
	}
	note := fmt.Sprintf("%s: %s, n = %d", what, p, test.N)
	if test.EffectName != "" && !math.IsNaN(test.Effect) {
		note += fmt.Sprintf(", %s = %s", test.EffectName, decimal(test.Effect, 2))
	}
	return strings.Join(append([]string{note + "."}, test.Warnings...), " ")
}

// hasRows reports whether a test has to say which row it is of.
func hasRows(t *table.Table) bool {
	return slices.ContainsFunc(t.Tests, func(x table.Test) bool { return x.Row != t.Tests[0].Row })
}

// pText is a p-value in a sentence, with its sign.
func pText(p float64) string {
	switch text := P(p); {
	case math.IsNaN(p):
		return "niet te bepalen"
	case strings.HasPrefix(text, "<"):
		return text
	default:
		return "= " + text
	}
}
