package mail

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// dial opens a connection and brings it to where a message can be sent. The
// session is nil where that failed.
func (s *SMTP) dial(ctx context.Context, e envelope) (*session, Result) {
	d := net.Dialer{Timeout: s.options.Timeouts.Connect}
	conn, err := d.DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return nil, Result{Outcome: Deferred, Stage: StageConnect, Err: err}
	}
	c := &session{raw: conn, conn: conn, timeouts: s.options.Timeouts}
	c.loopback = isLoopback(s.host) && conn.RemoteAddr().(*net.TCPAddr).IP.IsLoopback()
	c.hello = s.options.Hello
	if c.hello == "" {
		c.hello = e.from[strings.LastIndexByte(e.from, '@')+1:]
	}
	defer c.watch(ctx)()
	if failed, ok := s.open(c); !ok {
		c.close()
		if failed.Err != nil && ctx.Err() != nil {
			failed.Err = errors.Join(ctx.Err(), failed.Err)
		}
		return nil, failed
	}
	return c, Result{}
}

// open does everything that comes before the first message.
func (s *SMTP) open(c *session) (failed Result, ok bool) {
	if s.implicit {
		if err := c.startTLS(s.tlsConfig(false)); err != nil {
			return setupFailure(StageTLS, err), false
		}
	}
	c.read = bufio.NewReaderSize(c.conn, maxReplyLine)
	r, err := c.reply(s.options.Timeouts.Command)
	if err != nil || r.code != 220 {
		return c.failure(StageConnect, r, err), false
	}
	if failed, ok := c.greet(); !ok {
		return failed, false
	}
	if !s.implicit {
		if failed, ok := s.upgrade(c); !ok {
			return failed, false
		}
	}
	if s.user != nil {
		return s.login(c)
	}
	return Result{}, true
}

// greet says EHLO, and HELO to a server that does not know it.
func (c *session) greet() (failed Result, ok bool) {
	r, err := c.command(StageConnect, "EHLO %s", c.hello)
	c.extensions = map[string]string{}
	if err == nil && r.code >= 500 && r.code != 554 {
		r, err = c.command(StageConnect, "HELO %s", c.hello)
	}
	if err != nil || r.code != 250 {
		return c.failure(StageConnect, r, err), false
	}
	for _, line := range r.lines[1:] {
		name, rest, _ := strings.Cut(strings.ToUpper(line), " ")
		c.extensions[name] = rest
	}
	return Result{}, true
}

// upgrade makes the connection a TLS one. On loopback it may stay as it is, and
// the certificate is not looked at: nothing leaves the machine.
func (s *SMTP) upgrade(c *session) (failed Result, ok bool) {
	if _, offered := c.extensions["STARTTLS"]; !offered {
		if c.loopback {
			return Result{}, true
		}
		return setupFailure(StageTLS, errors.New("the server does not offer STARTTLS, without which nothing is sent")), false
	}
	r, err := c.command(StageTLS, "STARTTLS")
	if err != nil || r.code != 220 {
		return c.failure(StageTLS, r, err), false
	}
	if c.read.Buffered() > 0 { // said before the key was agreed on, by whomever
		return setupFailure(StageTLS, errors.New("the server speaks between STARTTLS and TLS")), false
	}
	if err := c.startTLS(s.tlsConfig(c.loopback)); err != nil {
		return setupFailure(StageTLS, err), false
	}
	c.read = bufio.NewReaderSize(c.conn, maxReplyLine)
	return c.greet() // what was said in the clear does not count
}

func (s *SMTP) tlsConfig(unchecked bool) *tls.Config {
	return &tls.Config{
		ServerName: s.host, RootCAs: s.options.RootCAs, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: unchecked, // on loopback only, where no TLS at all is fine too
	}
}

func (c *session) startTLS(config *tls.Config) error {
	conn := tls.Client(c.raw, config)
	if err := c.deadline(c.timeouts.Connect); err != nil {
		return err
	}
	if err := conn.Handshake(); err != nil {
		return err
	}
	c.conn, c.tls = conn, true
	return nil
}

// login proves who we are, never over an open line off this machine.
func (s *SMTP) login(c *session) (failed Result, ok bool) {
	if !c.tls && !c.loopback {
		return setupFailure(StageLogin, errors.New("no password is sent without TLS")), false
	}
	user := s.user.Username()
	password, _ := s.user.Password()
	mechanisms := " " + c.extensions["AUTH"] + " "
	var r reply
	var err error
	switch {
	case strings.Contains(mechanisms, " PLAIN "):
		r, err = c.command(StageLogin, "AUTH PLAIN %s", base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password)))
	case strings.Contains(mechanisms, " LOGIN "):
		r, err = c.command(StageLogin, "AUTH LOGIN")
		for _, answer := range []string{user, password} {
			if err == nil && r.code == 334 {
				r, err = c.command(StageLogin, "%s", base64.StdEncoding.EncodeToString([]byte(answer)))
			}
		}
	default:
		return setupFailure(StageLogin, fmt.Errorf("the server offers no login that we know (PLAIN, LOGIN) but %q", c.extensions["AUTH"])), false
	}
	if err != nil || r.code != 235 {
		return c.failure(StageLogin, r, err), false
	}
	return Result{}, true
}

func setupFailure(stage Stage, err error) Result {
	return Result{Outcome: Deferred, Stage: stage, Setup: true, Err: err}
}

// isLoopback tells whether a host, as written, is this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// in is the moment after d. Time limits of a connection are no decisions, so
// the clock is not an argument here; see "the clock" in layers_test.go.
func in(d time.Duration) time.Time {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	at, _ := ctx.Deadline()
	return at
}
