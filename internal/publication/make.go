package publication

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/disclosure"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A Draft is what a person decides about an edition.
type Draft struct {
	Heading string            `json:"heading"`
	Lede    string            `json:"lede"`
	Titles  map[string]string `json:"titles,omitempty"` // of sections, where not that of the plan
	Report  string            `json:"report,omitempty"` // the script of the report; "" for none
}

// An Input is one audience with its published tables. Only NewInput makes one, so
// that none holds a number that may not go out.
type Input struct {
	Source   Source
	Response Response
	in       *instrument.Instrument
	book     *table.Book
	splits   []*table.Table // by groups
}

// NewInput makes the tables of one audience and withholds what may not be
// published of them. The subjects of its audience in split are also
// made by groups: of the columns that they name, the first that may be published.
func NewInput(src Source, response Response, in *instrument.Instrument, d *dataset.Dataset, limits study.Disclosure, split []Subject) (Input, error) {
	x := Input{Source: src, Response: response, in: in}
	b, err := table.NewBook(table.Spec{}, in, d)
	if err != nil {
		return x, err
	}
	if x.book, err = disclosure.Publish(b, in, limits); err != nil {
		return x, err
	}
	for _, s := range split {
		if s.Audience != src.Audience || in.Question(s.Question) == nil {
			continue
		}
		if err := x.split(s, d, limits); err != nil {
			return x, err
		}
	}
	x.Source.Many, x.Source.Units, x.Source.Questionnaires, x.Source.Population = x.book.Many(), x.book.Units, x.book.Questionnaires, x.book.Population
	return x, nil
}

// split makes the table of one question by groups. No other table by these groups is
// published, so that nothing can be told from two of them.
func (x *Input) split(of Subject, d *dataset.Dataset, limits study.Disclosure) error {
	at := slices.IndexFunc(of.By, func(column string) bool {
		return d.Column(column) != nil && disclosure.MayPublish(d, column, limits) == nil
	})
	if at < 0 {
		return nil
	}
	spec := table.Spec{Question: of.Question, By: of.By[at]}
	t, err := table.Make(spec, x.in, d)
	if err != nil {
		return err
	}
	b, err := disclosure.Publish(&table.Book{Instrument: x.in.Name, Spec: table.Spec{By: spec.By}, Tables: []*table.Table{t}}, x.in, limits)
	if err != nil {
		return err
	}
	x.splits = append(x.splits, b.Tables[0])
	return nil
}

// A maker makes one edition.
type maker struct {
	inputs []Input
	out    *Edition
}

// Make makes an edition. What a plan asks for and the study does not have is
// passed over. A script that does not fit is an errs.Invalid.
func Make(p Plan, d Draft, inputs []Input) (Edition, error) {
	m := maker{inputs, &Edition{Heading: d.Heading, Lede: d.Lede}}
	for i := range inputs {
		x := &inputs[i]
		m.out.Sources = append(m.out.Sources, x.Source)
		m.out.Response = append(m.out.Response, x.Response)
		shelf := Shelf{Audience: x.Source.Audience, Notes: x.book.Notes}
		for _, t := range x.book.Tables {
			if g := gridIn(report.Table(t)); g != nil {
				shelf.Grids = append(shelf.Grids, gridOf(g))
			}
		}
		m.out.Shelves = append(m.out.Shelves, shelf)
	}
	for _, s := range p.Sections {
		section := Section{ID: s.ID, Title: cmp.Or(d.Titles[s.ID], s.Title)}
		m.section(&section, s)
		if len(section.Blocks) > 0 {
			m.out.Sections = append(m.out.Sections, section)
		}
	}
	m.models(p.Models)
	if d.Report != "" {
		chapters, problems := m.chapters(d.Report)
		if len(problems) > 0 {
			return *m.out, errs.Errorf(errs.Invalid, "Het rapport klopt niet. %s", problems[0])
		}
		m.out.Chapters = chapters
	}
	return *m.out, nil
}

func gridIn(blocks []report.Block) *report.Grid {
	for _, b := range blocks {
		if g, ok := b.(*report.Grid); ok && len(g.Lines) > 0 {
			return g
		}
	}
	return nil
}

// find returns a table of an audience by its question or id; nil where there is
// none.
func (m *maker) find(audience, question string) (*Input, *table.Table) {
	i := slices.IndexFunc(m.inputs, func(x Input) bool { return x.Source.Audience == audience })
	if i < 0 {
		return nil, nil
	}
	return &m.inputs[i], m.inputs[i].book.Table(question)
}

func (m *maker) section(s *Section, p PlanSection) {
	switch p.Draw {
	case Bars:
		m.bars(s, p.Of)
	case Number:
		m.numbers(s, p.Of)
	case Four:
		if models := m.four(p.Of); len(models) > 0 {
			s.Blocks = []Block{{}} // the page draws the models of the edition
			m.tell(s, p.Of)
		}
	}
}

// bars puts the figures of tables that are drawn alike in one.
func (m *maker) bars(s *Section, of []Subject) {
	for _, subject := range of {
		x, t := m.find(subject.Audience, subject.Question)
		if t == nil {
			continue
		}
		f, ok := report.FigureOf(t)
		if !ok {
			continue
		}
		sheet := f.Sheet
		sheet.Rows = slices.Clone(sheet.Rows)
		for i := range sheet.Rows {
			if sheet.Rows[i].Group == "" && len(m.inputs) > 1 {
				sheet.Rows[i].Group = upper(x.Source.Many)
			}
		}
		behind := Behind{subject.Audience, t.ID}
		if n := len(s.Blocks); n > 0 && alike(s.Blocks[n-1].Figure, &sheet) {
			b := &s.Blocks[n-1]
			b.Figure.Rows = append(b.Figure.Rows, sheet.Rows...)
			b.Figure.Finding += " " + sheet.Finding
			b.Behind = append(b.Behind, behind)
			continue
		}
		s.Blocks = append(s.Blocks, Block{Figure: &sheet, Behind: []Behind{behind}})
	}
	m.tell(s, of)
}

// alike reports whether two figures have the same keys, heads and note, so that
// they can stand in one.
func alike(a, b *chart.Sheet) bool {
	return a != nil && slices.Equal(a.Keys, b.Keys) && slices.Equal(a.Heads, b.Heads) && a.Note == b.Note
}

// mostSentences is how much a section says of each table.
const mostSentences = 1

// tell says what the tables show.
func (m *maker) tell(s *Section, of []Subject) {
	for _, subject := range of {
		x, t := m.find(subject.Audience, subject.Question)
		if t == nil {
			continue
		}
		if p, ok := report.ProseOf(t, x.Source.Many); ok {
			if len(s.Text) > 0 {
				s.Text = append(s.Text, Part{Text: " "})
			}
			s.Text = append(s.Text, sentences(x.Source.Audience, p, mostSentences)...)
		}
	}
}

// sentences are the first n sentences of a draft.
func sentences(audience string, p *report.Prose, n int) []Part {
	var out []Part
	for _, part := range p.Parts {
		text, ends := part.Text, false
		if at := strings.Index(text, ". "); at >= 0 || strings.HasSuffix(text, ".") {
			if at >= 0 {
				text = text[:at+1]
			}
			n--
			ends = n == 0
			if !ends {
				text = part.Text
			}
		}
		out = append(out, partOf(audience, text, part.Cell))
		if ends {
			break
		}
	}
	return out
}

func partOf(audience, text string, c *report.CellRef) Part {
	if c == nil {
		return Part{Text: text}
	}
	return Part{text, &Ref{audience, c.Table, c.Line.ID, c.Line.Group, c.Column}}
}

// numbers makes a big number for each question.
func (m *maker) numbers(s *Section, of []Subject) {
	var big []Big
	for _, subject := range of {
		x, t := m.find(subject.Audience, subject.Question)
		if t == nil {
			continue
		}
		r, c := cellOf(t, subject.Option)
		if c == nil {
			continue
		}
		percent, ok := t.Whole(r, c)
		if !ok || r.Small {
			continue
		}
		number := fmt.Sprintf("%d%%", percent)
		big = append(big, Big{Number: partOf(x.Source.Audience, number, report.RefTo(t, r, c.Column)), Of: fmt.Sprintf("van de %s (N = %d)", x.Source.Many, r.N),
			Bar: chart.Portion(upper(x.Source.Many), float64(percent))})
	}
	if len(big) > 0 {
		s.Blocks = append(s.Blocks, Block{Big: big})
		m.tell(s, of)
	}
}

// cellOf finds the cell of an option: in a list of options it is a row, in a
// matrix a column of the first row.
func cellOf(t *table.Table, option string) (*table.Row, *table.Cell) {
	for i := range t.Rows {
		r := &t.Rows[i]
		if t.Layout == table.Options && r.Row == option && len(r.Cells) == 1 {
			return r, &r.Cells[0]
		}
		if k := slices.IndexFunc(r.Cells, func(c table.Cell) bool { return c.Column == option }); t.Layout != table.Options && k >= 0 {
			return r, &r.Cells[k]
		}
	}
	return nil, nil
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// four are the models with their share in each audience.
func (m *maker) four(of []Subject) []Model {
	var out []Model
	for _, subject := range of {
		x, t := m.find(subject.Audience, subject.Question)
		if t == nil {
			continue
		}
		at := max(slices.IndexFunc(t.Rows, func(r table.Row) bool { return r.Row == subject.Row }), 0)
		if len(t.Rows) == 0 || t.Rows[at].Small {
			continue
		}
		r := &t.Rows[at]
		for _, o := range x.in.Question(t.Question).Options {
			k := slices.IndexFunc(r.Cells, func(c table.Cell) bool { return c.Column == o.ID })
			if o.Text == "" || k < 0 {
				continue
			}
			name := cmp.Or(o.Title, o.Label)
			i := slices.IndexFunc(out, func(x Model) bool { return x.Name == name })
			if i < 0 {
				out, i = append(out, Model{Name: name, Text: o.Text, Drawing: o.Drawing}), len(out)
			}
			if percent, ok := t.Whole(r, &r.Cells[k]); ok {
				out[i].Shares = append(out[i].Shares, Share{Of: upper(x.Source.Many) + ": " + strings.ToLower(r.Label[:1]) + r.Label[1:], N: r.N, Number: partOf(x.Source.Audience, fmt.Sprintf("%d%%", percent), report.RefTo(t, r, o.ID))})
			}
		}
	}
	return out
}

// models makes the page of the models, by groups where that may be published.
func (m *maker) models(of []Subject) {
	models := m.four(of)
	if len(models) == 0 {
		return
	}
	m.out.Models = &Models{Models: models}
	for _, subject := range of {
		x, t := m.find(subject.Audience, subject.Question)
		if t == nil {
			continue
		}
		m.out.Models.Title = cmp.Or(m.out.Models.Title, t.Title)
		whole := Section{ID: x.Source.Audience, Title: upper(x.Source.Many)}
		m.bars(&whole, []Subject{subject})
		m.out.Models.Sections = append(m.out.Models.Sections, whole)
		for _, by := range x.splits {
			if by.Question == subject.Question {
				m.split(x, by)
			}
		}
	}
}

// split shows one question by groups, and puts its table on the shelf.
func (m *maker) split(x *Input, t *table.Table) {
	c, column := *t, t.By.Column
	c.ID = t.ID + "-" + column
	g := gridIn(report.Table(&c))
	f, ok := report.FigureOf(&c)
	if g == nil || !ok {
		return
	}
	shelf := m.out.Shelf(x.Source.Audience)
	shelf.Grids = append(shelf.Grids, gridOf(g))
	s := Section{ID: x.Source.Audience + "-" + column, Title: upper(x.Source.Many) + " naar " + strings.ToLower(t.By.Label)}
	if p, ok := report.ProseOf(&c, x.Source.Many); ok {
		s.Text = sentences(x.Source.Audience, p, 2)
	}
	sheet := f.Sheet
	s.Blocks = []Block{{Figure: &sheet, Behind: []Behind{{x.Source.Audience, c.ID}}}}
	m.out.Models.Sections = append(m.out.Models.Sections, s)
}
