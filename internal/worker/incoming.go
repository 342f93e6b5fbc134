package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

// A Reader reads what comes back by mail. Of several, one reads at a time.
type Reader struct {
	Store *store.Store
	Keys  mail.Keys
	Open  func(context.Context) (mail.Source, error)
	Now   func() time.Time
	Log   *slog.Logger
}

// Run reads until the context ends, each minute.
func (r *Reader) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		_, err := r.Store.Alone(ctx, "incoming mail", func() error { return r.Read(ctx) })
		if err != nil && ctx.Err() == nil {
			r.Log.ErrorContext(ctx, "incoming mail", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Read reads what is there now. A mail that cannot be kept stays where it is, and
// those behind it are read all the same.
func (r *Reader) Read(ctx context.Context) error {
	source, err := r.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // what was read is marked already
	var faults []error
	for {
		letter, err := source.Next(ctx)
		if errors.Is(err, io.EOF) {
			return errors.Join(faults...)
		}
		if err != nil {
			return errors.Join(append(faults, err)...)
		}
		if err := r.Take(ctx, letter); err != nil {
			if errs.KindOf(err) == errs.Unavailable || ctx.Err() != nil {
				return errors.Join(append(faults, err)...) // the same holds for the next
			}
			faults = append(faults, err)
			continue
		}
		if err := source.Done(ctx, letter); err != nil {
			return errors.Join(append(faults, err)...)
		}
	}
}

// Take keeps one mail and does what follows from it. One with which that fails,
// however often it is tried, is kept for a person as it is.
func (r *Reader) Take(ctx context.Context, letter mail.Letter) error {
	in, err := r.understand(letter.Data)
	if err == nil {
		var added bool
		added, err = r.Store.AddIncoming(ctx, in, r.Now())
		if err == nil && added {
			r.Log.InfoContext(ctx, "incoming mail", "kind", string(in.Kind), "about", in.ID, "forged", in.Forged)
		}
	}
	if err == nil || errs.KindOf(err) == errs.Unavailable || ctx.Err() != nil {
		return err
	}
	r.Log.ErrorContext(ctx, "incoming mail not understood", "key", in.Key, "err", err)
	_, err = r.Store.AddIncoming(ctx, mail.Incoming{Key: in.Key, Kind: mail.Reply, From: in.From, Subject: in.Subject, Text: in.Text,
		Warnings: []string{"deze mail kon niet worden verwerkt"}}, r.Now())
	return err
}

// understand reads a mail. A fault of ours in that must not end the worker at the
// same mail each minute.
func (r *Reader) understand(data []byte) (in mail.Incoming, err error) {
	defer func() {
		if v := recover(); v != nil {
			in, err = mail.Incoming{Key: mail.KeyOf(data)}, fmt.Errorf("panic: %v", v)
		}
	}()
	return r.Keys.Read(data), nil
}
