package export

import (
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/logic"
)

// An Entry is what a codebook says of one variable (standards N13).
type Entry struct {
	*dataset.Column
	Section  string // title of the chapter; "" for what is no question
	Asked    string // the question as printed, "" for what is no question
	Part     string // its row, box or column, as printed
	Hint     string
	Routing  string // to whom it is asked, in a sentence
	Table    string // number of the published table, "" if none
	Counts   []int  // rows by place in Values
	Given    int    // substantive answers that are no value: texts, numbers
	Valid    int    // all substantive answers
	Hidden   int    // rows to which it was not shown
	Unknown  int    // rows that did not come to it, or of which it is not known
	Min, Max float64
}

// Entries describes the variables of d, an answer to in, that a file with these
// options has, in the order of the file.
func Entries(d *dataset.Dataset, in *instrument.Instrument, o Options) []Entry {
	d, columns := fileData(d, o)
	asked := map[string]Entry{}
	for _, s := range in.Sections {
		for i := range s.Questions {
			q := &s.Questions[i]
			asked[q.ID] = Entry{Section: s.Title, Asked: q.Text, Hint: q.Hint, Table: q.Table, Routing: routing(in, q.ShowIf)}
		}
	}
	var out []Entry
	for _, c := range columns {
		e := asked[c.Question]
		e.Column = c
		if q := in.Question(c.Question); q != nil {
			e.Part = part(q, c)
		}
		e.count(d)
		out = append(out, e)
	}
	return out
}

func (e *Entry) count(d *dataset.Dataset) {
	e.Counts = make([]int, len(e.Values))
	n := d.Count(e.Column)
	for x, k := range n {
		switch i := x - 2; {
		case x == int(dataset.CellNotReached):
			e.Unknown = k
		case x == int(dataset.CellNotShown):
			e.Hidden = k
		case i < len(e.Values):
			e.Counts[i] = k
			if !e.Values[i].Missing {
				e.Valid += k
			}
		default:
			e.Given += k
			e.Valid += k
		}
	}
	first := true
	for at := range d.Cases() {
		if v := e.Number(at); v == v && e.Type != dataset.TimeType { // a number
			if first || v < e.Min {
				e.Min = v
			}
			if first || v > e.Max {
				e.Max = v
			}
			first = false
		}
	}
}

// part is the row and the box or column of a question that a variable is of.
func part(q *instrument.Question, c *dataset.Column) string {
	var parts []string
	for _, r := range q.Rows {
		if r.ID == c.Row {
			parts = append(parts, r.Label)
		}
	}
	for _, o := range q.Options {
		if o.ID == c.Column {
			parts = append(parts, o.Label)
		}
	}
	if len(parts) == 0 && (c.Row != "" || c.Column != "") {
		parts = append(parts, c.Label)
	}
	return strings.Join(parts, ": ")
}

// routing says to whom a question is asked.
func routing(in *instrument.Instrument, e logic.Expr) string {
	if e.IsZero() {
		return "Gesteld aan iedereen."
	}
	variables := map[string]instrument.Variable{}
	for _, v := range in.Variables() {
		variables[strings.ToLower(v.Name)] = v
	}
	name := func(name string) string {
		if v, ok := variables[strings.ToLower(name)]; ok && v.Label != "" {
			return "‘" + strings.TrimRight(v.Label, ".") + "’ (" + v.Name + ")"
		}
		return name
	}
	value := func(name, value string) string {
		v := variables[strings.ToLower(name)]
		for _, x := range v.Values {
			if x.ID == value || strconv.Itoa(x.Code) == value {
				return "‘" + x.Label + "’"
			}
		}
		return value
	}
	return "Alleen gesteld als " + e.Words(name, value) + "."
}
