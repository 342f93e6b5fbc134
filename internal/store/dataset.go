package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/study"
)

// Dataset returns what one audience of a study has submitted so far, column by
// column, with the register that it comes from. Of a closed study it holds the
// partial responses that were frozen; freezing them is for the caller. It reads
// rows one at a time, so that it needs little more memory than the dataset.
func (s *Store) Dataset(ctx context.Context, st study.Study, audience string, now time.Time) (*dataset.Dataset, error) {
	a, err := s.Audience(ctx, st.ID, audience)
	if err != nil {
		return nil, err
	}
	in, problems := instrument.Parse(a.Source)
	if in == nil {
		return nil, fmt.Errorf("dataset: the instrument %s of %s cannot be read: %v", audience, st.Slug, problems)
	}
	outside, err := s.outside(ctx, st, audience, now)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	info := dataset.Info{Study: st.Slug, Title: st.Title, Instrument: a.Name, Edition: a.Edition, Hash: instrument.Hash(a.Source), Taken: now}
	var d *dataset.Dataset
	err = s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		b := dataset.NewBuilder(info, form.New(in), a.background(), a.Strata)
		d, err = readDataset(ctx, tx, a, b, outside)
		return err
	})
	if err == nil {
		d, err = s.withCodes(ctx, d, st.ID, audience)
	}
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	return d, nil
}

// background are the columns of the register as sample has them.
func (a Audience) background() []sample.Column {
	var columns []sample.Column
	for _, c := range a.Columns {
		columns = append(columns, sample.Column(c))
	}
	return columns
}

func readDataset(ctx context.Context, tx pgx.Tx, a Audience, b *dataset.Builder, outside map[string]bool) (*dataset.Dataset, error) {
	// A study of a million takes longer than a page may.
	if _, err := tx.Exec(ctx, `set local statement_timeout = '10min' -- store.readDataset`); err != nil {
		return nil, err
	}
	var u dataset.Unit
	var background []byte
	rows, _ := tx.Query(ctx, `
		select code, pseudonym, background from register.unit where study = $1 and audience = $2 -- store.readDataset`, a.Study, a.Name)
	_, err := pgx.ForEachRow(rows, []any{&u.Code, &u.Pseudonym, &background}, func() error {
		u.Background, u.Ineligible = map[string]string{}, outside[u.Code]
		if err := json.Unmarshal(background, &u.Background); err != nil {
			return err
		}
		return b.AddUnit(u)
	})
	if err != nil {
		return nil, err
	}
	if err := eachFilled(ctx, tx, a.Study, a.Name, b.Add); err != nil {
		return nil, err
	}
	return b.Build()
}

// outside returns the units that turned out not to belong to the population. A
// unit for which a submission counts does, unless a person decided otherwise.
func (s *Store) outside(ctx context.Context, st study.Study, audience string, now time.Time) (map[string]bool, error) {
	type unit struct {
		counted bool
		events  []event.Event
	}
	units := map[string]*unit{}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		var code string
		var counted bool
		var e event.Event
		rows, _ := tx.Query(ctx, `
			select u.code, exists (select from answer.coverage c join answer.submission b on b.response = c.response where c.unit = u.id and c.counting), -- store.outside
				e.id, e.unit, e.kind, e.occurred, e.note, coalesce(e.recalls, 0)
			from field.event e join register.unit u on u.id = e.unit
			where u.study = $1 and u.audience = $2 and e.kind in ($3, $4, $5, $6) order by e.id`,
			st.ID, audience, event.OutOfPopulation, event.Duplicate, event.Override, event.Recalled)
		_, err := pgx.ForEachRow(rows, []any{&code, &counted, &e.ID, &e.Unit, &e.Kind, &e.Occurred, &e.Note, &e.Recalls}, func() error {
			if units[code] == nil {
				units[code] = &unit{counted: counted}
			}
			units[code].events = append(units[code].events, e)
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	outside := map[string]bool{}
	for code, u := range units {
		standing := disposition.Of(disposition.Facts{Events: u.events}, disposition.DefaultRules(st.Closes), now)
		class, _ := disposition.Editions[0].Code(standing.Outcome, disposition.CompleteFrame)
		outside[code] = class.Class == disposition.NE && (standing.ByHand || !u.counted)
	}
	return outside, nil
}
