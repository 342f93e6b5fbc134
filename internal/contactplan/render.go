package contactplan

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The longest a line with a link may be, so that no mail program breaks it, and
// the longest subject.
const (
	maxLink    = 76
	maxSubject = 150
)

// A Message is a text that has been filled in for one contact of one unit.
type Message struct {
	Unit    int64
	Contact int64
	Version Channel
	Subject string  // one line, any characters: who sends it encodes it
	Text    string  // of a mail or a script, and a letter in plain words
	HTML    string  // of a mail; else empty
	Blocks  []Block // what Text and HTML are drawn from, for letters and pages
}

// A Block is a piece of a message. Line i of a list is item i.
type Block struct {
	Kind  Kind
	Lines [][]Span
	URL   string // of Button, Address and QR
	Small bool   // stands after the rule
}

// A Span is a piece of a line.
type Span struct {
	Text   string
	Strong bool
	Href   string // tel: or mailto:
}

// Render fills in a template. The message is to be used only if there are no
// problems. It is refused when the link belongs to another unit than the name.
func Render(t Template, f Fields) (Message, []Problem) {
	r := &renderer{fields: f}
	if f.Link.Unit != 0 && f.Link.Unit != f.Unit {
		return Message{}, []Problem{{Text: "De link hoort bij een andere eenheid dan de naam."}}
	}
	m := Message{Unit: f.Unit, Contact: f.Contact, Version: t.Version}
	m.Subject = clean(said(r.spans(1, t.subject)))
	if n := utf8.RuneCountInString(m.Subject); n > maxSubject {
		r.problem(1, 1, "Het onderwerp heeft %d tekens; hooguit %d.", n, maxSubject)
	}
	for _, b := range t.blocks {
		r.block(b)
	}
	if len(r.problems) > 0 {
		return Message{}, r.problems
	}
	m.Blocks = r.blocks
	m.Text = text(r.blocks)
	if t.Version == Mail {
		m.HTML = html(m.Subject, clean(f.Study), r.blocks)
	}
	return m, nil
}

type renderer struct {
	fields   Fields
	blocks   []Block
	small    bool
	problems []Problem
}

func (r *renderer) problem(line, column int, format string, args ...any) {
	r.problems = append(r.problems, Problem{line, column, fmt.Sprintf(format, args...)})
}

// block fills in one block; one of which no line is kept is left out.
func (r *renderer) block(b block) {
	out := Block{Kind: b.kind, Small: r.small}
	kept := false
	for _, l := range b.lines {
		if !l.cond.holds(r.fields) {
			continue
		}
		kept = true
		if l.field.name != "" {
			out.URL = r.url(l)
		}
		if len(l.text) > 0 {
			out.Lines = append(out.Lines, r.spans(l.number, l.text))
		}
	}
	if !kept {
		return
	}
	r.small = r.small || b.kind == Rule
	r.blocks = append(r.blocks, out)
}

// url returns the link of a line. Only whole addresses on the web will do.
func (r *renderer) url(l line) string {
	u := l.field.value(r.fields)
	own := l.field.name == "link" || l.field.name == "afmelden"
	switch {
	case u == "":
		r.problem(l.number, 1, "‘%s’ is leeg.", l.field.name)
	case r.fields.redacted && own:
	case l.field.name == "link" && r.fields.Link.Unit == 0:
		r.problem(l.number, 1, "Van deze link is niet bekend bij welke eenheid hij hoort.")
	case !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "http://") || strings.ContainsAny(u, " <>\"'"):
		r.problem(l.number, 1, "‘%s’ is geen adres op het web.", l.field.name)
	case utf8.RuneCountInString(u) > maxLink:
		r.problem(l.number, 1, "De link is langer dan %d tekens.", maxLink)
	}
	return u
}

// spans fills in a line of text.
func (r *renderer) spans(number int, text []inline) []Span {
	var out []Span
	for _, in := range text {
		s := Span{Text: in.text, Strong: in.strong}
		if in.field.name != "" {
			s.Text = in.field.value(r.fields)
			if s.Text == "" {
				r.problem(number, in.column, "‘%s’ is leeg.", in.field.name)
			}
			s.Href = href(in.field, s.Text)
		}
		out = append(out, s)
	}
	return out
}

// href returns where a telephone number or mail address leads to.
func href(f field, value string) string {
	switch f.is {
	case phone:
		return telephone(value)
	case email:
		if strings.Count(value, "@") == 1 && !strings.ContainsAny(value, " ?&%<>\"") {
			return "mailto:" + value
		}
	}
	return ""
}

// telephone writes a Dutch number as a phone dials it; "" for what is none.
func telephone(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, strings.ReplaceAll(s, "(0)", ""))
	if strings.HasPrefix(digits, "0") && !strings.HasPrefix(digits, "00") {
		digits = "+31" + digits[1:]
	}
	if len(digits) < 8 || strings.Contains(digits[1:], "+") {
		return ""
	}
	return "tel:" + digits
}

// said returns the words of spans.
func said(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}
