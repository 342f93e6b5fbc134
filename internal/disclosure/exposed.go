package disclosure

import (
	"fmt"
	"math"
	"slices"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
)

// An Exposure is a number that a published book tells, printed or not, and that it
// should not.
type Exposure struct {
	Table, Row, Group, Column string
	Text                      string
}

// Exposed returns what a published book tells although the limits forbid it; of is
// the same book before numbers were withheld. It takes nothing from how Publish
// went about it: it looks at what is printed, and bounds the rest.
func Exposed(b, of *table.Book, in *instrument.Instrument, d study.Disclosure) []Exposure {
	if d.Traceable || of.Spec.By == "" {
		return nil
	}
	p := &publication{Book: of, in: in, limits: d.Limits(), guarded: true, most: map[string]int{}}
	p.measure()
	p.close()
	var out []Exposure
	for i, t := range of.Tables {
		for _, r := range b.Tables[i].Rows {
			if r.Withheld || slices.ContainsFunc(r.Cells, func(c table.Cell) bool { return c.Withheld }) {
				p.guard(t.Question, r.Group)
			}
		}
		out = append(out, p.exposedTable(t, b.Tables[i])...)
	}
	return out
}

func (p *publication) exposedTable(t, printed *table.Table) []Exposure {
	var out []Exposure
	for _, part := range partsOf(t) {
		if part.total < 0 {
			continue
		}
		free := map[string]bool{}
		for _, i := range part.groups {
			if printed.Rows[i].Withheld {
				free[t.Rows[i].Group] = true
			}
		}
		out = append(out, p.exposedBases(t, part, free)...)
		if t.Layout == table.Grades {
			out = append(out, p.exposedGrades(t, printed, part)...)
			continue
		}
		out = append(out, p.exposedPart(t, printed, part, free)...)
	}
	return out
}

// exposedBases looks for a base that tells what was answered to the question that
// the routing follows.
func (p *publication) exposedBases(t *table.Table, of part, free map[string]bool) []Exposure {
	if t.Bases == nil || t.Bases.NotShown == 0 {
		return nil
	}
	var out []Exposure
	from := p.sources(t.Question)
	hidden, units, filled := 0, t.Rows[of.total].N, 0
	for _, i := range of.groups {
		r := &t.Rows[i]
		if r.N > 0 {
			filled++
		}
		if free[r.Group] {
			hidden++
			continue
		}
		units -= r.N
		asked := r.N + r.LeftOpen
		if p.few(asked) || p.few(p.most[r.Group]-asked) || slices.ContainsFunc(from, func(q string) bool { return p.guarding[q][r.Group] }) {
			out = append(out, Exposure{Table: t.ID, Row: r.Row, Group: r.Group, Text: fmt.Sprintf("N=%d telt wie op een andere vraag een antwoord gaf dat niet wordt gepubliceerd", r.N)})
		}
	}
	rest := t.Rows[of.total].N
	for _, i := range of.groups {
		rest -= t.Rows[i].N
	}
	if hidden == 1 && rest == 0 && units > 0 && filled > 1 {
		out = append(out, Exposure{Table: t.ID, Row: t.Rows[of.total].Row, Text: "het totaal min de groepen is de N van de ene groep waar die ontbreekt"})
	}
	return out
}

// exposedPart bounds the cells of one question by groups.
func (p *publication) exposedPart(t, printed *table.Table, of part, free map[string]bool) []Exposure {
	g := p.grid(t, of, free)
	for line, i := range of.groups {
		for c := range t.Columns {
			g.hidden[line][c] = printed.Rows[i].Cells[c].Count == table.Unknown
		}
	}
	var out []Exposure
	tell := func(line, c int, text string) {
		x := Exposure{Table: t.ID, Row: t.Rows[of.total].Row, Column: t.Columns[c].ID, Text: text}
		if line < len(of.groups) {
			x.Group = t.Rows[of.groups[line]].Group
		}
		out = append(out, x)
	}
	for at, need := range g.need() {
		switch {
		case !g.hidden[at.line][at.column]:
			tell(at.line, at.column, fmt.Sprintf("er staat %d", g.x[at.line][at.column]))
		case g.width(at.line, at.column) < need:
			down, up := g.span(at.line, at.column)
			x := g.x[at.line][at.column]
			tell(at.line, at.column, fmt.Sprintf("te berekenen: van %d tot en met %d", x-down, x+up))
		}
	}
	for line, i := range of.groups {
		for c := range t.Columns {
			x := &printed.Rows[i].Cells[c]
			if g.hidden[line][c] && known(x.Percent, x.PercentValid, x.PercentColumn, x.Lo, x.Hi, x.Residual) {
				tell(line, c, "er staat een percentage, grens of residu van een aantal dat er niet staat")
			}
		}
	}
	return out
}

// exposedGrades looks whether the mean of all tells that of few.
func (p *publication) exposedGrades(t, printed *table.Table, of part) []Exposure {
	var out []Exposure
	for c := range t.Rows[of.total].Cells {
		lines, filled, units := 0, 0, t.Rows[of.total].Cells[c].Count
		for _, i := range of.groups {
			n, x := t.Rows[i].Cells[c].Count, printed.Rows[i].Cells[c]
			if n > 0 {
				filled++
			}
			switch {
			case x.Withheld && n > 0:
				lines++
			case x.Withheld:
			case n > 0 && n < p.limits.SmallBase:
				out = append(out, Exposure{Table: t.ID, Row: t.Rows[i].Row, Group: t.Rows[i].Group, Column: x.Column, Text: "een gemiddelde van weinig eenheden"})
				units -= n
			default:
				units -= n
			}
			if !x.Withheld && n > 0 && known(x.Grade.Min, x.Grade.Max) {
				out = append(out, Exposure{Table: t.ID, Row: t.Rows[i].Row, Group: t.Rows[i].Group, Column: x.Column, Text: "het hoogste of laagste antwoord van een groep"})
			}
		}
		if units > 0 && units < p.limits.SmallBase && t.Rows[of.total].Cells[c].Count >= p.limits.SmallBase {
			out = append(out, Exposure{Table: t.ID, Row: t.Rows[of.total].Row, Column: t.Columns[c].ID, Text: fmt.Sprintf("het totaal min de groepen is het gemiddelde van %d eenheden", units)})
		}
		if lines == 1 && units > 0 {
			rest := t.Rows[of.total].Cells[c].Count
			for _, i := range of.groups {
				rest -= t.Rows[i].Cells[c].Count
			}
			if rest == 0 && filled > 1 {
				out = append(out, Exposure{Table: t.ID, Row: t.Rows[of.total].Row, Column: t.Columns[c].ID, Text: "het totaal min de groepen is het gemiddelde van de ene groep die ontbreekt"})
			}
		}
	}
	return out
}

// known reports whether any of the numbers exists.
func known(xs ...float64) bool {
	return slices.ContainsFunc(xs, func(x float64) bool { return !math.IsNaN(x) })
}
