package worker_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// A clock is what senders are told that the time is.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *clock) add(d time.Duration) { c.set(c.now().Add(d)) }

// A cable is the way to the database, which can be cut.
type cable struct {
	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

func (c *cable) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("cut")}
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err == nil {
		c.conns = append(c.conns, conn)
	}
	return conn, err
}

func (c *cable) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	if cut {
		for _, conn := range c.conns {
			_ = conn.Close() // it may have ended
		}
		c.conns = nil
	}
}

// A round is a study in the field with its invitations due, a mailer and a
// server.
type round struct {
	fixture.World
	t     *testing.T
	pool  *pgxpool.Pool
	cable *cable
	clock *clock
	smtpd *smtpd
	m     *worker.Mailer
	by    *store.Presence
}

var (
	keys = mail.Keys{Secret: []byte("zestien tekens!!"), Domain: "onderzoek.example"}
	base = &url.URL{Scheme: "https", Host: "onderzoek.example"}

	// short are time limits for servers that do not answer.
	short = mail.Timeouts{Connect: time.Second, Command: 300 * time.Millisecond, Data: 300 * time.Millisecond, Listen: 20 * time.Millisecond, End: 300 * time.Millisecond, Grace: 50 * time.Millisecond}
)

// newRound makes n units per audience, each with a contact that has an address,
// in a study that was released on its first day.
func newRound(t *testing.T, n int) *round {
	t.Helper()
	r := &round{t: t, pool: pgtest.Pool(t), cable: &cable{}, clock: &clock{at: fixture.Now}, smtpd: newSMTPD(t)}
	config := r.pool.Config()
	config.ConnConfig.DialFunc = r.cable.dial
	cut, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cut.Close)
	t.Cleanup(r.leave)
	r.World = fixture.Study(t, store.New(cut), n)
	r.exec(`update contact.contact set name = 'Persoon ' || id, email = 'p' || id || '@gemeente' || id % 3 || '.example'`)
	if _, err := r.Store.Release(t.Context(), r.Study.ID, store.BySystem, fixture.Opens); err != nil {
		t.Fatal(err)
	}
	r.rate(60000, 60000)
	r.reload()
	r.m = r.mailer()
	return r
}

// mailer makes one more sender on the same server.
func (r *round) mailer() *worker.Mailer {
	r.t.Helper()
	sender, err := mail.NewSMTP(r.smtpd.url(), mail.Options{Timeouts: short})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = sender.Close() })
	return &worker.Mailer{Store: r.Store, Sender: sender, Keys: keys, From: mail.Address{Name: "Bureau", Email: "onderzoek@onderzoek.example"}, Base: base, Now: r.clock.now, Log: quiet}
}

func (r *round) reload() {
	r.t.Helper()
	st, err := r.Store.Study(r.t.Context(), r.Study.Slug)
	if err != nil {
		r.t.Fatal(err)
	}
	r.Study = st
}

func (r *round) exec(sql string, args ...any) {
	r.t.Helper()
	if _, err := r.pool.Exec(r.t.Context(), sql, args...); err != nil {
		r.t.Fatalf("%s: %v", sql, err)
	}
}

func (r *round) rate(perMinute, perDomain int) {
	r.t.Helper()
	r.exec(`update field.sending set rate = $1, domain_rate = $2`, perMinute, perDomain)
}

// look puts down what is due, as the worker does.
func (r *round) look() {
	r.t.Helper()
	if err := worker.New(r.Store, r.clock.now, quiet).Look(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// send sends until nothing can go now.
func (r *round) send() {
	r.t.Helper()
	for {
		wait, err := r.m.Round(r.t.Context(), &r.by)
		if err != nil {
			r.t.Fatal(err)
		}
		if wait > 0 {
			return
		}
	}
}

func (r *round) leave() {
	if r.by != nil {
		r.by.Leave(context.WithoutCancel(r.t.Context()))
		r.by = nil
	}
}

// A row is a message as it is stored.
type row struct {
	ID, Unit, Contact int64
	State, Reply      string
	Step              string
	Attempts          int
	Due, Begun        time.Time
	Email             string // of the contact
	Links             int
	Body              string
}

func (r *round) rows() []row {
	r.t.Helper()
	rows, _ := r.pool.Query(r.t.Context(), `
		select m.id, m.unit, m.contact, m.state, m.reply, coalesce(m.step, ''), m.attempts, m.due, coalesce(m.begun, '0001-01-01T00:00:00Z'), c.email,
			(select count(*) from contact.link l where l.message = m.id), coalesce((select b.subject || b.text from contact.body b where b.message = m.id), '')
		from field.message m join contact.contact c on c.id = m.contact order by m.id`)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

// events counts the events of a unit of some kinds.
func (r *round) events(unit int64, kinds ...event.Kind) int {
	return get[int](r, `select count(*) from field.event where unit = $1 and kind = any($2)`, unit, kinds)
}

func get[T any](r *round, sql string, args ...any) T {
	r.t.Helper()
	var v T
	if err := r.pool.QueryRow(r.t.Context(), sql, args...).Scan(&v); err != nil {
		r.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// everything is the whole database as text.
func (r *round) everything() string {
	r.t.Helper()
	rows, _ := r.pool.Query(r.t.Context(), `
		select format('%I.%I', table_schema, table_name) from information_schema.tables
		where table_schema in ('register', 'contact', 'field', 'answer', 'analysis', 'staff') order by 1`)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 20 {
		r.t.Fatalf("%d tables, %v", len(tables), err)
	}
	var b strings.Builder
	for _, name := range tables {
		b.WriteString(get[string](r, `select coalesce(string_agg(r::text, E'\n'), '') from `+name+` r`))
	}
	return b.String()
}

// check looks at what must hold at every moment when nobody is sending.
func (r *round) check() {
	r.t.Helper()
	times := map[string]int{}
	tokens := map[string][]string{}
	for _, k := range r.smtpd.kept() {
		times[k.to]++
		l := k.open(r.t)
		tokens[k.to] = append(tokens[k.to], l.token)
	}
	for _, m := range r.rows() {
		n := times[m.Email]
		switch m.State {
		case "verstuurd":
			if n != 1 || m.Links < 1 || m.Step != "" && r.events(m.Unit, event.Invited) != 1 {
				r.t.Errorf("sent message %d arrived %d times, has %d links and %d events", m.ID, n, m.Links, r.events(m.Unit, event.Invited))
			}
		case "onzeker":
			if n > 1 || m.Links < 1 || r.events(m.Unit, event.Invited) != 0 {
				r.t.Errorf("unsure message %d arrived %d times, has %d links", m.ID, n, m.Links)
			}
		case "klaar", "onbestelbaar", "ingetrokken":
			if n != 0 || m.Links != 0 || r.events(m.Unit, event.Invited) != 0 {
				r.t.Errorf("message %d is %s, but arrived %d times, has %d links", m.ID, m.State, n, m.Links)
			}
		default:
			r.t.Errorf("message %d is left %s", m.ID, m.State)
		}
		for _, token := range tokens[m.Email] {
			l, err := r.Store.LinkByToken(r.t.Context(), token)
			if err != nil || l.Contact != m.Contact || l.Unit != m.Unit || !l.Revoked.IsZero() {
				r.t.Errorf("the link of message %d to %s leads to %+v (%v)", m.ID, m.Email, l, err)
			}
		}
		if m.Links > 0 && (!strings.Contains(m.Body, "[persoonlijke link]") || strings.Contains(m.Body, "/v/")) {
			r.t.Errorf("kept of message %d: %s", m.ID, m.Body)
		}
	}
	all := r.everything()
	for _, s := range r.smtpd.secrets() {
		if strings.Contains(all, s) {
			r.t.Errorf("the database holds a token or code of a mail: %s", s)
		}
	}
}

// at does a at one stage.
func at(stage string, a act) func(string, string) act {
	return func(now, _ string) act {
		if now == stage {
			return a
		}
		return act{}
	}
}

// TestWhateverTheServerDoesNothingIsLostOrSentTwice plays the fault matrix
// (standards 5C, rows 17, 18 and 20).
func TestWhateverTheServerDoesNothingIsLostOrSentTwice(t *testing.T) {
	t.Parallel()
	hang := 700 * time.Millisecond
	for _, tt := range []struct {
		name  string
		do    func(stage, to string) act
		state string
		tried int // attempts
		after string
	}{
		{"right", nil, "verstuurd", 1, "verstuurd"},
		{"slow at every stage", func(string, string) act { return act{wait: 60 * time.Millisecond} }, "verstuurd", 1, "verstuurd"},
		{"closed for now", at("connect", act{say: "421 4.3.2 come back"}), "klaar", 0, "verstuurd"},
		{"drops before its greeting", at("connect", act{drop: true}), "klaar", 0, "verstuurd"},
		{"drops at EHLO", at("EHLO", act{drop: true}), "klaar", 0, "verstuurd"},
		{"hangs at EHLO", at("EHLO", act{wait: hang}), "klaar", 0, "verstuurd"},
		{"wants a login", at("MAIL", act{say: "530 5.7.0 log in"}), "klaar", 0, "verstuurd"},
		{"busy at MAIL", at("MAIL", act{say: "451 4.3.0 busy"}), "klaar", 1, "verstuurd"},
		{"greylists", at("RCPT", act{say: "450 4.7.1 greylisted"}), "klaar", 1, "verstuurd"},
		{"full for now", at("RCPT", act{say: "452 4.2.2 full"}), "klaar", 1, "verstuurd"},
		{"drops at RCPT", at("RCPT", act{drop: true}), "klaar", 1, "verstuurd"},
		{"hangs at RCPT", at("RCPT", act{wait: hang}), "klaar", 1, "verstuurd"},
		{"busy at DATA", at("DATA", act{say: "451 4.3.0 busy"}), "klaar", 1, "verstuurd"},
		{"drops at DATA", at("DATA", act{drop: true}), "klaar", 1, "verstuurd"},
		{"hangs at DATA", at("DATA", act{wait: hang}), "klaar", 1, "verstuurd"},
		{"drops in the middle", at("half", act{drop: true}), "klaar", 1, "verstuurd"},
		{"busy after the dot", at("dot", act{say: "451 4.3.0 busy"}), "klaar", 1, "verstuurd"},
		{"refuses what it says", at("dot", act{say: "554 5.6.0 bad content"}), "onbestelbaar", 1, "onbestelbaar"},
		{"drops after the dot", at("dot", act{drop: true}), "onzeker", 1, "onzeker"},
		{"keeps it and loses the answer", at("dot", act{lose: true}), "onzeker", 1, "onzeker"},
		{"keeps it and hangs", at("dot", act{wait: hang}), "onzeker", 1, "onzeker"},
		{"babbles after the dot", at("dot", act{say: "what?"}), "onzeker", 1, "onzeker"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRound(t, 1)
			r.smtpd.do(tt.do)
			r.look()
			r.send()
			rows := r.rows()
			if len(rows) != 2 {
				t.Fatalf("%d messages for 2 units", len(rows))
			}
			for _, m := range rows {
				if m.State != tt.state || m.Attempts != tt.tried {
					t.Errorf("after it: %s (%s) after %d attempts, want %s after %d", m.State, m.Reply, m.Attempts, tt.state, tt.tried)
				}
				if later := m.Due.After(r.clock.now()); later != (m.State == "klaar") {
					t.Errorf("%s is due at %v, and it is %v", m.State, m.Due, r.clock.now())
				}
			}
			r.check()
			r.smtpd.do(nil) // the server is mended
			r.clock.add(5 * time.Minute)
			r.look()
			r.send()
			for _, m := range r.rows() {
				if m.State != tt.after {
					t.Errorf("in the end: %s (%s), want %s", m.State, m.Reply, tt.after)
				}
			}
			r.leave()
			r.check()
		})
	}
}

func TestAServerThatIsDownForADayKeepsNothingBack(t *testing.T) {
	t.Parallel()
	r := newRound(t, 20)
	r.smtpd.down()
	r.look()
	for range 50 { // a round each half hour
		r.send()
		r.clock.add(30 * time.Minute)
		r.look()
	}
	for _, m := range r.rows() {
		if m.State != "klaar" || m.Attempts != 0 {
			t.Errorf("%s after %d attempts (%s)", m.State, m.Attempts, m.Reply)
		}
	}
	r.check()
	r.smtpd.up()
	r.clock.set(fixture.Now.AddDate(0, 0, 2)) // within the hours
	r.send()
	if n := len(r.smtpd.kept()); n != 40 {
		t.Errorf("%d of 40 mails once the server was back", n)
	}
	r.leave()
	r.check()
}

func TestABounceMovesTheStepToTheNextContact(t *testing.T) {
	t.Parallel()
	r := newRound(t, 1)
	unit := get[int64](r, `select min(unit) from contact.contact`)
	first := get[string](r, `select email from contact.contact where unit = $1`, unit)
	r.exec(`insert into contact.contact (unit, name, email, source, added, general) values ($1, '', 'tweede@gemeente.example', 'website', $2, true)`, unit, fixture.Opens)
	r.smtpd.do(func(stage, to string) act {
		if stage == "RCPT" && to == first {
			return act{say: "550 5.1.1 <" + strings.ToUpper(to) + ">: no such user"}
		}
		return act{}
	})
	r.look()
	r.send()
	m := r.rows()[0]
	if m.State != "onbestelbaar" || m.Email != first || m.Links != 0 || strings.Contains(strings.ToLower(m.Reply), first) {
		t.Errorf("%+v", m)
	}
	if why := get[string](r, `select bounce_reason from contact.contact where email = $1 and bounced is not null`, first); strings.Contains(strings.ToLower(why), first) || why == "" {
		t.Errorf("the reason: %q", why)
	}
	if n := r.events(unit, event.Bounced); n != 1 {
		t.Errorf("%d events of the bounce", n)
	}
	r.clock.add(time.Minute)
	r.look()
	r.send()
	var to []string
	for _, k := range r.smtpd.kept() {
		to = append(to, k.to)
	}
	if len(to) != 2 || !slices.Contains(to, "tweede@gemeente.example") {
		t.Errorf("mails to %v", to)
	}
	for _, k := range r.smtpd.kept() {
		l := k.open(t)
		if k.to != "tweede@gemeente.example" {
			if l.code != "" {
				t.Error("a code for a person")
			}
			continue
		}
		if l.code == "" {
			t.Fatalf("no code for a general address: %s", l.text)
		}
		byCode, err := r.Store.LinkByToken(t.Context(), l.code)
		if err != nil || byCode.Unit != unit {
			t.Errorf("the code leads to %+v (%v)", byCode, err)
		}
	}
	if n := r.events(unit, event.Invited); n != 1 {
		t.Errorf("%d invitations", n)
	}
	r.leave()
	all := r.everything()
	for _, s := range r.smtpd.secrets() {
		if strings.Contains(all, s) {
			t.Errorf("the database holds %s", s)
		}
	}
}

// A mailbox that is full is tried on three days (standards M5).
func TestAFullMailboxIsTriedThreeTimes(t *testing.T) {
	t.Parallel()
	r := newRound(t, 1)
	r.exec(`delete from contact.link`)
	r.smtpd.do(at("RCPT", act{say: "552 5.2.2 mailbox full"}))
	states := func() (out []string) {
		for _, m := range r.rows() {
			out = append(out, m.State)
		}
		return out
	}
	var tries []string
	for range 5 * 24 {
		r.look()
		r.send()
		tries = append(tries, states()[0])
		r.clock.add(time.Hour)
	}
	r.leave()
	first := slices.Index(tries, "onbestelbaar")
	if first < 24 || r.rows()[0].Attempts != 3 {
		t.Errorf("given up after %d hours and %d attempts", first, r.rows()[0].Attempts)
	}
	if n := get[int](r, `select count(*) from contact.contact where bounced is not null`); n != 2 {
		t.Errorf("%d contacts bounced", n)
	}
	if n := len(r.rows()); n != 2 {
		t.Errorf("%d messages", n)
	}
}

func TestARefusalByPolicySaysNothingOfTheAddress(t *testing.T) {
	t.Parallel()
	r := newRound(t, 1)
	r.smtpd.do(at("RCPT", act{say: "550 5.7.1 blocked as spam"}))
	r.look()
	r.send()
	for range 3 {
		r.clock.add(time.Hour)
		r.look()
		r.send()
	}
	r.leave()
	for _, m := range r.rows() {
		if m.State != "onbestelbaar" || m.Attempts != 1 {
			t.Errorf("%+v", m)
		}
	}
	if n := get[int](r, `select count(*) from contact.contact where bounced is not null`); n != 0 {
		t.Errorf("%d contacts bounced", n)
	}
	swept, err := r.m.Sweep(t.Context(), r.Study, false, store.BySystem)
	if err != nil || len(swept.Skipped) != 2 || len(swept.Deliveries) != 0 {
		t.Errorf("a sweep does not say that somebody must look: %+v (%v)", swept, err)
	}
}

// A register that is read again with the right address gets the message there.
func TestANewAddressOfTheSameContactGetsTheMessageThatCameBack(t *testing.T) {
	t.Parallel()
	r := newRound(t, 1)
	r.smtpd.do(at("RCPT", act{say: "550 5.1.1 no such user"}))
	r.look()
	r.send()
	r.smtpd.do(nil)
	r.exec(`update contact.contact set email = 'nieuw' || id || '@gemeente.example', bounced = null`)
	r.clock.add(time.Minute)
	r.look()
	r.send()
	r.leave()
	if n := len(r.smtpd.kept()); n != 2 {
		t.Errorf("%d mails at the new addresses (%+v)", n, r.rows())
	}
	r.check()
}

// What a server said is known nowhere else: it is kept until the database is
// back, and where that takes too long, the message is unsure.
func TestTheDatabaseMayGoAwayBetweenSendingAndSettling(t *testing.T) {
	t.Parallel()
	r := newRound(t, 1)
	r.look()
	var once sync.Once
	r.smtpd.do(func(stage, _ string) act {
		if stage == "dot" {
			once.Do(func() {
				r.cable.set(true)
				time.AfterFunc(1500*time.Millisecond, func() { r.cable.set(false) })
			})
		}
		return act{}
	})
	done := make(chan error)
	go func() {
		_, err := r.m.Round(t.Context(), &r.by)
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	r.smtpd.do(nil)
	r.clock.add(time.Hour)
	r.send()
	r.leave()
	for _, m := range r.rows() {
		if m.State != "verstuurd" {
			t.Errorf("%s: %s", m.State, m.Reply)
		}
	}
	r.check()
}

// A sender that could not settle a message, but lives on, leaves it unsure and
// does not keep it begun for ever.
func TestAMessageThatWasNotSettledBecomesUnsure(t *testing.T) {
	t.Parallel()
	r := newRound(t, 1)
	r.look()
	// The settlement itself fails, whatever the connection does.
	r.exec(`create function field.refuse() returns trigger language plpgsql as $$ begin
		if new.state = 'verstuurd' then raise exception 'no'; end if; return new; end $$`)
	r.exec(`create trigger refuse before update on field.message for each row execute function field.refuse()`)
	r.send()
	r.exec(`drop trigger refuse on field.message`)
	r.clock.add(time.Minute)
	r.send()
	r.leave()
	for _, m := range r.rows() {
		if m.State != "onzeker" {
			t.Errorf("%s: %s", m.State, m.Reply)
		}
	}
	r.check()
	r.clock.add(time.Hour)
	r.look()
	r.send()
	r.leave()
	if n := len(r.smtpd.kept()); n != 2 {
		t.Errorf("%d mails for 2 units", n)
	}
}

// A sender that dies holds up nobody, and what it had begun is not sent again.
func TestWhatADeadSenderHadIsTakenOver(t *testing.T) {
	t.Parallel()
	r := newRound(t, 2)
	r.look()
	dead, err := r.Store.Attend(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids, err := r.Store.ClaimMessages(t.Context(), store.Round{By: dead.Name, Limit: 3, Now: r.clock.now()})
	if err != nil || len(ids) != 3 {
		t.Fatal(ids, err)
	}
	email := get[string](r, `select c.email from field.message m join contact.contact c on c.id = m.contact where m.id = $1`, ids[0])
	err = r.Store.BeginMessage(t.Context(), store.Beginning{ID: ids[0], By: dead.Name, Tokens: []string{"token"}, Address: email, Text: "[persoonlijke link]",
		Withhold: func(contactplan.Unit) string { return "" }, Now: r.clock.now()})
	if err != nil {
		t.Fatal(err)
	}
	r.send() // while it lives, nobody touches what it has
	if n := len(r.smtpd.kept()); n != 1 {
		t.Errorf("%d mails sent beside a living sender, want 1", n)
	}
	dead.Leave(t.Context())
	r.clock.add(time.Minute)
	r.send()
	r.leave()
	states := map[string]int{}
	for _, m := range r.rows() {
		states[m.State]++
	}
	if states["verstuurd"] != 3 || states["onzeker"] != 1 {
		t.Errorf("%v", states)
	}
	r.check()
	// What the dead one would still have to say of what others have now is not heard.
	if _, err := r.Store.Settle(t.Context(), store.Settlement{ID: ids[1], By: dead.Name, State: store.Returned, Now: r.clock.now()}); err != nil {
		t.Error(err)
	}
	r.check()
	if got := fmt.Sprint(states); !strings.Contains(got, "verstuurd:3") {
		t.Error(got)
	}
}
