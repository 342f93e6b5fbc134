package server

import (
	"context"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
)

// Limits on one request (standards 4, "10 MB textarea", "100k parameters").
const (
	maxBody   = 2 << 20
	maxFields = 5000
	maxTime   = 12 * time.Second
)

// A note is what the log tells of a request beside its path: who asked, and by
// which right. It names a member of staff by number only.
type note struct {
	id      string
	account int64
	act     account.Act
}

type noteKey struct{}

// noteOf returns the note of a request; what is written on it is logged.
func noteOf(r *http.Request) *note {
	if n, ok := r.Context().Value(noteKey{}).(*note); ok {
		return n
	}
	return &note{}
}

func requestID(r *http.Request) string { return noteOf(r).id }

// identify gives every request an id and writes one log line when it is done.
// The line names no token, no answer and no address of a person.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, n := s.Now(), &note{id: reference()}
		r = r.WithContext(context.WithValue(r.Context(), noteKey{}, n))
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		s.timings.add(timingOf(r, rec.status), s.Now().Sub(start))
		line := []any{"request", n.id, "method", r.Method, "path", safePath(r.URL.Path), "status", rec.status, "ms", s.Now().Sub(start).Milliseconds()}
		if n.account != 0 {
			line = append(line, "account", n.account, "act", n.act)
		}
		s.Log.InfoContext(r.Context(), "request", line...)
	})
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// secretPath finds a token in a path, also in one that was typed a little wrong.
var secretPath = regexp.MustCompile(`(?i)(/(?:v|inloggen|afmelden)/+)[^/]+`)

// safePath masks the part of a path that is a secret.
func safePath(path string) string {
	path = secretPath.ReplaceAllString(path, "$1…")
	if len(path) > 200 {
		path = path[:200]
	}
	return path
}

// csp allows what the pages use and nothing else (standards B6).
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers sets what every answer has, whatever its status (standards B5-B7).
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if s.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// recoverPanic turns a panic into a failed request; the process lives on.
func (s *Server) recoverPanic(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				s.Log.ErrorContext(r.Context(), "panic", "request", requestID(r), "path", safePath(r.URL.Path), "value", v, "stack", string(debug.Stack()))
				s.fail(w, r, errs.Errorf(errs.Internal, ""))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// ownHost refuses requests for another host name (standards K14).
func (s *Server) ownHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.isOwnHost(r.Host) {
			w.WriteHeader(http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isOwnHost compares with the base URL. On loopback the names of loopback are
// one host, so that a developer may type any of them.
func (s *Server) isOwnHost(host string) bool {
	if strings.EqualFold(host, s.BaseURL.Host) {
		return true
	}
	name, port, err := net.SplitHostPort(host)
	return err == nil && port == s.BaseURL.Port() && Loopback(name) && Loopback(s.BaseURL.Hostname())
}

// Loopback reports whether a host name means this machine.
func Loopback(name string) bool {
	if name == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && ip.IsLoopback()
}

// crossOrigin refuses posts that another site sends (standards Z5), but for what
// the programs of mail providers must be able to post (M2): who has the address
// of that may post to it.
func (s *Server) crossOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(s.handle(func(http.ResponseWriter, *http.Request) error {
		return errs.Errorf(errs.Forbidden, "Dit formulier kwam van een andere website. Open de vragenlijst opnieuw.")
	}))
	guarded := p.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Not by a pattern of the protection: that looks at the path as it would be
		// tidied up, and the router at the path as it came.
		if r.Method == http.MethodPost && unsubscribePath.MatchString(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// limit bounds the size, the fields and the time of a request. A path that no
// text of the database can equal leads nowhere.
func (s *Server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.ContainsRune(r.URL.Path, 0) || !utf8.ValidString(r.URL.Path) {
			s.handle(s.noPage)(w, r)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), maxTime)
		defer cancel()
		most := int64(maxBody)
		if uploadPath.MatchString(r.URL.Path) {
			most = maxUpload
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// parse reads the posted form.
func parse(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		if kind := errs.KindOf(err); kind == errs.Internal {
			return errs.Wrap(err, errs.Invalid, "Dit formulier kunnen wij niet lezen. Ga terug en probeer het opnieuw.")
		}
		return err
	}
	if len(r.PostForm) > maxFields {
		return errs.Errorf(errs.Invalid, "Dit formulier heeft te veel velden.")
	}
	return nil
}

// origin is the address that failed attempts are counted for: the nearest
// address that is not one of our own proxies.
func (s *Server) origin(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "onbekend"
	}
	ip := peer.Addr().Unmap()
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(forwarded) - 1; i >= 0 && s.trusted(ip); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(forwarded[i]))
		if err != nil {
			break
		}
		ip = next.Unmap()
	}
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String() // one household or office
		}
	}
	return ip.String()
}

func (s *Server) trusted(ip netip.Addr) bool {
	return slices.ContainsFunc(s.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
