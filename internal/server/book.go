package server

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
	"github.com/uitvraag/uitvraag/web/page"
)

// A bookRequest is a book that somebody asks for.
type bookRequest struct {
	study     study.Study
	audience  store.Audience
	query     url.Values
	all       []store.Audience
	snapshots []store.Snapshot
	data      *dataset.Dataset
	book      *table.Book
	paper     export.Paper
	problem   string
}

// book makes the tables that a request asks for. What does not fit is a problem,
// and the book is then made without it.
func (s *Server) book(r *http.Request) (bookRequest, error) {
	b := bookRequest{query: r.URL.Query()}
	var err error
	if b.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return b, err
	}
	if b.all, err = s.store.Audiences(r.Context(), b.study.ID); err != nil {
		return b, err
	}
	name, _ := asked(r)
	if name == "" && len(b.all) > 0 {
		name = b.all[0].Name
	}
	i := slices.IndexFunc(b.all, func(a store.Audience) bool { return a.Name == name })
	if i < 0 {
		return b, errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	b.audience = b.all[i]
	if b.snapshots, err = s.store.Snapshots(r.Context(), b.study.ID); err != nil {
		return b, err
	}
	var in *instrument.Instrument
	if in, b.data, err = s.dataset(r.Context(), b.study, name, b.query.Get(snapshotField)); err != nil {
		return b, err
	}
	if b.book, err = s.books.make(b.spec(), in, b.data); err == nil {
		b.paper, err = s.paper(r, &b)
	}
	if errs.KindOf(err) == errs.Invalid {
		b.problem = errs.Public(err)
		b.book, err = s.books.make(table.Spec{}, in, b.data)
		b.paper = export.BookPaper(b.book)
	}
	if err == nil && b.public() {
		err = s.publish(&b, in)
	}
	return b, err
}

// paper is the book, or the book beside another one: of another audience, or as
// published before.
func (s *Server) paper(r *http.Request, b *bookRequest) (export.Paper, error) {
	switch name := b.query.Get(besideField); {
	case name == "":
		return export.BookPaper(b.book), nil
	case name == baseline.Edition && len(baseline.Tables(b.audience.Name)) > 0:
		c, err := table.Against(b.book, baseline.Book(b.audience.Name), baseline.Edition)
		if err != nil {
			return export.Paper{}, err
		}
		return export.ComparisonPaper(c, true), nil
	case slices.ContainsFunc(b.others(), func(a store.Audience) bool { return a.Name == name }):
		if b.query.Get(snapshotField) != "" {
			return export.Paper{}, errs.Errorf(errs.Invalid, "Een momentopname staat niet naast gegevens van nu. Kies bij Stand ‘Nu’, of zet er niets naast.")
		}
		in, d, err := s.dataset(r.Context(), b.study, name, "")
		if err != nil {
			return export.Paper{}, err
		}
		other, err := s.books.make(b.spec(), in, d)
		if err != nil {
			return export.Paper{}, err
		}
		c, err := table.Beside(b.book, other)
		if err != nil {
			return export.Paper{}, err
		}
		return export.ComparisonPaper(c, false), nil
	}
	return export.Paper{}, errs.Errorf(errs.Invalid, "Hier is niets om naast deze tabellen te zetten.")
}

// weightField is what the tables are weighed to: columns, with a comma between.
const weightField = "weging"

// weights is the choice of what to weigh to, if anything is known.
func (b *bookRequest) weights() []page.BookChoice {
	c := page.BookChoice{Name: weightField, Label: "Weeg naar"}
	add := func(value, label string) {
		c.Options = append(c.Options, page.Choice{Value: value, Label: label, Selected: b.query.Get(weightField) == value})
	}
	add("", "Niet")
	var all []string
	for _, id := range b.audience.Strata {
		if col := b.data.Column(id); col != nil && b.data.Frame().Column(id) != nil && col.Type == instrument.CodeType {
			add(id, col.Label)
			all = append(all, id)
		}
	}
	if len(all) > 1 {
		add(strings.Join(all, ","), "Alle kenmerken samen")
	}
	if len(all) == 0 {
		return nil
	}
	return []page.BookChoice{c}
}

// besideField is what stands beside the tables.
const besideField = "naast"

// others are the other audiences of the study.
func (b *bookRequest) others() []store.Audience {
	return slices.DeleteFunc(slices.Clone(b.all), func(a store.Audience) bool { return a.Name == b.audience.Name })
}

// besides is the choice of what to put beside the tables, if there is any.
func (b *bookRequest) besides() []page.BookChoice {
	c := page.BookChoice{Name: besideField, Label: "Zet ernaast"}
	add := func(value, label string) {
		c.Options = append(c.Options, page.Choice{Value: value, Label: label, Selected: b.query.Get(besideField) == value})
	}
	add("", "Niets")
	if len(baseline.Tables(b.audience.Name)) > 0 {
		add(baseline.Edition, "Zoals gepubliceerd in "+baseline.Edition)
	}
	for _, a := range b.others() {
		add(a.Name, "De vragenlijst "+a.Name)
	}
	if len(c.Options) == 1 {
		return nil
	}
	return []page.BookChoice{c}
}

// spec is what the query says of the tables.
func (b *bookRequest) spec() table.Spec {
	q := b.query
	spec := table.Spec{By: q.Get("splits"), NoTelephone: q.Get("telefoon") == "zonder", NoCovered: q.Get("gedekt") == "zonder"}
	if q.Get("basis") == "zonder" {
		spec.Base = table.Substantive
	}
	if to := q.Get(weightField); to != "" {
		spec.WeightTo = strings.Split(to, ",")
	}
	if column, value, ok := strings.Cut(q.Get("alleen"), "="); ok {
		spec.Filters = []dataset.Filter{{Column: column, Values: []string{value}}}
	}
	return spec
}

// choices are the settings of the book, with what is chosen now.
func (b *bookRequest) choices() []page.BookChoice {
	q := b.query
	split := page.BookChoice{Name: "splits", Label: "Splits uit naar", Options: []page.Choice{{Value: "", Label: "Niet", Selected: q.Get("splits") == ""}}}
	only := page.BookChoice{Name: "alleen", Label: "Alleen", Options: []page.Choice{{Value: "", Label: "Alle eenheden", Selected: q.Get("alleen") == ""}}}
	for _, c := range b.data.Columns() {
		if c.Role != dataset.Background || c.Type != instrument.CodeType || len(c.Values) > 30 {
			continue
		}
		split.Options = append(split.Options, page.Choice{Value: c.Name, Label: c.Label, Selected: q.Get("splits") == c.Name})
		for _, v := range c.Values {
			value := c.Name + "=" + v.ID
			only.Options = append(only.Options, page.Choice{Value: value, Label: c.Label + ": " + v.Label, Selected: q.Get("alleen") == value})
		}
	}
	with := func(name, label, all, without string) page.BookChoice {
		return page.BookChoice{Name: name, Label: label, Options: []page.Choice{{Value: "", Label: all, Selected: q.Get(name) != "zonder"}, {Value: "zonder", Label: without, Selected: q.Get(name) == "zonder"}}}
	}
	always := []page.BookChoice{split, only, with("basis", "Basis", "Met geen zicht op en n.v.t.", "Zonder geen zicht op en n.v.t."),
		with("telefoon", "Telefoon", "Met kernvragen per telefoon", "Zonder"), with("gedekt", "Gedekt", "Met eenheden voor wie een ander antwoordde", "Zonder"), b.publicChoice()}
	return slices.Concat(always, b.weights(), b.besides(), snapshotChoice(b.snapshots, b.audience.Name, q.Get(snapshotField)))
}

// question is what was chosen, as the end of an address; "" where nothing was.
func (b *bookRequest) question() string {
	if len(b.query) == 0 {
		return ""
	}
	return "?" + b.query.Encode()
}

// request is the book as a page or file of one audience.
func (b *bookRequest) request() *paperRequest {
	p := &paperRequest{study: b.study, audience: b.audience.Name, path: page.BookPath, tail: b.question(), file: b.fileName(), paper: b.paper}
	for _, x := range b.all {
		p.all = append(p.all, x.Name)
	}
	return p
}

// showBook is the book of tables of an audience.
func (s *Server) showBook(w http.ResponseWriter, r *http.Request, a account.Account) error {
	b, err := s.book(r)
	if err != nil {
		return err
	}
	p := s.papers(a, b.request())
	p.Choices, p.Problem = b.choices(), b.problem
	p.Figures, p.Tail, p.PNG, p.Single = true, b.question(), s.Printer.Ready(), b.query.Get(besideField) == ""
	status := http.StatusOK
	if b.problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p.View())
}

// downloadBook gives the same tables as a file.
func (s *Server) downloadBook(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	b, err := s.book(r)
	if err != nil {
		return err
	}
	if b.problem != "" {
		return errs.Errorf(errs.Invalid, "%s", b.problem)
	}
	return s.sendPaper(w, r, b.request())
}

// downloadFigure gives one table as CSV, or its figure as a drawing or a picture.
func (s *Server) downloadFigure(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	b, err := s.book(r)
	if err != nil {
		return err
	}
	if b.problem != "" {
		return errs.Errorf(errs.Invalid, "%s", b.problem)
	}
	name := chi.URLParam(r, "figure")
	ext := path.Ext(name)
	id := strings.TrimSuffix(name, ext)
	out, kind, err := s.single(r, &b, id, ext)
	if errors.Is(err, export.ErrNoPrinter) {
		return errs.Errorf(errs.NotFound, "Deze site kan geen PNG maken. Neem de figuur als SVG.")
	}
	if err != nil {
		return err
	}
	return sendFile(w, b.study.Slug+"-"+id+ext, kind, out)
}

// single is the file of one table of a book.
func (s *Server) single(r *http.Request, b *bookRequest, id, ext string) (out []byte, kind string, err error) {
	if t := b.book.Table(id); ext == ".csv" && t != nil && b.query.Get(besideField) == "" {
		var csv bytes.Buffer
		err := export.BookCSV(&csv, &table.Book{Tables: []*table.Table{t}})
		return csv.Bytes(), "text/csv; charset=utf-8", err
	}
	f := b.paper.Doc.Figure(id)
	if f == nil || ext != ".svg" && ext != ".png" {
		return nil, "", errs.Errorf(errs.NotFound, "Deze tabel of figuur is er niet.")
	}
	svg, width, height := page.DrawingSVG(f.Sheet)
	if ext == ".svg" {
		return svg, "image/svg+xml", nil
	}
	out, err = s.Printer.PNG(r.Context(), svg, width, height)
	return out, "image/png", err
}
