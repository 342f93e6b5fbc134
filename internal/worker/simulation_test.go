package worker_test

import (
	"encoding/csv"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/worker"
)

var amsterdam = func() *time.Location {
	l, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return l
}()

// TestSimulatedFieldwork plays sixty days of fieldwork, with random events and a
// server that is not always there, and looks after every step whether the
// promises of the design hold. What may and must be sent is worked out here from
// the words of the design, by hand and by the calendar on the wall; contactplan is
// not asked.
func TestSimulatedFieldwork(t *testing.T) {
	t.Parallel()
	units := 400
	if s := os.Getenv("UITVRAAG_UNITS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		units = n
	}
	for _, tt := range []struct {
		name  string
		opens time.Time
		units int
	}{
		{"autumn, with the end of summer time", time.Date(2026, 10, 12, 9, 0, 0, 0, amsterdam), units},
		{"spring, with summer time, Easter and Koningsdag", time.Date(2026, 3, 9, 9, 0, 0, 0, amsterdam), 200},
		{"a leap day", time.Date(2028, 2, 14, 9, 0, 0, 0, amsterdam), 200},
		{"New Year, opened on a Sunday", time.Date(2026, 12, 6, 0, 0, 0, 0, amsterdam), 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			newPlay(t, tt.opens, tt.units).run()
		})
	}
}

// A unit as the oracle knows it.
type simUnit struct {
	id        int64
	audience  string
	code      string
	region    string
	token     string
	added     time.Time
	submitted bool
	refused   bool
	covered   bool
	claimed   bool // by another, not decided
	optedOut  bool // one of its contacts
	stirred   int  // number of the day on which something happened to it
	calls     []time.Time
	mails     []time.Time
	steps     map[string]time.Time // first sent
	contacts  []*simContact
}

type simContact struct {
	id       int64
	email    string
	ended    bool
	optedOut bool
	steps    map[string]bool
	message  int64 // latest that it had
}

// A play is a simulated fieldwork.
type play struct {
	t        *testing.T
	*round   // without a server
	recorder *mail.Recorder
	rnd      *rand.Rand
	opens    time.Time
	closes   time.Time
	units    []*simUnit
	byUnit   map[int64]*simUnit
	byMail   map[int64]*simContact
	away     map[string][]([2]time.Time) // school holidays, by region
	day      int
	sent     int
	counts   map[string]int
	worker   *worker.Worker

	mu      sync.Mutex
	dead    map[string]bool // addresses that bounce from now on
	bounced map[string]bool // that did
}

const days = 60

func newPlay(t *testing.T, opens time.Time, n int) *play {
	t.Helper()
	pool := pgtest.Pool(t)
	p := &play{t: t, round: &round{t: t, pool: pool, clock: &clock{at: opens.AddDate(0, 0, -3)}}, rnd: rand.New(rand.NewPCG(uint64(n), uint64(opens.Unix()))),
		opens: opens, closes: opens.AddDate(0, 0, days), byUnit: map[int64]*simUnit{}, byMail: map[int64]*simContact{}, away: schoolHolidays(t),
		counts: map[string]int{}, dead: map[string]bool{}, bounced: map[string]bool{}}
	p.World = fixture.Study(t, store.New(pool), n/2)
	p.exec(`update register.study set opens = $1, closes = $2, released = $3`, opens, p.closes, opens.AddDate(0, 0, -3))
	p.exec(`update register.unit set added = $1`, opens.AddDate(0, 0, -7))
	p.exec(`update contact.contact set name = 'Persoon ' || id, email = 'p' || id || '@gemeente' || id % 50 || '.example', added = $1`, opens.AddDate(0, 0, -7))
	p.exec(`update contact.contact set email = '' where id % 41 = 0`) // nobody to write to
	p.exec(`
		insert into contact.contact (unit, email, source, general, added) select unit, 'algemeen' || unit || '@gemeente.example', 'website', true, added from contact.contact where id % 3 = 0`)
	p.rate(60000, 60000)
	p.reload()
	p.recorder = &mail.Recorder{Answer: p.answer}
	p.m = &worker.Mailer{Store: p.Store, Sender: p.recorder, Keys: keys, From: mail.Address{Email: "onderzoek@onderzoek.example"}, Base: base, Now: p.clock.now, Log: quiet}
	p.worker = worker.New(p.Store, p.clock.now, quiet)
	tokens := map[string]string{}
	for _, links := range p.Links {
		for _, l := range links {
			tokens[l.Unit] = l.Token
		}
	}
	p.learn(tokens)
	return p
}

// learn takes units and contacts that it does not know yet over from the database.
func (p *play) learn(tokens map[string]string) {
	rows, _ := p.pool.Query(p.t.Context(), `
		select u.id, u.audience, u.code, coalesce(u.background->>'regio', ''), u.added, c.id, c.email from register.unit u join contact.contact c on c.unit = u.id order by u.id, c.id`)
	var u simUnit
	var c simContact
	_, err := pgx.ForEachRow(rows, []any{&u.id, &u.audience, &u.code, &u.region, &u.added, &c.id, &c.email}, func() error {
		if p.byMail[c.id] != nil {
			return nil
		}
		if p.byUnit[u.id] == nil {
			known := u
			known.steps, known.token = map[string]time.Time{}, tokens[u.code]
			p.byUnit[u.id] = &known
			p.units = append(p.units, &known)
		}
		known := c
		known.steps = map[string]bool{}
		p.byMail[c.id] = &known
		p.byUnit[u.id].contacts = append(p.byUnit[u.id].contacts, &known)
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// answer is what the server does with a mail.
func (p *play) answer(m mail.Message) mail.Result {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := fnv.New32()
	_, _ = fmt.Fprint(h, m.ID, p.clock.now()) // a hash takes everything
	luck := h.Sum32() % 200
	switch {
	case p.dead[m.To.Email]:
		if p.bounced[m.To.Email] {
			p.t.Errorf("%s gets mail after it bounced", m.To.Email)
		}
		p.bounced[m.To.Email] = true
		return mail.Result{Outcome: mail.Refused, Stage: mail.StageRecipient, Code: 550, Status: "5.1.1", Reply: "no such user"}
	case luck < 10:
		return mail.Result{Outcome: mail.Deferred, Stage: mail.StageRecipient, Code: 450, Status: "4.7.1", Reply: "greylisted"}
	case luck == 10:
		return mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}
	}
	return mail.Result{Outcome: mail.Accepted, Stage: mail.StageEnd, Code: 250}
}

func (p *play) run() {
	p.t.Cleanup(p.leave)
	p.step() // before opening
	for p.day = range days {
		date := p.opens.In(amsterdam).AddDate(0, 0, p.day)
		at := func(h, m int) time.Time {
			return time.Date(date.Year(), date.Month(), date.Day(), h, m, p.rnd.IntN(60), 0, amsterdam)
		}
		moments := []time.Time{at(9, p.rnd.IntN(50)), at(10+p.rnd.IntN(6), 30), at(16, 30+p.rnd.IntN(29))}
		if p.day%5 == 0 {
			moments = []time.Time{at(0, 0), at(8, 59), moments[0], moments[1], moments[2], at(17, 0), at(23, 59)}
		}
		if p.closed(date, "Noord") != "" && p.closed(date, "Zuid") != "" {
			moments = []time.Time{at(2, 30), at(11, 0)} // 2.30 is there twice, or not at all, when the clocks change
		}
		for _, moment := range moments {
			if moment.After(p.opens) && moment.After(p.clock.now()) {
				p.clock.set(moment)
				p.disturb()
				p.step()
			}
		}
		p.everybodyServed(date)
		if p.t.Failed() {
			return
		}
	}
	p.clock.set(p.closes.Add(time.Hour))
	p.step()
	p.leave()
	p.t.Logf("%d units, %d mails; %v", len(p.units), p.sent, p.counts)
	for _, what := range []string{"uitnodiging", "herinnering1", "herinnering2", "submitted", "refused", "opted out", "covered", "replaced", "forwarded", "called", "added"} {
		if p.counts[what] == 0 {
			p.t.Errorf("%s never happened: the simulation proves less than it says", what)
		}
	}
}

// step lets the worker look and the sender send, and judges every mail.
func (p *play) step() {
	p.t.Helper()
	if err := p.worker.Look(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	p.send()
	mails := p.recorder.Sent()
	p.recorder.Reset()
	var ids []int64
	for _, m := range mails {
		name, err := keys.ParseReturnPath(m.ReturnPath)
		if err != nil {
			p.t.Fatal(err)
		}
		id, err := strconv.ParseInt(strings.TrimPrefix(name, "m"), 10, 64)
		if err != nil {
			p.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	type about struct {
		unit, contact int64
		step          string
	}
	known := map[int64]about{}
	rows, _ := p.pool.Query(p.t.Context(), `select id, unit, contact, coalesce(step, '') from field.message where id = any($1)`, ids)
	var id int64
	var a about
	if _, err := pgx.ForEachRow(rows, []any{&id, &a.unit, &a.contact, &a.step}, func() error { known[id] = a; return nil }); err != nil {
		p.t.Fatal(err)
	}
	for i, m := range mails {
		a := known[ids[i]]
		p.judge(m, ids[i], p.byUnit[a.unit], p.byMail[a.contact], a.step)
	}
	p.sent += len(mails)
	// What waits to be tried again is not late.
	rows, _ = p.pool.Query(p.t.Context(), `select unit from field.message where state = 'klaar'`)
	var unit int64
	if _, err := pgx.ForEachRow(rows, []any{&unit}, func() error { p.byUnit[unit].stirred = p.day; return nil }); err != nil {
		p.t.Fatal(err)
	}
	if n := get[int](p.round, `select count(*) from (select from field.message where step is not null and state in ('klaar', 'bezig', 'verstuurd', 'onzeker') group by unit, step, channel having count(*) > 1) x`); n > 0 {
		p.t.Errorf("%d units have a step twice", n)
	}
}

// judge checks one mail that went, or may have.
func (p *play) judge(m mail.Message, id int64, u *simUnit, c *simContact, step string) {
	p.t.Helper()
	now := p.clock.now().In(amsterdam)
	wrong := func(format string, args ...any) {
		p.t.Errorf("%s to unit %s on %s: %s", step, u.code, now.Format("Mon 2006-01-02 15:04"), fmt.Sprintf(format, args...))
	}
	if m.To.Email != c.email || !slices.Contains(u.contacts, c) {
		wrong("it went to %s, the contact is %s", m.To.Email, c.email)
	}
	if c.ended || c.optedOut {
		wrong("the contact was replaced (%v) or opted out (%v)", c.ended, c.optedOut)
	}
	c.message = id
	defer func() { u.mails = append(u.mails, now) }()
	if step == "" {
		return
	}
	p.counts[step]++
	switch {
	case u.submitted || u.refused || u.covered:
		wrong("submitted %v, refused %v, covered %v", u.submitted, u.refused, u.covered)
	case now.Before(p.opens) || !now.Before(p.closes):
		wrong("the study is not open")
	case now.Hour() < 9 || now.Hour() >= 17:
		wrong("outside the hours")
	case p.closed(now, u.region) != "":
		wrong("%s", p.closed(now, u.region))
	case c.steps[step]:
		wrong("a second time to this contact")
	}
	if _, twice := u.steps[step]; twice {
		wrong("a second time to this unit")
	}
	for _, at := range slices.Concat(u.mails, u.calls) {
		if n := p.workingDays(at, now); n < 3 {
			wrong("%d working days after a message or call on %s", n, at.Format("Mon 2006-01-02 15:04"))
		}
	}
	if least := map[string]int{"herinnering1": 14, "herinnering2": 28}[step]; least > 0 {
		invited, ok := u.steps["uitnodiging"]
		if !ok || calendarDays(invited, now) < least {
			wrong("invited on %v", invited)
		}
	}
	if step == "herinnering2" && u.steps["herinnering1"].IsZero() {
		wrong("before the first reminder")
	}
	u.steps[step], c.steps[step] = now, true
	u.stirred = p.day
}

// everybodyServed checks at the end of a day that nobody was forgotten: who could
// have had a step all day, has had it.
func (p *play) everybodyServed(date time.Time) {
	p.t.Helper()
	noon := time.Date(date.Year(), date.Month(), date.Day(), 12, 0, 0, 0, amsterdam)
	for _, u := range p.units {
		if u.stirred == p.day && p.day > 0 || u.submitted || u.refused || u.covered || u.claimed || u.optedOut || p.closed(noon, u.region) != "" || calendarDays(u.added, noon) < 1 || noon.Sub(p.opens) < 12*time.Hour {
			continue
		}
		if !slices.ContainsFunc(u.contacts, func(c *simContact) bool { return !c.ended && c.email != "" && !p.bounced[c.email] }) {
			continue
		}
		if slices.ContainsFunc(slices.Concat(u.mails, u.calls), func(at time.Time) bool { return p.workingDays(at, noon) < 3 }) {
			continue
		}
		for _, s := range []struct {
			step string
			day  int
		}{{"uitnodiging", 0}, {"herinnering1", 14}, {"herinnering2", 28}} {
			if !u.steps[s.step].IsZero() {
				continue
			}
			if s.day == 0 || calendarDays(u.steps["uitnodiging"], noon) >= s.day {
				p.t.Errorf("unit %s (%s) should have had %s by %s; it had %v", u.code, u.region, s.step, noon.Format("Mon 2006-01-02"), u.steps)
			}
			break
		}
	}
}

// disturb lets things happen to some units.
func (p *play) disturb() {
	p.t.Helper()
	for range max(1, len(p.units)/150) {
		p.happen(p.units[p.rnd.IntN(len(p.units))])
	}
	if p.rnd.IntN(12) == 0 {
		p.addLate()
	}
}

func (p *play) happen(u *simUnit) {
	p.t.Helper()
	ctx, now := p.t.Context(), p.clock.now()
	must := func(err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	l, err := p.Store.LinkByToken(ctx, u.token)
	must(err)
	c := u.contacts[p.rnd.IntN(len(u.contacts))]
	other := p.units[p.rnd.IntN(len(p.units))]
	was := u.stirred
	u.stirred = p.day
	switch p.rnd.IntN(11) {
	case 0:
		if u.submitted {
			return
		}
		key := p.start(u, l)
		if _, err := p.Store.Submit(ctx, key, p.Forms[u.audience], store.Actor{Kind: event.ByRespondent, ID: l.Contact}, answer.Web, "", now); err != nil {
			p.t.Fatal(err)
		}
		u.submitted = true
		p.counts["submitted"]++
	case 1:
		must(p.Store.Refuse(ctx, l, event.Reasons[p.rnd.IntN(len(event.Reasons))].ID, "", now))
		u.refused = true
		p.counts["refused"]++
	case 2, 3:
		must(p.Store.Return(ctx, l, now))
		u.refused = false
	case 4:
		if c.message == 0 || c.ended {
			u.stirred = was
			return
		}
		must(p.Store.OptOut(ctx, store.MailID(c.message), "web", now))
		c.optedOut, u.optedOut = true, true
		p.counts["opted out"]++
	case 5: // from now on mail to this address does not arrive
		p.mu.Lock()
		p.dead[c.email] = c.email != ""
		p.mu.Unlock()
	case 6:
		if u.submitted || l.Revoked.After(time.Time{}) {
			return
		}
		key := p.start(u, l)
		email := fmt.Sprintf("collega%d-%d@gemeente.example", u.id, len(u.contacts))
		if _, err := p.Store.ForwardTo(ctx, store.Forward{Response: key, From: l.Contact, Name: "Collega", Email: email, Reminders: p.rnd.IntN(2) == 0, Now: now}); err != nil {
			p.t.Fatal(err)
		}
		p.learn(nil)
		p.counts["forwarded"]++
	case 7: // another says to answer for it too
		if other == u || other.audience != u.audience || u.claimed || u.covered || other.submitted {
			return
		}
		ol, err := p.Store.LinkByToken(ctx, other.token)
		must(err)
		other.stirred = p.day
		must(p.Store.AddClaim(ctx, p.start(other, ol), u.code, "samen", store.Actor{Kind: event.ByRespondent, ID: ol.Contact}, now))
		u.claimed = true
		switch p.rnd.IntN(3) {
		case 0:
			must(p.Store.ConfirmClaim(ctx, u.id, other.code, store.BySystem, now))
			u.covered = true
			p.counts["covered"]++
		case 1:
			must(p.Store.RefuseClaim(ctx, u.id, other.code, "", store.BySystem, now))
			u.claimed = false
		}
	case 8:
		kind := []event.Kind{event.Called, event.CallNoAnswer, event.Promised}[p.rnd.IntN(3)]
		p.exec(`insert into field.event (unit, kind, occurred, recorded, channel, actor) values ($1, $2, $3, $3, 'tel', 'staff')`, u.id, kind, now)
		u.calls = append(u.calls, now)
		p.counts["called"]++
	case 9: // the link keeps working for the oracle only while its own contact is there
		if c.id == l.Contact || c.ended {
			return
		}
		p.exec(`update contact.contact set ended = $2 where id = $1`, c.id, now)
		p.exec(`insert into contact.contact (unit, name, email, source, added, replaces) select unit, 'Opvolger', 'opvolger' || id || '@gemeente.example', 'telefoon', $2, id from contact.contact where id = $1`, c.id, now)
		c.ended = true
		p.learn(nil)
		p.counts["replaced"]++
	case 10: // a look at the questionnaire, no more
		u.stirred = was
		p.start(u, l)
	}
}

// start opens the questionnaire of a unit and answers its first page.
func (p *play) start(u *simUnit, l store.Link) (key string) {
	p.t.Helper()
	_, key, err := p.Store.Enter(p.t.Context(), l, "2026", "", p.clock.now())
	if err != nil {
		p.t.Fatal(err)
	}
	f := p.Forms[u.audience]
	page := &f.Pages[0]
	values := answer.Values{}
	for _, it := range page.Items {
		v := &it.Variables[0]
		values[v.Name] = "1"
		if v.Type == instrument.CodeType {
			values[v.Name], _ = v.Code(v.Values[0].ID)
		}
	}
	if u.submitted {
		return key
	}
	_, err = p.Store.SavePage(p.t.Context(), store.Save{Response: key, Form: f, Page: page, Posted: values, Rendered: -1, Request: store.NewToken(), Action: "volgende", Mode: answer.Web,
		By: store.Actor{Kind: event.ByRespondent, ID: l.Contact}, Now: p.clock.now()})
	if err != nil {
		p.t.Fatal(err)
	}
	return key
}

// addLate puts a unit into the sample while the study runs.
func (p *play) addLate() {
	p.t.Helper()
	now := p.clock.now()
	if now.After(p.closes.AddDate(0, 0, -1)) {
		return
	}
	code := fmt.Sprintf("GM%d", 50000+len(p.units))
	p.exec(`insert into register.organisation (kind, code, name) values ('gemeente', $1, $1)`, code)
	p.exec(`
		insert into register.unit (study, audience, organisation, code, name, background, pseudonym, added)
		select $2, 'gemeente', id, code, code, '{"regio": "Midden"}', code, $3 from register.organisation where code = $1`, code, p.Study.ID, now)
	p.exec(`insert into contact.contact (unit, name, email, source, added) select id, 'Nieuw', lower(code) || '@gemeente.example', 'register', $2 from register.unit where code = $1`, code, now)
	token, err := p.Store.AddLink(p.t.Context(), get[int64](p.round, `select id from register.unit where code = $1`, code), store.BySystem, now)
	if err != nil {
		p.t.Fatal(err)
	}
	p.learn(map[string]string{code: token})
	p.units[len(p.units)-1].stirred = p.day
	p.counts["added"]++
}

// holidays are the days off of the simulated periods, from a paper calendar.
var holidays = map[string]string{
	"2026-04-03": "Goede Vrijdag", "2026-04-05": "Pasen", "2026-04-06": "Tweede Paasdag", "2026-04-27": "Koningsdag",
	"2026-12-25": "Kerst", "2026-12-26": "Kerst", "2027-01-01": "Nieuwjaar", "2028-04-14": "Goede Vrijdag",
}

// closed says why nothing may go to a region on the day of t.
func (p *play) closed(t time.Time, region string) string {
	date := t.In(amsterdam).Format(time.DateOnly)
	if why := holidays[date]; why != "" {
		return why
	}
	if w := t.In(amsterdam).Weekday(); w == time.Saturday || w == time.Sunday {
		return "weekend"
	}
	for _, v := range p.away[region] {
		if date >= v[0].Format(time.DateOnly) && date <= v[1].Format(time.DateOnly) {
			return "school holiday in " + region
		}
	}
	return ""
}

// workingDays counts the working days after from, up to and with the day of to.
func (p *play) workingDays(from, to time.Time) (n int) {
	d := from.In(amsterdam)
	for d.Format(time.DateOnly) < to.In(amsterdam).Format(time.DateOnly) {
		d = d.AddDate(0, 0, 1)
		if p.closed(d, "nowhere") == "" {
			n++
		}
	}
	return n
}

// calendarDays counts the nights between two moments.
func calendarDays(from, to time.Time) (n int) {
	d := from.In(amsterdam)
	for d.Format(time.DateOnly) < to.In(amsterdam).Format(time.DateOnly) {
		d = d.AddDate(0, 0, 1)
		n++
	}
	return n
}

// schoolHolidays reads the data file once more, by itself.
func schoolHolidays(t *testing.T) map[string][][2]time.Time {
	t.Helper()
	file, err := os.Open("../contactplan/vakanties.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was read
	in := csv.NewReader(file)
	in.Comment = '#'
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][][2]time.Time{}
	for _, row := range rows[1:] {
		from, err1 := time.Parse(time.DateOnly, row[3])
		to, err2 := time.Parse(time.DateOnly, row[4])
		if err1 != nil || err2 != nil {
			t.Fatal(row)
		}
		for _, region := range strings.Fields(row[2]) {
			out[region] = append(out[region], [2]time.Time{from, to})
		}
	}
	return out
}
