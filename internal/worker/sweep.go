package worker

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Swept is what a sweep did.
type Swept struct {
	Deliveries []Delivery   // by the order in which they became due
	Letters    []int64      // messages that wait to be printed
	Skipped    []store.Skip // units for which a step would come now, but cannot go
	Units      int          // that were looked at
}

// Sweep decides what is due in a study and sends it, because a person asks: it
// needs no release, and takes along what waited for a person. It returns when
// each message is sent, deferred or unsure. With simulate the throttle, waiting
// times and sending hours do not hold, as p.Now plays another time.
func (p *Mailer) Sweep(ctx context.Context, st study.Study, simulate bool, by store.Actor) (Swept, error) {
	var out Swept
	if !st.Stopped.IsZero() {
		return out, errs.Errorf(errs.Conflict, "Het versturen van %s is stopgezet: %s", st.Title, cmp.Or(st.StopReason, "er staat niet bij waarom."))
	}
	since, reason, err := p.Store.SendingLocked(ctx)
	if err != nil {
		return out, err
	}
	if !since.IsZero() {
		return out, errs.Errorf(errs.Conflict, "Alle verzending is stopgezet: %s", cmp.Or(reason, "er staat niet bij waarom."))
	}
	presence, err := p.Store.Attend(ctx)
	if err != nil {
		return out, err
	}
	defer presence.Leave(ctx)
	unsure, err := p.Store.TakeOver(ctx, presence.Name, p.Now())
	if err != nil {
		return out, err
	}
	field := st.Field()
	if simulate {
		field.Calendar, field.Hurried = field.Calendar.AllDay(), true
	}
	now := p.Now()
	q, err := p.Store.QueueDue(ctx, store.Queue{Study: st, Late: true, By: by, Now: now,
		Decide: func(u contactplan.Unit) contactplan.Decision { return field.Due(u, now) }})
	if err != nil {
		return out, err
	}
	out.Skipped, out.Units = q.Skipped, q.Units
	waiting, err := p.Store.Unsent(ctx, st.ID)
	if err != nil {
		return out, err
	}
	out.Letters, err = p.Store.Unprinted(ctx, st.ID)
	if err != nil {
		return out, err
	}
	if out.Deliveries, err = p.drain(ctx, waiting, store.Round{By: presence.Name, Limit: abreast, Hurried: simulate}, order{presence.Name, by, simulate}); err != nil {
		return out, err
	}
	for _, m := range unsure {
		if m.Study == st.ID {
			out.Deliveries = append(out.Deliveries, Delivery{ID: m.ID, State: store.Unsure, Why: "het versturen werd onderbroken"})
		}
	}
	return out, nil
}

const (
	portion  = 500             // of messages that are asked for at a time
	patience = 2 * time.Minute // with a rate that allows none
)

// drain sends messages, each once, at the rate that there is, and says what became
// of each. Those that it does not get to, because another sends them, sending is
// stopped or the mail server is away, stay where they are.
func (p *Mailer) drain(ctx context.Context, waiting []int64, r store.Round, o order) ([]Delivery, error) {
	out := make([]Delivery, 0, len(waiting))
	left := func(ids []int64, why string) {
		for _, id := range ids {
			out = append(out, Delivery{ID: id, State: store.Waiting, Why: why})
		}
	}
	for len(waiting) > 0 {
		part := waiting[:min(len(waiting), portion)]
		waiting = waiting[len(part):]
		for last := p.Now(); len(part) > 0; {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			r.Only, r.Now = part, p.Now()
			ids, err := p.Store.ClaimMessages(ctx, r)
			if err != nil {
				return out, err
			}
			if len(ids) == 0 { // none is left for us, or the rate does not allow one yet
				if r.Hurried || p.Now().Sub(last) > patience {
					break
				}
				time.Sleep(200 * time.Millisecond)
				continue
			}
			last = p.Now()
			sent := p.sendAll(ctx, ids, o)
			out = append(out, sent...)
			part = slices.DeleteFunc(part, func(id int64) bool { return slices.Contains(ids, id) })
			if away(sent) {
				left(part, awayWhy)
				left(waiting, awayWhy)
				return out, nil
			}
		}
		left(part, "een ander verstuurt dit bericht, of het versturen is stopgezet")
	}
	return out, nil
}

const awayWhy = "de mailserver is er niet, of neemt niets aan"
