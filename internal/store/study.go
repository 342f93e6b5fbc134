package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
)

// studyColumns are the columns of a study s, for studyFields to scan.
const studyColumns = `s.id, s.slug, s.title, s.definition, s.opens, s.closes, coalesce(s.released, '0001-01-01T00:00:00Z'),
	coalesce(s.stopped, '0001-01-01T00:00:00Z'), s.stop_reason, coalesce(s.held, '0001-01-01T00:00:00Z'), s.settings, s.plan, s.calendar, s.plan_version, s.made`

// studyFields is where studyColumns go.
func studyFields(s *study.Study) []any {
	return []any{&s.ID, &s.Slug, &s.Title, &s.Definition, &s.Opens, &s.Closes, &s.Released, &s.Stopped, &s.StopReason, &s.Held, &s.Settings, &s.Plan, &s.Calendar, &s.PlanVersion, &s.Made}
}

func scanStudy(row pgx.CollectableRow) (study.Study, error) {
	var s study.Study
	return s, row.Scan(studyFields(&s)...)
}

// AddStudy makes a study with its instruments frozen in it.
func (s *Store) AddStudy(ctx context.Context, st study.Study, sources []instrument.Source, now time.Time) (study.Study, error) {
	return s.MakeStudy(ctx, st, sources, BySystem, now)
}

// MakeStudy makes a study with its instruments frozen in it, for somebody.
func (s *Store) MakeStudy(ctx context.Context, st study.Study, sources []instrument.Source, by Actor, now time.Time) (study.Study, error) {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		st.ID, err = addStudy(ctx, tx, st, sources, by, now)
		return err
	})
	if err != nil {
		return st, fmt.Errorf("add study: %w", err)
	}
	return st, nil
}

// addStudy stores a study and returns its id.
func addStudy(ctx context.Context, tx pgx.Tx, st study.Study, sources []instrument.Source, by Actor, now time.Time) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, `
		insert into register.study (slug, title, definition, opens, closes, settings, plan, calendar, made) -- store.addStudy
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
		st.Slug, st.Title, st.Definition, st.Opens, st.Closes, st.Settings, st.Plan, st.Calendar, now).Scan(&id)
	if violates(err, "study_slug") {
		return 0, errs.Errorf(errs.Conflict, "Er is al een onderzoek %q. Kies een andere titel.", st.Slug)
	}
	if err != nil {
		return 0, err
	}
	for _, src := range sources {
		_, err := tx.Exec(ctx, `
			insert into register.instrument (study, name, edition, source, hash) values ($1, $2, $3, $4, $5) -- store.addStudy`,
			id, src.Name, src.Edition, string(src.Text), src.Hash())
		if err != nil {
			return 0, err
		}
	}
	if err := giveWaiting(ctx, tx, id, now); err != nil {
		return 0, err
	}
	if by.Kind == event.ByStaff { // who makes a study leads it
		if err := giveRole(ctx, tx, by.ID, id, account.Projectleider, by, now); err != nil {
			return 0, err
		}
	}
	return id, addStudyEvent(ctx, tx, StudyEvent{Study: id, Kind: StudyMade, At: now, By: by, Detail: map[string]any{"definition": st.Definition}})
}

// AmendStudy changes the title, the period and the settings of a study to those
// of to, unless somebody else changed it since from was read.
func (s *Store) AmendStudy(ctx context.Context, from, to study.Study, fields []study.Field, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update register.study set title = $2, opens = $3, closes = $4, settings = $5 -- store.AmendStudy
			where id = $1 and title = $6 and opens = $7 and closes = $8 and settings = $9::jsonb and coalesce(released, '0001-01-01T00:00:00Z') = $10`,
			from.ID, to.Title, to.Opens, to.Closes, to.Settings, from.Title, from.Opens, from.Closes, from.Settings, from.Released)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.Conflict, "Iemand anders heeft dit onderzoek net gewijzigd. Laad de pagina opnieuw en voer uw wijziging nog eens in.")
		}
		return addStudyEvent(ctx, tx, StudyEvent{Study: from.ID, Kind: StudyAmended, At: now, By: by, Detail: map[string]any{"velden": fields}})
	})
	if err != nil {
		return fmt.Errorf("amend study: %w", err)
	}
	return nil
}

// Studies returns all studies, newest first.
func (s *Store) Studies(ctx context.Context) ([]study.Study, error) {
	var out []study.Study
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanStudy, `select `+studyColumns+` from register.study s order by s.opens desc, s.id desc -- store.Studies`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("studies: %w", err)
	}
	return out, nil
}

// StudiesOf returns the studies in which an account has a role, and all of them
// for a beheerder, newest first.
func (s *Store) StudiesOf(ctx context.Context, a account.Account) ([]study.Study, error) {
	var out []study.Study
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanStudy, `select `+studyColumns+` from register.study s -- store.StudiesOf
			where $2 or exists (select from staff.role r where r.account = $1 and r.study = s.id) order by s.opens desc, s.id desc`, a.ID, a.Beheerder)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("studies of an account: %w", err)
	}
	return out, nil
}

// Study returns the study with the given slug.
func (s *Store) Study(ctx context.Context, slug string) (study.Study, error) {
	var st study.Study
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		st, err = one(ctx, tx, scanStudy, "Dit onderzoek is er niet.", `
			select `+studyColumns+` from register.study s where s.slug = $1 -- store.Study`, slug)
		return err
	})
	if err != nil {
		return st, fmt.Errorf("study: %w", err)
	}
	return st, nil
}

// An Audience is an instrument as fielded in a study, with what the register
// says about the units it is for.
type Audience struct {
	Study   int64
	Name    string
	Edition string
	Source  []byte
	Strata  []string // background columns that are strata
	Columns []Column // background columns of the register, in order
}

// A Column is a background column: its id and how it was printed.
type Column struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

func scanAudience(row pgx.CollectableRow) (Audience, error) {
	var a Audience
	var columns []byte
	if err := row.Scan(&a.Study, &a.Name, &a.Edition, &a.Source, &a.Strata, &columns); err != nil {
		return a, err
	}
	return a, json.Unmarshal(columns, &a.Columns)
}

// Audiences returns the audiences of a study in the order of its definition.
func (s *Store) Audiences(ctx context.Context, studyID int64) ([]Audience, error) {
	var out []Audience
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanAudience, `
			select study, name, edition, source, strata, columns from register.instrument -- store.Audiences
			where study = $1 order by name desc`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("audiences: %w", err)
	}
	return out, nil
}

// Audience returns one audience of a study.
func (s *Store) Audience(ctx context.Context, studyID int64, name string) (Audience, error) {
	var a Audience
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		a, err = one(ctx, tx, scanAudience, "Deze doelgroep is er niet in dit onderzoek.", `
			select study, name, edition, source, strata, columns from register.instrument -- store.Audience
			where study = $1 and name = $2`, studyID, name)
		return err
	})
	if err != nil {
		return a, fmt.Errorf("audience: %w", err)
	}
	return a, nil
}

// Progress returns how many units a study has, and for how many of them a
// submission counts.
func (s *Store) Progress(ctx context.Context, studyID int64) (units, done int, err error) {
	err = s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select count(*), count(c.unit) from register.unit u -- store.Progress
			left join answer.coverage c on c.unit = u.id and c.counting
				and exists (select from answer.submission b where b.response = c.response)
			where u.study = $1`, studyID).Scan(&units, &done)
	})
	if err != nil {
		return 0, 0, fmt.Errorf("progress: %w", err)
	}
	return units, done, nil
}
