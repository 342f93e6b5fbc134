package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/study"
)

const noRegister = "Dit bestand met verwachtingen is er niet."

const registerColumns = `id, name, title, source, hash, added, by_name, coalesce(withdrawn, '0001-01-01T00:00:00Z'), why`

// freezing is the name of the lock of who makes a snapshot of a study, or looks
// whether there is one.
const freezing = 1684366346

// Registers returns the files with expectations that were added to a study, in the
// order in which they were, those that were withdrawn among them.
func (s *Store) Registers(ctx context.Context, studyID int64) ([]hypothesis.File, error) {
	var out []hypothesis.File
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanRegister, `
			select `+registerColumns+` from analysis.register where study = $1 order by id -- store.Registers`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("registers: %w", err)
	}
	return out, nil
}

func scanRegister(row pgx.CollectableRow) (hypothesis.File, error) {
	var f hypothesis.File
	return f, row.Scan(&f.ID, &f.Name, &f.Title, &f.Text, &f.SHA256, &f.Added, &f.By, &f.Withdrawn, &f.Why)
}

// AddRegister puts a file with expectations down. r is what was read of text; name is
// what pages call who adds it.
func (s *Store) AddRegister(ctx context.Context, studyID int64, r *hypothesis.Register, text []byte, name string, by Actor, now time.Time) error {
	sum := sha256.Sum256(text)
	hash := hex.EncodeToString(sum[:])
	err := s.tx(ctx, analysis, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into analysis.register (study, name, title, source, hash, added, actor, actor_id, by_name) -- store.AddRegister
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, studyID, r.ID, r.Title, text, hash, now, by.Kind, by.id(), name)
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "verwachtingen vastgelegd", r.ID, map[string]any{"sha256": hash, "aantal": len(r.Hypotheses)})
	})
	if violates(err, "register_name") {
		return errs.Wrap(err, errs.Conflict, "Er is al een bestand ‘%s’ met verwachtingen. Kies achter ‘register’ een andere naam.", r.ID)
	}
	if err != nil {
		return fmt.Errorf("add register: %w", err)
	}
	return nil
}

// Removable reports whether a file with expectations can go without a trace: nobody
// can have used it yet.
func Removable(f hypothesis.File, st study.Study, snapshots []Snapshot, now time.Time) bool {
	for _, x := range snapshots {
		if !x.Made.Before(f.Added) {
			return false
		}
	}
	return f.Withdrawn.IsZero() && (now.Before(st.Closes) || !f.Added.Before(st.Closes))
}

// RemoveRegister takes a file with expectations away. One that may have been used, by
// a snapshot or because answers can be seen since, is withdrawn, for which it takes a
// reason, and stays to be seen. It reports which of the two it did.
func (s *Store) RemoveRegister(ctx context.Context, st study.Study, id int64, why string, by Actor, now time.Time) (removed bool, err error) {
	why = strings.TrimSpace(why)
	err = s.tx(ctx, analysis, func(tx pgx.Tx) error {
		// No snapshot is made between looking whether one uses the file and taking it away.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1, $2) -- store.RemoveRegister`, freezing, int32(st.ID)); err != nil {
			return err
		}
		file, err := one(ctx, tx, scanRegister, noRegister, `
			select `+registerColumns+` from analysis.register where study = $1 and id = $2 and withdrawn is null -- store.RemoveRegister`, st.ID, id)
		if err != nil {
			return err
		}
		snapshots, err := all(ctx, tx, scanSnapshot, `select `+snapshotColumns+` from analysis.snapshot where study = $1 -- store.RemoveRegister`, st.ID)
		if err != nil {
			return err
		}
		action := "verwachtingen verwijderd"
		sql := `delete from analysis.register where id = $1 and study = $2 and withdrawn is null and $3::timestamptz is not null and $4::text is not null -- store.RemoveRegister`
		if removed = Removable(file, st, snapshots, now); !removed {
			if why == "" {
				return errs.Errorf(errs.Invalid, "Zeg waarom u dit intrekt. Het bestand blijft te zien, met de reden.")
			}
			action = "verwachtingen ingetrokken"
			sql = `update analysis.register set withdrawn = $3, why = $4 where id = $1 and study = $2 and withdrawn is null -- store.RemoveRegister`
		}
		tag, err := tx.Exec(ctx, sql, id, st.ID, now, why)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.NotFound, noRegister)
		}
		return audit(ctx, tx, now, by, st.ID, action, file.Name, map[string]any{"sha256": file.SHA256, "reden": why})
	})
	if err != nil {
		return false, fmt.Errorf("remove register: %w", err)
	}
	return removed, nil
}

// SetValidShare sets the share of statements that a score on a scale needs in a
// study, 0 for that of the product.
func (s *Store) SetValidShare(ctx context.Context, studyID int64, share float64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update register.study set settings = jsonb_set(settings::jsonb, '{valid_share}', to_jsonb($2::float8)) where id = $1 -- store.SetValidShare`, studyID, share)
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "aandeel stellingen voor een schaalscore gewijzigd", "", map[string]any{"aandeel": share})
	})
	if err != nil {
		return fmt.Errorf("set valid share: %w", err)
	}
	return nil
}
