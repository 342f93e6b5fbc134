package server

import (
	"net/http"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/web/page"
)

// unitAnswers is the page on which a projectleider may see what a unit answered.
func (s *Server) unitAnswers(r *http.Request, a account.Account) (page.UnitAnswers, *questionnaire, error) {
	st, u, err := s.unitOf(r)
	if err != nil {
		return page.UnitAnswers{}, nil, err
	}
	own := unitPath(st, u.Audience, u.Code)
	p := page.UnitAnswers{Staff: s.staffFrame(a, st, "eenheden"), Unit: unitTitle(u.Audience, u.Code, u.Name), UnitPath: own}
	resp, err := s.store.ResponseOf(r.Context(), u.ID)
	if errs.KindOf(err) == errs.NotFound {
		return p, nil, nil
	}
	if err != nil {
		return p, nil, err
	}
	q, err := s.asked(r, resp, 0)
	if err != nil || q.Sent.IsZero() {
		return p, nil, err
	}
	p.Sent = q.Sent
	return p, q, nil
}

// askUnitAnswers asks why somebody wants to see the answers.
func (s *Server) askUnitAnswers(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, _, err := s.unitAnswers(r, a)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// showUnitAnswers shows what a unit sent to who may see it, just showed who they
// are, and says why. The log has the reason before the page has the answers.
func (s *Server) showUnitAnswers(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	p, q, err := s.unitAnswers(r, a)
	if err != nil {
		return err
	}
	p.Reason = textOf(r, "reden")
	if q == nil {
		return s.render(w, r, http.StatusOK, p.View())
	}
	if p.Problem = whyProblem(p.Reason); p.Problem != "" {
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if ok, err := s.proven(w, r, a); !ok {
		return err
	}
	values, _, err := s.store.Submission(r.Context(), q.Key)
	if err != nil {
		return err
	}
	if err := s.store.RecordView(r.Context(), a.Study, q.Unit, p.Reason, staffActor(a), s.Now()); err != nil {
		return err
	}
	p.Shown, p.Parts = true, q.full.Review(values, map[string]bool{})
	return s.render(w, r, http.StatusOK, p.View())
}

// toUnitAnswers leads from a questionnaire that staff filled in to the page that
// asks why.
func (s *Server) toUnitAnswers(w http.ResponseWriter, r *http.Request) error {
	return redirect(w, r, takerOf(r).unitPath+"/antwoorden")
}
