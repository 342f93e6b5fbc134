package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// comma writes a number with at most two decimals, as Dutch readers do.
func comma(x float64) string {
	s := strconv.FormatFloat(x, 'f', 2, 64)
	s = strings.TrimSuffix(s, ".00")
	return strings.Replace(s, ".", ",", 1)
}

// lost finds rows and columns of the question that the table does not have.
func (a *audit) lost() {
	q := a.question
	if q == nil || a.t.Layout == Cross {
		return
	}
	var rows, columns []Column
	switch {
	case a.t.Layout == Options:
		rows = optionColumns(q)
	case a.t.Layout == Matrix, a.t.Layout == Grades && q.Kind == instrument.GradeMatrix:
		for _, r := range q.Rows {
			rows = append(rows, Column{ID: r.ID, Label: r.Label})
		}
		columns = optionColumns(q)
	}
	for _, r := range rows {
		if a.t.row(r.ID) == nil {
			a.find(Certain, "", "", "‘%s’ staat in de vragenlijst en niet in de tabel.", r.Label)
		}
	}
	for _, c := range columns {
		if a.t.column(c.ID) < 0 && (a.t.Layout != Grades || c.Missing == instrument.Substantive) && (a.t.Base == WithMissing || c.Missing == instrument.Substantive) {
			a.find(Certain, "", "", "de kolom ‘%s’ staat in de vragenlijst en niet in de tabel.", c.Label)
		}
	}
}

// siblings finds a table that lacks exactly one row of another question, with the
// same columns and otherwise the same rows: it may have been lost when the
// questionnaire was made.
func (a *audit) siblings() {
	tables := a.book.Tables
	for _, t := range tables {
		a.t = t
		for _, other := range tables {
			if t.Layout != Matrix || other.Layout != Matrix || len(t.Rows) < 5 || len(other.Rows) != len(t.Rows)+1 || !slices.EqualFunc(t.Columns, other.Columns, sameID) {
				continue
			}
			if r, ok := missingRow(t, other); ok {
				a.find(Likely, "", "", "de rij ‘%s’ ontbreekt, die in tabel %s met dezelfde andere rijen wel staat.", r.Label, other.ID)
				break
			}
		}
	}
}

func sameID(a, b Column) bool { return a.ID == b.ID }

// missingRow returns the one row that other has more than t.
func missingRow(t, other *Table) (Row, bool) {
	var more []Row
	for _, r := range other.Rows {
		if t.row(r.Row) == nil {
			more = append(more, r)
		}
	}
	if len(more) != 1 {
		return Row{}, false
	}
	return more[0], true
}

// optionOf returns the question and the option that a condition of the form
// "question = option" names.
func optionOf(q *instrument.Question) (question, option string, ok bool) {
	question, option, ok = strings.Cut(q.ShowIf.String(), " = ")
	return question, option, ok && !strings.ContainsAny(option, " ()")
}

// chosen returns the fewest and the most units that chose the option on which a
// question depends, and the printed percentage.
func (a *audit) chosen(t *Table) (fewest, most, percent int, on *Table, ok bool) {
	q := a.instrumentQuestion(t)
	if q == nil {
		return 0, 0, 0, nil, false
	}
	name, option, ok := optionOf(q)
	if on = a.book.Table(name); !ok || on == nil || on.Layout != Options || on.Weight != "" {
		return 0, 0, 0, nil, false
	}
	r := on.row(option)
	if source := a.instrumentQuestion(on); r == nil && source != nil { // by code
		for _, o := range source.Options {
			if strconv.Itoa(o.Code) == option {
				r = on.row(o.ID)
			}
		}
	}
	if r == nil || len(r.Cells) != 1 || r.N == 0 {
		return 0, 0, 0, nil, false
	}
	percent, ok = on.Whole(r, &r.Cells[0])
	fewest, most = Between(percent, r.N)
	if c := r.Cells[0].Count; c != Unknown {
		fewest, most = c, c
	}
	return fewest, most, percent, on, ok
}

// routes finds questions that were answered by more units than were asked.
func (a *audit) routes() {
	for _, t := range a.book.Tables {
		a.t = t
		fewest, most, percent, on, ok := a.chosen(t)
		if n := t.base(); ok && t.Bases == nil && most >= fewest && n > most {
			a.find(Certain, "", "", "N=%d is meer dan de %d die deze vraag kregen (%d%% in tabel %s).", n, most, percent, on.ID)
		}
	}
}

// explanations finds a yes or no that fits the number of explanations only when
// the two are the other way round, where the book has other questions that were
// explained alike.
func (a *audit) explanations() {
	type follow struct {
		t, on           *Table
		asked, n, other int
	}
	var all []follow
	for _, t := range a.book.Tables {
		_, most, _, on, ok := a.chosen(t)
		q := a.instrumentQuestion(t)
		if !ok || q == nil || q.Kind != instrument.Open || len(on.Rows) != 2 || most == 0 {
			continue
		}
		all = append(all, follow{t, on, most, t.N, on.base() - most})
	}
	for i, f := range all {
		asked, n := 0, 0
		for j, g := range all {
			if j != i && g.t.Question != f.t.Question && similar(a.instrumentQuestion(g.t), a.instrumentQuestion(f.t)) {
				asked, n = asked+g.asked, n+g.n
			}
		}
		if asked < 50 || f.asked < 50 || n > asked {
			continue
		}
		if differ(f.n, f.asked, n, asked) > 3.5 && f.n <= f.other && differ(f.n, f.other, n, asked) < 2 {
			a.t = f.on
			a.find(Possible, "", "", "%d van %d lichten dit toe in tabel %s; bij vragen die er op lijken is dat %d van %d. Andersom (%d) zou het kloppen: misschien zijn ja en nee verwisseld.", f.n, f.asked, f.t.ID, n, asked, f.other)
		}
	}
}

// similar reports whether two open questions ask the same.
func similar(a, b *instrument.Question) bool { return a.Text == b.Text }

// differ is how many standard errors two shares lie apart.
func differ(x, n, y, m int) float64 {
	p := float64(x+y) / float64(n+m)
	se := math.Sqrt(p * (1 - p) * (1/float64(n) + 1/float64(m)))
	if se == 0 {
		return 0
	}
	return math.Abs(float64(x)/float64(n)-float64(y)/float64(m)) / se
}

// AuditPair returns what is odd in a book beside another one, of other units who
// were asked the same: columns that only one of them has, and a table of some
// of the units that repeats one of the other book.
func AuditPair(b, other *Book) []Finding {
	a := audit{book: b}
	usual := 0
	for _, t := range b.Tables {
		usual = max(usual, t.base())
	}
	for _, t := range b.Tables {
		a.t = t
		for _, o := range other.Tables {
			if t.Layout != o.Layout || t.Weight != "" || o.Weight != "" {
				continue
			}
			a.otherColumns(t, o)
			if t.Layout == Options && 3*t.base() < 2*usual {
				a.repeats(t, o)
			}
		}
	}
	return a.found
}

// otherColumns finds a way to say that there is no answer, such as n.v.t., that
// only the other of two matrices with the same rows and answers has.
func (a *audit) otherColumns(t, o *Table) {
	if t.Layout != Matrix || !slices.EqualFunc(t.Rows, o.Rows, func(x, y Row) bool { return x.Row == y.Row }) {
		return
	}
	if !slices.EqualFunc(t.substantive(), o.substantive(), sameID) {
		return
	}
	for _, c := range o.Columns {
		if t.column(c.ID) < 0 {
			a.find(Certain, "", "", "hier is geen kolom ‘%s’, die tabel %s met dezelfde rijen wel heeft; de percentages hebben daardoor een andere basis.", c.Label, o.ID)
		}
	}
}

// substantive returns the columns that are answers.
func (t *Table) substantive() []Column {
	return slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return c.Missing != instrument.Substantive })
}

func (a *audit) repeats(t, o *Table) {
	x, y := t.lines(), o.lines()
	if len(x) != 1 || len(y) != 1 || x[0].n != y[0].n || x[0].n < 50 || !slices.Equal(x[0].printed, y[0].printed) || !slices.EqualFunc(x[0].options, y[0].options, sameID) {
		return
	}
	var parts []string
	for _, p := range x[0].printed {
		parts = append(parts, fmt.Sprintf("%d%%", p))
	}
	a.find(Possible, "", "", "%s van %d staan precies zo in tabel %s; misschien zijn zij gekopieerd.", strings.Join(parts, " en "), x[0].n, o.ID)
}
