package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/study"
)

// Submit sends a response: a submission row with a copy of the answers, the
// counting coverage of its unit and an event, or nothing at all (promise P2).
// Sending twice gives the first receipt again. The mode is how it was sent: a
// member of staff may do it for a unit, by telephone or from paper.
func (s *Store) Submit(ctx context.Context, key string, f *form.Form, by Actor, mode answer.Mode, reason string, now time.Time) (Response, error) {
	var r Response
	err := s.tx(ctx, collect, func(tx pgx.Tx) (err error) {
		if r, err = responseByKey(ctx, tx, key, true); err != nil {
			return err
		}
		if !r.Draft() {
			return nil // a double click: the receipt is there
		}
		if err := writable(&r, now); err != nil {
			return err
		}
		final := f.Final(r.Values)
		if !answer.Starts(f.Variables, final) {
			return errs.Errorf(errs.Invalid, "U hebt nog niets ingevuld. Vul eerst een of meer vragen in.")
		}
		late := r.Study.At(now) == study.Closing
		status := answer.Submitted
		if r.Core {
			status = answer.Kernvragen
		}
		err = submit(ctx, tx, &r, submission{status: status, at: now, late: late, by: by, mode: mode, reason: reason, answers: final})
		if err != nil {
			return err
		}
		if err := keepConsents(ctx, tx, r, f, final, by, now); err != nil {
			return err
		}
		if err := tellReceipt(ctx, tx, r, by, now); err != nil {
			return err
		}
		return addEvent(ctx, tx, event.Event{Unit: r.Unit, Kind: event.Submitted, Occurred: now, Recorded: now,
			Channel: string(mode), Actor: by.Kind, ActorID: by.ID})
	})
	if err != nil {
		return r, fmt.Errorf("submit: %w", err)
	}
	return r, nil
}

// tellReceipt queues the receipt to the contact who sent a response.
func tellReceipt(ctx context.Context, tx pgx.Tx, r Response, by Actor, now time.Time) error {
	if by.Kind != event.ByRespondent || by.ID == 0 {
		return nil
	}
	_, err := notify(ctx, tx, r.Study, NewMessage{Contact: by.ID, Template: "ontvangst", Extra: map[string]string{"ontvangst": r.Receipt, "moment": contactplan.Moment(now)}, By: by, Now: now})
	return err
}

// ReceiptMailed reports whether the contact that sent a response at a moment gets
// the receipt by mail.
func (s *Store) ReceiptMailed(ctx context.Context, contact int64, sent time.Time) (bool, error) {
	var mailed bool
	err := s.read(ctx, collect, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select exists (select from field.message where contact = $1 and template = 'ontvangst' and queued = $2 and state not in ('ingetrokken', 'onbestelbaar')) -- store.ReceiptMailed`, contact, sent).Scan(&mailed)
	})
	if err != nil {
		return false, fmt.Errorf("receipt mailed: %w", err)
	}
	return mailed, nil
}

type submission struct {
	status  answer.Status
	at      time.Time
	late    bool
	by      Actor
	mode    answer.Mode
	reason  string
	answers answer.Values
}

// submit writes the submission of a locked response and makes it count.
func submit(ctx context.Context, tx pgx.Tx, r *Response, sub submission) error {
	answers, err := json.Marshal(sub.answers)
	if err != nil {
		return err
	}
	r.Revision++
	r.Receipt = receipt()
	r.Sent, r.Reopened, r.Late = sub.at, time.Time{}, sub.late
	modes, err := otherModes(ctx, tx, r.ID, sub)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into answer.submission (response, revision, status, at, late, actor, actor_id, mode, reason, receipt, version, answers, modes) -- store.submit
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.ID, r.Revision, sub.status, sub.at, sub.late, sub.by.Kind, sub.by.id(), sub.mode, sub.reason, r.Receipt, r.Version, answers, modes)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update answer.response set sent = $2, reopened = null where id = $1 -- store.submit`, r.ID, sub.at); err != nil {
		return err
	}
	return cover(ctx, tx, r.Unit, r.ID, true, sub.at)
}

// otherModes returns which answers of a submission last changed in another mode
// than its own, as the log tells.
func otherModes(ctx context.Context, tx pgx.Tx, response int64, sub submission) (map[string]answer.Mode, error) {
	modes := map[string]answer.Mode{}
	var name string
	var mode answer.Mode
	rows, _ := tx.Query(ctx, `
		select distinct on (c->>'v') c->>'v', s.mode from answer.save s, jsonb_array_elements(s.changed) c -- store.otherModes
		where s.response = $1 and exists (select from answer.save o where o.response = $1 and o.mode <> $2)
		order by c->>'v', s.version desc`, response, sub.mode)
	_, err := pgx.ForEachRow(rows, []any{&name, &mode}, func() error {
		if _, answered := sub.answers[name]; answered && mode != sub.mode {
			modes[name] = mode
		}
		return nil
	})
	return modes, err
}

// cover lets a response hold for a unit. An own one takes the count over from a
// covering one, whose history stays; a covering one counts only where nothing
// did yet.
func cover(ctx context.Context, tx pgx.Tx, unit, response int64, own bool, at time.Time) error {
	if own {
		_, err := tx.Exec(ctx, `
			update answer.coverage set counting = false where unit = $1 and response <> $2 and counting -- store.cover`, unit, response)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
		insert into answer.coverage (unit, response, own, counting, claimed, confirmed) -- store.cover
		values ($1, $2, $3, $3 or not exists (select from answer.coverage where unit = $1 and counting), $4, $4)
		on conflict (unit, response) do update set counting = excluded.counting, withdrawn = null`, unit, response, own, at)
	return err
}

// receiptLetters has no letters that are mistaken for others.
const receiptLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// receipt makes a code such as K7F2-9MQX.
func receipt() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	for i := range b {
		b[i] = receiptLetters[int(b[i])%len(receiptLetters)]
	}
	return string(b[:4]) + "-" + string(b[4:])
}

// Reopen lets a sent response be corrected while the study is open.
func (s *Store) Reopen(ctx context.Context, key string, by Actor, now time.Time) (Response, error) {
	var r Response
	err := s.tx(ctx, collect, func(tx pgx.Tx) (err error) {
		if r, err = responseByKey(ctx, tx, key, true); err != nil || r.Draft() {
			return err
		}
		if r.Study.At(now) != study.Open {
			return errs.Errorf(errs.Gone, "Het onderzoek is gesloten. Wijzigen kan niet meer.")
		}
		if !r.TakenBack.IsZero() {
			return writable(&r, now)
		}
		r.Reopened = now
		if _, err = tx.Exec(ctx, `update answer.response set reopened = $2 where id = $1 -- store.Reopen`, r.ID, now); err != nil {
			return err
		}
		return addEvent(ctx, tx, event.Event{Unit: r.Unit, Kind: event.Reopened, Occurred: now, Recorded: now, Channel: "web", Actor: by.Kind, ActorID: by.ID})
	})
	if err != nil {
		return r, fmt.Errorf("reopen: %w", err)
	}
	return r, nil
}

// Submission returns the answers that were last sent, and how many people
// filled something in.
func (s *Store) Submission(ctx context.Context, key string) (answer.Values, int, error) {
	values, people := answer.Values{}, 0
	err := s.read(ctx, collect, func(tx pgx.Tx) error {
		var answers []byte
		err := tx.QueryRow(ctx, `
			select b.answers, (select count(distinct actor_id) from answer.save v where v.response = r.id) -- store.Submission
			from answer.response r join answer.submission b on b.response = r.id
			where r.key = $1 order by b.revision desc limit 1`, key).Scan(&answers, &people)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, "Deze vragenlijst is nog niet verstuurd.")
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(answers, &values)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("submission: %w", err)
	}
	return values, people, nil
}

// Filled returns the data of one audience: the latest submission of every
// response, by unit code, as of one moment.
func (s *Store) Filled(ctx context.Context, studyID int64, audience string) ([]answer.Filled, error) {
	var out []answer.Filled
	err := s.read(ctx, analysis, func(tx pgx.Tx) error {
		out = nil
		return eachFilled(ctx, tx, studyID, audience, func(f answer.Filled) error {
			out = append(out, f)
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("filled: %w", err)
	}
	return out, nil
}

// eachFilled gives the latest submission of every response, by unit code. It
// reads them once, and keeps none.
func eachFilled(ctx context.Context, tx pgx.Tx, studyID int64, audience string, use func(answer.Filled) error) error {
	rows, err := tx.Query(ctx, `
		select u.code, u.pseudonym, b.mode, b.modes, b.status, r.edition, coalesce(r.started, '0001-01-01T00:00:00Z'), b.at, b.late, b.revision, b.answers, -- store.eachFilled
			array(select cu.code from answer.coverage c join register.unit cu on cu.id = c.unit
				where c.response = r.id and not c.own and c.counting order by cu.code)
		from answer.response r
		join register.unit u on u.id = r.unit
		join lateral (select b.* from answer.submission b where b.response = r.id order by revision desc limit 1) b on true
		where r.study = $1 and r.audience = $2 and r.withdrawn is null and r.sent is not null -- null again: frozen at a closing that was taken back
		order by u.code`, studyID, audience)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		f, err := scanFilled(rows)
		if err == nil {
			err = use(f)
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

func scanFilled(row pgx.CollectableRow) (answer.Filled, error) {
	var f answer.Filled
	var answers, modes []byte
	err := row.Scan(&f.Unit, &f.Pseudo, &f.Mode, &modes, &f.Status, &f.Edition, &f.Started, &f.Sent, &f.Late, &f.Revision, &answers, &f.Covers)
	if err != nil {
		return f, err
	}
	f.Answers, err = answer.ParseValues(answers)
	return f, errors.Join(err, json.Unmarshal(modes, &f.Modes))
}

// Freeze keeps the partial responses of closed studies as they stand: those
// with enough answers and all core questions (standards K1, K3). It returns how
// many it froze. forms gives the form of an audience.
func (s *Store) Freeze(ctx context.Context, st study.Study, forms map[string]*form.Form, now time.Time) (int, error) {
	if st.At(now) != study.Closed {
		return 0, nil
	}
	frozen := 0
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		frozen = 0
		keys, err := all(ctx, tx, pgx.RowTo[string], `
			select key from answer.response where study = $1 and sent is null and started is not null and withdrawn is null order by id for update -- store.Freeze`, st.ID)
		if err != nil {
			return err
		}
		for _, key := range keys {
			r, err := responseByKey(ctx, tx, key, false)
			if err != nil {
				return err
			}
			f := forms[r.Audience]
			if f == nil || !f.Complete(r.Values).Partial(f.Limit()) {
				continue
			}
			frozen++
			err = submit(ctx, tx, &r, submission{status: answer.Partial, at: st.Closes, by: BySystem, mode: r.Mode, answers: f.Final(r.Values)})
			if err != nil {
				return err
			}
			err = addEvent(ctx, tx, event.Event{Unit: r.Unit, Kind: event.Frozen, Occurred: st.Closes, Recorded: now, Actor: event.BySystem})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("freeze: %w", err)
	}
	return frozen, nil
}
