package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
)

// WithdrawAnswers takes the answers of a unit back at its request (standards V6).
// The submission stays, because the log never changes; but from now on it counts
// for nobody, no dataset holds it, and the unit is not approached again: the events
// of sending are taken back, and a refusal stands in their place. Snapshots that
// were made before keep it, because a report was printed of them. Once nobody can
// tell whose answers are whose, there is nothing to take back.
func (s *Store) WithdrawAnswers(ctx context.Context, studyID, unit int64, reason string, by Actor, now time.Time) error {
	if problem := ReasonProblem(nil, reason); problem != "" {
		return errs.Errorf(errs.Invalid, "%s", problem)
	}
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := lockUnit(ctx, tx, unit); err != nil {
			return err
		}
		id, err := one(ctx, tx, pgx.RowTo[int64], "Er zijn geen antwoorden om in te trekken.", `
			select r.id from answer.response r join register.study s on s.id = r.study -- store.WithdrawAnswers
			where r.unit = $1 and r.study = $2 and r.withdrawn is null and r.started is not null and s.identity_erased is null and s.answers_erased is null`, unit, studyID)
		if err != nil {
			return err
		}
		if err := withdrawAnswers(ctx, tx, id, reason, by, now); err != nil {
			return err
		}
		if err := enter(ctx, tx, Erased{At: now, What: TakenBack, Study: studyID, Object: id, By: by}); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "antwoorden ingetrokken", fmt.Sprint("vragenlijst ", id), map[string]any{"reden": reason})
	})
	if err != nil {
		return fmt.Errorf("withdraw answers: %w", err)
	}
	return nil
}

func withdrawAnswers(ctx context.Context, tx pgx.Tx, response int64, reason string, by Actor, now time.Time) error {
	if _, err := tx.Exec(ctx, `update answer.response set withdrawn = $2, withdrawn_why = $3 where id = $1 -- store.withdrawAnswers`, response, now, reason); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update answer.coverage set counting = false, withdrawn = $2, reason = 'antwoorden ingetrokken' where response = $1 and withdrawn is null -- store.withdrawAnswers`, response, now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		insert into field.event (unit, kind, occurred, recorded, channel, actor, actor_id, note, recalls) -- store.withdrawAnswers
		select e.unit, $2, $3::timestamptz, $3::timestamptz, '', $4, $5::bigint, 'Antwoorden ingetrokken.', e.id from field.event e join answer.response r on r.unit = e.unit
		where r.id = $1 and e.kind = any($6) and not exists (select from field.event x where x.recalls = e.id) order by e.id`,
		response, event.Recalled, now, by.Kind, by.id(), []event.Kind{event.Submitted, event.Imported, event.Frozen, event.Started})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into field.event (unit, kind, occurred, recorded, actor, actor_id, note) -- store.withdrawAnswers
		select unit, $2, $3::timestamptz, $3::timestamptz, $4, $5::bigint, 'Trok de antwoorden in.' from answer.response where id = $1`, response, event.Refused, now, by.Kind, by.id())
	return err
}

func withdrawAgain(ctx context.Context, tx pgx.Tx, e Erased) (bool, error) {
	var open bool
	if err := tx.QueryRow(ctx, `select exists (select from answer.response where id = $1 and study = $2 and withdrawn is null and started is not null) -- store.withdrawAgain`, e.Object, e.Study).Scan(&open); err != nil || !open {
		return false, err
	}
	if err := withdrawAnswers(ctx, tx, e.Object, replayed, e.By, e.At); err != nil {
		return false, err
	}
	return true, enter(ctx, tx, e)
}
