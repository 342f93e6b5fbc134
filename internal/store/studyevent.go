package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
)

// What happens to a study as a whole. The kinds are the actions of the audit log,
// which gets the same line (P9).
const (
	StudyMade     = "onderzoek gemaakt"
	StudyAmended  = "instellingen gewijzigd"
	StudyReleased = "veldwerk vrijgegeven"
	StudyStopped  = "versturen stopgezet"
	StudyResumed  = "versturen hervat"
)

// A StudyEvent is something that happened to a study as a whole. Detail holds no
// names, addresses or answers.
type StudyEvent struct {
	Study  int64
	Kind   string
	At     time.Time
	By     Actor
	Reason string
	Detail map[string]any
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
