package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// An Address is whom a mail is from or to. Name may be empty.
type Address struct {
	Name  string
	Email string
}

// A Message is one mail to one addressee. All fields are required, but for
// the names in addresses.
type Message struct {
	ID         string // Message-ID without its brackets; see [Keys.MessageID]
	Date       time.Time
	ReturnPath string // where delivery reports go; see [Keys.ReturnPath]
	From       Address
	ReplyTo    Address
	To         Address
	Subject    string
	Text       string
	HTML       string

	UnsubscribeURL  string // answers a POST without a session (RFC 8058)
	UnsubscribeMail string // address; see [Keys.UnsubscribeAddress]
}

// Bytes checks m and writes it as it goes over the wire, signed where key is
// not nil. The same message and key give the same bytes.
func (m Message) Bytes(key *DKIM) ([]byte, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	msg, err := m.build()
	if err != nil {
		return nil, fmt.Errorf("write message: %w", err)
	}
	var buf bytes.Buffer
	if _, err := msg.WriteTo(&buf); err != nil {
		return nil, fmt.Errorf("write message: %w", err)
	}
	data := buf.Bytes()
	if key != nil {
		if data, err = key.sign(data, m.Date); err != nil {
			return nil, fmt.Errorf("write message: %w", err)
		}
	}
	if err := checkLines(data); err != nil {
		return nil, fmt.Errorf("write message: %w", err)
	}
	return data, nil
}

// build fills a go-mail message; m has been checked.
func (m Message) build() (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary(m.boundary()))
	for header, a := range map[gomail.AddrHeader]Address{
		gomail.HeaderFrom: m.From, gomail.HeaderTo: m.To, gomail.HeaderReplyTo: m.ReplyTo,
	} {
		email, err := asciiAddress(a.Email)
		if err != nil {
			return nil, err
		}
		msg.SetAddrHeaderFromMailAddress(header, &netmail.Address{Name: a.Name, Address: email})
	}
	mailto, err := asciiAddress(m.UnsubscribeMail)
	if err != nil {
		return nil, err
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.Date)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	// Preformatted: some servers spoil a link that stands on a line of its own.
	msg.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+m.UnsubscribeURL+">,\r\n <mailto:"+mailto+">")
	msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	msg.SetBodyString(gomail.TypeTextPlain, newlines(m.Text))
	msg.AddAlternativeString(gomail.TypeTextHTML, newlines(m.HTML))
	return msg, nil
}

// boundary separates the two parts. It follows from the message, so that
// writing it again gives the same bytes. go-mail writes it without quotes.
func (m Message) boundary() string {
	sum := sha256.Sum256([]byte(m.ID + "\x00" + m.Text + "\x00" + m.HTML))
	return "uitvraag-" + hex.EncodeToString(sum[:16])
}

// newlines gives text line ends that quoted-printable writes as CRLF.
func newlines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// checkLines makes sure that a server and its neighbours will agree on where
// lines end; where they do not, a mail can hide another in itself.
func checkLines(data []byte) error {
	for line := range bytes.SplitAfterSeq(data, []byte("\r\n")) {
		text, ended := bytes.CutSuffix(line, []byte("\r\n"))
		switch {
		case bytes.ContainsAny(text, "\r\n\x00"):
			return fmt.Errorf("a lone CR, LF or NUL in %.40q", text)
		case len(text) > 998:
			return fmt.Errorf("a line of %d bytes", len(text))
		case !ended && len(text) > 0:
			return fmt.Errorf("no line end after %.40q", text)
		}
	}
	return nil
}
