package table

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// variable makes the table of one column: how often each of its values occurs, or
// the mean of what is a number or is asked for as one.
func (m *maker) variable() (*Table, error) {
	c := m.d.Column(m.spec.Variable)
	switch {
	case c == nil:
		return nil, errs.Errorf(errs.Invalid, "De kolom ‘%s’ bestaat niet.", m.spec.Variable)
	case c.Type == instrument.TextType || c.Type == dataset.TimeType:
		return nil, errs.Errorf(errs.Invalid, "‘%s’ is geen antwoord dat te tellen is.", c.Label)
	case m.by == c:
		return nil, errs.Errorf(errs.Invalid, "Kies voor rijen en kolommen niet hetzelfde.")
	}
	q := &instrument.Question{ID: c.Name, Table: c.Name, Text: LabelOf(m.in, c), Kind: instrument.Single}
	for _, v := range c.Values {
		if v.Reason != instrument.LeftOpen {
			q.Options = append(q.Options, instrument.Option{ID: v.ID, Label: v.Label, Missing: v.Reason})
		}
	}
	work := m.begin(q, []*dataset.Column{c})
	work.paired = m.by != nil && m.by.Question != "" && m.by.Question == c.Question
	work.bases()
	if m.spec.Means || c.Type == instrument.GradeType || c.Type == instrument.NumberType {
		work.mean(c)
	} else {
		work.single()
	}
	work.test()
	work.remark()
	if work.paired {
		work.Notes = append(work.Notes, "Beide antwoorden zijn van dezelfde respondenten. Een toets voor onafhankelijke groepen past daar niet op.")
	}
	if c.Role == dataset.Computed {
		work.Warnings = slices.DeleteFunc(work.Warnings, func(w Warning) bool { return w.Kind == BaseChanged })
		if b := work.Table.Bases; b.N < b.Units {
			work.Warnings = append(work.Warnings, Warning{Kind: BaseChanged, Text: fmt.Sprintf("Van de %s hebben er %d een waarde: de andere beantwoordden te weinig van de vragen waar zij uit volgt.", m.nouns.count(b.Units), b.N)})
		}
	}
	return work.Table, nil
}

// LabelOf is what a column is called by itself: a row of a question after that
// question.
func LabelOf(in *instrument.Instrument, c *dataset.Column) string {
	if q := in.Question(c.Question); q != nil && (c.Role == dataset.Response || c.Role == dataset.Coded) && q.Text != "" && q.Text != c.Label {
		return q.Text + " – " + c.Label
	}
	return c.Label
}

// MeanColumn is the column of a table of means of one variable.
const MeanColumn = "gemiddelde"

// mean describes a column as numbers.
func (w *making) mean(c *dataset.Column) {
	w.Layout, w.Sum, w.Columns = Grades, SumNone, []Column{{ID: MeanColumn, Label: "Gemiddelde"}}
	cells := grid[moments](w.groups, 1)
	numbers := w.describe(c, cells, 0)
	if w.split != nil && !w.paired {
		w.testMeans("", "", MeanColumn, numbers)
	}
	w.gradeRows("", "", cells)
}

// testPaired tests whether two answers of the same respondents are spread alike,
// where both have the same options.
func (w *making) testPaired(c cross) {
	var options []int
	for i, o := range c.columns {
		if o.Missing == instrument.Substantive {
			options = append(options, i)
		}
	}
	if len(options) != w.groups-1 {
		return
	}
	counts := grid[int](w.groups-1, len(options))
	for g := 1; g < w.groups; g++ {
		for j, i := range options {
			if c.columns[options[g-1]].ID != w.split.Groups[g-1].ID {
				return
			}
			counts[g-1][j] = c.own[g][i]
		}
	}
	t := testOf(stat.StuartMaxwell(counts))
	t.Row, t.Label = c.row, c.label
	w.Tests = append(w.Tests, t)
}

// Behind returns the filters that keep the units in a cell of t: a row of t by its
// id and group, and a column of it; column "" is all that the row counts. They are
// for the dataset that t was made of, after the filters of its spec.
func (t *Table) Behind(d *dataset.Dataset, row, group, column string) ([]dataset.Filter, error) {
	var out []dataset.Filter
	if group != "" {
		if t.By == nil {
			return nil, errs.Errorf(errs.NotFound, "Deze groep is er niet.")
		}
		out = append(out, dataset.Filter{Column: t.By.Column, Values: []string{group}})
	}
	columns := d.Question(t.Question)
	if len(columns) == 0 { // of one variable
		c := d.Column(t.Question)
		if c == nil {
			return nil, errs.Errorf(errs.NotFound, "Deze cel is er niet.")
		}
		columns = []*dataset.Column{c}
	} else {
		columns = slices.DeleteFunc(columns, func(c *dataset.Column) bool { return c.Type == instrument.TextType })
	}
	option := column
	if t.Layout == Options { // the option is the row
		row, option = "", row
	}
	f, ok := t.cellFilter(columns, row, option)
	if !ok {
		return nil, errs.Errorf(errs.NotFound, "Deze cel is er niet.")
	}
	return append(out, f), nil
}

// cellFilter finds the column that a cell counts, with the value that it has there.
func (t *Table) cellFilter(columns []*dataset.Column, row, option string) (dataset.Filter, bool) {
	single := len(columns) == 1
	for _, c := range columns {
		if !single && c.Row != row {
			continue
		}
		switch {
		case option == "" || t.Layout == Grades && (single || c.Variable.Column == option):
			return dataset.Filter{Where: "answered(" + c.Name + ")"}, true
		case t.Layout == Grades:
		case c.Type == instrument.FlagType && !single:
			if c.Variable.Column == option {
				return dataset.Filter{Column: c.Name, Values: []string{"1"}}, true
			}
		default:
			for _, v := range c.Values {
				if v.ID == option {
					return dataset.Filter{Column: c.Name, Values: []string{strconv.Itoa(v.Code)}}, true
				}
			}
		}
	}
	return dataset.Filter{}, false
}
