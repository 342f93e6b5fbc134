package publication

import (
	"fmt"
	"strings"

	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A report is written as a script, one thing to a line:
//
//	# Hoe ver is de aansluiting?
//	Van de samenwerkingsverbanden zit {swv B.5.2 kern opbouw} in opbouw.
//	[figuur swv B.5.2]
//	[tabel swv B.5.2]
//	[bevinding swv B.5.2]
//
// A number between braces is read from its table: audience, table, line and column.
// Lines of text that follow each other are one paragraph.

// A Problem is something in a script that must be mended.
type Problem struct {
	Line int // from 1
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("Regel %d: %s", p.Line, p.Text) }

// Check returns what is wrong with a script.
func Check(script string, inputs []Input) []Problem {
	m := maker{inputs: inputs, out: &Edition{}}
	_, problems := m.chapters(script)
	return problems
}

// chapters reads a script.
func (m *maker) chapters(script string) ([]Section, []Problem) {
	var out []Section
	var problems []Problem
	running := false // a paragraph is being read
	add := func(b Block) {
		if len(out) == 0 {
			out = append(out, Section{ID: "hoofdstuk-1"})
		}
		last := &out[len(out)-1]
		last.Blocks = append(last.Blocks, b)
	}
	for i, line := range strings.Split(strings.ReplaceAll(script, "\r\n", "\n"), "\n") {
		line = strings.TrimSpace(line)
		var bad string
		switch {
		case line == "":
			running = false
		case strings.HasPrefix(line, "# "):
			out, running = append(out, Section{ID: fmt.Sprint("hoofdstuk-", len(out)+1), Title: strings.TrimSpace(line[2:])}), false
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			var b Block
			if b, bad = m.piece(strings.Fields(line[1 : len(line)-1])); bad == "" {
				add(b)
			}
			running = false
		default:
			var parts []Part
			parts, bad = m.paragraph(line)
			if running {
				last := &out[len(out)-1].Blocks
				at := &(*last)[len(*last)-1]
				at.Text = append(append(at.Text, Part{Text: " "}), parts...)
			} else {
				add(Block{Text: parts})
			}
			running = true
		}
		if bad != "" {
			problems = append(problems, Problem{i + 1, bad})
		}
	}
	return out, problems
}

// piece is a table, a figure or what can be said of a table.
func (m *maker) piece(words []string) (Block, string) {
	if len(words) != 3 {
		return Block{}, "schrijf [tabel …], [figuur …] of [bevinding …], met de vragenlijst en het nummer van de tabel."
	}
	x, t := m.find(words[1], words[2])
	if t == nil {
		return Block{}, fmt.Sprintf("tabel %s van %s is er niet.", words[2], words[1])
	}
	switch words[0] {
	case "tabel":
		if g := gridIn(report.Table(t)); g != nil {
			grid := gridOf(g)
			return Block{Grid: &grid, Behind: []Behind{{words[1], t.ID}}}, ""
		}
		return Block{}, fmt.Sprintf("tabel %s heeft geen getallen.", words[2])
	case "figuur":
		if f, ok := report.FigureOf(t); ok {
			sheet := f.Sheet
			return Block{Figure: &sheet, Behind: []Behind{{words[1], t.ID}}}, ""
		}
		return Block{}, fmt.Sprintf("van tabel %s is er geen figuur.", words[2])
	case "bevinding":
		if p, ok := report.ProseOf(t, x.Source.Many); ok {
			return Block{Text: sentences(words[1], p, 100)}, ""
		}
		return Block{}, fmt.Sprintf("over tabel %s is er geen bevinding.", words[2])
	}
	return Block{}, fmt.Sprintf("‘%s’ kennen wij niet. Schrijf tabel, figuur of bevinding.", words[0])
}

// paragraph is text with numbers between braces.
func (m *maker) paragraph(line string) ([]Part, string) {
	var out []Part
	for {
		before, rest, ok := strings.Cut(line, "{")
		if before != "" {
			out = append(out, Part{Text: before})
		}
		if !ok {
			return out, ""
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return out, "een accolade gaat open en niet dicht."
		}
		part, bad := m.number(strings.Fields(name))
		if bad != "" {
			return out, bad
		}
		out, line = append(out, part), after
	}
}

// number reads a number from its table.
func (m *maker) number(words []string) (Part, string) {
	if len(words) != 4 {
		return Part{}, "schrijf een getal als {vragenlijst tabel rij kolom}."
	}
	_, t := m.find(words[0], words[1])
	if t == nil {
		return Part{}, fmt.Sprintf("tabel %s van %s is er niet.", words[1], words[0])
	}
	g := gridIn(report.Table(t))
	if g == nil {
		return Part{}, fmt.Sprintf("tabel %s heeft geen getallen.", words[1])
	}
	for _, l := range g.Lines {
		for k, h := range g.Heads {
			if l.ID == words[2] && h.ID == words[3] {
				return Part{l.Values[k].Text, &Ref{words[0], t.ID, l.ID, l.Group, h.ID}}, ""
			}
		}
	}
	return Part{}, fmt.Sprintf("in tabel %s is er geen getal in rij %s, kolom %s.", words[1], words[2], words[3])
}

// A Pick is a table that a report can show, with the lines that put it in a script.
type Pick struct {
	Audience, Table, Title  string
	Figure, Finding, Number string // "" where there is none
}

// Picks lists what a report can show, in the order of the books.
func Picks(inputs []Input) []Pick {
	var out []Pick
	for i := range inputs {
		x := &inputs[i]
		for _, t := range x.book.Tables {
			g := gridIn(report.Table(t))
			if g == nil {
				continue
			}
			out = append(out, pickOf(x, t, g))
		}
	}
	return out
}

func pickOf(x *Input, t *table.Table, g *report.Grid) Pick {
	name := x.Source.Audience + " " + t.ID
	p := Pick{Audience: x.Source.Audience, Table: t.ID, Title: t.Title}
	if _, ok := report.FigureOf(t); ok {
		p.Figure = "[figuur " + name + "]"
	}
	if _, ok := report.ProseOf(t, x.Source.Many); ok {
		p.Finding = "[bevinding " + name + "]"
	}
	if len(g.Heads) > 0 {
		p.Number = "{" + name + " " + g.Lines[0].ID + " " + g.Heads[0].ID + "}"
	}
	return p
}
