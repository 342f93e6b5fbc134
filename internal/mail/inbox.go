package mail

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"
)

// Limits of an [Inbox]: it serves one machine, whose own messages are small.
const (
	InboxMaxBytes      = 2 << 20
	InboxMaxRecipients = 50
	inboxConnections   = 50
	inboxTimeout       = 2 * time.Minute
)

// A Received is a whole mail that came in over SMTP.
type Received struct {
	From string   // return path, "" for a report
	To   []string // envelope recipients, at least one
	Data []byte
}

// An Inbox is an SMTP server on loopback that passes on nothing.
type Inbox struct {
	listener net.Listener
	server   *smtp.Server
	keep     func(context.Context, Received) error

	mu    sync.Mutex
	conns map[*smtp.Conn]bool // those with a session
}

// ListenInbox opens an inbox on addr, which must be loopback; port 0 takes any.
// Mail is answered with 250 once keep has returned nil, so keep must have
// stored it by then; on an error it is refused for the moment. keep is called
// from several goroutines.
func ListenInbox(addr string, keep func(context.Context, Received) error) (*Inbox, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	if !isLoopback(host) {
		return nil, fmt.Errorf("inbox: %s is not loopback", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	if !l.Addr().(*net.TCPAddr).IP.IsLoopback() { // localhost may be anything in a hosts file
		_ = l.Close() // was never used
		return nil, fmt.Errorf("inbox: %s is not loopback", addr)
	}
	i := &Inbox{listener: netutil.LimitListener(l, inboxConnections), keep: keep, conns: map[*smtp.Conn]bool{}}
	i.server = smtp.NewServer(smtp.BackendFunc(i.session))
	i.server.Domain = "localhost"
	i.server.MaxMessageBytes = InboxMaxBytes
	i.server.MaxRecipients = InboxMaxRecipients
	i.server.ReadTimeout, i.server.WriteTimeout = inboxTimeout, inboxTimeout
	i.server.ErrorLog = silent{}
	return i, nil
}

// Addr is host:port, to send to.
func (i *Inbox) Addr() string { return i.listener.Addr().String() }

// Serve takes mail until ctx ends, then gives conversations a second to finish.
// It is called once.
func (i *Inbox) Serve(ctx context.Context) error {
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if i.server.Shutdown(last) != nil {
			i.hangUp()
		}
		// Shutdown knows the listener only once Serve has it: when ctx ends before
		// that, nobody else would close it, and Serve would take mail for ever.
		_ = i.listener.Close()
	})
	err := i.server.Serve(i.listener)
	if !stop() {
		<-stopped
		return nil
	}
	return fmt.Errorf("inbox: %w", err)
}

// hangUp ends the conversations that are left; who was sending tries again.
func (i *Inbox) hangUp() {
	i.mu.Lock()
	left := slices.Collect(maps.Keys(i.conns))
	i.mu.Unlock()
	for _, c := range left {
		_ = c.Close() // calls Logout, which takes the lock
	}
}

func (i *Inbox) session(c *smtp.Conn) (smtp.Session, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.conns[c] = true
	return &inboxSession{inbox: i, conn: c}, nil
}

// inboxSession is one conversation.
type inboxSession struct {
	inbox *Inbox
	conn  *smtp.Conn
	mail  Received
}

func (s *inboxSession) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = Received{From: from}
	return nil
}

func (s *inboxSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *inboxSession) Data(r io.Reader) error {
	data, err := io.ReadAll(r) // go-smtp stops at MaxMessageBytes
	if err != nil {
		return err
	}
	s.mail.Data = data
	if err := s.inbox.keep(context.Background(), s.mail); err != nil {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "not stored, try again later"}
	}
	return nil
}

func (s *inboxSession) Reset() { s.mail = Received{} }

func (s *inboxSession) Logout() error {
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	delete(s.inbox.conns, s.conn)
	return nil
}

// silent drops what go-smtp would log of its clients: they are told.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}
