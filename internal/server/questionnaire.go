package server

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// A questionnaire is the response that a request is about, with its form and
// who fills it in.
type questionnaire struct {
	store.Response
	form    *form.Form // what is asked: the whole questionnaire, or the core questions
	full    *form.Form // the whole questionnaire
	contact int64
	taker   *taker // who fills it in on behalf of the unit, nil for the unit itself
	now     time.Time
}

func (q *questionnaire) base() string {
	if q.taker != nil {
		return q.taker.base
	}
	return "/vragenlijst/" + q.Key + "/"
}

func (q *questionnaire) by() store.Actor {
	if q.taker != nil {
		return staffActor(q.taker.account)
	}
	return store.Actor{Kind: event.ByRespondent, ID: q.contact}
}

// mode is how what is posted now comes in.
func (q *questionnaire) mode() answer.Mode {
	if q.taker != nil {
		return q.taker.mode
	}
	return q.Mode
}

// next is where going on leads: the first page not passed, or the overview of
// all answers.
func (q *questionnaire) next() string {
	if p := q.form.FirstOpen(q.Values, q.Passed); p != nil {
		return q.base() + p.ID
	}
	return q.base() + "controleren"
}

func (q *questionnaire) frame() page.Frame {
	f := frame(q.Study)
	f.Now = q.now
	f.Unit = unitTitle(q.Audience, q.UnitCode, q.UnitName)
	if q.taker != nil {
		f.Taking = page.Taking{Back: q.taker.unitPath, Paper: q.taker.mode == answer.Paper, Name: q.taker.account.Handle()}
	}
	return f
}

// granted returns the response with the given key if the session may see it.
func (s *Server) granted(r *http.Request, session, key string) (*questionnaire, error) {
	resp, contact, err := s.store.Granted(r.Context(), session, key, s.Now())
	if err != nil {
		return nil, err
	}
	return s.asked(r, resp, contact)
}

// asked puts a response with what it asks.
func (s *Server) asked(r *http.Request, resp store.Response, contact int64) (*questionnaire, error) {
	f, err := s.form(r.Context(), resp.Study.ID, resp.Audience)
	if err != nil {
		return nil, err
	}
	q := &questionnaire{Response: resp, form: f, full: f, contact: contact, now: s.Now()}
	if resp.Core {
		q.form = form.NewCore(f.In)
	}
	return q, nil
}

// open checks the session against the id in the request's own path, so that two
// questionnaires in one browser never mix.
func (s *Server) open(r *http.Request) (*questionnaire, error) {
	if t := takerOf(r); t != nil {
		return s.taken(r, t)
	}
	key := chi.URLParam(r, "response")
	if !token.MatchString(key) {
		return nil, errs.Errorf(errs.NotFound, "Kijk of het adres klopt.")
	}
	return s.granted(r, s.cookie(r, respondentCookie), key)
}

// showSections shows the list of sections.
func (s *Server) showSections(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r)
	if err != nil {
		return s.expired(w, r, err)
	}
	if !q.Draft() {
		return redirect(w, r, q.base()+"ontvangst")
	}
	p := page.Sections{Frame: q.frame(), Base: q.base(), Parts: q.form.Parts(q.Values, q.Passed), Closes: q.Study.Closes, Saved: q.Saved, Later: r.URL.Query().Has("later"), Core: q.Core}
	if next := q.form.FirstOpen(q.Values, q.Passed); next != nil {
		p.Next = q.form.In.Sections[next.Section].Title
	}
	if p.Notes, err = s.notes(r, q, p.Parts); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// goOn leads from the list of sections to the first page not yet answered.
func (s *Server) goOn(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r)
	if err != nil {
		return s.expired(w, r, err)
	}
	return redirect(w, r, q.next())
}

// showPage shows one page with what was answered.
func (s *Server) showPage(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r)
	if err != nil {
		return s.expired(w, r, err)
	}
	p := q.form.Page(chi.URLParam(r, "page"))
	switch {
	case p == nil:
		return errs.Errorf(errs.NotFound, "Kijk of het adres klopt.")
	case !q.Draft():
		return redirect(w, r, q.base()+"ontvangst")
	case !q.form.Shows(p, q.Values):
		return redirect(w, r, q.base())
	}
	repeats, _ := strconv.Atoi(r.URL.Query().Get("herhalingen")) // anything else shows one
	return s.renderPage(w, r, q, http.StatusOK, q.form.View(p, q.Values, nil, nil, min(repeats, instrument.MaxRepeats)))
}

func (s *Server) renderPage(w http.ResponseWriter, r *http.Request, q *questionnaire, status int, v form.View) error {
	before, _ := q.form.Neighbours(q.form.Page(v.ID), q.Values)
	p := page.Question{Frame: q.frame(), Base: q.base(), Form: v, First: before == nil, Version: q.Version, Request: store.NewToken(), Saved: q.Saved,
		Closing: q.Study.At(s.Now()) == study.Closing, Idle: store.SessionIdle}
	return s.render(w, r, status, p.View())
}

// savePage saves one posted page and goes where its button leads.
func (s *Server) savePage(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	q, err := s.open(r)
	if err != nil && r.Header.Get(autosaveHeader) != "" {
		return s.autosaveFailed(w, r, err)
	}
	if err != nil {
		return s.expired(w, r, err)
	}
	p := q.form.Page(chi.URLParam(r, "page"))
	if p == nil {
		return errs.Errorf(errs.NotFound, "Kijk of het adres klopt.")
	}
	action, extra := button(r.PostForm, "actie"), button(r.PostForm, "extra")
	if action == "" && extra == "" {
		action = "volgende" // Enter in a browser that names no button
	}
	fields := resolve(p, q.Values, r.PostForm)
	post := q.form.Read(p, fields)
	if r.Header.Get(autosaveHeader) != "" {
		return s.autosave(w, r, q, p, post)
	}
	form.Extra(p, &post, extra)
	if len(post.Problems) > 0 {
		return s.renderPage(w, r, q, http.StatusUnprocessableEntity, q.form.View(p, overlay(q.Values, post.Values), post.Problems, nil, 1))
	}
	in := store.Save{Response: q.Key, Form: q.full, Page: p, Posted: post.Values, Rendered: rendered(r.PostForm), Rendering: rendering(r.PostForm), Request: saveID(r.PostForm, p.ID, post.Values),
		Seen: extra == "", Action: action + extra, Mode: q.mode(), By: q.by(), Now: s.Now()}
	var prompts []form.Problem
	if action == "volgende" {
		prompts = q.form.Prompts(p, q.Values, preview(p, q.Values, post.Values))
		in.Pass = len(prompts) == 0
	}
	saved, err := s.store.SavePage(r.Context(), in)
	if err != nil {
		return s.notSaved(w, r, err)
	}
	q.Response = saved.Response
	switch {
	case len(saved.Conflicts) > 0:
		return s.renderConflict(w, r, q, p, saved)
	case len(prompts) > 0:
		return s.renderPage(w, r, q, http.StatusOK, q.form.View(p, q.Values, nil, prompts, 1))
	}
	return redirect(w, r, s.after(r, q, p, action, extra))
}

// preview is what the answers will be once this page is saved as posted.
func preview(p *instrument.Page, stored, posted answer.Values) answer.Values {
	values := overlay(stored, posted)
	answer.Apply(values, answer.Seen(p.Items, values))
	return values
}

// overlay is the stored answers with what was posted in their place. The other
// pages are needed too: they decide which questions there are.
func overlay(stored, posted answer.Values) answer.Values {
	values := stored.Clone()
	for name, value := range posted {
		values.Set(name, value)
	}
	return values
}

// after says where a saved page leads.
func (s *Server) after(r *http.Request, q *questionnaire, p *instrument.Page, action, extra string) string {
	before, next := q.form.Neighbours(p, q.Values)
	switch {
	case extra == "voeg_toe":
		return q.base() + p.ID + "?herhalingen=" + strconv.Itoa(form.RepeatCount(p, q.Values)+1) + "#" + p.ID + "_" + strconv.Itoa(form.RepeatCount(p, q.Values)+1)
	case extra != "":
		return q.base() + p.ID
	case action == "vorige" && before != nil:
		return q.base() + before.ID
	case action == "vorige":
		return q.base()
	case action == "later":
		return q.base() + "?later"
	case r.URL.Query().Has("controleren"): // came from the overview of all answers, goes back to it
		return q.base() + "controleren#" + url.PathEscape(p.Question.ID)
	case next != nil:
		return q.base() + next.ID
	}
	return q.base() + "controleren"
}

var buttonPattern = regexp.MustCompile(`^[a-z_]{1,20}(:[A-Za-z0-9_]{1,64})?$`)

// button reads which button was pressed; what no page has is no button.
func button(post url.Values, name string) string {
	if value := post.Get(name); buttonPattern.MatchString(value) {
		return value
	}
	return ""
}

// rendered reads the version of the answers that the page showed.
func rendered(post url.Values) int {
	n, err := strconv.Atoi(post.Get("versie"))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

var requestPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// rendering is the id that the page was rendered with, "" for a form without.
func rendering(post url.Values) string {
	if id := post.Get("verzoek"); requestPattern.MatchString(id) {
		return id
	}
	return ""
}

// saveID makes the id of a save from the id of the page and what was posted:
// posting the same again is a repeat, going back and posting something else is
// not.
func saveID(post url.Values, pageID string, values answer.Values) string {
	id := rendering(post)
	if id == "" {
		return store.NewToken()
	}
	h := sha256.New()
	for _, part := range []string{id, pageID, post.Get("actie"), post.Get("extra")} {
		h.Write([]byte(part + "\x00"))
	}
	for _, name := range sortedKeys(values) {
		h.Write([]byte(name + "\x00" + values[name] + "\x00"))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// notSaved keeps what was typed where the answers cannot change any more.
func (s *Server) notSaved(w http.ResponseWriter, r *http.Request, err error) error {
	switch errs.KindOf(err) {
	case errs.Gone, errs.Conflict, errs.Forbidden:
		p := page.Retry{Action: r.URL.RequestURI(), Title: "Uw wijziging is niet opgeslagen", Text: []string{errs.Public(err)}, Fields: posted(r), Help: true}
		return s.render(w, r, statusOf[errs.KindOf(err)], p.View())
	}
	return err
}

// expired shows what to do when the session ended. What was posted is kept in
// the page: open the link again in another tab, come back, and post it again.
func (s *Server) expired(w http.ResponseWriter, r *http.Request, err error) error {
	if errs.KindOf(err) != errs.NotFound || r.Method != http.MethodPost || len(r.PostForm) == 0 {
		return err
	}
	p := page.Retry{Action: r.URL.RequestURI(), Title: "Uw sessie is verlopen", Refresh: http.StatusForbidden, Help: true, Button: "Sla mijn antwoorden op", Fields: posted(r),
		Text: []string{"Wat u invulde, staat nog in deze pagina. Sluit hem niet.",
			"Open in een ander tabblad de link uit uw e-mail of brief, en druk daar op Start.",
			"Kom dan terug naar dit tabblad en druk op de knop hieronder."}}
	return s.render(w, r, http.StatusForbidden, p.View())
}

// resolve turns the choices of the conflict page into the fields of the page it
// is about: my version, the other one, or both texts under each other.
func resolve(p *instrument.Page, stored answer.Values, post url.Values) url.Values {
	fields := url.Values{}
	chosen := false
	for name := range post {
		chosen = chosen || strings.HasPrefix(name, "keuze_")
	}
	if !chosen {
		return post
	}
	for _, v := range p.Variables() {
		fields.Set(v.Name, stored[v.Name])
	}
	for i := range p.Items {
		for _, v := range p.Items[i].Variables {
			choice := post.Get("keuze_" + p.Items[i].ID())
			if own := post.Get("keuze_" + v.Name); own != "" {
				choice = own
			}
			mine, has := post["mijn_"+v.Name]
			switch {
			case !has:
			case choice == "mijn":
				fields[v.Name] = slices.Clone(mine)
			case choice == "beide" && v.Type == instrument.TextType:
				fields.Set(v.Name, stored[v.Name]+"\r\n\r\n"+strings.Join(mine, "\n"))
			}
		}
	}
	return fields
}

// renderConflict shows both versions of what two people changed.
func (s *Server) renderConflict(w http.ResponseWriter, r *http.Request, q *questionnaire, p *instrument.Page, saved store.Saved) error {
	v := page.Conflict{Frame: q.frame(), Base: q.base(), Page: p.ID, Section: q.form.In.Sections[p.Section].Title, Version: q.Version, Request: store.NewToken()}
	for _, c := range saved.Conflicts {
		v.Items = append(v.Items, conflictItem(p, c, saved))
	}
	return s.render(w, r, http.StatusConflict, v.View())
}

func conflictItem(p *instrument.Page, c answer.Conflict, saved store.Saved) page.ConflictItem {
	item := page.ConflictItem{ID: c.Variables[0], When: saved.Others, Order: c.Variables, Posted: map[string]string{}}
	for _, v := range c.Variables {
		item.Posted[v] = c.Mine[v]
	}
	for i := range p.Items {
		it := p.Items[i]
		at := slices.IndexFunc(it.Variables, func(v instrument.Variable) bool { return v.Name == c.Variables[0] })
		if at < 0 {
			continue
		}
		item.Text = p.Question.Text
		if it.Row != nil {
			item.Text = it.Row.Label
		}
		item.Both = len(c.Variables) == 1 && it.Variables[at].Type == instrument.TextType
		if len(c.Variables) > 1 {
			item.ID = it.ID()
		} else {
			it.Variables = it.Variables[at : at+1]
			if item.Both && (it.Row != nil || len(p.Items[i].Variables) > 1) {
				item.Text += " – " + it.Variables[0].Label
			}
		}
		item.Mine, item.Theirs = form.Words(&it, c.Mine), form.Words(&it, c.Theirs)
	}
	return item
}
