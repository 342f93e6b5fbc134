package localpg_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/localpg"
)

// helperDir, when set, makes the test binary a program that opens the folder and holds it until its input ends.
const (
	helperDir      = "LOCALPG_TEST_DIR"
	helperDetached = "LOCALPG_TEST_DETACHED"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperDir); dir != "" {
		os.Exit(hold(dir, os.Getenv(helperDetached) != ""))
	}
	os.Exit(m.Run())
}

func hold(dir string, detached bool) int {
	s, err := localpg.Open(context.Background(), localpg.Config{
		Dir: dir, BinDir: os.Getenv("PG_BIN"), NoInstall: true, Detached: detached,
	})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println("joined:", s.Joined())
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test ends us
	if err := s.Close(); err != nil {
		return 1
	}
	return 0
}

// A helper is another process that opened a folder.
type helper struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	joined bool
}

func startHelper(t *testing.T, dir string, env ...string) *helper {
	t.Helper()
	h, err := tryHelper(dir, env...)
	must(t, err)
	t.Cleanup(func() { _ = h.end() })
	return h
}

func tryHelper(dir string, env ...string) (*helper, error) {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), append(env, helperDir+"="+dir)...)
	c.Stderr = os.Stderr
	stdin, inErr := c.StdinPipe()
	stdout, outErr := c.StdoutPipe()
	if err := errors.Join(inErr, outErr); err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	h := &helper{cmd: c, stdin: stdin}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "joined: ") {
		return nil, errors.Join(fmt.Errorf("helper says %q: %w", line, err), h.end())
	}
	h.joined = strings.Contains(line, "true")
	return h, nil
}

// end lets the helper close its server and exit.
func (h *helper) end() error {
	_ = h.stdin.Close()
	return h.cmd.Wait()
}

func (h *helper) kill(t *testing.T) {
	t.Helper()
	must(t, h.cmd.Process.Kill())
	_ = h.cmd.Wait() // "signal: killed"
}

// folder returns an empty data folder with a path that is short and open to the server's user.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "lpg")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	must(t, os.Chmod(dir, 0o711))
	return dir
}

func open(t *testing.T, cfg localpg.Config) *localpg.Server {
	t.Helper()
	s, err := tryOpen(t, cfg)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func tryOpen(t *testing.T, cfg localpg.Config) (*localpg.Server, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
	defer cancel()
	cfg.NoInstall = true
	if cfg.BinDir == "" {
		cfg.BinDir = os.Getenv("PG_BIN")
	}
	return localpg.Open(ctx, cfg)
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { _ = c.Close(context.Background()) }) // the server may be gone by then
	return c
}

func do(t *testing.T, url string, statements ...string) {
	t.Helper()
	c := connect(t, url)
	for _, sql := range statements {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	must(t, c.Close(t.Context()))
}

func query[T any](t *testing.T, url, sql string) T {
	t.Helper()
	var v T
	c := connect(t, url)
	if err := c.QueryRow(t.Context(), sql).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	must(t, c.Close(t.Context()))
	return v
}

// superURL returns the connection string of the bootstrap superuser, on the maintenance database.
func superURL(t *testing.T, s *localpg.Server, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pg.secret"))
	must(t, err)
	_, rest, _ := strings.Cut(string(text), `"postgres": "`)
	password, _, _ := strings.Cut(rest, `"`)
	u, err := url.Parse(s.OwnerURL())
	must(t, err)
	u.User, u.Path = url.UserPassword("postgres", password), "/postgres"
	return u.String()
}

// postmaster returns the process id of the server on a folder.
func postmaster(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
	must(t, err)
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	must(t, err)
	return pid
}

func kill(t *testing.T, pid int, sig syscall.Signal) {
	t.Helper()
	must(t, syscall.Kill(pid, sig))
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("never happened: %s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func answers(t *testing.T, url string) bool {
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		return false
	}
	must(t, c.Close(t.Context()))
	return true
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
