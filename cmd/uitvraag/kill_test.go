package main_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/localpg"
	"github.com/uitvraag/uitvraag/internal/store"
)

// program is the binary under test, built once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("/tmp", "uvbin")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "uitvraag")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// TestMain removes the binary, if a test built it.
func TestMain(m *testing.M) {
	code := m.Run()
	if built.Load() {
		if path, err := program(); err == nil {
			_ = os.RemoveAll(filepath.Dir(path)) // best effort: a folder in /tmp
		}
	}
	os.Exit(code)
}

var built atomic.Bool

// folder is an empty data folder with a path that is short enough for a socket.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "uv")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// A plant is the program on a data folder, kept up as a supervisor would.
type plant struct {
	t       *testing.T
	dir     string
	address string // host:port, the same after each start
	mu      sync.Mutex
	serve   *exec.Cmd
	dead    chan struct{}
	log     *os.File
	smtp    string // UITVRAAG_SMTP_URL
}

func (p *plant) command(args ...string) *exec.Cmd {
	path, err := program()
	if err != nil {
		p.t.Fatal(err)
	}
	built.Store(true)
	c := exec.Command(path, args...)
	c.Env = append(os.Environ(), "UITVRAAG_DATA="+p.dir, "UITVRAAG_ADDR="+p.address, "UITVRAAG_BASE_URL=", "DATABASE_URL=", "UITVRAAG_SMTP_URL="+p.smtp)
	return c
}

// run runs a command to its end and returns what it printed.
func (p *plant) run(args ...string) string {
	p.t.Helper()
	c := p.command(args...)
	out, err := c.Output()
	if err != nil {
		if e, ok := errors.AsType[*exec.ExitError](err); ok {
			p.t.Fatalf("uitvraag %s: %v: %s", strings.Join(args, " "), err, e.Stderr)
		}
		p.t.Fatal(err)
	}
	return string(out)
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") // a port that is free, and stays ours by its number
	if err != nil {
		t.Fatal(err)
	}
	p := &plant{t: t, dir: folder(t), address: l.Addr().String()}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if p.log, err = os.CreateTemp(t.TempDir(), "serve"); err != nil {
		t.Fatal(err)
	}
	return p
}

// start starts serve, and starts it again whenever it ends, until stop.
func (p *plant) start() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			c := p.command("serve")
			c.Stderr = p.log
			if err := c.Start(); err != nil {
				p.t.Error(err)
				return
			}
			dead := make(chan struct{})
			p.mu.Lock()
			p.serve, p.dead = c, dead
			p.mu.Unlock()
			go func() {
				select {
				case <-ctx.Done():
					_ = c.Process.Signal(syscall.SIGTERM) // it may have ended
				case <-dead:
				}
			}()
			_ = c.Wait() // killed, or told to stop
			close(dead)
			if ctx.Err() == nil {
				wait(ctx, 200*time.Millisecond) // as systemd's RestartSec
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// killServe ends the process without a chance to do anything, and returns when
// it is gone.
func (p *plant) killServe() {
	p.mu.Lock()
	c, dead := p.serve, p.dead
	p.mu.Unlock()
	_ = c.Process.Kill() // it may have ended
	<-dead
}

// killPostmaster ends the database the same way.
func (p *plant) killPostmaster() {
	text, err := os.ReadFile(filepath.Join(p.dir, "pg", "postmaster.pid"))
	if err != nil {
		return // it is down already
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if pid, err := strconv.Atoi(line); err == nil && pid > 1 {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended
	}
}

// ready waits until requests are answered, and returns how long that took.
func (p *plant) ready(limit time.Duration) time.Duration {
	p.t.Helper()
	began := time.Now()
	client := &http.Client{Timeout: 5 * time.Second}
	for time.Since(began) < limit {
		resp, err := client.Get("http://" + p.address + "/readyz")
		if err == nil {
			_ = resp.Body.Close() // nothing is read from it
			if resp.StatusCode == http.StatusOK {
				return time.Since(began)
			}
		}
		wait(p.t.Context(), 20*time.Millisecond)
	}
	p.t.Fatalf("not ready after %v", limit)
	return 0
}

// A client is one person who fills in a questionnaire, over and over.
type client struct {
	p     *plant
	token string
	form  *form.Form
	http  *http.Client
	page  *instrument.Page
	count int
	acked map[string]int        // by variable: the latest count that was acknowledged
	whole map[int]answer.Values // by count: the whole page as posted
	n     int                   // acknowledged posts
	base  string
}

func newClient(p *plant, f *form.Form, token string, page *instrument.Page) *client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{p: p, token: token, form: f, page: page, http: &http.Client{Jar: jar, CheckRedirect: stay, Timeout: 10 * time.Second},
		acked: map[string]int{}, whole: map[int]answer.Values{}}
}

// work posts pages until the context ends.
func (c *client) work(ctx context.Context) {
	for ctx.Err() == nil {
		if c.base == "" && !c.enter() || !c.post() {
			wait(ctx, 50*time.Millisecond)
		}
	}
}

func (c *client) enter() bool {
	resp, err := c.http.Post("http://"+c.p.address+"/v/"+c.token, "application/x-www-form-urlencoded", nil)
	if err != nil {
		return false
	}
	_ = resp.Body.Close() // nothing is read from it
	parts := strings.Split(resp.Header.Get("Location"), "/")
	if resp.StatusCode != http.StatusSeeOther || len(parts) < 3 {
		return false
	}
	c.base = "http://" + c.p.address + "/vragenlijst/" + parts[2] + "/"
	return true
}

// post opens the page, answers all of it, and remembers what was acknowledged.
func (c *client) post() bool {
	resp, err := c.http.Get(c.base + c.page.ID)
	if err != nil {
		return false
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // it was read
	if err != nil || resp.StatusCode != http.StatusOK {
		return false
	}
	fields := htmltest.Parse(c.p.t, string(body)).PostForm(c.p.t).Values
	c.count++
	values := answer.Values{}
	for _, it := range c.page.Items {
		for _, v := range it.Variables {
			values[v.Name] = value(&v, c.count)
			fields.Set(v.Name, values[v.Name])
		}
	}
	c.whole[c.count] = values
	fields.Set("actie", "later")
	resp, err = c.http.PostForm(c.base+c.page.ID, fields)
	if err != nil {
		return false
	}
	_ = resp.Body.Close() // nothing is read from it
	if resp.StatusCode != http.StatusSeeOther {
		return false
	}
	for name := range values {
		c.acked[name] = c.count
	}
	c.n++
	return true
}

// value is what the nth post gives a variable: the count itself in a text, a
// code that follows from the count elsewhere.
func value(v *instrument.Variable, n int) string {
	if v.Type == instrument.TextType {
		return fmt.Sprintf("stand %d: twee\r\nregels", n)
	}
	var codes []string
	for _, x := range v.Values {
		if x.Reason != instrument.LeftOpen {
			codes = append(codes, strconv.Itoa(x.Code))
		}
	}
	return codes[n%len(codes)]
}

// check compares the stored answers with what was acknowledged: the state is
// that of the latest acknowledged post or of a later one, as a whole.
func (c *client) check(stored answer.Values) error {
	last := 0
	for _, n := range c.acked {
		last = max(last, n)
	}
	if last == 0 && len(stored) == 0 {
		return nil
	}
	for n := last; n <= c.count; n++ {
		if n > 0 && same(c.whole[n], stored) {
			return nil
		}
	}
	return fmt.Errorf("acknowledged was %d of %d posts: %v; stored is %v", last, c.count, c.whole[last], stored)
}

func same(want, got answer.Values) bool {
	for name, value := range want {
		if got[name] != value {
			return false
		}
	}
	return len(want) == len(got)
}

// TestNothingAcknowledgedIsLostByKilling kills the site and its database at
// random moments while people fill in questionnaires (promises P1 and P6).
func TestNothingAcknowledgedIsLostByKilling(t *testing.T) {
	kills := number(t, "UITVRAAG_KILLS", 20)
	p := newPlant(t)
	forms, clients := population(t, p, 8)
	stop := p.start()
	defer stop()
	p.ready(time.Minute)

	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for _, c := range clients {
		wg.Go(func() { c.work(ctx) })
	}
	rnd := rand.New(rand.NewPCG(uint64(kills), 1))
	var slowest time.Duration
	for i := range kills {
		wait(ctx, time.Duration(50+rnd.IntN(700))*time.Millisecond)
		what := []string{"serve", "postmaster", "both"}[min(rnd.IntN(4), 2)]
		if what != "serve" {
			p.killPostmaster()
		}
		if what != "postmaster" {
			p.killServe()
		}
		took := p.ready(time.Minute)
		slowest = max(slowest, took)
		if i%50 == 49 {
			t.Logf("%d kills", i+1)
		}
	}
	wait(ctx, 300*time.Millisecond)
	cancel()
	wg.Wait()
	verify(t, p, forms, clients)
	total := 0
	for _, c := range clients {
		total += c.n
		if c.n == 0 {
			t.Errorf("a client was never acknowledged: nothing was tested")
		}
	}
	t.Logf("%d kills, %d acknowledged pages, back after at most %v", kills, total, slowest)
}

// number is that of a variable of the environment, which make long sets.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// population makes a study with units, and a client for each: pages of several
// kinds, all in one audience.
func population(t *testing.T, p *plant, n int) (*form.Form, []*client) {
	t.Helper()
	now := time.Now()
	p.run("study", "create", "--definition", "inventarisatie-2026", "--title", "Sloop", "--opens", now.AddDate(0, 0, -7).Format(time.RFC3339), "--closes", now.AddDate(0, 1, 0).Format(time.RFC3339))
	var register strings.Builder
	register.WriteString("code,naam\n")
	for i := range n {
		fmt.Fprintf(&register, "GM%04d,Gemeente %d\n", 9001+i, i)
	}
	file := filepath.Join(t.TempDir(), "register.csv")
	if err := os.WriteFile(file, []byte(register.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("sample", "import", "--audience", "gemeente", file)
	links, err := csv.NewReader(strings.NewReader(p.run("sample", "links", "--audience", "gemeente"))).ReadAll()
	if err != nil || len(links) != n+1 {
		t.Fatalf("%d lines of links, %v", len(links), err)
	}
	d, _ := instrument.StudyByName("inventarisatie-2026")
	var f *form.Form
	for _, s := range d.Sources {
		if s.Name == "gemeente" {
			in, problems := s.Parse()
			if in == nil {
				t.Fatal(problems)
			}
			f = form.New(in)
		}
	}
	var pages []*instrument.Page
	for _, page := range f.Visible(nil) {
		if q := page.Question.Kind; q == instrument.MatrixSingle || q == instrument.Open || q == instrument.GradeMatrix {
			pages = append(pages, page)
		}
	}
	var clients []*client
	for i, line := range links[1:] {
		u, err := url.Parse(line[1])
		if err != nil {
			t.Fatal(err)
		}
		clients = append(clients, newClient(p, f, strings.TrimPrefix(u.Path, "/v/"), pages[i*7%len(pages)]))
	}
	return f, clients
}

// verify reads the database without the site.
func verify(t *testing.T, p *plant, f *form.Form, clients []*client) {
	t.Helper()
	server, err := localpg.Open(t.Context(), localpg.Config{Dir: p.dir, BinDir: os.Getenv("PG_BIN"), NoInstall: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	pool, err := pgxpool.New(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	st := store.New(pool)
	for i, c := range clients {
		if c.base == "" {
			t.Errorf("client %d never got in", i)
			continue
		}
		state, rebuilt, err := st.Rebuilt(t.Context(), strings.Split(c.base, "/")[4])
		if err != nil {
			t.Errorf("client %d: %v", i, err)
			continue
		}
		if !same(state, rebuilt) {
			t.Errorf("client %d: the log leads to %v, the state is %v", i, rebuilt, state)
		}
		if err := c.check(state); err != nil {
			t.Errorf("client %d, page %s: %v", i, c.page.ID, err)
		}
	}
}
