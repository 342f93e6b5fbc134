package server

import (
	"cmp"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// loginLimit bounds wrong login links per origin.
var loginLimit = store.Limit{Kind: "inloggen", Max: 20, Window: 10 * time.Minute}

// A staffHandler is a handler for somebody who is logged in.
type staffHandler = func(http.ResponseWriter, *http.Request, account.Account) error

// staff lets only people with a session in; everybody else learns nothing of
// what is there. The role that counts is the one in the study of the path, and a
// study in which somebody has none is not there.
func (s *Server) staff(h staffHandler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		session, slug := s.cookie(r, staffCookie), chi.URLParam(r, "study")
		if !token.MatchString(session) {
			return redirect(w, r, "/inloggen")
		}
		a, err := s.store.StaffSession(r.Context(), session, slug, s.Now())
		if errs.KindOf(err) == errs.NotFound {
			return redirect(w, r, "/inloggen")
		}
		if err != nil {
			return err
		}
		if slug != "" && a.Role == "" {
			return errs.Errorf(errs.NotFound, "Dit onderzoek is er niet.")
		}
		noteOf(r).account = a.ID
		return h(w, r, a)
	}
}

// may keeps a page from those whose role has no right to it.
func may(act account.Act, h staffHandler) staffHandler {
	return func(w http.ResponseWriter, r *http.Request, a account.Account) error {
		noteOf(r).act = act
		if !a.May(act) {
			return errs.Errorf(errs.Forbidden, "Uw rol (%s) mag dit niet: %s.", cmp.Or(a.Role, "geen"), act)
		}
		return h(w, r, a)
	}
}

func (s *Server) showLogin(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, page.Login{}.View())
}

// showLoginLink shows the button of a one-time link; opening it changes
// nothing.
func (s *Server) showLoginLink(w http.ResponseWriter, r *http.Request) error {
	link := chi.URLParam(r, "token")
	a, err := s.loginAccount(r, link)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Login{Token: link, Email: a.Email}.View())
}

func (s *Server) loginAccount(r *http.Request, link string) (account.Account, error) {
	var a account.Account
	err := errs.Errorf(errs.NotFound, "Deze inloglink klopt niet.")
	if token.MatchString(link) {
		a, err = s.store.LoginAccount(r.Context(), link, s.Now())
	}
	if errs.KindOf(err) == errs.NotFound {
		return a, s.countFailure(r, loginLimit, err)
	}
	return a, err
}

// login uses the link, once, for a new session.
func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	link := chi.URLParam(r, "token")
	if _, err := s.loginAccount(r, link); err != nil {
		return err
	}
	session, err := s.store.Login(r.Context(), link, s.Now())
	if err != nil {
		return err
	}
	s.setCookie(w, staffCookie, session)
	return redirect(w, r, "/beheer/")
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	if session := s.cookie(r, staffCookie); session != "" {
		if err := s.store.Logout(r.Context(), session); err != nil {
			return err
		}
	}
	s.setCookie(w, staffCookie, "")
	return redirect(w, r, "/inloggen")
}
