package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/web/page"
)

// How old things may be before /readyz speaks of them.
const (
	oldBackup      = 26 * time.Hour // one each night
	oldQueue       = time.Hour
	oldCertificate = 21 * 24 * time.Hour // standards 5C row 35
)

// A readiness is what /readyz tells. Wrong keeps the site from serving; Notes do
// not, and are for this machine and monitoring alone.
type readiness struct {
	Ready bool     `json:"ready"`
	Wrong []string `json:"wrong"`
	Notes []string `json:"notes,omitempty"`
}

// health says that the process lives.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // the asker has gone
}

// ready says whether requests can be answered, and what is wrong if not: in lines,
// or in JSON for who asks for that. It names no address and no secret.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	state := s.readiness(r)
	status := http.StatusOK
	if !state.Ready {
		status = http.StatusServiceUnavailable
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(state) // the asker has gone
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	text := "ok\n"
	if !state.Ready {
		text = ""
	}
	for _, line := range append(state.Wrong, state.Notes...) {
		text += line + "\n"
	}
	_, _ = w.Write([]byte(text)) // the asker has gone
}

func (s *Server) readiness(r *http.Request) readiness {
	out := readiness{Wrong: []string{}}
	h, err := s.store.Ready(r.Context())
	s.note(err)
	switch {
	case err != nil:
		s.Log.WarnContext(r.Context(), "not ready", "err", err)
		out.Wrong = append(out.Wrong, "database unreachable or without schema")
	case !h.Fits():
		out.Wrong = append(out.Wrong, fmt.Sprintf("schema and program do not fit: the database has %d, the program needs %d: run migrate", h.Schema, h.Program))
	}
	if out.Ready = len(out.Wrong) == 0; !out.Ready {
		return out
	}
	if !h.Roles {
		out.Notes = append(out.Notes, "the database roles collect, fieldwork, analysis and audit are missing")
	}
	if s.seesAll(r) {
		out.Notes = append(out.Notes, s.concerns(r.Context())...)
	}
	return out
}

// concerns are what an operator should look at while all still works.
func (s *Server) concerns(ctx context.Context) []string {
	var notes []string
	now := s.Now()
	v, err := s.store.Vitals(ctx, now)
	switch {
	case err != nil:
		return []string{"what goes on cannot be read"}
	case v.Locked:
		notes = append(notes, "sending is locked since a restore: run fieldwork unlock")
	}
	switch {
	case v.Backup.IsZero():
		notes = append(notes, "no backup was ever made: run backup each night")
	case now.Sub(v.Backup) > oldBackup:
		notes = append(notes, fmt.Sprintf("the newest backup is %.0f hours old", now.Sub(v.Backup).Hours()))
	}
	if !v.OldestDue.IsZero() && now.Sub(v.OldestDue) > oldQueue && !v.Locked {
		notes = append(notes, fmt.Sprintf("mail has been waiting for %.0f minutes", now.Sub(v.OldestDue).Minutes()))
	}
	if n := v.Messages["onzeker"]; n > 0 {
		notes = append(notes, fmt.Sprintf("of %d messages nobody knows whether they arrived: a person must decide, in the plan of the study", n))
	}
	if end := s.certificateEnd(ctx); !end.IsZero() && end.Sub(now) < oldCertificate {
		notes = append(notes, fmt.Sprintf("the certificate ends in %.0f days", end.Sub(now).Hours()/24))
	}
	return notes
}

// A certificate is what was last seen of that of the base URL.
type certificate struct {
	mu    sync.Mutex
	asked time.Time
	ends  time.Time
}

// certificateEnd asks the base URL when its certificate ends, at most once an hour:
// the zero time without https, or where it cannot be asked from here. What it says
// is not trusted for anything else, so that one that has ended is seen too.
func (s *Server) certificateEnd(ctx context.Context) time.Time {
	if !s.secure {
		return time.Time{}
	}
	c := &s.certificate
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := s.Now(); c.asked.IsZero() || now.Sub(c.asked) > time.Hour {
		c.asked, c.ends = now, time.Time{}
		address := net.JoinHostPort(s.BaseURL.Hostname(), cmp.Or(s.BaseURL.Port(), "443"))
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, ServerName: s.BaseURL.Hostname()}}
		conn, err := d.DialContext(ctx, "tcp", address)
		if err != nil {
			return time.Time{}
		}
		c.ends = conn.(*tls.Conn).ConnectionState().PeerCertificates[0].NotAfter
		_ = conn.Close() // nothing was written
	}
	return c.ends
}

// An outage is since when the database does not answer, as this process saw it.
type outage struct {
	mu    sync.Mutex
	since time.Time
}

// note remembers that the database is away, or that it is back.
func (s *Server) note(err error) {
	s.outage.mu.Lock()
	defer s.outage.mu.Unlock()
	switch away := errs.KindOf(err) == errs.Unavailable; {
	case err == nil:
		s.outage.since = time.Time{}
	case away && s.outage.since.IsZero():
		s.outage.since = s.Now()
	}
}

// showStatus tells respondents whether the site works. It needs nothing that may
// be away.
func (s *Server) showStatus(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	h, err := s.store.Ready(ctx)
	if err == nil && !h.Fits() {
		err = errs.Errorf(errs.Unavailable, "schema")
	}
	s.note(err)
	s.outage.mu.Lock()
	p := page.Status{Works: err == nil, Since: s.outage.since, Now: s.Now()}
	s.outage.mu.Unlock()
	w.Header().Set("Refresh", "60")
	return s.render(w, r, http.StatusOK, p.View())
}
