package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/mail"
)

// policy is what a report is kept as that says nothing about the address: the
// rules of the receiver refused us.
const policy = "policy"

// AddIncoming keeps a mail that came in, and does what follows from it, in one
// transaction (standards M5, M6). A mail that was kept before changes nothing;
// added says which. One that proves nothing is kept, and changes nothing.
func (s *Store) AddIncoming(ctx context.Context, in mail.Incoming, now time.Time) (added bool, err error) {
	err = s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		a := arrival{store: s, tx: tx, in: in, now: now}
		added, err = a.keep(ctx)
		if err != nil || !added {
			return err
		}
		if err := a.act(ctx); err != nil {
			return err
		}
		return a.finish(ctx)
	})
	if err != nil {
		return false, fmt.Errorf("add incoming: %w", err)
	}
	return added, nil
}

// An arrival is an incoming mail while it is worked on.
type arrival struct {
	store *Store
	tx    pgx.Tx
	in    mail.Incoming
	now   time.Time

	id      int64
	about   Mailed // zero where it belongs to no message
	state   string // of the message
	bounced bool   // the contact was known as bounced before
	bounce  string
	effect  string
	handled bool // nobody has to look at it
}

// keep stores the mail; false where it was stored before.
func (a *arrival) keep(ctx context.Context) (bool, error) {
	warnings := slices.Clone(a.in.Warnings)
	if a.in.Forged {
		warnings = append(warnings, "het adres waar deze mail naartoe ging is nagemaakt")
	}
	if warnings == nil {
		warnings = []string{}
	}
	sender := a.in.From.Email
	if a.in.From.Name != "" {
		sender = strings.TrimSpace(a.in.From.Name + " <" + a.in.From.Email + ">")
	}
	err := a.tx.QueryRow(ctx, `
		insert into contact.incoming (key, received, kind, sender, subject, text, warnings) values ($1, $2, $3, $4, $5, $6, $7) -- store.keep
		on conflict (key) do nothing returning id`, a.in.Key, a.now, a.in.Kind, strings.TrimSuffix(sender, " <>"), a.in.Subject, a.in.Text, warnings).Scan(&a.id)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return true, err
}

// act finds the message that the mail is about and does what follows.
func (a *arrival) act(ctx context.Context) error {
	if err := a.find(ctx); err != nil {
		return err
	}
	if a.about.ID == 0 {
		return a.unknown(ctx)
	}
	switch a.in.Kind {
	case mail.Report:
		return a.report(ctx)
	case mail.Unsubscribe:
		a.effect, a.handled = "Afgemeld: wij mailen dit adres niet meer.", true
		return a.store.optOut(ctx, a.tx, a.about, "mail", a.now)
	case mail.AutoReply:
		return a.autoReply(ctx)
	}
	return nil
}

// find locks the message; what names no message of ours is left without.
func (a *arrival) find(ctx context.Context) error {
	id := messageOf(a.in.ID)
	if id == 0 {
		return nil
	}
	err := a.tx.QueryRow(ctx, `
		select m.state, c.bounced is not null from field.message m join contact.contact c on c.id = m.contact where m.id = $1 for update of m -- store.find`, id).Scan(&a.state, &a.bounced)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	a.about, err = a.store.mailed(ctx, a.tx, id)
	return err
}

// unknown is about a mail that belongs to no message: anyone can have written it.
func (a *arrival) unknown(ctx context.Context) error {
	if a.in.Kind == mail.Reply {
		return nil
	}
	a.effect = "Hoort bij geen van onze berichten. Er is niets gewijzigd."
	if b, ok := a.in.Bounce(); ok {
		a.bounce = kept(b)
		a.handled = b.Kind == mail.Delayed || b.Kind == mail.Delivered
	}
	if a.in.Kind != mail.AutoReply {
		return nil
	}
	return a.tx.QueryRow(ctx, `
		select exists (select from contact.incoming where kind = 'autoreply' and message is null and id <> $1 and handled is null and sender = -- store.unknown
			(select sender from contact.incoming where id = $1))`, a.id).Scan(&a.handled)
}

func kept(b mail.Bounce) string {
	if b.Policy && b.Kind != mail.Delivered && b.Kind != mail.Delayed {
		return policy
	}
	return string(b.Kind)
}

// report acts on a server's report about the message.
func (a *arrival) report(ctx context.Context) error {
	b, _ := a.in.Bounce()
	a.bounce = kept(b)
	switch a.bounce {
	case string(mail.Delivered):
		a.effect, a.handled = "Bezorgd. Er is niets gewijzigd.", true
	case string(mail.Delayed):
		a.effect, a.handled = "De bezorging duurt langer. De mailserver probeert het zelf opnieuw.", true
	case policy:
		a.effect = "De ontvanger weigert onze mail volgens zijn regels. Het adres blijft in gebruik. Laat de instellingen van onze mail nakijken en stuur de link opnieuw."
	case string(mail.Soft):
		return a.soft(ctx, b)
	case string(mail.Hard):
		return a.undeliverable(ctx, b, "Mail naar dit adres komt niet aan. ")
	}
	if a.state == Unsure {
		a.effect, a.handled = a.effect+" Het was onzeker of dit bericht was verstuurd; dat is dus zo.", false
	}
	return nil
}

// soft counts messages that were given up for a reason that may pass, such as a
// full mailbox: the third ends mail to the address.
func (a *arrival) soft(ctx context.Context, b mail.Bounce) error {
	var n int
	var again bool
	err := a.tx.QueryRow(ctx, `
		select count(distinct message) filter (where message <> $2) + 1, coalesce(bool_or(message = $2), false) from contact.incoming -- store.soft
		where contact = $1 and bounce = 'soft' and id <> $3`, a.about.Contact, a.about.ID, a.id).Scan(&n, &again)
	if err != nil {
		return err
	}
	if n >= softLimit && !again {
		return a.undeliverable(ctx, b, fmt.Sprintf("Al %d keer niet bezorgd. ", n))
	}
	a.effect, a.handled = fmt.Sprintf("Niet bezorgd, maar dat kan vanzelf overgaan. Dit was keer %d van %d; er is niets gewijzigd.", n, softLimit), true
	return nil
}

// undeliverable marks the message and the address, so that the step goes to the
// unit's next contact.
func (a *arrival) undeliverable(ctx context.Context, b mail.Bounce, why string) error {
	reply := strings.TrimSpace(b.Status + " " + mail.WithoutAddresses(b.Diagnostic, b.Recipient, a.about.Address))
	_, err := a.tx.Exec(ctx, `
		update field.message set state = 'onbestelbaar', done = $2, reply = $3, claim = null where id = $1 and state in ('bezig', 'verstuurd', 'onzeker') -- store.undeliverable`, a.about.ID, a.now, reply)
	if err != nil {
		return err
	}
	if !sameAddress(a.about.Address, a.about.Current) {
		a.effect, a.handled = why+"Het adres was al vervangen.", true
		return nil
	}
	if !a.bounced {
		if err := bounced(ctx, a.tx, a.about.Unit, a.about.Contact, reply, a.now, a.now); err != nil {
			return err
		}
	}
	var other bool
	err = a.tx.QueryRow(ctx, `
		select exists (select from contact.contact where unit = $1 and ended is null and email <> '' and bounced is null and opted_out is null) -- store.undeliverable`, a.about.Unit).Scan(&other)
	if err != nil {
		return err
	}
	a.effect, a.handled = why+"Wij mailen het adres niet meer. De stap gaat naar het volgende contact.", true
	if !other {
		a.effect, a.handled = why+"Wij mailen het adres niet meer. Er is geen ander contact met een e-mailadres: zoek een nieuw adres.", false
	}
	return nil
}

// autoReply notes that a machine answered, once per message: it is no contact and
// no refusal, and one that keeps answering keeps nobody busy.
func (a *arrival) autoReply(ctx context.Context) error {
	a.effect = "Er is niets gewijzigd."
	err := a.tx.QueryRow(ctx, `
		select exists (select from contact.incoming where message = $1 and kind = 'autoreply' and id <> $2) -- store.autoReply`, a.about.ID, a.id).Scan(&a.handled)
	if err != nil || a.handled {
		return err
	}
	return addEvent(ctx, a.tx, event.Event{Unit: a.about.Unit, Kind: event.AutoReply, Occurred: a.now, Recorded: a.now, Channel: "mail", Actor: event.BySystem, ActorID: a.about.Contact})
}

// finish writes down what came of it.
func (a *arrival) finish(ctx context.Context) error {
	var message, unit, contact *int64
	if a.about.ID != 0 {
		message, unit, contact = &a.about.ID, &a.about.Unit, &a.about.Contact
	}
	var handled *time.Time
	if a.handled {
		handled = &a.now
	}
	_, err := a.tx.Exec(ctx, `
		update contact.incoming set message = $2, unit = $3, contact = $4, bounce = $5, effect = $6, handled = $7 where id = $1 -- store.finish`,
		a.id, message, unit, contact, a.bounce, a.effect, handled)
	return err
}

// An Arrival is an incoming mail as fieldworkers see it.
type Arrival struct {
	ID       int64
	Received time.Time
	Kind     mail.Kind
	Bounce   string // of a report: what it said of the message; policy: the receiver's rules refused us
	UnitCode string // "" where it belongs to no message
	UnitName string
	Audience string
	Contact  string // name
	Sender   string
	Subject  string
	Text     string
	Effect   string
	Warnings int
	Handled  time.Time // zero while somebody has to look at it
	By       string    // who did; "" for the machine
	// Of a mail that belongs to no message: a unit that has a contact with the
	// sender's address. Anyone can write a sender; it is for the eye.
	GuessCode     string
	GuessName     string
	GuessAudience string
}

// Refusal reports whether the receiver's rules refused us.
func (a Arrival) Refusal() bool { return a.Bounce == policy }

// Arrivals returns what came in for a study, and what belongs to no message,
// newest first from the nth on, and says how many there are: those that nobody
// has handled yet, or those that are done.
func (s *Store) Arrivals(ctx context.Context, studyID int64, handled bool, from, limit int) (list []Arrival, total int, err error) {
	const where = ` where (u.study = $1 or i.unit is null) and (i.handled is not null) = $2 `
	err = s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `select count(*) from contact.incoming i left join register.unit u on u.id = i.unit`+where+`-- store.Arrivals`, studyID, handled).Scan(&total); err != nil {
			return err
		}
		list, err = all(ctx, tx, pgx.RowToStructByPos[Arrival], `
			select i.id, i.received, i.kind, i.bounce, coalesce(u.code, ''), coalesce(u.name, ''), coalesce(u.audience, ''), coalesce(c.name, ''), i.sender, i.subject, i.text, i.effect, -- store.Arrivals
				cardinality(i.warnings), coalesce(i.handled, '0001-01-01T00:00:00Z'), coalesce(nullif(a.name, ''), a.email, ''),
				coalesce(g.code, ''), coalesce(g.name, ''), coalesce(g.audience, '')
			from contact.incoming i left join register.unit u on u.id = i.unit left join contact.contact c on c.id = i.contact left join staff.account a on a.id = i.handled_by
			left join lateral (select x.code, x.name, x.audience from contact.contact k join register.unit x on x.id = k.unit
				where i.unit is null and x.study = $1 and k.email <> '' and lower(k.email) = lower(coalesce(substring(i.sender from '<([^<>]*)>$'), i.sender)) order by k.ended nulls first, k.id limit 1) g on true
			`+where+`order by i.received desc, i.id desc offset $3 limit $4`, studyID, handled, from, limit)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("arrivals: %w", err)
	}
	return list, total, nil
}

// HandleArrival marks an incoming mail as handled, or takes that back.
func (s *Store) HandleArrival(ctx context.Context, studyID, id int64, handled bool, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var at *time.Time
		var account *int64
		action := "mail weer open"
		if handled {
			at, account, action = &now, by.id(), "mail afgehandeld"
		}
		tag, err := tx.Exec(ctx, `
			update contact.incoming i set handled = $3, handled_by = $4 -- store.HandleArrival
			where id = $2 and (unit is null or exists (select from register.unit u where u.id = i.unit and u.study = $1))`, studyID, id, at, account)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.NotFound, "Deze mail is er niet.")
		}
		return audit(ctx, tx, now, by, studyID, action, fmt.Sprint("mail ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("handle arrival: %w", err)
	}
	return nil
}

// Alone runs fn while nobody else who asks for the same name does. It reports
// whether it did; that somebody else is busy is no failure.
func (s *Store) Alone(ctx context.Context, name string, fn func() error) (bool, error) {
	conn, err := s.db.Acquire(ctx)
	if err != nil {
		return false, fmt.Errorf("alone: %w", wrap(err))
	}
	defer conn.Release()
	var got bool
	if err := conn.QueryRow(ctx, `select pg_try_advisory_lock(hashtextextended($1, 1)) -- store.Alone`, name).Scan(&got); err != nil || !got {
		return false, wrap(err)
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		if _, err := conn.Exec(end, `select pg_advisory_unlock(hashtextextended($1, 1)) -- store.Alone`, name); err != nil {
			_ = conn.Conn().Close(end) // the lock goes with it
		}
	}()
	return true, fn()
}
