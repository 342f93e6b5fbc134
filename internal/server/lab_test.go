package server_test

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/server"
	"github.com/uitvraag/uitvraag/internal/store"
)

const labMetrics = "monitoring-van-de-proef"

var labKeys = mail.Keys{Secret: []byte("zestien tekens!!"), Domain: "localhost"}

// A lab is a site with its database, its log and its clock in reach.
type lab struct {
	*site
	pool    *pgxpool.Pool
	handler http.Handler
	log     *safeBuffer
	clock   atomic.Pointer[time.Time]
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (s *safeBuffer) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.b.Reset()
}

// newLab serves the study of 2026 with n units per audience; base "" is the
// address that is listened on.
func newLab(t testing.TB, n int, base string) *lab {
	t.Helper()
	pool := pgtest.Pool(t)
	return labOf(t, store.New(pool), pool, n, base)
}

func labOf(t testing.TB, st *store.Store, pool *pgxpool.Pool, n int, base string) *lab {
	t.Helper()
	return labWith(t, fixture.Study(t, st, n), pool, base)
}

// labOfDefinition serves a study without units.
func labOfDefinition(t testing.TB, definition string) *lab {
	t.Helper()
	pool := pgtest.Pool(t)
	return labWith(t, fixture.StudyOf(t, store.New(pool), definition, 0), pool, "")
}

func labWith(t testing.TB, w fixture.World, pool *pgxpool.Pool, base string) *lab {
	t.Helper()
	st := w.Store
	l := &lab{site: &site{World: w}, pool: pool, log: &safeBuffer{}}
	l.at(fixture.Now)
	l.Server = httptest.NewUnstartedServer(nil)
	u := &url.URL{Scheme: "http", Host: l.Listener.Addr().String()}
	if base != "" {
		var err error
		if u, err = url.Parse(base); err != nil {
			t.Fatal(err)
		}
	}
	l.handler = server.New(st, server.Config{BaseURL: u, Now: func() time.Time { return *l.clock.Load() }, Log: slog.New(slog.NewJSONHandler(l.log, nil)),
		Inbox: true, Keys: labKeys, MetricsToken: labMetrics, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}).Handler()
	l.Config.Handler = l.handler
	l.Start()
	t.Cleanup(l.Close)
	return l
}

func (l *lab) logger() *slog.Logger { return slog.New(slog.NewJSONHandler(l.log, nil)) }

// part is a part of a token.
func part(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (l *lab) at(now time.Time) { l.clock.Store(&now) }

// A request is one call of the handler, without a browser around it.
type request struct {
	method, path string
	form         url.Values
	body         string
	host         string
	from         string // address of the peer
	header       map[string]string
	cookies      []*http.Cookie
}

func (l *lab) do(t testing.TB, q request) *http.Response {
	t.Helper()
	body := q.body
	if q.form != nil {
		body = q.form.Encode()
	}
	base := l.URL
	r := httptest.NewRequest(q.method, base+"/", strings.NewReader(body)).WithContext(t.Context())
	u, err := url.ParseRequestURI(q.path)
	if err != nil {
		t.Fatal(err)
	}
	r.URL.Path, r.URL.RawPath, r.URL.RawQuery, r.RequestURI = u.Path, u.RawPath, u.RawQuery, q.path
	r.URL.Scheme, r.URL.Host = "", ""
	r.Host = l.Listener.Addr().String()
	if q.host != "" {
		r.Host = q.host
	}
	if q.from != "" {
		r.RemoteAddr = q.from
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range q.header {
		r.Header.Set(k, v)
	}
	for _, c := range q.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	return w.Result()
}

func (l *lab) get(t testing.TB, path string, cookies ...*http.Cookie) *http.Response {
	t.Helper()
	return l.do(t, request{method: "GET", path: path, cookies: cookies})
}

func bodyOf(t testing.TB, resp *http.Response) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// start presses the button of a link and returns the session's cookie and the
// address of the questionnaire, "/vragenlijst/…/".
func (l *lab) start(t testing.TB, audience string, unit int) (*http.Cookie, string) {
	t.Helper()
	resp := l.do(t, request{method: "POST", path: "/v/" + l.Links[audience][unit].Token})
	if resp.StatusCode != http.StatusSeeOther || len(resp.Cookies()) != 1 {
		t.Fatalf("start: %d, cookies %v", resp.StatusCode, resp.Cookies())
	}
	parts := strings.Split(resp.Header.Get("Location"), "/")
	return resp.Cookies()[0], "/vragenlijst/" + parts[2] + "/"
}

// staffCookie logs somebody in.
func (l *lab) staffCookie(t testing.TB, role account.Role) *http.Cookie {
	t.Helper()
	token, err := l.Store.AddLogin(t.Context(), account.Account{Email: string(role) + "@example.nl", Role: role}, store.BySystem, *l.clock.Load())
	if err != nil {
		t.Fatal(err)
	}
	resp := l.do(t, request{method: "POST", path: "/inloggen/" + token})
	if resp.StatusCode != http.StatusSeeOther || len(resp.Cookies()) != 1 {
		t.Fatalf("login: %d, cookies %v", resp.StatusCode, resp.Cookies())
	}
	return resp.Cookies()[0]
}

// prove lets everybody who is signed in have shown just now who they are.
func (l *lab) prove(t testing.TB) {
	t.Helper()
	if _, err := l.pool.Exec(t.Context(), `update staff.session set proved = $1, method = 'wachtwoord'`, *l.clock.Load()); err != nil {
		t.Fatal(err)
	}
}

// database is the whole database as text.
func (l *lab) database(t testing.TB) string {
	t.Helper()
	rows, err := l.pool.Query(t.Context(), `
		select format('%I.%I', table_schema, table_name) from information_schema.tables
		where table_schema in ('register', 'contact', 'field', 'answer', 'analysis', 'staff') order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	var b strings.Builder
	for _, name := range tables {
		b.WriteString(name + "\n" + one[string](t, l, `select coalesce(string_agg(r::text, E'\n' order by r::text), '') from `+name+` r`) + "\n")
	}
	return b.String()
}

// one returns the single value of a query.
func one[T any](t testing.TB, l *lab, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := l.pool.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// pageOf returns the first page of an audience with a kind of question that is
// always shown.
func (l *lab) pageOf(t testing.TB, audience string, kind instrument.Kind) *instrument.Page {
	t.Helper()
	for _, p := range l.Forms[audience].Visible(nil) {
		if p.Question.Kind == kind {
			return p
		}
	}
	t.Fatalf("%s has no page of kind %s", audience, kind)
	return nil
}

// answered returns the stored answers of a questionnaire.
func (l *lab) answered(t testing.TB, base string) map[string]string {
	t.Helper()
	state, rebuilt, err := l.Store.Rebuilt(t.Context(), strings.Split(base, "/")[2])
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range rebuilt {
		if state[name] != value || len(state) != len(rebuilt) {
			t.Errorf("the log does not lead to the state: %s is %q and %q", name, state[name], value)
		}
	}
	return state
}

func parsed(t testing.TB, resp *http.Response) htmltest.Node {
	t.Helper()
	return htmltest.Parse(t, bodyOf(t, resp))
}

func wantStatus(t testing.TB, what string, resp *http.Response, want int) {
	t.Helper()
	if resp.StatusCode != want {
		t.Errorf("%s: status %d, want %d", what, resp.StatusCode, want)
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// base32Of reads a secret as it is shown, in groups.
func base32Of(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
