package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/errs"
	post "github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/server"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// releaseFieldwork lets the worker send for a study.
func releaseFieldwork(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		released, err := db.Release(ctx, st.ID, store.BySystem, sh.now())
		if err != nil {
			return err
		}
		if !released {
			sh.tell("%s was released already, on %s", st.Slug, st.Released.Format(time.RFC3339))
			return nil
		}
		sh.tell("%s is released: the worker sends what is due from now on", st.Slug)
		return nil
	})
}

// sweepFieldwork decides what is due and sends it.
func sweepFieldwork(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	at := fs.String("at", "", "play that it is this moment, RFC 3339; needs --simulate")
	simulate := fs.Bool("simulate", false, "mail goes out, but throttle, waiting times and sending hours do not hold")
	asJSON := fs.Bool("json", false, "print JSON")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if *at != "" && !*simulate {
		return fmt.Errorf("%w: --at needs --simulate: mail really goes out, as if it were then", errUsage)
	}
	now := sh.now
	if *at != "" {
		t, err := moment("at", *at)
		if err != nil {
			return err
		}
		now = func() time.Time { return t }
	}
	c, err := readConfig(sh.getenv, os.Geteuid() == 0)
	if err = errors.Join(err, c.mailFaults()); err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		if *simulate && db.private == nil && !st.Released.IsZero() {
			return errs.Errorf(errs.Conflict, "%s is released, and this is no private database: a sweep cannot be simulated here", st.Slug)
		}
		m, stop, err := newMailer(sh, c, db, now)
		if err != nil {
			return err
		}
		defer stop()
		swept, err := m.Sweep(ctx, st, *simulate, store.BySystem)
		if err != nil {
			return err
		}
		return tellSwept(ctx, sh, db, st, swept, *asJSON)
	})
}

// newMailer makes what sends mail, over the server of the environment or the
// built-in inbox; stop ends the latter.
func newMailer(sh shell, c config, db *database, now func() time.Time) (*worker.Mailer, func(), error) {
	if err := db.needSecret(); err != nil {
		return nil, nil, err
	}
	c.secret = db.secret
	keys := c.keys()
	options := post.Options{}
	if c.dkimKey != "" {
		key, err := readDKIM(c.dkimKey, keys.Domain)
		if err != nil {
			return nil, nil, err
		}
		options.DKIM = key
	}
	address, stop, err := mailServer(c, db.Store, now)
	if err != nil {
		return nil, nil, err
	}
	out, err := post.NewSMTP(address, options)
	if err != nil {
		stop()
		return nil, nil, fmt.Errorf("UITVRAAG_SMTP_URL: %w", err)
	}
	m := &worker.Mailer{Store: db.Store, Sender: out, Keys: keys, From: c.sender(),
		Base: c.baseURL, Now: now, Log: slog.New(slog.NewJSONHandler(sh.stderr, nil))}
	end := func() {
		_ = out.Close() // nothing is in the air any more
		stop()
	}
	return m, end, nil
}

// readDKIM reads a key. The name of its file, without extension, is the selector:
// /etc/uitvraag/uitvraag2026.pem belongs to uitvraag2026._domainkey.DOMAIN.
func readDKIM(path, domain string) (*post.DKIM, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("UITVRAAG_DKIM_KEY: %w", err)
	}
	key, err := post.NewDKIM(pem, domain, selector(path))
	if err != nil {
		return nil, fmt.Errorf("UITVRAAG_DKIM_KEY: %w", err)
	}
	return key, nil
}

// selector is the name under which the DNS has a key; "" without one.
func selector(path string) string {
	if path == "" {
		return ""
	}
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// mailFaults are what keeps mail from being sent.
func (c *config) mailFaults() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if c.smtpURL != "" {
		u, err := url.Parse(c.smtpURL)
		if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
			fault("UITVRAAG_SMTP_URL: must be smtp://host:port or smtps://host:port")
		} else if c.mailFrom == "" && !server.Loopback(u.Hostname()) {
			fault("UITVRAAG_MAIL_FROM: required with an SMTP server off loopback")
		}
	}
	if c.mailFrom != "" {
		if _, err := mail.ParseAddress(c.mailFrom); err != nil {
			fault("UITVRAAG_MAIL_FROM: %q is no mail address", c.mailFrom)
		}
	}
	if c.bounceURL != "" {
		u, err := url.Parse(c.bounceURL)
		if err != nil || !slices.Contains([]string{"imaps", "imap", "file", "maildir"}, u.Scheme) { // the value may hold a password
			fault("UITVRAAG_BOUNCE_URL: must be imaps://user:password@host/mailbox, imap:// or file:///folder")
		}
	}
	if err := c.secretFault(); err != nil {
		faults = append(faults, err)
	}
	if c.dkimKey != "" {
		if _, err := readDKIM(c.dkimKey, "localhost"); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// A sweptMessage is one message of a sweep, for machines.
type sweptMessage struct {
	Unit     string `json:"unit"`
	Audience string `json:"audience"`
	Step     string `json:"step"`
	Channel  string `json:"channel"`
	Outcome  string `json:"outcome"`
	Why      string `json:"why,omitempty"`
}

// A sweptReport is what a sweep did, for machines: the codes of units, and the
// messages one by one.
type sweptReport struct {
	Sent      []string       `json:"sent"`
	Deferred  []string       `json:"deferred"`
	Uncertain []string       `json:"uncertain"`
	Skipped   []string       `json:"skipped"`
	Letters   []string       `json:"letters"`
	Messages  []sweptMessage `json:"messages"`
}

func tellSwept(ctx context.Context, sh shell, db *database, st study.Study, swept worker.Swept, asJSON bool) error {
	r, err := reportSwept(ctx, db, st, swept)
	if err != nil {
		return err
	}
	if asJSON {
		e := json.NewEncoder(sh.stdout)
		e.SetIndent("", " ")
		return e.Encode(r)
	}
	_, err = fmt.Fprintf(sh.stdout, "%d units looked at: %d sent, %d deferred, %d uncertain, %d skipped, %d letters to print\n",
		swept.Units, len(r.Sent), len(r.Deferred), len(r.Uncertain), len(r.Skipped), len(r.Letters))
	for _, m := range r.Messages {
		if m.Why != "" {
			sh.tell("%s %s: %s: %s", m.Audience, m.Unit, m.Outcome, m.Why)
		}
	}
	return err
}

func reportSwept(ctx context.Context, db *database, st study.Study, swept worker.Swept) (sweptReport, error) {
	r := sweptReport{Sent: []string{}, Deferred: []string{}, Uncertain: []string{}, Skipped: []string{}, Letters: []string{}, Messages: []sweptMessage{}}
	var ids []int64
	for _, d := range swept.Deliveries {
		ids = append(ids, d.ID)
	}
	messages, err := db.Messages(ctx, append(ids, swept.Letters...))
	if err != nil {
		return r, err
	}
	known := map[int64]store.Message{}
	for _, m := range messages {
		known[m.ID] = m
	}
	for _, d := range swept.Deliveries {
		m := known[d.ID]
		line := sweptMessage{m.UnitCode, m.Audience, m.Step, string(m.Channel), "", d.Why}
		switch d.State {
		case store.Sent:
			r.Sent, line.Outcome, line.Why = append(r.Sent, m.UnitCode), "sent", ""
		case store.Waiting:
			r.Deferred, line.Outcome = append(r.Deferred, m.UnitCode), "deferred"
		case store.Unsure:
			r.Uncertain, line.Outcome = append(r.Uncertain, m.UnitCode), "uncertain"
		default:
			r.Skipped, line.Outcome = append(r.Skipped, m.UnitCode), "skipped"
		}
		r.Messages = append(r.Messages, line)
	}
	for _, id := range swept.Letters {
		m := known[id]
		r.Letters = append(r.Letters, m.UnitCode)
		r.Messages = append(r.Messages, sweptMessage{m.UnitCode, m.Audience, m.Step, string(m.Channel), "letter", ""})
	}
	codes, err := db.UnitCodes(ctx, st.ID)
	if err != nil {
		return r, err
	}
	for _, s := range swept.Skipped {
		u := codes[s.Unit]
		r.Skipped = append(r.Skipped, u.Code)
		r.Messages = append(r.Messages, sweptMessage{Unit: u.Code, Audience: u.Audience, Outcome: "skipped", Why: s.Why})
	}
	return r, nil
}
