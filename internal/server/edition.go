package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/publication"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// editionPages binds what a study published, and for staff what it is going to.
func (s *Server) editionPages(r routes) {
	for _, path := range []string{page.FactsheetPath, page.ModelsPath, page.ResponsePath, page.MethodPath, page.ReportPath, page.ErrataPath} {
		r.show("/onderzoek/{study}/"+path, s.showEdition(path))
	}
	for _, path := range []string{page.FactsheetPath, page.ModelsPath, page.ReportPath} {
		r.show("/onderzoek/{study}/"+path+".pdf", s.downloadEdition(path))
	}
	r.show("/onderzoek/{study}/"+page.ReportPath+".docx", s.downloadReport)
	r.show("/onderzoek/{study}/"+page.NumbersPath+"/{audience}", s.showEdition(page.NumbersPath))
}

// edition is what everybody may read of the study of a request, with the frame of
// one of its pages.
func (s *Server) edition(r *http.Request, path string) (page.Edition, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return page.Edition{}, err
	}
	p, e, err := s.store.PublicEdition(r.Context(), st.ID, s.Now())
	if err != nil {
		return page.Edition{}, err
	}
	out := page.Edition{E: e, From: p.From}
	if out.Public, err = s.publicFrame(r.Context(), st, path); err != nil {
		return out, err
	}
	out.Errata, err = s.errata(r.Context(), st)
	return out, err
}

// errata are the corrections that everybody may read, the latest first: of a first
// edition there is none.
func (s *Server) errata(ctx context.Context, st study.Study) ([]page.Erratum, error) {
	all, err := s.store.Publications(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	var out []page.Erratum
	for _, p := range all {
		if !p.Published.IsZero() && p.Reason != "" && !p.From.After(s.Now()) {
			out = append(out, page.Erratum{When: p.From, Reason: p.Reason, Changes: p.Changes})
		}
	}
	return out, nil
}

// showEdition shows one page of what was published.
func (s *Server) showEdition(path string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p, err := s.edition(r, path)
		if err != nil {
			return err
		}
		return s.drawEdition(w, r, p, path)
	}
}

func (s *Server) drawEdition(w http.ResponseWriter, r *http.Request, p page.Edition, path string) error {
	p.Files = s.editionFiles(p, path)
	view, err := editionView(&p, path, chi.URLParam(r, "audience"))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, view)
}

// editionFiles are the files of a page; there are none of a draft.
func (s *Server) editionFiles(p page.Edition, path string) []page.Link {
	if p.From.IsZero() || p.Base != "" {
		return nil
	}
	var out []page.Link
	if s.Printer.Ready() && (path == page.FactsheetPath || path == page.ModelsPath || path == page.ReportPath) {
		out = append(out, page.Link{Path: p.StudyPath + path + ".pdf", Text: "Download als PDF"})
	}
	if path == page.ReportPath {
		out = append(out, page.Link{Path: p.StudyPath + path + ".docx", Text: "Download voor Word"})
	}
	return out
}

// editionView is the view of a page; what the edition does not have is not there.
func editionView(p *page.Edition, path, audience string) (templ.Component, error) {
	switch {
	case path == page.FactsheetPath:
		return p.Factsheet(), nil
	case path == page.ModelsPath && p.E.Models != nil:
		return p.ModelsView(), nil
	case path == page.ResponsePath:
		return p.ResponseView(), nil
	case path == page.MethodPath:
		return p.MethodView(), nil
	case path == page.ErrataPath:
		return p.ErrataView(), nil
	case path == page.ReportPath && len(p.E.Chapters) > 0:
		return p.ReportView(), nil
	case path == page.NumbersPath:
		if p.Shelf = p.E.Shelf(audience); p.Shelf != nil {
			return p.NumbersView(), nil
		}
	}
	return nil, errs.Errorf(errs.NotFound, "Deze pagina is er niet.")
}

// downloadEdition gives a page as a PDF. Its links lead to the site.
func (s *Server) downloadEdition(path string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p, err := s.edition(r, path)
		if err != nil {
			return err
		}
		name := strings.Trim(strings.ReplaceAll(strings.TrimPrefix(p.StudyPath, "/onderzoek/"), "/", "-"), "-")
		p.Base = s.link(p.StudyPath)
		p.Print = true
		view, err := editionView(&p, path, "")
		if err != nil {
			return err
		}
		pdf, err := s.print(r.Context(), view)
		if err != nil {
			return err
		}
		return sendFile(w, name+"-"+path+".pdf", "application/pdf", pdf)
	}
}

// print makes a tagged PDF of a page.
func (s *Server) print(ctx context.Context, view templ.Component) ([]byte, error) {
	var html bytes.Buffer
	if err := view.Render(ctx, &html); err != nil {
		return nil, err
	}
	pdf, err := s.Printer.PDF(ctx, printable(html.String()))
	if errors.Is(err, export.ErrNoPrinter) {
		return nil, errs.Errorf(errs.NotFound, "Deze site kan geen PDF maken. Print de pagina vanuit uw browser.")
	}
	return pdf, err
}

// downloadReport gives the report for Word.
func (s *Server) downloadReport(w http.ResponseWriter, r *http.Request) error {
	p, err := s.edition(r, page.ReportPath)
	if err != nil {
		return err
	}
	if len(p.E.Chapters) == 0 {
		return errs.Errorf(errs.NotFound, "Deze pagina is er niet.")
	}
	var out bytes.Buffer
	if err := export.DOCX(&out, p.E.Document(p.Study)); err != nil {
		return err
	}
	return sendFile(w, "rapport.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", out.Bytes())
}

// publicPaths are the public pages of a study that everybody can read now.
func (s *Server) publicPaths(ctx context.Context, st study.Study) ([]string, error) {
	_, e, err := s.store.PublicEdition(ctx, st.ID, s.Now())
	switch kind := errs.KindOf(err); {
	case err == nil:
		return editionPaths(e), nil
	case kind == errs.NotFound || kind == errs.Gone:
		return nil, nil
	}
	return nil, err
}

func editionPaths(e *publication.Edition) []string {
	there := []string{page.FactsheetPath, page.ResponsePath, page.MethodPath}
	if e.Models != nil {
		there = append(there, page.ModelsPath)
	}
	if len(e.Chapters) > 0 {
		there = append(there, page.ReportPath)
	}
	return there
}

// inputs are the published tables of a study, of the snapshots that a draft names;
// an audience without one is left out.
func (s *Server) inputs(ctx context.Context, st study.Study, p store.Publication, plan publication.Plan) ([]publication.Input, error) {
	audiences, err := s.store.Audiences(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	var out []publication.Input
	for _, a := range audiences {
		name := p.Snapshots[a.Name]
		if name == "" {
			continue
		}
		x, d, err := s.store.SnapshotData(ctx, st.ID, name)
		if err != nil {
			return nil, err
		}
		if x.Audience != a.Name {
			return nil, errs.Errorf(errs.Invalid, "Momentopname %s is van de vragenlijst %s.", x.Name, x.Audience)
		}
		in, _, err := s.dataset(ctx, st, a.Name, name)
		if err != nil {
			return nil, err
		}
		c, err := s.counted(ctx, st, a)
		if err != nil {
			return nil, err
		}
		src := publication.Source{Audience: a.Name, Snapshot: x.Name, Made: x.Made, Hash: x.Manifest.SHA256, Software: x.Manifest.Software}
		input, err := publication.NewInput(src, responseOf(a, c), in, d, st.Settings.Disclosure, plan.Models)
		if err != nil {
			return nil, err
		}
		out = append(out, input)
	}
	if len(out) == 0 {
		return nil, errs.Errorf(errs.Invalid, "Kies van ten minste één vragenlijst een momentopname.")
	}
	return out, nil
}

// responseOf is the account of the response as everybody may read it.
func responseOf(a store.Audience, c count) publication.Response {
	account := accountOf(a, c)
	out := publication.Response{Audience: a.Name, Many: strings.ToLower(audienceMany(a.Name)), N: account.N, Choices: account.Choices, Warnings: account.Warnings}
	for _, o := range account.Outcomes {
		if o.N > 0 {
			out.Lines = append(out.Lines, publication.Line{Label: o.Title, N: o.N})
		}
	}
	for _, x := range account.Rates {
		out.Rates = append(out.Rates, publication.Rate{Label: x.Name, Value: x.Value, Note: x.Formula + " = " + x.Part + " / " + x.Of})
	}
	for _, x := range account.Readings {
		out.Readings = append(out.Readings, publication.Rate{Label: x.Title, Value: x.RR2, Note: x.Complete + " volledig, " + x.Partial + " gedeeltelijk; alleen volledig: " + x.RR1})
	}
	return out
}

// makeEdition makes the edition of a draft as it would be published now.
func (s *Server) makeEdition(ctx context.Context, st study.Study, p store.Publication) (publication.Edition, error) {
	plan, err := publication.PlanFor(st.Definition)
	if err != nil {
		return publication.Edition{}, err
	}
	inputs, err := s.inputs(ctx, st, p, plan)
	if err != nil {
		return publication.Edition{}, err
	}
	return publication.Make(plan, p.Draft, inputs)
}
