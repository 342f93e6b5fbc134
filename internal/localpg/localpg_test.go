package localpg_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/localpg"
)

func TestDataOutlivesTheServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := open(t, localpg.Config{Dir: dir})
	if first.Joined() {
		t.Error("joined a server on an empty folder")
	}
	do(t, first.OwnerURL(), "create table answer (n int)", "insert into answer values (42)")
	must(t, first.Close())
	must(t, first.Close()) // again does no harm
	if !isClosed(first.Wait()) {
		t.Error("Wait is open after Close")
	}
	if answers(t, first.URL()) {
		t.Error("the server answers after Close")
	}

	second := open(t, localpg.Config{Dir: dir})
	if got := query[int](t, second.OwnerURL(), "select n from answer"); got != 42 {
		t.Errorf("read %d, want 42", got)
	}
	if first.URL() != second.URL() {
		t.Error("the connection string changed over a restart")
	}
}

func TestServerIsDurableAndPrivate(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := open(t, localpg.Config{Dir: dir, Settings: map[string]string{"work_mem": "5MB"}})
	for name, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
		"listen_addresses": "", "password_encryption": "scram-sha-256", "server_encoding": "UTF8", "work_mem": "5MB",
	} {
		if got := query[string](t, s.URL(), "select current_setting('"+name+"')"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]os.FileMode{"pg": 0o700, "run": 0o700, "pg.secret": 0o600, "postgres.log": 0o600} {
		st, err := os.Stat(filepath.Join(dir, name))
		must(t, err)
		if st.Mode().Perm() != want {
			t.Errorf("mode of %s is %o, want %o", name, st.Mode().Perm(), want)
		}
	}
	st, err := os.Stat(fmt.Sprintf("/proc/%d", postmaster(t, dir)))
	must(t, err)
	if uid := st.Sys().(*syscall.Stat_t).Uid; uid == 0 {
		t.Error("PostgreSQL runs as root")
	}
	if _, err := pgx.Connect(t.Context(), strings.Replace(s.URL(), "uitvraag:", "uitvraag:x", 1)); err == nil {
		t.Error("a wrong password was accepted")
	}
}

func TestRolesMayWhatTheyShouldAndNoMore(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := open(t, localpg.Config{Dir: dir})
	do(t, s.OwnerURL(), "create database other", "create role helper", "create schema answer",
		"grant usage on schema answer to collect", "create extension pg_trgm")
	for _, role := range localpg.GroupRoles {
		do(t, s.URL(), "set role "+role)
		do(t, s.OwnerURL(), "set role "+role, "reset role", "grant "+role+" to helper")
	}
	for url, statements := range map[string][]string{
		s.URL():      {"create table t (n int)", "create role r", "create database d", "set role " + localpg.OwnerRole, "create table answer.t (n int)"},
		s.OwnerURL(): {"create role r superuser", "set role postgres"},
	} {
		c := connect(t, url)
		for _, sql := range statements {
			if _, err := c.Exec(t.Context(), sql); err == nil {
				t.Errorf("%s was allowed to %s", c.Config().User, sql)
			}
		}
	}
}

func TestSecondOpenJoins(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := open(t, localpg.Config{Dir: dir})
	second := open(t, localpg.Config{Dir: dir})
	if !second.Joined() || second.URL() != first.URL() {
		t.Errorf("joined %v, want the same server", second.Joined())
	}
	must(t, second.Close())
	if !answers(t, first.URL()) {
		t.Error("closing a joined server stopped it")
	}
}

func TestJoinedServerIsGoneWithItsStarter(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	starter := startHelper(t, dir)
	s := open(t, localpg.Config{Dir: dir})
	c := connect(t, s.URL())
	must(t, starter.end())
	if _, err := c.Exec(t.Context(), "select 1"); err == nil {
		t.Error("the connection survived the server")
	}
	eventually(t, "Wait of the joined server is closed", func() bool { return isClosed(s.Wait()) })
}

func TestRacingOpensGiveOneServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	var wg sync.WaitGroup
	results := make(chan result, 4)
	for range 2 {
		wg.Go(func() {
			h, err := tryHelper(dir)
			if err != nil {
				results <- result{err: err}
				return
			}
			results <- result{!h.joined, err, h.end}
		})
		wg.Go(func() {
			s, err := tryOpen(t, localpg.Config{Dir: dir})
			if err != nil {
				results <- result{err: err}
				return
			}
			results <- result{!s.Joined(), err, s.Close}
		})
	}
	wg.Wait()
	close(results)
	started := 0
	for r := range results {
		must(t, r.err)
		t.Cleanup(func() { must(t, r.end()) })
		if r.started {
			started++
		}
	}
	if started != 1 {
		t.Errorf("%d of 4 started a server, want 1", started)
	}
}

// A result is how one of several racing opens went.
type result struct {
	started bool
	err     error
	end     func() error
}

// inFolder keeps shared memory in the cluster, so that a server that nobody recovers leaves nothing behind elsewhere.
var inFolder = map[string]string{"dynamic_shared_memory_type": "mmap"}

func TestKilledServerComesBackByItself(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := open(t, localpg.Config{Dir: dir, Settings: inFolder})
	joined := open(t, localpg.Config{Dir: dir})
	do(t, s.OwnerURL(), "create table answer (n int)")
	for i := range 2 {
		do(t, s.OwnerURL(), "insert into answer values (1)")
		kill(t, postmaster(t, dir), syscall.SIGKILL)
		eventually(t, "the server is back", func() bool { return answers(t, s.URL()) })
		if got := query[int](t, s.OwnerURL(), "select count(*) from answer"); got != i+1 {
			t.Errorf("after kill %d there are %d rows, want %d", i, got, i+1)
		}
	}
	if isClosed(s.Wait()) || isClosed(joined.Wait()) {
		t.Error("a server that came back was given up")
	}
	kill(t, postmaster(t, dir), syscall.SIGKILL) // and Close just then
}

func TestAnotherProcessTakesOverFromADeadServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := open(t, localpg.Config{Dir: dir})
	kill(t, postmaster(t, dir), syscall.SIGKILL)
	other := startHelper(t, dir) // may start a server before s does
	must(t, other.end())
	eventually(t, "the server is back", func() bool { return answers(t, s.URL()) })
}

func TestKilledStarterLosesNothing(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	starter := startHelper(t, dir)
	s := open(t, localpg.Config{Dir: dir})
	do(t, s.OwnerURL(), "create table answer (n int)", "insert into answer values (42)")
	must(t, s.Close())
	starter.kill(t)

	s = open(t, localpg.Config{Dir: dir})
	if got := query[int](t, s.OwnerURL(), "select n from answer"); got != 42 {
		t.Errorf("read %d, want 42", got)
	}
	if s.Joined() {
		t.Error("joined a server that stops with its killed starter")
	}
}

func TestKilledStarterAndServerLoseNothing(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	starter := startHelper(t, dir)
	s := open(t, localpg.Config{Dir: dir})
	do(t, s.OwnerURL(), "create table answer (n int)", "insert into answer values (42)")
	busy := connect(t, s.OwnerURL())
	go func() { _, _ = busy.Exec(t.Context(), "select pg_sleep(3)") }() // its backend outlives the postmaster for a while
	must(t, s.Close())
	server := postmaster(t, dir)
	kill(t, starter.cmd.Process.Pid, syscall.SIGSTOP) // so that it cannot restart the server, or reap it
	kill(t, server, syscall.SIGKILL)
	starter.kill(t)

	s = open(t, localpg.Config{Dir: dir})
	if got := query[int](t, s.OwnerURL(), "select n from answer"); got != 42 {
		t.Errorf("read %d, want 42", got)
	}
}

func TestStaleLockFilesOfAReusedProcessIDAreRemoved(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := open(t, localpg.Config{Dir: dir})
	must(t, s.Close())
	st, err := os.Stat(filepath.Join(dir, "pg"))
	must(t, err)
	owner := st.Sys().(*syscall.Stat_t)
	other := exec.Command("sleep", "60") // same user, another folder: only looks like the server
	other.Dir = "/"
	if os.Geteuid() == 0 {
		other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	must(t, other.Start())
	t.Cleanup(func() { _ = other.Process.Kill(); _ = other.Wait() })
	for _, name := range []string{"pg/postmaster.pid", "run/.s.PGSQL.5432.lock"} {
		path := filepath.Join(dir, name)
		text := fmt.Sprintf("%d\n%s\n1\n5432\n%s\n", other.Process.Pid, filepath.Join(dir, "pg"), filepath.Join(dir, "run"))
		must(t, os.WriteFile(path, []byte(text), 0o600))
		must(t, os.Chown(path, int(owner.Uid), int(owner.Gid)))
	}
	if s := open(t, localpg.Config{Dir: dir}); s.Joined() {
		t.Error("joined a server that is not there")
	}
}

func TestHalfAClusterIsNotTakenForOne(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	must(t, os.Mkdir(filepath.Join(dir, "pg.init"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "pg.init", "PG_VERSION"), []byte("15\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "pg.init.secret"), []byte("x\n"), 0o600))
	s := open(t, localpg.Config{Dir: dir})

	// Nor a cluster whose roles and database were half made.
	do(t, superURL(t, s, dir), "drop database uitvraag", "drop role fieldwork", "alter role uitvraag nologin")
	must(t, s.Close())
	s = open(t, localpg.Config{Dir: dir})
	do(t, s.URL(), "set role fieldwork")
}

func TestVanishedClusterIsNotReplacedByAnEmptyOne(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := open(t, localpg.Config{Dir: dir, Settings: inFolder})
	must(t, os.Rename(filepath.Join(dir, "pg"), filepath.Join(dir, "moved")))
	text, err := os.ReadFile(filepath.Join(dir, "moved", "postmaster.pid"))
	must(t, err)
	pid := 0
	_, err = fmt.Sscan(string(text), &pid)
	must(t, err)
	kill(t, pid, syscall.SIGKILL)
	eventually(t, "the server is given up", func() bool { return isClosed(s.Wait()) })
	if _, err := os.Stat(filepath.Join(dir, "pg")); err == nil {
		t.Error("a new cluster was made")
	}
}

func TestDetachedServerOutlivesItsStarter(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	must(t, startHelper(t, dir, helperDetached+"=1").end())
	s := open(t, localpg.Config{Dir: dir})
	pid := postmaster(t, dir)
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	if !s.Joined() {
		t.Error("the detached server ended with its starter")
	}
	kill(t, pid, syscall.SIGINT)
	eventually(t, "the server has stopped", func() bool {
		_, err := os.Stat(filepath.Join(dir, "pg", "postmaster.pid"))
		return err != nil
	})
	if answers(t, s.URL()) {
		t.Error("a stopped server answers")
	}
}
