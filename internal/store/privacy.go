package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/study"
)

// SetPrivacy lays down what a study does with personal data. change says in the log
// which of it changed.
func (s *Store) SetPrivacy(ctx context.Context, studyID int64, p study.Privacy, change string, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update register.study set settings = settings || jsonb_build_object('privacy', $2::jsonb) where id = $1 -- store.SetPrivacy`, studyID, p)
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "privacy-instellingen gewijzigd", change, nil)
	})
	if err != nil {
		return fmt.Errorf("set privacy: %w", err)
	}
	return nil
}

// A Screening says whether a study needs a DPIA, as somebody judged it.
type Screening struct {
	At      time.Time
	Who     string
	Ticked  []string
	Note    string
	Outcome string
}

// AddScreening keeps a screening; earlier ones stay.
func (s *Store) AddScreening(ctx context.Context, studyID int64, x Screening, by Actor) error {
	if x.Ticked == nil {
		x.Ticked = []string{}
	}
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into register.screening (study, at, account, ticked, note, outcome) values ($1, $2, $3, $4, $5, $6) -- store.AddScreening`, studyID, x.At, by.id(), x.Ticked, x.Note, x.Outcome)
		if err != nil {
			return err
		}
		return audit(ctx, tx, x.At, by, studyID, "DPIA-screening gedaan", x.Outcome, map[string]any{"aangekruist": x.Ticked})
	})
	if err != nil {
		return fmt.Errorf("add screening: %w", err)
	}
	return nil
}

// Screenings returns the screenings of a study, the latest first.
func (s *Store) Screenings(ctx context.Context, studyID int64) ([]Screening, error) {
	var out []Screening
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Screening], `
			select x.at, coalesce(nullif(a.name, ''), a.email, ''), x.ticked, x.note, x.outcome from register.screening x left join staff.account a on a.id = x.account -- store.Screenings
			where x.study = $1 order by x.at desc, x.id desc`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("screenings: %w", err)
	}
	return out, nil
}
