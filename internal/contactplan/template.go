package contactplan

import (
	"fmt"
	"strings"
)

// A Problem is something in a template, or in what it is filled with, that must
// be mended. Line and Column begin at 1; both are 0 if the template is not at
// fault.
type Problem struct {
	Line, Column int
	Text         string
}

// String says where the problem is.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("regel %d, kolom %d: %s", p.Line, p.Column, p.Text)
}

// A Template is the text of a message with fields in it. One source gives the
// text and the HTML of a mail, a letter or what a caller says.
//
// It begins with lines "id: …", "kanaal: mail|brief|telefoon" and "onderwerp: …".
// After an empty line come blocks, with empty lines between them:
//
//	Text with **emphasis** and {{eenheid}}.  a paragraph; its lines are joined
//	## Heading
//	- an item of a list
//	| a line that stays a line
//	[Open uw vragenlijst](link)              a button
//	<privacy>                                a link, written out
//	{qr}                                     place of the QR code of the link
//	---                                      what follows is small print
//
// Before a line, "?telefoon " keeps it only if there is a telephone number,
// "?doelgroep=swv " only for that audience and "!telefoon " only without.
type Template struct {
	ID      string
	Version Channel
	subject []inline
	blocks  []block
}

// A Kind is a sort of block.
type Kind string

// The kinds of block.
const (
	Paragraph Kind = "alinea"
	Heading   Kind = "kop"
	Item      Kind = "lijst"
	Verse     Kind = "regels" // lines that stay lines
	Button    Kind = "knop"
	Address   Kind = "adres" // a link written out
	QR        Kind = "qr"
	Rule      Kind = "streep"
)

type block struct {
	kind  Kind
	lines []line
}

type line struct {
	number int
	cond   condition
	text   []inline
	field  field // of Button, Address and QR
}

type condition struct {
	field field // without name: always
	value string
	equal bool // the field is to have the value
	not   bool // the field is to be empty
}

// An inline is text, or a field if it has a name.
type inline struct {
	column int
	text   string
	field  field
	strong bool
}

// holds reports whether a line is to be kept.
func (c condition) holds(f Fields) bool {
	switch {
	case c.field.name == "":
		return true
	case c.not:
		return c.field.value(f) == ""
	case c.equal:
		return c.field.value(f) == c.value
	}
	return c.field.value(f) != ""
}

// String writes a template as it can be parsed. Parsing it gives the same again.
func (t Template) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "id: %s\nkanaal: %s\n", t.ID, versionNames[t.Version])
	if len(t.subject) > 0 {
		fmt.Fprintf(&b, "onderwerp: %s\n", source(t.subject))
	}
	for _, bl := range t.blocks {
		b.WriteByte('\n')
		for _, l := range bl.lines {
			b.WriteString(l.cond.String())
			switch bl.kind {
			case Heading:
				b.WriteString("## ")
			case Item:
				b.WriteString("- ")
			case Verse:
				b.WriteString("| ")
			}
			switch bl.kind {
			case Button:
				fmt.Fprintf(&b, "[%s](%s)", source(l.text), l.field.name)
			case Address:
				fmt.Fprintf(&b, "<%s>", l.field.name)
			case QR:
				b.WriteString("{qr}")
			case Rule:
				b.WriteString("---")
			default:
				b.WriteString(source(l.text))
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// String writes a condition with the space that follows it.
func (c condition) String() string {
	switch {
	case c.field.name == "":
		return ""
	case c.not:
		return "!" + c.field.name + " "
	case c.equal:
		return "?" + c.field.name + "=" + c.value + " "
	}
	return "?" + c.field.name + " "
}

// source writes inlines as they stand in a template.
func source(text []inline) string {
	var b strings.Builder
	strong := false
	for _, in := range text {
		if in.strong != strong {
			b.WriteString("**")
			strong = in.strong
		}
		if in.field.name != "" {
			b.WriteString("{{" + in.field.name + "}}")
		}
		b.WriteString(in.text)
	}
	if strong {
		b.WriteString("**")
	}
	return b.String()
}

var versionNames = map[Channel]string{Mail: "mail", Letter: "brief", Phone: "telefoon"}
