package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Past is a study with what happened in it, for a demonstration. It is stored
// as if everything had been recorded when it occurred.
type Past struct {
	Study     study.Study
	Sources   []instrument.Source
	Read      time.Time // when the registers were read
	Linked    time.Time // when every unit got its link
	Registers []sample.Register
	Responses []PastResponse
	Events    []PastEvent // beside those that registers, links, responses and messages give
	Messages  []PastMessage
}

// A PastMessage is a mail or letter that went out, or came back.
type PastMessage struct {
	Audience string
	Unit     string // code
	Step     string
	Channel  contactplan.Channel
	Template string
	At       time.Time
	State    string // Sent or Returned
	Reply    string // of the server
	Subject  string
	Text     string // with placeholders for link and code

	Answer   *mail.Incoming // that came back on it, or nil; its ID is filled in
	Answered time.Time
	Handled  time.Time // zero while nobody did
}

// A PastResponse is a questionnaire as it was filled in.
type PastResponse struct {
	Audience string
	Unit     string   // code
	Covers   []string // codes of units that it holds for too
	Edition  string
	Mode     answer.Mode
	Started  time.Time // of the first answer
	Saves    []PastSave
	Status   answer.Status // "" while it was not sent
	Sent     time.Time
	Answers  answer.Values // as sent
}

// A PastSave is one page that was posted, and passed.
type PastSave struct {
	At      time.Time
	Page    string
	Changes []answer.Change
}

// A PastEvent is something that happened to a unit.
type PastEvent struct {
	Audience string
	Unit     string // code
	Event    event.Event
}

// AddPast stores a study with its history, all or nothing.
func (s *Store) AddPast(ctx context.Context, past Past) (study.Study, error) {
	st := past.Study
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		p := pastWriter{store: s, tx: tx, past: past, units: map[string]map[string]unitContact{}}
		st.ID, err = p.write(ctx)
		return err
	})
	if err != nil {
		return st, fmt.Errorf("add past: %w", err)
	}
	return st, nil
}

type pastWriter struct {
	store *Store
	tx    pgx.Tx
	past  Past
	study int64
	units map[string]map[string]unitContact // by audience and code
}

func (p *pastWriter) write(ctx context.Context) (int64, error) {
	if err := p.addStudy(ctx); err != nil {
		return 0, err
	}
	for _, r := range p.past.Registers {
		if err := p.register(ctx, string(r.Kind), r); err != nil {
			return 0, err
		}
	}
	for i := range p.past.Responses {
		if err := p.response(ctx, &p.past.Responses[i]); err != nil {
			return 0, err
		}
	}
	// Own answers first: a unit that answers itself counts by its own.
	for i := range p.past.Responses {
		if err := p.covers(ctx, &p.past.Responses[i]); err != nil {
			return 0, err
		}
	}
	for _, m := range p.past.Messages {
		if err := p.message(ctx, m); err != nil {
			return 0, err
		}
	}
	for _, e := range p.past.Events {
		u, err := p.unit(e.Audience, e.Unit)
		if err != nil {
			return 0, err
		}
		e.Event.Unit, e.Event.Recorded = u.Unit, e.Event.Occurred
		if err := addEvent(ctx, p.tx, e.Event); err != nil {
			return 0, err
		}
	}
	return p.study, nil
}

// addStudy makes the study with its instruments frozen in it, as AddStudy does.
func (p *pastWriter) addStudy(ctx context.Context) error {
	id, err := addStudy(ctx, p.tx, p.past.Study, p.past.Sources, BySystem, p.past.Read)
	p.study = id
	if err != nil || p.past.Study.Released.IsZero() {
		return err
	}
	_, err = p.tx.Exec(ctx, `update register.study set released = $2 where id = $1 -- store.AddPast`, id, p.past.Study.Released)
	return err
}

// message stores a message as if a sender had settled it.
func (p *pastWriter) message(ctx context.Context, m PastMessage) error {
	u, err := p.unit(m.Audience, m.Unit)
	if err != nil {
		return err
	}
	var e *int64
	if m.State == Sent {
		kind, channel := sentKind(m.Step, contactplan.Default().Steps[0].ID), "mail"
		if m.Channel == contactplan.Letter {
			kind, channel = event.LetterSent, "brief"
		}
		id, err := addEventID(ctx, p.tx, event.Event{Unit: u.Unit, Kind: kind, Occurred: m.At, Recorded: m.At, Channel: channel, Actor: event.BySystem, Note: m.Step})
		if err != nil {
			return err
		}
		e = &id
	}
	var id int64
	err = p.tx.QueryRow(ctx, `
		with m as ( -- store.AddPast
			insert into field.message (study, unit, contact, step, channel, template, domain, state, queued, due, attempts, begun, done, reply, actor, event)
			select $1, $2, c.id, $4, $5, $6, lower(split_part(c.email, '@', 2)), $7, $8, $8, 1, $8, $8, $9, 'system', $10 from contact.contact c where c.id = $3
			returning id, contact
		)
		insert into contact.body (message, address, name, subject, text)
		select m.id, case when $5 = 'mail' then c.email else c.address end, c.name, $11, $12 from m join contact.contact c on c.id = m.contact returning message`,
		p.study, u.Unit, u.Contact, m.Step, string(m.Channel), m.Template, m.State, m.At, m.Reply, e, m.Subject, m.Text).Scan(&id)
	if err != nil {
		return err
	}
	if m.State == Returned {
		_, err = p.tx.Exec(ctx, `update contact.contact set bounced = $2, bounce_reason = $3 where id = $1 -- store.AddPast`, u.Contact, m.At, m.Reply)
		if err != nil {
			return err
		}
	}
	return p.answer(ctx, id, m)
}

// answer stores what came back on a message, as if it had just come in.
func (p *pastWriter) answer(ctx context.Context, message int64, m PastMessage) error {
	if m.Answer == nil {
		return nil
	}
	in := *m.Answer
	in.ID, in.Key = MailID(message), "demo "+MailID(message)
	a := arrival{store: p.store, tx: p.tx, in: in, now: m.Answered}
	if _, err := a.keep(ctx); err != nil {
		return err
	}
	if err := a.act(ctx); err != nil {
		return err
	}
	if err := a.finish(ctx); err != nil || m.Handled.IsZero() || a.handled {
		return err
	}
	_, err := p.tx.Exec(ctx, `update contact.incoming set handled = $2 where id = $1 -- store.answer`, a.id, m.Handled)
	return err
}

// register adds the units of an audience and gives each a link.
func (p *pastWriter) register(ctx context.Context, audience string, r sample.Register) error {
	i := importer{p.tx, Import{Study: p.study, Audience: audience, Register: r, By: BySystem, Now: p.past.Read}, map[string]int64{}}
	if err := i.run(ctx, sample.Change{Added: r.Units}); err != nil {
		return err
	}
	units, err := all(ctx, p.tx, pgx.RowToStructByPos[unitContact], `
		select u.id, u.code, coalesce((select min(c.id) from contact.contact c where c.unit = u.id), 0) -- store.AddPast
		from register.unit u where u.study = $1 and u.audience = $2 order by u.code`, p.study, audience)
	if err != nil {
		return err
	}
	p.units[audience] = map[string]unitContact{}
	for _, u := range units {
		p.units[audience][u.Code] = u
		if _, err := addLink(ctx, p.tx, u, "lijst", BySystem, p.past.Linked); err != nil {
			return err
		}
	}
	return nil
}

func (p *pastWriter) unit(audience, code string) (unitContact, error) {
	u, ok := p.units[audience][code]
	if !ok {
		return u, fmt.Errorf("no unit %s in the register of %s", code, audience)
	}
	return u, nil
}

func (p *pastWriter) response(ctx context.Context, r *PastResponse) error {
	u, err := p.unit(r.Audience, r.Unit)
	if err != nil {
		return err
	}
	by := Actor{Kind: event.ByRespondent, ID: u.Contact}
	if r.Mode == answer.Tel {
		by = Actor{Kind: event.ByStaff}
	}
	stored := Response{Unit: u.Unit, Version: len(r.Saves), Values: answer.Values{}, Passed: map[string]bool{}, Started: r.Started}
	for _, s := range r.Saves {
		answer.Apply(stored.Values, s.Changes)
		stored.Passed[s.Page], stored.Saved = true, s.At
	}
	if err := p.keep(ctx, r, &stored, by); err != nil {
		return err
	}
	e := event.Event{Unit: u.Unit, Kind: event.Started, Occurred: r.Started, Recorded: r.Started, Channel: string(r.Mode), Actor: by.Kind, ActorID: by.ID}
	if err := addEvent(ctx, p.tx, e); err != nil || r.Status == "" {
		return err
	}
	e.Kind, e.Occurred, e.Recorded, e.Note = event.Submitted, r.Sent, r.Sent, statusNote(r.Status)
	if r.Status == answer.Partial { // as Freeze does
		by = BySystem
		e.Kind, e.Actor, e.ActorID, e.Channel, e.Note = event.Frozen, by.Kind, 0, "", ""
	}
	err = submit(ctx, p.tx, &stored, submission{status: r.Status, at: r.Sent, by: by, mode: r.Mode, answers: r.Answers})
	if err != nil {
		return err
	}
	return addEvent(ctx, p.tx, e)
}

// keep stores the state of a response and the log that led to it.
func (p *pastWriter) keep(ctx context.Context, r *PastResponse, stored *Response, by Actor) error {
	state, err := json.Marshal(stored.Values)
	if err != nil {
		return err
	}
	err = p.tx.QueryRow(ctx, `
		insert into answer.response (key, study, audience, unit, edition, version, state, passed, mode, made, started, saved) -- store.AddPast
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11) returning id`,
		NewToken(), p.study, r.Audience, stored.Unit, r.Edition, stored.Version, state, passedList(stored), r.Mode, r.Started, stored.Saved).Scan(&stored.ID)
	if err != nil {
		return err
	}
	columns := []string{"response", "version", "request", "actor", "actor_id", "mode", "at", "page", "action", "changed"}
	_, err = p.tx.CopyFrom(ctx, pgx.Identifier{"answer", "save"}, columns, pgx.CopyFromSlice(len(r.Saves), func(i int) ([]any, error) {
		s := r.Saves[i]
		if s.Changes == nil {
			s.Changes = []answer.Change{}
		}
		changed, err := json.Marshal(s.Changes)
		return []any{stored.ID, i + 1, NewToken(), by.Kind, by.id(), string(r.Mode), s.At, s.Page, "volgende", changed}, err
	}))
	return err
}

func (p *pastWriter) covers(ctx context.Context, r *PastResponse) error {
	if len(r.Covers) == 0 {
		return nil
	}
	own, err := p.unit(r.Audience, r.Unit)
	if err != nil {
		return err
	}
	var response int64
	if err := p.tx.QueryRow(ctx, `select id from answer.response where unit = $1 -- store.AddPast`, own.Unit).Scan(&response); err != nil {
		return err
	}
	for _, code := range r.Covers {
		u, err := p.unit(r.Audience, code)
		if err != nil {
			return err
		}
		if err := cover(ctx, p.tx, u.Unit, response, false, r.Sent); err != nil {
			return err
		}
		err = addEvent(ctx, p.tx, event.Event{Unit: u.Unit, Kind: event.Covered, Occurred: r.Sent, Recorded: r.Sent, Actor: event.BySystem, Note: "Vragenlijst van " + r.Unit + "."})
		if err != nil {
			return err
		}
	}
	return nil
}
