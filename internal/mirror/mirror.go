// Package mirror owns the spiegelrapport: what one unit answered, beside what all
// answered and what its group did. It knows tables that passed disclosure control,
// and the answers of the one unit that may see them; no database and no page.
//
//	k, err := mirror.New(in, d, limits, "regio")   // once for an audience
//	r, ok := k.Report("PO0001")
//
// Whoever reads a report knows their own answers and can subtract them. So the
// tables by group are made with limits that are one stricter: without the reader
// there are still enough others in a group, and in each cell that is printed.
package mirror

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/disclosure"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
)

// Others is how many others a group must have to be compared with.
const Others = 10

// Days is how long the link of a report is valid.
const Days = 60

// A Kit makes the reports of one audience. It never changes.
type Kit struct {
	in    *instrument.Instrument
	data  *dataset.Dataset
	all   *table.Book
	group *table.Book // nil where no group may be shown
	by    *dataset.Column
}

// Stricter are the limits for tables whose reader knows one answer.
func Stricter(d study.Disclosure) study.Disclosure {
	l := d.Limits()
	l.FewUnits++
	l.SmallBase = max(l.SmallBase, Others) + 1
	return l
}

// New makes the tables of an audience. groups are columns of the background, of
// which the first that may be published is the group; without one, reports compare
// with all only.
func New(in *instrument.Instrument, d *dataset.Dataset, limits study.Disclosure, groups []string) (*Kit, error) {
	k := &Kit{in: in, data: d}
	limits = Stricter(limits)
	var err error
	if k.all, err = published(table.Spec{}, in, d, limits); err != nil {
		return nil, err
	}
	for _, column := range groups {
		if c := d.Column(column); c != nil && disclosure.MayPublish(d, column, limits) == nil {
			k.by = c
			k.group, err = published(table.Spec{By: column}, in, d, limits)
			return k, err
		}
	}
	return k, nil
}

func published(spec table.Spec, in *instrument.Instrument, d *dataset.Dataset, limits study.Disclosure) (*table.Book, error) {
	b, err := table.NewBook(spec, in, d)
	if err != nil {
		return nil, err
	}
	return disclosure.Publish(b, in, limits)
}

// A Report is what one unit reads.
type Report struct {
	Units      int    // that answered
	GroupLabel string // Regio
	Group      string // Noord; "" where no group may be shown
	Few        bool   // the group has too few others
	Sections   []Section
}

// A Section is a chapter of the questionnaire.
type Section struct {
	Title     string
	Questions []Question
}

// A Question is one question with its rows.
type Question struct {
	ID, Title string
	Keys      []chart.Key
	Lines     []Line
}

// A Line is one row of a question: the own answer, and how the others answered.
type Line struct {
	Label string
	Own   string // the answer in words, "" for none
	Same  string // what share of all gave the same answer
	All   Bar
	Group Bar
}

// A Bar is how a group answered. Why says why it is not drawn.
type Bar struct {
	N      int
	Figure chart.Figure
	Why    string
}

// Report makes the report of a unit; false where it answered nothing.
func (k *Kit) Report(unit string) (Report, bool) {
	at, ok := k.find(unit)
	if !ok {
		return Report{}, false
	}
	r := Report{Units: k.all.Units}
	group := ""
	if k.by != nil {
		r.GroupLabel = k.by.Label
		if v, ok := k.by.Value(k.by.Cell(at)); ok {
			r.Group, group = v.Label, v.ID
		}
	}
	shown := false
	for _, t := range k.all.Tables {
		q, some := k.question(t, at, group)
		if len(q.Lines) == 0 {
			continue
		}
		shown = shown || some
		if n := len(r.Sections); n == 0 || r.Sections[n-1].Title != t.Section {
			r.Sections = append(r.Sections, Section{Title: t.Section})
		}
		s := &r.Sections[len(r.Sections)-1]
		s.Questions = append(s.Questions, q)
	}
	r.Few = r.Group != "" && !shown
	return r, true
}

func (k *Kit) find(unit string) (dataset.Case, bool) {
	for at := range k.data.Cases() {
		if k.data.Unit(at) == unit {
			return at, true
		}
	}
	return 0, false
}

// question compares one question; some reports whether the group could be shown in
// any row. Only choices are compared: of several answers and of texts a bar of a
// hundred percent says nothing.
func (k *Kit) question(t *table.Table, at dataset.Case, group string) (q Question, some bool) {
	if t.Layout != table.Matrix || t.Sum != table.SumRow {
		return q, false
	}
	q.ID, q.Title = t.ID, t.Title
	tones := tonesOf(t.Columns)
	for i, c := range t.Columns {
		q.Keys = append(q.Keys, chart.Key{Label: c.Label, Tone: tones[i]})
	}
	own := map[string]*dataset.Column{}
	for _, c := range k.data.Question(t.Question) {
		own[c.Row] = c
	}
	for i := range t.Rows {
		row := &t.Rows[i]
		c := own[row.Row]
		if c == nil {
			continue
		}
		line := Line{Label: strings.TrimSpace(row.Label)}
		v, answered := c.Value(c.Cell(at))
		if answered && c.Missing(at) != instrument.LeftOpen {
			line.Own = v.Label
		}
		line.All = bar(t, row, "alle antwoorden", tones)
		if line.Own != "" && line.All.Why == "" {
			line.Same = same(t, row, v.ID)
		}
		if group != "" {
			line.Group = k.groupBar(t.Question, row.Row, group, tones)
			some = some || line.Group.Why == ""
		}
		q.Lines = append(q.Lines, line)
	}
	return q, some
}

// same is what share of a row gave an answer.
func same(t *table.Table, row *table.Row, option string) string {
	i := slices.IndexFunc(row.Cells, func(c table.Cell) bool { return c.Column == option })
	if i < 0 {
		return ""
	}
	if percent, ok := t.Whole(row, &row.Cells[i]); ok {
		return fmt.Sprintf("%d%%", percent)
	}
	return ""
}

// groupBar is how the own group answered a row.
func (k *Kit) groupBar(question, row, group string, tones []chart.Tone) Bar {
	t := k.group.Table(question)
	if t == nil {
		return Bar{Why: "Niet uitgesplitst."}
	}
	for i := range t.Rows {
		if r := &t.Rows[i]; r.Row == row && r.Group == group {
			return bar(t, r, "uw groep", tones)
		}
	}
	return Bar{Why: "Niet uitgesplitst."}
}

// bar draws a row. One in which a number is withheld is not drawn: the others would
// tell how much is missing.
func bar(t *table.Table, r *table.Row, name string, tones []chart.Tone) Bar {
	if r.Small || r.Withheld || r.N <= Others {
		return Bar{Why: fmt.Sprintf("Minder dan %d anderen: dat tonen wij niet.", Others)}
	}
	var parts []chart.Part
	for i, c := range t.Columns {
		k := slices.IndexFunc(r.Cells, func(x table.Cell) bool { return x.Column == c.ID })
		if k < 0 || r.Cells[k].Withheld {
			return Bar{Why: "Niet alle getallen mogen getoond worden; daarom tonen wij er geen."}
		}
		parts = append(parts, chart.Part{Label: c.Label, Tone: tones[i], Percent: r.Cells[k].Percent})
	}
	return Bar{N: r.N, Figure: chart.Stack(name, parts)}
}

func tonesOf(columns []table.Column) []chart.Tone {
	n := 0
	for _, c := range columns {
		if c.Missing == instrument.Substantive {
			n++
		}
	}
	scale := chart.Scale(n)
	var out []chart.Tone
	for _, c := range columns {
		switch c.Missing {
		case instrument.NoView:
			out = append(out, chart.NoView)
		case instrument.NotApply:
			out = append(out, chart.NotApply)
		default:
			out, scale = append(out, scale[0]), scale[1:]
		}
	}
	return out
}
