package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
)

// A field is a study in the field with the database under it.
type field struct {
	fixture.World
	pool *pgxpool.Pool
}

func newField(t testing.TB, n int) *field {
	t.Helper()
	pool := pgtest.Pool(t)
	return &field{fixture.Study(t, store.New(pool), n), pool}
}

func (f *field) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := f.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// one returns the single value of a query.
func one[T any](t testing.TB, f *field, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := f.pool.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// everything is the whole database as text: one line per row.
func (f *field) everything(t testing.TB) string {
	t.Helper()
	rows, err := f.pool.Query(t.Context(), `
		select format('%I.%I', table_schema, table_name) from information_schema.tables
		where table_schema in ('register', 'contact', 'field', 'answer', 'analysis', 'staff') order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if len(tables) < 10 {
		t.Fatalf("only %d tables found", len(tables))
	}
	var b strings.Builder
	for _, name := range tables {
		b.WriteString(name + "\n" + one[string](t, f, `select coalesce(string_agg(r::text, E'\n' order by r::text), '') from `+name+` r`) + "\n")
	}
	return b.String()
}

func (f *field) link(t testing.TB, audience string, n int) store.Link {
	t.Helper()
	l, err := f.Store.LinkByToken(t.Context(), f.Links[audience][n].Token)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// enter opens unit n of an audience and returns the session and the response.
func (f *field) enter(t testing.TB, audience string, n int) (session, key string) {
	t.Helper()
	session, key, err := f.Store.Enter(t.Context(), f.link(t, audience, n), "2026", "", fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	return session, key
}

func respondent(contact int64) store.Actor {
	return store.Actor{Kind: event.ByRespondent, ID: contact}
}

// saveOf is a save of a page as a respondent makes it at fixture.Now; values
// are completed to all variables of the page.
func (f *field) saveOf(audience, key, page string, values answer.Values) store.Save {
	fm := f.Forms[audience]
	p := fm.Page(page)
	posted := answer.Values{}
	for _, v := range p.Variables() {
		posted[v.Name] = values[v.Name]
	}
	return store.Save{Response: key, Form: fm, Page: p, Posted: posted, Rendered: -1, Request: store.NewToken(), Seen: true, Pass: true, Action: "volgende", Mode: answer.Web, By: respondent(1), Now: fixture.Now}
}

func (f *field) save(t testing.TB, in store.Save) store.Saved {
	t.Helper()
	saved, err := f.Store.SavePage(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// firstPage is the first page of an audience, and a valid answer to it.
func (f *field) firstPage(audience string) (*instrument.Page, answer.Values) {
	p := &f.Forms[audience].Pages[0]
	return p, answers(p, 0)
}

// answers answers each item of a page: the nth code or box, a text.
func answers(p *instrument.Page, n int) answer.Values {
	values := answer.Values{}
	for _, it := range p.Items {
		flags := 0
		for _, v := range it.Variables {
			switch v.Type {
			case instrument.TextType:
				values[v.Name] = "tekst"
			case instrument.FlagType:
				values[v.Name] = "0"
				if flags == n {
					values[v.Name] = "1"
				}
				flags++
			default:
				values[v.Name] = v.Values[n%2].ID
				values[v.Name], _ = v.Code(values[v.Name])
			}
		}
	}
	return values
}

func fill(t testing.TB, f *field, audience, key string) {
	t.Helper()
	p, values := f.firstPage(audience)
	f.save(t, f.saveOf(audience, key, p.ID, values))
}

func wantKind(t testing.TB, what string, err error, want errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != want {
		t.Errorf("%s: %v error (%v), want %v", what, errs.KindOf(err), err, want)
	}
}

func submit(t testing.TB, f *field, audience, key string, now time.Time) store.Response {
	t.Helper()
	r, err := f.Store.Submit(t.Context(), key, f.Forms[audience], respondent(1), answer.Web, "", now)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
