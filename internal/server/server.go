// Package server translates: requests into calls, results into pages. It has
// the routes, handlers and sessions; it decides nothing and holds no SQL.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/credential"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// A Config is what a Server needs beside the store.
type Config struct {
	BaseURL        *url.URL // every link starts with it
	TrustedProxies []netip.Prefix
	Now            func() time.Time
	Log            *slog.Logger
	Printer        *export.Printer
	Software       string // version of the program, for the manifests of files
	Gallery        bool   // show every page state under /galerij, in development
	Inbox          bool   // no mail server is set: mail goes to /postvak
	Keys           mail.Keys
	Resolver       mail.Resolver // of the DNS, for looking at the domain of Keys; nil: that of this machine
	Selector       string        // of the DKIM key that signs, "" where none does
	MetricsToken   string        // lets monitoring read /metrics from elsewhere; "" lets nobody
	Organisation   *Organisation // where staff may sign in; nil: here only
}

// A Server answers for the whole site.
type Server struct {
	Config
	store    *store.Store
	secure   bool // the base URL is https
	mailer   *worker.Mailer
	hasher   *credential.Hasher // of passwords
	webauthn *webauthn.WebAuthn // nil where passkeys cannot be
	began    time.Time

	timings     timings
	certificate certificate
	outage      outage

	mu     sync.RWMutex
	forms  map[formKey]*form.Form
	counts map[formKey]count
	books  books
	kits   kits
	tests  keptTests
}

type formKey struct {
	study int64
	name  string
}

// New makes a server.
func New(st *store.Store, c Config) *Server {
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	w, err := newWebAuthn(c.BaseURL)
	if err != nil {
		c.Log.Error("no passkeys at this address", "err", err)
	}
	return &Server{Config: c, store: st, secure: c.BaseURL.Scheme == "https", hasher: credential.NewHasher(hashesAtOnce), webauthn: w, began: c.Now(), forms: map[formKey]*form.Form{}, counts: map[formKey]count{}}
}

// Handler returns the whole site. Read it as the site's table of contents.
func (s *Server) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(s.identify, s.headers, s.recoverPanic)
	r.Get("/healthz", s.health)
	r.Get("/readyz", s.ready)
	r.Get("/metrics", s.metrics)

	r.Group(func(r chi.Router) {
		r.Use(s.ownHost, s.crossOrigin, s.limit)
		r.NotFound(s.handle(s.noPage))
		r.MethodNotAllowed(s.handle(s.noMethod))
		at := routes{r, s}
		s.openPages(at)
		s.respondentPages(at)
		s.officePages(at)
		s.workshopPages(at)
		s.previewPages(at)
		s.machinePages(at)
	})
	return r
}

// routes binds patterns to handlers that return errors.
type routes struct {
	chi chi.Router
	s   *Server
}

// show binds a page, for GET and HEAD.
func (r routes) show(pattern string, h handler) {
	r.chi.Get(pattern, r.s.handle(h))
	r.chi.Head(pattern, r.s.handle(h))
}

// post binds a posted form.
func (r routes) post(pattern string, h handler) { r.chi.Post(pattern, r.s.handle(h)) }

// openPages binds what everybody may see.
func (s *Server) openPages(r routes) {
	r.show("/", s.showHome)
	r.show("/onderzoek/{study}/", s.showStudy)
	r.show("/onderzoek/{study}/privacy", s.showPrivacy)
	r.show("/onderzoek/{study}/vragenlijst/{audience}", s.showBlank)
	s.editionPages(r)
	r.show("/toegankelijkheid", s.showAccessibility)
	r.show("/status", s.showStatus)
	r.show("/.well-known/security.txt", s.showSecurityText)
	r.show("/static/*", s.showStatic)
	r.show("/favicon.ico", s.showStatic)
	if s.Gallery {
		r.show("/galerij/", s.showGallery)
		r.show("/galerij/{id}", s.showExample)
	}
}

// respondentPages binds what a link or a session of a respondent opens.
func (s *Server) respondentPages(r routes) {
	r.show("/v/{token}", s.showLanding)
	r.show("/v/{token}/", s.showLanding)
	r.post("/v/{token}", s.enter)
	r.show("/v/{token}/niet-meedoen", s.showDecline(s.declining))
	r.post("/v/{token}/niet-meedoen", s.decline(s.declining))
	r.post("/v/{token}/kernvragen", s.enterCore)
	r.show("/v/{token}/antwoord-van-ander", s.showAnswering)
	r.post("/v/{token}/antwoord-van-ander", s.decideAnswering)
	r.show("/code", s.showCode)
	r.post("/code", s.useCode)

	r.show(unsubscribePattern, s.showUnsubscribe)
	r.post(unsubscribePattern, s.unsubscribe)
	r.show("/afmelden/{token}/niet-meedoen", s.showDecline(s.decliningMailed))
	r.post("/afmelden/{token}/niet-meedoen", s.decline(s.decliningMailed))

	r.show("/vragenlijst/{response}/", s.showSections)
	r.post("/vragenlijst/{response}/", s.goOn)
	r.show("/vragenlijst/{response}/controleren", s.showReview)
	r.post("/vragenlijst/{response}/controleren", s.submit)
	r.show("/vragenlijst/{response}/ontvangst", s.showReceipt)
	r.show("/vragenlijst/{response}/antwoorden", s.showAnswers)
	r.show("/vragenlijst/{response}/antwoorden.pdf", s.downloadAnswers)
	r.post("/vragenlijst/{response}/wijzigen", s.reopen)
	r.post("/vragenlijst/{response}/alle-vragen", s.allQuestions)
	r.show("/vragenlijst/{response}/doorsturen", s.showForward)
	r.post("/vragenlijst/{response}/doorsturen", s.forward)
	r.show("/vragenlijst/{response}/ook-voor", s.showAlso)
	r.post("/vragenlijst/{response}/ook-voor", s.also)
	r.show("/vragenlijst/{response}/{page}", s.showPage)
	r.post("/vragenlijst/{response}/{page}", s.savePage)
}

// officePages binds what staff see.
func (s *Server) officePages(r routes) {
	r.show("/inloggen", s.showLogin)
	r.post("/inloggen", s.loginPassword)
	r.post("/inloggen/sleutel", s.beginPasskeyLogin)
	r.post("/inloggen/sleutel/antwoord", s.loginPasskey)
	r.post("/inloggen/organisatie", s.loginOrganisation)
	r.show(OrganisationBack, s.backFromOrganisation)
	r.show("/inloggen/{token}", s.showLoginLink)
	r.post("/inloggen/{token}", s.login)
	r.post("/uitloggen", s.logout)

	r.show("/beheer", s.staff(s.showStudies))
	r.show("/beheer/", s.staff(s.showStudies))
	s.setupPages(r)
	r.show("/beheer/{study}", s.staff(may(account.SeeStudy, s.showToday)))
	r.show("/beheer/{study}/", s.staff(may(account.SeeStudy, s.showToday)))
	r.show("/beheer/{study}/stuurgroep", s.staff(may(account.SeeStudy, s.showBoard)))
	r.show("/beheer/{study}/verantwoording", s.staff(may(account.SeeStudy, s.showAccount)))
	r.show("/beheer/{study}/verantwoording/gewichten-{audience}.csv", s.staff(may(account.SeeStudy, s.downloadWeights)))
	r.show("/beheer/{study}/eenheden", s.staff(may(account.SeeUnits, s.showUnits)))
	r.show("/beheer/{study}/eenheden.csv", s.staff(may(account.SeeUnits, s.downloadUnits)))
	r.show("/beheer/{study}/eenheden/{audience}/{code}", s.staff(may(account.SeeUnits, s.showUnit)))
	r.post("/beheer/{study}/eenheden/{audience}/{code}/link", s.staff(may(account.MakeLink, s.makeLink)))
	r.post("/beheer/{study}/eenheden/{audience}/{code}/code", s.staff(may(account.MakeLink, s.makeCode)))
	r.show("/beheer/{study}/eenheden/{audience}/{code}/antwoorden", s.staff(may(account.SeeAnswers, s.askUnitAnswers)))
	r.post("/beheer/{study}/eenheden/{audience}/{code}/antwoorden", s.staff(may(account.SeeAnswers, s.showUnitAnswers)))
	s.ownPages(r)
	s.teamPages(r)
	s.fieldwork(r)
	r.show("/beheer/{study}/post", s.staff(may(account.ReadMail, s.showPost)))
	r.post("/beheer/{study}/post/{id}", s.staff(may(account.ReadMail, s.handlePost)))
	r.show("/beheer/{study}/plan", s.staff(may(account.SeePlan, s.showPlan)))
	s.planEditing(r)
	s.wordingPages(r)
	r.show("/beheer/{study}/plan/proef", s.staff(may(account.SeePlan, s.showDryRun)))
	r.show("/beheer/{study}/plan/proef.csv", s.staff(may(account.SeePlan, s.downloadDryRun)))
	r.show("/beheer/{study}/plan/voorbeelden", s.staff(may(account.SeeContacts, s.showPreviews)))
	r.show("/beheer/{study}/plan/voorbeeld/{unit}", s.staff(may(account.SeeContacts, s.showPreviewHTML)))
	r.post("/beheer/{study}/plan/stop", s.staff(may(account.EditPlan, s.stopSending)))
	r.post("/beheer/{study}/plan/hervat", s.staff(may(account.EditPlan, s.resumeSending)))
	r.post("/beheer/{study}/plan/tempo", s.staff(may(account.EditPlan, s.setRate)))
	r.post("/beheer/{study}/plan/nu-versturen", s.staff(may(account.EditPlan, s.sendLate)))
	r.post("/beheer/{study}/plan/onzeker/{id}", s.staff(may(account.Fieldwork, s.decideUnsure)))
	r.show("/beheer/{study}/tabellen", s.staff(may(account.SeeTables, s.showBook)))
	r.show("/beheer/{study}/tabellen/{audience:[a-z0-9_-]+}", s.staff(may(account.SeeTables, s.showBook)))
	r.show("/beheer/{study}/tabellen/{audience:[a-z0-9_-]+\\.[a-z]+}", s.staff(may(account.SeeTables, s.downloadBook)))
	s.analysisPages(r)
	s.publishingPages(r)
	s.mirrorPages(r)
	r.show("/beheer/{study}/tabellen/{audience}/{figure}", s.staff(may(account.SeeTables, s.downloadFigure)))
	r.show("/beheer/{study}/gegevens", s.staff(may(account.SeeData, s.showData)))
	r.post("/beheer/{study}/gegevens", s.staff(may(account.SeeData, s.downloadData)))
	r.post("/beheer/{study}/gegevens/momentopname", s.staff(may(account.SeeData, s.makeSnapshot)))
	r.show("/beheer/{study}/codeboek/{audience:[a-z0-9_-]+}", s.staff(may(account.SeeTables, s.showCodebook)))
	r.show("/beheer/{study}/codeboek/{audience:[a-z0-9_-]+}.pdf", s.staff(may(account.SeeTables, s.downloadCodebook)))
	r.show("/beheer/{study}/brieven", s.staff(may(account.SeePlan, s.showLetters)))
	r.post("/beheer/{study}/brieven", s.staff(may(account.Fieldwork, s.makeBatch)))
	r.show("/beheer/{study}/brieven/{id}", s.staff(may(account.SeePlan, s.showBatch)))
	r.post("/beheer/{study}/brieven/{id}/bestand", s.staff(may(account.Fieldwork, s.fileBatch)))
	r.post("/beheer/{study}/brieven/{id}/verstuurd", s.staff(may(account.Fieldwork, s.postBatch)))
	r.post("/beheer/{study}/brieven/{id}/opheffen", s.staff(may(account.Fieldwork, s.dropBatch)))
	s.tokenPages(r)
	s.privacyPages(r)
	s.codingPages(r)
	s.examplePages(r)
	r.show("/beheer/*", s.staff(s.noStaffPage))

	r.show("/postvak", s.inbox(s.showInbox))
	r.show("/postvak/", s.inbox(s.showInbox))
	r.show("/postvak/{id}", s.inbox(s.showInboxMail))
	r.show("/postvak/{id}.eml", s.inbox(s.downloadInboxMail))
	r.show("/postvak/{id}/html", s.inbox(s.showInboxHTML))
}

// Form returns the form of an audience. An instrument in a study is frozen, so
// it is parsed once.
func (s *Server) form(ctx context.Context, study int64, name string) (*form.Form, error) {
	key := formKey{study, name}
	s.mu.RLock()
	f := s.forms[key]
	s.mu.RUnlock()
	if f != nil {
		return f, nil
	}
	a, err := s.store.Audience(ctx, study, name)
	if err != nil {
		return nil, err
	}
	in, problems := instrument.Parse(a.Source)
	if in == nil {
		return nil, fmt.Errorf("instrument %s of study %d: %v", name, study, problems)
	}
	f = form.New(in)
	s.mu.Lock()
	s.forms[key] = f
	s.mu.Unlock()
	return f, nil
}

// link returns an address of this site. Links come from the configuration,
// never from the request (standards K14).
func (s *Server) link(path string) string {
	u := *s.BaseURL
	u.Path = path
	return u.String()
}
