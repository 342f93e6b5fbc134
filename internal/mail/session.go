package mail

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A session is one conversation with a server, over which several messages can
// go one after another.
type session struct {
	raw        net.Conn // below TLS; never changes
	conn       net.Conn
	read       *bufio.Reader
	hello      string
	extensions map[string]string // of EHLO, in capitals
	loopback   bool
	tls        bool
	broken     bool // cannot be used again
	sent       int  // messages
	timeouts   Timeouts
	ctx        context.Context // of the message now in hand, see watch
}

// An envelope is a message as the server sees it.
type envelope struct {
	from, to string
	data     []byte
	begin    func(context.Context) error
}

// A reply is what the server said to one command.
type reply struct {
	code   int
	status string   // enhanced
	lines  []string // without codes, safe to store
}

const (
	maxReplyLine = 4096
	maxReplies   = 100 // lines in one reply
)

var (
	errClosed    = errors.New("the server closed the connection")
	errOutOfTurn = errors.New("the server speaks out of turn")
	errSyntax    = errors.New("the server's reply cannot be read")
	replyLine    = regexp.MustCompile(`^([2-5][0-9][0-9])([- ]|$)(.*)$`)
	statusText   = regexp.MustCompile(`^([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:[ ]+|$)`)
	past         = time.Unix(1, 0)
)

// watch makes every wait of c end when ctx does, until stop is called.
func (c *session) watch(ctx context.Context) (stop func() bool) {
	c.ctx = ctx
	return context.AfterFunc(ctx, func() { _ = c.raw.SetDeadline(past) }) // a closed connection needs no deadline
}

// deadline limits what follows. It fails when the context has ended: watch may
// have set a deadline that this one replaced.
func (c *session) deadline(d time.Duration) error {
	if err := c.raw.SetDeadline(in(d)); err != nil {
		return err
	}
	return c.ctx.Err()
}

// send sends one message; c is fresh or was reset.
func (c *session) send(ctx context.Context, e envelope) Result {
	stop := c.watch(ctx)
	defer stop()
	for _, step := range []struct {
		stage   Stage
		command string
	}{{StageSender, "MAIL FROM:<" + e.from + ">"}, {StageRecipient, "RCPT TO:<" + e.to + ">"}} {
		if r, err := c.command(step.stage, "%s", step.command); err != nil || r.code/100 != 2 {
			return c.failure(step.stage, r, err)
		}
	}
	if e.begin != nil {
		if err := e.begin(ctx); err != nil {
			return Result{Outcome: Deferred, Stage: StageBegin, Err: err}
		}
	}
	if r, err := c.command(StageData, "DATA"); err != nil || r.code != 354 {
		return c.failure(StageData, r, err)
	}
	if failed, ok := c.content(e.data); !ok {
		return failed
	}
	// Before the dot the server has nothing; from here on it may have everything.
	if !stop() {
		c.broken = true
		return Result{Outcome: Deferred, Stage: StageData, Err: ctx.Err()}
	}
	return c.end(ctx)
}

// content writes the message without its last dot, and looks whether the server
// is still there: one that left or objected before the dot has not accepted.
func (c *session) content(data []byte) (failed Result, ok bool) {
	err := c.deadline(c.timeouts.Data)
	if err == nil {
		_, err = c.conn.Write(stuff(data))
	}
	if err != nil {
		return c.failure(StageData, reply{}, err), false
	}
	switch silent, err := c.listen(); {
	case err != nil:
		return c.failure(StageData, reply{}, err), false
	case !silent:
		r, err := c.reply(c.timeouts.Command)
		c.broken = true // mid-message: there is no way back to commands
		return c.failure(StageData, r, err), false
	}
	return Result{}, true
}

// listen tells whether the server is there and silent, as it should be when
// it is our turn. A reply that nobody asked for would be taken for the next.
func (c *session) listen() (silent bool, err error) {
	if err := c.raw.SetReadDeadline(in(c.timeouts.Listen)); err != nil {
		return false, err
	}
	_, err = c.read.Peek(1)
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return true, c.ctx.Err() // or it is watch that ended the wait
	}
	return false, err
}

// end writes the last dot. Whatever goes wrong now, the server may have the
// message; only its own words can tell.
func (c *session) end(ctx context.Context) Result {
	unsure := Result{Outcome: Unsure, Stage: StageEnd}
	c.ctx = context.WithoutCancel(ctx)
	unsure.Err = c.deadline(c.timeouts.End)
	if unsure.Err == nil {
		grace := c.timeouts.Grace
		defer context.AfterFunc(ctx, func() { _ = c.raw.SetDeadline(in(grace)) })()
		_, unsure.Err = c.conn.Write([]byte(".\r\n"))
	}
	if unsure.Err != nil {
		c.broken = true
		return unsure
	}
	r, err := c.readReply()
	switch {
	case err == nil && r.code/100 == 2:
		c.sent++
		return Result{Outcome: Accepted, Stage: StageEnd, Code: r.code, Status: r.status, Reply: r.text()}
	case err == nil && r.code >= 400:
		return c.failure(StageEnd, r, nil)
	case err == nil:
		err = errSyntax
	}
	c.broken = true
	unsure.Code, unsure.Status, unsure.Reply, unsure.Err = r.code, r.status, r.text(), err
	return unsure
}

// reset makes a kept connection ready for the next message, and tells whether
// it still can be.
func (c *session) reset(ctx context.Context) bool {
	defer c.watch(ctx)()
	if silent, err := c.listen(); err != nil || !silent {
		return false
	}
	r, err := c.command(StageSender, "RSET")
	return err == nil && r.code == 250
}

// quit says goodbye, and does not wait for the answer.
func (c *session) quit() {
	c.ctx = context.Background()
	if c.deadline(time.Second) == nil {
		_, _ = io.WriteString(c.conn, "QUIT\r\n") // nothing hangs on it
	}
	c.close()
}

func (c *session) close() {
	c.broken = true
	_ = c.raw.Close() // nothing is left to lose
}

// command says one line and reads the reply. The line itself never stands in an
// error: it may hold a password.
func (c *session) command(stage Stage, format string, args ...any) (reply, error) {
	line := fmt.Sprintf(format, args...)
	if strings.ContainsAny(line, "\r\n") {
		panic("mail: a line end in an SMTP command at " + string(stage))
	}
	if err := c.deadline(c.timeouts.Command); err != nil {
		return reply{}, err
	}
	if c.read.Buffered() > 0 {
		return reply{}, errOutOfTurn
	}
	if _, err := io.WriteString(c.conn, line+"\r\n"); err != nil {
		return reply{}, err
	}
	return c.readReply()
}

func (c *session) reply(d time.Duration) (reply, error) {
	if err := c.deadline(d); err != nil {
		return reply{}, err
	}
	return c.readReply()
}

// readReply reads one reply of one or more lines.
func (c *session) readReply() (reply, error) {
	var r reply
	for range maxReplies {
		raw, err := c.read.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF):
			return r, errClosed
		case errors.Is(err, bufio.ErrBufferFull):
			return reply{}, errSyntax
		case err != nil:
			return reply{}, err
		}
		m := replyLine.FindSubmatch(bytes.TrimRight(raw, "\r\n"))
		if m == nil {
			return reply{}, errSyntax
		}
		code, _ := strconv.Atoi(string(m[1])) // three digits
		if r.code != 0 && code != r.code {
			return reply{}, errSyntax
		}
		r.code = code
		text := clean(string(m[3]), 500)
		if s := statusText.FindString(text); s != "" {
			r.status, text = strings.TrimSpace(s), text[len(s):]
		}
		r.lines = append(r.lines, text)
		if string(m[2]) != "-" {
			return r, nil
		}
	}
	return reply{}, errSyntax
}

// text is the reply as one line of at most 1,000 bytes.
func (r reply) text() string { return clean(strings.Join(r.lines, " "), 1000) }

// stuff doubles the dots with which lines begin.
func stuff(data []byte) []byte {
	data = bytes.ReplaceAll(data, []byte("\r\n."), []byte("\r\n.."))
	if bytes.HasPrefix(data, []byte(".")) {
		data = append([]byte("."), data...)
	}
	return data
}
