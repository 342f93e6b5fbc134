package server

import (
	"bytes"
	"errors"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// codebook makes the codebook that a request asks for. It names no unit.
func (s *Server) codebook(r *http.Request, a account.Account) (page.Codebook, error) {
	var p page.Codebook
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return p, err
	}
	all, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return p, err
	}
	name := chi.URLParam(r, "audience")
	if !slices.ContainsFunc(all, func(x store.Audience) bool { return x.Name == name }) {
		return p, errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	f, err := s.form(r.Context(), st.ID, name)
	if err != nil {
		return p, err
	}
	d, err := s.store.Dataset(r.Context(), st, name, s.Now())
	if err != nil {
		return p, err
	}
	p = page.NewCodebook(d, export.Entries(d, f.In, export.Options{}))
	p.Staff = s.staffFrame(a, st, "gegevens")
	path := p.Base + page.CodebookPath + "/"
	for _, x := range all {
		p.Audiences = append(p.Audiences, page.Tab{Link: page.Link{Path: path + x.Name, Text: x.Name}, Current: x.Name == name})
	}
	if s.Printer.Ready() {
		p.Downloads = []page.Link{{Path: path + name + ".pdf", Text: "PDF"}}
	}
	return p, nil
}

func (s *Server) showCodebook(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, err := s.codebook(r, a)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) downloadCodebook(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, err := s.codebook(r, a)
	if err != nil {
		return err
	}
	p.Print = true
	var html bytes.Buffer
	if err := p.View().Render(r.Context(), &html); err != nil {
		return err
	}
	pdf, err := s.Printer.PDF(r.Context(), printable(html.String()))
	if errors.Is(err, export.ErrNoPrinter) {
		return errs.Errorf(errs.NotFound, "Deze site kan geen PDF maken. Print het codeboek vanuit uw browser.")
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="codeboek-`+chi.URLParam(r, "study")+`-`+chi.URLParam(r, "audience")+`.pdf"`)
	_, err = w.Write(pdf)
	return err
}
