package server

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/web/page"
)

// expectations tests the hypotheses of one audience of a study. All audiences are
// tested, for Holm's correction is over the whole register.
func (s *Server) expectations(r *http.Request) (paperRequest, error) {
	p := paperRequest{path: page.HypothesesPath, file: "verwachtingen"}
	var err error
	if p.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return p, err
	}
	audiences, err := s.store.Audiences(r.Context(), p.study.ID)
	if err != nil {
		return p, err
	}
	var register *hypothesis.Register
	var inputs []hypothesis.Input
	for _, a := range audiences {
		found, ok := hypothesis.For(a.Name)
		if !ok {
			continue
		}
		register = found
		in, d, err := s.dataset(r.Context(), p.study, a.Name, "")
		if err != nil {
			return p, err
		}
		p.all, inputs = append(p.all, a.Name), append(inputs, hypothesis.Input{In: in, Data: d})
	}
	if register == nil {
		return p, errs.Errorf(errs.NotFound, "Voor deze studie zijn er geen verwachtingen om te toetsen.")
	}
	if p.audience, _ = asked(r); p.audience == "" {
		p.audience = p.all[0]
	}
	at := slices.Index(p.all, p.audience)
	if at < 0 {
		return p, errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	outcomes, err := register.Run(hypothesis.Options{}, inputs...)
	if err != nil {
		return p, err
	}
	figures, err := register.Tables(hypothesis.Options{}, inputs[at])
	if err != nil {
		return p, err
	}
	outcomes = slices.DeleteFunc(outcomes, func(o hypothesis.Outcome) bool { return o.Instrument != p.audience })
	p.paper = export.HypothesesPaper(p.study.Title, register, outcomes, figures)
	return p, nil
}

// showHypotheses is the page of what came of the expectations.
func (s *Server) showHypotheses(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, err := s.expectations(r)
	if err != nil {
		return err
	}
	b := s.papers(a, &p)
	b.Heading = "Verwachtingen"
	return s.render(w, r, http.StatusOK, b.View())
}

// downloadHypotheses gives the same as a file.
func (s *Server) downloadHypotheses(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	p, err := s.expectations(r)
	if err != nil {
		return err
	}
	return s.sendPaper(w, r, &p)
}
