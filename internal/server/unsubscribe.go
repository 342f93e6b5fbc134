package server

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// unsubscribePattern is where a mail program posts to when somebody presses its
// own button to unsubscribe (RFC 8058): without cookie, from anywhere.
const unsubscribePattern = "/afmelden/{token}"

var unsubscribePath = regexp.MustCompile(`^/afmelden/[^/]+$`)

// mailed returns the message that an unsubscribe link belongs to, and the path of
// the link as it was made.
func (s *Server) mailed(r *http.Request) (store.Mailed, string, error) {
	typed := chi.URLParam(r, "token")
	if plain, err := url.PathUnescape(typed); err == nil {
		typed = plain
	}
	id, clean, err := s.Keys.ParseUnsubscribeToken(typed)
	if err != nil {
		return store.Mailed{}, "", err
	}
	m, err := s.store.Mailed(r.Context(), id)
	return m, "/afmelden/" + clean, err
}

// showUnsubscribe shows how to end mail. It changes nothing (standards M2).
func (s *Server) showUnsubscribe(w http.ResponseWriter, r *http.Request) error {
	m, path, err := s.mailed(r)
	if err != nil {
		return err
	}
	if r.URL.Path != path {
		return redirect(w, r, path)
	}
	return s.render(w, r, http.StatusOK, s.unsubscribePage(m, path).View())
}

func (s *Server) unsubscribePage(m store.Mailed, path string) page.Unsubscribe {
	p := page.Unsubscribe{Frame: frame(m.Study), Path: path, Address: m.Address, Refused: m.Refused, Choices: []page.Choice{{Value: page.NoMail, Label: "Ik wil geen e-mail meer"}}}
	p.Frame.Unit = unitTitle(m.Audience, m.UnitCode, m.UnitName)
	if m.OptedOut {
		p.State = page.UnsubscribeDone
	}
	if s.declinable(m) {
		p.Decline = path + "/niet-meedoen"
		p.Choices = append(p.Choices, page.Choice{Value: page.NoTakingPart, Label: "Wij doen niet mee aan dit onderzoek"})
	}
	return p
}

// declinable reports whether it has any use to say that a unit does not take part.
func (s *Server) declinable(m store.Mailed) bool {
	phase := m.Study.At(s.Now())
	return !m.Answered && (phase == study.Open || phase == study.NotYet)
}

// unsubscribe ends mail to an address: at once for a mail program, and for a
// person after a choice and a second press, because scanners of mail press the
// first button of a page.
func (s *Server) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseMultipartForm(1 << 16); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return errs.Wrap(err, errs.Invalid, "Dit formulier kunnen wij niet lezen. Ga terug en probeer het opnieuw.")
	}
	m, path, err := s.mailed(r)
	if err != nil {
		return err
	}
	p := s.unsubscribePage(m, path)
	choice := r.PostForm.Get("keuze")
	switch act := r.PostForm.Get("actie"); {
	case r.PostForm.Get("List-Unsubscribe") == "One-Click":
		if err := s.store.OptOut(r.Context(), store.MailID(m.ID), "mail", s.Now()); err != nil {
			return err
		}
		p.State = page.UnsubscribeDone
	case act == "bevestig" && choice == page.NoMail:
		if err := s.store.OptOut(r.Context(), store.MailID(m.ID), "web", s.Now()); err != nil {
			return err
		}
		return redirect(w, r, path)
	case act == "bevestig-toch":
		if err := s.store.OptIn(r.Context(), store.MailID(m.ID), s.Now()); err != nil {
			return err
		}
		return redirect(w, r, path)
	case act == "toch":
		p.State = page.UnsubscribeBack
	case choice == page.NoMail:
		p.State = page.UnsubscribeConfirm
	case choice == page.NoTakingPart && p.Decline != "":
		return redirect(w, r, p.Decline)
	default:
		p.State, p.Problem = page.UnsubscribeAsk, "Kies wat u wilt."
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// decliningMailed is declining for who comes from an unsubscribe link.
func (s *Server) decliningMailed(r *http.Request) (store.Link, page.Decline, error) {
	m, path, err := s.mailed(r)
	if err != nil {
		return store.Link{}, page.Decline{}, err
	}
	if !s.declinable(m) {
		return store.Link{}, page.Decline{}, errs.Errorf(errs.Gone, "Met deze link kunt u zich niet (meer) afmelden.")
	}
	p := page.Decline{Frame: frame(m.Study), Link: path, Back: "Terug", Closes: m.Study.Closes, Reasons: declineReasons()}
	p.Frame.Unit = unitTitle(m.Audience, m.UnitCode, m.UnitName)
	return store.Link{Unit: m.Unit, Contact: m.Contact, Study: m.Study}, p, nil
}

func declineReasons() []page.Choice {
	var out []page.Choice
	for _, reason := range event.Reasons {
		out = append(out, page.Choice{Value: reason.ID, Label: reason.Label})
	}
	return out
}
