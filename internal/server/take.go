package server

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
)

// takePath is below the path of a unit: its questionnaire, filled in by staff.
const takePath = "/afnemen/"

// takeModes are how staff fill in, as their addresses say it.
var takeModes = map[string]answer.Mode{"tel": answer.Tel, "papier": answer.Paper}

// A taker is a member of staff who fills in for a unit. The handlers of the
// questionnaire are the same; who may, how it came in and where the pages are
// differ.
type taker struct {
	account  account.Account
	mode     answer.Mode
	unitPath string
	base     string
}

type takerKey struct{}

func takerOf(r *http.Request) *taker {
	t, _ := r.Context().Value(takerKey{}).(*taker)
	return t
}

// taking lets a member of staff use a page of the questionnaire of a unit.
func (s *Server) taking(h handler) staffHandler {
	return func(w http.ResponseWriter, r *http.Request, a account.Account) error {
		name := chi.URLParam(r, "mode")
		mode, ok := takeModes[name]
		if !ok {
			return errs.Errorf(errs.NotFound, "Kijk of het adres klopt.")
		}
		st, u, err := s.unitOf(r)
		if err != nil {
			return err
		}
		if mode == answer.Tel { // the call goes on
			if _, err := s.store.Prolong(r.Context(), u.ID, a.ID, s.Now()); err != nil {
				return err
			}
		}
		own := unitPath(st, u.Audience, u.Code)
		t := &taker{account: a, mode: mode, unitPath: own, base: own + takePath + name + "/"}
		return h(w, r.WithContext(context.WithValue(r.Context(), takerKey{}, t)))
	}
}

// taken returns the questionnaire of the unit in the path.
func (s *Server) taken(r *http.Request, t *taker) (*questionnaire, error) {
	_, u, err := s.unitOf(r)
	if err != nil {
		return nil, err
	}
	resp, err := s.store.ResponseOf(r.Context(), u.ID)
	if err != nil {
		return nil, err
	}
	q, err := s.asked(r, resp, 0)
	if err != nil {
		return nil, err
	}
	q.taker = t
	return q, nil
}

// take begins or goes on with the questionnaire of a unit on its behalf.
func (s *Server) take(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	_, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	return s.startTaking(w, r, a, u, r.PostForm.Get("modus"), r.PostForm.Get("kern") == "1")
}

func (s *Server) startTaking(w http.ResponseWriter, r *http.Request, a account.Account, u store.Unit, mode string, core bool) error {
	if _, ok := takeModes[mode]; !ok {
		return errs.Errorf(errs.Invalid, "Kies of u de antwoorden door de telefoon of van papier invult.")
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	f, err := s.form(r.Context(), st.ID, u.Audience)
	if err != nil {
		return err
	}
	resp, err := s.store.Take(r.Context(), u.ID, f.In.Edition, core, staffActor(a), s.Now())
	if err != nil {
		return err
	}
	q, err := s.asked(r, resp, 0)
	if err != nil {
		return err
	}
	own := unitPath(st, u.Audience, u.Code)
	q.taker = &taker{account: a, mode: takeModes[mode], unitPath: own, base: own + takePath + mode + "/"}
	return redirect(w, r, q.next())
}
