package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/study"
)

// SetDisclosure sets what may be published of a study.
func (s *Store) SetDisclosure(ctx context.Context, studyID int64, d study.Disclosure, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update register.study set settings = jsonb_set(settings::jsonb, '{disclosure}', $2::jsonb) where id = $1 -- store.SetDisclosure`, studyID, d)
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "grenzen voor publicatie gewijzigd", "", map[string]any{"herleidbaar": d.Traceable, "cel": d.FewUnits, "basis": d.SmallBase, "overheersend": d.Dominance})
	})
	if err != nil {
		return fmt.Errorf("set disclosure: %w", err)
	}
	return nil
}
