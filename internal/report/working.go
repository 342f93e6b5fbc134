package report

import (
	"fmt"
	"strings"

	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/stat"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A Working says how the numbers of a grid were computed: what was done, where that
// comes from, and a program that does it again.
type Working struct {
	ID    string // of the grid
	Lines []string
	Code  string // R
}

func (*Working) block() {}

// Cross lays out one table of one variable, perhaps by another, with a draft of what
// may be written about it and how it was computed. code is the program in R.
func Cross(title, instrument string, t *table.Table, units, questionnaires int, code string) *Document {
	d := &Document{Title: title, Subtitle: "Kruistabel " + instrument, Facts: [][2]string{{"Eenheden", fmt.Sprint(units)}, {"Vragenlijsten", fmt.Sprint(questionnaires)}}}
	d.Blocks = append(d.Blocks, Table(t)...)
	if p, ok := ProseOf(t, table.Many(instrument)); ok {
		d.Blocks = append(d.Blocks, p)
	}
	w := &Working{ID: t.ID, Code: code}
	if t.Layout == table.Grades {
		w.Lines = append(w.Lines, "M is de som van de antwoorden gedeeld door N; SD is √(Σ(x−M)²/(N−1)). Het interval is dat van de t-verdeling, smaller naarmate meer van de populatie antwoordde.")
	} else {
		w.Lines = append(w.Lines, "Een percentage is het aantal gedeeld door de N van zijn rij. Het interval is dat van Wilson (1927), smaller naarmate meer van de populatie antwoordde.")
	}
	said := map[string]bool{}
	for _, x := range t.Tests {
		if e, ok := hypothesis.Explained(stat.Method(x.Method), t.Question, t.By.Column); ok && !said[x.Method] {
			said[x.Method] = true
			w.Lines = append(w.Lines, explanationLine(x.Method, e))
		}
	}
	if len(t.Tests) > 0 {
		w.Lines = append(w.Lines, "Toetsen gaan over ingevulde vragenlijsten, zonder ‘geen zicht op’ en ‘n.v.t.’: een eenheid voor wie een ander antwoordde telt in de tabel, niet in de toets.")
	}
	d.Blocks = append(d.Blocks, w)
	return d
}

func explanationLine(method string, e hypothesis.Explanation) string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s Bron: %s.", upperFirst(method), e.Formula, e.Source))
}

// CellOf finds the cell of a table that a place in its grid shows: the id and the
// group of a line, and a head. Of grades every head is about the same numbers.
func CellOf(t *table.Table, line, group, head string) (row *table.Row, column string, ok bool) {
	for i := range t.Rows {
		r := &t.Rows[i]
		for _, c := range r.Cells {
			id, of := lineID(t, r), groupLabel(t, r)
			if t.Layout == table.Grades {
				l := gradeLine(t, r, c.Column)
				if l.ID == line && l.Group == group {
					return r, c.Column, true
				}
				continue
			}
			if id == line && of == group && c.Column == head {
				return r, c.Column, true
			}
		}
	}
	return nil, "", false
}
