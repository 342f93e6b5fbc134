package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// A process is a running server: our child, or somebody else's that we only watch.
type process struct {
	cmd  *exec.Cmd     // nil for a server that this process does not stop
	done chan struct{} // closed when it has ended
}

// ensure joins the server on the folder or starts one. Only the first opening may make the cluster: one that vanishes
// under a running product must not come back empty.
func (s *Server) ensure(ctx context.Context, mayInit bool) (*process, error) {
	start, err := s.lockStart(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = start.Close() }() // nothing is written to it
	version, err := s.clusterVersion()
	if err != nil {
		return nil, err
	}
	if version == 0 && !mayInit {
		return nil, errVanished
	}
	if err := s.loadSecrets(version); err != nil {
		return nil, err
	}
	lock, joined, err := s.claim(ctx)
	if err != nil {
		return nil, err
	}
	if joined {
		return &process{done: make(chan struct{})}, nil
	}
	defer func() { _ = lock.Close() }() // the server has its own hold on it
	return s.start(ctx, version, lock)
}

var errVanished = errors.New("the cluster has disappeared")

// start brings up a server on a folder that nobody uses.
func (s *Server) start(ctx context.Context, version int, lock *os.File) (*process, error) {
	if b := s.account.barrier(s.dir); b != "" {
		return nil, fmt.Errorf("PostgreSQL runs as %s, who may not enter %s: choose another data folder", s.account.name, b)
	}
	b, err := s.findBinaries(ctx, version)
	if err != nil {
		return nil, err
	}
	if version == 0 { // the installation may have brought the user postgres
		if s.account, err = chooseAccount(s.dir, s.data(), s.cfg.SudoUser); err != nil {
			return nil, err
		}
	}
	if err := s.makeRun(); err != nil {
		return nil, err
	}
	if version == 0 {
		s.logf("making a cluster of PostgreSQL %d in %s", b.major, s.data())
		if err := s.initdb(ctx, b, lock); err != nil {
			return nil, err
		}
	}
	p, err := s.spawn(ctx, b, lock)
	if errors.Is(err, errEnded) && s.removeStale() {
		p, err = s.spawn(ctx, b, lock)
	}
	if err != nil {
		return nil, err
	}
	if err := s.bootstrap(ctx); err != nil {
		p.stop()
		return nil, err
	}
	if s.cfg.Detached {
		return &process{done: make(chan struct{})}, nil
	}
	return p, nil
}

// makeRun makes the folder of the socket, for the account alone.
func (s *Server) makeRun() error {
	if err := os.Mkdir(s.run(), 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return s.account.give(s.run())
}

// settings are the server's, the durable ones spelled out so that no file turns them off. What it logs holds no
// values of rows: details of errors and statements may name people.
func (s *Server) settings() []string {
	set := map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
		"listen_addresses": "", "port": port, "unix_socket_permissions": "0700",
		"unix_socket_directories": `"` + strings.ReplaceAll(s.run(), `"`, `""`) + `"`,
		"logging_collector":       "off", "log_destination": "stderr", "log_timezone": "UTC",
		"log_error_verbosity": "terse", "log_min_error_statement": "panic", "log_parameter_max_length_on_error": "0",
	}
	maps.Copy(set, s.cfg.Settings)
	var args []string
	for _, name := range slices.Sorted(maps.Keys(set)) {
		args = append(args, "-c", name+"="+set[name])
	}
	return args
}

// errEnded says that the server ended before it was ready.
var errEnded = errors.New("postgres ended before it was ready")

// spawn starts the server and waits until it answers, which after a crash may take as long as the crash was bad.
func (s *Server) spawn(ctx context.Context, b binaries, lock *os.File) (*process, error) {
	log, from, err := s.openLog()
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the server has its own hold on it
	c := s.command(context.WithoutCancel(ctx), filepath.Join(b.dir, "postgres"), append([]string{"-D", s.data()}, s.settings()...)...)
	c.Stdout, c.Stderr = log, log
	c.ExtraFiles = []*os.File{lock}
	if s.cfg.Detached {
		c.SysProcAttr.Setpgid, c.SysProcAttr.Setsid = false, true
	} else {
		stopWithParent(c.SysProcAttr)
	}
	p := &process{c, make(chan struct{})}
	if err := p.start(); err != nil {
		return nil, err
	}
	err = s.waitReady(ctx, p)
	if errors.Is(err, errEnded) {
		return nil, fmt.Errorf("%w: %s", err, logSince(s.file("postgres.log"), from))
	}
	if err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// start runs the child from a thread that lives as long as the child: the kernel takes the end of the thread for the
// end of the parent.
func (p *process) start() error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // how it ended stands in its log
			close(p.done)
		}
	}()
	return <-started
}

// waitReady waits until the bootstrap superuser can log in, or the server has ended.
func (s *Server) waitReady(ctx context.Context, p *process) error {
	slow := time.NewTicker(10 * time.Second)
	defer slow.Stop()
	for {
		if s.connects(ctx, s.url(superRole, s.secret.Super, "postgres")) == nil {
			return nil
		}
		select {
		case <-p.done:
			return errEnded
		case <-ctx.Done():
			return ctx.Err()
		case <-slow.C:
			s.logf("PostgreSQL is still starting")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// knock tries whether the product could work with a server that runs on the folder.
func (s *Server) knock(ctx context.Context) error {
	err := s.connects(ctx, s.url(AppRole, s.secret.App, Database))
	if sqlState(err) == tooManyConnections {
		return nil
	}
	return err
}

func (s *Server) connects(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// stop ends our child: fast, which breaks off its clients, and if that takes too long without asking.
func (p *process) stop() {
	if p.cmd == nil {
		return
	}
	for _, step := range []struct {
		signal os.Signal
		wait   time.Duration
	}{{syscall.SIGINT, 20 * time.Second}, {syscall.SIGQUIT, 10 * time.Second}, {syscall.SIGKILL, 10 * time.Second}} {
		_ = p.cmd.Process.Signal(step.signal) // fails only when it has ended
		select {
		case <-p.done:
			return
		case <-time.After(step.wait):
		}
	}
}

// keep watches over the server until Close. What this process started it starts again, sooner or later; what it joined
// it gives up when nobody has brought it back.
func (s *Server) keep(ctx context.Context, p *process) {
	defer close(s.gone)
	const shortest, longest = 100 * time.Millisecond, 30 * time.Second
	for delay := shortest; ; {
		if p.cmd == nil {
			s.watch(ctx, p)
		}
		steady := time.NewTimer(time.Minute)
		select {
		case <-ctx.Done():
			steady.Stop()
			p.stop()
			return
		case <-p.done:
		}
		select {
		case <-steady.C: // it ran for a while
			delay = shortest
		default:
			steady.Stop()
		}
		if s.joined {
			return
		}
		s.logf("PostgreSQL ended unexpectedly: starting it again")
		if p, delay = s.revive(ctx, delay, longest); p == nil {
			return
		}
	}
}

// revive starts the server again, however often that takes, and returns the delay to begin with next time.
// It returns no process after Close and when there is no cluster any more.
func (s *Server) revive(ctx context.Context, delay, longest time.Duration) (*process, time.Duration) {
	for {
		if pause(ctx, delay) != nil {
			return nil, 0
		}
		delay = min(2*delay, longest)
		p, err := s.ensure(ctx, false)
		if err == nil {
			return p, delay
		}
		if ctx.Err() != nil {
			return nil, 0
		}
		s.logf("starting PostgreSQL again: %v", err)
		if errors.Is(err, errVanished) {
			return nil, 0
		}
	}
}

// watch closes done when a server that is not our child has ended. For a joined one it allows its starter the time to
// bring it back; a server that recovers is there already.
func (s *Server) watch(ctx context.Context, p *process) {
	const every, allow = 500 * time.Millisecond, 10
	misses, most := 0, 1
	if s.joined {
		most = allow
	}
	go func() {
		for misses < most {
			if pause(ctx, every) != nil {
				return
			}
			misses++
			if s.inUse() {
				misses = 0
			}
		}
		close(p.done)
	}()
}

// openLog opens the server's log at its end, and puts one that has grown large aside.
func (s *Server) openLog() (f *os.File, size int64, err error) {
	const large = 10 << 20
	if st, err := os.Lstat(s.file("postgres.log")); err == nil && st.Size() > large {
		if err := os.Rename(s.file("postgres.log"), s.file("postgres.log.1")); err != nil {
			return nil, 0, err
		}
	}
	if f, err = s.open("postgres.log", os.O_WRONLY|os.O_APPEND); err != nil {
		return nil, 0, err
	}
	st, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, st.Size(), nil
}

// logSince returns what the server said after a moment, for an error message.
func logSince(path string, from int64) []byte {
	f, err := os.Open(path)
	if err != nil {
		return []byte(err.Error())
	}
	defer func() { _ = f.Close() }() // only read
	text, err := io.ReadAll(io.NewSectionReader(f, from, 1<<20))
	if err != nil {
		return []byte(err.Error())
	}
	return tail(text)
}
