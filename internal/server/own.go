package server

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/credential"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// ownPages binds the pages of one's own account: no right of the permission table
// is needed for what is one's own.
func (s *Server) ownPages(r routes) {
	const own = page.OwnPath
	r.show(own, s.own(s.showOwn))
	r.show(own+"/wachtwoord", s.own(s.showSetPassword))
	r.post(own+"/wachtwoord", s.own(s.setPassword))
	r.post(own+"/wachtwoord/verwijderen", s.staff(s.removePassword))
	r.post(own+"/herstelcodes", s.staff(s.renewRecovery))
	r.post(own+"/sleutel", s.own(s.beginPasskey))
	r.post(own+"/sleutel/opslaan", s.own(s.addPasskey))
	r.post(own+"/sleutel/{key}/verwijderen", s.staff(s.removePasskey))
	r.post(own+"/organisatie", s.own(s.bindOrganisation))
	r.post(own+"/organisatie/verwijderen", s.staff(s.unbindOrganisation))
	r.post(own+"/sessies/{session}/beeindigen", s.staff(s.endOwnSession))
	r.post(own+"/sessies/beeindigen", s.staff(s.endOtherSessions))
	r.post(own+"/noodtoegang", s.staff(s.seenAlarms))
	r.show(confirmPath, s.staff(s.showConfirm))
	r.post(confirmPath, s.staff(s.confirmed))
	r.post(confirmPath+"/sleutel", s.staff(s.beginConfirm))
	r.post(confirmPath+"/sleutel/antwoord", s.staff(s.confirmPasskey))
	r.post(confirmPath+"/organisatie", s.staff(s.confirmOrganisation))
}

// showOwn shows how somebody signs in, and where they are signed in now.
func (s *Server) showOwn(w http.ResponseWriter, r *http.Request, a account.Account) error {
	m, err := s.store.Methods(r.Context(), a.ID)
	if err != nil {
		return err
	}
	now, session := s.Now(), sessionOf(r)
	p := page.Own{Staff: officeFrame(a, ""), Email: a.Email, Password: m.Password, Recovery: m.Recovery, CanPasskey: s.passkeysAt(r), PasskeyHost: s.passkeyHost(), Organisation: s.Organisation != nil,
		Invited: session.Method == credential.Invitation, Done: r.URL.Query().Get("gedaan")}
	for _, k := range m.Passkeys {
		p.Passkeys = append(p.Passkeys, page.OwnPasskey{ID: idText(k.ID), Name: k.Name, Made: k.Made, Used: k.Used})
	}
	p.Bound = len(m.Identities) > 0
	sessions, err := s.store.Sessions(r.Context(), a.ID, now)
	if err != nil {
		return err
	}
	for _, x := range sessions {
		p.Sessions = append(p.Sessions, page.OwnSession{ID: idText(x.ID), Device: page.Device(x.Agent), Origin: x.Origin, Method: string(x.Method), Made: x.Made, Seen: x.Seen, Here: x.ID == session.ID})
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// mayChange lets somebody change how they sign in who has just shown who they
// are: by a method, or, without any, by the link that brought them here.
func (s *Server) mayChange(w http.ResponseWriter, r *http.Request, a account.Account) (bool, error) {
	x, now := sessionOf(r), s.Now()
	if !x.Method.Proves() && now.Sub(x.Made) < linkCounts {
		return true, nil
	}
	return s.proven(w, r, a)
}

// linkCounts is how long a link counts as showing who one is, for setting up a way
// to sign in.
const linkCounts = 2 * credential.Recent

// showSetPassword asks for a password, and shows what the app needs. It stores
// nothing.
func (s *Server) showSetPassword(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if ok, err := s.mayChange(w, r, a); !ok {
		return err
	}
	return s.renderSetPassword(w, r, a, nil)
}

// newApp is the secret that an app is to have before the password is set.
func (s *Server) newApp(r *http.Request, a account.Account) ([]byte, error) {
	m, err := s.store.Methods(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	return s.store.NewApp(sessionOf(r), a.ID, m.Password)
}

func (s *Server) renderSetPassword(w http.ResponseWriter, r *http.Request, a account.Account, problems []form.Problem) error {
	secret, err := s.newApp(r, a)
	if err != nil {
		return err
	}
	p := page.SetPassword{Staff: officeFrame(a, ""), Email: a.Email, Secret: credential.SecretText(secret), Problems: problems}
	if p.Code, err = chart.QR(credential.SecretURL(secret, "Uitvraag", a.Email)); err != nil {
		return err
	}
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p.View())
}

// setPassword stores a password once the app is known to work, and shows the
// recovery codes, this once.
func (s *Server) setPassword(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	if ok, err := s.mayChange(w, r, a); !ok {
		return err
	}
	secret, err := s.newApp(r, a)
	if err != nil {
		return err
	}
	var problems []form.Problem
	password := r.PostForm.Get("nieuw_wachtwoord")
	if why := credential.Problem(password, a.Email, a.Name, "uitvraag"); why != "" {
		problems = append(problems, form.Problem{Item: "nieuw_wachtwoord", Field: "nieuw_wachtwoord", Text: why})
	}
	step, ok := credential.Match(secret, r.PostForm.Get("nieuwe_code"), 0, s.Now())
	if !ok {
		problems = append(problems, form.Problem{Item: "nieuwe_code", Field: "nieuwe_code", Text: "Deze code klopt niet. Vul de 6 cijfers in die de app nu toont."})
	}
	if len(problems) > 0 {
		return s.renderSetPassword(w, r, a, problems)
	}
	hash, err := s.hasher.Hash(r.Context(), password)
	if err != nil {
		return err
	}
	codes := credential.NewRecovery()
	err = s.store.SetPassword(r.Context(), sessionOf(r), store.Password{Account: a.ID, Hash: hash, App: secret, Step: step}, hashesOf(codes), s.Now())
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Recovery{Staff: officeFrame(a, ""), Email: a.Email, Codes: codes, Made: s.Now(), First: true}.View())
}

func hashesOf(codes []string) [][]byte {
	hashes := make([][]byte, len(codes))
	for i, c := range codes {
		hashes[i] = credential.RecoveryHash(c)
	}
	return hashes
}

func (s *Server) removePassword(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if ok, err := s.mayChange(w, r, a); !ok {
		return err
	}
	if err := s.store.RemovePassword(r.Context(), a.ID, s.Now()); err != nil {
		return err
	}
	return redirect(w, r, page.OwnPath+"?gedaan=wachtwoord-weg")
}

// renewRecovery makes other recovery codes, and shows them once.
func (s *Server) renewRecovery(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if ok, err := s.mayChange(w, r, a); !ok {
		return err
	}
	m, err := s.store.Methods(r.Context(), a.ID)
	if err != nil {
		return err
	}
	if m.Password.IsZero() {
		return errs.Errorf(errs.Conflict, "Herstelcodes horen bij een wachtwoord. Stel eerst een wachtwoord in.")
	}
	codes := credential.NewRecovery()
	if err := s.store.SetRecovery(r.Context(), a.ID, hashesOf(codes), s.Now()); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Recovery{Staff: officeFrame(a, ""), Email: a.Email, Codes: codes, Made: s.Now()}.View())
}

func numberParam(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(chi.URLParam(r, name), 10, 64)
	if err != nil {
		return 0 // nothing has this number
	}
	return n
}

func (s *Server) endOwnSession(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := s.store.EndSession(r.Context(), a.ID, numberParam(r, "session"), staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, page.OwnPath+"?gedaan=sessie")
}

func (s *Server) endOtherSessions(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := s.store.EndSessions(r.Context(), a.ID, sessionOf(r).ID, staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, page.OwnPath+"?gedaan=sessies")
}

func (s *Server) seenAlarms(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := s.store.SeenAlarms(r.Context(), a.ID, s.Now()); err != nil {
		return err
	}
	return redirect(w, r, "/beheer")
}
