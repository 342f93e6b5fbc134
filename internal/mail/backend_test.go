package mail_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/uitvraag/uitvraag/internal/mail"
)

// A backend is a go-smtp server that answers by address.
type backend struct {
	rcpt func(to string) error
	keep func(context.Context, mail.Received) error
}

// listen serves until the end of the test, and counts connections.
func (b backend) listen(t *testing.T, config *tls.Config) (addr string, connections *atomic.Int32) {
	t.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	connections = new(atomic.Int32)
	greeted := map[*smtp.Conn]bool{}
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		if !greeted[c] { // a second EHLO after STARTTLS is the same connection; tests here open one at a time
			greeted[c] = true
			connections.Add(1)
		}
		return &backendSession{backend: b}, nil
	}))
	s.Domain, s.TLSConfig, s.ErrorLog = "test", config, quiet{}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String(), connections
}

type backendSession struct {
	backend
	mail mail.Received
}

func (s *backendSession) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = mail.Received{From: from}
	return nil
}

func (s *backendSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.rcpt != nil {
		if err := s.rcpt(to); err != nil {
			return err
		}
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *backendSession) Data(r io.Reader) (err error) {
	if s.mail.Data, err = io.ReadAll(r); err != nil {
		return err
	}
	return s.keep(context.Background(), s.mail)
}

func (s *backendSession) Reset()        { s.mail = mail.Received{} }
func (s *backendSession) Logout() error { return nil }

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}
