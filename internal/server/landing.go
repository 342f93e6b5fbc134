package server

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

var token = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)

// tailed is a token with something behind it that can be no part of one: a full
// stop, a bracket, a line break.
var tailed = regexp.MustCompile(`^([A-Za-z0-9_-]{22})[^A-Za-z0-9_-]`)

// linkLimit bounds wrong links per origin. A link that works is never refused.
var linkLimit = store.Limit{Kind: "link", Max: 60, Window: 10 * time.Minute}

// showLanding shows what a personal link leads to. It changes nothing: mail
// scanners open it before people do (standards K11).
func (s *Server) showLanding(w http.ResponseWriter, r *http.Request) error {
	typed := chi.URLParam(r, "token")
	if clean, ok := canonical(typed); ok && r.URL.Path != "/v/"+clean {
		return redirect(w, r, "/v/"+clean)
	}
	l, err := s.linkByToken(r, typed)
	if err != nil {
		return err
	}
	p, err := s.landing(r, l)
	if err != nil {
		return err
	}
	status := http.StatusOK
	switch p.State {
	case page.LinkClosed, page.LinkReplaced:
		status = http.StatusGone
	}
	return s.render(w, r, status, p.View())
}

// canonical brings the end of a link into the form in which it was made: without
// the full stop that a mail program took along (standards K15), and a letter
// code however it was typed (K16). ok is false for what cannot be a link.
func canonical(typed string) (clean string, ok bool) {
	if plain, err := url.PathUnescape(typed); err == nil {
		typed = plain // the router leaves some escapes as they are
	}
	if token.MatchString(typed) {
		return typed, true
	}
	if m := tailed.FindStringSubmatch(typed); m != nil {
		return m[1], true
	}
	clean, ok, _ = store.NormalCode(strings.TrimRight(typed, ".,;:)]}>'\"!? \r\n"))
	return clean, ok
}

// enter exchanges a link for a session (standards K12): the token leaves the
// address, and nothing starts before the first answer is saved.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) error {
	l, err := s.linkByToken(r, chi.URLParam(r, "token"))
	if err != nil {
		return err
	}
	p, err := s.landing(r, l)
	if err != nil {
		return err
	}
	switch p.State {
	case page.LinkNotYet:
		return s.render(w, r, http.StatusForbidden, p.View())
	case page.LinkPaused:
		return s.render(w, r, http.StatusServiceUnavailable, p.View())
	case page.LinkClosed, page.LinkReplaced:
		return s.render(w, r, http.StatusGone, p.View())
	}
	f, err := s.form(r.Context(), l.Study.ID, l.Audience)
	if err != nil {
		return err
	}
	session, key, err := s.store.Enter(r.Context(), l, f.In.Edition, s.cookie(r, respondentCookie), s.Now())
	if err != nil {
		return err
	}
	s.setCookie(w, respondentCookie, session)
	q, err := s.granted(r, session, key)
	if err != nil {
		return err
	}
	if !q.Draft() {
		return redirect(w, r, q.base()+"antwoorden")
	}
	if q.Core && q.Started.IsZero() { // a mail scanner may have pressed that button (standards K12)
		if err := s.store.SetCore(r.Context(), key, false, s.Now()); err != nil {
			return err
		}
		if q, err = s.granted(r, session, key); err != nil {
			return err
		}
	}
	return redirect(w, r, q.next())
}

// linkByToken looks a token up. A wrong one is counted for its origin.
func (s *Server) linkByToken(r *http.Request, typed string) (store.Link, error) {
	var l store.Link
	err := errs.Errorf(errs.NotFound, "Deze link klopt niet. Kijk of u hem helemaal hebt overgenomen, of vraag een nieuwe link aan.")
	if clean, ok := canonical(typed); ok {
		l, err = s.store.LinkByToken(r.Context(), clean)
	}
	if errs.KindOf(err) != errs.NotFound {
		return l, err
	}
	return l, s.countFailure(r, linkLimit, err)
}

// countFailure counts a failed attempt and returns err, or TooMany where the
// origin fails too often.
func (s *Server) countFailure(r *http.Request, limit store.Limit, err error) error {
	now, origin := s.Now(), s.origin(r)
	blocked, e := s.store.Blocked(r.Context(), limit, origin, now)
	if e != nil {
		return e
	}
	if blocked {
		return errs.Errorf(errs.TooMany, "Er waren te veel verkeerde pogingen vanaf uw netwerk. Wacht tien minuten en probeer het opnieuw. Een goede link blijft werken.")
	}
	if e := s.store.Failed(r.Context(), limit, origin, now); e != nil {
		return e
	}
	return err
}

func (s *Server) landing(r *http.Request, l store.Link) (page.Landing, error) {
	p := page.Landing{Path: "/v/" + chi.URLParam(r, "token"), State: s.linkState(l), Opens: l.Study.Opens, Closes: l.Study.Closes, Started: !l.Started.IsZero(), Receipt: l.Receipt, Sent: l.Sent}
	f, err := s.form(r.Context(), l.Study.ID, l.Audience)
	if err != nil {
		return p, err
	}
	p.Frame = frame(l.Study)
	if p.State == page.LinkReplaced {
		return p, nil // who holds an old link learns nothing of the unit
	}
	p.Frame.Unit = unitTitle(l.Audience, l.UnitCode, l.UnitName)
	p.Respondent = f.In.Respondent
	p.Heading = l.Study.Settings.Question
	if p.Heading == "" {
		p.Heading = l.Study.Title
	}
	p.Lede = "Uw antwoord telt: niemand anders kan vertellen hoe het bij u gaat."
	p.Facts = facts(l.Study, f.In.Minutes)
	p.Facts.BlankFormPath = "/onderzoek/" + l.Study.Slug + "/vragenlijst/" + l.Audience
	if p.State != page.LinkOpen && p.State != page.LinkNotYet {
		return p, nil
	}
	if p.Declined, err = s.store.Refused(r.Context(), l.Unit); err != nil {
		return p, err
	}
	claims, err := s.store.ClaimsOn(r.Context(), l.Unit)
	for _, c := range claims {
		p.AnsweredBy = append(p.AnsweredBy, page.AnsweredBy{By: unitTitle(l.Audience, c.Code, c.Name), Confirmed: c.Confirmed})
	}
	return p, err
}

// linkState says what a link can do now. The own copy can be opened for a
// month after sending, also when the study closed meanwhile (standards K17).
func (s *Server) linkState(l store.Link) page.LinkState {
	now := s.Now()
	phase := l.Study.At(now)
	switch {
	case !l.Revoked.IsZero():
		return page.LinkReplaced
	case phase == study.NotYet:
		return page.LinkNotYet
	case phase == study.Paused && l.Sent.IsZero():
		return page.LinkPaused
	case !l.Sent.IsZero() && now.Before(l.Sent.AddDate(0, 0, study.CopyDays)):
		return page.LinkSent
	case phase == study.Closed || phase == study.Closing || !l.Sent.IsZero():
		return page.LinkClosed
	}
	return page.LinkOpen
}
