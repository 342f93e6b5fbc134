package store_test

import (
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/fixture"
)

// BenchmarkStanding counts a register of 100,000 units with four events each, half
// of which answered.
func BenchmarkStanding(b *testing.B) {
	f := newField(b, 1)
	f.exec(b, `update register.instrument set strata = '{regio}' where name = 'gemeente'`)
	f.exec(b, `insert into register.organisation (kind, code) select 'gemeente', 'X' || n from generate_series(1, 100000) n`)
	f.exec(b, `insert into register.unit (study, audience, organisation, code, background, pseudonym, added)
		select $1, 'gemeente', o.id, o.code, jsonb_build_object('regio', 'r' || o.id % 4), 'x' || o.id, $2 from register.organisation o where o.code like 'X%'`, f.Study.ID, fixture.Opens)
	for i, kind := range []string{"opgenomen", "uitgenodigd", "herinnerd"} {
		f.exec(b, `insert into field.event (unit, kind, occurred, recorded, actor) select id, $1, $2, $2, 'system' from register.unit where code like 'X%'`, kind, fixture.Opens.Add(time.Duration(i)*7*24*time.Hour))
	}
	f.exec(b, `insert into field.event (unit, kind, occurred, recorded, actor) select id, 'verstuurd', $1::timestamptz + (id % 20) * interval '1 day', $1, 'respondent' from register.unit where code like 'X%' and id % 2 = 0`, fixture.Opens)
	f.exec(b, `insert into answer.response (key, study, audience, unit, edition, sent, started, made) select 'x' || id, study, audience, id, '2026', $1, $1, $1 from register.unit where code like 'X%' and id % 2 = 0`, fixture.Opens)
	f.exec(b, `insert into answer.submission (response, revision, status, at, actor, mode, receipt, version, answers) select id, 1, 'submitted', sent, 'respondent', 'web', key, 0, '{}' from answer.response where key like 'x%'`)
	f.exec(b, `insert into answer.coverage (unit, response, own, counting, claimed, confirmed) select unit, id, true, true, sent, sent from answer.response where key like 'x%'`)
	f.exec(b, `analyze`)
	for b.Loop() {
		a, err := f.Store.Standing(b.Context(), f.Study, "gemeente", fixture.Now)
		if err != nil || a.N != 100001 || a.Done != 50000 {
			b.Fatalf("%v: %d units, %d done", err, a.N, a.Done)
		}
		if got := a.History.Without(a.Left()); got.Why != "" {
			b.Fatal(got.Why)
		}
	}
}
