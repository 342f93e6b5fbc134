// Package server translates: requests into calls, results into pages. It has
// the routes, handlers and sessions; it decides nothing and holds no SQL.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
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
}

// A Server answers for the whole site.
type Server struct {
	Config
	store  *store.Store
	secure bool // the base URL is https

	mu     sync.RWMutex
	forms  map[formKey]*form.Form
	counts map[formKey]count
}

type formKey struct {
	study int64
	name  string
}

// New makes a server.
func New(st *store.Store, c Config) *Server {
	return &Server{Config: c, store: st, secure: c.BaseURL.Scheme == "https", forms: map[formKey]*form.Form{}, counts: map[formKey]count{}}
}

// Handler returns the whole site. Read it as the site's table of contents.
func (s *Server) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(s.identify, s.headers, s.recoverPanic)
	r.Get("/healthz", s.health)
	r.Get("/readyz", s.ready)

	r.Group(func(r chi.Router) {
		r.Use(s.ownHost, s.crossOrigin, s.limit)
		r.NotFound(s.handle(s.noPage))
		r.MethodNotAllowed(s.handle(s.noMethod))
		both := func(pattern string, h handler) {
			r.Get(pattern, s.handle(h))
			r.Head(pattern, s.handle(h))
		}
		both("/", s.showHome)
		both("/onderzoek/{study}/", s.showStudy)
		both("/onderzoek/{study}/privacy", s.showPrivacy)
		both("/onderzoek/{study}/vragenlijst/{audience}", s.showBlank)
		both("/toegankelijkheid", s.showAccessibility)
		both("/.well-known/security.txt", s.showSecurityText)
		both("/static/*", s.showStatic)
		both("/favicon.ico", s.showStatic)

		both("/v/{token}", s.showLanding)
		both("/v/{token}/", s.showLanding)
		r.Post("/v/{token}", s.handle(s.enter))
		both("/v/{token}/niet-meedoen", s.showDecline(s.declining))
		r.Post("/v/{token}/niet-meedoen", s.handle(s.decline(s.declining)))
		r.Post("/v/{token}/kernvragen", s.handle(s.enterCore))
		both("/v/{token}/antwoord-van-ander", s.showAnswering)
		r.Post("/v/{token}/antwoord-van-ander", s.handle(s.decideAnswering))
		both("/code", s.showCode)
		r.Post("/code", s.handle(s.useCode))

		both(unsubscribePattern, s.showUnsubscribe)
		r.Post(unsubscribePattern, s.handle(s.unsubscribe))
		both("/afmelden/{token}/niet-meedoen", s.showDecline(s.decliningMailed))
		r.Post("/afmelden/{token}/niet-meedoen", s.handle(s.decline(s.decliningMailed)))

		both("/vragenlijst/{response}/", s.showSections)
		r.Post("/vragenlijst/{response}/", s.handle(s.goOn))
		both("/vragenlijst/{response}/controleren", s.showReview)
		r.Post("/vragenlijst/{response}/controleren", s.handle(s.submit))
		both("/vragenlijst/{response}/ontvangst", s.showReceipt)
		both("/vragenlijst/{response}/antwoorden", s.showAnswers)
		both("/vragenlijst/{response}/antwoorden.pdf", s.downloadAnswers)
		r.Post("/vragenlijst/{response}/wijzigen", s.handle(s.reopen))
		r.Post("/vragenlijst/{response}/alle-vragen", s.handle(s.allQuestions))
		both("/vragenlijst/{response}/doorsturen", s.showForward)
		r.Post("/vragenlijst/{response}/doorsturen", s.handle(s.forward))
		both("/vragenlijst/{response}/ook-voor", s.showAlso)
		r.Post("/vragenlijst/{response}/ook-voor", s.handle(s.also))
		both("/vragenlijst/{response}/{page}", s.showPage)
		r.Post("/vragenlijst/{response}/{page}", s.handle(s.savePage))

		both("/inloggen", s.showLogin)
		both("/inloggen/{token}", s.showLoginLink)
		r.Post("/inloggen/{token}", s.handle(s.login))
		r.Post("/uitloggen", s.handle(s.logout))

		both("/beheer", s.staff(s.showStudies))
		both("/beheer/", s.staff(s.showStudies))
		both("/beheer/{study}", s.staff(s.showToday))
		both("/beheer/{study}/", s.staff(s.showToday))
		both("/beheer/{study}/stuurgroep", s.staff(s.showBoard))
		both("/beheer/{study}/verantwoording", s.staff(s.showAccount))
		both("/beheer/{study}/verantwoording/gewichten-{audience}.csv", s.staff(s.downloadWeights))
		both("/beheer/{study}/eenheden", s.staff(may(account.SeeUnits, s.showUnits)))
		both("/beheer/{study}/eenheden.csv", s.staff(may(account.SeeUnits, s.downloadUnits)))
		both("/beheer/{study}/eenheden/{audience}/{code}", s.staff(may(account.SeeUnits, s.showUnit)))
		r.Post("/beheer/{study}/eenheden/{audience}/{code}/link", s.handle(s.staff(s.makeLink)))
		r.Post("/beheer/{study}/eenheden/{audience}/{code}/code", s.handle(s.staff(s.makeCode)))
		s.fieldwork(r)
		both("/beheer/{study}/post", s.staff(may(account.ReadMail, s.showPost)))
		r.Post("/beheer/{study}/post/{id}", s.handle(s.staff(may(account.ReadMail, s.handlePost))))
		both("/beheer/{study}/plan", s.staff(may(account.SeePlan, s.showPlan)))
		both("/beheer/{study}/plan/proef", s.staff(may(account.SeePlan, s.showDryRun)))
		both("/beheer/{study}/plan/proef.csv", s.staff(may(account.SeePlan, s.downloadDryRun)))
		both("/beheer/{study}/plan/voorbeelden", s.staff(may(account.SeeContacts, s.showPreviews)))
		both("/beheer/{study}/plan/voorbeeld/{unit}", s.staff(may(account.SeeContacts, s.showPreviewHTML)))
		r.Post("/beheer/{study}/plan/vrijgeven", s.handle(s.staff(may(account.EditPlan, s.release))))
		r.Post("/beheer/{study}/plan/stop", s.handle(s.staff(may(account.EditPlan, s.stopSending))))
		r.Post("/beheer/{study}/plan/hervat", s.handle(s.staff(may(account.EditPlan, s.resumeSending))))
		r.Post("/beheer/{study}/plan/tempo", s.handle(s.staff(may(account.EditPlan, s.setRate))))
		r.Post("/beheer/{study}/plan/nu-versturen", s.handle(s.staff(may(account.EditPlan, s.sendLate))))
		r.Post("/beheer/{study}/plan/onzeker/{id}", s.handle(s.staff(may(account.Fieldwork, s.decideUnsure))))
		both("/beheer/{study}/tabellen", s.staff(may(account.SeeTables, s.showBook)))
		both("/beheer/{study}/tabellen/{audience:[a-z0-9_-]+}", s.staff(may(account.SeeTables, s.showBook)))
		both("/beheer/{study}/tabellen/{audience:[a-z0-9_-]+\\.[a-z]+}", s.staff(may(account.SeeTables, s.downloadBook)))
		both("/beheer/{study}/gegevens", s.staff(may(account.SeeData, s.showData)))
		r.Post("/beheer/{study}/gegevens", s.handle(s.staff(may(account.SeeData, s.downloadData))))
		both("/beheer/{study}/codeboek/{audience:[a-z0-9_-]+}", s.staff(may(account.SeeTables, s.showCodebook)))
		both("/beheer/{study}/codeboek/{audience:[a-z0-9_-]+}.pdf", s.staff(may(account.SeeTables, s.downloadCodebook)))
		both("/beheer/{study}/brieven", s.staff(may(account.SeePlan, s.showLetters)))
		r.Post("/beheer/{study}/brieven", s.handle(s.staff(may(account.Fieldwork, s.makeBatch))))
		both("/beheer/{study}/brieven/{id}", s.staff(may(account.SeePlan, s.showBatch)))
		r.Post("/beheer/{study}/brieven/{id}/bestand", s.handle(s.staff(may(account.Fieldwork, s.fileBatch))))
		r.Post("/beheer/{study}/brieven/{id}/verstuurd", s.handle(s.staff(may(account.Fieldwork, s.postBatch))))
		r.Post("/beheer/{study}/brieven/{id}/opheffen", s.handle(s.staff(may(account.Fieldwork, s.dropBatch))))
		both("/beheer/*", s.staff(s.noStaffPage))

		both("/postvak", s.inbox(s.showInbox))
		both("/postvak/", s.inbox(s.showInbox))
		both("/postvak/{id}", s.inbox(s.showInboxMail))
		both("/postvak/{id}.eml", s.inbox(s.downloadInboxMail))
		both("/postvak/{id}/html", s.inbox(s.showInboxHTML))

		if s.Gallery {
			both("/galerij/", s.showGallery)
			both("/galerij/{id}", s.showExample)
		}
	})
	return r
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
