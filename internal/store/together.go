package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Colleague is somebody a questionnaire was passed to.
type Colleague struct {
	Contact  int64
	Name     string
	Email    string
	Sections []string // ids; empty for the whole questionnaire
	Since    time.Time
	Ended    time.Time // zero while the link works
	Mine     bool      // passed on by the contact who asks
	Answered int       // pages this person saved
}

// A Forward passes a questionnaire, or some sections of it, to a colleague.
type Forward struct {
	Response  string
	From      int64 // contact
	Name      string
	Email     string
	Sections  []string
	Reminders bool // follow-up goes to the colleague from now on
	Now       time.Time
}

// A Forwarding is what came of a Forward.
type Forwarding struct {
	Token  string // of the colleague's link
	Mailed bool   // the colleague gets it by mail too, and the sender a notice
}

// ForwardTo makes a contact with a link of its own for a colleague. Both fill in
// the same response; the link of the sender keeps working. Where the study sends
// mail, both get one. An address that wants no mail is not kept.
func (s *Store) ForwardTo(ctx context.Context, f Forward) (Forwarding, error) {
	var out Forwarding
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		out = Forwarding{}
		r, err := responseByKey(ctx, tx, f.Response, true)
		if err != nil {
			return err
		}
		if err := writable(&r, f.Now); err != nil {
			return err
		}
		var n int
		err = tx.QueryRow(ctx, `
			select count(*) from contact.contact where unit = $1 and (ended is null or added > $2) and forwarded_by is not null -- store.ForwardTo`, r.Unit, f.Now.AddDate(0, 0, -1)).Scan(&n)
		if err != nil {
			return err
		}
		if n >= maxColleagues {
			return errs.Errorf(errs.Invalid, "U kunt de vragenlijst naar hooguit %d collega’s doorsturen. Trek eerst een link in.", maxColleagues)
		}
		gone, err := s.suppressed(ctx, tx, f.Email)
		if err != nil {
			return err
		}
		email := f.Email
		if gone[email] {
			email = ""
		}
		sections := f.Sections
		if sections == nil {
			sections = []string{}
		}
		u := unitContact{Unit: r.Unit}
		err = tx.QueryRow(ctx, `
			insert into contact.contact (unit, name, email, source, added, forwarded_by, reminders, sections) -- store.ForwardTo
			values ($1, $2, $3, 'doorgestuurd', $4, $5, $6, $7) returning id`,
			r.Unit, f.Name, email, f.Now, f.From, f.Reminders, sections).Scan(&u.Contact)
		if err != nil {
			return err
		}
		if f.Reminders {
			if _, err := tx.Exec(ctx, `update contact.contact set reminders = false where id = $1 -- store.ForwardTo`, f.From); err != nil {
				return err
			}
		}
		if out.Token, err = addLink(ctx, tx, u, "doorgestuurd", Actor{Kind: event.ByRespondent, ID: f.From}, f.Now); err != nil {
			return err
		}
		if out.Mailed, err = tellForward(ctx, tx, r.Study, f, u.Contact); err != nil {
			return err
		}
		return addEvent(ctx, tx, event.Event{Unit: r.Unit, Kind: event.Forwarded, Occurred: f.Now, Recorded: f.Now, Channel: "web", Actor: event.ByRespondent, ActorID: f.From})
	})
	if err != nil {
		return Forwarding{}, fmt.Errorf("forward: %w", err)
	}
	return out, nil
}

// tellForward queues the mails about a forward: to the colleague, and to who
// passed it on, so that nobody does so in another's name unseen.
func tellForward(ctx context.Context, tx pgx.Tx, st study.Study, f Forward, colleague int64) (bool, error) {
	var from string
	if err := tx.QueryRow(ctx, `select name from contact.contact where id = $1 -- store.tellForward`, f.From).Scan(&from); err != nil {
		return false, err
	}
	if from == "" {
		from = "Een collega"
	}
	by := Actor{Kind: event.ByRespondent, ID: f.From}
	id, err := notify(ctx, tx, st, NewMessage{Contact: colleague, Template: "doorgestuurd", Extra: map[string]string{"collega": from}, By: by, Now: f.Now})
	if err != nil || id == 0 {
		return false, err
	}
	_, err = notify(ctx, tx, st, NewMessage{Contact: f.From, Template: "doorgestuurd_afzender", Extra: map[string]string{"collega": f.Name}, By: by, Now: f.Now})
	return true, err
}

// notify queues a mail about what a respondent just did. A study that sends
// nothing, or not yet, does not begin with that: notices of weeks ago would all
// come at once.
func notify(ctx context.Context, tx pgx.Tx, st study.Study, m NewMessage) (int64, error) {
	if st.Released.IsZero() || !st.Stopped.IsZero() {
		return 0, nil
	}
	return addMessage(ctx, tx, m)
}

// maxColleagues keeps one unit from flooding a register with contacts.
const maxColleagues = 20

// Colleagues returns who else fills in a response, in the order in which they
// joined.
func (s *Store) Colleagues(ctx context.Context, key string, contact int64) ([]Colleague, error) {
	var out []Colleague
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (c Colleague, err error) {
			err = row.Scan(&c.Contact, &c.Name, &c.Email, &c.Sections, &c.Since, &c.Ended, &c.Mine, &c.Answered)
			return c, err
		}, `
			select c.id, c.name, c.email, c.sections, c.added, coalesce(c.ended, '0001-01-01T00:00:00Z'), -- store.Colleagues
				coalesce(c.forwarded_by = $2, false),
				(select count(distinct v.page) from answer.save v where v.response = r.id and v.actor = 'respondent' and v.actor_id = c.id)
			from answer.response r join contact.contact c on c.unit = r.unit
			where r.key = $1 order by c.id`, key, contact)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("colleagues: %w", err)
	}
	return out, nil
}

// Withdraw ends the link of a colleague that the contact passed the
// questionnaire to; what the colleague answered stays. Follow-up comes back to
// the sender.
func (s *Store) Withdraw(ctx context.Context, key string, from, colleague int64, now time.Time) error {
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		r, err := responseByKey(ctx, tx, key, true)
		if err != nil {
			return err
		}
		var reminders bool
		err = tx.QueryRow(ctx, `
			update contact.contact set ended = $4, end_note = 'ingetrokken door de afzender' -- store.Withdraw
			where id = $3 and unit = $1 and forwarded_by = $2 and ended is null returning reminders`, r.Unit, from, colleague, now).Scan(&reminders)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, "Deze collega heeft geen link meer, of een ander stuurde die.")
		}
		if err != nil {
			return err
		}
		if reminders {
			if _, err := tx.Exec(ctx, `update contact.contact set reminders = true where id = $1 -- store.Withdraw`, from); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `
			update field.message set state = 'ingetrokken', done = $2, reply = 'link ingetrokken', claim = null where contact = $1 and state = 'klaar' -- store.Withdraw`, colleague, now)
		if err != nil {
			return err
		}
		return addEvent(ctx, tx, event.Event{Unit: r.Unit, Kind: event.Withdrawn, Occurred: now, Recorded: now, Channel: "web", Actor: event.ByRespondent, ActorID: from})
	})
	if err != nil {
		return fmt.Errorf("withdraw: %w", err)
	}
	return nil
}

// SavedBy says which contact last saved each page of a response.
func (s *Store) SavedBy(ctx context.Context, key string) (map[string]int64, error) {
	by := map[string]int64{}
	err := s.read(ctx, collect, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			select distinct on (v.page) v.page, v.actor_id from answer.save v join answer.response r on r.id = v.response -- store.SavedBy
			where r.key = $1 and v.actor = 'respondent' and v.actor_id is not null order by v.page, v.version desc`, key)
		var page string
		var contact int64
		_, err := pgx.ForEachRow(rows, []any{&page, &contact}, func() error {
			by[page] = contact
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("saved by: %w", err)
	}
	return by, nil
}

// A Claim says that a response holds for another unit too. It counts once
// somebody confirmed it.
type Claim struct {
	Unit      int64
	Code      string
	Name      string
	Reason    string
	Since     time.Time
	Confirmed bool
}

// Claims returns for which units a response is said to hold.
func (s *Store) Claims(ctx context.Context, key string) ([]Claim, error) {
	var out []Claim
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Claim], `
			select u.id, u.code, u.name, c.reason, c.claimed, c.confirmed is not null from answer.coverage c -- store.Claims
			join answer.response r on r.id = c.response join register.unit u on u.id = c.unit
			where r.key = $1 and not c.own and c.withdrawn is null order by u.code`, key)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	return out, nil
}

// ClaimsOn returns the units that say to answer for this one too.
func (s *Store) ClaimsOn(ctx context.Context, unit int64) ([]Claim, error) {
	var out []Claim
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		out, err = claimsOn(ctx, tx, unit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claims on: %w", err)
	}
	return out, nil
}

func claimsOn(ctx context.Context, tx pgx.Tx, unit int64) ([]Claim, error) {
	return all(ctx, tx, pgx.RowToStructByPos[Claim], `
		select u.id, u.code, u.name, c.reason, c.claimed, c.confirmed is not null from answer.coverage c -- store.claimsOn
		join answer.response r on r.id = c.response join register.unit u on u.id = r.unit
		where c.unit = $1 and not c.own and c.withdrawn is null order by u.code`, unit)
}

// AddClaim says that a response holds for another unit of the same audience.
func (s *Store) AddClaim(ctx context.Context, key, code, reason string, by Actor, now time.Time) error {
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		r, err := responseByKey(ctx, tx, key, true)
		if err != nil {
			return err
		}
		if err := writable(&r, now); err != nil {
			return err
		}
		var unit int64
		err = tx.QueryRow(ctx, `
			select id from register.unit where study = $1 and audience = $2 and code = $3 and id <> $4 -- store.AddClaim`,
			r.Study.ID, r.Audience, code, r.Unit).Scan(&unit)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.Invalid, "Kies een andere organisatie uit de lijst.")
		}
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			insert into answer.coverage (unit, response, own, counting, claimed, reason) values ($1, $2, false, false, $3, $4) -- store.AddClaim
			on conflict (unit, response) do update set withdrawn = null, confirmed = null, confirmed_by = '', counting = false,
				claimed = excluded.claimed, reason = excluded.reason
			where coverage.withdrawn is not null`, unit, r.ID, now, reason)
		if err != nil || tag.RowsAffected() == 0 { // pressed twice: it stands already
			return err
		}
		if err := tellClaim(ctx, tx, r, unit, by, now); err != nil {
			return err
		}
		return addEvent(ctx, tx, event.Event{Unit: unit, Kind: event.Claimed, Occurred: now, Recorded: now, Channel: "web", Actor: by.Kind, ActorID: by.ID,
			Note: "Door " + r.UnitCode + ". Reden: " + reason + "."})
	})
	if err != nil {
		return fmt.Errorf("add claim: %w", err)
	}
	return nil
}

// tellClaim queues the notice to a unit that another says to answer for it
// (standards E2). A unit that has answered needs none.
func tellClaim(ctx context.Context, tx pgx.Tx, r Response, unit int64, by Actor, now time.Time) error {
	contacts, err := all(ctx, tx, pgx.RowTo[int64], `
		select c.id from contact.contact c where c.unit = $1 and c.ended is null and c.email <> '' and c.bounced is null and c.reminders -- store.tellClaim
			and not exists (select from answer.coverage v where v.unit = $1 and v.counting)
		order by coalesce(c.rank, c.id), c.id limit 1`, unit)
	if err != nil || len(contacts) == 0 {
		return err
	}
	_, err = notify(ctx, tx, r.Study, NewMessage{Contact: contacts[0], Template: "claim", Extra: map[string]string{"ander": cmp.Or(r.UnitName, r.UnitCode)}, By: by, Now: now})
	return err
}

// WithdrawClaim takes a claim back. One that was confirmed stops counting.
func (s *Store) WithdrawClaim(ctx context.Context, key, code string, by Actor, now time.Time) error {
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		r, err := responseByKey(ctx, tx, key, true)
		if err != nil {
			return err
		}
		var unit int64
		err = tx.QueryRow(ctx, `
			update answer.coverage c set withdrawn = $4, counting = false from register.unit u -- store.WithdrawClaim
			where c.unit = u.id and c.response = $1 and u.code = $2 and u.id <> $3 and not c.own and c.withdrawn is null returning u.id`,
			r.ID, code, r.Unit, now).Scan(&unit)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, "Deze organisatie staat er niet (meer) bij.")
		}
		if err != nil {
			return err
		}
		return addEvent(ctx, tx, event.Event{Unit: unit, Kind: event.Unclaimed, Occurred: now, Recorded: now, Channel: "web", Actor: by.Kind, ActorID: by.ID, Note: "Door " + r.UnitCode + "."})
	})
	if err != nil {
		return fmt.Errorf("withdraw claim: %w", err)
	}
	return nil
}

// ConfirmClaim lets the claim of the unit with code by on another unit count,
// where that one has no submission of its own. The actor is a member of staff,
// or a contact of the unit itself.
func (s *Store) ConfirmClaim(ctx context.Context, unit int64, code string, by Actor, now time.Time) error {
	return s.decideClaim(ctx, unit, code, "", event.Covered, by, now, `
		update answer.coverage c set confirmed = $3, confirmed_by = $4, -- store.ConfirmClaim
			counting = not exists (select from answer.coverage x where x.unit = c.unit and x.counting)
		from answer.response r join register.unit u on u.id = r.unit
		where c.response = r.id and c.unit = $1 and u.code = $2 and not c.own and c.confirmed is null and c.withdrawn is null`)
}

// RefuseClaim ends the claim of the unit with code by on another unit, confirmed
// or not: that one answers for itself. The reason is that of a member of staff.
func (s *Store) RefuseClaim(ctx context.Context, unit int64, code, reason string, by Actor, now time.Time) error {
	return s.decideClaim(ctx, unit, code, reason, event.Unclaimed, by, now, `
		update answer.coverage c set withdrawn = $3, counting = false, confirmed_by = $4 -- store.RefuseClaim
		from answer.response r join register.unit u on u.id = r.unit
		where c.response = r.id and c.unit = $1 and u.code = $2 and not c.own and c.withdrawn is null`)
}

// decideClaim runs an update of unit $1, claimant $2, time $3 and actor $4.
func (s *Store) decideClaim(ctx context.Context, unit int64, code, reason string, kind event.Kind, by Actor, now time.Time, update string) error {
	role, channel, note := fieldwork, "", "Door "+code+"."
	if by.Kind == event.ByRespondent {
		role, channel, note = collect, "web", "Over de vragenlijst van "+code+"."
	}
	if reason != "" {
		note += " Reden: " + reason
	}
	err := s.tx(ctx, role, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, update, unit, code, now, fmt.Sprint(by.Kind, " ", by.ID))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.NotFound, "Hier is niets om te bevestigen.")
		}
		if kind == event.Unclaimed { // another that was confirmed takes its place
			_, err := tx.Exec(ctx, `
				update answer.coverage set counting = true where id = ( -- store.decideClaim
					select c.id from answer.coverage c where c.unit = $1 and not c.own and c.confirmed is not null and c.withdrawn is null
						and not exists (select from answer.coverage x where x.unit = $1 and x.counting) order by c.confirmed, c.id limit 1)`, unit)
			if err != nil {
				return err
			}
		}
		if err := audit(ctx, tx, now, by, 0, "dekking: "+string(kind), fmt.Sprint("eenheid ", unit), map[string]any{"door": code}); err != nil {
			return err
		}
		return addEvent(ctx, tx, event.Event{Unit: unit, Kind: kind, Occurred: now, Recorded: now, Channel: channel, Actor: by.Kind, ActorID: by.ID, Note: note})
	})
	if err != nil {
		return fmt.Errorf("decide claim: %w", err)
	}
	return nil
}

// Refuse records that a unit does not take part; it ends reminders, not the
// link: who changes their mind may still answer.
func (s *Store) Refuse(ctx context.Context, l Link, reason, note string, now time.Time) error {
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		text, ok := event.ReasonLabel(reason)
		if !ok {
			return errs.Errorf(errs.Invalid, "Kies een reden.")
		}
		if note != "" {
			text += ": " + note
		}
		return addEvent(ctx, tx, event.Event{Unit: l.Unit, Kind: event.Refused, Occurred: now, Recorded: now, Channel: "web", Actor: event.ByRespondent, ActorID: l.Contact, Note: text})
	})
	if err != nil {
		return fmt.Errorf("refuse: %w", err)
	}
	return nil
}

// Return takes standing refusals of a unit back: it takes part after all.
func (s *Store) Return(ctx context.Context, l Link, now time.Time) error {
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into field.event (unit, kind, occurred, recorded, channel, actor, actor_id, note, recalls) -- store.Return
			select e.unit, $2, $3::timestamptz, $3::timestamptz, 'web', 'respondent', $4::bigint, 'Doet toch mee.', e.id from field.event e
			where e.unit = $1 and e.kind = $5 and not exists (select from field.event x where x.recalls = e.id)`,
			l.Unit, event.Recalled, now, l.Contact, event.Refused)
		return err
	})
	if err != nil {
		return fmt.Errorf("return: %w", err)
	}
	return nil
}

// SetCore lets a response ask the core questions only, or all of them again.
func (s *Store) SetCore(ctx context.Context, key string, core bool, now time.Time) error {
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		r, err := responseByKey(ctx, tx, key, true)
		if err != nil {
			return err
		}
		if err := writable(&r, now); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update answer.response set core = $2 where id = $1 -- store.SetCore`, r.ID, core)
		return err
	})
	if err != nil {
		return fmt.Errorf("set core: %w", err)
	}
	return nil
}

// AddCode makes a letter code for a unit: a link that can be typed.
func (s *Store) AddCode(ctx context.Context, unit int64, by Actor, now time.Time) (string, error) {
	code := NewCode()
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		u, err := one(ctx, tx, pgx.RowToStructByPos[unitContact], noUnit, `
			select u.id, u.code, coalesce((select c.id from contact.contact c where c.unit = u.id and c.ended is null order by coalesce(c.rank, c.id), c.id limit 1), 0) -- store.AddCode
			from register.unit u where u.id = $1 for update of u`, unit)
		if err != nil {
			return err
		}
		if err := addToken(ctx, tx, u, code, "brief", by, now); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "briefcode gemaakt", fmt.Sprint("eenheid ", unit), nil)
	})
	if err != nil {
		return "", fmt.Errorf("add code: %w", err)
	}
	return code, nil
}
