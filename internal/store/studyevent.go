package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/study"
)

// What happens to a study as a whole. The kinds are the actions of the audit log,
// which gets the same line (P9).
const (
	StudyMade     = "onderzoek gemaakt"
	StudyAmended  = "instellingen gewijzigd"
	StudyReleased = "veldwerk vrijgegeven"
	StudyStopped  = "versturen stopgezet"
	StudyResumed  = "versturen hervat"
	StudyExtended = "verlengd"
	StudyClosed   = "eerder gesloten"
	StudyReopened = "heropend"
	SeenDryRun    = "lijst bekeken"
	SeenExamples  = "voorbeelden bekeken"
	SeenDomain    = "maildomein bekeken"   // by the machine; the detail has what it found
	CheckedDomain = "maildomein nagekeken" // by a person, who says how
)

// A StudyEvent is something that happened to a study as a whole. Detail holds no
// names, addresses or answers.
type StudyEvent struct {
	Study  int64
	Kind   string
	At     time.Time
	By     Actor
	Who    string // what colleagues call By; only of what was read
	Reason string
	Detail map[string]any
}

// AddStudyEvent writes that something happened to a study that changes nothing
// else of it.
func (s *Store) AddStudyEvent(ctx context.Context, e StudyEvent) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error { return addStudyEvent(ctx, tx, e) })
	if err != nil {
		return fmt.Errorf("add study event: %w", err)
	}
	return nil
}

// LastStudyEvents returns the latest event of each kind.
func (s *Store) LastStudyEvents(ctx context.Context, studyID int64) (map[string]StudyEvent, error) {
	out := map[string]StudyEvent{}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		clear(out)
		events, err := all(ctx, tx, func(row pgx.CollectableRow) (StudyEvent, error) {
			e := StudyEvent{Study: studyID}
			var id *int64
			if err := row.Scan(&e.Kind, &e.At, &e.By.Kind, &id, &e.Who, &e.Reason, &e.Detail); err != nil {
				return e, err
			}
			if id != nil {
				e.By.ID = *id
			}
			return e, nil
		}, `
			select distinct on (e.kind) e.kind, e.at, e.actor, e.actor_id, coalesce(nullif(a.name, ''), a.email, ''), e.reason, e.detail -- store.LastStudyEvents
			from register.study_event e left join staff.account a on e.actor = 'staff' and a.id = e.actor_id
			where e.study = $1 order by e.kind, e.at desc, e.id desc`, studyID)
		for _, e := range events {
			out[e.Kind] = e
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("last study events: %w", err)
	}
	return out, nil
}

// Fingerprint names what a dry run of a study is about: its register and
// addresses, its plan, period and settings. It differs when any of these does.
func (s *Store) Fingerprint(ctx context.Context, st study.Study) (string, error) {
	var print string
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select md5(concat_ws('/', -- store.Fingerprint
				(select md5(string_agg(concat_ws(',', id, name, listed, md5(background::text)), ';' order by id)) from register.unit where study = $1),
				(select md5(string_agg(concat_ws(',', c.id, c.name, c.salutation, c.email, c.address, c.ended, c.opted_out, c.bounced), ';' order by c.id)) from contact.contact c join register.unit u on u.id = c.unit where u.study = $1),
				(select md5(string_agg(concat_ws(',', id, md5(source)), ';' order by id)) from register.wording where study = $1),
				(select concat_ws(',', title, opens, closes, settings, plan, calendar) from register.study where id = $1)))`, st.ID).Scan(&print)
	})
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	return print, nil
}

// addStudyEvent writes what happened to a study, and the same in the audit log.
func addStudyEvent(ctx context.Context, tx pgx.Tx, e StudyEvent) error {
	detail := map[string]any{}
	for k, v := range e.Detail {
		detail[k] = v
	}
	d, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into register.study_event (study, kind, at, actor, actor_id, reason, detail) -- store.addStudyEvent
		values ($1, $2, $3, $4, $5, $6, $7)`, e.Study, e.Kind, e.At, e.By.Kind, e.By.id(), e.Reason, d)
	if err != nil {
		return err
	}
	if e.Reason != "" {
		detail["reden"] = e.Reason
	}
	return audit(ctx, tx, e.At, e.By, e.Study, e.Kind, "", detail)
}

// Stop stops sending for a study until Resume: what is in the air goes on, the
// rest waits (standards M7).
func (s *Store) Stop(ctx context.Context, studyID int64, reason string, by Actor, now time.Time) error {
	return s.Pause(ctx, studyID, false, reason, by, now)
}

// Pause stops sending for a study until Resume, and with hold respondents too.
// Who has a page open can still save it for as long as after closing.
func (s *Store) Pause(ctx context.Context, studyID int64, hold bool, reason string, by Actor, now time.Time) error {
	return s.turn(ctx, study.Pause, studyID, StudyEvent{Kind: StudyStopped, Reason: reason, By: by, At: now, Detail: map[string]any{"vragenlijst": !hold}}, func(tx pgx.Tx, _ study.Study) error {
		_, err := tx.Exec(ctx, `
			update register.study set stopped = coalesce(stopped, $2), stop_reason = $3, held = case when $4 then coalesce(held, $2) end where id = $1 -- store.Pause`, studyID, now, reason, hold)
		return err
	})
}

// Resume lets a study send again, and respondents go on.
func (s *Store) Resume(ctx context.Context, studyID int64, by Actor, now time.Time) error {
	return s.ResumeFor(ctx, studyID, "", by, now)
}

// ResumeFor is Resume with a reason.
func (s *Store) ResumeFor(ctx context.Context, studyID int64, reason string, by Actor, now time.Time) error {
	return s.turn(ctx, study.Resume, studyID, StudyEvent{Kind: StudyResumed, Reason: reason, By: by, At: now}, func(tx pgx.Tx, _ study.Study) error {
		_, err := tx.Exec(ctx, `update register.study set stopped = null, stop_reason = '', held = null where id = $1 -- store.ResumeFor`, studyID)
		return err
	})
}

// Extend lets a study close later. What is still to come of its plan moves with
// it: a plan is worked out when it is asked for.
func (s *Store) Extend(ctx context.Context, studyID int64, to time.Time, reason string, by Actor, now time.Time) error {
	return s.turn(ctx, study.Extend, studyID, StudyEvent{Kind: StudyExtended, Reason: reason, By: by, At: now, Detail: map[string]any{"tot": to}}, func(tx pgx.Tx, st study.Study) error {
		if problem := st.CheckClosing(study.Extend, to, now); problem != "" {
			return errs.Errorf(errs.Invalid, "%s", problem)
		}
		return closes(ctx, tx, studyID, to)
	})
}

// CloseStudy closes a study now. What is open can be finished for a while, as at
// any closing.
func (s *Store) CloseStudy(ctx context.Context, studyID int64, reason string, by Actor, now time.Time) error {
	return s.turn(ctx, study.Close, studyID, StudyEvent{Kind: StudyClosed, Reason: reason, By: by, At: now}, func(tx pgx.Tx, _ study.Study) error {
		_, err := tx.Exec(ctx, `update register.study set closes = $2, held = null where id = $1 -- store.CloseStudy`, studyID, now)
		return err
	})
}

// ReopenStudy opens a closed study until another moment. What was sent stays
// sent. Partial answers that were kept at closing are drafts again: their
// submission stays in the history, and counts no more until it is sent or kept
// once more. Nothing is mailed before somebody resumes the sending, because all
// that was missed meanwhile is due at once. It returns how many drafts there are
// again.
func (s *Store) ReopenStudy(ctx context.Context, studyID int64, to time.Time, reason string, by Actor, now time.Time) (int, error) {
	thawed := 0
	e := StudyEvent{Kind: StudyReopened, Reason: reason, By: by, At: now, Detail: map[string]any{"tot": to}}
	err := s.turn(ctx, study.Reopen, studyID, e, func(tx pgx.Tx, st study.Study) error {
		if problem := st.CheckClosing(study.Reopen, to, now); problem != "" {
			return errs.Errorf(errs.Invalid, "%s", problem)
		}
		_, err := tx.Exec(ctx, `
			update register.study set held = null, stopped = case when released is not null then coalesce(stopped, $2) end, -- store.ReopenStudy
				stop_reason = case when released is not null then 'Heropend. Bekijk wat er aan de beurt is en hervat dan het versturen.' else '' end
			where id = $1`, studyID, now)
		if err != nil {
			return err
		}
		if err := closes(ctx, tx, studyID, to); err != nil {
			return err
		}
		thawed, err = thaw(ctx, tx, studyID, by, now)
		return err
	})
	return thawed, err
}

func closes(ctx context.Context, tx pgx.Tx, studyID int64, to time.Time) error {
	_, err := tx.Exec(ctx, `update register.study set closes = $2 where id = $1 -- store.closes`, studyID, to)
	return err
}

// thaw makes drafts of what was kept at closing, and takes back the event that
// says so.
func thaw(ctx context.Context, tx pgx.Tx, studyID int64, by Actor, now time.Time) (int, error) {
	type frozen struct{ Response, Unit, Event int64 }
	all, err := all(ctx, tx, pgx.RowToStructByPos[frozen], `
		select r.id, r.unit, e.id from answer.response r -- store.thaw
		join lateral (select status, actor from answer.submission b where b.response = r.id order by revision desc limit 1) b on b.status = 'partial' and b.actor = $2
		join field.event e on e.unit = r.unit and e.kind = $3 and not exists (select from field.event x where x.recalls = e.id)
		where r.study = $1 and r.sent is not null order by r.id for update of r`, studyID, event.BySystem, event.Frozen)
	if err != nil {
		return 0, err
	}
	for _, f := range all {
		if _, err := tx.Exec(ctx, `update answer.response set sent = null, reopened = null where id = $1 -- store.thaw`, f.Response); err != nil {
			return 0, err
		}
		if _, err := tx.Exec(ctx, `update answer.coverage set counting = false where response = $1 and unit = $2 -- store.thaw`, f.Response, f.Unit); err != nil {
			return 0, err
		}
		err := addEvent(ctx, tx, event.Event{Unit: f.Unit, Kind: event.Recalled, Occurred: now, Recorded: now, Actor: by.Kind, ActorID: by.ID, Note: "Het onderzoek is heropend.", Recalls: f.Event})
		if err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// turn takes a turn with a study, under lock, if it may be taken.
func (s *Store) turn(ctx context.Context, t study.Turn, studyID int64, e StudyEvent, do func(pgx.Tx, study.Study) error) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		st, err := one(ctx, tx, scanStudy, "Dit onderzoek is er niet.", `select `+studyColumns+` from register.study s where s.id = $1 for update -- store.turn`, studyID)
		if err != nil {
			return err
		}
		if why := st.MayTurn(t, e.At); why != "" {
			return errs.Errorf(errs.Conflict, "%s", why)
		}
		if err := do(tx, st); err != nil {
			return err
		}
		e.Study = studyID
		return addStudyEvent(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", t, err)
	}
	return nil
}
