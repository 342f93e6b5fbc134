package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/standing"
	"github.com/uitvraag/uitvraag/internal/study"
)

// Standing adds up where the units of one audience stand at now. It reads the
// register in batches, and of answers only those that decide something: drafts
// and core questions.
func (s *Store) Standing(ctx context.Context, st study.Study, audience string, now time.Time) (*standing.Audience, error) {
	a, err := s.Audience(ctx, st.ID, audience)
	if err != nil {
		return nil, err
	}
	in, problems := instrument.Parse(a.Source)
	if in == nil {
		return nil, fmt.Errorf("standing: the instrument %s of %s cannot be read: %v", audience, st.Slug, problems)
	}
	f := form.New(in)
	rules := disposition.DefaultRules(st.Closes)
	rules.PartialFrom = f.Limit()
	out := standing.New(standing.Period{Opens: st.Opens, Closes: st.Closes, Calendar: contactplan.NewCalendar(st.Calendar), Rules: rules, Strata: a.Strata, Now: now})
	for after, n := int64(0), batch; n == batch; {
		var units []standing.Unit
		err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
			units, err = standings(ctx, tx, a, f, after)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("standing: %w", err)
		}
		for _, u := range units {
			out.Add(u)
			after = u.Facts.Unit
		}
		n = len(units)
	}
	out.Close()
	return out, nil
}

// standings returns a batch of units after one, by id.
func standings(ctx context.Context, tx pgx.Tx, a Audience, f *form.Form, after int64) ([]standing.Unit, error) {
	units, err := all(ctx, tx, scanStanding, `
		select u.id, u.code, u.background, -- store.standings
			exists (select from contact.contact c where c.unit = u.id and c.bounced is not null and c.ended is null)
			and not exists (select from contact.contact c where c.unit = u.id and c.bounced is null and c.ended is null and (c.email <> '' or c.address <> ''))
		from register.unit u where u.study = $1 and u.audience = $2 and u.id > $3 order by u.id limit $4`, a.Study, a.Name, after, batch)
	if err != nil || len(units) == 0 {
		return nil, err
	}
	ids := make([]int64, len(units))
	at := make(map[int64]*standing.Unit, len(units))
	for i := range units {
		ids[i] = units[i].Facts.Unit
		at[ids[i]] = &units[i]
	}
	if err := standingEvents(ctx, tx, ids, at); err != nil {
		return nil, err
	}
	return units, standingAnswers(ctx, tx, ids, at, f)
}

func scanStanding(row pgx.CollectableRow) (standing.Unit, error) {
	var u standing.Unit
	var background []byte
	if err := row.Scan(&u.Facts.Unit, &u.Code, &background, &u.Bounced); err != nil {
		return u, err
	}
	return u, json.Unmarshal(background, &u.Background)
}

// standingEvents fills in the events that outcomes and counts rest on.
func standingEvents(ctx context.Context, tx pgx.Tx, ids []int64, at map[int64]*standing.Unit) error {
	var e event.Event
	rows, _ := tx.Query(ctx, `
		select id, unit, kind, occurred, note, coalesce(recalls, 0) -- store.standingEvents
		from field.event where unit = any($1) and kind not in ('opgenomen', 'link', 'gewijzigd', 'automatisch antwoord') order by unit, occurred, id`, ids)
	_, err := pgx.ForEachRow(rows, []any{&e.ID, &e.Unit, &e.Kind, &e.Occurred, &e.Note, &e.Recalls}, func() error {
		u := at[e.Unit]
		u.Facts.Events = append(u.Facts.Events, e)
		return nil
	})
	return err
}

// standingAnswers fills in what is known of the questionnaires of units, and of
// those of others that are said to hold for them.
func standingAnswers(ctx context.Context, tx pgx.Tx, ids []int64, at map[int64]*standing.Unit, f *form.Form) error {
	var unit int64
	var own, counting, confirmed bool
	var q questionnaire
	rows, _ := tx.Query(ctx, `
		select r.unit, true, true, true, coalesce(b.status, ''), coalesce(b.at, '0001-01-01T00:00:00Z'), -- store.standingAnswers
			cardinality(r.passed), case when b.status is null and r.started is not null then r.state when b.status = 'kernvragen' then b.answers end,
			case when b.status is null then coalesce((select s.page from answer.save s where s.response = r.id order by s.version desc limit 1), '') else '' end
		from answer.response r
		left join lateral (select status, at, answers from answer.submission b where b.response = r.id and r.sent is not null order by revision desc limit 1) b on true
		where r.unit = any($1) and r.withdrawn is null
		union all
		select c.unit, false, c.counting, c.confirmed is not null, coalesce(b.status, ''), coalesce(b.at, '0001-01-01T00:00:00Z'), 0,
			case when b.status = 'kernvragen' then b.answers end, ''
		from answer.coverage c
		left join lateral (select status, at, answers from answer.submission b where b.response = c.response order by revision desc limit 1) b on true
		where c.unit = any($1) and not c.own and c.withdrawn is null
		order by 1, 3`, ids)
	_, err := pgx.ForEachRow(rows, []any{&unit, &own, &counting, &confirmed, &q.status, &q.at, &q.pages, &q.values, &q.page}, func() error {
		u := at[unit]
		a, err := q.answers(f)
		if err != nil {
			return err
		}
		switch {
		case own:
			a.Imported = slices.ContainsFunc(event.Standing(u.Facts.Events), func(e event.Event) bool { return e.Kind == event.Imported })
			u.Facts.Own, u.Page = a, q.page
		case u.Facts.Cover == nil || counting || confirmed && !u.Facts.Cover.Confirmed:
			u.Facts.Cover = &disposition.Cover{Answers: a, Confirmed: confirmed}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, u := range at {
		if c := u.Facts.Cover; c != nil {
			sent := u.Facts.Own.Submission != disposition.Unsent
			u.Proxy, u.Claimed = c.Confirmed && !sent, !c.Confirmed && !sent
		}
	}
	return nil
}

// A questionnaire is a row of what was answered. Values are there only where
// they decide something.
type questionnaire struct {
	status string
	at     time.Time
	pages  int
	values []byte
	page   string
}

func (q questionnaire) answers(f *form.Form) (disposition.Answers, error) {
	a := disposition.Answers{Submission: disposition.Submission(q.status), Sent: q.at, Pages: q.pages}
	if q.status == string(answer.Submitted) {
		a.Share, a.Core = 1, true // a questionnaire that was sent is complete, whatever its share
	}
	if q.values == nil {
		return a, nil
	}
	values := answer.Values{}
	if err := json.Unmarshal(q.values, &values); err != nil {
		return a, err
	}
	c := f.Complete(values)
	if c.Applicable > 0 {
		a.Share = float64(c.Answered) / float64(c.Applicable)
	}
	a.Core = c.CoreAnswered == c.CoreApplicable
	return a, nil
}

// A Backlog is what waits for a person, or for its time, in a study.
type Backlog struct {
	Ready   int // messages that go by themselves
	Unsure  int // that may or may not have been sent; a person decides
	Letters int // to be printed, or printed and not yet posted
	Replies int // mails that came in and were not handled
	Stuck   int // that came back
}

// Backlog counts what waits in a study.
func (s *Store) Backlog(ctx context.Context, studyID int64) (Backlog, error) {
	var w Backlog
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select count(*) filter (where channel = 'mail' and state in ('klaar', 'bezig')), count(*) filter (where state = 'onzeker'), -- store.Backlog
				count(*) filter (where channel = 'letter' and state in ('klaar', 'bezig')), count(*) filter (where state = 'onbestelbaar'),
				(select count(*) from contact.incoming i join register.unit u on u.id = i.unit where u.study = $1 and i.kind = 'reply' and i.handled is null)
			from field.message where study = $1`, studyID).Scan(&w.Ready, &w.Unsure, &w.Letters, &w.Stuck, &w.Replies)
	})
	if err != nil {
		return w, fmt.Errorf("backlog: %w", err)
	}
	return w, nil
}

// Newest returns a number that changes whenever something happened, in any
// study: to know whether what was counted still holds.
func (s *Store) Newest(ctx context.Context) (string, error) {
	var key string
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select concat_ws('.', (select max(id) from field.event), (select max(id) from answer.save), (select max(id) from answer.submission), -- store.Newest
				(select max(id) from register.unit), (select max(id) from contact.contact), (select count(*) from answer.coverage where not own and confirmed is not null),
				(select count(*) from answer.coverage where withdrawn is not null), (select count(*) from contact.contact where bounced is not null))`).Scan(&key)
	})
	if err != nil {
		return "", fmt.Errorf("newest: %w", err)
	}
	return key, nil
}
