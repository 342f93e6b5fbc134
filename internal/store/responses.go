package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/sheet"
	"github.com/uitvraag/uitvraag/internal/study"
)

// ImportResponses stores the questionnaires of a file, all or nothing. When it
// returns problems nothing was stored.
func (s *Store) ImportResponses(ctx context.Context, st study.Study, audience string, f *form.Form, rows []form.FileRow, by Actor, now time.Time) ([]sheet.Problem, error) {
	var wrong sheet.Problems
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		wrong = sheet.Problems{}
		i := responseImporter{tx: tx, study: st, audience: audience, form: f, by: by, now: now, problems: &wrong}
		if err := i.run(ctx, rows); err != nil {
			return err
		}
		if len(wrong.List()) > 0 {
			return errProblems
		}
		return audit(ctx, tx, now, by, st.ID, "antwoorden ingelezen", audience, map[string]any{"n": len(rows)})
	})
	if errors.Is(err, errProblems) {
		return wrong.List(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("import responses: %w", err)
	}
	return nil, nil
}

// errProblems rolls a transaction back because of problems that are told apart.
var errProblems = errs.Errorf(errs.Invalid, "Het bestand bevat fouten.")

type responseImporter struct {
	tx       pgx.Tx
	study    study.Study
	audience string
	form     *form.Form
	by       Actor
	now      time.Time
	problems *sheet.Problems
	units    map[string]int64
}

func (i *responseImporter) run(ctx context.Context, rows []form.FileRow) error {
	i.units = map[string]int64{}
	list, _ := i.tx.Query(ctx, `
		select code, id from register.unit where study = $1 and audience = $2 order by id for update -- store.ImportResponses`, i.study.ID, i.audience)
	var code string
	var id int64
	_, err := pgx.ForEachRow(list, []any{&code, &id}, func() error {
		i.units[code] = id
		return nil
	})
	if err != nil {
		return err
	}
	for n := range rows {
		if err := i.row(ctx, &rows[n]); err != nil {
			return err
		}
	}
	// Own answers first: a unit that answers itself counts by its own.
	for n := range rows {
		if err := i.covers(ctx, &rows[n]); err != nil {
			return err
		}
	}
	return nil
}

// unit finds the unit that a cell names, in any spelling of its code.
func (i *responseImporter) unit(line int, column, text string) int64 {
	if id, ok := i.units[text]; ok {
		return id
	}
	code, problem := sample.Code(sample.KindOf(i.audience), text, "")
	for own, id := range i.units { // a register with codes of its own
		if strings.EqualFold(own, strings.TrimSpace(text)) {
			return id
		}
	}
	id, ok := i.units[code]
	switch {
	case problem != "":
		i.problems.Add(line, column, "Deze eenheid is er niet in dit onderzoek: %s.", problem)
	case !ok:
		i.problems.Add(line, column, "De eenheid %s is er niet in dit onderzoek.", code)
	}
	return id
}

// codes cuts what stands in covers into codes. A space parts them, unless it is
// in the code of a unit of ours.
func (i *responseImporter) codes(parts []string) []string {
	var out []string
	for _, part := range parts {
		if _, ok := i.units[part]; ok || !strings.Contains(part, " ") {
			out = append(out, part)
			continue
		}
		if code, _ := sample.Code(sample.KindOf(i.audience), part, ""); i.units[code] != 0 {
			out = append(out, part) // "PO 41-02"
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

func (i *responseImporter) row(ctx context.Context, row *form.FileRow) error {
	unit := i.unit(row.Line, "unit", row.Unit)
	if unit == 0 {
		return nil
	}
	r, err := i.response(ctx, unit, row)
	if err != nil {
		return err
	}
	if !r.Sent.IsZero() {
		i.problems.Add(row.Line, "unit", "Deze eenheid heeft al een vragenlijst verstuurd.")
		return nil
	}
	at := i.moment(row)
	if err := i.save(ctx, &r, row, at); err != nil {
		return err
	}
	err = submit(ctx, i.tx, &r, submission{status: row.Status, at: at, by: i.by, mode: row.Mode, answers: row.Answers})
	if err != nil {
		return err
	}
	return addEvent(ctx, i.tx, event.Event{Unit: unit, Kind: event.Imported, Occurred: at, Recorded: i.now, Channel: string(row.Mode),
		Actor: i.by.Kind, ActorID: i.by.ID, Note: statusNote(row.Status)})
}

func statusNote(s answer.Status) string {
	switch s {
	case answer.Partial:
		return "Gedeeltelijk ingevuld."
	case answer.Kernvragen:
		return "Alleen de kernvragen."
	}
	return ""
}

// moment is when a questionnaire was sent: as the file says, otherwise the last
// moment of the field period, at most now.
func (i *responseImporter) moment(row *form.FileRow) time.Time {
	switch {
	case !row.Sent.IsZero():
		return row.Sent
	case i.study.Closes.Before(i.now):
		return i.study.Closes
	}
	return i.now
}

// response returns the unit's response, made where there is none yet.
func (i *responseImporter) response(ctx context.Context, unit int64, row *form.FileRow) (Response, error) {
	_, err := i.tx.Exec(ctx, `
		insert into answer.response (key, study, audience, unit, edition, mode, made) values ($1, $2, $3, $4, $5, $6, $7) -- store.response
		on conflict (unit) do nothing`, NewToken(), i.study.ID, i.audience, unit, i.form.In.Edition, row.Mode, i.now)
	if err != nil {
		return Response{}, err
	}
	return one(ctx, i.tx, scanResponse, noResponse, responseSelect+` where r.unit = $1 -- store.response`, unit)
}

// save puts the answers of the file in the log and makes them the state; what a
// respondent had saved before stays in the log.
func (i *responseImporter) save(ctx context.Context, r *Response, row *form.FileRow, at time.Time) error {
	var changes []answer.Change
	for n := range i.form.Variables {
		name := i.form.Variables[n].Name
		if was, is := r.Values[name], row.Answers[name]; was != is {
			changes = append(changes, answer.Change{Variable: name, Was: was, Is: is})
		}
	}
	if changes == nil {
		changes = []answer.Change{}
	}
	changed, err1 := json.Marshal(changes)
	state, err2 := json.Marshal(row.Answers)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	r.Version++
	_, err := i.tx.Exec(ctx, `
		insert into answer.save (response, version, request, actor, actor_id, mode, at, page, action, changed) -- store.save
		values ($1, $2, $3, $4, $5, $6, $7, '', 'inlezen', $8)`, r.ID, r.Version, NewToken(), i.by.Kind, i.by.id(), row.Mode, i.now, changed)
	if err != nil {
		return err
	}
	_, err = i.tx.Exec(ctx, `
		update answer.response set version = $2, state = $3, saved = $4, mode = $5, started = coalesce(started, $6) where id = $1 -- store.save`,
		r.ID, r.Version, state, i.now, row.Mode, at)
	return err
}

func (i *responseImporter) covers(ctx context.Context, row *form.FileRow) error {
	if len(row.Covers) == 0 {
		return nil
	}
	own := i.unit(row.Line, "unit", row.Unit)
	var response int64
	err := i.tx.QueryRow(ctx, `select id from answer.response where unit = $1 -- store.covers`, own).Scan(&response)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // the unit itself was a problem, told before
	}
	if err != nil {
		return err
	}
	at := i.moment(row)
	for _, code := range i.codes(row.Covers) {
		unit := i.unit(row.Line, "covers", code)
		switch unit {
		case 0:
			continue
		case own:
			i.problems.Add(row.Line, "covers", "Een eenheid kan niet voor zichzelf gelden als een ander.")
			continue
		}
		if err := cover(ctx, i.tx, unit, response, false, at); err != nil {
			return err
		}
		err := addEvent(ctx, i.tx, event.Event{Unit: unit, Kind: event.Covered, Occurred: at, Recorded: i.now, Actor: i.by.Kind, ActorID: i.by.ID, Note: "Vragenlijst van " + row.Unit + "."})
		if err != nil {
			return err
		}
	}
	return nil
}
