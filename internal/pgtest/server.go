package pgtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/localpg"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/migrations"
)

// Databases are called uitvraag_tpl_<schema> and uitvraag_t_<process>_<number>. A process is in application_name for
// as long as it lives, with its schema, so that everybody can see which databases are still needed.
const (
	templates = "uitvraag_tpl_"
	clones    = "uitvraag_t_"
	crowded   = 100        // databases of 8 MB from which on old ones are removed
	removals  = 100        // databases that one process removes at most, 8 ms each
	oneAtOnce = 1818846835 // advisory lock of who makes a template or removes databases
)

// settings make the server fast and forgetful. Nothing analyses tables behind a test's back.
var settings = map[string]string{
	"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
	"max_connections": "400", "max_wal_size": "256MB", "min_wal_size": "32MB",
}

// A server is this process's connection to the server that holds the databases.
type server struct {
	address  string // of the database that the connection is on
	schema   string // hash of the migrations
	process  string // this process's part in the names of its clones
	mu       sync.Mutex
	conn     *pgx.Conn // stays open: it shows that this process lives
	sequence int
}

func connect(ctx context.Context) (*server, error) {
	address := os.Getenv("UITVRAAG_TEST_DATABASE_URL")
	if address == "" {
		var err error
		if address, err = throwAway(ctx); err != nil {
			return nil, err
		}
	}
	schema, err := schemaHash()
	if err != nil {
		return nil, err
	}
	s := &server{address: address, schema: schema, process: strings.ToLower(rand.Text()[:12])}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "pgtest " + s.process + " " + schema
	if s.conn, err = pgx.ConnectConfig(ctx, config); err != nil {
		return nil, err
	}
	return s, s.prepare(ctx)
}

// throwAway starts or joins the shared server and returns its address.
func throwAway(ctx context.Context) (string, error) {
	config := localpg.Config{
		BinDir: os.Getenv("PG_BIN"), Archive: os.Getenv("UITVRAAG_POSTGRES_ARCHIVE"), SudoUser: os.Getenv("SUDO_USER"),
		Detached: true, Settings: settings,
	}
	kind := sha256.Sum256(fmt.Append(nil, config.BinDir, config.Archive, settings)) // a map is printed in order
	name := fmt.Sprintf("uitvraag-test-%d-%x", os.Geteuid(), kind[:4])
	var err error
	if config.Dir, err = folder(name); err != nil {
		return "", err
	}
	s, err := localpg.Open(ctx, config)
	if err != nil {
		return "", fmt.Errorf("%w\n(%s may be deleted)", err, config.Dir)
	}
	return s.OwnerURL(), s.Close()
}

// folder makes or finds the server's folder, in memory if there is room. In a place where everybody may write, it must
// be our own.
func folder(name string) (string, error) {
	const room = 2 << 30
	dir := filepath.Join(os.TempDir(), name)
	inMemory := filepath.Join("/dev/shm", name)
	var shm syscall.Statfs_t
	err := syscall.Statfs("/dev/shm", &shm)
	if _, there := os.Lstat(inMemory); there == nil || err == nil && shm.Bavail*uint64(shm.Bsize) >= room {
		dir = inMemory
	}
	if err := os.Mkdir(dir, 0o711); err != nil && !os.IsExist(err) {
		return "", err
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if !st.IsDir() || int(st.Sys().(*syscall.Stat_t).Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s is not a folder of this user", dir)
	}
	return dir, os.Chmod(dir, 0o711) // whatever the umask
}

// schemaHash names the schema: our migrations, and the versions of the modules that bring tables of their own.
func schemaHash() (string, error) {
	var all []byte
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if strings.HasPrefix(m.Path, "github.com/riverqueue/") || strings.HasPrefix(m.Path, "github.com/pressly/goose/") {
				all = fmt.Appendln(all, m.Path, m.Version)
			}
		}
	}
	err := fs.WalkDir(migrations.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".sql" {
			return err
		}
		text, err := migrations.FS.ReadFile(path)
		all = fmt.Appendf(all, "%s %d\n%s", path, len(text), text)
		return err
	})
	hash := sha256.Sum256(all)
	return hex.EncodeToString(hash[:8]), err
}

// prepare makes room and the template. One process does so at a time, so that none removes what another relies on.
func (s *server) prepare(ctx context.Context) error {
	if _, err := s.conn.Exec(ctx, `select pg_advisory_lock($1)`, oneAtOnce); err != nil {
		return err
	}
	err := s.makeRoom(ctx)
	if err == nil {
		err = s.makeTemplate(ctx)
	}
	if err != nil {
		return err // the connection, and the lock with it, end with this process
	}
	_, err = s.conn.Exec(ctx, `select pg_advisory_unlock($1)`, oneAtOnce)
	return err
}

// makeTemplate makes a migrated database to clone, if there is none of this schema. It gets its name when it is
// complete.
func (s *server) makeTemplate(ctx context.Context) error {
	name := templates + s.schema
	var there bool
	err := s.conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there)
	if err != nil || there {
		return err
	}
	unfinished := name + "_new"
	if err := s.do(ctx, "drop database if exists "+unfinished+" with (force)", "create database "+unfinished); err != nil {
		return err
	}
	address, err := s.on(unfinished)
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx, address); err != nil {
		return err
	}
	return s.do(ctx,
		"alter database "+unfinished+" with allow_connections false", // a template in use cannot be cloned
		"alter database "+unfinished+" rename to "+name)
}

// makeRoom removes databases of processes that are gone, and templates that no living process clones, the oldest
// first, once there are many.
func (s *server) makeRoom(ctx context.Context) error {
	rows, _ := s.conn.Query(ctx, `
		select datname from pg_database d
		where (datname like $1 || '%' or datname like $2 || '%')
			and (select count(*) from pg_database) > $3
			and not exists (select from pg_stat_activity a where a.datname = d.datname)
			and not exists (
				select from pg_stat_activity
				where application_name like 'pgtest %'
					and split_part(d.datname, '_', 3) in (split_part(application_name, ' ', 2), split_part(application_name, ' ', 3)))
		order by oid
		limit $4`, templates, clones, crowded, removals)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.do(ctx, "drop database if exists "+name); err != nil {
			return err
		}
	}
	return nil
}

// clone copies the template and returns the address of the copy.
func (s *server) clone(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sequence++
	name := fmt.Sprintf("%s%s_%d", clones, s.process, s.sequence)
	if err := s.do(ctx, "create database "+name+" template "+templates+s.schema+" strategy file_copy"); err != nil {
		return "", err
	}
	return s.on(name)
}

func (s *server) do(ctx context.Context, statements ...string) error {
	for _, sql := range statements {
		if _, err := s.conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// on returns the server's address with another database.
func (s *server) on(database string) (string, error) {
	u, err := url.Parse(s.address)
	if err != nil || u.Scheme == "" {
		return "", fmt.Errorf("UITVRAAG_TEST_DATABASE_URL must be a postgres:// address")
	}
	u.Path = "/" + database
	return u.String(), nil
}
