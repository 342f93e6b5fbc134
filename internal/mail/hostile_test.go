package mail_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/uitvraag/uitvraag/internal/mail"
)

// nested is n multiparts in each other around a text.
func nested(n int) []byte {
	var b strings.Builder
	b.WriteString("From: MAILER-DAEMON@x.example\r\n")
	for i := range n {
		fmt.Fprintf(&b, "Content-Type: multipart/report; report-type=delivery-status; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.nl\r\nAction: failed\r\nStatus: 5.1.1\r\n")
	for i := n - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "\r\n--b%d--\r\n", i)
	}
	return []byte(b.String())
}

func report(fields string) []byte {
	return []byte("From: MAILER-DAEMON@x.example\r\nTo: " + keys.ReturnPath("42") +
		"\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" +
		fields + "\r\n--b--\r\n")
}

// hostile are mails that nobody means well with.
func hostile() map[string][]byte {
	manyParts := "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", 20_000) + "--b--\r\n"
	return map[string][]byte{
		"nothing":                nil,
		"a line end":             []byte("\r\n"),
		"no headers":             []byte("zomaar wat tekst\n\nmeer tekst"),
		"one header and no end":  []byte("Subject: x"),
		"10 MB of text":          append([]byte("Subject: x\r\n\r\n"), bytes.Repeat([]byte("tekst\r\n"), 10<<20/7)...),
		"10 MB in one line":      append([]byte("Subject: x\r\n\r\n"), bytes.Repeat([]byte("x"), 10<<20)...),
		"10 MB of one header":    append([]byte("Subject: "), bytes.Repeat([]byte("x"), 10<<20)...),
		"10 MB of headers":       bytes.Repeat([]byte("Received: from a by b\r\n"), 10<<20/23),
		"10 MB of folds":         append([]byte("Subject: x\r\n"), bytes.Repeat([]byte(" x\r\n"), 10<<20/4)...),
		"10 MB of Return-Path":   append(append([]byte("Return-Path: "), bytes.Repeat([]byte("bounce+"), 1<<20)...), "\r\n\r\nx"...),
		"1,000 multiparts":       nested(1000),
		"20,000 parts":           []byte(manyParts),
		"a boundary of itself":   []byte("Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n----\r\n\r\n------\r\n"),
		"no boundary":            []byte("Content-Type: multipart/report\r\n\r\n--b\r\n"),
		"no end":                 []byte("Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed"),
		"a broken part":          []byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nnot a header\r\n\r\nx\r\n--b--"),
		"unknown charset":        []byte("Content-Type: text/plain; charset=klingon\r\nSubject: =?klingon?q?x=FF?=\r\n\r\nab\xff"),
		"wrong charset":          []byte("Content-Type: text/plain; charset=utf-8\r\nSubject: \xff\xfe\r\n\r\nab\xff\xfe"),
		"UTF-16 and half a rune": []byte("Content-Type: text/plain; charset=utf-16\r\n\r\n\x00a\xd8"),
		"unknown encoding":       []byte("Content-Transfer-Encoding: rot13\r\n\r\nab"),
		"broken base64":          []byte("Content-Transfer-Encoding: base64\r\n\r\n!!!!"),
		"broken QP":              []byte("Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=\x00="),
		"NUL everywhere":         []byte("Sub\x00ject: a\x00b\r\nFrom: \x00 <a\x00@b.nl>\r\nTo: \x00\r\n\r\na\x00b"),
		"NUL in a report":        report("Final-Recipient: rfc822; a\x00@b.nl\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; \x00\x1b[2J\xff"),
		"100,000 recipients":     report(strings.Repeat("Final-Recipient: rfc822; a@b.nl\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n", 100_000)),
		"status of nonsense":     report("Final-Recipient: rfc822; a@b.nl\r\nAction: exploded\r\nStatus: 9.9.9"),
		"status without action":  report("Final-Recipient: rfc822; a@b.nl\r\nStatus: 5.1.1"),
		"long diagnostic":        report("Action: failed\r\nDiagnostic-Code: smtp; " + strings.Repeat("5.1.1.", 1<<18)),
		"folds in a report":      report("Action: failed\r\nDiagnostic-Code: smtp;" + strings.Repeat("\r\n x", 1<<18)),
		"deep HTML":              []byte("Content-Type: text/html\r\n\r\n" + strings.Repeat("<div>", 200_000)),
		"unclosed script":        []byte("Content-Type: text/html\r\n\r\nhallo<script>" + strings.Repeat("x", 1<<20)),
		"a daemon of words":      []byte("From: MAILER-DAEMON@x.example\r\n\r\nThis message was created automatically by mail delivery software\n" + strings.Repeat("aaaa@", 1<<18)),
		"a daemon of addresses":  []byte("From: MAILER-DAEMON@x.example\r\nX-Failed-Recipients: " + strings.Repeat("a@b.nl,", 1<<16) + "\r\n\r\nThis message was created automatically by mail delivery software"),
	}
}

// sound is what every Incoming is, whatever the mail.
func sound(t *testing.T, in mail.Incoming) {
	t.Helper()
	texts := []string{in.ID, in.From.Name, in.From.Email, in.Subject, in.MessageID, in.Text}
	texts = append(append(texts, in.InReplyTo...), in.Warnings...)
	for _, b := range in.Bounces {
		texts = append(texts, b.Recipient, b.Diagnostic, b.Status)
		switch b.Kind {
		case mail.Hard, mail.Soft, mail.Delayed, mail.Delivered:
		default:
			t.Errorf("a bounce of kind %q", b.Kind)
		}
	}
	for i, s := range texts {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("text %d is not fit to store: %.80q", i, s)
		}
		if i != 5 && (len(s) > 1000 || strings.ContainsAny(s, "\r\n")) || len(s) > 64<<10 {
			t.Errorf("text %d has %d bytes or a line end: %.80q", i, len(s), s)
		}
	}
	if len(in.Bounces) > 50 || len(in.Warnings) > 20 || len(in.InReplyTo) > 100 || in.Key == "" {
		t.Errorf("%d bounces, %d warnings, %d references, key %q", len(in.Bounces), len(in.Warnings), len(in.InReplyTo), in.Key)
	}
	if isReport := in.Kind == mail.Report; isReport != (len(in.Bounces) > 0) {
		t.Errorf("%s with %d bounces", in.Kind, len(in.Bounces))
	}
	if in.Kind == mail.Unsubscribe && in.ID == "" {
		t.Error("a request without an id")
	}
}

func TestHostileMailsAreReadInTimeAndSize(t *testing.T) {
	t.Parallel()
	for name, data := range hostile() {
		start := time.Now()
		in := keys.Read(data)
		sound(t, in)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if len(data) > mail.MaxIncoming && !in.Truncated {
			t.Errorf("%s: not said to be truncated", name)
		}
		t.Logf("%-24s %-10s %8d bytes %6.1f ms %q", name, in.Kind, len(data), time.Since(start).Seconds()*1000, in.Warnings)
	}
}

func TestATextIsShownThoughItsCharsetIsNot(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"unknown charset": "ab�", "wrong charset": "ab�", "unknown encoding": "ab", "NUL everywhere": "ab", "no headers": "zomaar wat tekst\n\nmeer tekst",
	} {
		if got := keys.Read(hostile()[name]).Text; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for name := range fixtures {
		f.Add(fixture(f, name))
	}
	for _, data := range hostile() {
		if len(data) < 10_000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := keys.Read(data)
		sound(t, in)
		if again := keys.Read(data); again.Key != in.Key || again.Kind != in.Kind || again.ID != in.ID {
			t.Errorf("read again: %+v, before %+v", again, in)
		}
		if in.ID != "" && in.ID != "42" {
			t.Errorf("an id that was never signed: %q", in.ID)
		}
	})
}

// FuzzStatus mends nothing but the part in which servers differ most.
func FuzzStatus(f *testing.F) {
	f.Add("Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.nl\nAction: failed\nStatus: 5.1.1 (bad)\nDiagnostic-Code: smtp; 550 5.1.1\n  no")
	f.Add("Action: delayed\rStatus: 4.0.0\r\rAction: expanded")
	f.Fuzz(func(t *testing.T, fields string) {
		in := keys.Read(report(fields))
		sound(t, in)
		if in.Kind == mail.Report && in.ID != "42" {
			t.Errorf("a report about %q", in.ID)
		}
	})
}

func FuzzShow(f *testing.F) {
	for _, seed := range []string{"Subject: a\r\n\r\nb", "Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>\xff\x00\n--x--", "\x00", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := mail.Show(data)
		for _, text := range []string{got.From, got.To, got.Subject, got.Header, got.Text} {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				t.Errorf("a text that cannot be shown: %q", text)
			}
		}
	})
}
