package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	netmail "net/mail"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/worker"
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

// newReader makes what reads the mail that comes back.
func newReader(c config, db *database, now func() time.Time, log *slog.Logger) *worker.Reader {
	c.secret = db.secret
	return &worker.Reader{Store: db.Store, Keys: c.keys(), Now: now, Log: log,
		Open: func(ctx context.Context) (mail.Source, error) { return mail.OpenSource(ctx, c.bounceURL, nil) }}
}

// tempFail is the exit status by which a mail server keeps a mail and tries it
// again (EX_TEMPFAIL of sysexits.h). Any other would send it back, or lose it.
const tempFail = 75

// receiveMail takes the mail on standard input. It ends well only when the mail
// is kept.
func receiveMail(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	if _, err := parse(sh, fs, 0); err != nil {
		return &exitError{err, tempFail}
	}
	c, err := readConfig(sh.getenv, os.Geteuid() == 0)
	if err != nil {
		return &exitError{err, tempFail}
	}
	err = withDatabase(ctx, sh, func(db *database) error {
		if err := db.needSecret(); err != nil {
			return err
		}
		r := newReader(c, db, sh.now, slog.New(slog.NewJSONHandler(sh.stderr, nil)))
		letter, err := mail.NewPipe(sh.stdin).Next(ctx)
		if errors.Is(err, io.EOF) {
			return errors.New("there is no mail on standard input")
		}
		if err != nil {
			return err
		}
		return r.Take(ctx, letter)
	})
	if err != nil {
		return &exitError{err, tempFail}
	}
	return nil
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
