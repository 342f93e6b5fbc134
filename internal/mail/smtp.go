package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Options are the settings of an [SMTP]; the zero value will do.
type Options struct {
	Hello    string         // our name in EHLO; default the domain of the return path
	DKIM     *DKIM          // nil: not signed here
	RootCAs  *x509.CertPool // nil: those of the system
	Timeouts Timeouts
}

// Timeouts limit each step of a conversation; zero is the default.
type Timeouts struct {
	Connect time.Duration // dialling and TLS; 30 s
	Command time.Duration // one command and its reply; 1 min
	Data    time.Duration // writing the message; 3 min
	Listen  time.Duration // for objections right before the last dot; 2 ms, see session.content
	End     time.Duration // the reply to the last dot; 5 min
	Grace   time.Duration // the same, once the context has ended; 20 s
}

const (
	keepIdle   = 4   // connections kept for the next message
	perSession = 100 // messages over one connection; servers object to more
)

// An SMTP sends over a server. It may be used by several goroutines; each
// message in the air has its own connection, and connections are used again.
type SMTP struct {
	addr     string // host:port
	host     string
	user     *url.Userinfo
	implicit bool // TLS from the first byte
	options  Options

	mu   sync.Mutex
	idle []*session
}

// NewSMTP reads smtp://[user:password@]host[:port] or smtps://…. Without a port
// smtp is 587 with a user and 25 without, smtps 465. It connects to nothing yet.
//
// smtps is TLS. smtp takes STARTTLS where it is offered, and off loopback goes
// no further without; there the certificate must be right.
func NewSMTP(rawURL string, o Options) (*SMTP, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return nil, errors.New("SMTP URL: want smtp://host:port or smtps://host:port") // without its text: it may hold a password
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("SMTP URL: nothing may follow the port")
	}
	if _, set := u.User.Password(); u.User != nil && (!set || u.User.Username() == "") {
		return nil, errors.New("SMTP URL: a user needs a password, and a password a user")
	}
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "smtps":
		port = "465"
	case u.User != nil:
		port = "587"
	default:
		port = "25"
	}
	o.Timeouts.fill()
	return &SMTP{addr: net.JoinHostPort(u.Hostname(), port), host: u.Hostname(), user: u.User,
		implicit: u.Scheme == "smtps", options: o}, nil
}

func (t *Timeouts) fill() {
	for d, standard := range map[*time.Duration]time.Duration{
		&t.Connect: 30 * time.Second, &t.Command: time.Minute, &t.Data: 3 * time.Minute, &t.Listen: 2 * time.Millisecond,
		&t.End: 5 * time.Minute, &t.Grace: 20 * time.Second,
	} {
		if *d <= 0 {
			*d = standard
		}
	}
}

// Send implements [Sender].
//
// When ctx ends before the last dot is written, the message has not been sent.
// After that, the reply is still waited for during Timeouts.Grace.
func (s *SMTP) Send(ctx context.Context, m Message, begin func(context.Context) error) Result {
	data, err := m.Bytes(s.options.DKIM)
	if err != nil {
		return Result{Outcome: Refused, Stage: StageMessage, Err: err}
	}
	e := envelope{data: data, begin: begin}
	e.from, _ = asciiAddress(m.ReturnPath) // both were checked by Bytes
	e.to, _ = asciiAddress(m.To.Email)
	c, reused, failed := s.session(ctx, e)
	if c == nil {
		return failed
	}
	r := c.send(ctx, e)
	if reused && r.Outcome == Deferred && r.Stage == StageSender && (r.Code == 421 || r.Code == 0) && ctx.Err() == nil {
		c.close() // the server had enough of this connection, not of us
		if c, failed = s.dial(ctx, e); c == nil {
			return failed
		}
		r = c.send(ctx, e)
	}
	s.release(c)
	return r
}

// Close ends the connections that are kept. The SMTP can still be used.
func (s *SMTP) Close() error {
	s.mu.Lock()
	idle := s.idle
	s.idle = nil
	s.mu.Unlock()
	for _, c := range idle {
		c.quit()
	}
	return nil
}

// session returns a kept connection that still answers, or else a new one.
func (s *SMTP) session(ctx context.Context, e envelope) (c *session, reused bool, failed Result) {
	for {
		s.mu.Lock()
		if n := len(s.idle); n > 0 {
			c, s.idle = s.idle[n-1], s.idle[:n-1]
		}
		s.mu.Unlock()
		if c == nil {
			c, failed = s.dial(ctx, e)
			return c, false, failed
		}
		if c.reset(ctx) {
			return c, true, Result{}
		}
		c.close()
		c = nil
	}
}

func (s *SMTP) release(c *session) {
	s.mu.Lock()
	keep := !c.broken && c.sent < perSession && len(s.idle) < keepIdle
	if keep {
		s.idle = append(s.idle, c)
	}
	s.mu.Unlock()
	switch {
	case keep:
	case c.broken:
		c.close()
	default:
		c.quit()
	}
}
