package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/sample"
)

// SetStrata says which background columns of an audience are strata.
func (s *Store) SetStrata(ctx context.Context, studyID int64, audience string, strata []string, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if strata == nil {
			strata = []string{}
		}
		if _, err := tx.Exec(ctx, `update register.instrument set strata = $3 where study = $1 and name = $2 -- store.SetStrata`, studyID, audience, strata); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "strata gekozen", audience, map[string]any{"kenmerken": strata})
	})
	if err != nil {
		return fmt.Errorf("set strata: %w", err)
	}
	return nil
}

// AddRecode makes a background column of another one for every unit of an
// audience, and keeps the rule for registers that come later. The new column is a
// stratum; the one that it was made of is one no more. The file stays what it was:
// nothing of a unit is overwritten.
func (s *Store) AddRecode(ctx context.Context, studyID int64, audience string, rule sample.Recode, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if _, err := lockAudience(ctx, tx, studyID, audience); err != nil {
			return err
		}
		column, err := json.Marshal(Column{rule.ID, rule.Label})
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			update register.instrument set recodes = recodes || jsonb_build_array($3::jsonb), columns = columns || jsonb_build_array($4::jsonb), -- store.AddRecode
				strata = array_append(array_remove(strata, $5), $6)
			where study = $1 and name = $2 and not columns @> jsonb_build_array(jsonb_build_object('id', $6::text))`, studyID, audience, rule, column, rule.From, rule.ID)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.Conflict, "Er is al een kenmerk met deze naam. Kies een andere naam.")
		}
		values, err := all(ctx, tx, pgx.RowTo[string], `select distinct coalesce(background->>$3, '') from register.unit where study = $1 and audience = $2 -- store.AddRecode`, studyID, audience, rule.From)
		if err != nil {
			return err
		}
		for _, v := range values {
			_, err := tx.Exec(ctx, `
				update register.unit set background = background || jsonb_build_object($3::text, $4::text) -- store.AddRecode
				where study = $1 and audience = $2 and coalesce(background->>$5, '') = $6`, studyID, audience, rule.ID, rule.Apply(v), rule.From, v)
			if err != nil {
				return err
			}
		}
		return audit(ctx, tx, now, by, studyID, "strata gekozen", audience, map[string]any{"gemaakt": rule.ID, "van": rule.From})
	})
	if err != nil {
		return fmt.Errorf("add recode: %w", err)
	}
	return nil
}

// recodes are the rules of an audience.
func recodes(ctx context.Context, tx pgx.Tx, studyID int64, audience string) ([]sample.Recode, error) {
	var list []sample.Recode
	err := tx.QueryRow(ctx, `select recodes from register.instrument where study = $1 and name = $2 -- store.recodes`, studyID, audience).Scan(&list)
	return list, err
}
