package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A WordingVersion is one text as it was kept.
type WordingVersion struct {
	contactplan.Wording
	ID     int64
	Reason string
	Made   time.Time
	Who    string // of the staff, as pages call them
}

// Wordings returns the texts that a study has of its own, as they are now.
func (s *Store) Wordings(ctx context.Context, studyID int64) (contactplan.Wordings, error) {
	var out contactplan.Wordings
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = wordings(ctx, tx, studyID, "")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("wordings: %w", err)
	}
	return out, nil
}

// wordings returns the texts of one step, or with "" of all.
func wordings(ctx context.Context, tx pgx.Tx, studyID int64, step string) (contactplan.Wordings, error) {
	return all(ctx, tx, pgx.RowToStructByPos[contactplan.Wording], `
		select distinct on (step, version, audience) step, version, audience, source from register.wording -- store.wordings
		where study = $1 and (step = $2 or $2 = '') order by step, version, audience, id desc`, studyID, step)
}

// WordingVersions returns the history of one text, newest first.
func (s *Store) WordingVersions(ctx context.Context, studyID int64, w contactplan.Wording) ([]WordingVersion, error) {
	var out []WordingVersion
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (WordingVersion, error) {
			v := WordingVersion{Wording: w}
			return v, row.Scan(&v.ID, &v.Source, &v.Reason, &v.Made, &v.Who)
		}, `
			select w.id, w.source, w.reason, w.made, coalesce(nullif(a.name, ''), a.email, '') -- store.WordingVersions
			from register.wording w left join staff.account a on w.actor = 'staff' and a.id = w.actor_id
			where w.study = $1 and w.step = $2 and w.version = $3 and w.audience = $4 order by w.id desc`, studyID, w.Step, w.Version, w.Audience)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("wording versions: %w", err)
	}
	return out, nil
}

// A WordingChange keeps a text. Base is the version that it was made from; 0 for
// the text of the product.
type WordingChange struct {
	contactplan.Wording
	Study  int64
	Base   int64
	Reason string
	By     Actor
	Now    time.Time
}

// KeepWording keeps a new version of a text, and drops the draft of who made it.
// When somebody else kept one since Base the error is a Conflict.
func (s *Store) KeepWording(ctx context.Context, c WordingChange) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1, $2) -- store.KeepWording`, deciding, int32(c.Study)); err != nil {
			return err
		}
		last, err := one(ctx, tx, pgx.RowTo[int64], noMessage, `
			select coalesce(max(id), 0) from register.wording where study = $1 and step = $2 and version = $3 and audience = $4 -- store.KeepWording`,
			c.Study, c.Step, c.Version, c.Audience)
		if err != nil {
			return err
		}
		if last != c.Base {
			return errs.Errorf(errs.Conflict, "Iemand heeft deze tekst intussen gewijzigd.")
		}
		_, err = tx.Exec(ctx, `
			insert into register.wording (study, step, version, audience, source, reason, made, actor, actor_id) -- store.KeepWording
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, c.Study, c.Step, c.Version, c.Audience, c.Source, c.Reason, c.Now, c.By.Kind, c.By.id())
		if err != nil {
			return err
		}
		if err := dropWordingDraft(ctx, tx, c.Study, c.By.ID, c.Wording); err != nil {
			return err
		}
		return audit(ctx, tx, c.Now, c.By, c.Study, "tekst gewijzigd", c.Step+" "+string(c.Version)+" "+c.Audience,
			map[string]any{"standaard": c.Source == "", "reden": c.Reason})
	})
	if err != nil {
		return fmt.Errorf("keep wording: %w", err)
	}
	return nil
}

// A WordingDraft is what somebody is writing.
type WordingDraft struct {
	Subject, Body string
	Base          int64
	Made          time.Time
}

// KeepWordingDraft keeps what somebody is writing, for nobody else; it is no change of
// the study.
func (s *Store) KeepWordingDraft(ctx context.Context, studyID, account int64, w contactplan.Wording, d WordingDraft) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into register.wording_draft (study, account, step, version, audience, subject, body, base, made) -- store.KeepWordingDraft
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			on conflict (study, account, step, version, audience) do update set subject = $6, body = $7, base = $8, made = $9`,
			studyID, account, w.Step, w.Version, w.Audience, d.Subject, d.Body, d.Base, d.Made)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep wording draft: %w", err)
	}
	return nil
}

// DraftedWording returns what somebody is writing, and whether there is anything.
func (s *Store) DraftedWording(ctx context.Context, studyID, account int64, w contactplan.Wording) (WordingDraft, bool, error) {
	var d WordingDraft
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select subject, body, base, made from register.wording_draft -- store.DraftedWording
			where study = $1 and account = $2 and step = $3 and version = $4 and audience = $5`, studyID, account, w.Step, w.Version, w.Audience).
			Scan(&d.Subject, &d.Body, &d.Base, &d.Made)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("draft: %w", err)
	}
	return d, true, nil
}

// DropWordingDraft throws away what somebody was writing.
func (s *Store) DropWordingDraft(ctx context.Context, studyID, account int64, w contactplan.Wording) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error { return dropWordingDraft(ctx, tx, studyID, account, w) })
	if err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}

func dropWordingDraft(ctx context.Context, tx pgx.Tx, studyID, account int64, w contactplan.Wording) error {
	_, err := tx.Exec(ctx, `
		delete from register.wording_draft where study = $1 and account = $2 and step = $3 and version = $4 and audience = $5 -- store.dropWordingDraft`,
		studyID, account, w.Step, w.Version, w.Audience)
	return err
}

// TakeToken takes the place of one mail to a domain from the rate of this
// installation, for a mail that is in no ladder, and writes in the log what it is
// for. Without room, or while all sending is stopped, the error says so.
func (s *Store) TakeToken(ctx context.Context, studyID int64, domain, what, object string, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var rate, domainRate float64
		var locked bool
		err := tx.QueryRow(ctx, `select rate, domain_rate, locked is not null from field.sending -- store.TakeToken`).Scan(&rate, &domainRate, &locked)
		if err != nil {
			return err
		}
		if locked {
			return errs.Errorf(errs.Conflict, "Op deze installatie staat het versturen stil.")
		}
		for _, limit := range []struct {
			key  string
			rate float64
		}{{"", rate}, {domain, domainRate}} { // in the order in which senders lock them
			key := limit.key
			buckets, err := lockBuckets(ctx, tx, []string{key}, limit.rate, now)
			if err != nil {
				return err
			}
			b := buckets[key]
			if b.tokens < 1 {
				return errs.Errorf(errs.Conflict, "Er gaan nu net veel berichten uit. Probeer het over een minuut nog eens.")
			}
			if _, err := tx.Exec(ctx, `update field.throttle set tokens = $2, at = $3 where key = $1 -- store.TakeToken`, key, b.tokens-1, b.at); err != nil {
				return err
			}
		}
		return audit(ctx, tx, now, by, studyID, what, object, nil)
	})
	if err != nil {
		return fmt.Errorf("take token: %w", err)
	}
	return nil
}

// StartFacts counts who works in a study, and the messages of its first step that
// were sent.
func (s *Store) StartFacts(ctx context.Context, st study.Study) (people, invited int, err error) {
	err = s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select (select count(*) from staff.role where study = $1), -- store.StartFacts
				(select count(*) from field.message where study = $1 and step = $2 and state in ('verstuurd', 'onzeker', 'onbestelbaar'))`,
			st.ID, st.Revision().Plan.Steps[0].ID).Scan(&people, &invited)
	})
	if err != nil {
		return 0, 0, fmt.Errorf("start facts: %w", err)
	}
	return people, invited, nil
}
