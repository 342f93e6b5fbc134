package worker_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// faster is how much quicker than ours the clocks of these tests go.
const faster = 10

// together lets n senders work until stop says so, or nothing waits any more.
func (r *round) together(n int, stop func() bool) {
	r.t.Helper()
	began := time.Now()
	begin := r.clock.now()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for range n {
		m := r.mailer()
		m.Now = func() time.Time { return begin.Add(time.Since(began) * faster) }
		wg.Go(func() {
			var by *store.Presence
			for ctx.Err() == nil && !stop() {
				wait, err := m.Round(ctx, &by)
				if err != nil && ctx.Err() == nil {
					r.t.Error(err)
					break
				}
				if wait > 0 {
					time.Sleep(20 * time.Millisecond)
				}
			}
			if by != nil {
				by.Leave(context.WithoutCancel(ctx))
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		r.t.Errorf("not done after a minute: %d mails", len(r.smtpd.kept()))
	}
	r.clock.set(begin.Add(time.Since(began) * faster))
}

func TestManySendersSendEachMessageOnceAndKeepToTheRate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		senders, rate, domain int
	}{{2, 600, 60000}, {4, 60000, 300}} {
		t.Run(fmt.Sprint(tt.senders, " senders"), func(t *testing.T) {
			t.Parallel()
			const n = 150 // per audience
			r := newRound(t, n)
			r.rate(tt.rate, tt.domain)
			r.look()
			r.together(tt.senders, func() bool { return len(r.smtpd.kept()) == 2*n })
			r.look()
			time.Sleep(50 * time.Millisecond)
			r.check()
			times := map[string][]time.Time{}
			for _, k := range r.smtpd.kept() {
				_, domain, _ := strings.Cut(k.to, "@")
				times[""] = append(times[""], k.at)
				times[domain] = append(times[domain], k.at)
			}
			if len(times[""]) != 2*n || len(times) != 4 {
				t.Fatalf("%d mails for %d units, to %d domains", len(times[""]), 2*n, len(times)-1)
			}
			for key, at := range times {
				rate := tt.domain
				if key == "" {
					rate = tt.rate
				}
				// What is in the air of each sender may arrive at once.
				within(t, key, at, rate, 10*tt.senders)
			}
		})
	}
}

// within checks that no span of time saw more mails than a bucket of five seconds
// and the rate allow.
func within(t *testing.T, what string, at []time.Time, perMinute, slack int) {
	t.Helper()
	slices.SortFunc(at, time.Time.Compare)
	for i := range at {
		for j := i + 1; j < len(at); j++ {
			passed := (at[j].Sub(at[i]) * faster).Minutes()
			if most := perMinute/12 + slack + int(passed*float64(perMinute)) + 1; j-i+1 > most {
				t.Fatalf("%q: %d mails within %v, at most %d", what, j-i+1, at[j].Sub(at[i])*faster, most)
			}
		}
	}
}

// Somebody who presses the kill switch expects no more than what is on its way.
func TestTheKillSwitchStopsManySenders(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"one study":  `update register.study set stopped = now(), stop_reason = 'fout in de mail'`,
		"everything": `update field.sending set locked = now(), reason = 'teruggezet'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRound(t, 60)
			r.smtpd.do(func(string, string) act { return act{wait: 2 * time.Millisecond} })
			r.look()
			pressed := make(chan int, 1)
			go func() {
				for len(r.smtpd.kept()) < 20 {
					time.Sleep(time.Millisecond)
				}
				r.exec(sql)
				pressed <- get[int](r, `select count(*) from field.message where state in ('bezig', 'verstuurd')`)
			}()
			var once sync.Once
			most := 0
			var until time.Time
			r.together(2, func() bool {
				select {
				case n := <-pressed:
					once.Do(func() { most, until = n, time.Now().Add(700*time.Millisecond) })
				default:
				}
				return most > 0 && time.Now().After(until)
			})
			if n := len(r.smtpd.kept()); n > most+20 || n >= 120 {
				t.Errorf("%d mails; %d had begun when it was pressed", n, most)
			}
			r.check()
			st, err := r.Store.Study(t.Context(), r.Study.Slug)
			if err != nil {
				t.Fatal(err)
			}
			before := len(r.smtpd.kept())
			if _, err := r.m.Sweep(t.Context(), st, true, store.BySystem); err == nil || !strings.Contains(err.Error(), "stopgezet") {
				t.Errorf("a sweep sends all the same: %v", err)
			}
			r.look()
			if n := len(r.smtpd.kept()); n != before {
				t.Errorf("%d more mails", n-before)
			}
			r.exec(`update register.study set stopped = null`)
			r.exec(`update field.sending set locked = null`)
			r.send()
			r.leave()
			if n := len(r.smtpd.kept()); n != 120 {
				t.Errorf("%d of 120 mails once it was released", n)
			}
			r.check()
		})
	}
}

// TestWhatHappensRightBeforeSendingIsHonoured does something at the moment at
// which the server has accepted the addressee, so after all other checks
// (standards W2, 5C row 24).
func TestWhatHappensRightBeforeSendingIsHonoured(t *testing.T) {
	t.Parallel()
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	for _, tt := range []struct {
		name    string
		prepare func(t *testing.T, r *round) // of unit 0 of swv
		happens func(t *testing.T, r *round, l store.Link, message int64)
		state   string
		to      string // who has the invitation within a fortnight, "" for nobody
	}{
		{"a submission", func(t *testing.T, r *round) { whole(t, r.World, "swv", 0) }, func(t *testing.T, r *round, l store.Link, _ int64) {
			_, err := r.Store.Submit(t.Context(), l.Response, r.Forms["swv"], store.Actor{Kind: event.ByRespondent, ID: l.Contact}, answer.Web, "", r.clock.now())
			must(t, err)
		}, "ingetrokken", ""},
		{"a refusal", nil, func(t *testing.T, r *round, l store.Link, _ int64) {
			must(t, r.Store.Refuse(t.Context(), l, event.Reasons[0].ID, "", r.clock.now()))
		}, "ingetrokken", ""},
		{"a refusal that is taken back", nil, func(t *testing.T, r *round, l store.Link, _ int64) {
			must(t, r.Store.Refuse(t.Context(), l, event.Reasons[0].ID, "", r.clock.now()))
			must(t, r.Store.Return(t.Context(), l, r.clock.now()))
		}, "verstuurd", "eerste"},
		{"a refusal that is taken back the next day", nil, func(t *testing.T, r *round, l store.Link, _ int64) {
			must(t, r.Store.Refuse(t.Context(), l, event.Reasons[0].ID, "", r.clock.now()))
			time.AfterFunc(200*time.Millisecond, func() { must(t, r.Store.Return(context.WithoutCancel(t.Context()), l, r.clock.now())) })
		}, "ingetrokken", "eerste"},
		{"an opt-out", nil, func(t *testing.T, r *round, _ store.Link, message int64) {
			must(t, r.Store.OptOut(t.Context(), store.MailID(message), "web", r.clock.now()))
		}, "ingetrokken", ""},
		{"a claim that is confirmed", func(t *testing.T, r *round) { whole(t, r.World, "swv", 1) }, func(t *testing.T, r *round, l store.Link, _ int64) {
			other, err := r.Store.LinkByToken(t.Context(), r.Links["swv"][1].Token)
			must(t, err)
			must(t, r.Store.AddClaim(t.Context(), other.Response, l.UnitCode, "samen", store.Actor{Kind: event.ByRespondent, ID: other.Contact}, r.clock.now()))
			must(t, r.Store.ConfirmClaim(t.Context(), l.Unit, other.UnitCode, store.BySystem, r.clock.now()))
		}, "ingetrokken", ""},
		{"a claim that is refused again", func(t *testing.T, r *round) { whole(t, r.World, "swv", 1) }, func(t *testing.T, r *round, l store.Link, _ int64) {
			other, err := r.Store.LinkByToken(t.Context(), r.Links["swv"][1].Token)
			must(t, err)
			must(t, r.Store.AddClaim(t.Context(), other.Response, l.UnitCode, "samen", store.Actor{Kind: event.ByRespondent, ID: other.Contact}, r.clock.now()))
			time.AfterFunc(200*time.Millisecond, func() {
				must(t, r.Store.RefuseClaim(context.WithoutCancel(t.Context()), l.Unit, other.UnitCode, "", store.BySystem, r.clock.now()))
			})
		}, "ingetrokken", "eerste"},
		{"the contact is replaced", nil, func(_ *testing.T, r *round, l store.Link, _ int64) {
			r.exec(`update contact.contact set ended = $2 where id = $1`, l.Contact, r.clock.now())
			r.exec(`insert into contact.contact (unit, name, email, source, added, replaces) values ($1, 'Nieuw', 'nieuw@gemeente.example', 'telefoon', $3, $2)`, l.Unit, l.Contact, r.clock.now())
		}, "ingetrokken", "nieuw"},
		{"the address is mended", nil, func(_ *testing.T, r *round, l store.Link, _ int64) {
			r.exec(`update contact.contact set email = 'goed@gemeente.example' where id = $1`, l.Contact)
		}, "klaar", "goed"},
		{"a telephone call", nil, func(_ *testing.T, r *round, l store.Link, _ int64) {
			r.exec(`insert into field.event (unit, kind, occurred, recorded, channel, actor) values ($1, 'toegezegd', $2, $2, 'tel', 'staff')`, l.Unit, r.clock.now())
		}, "ingetrokken", "eerste"},
		{"the study is stopped for a while", nil, func(_ *testing.T, r *round, _ store.Link, _ int64) {
			r.exec(`update register.study set stopped = now()`)
			time.AfterFunc(200*time.Millisecond, func() { r.exec(`update register.study set stopped = null`) })
		}, "klaar", "eerste"},
		{"the hours end", nil, func(_ *testing.T, r *round, _ store.Link, _ int64) {
			r.clock.set(time.Date(2026, 11, 24, 16, 0, 1, 0, time.UTC)) // a second after five in Amsterdam
		}, "klaar", "eerste"},
		{"the study closes", func(_ *testing.T, r *round) {
			r.exec(`update register.study set closes = $1`, fixture.Now.Add(time.Minute))
		}, func(_ *testing.T, r *round, _ store.Link, _ int64) { r.clock.add(2 * time.Minute) }, "ingetrokken", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRound(t, 2)
			if tt.prepare != nil {
				tt.prepare(t, r)
			}
			l, err := r.Store.LinkByToken(t.Context(), r.Links["swv"][0].Token)
			if err != nil {
				t.Fatal(err)
			}
			r.exec(`update contact.contact set email = '' where id <> $1`, l.Contact)
			r.exec(`update contact.contact set email = 'eerste@gemeente.example' where id = $1`, l.Contact)
			r.look()
			if len(r.rows()) != 1 {
				t.Fatalf("%d messages", len(r.rows()))
			}
			var once sync.Once
			r.smtpd.do(func(stage, _ string) act {
				if stage == "RCPT" {
					once.Do(func() { tt.happens(t, r, l, r.rows()[0].ID) })
				}
				return act{}
			})
			if _, err := r.m.Round(t.Context(), &r.by); err != nil {
				t.Fatal(err)
			}
			m := r.rows()[0]
			if m.State != tt.state {
				t.Errorf("%s (%s), want %s", m.State, m.Reply, tt.state)
			}
			r.check()
			time.Sleep(300 * time.Millisecond)
			r.reload()
			for range 12 * 8 {
				r.clock.add(3 * time.Hour)
				r.look()
				r.send()
			}
			r.leave()
			var to []string
			for _, k := range r.smtpd.kept() {
				if l := k.open(t); strings.Contains(strings.ToLower(l.subject+l.text), "ontvangst") || strings.HasPrefix(l.subject, "Geldt deze vragenlijst ook") {
					continue // of what was sent, or that another answers (E2): no invitation
				}
				name, _, _ := strings.Cut(k.to, "@")
				to = append(to, name)
			}
			if got := strings.Join(to, " "); got != tt.to {
				t.Errorf("invitations to %q, want %q", got, tt.to)
			}
			hours := contactplan.NewCalendar(contactplan.Settings{})
			for _, k := range r.rows() {
				if k.State == "verstuurd" && k.Step != "" && !hours.Open(k.Begun, 0) {
					t.Errorf("sent at %v", k.Begun)
				}
			}
		})
	}
}

// The throttle pushes what was queued at the end of a Friday to Monday morning.
func TestWhatTheThrottlePushesPastFiveGoesTheNextOpenMorning(t *testing.T) {
	t.Parallel()
	r := newRound(t, 60)
	r.rate(60, 60000)
	friday := time.Date(2026, 11, 27, 15, 59, 0, 0, time.UTC) // a minute to five in Amsterdam
	r.clock.set(friday)
	r.look()
	for range 90 {
		r.send()
		r.clock.add(time.Second)
	}
	sent := len(r.smtpd.kept())
	if sent < 50 || sent > 66 {
		t.Errorf("%d mails in the last minute, at 60 per minute and five at once", sent)
	}
	monday := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	for r.clock.now().Before(monday) {
		r.send()
		r.clock.add(10 * time.Minute)
	}
	if n := len(r.smtpd.kept()); n != sent {
		t.Errorf("%d mails in the weekend", n-sent)
	}
	for _, m := range r.rows() {
		if m.State == "klaar" && !m.Due.Equal(monday) {
			t.Errorf("it is due on %v", m.Due)
		}
	}
	r.rate(60000, 60000)
	r.clock.set(monday.Add(time.Second))
	r.send()
	r.leave()
	if n := len(r.smtpd.kept()); n != 120 {
		t.Errorf("%d of 120 mails on Monday", n)
	}
	r.check()
}

// Two programs that look at once queue each step once.
func TestManyWorkersQueueEachStepOnce(t *testing.T) {
	t.Parallel()
	r := newRound(t, 100)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := worker.New(r.Store, r.clock.now, quiet).Look(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(r.rows()); n != 200 {
		t.Errorf("%d messages for 200 units", n)
	}
}
