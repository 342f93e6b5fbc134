package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // goose talks database/sql
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/migrations"
)

// Migrate brings the database at url to the schema of this program, as the
// owner. Processes that do so together wait for each other.
func Migrate(ctx context.Context, url string) error {
	err := withProvider(url, func(p *goose.Provider) error {
		var err error
		for range attempts { // it may lose against a save that is under way, and is then as it was
			if _, err = p.Up(ctx); !lost(err) {
				break
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return markSince(ctx, url, migrations.Serves)
}

// sincePrefix begins what stands at the table of migrations: the schema of the
// oldest program that can serve on this one. It is a comment, so that programs of
// before it was there are not troubled.
const sincePrefix = "serves programs from schema "

func markSince(ctx context.Context, url string, since int64) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // what was written is committed
	if _, err := conn.Exec(ctx, fmt.Sprintf(`comment on table public.goose_db_version is '%s%d' -- store.markSince`, sincePrefix, since)); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func withProvider(url string, fn func(*goose.Provider) error) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer func() { _ = db.Close() }() // nothing was written through it that is not committed
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := fn(p); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// latest is the number of the newest migration file.
func latest() (int64, error) {
	entries, err := migrations.FS.ReadDir(".")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, e := range entries {
		n, err := goose.NumericComponent(e.Name())
		if err == nil && n > newest {
			newest = n
		}
	}
	return newest, nil
}

// Health is what /readyz tells.
type Health struct {
	Schema  int64 // version of the database
	Program int64 // version this program was made for
	Since   int64 // the schema of the oldest program that can serve on this one; 0 where nothing says so
	Roles   bool  // the group roles are there and can be taken on
}

// Fits reports whether this program can serve on the schema: its own, or a newer
// one that says that it takes nothing away from this program (expand first,
// contract a version later).
func (h Health) Fits() bool {
	return h.Schema == h.Program || h.Schema > h.Program && h.Since != 0 && h.Since <= h.Program
}

// Ready asks the database how it is.
func (s *Store) Ready(ctx context.Context) (Health, error) {
	var h Health
	var err error
	if h.Program, err = latest(); err != nil {
		return h, err
	}
	err = s.db.QueryRow(ctx, `
		select coalesce((select max(version_id) from public.goose_db_version where is_applied), 0), -- store.Ready
			(select count(*) = 4 from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')
				and pg_has_role(oid, 'member')),
			coalesce(substring(obj_description('public.goose_db_version'::regclass) from $1 || '(\d+)$')::bigint, 0)`, sincePrefix).Scan(&h.Schema, &h.Roles, &h.Since)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "42P01" { // no such table
		return h, errs.Errorf(errs.Unavailable, "De database heeft nog geen schema. Voer `uitvraag migrate` uit.")
	}
	return h, wrap(err)
}

// DetectRoles returns a store that fits the database: with the group roles
// where they can be taken on.
func (s *Store) DetectRoles(ctx context.Context) (*Store, error) {
	h, err := s.Ready(ctx)
	if err != nil {
		return s, err
	}
	if !h.Roles {
		return s.WithoutRoles(), nil
	}
	return s, nil
}
