package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/study"
)

// MailID names a message in the addresses of its mail: its return path and where
// to unsubscribe (mail.Keys).
func MailID(message int64) string { return "m" + strconv.FormatInt(message, 10) }

// messageOf reads a name of MailID; 0 for another.
func messageOf(id string) int64 {
	digits, ok := strings.CutPrefix(id, "m")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || MailID(n) != id {
		return 0
	}
	return n
}

// A Mailed is a message as who got it sees it: what it was about, and whether
// its address still gets mail.
type Mailed struct {
	ID       int64
	Unit     int64
	UnitCode string
	UnitName string
	Audience string
	Contact  int64
	Address  string // to which it went; "" once the person was erased
	Current  string // of the contact now
	OptedOut bool   // the address wants no mail
	Refused  bool   // the unit does not take part
	Answered bool   // a questionnaire counts for it
	Study    study.Study
}

const noMailed = "Deze link klopt niet. Kijk of u hem helemaal hebt overgenomen."

// Mailed returns the message with a name of MailID.
func (s *Store) Mailed(ctx context.Context, id string) (Mailed, error) {
	var m Mailed
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		m, err = s.mailed(ctx, tx, messageOf(id))
		return err
	})
	if err != nil {
		return m, fmt.Errorf("mailed: %w", err)
	}
	return m, nil
}

func (s *Store) mailed(ctx context.Context, tx pgx.Tx, message int64) (Mailed, error) {
	var opted bool
	m, err := one(ctx, tx, func(row pgx.CollectableRow) (m Mailed, err error) {
		return m, row.Scan(append([]any{&m.ID, &m.Unit, &m.UnitCode, &m.UnitName, &m.Audience, &m.Contact, &m.Address, &m.Current, &opted, &m.Refused, &m.Answered}, studyFields(&m.Study)...)...)
	}, noMailed, `
		select m.id, u.id, u.code, u.name, u.audience, c.id, coalesce(nullif(b.address, ''), c.email), c.email, c.opted_out is not null, -- store.mailed
			exists (select from field.event e where e.unit = u.id and e.kind = 'weigering' and not exists (select from field.event x where x.recalls = e.id)),
			exists (select from answer.coverage v where v.unit = u.id and v.counting),
			`+studyColumns+`
		from field.message m join register.unit u on u.id = m.unit join contact.contact c on c.id = m.contact join register.study s on s.id = m.study
		left join contact.body b on b.message = m.id where m.id = $1`, message)
	if err != nil {
		return m, err
	}
	gone, err := s.suppressed(ctx, tx, m.Address)
	m.OptedOut = gone[m.Address] || opted && sameAddress(m.Address, m.Current)
	return m, err
}

func sameAddress(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// OptOut records that the address a message went to wants no more mail: for every
// contact that has it, in every study that is not over. What waits for it is
// withdrawn. It says nothing of whether the unit takes part (standards M3). Doing
// it again changes nothing.
func (s *Store) OptOut(ctx context.Context, id, channel string, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		m, err := s.mailed(ctx, tx, messageOf(id))
		if err != nil {
			return err
		}
		return s.optOut(ctx, tx, m, channel, now)
	})
	if err != nil {
		return fmt.Errorf("opt out: %w", err)
	}
	return nil
}

func (s *Store) optOut(ctx context.Context, tx pgx.Tx, m Mailed, channel string, now time.Time) error {
	contacts, err := all(ctx, tx, pgx.RowTo[int64], `
		select c.id from contact.contact c join register.unit u on u.id = c.unit join register.study s on s.id = u.study -- store.optOut
		where $2 <> '' and lower(c.email) = lower($2) and c.ended is null and s.closes > $3 or c.id = $1 and lower(c.email) = lower($2) order by c.id`, m.Contact, strings.TrimSpace(m.Address), now)
	if err != nil {
		return err
	}
	// Messages before contacts: senders lock them in that order.
	_, err = tx.Exec(ctx, `
		with waiting as (select id from field.message where contact = any($1) and channel = 'mail' and state = 'klaar' order by id for update) -- store.optOut
		update field.message m set state = 'ingetrokken', done = $2, reply = 'afgemeld', claim = null from waiting w where m.id = w.id`, contacts, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		with out as (update contact.contact set opted_out = $2 where id = any($1) and opted_out is null returning id, unit) -- store.optOut
		insert into field.event (unit, kind, occurred, recorded, channel, actor, actor_id)
		select unit, $3, $2::timestamptz, $2::timestamptz, $4, 'respondent', id from out order by id`, contacts, now, event.OptOut, channel)
	if err != nil || m.Address == "" {
		return err
	}
	return s.suppress(ctx, tx, m.Address, byOptOut, now)
}

// OptIn takes an opt-out back, for every contact that has the address: it gets
// mail again. What was withdrawn comes when the plan asks for it.
func (s *Store) OptIn(ctx context.Context, id string, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		m, err := s.mailed(ctx, tx, messageOf(id))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			with back as (update contact.contact set opted_out = null -- store.OptIn
				where opted_out is not null and lower(email) = lower($1) and (ended is null or id = $2) returning id, unit)
			insert into field.event (unit, kind, occurred, recorded, channel, actor, actor_id, note, recalls)
			select e.unit, $3, $4::timestamptz, $4::timestamptz, 'web', 'respondent', b.id, 'Wil toch weer e-mail.', e.id
			from back b join field.event e on e.unit = b.unit and e.kind = $5 and e.actor_id = b.id
			where not exists (select from field.event x where x.recalls = e.id)`,
			strings.TrimSpace(m.Address), m.Contact, event.Recalled, now, event.OptOut)
		if err != nil {
			return err
		}
		h, err := s.addressHash(m.Address)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `delete from contact.suppressed where hash = $1 and why = $2 -- store.OptIn`, h, byOptOut)
		return err
	})
	if err != nil {
		return fmt.Errorf("opt in: %w", err)
	}
	return nil
}
