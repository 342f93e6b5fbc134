package mail_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/mail"
)

// short are time limits for tests of servers that do not answer.
var short = mail.Timeouts{Connect: time.Second, Command: 600 * time.Millisecond, Data: 600 * time.Millisecond, Listen: 150 * time.Millisecond, End: 600 * time.Millisecond, Grace: 50 * time.Millisecond}

func sender(t *testing.T, url string, o mail.Options) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP(url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// greeted takes a client to where it may send.
func greeted(w *wire) {
	w.say("220 test ESMTP")
	w.line()
	w.say("250-test", "250-PIPELINING", "250 ENHANCEDSTATUSCODES")
}

// atData takes a client to the beginning of its message.
func atData(w *wire) {
	greeted(w)
	w.until("DATA", "250 2.1.0 ok")
	w.say("354 go ahead")
}

func replied(reply string) func(*wire, int) {
	return func(w *wire, _ int) {
		atData(w)
		w.data()
		w.say(reply)
		w.until("QUIT", "250 ok")
	}
}

func refusedAt(command, reply string) func(*wire, int) {
	return func(w *wire, _ int) {
		greeted(w)
		w.until(command, "250 2.1.0 ok")
		w.say(reply)
		w.until("QUIT", "250 ok")
	}
}

type conversation struct {
	name string
	do   func(*wire, int)
	want mail.Result // but Err
	kind mail.BounceKind
}

// conversations are all ways in which a server can fail us, and what each
// means for the message.
var conversations = []conversation{
	{"accepted", replied("250 2.0.0 Ok: queued as 4bXyz"), mail.Result{Outcome: mail.Accepted, Stage: mail.StageEnd, Code: 250, Status: "2.0.0", Reply: "Ok: queued as 4bXyz"}, ""},
	{"accepted in two lines, without a status", replied("250-thank you\r\n250 bye"), mail.Result{Outcome: mail.Accepted, Stage: mail.StageEnd, Code: 250, Reply: "thank you bye"}, ""},
	{"greylisted", refusedAt("RCPT", "450 4.7.1 Greylisted, try again later"), mail.Result{Outcome: mail.Deferred, Stage: mail.StageRecipient, Code: 450, Status: "4.7.1", Reply: "Greylisted, try again later"}, ""},
	{"unknown addressee", refusedAt("RCPT", "550 5.1.1 <jeugd@denhaag.example>: no such user"), mail.Result{Outcome: mail.Refused, Stage: mail.StageRecipient, Code: 550, Status: "5.1.1", Reply: "<jeugd@denhaag.example>: no such user"}, mail.Hard},
	{"mailbox full", refusedAt("RCPT", "552 5.2.2 mailbox full"), mail.Result{Outcome: mail.Refused, Stage: mail.StageRecipient, Code: 552, Status: "5.2.2", Reply: "mailbox full"}, mail.Soft},
	{"forbidden by policy", refusedAt("RCPT", "550 5.7.1 we do not like you"), mail.Result{Outcome: mail.Refused, Stage: mail.StageRecipient, Code: 550, Status: "5.7.1", Reply: "we do not like you"}, mail.Hard},
	{"no such user, in the old way", refusedAt("RCPT", "550 no"), mail.Result{Outcome: mail.Refused, Stage: mail.StageRecipient, Code: 550, Reply: "no"}, mail.Hard},
	{"a broken server", refusedAt("RCPT", "500 5.3.0 command failed"), mail.Result{Outcome: mail.Refused, Stage: mail.StageRecipient, Code: 500, Status: "5.3.0", Reply: "command failed"}, ""},
	{"no relaying for us", refusedAt("RCPT", "554 5.7.1 <a@b.nl>: Relay access denied"), mail.Result{Outcome: mail.Deferred, Stage: mail.StageRecipient, Setup: true, Code: 554, Status: "5.7.1", Reply: "<a@b.nl>: Relay access denied"}, ""},
	{"log in first", refusedAt("MAIL", "530 5.7.0 Authentication required"), mail.Result{Outcome: mail.Deferred, Stage: mail.StageSender, Setup: true, Code: 530, Status: "5.7.0", Reply: "Authentication required"}, ""},
	{"closing down", refusedAt("MAIL", "421 4.3.2 shutting down"), mail.Result{Outcome: mail.Deferred, Stage: mail.StageSender, Code: 421, Status: "4.3.2", Reply: "shutting down"}, ""},
	{"no to DATA", refusedAt("DATA", "451 4.3.0 out of space"), mail.Result{Outcome: mail.Deferred, Stage: mail.StageData, Code: 451, Status: "4.3.0", Reply: "out of space"}, ""},
	{"never to DATA", refusedAt("DATA", "554 5.6.0 no"), mail.Result{Outcome: mail.Refused, Stage: mail.StageData, Code: 554, Status: "5.6.0", Reply: "no"}, ""},
	{"250 to DATA", refusedAt("DATA", "250 ok"), mail.Result{Outcome: mail.Deferred, Stage: mail.StageData, Code: 250, Reply: "ok"}, ""},
	{"spam", replied("554 5.7.1 looks like spam"), mail.Result{Outcome: mail.Refused, Stage: mail.StageEnd, Code: 554, Status: "5.7.1", Reply: "looks like spam"}, ""},
	{"unknown after all", replied("550 5.1.1 no such user"), mail.Result{Outcome: mail.Refused, Stage: mail.StageEnd, Code: 550, Status: "5.1.1", Reply: "no such user"}, mail.Hard},
	{"not now, after all", replied("451 4.3.0 queue full"), mail.Result{Outcome: mail.Deferred, Stage: mail.StageEnd, Code: 451, Status: "4.3.0", Reply: "queue full"}, ""},
	{"greeting refuses", func(w *wire, _ int) { w.say("554 5.7.1 your address is blocked") }, mail.Result{Outcome: mail.Deferred, Stage: mail.StageConnect, Setup: true, Code: 554, Status: "5.7.1", Reply: "your address is blocked"}, ""},
	{"busy", func(w *wire, _ int) { w.say("421 too many connections") }, mail.Result{Outcome: mail.Deferred, Stage: mail.StageConnect, Code: 421, Reply: "too many connections"}, ""},
	{"speaks HTTP", func(w *wire, _ int) { w.say("HTTP/1.1 400 Bad Request") }, mail.Result{Outcome: mail.Deferred, Stage: mail.StageConnect}, ""},
	{"hangs up at once", func(w *wire, _ int) {}, mail.Result{Outcome: mail.Deferred, Stage: mail.StageConnect}, ""},
	{"hangs up before DATA", func(w *wire, _ int) { greeted(w); w.until("RCPT", "250 ok") }, mail.Result{Outcome: mail.Deferred, Stage: mail.StageRecipient}, ""},
	{"hangs up at DATA", func(w *wire, _ int) { greeted(w); w.until("DATA", "250 ok"); w.reset() }, mail.Result{Outcome: mail.Deferred, Stage: mail.StageData}, ""},
	{"hangs up in mid-message", func(w *wire, _ int) { greeted(w); w.until("DATA", "250 ok"); w.say("354 go"); w.reset() }, mail.Result{Outcome: mail.Deferred, Stage: mail.StageData}, ""},
	{"objects in mid-message", func(w *wire, _ int) { atData(w); w.line(); w.say("552 5.3.4 too large"); w.data() }, mail.Result{Outcome: mail.Refused, Stage: mail.StageData, Code: 552, Status: "5.3.4", Reply: "too large"}, ""},
	{"hangs up after the dot", func(w *wire, _ int) { atData(w); w.data() }, mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}, ""},
	{"crashes after the dot", func(w *wire, _ int) { atData(w); w.data(); w.reset() }, mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}, ""},
	{"half a reply to the dot", func(w *wire, _ int) { atData(w); w.data(); _, _ = w.Write([]byte("250 2.0.")) }, mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}, ""},
	{"first line of a reply to the dot", func(w *wire, _ int) { atData(w); w.data(); w.say("250-2.0.0 wait") }, mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd, Code: 250, Status: "2.0.0", Reply: "wait"}, ""},
	{"nonsense after the dot", replied("hello"), mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}, ""},
	{"354 after the dot", replied("354 more"), mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd, Code: 354, Reply: "more"}, ""},
	{"two codes after the dot", replied("250-ok\r\n550 no"), mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}, ""},
	{"an endless line after the dot", replied("250 " + strings.Repeat("x", 100_000)), mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}, ""},
	{"an endless reply after the dot", replied(strings.Repeat("250-x\r\n", 1000) + "250 x"), mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}, ""},
	{"silent at the greeting", func(w *wire, _ int) { w.line() }, mail.Result{Outcome: mail.Deferred, Stage: mail.StageConnect}, ""},
	{"silent at RCPT", func(w *wire, _ int) { greeted(w); w.until("RCPT", "250 ok"); w.line() }, mail.Result{Outcome: mail.Deferred, Stage: mail.StageRecipient}, ""},
	{"silent after the dot", func(w *wire, _ int) { atData(w); w.data(); w.line() }, mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}, ""},
	{"drips after the dot", func(w *wire, _ int) {
		atData(w)
		w.data()
		for range 100 {
			time.Sleep(10 * time.Millisecond)
			if _, err := w.Write([]byte("2")); err != nil {
				return
			}
		}
	}, mail.Result{Outcome: mail.Unsure, Stage: mail.StageEnd}, ""},
	{"controls and broken UTF-8", replied("250 2.0.0 \x1b[31mok\x00\xff"), mail.Result{Outcome: mail.Accepted, Stage: mail.StageEnd, Code: 250, Status: "2.0.0", Reply: "[31mok �"}, ""},
}

func TestTheOutcomeOfEachConversationIsExact(t *testing.T) {
	t.Parallel()
	for _, c := range conversations {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			begun := 0
			got := sender(t, serve(t, c.do).url(), mail.Options{Timeouts: short}).Send(t.Context(), message(), func(context.Context) error {
				begun++
				return nil
			})
			err := got.Err
			if got.Err = nil; got != c.want {
				t.Errorf("got %+v (%v)\nwant %+v", got, err, c.want)
			}
			if (err == nil) != (got.Outcome == mail.Accepted) {
				t.Errorf("%v with error %v", got.Outcome, err)
			}
			if late := got.Stage == mail.StageData || got.Stage == mail.StageEnd; late != (begun == 1) || begun > 1 {
				t.Errorf("begin was called %d times, and it ended at %s", begun, got.Stage)
			}
			if got.Policy() != strings.HasPrefix(got.Status, "5.7.") {
				t.Errorf("policy %t with %s", got.Policy(), got.Status)
			}
			if kind, ok := got.Bounce(); kind != c.kind || ok != (c.kind != "") {
				t.Errorf("a bounce %q %t, want %q", kind, ok, c.kind)
			}
		})
	}
}

func TestAServerThatLeavesHalfwayALongMessageHasNotGotIt(t *testing.T) {
	t.Parallel()
	m := message()
	m.Text = strings.Repeat("een lange tekst\n", 1_000_000) // more than a socket holds
	s := serve(t, func(w *wire, _ int) {
		atData(w)
		w.line()
		w.reset()
	})
	if got := sender(t, s.url(), mail.Options{}).Send(t.Context(), m, nil); got.Outcome != mail.Deferred || got.Stage != mail.StageData {
		t.Errorf("got %v", got)
	}
}

func TestAServerThatStopsReadingHasNotGotIt(t *testing.T) {
	t.Parallel()
	m := message()
	m.Text = strings.Repeat("een lange tekst\n", 1_000_000)
	done := make(chan struct{})
	s := serve(t, func(w *wire, _ int) {
		atData(w)
		<-done
	})
	got := sender(t, s.url(), mail.Options{Timeouts: short}).Send(t.Context(), m, nil)
	close(done)
	if got.Outcome != mail.Deferred || got.Stage != mail.StageData {
		t.Errorf("got %v", got)
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	s := serve(t, func(*wire, int) {})
	_ = s.Close()
	got := sender(t, s.url(), mail.Options{}).Send(t.Context(), message(), nil)
	if got.Outcome != mail.Deferred || got.Stage != mail.StageConnect || got.Err == nil {
		t.Errorf("got %v", got)
	}
}

func TestAMessageThatIsNotRightReachesNoServer(t *testing.T) {
	t.Parallel()
	s := serve(t, replied("250 ok"))
	m := message()
	m.Subject = "a\r\nBcc: x@y.example"
	got := sender(t, s.url(), mail.Options{}).Send(t.Context(), m, nil)
	if got.Outcome != mail.Refused || got.Stage != mail.StageMessage || errs.KindOf(got.Err) != errs.Invalid || s.count() != 0 {
		t.Errorf("got %v after %d connections", got, s.count())
	}
}

func TestNothingIsSentWhenBeginFails(t *testing.T) {
	t.Parallel()
	lines := make(chan string, 20)
	s := serve(t, func(w *wire, _ int) {
		greeted(w)
		for line := w.line(); line != ""; line = w.line() {
			lines <- line
			w.say("250 ok")
		}
		close(lines)
	})
	smtp := sender(t, s.url(), mail.Options{})
	broken := errors.New("the database is away")
	got := smtp.Send(t.Context(), message(), func(context.Context) error { return broken })
	if got.Outcome != mail.Deferred || got.Stage != mail.StageBegin || !errors.Is(got.Err, broken) {
		t.Errorf("got %v", got)
	}
	_ = smtp.Close()
	for line := range lines {
		if strings.HasPrefix(line, "DATA") {
			t.Errorf("the server heard %q", line)
		}
	}
}

func TestCancellingStopsBeforeTheDotOnly(t *testing.T) {
	t.Parallel()
	t.Run("before", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(w *wire, _ int) {
			greeted(w)
			w.until("RCPT", "250 ok")
			cancel()
			w.line()
		})
		got := sender(t, s.url(), mail.Options{}).Send(ctx, message(), nil)
		if got.Outcome != mail.Deferred || got.Stage != mail.StageRecipient || !errors.Is(got.Err, context.Canceled) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("in begin", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		got := sender(t, serve(t, replied("250 ok")).url(), mail.Options{}).Send(ctx, message(), func(context.Context) error {
			cancel()
			return nil
		})
		if got.Outcome != mail.Deferred || !errors.Is(got.Err, context.Canceled) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("after, and the reply comes", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(w *wire, _ int) {
			atData(w)
			w.data()
			cancel()
			time.Sleep(20 * time.Millisecond)
			w.say("250 2.0.0 ok")
			w.line()
		})
		if got := sender(t, s.url(), mail.Options{}).Send(ctx, message(), nil); got.Outcome != mail.Accepted {
			t.Errorf("got %v", got)
		}
	})
	t.Run("after, and no reply comes", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		s := serve(t, func(w *wire, _ int) {
			atData(w)
			w.data()
			cancel()
			w.line()
		})
		start := time.Now()
		got := sender(t, s.url(), mail.Options{Timeouts: mail.Timeouts{Grace: 30 * time.Millisecond}}).Send(ctx, message(), nil)
		if got.Outcome != mail.Unsure || time.Since(start) > 10*time.Second {
			t.Errorf("got %v after %v", got, time.Since(start))
		}
	})
	t.Run("before it began", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if got := sender(t, serve(t, replied("250 ok")).url(), mail.Options{}).Send(ctx, message(), nil); got.Outcome != mail.Deferred {
			t.Errorf("got %v", got)
		}
	})
}

func TestTheServerGetsWhatBytesWrote(t *testing.T) {
	t.Parallel()
	var envelope []string
	heard := make(chan string, 1)
	s := serve(t, func(w *wire, _ int) {
		greeted(w)
		for line := w.line(); line != "DATA"; line = w.line() {
			envelope = append(envelope, line)
			w.say("250 ok")
		}
		w.say("354 go")
		heard <- w.data()
		w.say("250 ok")
		w.line()
	})
	m := message()
	m.Text = ".\n..\n.punt\n" + m.Text
	if got := sender(t, s.url(), mail.Options{DKIM: edKey(t)}).Send(t.Context(), m, nil); got.Outcome != mail.Accepted {
		t.Fatalf("got %v", got)
	}
	want := must(m.Bytes(edKey(t)))
	raw := <-heard
	if got := strings.ReplaceAll(raw, "\r\n.", "\r\n"); got != string(want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if !strings.Contains(raw, "\r\n..punt") || !strings.Contains(raw, "\r\n...\r\n") {
		t.Error("dots are not doubled")
	}
	if got, want := strings.Join(envelope, "|"), "MAIL FROM:<"+m.ReturnPath+">|RCPT TO:<"+m.To.Email+">"; got != want {
		t.Errorf("envelope %s, want %s", got, want)
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"smtp://localhost", "smtps://u:p@mail.example", "smtp://u%40x.nl:p%2F@mail.example:2525", "smtp://[::1]:25/"} {
		if _, err := mail.NewSMTP(good, mail.Options{}); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "mail.example", "http://x", "smtp://", "smtp://u@mail.example", "smtp://:geheim@mail.example", "smtp://u:geheim@mail.example:x", "smtp://mail.example/geheim", "smtp://mail.example?x=geheim"} {
		if _, err := mail.NewSMTP(bad, mail.Options{}); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

var _ io.Closer = (*mail.SMTP)(nil)
