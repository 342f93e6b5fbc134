package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
)

// Override lets a person decide the outcome of a unit, with a reason (C2).
func (s *Store) Override(ctx context.Context, unit int64, o disposition.Outcome, reason string, by Actor, now time.Time) error {
	note := disposition.OverrideNote(o, reason)
	if _, _, ok := disposition.ReadOverride(note); !ok {
		return errs.Errorf(errs.Invalid, "Kies een uitkomst en vul in waarom.")
	}
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := lockUnit(ctx, tx, unit); err != nil {
			return err
		}
		err := addEvent(ctx, tx, event.Event{Unit: unit, Kind: event.Override, Occurred: now, Recorded: now, Actor: by.Kind, ActorID: by.ID, Note: note})
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "uitkomst bepaald", fmt.Sprint("eenheid ", unit), map[string]any{"uitkomst": o})
	})
	if err != nil {
		return fmt.Errorf("override: %w", err)
	}
	return nil
}

// Recall takes an event of a unit back, with a reason. The event stays, and so
// does who took it back. A bounce that is taken back lets the address get mail
// again.
func (s *Store) Recall(ctx context.Context, unit, id int64, reason string, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := lockUnit(ctx, tx, unit); err != nil {
			return err
		}
		var kind event.Kind
		var contact int64
		var before bool
		err := tx.QueryRow(ctx, `
			select kind, coalesce(actor_id, 0), exists (select from field.event x where x.recalls = e.id) from field.event e where id = $1 and unit = $2 -- store.Recall`, id, unit).Scan(&kind, &contact, &before)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return errs.Errorf(errs.NotFound, "Deze gebeurtenis is er niet.")
		case err != nil:
			return err
		case before:
			return errs.Errorf(errs.Conflict, "Deze gebeurtenis is al herroepen.")
		case !kind.Recallable():
			return errs.Errorf(errs.Forbidden, "Deze gebeurtenis kunt u niet herroepen.")
		}
		if kind == event.Bounced && contact != 0 {
			_, err := tx.Exec(ctx, `update contact.contact set bounced = null, bounce_reason = '', soft_bounces = 0 where id = $1 and unit = $2 -- store.Recall`, contact, unit)
			if err != nil {
				return err
			}
		}
		err = addEvent(ctx, tx, event.Event{Unit: unit, Kind: event.Recalled, Occurred: now, Recorded: now, Actor: by.Kind, ActorID: by.ID, Note: reason, Recalls: id})
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "herroepen", fmt.Sprint("gebeurtenis ", id), map[string]any{"eenheid": unit, "soort": kind})
	})
	if err != nil {
		return fmt.Errorf("recall: %w", err)
	}
	return nil
}

// A Cover is a questionnaire that is said to hold for another unit than its own.
type Cover struct {
	Unit      Neighbour // that it is said to hold for
	By        Neighbour // whose questionnaire it is
	Reason    string
	Since     time.Time
	Confirmed time.Time // zero while it waits
	Counting  bool
	Sent      bool // the questionnaire was sent
	Own       bool // the unit sent one of its own
}

// Covers returns what is said to be covered in a study: what waits for somebody
// to confirm it first, oldest first. What was withdrawn is left out.
func (s *Store) Covers(ctx context.Context, studyID int64) ([]Cover, error) {
	var out []Cover
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (c Cover, err error) {
			return c, row.Scan(&c.Unit.Audience, &c.Unit.Code, &c.Unit.Name, &c.By.Audience, &c.By.Code, &c.By.Name, &c.Reason, &c.Since, &c.Confirmed, &c.Counting, &c.Sent, &c.Own)
		}, `
			select u.audience, u.code, u.name, b.audience, b.code, b.name, c.reason, c.claimed, coalesce(c.confirmed, '0001-01-01T00:00:00Z'), c.counting, -- store.Covers
				r.sent is not null, exists (select from answer.coverage o where o.unit = u.id and o.own and o.counting)
			from answer.coverage c join register.unit u on u.id = c.unit
			join answer.response r on r.id = c.response join register.unit b on b.id = r.unit
			where u.study = $1 and not c.own and c.withdrawn is null order by c.confirmed is not null, c.claimed, u.code`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("covers: %w", err)
	}
	return out, nil
}

// AddCover lets the questionnaire of the unit with a code hold for another unit,
// because a fieldworker knows that it does.
func (s *Store) AddCover(ctx context.Context, unit int64, code, reason string, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := lockUnit(ctx, tx, unit); err != nil {
			return err
		}
		var response int64
		err := tx.QueryRow(ctx, `
			select r.id from register.unit u join register.unit b on b.study = u.study and b.audience = u.audience join answer.response r on r.unit = b.id -- store.AddCover
			where u.id = $1 and b.id <> u.id and lower(b.code) = lower($2)`, unit, code).Scan(&response)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.Invalid, "Vul de code in van een andere eenheid met dezelfde vragenlijst, die al begonnen is.")
		}
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			insert into answer.coverage (unit, response, own, counting, claimed, confirmed, confirmed_by, reason) -- store.AddCover
			values ($1, $2, false, not exists (select from answer.coverage where unit = $1 and counting), $3, $3, $4, $5)
			on conflict (unit, response) do update set withdrawn = null, confirmed = excluded.confirmed, confirmed_by = excluded.confirmed_by,
				counting = excluded.counting, claimed = excluded.claimed, reason = excluded.reason
			where coverage.withdrawn is not null or coverage.confirmed is null`, unit, response, now, fmt.Sprint(by.Kind, " ", by.ID), reason)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return nil // pressed twice
		}
		err = addEvent(ctx, tx, event.Event{Unit: unit, Kind: event.Covered, Occurred: now, Recorded: now, Actor: by.Kind, ActorID: by.ID, Note: "Door " + code + ". Reden: " + reason + "."})
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "dekking toegevoegd", fmt.Sprint("eenheid ", unit), map[string]any{"door": code})
	})
	if err != nil {
		return fmt.Errorf("add cover: %w", err)
	}
	return nil
}
