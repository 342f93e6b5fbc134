package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/coding"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
)

// A CodingKey names the answers that are coded together: one text of one
// questionnaire.
type CodingKey struct {
	Study              int64
	Audience, Variable string
}

// written are the answers to the text $3 of audience $2 of study $1, of every
// response that counts: its id, the revision, the text.
const written = `
	select r.id, b.revision, b.answers ->> $3 as text from answer.response r
	join lateral (select revision, answers from answer.submission b where b.response = r.id order by revision desc limit 1) b on true
	where r.study = $1 and r.audience = $2 and r.withdrawn is null and r.sent is not null and btrim(b.answers ->> $3, e' \t\r\n\u00a0') <> ''`

// Coding returns how the coding of a text stands, and whether it has a frame.
// Nothing in it says who answered.
func (s *Store) Coding(ctx context.Context, k CodingKey) (*coding.Work, bool, error) {
	var w *coding.Work
	var found bool
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		w, found, err = readWork(ctx, tx, k)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("coding: %w", err)
	}
	return w, found, nil
}

func latestFrame(ctx context.Context, tx pgx.Tx, k CodingKey) (coding.Frame, bool, error) {
	list, err := all(ctx, tx, func(row pgx.CollectableRow) (f coding.Frame, err error) { return f, row.Scan(&f) }, `
		select frame from analysis.frame where study = $1 and audience = $2 and variable = $3 order by version desc limit 1 -- store.latestFrame`, k.Study, k.Audience, k.Variable)
	if err != nil || len(list) == 0 {
		return coding.Frame{Variable: k.Variable}, false, err
	}
	return list[0], true, nil
}

// readWork reads answers and assignments. An erased answer keeps the codes that it
// had, and gets no new ones; one that was changed after it was coded has none.
func readWork(ctx context.Context, tx pgx.Tx, k CodingKey) (*coding.Work, bool, error) {
	f, found, err := latestFrame(ctx, tx, k)
	if err != nil {
		return nil, false, err
	}
	answers, err := all(ctx, tx, pgx.RowToStructByPos[coding.Answer], `
		select w.id, w.text from (`+written+`) w -- store.readWork
		where w.text <> answer.tombstone() or exists (select from analysis.assignment x where x.response = w.id and x.variable = $3) order by w.id`, k.Study, k.Audience, k.Variable)
	if err != nil {
		return nil, false, err
	}
	given, err := all(ctx, tx, func(row pgx.CollectableRow) (x coding.Assignment, err error) {
		return x, row.Scan(&x.Answer, &x.Coder, &x.At, &x.Version, &x.Codes, &x.None, &x.Doubt, &x.Decision)
	}, `
		select x.response, x.coder, x.at, x.version, x.codes, x.none, x.doubt, x.decision from (`+written+`) w -- store.readWork
		join analysis.assignment x on x.response = w.id and x.variable = $3
		where x.revision = w.revision or w.text = (select b.answers ->> $3 from answer.submission b where b.response = x.response and b.revision = x.revision) order by x.id`,
		k.Study, k.Audience, k.Variable)
	if err != nil {
		return nil, false, err
	}
	return coding.NewWork(f, answers, given), found, nil
}

// A FrameVersion is a version of a code frame with the change that made it.
type FrameVersion struct {
	At    time.Time
	Frame coding.Frame
	Edit  coding.Edit
}

// FrameVersions returns the history of a code frame, newest first.
func (s *Store) FrameVersions(ctx context.Context, k CodingKey) ([]FrameVersion, error) {
	var out []FrameVersion
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (v FrameVersion, err error) {
			return v, row.Scan(&v.At, &v.Frame, &v.Edit)
		}, `select at, frame, edit from analysis.frame where study = $1 and audience = $2 and variable = $3 order by version desc -- store.FrameVersions`, k.Study, k.Audience, k.Variable)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("frame versions: %w", err)
	}
	return out, nil
}

// BeginFrame gives a text its first code frame.
func (s *Store) BeginFrame(ctx context.Context, k CodingKey, f coding.Frame, by Actor, now time.Time) error {
	return s.keepFrame(ctx, k, f, coding.Edit{Kind: coding.Begin}, by, now)
}

// EditFrame makes the next version of a code frame, unless somebody else changed
// it since the given version. With problems nothing was stored.
func (s *Store) EditFrame(ctx context.Context, k CodingKey, version int, e coding.Edit, by Actor, now time.Time) (coding.Problems, error) {
	var f coding.Frame
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		f, _, err = latestFrame(ctx, tx, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("edit frame: %w", err)
	}
	if f.Version != version {
		return nil, errs.Errorf(errs.Conflict, frameChanged)
	}
	next, problems := f.Apply(e)
	if len(problems) > 0 {
		return problems, nil
	}
	return nil, s.keepFrame(ctx, k, next, e, by, now)
}

const frameChanged = "Iemand anders heeft dit codeboek net gewijzigd. Ga terug, laad de pagina opnieuw en doe uw wijziging nog eens."

// keepFrame stores a version. Its number is the lock: of two that follow the same
// version one is stored.
func (s *Store) keepFrame(ctx context.Context, k CodingKey, f coding.Frame, e coding.Edit, by Actor, now time.Time) error {
	err := s.tx(ctx, analysis, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into analysis.frame (study, audience, variable, version, at, account, frame, edit) values ($1, $2, $3, $4, $5, $6, $7, $8) -- store.keepFrame`,
			k.Study, k.Audience, k.Variable, f.Version, now, by.id(), f, e)
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, by, k.Study, "codeboek gewijzigd", k.Variable, map[string]any{"vragenlijst": k.Audience, "versie": f.Version, "wijziging": e.Kind, "reden": e.Why})
	})
	if violates(err, "frame_pkey") {
		return errs.Wrap(err, errs.Conflict, frameChanged)
	}
	if err != nil {
		return fmt.Errorf("keep frame: %w", err)
	}
	return nil
}

// Assign keeps which codes somebody gave to an answer: a coder, or who decides.
// What does not fit the frame as it is now, is an errs.Invalid.
func (s *Store) Assign(ctx context.Context, k CodingKey, x coding.Assignment, by Actor) error {
	err := s.tx(ctx, analysis, func(tx pgx.Tx) error {
		w, _, err := readWork(ctx, tx, k)
		if err != nil {
			return err
		}
		if _, _, ok := w.Answer(x.Answer); !ok {
			return errs.Errorf(errs.NotFound, "Dit antwoord is er niet (meer).")
		}
		if problem := w.Frame.CheckChoice(x.Codes, x.None); problem != "" {
			return errs.Errorf(errs.Invalid, "%s", problem)
		}
		if !x.Decision && w.State(x.Answer) == coding.Decided {
			return errs.Errorf(errs.Conflict, "Over dit antwoord is al besloten. Uw codes van daarvoor blijven bewaard.")
		}
		if x.Codes == nil {
			x.Codes = []string{}
		}
		_, err = tx.Exec(ctx, `
			insert into analysis.assignment (study, audience, variable, response, revision, coder, at, version, codes, none, doubt, decision) -- store.Assign
			select $1, $2, $3, $4, max(revision), $5, $6, $7, $8, $9, $10, $11 from answer.submission where response = $4`,
			k.Study, k.Audience, k.Variable, x.Answer, by.ID, x.At, w.Frame.Version, x.Codes, x.None, x.Doubt, x.Decision)
		if err != nil {
			return err
		}
		action := "antwoord gecodeerd"
		if x.Decision {
			action = "over codes besloten"
		}
		return audit(ctx, tx, x.At, by, k.Study, action, fmt.Sprint("vragenlijst ", x.Answer), map[string]any{"vraag": k.Variable, "codes": x.Codes})
	})
	if err != nil {
		return fmt.Errorf("assign: %w", err)
	}
	return nil
}

// withCodes gives a dataset the columns of the open answers that are coded.
func (s *Store) withCodes(ctx context.Context, d *dataset.Dataset, studyID int64, audience string) (*dataset.Dataset, error) {
	err := s.read(ctx, analysis, func(tx pgx.Tx) error {
		variables, err := all(ctx, tx, pgx.RowTo[string], `
			select distinct variable from analysis.frame where study = $1 and audience = $2 order by variable -- store.withCodes`, studyID, audience)
		if err != nil || len(variables) == 0 {
			return err
		}
		units := map[string]int64{} // response by code of its unit
		var code string
		var id int64
		rows, _ := tx.Query(ctx, `select u.code, r.id from answer.response r join register.unit u on u.id = r.unit where r.study = $1 and r.audience = $2 and r.withdrawn is null and r.sent is not null -- store.withCodes`, studyID, audience)
		if _, err := pgx.ForEachRow(rows, []any{&code, &id}, func() error { units[code] = id; return nil }); err != nil {
			return err
		}
		for _, v := range variables {
			w, _, err := readWork(ctx, tx, CodingKey{studyID, audience, v})
			if err != nil {
				return err
			}
			if d, err = addCodes(d, w, units); err != nil {
				return err
			}
		}
		return nil
	})
	return d, err
}

// addCodes gives a dataset the codes of one text, where any are settled.
func addCodes(d *dataset.Dataset, w *coding.Work, units map[string]int64) (*dataset.Dataset, error) {
	if w.Progress().Final == 0 || d.Column(w.Frame.Variable) == nil {
		return d, nil
	}
	var categories []dataset.Category
	place := map[string]int{}
	for i, c := range w.Frame.Open() {
		categories = append(categories, dataset.Category{ID: c.ID, Label: c.Label})
		place[c.ID] = i
	}
	source := d.Column(dataset.SourceColumn)
	return d.WithCodes(w.Frame.Variable, categories, func(at dataset.Case) ([]int, bool) {
		final, ok := w.Final(units[source.Text(at)])
		var places []int
		for _, id := range final.Codes {
			places = append(places, place[id])
		}
		return places, ok
	})
}
