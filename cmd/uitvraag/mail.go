package main

import (
	"context"
	netmail "net/mail"
	"strings"
	"sync"
	"time"

	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

// sender is who mails are from: UITVRAAG_MAIL_FROM, which was checked.
func (c config) sender() mail.Address {
	a, err := netmail.ParseAddress(c.mailFrom)
	if err != nil {
		return mail.Address{Email: "uitvraag@localhost"}
	}
	return mail.Address{Name: a.Name, Email: a.Address}
}

// keys make the names by which mail that comes back is known again. c.secret is
// that of the database.
func (c config) keys() mail.Keys {
	_, domain, _ := strings.Cut(c.sender().Email, "@")
	return mail.Keys{Secret: []byte(c.secret), Domain: domain}
}

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
