package server

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/credential"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// Limits on signing in (standards Z9). Passwords are counted per address, whether
// anybody has it or not, per origin, and all together; who is shut out so can
// still use a passkey, their organisation or a link.
var (
	loginLimit   = store.Limit{Kind: "inloggen", Max: 20, Window: 10 * time.Minute} // wrong links
	accountLimit = store.Limit{Kind: store.AccountTries, Max: 10, Window: 15 * time.Minute}
	originLimit  = store.Limit{Kind: "wachtwoord-herkomst", Max: 50, Window: 15 * time.Minute}
	globalLimit  = store.Limit{Kind: "wachtwoord-alle", Max: 1000, Window: 15 * time.Minute}
)

// hashesAtOnce bounds the memory that passwords take: 19 MiB each.
const hashesAtOnce = 4

// A staffHandler is a handler for somebody who is logged in.
type staffHandler = func(http.ResponseWriter, *http.Request, account.Account) error

type sessionKey struct{}

// sessionOf returns the session of a request that staff let in.
func sessionOf(r *http.Request) store.Session {
	x, _ := r.Context().Value(sessionKey{}).(store.Session)
	return x
}

// staff lets only people with a session in; everybody else learns nothing of
// what is there. The role that counts is the one in the study of the path, and a
// study in which somebody has none is not there. Who was invited first chooses how
// to sign in.
func (s *Server) staff(h staffHandler) handler {
	return s.own(func(w http.ResponseWriter, r *http.Request, a account.Account) error {
		if sessionOf(r).Method == credential.Invitation {
			return redirect(w, r, page.OwnPath)
		}
		return h(w, r, a)
	})
}

// own is staff for the pages of one's own account, where an invitation leads.
func (s *Server) own(h staffHandler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		session, slug := s.cookie(r, staffCookie), chi.URLParam(r, "study")
		if !token.MatchString(session) {
			return redirect(w, r, "/inloggen")
		}
		a, x, err := s.store.StaffSession(r.Context(), session, slug, s.Now())
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
		return h(w, r.WithContext(context.WithValue(r.Context(), sessionKey{}, x)), a)
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

// loginPage is the page on which somebody shows who they are.
func (s *Server) loginPage(r *http.Request) page.Login {
	return page.Login{Passkey: s.passkeysAt(r), Organisation: s.Organisation != nil}
}

func (s *Server) showLogin(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, s.loginPage(r).View())
}

// wrongPassword is all that somebody is told whose password is not taken: not
// whether the address, the password or the code was wrong.
const wrongPassword = "Het e-mailadres, het wachtwoord of de code klopt niet."

// loginPassword lets in who knows a password and has the app to it.
func (s *Server) loginPassword(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	p := s.loginPage(r)
	p.Address = textOf(r, "email")
	id, second, tries, err := s.checkPassword(r, p.Address)
	if err != nil {
		return err
	}
	if second != nil {
		session, err := s.store.SignIn(r.Context(), id, credential.Password, second, s.client(r), s.Now())
		if err == nil {
			if err := s.store.Succeeded(r.Context(), tries); err != nil {
				return err
			}
			return s.enterOffice(w, r, session, "/beheer/")
		}
		if errs.KindOf(err) != errs.Invalid {
			return err
		}
	}
	p.Problem = wrongPassword
	return s.render(w, r, http.StatusUnprocessableEntity, p.View())
}

// checkPassword reads the password and the code that were posted, and returns
// whose they are. second is nil where they are wrong. The try is counted before
// it is made, for addresses that nobody has too, and takes as long for those.
func (s *Server) checkPassword(r *http.Request, address string) (id int64, second *store.Second, tries []store.Try, err error) {
	key, err := s.store.AddressKey(address)
	if err != nil {
		return 0, nil, nil, err
	}
	tries = []store.Try{{Limit: accountLimit, Of: key}, {Limit: originLimit, Of: s.origin(r)}, {Limit: globalLimit}}
	blocked, err := s.store.Attempt(r.Context(), tries, s.Now())
	if err != nil {
		return 0, nil, nil, err
	}
	if blocked {
		return 0, nil, nil, errs.Errorf(errs.TooMany, "Er waren te veel verkeerde pogingen. Wacht een kwartier en probeer het opnieuw, of log op een andere manier in.")
	}
	known, err := s.store.PasswordOf(r.Context(), address)
	if err != nil {
		return 0, nil, nil, err
	}
	ok, err := s.hasher.Check(r.Context(), known.Hash, r.PostForm.Get("wachtwoord"))
	if err != nil {
		return 0, nil, nil, err
	}
	second = secondStep(known, r.PostForm.Get("code"), s.Now())
	if !ok {
		second = nil
	}
	return known.Account, second, tries, nil
}

// secondStep reads a code of an app or a recovery code; nil where it is neither.
func secondStep(p store.Password, code string, now time.Time) *store.Second {
	if step, ok := credential.Match(p.App, code, p.Step, now); ok {
		return &store.Second{Step: step}
	}
	if len(strings.TrimSpace(code)) > 10 {
		return &store.Second{Recovery: credential.RecoveryHash(code)}
	}
	return nil
}

// client is the browser of a request, as its owner will recognise it.
func (s *Server) client(r *http.Request) store.Client {
	return store.Client{Agent: strings.ToValidUTF8(strings.ReplaceAll(r.UserAgent(), "\x00", ""), ""), Origin: s.origin(r)}
}

// enterOffice gives the browser its new session, in place of one before.
func (s *Server) enterOffice(w http.ResponseWriter, r *http.Request, session, to string) error {
	if before := s.cookie(r, staffCookie); before != "" {
		if err := s.store.Logout(r.Context(), before); err != nil {
			return err
		}
	}
	s.setCookie(w, staffCookie, session)
	return redirect(w, r, to)
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
	session, kind, err := s.store.Login(r.Context(), link, s.client(r), s.Now())
	if err != nil {
		return err
	}
	if kind == credential.Emergency {
		s.Log.WarnContext(r.Context(), "EMERGENCY ACCESS USED", "request", requestID(r))
	}
	to := "/beheer/"
	if kind != credential.Link {
		to = page.OwnPath
	}
	return s.enterOffice(w, r, session, to)
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
