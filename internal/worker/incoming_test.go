package worker_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// A round trip: mail goes out over SMTP, and what comes back lies in a folder.
type trip struct {
	fixture.World
	pool   *pgxpool.Pool
	keys   mail.Keys
	mailer *worker.Mailer
	now    time.Time
	spool  string

	mu   sync.Mutex
	sent []mail.Received
}

func newTrip(t *testing.T) *trip {
	t.Helper()
	pool := pgtest.Pool(t)
	p := &trip{World: fixture.Study(t, store.New(pool), 2), pool: pool, keys: mail.Keys{Secret: []byte("zestien tekens!!"), Domain: "uitvraag.example"}, now: fixture.Opens.Add(time.Hour), spool: t.TempDir()}
	inbox, err := mail.ListenInbox("127.0.0.1:0", func(_ context.Context, m mail.Received) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sent = append(p.sent, m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- inbox.Serve(ctx) }()
	sender, err := mail.NewSMTP("smtp://"+inbox.Addr(), mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sender.Close(); err != nil {
			t.Error(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	p.mailer = &worker.Mailer{Store: p.Store, Sender: sender, Keys: p.keys, From: mail.Address{Email: "vragen@uitvraag.example"},
		Base: &url.URL{Scheme: "https", Host: "onderzoek.example.nl"}, Now: func() time.Time { return p.now }, Log: quiet}
	return p
}

func (p *trip) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := p.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// sweep sends what is due and returns what arrived at each address.
func (p *trip) sweep(t *testing.T) map[string]mail.Received {
	t.Helper()
	p.sent = nil
	if _, err := p.mailer.Sweep(t.Context(), p.Study, true, store.BySystem); err != nil {
		t.Fatal(err)
	}
	out := map[string]mail.Received{}
	for _, m := range p.sent {
		if _, twice := out[m.To[0]]; twice {
			t.Errorf("%s got two mails", m.To[0])
		}
		out[m.To[0]] = m
	}
	return out
}

func (p *trip) put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.spool, name), []byte(strings.ReplaceAll(text, "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p *trip) reader() *worker.Reader {
	return &worker.Reader{Store: p.Store, Keys: p.keys, Now: func() time.Time { return p.now }, Log: quiet,
		Open: func(ctx context.Context) (mail.Source, error) { return mail.OpenSource(ctx, "file://"+p.spool, nil) }}
}

// bounced is a report as Postfix writes it.
func bounced(to, recipient string) string {
	return "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\nTo: " + to + "\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nThis is the mail system at host mx.example.\n\n--b\nContent-Type: message/delivery-status\n\n" +
		"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; " + recipient + "\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <" + recipient + ">: User unknown\n\n--b--\n"
}

func TestMailGoesOutAndWhatComesBackIsActedUpon(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	p.exec(t, `update contact.contact c set email = lower(u.code) || '@example.nl' from register.unit u where u.id = c.unit`)
	p.exec(t, `insert into contact.contact (unit, name, email, source, added) select id, 'Piet', 'piet@example.nl', 'register', added from register.unit where code = 'PO9001'`)

	first := p.sweep(t)
	if len(first) != 4 {
		t.Fatalf("%d mails went out: %v", len(first), first)
	}
	text := mail.Show(first["po9001@example.nl"].Data)
	if !strings.Contains(text.Header, "List-Unsubscribe-Post: List-Unsubscribe=One-Click") || !strings.Contains(text.Header, "https://onderzoek.example.nl/afmelden/m") {
		t.Errorf("the mail cannot be unsubscribed from: %s", text.Header)
	}
	for line := range strings.Lines(text.Text) {
		if strings.Contains(line, "https://") && len(strings.TrimSpace(line)) > 76 {
			t.Errorf("a line of %d: %s", len(line), line)
		}
	}
	p.put(t, "1", bounced(first["po9001@example.nl"].From, "po9001@example.nl"))
	p.put(t, "2", "From: Afwezig <po9002@example.nl>\nTo: "+first["po9002@example.nl"].From+"\nSubject: Afwezig\nAuto-Submitted: auto-replied\n\nIk ben er niet.\n")
	p.put(t, "3", "From: gm9001@example.nl\nTo: afmelden+m1.aaaaaaaaaaaaaaaaaaaa@uitvraag.example\nSubject: unsubscribe\n\n") // forged
	p.put(t, "4", "\x00\xff\x00 geen mail")
	p.put(t, "5", "From: GM <gm9002@example.nl>\nTo: vragen@uitvraag.example\nSubject: Re: vraag\nIn-Reply-To: <"+p.keys.Read(first["gm9002@example.nl"].Data).MessageID+">\n\nMag het volgende week?\n")
	if err := p.reader().Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	open, n, err := p.Store.Arrivals(t.Context(), p.Study.ID, false, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range open {
		got = append(got, string(a.Kind)+" "+a.UnitCode)
	}
	if want := "reply GM9002|reply |reply |autoreply PO9002"; strings.Join(got, "|") != want || n != 4 {
		t.Errorf("what waits for a person is %s", strings.Join(got, "|"))
	}
	if entries, err := os.ReadDir(filepath.Join(p.spool, "done")); err != nil || len(entries) != 5 {
		t.Errorf("%d mails are marked as read (%v)", len(entries), err)
	}

	p.now = p.now.Add(time.Hour)
	second := p.sweep(t)
	if _, ok := second["piet@example.nl"]; !ok || len(second) != 1 {
		t.Errorf("after the bounce these got a mail: %v", second)
	}

	// The reminder, after who got it last unsubscribed by the address in its headers.
	_, address, _ := strings.Cut(mail.Show(second["piet@example.nl"].Data).Header, "<mailto:")
	address, _, _ = strings.Cut(address, ">")
	p.put(t, "6", "From: piet@example.nl\nTo: "+address+"\nSubject: unsubscribe\n\n")
	if err := p.reader().Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.now = fixture.Opens.AddDate(0, 0, 15)
	third := p.sweep(t)
	if _, ok := third["piet@example.nl"]; ok || len(third) != 3 {
		t.Errorf("the reminder went to %v", third)
	}
}

// A source hands out mails, one of which cannot be kept.
type rack struct {
	letters []mail.Letter
	done    int
	fails   int // Done fails so often
}

func (r *rack) Next(context.Context) (mail.Letter, error) {
	if len(r.letters) == 0 {
		return mail.Letter{}, os.ErrClosed
	}
	l := r.letters[0]
	r.letters = r.letters[1:]
	return l, nil
}

func (r *rack) Done(context.Context, mail.Letter) error {
	if r.fails--; r.fails >= 0 {
		return errors.New("the mailbox is gone")
	}
	r.done++
	return nil
}

func (r *rack) Close() error { return nil }

func TestAMailThatCannotBeKeptDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	p.exec(t, `alter table contact.incoming add constraint poison check (subject <> 'gif')`)
	r := &rack{letters: []mail.Letter{{Data: []byte("Subject: gif\n\n")}, {Data: []byte("Subject: brood\n\n")}}}
	reader := p.reader()
	reader.Open = func(context.Context) (mail.Source, error) { return r, nil }
	err := reader.Read(t.Context())
	if err == nil || r.done != 1 {
		t.Errorf("%d mails are read, %v", r.done, err)
	}
	p.exec(t, `alter table contact.incoming drop constraint poison`)
	if err := reader.Take(t.Context(), mail.Letter{Data: []byte("Subject: gif\n\n")}); err != nil {
		t.Error(err)
	}

	// What could not be marked comes again, and is no second mail.
	r.letters, r.fails = []mail.Letter{{Data: []byte("Subject: twee keer\n\n")}}, 1
	if err := reader.Read(t.Context()); err == nil {
		t.Error("a mailbox that fails is no error")
	}
	r.letters = []mail.Letter{{Data: []byte("Subject: twee keer\n\n")}}
	if err := reader.Read(t.Context()); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	if _, n, err := p.Store.Arrivals(t.Context(), p.Study.ID, false, 0, 10); err != nil || n != 3 {
		t.Errorf("%d mails are kept (%v)", n, err)
	}
}
