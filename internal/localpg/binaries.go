package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// oldest is the first major version that our SQL runs on.
const oldest = 15

// binaries are a folder with initdb and postgres of one major version.
type binaries struct {
	dir   string
	major int
}

func (b binaries) fits(want int) bool {
	return b.dir != "" && b.major >= oldest && (want == 0 || b.major == want)
}

// findBinaries returns binaries of the major version want, or of any that will do if want is 0.
// It installs them where there are none.
func (s *Server) findBinaries(ctx context.Context, want int) (binaries, error) {
	if s.cfg.BinDir != "" {
		b, err := s.probe(ctx, s.cfg.BinDir)
		if err == nil && !b.fits(want) {
			err = fmt.Errorf("they are of version %d, not of %s", b.major, versionText(want))
		}
		if err != nil {
			return b, fmt.Errorf("the PostgreSQL binaries in %s cannot be used: %w", s.cfg.BinDir, err)
		}
		return b, nil
	}
	if b, ok := s.onMachine(ctx, want); ok {
		return b, nil
	}
	if want == 0 || want == archiveMajor {
		if b, err := s.probe(ctx, s.unpacked()); err == nil {
			return b, nil
		}
	}
	return s.install(ctx, want)
}

// onMachine looks where packages of distributions put PostgreSQL.
func (s *Server) onMachine(ctx context.Context, want int) (binaries, bool) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		if b, err := s.probe(ctx, filepath.Dir(path)); err == nil && b.fits(want) {
			return b, true
		}
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"} {
		if b := s.newest(ctx, pattern, want); b.fits(want) {
			return b, true
		}
	}
	return binaries{}, false
}

// newest returns the binaries of the highest fitting version among folders.
func (s *Server) newest(ctx context.Context, pattern string, want int) binaries {
	var best binaries
	dirs, _ := filepath.Glob(pattern) // the patterns are well formed
	for _, dir := range dirs {
		if b, err := s.probe(ctx, dir); err == nil && b.fits(want) && b.major > best.major {
			best = b
		}
	}
	return best
}

// probe asks the binaries in a folder for their version, as the account that will run them.
func (s *Server) probe(ctx context.Context, dir string) (binaries, error) {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return binaries{}, err
		}
	}
	out, err := s.command(ctx, filepath.Join(dir, "initdb"), "--version").Output()
	if b := s.account.barrier(dir); err != nil && b != "" {
		return binaries{}, fmt.Errorf("%s may not enter %s", s.account.name, b)
	}
	if err != nil {
		return binaries{}, err
	}
	// initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
	words := strings.Fields(string(out))
	if len(words) < 3 {
		return binaries{}, fmt.Errorf("initdb --version says %q", out)
	}
	major, err := strconv.Atoi(words[2][:digits(words[2])])
	return binaries{dir, major}, err
}

// digits counts the digits that a text starts with.
func digits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}

// install gets binaries that the machine does not have, with the first means that works.
func (s *Server) install(ctx context.Context, want int) (binaries, error) {
	var failures []error
	if want == 0 || want == archiveMajor {
		err := s.fetchArchive(ctx)
		if err == nil {
			return s.probe(ctx, s.unpacked())
		}
		if s.cfg.Archive != "" {
			return binaries{}, err
		}
		failures = append(failures, err)
	}
	err := s.aptInstall(ctx, want)
	if err == nil {
		if b, ok := s.onMachine(ctx, want); ok {
			return b, nil
		}
		err = fmt.Errorf("apt-get installed no %s", versionText(want))
	}
	failures = append(failures, err)
	for _, f := range failures {
		if !errors.Is(f, errNoMeans) {
			s.logf("%v", f)
		}
	}
	return binaries{}, s.nothingFound(want)
}

// errNoMeans marks a way to install that this machine does not offer.
var errNoMeans = errors.New("not possible here")

// nothingFound says in three lines what a person can do.
func (s *Server) nothingFound(want int) error {
	pkg := "the package postgresql"
	if want != 0 {
		pkg = fmt.Sprintf("the package postgresql-%d, which made the cluster in %s", want, s.data())
	}
	archive := "set UITVRAAG_POSTGRES_ARCHIVE to a file " + archiveName()
	if want != 0 && want != archiveMajor {
		archive = "set PG_BIN to a folder with its initdb and postgres"
	}
	return fmt.Errorf("no %s is on this machine and none could be installed. Either\n"+
		"  set DATABASE_URL to a database of your own, or\n"+
		"  install %s, or\n"+
		"  %s", versionText(want), pkg, archive)
}

func versionText(want int) string {
	if want == 0 {
		return fmt.Sprintf("PostgreSQL %d or newer", oldest)
	}
	return fmt.Sprintf("PostgreSQL %d", want)
}

// clusterVersion returns the major version that made the cluster, or 0 if there is no cluster yet.
func (s *Server) clusterVersion() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.data(), "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(string(bytes.TrimSpace(text)))
	if err != nil {
		return 0, fmt.Errorf("%s names no version: %q", filepath.Join(s.data(), "PG_VERSION"), text)
	}
	return major, nil
}

// command prepares a program of PostgreSQL to run as the account, in a process group of its own, so that a ^C at the
// terminal does not stop the server before the work that needs it.
func (s *Server) command(ctx context.Context, path string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, path, args...)
	c.Dir = "/"
	c.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.account.credential()}
	return c
}

// aptInstall installs the distribution's package, without its usual cluster and service, if this process is root on
// Debian or Ubuntu.
func (s *Server) aptInstall(ctx context.Context, want int) error {
	apt, err := exec.LookPath("apt-get")
	if s.cfg.NoInstall || os.Geteuid() != 0 || err != nil {
		return fmt.Errorf("apt-get: %w", errNoMeans)
	}
	if err := forbidMainCluster("/etc/postgresql-common"); err != nil {
		return err
	}
	pkg := "postgresql"
	if want != 0 {
		pkg = fmt.Sprintf("postgresql-%d", want)
	}
	s.logf("installing the package %s with apt-get", pkg)
	options := []string{"-q", "-y", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Options::=--force-confold"}
	steps := [][]string{
		append(slices.Clone(options), "update"),
		append(slices.Clone(options), "install", "--no-install-recommends", pkg),
	}
	for _, args := range steps {
		c := exec.CommandContext(ctx, apt, args...)
		c.Env = append(c.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("apt-get %s: %w\n%s", args[len(options)], err, tail(out))
		}
	}
	return nil
}

// forbidMainCluster keeps Debian's packages from making a cluster and a service on port 5432 that nobody asked for.
// A file that is there already is somebody's decision, and stays.
func forbidMainCluster(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, "createcluster.conf"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString("create_main_cluster = false\n")
	return errors.Join(err, f.Close())
}

// tail returns the end of a program's output, which is where its complaint is.
func tail(out []byte) []byte {
	const most = 2000
	out = bytes.TrimSpace(out)
	return out[max(0, len(out)-most):]
}
