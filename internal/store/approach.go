package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/study"
)

// batch is how many units are looked at together: memory stays flat, however
// large the register is.
const batch = 2000

// Approaches returns what contactplan must know of the units of a study, by id,
// beginning after a unit; at most limit of them.
func (s *Store) Approaches(ctx context.Context, studyID, after int64, limit int) ([]contactplan.Unit, error) {
	var out []contactplan.Unit
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = approachesAfter(ctx, tx, studyID, after, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("approaches: %w", err)
	}
	return out, nil
}

// Approach returns what contactplan must know of one unit.
func (s *Store) Approach(ctx context.Context, unit int64) (contactplan.Unit, error) {
	var out contactplan.Unit
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = approach(ctx, tx, unit)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("approach: %w", err)
	}
	return out, nil
}

// Units that were there before the study was released are in it from the start.
// The regions of a unit's school holidays: its own column, those of the gemeenten
// it works in, or its region.
const approachSelect = `
	select u.id, u.audience, case when u.added > s.released then u.added else s.opens end, coalesce(nullif(u.background->>'vakantieregio', ''), (
		select string_agg(distinct coalesce(nullif(g.background->>'vakantieregio', ''), g.background->>'regio'), ',')
		from register.area a join register.unit g on g.organisation = a.gemeente and g.study = u.study
		where a.swv = u.organisation), u.background->>'regio', '')
	from register.unit u join register.study s on s.id = u.study`

func approachesAfter(ctx context.Context, tx pgx.Tx, studyID, after int64, limit int) ([]contactplan.Unit, error) {
	units, err := all(ctx, tx, scanApproach, approachSelect+` where u.study = $1 and u.id > $2 order by u.id limit $3 -- store.approachesAfter`, studyID, after, limit)
	if err != nil {
		return nil, err
	}
	return units, approachFacts(ctx, tx, units)
}

func approach(ctx context.Context, tx pgx.Tx, unit int64) (contactplan.Unit, error) {
	u, err := one(ctx, tx, scanApproach, noUnit, approachSelect+` where u.id = $1 -- store.approach`, unit)
	if err != nil {
		return u, err
	}
	units := []contactplan.Unit{u}
	err = approachFacts(ctx, tx, units)
	return units[0], err
}

func scanApproach(row pgx.CollectableRow) (contactplan.Unit, error) {
	var u contactplan.Unit
	var regions string
	err := row.Scan(&u.ID, &u.Audience, &u.Added, &regions)
	u.Regions, _ = contactplan.ParseRegions(regions) // an unknown region has no school holidays
	return u, err
}

// readdressed is whether the contact of message m has another address than the
// one that the message came back from.
const readdressed = `exists (select from contact.body b join contact.contact o on o.id = m.contact where b.message = m.id and b.address <> '' and lower(b.address) <> lower(o.email))`

// approachFacts fills in contacts, messages, calls and events of units.
func approachFacts(ctx context.Context, tx pgx.Tx, units []contactplan.Unit) error {
	at := make(map[int64]*contactplan.Unit, len(units))
	ids := make([]int64, len(units))
	for i := range units {
		ids[i] = units[i].ID
		at[ids[i]] = &units[i]
	}
	var unit int64
	var c contactplan.Contact
	rows, _ := tx.Query(ctx, `
		select unit, id, general, email <> '', address <> '', phone <> '', opted_out is not null, bounced is not null, ended is not null, not reminders -- store.approachFacts
		from contact.contact where unit = any($1) order by unit, coalesce(rank, id), id`, ids)
	_, err := pgx.ForEachRow(rows, []any{&unit, &c.ID, &c.General, &c.Mail, &c.Post, &c.Phone, &c.OptedOut, &c.Bounced, &c.Ended, &c.PassedOn}, func() error {
		at[unit].Contacts = append(at[unit].Contacts, c)
		return nil
	})
	if err != nil {
		return err
	}
	var t contactplan.Touch
	rows, _ = tx.Query(ctx, `
		select unit, coalesce(step, ''), channel, contact, coalesce(begun, done, queued), -- store.approachFacts
			case when state = 'bezig' then 'klaar' when state = 'onbestelbaar' and `+readdressed+` then 'ingetrokken' else state end, false
		from field.message m where unit = any($1)
		union all
		select unit, coalesce(step, ''), 'phone', coalesce(contact, 0), at, 'verstuurd', reached from field.call c
		where unit = any($1) and not exists (select from field.event x where x.recalls = c.event)`, ids)
	_, err = pgx.ForEachRow(rows, []any{&unit, &t.Step, &t.Channel, &t.Contact, &t.At, &t.State, &t.Reached}, func() error {
		at[unit].Touches = append(at[unit].Touches, t)
		return nil
	})
	if err != nil {
		return err
	}
	events, err := all(ctx, tx, pgx.RowToStructByPos[event.Event], `
		select id, unit, kind, occurred, recorded, channel, actor, coalesce(actor_id, 0), note, coalesce(recalls, 0) -- store.approachFacts
		from field.event where unit = any($1) and kind not in ('opgenomen', 'link', 'gewijzigd') order by unit, occurred, id`, ids)
	if err != nil {
		return err
	}
	for _, e := range events {
		at[e.Unit].Events = append(at[e.Unit].Events, e)
	}
	return nil
}

// Queue is a decision about all units of a study.
type Queue struct {
	Study  study.Study
	Decide func(contactplan.Unit) contactplan.Decision
	Late   bool // also what waits for a person, because a person asks for it
	By     Actor
	Now    time.Time
}

// A Skip is a unit for which nothing is queued though a step would come now.
type Skip struct {
	Unit int64
	Why  string
}

// Queued is what a decision came to.
type Queued struct {
	Messages []int64 // that were added, by unit
	Skipped  []Skip  // due, but with nobody to send it to, or left to a person
	Units    int     // that were looked at
}

// QueueDue decides what is due for every unit of a study and puts it down as
// messages, in the same transaction per batch of units (standards W2). Two that
// decide at once add each message once.
func (s *Store) QueueDue(ctx context.Context, q Queue) (Queued, error) {
	var out Queued
	for after := int64(0); ; {
		var n int
		var last int64
		var added []int64
		var skipped []Skip
		err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
			// One decides at a time: a contact that is replaced between two decisions
			// would otherwise give a unit two messages over two channels.
			if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1, $2) -- store.QueueDue`, deciding, int32(q.Study.ID)); err != nil {
				return err
			}
			if err := samePlan(ctx, tx, q.Study); err != nil {
				return err
			}
			units, err := approachesAfter(ctx, tx, q.Study.ID, after, batch)
			if err != nil || len(units) == 0 {
				n = 0
				return err
			}
			n, last = len(units), units[len(units)-1].ID
			var due []contactplan.Decision
			due, skipped = q.decide(units)
			added, err = addDue(ctx, tx, q, due)
			return err
		})
		if err != nil {
			return out, fmt.Errorf("queue due: %w", err)
		}
		out.Messages = append(out.Messages, added...)
		out.Skipped = append(out.Skipped, skipped...)
		out.Units += n
		if n < batch {
			return out, nil
		}
		after = last
	}
}

// deciding is the name of the lock of who decides for a study.
const deciding = 1684366345

// decide separates what is to be queued from what is not.
func (q Queue) decide(units []contactplan.Unit) (due []contactplan.Decision, skipped []Skip) {
	for _, u := range units {
		d := q.Decide(u)
		switch {
		case d.Due && d.Channel != contactplan.Phone && (d.Held == "" || q.Late):
			due = append(due, d)
		case d.Due && d.Held != "":
			skipped = append(skipped, Skip{u.ID, d.Held})
		case d.Stuck != "":
			skipped = append(skipped, Skip{u.ID, d.Stuck})
		}
	}
	return due, skipped
}

// addDue puts decisions down as messages. One that was withdrawn before, or came
// back from an address that the contact has no more, waits again. What is there
// already is left alone.
func addDue(ctx context.Context, tx pgx.Tx, q Queue, due []contactplan.Decision) ([]int64, error) {
	if len(due) == 0 {
		return nil, nil
	}
	var units, contacts []int64
	var steps, channels, templates []string
	for _, d := range due {
		template, version := d.Template()
		units, contacts = append(units, d.Unit), append(contacts, d.Contact)
		steps, channels, templates = append(steps, d.Step.ID), append(channels, string(version)), append(templates, template)
	}
	return all(ctx, tx, pgx.RowTo[int64], `
		with due as ( -- store.addDue
			select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[]) as d (unit, contact, step, channel, template)
		), again as (
			update field.message m set state = 'klaar', queued = $7, due = $7, begun = null, done = null, reply = '', claim = null, attempts = 0, batch = null, actor = $8, actor_id = $9,
				template = d.template, domain = case when d.channel = 'mail' then lower(split_part(c.email, '@', 2)) else '' end
			from due d join contact.contact c on c.id = d.contact
			where m.contact = d.contact and m.step = d.step and m.channel = d.channel and (m.state = 'ingetrokken' or m.state = 'onbestelbaar' and `+readdressed+`)
			returning m.id, m.unit
		), added as (
			insert into field.message (study, unit, contact, step, channel, template, domain, queued, due, actor, actor_id)
			select $6, d.unit, d.contact, d.step, d.channel, d.template, case when d.channel = 'mail' then lower(split_part(c.email, '@', 2)) else '' end, $7, $7, $8, $9
			from due d join contact.contact c on c.id = d.contact
			where not exists (select from again a where a.unit = d.unit)
			order by d.unit
			on conflict do nothing
			returning id, unit
		)
		select id from (select * from again union all select * from added) x order by unit`,
		units, contacts, steps, channels, templates, q.Study.ID, q.Now, q.By.Kind, q.By.id())
}
