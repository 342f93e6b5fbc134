package mail_test

import (
	"crypto/tls"
	"encoding/base64"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/mail"
)

// secret is a password that must stand in no error.
const secret = "geheim/wacht+woord"

func offering(t *testing.T, config *tls.Config, extensions ...string) *script {
	return serve(t, func(w *wire, _ int) {
		w.say("220 test")
		for {
			switch line := w.line(); {
			case line == "":
				return
			case strings.HasPrefix(line, "EHLO"):
				w.say("250-test")
				w.say(extensions...)
				w.say("250 8BITMIME")
			case line == "STARTTLS":
				w.say("220 go")
				if !w.upgrade(config) {
					return
				}
				extensions = []string{"250-AUTH PLAIN"}
			case line == "AUTH PLAIN "+base64.StdEncoding.EncodeToString([]byte("\x00u@x.nl\x00"+secret)):
				w.say("235 2.7.0 welcome")
			case strings.HasPrefix(line, "AUTH PLAIN"):
				w.say("535 5.7.8 wrong: " + line)
			case line == "AUTH LOGIN":
				w.say("334 VXNlcm5hbWU6")
				user := w.line()
				w.say("334 UGFzc3dvcmQ6")
				if password := w.line(); user+password == base64.StdEncoding.EncodeToString([]byte("u@x.nl"))+base64.StdEncoding.EncodeToString([]byte(secret)) {
					w.say("235 welcome")
				} else {
					w.say("535 5.7.8 no")
				}
			case line == "DATA":
				w.say("354 go")
				w.data()
				w.say("250 2.0.0 ok")
			default:
				w.say("250 ok")
			}
		}
	})
}

func withUser(s *script, password string) string {
	return (&url.URL{Scheme: "smtp", User: url.UserPassword("u@x.nl", password), Host: s.Addr().String()}).String()
}

func TestSTARTTLSIsTakenAndOnLoopbackNotDemanded(t *testing.T) {
	t.Parallel()
	cert, _ := certificate("elsewhere.example", time.Now().Add(time.Hour)) // as Debian's Postfix has by default
	for name, s := range map[string]*script{
		"not offered": offering(t, nil),
		"offered":     offering(t, &tls.Config{Certificates: []tls.Certificate{cert}}, "250-STARTTLS"),
	} {
		if got := sender(t, s.url(), mail.Options{}).Send(t.Context(), message(), nil); got.Outcome != mail.Accepted {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// offLoopback is a script as a server on another machine: 0.0.0.0 is written
// like no loopback address, and yet leads here.
func offLoopback(s *script) string {
	_, port, _ := net.SplitHostPort(s.Addr().String())
	return "0.0.0.0:" + port
}

func TestOffLoopbackTLSIsDemandedAndChecked(t *testing.T) {
	t.Parallel()
	plain := offering(t, nil)
	got := sender(t, "smtp://"+offLoopback(plain), mail.Options{}).Send(t.Context(), message(), nil)
	if got.Outcome != mail.Deferred || got.Stage != mail.StageTLS || !got.Setup {
		t.Errorf("without STARTTLS: %v", got)
	}
	good, pool := certificate("0.0.0.0", time.Now().Add(time.Hour))
	old, oldPool := certificate("0.0.0.0", time.Now().Add(-time.Hour))
	other, otherPool := certificate("elsewhere.example", time.Now().Add(time.Hour))
	for name, c := range map[string]struct {
		cert tls.Certificate
		o    mail.Options
		ok   bool
	}{
		"right":          {good, mail.Options{RootCAs: pool}, true},
		"unknown issuer": {good, mail.Options{}, false},
		"expired":        {old, mail.Options{RootCAs: oldPool}, false},
		"another name":   {other, mail.Options{RootCAs: otherPool}, false},
	} {
		s := offering(t, &tls.Config{Certificates: []tls.Certificate{c.cert}}, "250-STARTTLS")
		got := sender(t, "smtp://"+offLoopback(s), c.o).Send(t.Context(), message(), nil)
		if c.ok && got.Outcome != mail.Accepted || !c.ok && (got.Outcome != mail.Deferred || got.Stage != mail.StageTLS || !got.Setup) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestImplicitTLS(t *testing.T) {
	t.Parallel()
	cert, pool := certificate("127.0.0.1", time.Now().Add(time.Hour))
	s := serve(t, func(w *wire, _ int) {
		if w.upgrade(&tls.Config{Certificates: []tls.Certificate{cert}}) {
			replied("250 2.0.0 ok")(w, 1)
		}
	})
	url := "smtps://" + s.Addr().String()
	if got := sender(t, url, mail.Options{RootCAs: pool}).Send(t.Context(), message(), nil); got.Outcome != mail.Accepted {
		t.Errorf("got %v", got)
	}
	if got := sender(t, url, mail.Options{}).Send(t.Context(), message(), nil); got.Stage != mail.StageTLS || !got.Setup || got.Outcome != mail.Deferred {
		t.Errorf("with an unknown issuer: %v", got)
	}
	clear := serve(t, replied("250 ok"))
	if got := sender(t, "smtps://"+clear.Addr().String(), mail.Options{Timeouts: short}).Send(t.Context(), message(), nil); got.Stage != mail.StageTLS || got.Outcome != mail.Deferred {
		t.Errorf("with a server that speaks in the clear: %v", got)
	}
}

func TestWordsSlippedInBeforeTLSAreNoticed(t *testing.T) {
	t.Parallel()
	cert, _ := certificate("localhost", time.Now().Add(time.Hour))
	s := serve(t, func(w *wire, _ int) {
		w.say("220 test")
		w.line()
		w.say("250-test", "250 STARTTLS")
		w.line()
		_, _ = w.Write([]byte("220 go\r\n250 slipped in\r\n"))
		w.upgrade(&tls.Config{Certificates: []tls.Certificate{cert}})
	})
	if got := sender(t, s.url(), mail.Options{Timeouts: short}).Send(t.Context(), message(), nil); got.Stage != mail.StageTLS || got.Outcome != mail.Deferred {
		t.Errorf("got %v", got)
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	cert, _ := certificate("localhost", time.Now().Add(time.Hour))
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	for name, c := range map[string]struct {
		s        *script
		password string
		ok       bool
	}{
		"PLAIN":             {offering(t, nil, "250-AUTH LOGIN PLAIN"), secret, true},
		"LOGIN":             {offering(t, nil, "250-AUTH LOGIN CRAM-MD5"), secret, true},
		"PLAIN after TLS":   {offering(t, config, "250-STARTTLS"), secret, true},
		"wrong password":    {offering(t, nil, "250-AUTH PLAIN"), secret + "x", false},
		"wrong, with LOGIN": {offering(t, nil, "250-AUTH LOGIN"), secret + "x", false},
		"no login offered":  {offering(t, nil), secret, false},
		"only GSSAPI":       {offering(t, nil, "250-AUTH GSSAPI"), secret, false},
	} {
		got := sender(t, withUser(c.s, c.password), mail.Options{}).Send(t.Context(), message(), nil)
		if c.ok != (got.Outcome == mail.Accepted) || !c.ok && (got.Outcome != mail.Deferred || got.Stage != mail.StageLogin || !got.Setup) {
			t.Errorf("%s: %v", name, got)
		}
		if encoded := base64.StdEncoding.EncodeToString([]byte(secret + "x")); strings.Contains(got.String(), secret) || strings.Contains(got.String(), encoded) {
			t.Errorf("%s: the password stands in %v", name, got)
		}
	}
}

func TestNoPasswordGoesOverAnOpenLine(t *testing.T) {
	t.Parallel()
	heard := make(chan string, 10)
	s := serve(t, func(w *wire, _ int) {
		w.say("220 test")
		for line := w.line(); line != ""; line = w.line() {
			heard <- line
			w.say("250-test", "250 AUTH PLAIN LOGIN")
		}
		close(heard)
	})
	u := "smtp://u:" + "geheim" + "@" + offLoopback(s)
	if got := sender(t, u, mail.Options{}).Send(t.Context(), message(), nil); got.Outcome != mail.Deferred || got.Stage != mail.StageTLS {
		t.Errorf("got %v", got)
	}
	for line := range heard {
		if strings.HasPrefix(line, "AUTH") {
			t.Errorf("the server heard %q", line)
		}
	}
}
