package server_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
)

// A wire lies between the site and its database, and can be cut.
type wire struct {
	listener net.Listener
	to       func(context.Context) (net.Conn, error)
	mu       sync.Mutex
	cut      bool
	ends     []net.Conn
}

// newWire returns a wire to the database of a test, and an address that leads
// over it.
func newWire(t *testing.T, address string) (*wire, string) {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	network, place := "tcp", net.JoinHostPort(config.Host, "5432")
	if strings.HasPrefix(config.Host, "/") {
		network, place = "unix", filepath.Join(config.Host, ".s.PGSQL.5432")
	}
	dir, err := os.MkdirTemp("/tmp", "uvw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // best effort: a folder in /tmp
	l, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, to: func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, network, place) }}
	t.Cleanup(w.down)
	t.Cleanup(func() { _ = l.Close() }) // nobody connects any more
	go w.run(t.Context())
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Host, u.RawQuery = "", url.Values{"host": {dir}, "port": {"5432"}}.Encode()
	return w, u.String()
}

func (w *wire) run(ctx context.Context) {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := w.to(ctx)
		w.mu.Lock()
		if err != nil || w.cut {
			_ = near.Close() // as a database that is away
			if err == nil {
				_ = far.Close()
			}
		} else {
			w.ends = append(w.ends, near, far)
			go pipe(near, far)
			go pipe(far, near)
		}
		w.mu.Unlock()
	}
}

func pipe(a, b net.Conn) {
	_, _ = io.Copy(a, b) // until either end closes
	_ = a.Close()
	_ = b.Close()
}

func (w *wire) down() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
	for _, c := range w.ends {
		_ = c.Close()
	}
	w.ends = nil
}

func (w *wire) up() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = false
}

// TestADatabaseThatIsAwayCostsNobodyAnAnswer cuts the wire while somebody
// answers, and mends it again (standards 5C row 10).
func TestADatabaseThatIsAwayCostsNobodyAnAnswer(t *testing.T) {
	t.Parallel()
	direct := pgtest.URL(t)
	w, over := newWire(t, direct)
	st, err := store.Open(t.Context(), over)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	pool, err := pgxpool.New(t.Context(), direct)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	l := labOf(t, st, pool, 1, "")
	cookie, base := l.start(t, "swv", 0)
	open := l.pageOf(t, "swv", instrument.Open)
	fields := l.rendered(t, base+open.ID, cookie)
	fields.Set(open.ID, "een lang antwoord <b>\" dat niet weg mag")
	fields.Set("actie", "volgende")
	post := request{method: "POST", path: base + open.ID, form: fields, cookies: []*http.Cookie{cookie}}

	w.down()
	for range 3 { // also when the pool has noticed
		resp := l.do(t, post)
		wantStatus(t, "posting", resp, http.StatusServiceUnavailable)
		if resp.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		kept := parsed(t, resp).PostForm(t)
		for name := range fields {
			if kept.Values.Get(name) != fields.Get(name) {
				t.Errorf("%s is kept as %q", name, kept.Values.Get(name))
			}
		}
		if kept.Action != base+open.ID {
			t.Errorf("the kept form posts to %s", kept.Action)
		}
	}
	for path, want := range map[string]int{"/": 503, "/v/" + l.Links["swv"][0].Token: 503, "/v/x": 503, base + open.ID: 503, "/readyz": 503, "/healthz": 200, "/toegankelijkheid": 200} {
		wantStatus(t, "GET "+path, l.get(t, path, cookie), want)
	}
	auto := post
	auto.header = map[string]string{"X-Uitvraag-Autosave": "1"}
	resp := l.do(t, auto)
	wantStatus(t, "autosave", resp, http.StatusServiceUnavailable)
	if body := bodyOf(t, resp); !strings.HasPrefix(body, "{") {
		t.Errorf("autosave answers %q", body)
	}

	w.up()
	resp = l.do(t, post)
	wantStatus(t, "posting again", resp, http.StatusSeeOther)
	if got := l.answered(t, base)[open.ID]; got != fields.Get(open.ID) {
		t.Errorf("stored is %q", got)
	}
	wantStatus(t, "readyz", l.get(t, "/readyz"), http.StatusOK)
}

// TestAScannerThatPressesEveryButtonDecidesNothing follows the links of the
// landing page and posts every form it finds (standards K12).
func TestAScannerThatPressesEveryButtonDecidesNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	landing := "/v/" + l.Links["swv"][0].Token
	paths := []string{landing}
	for _, a := range parsed(t, l.get(t, landing)).All("a", "href", "*") {
		if href := a.Attr("href"); strings.HasPrefix(href, landing) {
			paths = append(paths, href)
		}
	}
	pressed := 0
	for _, path := range paths {
		for _, form := range parsed(t, l.get(t, path)).All("form", "method", "post") {
			action := form.Attr("action")
			if action == "" {
				action = path
			}
			l.do(t, request{method: "POST", path: action})
			pressed++
		}
	}
	if pressed < 2 {
		t.Fatalf("only %d buttons found on %v", pressed, paths)
	}
	if n := one[int](t, l, `select count(*) from field.event where actor = 'respondent'`); n != 0 {
		t.Errorf("%d events by somebody who pressed buttons only", n)
	}
	if n := one[int](t, l, `select count(*) from answer.response where started is not null`); n != 0 {
		t.Error("pressing buttons started a response")
	}
	v := l.visitor(t).enter("swv", 0) // the person, after the scanner
	if text := v.get(v.base()).page.Text(); !strings.Contains(text, l.Forms["swv"].In.Sections[len(l.Forms["swv"].In.Sections)-2].Title) {
		t.Error("the person who presses Start gets the core questions only, because a scanner pressed that button")
	}
}
