package server

import (
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// inbox lets those in who may read the built-in inbox (DESIGN 6): who sits at
// this machine, and staff. For everybody else, and where mail really goes out,
// it is not there.
func (s *Server) inbox(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !s.Inbox {
			return s.noPage(w, r)
		}
		if direct(r) {
			return h(w, r)
		}
		session := s.cookie(r, staffCookie)
		if !token.MatchString(session) {
			return s.noPage(w, r)
		}
		if _, _, err := s.store.StaffSession(r.Context(), session, "", s.Now()); errs.KindOf(err) == errs.NotFound {
			return s.noPage(w, r)
		} else if err != nil {
			return err
		}
		return h(w, r)
	}
}

// direct reports whether a request comes from this machine itself and was not
// passed on by a proxy that stands on it.
func direct(r *http.Request) bool {
	for name := range r.Header {
		switch {
		case strings.HasPrefix(name, "X-Forwarded"), name == "Forwarded", name == "X-Real-Ip", name == "Via":
			return false
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && peer.Addr().Unmap().IsLoopback()
}

// inboxPage is how many mails one page of the inbox has.
const inboxPage = 50

// showInbox lists what the built-in inbox holds.
func (s *Server) showInbox(w http.ResponseWriter, r *http.Request) error {
	from, err := strconv.Atoi(r.URL.Query().Get("vanaf"))
	if err != nil || from < 0 || from > 1<<20 {
		from = 0
	}
	search := strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(r.URL.Query().Get("zoek"), "\x00", ""), ""))
	mails, n, err := s.store.Inbox(r.Context(), search, from, inboxPage)
	if err != nil {
		return err
	}
	p := page.Postvak{Search: search, N: n, From: from + 1, To: from + len(mails)}
	at := func(n int) string {
		next := url.Values{"vanaf": {strconv.Itoa(n)}}
		if search != "" {
			next.Set("zoek", search)
		}
		return page.InboxPath + "?" + next.Encode()
	}
	if from > 0 {
		p.Prev = at(max(from-inboxPage, 0))
	}
	if p.To < n {
		p.Next = at(p.To)
	}
	for _, m := range mails {
		p.Mails = append(p.Mails, page.PostvakMail{Path: inboxPath(m, ""), Received: m.Received, To: strings.Join(m.To, ", "), Subject: m.Subject})
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func inboxPath(m store.InboxMail, ending string) string {
	return page.InboxPath + "/" + strconv.FormatInt(m.ID, 10) + ending
}

func (s *Server) inboxMail(r *http.Request) (store.InboxMail, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return store.InboxMail{}, errs.Errorf(errs.NotFound, "Deze mail is er niet (meer).")
	}
	return s.store.InboxMail(r.Context(), id)
}

// showInboxMail shows one mail.
func (s *Server) showInboxMail(w http.ResponseWriter, r *http.Request) error {
	m, err := s.inboxMail(r)
	if err != nil {
		return err
	}
	shown := mail.Show(m.Data)
	p := page.PostvakItem{Received: m.Received, From: shown.From, To: shown.To, ReturnPath: m.From, Recipients: strings.Join(m.To, ", "),
		Subject: shown.Subject, Text: shown.Text, Header: shown.Header, SourcePath: inboxPath(m, ".eml")}
	if shown.HTML != "" {
		p.FramePath = inboxPath(m, "/html")
	}
	w.Header().Set("Content-Security-Policy", csp+"; frame-src 'self'")
	return s.render(w, r, http.StatusOK, p.View())
}

// mailCSP lets a mail be drawn inside our page and nothing more: mails carry
// their style in attributes, because mail programs drop style sheets. Its
// links open in place of the page around it.
const mailCSP = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; " +
	"sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"

var headTag = regexp.MustCompile(`(?i)<head[^>]*>`)

// showInboxHTML is the HTML part of a mail, for the frame of showInboxMail.
func (s *Server) showInboxHTML(w http.ResponseWriter, r *http.Request) error {
	m, err := s.inboxMail(r)
	if err != nil {
		return err
	}
	html := mail.Show(m.Data).HTML
	const top = `<base target="_top">`
	if at := headTag.FindStringIndex(html); at != nil {
		html = html[:at[1]] + top + html[at[1]:]
	} else {
		html = top + html
	}
	w.Header().Set("Content-Security-Policy", mailCSP)
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write([]byte(html))
	return err
}

// downloadInboxMail is a mail as it was sent.
func (s *Server) downloadInboxMail(w http.ResponseWriter, r *http.Request) error {
	m, err := s.inboxMail(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "message/rfc822")
	w.Header().Set("Content-Disposition", `attachment; filename="mail-`+strconv.FormatInt(m.ID, 10)+`.eml"`)
	_, err = w.Write(m.Data)
	return err
}
