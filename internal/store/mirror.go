package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/mirror"
	"github.com/uitvraag/uitvraag/internal/study"
)

// MirrorTemplate is the text that announces a spiegelrapport. The link of its
// message opens the report, and nothing else.
const MirrorTemplate = "spiegel"

// A Mirror says of which snapshot the reports of an audience are made.
type Mirror struct {
	Audience  string
	Snapshot  string
	Announced time.Time
	Sent      int // messages that announced it
}

// Mirrors returns what was announced in a study, by audience.
func (s *Store) Mirrors(ctx context.Context, studyID int64) ([]Mirror, error) {
	var out []Mirror
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Mirror], `
			select m.audience, m.snapshot, m.announced, -- store.Mirrors
				(select count(*) from field.message x join register.unit u on u.id = x.unit where x.study = m.study and x.template = $2 and u.audience = m.audience)
			from register.mirror m where m.study = $1 order by m.audience`, studyID, MirrorTemplate)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("mirrors: %w", err)
	}
	return out, nil
}

// AnnounceMirror queues a message to each contact who sent the answers of a unit,
// once for each audience, and returns how many. A contact who gave no answer, was
// replaced, opted out or cannot be mailed gets none. When the contact data of the
// study are gone, or the study is still open, the error is Invalid.
func (s *Store) AnnounceMirror(ctx context.Context, st study.Study, audience, snapshot string, by Actor, now time.Time) (int, error) {
	until := now.AddDate(0, 0, mirror.Days)
	if d, ok := study.DeadlineOf(st, study.Contacts); ok && !st.Settings.Privacy.Retention.Held {
		if d.Due(now) {
			return 0, errs.Errorf(errs.Invalid, "De contactgegevens zijn gewist. Er kan geen bericht meer uit.")
		}
		if d.At.Before(until) { // the links go with the contacts
			until = d.At
		}
	}
	if st.At(now) != study.Closed {
		return 0, errs.Errorf(errs.Invalid, "Het onderzoek is nog niet gesloten.")
	}
	n := 0
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		n = 0
		_, err := tx.Exec(ctx, `
			insert into register.mirror (study, audience, snapshot, announced, actor, actor_id) values ($1, $2, $3, $4, $5, $6) -- store.AnnounceMirror`, st.ID, audience, snapshot, now, by.Kind, by.id())
		if err != nil {
			return err
		}
		contacts, err := all(ctx, tx, pgx.RowTo[int64], `
			select distinct on (r.unit) b.actor_id from answer.submission b join answer.response r on r.id = b.response -- store.AnnounceMirror
			where r.study = $1 and r.audience = $2 and r.withdrawn is null and b.actor = $3 and b.actor_id is not null order by r.unit, b.revision desc`, st.ID, audience, event.ByRespondent)
		if err != nil {
			return err
		}
		for _, c := range contacts {
			id, err := addMessage(ctx, tx, NewMessage{Contact: c, Template: MirrorTemplate, Extra: map[string]string{"moment": contactplan.DayOf(until).Long()}, By: by, Now: now})
			if err != nil {
				return err
			}
			if id != 0 {
				n++
			}
		}
		return audit(ctx, tx, now, by, st.ID, "spiegelrapport aangekondigd", audience, map[string]any{"momentopname": snapshot, "berichten": n})
	})
	if violates(err, "mirror_once") {
		return 0, errs.Wrap(err, errs.Conflict, "Het spiegelrapport van deze vragenlijst is al aangekondigd.")
	}
	if err != nil {
		return 0, fmt.Errorf("announce mirror: %w", err)
	}
	return n, nil
}

// MirrorByToken returns whose report a link opens, and of which snapshot it is made.
// A link of another message opens none; after its term it is Gone.
func (s *Store) MirrorByToken(ctx context.Context, token string, now time.Time) (Link, Mirror, error) {
	l, err := s.LinkByToken(ctx, token)
	if err != nil {
		return l, Mirror{}, err
	}
	var m Mirror
	var made time.Time
	err = s.read(ctx, collect, func(tx pgx.Tx) error {
		_, err := one(ctx, tx, func(row pgx.CollectableRow) (struct{}, error) {
			return struct{}{}, row.Scan(&made, &m.Audience, &m.Snapshot, &m.Announced)
		}, noLink, `
			select l.made, m.audience, m.snapshot, m.announced from contact.link l join field.message x on x.id = l.message -- store.MirrorByToken
			join register.unit u on u.id = x.unit join register.mirror m on m.study = u.study and m.audience = u.audience
			where l.id = $1 and x.template = $2`, l.ID, MirrorTemplate)
		return err
	})
	switch {
	case err != nil:
		return l, m, fmt.Errorf("mirror by token: %w", err)
	case !l.Revoked.IsZero() || now.After(made.AddDate(0, 0, mirror.Days)):
		return l, m, errs.Errorf(errs.Gone, "Deze link werkt niet meer. Een spiegelrapport is %d dagen te openen.", mirror.Days)
	}
	return l, m, nil
}
