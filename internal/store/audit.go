package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/event"
)

// An Actor is who does something: a contact, a member of staff, or the system.
type Actor struct {
	Kind string // event.ByRespondent, event.ByStaff, event.BySystem
	ID   int64  // contact or account; 0 for the system and the command line
}

// BySystem is the actor of what a command or the machine does.
var BySystem = Actor{Kind: event.BySystem}

func (a Actor) id() *int64 {
	if a.ID == 0 {
		return nil
	}
	return &a.ID
}

// audit writes one line of the audit log inside the transaction it is about.
// It never holds answers, names or tokens.
func audit(ctx context.Context, tx pgx.Tx, now time.Time, by Actor, studyID int64, action, object string, detail map[string]any) error {
	d, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	if detail == nil {
		d = []byte("{}")
	}
	var study *int64
	if studyID != 0 {
		study = &studyID
	}
	_, err = tx.Exec(ctx, `
		insert into staff.audit (at, actor, actor_id, study, action, object, detail) -- store.audit
		values ($1, $2, $3, coalesce($4, (select study from register.unit where id = $8)), $5, $6, $7)`, now, by.Kind, by.id(), study, action, object, d, unitOf(object, detail))
	return err
}

// unitOf is the unit that a line is about, 0 for none: by it the line is found in
// the log of its study.
func unitOf(object string, detail map[string]any) int64 {
	if id, ok := detail["eenheid"].(int64); ok {
		return id
	}
	if text, ok := strings.CutPrefix(object, "eenheid "); ok {
		id, err := strconv.ParseInt(text, 10, 64)
		if err == nil {
			return id
		}
	}
	return 0
}

// RecordExport writes in the log who took the data of how many units as a file. why
// is given where the file tells which units they are, and "" elsewhere.
func (s *Store) RecordExport(ctx context.Context, studyID int64, audience, format string, units int, why string, by Actor, now time.Time) error {
	detail := map[string]any{"soort": format, "eenheden": units, "pseudoniem": why == ""}
	if why != "" {
		detail["reden"] = why
	}
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		return audit(ctx, tx, now, by, studyID, "gegevens gedownload", audience, detail)
	})
	if err != nil {
		return fmt.Errorf("record export: %w", err)
	}
	return nil
}

// RecordView writes in the log who saw what a unit answered, and why.
func (s *Store) RecordView(ctx context.Context, studyID, unit int64, why string, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		return audit(ctx, tx, now, by, studyID, "antwoorden bekeken", fmt.Sprint("eenheid ", unit), map[string]any{"reden": why})
	})
	if err != nil {
		return fmt.Errorf("record view: %w", err)
	}
	return nil
}

// addEvent records what happened to a unit.
func addEvent(ctx context.Context, tx pgx.Tx, e event.Event) error {
	_, err := addEventID(ctx, tx, e)
	return err
}

// addEventID records what happened to a unit, and returns the id of the event.
func addEventID(ctx context.Context, tx pgx.Tx, e event.Event) (int64, error) {
	var actor, recalls *int64
	if e.ActorID != 0 {
		actor = &e.ActorID
	}
	if e.Recalls != 0 {
		recalls = &e.Recalls
	}
	var id int64
	err := tx.QueryRow(ctx, `
		insert into field.event (unit, kind, occurred, recorded, channel, actor, actor_id, note, recalls) -- store.addEventID
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
		e.Unit, e.Kind, e.Occurred, e.Recorded, e.Channel, e.Actor, actor, e.Note, recalls).Scan(&id)
	return id, err
}
