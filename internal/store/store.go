// Package store remembers: all SQL is here, one file per noun. It knows neither
// the web nor the worker, and decides nothing that a plain function could.
package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/errs"
)

// A Role is a group role of the database that one transaction takes on.
type role string

// The roles of DESIGN 4.
const (
	collect   role = "collect"   // the questionnaire
	fieldwork role = "fieldwork" // register, contacts, staff
	analysis  role = "analysis"  // answers without persons
	keeper    role = "audit"     // the audit log, and nothing else
)

// A Store is the database. Any number of processes may share one.
type Store struct {
	db     *pgxpool.Pool
	roles  bool
	secret []byte // of the hashes of addresses; nil where none was given
}

// patience is how long a request waits for the database before the page says
// that it is busy (standards 5C rows 10 and 11).
const patience = 5 * time.Second

// Open connects to the database at url. It does not wait for the database to
// be there: requests find out, and so does Ready.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	config.MaxConnLifetime = time.Hour
	config.ConnConfig.ConnectTimeout = patience
	config.ConnConfig.RuntimeParams["statement_timeout"] = "15000"
	config.ConnConfig.RuntimeParams["lock_timeout"] = "8000"
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "30000"
	config.ConnConfig.RuntimeParams["application_name"] = "uitvraag"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &Store{db: pool, roles: true}, nil
}

// New makes a store of a pool that is managed elsewhere, with a secret of its
// own: hashes of addresses that it keeps mean nothing to another store.
func New(pool *pgxpool.Pool) *Store {
	return &Store{db: pool, roles: true, secret: []byte(NewToken())}
}

// WithSecret returns a store that keeps hashes of addresses by a secret, which
// must be the same for every program on the database. A store of Open has none
// before, and can do nothing that adds addresses.
func (s *Store) WithSecret(secret string) *Store {
	c := *s
	c.secret = []byte(secret)
	return &c
}

// WithoutRoles returns a store that runs every transaction as the role that
// logged in: for a database where the group roles may not be created.
func (s *Store) WithoutRoles() *Store {
	c := *s
	c.roles = false
	return &c
}

// Close ends all connections.
func (s *Store) Close() { s.db.Close() }

// attempts is how often a transaction is tried that lost against another one.
const attempts = 3

// tx runs fn in one transaction as r. A deadlock or a serialization failure is
// tried again; an unreachable database becomes errs.Unavailable.
func (s *Store) tx(ctx context.Context, r role, fn func(pgx.Tx) error) error {
	return s.txWith(ctx, r, "read committed", fn)
}

// read runs fn in a transaction that sees one moment and writes nothing.
func (s *Store) read(ctx context.Context, r role, fn func(pgx.Tx) error) error {
	return s.txWith(ctx, r, "repeatable read, read only", fn)
}

func (s *Store) txWith(ctx context.Context, r role, mode string, fn func(pgx.Tx) error) error {
	begin := "begin isolation level " + mode
	if s.roles {
		begin += "; set local role " + string(r)
	}
	var err error
	for range attempts {
		err = pgx.BeginTxFunc(ctx, s.db, pgx.TxOptions{BeginQuery: begin}, fn)
		if !lost(err) {
			break
		}
	}
	return wrap(err)
}

// lost reports whether a transaction failed only because of another one, so that
// it may go well when it is run again. Two that each let their own questionnaire
// count for one unit are such a case: the second then finds the first.
func lost(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01" || pg.Code == "23505" && pg.ConstraintName == "coverage_counting")
}

// wrap gives a kind to failures that say the database is away or overloaded.
func wrap(err error) error {
	if err == nil || errs.KindOf(err) != errs.Internal {
		return err
	}
	if away(err) {
		return errs.Wrap(err, errs.Unavailable, "Wij kunnen nu even niets opslaan of opzoeken. Probeer het over een minuut nog eens.")
	}
	return err
}

func away(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code[:2] {
		case "08", "53", "57", "58": // connection, resources, operator, system
			return true
		}
		return pg.Code == "55P03" || pg.Code == "25006" || lost(err) // lock not available, read only
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, net.ErrClosed) || pgconn.Timeout(err) ||
		errors.Is(err, pgx.ErrTxCommitRollback) || pgconn.SafeToRetry(err) || closed(err)
}

// closed recognises a connection that ended while it was used.
func closed(err error) bool {
	type unexpected interface{ Unwrap() error }
	for e := err; e != nil; {
		if e.Error() == "unexpected EOF" || e.Error() == "conn closed" || e.Error() == "EOF" {
			return true
		}
		u, ok := e.(unexpected)
		if !ok {
			return false
		}
		e = u.Unwrap()
	}
	return false
}

// violates reports whether err is a violation of the named constraint.
func violates(err error, constraint string) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.ConstraintName == constraint
}

// one returns the single row of a query, and a NotFound with the given text
// where there is none.
func one[T any](ctx context.Context, tx pgx.Tx, scan pgx.RowToFunc[T], missing, sql string, args ...any) (T, error) {
	rows, _ := tx.Query(ctx, sql, args...) // a failed query is reported by the collector
	v, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, errs.Errorf(errs.NotFound, "%s", missing)
	}
	return v, err
}

// all returns the rows of a query.
func all[T any](ctx context.Context, tx pgx.Tx, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	rows, _ := tx.Query(ctx, sql, args...) // a failed query is reported by the collector
	return pgx.CollectRows(rows, scan)
}
