package store_test

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
)

// large makes n gemeenten, each with a contact, a history of five events and an
// invitation that was sent, in a study that was released. The first reminder is
// due on fixture.Now.
func large(b *testing.B, n int, analysed bool) *field {
	b.Helper()
	f := newField(b, 0)
	f.exec(b, `insert into register.organisation (kind, code, name) select 'gemeente', 'GM' || i, 'Gemeente ' || i from generate_series(1, $1::int) i`, n)
	f.exec(b, `
		insert into register.unit (study, audience, organisation, code, name, background, pseudonym, added)
		select $1, 'gemeente', id, code, name, jsonb_build_object('regio', (array['Noord', 'Midden', 'Zuid'])[id % 3 + 1]), code, $2 from register.organisation where kind = 'gemeente' order by id`, f.Study.ID, fixture.Opens)
	f.exec(b, `insert into contact.contact (unit, name, email, phone, added) select id, 'Persoon ' || id, 'p' || id || '@gemeente' || id % 400 || '.example', '030 1234567', $1 from register.unit`, fixture.Opens)
	f.exec(b, `insert into field.event (unit, kind, occurred, recorded, actor) select u.id, k, $1, $1, 'system' from register.unit u, unnest(array['opgenomen', 'link', 'uitgenodigd', 'begonnen', 'doorgestuurd']) k`, fixture.Opens)
	f.exec(b, `
		insert into field.message (study, unit, contact, step, channel, template, domain, state, queued, due, begun, done, claim, actor)
		select $1, c.unit, c.id, 'uitnodiging', 'mail', 'uitnodiging', split_part(c.email, '@', 2), 'verstuurd', $2, $2, $2, $2, 'weg', 'system' from contact.contact c`, f.Study.ID, fixture.Opens)
	f.exec(b, `update register.study set released = opens`)
	if analysed {
		f.exec(b, `analyze`)
	}
	var err error
	if f.Study, err = f.Store.Study(b.Context(), f.Study.Slug); err != nil {
		b.Fatal(err)
	}
	return f
}

// heap returns the largest heap that fn needed, beside what was there.
func heap(fn func()) uint64 {
	var peak atomic.Uint64
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	done := make(chan bool)
	go func() {
		var m runtime.MemStats
		for {
			select {
			case <-done:
				done <- true
				return
			case <-time.After(20 * time.Millisecond):
				runtime.ReadMemStats(&m)
				peak.Store(max(peak.Load(), m.HeapAlloc))
			}
		}
	}()
	fn()
	done <- true
	<-done
	return peak.Load() - min(before, peak.Load())
}

func (f *field) queue(b *testing.B, want int) {
	b.Helper()
	plan := f.Study.Field()
	q, err := f.Store.QueueDue(b.Context(), store.Queue{Study: f.Study, By: store.BySystem, Now: fixture.Now,
		Decide: func(u contactplan.Unit) contactplan.Decision { return plan.Due(u, fixture.Now) }})
	if err != nil || len(q.Messages) != want {
		b.Fatalf("%d messages, want %d (%v)", len(q.Messages), want, err)
	}
}

// BenchmarkQueueDue decides and queues a reminder for every unit, and then looks
// once more, when there is nothing to do.
func BenchmarkQueueDue(b *testing.B) {
	for _, analysed := range []bool{false, true} {
		for _, n := range []int{10_000, 100_000} {
			b.Run(fmt.Sprintf("units=%d/statistics=%v", n, analysed), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					f := large(b, n, analysed)
					b.StartTimer()
					began := time.Now()
					peak := heap(func() { f.queue(b, n) })
					b.ReportMetric(time.Since(began).Seconds(), "s/queued")
					b.ReportMetric(float64(peak)/(1<<20), "MB-peak")
					began = time.Now()
					f.queue(b, 0)
					b.ReportMetric(time.Since(began).Seconds(), "s/idle")
				}
			})
		}
	}
}

// BenchmarkClaimMessages claims ten of 100,000 that wait: at full rate, and where
// the domain of nearly all has no token left. It also takes over, as a sender does
// before each round.
func BenchmarkClaimMessages(b *testing.B) {
	const n = 100_000
	for _, tt := range []struct {
		name   string
		domain string
		want   int
	}{{"any domain", "", 10}, {"one slow domain", "gemeente1.example", 1}} {
		b.Run(tt.name, func(b *testing.B) {
			f := large(b, n, true)
			f.queue(b, n)
			f.exec(b, `update field.sending set rate = 60000, domain_rate = 60000`)
			if tt.domain != "" {
				f.exec(b, `update field.sending set domain_rate = 1`)
				f.exec(b, `update field.message set domain = $1 where state = 'klaar' and id < (select max(id) from field.message)`, tt.domain)
				f.exec(b, `insert into field.throttle (key, tokens, at) values ($1, 0, $2)`, tt.domain, fixture.Now)
			}
			p, err := f.Store.Attend(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			defer p.Leave(b.Context())
			now, rounds := fixture.Now, 0
			for b.Loop() {
				rounds++
				if tt.domain == "" {
					now = now.Add(time.Minute)
				}
				if _, err := f.Store.TakeOver(b.Context(), "", now); err != nil {
					b.Fatal(err)
				}
				ids, err := f.Store.ClaimMessages(b.Context(), store.Round{By: p.Name, Limit: 10, Now: now})
				if err != nil || rounds == 1 && len(ids) != tt.want {
					b.Fatal(len(ids), err)
				}
			}
		})
	}
}
