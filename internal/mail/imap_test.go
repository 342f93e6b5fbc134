package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"github.com/uitvraag/uitvraag/internal/mail"
)

// mailserver is an IMAP server with one user and some folders.
func mailserver(t *testing.T, config *tls.Config, implicit bool) (addr string, user *imapmemserver.User) {
	t.Helper()
	user = imapmemserver.NewUser("u@x.nl", secret)
	for _, folder := range []string{"INBOX", "Bounces"} {
		if err := user.Create(folder, nil); err != nil {
			t.Fatal(err)
		}
	}
	memory := imapmemserver.New()
	memory.AddUser(user)
	s := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		Logger: quiet{}, TLSConfig: config, InsecureAuth: config == nil,
	})
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	addr = l.Addr().String()
	if implicit {
		l = tls.NewListener(l, config)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return addr, user
}

func deliver(t *testing.T, user *imapmemserver.User, folder string, data []byte, flags ...imap.Flag) {
	t.Helper()
	if _, err := user.Append(folder, literal{bytes.NewReader(data)}, &imap.AppendOptions{Flags: flags}); err != nil {
		t.Fatal(err)
	}
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func mailboxURL(scheme, addr, password, folder string) string {
	return (&url.URL{Scheme: scheme, User: url.UserPassword("u@x.nl", password), Host: addr, Path: "/" + folder}).String()
}

func TestAMailboxIsReadOnceEachMail(t *testing.T) {
	t.Parallel()
	addr, user := mailserver(t, nil, false)
	for _, name := range []string{"postfix_failed", "reply", "ooo_exchange_nl"} {
		deliver(t, user, "INBOX", fixture(t, name))
	}
	deliver(t, user, "INBOX", fixture(t, "qmail"), imap.FlagSeen)
	deliver(t, user, "Bounces", fixture(t, "gmail_unknown"))
	all := strings.Join([]string{string(fixture(t, "postfix_failed")), string(fixture(t, "reply")), string(fixture(t, "ooo_exchange_nl"))}, "")
	at := mailboxURL("imap", addr, secret, "")
	if got := strings.Join(drain(t, open(t, at), no), ""); got != all {
		t.Errorf("first: %q", got)
	}
	if got := strings.Join(drain(t, open(t, at), func(m string) bool { return m != string(fixture(t, "reply")) }), ""); got != all {
		t.Errorf("second, unmarked and so unseen: %q", got)
	}
	if got := strings.Join(drain(t, open(t, at), yes), ""); got != string(fixture(t, "reply")) {
		t.Errorf("third: %q", got)
	}
	if got := drain(t, open(t, at), yes); got != nil {
		t.Errorf("fourth: %q", got)
	}
	if got := drain(t, open(t, mailboxURL("imap", addr, secret, "Bounces")), yes); len(got) != 1 || keys.Read([]byte(got[0])).ID != "42" {
		t.Errorf("of another folder: %q", got)
	}
}

func TestALongMailInAMailboxIsFetchedInPart(t *testing.T) {
	t.Parallel()
	addr, user := mailserver(t, nil, false)
	deliver(t, user, "INBOX", append(fixture(t, "postfix_failed"), bytes.Repeat([]byte("x\r\n"), 4<<20)...))
	l, err := open(t, mailboxURL("imap", addr, secret, "INBOX")).Next(t.Context())
	if err != nil || len(l.Data) != mail.MaxIncoming+1 {
		t.Fatalf("%d bytes, %v", len(l.Data), err)
	}
	if in := keys.Read(l.Data); in.Kind != mail.Report || in.ID != "42" || !in.Truncated {
		t.Errorf("got %+v", in)
	}
}

func TestAMailboxOverTLS(t *testing.T) {
	t.Parallel()
	cert, pool := certificate("127.0.0.1", time.Now().Add(time.Hour))
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	addr, user := mailserver(t, config, true)
	deliver(t, user, "INBOX", fixture(t, "reply"))
	s, err := mail.OpenSource(t.Context(), mailboxURL("imaps", addr, secret, "INBOX"), pool)
	if err != nil {
		t.Fatal(err)
	}
	if got := drain(t, s, yes); len(got) != 1 {
		t.Errorf("got %q", got)
	}
	_ = s.Close()
	if _, err := mail.OpenSource(t.Context(), mailboxURL("imaps", addr, secret, "INBOX"), nil); err == nil {
		t.Error("a certificate of an unknown issuer is accepted")
	}
	// Off loopback imap:// demands STARTTLS, and a certificate that is right.
	anywhere, everyone := certificate("0.0.0.0", time.Now().Add(time.Hour))
	addr, user = mailserver(t, &tls.Config{Certificates: []tls.Certificate{anywhere}}, false)
	deliver(t, user, "INBOX", fixture(t, "reply"))
	_, port, _ := net.SplitHostPort(addr)
	s, err = mail.OpenSource(t.Context(), mailboxURL("imap", "0.0.0.0:"+port, secret, "INBOX"), everyone)
	if err != nil {
		t.Fatal(err)
	}
	if got := drain(t, s, yes); len(got) != 1 {
		t.Errorf("got %q", got)
	}
	_ = s.Close()
	if _, err := mail.OpenSource(t.Context(), mailboxURL("imap", "0.0.0.0:"+port, secret, "INBOX"), nil); err == nil {
		t.Error("a certificate of an unknown issuer is accepted after STARTTLS")
	}
	open, _ := mailserver(t, nil, false)
	_, port, _ = net.SplitHostPort(open)
	if _, err := mail.OpenSource(t.Context(), mailboxURL("imap", "0.0.0.0:"+port, secret, "INBOX"), everyone); err == nil {
		t.Error("a password went over an open line")
	}
}

func TestAMailboxThatCannotBeRead(t *testing.T) {
	t.Parallel()
	addr, _ := mailserver(t, nil, false)
	for _, at := range []string{mailboxURL("imap", addr, secret+"x", "INBOX"), mailboxURL("imap", addr, secret, "Nowhere")} {
		if _, err := mail.OpenSource(t.Context(), at, nil); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", at, err)
		}
	}
	silent := serve(t, func(w *wire, _ int) { _, _ = io.Copy(io.Discard, w) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := mail.OpenSource(ctx, mailboxURL("imap", silent.Addr().String(), secret, "INBOX"), nil)
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 10*time.Second {
		t.Errorf("a silent server: %v after %v", err, time.Since(start))
	}
	gone, user := mailserver(t, nil, false)
	deliver(t, user, "INBOX", fixture(t, "reply"))
	s := open(t, mailboxURL("imap", gone, secret, "INBOX"))
	_ = s.Close()
	if _, err := s.Next(t.Context()); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("after the line broke: %v", err)
	}
}
