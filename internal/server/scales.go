package server

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/web/page"
)

// scales makes the scales of an audience: that of the address, or the first one.
func (s *Server) scales(r *http.Request) (paperRequest, error) {
	p := paperRequest{path: page.ScalesPath, file: "schalen"}
	var err error
	if p.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return p, err
	}
	audiences, err := s.store.Audiences(r.Context(), p.study.ID)
	if err != nil {
		return p, err
	}
	for _, a := range audiences {
		p.all = append(p.all, a.Name)
	}
	if p.audience, _ = asked(r); p.audience == "" && len(p.all) > 0 {
		p.audience = p.all[0]
	}
	if !slices.Contains(p.all, p.audience) {
		return p, errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	in, d, err := s.dataset(r.Context(), p.study, p.audience, "")
	if err != nil {
		return p, err
	}
	scales, err := scale.All(in, d, scale.Options{})
	p.paper = export.ScalesPaper(p.study.Title, in.Name, scales, report.PublishedScales(in.Name))
	return p, err
}

// showScales is the page of the scales of an audience.
func (s *Server) showScales(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, err := s.scales(r)
	if err != nil {
		return err
	}
	b := s.papers(a, &p)
	b.Heading = "Schalen"
	return s.render(w, r, http.StatusOK, b.View())
}

// downloadScales gives the scales as a file.
func (s *Server) downloadScales(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	p, err := s.scales(r)
	if err != nil {
		return err
	}
	return s.sendPaper(w, r, &p)
}
