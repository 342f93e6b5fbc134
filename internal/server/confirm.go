package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/credential"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/web/page"
)

// confirmPath is where somebody shows once more who they are.
const confirmPath = page.ConfirmPath

// confirmFields are what a form of confirmation adds to the fields of the form it
// came in between.
var confirmFields = []string{"wachtwoord", "code"}

// proven reports whether who has the session showed who they are a moment ago.
// Otherwise it asks for that, and has written the page. A form that was posted is
// kept in that page and goes on once it is confirmed, so nothing is typed twice.
// Answers with whose they are need this, and so does changing how one signs in; a
// session of a link alone never is enough for the first.
func (s *Server) proven(w http.ResponseWriter, r *http.Request, a account.Account) (bool, error) {
	session := sessionOf(r)
	if credential.IsRecent(session.Proved, s.Now()) {
		return true, nil
	}
	if r.Method != http.MethodPost {
		return false, s.renderConfirm(w, r, a, http.StatusOK, page.Confirm{Action: confirmPath, Back: r.URL.Path})
	}
	if err := parse(r); err != nil {
		return false, err
	}
	p := page.Confirm{Action: r.URL.Path, Back: r.URL.Path}
	for _, f := range posted(r) {
		if !slices.Contains(confirmFields, f.Name) {
			p.Fields = append(p.Fields, f)
		}
	}
	if !r.PostForm.Has("wachtwoord") {
		return false, s.renderConfirm(w, r, a, http.StatusOK, p)
	}
	if ok, err := s.confirm(r, a); err != nil || ok {
		return ok, err
	}
	p.Problem = "Het wachtwoord of de code klopt niet."
	return false, s.renderConfirm(w, r, a, http.StatusUnprocessableEntity, p)
}

// confirm checks the password and the code that were posted.
func (s *Server) confirm(r *http.Request, a account.Account) (bool, error) {
	id, second, tries, err := s.checkPassword(r, a.Email)
	if err != nil || second == nil || id != a.ID {
		return false, err
	}
	err = s.store.Prove(r.Context(), sessionOf(r), a.ID, credential.Password, second, s.Now())
	if errs.KindOf(err) == errs.Invalid {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.store.Succeeded(r.Context(), tries)
}

func (s *Server) renderConfirm(w http.ResponseWriter, r *http.Request, a account.Account, status int, p page.Confirm) error {
	m, err := s.store.Methods(r.Context(), a.ID)
	if err != nil {
		return err
	}
	p.Staff = officeFrame(a, "")
	p.Password, p.Organisation = !m.Password.IsZero(), len(m.Identities) > 0 && s.Organisation != nil
	p.Passkey = len(m.Passkeys) > 0 && s.passkeysAt(r)
	return s.render(w, r, status, p.View())
}

// ownPage returns a path of the office to go on to, wherever it came from.
func ownPage(path string) string {
	if !strings.HasPrefix(path, "/beheer/") || strings.ContainsAny(path, "\\\r\n\x00") || strings.HasPrefix(path, confirmPath) {
		return "/beheer/"
	}
	return path
}

func (s *Server) showConfirm(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderConfirm(w, r, a, http.StatusOK, page.Confirm{Action: confirmPath, Back: ownPage(r.URL.Query().Get("naar"))})
}

func (s *Server) confirmed(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	back := ownPage(r.PostForm.Get("naar"))
	if credential.IsRecent(sessionOf(r).Proved, s.Now()) {
		return redirect(w, r, back) // by a passkey, just before
	}
	ok, err := s.confirm(r, a)
	switch {
	case err != nil:
		return err
	case ok:
		return redirect(w, r, back)
	}
	return s.renderConfirm(w, r, a, http.StatusUnprocessableEntity, page.Confirm{Action: confirmPath, Back: back, Problem: "Het wachtwoord of de code klopt niet."})
}
