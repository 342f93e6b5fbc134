// Package worker waits, and does what is due. What is due is decided elsewhere;
// any number of workers may run beside each other.
package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// every is how often the worker looks.
const every = time.Minute

// A Worker does what is due, but for sending: that is the work of a Mailer.
type Worker struct {
	store *store.Store
	now   func() time.Time
	log   *slog.Logger
	ready map[int64]time.Time // by study: when to look again at who is due

	retained time.Time // when data whose term is over were last removed
}

// retainEvery is how often data whose term is over are removed.
const retainEvery = time.Hour

// New makes a worker.
func New(st *store.Store, now func() time.Time, log *slog.Logger) *Worker {
	return &Worker{store: st, now: now, log: log, ready: map[int64]time.Time{}}
}

// Run works until the context ends. A failure is logged and tried again at the
// next look: late, never lost.
func (w *Worker) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := w.Look(ctx); err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "worker", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Look does once what is due now: it puts down the messages that are due in
// studies that were released, freezes the partial responses of studies that
// closed, removes sessions that are over and, each hour, data whose term is over.
func (w *Worker) Look(ctx context.Context) error {
	now := w.now()
	studies, err := w.store.Studies(ctx)
	if err != nil {
		return err
	}
	for _, st := range studies {
		if err := w.queue(ctx, st, now); err != nil {
			return err
		}
		if st.At(now) != study.Closed {
			continue
		}
		n, err := Freeze(ctx, w.store, st, now)
		if err != nil {
			return err
		}
		if n > 0 {
			w.log.InfoContext(ctx, "frozen partial responses", "study", st.Slug, "n", n)
		}
	}
	if _, err = w.store.Sweep(ctx, now); err != nil {
		return err
	}
	if now.Sub(w.retained) >= retainEvery { // looking costs more than a minute is worth
		w.retained = now
		w.retain(ctx, studies, now)
	}
	return nil
}

// queue puts down what is due in a study. Looking through a large register takes
// seconds, so it rests twenty times as long as that took.
func (w *Worker) queue(ctx context.Context, st study.Study, now time.Time) error {
	if st.Released.IsZero() || !st.Stopped.IsZero() || st.At(now) != study.Open || now.Before(w.ready[st.ID]) {
		return nil
	}
	field := st.Field()
	began := time.Now()
	q, err := w.store.QueueDue(ctx, store.Queue{Study: st, By: store.BySystem, Now: now,
		Decide: func(u contactplan.Unit) contactplan.Decision { return field.Due(u, now) }})
	if errs.KindOf(err) == errs.Conflict { // the plan was just changed: the next look goes by the new one
		return nil
	}
	if err != nil {
		return err
	}
	w.ready[st.ID] = now.Add(20 * time.Since(began))
	if len(q.Messages) > 0 {
		w.log.InfoContext(ctx, "messages queued", "study", st.Slug, "n", len(q.Messages), "units", q.Units)
	}
	return nil
}

// Freeze keeps the partial responses of a study that closed, and says how many.
func Freeze(ctx context.Context, st *store.Store, s study.Study, now time.Time) (int, error) {
	audiences, err := st.Audiences(ctx, s.ID)
	if err != nil {
		return 0, err
	}
	forms := map[string]*form.Form{}
	for _, a := range audiences {
		if in, _ := instrument.Parse(a.Source); in != nil {
			forms[a.Name] = form.New(in)
		}
	}
	return st.Freeze(ctx, s, forms, now)
}
