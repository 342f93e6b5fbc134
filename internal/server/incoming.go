package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// postPage is how many mails one page has.
const postPage = 25

// showPost lists the mail that came in for a study.
func (s *Server) showPost(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	from, err := strconv.Atoi(q.Get("vanaf"))
	if err != nil || from < 0 || from > 1<<20 {
		from = 0
	}
	p := page.Post{Staff: s.staffFrame(a, st, "berichten"), Handled: q.Get("klaar") == "1", From: from + 1}
	list, n, err := s.store.Arrivals(r.Context(), st.ID, p.Handled, from, postPage)
	if err != nil {
		return err
	}
	_, other, err := s.store.Arrivals(r.Context(), st.ID, !p.Handled, 0, 0)
	if err != nil {
		return err
	}
	if p.Open, p.Done = n, other; p.Handled {
		p.Open, p.Done = other, n
	}
	for _, m := range list {
		p.Arrivals = append(p.Arrivals, postArrival(p.Base, m))
	}
	p.To = from + len(list)
	at := func(n int) string {
		next := url.Values{"vanaf": {strconv.Itoa(n)}}
		if p.Handled {
			next.Set("klaar", "1")
		}
		return p.Base + page.PostPath + "?" + next.Encode()
	}
	if from > 0 {
		p.Prev = at(max(from-postPage, 0))
	}
	if p.To < n {
		p.Next = at(p.To)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// postArrival says what a mail is in words.
func postArrival(base string, m store.Arrival) page.Arrival {
	out := page.Arrival{ID: m.ID, Received: m.Received, Contact: m.Contact, Sender: m.Sender, Subject: m.Subject, Text: m.Text, Effect: m.Effect, Unclear: m.Warnings > 0,
		Handled: m.Handled, By: m.By, Unit: unitLink(base, m.Audience, m.UnitCode, m.UnitName), Guess: unitLink(base, m.GuessAudience, m.GuessCode, m.GuessName)}
	switch m.Kind {
	case mail.Report:
		out.Kind, out.Shape = reportWords(m)
		out.Machine = true
	case mail.Unsubscribe:
		out.Kind = "Afgemeld"
	case mail.AutoReply:
		out.Kind = "Automatisch antwoord"
	default:
		out.Kind, out.Shape = "Antwoord", "busy"
		from := strings.TrimSuffix(m.Sender[strings.LastIndex(m.Sender, "<")+1:], ">")
		if mail.CheckAddress(from) == nil {
			out.ReplyTo = from
		}
	}
	return out
}

func reportWords(m store.Arrival) (kind, shape string) {
	switch {
	case m.Refusal():
		return "Geweigerd", "stop"
	case m.Bounce == string(mail.Delivered):
		return "Bezorgd", "done"
	case m.Bounce == string(mail.Delayed):
		return "Vertraagd", ""
	}
	return "Niet bezorgd", "warn"
}

func unitLink(base, audience, code, name string) page.Link {
	if code == "" {
		return page.Link{}
	}
	return page.Link{Path: base + page.UnitsPath + "/" + audience + "/" + url.PathEscape(code), Text: strings.TrimSpace(code + " " + name)}
}

// handlePost marks a mail as handled, or takes that back.
func (s *Server) handlePost(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return errs.Errorf(errs.NotFound, "Deze mail is er niet.")
	}
	handled := r.PostForm.Get("actie") != "open"
	if err := s.store.HandleArrival(r.Context(), st.ID, id, handled, store.Actor{Kind: event.ByStaff, ID: a.ID}, s.Now()); err != nil {
		return err
	}
	back := "/beheer/" + st.Slug + page.PostPath
	if !handled {
		back += "?klaar=1"
	}
	return redirect(w, r, back)
}
