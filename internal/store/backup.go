package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"

	"github.com/uitvraag/uitvraag/internal/backup"
)

// schemas are those of DESIGN 4: all that this program keeps stands in them.
var schemas = []string{"register", "contact", "field", "answer", "analysis", "staff"}

// inText makes values the same text on every server.
const inText = `set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601'; set local timezone = 'UTC'; set local extra_float_digits = 3;
	set local bytea_output = 'hex'; set local client_encoding = 'UTF8'; set local statement_timeout = 0; set local lock_timeout = '60s';
	set local idle_in_transaction_session_timeout = 0; set local synchronize_seqscans = off`

// Dump writes all tables of the database at url, as they are at one moment, to
// the backup that open makes of its header. The login must be one that may read
// everything: the owner. Nobody has to stop working meanwhile.
func Dump(ctx context.Context, url string, h backup.Header, open func(backup.Header) (*backup.Writer, error)) (backup.Manifest, error) {
	var m backup.Manifest
	err := withOwner(ctx, url, func(c *pgx.Conn) error {
		return pgx.BeginTxFunc(ctx, c, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, inText); err != nil {
				return err
			}
			err := tx.QueryRow(ctx, `select (select max(version_id) from public.goose_db_version where is_applied), current_setting('server_version') -- store.Dump`).Scan(&h.Schema, &h.Postgres)
			if err != nil {
				return err
			}
			if h.Tables, err = tablesOf(ctx, tx); err != nil {
				return err
			}
			w, err := open(h)
			if err != nil {
				return err
			}
			for _, t := range h.Tables {
				err := w.Table(func(rows io.Writer) error { return copyOut(ctx, tx, t, rows) })
				if err != nil {
					return fmt.Errorf("%s: %w", t.Name, err)
				}
			}
			// Last, so that no row has a number that its sequence did not give out yet.
			sequences, err := all(ctx, tx, pgx.RowToStructByPos[backup.Sequence], `
				select schemaname || '.' || sequencename, last_value from pg_sequences where schemaname = any($1) and last_value is not null order by 1 -- store.Dump`, schemas)
			if err != nil {
				return err
			}
			m, err = w.Close(sequences)
			return err
		})
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "42P01" { // no such table
		err = errors.New("there is nothing to copy: the database has no schema")
	}
	if err != nil {
		return m, fmt.Errorf("dump: %w", err)
	}
	return m, nil
}

// withOwner runs fn on one connection of the owner's, without the time limits of
// a request.
func withOwner(ctx context.Context, url string, fn func(*pgx.Conn) error) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return wrap(err)
	}
	err = fn(c)
	if closed := c.Close(context.WithoutCancel(ctx)); err == nil {
		err = closed
	}
	return wrap(err)
}

// tablesOf returns all tables with the columns that can be written.
func tablesOf(ctx context.Context, tx pgx.Tx) ([]backup.Table, error) {
	return all(ctx, tx, pgx.RowToStructByPos[backup.Table], `
		select n.nspname || '.' || c.relname, array(select a.attname::text from pg_attribute a -- store.tablesOf
			where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum)
		from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname = any($1) order by n.nspname, c.relname`, schemas)
}

func quoted(t backup.Table) string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = pgx.Identifier{c}.Sanitize()
	}
	return pgx.Identifier(strings.SplitN(t.Name, ".", 2)).Sanitize() + " (" + strings.Join(columns, ", ") + ")"
}

func copyOut(ctx context.Context, tx pgx.Tx, t backup.Table, w io.Writer) error {
	_, err := tx.Conn().PgConn().CopyTo(ctx, w, "copy "+quoted(t)+" to stdout")
	return err
}

// ErrOccupied says that a database holds something already: a backup is never
// put over it.
var ErrOccupied = errors.New("the database is not empty")

// A Restored is what came of a restore.
type Restored struct {
	backup.Manifest
	Unsure int // messages that may have gone out since the backup
	Erased int // things that were erased since the backup, and again now
}

// Load fills an empty database at url from a backup, as its owner, and compares
// every table with what the backup holds before anything of it can be seen. It
// comes up with sending locked: what was waiting is unsure, because it may have
// gone out since (P7), and everybody has to sign in again. Then the schema is
// brought to that of this program, and what the ledger says was erased since the
// backup is erased again.
func Load(ctx context.Context, url string, r *backup.Reader, ledger []Erased, now time.Time) (Restored, error) {
	var out Restored
	newest, err := latest()
	if err == nil && r.Schema > newest {
		err = backup.ErrNewer
	}
	if err == nil {
		err = withOwner(ctx, url, func(c *pgx.Conn) error { return clearEmpty(ctx, c) })
	}
	if err == nil {
		err = withProvider(url, func(p *goose.Provider) error {
			_, err := p.UpTo(ctx, r.Schema)
			return err
		})
	}
	if err == nil {
		err = withOwner(ctx, url, func(c *pgx.Conn) error {
			return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) (err error) {
				out, err = load(ctx, tx, r, now)
				return err
			})
		})
	}
	if err == nil {
		err = Migrate(ctx, url)
	}
	if err == nil {
		err = withOwner(ctx, url, func(c *pgx.Conn) error {
			return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) (err error) {
				out.Erased, err = replay(ctx, tx, ledger, r.Made)
				return err
			})
		})
	}
	if err != nil {
		return out, fmt.Errorf("restore: %w", err)
	}
	return out, nil
}

// clearEmpty removes a schema without rows, so that the one of the backup can
// take its place.
func clearEmpty(ctx context.Context, c *pgx.Conn) error {
	return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
		var there []string
		var ours bool
		err := tx.QueryRow(ctx, `
			select array(select nspname::text from pg_namespace where nspname = any($1)), to_regclass('public.goose_db_version') is not null -- store.clearEmpty`, schemas).Scan(&there, &ours)
		if err != nil || len(there) == 0 && !ours {
			return err
		}
		if !ours {
			return fmt.Errorf("%w: it has a schema %s that is not Uitvraag's", ErrOccupied, there[0])
		}
		tables, err := tablesOf(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if t.Name == settingsTable {
				continue
			}
			var some bool
			name := pgx.Identifier(strings.SplitN(t.Name, ".", 2)).Sanitize()
			if err := tx.QueryRow(ctx, `select exists (select from `+name+`) -- store.clearEmpty`).Scan(&some); err != nil {
				return err
			}
			if some {
				return fmt.Errorf("%w: %s has rows", ErrOccupied, t.Name)
			}
		}
		for _, s := range there {
			if _, err := tx.Exec(ctx, `drop schema `+pgx.Identifier{s}.Sanitize()+` cascade -- store.clearEmpty`); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `drop table public.goose_db_version -- store.clearEmpty`)
		return err
	})
}

// settingsTable has its one row from a migration.
const settingsTable = "field.sending"

func load(ctx context.Context, tx pgx.Tx, r *backup.Reader, now time.Time) (Restored, error) {
	var out Restored
	if _, err := tx.Exec(ctx, inText); err != nil {
		return out, err
	}
	tables, err := tablesOf(ctx, tx)
	if err != nil {
		return out, err
	}
	if !slices.EqualFunc(tables, r.Tables, func(a, b backup.Table) bool { return a.Name == b.Name && slices.Equal(a.Columns, b.Columns) }) {
		return out, fmt.Errorf("the tables of the backup are not those of schema %d", r.Schema)
	}
	// Tables refer to each other: that is looked at when all are there.
	if err := deferKeys(ctx, tx, "deferrable initially deferred"); err != nil {
		return out, err
	}
	if _, err := tx.Exec(ctx, `delete from field.sending -- store.load`); err != nil {
		return out, err
	}
	for {
		t, rows, err := r.Table()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, err
		}
		if _, err := tx.Conn().PgConn().CopyFrom(ctx, rows, "copy "+quoted(t)+" from stdin"); err != nil {
			return out, fmt.Errorf("%s: %w", t.Name, rowFault(err))
		}
	}
	if out.Manifest, err = r.Finish(); err != nil {
		return out, err
	}
	if err := verify(ctx, tx, tables, out.Manifest); err != nil {
		return out, err
	}
	for _, s := range out.Sequences {
		if _, err := tx.Exec(ctx, `select setval($1::regclass, $2) -- store.load`, s.Name, s.Value); err != nil {
			return out, err
		}
	}
	if _, err := tx.Exec(ctx, `set constraints all immediate`); err != nil {
		return out, rowFault(err)
	}
	if err := deferKeys(ctx, tx, "not deferrable"); err != nil {
		return out, err
	}
	out.Unsure, err = quiet(ctx, tx, r.Made, now)
	return out, err
}

// rowFault keeps the detail of what PostgreSQL refused: without it nobody can
// find the row.
func rowFault(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return fmt.Errorf("%w: %s %s", backup.ErrDamaged, pg.Message, pg.Where)
	}
	return err
}

// deferKeys changes when foreign keys are looked at.
func deferKeys(ctx context.Context, tx pgx.Tx, when string) error {
	keys, err := all(ctx, tx, pgx.RowTo[string], `
		select format('alter table %s alter constraint %I ', c.conrelid::regclass, c.conname) -- store.deferKeys
		from pg_constraint c join pg_namespace n on n.oid = c.connamespace where c.contype = 'f' and n.nspname = any($1)`, schemas)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := tx.Exec(ctx, k+when); err != nil {
			return err
		}
	}
	return nil
}

// verify reads every table back and compares it with the manifest.
func verify(ctx context.Context, tx pgx.Tx, tables []backup.Table, m backup.Manifest) error {
	var got []backup.Total
	for _, t := range tables {
		var d backup.Digest
		if err := copyOut(ctx, tx, t, &d); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		got = append(got, d.Total(t.Name))
	}
	if err := backup.Compare(m.Tables, got); err != nil {
		return fmt.Errorf("what was written differs from the backup: %w", err)
	}
	return nil
}

// quiet locks sending, makes unsure what was waiting, and ends all sessions and tokens.
func quiet(ctx context.Context, tx pgx.Tx, made, now time.Time) (int, error) {
	if _, err := tx.Exec(ctx, `insert into field.sending default values on conflict do nothing -- store.quiet`); err != nil {
		return 0, err
	}
	reason := "Teruggezet uit een back-up van " + made.UTC().Format("02-01-2006 15.04") + " uur (UTC)."
	if _, err := tx.Exec(ctx, `update field.sending set locked = $1, reason = $2 -- store.quiet`, now, reason); err != nil {
		return 0, err
	}
	tag, err := tx.Exec(ctx, `
		update field.message set state = 'onzeker', done = $1, claim = null, reply = $2 -- store.quiet
		where state in ('klaar', 'bezig') and channel = 'mail'`, now, restored)
	if err != nil {
		return 0, err
	}
	for _, sql := range []string{`delete from staff.session -- store.quiet`, `delete from staff.login_link -- store.quiet`, `delete from contact.session -- store.quiet`} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	if err := endTokens(ctx, tx, `true`, "teruggezet uit een back-up: wat daarna werd ingetrokken, zou weer werken", now); err != nil {
		return 0, err
	}
	return int(tag.RowsAffected()), audit(ctx, tx, now, BySystem, 0, "back-up teruggezet", "", map[string]any{"van": made.UTC(), "onzeker": tag.RowsAffected()})
}

// A Fate is what became of messages that may have gone out between a backup and
// its restore.
type Fate int

// The fates. Unless somebody knows, nobody knows.
const (
	Unknown Fate = iota // a person decides about each
	Gone                // they arrived
	Kept                // certainly not sent: they go now
)

// restored marks messages that a restore made unsure.
const restored = "teruggezet uit een back-up: misschien al verstuurd"

// Unlock lets this installation send again after a restore. What waited at the
// backup, and every step of the ladder that came due until now, may have been sent
// by the database that was lost: unless fate says otherwise it is not sent but
// unsure, so that nobody is mailed twice (P7). It returns how many messages that
// was about. Steps must have been queued before.
func (s *Store) Unlock(ctx context.Context, fate Fate, by Actor, now time.Time) (int, error) {
	var n int
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var since time.Time
		err := tx.QueryRow(ctx, `select coalesce(locked, '0001-01-01T00:00:00Z') from field.sending for update -- store.Unlock`).Scan(&since)
		if err != nil {
			return err
		}
		if since.IsZero() {
			n = 0
			return nil
		}
		sql := `update field.message set state = 'onzeker', done = $2, claim = null, reply = $3 where state = 'klaar' and channel = 'mail' and (queued <= $1 or step is not null) -- store.Unlock`
		args := []any{since, now, restored}
		if fate == Kept {
			sql, args = `update field.message set state = 'klaar', done = null, begun = null, reply = '', due = $1 where state = 'onzeker' and reply = $2 -- store.Unlock`, []any{now, restored}
		}
		if _, err := tx.Exec(ctx, sql, args...); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `select count(*) from field.message where state = 'onzeker' and reply = $1 or $2 and state = 'klaar' and channel = 'mail' -- store.Unlock`, restored, fate == Kept).Scan(&n); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update field.sending set locked = null, reason = '' -- store.Unlock`); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "versturen van het slot", "", map[string]any{"berichten": n, "lot": []string{"onbekend", "aangekomen", "niet verstuurd"}[fate]})
	})
	if err == nil && fate == Gone {
		err = s.arrived(ctx, by, now)
	}
	if err != nil {
		return 0, fmt.Errorf("unlock: %w", err)
	}
	return n, nil
}

// arrived settles all that a restore made unsure.
func (s *Store) arrived(ctx context.Context, by Actor, now time.Time) error {
	type unsure struct{ ID, Study int64 }
	var left []unsure
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		left, err = all(ctx, tx, pgx.RowToStructByPos[unsure], `select id, study from field.message where state = 'onzeker' and reply = $1 order by id -- store.arrived`, restored)
		return err
	})
	for _, m := range left {
		if err == nil {
			err = s.Resolve(ctx, m.Study, m.ID, true, by, now)
		}
	}
	return err
}

// Rehearse restores a backup into a database of its own beside the one at
// address, and removes that again: a backup that was never restored is a hope.
func Rehearse(ctx context.Context, address string, r *backup.Reader, now time.Time) (Restored, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return Restored{}, fmt.Errorf("rehearse: %w", err)
	}
	name := fmt.Sprintf("uitvraag_proef_%d", now.UnixNano())
	scratch, err := withName(address, name)
	if err != nil {
		return Restored{}, err
	}
	do := func(ctx context.Context, sql string) error {
		return withOwner(ctx, address, func(c *pgx.Conn) error { _, err := c.Exec(ctx, sql); return err })
	}
	if err := do(ctx, "create database "+pgx.Identifier{name}.Sanitize()+" template template0 encoding 'UTF8'"); err != nil {
		return Restored{}, fmt.Errorf("rehearse beside %s: %w", config.Database, err)
	}
	out, err := Load(ctx, scratch, r, nil, now)
	if dropped := do(context.WithoutCancel(ctx), "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)"); err == nil {
		err = dropped
	}
	return out, err
}

// withName returns the address of another database on the same server.
func withName(address, name string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return "", errors.New("the address of the database must begin with postgres://")
	}
	u.Path = "/" + name
	return u.String(), nil
}
