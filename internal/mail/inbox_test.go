package mail_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/mail"
)

func TestAnInboxListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	none := func(context.Context, mail.Received) error { return nil }
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.nl:0", "127.0.0.1", ""} {
		if i, err := mail.ListenInbox(addr, none); err == nil {
			t.Errorf("%q: it listens on %s", addr, i.Addr())
		}
	}
	for _, addr := range []string{"localhost:0", "127.0.0.2:0"} {
		i, err := mail.ListenInbox(addr, none)
		if err != nil {
			t.Errorf("%q: %v", addr, err)
			continue
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := i.Serve(ctx); err != nil {
			t.Errorf("%q: %v", addr, err)
		}
	}
}

func TestAMailIsTakenOnlyWhenItIsKept(t *testing.T) {
	t.Parallel()
	broken := true
	i := inbox(t, func(context.Context, mail.Received) error {
		if broken {
			return errors.New("the database is away, with a secret")
		}
		return nil
	})
	s := sender(t, "smtp://"+i.Addr(), mail.Options{})
	got := s.Send(t.Context(), message(), nil)
	if got.Outcome != mail.Deferred || got.Code != 451 || strings.Contains(got.String(), "secret") {
		t.Errorf("got %v", got)
	}
	broken = false
	if got := s.Send(t.Context(), message(), nil); got.Outcome != mail.Accepted {
		t.Errorf("got %v", got)
	}
}

func TestTheInboxHasLimits(t *testing.T) {
	t.Parallel()
	var k kept
	i := inbox(t, k.keep)
	m := message()
	m.HTML = strings.Repeat("<p>te lang</p>\n", mail.InboxMaxBytes/10)
	if got := sender(t, "smtp://"+i.Addr(), mail.Options{}).Send(t.Context(), m, nil); got.Outcome == mail.Accepted || len(k.mail) != 0 {
		t.Errorf("too large: %v", got)
	}
	conn := must(net.Dial("tcp", i.Addr()))
	defer func() { _ = conn.Close() }()
	c := textproto.NewReader(bufio.NewReader(conn))
	say := func(format string, args ...any) string {
		_, _ = fmt.Fprintf(conn, format+"\r\n", args...)
		code, words, err := c.ReadResponse(0)
		return fmt.Sprint(code, words, err)
	}
	if _, _, err := c.ReadResponse(220); err != nil {
		t.Fatal(err)
	}
	say("EHLO test")
	say("MAIL FROM:<a@b.nl>")
	for n := range mail.InboxMaxRecipients {
		if got := say("RCPT TO:<n%d@b.nl>", n); !strings.HasPrefix(got, "250") {
			t.Fatalf("recipient %d: %s", n, got)
		}
	}
	if got := say("RCPT TO:<more@b.nl>"); strings.HasPrefix(got, "2") {
		t.Errorf("one more: %s", got)
	}
}

func TestAnInboxStopsThoughSomebodyIsTalking(t *testing.T) {
	t.Parallel()
	i := must(mail.ListenInbox("127.0.0.1:0", func(context.Context, mail.Received) error { return nil }))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- i.Serve(ctx) }()
	s := sender(t, "smtp://"+i.Addr(), mail.Options{})
	if got := s.Send(t.Context(), message(), nil); got.Outcome != mail.Accepted { // and its connection stays open
		t.Fatal(got)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := s.Send(t.Context(), message(), nil); got.Outcome != mail.Deferred {
		t.Errorf("afterwards: %v", got)
	}
}

// TestAnInboxStopsWheneverItIsTold ends the context just before the inbox begins
// to listen, often enough for the two to cross in every way.
func TestAnInboxStopsWheneverItIsTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 8000 {
		i := must(mail.ListenInbox("127.0.0.1:0", func(context.Context, mail.Received) error { return nil }))
		if err := i.Serve(ctx); err != nil {
			t.Fatal(err)
		}
	}
}
