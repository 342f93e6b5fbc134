package main

import (
	"context"
	"sync"
	"time"

	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

// mailServer returns the smtp address to send to: that of the environment, or
// that of a built-in inbox on loopback, which puts what it gets in the database
// until stop is called. stop waits for conversations that are under way.
func mailServer(c config, st *store.Store, now func() time.Time) (address string, stop func(), err error) {
	if c.smtpURL != "" {
		return c.smtpURL, func() {}, nil
	}
	inbox, err := mail.ListenInbox("127.0.0.1:0", func(ctx context.Context, m mail.Received) error { return st.AddInboxMail(ctx, m, now()) })
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { _ = inbox.Serve(ctx) }) // that it fails, a sender finds out
	return "smtp://" + inbox.Addr(), func() { cancel(); done.Wait() }, nil
}
