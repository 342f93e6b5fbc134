package server

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/credential"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// An Organisation is where staff may sign in instead of here, by OpenID Connect.
// It says who somebody is; what they may do is decided here (standards Q3).
type Organisation struct {
	Issuer       string
	ClientID     string
	ClientSecret string // "" for a public client

	mu       sync.Mutex
	provider *oidc.Provider
}

// OrganisationBack is where an organisation sends people back to.
const OrganisationBack = "/inloggen/organisatie/terug"

// signedBy are the algorithms of a token that are believed: all of them need a
// private key of the issuer. None and HS256 are not among them (standards Q5).
var signedBy = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

// organisationWait is how long an issuer may take to answer.
const organisationWait = 8 * time.Second

var organisationClient = &http.Client{Timeout: organisationWait}

const organisationAway = "Uw organisatie antwoordt nu niet. Probeer het later, of log op een andere manier in."

// known returns the issuer as it describes itself, asked once.
func (o *Organisation) known() (*oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider != nil {
		return o.provider, nil
	}
	// The provider keeps the context, and asks for keys again with it.
	p, err := oidc.NewProvider(oidc.ClientContext(context.Background(), organisationClient), o.Issuer)
	if err != nil {
		return nil, errs.Wrap(err, errs.Unavailable, organisationAway)
	}
	o.provider = p
	return p, nil
}

func (s *Server) oauth(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: s.Organisation.ClientID, ClientSecret: s.Organisation.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: s.link(OrganisationBack), Scopes: []string{oidc.ScopeOpenID}}
}

// The reasons to go to an organisation.
const (
	toEnter   = "inloggen"
	toBind    = "koppelen"
	toConfirm = "bevestigen"
)

const atOrganisation = "organisatie"

// An errand is what a browser went to its organisation for. It comes back with
// the state, in the same browser, once.
type errand struct {
	Why      string
	State    string
	Nonce    string
	Verifier string
	Session  int64  // that goes on with it; 0 to enter
	Back     string // where to go on, to confirm
	Begun    time.Time
}

// goOrganisation sends the browser to its organisation. It does so by a header: the
// policy of the page lets no form lead elsewhere, and an organisation may send it
// on any number of times.
func (s *Server) goOrganisation(w http.ResponseWriter, r *http.Request, id int64, e errand) error {
	if s.Organisation == nil {
		return errs.Errorf(errs.NotFound, "Kijk of het adres klopt.")
	}
	p, err := s.Organisation.known()
	if err != nil {
		return err
	}
	e.State, e.Nonce, e.Verifier, e.Begun = store.NewToken(), store.NewToken(), oauth2.GenerateVerifier(), s.Now()
	step, err := s.store.Begin(r.Context(), atOrganisation, id, e, s.Now())
	if err != nil {
		return err
	}
	s.setCookie(w, stepCookie, step)
	options := []oauth2.AuthCodeOption{oidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier)}
	if e.Why == toConfirm {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	to := s.oauth(p).AuthCodeURL(e.State, options...)
	w.Header().Set("Refresh", "0; url="+to)
	return s.render(w, r, http.StatusOK, page.Onward{To: to}.View())
}

func (s *Server) loginOrganisation(w http.ResponseWriter, r *http.Request) error {
	return s.goOrganisation(w, r, 0, errand{Why: toEnter})
}

func (s *Server) bindOrganisation(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if ok, err := s.mayChange(w, r, a); !ok {
		return err
	}
	return s.goOrganisation(w, r, a.ID, errand{Why: toBind, Session: sessionOf(r).ID})
}

func (s *Server) confirmOrganisation(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	return s.goOrganisation(w, r, a.ID, errand{Why: toConfirm, Session: sessionOf(r).ID, Back: ownPage(r.PostForm.Get("naar"))})
}

func (s *Server) unbindOrganisation(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if ok, err := s.mayChange(w, r, a); !ok {
		return err
	}
	if err := s.store.RemoveIdentity(r.Context(), a.ID, s.Now()); err != nil {
		return err
	}
	return redirect(w, r, page.OwnPath+"?gedaan=organisatie-weg")
}

// backFromOrganisation takes up what the browser went away for. Only an errand
// that this browser began is taken up, and only once.
func (s *Server) backFromOrganisation(w http.ResponseWriter, r *http.Request) error {
	step := s.cookie(r, stepCookie)
	if s.Organisation == nil || !token.MatchString(step) {
		return errs.Errorf(errs.Gone, "Dit duurde te lang, of begon in een andere browser. Begin opnieuw.")
	}
	var e errand
	id, err := s.store.Finish(r.Context(), atOrganisation, step, &e, s.Now())
	if err != nil {
		return err
	}
	s.setCookie(w, stepCookie, "")
	issuer, subject, err := s.identity(r, e)
	if err != nil {
		return err
	}
	if e.Why == toEnter {
		if id, err = s.store.AccountByIdentity(r.Context(), issuer, subject); err != nil {
			return err
		}
		session, err := s.store.SignIn(r.Context(), id, credential.Organisation, nil, s.client(r), s.Now())
		if err != nil {
			return err
		}
		return s.enterOffice(w, r, session, "/beheer/")
	}
	return s.own(func(w http.ResponseWriter, r *http.Request, a account.Account) error {
		if a.ID != id || sessionOf(r).ID != e.Session {
			return errs.Errorf(errs.Forbidden, "U bent intussen met een ander account ingelogd.")
		}
		back := e.Back
		if e.Why == toBind {
			back = page.OwnPath + "?gedaan=organisatie"
			if err := s.store.BindIdentity(r.Context(), a.ID, issuer, subject, s.Now()); err != nil {
				return err
			}
		} else if owner, err := s.store.AccountByIdentity(r.Context(), issuer, subject); err != nil {
			return err
		} else if owner != a.ID {
			return errs.Errorf(errs.Forbidden, "Bij uw organisatie bent u met een ander account ingelogd.")
		}
		if err := s.store.Prove(r.Context(), sessionOf(r), a.ID, credential.Organisation, nil, s.Now()); err != nil {
			return err
		}
		return redirect(w, r, back)
	})(w, r)
}

// identity asks the organisation who came back, and believes only a token that it
// signed for this site and this errand (standards Q1).
func (s *Server) identity(r *http.Request, e errand) (issuer, subject string, err error) {
	refuse := func(err error) (string, string, error) {
		s.Log.WarnContext(r.Context(), "sign-in by the organisation refused", "request", requestID(r), "err", err)
		return "", "", s.countFailure(r, loginLimit, errs.Wrap(err, errs.Forbidden, "Uw organisatie bevestigde niet wie u bent. Probeer het opnieuw."))
	}
	q := r.URL.Query()
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(e.State)) != 1 {
		return refuse(errors.New("the state is another"))
	}
	if q.Has("error") || q.Has("iss") && q.Get("iss") != s.Organisation.Issuer {
		return refuse(errors.New("the organisation refused"))
	}
	p, err := s.Organisation.known()
	if err != nil {
		return "", "", err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(r.Context(), organisationClient), organisationWait)
	defer cancel()
	got, err := s.oauth(p).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(e.Verifier))
	if err != nil {
		return refuse(err)
	}
	raw, _ := got.Extra("id_token").(string)
	verifier := p.VerifierContext(ctx, &oidc.Config{ClientID: s.Organisation.ClientID, SupportedSigningAlgs: signedBy, Now: s.Now})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return refuse(err)
	}
	var claims struct {
		AuthTime int64 `json:"auth_time"`
	}
	if err := id.Claims(&claims); err != nil {
		return refuse(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(e.Nonce)) != 1 || id.Subject == "" {
		return refuse(errors.New("the nonce is another"))
	}
	// A minute, because clocks differ.
	if e.Why == toConfirm && time.Unix(claims.AuthTime, 0).Before(e.Begun.Add(-time.Minute)) {
		return refuse(errors.New("nobody signed in anew"))
	}
	return id.Issuer, id.Subject, nil
}
