package mail

import (
	"bytes"
	"strings"
	"time"

	"github.com/emersion/go-message"
)

// A Shown is a mail as a mail program shows it. Its texts are valid UTF-8 and
// of limited length; HTML is as it was written, and not to be trusted.
type Shown struct {
	From, To   string // decoded headers, "" where there is none
	Subject    string
	Date       time.Time // zero where it has none
	Header     string    // all of it, as it was written
	Text, HTML string    // its parts, "" where it has none
}

// Show reads a mail for the eye. It takes anything, and shows what it can.
func Show(data []byte) Shown {
	head, _, _ := bytes.Cut(bytes.ReplaceAll(cutBytes(data, MaxIncoming), []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	out := Shown{Header: tidy(string(head), maxText)}
	entity, _ := message.Read(bytes.NewReader(mendHeader(cutBytes(data, MaxIncoming)))) // an unknown charset is read as it is
	if entity == nil {
		out.Text = tidy(string(data), maxText)
		return out
	}
	var in Incoming
	m := &reading{header: entity.Header, in: &in}
	m.headers()
	m.parts(entity, 0)
	out.From, out.To, out.Subject, out.Date = m.text("From"), m.text("To"), in.Subject, in.Date
	out.Text = tidy(strings.Join(m.plain, "\n\n"), maxText)
	if len(m.html) > 0 {
		out.HTML = strings.ToValidUTF8(m.html[0], "�")
	}
	return out
}

func cutBytes(b []byte, n int) []byte { return b[:min(len(b), n)] }
