package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/study"
)

// The states of a message.
const (
	Waiting   = contactplan.Queued    // klaar
	Begun     = "bezig"               // it may exist elsewhere from now on
	Sent      = contactplan.Sent      // verstuurd
	Unsure    = contactplan.Unsure    // onzeker
	Returned  = contactplan.Returned  // onbestelbaar
	Withdrawn = contactplan.Withdrawn // ingetrokken
)

// A Presence is a sender that lives: it holds a lock on its name for as long as
// its connection stands. What a dead one had is taken back by any other.
type Presence struct {
	Name string
	conn *pgxpool.Conn
}

// Attend makes a presence. The name is random.
func (s *Store) Attend(ctx context.Context) (*Presence, error) {
	p := &Presence{Name: NewToken()}
	return p, p.hold(ctx, s)
}

func (p *Presence) hold(ctx context.Context, s *Store) error {
	conn, err := s.db.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("attend: %w", wrap(err))
	}
	if _, err := conn.Exec(ctx, `select pg_advisory_lock(hashtextextended($1, 0)) -- store.hold`, p.Name); err != nil {
		conn.Release()
		return fmt.Errorf("attend: %w", wrap(err))
	}
	p.conn = conn
	return nil
}

// Renew makes sure that the presence still holds its lock.
func (p *Presence) Renew(ctx context.Context, s *Store) error {
	if _, err := p.conn.Exec(ctx, `select 1 -- store.Renew`); err == nil {
		return nil
	}
	p.Leave(ctx)
	return p.hold(ctx, s)
}

// Leave gives up the lock, and the connection that held it. The lock is gone when
// it returns: a server frees the locks of a connection that closes only after the
// client has gone on, and whoever looked in between would find a dead sender alive.
func (p *Presence) Leave(ctx context.Context) {
	if p.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	// On a broken connection this fails, and the lock goes with the connection.
	_, _ = p.conn.Exec(ctx, `select pg_advisory_unlock(hashtextextended($1, 0)) -- store.Leave`, p.Name)
	_ = p.conn.Conn().Close(ctx)
	p.conn.Release()
	p.conn = nil
}

// A Taken is a message that became unsure because its sender died.
type Taken struct {
	ID    int64
	Study int64
}

// TakeOver looks after what senders left that died, and what own left: a presence
// that has nothing in the air, so that what it did not settle never will be. What
// they had begun may have gone: it is unsure, and a person decides. The rest waits
// again. It returns the unsure ones.
func (s *Store) TakeOver(ctx context.Context, own string, now time.Time) ([]Taken, error) {
	var unsure []Taken
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		unsure = nil
		claims, err := all(ctx, tx, pgx.RowTo[string], `
			select distinct claim from field.message where state in ('klaar', 'bezig') and claim is not null -- store.TakeOver`)
		if err != nil {
			return err
		}
		for _, name := range claims {
			dead := name == own
			if !dead {
				if err := tx.QueryRow(ctx, `select pg_try_advisory_xact_lock(hashtextextended($1, 0)) -- store.TakeOver`, name).Scan(&dead); err != nil {
					return err
				}
			}
			if !dead {
				continue
			}
			taken, err := all(ctx, tx, pgx.RowToStructByPos[Taken], `
				update field.message set state = 'onzeker', done = $2, reply = 'het versturen werd onderbroken' -- store.TakeOver
				where claim = $1 and state = 'bezig' returning id, study`, name, now)
			if err != nil {
				return err
			}
			unsure = append(unsure, taken...)
			if _, err := tx.Exec(ctx, `update field.message set claim = null where claim = $1 and state = 'klaar' -- store.TakeOver`, name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("take over: %w", err)
	}
	return unsure, nil
}

// A Round asks for mails to send.
type Round struct {
	By      string  // name of a presence
	Only    []int64 // these, whatever release and waiting times say; nil: what is due in every study that was released
	Limit   int
	Hurried bool // no throttle
	Now     time.Time
}

// ClaimMessages returns the ids of mails that the claimant is to send, in the
// order of the ids; nobody else gets them while it lives. The rate counts over
// all claimants (standards M7).
func (s *Store) ClaimMessages(ctx context.Context, c Round) ([]int64, error) {
	var ids []int64
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		ids = nil
		var rate, domainRate float64
		var locked bool
		err = tx.QueryRow(ctx, `select rate, domain_rate, locked is not null from field.sending -- store.ClaimMessages`).Scan(&rate, &domainRate, &locked)
		if err != nil || locked {
			return err
		}
		if ids, err = claimable(ctx, tx, c, rate, domainRate); err != nil || len(ids) == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `update field.message set claim = $1 where id = any($2) -- store.ClaimMessages`, c.By, ids)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	slices.Sort(ids)
	return ids, nil
}

// A bucket gives out tokens at a rate. It holds five seconds of them at most, so
// that a pause is not made up for at once.
type bucket struct {
	tokens float64
	at     time.Time
	rate   float64 // per minute
}

// room is how many tokens a bucket holds at most.
func (b bucket) room() float64 { return max(1, b.rate/12) }

// skew is how far the clocks of two senders may differ.
const skew = time.Minute

// filled returns the bucket at now. A clock that was put back gives nothing, and
// a sender whose clock is a little behind does not turn the time of the bucket
// back: the others would be given the difference at each turn.
func (b bucket) filled(now time.Time) bucket {
	passed := now.Sub(b.at)
	if passed > 0 {
		b.tokens = min(b.room(), b.tokens+passed.Minutes()*b.rate)
	}
	if passed > 0 || passed < -skew {
		b.at = now
	}
	return b
}

// claimable locks mails that can be claimed, and takes their tokens.
func claimable(ctx context.Context, tx pgx.Tx, c Round, rate, domainRate float64) ([]int64, error) {
	n := c.Limit
	var whole map[string]bucket
	if !c.Hurried {
		var err error
		if whole, err = lockBuckets(ctx, tx, []string{""}, rate, c.Now); err != nil {
			return nil, err
		}
		if n = min(n, int(whole[""].tokens)); n == 0 {
			return nil, nil
		}
	}
	type waiting struct {
		ID     int64
		Domain string
	}
	// Joins would tempt the planner to sort all that waits, and so would one query
	// for both sorts of round.
	studies, err := all(ctx, tx, pgx.RowTo[int64], `
		select id from register.study where stopped is null and (released is not null or $1) -- store.claimable`, c.Only != nil)
	if err != nil {
		return nil, err
	}
	dry := []string{}
	if !c.Hurried {
		if dry, err = all(ctx, tx, pgx.RowTo[string], `
			select key from field.throttle where key <> '' and tokens + $2::float8 / 60 * extract(epoch from $1::timestamptz - at) < 1 -- store.claimable`, c.Now, domainRate); err != nil {
			return nil, err
		}
	}
	which, arg := `due <= $4`, any(c.Now)
	if c.Only != nil {
		which, arg = `id = any($4)`, c.Only
	}
	found, err := all(ctx, tx, pgx.RowToStructByPos[waiting], `
		select id, domain from field.message -- store.claimable
		where state = 'klaar' and channel = 'mail' and claim is null and study = any($1) and domain <> all($2) and `+which+`
		order by due, id limit $3 for update skip locked`, studies, dry, n, arg)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var ids []int64
	if c.Hurried {
		for _, w := range found {
			ids = append(ids, w.ID)
		}
		return ids, nil
	}
	var domains []string
	for _, w := range found {
		domains = append(domains, w.Domain)
	}
	slices.Sort(domains)
	buckets, err := lockBuckets(ctx, tx, slices.Compact(domains), domainRate, c.Now)
	if err != nil {
		return nil, err
	}
	for _, w := range found {
		if b := buckets[w.Domain]; b.tokens >= 1 {
			b.tokens--
			buckets[w.Domain] = b
			ids = append(ids, w.ID)
		}
	}
	b := whole[""]
	b.tokens -= float64(len(ids))
	buckets[""] = b
	for key, b := range buckets {
		if _, err := tx.Exec(ctx, `update field.throttle set tokens = $2, at = $3 where key = $1 -- store.claimable`, key, b.tokens, b.at); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// lockBuckets returns buckets as they are at now, full where they are new. They
// are locked in the order of their keys.
func lockBuckets(ctx context.Context, tx pgx.Tx, keys []string, rate float64, now time.Time) (map[string]bucket, error) {
	full := bucket{rate: rate}.room()
	if _, err := tx.Exec(ctx, `
		insert into field.throttle (key, tokens, at) select k, $2, $3 from unnest($1::text[]) as k order by k on conflict do nothing -- store.lockBuckets`, keys, full, now); err != nil {
		return nil, err
	}
	out := map[string]bucket{}
	var key string
	b := bucket{rate: rate}
	rows, _ := tx.Query(ctx, `select key, tokens, at from field.throttle where key = any($1) order by key for update -- store.lockBuckets`, keys)
	_, err := pgx.ForEachRow(rows, []any{&key, &b.tokens, &b.at}, func() error {
		out[key] = b.filled(now)
		return nil
	})
	return out, err
}

// An Outgoing is a message that is about to go, with all that it may say.
type Outgoing struct {
	ID       int64
	Step     string // "" outside the ladder
	Channel  contactplan.Channel
	Template string
	Attempts int
	Study    study.Study
	UnitCode string
	UnitName string
	Unit     contactplan.Unit // as it is now
	Contact  Contact
	Extra    map[string]string // fields that only this message has
	Response *Response         // the unit's own, nil before there is one
	Wordings contactplan.Wordings
}

// Text returns the text of the message.
func (m Outgoing) Text(version contactplan.Channel) (contactplan.Template, bool) {
	return m.Wordings.Text(m.Step, m.Template, version, m.Unit.Audience)
}

// Outgoing returns a message.
func (s *Store) Outgoing(ctx context.Context, id int64) (Outgoing, error) {
	var m Outgoing
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		m, err = outgoing(ctx, tx, id)
		return err
	})
	if err != nil {
		return m, fmt.Errorf("outgoing: %w", err)
	}
	return m, nil
}

const noMessage = "Dit bericht is er niet."

func outgoing(ctx context.Context, tx pgx.Tx, id int64) (Outgoing, error) {
	m := Outgoing{ID: id}
	var unit int64
	c := &m.Contact
	_, err := one(ctx, tx, func(row pgx.CollectableRow) (struct{}, error) {
		return struct{}{}, row.Scan(append([]any{&unit, &m.Step, &m.Channel, &m.Template, &m.Attempts, &m.Extra, &m.UnitCode, &m.UnitName,
			&c.ID, &c.Salutation, &c.Name, &c.Role, &c.Email, &c.Phone, &c.Address, &c.Source, &c.General, &c.Added, &c.Ended}, studyFields(&m.Study)...)...)
	}, noMessage, `
		select m.unit, coalesce(m.step, ''), m.channel, m.template, m.attempts, coalesce(b.extra, '{}'), u.code, u.name, -- store.outgoing
			c.id, c.salutation, c.name, c.role, c.email, c.phone, c.address, c.source, c.general, c.added, coalesce(c.ended, '0001-01-01T00:00:00Z'),
			`+studyColumns+`
		from field.message m join register.unit u on u.id = m.unit join contact.contact c on c.id = m.contact join register.study s on s.id = m.study
		left join contact.body b on b.message = m.id where m.id = $1`, id)
	if err != nil {
		return m, err
	}
	if m.Unit, err = approach(ctx, tx, unit); err != nil {
		return m, err
	}
	own, err := all(ctx, tx, scanResponse, responseSelect+` where r.unit = $1 -- store.outgoing`, unit)
	if err != nil {
		return m, err
	}
	if len(own) > 0 {
		m.Response = &own[0]
	}
	m.Wordings, err = wordings(ctx, tx, m.Study.ID, cmp.Or(m.Step, m.Template))
	return m, err
}

// A Beginning is a message that is ready to go.
type Beginning struct {
	ID       int64
	By       string                        // who claimed it
	Withhold func(contactplan.Unit) string // says why it may not go after all, or ""
	Tokens   []string                      // of the links and codes that it brings
	Address  string                        // to which it goes, and what it says, with placeholders
	Name     string
	Subject  string
	Text     string
	Now      time.Time
}

// ErrWithheld says that a message may not go after all, or, with Wait, not now.
type ErrWithheld struct {
	Why  string
	Wait bool
}

func (e *ErrWithheld) Error() string { return "withheld: " + e.Why }

// BeginMessage marks a message as begun, right before it may exist elsewhere. It
// looks once more, under lock, whether the message may go; where it may not, the
// message is withdrawn, or waits while sending is stopped, and the error is an
// ErrWithheld.
func (s *Store) BeginMessage(ctx context.Context, b Beginning) error {
	var withheld *ErrWithheld
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		withheld = nil
		var unit, contact int64
		var stopped bool
		var address string
		err := tx.QueryRow(ctx, `
			select m.unit, m.contact, s.stopped is not null or x.locked is not null, c.email from field.message m -- store.BeginMessage
			join register.study s on s.id = m.study join contact.contact c on c.id = m.contact cross join field.sending x
			where m.id = $1 and m.claim = $2 and m.state = 'klaar' for update of m`, b.ID, b.By).Scan(&unit, &contact, &stopped, &address)
		if errors.Is(err, pgx.ErrNoRows) {
			withheld = &ErrWithheld{Why: "een ander verstuurt dit bericht"}
			return nil
		}
		if err != nil {
			return err
		}
		if stopped {
			withheld = &ErrWithheld{"het versturen is stopgezet", true}
			return nil
		}
		if address != b.Address { // written to the old one
			withheld = &ErrWithheld{"het adres is net veranderd", true}
			return nil
		}
		u, err := approach(ctx, tx, unit)
		if err != nil {
			return err
		}
		if why := b.Withhold(u); why != "" {
			withheld = &ErrWithheld{Why: why}
			return withdraw(ctx, tx, b.ID, why, b.Now)
		}
		gone, err := s.suppressed(ctx, tx, b.Address)
		if err != nil {
			return err
		}
		if gone[b.Address] { // it was added all the same; from now on the plan knows
			withheld = &ErrWithheld{Why: "dit adres wil geen mail"}
			if err := withdraw(ctx, tx, b.ID, withheld.Why, b.Now); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `update contact.contact set opted_out = $2 where id = $1 -- store.BeginMessage`, contact, b.Now)
			return err
		}
		for _, token := range b.Tokens {
			_, err := tx.Exec(ctx, `
				insert into contact.link (contact, hash, purpose, made, message) values ($1, $2, 'bericht', $3, $4) -- store.BeginMessage`, contact, hash(token), b.Now, b.ID)
			if err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `
			insert into contact.body (message, address, name, subject, text) values ($1, $2, $3, $4, $5) -- store.BeginMessage
			on conflict (message) do update set address = excluded.address, name = excluded.name, subject = excluded.subject, text = excluded.text`,
			b.ID, b.Address, b.Name, b.Subject, b.Text)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update field.message set state = 'bezig', begun = $2 where id = $1 -- store.BeginMessage`, b.ID, b.Now)
		return err
	})
	if err != nil {
		return fmt.Errorf("begin message: %w", err)
	}
	if withheld != nil {
		return withheld
	}
	return nil
}

func withdraw(ctx context.Context, tx pgx.Tx, id int64, why string, now time.Time) error {
	_, err := tx.Exec(ctx, `update field.message set state = 'ingetrokken', done = $2, reply = $3, claim = null where id = $1 and state = 'klaar' -- store.withdraw`, id, now, why)
	return err
}

// A Settlement says what became of a message.
type Settlement struct {
	ID      int64
	By      string    // who claimed it
	State   string    // Sent, Unsure, Returned, Withdrawn, or Waiting to try it again
	Due     time.Time // of Waiting: not before
	Reply   string    // of the server, or why
	Tried   bool      // the server was asked to take this message
	Address string    // of Returned: that did not want it
	Bounced bool      // of Returned: mail to this address does not arrive
	Soft    bool      // of Waiting: the mailbox is full or away; the third time it is taken as Bounced
	Actor   Actor
	Now     time.Time
}

// softLimit is how often a mailbox may be full (standards M5).
const softLimit = 3

// Settle records what became of a message that was claimed, with the event. A
// message that was taken for unsure meanwhile is settled all the same: the sender
// knows better. It returns the state it has come to.
func (s *Store) Settle(ctx context.Context, b Settlement) (string, error) {
	state := b.State
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		state = b.State
		var unit, contact int64
		var step, channel string
		var first string
		var begun time.Time
		err := tx.QueryRow(ctx, `
			select m.unit, m.contact, coalesce(m.step, ''), m.channel, coalesce(m.begun, $3), coalesce(s.plan->'steps'->0->>'id', '') from field.message m -- store.Settle
			join register.study s on s.id = m.study where m.id = $1 and m.claim = $2 and m.state in ('klaar', 'bezig', 'onzeker') for update of m`, b.ID, b.By, b.Now).
			Scan(&unit, &contact, &step, &channel, &begun, &first)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // somebody else has it, or a person decided
		}
		if err != nil {
			return err
		}
		if b.Soft {
			var n int
			if err := tx.QueryRow(ctx, `update contact.contact set soft_bounces = soft_bounces + 1 where id = $1 returning soft_bounces -- store.Settle`, contact).Scan(&n); err != nil {
				return err
			}
			if n >= softLimit {
				state, b.Bounced = Returned, true
			}
		}
		switch state {
		case Sent:
			if _, err := tx.Exec(ctx, `update contact.contact set soft_bounces = 0 where id = $1 and soft_bounces > 0 -- store.Settle`, contact); err != nil {
				return err
			}
			if first == "" {
				first = contactplan.Default().Steps[0].ID
			}
			return sent(ctx, tx, b, event.Event{Unit: unit, Kind: sentKind(step, first), Occurred: begun, Recorded: b.Now, Channel: channel, Actor: b.Actor.Kind, ActorID: b.Actor.ID, Note: step}, step != "")
		case Waiting, Withdrawn, Returned: // it certainly did not go
			if _, err := tx.Exec(ctx, `delete from contact.link where message = $1 -- store.Settle`, b.ID); err != nil {
				return err
			}
		}
		if state == Returned && b.Address != "" {
			_, err := tx.Exec(ctx, `
				insert into contact.body (message, address) values ($1, $2) on conflict (message) do update set address = excluded.address -- store.Settle`, b.ID, b.Address)
			if err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `
			update field.message set state = $2, done = case when $2 = 'klaar' then null else $3::timestamptz end, due = case when $2 = 'klaar' then $4 else due end, -- store.Settle
				reply = $5, begun = case when $2 = 'klaar' then null else begun end, claim = case when $2 = 'klaar' then null else claim end, attempts = attempts + $6::int
			where id = $1`, b.ID, state, b.Now, b.Due, b.Reply, tried(b))
		if err != nil || state != Returned || !b.Bounced {
			return err
		}
		return bounced(ctx, tx, unit, contact, b.Reply, begun, b.Now)
	})
	if err != nil {
		return state, fmt.Errorf("settle: %w", err)
	}
	return state, nil
}

// sentKind is what it is called that a step went out.
func sentKind(step, first string) event.Kind {
	if step == first {
		return event.Invited
	}
	return event.Reminded
}

func sent(ctx context.Context, tx pgx.Tx, b Settlement, e event.Event, ladder bool) error {
	var id *int64
	if ladder {
		n, err := addEventID(ctx, tx, e)
		if err != nil {
			return err
		}
		id = &n
	}
	_, err := tx.Exec(ctx, `update field.message set state = 'verstuurd', done = $2, reply = $3, event = $4, attempts = attempts + $5 where id = $1 -- store.sent`,
		b.ID, b.Now, b.Reply, id, tried(b))
	return err
}

func tried(b Settlement) int {
	if b.Tried {
		return 1
	}
	return 0
}

// bounced records that mail to a contact does not arrive, so that the unit's next
// contact gets the step.
func bounced(ctx context.Context, tx pgx.Tx, unit, contact int64, why string, occurred, now time.Time) error {
	_, err := tx.Exec(ctx, `update contact.contact set bounced = coalesce(bounced, $2), bounce_reason = $3 where id = $1 -- store.bounced`, contact, now, why)
	if err != nil {
		return err
	}
	return addEvent(ctx, tx, event.Event{Unit: unit, Kind: event.Bounced, Occurred: occurred, Recorded: now, Channel: "mail", Actor: event.BySystem, ActorID: contact})
}

// Backoff is how long to wait after so many attempts: a minute, then ever longer,
// four hours at most.
func Backoff(attempts int) time.Duration {
	return time.Duration(min(240, math.Pow(2, float64(min(attempts, 12)-1)))) * time.Minute
}

// Unsent returns the ids of the mails of a study that wait, by the time they
// became due.
func (s *Store) Unsent(ctx context.Context, studyID int64) ([]int64, error) {
	var ids []int64
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		ids, err = all(ctx, tx, pgx.RowTo[int64], `
			select id from field.message where study = $1 and state = 'klaar' and channel = 'mail' order by due, id -- store.Unsent`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("unsent: %w", err)
	}
	return ids, nil
}

// SendingLocked returns since when no message leaves at all, and why; zero where
// sending is not locked.
func (s *Store) SendingLocked(ctx context.Context) (since time.Time, reason string, err error) {
	err = s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select coalesce(locked, '0001-01-01T00:00:00Z'), reason from field.sending -- store.SendingLocked`).Scan(&since, &reason)
	})
	if err != nil {
		return since, "", fmt.Errorf("sending locked: %w", err)
	}
	return since, reason, nil
}

// Release lets the worker send for a study. It reports whether it was new.
func (s *Store) Release(ctx context.Context, studyID int64, by Actor, now time.Time) (bool, error) {
	released := false
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update register.study set released = $2 where id = $1 and released is null -- store.Release`, studyID, now)
		if err != nil {
			return err
		}
		if released = tag.RowsAffected() == 1; !released {
			return nil
		}
		return addStudyEvent(ctx, tx, StudyEvent{Study: studyID, Kind: StudyReleased, At: now, By: by})
	})
	if err != nil {
		return false, fmt.Errorf("release: %w", err)
	}
	return released, nil
}

// Unprinted returns the ids of the letters of a study that are in no batch yet.
func (s *Store) Unprinted(ctx context.Context, studyID int64) ([]int64, error) {
	var ids []int64
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		ids, err = all(ctx, tx, pgx.RowTo[int64], `
			select id from field.message where study = $1 and state = 'klaar' and channel = 'letter' and batch is null order by id -- store.Unprinted`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("unprinted: %w", err)
	}
	return ids, nil
}
