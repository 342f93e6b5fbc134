package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/web/page"
)

// A handler reads the request, calls one or two things, and writes.
type handler = func(http.ResponseWriter, *http.Request) error

var statusOf = map[errs.Kind]int{
	errs.Invalid:     http.StatusBadRequest,
	errs.NotFound:    http.StatusNotFound,
	errs.Conflict:    http.StatusConflict,
	errs.Forbidden:   http.StatusForbidden,
	errs.Gone:        http.StatusGone,
	errs.TooMany:     http.StatusTooManyRequests,
	errs.Unavailable: http.StatusServiceUnavailable,
	errs.Unknown:     http.StatusUnauthorized,
}

var titleOf = map[errs.Kind]string{
	errs.Internal:    "Er ging iets mis",
	errs.Invalid:     "Dit begrijpen wij niet",
	errs.NotFound:    "Deze pagina is er niet",
	errs.Conflict:    "Dit kan nu niet meer",
	errs.Forbidden:   "Dit kan niet",
	errs.Gone:        "Gesloten",
	errs.TooMany:     "Te veel pogingen",
	errs.Unavailable: "Even geduld",
	errs.Unknown:     "Niet bekend",
}

// handle is the only place where a failure becomes a response.
func (s *Server) handle(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

// statusGone is what the log says of a request whose browser did not wait, as
// at a second press of the same button: nobody is left to tell.
const statusGone = 499

// fail shows what went wrong. What a person posted is kept in the page where
// posting it again can help (promise P8).
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(r.Context().Err(), context.Canceled) {
		w.WriteHeader(statusGone)
		return
	}
	kind := errs.KindOf(err)
	status, text := http.StatusInternalServerError, "Er ging bij ons iets mis. Probeer het later nog eens."
	if st, ok := statusOf[kind]; ok {
		status, text = st, errs.Public(err)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		kind, status, text = errs.Invalid, http.StatusRequestEntityTooLarge, "Dit is te veel om in één keer te versturen. Maak uw tekst korter."
	}
	if status >= 500 && !errors.Is(err, context.Canceled) {
		s.Log.ErrorContext(r.Context(), "request failed", "request", requestID(r), "method", r.Method, "path", safePath(r.URL.Path), "err", err)
	}
	if status == http.StatusServiceUnavailable {
		s.note(err)
		w.Header().Set("Retry-After", "20")
	}
	if isMachine(r) {
		s.problem(w, r, status, titleOf[kind], text)
		return
	}
	var view templ.Component = page.Failure{Title: titleOf[kind], Text: text, Reference: requestID(r)}.View()
	if status >= 500 && keepsPost(r) {
		view = page.Retry{Action: r.URL.RequestURI(), Title: "Uw antwoorden zijn nog niet opgeslagen", Refresh: status, Help: true,
			Text:   []string{text, "Wat u invulde, staat nog in deze pagina. Sluit hem niet. Wacht even en probeer het opnieuw."},
			Button: "Probeer opnieuw", Fields: posted(r)}.View()
	}
	if err := s.render(w, r, status, view); err != nil {
		s.Log.ErrorContext(r.Context(), "failure page failed", "request", requestID(r), "err", err)
		http.Error(w, text, status)
	}
}

// keepsPost reports whether the request is a page of answers.
func keepsPost(r *http.Request) bool {
	return r.Method == http.MethodPost && (strings.HasPrefix(r.URL.Path, "/vragenlijst/") || strings.Contains(r.URL.Path, takePath)) && len(r.PostForm) > 0
}

// posted returns the fields of a form in a fixed order.
func posted(r *http.Request) []page.Posted {
	var out []page.Posted
	for _, name := range sortedKeys(r.PostForm) {
		for _, value := range r.PostForm[name] {
			out = append(out, page.Posted{Name: name, Value: value})
		}
	}
	return out
}

// render draws into memory first, so a page that fails half-way is never sent.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var buf bytes.Buffer
	if err := c.Render(r.Context(), &buf); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Encoding")
	return send(w, r, status, buf.Bytes())
}

// send sends bytes, packed where the reader takes that.
func send(w http.ResponseWriter, r *http.Request, status int, body []byte) error {
	if takesGzip(r) {
		return writeGzip(w, status, gzipped(body))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the reader has gone; nobody is left to tell
	return nil
}

func redirect(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

func (s *Server) noPage(http.ResponseWriter, *http.Request) error {
	return errs.Errorf(errs.NotFound, "Kijk of het adres klopt.")
}

func (s *Server) noMethod(w http.ResponseWriter, r *http.Request) error {
	if strings.HasPrefix(r.URL.Path, "/beheer") {
		if _, _, err := s.store.StaffSession(r.Context(), s.cookie(r, staffCookie), "", s.Now()); err != nil {
			return redirect(w, r, "/inloggen") // without a session nothing is told of what is there
		}
	}
	w.Header().Set("Allow", "GET, HEAD")
	if isMachine(r) {
		s.problem(w, r, http.StatusMethodNotAllowed, "Dit kan hier niet", "Programma's kunnen hier alleen lezen, met GET of HEAD.")
		return nil
	}
	return s.render(w, r, http.StatusMethodNotAllowed, page.Failure{Title: "Dit kan hier niet", Text: "Ga terug en probeer het opnieuw.", Reference: requestID(r)}.View())
}

// reference makes the number by which a log line can be found.
func reference() string {
	const letters = "23456789BCDFGHJKLMNPQRSTVWXZ"
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}
