// Package localpg keeps the private PostgreSQL of a single machine, for people who set up nothing: it finds or
// installs the binaries, makes the cluster, starts the server, joins one that runs already, restarts one that dies
// and stops it at the end. It knows folders, processes, roles and one empty database; it never knows the schema.
//
// In the product's folder stand:
//
//	pg            the cluster (PGDATA), owned by the unprivileged user that the server runs as
//	pg.init       a cluster in the making; thrown away when found
//	run           the unix socket
//	pg.secret     the passwords of the three login roles, for the product's user only
//	postgres.log  what the server says
//	lock          held by a process while it starts a server
//	pg.lock       held by the server itself and all its children, so that the kernel tells when the last one is gone
package localpg

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// The names that Open makes and the rest of the product relies on.
const (
	Database  = "uitvraag"       // the database, owned by OwnerRole
	AppRole   = "uitvraag"       // logs in, owns nothing, may set role to each of GroupRoles
	OwnerRole = "uitvraag_owner" // logs in, may create databases and roles, is no superuser
)

// GroupRoles are the roles without login that the schema hands its rights to.
var GroupRoles = []string{"collect", "fieldwork", "analysis", "audit"}

const (
	superRole = "postgres"
	port      = "5432" // only names the socket: no port is listened on
)

// A Config says where the private server lives and what may be done to get one. Only Dir is required.
type Config struct {
	Dir       string            // data folder of the product; the cluster is its subfolder pg
	BinDir    string            // folder with initdb and postgres, when it must be that one (PG_BIN)
	Archive   string            // the pinned archive of binaries as a file (UITVRAAG_POSTGRES_ARCHIVE)
	SudoUser  string            // who called sudo (SUDO_USER); the server of a new folder runs as this user
	NoInstall bool              // get nothing with npm or apt-get
	Detached  bool              // the server outlives this process: neither its end nor Close stops it, nothing restarts it
	Settings  map[string]string // server settings that go over the durable ones
	Logf      func(format string, args ...any)
}

// A Server is a private PostgreSQL that answers, started by this process or joined.
type Server struct {
	cfg     Config
	dir     string
	account account
	secret  secrets
	joined  bool

	cancel context.CancelFunc
	gone   chan struct{}
	once   sync.Once
}

// Open joins the server that runs on the folder, or else starts one, making the cluster first where there is none.
// Of several processes that open a folder at once one starts the server and the others join it.
// The context bounds the opening only; an opened server runs until Close.
func Open(ctx context.Context, cfg Config) (*Server, error) {
	s, err := newServer(cfg)
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	p, err := s.ensure(ctx, true)
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	s.joined = p.cmd == nil
	keeping, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = cancel
	go s.keep(keeping, p)
	return s, nil
}

// URL returns the connection string of AppRole.
func (s *Server) URL() string { return s.url(AppRole, s.secret.App, Database) }

// OwnerURL returns the connection string of OwnerRole.
func (s *Server) OwnerURL() string { return s.url(OwnerRole, s.secret.Owner, Database) }

// Joined reports whether Open found the server running, so that another process decides how long it lives.
func (s *Server) Joined() bool { return s.joined }

// Wait returns a channel that is closed when the server is gone for good: after Close, when a joined server has been
// away for longer than a restart takes, or when the cluster itself has disappeared.
func (s *Server) Wait() <-chan struct{} { return s.gone }

// Close stops the server if this process started it, waits until it has gone, and leaves joined and detached
// servers alone. It may be called more than once.
func (s *Server) Close() error {
	s.once.Do(s.cancel)
	<-s.gone
	return nil
}

func newServer(cfg Config) (*Server, error) {
	if cfg.Dir == "" {
		return nil, errors.New("no data folder given")
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if cfg.Logf == nil {
		cfg.Logf = func(string, ...any) {}
	}
	s := &Server{cfg: cfg, dir: dir, gone: make(chan struct{})}
	if err := s.checkSocketPath(); err != nil {
		return nil, err
	}
	if err := makeFolder(dir); err != nil {
		return nil, fmt.Errorf("cannot make the data folder: %w", err)
	}
	s.account, err = chooseAccount(dir, s.data(), cfg.SudoUser)
	return s, err
}

func (s *Server) data() string               { return filepath.Join(s.dir, "pg") }
func (s *Server) run() string                { return filepath.Join(s.dir, "run") }
func (s *Server) file(name string) string    { return filepath.Join(s.dir, name) }
func (s *Server) logf(f string, args ...any) { s.cfg.Logf(f, args...) }

func (s *Server) url(user, password, database string) string {
	q := url.Values{"host": {s.run()}, "port": {port}}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Path: "/" + database, RawQuery: q.Encode()}
	return u.String()
}

// checkSocketPath refuses what the kernel would: a socket's path has at most 107 bytes.
func (s *Server) checkSocketPath() error {
	const limit = 107
	socket := filepath.Join(s.run(), ".s.PGSQL."+port)
	if over := len(socket) - limit; over > 0 {
		return fmt.Errorf("the data folder %s has a path that is %d bytes too long for a socket in it: choose a shorter one",
			s.dir, over)
	}
	return nil
}

// open opens a file of ours in the folder and gives it to the folder's owner, so that a run as root locks nobody out.
// It follows no link: the folder's owner may be someone else than this process.
func (s *Server) open(name string, flag int) (*os.File, error) {
	f, err := os.OpenFile(s.file(name), flag|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("user %d cannot write in %s, which belongs to user %d: %w",
			os.Geteuid(), s.dir, ownerOf(s.dir), err)
	}
	if err != nil {
		return nil, err
	}
	if err := s.disown(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// disown gives a file that root made to the owner of the folder.
func (s *Server) disown(f *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	st, err := os.Stat(s.dir)
	if err != nil {
		return err
	}
	sys := st.Sys().(*syscall.Stat_t)
	return f.Chown(int(sys.Uid), int(sys.Gid))
}
