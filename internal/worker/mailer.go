package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

// abreast is how many mails one sender has in the air at once: what is in the air
// when it dies is unsure.
const abreast = 10

// How long a sender waits: for something to send, after the mail server, not a
// message, stood in the way, and for a full mailbox to be emptied.
const (
	idle  = 2 * time.Second
	pause = 30 * time.Second
	full  = 24 * time.Hour
)

// A Mailer sends the mails that wait. Any number may run beside each other: a
// message is claimed by one, marked begun in a commit of its own right before it
// could exist elsewhere, and settled by what the server said.
type Mailer struct {
	Store  *store.Store
	Sender mail.Sender
	Keys   mail.Keys
	From   mail.Address
	Base   *url.URL // every link starts with it (standards K14)
	Now    func() time.Time
	Log    *slog.Logger

	mu    sync.Mutex
	forms map[formKey]*form.Form
}

type formKey struct {
	study    int64
	audience string
}

// A Delivery is what became of one message.
type Delivery struct {
	ID    int64
	State string // as in store; store.Waiting is put off
	Why   string // where it was not sent
	away  bool   // the mail server stands in the way of all messages
}

// Run sends until the context ends.
func (p *Mailer) Run(ctx context.Context) error {
	var presence *store.Presence
	defer func() {
		if presence != nil {
			presence.Leave(ctx)
		}
	}()
	for {
		wait, err := p.round(ctx, &presence)
		if err != nil && ctx.Err() == nil {
			p.Log.ErrorContext(ctx, "sending", "err", err)
			wait = pause
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// round sends what can go now, and says how long to wait for the next.
func (p *Mailer) round(ctx context.Context, presence **store.Presence) (wait time.Duration, err error) {
	if *presence == nil {
		*presence, err = p.Store.Attend(ctx)
	} else {
		err = (*presence).Renew(ctx, p.Store)
	}
	if err != nil {
		*presence = nil
		return pause, err
	}
	unsure, err := p.Store.TakeOver(ctx, (*presence).Name, p.Now())
	if err != nil {
		return pause, err
	}
	for _, m := range unsure {
		p.Log.WarnContext(ctx, "message left unsure by a sender that stopped", "message", m.ID)
	}
	ids, err := p.Store.ClaimMessages(ctx, store.Round{By: (*presence).Name, Limit: abreast, Now: p.Now()})
	if err != nil || len(ids) == 0 {
		return idle, err
	}
	if away(p.sendAll(ctx, ids, order{by: (*presence).Name, actor: store.BySystem})) {
		return pause, nil
	}
	return 0, nil
}

// away reports whether the mail server itself stood in the way of a message: then
// the others have no chance either.
func away(all []Delivery) bool {
	return slices.ContainsFunc(all, func(d Delivery) bool { return d.away })
}

// An order is how messages are to be sent.
type order struct {
	by      string // name of a presence
	actor   store.Actor
	hurried bool // at any hour
}

// sendAll sends messages beside each other.
func (p *Mailer) sendAll(ctx context.Context, ids []int64, o order) []Delivery {
	out := make([]Delivery, len(ids))
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() { out[i] = p.send(ctx, id, o) })
	}
	wg.Wait()
	return out
}

// send sends one claimed message and records what became of it.
func (p *Mailer) send(ctx context.Context, id int64, o order) Delivery {
	s := p.attempt(ctx, id, o)
	d := Delivery{ID: id, State: s.State, Why: s.Reply, away: s.away}
	s.ID, s.By, s.Actor, s.Now = id, o.by, o.actor, p.Now()
	if s.settled {
		return d
	}
	state, err := p.settle(ctx, s.Settlement)
	if err != nil { // it stays begun, and becomes unsure
		p.Log.ErrorContext(ctx, "message not settled", "message", id, "state", s.State, "err", err)
		return Delivery{ID: id, State: store.Unsure, Why: "de uitkomst kon niet worden bewaard"}
	}
	d.State = state
	return d
}

// settle keeps trying for a minute: what the server said is known nowhere else.
func (p *Mailer) settle(ctx context.Context, s store.Settlement) (state string, err error) {
	ctx = context.WithoutCancel(ctx)
	for wait := time.Second; wait < time.Minute; wait *= 2 {
		if state, err = p.Store.Settle(ctx, s); errs.KindOf(err) != errs.Unavailable {
			return state, err
		}
		time.Sleep(wait)
	}
	return state, err
}

// An attempt is a settlement in the making.
type attempt struct {
	store.Settlement
	away    bool // as in Delivery
	settled bool // by the store already
}

func (p *Mailer) attempt(ctx context.Context, id int64, o order) attempt {
	now := p.Now()
	later := func(wait time.Duration, why string) attempt {
		return attempt{Settlement: store.Settlement{State: store.Waiting, Due: now.Add(wait), Reply: why}}
	}
	m, err := p.Store.Outgoing(ctx, id)
	if err != nil {
		p.Log.ErrorContext(ctx, "message not read", "message", id, "err", err)
		return later(time.Minute, "het bericht kon niet worden gelezen")
	}
	field := m.Study.Field()
	if o.hurried {
		field.Calendar, field.Hurried = field.Calendar.AllDay(), true
	}
	hours := field.HoursOf(m.Step)
	closed := func(now time.Time) bool {
		return !o.hurried && m.Step != "" && !hours.Open(now, m.Unit.Regions)
	}
	if closed(now) {
		next := hours.NextMoment(now, m.Unit.Regions)
		return later(next.Sub(now), "buiten de verzendtijden")
	}
	f, err := p.form(ctx, m.Study.ID, m.Unit.Audience)
	if err != nil {
		p.Log.ErrorContext(ctx, "form of message not read", "message", id, "err", err)
		return later(time.Minute, "de vragenlijst kon niet worden gelezen")
	}
	keys := NewKeys(m)
	d, err := p.compose(m, f, keys, now)
	if err != nil {
		p.Log.ErrorContext(ctx, "message not written", "message", id, "err", err)
		return later(time.Hour, errs.Public(err))
	}
	var held *store.ErrWithheld
	result := p.Sender.Send(ctx, d.mail, func(ctx context.Context) error {
		now := p.Now() // the server may have taken its time
		err := error(&store.ErrWithheld{Why: "buiten de verzendtijden", Wait: true})
		if !closed(now) {
			err = p.Store.BeginMessage(ctx, store.Beginning{ID: id, By: o.by, Tokens: keys.Secrets(), Withhold: withhold(m, field, now),
				Address: m.Contact.Email, Name: m.Contact.Name, Subject: d.kept.Subject, Text: d.kept.Text, Now: now})
		}
		errors.As(err, &held)
		return err
	})
	if held != nil {
		return p.withheld(held, p.Now())
	}
	return p.judge(ctx, m, result, p.Now())
}

// withhold says whether a message may still go: one of the ladder by the plan,
// another as long as the contact can be mailed.
func withhold(m store.Outgoing, field contactplan.Field, now time.Time) func(contactplan.Unit) string {
	touch := contactplan.Touch{Step: m.Step, Channel: m.Channel, Contact: m.Contact.ID}
	if m.Step != "" {
		return func(u contactplan.Unit) string { return field.Withhold(u, touch, now) }
	}
	return func(u contactplan.Unit) string {
		return contactplan.Field{Closes: now.Add(time.Hour)}.Withhold(contactplan.Unit{Contacts: u.Contacts}, touch, now)
	}
}

// withheld settles what the last look stopped.
func (p *Mailer) withheld(held *store.ErrWithheld, now time.Time) attempt {
	a := attempt{Settlement: store.Settlement{State: store.Withdrawn, Reply: held.Why}, settled: true}
	if held.Wait {
		a = attempt{Settlement: store.Settlement{State: store.Waiting, Due: now, Reply: held.Why}}
	}
	return a
}

// judge says what a server's answer means for a message.
func (p *Mailer) judge(ctx context.Context, m store.Outgoing, r mail.Result, now time.Time) attempt {
	a := attempt{away: unreachable(r)}
	a.Tried, a.Address = !a.away, m.Contact.Email
	a.Reply = mail.WithoutAddresses(r.Reply, m.Contact.Email)
	if a.Reply == "" && r.Outcome != mail.Accepted {
		a.Reply = mail.WithoutAddresses(r.String(), m.Contact.Email)
	}
	kind, told := r.Bounce()
	switch r.Outcome {
	case mail.Accepted:
		a.State = store.Sent
		return a
	case mail.Unsure:
		a.State = store.Unsure
	case mail.Refused:
		a.State, a.Bounced = store.Returned, told && kind == mail.Hard && !r.Policy()
		if told && kind == mail.Soft {
			a.State, a.Soft = store.Waiting, true
		}
	case mail.Deferred:
		a.State = store.Waiting
	}
	switch {
	case a.away:
		a.Due = now.Add(pause)
	case a.Soft: // a mailbox that is full is not emptied within minutes
		a.Due = now.Add(full)
	default:
		a.Due = now.Add(store.Backoff(m.Attempts + 1))
	}
	p.Log.WarnContext(ctx, "message not sent", "message", m.ID, "outcome", r.Outcome.String(), "stage", string(r.Stage), "code", r.Code, "status", r.Status, "err", mail.WithoutAddresses(fmt.Sprint(r.Err), m.Contact.Email))
	return a
}

// unreachable reports whether the server was not even asked to take a message, or
// would take none.
func unreachable(r mail.Result) bool {
	return r.Setup || r.Outcome == mail.Deferred && (r.Stage == mail.StageConnect || r.Stage == mail.StageTLS || r.Stage == mail.StageLogin)
}

func (p *Mailer) form(ctx context.Context, study int64, audience string) (*form.Form, error) {
	key := formKey{study, audience}
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.forms[key]; f != nil {
		return f, nil
	}
	a, err := p.Store.Audience(ctx, study, audience)
	if err != nil {
		return nil, err
	}
	in, problems := instrument.Parse(a.Source)
	if in == nil {
		return nil, fmt.Errorf("instrument %s of study %d: %v", audience, study, problems)
	}
	if p.forms == nil {
		p.forms = map[formKey]*form.Form{}
	}
	p.forms[key] = form.New(in)
	return p.forms[key], nil
}
