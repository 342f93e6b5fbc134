package worker_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/worker"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// whole answers every page of a unit, without sending.
func whole(t *testing.T, w fixture.World, audience string, unit int) {
	t.Helper()
	l, err := w.Store.LinkByToken(t.Context(), w.Links[audience][unit].Token)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := w.Store.Enter(t.Context(), l, "2026", "", fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	f := w.Forms[audience]
	for _, p := range f.Visible(nil) {
		values := answer.Values{}
		for _, it := range p.Items {
			v := &it.Variables[0]
			values[v.Name] = "1"
			if v.Type == instrument.CodeType {
				values[v.Name], _ = v.Code(v.Values[0].ID)
			}
		}
		_, err := w.Store.SavePage(t.Context(), store.Save{Response: key, Form: f, Page: p, Posted: values, Rendered: -1, Request: store.NewToken(), Action: "volgende", Mode: answer.Web,
			By: store.Actor{Kind: event.ByRespondent, ID: l.Contact}, Now: fixture.Now})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestClosingIsDoneOnceHoweverManyWorkersLook(t *testing.T) {
	t.Parallel()
	w := fixture.Study(t, store.New(pgtest.Pool(t)), 2)
	whole(t, w, "swv", 0)
	whole(t, w, "gemeente", 1)
	filled := func() (n int) {
		for audience := range w.Forms {
			rows, err := w.Store.Filled(t.Context(), w.Study.ID, audience)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				if row.Status != answer.Partial || !row.Sent.Equal(fixture.Closes) || row.Revision != 1 {
					t.Errorf("frozen row %+v", row)
				}
			}
			n += len(rows)
		}
		return n
	}
	look := func(now time.Time) error {
		return worker.New(w.Store, func() time.Time { return now }, quiet).Look(t.Context())
	}
	for _, now := range []time.Time{fixture.Now, fixture.Closes, fixture.Closes.Add(study.Grace - time.Second)} {
		if err := look(now); err != nil || filled() != 0 {
			t.Errorf("at %v: %d rows, %v", now, filled(), err)
		}
	}
	results := make(chan error)
	for i := range 4 {
		go func() { results <- look(fixture.Closes.Add(study.Grace + time.Duration(i)*time.Hour)) }()
	}
	for range 4 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if n := filled(); n != 2 {
		t.Errorf("%d rows after closing, want 2", n)
	}
}

func TestAWorkerStopsWhenTold(t *testing.T) {
	t.Parallel()
	w := fixture.Study(t, store.New(pgtest.Pool(t)), 0)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- worker.New(w.Store, func() time.Time { return fixture.Now }, quiet).Run(ctx) }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}
