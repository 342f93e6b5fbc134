package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
)

// A Consent is that somebody may be approached again (standards V2), kept apart
// from the answers.
type Consent struct {
	ID        int64
	Audience  string
	UnitCode  string
	UnitName  string
	Question  string // as it was asked
	Given     time.Time
	Withdrawn time.Time // zero while it holds
	Name      string
	Email     string
	Phone     string
}

// keepConsents writes down who said, by sending, that they may be approached
// again, and ends what was said before and is not said any more.
func keepConsents(ctx context.Context, tx pgx.Tx, r Response, f *form.Form, given answer.Values, by Actor, now time.Time) error {
	for i := range f.Variables {
		v := &f.Variables[i]
		q := f.In.Question(v.Question)
		if q == nil || !q.AsksConsent() {
			continue
		}
		yes, ok := v.Code("ja")
		if !ok || given[v.Name] != yes {
			_, err := tx.Exec(ctx, `update contact.consent set withdrawn = $3 where response = $1 and variable = $2 and withdrawn is null -- store.keepConsents`, r.ID, v.Name, now)
			if err != nil {
				return err
			}
			continue
		}
		_, err := tx.Exec(ctx, `
			insert into contact.consent (unit, response, contact, variable, question, given, name, email, phone) -- store.keepConsents
			select $1, $2, c.id, $4, $5, $6, coalesce(c.name, ''), coalesce(c.email, ''), coalesce(c.phone, '')
			from (select $3::bigint as id) k left join contact.contact c on c.id = k.id and c.unit = $1
			on conflict (response, variable) where withdrawn is null do nothing`, r.Unit, r.ID, by.id(), v.Name, q.Text, now)
		if err != nil {
			return err
		}
	}
	return nil
}

// Consents returns who may be approached again, and who took that back, by unit.
func (s *Store) Consents(ctx context.Context, studyID int64) ([]Consent, error) {
	var out []Consent
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Consent], `
			select c.id, u.audience, u.code, u.name, c.question, c.given, coalesce(c.withdrawn, '0001-01-01T00:00:00Z'), c.name, c.email, c.phone -- store.Consents
			from contact.consent c join register.unit u on u.id = c.unit where u.study = $1 order by u.audience, u.code, c.id`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("consents: %w", err)
	}
	return out, nil
}

// WithdrawConsent ends a consent at the request of who gave it. That it was given
// stays; how to reach the person goes.
func (s *Store) WithdrawConsent(ctx context.Context, studyID, id int64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update contact.consent c set withdrawn = $3, name = '', email = '', phone = '', contact = null from register.unit u -- store.WithdrawConsent
			where c.id = $2 and u.id = c.unit and u.study = $1 and c.withdrawn is null`, studyID, id, now)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.NotFound, "Deze toestemming is er niet (meer).")
		}
		return audit(ctx, tx, now, by, studyID, "toestemming ingetrokken", fmt.Sprint("toestemming ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("withdraw consent: %w", err)
	}
	return nil
}
