package worker_test

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// An act is what an SMTP server under test control does at one point of a
// conversation; the zero act is the right answer.
type act struct {
	say  string        // in place of the right answer
	wait time.Duration // before it
	drop bool          // end the connection as a crash does
	lose bool          // after the last dot: the message is kept, the answer is not given
}

// A kept is a mail that a server took on.
type kept struct {
	to, from string
	data     []byte
	at       time.Time
}

// A smtpd is an SMTP server that does what a test says, per stage: connect, EHLO,
// MAIL, RCPT, DATA, half (in the middle of a message) and dot.
type smtpd struct {
	t    *testing.T
	addr string
	wg   sync.WaitGroup

	mu       sync.Mutex
	does     func(stage, to string) act
	listener net.Listener
	conns    map[net.Conn]bool
	mails    []kept
	seen     []string // whatever came, also of mails that were not kept
}

func newSMTPD(t *testing.T) *smtpd {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &smtpd{t: t, addr: l.Addr().String(), conns: map[net.Conn]bool{}}
	s.serve(l)
	t.Cleanup(func() {
		s.down()
		s.wg.Wait()
	})
	return s
}

func (s *smtpd) url() string { return "smtp://" + s.addr }

// do says what the server does from now on; nil is what is right.
func (s *smtpd) do(f func(stage, to string) act) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.does = f
}

// down stops the server, and ends what is under way.
func (s *smtpd) down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		_ = s.listener.Close() // once
		s.listener = nil
	}
	for c := range s.conns {
		_ = c.Close() // it may have ended
	}
}

// up starts it again on the same port.
func (s *smtpd) up() {
	s.t.Helper()
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.serve(l)
}

func (s *smtpd) serve(l net.Listener) {
	s.mu.Lock()
	s.listener = l
	s.mu.Unlock()
	s.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns[c] = true
			s.mu.Unlock()
			s.wg.Go(func() {
				s.talk(c)
				_ = c.Close() // it may have ended
				s.mu.Lock()
				delete(s.conns, c)
				s.mu.Unlock()
			})
		}
	})
}

// answer does what is to be done at a stage, and reports whether to go on.
func (s *smtpd) answer(c net.Conn, stage, to, right string) (went act, ok bool) {
	s.mu.Lock()
	does := s.does
	s.mu.Unlock()
	var a act
	if does != nil {
		a = does(stage, to)
	}
	time.Sleep(a.wait)
	if a.drop || a.lose {
		if tcp, is := c.(*net.TCPConn); is && a.drop {
			_ = tcp.SetLinger(0) // a reset, not a goodbye
		}
		return a, false
	}
	if a.say != "" {
		right = a.say
	}
	_, err := io.WriteString(c, right+"\r\n")
	return a, err == nil
}

func (s *smtpd) talk(c net.Conn) {
	_ = c.SetDeadline(time.Now().Add(30 * time.Second)) // a test that hangs should fail
	if _, ok := s.answer(c, "connect", "", "220 test ESMTP"); !ok {
		return
	}
	r := bufio.NewReader(c)
	var m kept
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		right := "250 2.0.0 ok"
		switch verb {
		case "EHLO":
			right = "250-test\r\n250 ENHANCEDSTATUSCODES"
		case "MAIL":
			m = kept{from: between(line)}
		case "RCPT":
			m.to = between(line)
		case "DATA":
			right = "354 go ahead"
		case "QUIT":
			return
		}
		a, ok := s.answer(c, verb, m.to, right)
		if !ok {
			return
		}
		if verb == "DATA" && (a.say == "" || strings.HasPrefix(a.say, "354")) && !s.take(c, r, m) {
			return
		}
	}
}

// take reads a message and keeps it where the answer says so.
func (s *smtpd) take(c net.Conn, r *bufio.Reader, m kept) bool {
	var b bytes.Buffer
	s.mu.Lock()
	does := s.does
	s.mu.Unlock()
	half := does != nil && does("half", m.to).drop
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
		if half && b.Len() > 2000 {
			s.note(b.String())
			if tcp, is := c.(*net.TCPConn); is {
				_ = tcp.SetLinger(0) // a reset
			}
			return false
		}
	}
	s.note(b.String())
	m.data = bytes.Clone(b.Bytes())
	var a act
	if does != nil {
		a = does("dot", m.to)
	}
	if a.say == "" && !a.drop || strings.HasPrefix(a.say, "2") {
		m.at = time.Now()
		s.mu.Lock()
		s.mails = append(s.mails, m)
		s.mu.Unlock()
	}
	_, ok := s.answer(c, "dot", m.to, "250 2.0.0 queued")
	return ok
}

func (s *smtpd) note(data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, data)
}

// kept returns the mails that the server took on, in their order.
func (s *smtpd) kept() []kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]kept(nil), s.mails...)
}

// secrets returns every token and code that the server saw.
func (s *smtpd) secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, data := range s.seen {
		plain := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(data)
		for _, found := range secret.FindAllStringSubmatch(plain, -1) {
			out = append(out, found[1]+found[2])
		}
	}
	return out
}

var secret = regexp.MustCompile(`/v/([A-Za-z0-9_-]{22})|\b([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z])\b`)

func between(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}

// A letter is a mail as a reader opens it.
type letter struct {
	netmail.Header
	subject, text, html string
	token, code         string
}

// open reads a mail.
func (k kept) open(t testing.TB) letter { return openMail(t, k.data) }

func openMail(t testing.TB, data []byte) letter {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	l := letter{Header: m.Header}
	if l.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, to := range []*string{&l.text, &l.html} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		*to = string(body)
	}
	for _, found := range secret.FindAllStringSubmatch(l.text, -1) {
		l.token, l.code = l.token+found[1], l.code+found[2]
		if len(l.token) > 22 || len(l.code) > 21 {
			t.Fatalf("more than one link in %s", l.text)
		}
	}
	return l
}
