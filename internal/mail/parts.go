package mail

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"unicode"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/charset"
	"golang.org/x/net/html"
)

// Limits on what a hostile mail can make us open.
const (
	maxDepth  = 8
	maxParts  = 60
	maxStatus = 256 << 10
)

func (in *Incoming) warn(format string, args ...any) {
	if len(in.Warnings) < 20 {
		in.Warnings = append(in.Warnings, clean(fmt.Sprintf(format, args...), 300))
	}
}

// parts goes through an entity and what it holds.
func (m *reading) parts(e *message.Entity, depth int) {
	if m.seen++; m.seen > maxParts || depth > maxDepth {
		m.in.warn("parts beyond the first %d, or nested deeper than %d, are not looked at", maxParts, maxDepth)
		return
	}
	kind, params, err := e.Header.ContentType()
	if err != nil {
		kind = "text/plain" // RFC 2045, 5.2
		if e.Header.Has("Content-Type") {
			m.in.warn("a Content-Type cannot be read: %v", err)
		}
	}
	if kind == "multipart/report" && depth == 0 {
		m.report = strings.ToLower(params["report-type"])
	}
	switch mr := e.MultipartReader(); {
	case mr != nil:
		m.multipart(mr, depth)
	case kind == "message/delivery-status" || kind == "message/global-delivery-status":
		m.status = append(m.status, m.content(e, maxStatus))
	case kind == "message/rfc822" || kind == "text/rfc822-headers" || kind == "message/global" || kind == "message/global-headers":
		m.carried(e)
	case e.Header.Get("Content-Disposition") != "" && isAttachment(e.Header):
	case kind == "text/plain":
		m.plain = append(m.plain, string(m.content(e, maxText)))
	case kind == "text/html":
		m.html = append(m.html, string(m.content(e, 8*maxText)))
	}
}

func (m *reading) multipart(mr message.MultipartReader, depth int) {
	defer func() { _ = mr.Close() }() // only read
	for m.seen <= maxParts {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return
		}
		if part == nil {
			m.in.warn("a part cannot be read: %v", err)
			return
		}
		if err != nil {
			m.in.warn("a part is not what it says: %v", err) // unknown charset or encoding: read as it is
		}
		m.parts(part, depth+1)
	}
}

// carried reads the headers of a message inside this one.
func (m *reading) carried(e *message.Entity) {
	inner, err := message.Read(io.LimitReader(e.Body, maxStatus))
	if inner == nil {
		m.in.warn("a returned message cannot be read: %v", err)
		return
	}
	m.returned = append(m.returned, inner.Header.Header)
}

// content is the decoded body, as far as it can be decoded.
func (m *reading) content(e *message.Entity, limit int64) []byte {
	data, err := io.ReadAll(io.LimitReader(e.Body, limit))
	if err != nil {
		m.in.warn("a text breaks off: %v", err)
	}
	return data
}

func isAttachment(h message.Header) bool {
	disposition, _, err := h.ContentDisposition()
	return err == nil && disposition == "attachment"
}

// body is the text of the mail for a person.
func (m *reading) body() string {
	if text := tidy(strings.Join(m.plain, "\n\n"), maxText); text != "" {
		return text
	}
	var b strings.Builder
	for _, h := range m.html {
		b.WriteString(htmlText(h) + "\n")
	}
	return tidy(b.String(), maxText)
}

// htmlText is what a page says, line by line, without what a reader would not see.
func htmlText(page string) string {
	var b strings.Builder
	skip := 0
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if skip == 0 {
				b.WriteString(strings.Join(strings.Fields(" "+string(z.Text())+" "), " ") + " ")
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "style", "script", "title":
				skip++ // the tokenizer ends them whatever they hold
			case "br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote":
				b.WriteString("\n")
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); skip > 0 && strings.Contains(" style script title ", " "+string(name)+" ") {
				skip--
			}
		}
	}
}

// decodeWords reads RFC 2047; what cannot be read stays as it is.
func decodeWords(s string) string {
	d := mime.WordDecoder{CharsetReader: charset.Reader}
	if text, err := d.DecodeHeader(s); err == nil {
		return text
	}
	return s
}

func tidyLine(s string) string { return clean(s, maxHeader) }

// tidy makes a text of others safe to store: valid UTF-8, no control
// characters but line ends and tabs, no long runs of empty lines.
func tidy(s string, n int) string {
	s = strings.ToValidUTF8(cut(strings.ReplaceAll(s, "\r\n", "\n"), 2*n), "�")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	var b strings.Builder
	empty := 0
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, " \t\n\u00a0")
		if line == "" {
			empty++
			continue
		}
		if b.Len() > 0 {
			b.WriteString(strings.Repeat("\n", 1+min(empty, 1)))
		}
		b.WriteString(line)
		empty = 0
	}
	return cut(b.String(), n)
}
