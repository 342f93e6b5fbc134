package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/event"
)

// A Moment is a line of the time line of a study. It names no person.
type Moment struct {
	At     time.Time
	Kind   string         // an action of the audit log, or SentMessages
	Staff  bool           // a person did it, not the machine
	Object string         // an audience, a name of a snapshot, the step of messages
	Reason string         // as typed
	Detail map[string]any // numbers and dates
}

// SentMessages is the kind of a moment that stands for the messages of one step
// on one day; the detail has how many there were, by channel.
const SentMessages = "berichten verstuurd"

// studyActions are the lines of the audit log that are about a study as a whole
// and are no study event.
var studyActions = []string{"register ingelezen", "gebieden ingelezen", "antwoorden ingelezen", "contactplan gewijzigd", "strata gekozen", "grenzen voor publicatie gewijzigd", "links gemaakt", "brieven verstuurd",
	"momentopname gemaakt", "momentopname gewist", "gegevens gedownload", "rol gegeven"}

// Timeline returns what happened to a study as a whole, the latest first.
func (s *Store) Timeline(ctx context.Context, studyID int64) ([]Moment, error) {
	var out []Moment
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Moment], `
			select at, kind, actor = $2, '', reason, detail from register.study_event where study = $1 -- store.Timeline
			union all
			select at, action, actor = $2, case when action = 'rol gegeven' then '' else object end, coalesce(detail->>'reden', ''), detail - 'reden' from staff.study_log where study = $1 and action = any($3)
			union all
			select max(done), $4, false, coalesce(step, ''), '', jsonb_build_object('mail', count(*) filter (where channel = 'mail'), 'letter', count(*) filter (where channel = 'letter'))
			from field.message where study = $1 and state = 'verstuurd' group by (done at time zone 'Europe/Amsterdam')::date, step
			order by 1 desc`, studyID, event.ByStaff, studyActions, SentMessages)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("timeline: %w", err)
	}
	return out, nil
}
