package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// patience is how long a folder may be held by processes that do not answer before Open gives up.
const patience = 30 * time.Second

// lockStart waits for the right to start a server on the folder. Closing the file gives it up.
func (s *Server) lockStart(ctx context.Context) (*os.File, error) {
	for {
		f, ok, err := s.tryLock("lock", syscall.LOCK_EX)
		if ok || err != nil {
			return f, err
		}
		if err := pause(ctx, 25*time.Millisecond); err != nil {
			return nil, fmt.Errorf("another process is starting the server: %w", err)
		}
	}
}

// tryLock takes a lock file of the folder, if nobody has it in a way that clashes. Closing the file, in this process
// and in every child that inherited it, gives it up.
func (s *Server) tryLock(name string, how int) (*os.File, bool, error) {
	f, err := s.open(name, os.O_RDWR)
	if err != nil {
		return nil, false, err
	}
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if err == nil {
		return f, true, nil
	}
	closeErr := f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, false, closeErr
	}
	return nil, false, fmt.Errorf("lock %s: %w", s.file(name), err)
}

// claim waits until either nobody uses the cluster, and returns pg.lock held, or a server on it answers (joined).
// Call it with the start lock held.
func (s *Server) claim(ctx context.Context) (lock *os.File, joined bool, err error) {
	impatient := time.NewTimer(patience)
	defer impatient.Stop()
	for {
		f, ok, err := s.tryLock("pg.lock", syscall.LOCK_EX)
		if err != nil {
			return nil, false, err
		}
		if ok {
			if len(s.squatters()) == 0 {
				return f, false, nil
			}
			if err := f.Close(); err != nil {
				return nil, false, err
			}
		}
		knock := s.knock(ctx)
		if knock == nil {
			return nil, true, nil
		}
		if sqlState(knock) == cannotConnectNow { // it starts, recovers or stops: that may take its time
			impatient.Reset(patience)
		}
		select {
		case <-ctx.Done():
			return nil, false, ctx.Err()
		case <-impatient.C:
			return nil, false, fmt.Errorf("processes %v hold %s but no server answers there: %w", s.squatters(), s.data(), knock)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// inUse reports whether a server, or anything left of one, runs on the cluster.
func (s *Server) inUse() bool {
	f, free, err := s.tryLock("pg.lock", syscall.LOCK_SH)
	if err != nil {
		return false
	}
	if free {
		_ = f.Close() // nothing was written
		return len(s.squatters()) > 0
	}
	return true
}

// squatters returns the processes that work inside the cluster: every process of a server does. Zombies do not count.
// Where /proc hides from a root of few rights where a process works, the one that the cluster's lock file names counts.
func (s *Server) squatters() []int {
	data, err := filepath.EvalSymlinks(s.data())
	if err != nil {
		return nil // no cluster, so nobody in it
	}
	links, _ := filepath.Glob("/proc/[0-9]*/cwd") // the pattern is well formed
	var pids []int
	for _, link := range links {
		proc := filepath.Dir(link)
		pid, err := strconv.Atoi(filepath.Base(proc))
		if err != nil {
			continue
		}
		cwd, err := os.Readlink(link)
		hidden := errors.Is(err, os.ErrPermission) && pid == s.recorded() && !zombie(proc)
		if cwd == data || hidden {
			pids = append(pids, pid)
		}
	}
	return pids
}

// recorded returns the process id in the cluster's lock file, or 0.
func (s *Server) recorded() int {
	text, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return 0
	}
	return pid
}

// zombie reports whether a process, given by its folder under /proc, has ended and only waits for its parent.
func zombie(proc string) bool {
	text, err := os.ReadFile(filepath.Join(proc, "stat"))
	if err != nil {
		return true // gone meanwhile
	}
	state := bytes.TrimSpace(text[bytes.LastIndexByte(text, ')')+1:])
	return bytes.HasPrefix(state, []byte("Z"))
}

// removeStale removes the lock files of a dead server that PostgreSQL itself dares not remove, because their process
// id is a zombie's or has been given out again. It reports whether there was anything to remove.
// Only for the holder of both our locks: pg.lock shows that no child of a server that we started lives, also where it
// runs in another container; the look in /proc shows the same for a server that was started by hand.
func (s *Server) removeStale() bool {
	if _, err := os.Stat("/proc/self/cwd"); err != nil || len(s.squatters()) > 0 {
		return false
	}
	removed := false
	for _, path := range []string{
		filepath.Join(s.data(), "postmaster.pid"),
		filepath.Join(s.run(), ".s.PGSQL."+port+".lock"),
	} {
		if os.Remove(path) == nil {
			s.logf("removed %s, left by a PostgreSQL that is gone", path)
			removed = true
		}
	}
	return removed
}

const (
	cannotConnectNow   = "57P03"
	tooManyConnections = "53300"
)

// sqlState returns the code of an error that the server sent, or "".
func sqlState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
