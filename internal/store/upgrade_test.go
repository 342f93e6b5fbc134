package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"

	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/migrations"
)

// emptyDatabase is a database without a schema, beside that of a test.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	beside := pgtest.URL(t)
	conn, err := pgx.Connect(t.Context(), beside)
	if err != nil {
		t.Fatal(err)
	}
	name := conn.Config().Database + "_op"
	for _, sql := range []string{`drop database if exists ` + name + ` with (force)`, `create database ` + name + ` template template0`} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		_, _ = conn.Exec(context.Background(), `drop database if exists `+name+` with (force)`) // the server is thrown away too
		_ = conn.Close(context.Background())
	})
	u, err := url.Parse(beside)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// first fills the schema of the first migration as a program of then would have.
const first = `
	insert into register.study (slug, title, definition, opens, closes, made) values ('oud', 'Oud', 'inventarisatie-2026', now() - interval '9 days', now() + interval '9 days', now());
	insert into register.instrument (study, name, edition, source, hash) select id, 'swv', '2026', 'x', 'x' from register.study;
	insert into register.organisation (kind, code) select 'swv', 'PO' || n from generate_series(1, 3000) n;
	insert into register.unit (study, audience, organisation, code, pseudonym, added) select s.id, 'swv', o.id, o.code, 'p' || o.id, now() from register.organisation o, register.study s;
	insert into contact.contact (unit, name, email, added) select id, 'Naam ' || id, code || '@example.nl', now() from register.unit;
	insert into answer.response (key, study, audience, unit, edition, made) select 'k' || id, study, audience, id, '2026', now() from register.unit;
	insert into answer.coverage (unit, response, own, counting, claimed) select unit, id, true, true, now() from answer.response;
	insert into answer.submission (response, revision, status, at, actor, mode, receipt, version, answers) select id, 1, 'submitted', now(), 'respondent', 'web', 'r' || id, 0, '{}' from answer.response where id % 2 = 0;
	insert into staff.account (email, role, added) select r || '@example.nl', r, now() from unnest(array['projectleider', 'onderzoeker', 'veldwerker', 'codeur', 'lezer', 'beheerder']) r;`

// save is one save, as the program of the first schema wrote it.
func save(ctx context.Context, pool *pgxpool.Pool, n int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `with r as (update answer.response set version = version + 1, state = jsonb_build_object('a', $1::text), saved = now() where id = 1 + $1::bigint % 3000 returning id, version, unit),
			e as (insert into field.event (unit, kind, occurred, recorded, actor) select unit, 'begonnen', now(), now(), 'respondent' from r)
			insert into answer.save (response, version, request, actor, mode, at, page, action, changed) select id, version, 'q' || $1::bigint, 'respondent', 'web', now(), 'a', 'later', '{"a": "1"}' from r`, n)
		return err
	})
}

func deadlock(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "40P01"
}

// TestAnUpgradeKeepsWhatThereIsWhileAnswersComeIn brings a filled database through
// every migration while a program of before all of them saves answers: none fails,
// none waits long, none is lost (standards 5C rows 27 and 28).
func TestAnUpgradeKeepsWhatThereIsWhileAnswersComeIn(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var saved atomic.Int64
	var longest time.Duration
	failed := make(chan error, 1)
	go func() {
		for n := int64(1); ctx.Err() == nil; n++ {
			began := time.Now()
			err := save(context.WithoutCancel(ctx), pool, n)
			for range 2 { // as the program does
				if deadlock(err) {
					err = save(context.WithoutCancel(ctx), pool, n)
				}
			}
			if err != nil {
				failed <- fmt.Errorf("save %d: %w", n, err)
				return
			}
			longest = max(longest, time.Since(began))
			saved.Add(1)
		}
		failed <- nil
	}()
	for {
		before := saved.Load()
		r, err := p.UpByOne(t.Context())
		if deadlock(err) { // as Migrate does
			continue
		}
		if err != nil {
			if v, _ := p.GetDBVersion(t.Context()); v == p.ListSources()[len(p.ListSources())-1].Version {
				break
			}
			t.Fatal(err)
		}
		for deadline := time.Now().Add(30 * time.Second); saved.Load() < before+3; { // on this schema too
			select {
			case err := <-failed:
				t.Fatalf("after %s: %v", r.Source.Path, err)
			case <-time.After(time.Millisecond):
			}
			if time.Now().After(deadline) {
				t.Fatalf("after %s no save comes through", r.Source.Path)
			}
		}
	}
	stop()
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
	if longest > 10*time.Second { // a page waits this long before it says that it is busy, and then keeps what was typed
		t.Errorf("a save waited %v for a migration", longest)
	}
	var kept, version int64
	if err := pool.QueryRow(t.Context(), `select (select count(*) from answer.save), (select sum(version) from answer.response)`).Scan(&kept, &version); err != nil || kept != saved.Load() || version != kept {
		t.Errorf("%d saves were confirmed, %d are there, and the questionnaires count %d: %v", saved.Load(), kept, version, err)
	}
	if err := store.Migrate(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	h, err := store.New(pool).Ready(t.Context())
	if err != nil || !h.Fits() || h.Since != migrations.Serves {
		t.Errorf("after the upgrade: %+v, %v", h, err)
	}
}

// TestAnOlderProgramServesWhatTakesNothingFromIt is what a rollback rests on.
func TestAnOlderProgramServesWhatTakesNothingFromIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		h    store.Health
		want bool
	}{
		"its own":                          {store.Health{Schema: 9, Program: 9}, true},
		"newer, and added only":            {store.Health{Schema: 24, Program: 9, Since: 9}, true},
		"newer, and took something away":   {store.Health{Schema: 24, Program: 9, Since: 10}, false},
		"newer, and does not say":          {store.Health{Schema: 24, Program: 9}, false},
		"older: it must be migrated first": {store.Health{Schema: 8, Program: 9, Since: 1}, false},
	} {
		if got := c.h.Fits(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
