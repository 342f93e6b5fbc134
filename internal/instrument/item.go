package instrument

import "strconv"

// PageRows is how many rows of a matrix stand on one page (standards F8).
const PageRows = 8

// An Item is what one fieldset asks: a choice, a set of boxes, one row of a
// matrix, one grade, one text. Completeness is counted in items.
type Item struct {
	Question  *Question
	Row       *Row    // nil where the question has no rows
	Column    *Option // the column of a grade, nil elsewhere
	Variables []Variable
}

// ID identifies the item among all items: the name of its variable, or the
// common part of the names of its variables.
func (it *Item) ID() string {
	switch {
	case it.Column != nil:
		return it.Question.rowName(it.Row.ID) + "_" + it.Column.ID
	case it.Row != nil:
		return it.Question.rowName(it.Row.ID)
	}
	return it.Question.ID
}

// A Page is what is asked at once: a question, or a part of a long matrix.
type Page struct {
	ID          string // question id, with "-2" for the second part
	Section     int    // index in Instrument.Sections
	Question    *Question
	Rows        []Row // the rows of this part
	Part, Parts int   // 1 of 1 for most
	Items       []Item
}

// Variables returns the columns that the page can fill.
func (p *Page) Variables() []Variable {
	var vs []Variable
	for _, it := range p.Items {
		vs = append(vs, it.Variables...)
	}
	return vs
}

// Pages returns all pages that can be shown, in order, whatever the answers.
// Questions that are listed but never shown have none.
func (in *Instrument) Pages() []Page {
	var ps []Page
	for s := range in.Sections {
		for q := range in.Sections[s].Questions {
			if question := &in.Sections[s].Questions[q]; !question.Unprinted {
				ps = append(ps, questionPages(s, question)...)
			}
		}
	}
	return ps
}

// questionPages cuts a long matrix into parts of nearly equal length.
func questionPages(section int, q *Question) []Page {
	parts := max(1, (len(q.Rows)+PageRows-1)/PageRows)
	ps := make([]Page, parts)
	for n := range parts {
		from, to := n*len(q.Rows)/parts, (n+1)*len(q.Rows)/parts
		p := Page{ID: q.ID, Section: section, Question: q, Rows: q.Rows[from:to], Part: n + 1, Parts: parts}
		if n > 0 {
			p.ID += "-" + strconv.Itoa(n+1)
		}
		p.Items = q.items(p.Rows)
		ps[n] = p
	}
	return ps
}

// items groups the variables of q into what is asked at once.
func (q *Question) items(rows []Row) []Item {
	all := q.Variables()
	if len(q.Rows) == 0 {
		return []Item{{Question: q, Variables: all}}
	}
	var items []Item
	for r := range rows {
		mine := ofRow(all, rows[r].ID)
		if q.Kind != GradeMatrix {
			items = append(items, Item{Question: q, Row: &rows[r], Variables: mine})
			continue
		}
		for o := range q.Options {
			for _, v := range mine {
				if v.Column == q.Options[o].ID {
					items = append(items, Item{Question: q, Row: &rows[r], Column: &q.Options[o], Variables: []Variable{v}})
				}
			}
		}
	}
	return items
}

func ofRow(vs []Variable, row string) []Variable {
	var out []Variable
	for _, v := range vs {
		if v.Row == row {
			out = append(out, v)
		}
	}
	return out
}
