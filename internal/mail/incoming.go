package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/textproto"
)

// MaxIncoming is how much of an incoming mail is looked at: reports come first
// in a mail, and no person types this much.
const MaxIncoming = 4 << 20

// A Kind is what an incoming mail is.
type Kind string

// The kinds of incoming mail.
const (
	Report      Kind = "report"      // a server's report on delivery
	Unsubscribe Kind = "unsubscribe" // sent to an address of [Keys.UnsubscribeAddress]
	AutoReply   Kind = "autoreply"   // written by a machine: nobody has answered
	Reply       Kind = "reply"       // everything else: for a person to read
)

// An Incoming is a mail that came in, as far as it could be understood. All
// its texts are valid UTF-8 without NUL, and of limited length.
type Incoming struct {
	Key  string // the same for the same mail, however often it is read
	Kind Kind
	// ID is whom a report, a request or a reply is about: the id in the signed
	// address it was sent to, or in the Message-ID that it answers or returns. A
	// report or request without it proves nothing and must change nothing: anyone
	// can write one.
	ID        string
	Forged    bool // it names an address like ours that we did not make
	Bounces   []Bounce
	From      Address
	Subject   string
	Date      time.Time // as the sender has it; zero where it has none
	MessageID string
	InReplyTo []string // Message-IDs it answers, as in [Message.ID]
	Text      string
	Truncated bool // it was longer than MaxIncoming
	// Warnings tell what could not be read.
	Warnings []string
}

const (
	maxText    = 64 << 10
	maxHeader  = 1000
	maxBounces = 50
)

// recipientHeaders are where a server writes to whom a mail was delivered.
var recipientHeaders = []string{
	"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To", "To", "Cc", "Resent-To",
}

// Read says what a mail is. It takes anything: what cannot be understood is a
// Reply with what can be shown of it. Of data it reads at most MaxIncoming.
func (k Keys) Read(data []byte) Incoming {
	in := Incoming{Key: KeyOf(data), Kind: Reply}
	if len(data) > MaxIncoming {
		data, in.Truncated = data[:MaxIncoming], true
	}
	entity, err := message.Read(bytes.NewReader(mendHeader(data)))
	if entity == nil {
		in.warn("the headers cannot be read: %v", err)
		in.Text = tidy(string(data), maxText)
		return in
	}
	mail := &reading{keys: k, header: entity.Header, in: &in}
	mail.headers()
	mail.parts(entity, 0)
	mail.classify()
	return in
}

// KeyOf is the Key of a mail.
func KeyOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// mendHeader drops what cannot be a header from the head of a mail: the line
// that mbox and some pipes put before it, and other strays, for which the
// parser would refuse the whole mail.
func mendHeader(data []byte) []byte {
	var head bytes.Buffer
	rest := data
	for len(rest) > 0 && head.Len() < 1<<20 {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		if len(bytes.TrimRight(line, "\r")) == 0 {
			break
		}
		folded := line[0] == ' ' || line[0] == '\t'
		if folded && head.Len() > 0 || headerLine.Match(line) {
			head.Write(line)
			head.WriteByte('\n')
		}
		rest = after
	}
	if head.Len() == 0 {
		return append([]byte("\n"), data...) // no mail, but somebody's words
	}
	return append(head.Bytes(), rest...)
}

var headerLine = regexp.MustCompile(`^[!-9;-~]+[ \t]*:`)

// A reading is a mail while it is read.
type reading struct {
	keys     Keys
	header   message.Header
	in       *Incoming
	plain    []string // its texts
	html     []string
	status   [][]byte           // its message/delivery-status parts
	returned []textproto.Header // of messages that it carries: ours, perhaps
	report   string             // its report-type, if it is a multipart/report
	seen     int                // parts
}

func (m *reading) headers() {
	in := m.in
	in.Subject = m.text("Subject")
	in.MessageID = strings.Trim(clean(m.header.Get("Message-Id"), maxHeader), "<> ")
	in.Date, _ = netmail.ParseDate(m.header.Get("Date")) // zero where it has none
	from := m.text("From")
	if a, err := netmail.ParseAddress(m.header.Get("From")); err == nil {
		in.From = Address{Name: tidyLine(decodeWords(a.Name)), Email: clean(a.Address, maxHeader)}
	} else {
		in.From = Address{Name: from}
	}
	for _, name := range []string{"In-Reply-To", "References"} {
		for _, id := range messageIDs.FindAllStringSubmatch(m.header.Get(name), 50) {
			if id := clean(id[1], 200); !slices.Contains(in.InReplyTo, id) {
				in.InReplyTo = append(in.InReplyTo, id)
			}
		}
	}
}

var messageIDs = regexp.MustCompile(`<([^<>\s]{3,200})>`)

// text is a header in UTF-8, on one line.
func (m *reading) text(name string) string { return tidyLine(decodeWords(m.header.Get(name))) }

// classify decides what the mail is, once all of it has been seen.
func (m *reading) classify() {
	in := m.in
	in.Text = m.body()
	for _, part := range m.status {
		in.Bounces = append(in.Bounces, readStatus(part)...)
	}
	if len(in.Bounces) == 0 && m.fromDaemon() {
		in.Bounces = guessBounces(m.header, in.Subject, in.Text)
	}
	if len(in.Bounces) > maxBounces {
		in.Bounces = in.Bounces[:maxBounces]
		in.warn("only the first %d recipients of the report are kept", maxBounces)
	}
	to := m.values(m.header.Header, recipientHeaders...)
	unsubscribes, asked := m.keys.find(prefixUnsubscribe, to)
	switch {
	case len(in.Bounces) > 0:
		in.Kind = Report
		in.ID = m.reportID(to)
	case asked && !m.fromDaemon():
		in.Kind, in.ID = Unsubscribe, unsubscribes
	default:
		if m.automatic() {
			in.Kind = AutoReply
		}
		if in.ID, asked = m.keys.find(prefixBounce, to); !asked {
			in.ID, _ = m.keys.find(prefixMessage, strings.Join(in.InReplyTo, " "))
		}
	}
	in.Forged = in.ID == "" && signedAddress.MatchString(to)
}

// reportID looks for whom a report is about: in the address it was sent to,
// then in the message that it returns. The signature proves it either way.
func (m *reading) reportID(to string) string {
	if id, ok := m.keys.find(prefixBounce, to); ok {
		return id
	}
	for _, h := range m.returned {
		if id, ok := m.keys.find(prefixBounce, m.values(h, "Return-Path", "X-Envelope-From", "Sender")); ok {
			return id
		}
		if id, ok := m.keys.find(prefixMessage, m.values(h, "Message-Id")); ok {
			return id
		}
	}
	// Servers without reports of RFC 3464 put the message they return in their text.
	id, _ := m.keys.find(prefixBounce, returnPathLines(m.in.Text))
	return id
}

// values are all values of headers, one a line.
func (m *reading) values(h textproto.Header, names ...string) string {
	var b strings.Builder
	for _, name := range names {
		for f := h.FieldsByKey(name); f.Next(); {
			b.WriteString(cut(f.Value(), 10*maxHeader) + "\n")
		}
	}
	return b.String()
}

func returnPathLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if name, _, ok := strings.Cut(strings.TrimLeft(line, "> \t"), ":"); ok && strings.EqualFold(name, "Return-Path") {
			b.WriteString(line)
		}
	}
	return b.String()
}
