package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/call"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/study"
)

// Reserved is how long a unit is a fieldworker's. The page prolongs it.
const Reserved = 10 * time.Minute

// A CallList is whom to call in a study, in no particular order.
type CallList struct {
	Turns []call.Turn // now
	Later []call.Turn // appointments to come
	Next  time.Time   // when the ladder asks for the next call, zero for never; a call is due or waits
	NextN int         // units on the day of Next
}

// CallTurns returns the units of a study that are to be called at now, and what
// comes later.
func (s *Store) CallTurns(ctx context.Context, st study.Study, now time.Time) (CallList, error) {
	var list CallList
	f := st.Field()
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		list = CallList{}
		appointments, err := appointments(ctx, tx, st.ID)
		if err != nil {
			return err
		}
		for after := int64(0); ; {
			units, err := approachesAfter(ctx, tx, st.ID, after, batch)
			if err != nil {
				return err
			}
			for _, u := range units {
				a := appointments[u.ID]
				t, due := call.Due(f, u, a, now)
				switch {
				case due:
					list.Turns = append(list.Turns, t)
				case a != nil && a.At.After(now):
					list.Later = append(list.Later, call.Turn{Unit: u.ID, Appointment: a.At})
				case a == nil:
					list.comes(f.Due(u, now))
				}
			}
			if len(units) < batch {
				return nil
			}
			after = units[len(units)-1].ID
		}
	})
	if err != nil {
		return list, fmt.Errorf("call turns: %w", err)
	}
	return list, nil
}

// comes counts a unit that is to be called later by its ladder.
func (l *CallList) comes(d contactplan.Decision) {
	if d.Channel != contactplan.Phone || d.Next.IsZero() {
		return
	}
	switch day := contactplan.DayOf(d.Next); {
	case l.Next.IsZero() || day < contactplan.DayOf(l.Next):
		l.Next, l.NextN = d.Next, 1
	case day == contactplan.DayOf(l.Next):
		l.NextN++
		if d.Next.Before(l.Next) {
			l.Next = d.Next
		}
	}
}

// appointments returns what was agreed in a call, by unit, where nobody was
// reached since.
func appointments(ctx context.Context, tx pgx.Tx, studyID int64) (map[int64]*call.Appointment, error) {
	out := map[int64]*call.Appointment{}
	var unit int64
	var a call.Appointment
	rows, _ := tx.Query(ctx, `
		with calls as ( -- store.appointments
			select c.* from field.call c join register.unit u on u.id = c.unit
			where u.study = $1 and not exists (select from field.event x where x.recalls = c.event)
		), latest as (
			select distinct on (unit) unit, at, again from calls where reached order by unit, at desc, id desc
		)
		select l.unit, l.again, count(c.id), coalesce(max(c.at), '0001-01-01T00:00:00Z')
		from latest l left join calls c on c.unit = l.unit and c.at > l.at and c.at >= l.again
		where l.again is not null group by l.unit, l.again`, studyID)
	_, err := pgx.ForEachRow(rows, []any{&unit, &a.At, &a.Missed, &a.Last}, func() error {
		found := a
		out[unit] = &found
		return nil
	})
	return out, err
}

// Strata returns the units of an audience by the values of its strata, with for
// how many of them a questionnaire counts, and the values of some units.
func (s *Store) Strata(ctx context.Context, aud Audience, units []int64) ([]call.Group, []call.Known, error) {
	var groups []call.Group
	var known []call.Known
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		groups, err = all(ctx, tx, pgx.RowToStructByPos[call.Group], `
			select v.values, count(*), count(*) filter (where exists ( -- store.Strata
				select from answer.coverage c join answer.submission b on b.response = c.response where c.unit = u.id and c.counting))
			from register.unit u, lateral (select array(select coalesce(u.background->>k, '') from unnest($3::text[]) with ordinality as t (k, i) order by i) as values) v
			where u.study = $1 and u.audience = $2 group by v.values order by v.values`, aud.Study, aud.Name, aud.Strata)
		if err != nil {
			return err
		}
		known, err = all(ctx, tx, pgx.RowToStructByPos[call.Known], `
			select u.id, u.code, array(select coalesce(u.background->>k, '') from unnest($3::text[]) with ordinality as t (k, i) order by i) -- store.Strata
			from register.unit u where u.study = $1 and u.audience = $2 and u.id = any($4) order by u.code`, aud.Study, aud.Name, aud.Strata, units)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("strata: %w", err)
	}
	return groups, known, nil
}

// A Reservation is a unit that a fieldworker is calling.
type Reservation struct {
	Unit    int64
	Account int64
	Name    string // of the fieldworker
	Until   time.Time
}

// Reservations returns the units of a study that are being called.
func (s *Store) Reservations(ctx context.Context, studyID int64, now time.Time) (map[int64]Reservation, error) {
	out := map[int64]Reservation{}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		list, err := all(ctx, tx, pgx.RowToStructByPos[Reservation], `
			select r.unit, r.account, coalesce(nullif(a.name, ''), a.email), r.until from field.reservation r -- store.Reservations
			join register.unit u on u.id = r.unit join staff.account a on a.id = r.account where u.study = $1 and r.until > $2`, studyID, now)
		for _, r := range list {
			out[r.Unit] = r
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reservations: %w", err)
	}
	return out, nil
}

// Reserve gives a fieldworker the first of some units that nobody else has, and
// frees what the fieldworker had. It returns 0 where all are taken. Two who ask
// at once never get the same.
func (s *Store) Reserve(ctx context.Context, units []int64, account int64, now time.Time) (int64, error) {
	var got int64
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		got = 0
		for _, unit := range units {
			tag, err := tx.Exec(ctx, `
				insert into field.reservation (unit, account, until) values ($1, $2, $3) -- store.Reserve
				on conflict (unit) do update set account = excluded.account, until = excluded.until
				where reservation.account = excluded.account or reservation.until <= $4`, unit, account, now.Add(Reserved), now)
			if err != nil {
				return err
			}
			if tag.RowsAffected() == 1 {
				got = unit
				break
			}
		}
		_, err := tx.Exec(ctx, `delete from field.reservation where account = $1 and unit <> $2 -- store.Reserve`, account, got)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("reserve: %w", err)
	}
	return got, nil
}

// Prolong keeps a unit for the fieldworker who has it, and reports whether that
// is so.
func (s *Store) Prolong(ctx context.Context, unit, account int64, now time.Time) (bool, error) {
	var held bool
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update field.reservation set until = $3 where unit = $1 and account = $2 -- store.Prolong`, unit, account, now.Add(Reserved))
		held = tag.RowsAffected() == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("prolong: %w", err)
	}
	return held, nil
}

// Free ends the reservation of a unit by a fieldworker.
func (s *Store) Free(ctx context.Context, unit, account int64) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from field.reservation where unit = $1 and account = $2 -- store.Free`, unit, account)
		return err
	})
	if err != nil {
		return fmt.Errorf("free: %w", err)
	}
	return nil
}

// A NewCall is a call that was made.
type NewCall struct {
	Unit    int64
	Contact int64  // who was called; 0 where that is not known
	Step    string // of the ladder that it was made for, or ""
	Request string // id of the page that posted it: the same again is the same call
	call.Result
	Account int64
	Now     time.Time
}

// AddCall records a call, in one transaction: the event, the call with its note,
// the link that was asked for, the end of the reservation.
func (s *Store) AddCall(ctx context.Context, c NewCall) error {
	by := Actor{Kind: event.ByStaff, ID: c.Account}
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := lockUnit(ctx, tx, c.Unit); err != nil {
			return err
		}
		var repeat bool
		err := tx.QueryRow(ctx, `select exists (select from field.call where request = $1) -- store.AddCall`, c.Request).Scan(&repeat)
		if err != nil || repeat {
			return err
		}
		if err := s.addCall(ctx, tx, c, by); err != nil {
			return err
		}
		if c.ID == call.SendLink {
			if _, err := s.sendLink(ctx, tx, c.Contact, c.Email, by, c.Now); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `delete from field.reservation where unit = $1 and account = $2 and $3 -- store.AddCall`, c.Unit, c.Account, c.ID != call.TakeCore)
		return err
	})
	if err != nil {
		return fmt.Errorf("add call: %w", err)
	}
	return nil
}

func (s *Store) addCall(ctx context.Context, tx pgx.Tx, c NewCall, by Actor) error {
	id, err := addEventID(ctx, tx, event.Event{Unit: c.Unit, Kind: c.Kind, Occurred: c.Now, Recorded: c.Now, Channel: "tel", Actor: by.Kind, ActorID: by.ID, Note: c.EventNote()})
	if err != nil {
		return err
	}
	var row int64
	err = tx.QueryRow(ctx, `
		insert into field.call (unit, contact, step, account, at, outcome, reached, again, event, request) -- store.addCall
		select $1, (select id from contact.contact where id = $2 and unit = $1), nullif($3, ''), $4, $5, $6, $7, $8, $9, $10 returning id`,
		c.Unit, c.Contact, c.Step, c.Account, c.Now, c.Kind, c.Reached, nullTime(c.Again), id, c.Request).Scan(&row)
	if err != nil {
		return err
	}
	if c.Note != "" {
		if _, err := tx.Exec(ctx, `insert into contact.call_note (call, text) values ($1, $2) -- store.addCall`, row, c.Note); err != nil {
			return err
		}
	}
	return audit(ctx, tx, c.Now, by, 0, "gebeld", fmt.Sprint("eenheid ", c.Unit), map[string]any{"uitkomst": c.ID})
}

// lockUnit lets one decision about a unit come after the other.
func lockUnit(ctx context.Context, tx pgx.Tx, unit int64) error {
	var id int64
	err := tx.QueryRow(ctx, `select id from register.unit where id = $1 for no key update -- store.lockUnit`, unit).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return errs.Errorf(errs.NotFound, noUnit)
	}
	return err
}

// A Call is a call as the time line shows it.
type Call struct {
	Event   int64
	Contact int64 // 0 where that is not known
	Again   time.Time
	Note    string
}

// unitCalls returns the calls to a unit.
func unitCalls(ctx context.Context, tx pgx.Tx, unit int64) ([]Call, error) {
	return all(ctx, tx, pgx.RowToStructByPos[Call], `
		select c.event, coalesce(c.contact, 0), coalesce(c.again, '0001-01-01T00:00:00Z'), coalesce(n.text, '') from field.call c -- store.unitCalls
		left join contact.call_note n on n.call = c.id where c.unit = $1 order by c.at, c.id`, unit)
}

// CallTurn says whether a unit is to be called now, and for which step.
func (s *Store) CallTurn(ctx context.Context, st study.Study, unit int64, now time.Time) (call.Turn, contactplan.Decision, error) {
	var t call.Turn
	var d contactplan.Decision
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		u, err := approach(ctx, tx, unit)
		if err != nil {
			return err
		}
		agreed, err := appointments(ctx, tx, st.ID)
		if err != nil {
			return err
		}
		d = st.Field().Due(u, now)
		t, _ = call.Due(st.Field(), u, agreed[unit], now)
		return nil
	})
	if err != nil {
		return t, d, fmt.Errorf("call turn: %w", err)
	}
	return t, d, nil
}
