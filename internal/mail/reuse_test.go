package mail_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/uitvraag/uitvraag/internal/mail"
)

// numbered is message n, to an address of its own.
func numbered(n int) mail.Message {
	m := message()
	m.ID = keys.MessageID(fmt.Sprint("m", n))
	m.To.Email = fmt.Sprintf("n%d@swv.example", n)
	m.Text = fmt.Sprintf("%s\nnummer %d\n", m.Text, n)
	return m
}

// keep is what an inbox has received, by envelope recipient.
type kept struct {
	mu   sync.Mutex
	mail map[string][]mail.Received
}

func (k *kept) keep(_ context.Context, m mail.Received) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.mail == nil {
		k.mail = map[string][]mail.Received{}
	}
	for _, to := range m.To {
		k.mail[to] = append(k.mail[to], m)
	}
	return nil
}

func inbox(t *testing.T, keep func(context.Context, mail.Received) error) *mail.Inbox {
	t.Helper()
	i := must(mail.ListenInbox("127.0.0.1:0", keep))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- i.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return i
}

func TestManySendersAtOnceEachMailOnce(t *testing.T) {
	t.Parallel()
	var k kept
	s := sender(t, "smtp://"+inbox(t, k.keep).Addr(), mail.Options{DKIM: edKey(t)})
	const senders, each = 8, 40
	var begun atomic.Int32
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			for j := range each {
				got := s.Send(t.Context(), numbered(i*each+j), func(context.Context) error { begun.Add(1); return nil })
				if got.Outcome != mail.Accepted {
					t.Errorf("got %v", got)
				}
			}
		})
	}
	wg.Wait()
	if len(k.mail) != senders*each || begun.Load() != senders*each {
		t.Errorf("%d addressees, %d begun", len(k.mail), begun.Load())
	}
	for to, mails := range k.mail {
		if n := strings.TrimSuffix(strings.TrimPrefix(to, "n"), "@swv.example"); len(mails) != 1 || !strings.Contains(string(mails[0].Data), "nummer "+n+"\r\n") {
			t.Errorf("%s has %d mails", to, len(mails))
		}
		if v, err := verify(mails[0].Data); err != nil || v == nil {
			t.Errorf("the signature to %s: %v", to, err)
		}
		if mails[0].From != message().ReturnPath {
			t.Errorf("return path %q", mails[0].From)
		}
	}
}

func TestAConnectionIsUsedAgain(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w *wire, _ int) {
		greeted(w)
		for line := w.line(); line != ""; line = w.line() {
			if line != "DATA" {
				w.say("250 ok")
				continue
			}
			w.say("354 go")
			w.data()
			w.say("250 2.0.0 ok")
		}
	})
	smtp := sender(t, s.url(), mail.Options{})
	for n := range 210 {
		if got := smtp.Send(t.Context(), numbered(n), nil); got.Outcome != mail.Accepted {
			t.Fatalf("message %d: %v", n, got)
		}
	}
	if s.count() != 3 { // 100 a connection
		t.Errorf("%d connections", s.count())
	}
}

// What a server does with a connection that it has had enough of, after one message.
var tired = map[string]func(*wire){
	"closes it":             func(w *wire) {},
	"drops it":              func(w *wire) { w.reset() },
	"says so at RSET":       func(w *wire) { w.line(); w.say("421 4.4.2 idle too long") },
	"says so by itself":     func(w *wire) { w.say("421 4.4.2 idle too long") },
	"says so at MAIL":       func(w *wire) { w.until("MAIL", "250 ok"); w.say("421 4.7.0 too many messages") },
	"leaves at MAIL":        func(w *wire) { w.until("MAIL", "250 ok") },
	"speaks out of turn":    func(w *wire) { w.say("250 ok", "250 ok"); w.until("QUIT", "250 ok") },
	"no longer knows a way": func(w *wire) { w.line(); w.say("500 what?"); w.until("QUIT", "250 ok") },
}

func TestATiredConnectionIsReplacedAndNothingGoesTwice(t *testing.T) {
	t.Parallel()
	for name, end := range tired {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var received atomic.Int32
			s := serve(t, func(w *wire, _ int) {
				atData(w)
				w.data()
				received.Add(1)
				w.say("250 2.0.0 ok")
				end(w)
			})
			smtp := sender(t, s.url(), mail.Options{})
			for n := range 3 {
				begun := 0
				got := smtp.Send(t.Context(), numbered(n), func(context.Context) error { begun++; return nil })
				if got.Outcome != mail.Accepted || begun != 1 {
					t.Errorf("message %d: %v, begun %d times", n, got, begun)
				}
			}
			if received.Load() != 3 {
				t.Errorf("received %d", received.Load())
			}
		})
	}
}

func TestARefusalKeepsTheConnection(t *testing.T) {
	t.Parallel()
	var k kept
	back := backend{rcpt: func(to string) error {
		if strings.HasPrefix(to, "n1@") {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		}
		return nil
	}, keep: k.keep}
	addr, connections := back.listen(t, nil)
	s := sender(t, "smtp://"+addr, mail.Options{})
	for n, want := range []mail.Outcome{mail.Accepted, mail.Refused, mail.Accepted} {
		if got := s.Send(t.Context(), numbered(n), nil); got.Outcome != want {
			t.Errorf("message %d: %v", n, got)
		}
	}
	if n := connections.Load(); n != 1 || len(k.mail) != 2 {
		t.Errorf("%d connections, %d mails", n, len(k.mail))
	}
}

func TestOverTLSTheSameHolds(t *testing.T) {
	t.Parallel()
	var k kept
	cert, _ := certificate("localhost", time.Now().Add(time.Hour))
	addr, connections := backend{keep: k.keep}.listen(t, &tls.Config{Certificates: []tls.Certificate{cert}})
	s := sender(t, "smtp://"+addr, mail.Options{})
	for n := range 20 {
		if got := s.Send(t.Context(), numbered(n), nil); got.Outcome != mail.Accepted {
			t.Errorf("message %d: %v", n, got)
		}
	}
	if n := connections.Load(); n != 1 || len(k.mail) != 20 {
		t.Errorf("%d connections, %d mails", n, len(k.mail))
	}
}
