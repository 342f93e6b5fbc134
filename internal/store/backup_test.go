package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/backup"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
)

func dump(t testing.TB, url string) ([]byte, backup.Manifest) {
	t.Helper()
	var file bytes.Buffer
	m, err := store.Dump(t.Context(), url, backup.Header{Made: fixture.Now}, func(h backup.Header) (*backup.Writer, error) { return backup.NewWriter(&file, h) })
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), m
}

func restore(t testing.TB, url string, file []byte) (store.Restored, error) {
	t.Helper()
	r, err := backup.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return store.Load(t.Context(), url, r, nil, fixture.Now.Add(time.Hour))
}

// changed are the tables that a restore changes on purpose.
var changed = []string{"field.sending", "field.message", "staff.audit", "staff.token", "staff.session", "staff.login_link", "contact.session", "answer.granted"}

func unchanged(of backup.Manifest) []backup.Total {
	return slices.DeleteFunc(slices.Clone(of.Tables), func(t backup.Total) bool { return slices.Contains(changed, t.Name) })
}

// waiting makes a field with answers, and messages in each state.
func waiting(t *testing.T) *field {
	t.Helper()
	f := newField(t, 6)
	_, key := f.enter(t, "swv", 0)
	f.save(t, f.saveOf("swv", key, f.Forms["swv"].Pages[1].ID, answer.Values{}))
	if _, err := f.Store.Release(t.Context(), f.Study.ID, store.BySystem, fixture.Opens); err != nil {
		t.Fatal(err)
	}
	for _, audience := range []string{"swv", "gemeente"} {
		f.exec(t, `insert into contact.contact (unit, name, email, source, added) select id, 'Kim', 'kim@' || lower(code) || '.example', 'register', $2 from register.unit where audience = $1
			and not exists (select from contact.contact c where c.unit = unit.id and c.email <> '')`, audience, fixture.Opens)
	}
	queue(t, f, f.Store)
	f.snapshot(t, "Rapport")
	f.exec(t, `update field.message set state = 'verstuurd', done = now() where id = (select min(id) from field.message)`)
	f.exec(t, `update field.message set state = 'bezig', begun = now() where id = (select max(id) from field.message)`)
	return f
}

func queue(t *testing.T, f *field, s *store.Store) {
	t.Helper()
	plan := f.Study.Field()
	plan.Released = fixture.Opens
	_, err := s.QueueDue(t.Context(), store.Queue{Study: f.Study, Late: true, By: store.BySystem, Now: fixture.Now,
		Decide: func(u contactplan.Unit) contactplan.Decision { return plan.Due(u, fixture.Now) }})
	if err != nil {
		t.Fatal(err)
	}
}

func TestARestoredDatabaseHoldsTheSameAndMailsNobody(t *testing.T) {
	t.Parallel()
	f := waiting(t)
	file, want := dump(t, f.pool.Config().ConnString())
	url := pgtest.URL(t)
	out, err := restore(t, url, file)
	if err != nil {
		t.Fatal(err)
	}
	_, got := dump(t, url)
	if err := backup.Compare(unchanged(want), unchanged(got)); err != nil {
		t.Error(err)
	}
	states := func(f *field) string {
		return one[string](t, f, `select coalesce(string_agg(state || ' ' || n, ', ' order by state), '') from (select state, count(*) n from field.message group by 1) x`)
	}
	before := one[int](t, f, `select count(*) from field.message where state in ('klaar', 'bezig')`)
	if before < 3 || out.Unsure != before {
		t.Errorf("%d of %d waiting messages are unsure", out.Unsure, before)
	}
	pool, err := pgxPool(t, url)
	if err != nil {
		t.Fatal(err)
	}
	g := &field{fixture.World{Store: store.New(pool), Study: f.Study, Forms: f.Forms, Links: f.Links}, pool}
	if since, reason, err := g.Store.SendingLocked(t.Context()); err != nil || since.IsZero() || reason == "" {
		t.Errorf("sending is not locked: %v %q %v", since, reason, err)
	}
	if n := one[int](t, g, `select count(*) from field.message where state in ('klaar', 'bezig')`); n != 0 {
		t.Errorf("%s", states(g))
	}
	if _, err := g.Store.LinkByToken(t.Context(), f.Links["swv"][0].Token); err != nil {
		t.Errorf("a link that was given out: %v", err)
	}
	if _, _, err := g.Store.SnapshotData(t.Context(), f.Study.ID, "Rapport"); err != nil {
		t.Errorf("a snapshot: %v", err)
	}
	g.enter(t, "swv", 1) // sequences go on where they were
	queue(t, g, g.Store)
	n, err := g.Store.Unlock(t.Context(), store.Unknown, store.BySystem, fixture.Now.Add(2*time.Hour))
	if err != nil || n < before {
		t.Errorf("unlocked with %d messages, %v", n, err)
	}
	if n := one[int](t, g, `select count(*) from field.message where state in ('klaar', 'bezig') and channel = 'mail'`); n != 0 {
		t.Errorf("after unlocking %s", states(g))
	}
}

func TestWhoKnowsWhatWasSentSaysSo(t *testing.T) {
	t.Parallel()
	f := waiting(t)
	file, _ := dump(t, f.pool.Config().ConnString())
	for fate, state := range map[store.Fate]string{store.Gone: "verstuurd", store.Kept: "klaar"} {
		url := pgtest.URL(t)
		out, err := restore(t, url, file)
		if err != nil {
			t.Fatal(err)
		}
		pool, err := pgxPool(t, url)
		if err != nil {
			t.Fatal(err)
		}
		g := &field{fixture.World{Store: store.New(pool), Study: f.Study}, pool}
		n, err := g.Store.Unlock(t.Context(), fate, store.BySystem, fixture.Now.Add(2*time.Hour))
		if err != nil || n != out.Unsure {
			t.Errorf("%s: %d messages of %d, %v", state, n, out.Unsure, err)
		}
		if left := one[int](t, g, `select count(*) from field.message where state = 'onzeker'`); left != 0 {
			t.Errorf("%s: %d are still unsure", state, left)
		}
		if have := one[int](t, g, `select count(*) from field.message where state = $1 and channel = 'mail'`, state); have < n {
			t.Errorf("%d messages are %s", have, state)
		}
	}
}

func TestARestoreTouchesNoDatabaseThatHoldsSomething(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	file, _ := dump(t, f.pool.Config().ConnString())
	before := f.everything(t)
	if _, err := restore(t, f.pool.Config().ConnString(), file); !errors.Is(err, store.ErrOccupied) {
		t.Errorf("restored over a study: %v", err)
	}
	if f.everything(t) != before {
		t.Error("the database changed")
	}
	url := pgtest.URL(t)
	for _, n := range []int{len(file) / 3, len(file) - 30} { // cut off: nothing of it stays
		r, err := backup.NewReader(bytes.NewReader(file[:n]))
		if err == nil {
			_, err = store.Load(t.Context(), url, r, nil, fixture.Now)
		}
		if !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("a file of %d of %d bytes: %v", n, len(file), err)
		}
	}
	if _, err := restore(t, url, file); err != nil {
		t.Errorf("after two that failed: %v", err)
	}
}

func TestARehearsalLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	f := newField(t, 2)
	url := f.pool.Config().ConnString()
	file, want := dump(t, url)
	before := f.everything(t)
	r, err := backup.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	out, err := store.Rehearse(t.Context(), url, r, now)
	if err != nil || out.Rows() != want.Rows() {
		t.Errorf("%d rows of %d, %v", out.Rows(), want.Rows(), err)
	}
	if f.everything(t) != before {
		t.Error("the database changed")
	}
	if n := one[int](t, f, `select count(*) from pg_database where datname = $1`, fmt.Sprint("uitvraag_proef_", now.UnixNano())); n != 0 {
		t.Error("the rehearsal's database is still there")
	}
}

func pgxPool(t *testing.T, url string) (*pgxpool.Pool, error) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err == nil {
		t.Cleanup(pool.Close)
	}
	return pool, err
}
