package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/credential"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// stepCookie holds the token of what a browser is to come back with.
const stepCookie = "inloggen"

// The kinds of ceremony that the store remembers.
const (
	enterByPasskey   = "inloggen met een sleutel"
	addingPasskey    = "sleutel toevoegen"
	confirmByPasskey = "bevestigen met een sleutel"
)

// newWebAuthn is who checks passkeys, for the host of the base URL. A passkey
// belongs to a name: on loopback that is localhost, and at a bare address there
// are none (nil).
func newWebAuthn(base *url.URL) (*webauthn.WebAuthn, error) {
	host, origin := base.Hostname(), base.String()
	if Loopback(host) {
		host = "localhost"
		origin = "http://" + net.JoinHostPort(host, base.Port())
	} else if _, err := netip.ParseAddr(host); err == nil {
		return nil, nil
	}
	return webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: "Uitvraag", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{RequireResidentKey: protocol.ResidentKeyRequired(), ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired}})
}

// passkeyHost is the name that passkeys belong to, "" where there are none.
func (s *Server) passkeyHost() string {
	if s.webauthn == nil {
		return ""
	}
	return s.webauthn.Config.RPID
}

// passkeysAt reports whether the browser came in at the name that passkeys belong
// to: at another it would refuse them.
func (s *Server) passkeysAt(r *http.Request) bool {
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = r.Host
	}
	return s.webauthn != nil && name == s.passkeyHost()
}

// A passkeyUser is an account as the library wants it.
type passkeyUser struct {
	account account.Account
	handle  []byte
	keys    []webauthn.Credential
}

func (u passkeyUser) WebAuthnID() []byte                         { return u.handle }
func (u passkeyUser) WebAuthnName() string                       { return u.account.Email }
func (u passkeyUser) WebAuthnDisplayName() string                { return u.account.Handle() }
func (u passkeyUser) WebAuthnCredentials() []webauthn.Credential { return u.keys }

func newPasskeyUser(a account.Account, handle []byte, keys []store.Passkey) (passkeyUser, error) {
	u := passkeyUser{account: a, handle: handle}
	for _, k := range keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Record, &c); err != nil {
			return u, fmt.Errorf("passkey %d: %w", k.ID, err)
		}
		u.keys = append(u.keys, c)
	}
	return u, nil
}

func (s *Server) passkeyUser(r *http.Request, a account.Account) (passkeyUser, error) {
	handle, err := s.store.Handle(r.Context(), a.ID)
	if err != nil {
		return passkeyUser{}, err
	}
	m, err := s.store.Methods(r.Context(), a.ID)
	if err != nil {
		return passkeyUser{}, err
	}
	return newPasskeyUser(a, handle, m.Passkeys)
}

// begin remembers the challenge, ties it to the browser, and sends it.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, kind string, id int64, session *webauthn.SessionData, challenge any) error {
	step, err := s.store.Begin(r.Context(), kind, id, session, s.Now())
	if err != nil {
		return err
	}
	s.setCookie(w, stepCookie, step)
	return sendJSON(w, challenge)
}

func sendJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(v)
}

// finish returns the challenge that the browser was sent, once, and what it
// answered.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, kind string) (id int64, session webauthn.SessionData, body []byte, err error) {
	step := s.cookie(r, stepCookie)
	s.setCookie(w, stepCookie, "")
	if s.webauthn == nil || !token.MatchString(step) {
		return 0, session, nil, errs.Errorf(errs.Gone, "Dit duurde te lang. Begin opnieuw.")
	}
	if id, err = s.store.Finish(r.Context(), kind, step, &session, s.Now()); err != nil {
		return 0, session, nil, err
	}
	body, err = io.ReadAll(r.Body)
	return id, session, body, err
}

var errNoPasskeys = errs.Errorf(errs.NotFound, "Toegangssleutels werken niet op dit adres.")

// beginPasskeyLogin asks the browser for any passkey of this site.
func (s *Server) beginPasskeyLogin(w http.ResponseWriter, r *http.Request) error {
	if s.webauthn == nil {
		return errNoPasskeys
	}
	challenge, session, err := s.webauthn.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return err
	}
	return s.begin(w, r, enterByPasskey, 0, session, challenge)
}

// loginPasskey lets in who has a passkey.
func (s *Server) loginPasskey(w http.ResponseWriter, r *http.Request) error {
	_, session, body, err := s.finish(w, r, enterByPasskey)
	if err != nil {
		return err
	}
	id, err := s.checkPasskey(r, session, body)
	if err != nil {
		return err
	}
	opened, err := s.store.SignIn(r.Context(), id, credential.Passkey, nil, s.client(r), s.Now())
	if err != nil {
		return err
	}
	s.setCookie(w, staffCookie, opened)
	return sendJSON(w, map[string]string{"naar": "/beheer/"})
}

// checkPasskey returns whose passkey answered a challenge.
func (s *Server) checkPasskey(r *http.Request, session webauthn.SessionData, body []byte) (int64, error) {
	refused := func(err error) (int64, error) {
		return 0, s.countFailure(r, loginLimit, errs.Wrap(err, errs.Forbidden, "Deze toegangssleutel werkt hier niet."))
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes(body)
	if err != nil {
		return refused(err)
	}
	var fault error // of ours, while the library asks who somebody is
	user, key, err := s.webauthn.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		a, keys, err := s.store.AccountByHandle(r.Context(), handle)
		if err != nil {
			if errs.KindOf(err) != errs.NotFound {
				fault = err
			}
			return nil, err
		}
		return newPasskeyUser(a, handle, keys)
	}, session, answer)
	if fault != nil {
		return 0, fault
	}
	if err != nil {
		return refused(err)
	}
	if key.Authenticator.CloneWarning {
		return refused(fmt.Errorf("the counter of a passkey went back"))
	}
	record, err := json.Marshal(key)
	if err != nil {
		return 0, err
	}
	return user.(passkeyUser).account.ID, s.store.UsePasskey(r.Context(), key.ID, record, s.Now())
}

// beginPasskey asks the browser to make a passkey.
func (s *Server) beginPasskey(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if s.webauthn == nil {
		return errNoPasskeys
	}
	if x := sessionOf(r); !credential.IsRecent(x.Proved, s.Now()) && (x.Method.Proves() || s.Now().Sub(x.Made) >= linkCounts) {
		return errs.Errorf(errs.Forbidden, "Bevestig eerst wie u bent.")
	}
	user, err := s.passkeyUser(r, a)
	if err != nil {
		return err
	}
	var known []protocol.CredentialDescriptor
	for _, k := range user.keys {
		known = append(known, k.Descriptor())
	}
	challenge, session, err := s.webauthn.BeginRegistration(user, webauthn.WithExclusions(known))
	if err != nil {
		return err
	}
	return s.begin(w, r, addingPasskey, a.ID, session, challenge)
}

// addPasskey keeps the passkey that the browser made.
func (s *Server) addPasskey(w http.ResponseWriter, r *http.Request, a account.Account) error {
	id, session, body, err := s.finish(w, r, addingPasskey)
	if err != nil {
		return err
	}
	user, err := s.passkeyUser(r, a)
	if err != nil {
		return err
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes(body)
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "Uw apparaat gaf geen toegangssleutel die wij kunnen lezen.")
	}
	if id != a.ID {
		return errs.Errorf(errs.Forbidden, "U bent intussen met een ander account ingelogd.")
	}
	key, err := s.webauthn.CreateCredential(user, session, answer)
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "Uw apparaat gaf geen toegangssleutel die wij kunnen gebruiken.")
	}
	record, err := json.Marshal(key)
	if err != nil {
		return err
	}
	if err := s.store.AddPasskey(r.Context(), a.ID, store.Passkey{Credential: key.ID, Name: page.Device(r.UserAgent()), Record: record}, s.Now()); err != nil {
		return err
	}
	if err := s.store.Prove(r.Context(), sessionOf(r), a.ID, credential.Passkey, nil, s.Now()); err != nil {
		return err
	}
	return sendJSON(w, map[string]string{"naar": page.OwnPath + "?gedaan=sleutel"})
}

func (s *Server) removePasskey(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if ok, err := s.mayChange(w, r, a); !ok {
		return err
	}
	if err := s.store.RemovePasskey(r.Context(), a.ID, numberParam(r, "key"), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, page.OwnPath+"?gedaan=sleutel-weg")
}

// beginConfirm asks for a passkey of who has the session.
func (s *Server) beginConfirm(w http.ResponseWriter, r *http.Request, a account.Account) error {
	user, err := s.passkeyUser(r, a)
	if err != nil {
		return err
	}
	if s.webauthn == nil || len(user.keys) == 0 {
		return errNoPasskeys
	}
	challenge, session, err := s.webauthn.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return err
	}
	return s.begin(w, r, confirmByPasskey, a.ID, session, challenge)
}

// confirmPasskey notes that who has the session has a passkey of that account.
func (s *Server) confirmPasskey(w http.ResponseWriter, r *http.Request, a account.Account) error {
	id, session, body, err := s.finish(w, r, confirmByPasskey)
	if err != nil {
		return err
	}
	owner, err := s.checkPasskey(r, session, body)
	if err != nil {
		return err
	}
	if owner != a.ID || id != a.ID {
		return errs.Errorf(errs.Forbidden, "Deze toegangssleutel is van een ander account.")
	}
	if err := s.store.Prove(r.Context(), sessionOf(r), a.ID, credential.Passkey, nil, s.Now()); err != nil {
		return err
	}
	return sendJSON(w, map[string]string{"naar": ""})
}
