package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/stat"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/table"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// What a cross table is asked for by: what is counted, in which groups, of whom.
const (
	rowField    = "rij"
	columnField = "kolom"
	whereField  = "voorwaarde"
	meanField   = "maat"
)

// A crossRequest is one table that somebody points at.
type crossRequest struct {
	analysed
	bookRequest // its query, audience and choices
	in          *instrument.Instrument
	spec        table.Spec
	table       *table.Table // nil where what was asked for does not fit
	where       string       // what is wrong with the condition
}

// cross makes the table that a request points at.
func (s *Server) cross(r *http.Request) (crossRequest, error) {
	c := crossRequest{bookRequest: bookRequest{query: r.URL.Query()}}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return c, err
	}
	if c.all, err = s.store.Audiences(r.Context(), st.ID); err != nil {
		return c, err
	}
	name, _ := asked(r)
	if name == "" && len(c.all) > 0 {
		name = c.all[0].Name
	}
	if c.analysed, err = s.analysed(r, name); err != nil {
		return c, err
	}
	c.bookRequest.study = st
	c.audience = c.all[slices.IndexFunc(c.all, func(a store.Audience) bool { return a.Name == name })]
	if c.snapshots, err = s.store.Snapshots(r.Context(), st.ID); err != nil {
		return c, err
	}
	c.in = c.inputs[0].In
	if c.data, err = hypothesis.Extend(c.in, c.inputs[0].Data, c.derived(), c.options.Valid); err != nil {
		return c, err
	}
	c.make()
	return c, nil
}

// make makes the table, or says what does not fit.
func (c *crossRequest) make() {
	c.spec = c.bookRequest.spec()
	c.spec.By = c.query.Get(columnField)
	row := c.query.Get(rowField)
	if row == "" {
		row = c.first()
		c.query.Set(rowField, row)
	}
	if c.data.Column(row) != nil {
		c.spec.Variable, c.spec.Means = row, c.query.Get(meanField) != ""
	} else {
		c.spec.Question = row
	}
	if where := strings.TrimSpace(c.query.Get(whereField)); where != "" {
		if _, err := c.data.Condition(where); err != nil {
			c.where = errs.Public(err)
			return
		}
		c.spec.Filters = append(c.spec.Filters, dataset.Filter{Where: where})
	}
	t, err := table.Make(c.spec, c.in, c.data)
	if err != nil {
		c.problem = errs.Public(err)
		return
	}
	c.table = t
}

// first is what is counted where nobody said what: the first scale, or the first
// question.
func (c *crossRequest) first() string {
	if len(c.in.Scales) > 0 && c.data.Column(hypothesis.ScalePrefix+c.in.Scales[0].ID) != nil {
		return hypothesis.ScalePrefix + c.in.Scales[0].ID
	}
	for _, s := range c.in.Sections {
		for _, q := range s.Questions {
			if !q.Unprinted {
				return q.ID
			}
		}
	}
	return ""
}

// optionLabel is as much of a label as a list can show.
func optionLabel(name, label string) string {
	const most = 90
	if r := []rune(label); len(r) > most { // the end of a label tells it from its neighbours
		label = string(r[:most/2]) + " … " + string(r[len(r)-most/2:])
	}
	return name + ": " + label
}

// kinds sorts columns for the lists to choose from.
func (c *crossRequest) kinds(chosen string, fits func(*dataset.Column) bool) []page.ChoiceGroup {
	groups := []page.ChoiceGroup{{Label: "Achtergrond"}, {Label: "Schalen"}, {Label: "Afgeleid"}, {Label: "Antwoorden"}}
	for _, x := range c.data.Columns() {
		if !fits(x) {
			continue
		}
		at := 3
		switch {
		case x.Role == dataset.Background:
			at = 0
		case strings.HasPrefix(x.Name, hypothesis.ScalePrefix):
			at = 1
		case x.Role == dataset.Computed, x.Role == dataset.Coded:
			at = 2
		case x.Role != dataset.Response:
			continue
		}
		groups[at].Options = append(groups[at].Options, page.Choice{Value: x.Name, Label: optionLabel(x.Name, table.LabelOf(c.in, x)), Selected: x.Name == chosen})
	}
	return slices.DeleteFunc(groups, func(g page.ChoiceGroup) bool { return len(g.Options) == 0 })
}

// choices are what can be pointed at, with what is chosen now.
func (c *crossRequest) choices() []page.BookChoice {
	row, by := c.query.Get(rowField), c.query.Get(columnField)
	questions := page.ChoiceGroup{Label: "Vragen"}
	for _, s := range c.in.Sections {
		for i := range s.Questions {
			q := &s.Questions[i]
			if q.Unprinted || q.Kind == instrument.Open || q.Kind == instrument.Repeated || c.data.Column(q.ID) != nil {
				continue
			}
			questions.Options = append(questions.Options, page.Choice{Value: q.ID, Label: optionLabel(q.ID, q.Text), Selected: q.ID == row})
		}
	}
	rows := page.BookChoice{Name: rowField, Label: "Tel of beschrijf", Groups: append([]page.ChoiceGroup{questions}, c.kinds(row, func(x *dataset.Column) bool {
		return x.Type != instrument.TextType && x.Type != dataset.TimeType && x.Type != instrument.FlagType
	})...)}
	columns := page.BookChoice{Name: columnField, Label: "Naar groepen van", Options: []page.Choice{{Value: "", Label: "Niet uitsplitsen", Selected: by == ""}}, Groups: c.kinds(by, report.Groups)}
	mean := page.BookChoice{Name: meanField, Label: "Wat", Options: []page.Choice{{Value: "", Label: "Aantallen en percentages", Selected: c.query.Get(meanField) == ""}, {Value: "gemiddelde", Label: "Gemiddelde", Selected: c.query.Get(meanField) != ""}}}
	where := page.BookChoice{Name: whereField, Box: &ui.Box{Name: whereField, Label: "Alleen waar", Hint: "Zoals: regio = noord and b5_2_kern >= 3", Value: c.query.Get(whereField), Lines: 1, Error: c.where}}
	own := slices.DeleteFunc(c.bookRequest.choices(), func(x page.BookChoice) bool {
		return slices.Contains([]string{"splits", besideField, "publiek"}, x.Name)
	})
	return append([]page.BookChoice{rows, columns, mean, where}, own...)
}

// paper is the table as a page or file.
func (c *crossRequest) paper() export.Paper {
	if c.table == nil {
		return export.Paper{Doc: &report.Document{Title: c.bookRequest.study.Title, Subtitle: "Kruistabel " + c.in.Name}}
	}
	t := c.table
	method := stat.Method("")
	if len(t.Tests) > 0 {
		method = stat.Method(t.Tests[0].Method)
	}
	code := ""
	if c.spec.Variable != "" {
		code = hypothesis.RCode(c.in, c.data, c.derived(), c.options, hypothesis.RTable{Variable: c.spec.Variable, By: c.spec.By, Means: t.Layout == table.Grades, Substantive: c.spec.Base == table.Substantive,
			Filters: c.counted(), Method: method})
	}
	b := &table.Book{Study: c.data.Study, Title: c.data.Title, Instrument: c.in.Name, Edition: c.in.Edition, Generated: c.data.Taken, Units: c.data.Len(), Questionnaires: c.data.Questionnaires(), Spec: c.spec,
		Contents: []table.Entry{}, Tables: []*table.Table{t}, Path: []table.Step{}, Notes: []string{}, Warnings: []table.Warning{}}
	paper := export.BookPaper(b)
	paper.Doc = report.Cross(c.bookRequest.study.Title, c.in.Name, t, b.Units, b.Questionnaires, code)
	return paper
}

// request is the table as a page or file of one audience.
func (c *crossRequest) request() *paperRequest {
	p := &paperRequest{study: c.bookRequest.study, audience: c.audience.Name, path: page.CrossPath, tail: c.question(), file: "kruistabel", paper: c.paper()}
	for _, x := range c.all {
		p.all = append(p.all, x.Name)
	}
	return p
}

// showCross is one table of any variable by any other.
func (s *Server) showCross(w http.ResponseWriter, r *http.Request, a account.Account) error {
	c, err := s.cross(r)
	if err != nil {
		return err
	}
	p := s.papers(a, c.request())
	p.Heading, p.Current = "Kruistabel", "analyse"
	p.Choices, p.Problem, p.ProblemField = c.choices(), c.problem, rowField
	p.Figures, p.PNG, p.Tail, p.FigureName = true, s.Printer.Ready(), c.question(), "figuur"
	if c.where != "" {
		p.Problem, p.ProblemField = c.where, whereField
	}
	if a.May(account.SeeData) {
		q := url.Values{}
		for name, v := range c.query {
			q[name] = v
		}
		p.Cells = p.Base + page.RowsPath + "/" + c.audience.Name + "?" + q.Encode() + "&"
	}
	if id := c.query.Get("verwachting"); id != "" && c.register != nil && slices.ContainsFunc(c.register.Hypotheses, func(h hypothesis.Hypothesis) bool { return h.ID == id }) {
		p.Back = &page.Link{Path: p.Base + page.HypothesesPath + "/" + c.audience.Name + "#" + strings.ToLower(id+"-"+c.audience.Name), Text: "Terug naar de toetsen van " + id}
	}
	status := http.StatusOK
	if p.Problem != "" {
		status = http.StatusUnprocessableEntity
		p.Downloads = nil
	}
	return s.render(w, r, status, p.View())
}

// table or the reason that there is none.
func (s *Server) crossTable(r *http.Request) (crossRequest, error) {
	c, err := s.cross(r)
	if err == nil && c.table == nil {
		err = errs.Errorf(errs.Invalid, "%s", c.problem+c.where)
	}
	return c, err
}

// downloadCross gives the same table as a file.
func (s *Server) downloadCross(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	c, err := s.crossTable(r)
	if err != nil {
		return err
	}
	return s.sendPaper(w, r, c.request())
}

// downloadCrossFigure gives the figure of the table as a drawing or a picture.
func (s *Server) downloadCrossFigure(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	c, err := s.crossTable(r)
	if err != nil {
		return err
	}
	c.bookRequest.paper, c.book = c.request().paper, &table.Book{Tables: []*table.Table{c.table}}
	ext := "." + chi.URLParam(r, "ext")
	out, kind, err := s.single(r, &c.bookRequest, c.table.ID, ext)
	if errors.Is(err, export.ErrNoPrinter) {
		return errs.Errorf(errs.NotFound, "Deze site kan geen PNG maken. Neem de figuur als SVG.")
	}
	if err != nil {
		return err
	}
	return sendFile(w, c.bookRequest.study.Slug+"-"+c.table.ID+ext, kind, out)
}

// mostRows is how many rows a page shows; who wants all takes the data.
const mostRows = 500

// showRows lists who is behind a number of a cross table, under pseudonyms, with
// what each answered; or all answers of one of them.
func (s *Server) showRows(w http.ResponseWriter, r *http.Request, a account.Account) error {
	c, err := s.crossTable(r)
	if err != nil {
		return err
	}
	p := page.Rows{Staff: s.staffFrame(a, c.bookRequest.study, "analyse"), Audience: c.audience.Name}
	q := c.query
	p.Table = page.Link{Path: p.Base + page.CrossPath + "/" + c.audience.Name + "?" + q.Encode(), Text: c.table.Title}
	if who := q.Get("wie"); who != "" {
		return s.showRecord(w, r, &c, p, who)
	}
	filters := c.counted()
	if q.Get("kop") != "" {
		row, column, ok := report.CellOf(c.table, q.Get("regel"), q.Get("blok"), q.Get("kop"))
		if !ok {
			return errs.Errorf(errs.NotFound, "Deze cel is er niet.")
		}
		p.Cell = cellName(c.table, row, column)
		behind, err := c.table.Behind(c.data, row.Row, row.Group, column)
		if err != nil {
			return err
		}
		filters = append(filters, behind...)
	}
	d, err := c.data.Filter(filters...)
	if err != nil {
		return err
	}
	columns := c.shown(filters)
	for _, x := range columns {
		p.Heads = append(p.Heads, page.RowHead{Name: x.Name, Label: x.Label})
	}
	p.N, p.Questionnaires = d.Len(), d.Questionnaires()
	for at := range d.Cases() {
		if len(p.Lines) == mostRows {
			break
		}
		p.Lines = append(p.Lines, c.line(p.Base, at, columns))
	}
	slices.SortFunc(p.Lines, func(a, b page.RowLine) int { return strings.Compare(a.Who, b.Who) })
	return s.render(w, r, http.StatusOK, p.View())
}

// counted are the filters of the table.
func (c *crossRequest) counted() []dataset.Filter {
	out := slices.Clone(c.spec.Filters)
	if c.spec.NoTelephone {
		out = append(out, dataset.Filter{Column: dataset.StatusColumn, Values: []string{string(answer.Submitted), string(answer.Partial)}})
	}
	if c.spec.NoCovered {
		out = append(out, dataset.Filter{Questionnaires: true})
	}
	return out
}

// cellName says which number of a table it is.
func cellName(t *table.Table, r *table.Row, column string) string {
	name := r.Label
	for _, c := range t.Columns {
		if c.ID == column && (t.Layout != table.Options) {
			name += ", " + c.Label
		}
	}
	return strings.TrimPrefix(name, ", ")
}

// shown are the columns that a cell is about, each after what it is made of.
func (c *crossRequest) shown(filters []dataset.Filter) []*dataset.Column {
	var names []string
	if c.spec.Variable != "" {
		names = append(names, c.spec.Variable)
	}
	names = append(names, c.spec.By)
	for _, f := range filters {
		names = append(names, f.Column)
		if e, err := c.data.Condition(f.Where); err == nil {
			names = append(names, e.Variables()...)
		}
	}
	var out []*dataset.Column
	add := func(name string) {
		if x := c.data.Column(name); x != nil && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	for _, name := range names {
		add(name)
		for _, from := range hypothesis.MadeOf(c.in, c.derived(), name) {
			add(from)
		}
	}
	return out
}

// line is one unit, under its pseudonym.
func (c *crossRequest) line(base string, at dataset.Case, columns []*dataset.Column) page.RowLine {
	who := c.data.Column(dataset.PseudonymColumn).Text(at)
	q := url.Values{}
	for name, v := range c.query {
		q[name] = v
	}
	q.Set("wie", who)
	l := page.RowLine{Who: who, Path: base + page.RowsPath + "/" + c.audience.Name + "?" + q.Encode(), Covered: c.data.Covered(at)}
	for _, x := range columns {
		l.Values = append(l.Values, stored(x, at))
	}
	return l
}

// stored is a cell as it is kept, with what it stands for.
func stored(x *dataset.Column, at dataset.Case) string {
	if v, ok := x.Value(x.Cell(at)); ok {
		return fmt.Sprintf("%d %s", v.Code, v.Label)
	}
	if text := x.Stored(at); text != "" {
		if x.Role == dataset.Computed {
			return report.Decimal(x.Number(at), 2)
		}
		return text
	}
	return "–"
}

// showRecord shows all that one unit answered, as it is kept.
func (s *Server) showRecord(w http.ResponseWriter, r *http.Request, c *crossRequest, p page.Rows, who string) error {
	ids := c.data.Column(dataset.PseudonymColumn)
	for at := range c.data.Cases() {
		if ids.Text(at) != who {
			continue
		}
		back := c.query
		back.Del("wie")
		p.Who, p.Back = who, p.Base+page.RowsPath+"/"+c.audience.Name+"?"+back.Encode()
		for _, x := range c.data.Pseudonymised().Columns() {
			if x.Role == dataset.Meta {
				continue
			}
			p.Record = append(p.Record, page.RecordLine{Name: x.Name, Label: x.Label, Value: stored(x, at)})
		}
		return s.render(w, r, http.StatusOK, p.View())
	}
	return errs.Errorf(errs.NotFound, "Deze rij is er niet.")
}
