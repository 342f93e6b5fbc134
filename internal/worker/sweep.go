package worker

import (
	"context"
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
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
	presence, err := p.Store.Attend(ctx)
	if err != nil {
		return out, err
	}
	defer presence.Leave(ctx)
	unsure, err := p.Store.TakeOver(ctx, p.Now())
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
	for _, id := range unsure {
		out.Deliveries = append(out.Deliveries, Delivery{ID: id, State: store.Unsure, Why: "het versturen werd onderbroken"})
	}
	return out, nil
}

// drain sends messages, each once, at the rate that there is.
func (p *Mailer) drain(ctx context.Context, waiting []int64, r store.Round, o order) ([]Delivery, error) {
	var out []Delivery
	for last := p.Now(); len(waiting) > 0; {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		r.Only, r.Now = waiting[:min(len(waiting), 500)], p.Now()
		ids, err := p.Store.ClaimMessages(ctx, r)
		if err != nil {
			return out, err
		}
		if len(ids) == 0 {
			// None is left for us, or the rate does not allow one yet.
			if r.Hurried || p.Now().Sub(last) > 2*time.Minute {
				return out, nil
			}
			time.Sleep(200 * time.Millisecond)
			continue
		}
		last = p.Now()
		out = append(out, p.sendAll(ctx, ids, o)...)
		waiting = slices.DeleteFunc(waiting, func(id int64) bool { return slices.Contains(ids, id) })
	}
	return out, nil
}
