package contactplan

import (
	"strings"
	"unicode/utf8"
)

// inlines reads text with **emphasis** and {{fields}}. Column is that of its
// first character.
func (p *parser) inlines(line, column int, text string) []inline {
	var out []inline
	strong := 0 // column where emphasis began
	add := func(in inline) {
		in.strong = strong > 0
		out = append(out, in)
	}
	for text != "" {
		i := strings.IndexAny(text, "*{}")
		if i < 0 {
			i = len(text)
		}
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, "**"), strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "}}"), rest == "":
		default:
			i++ // a single one is text
		}
		if i > 0 {
			out = appendText(out, inline{column: column, text: plain(text[:i]), strong: strong > 0})
			column += utf8.RuneCountInString(text[:i])
			text = text[i:]
			continue
		}
		var n int
		switch {
		case strings.HasPrefix(text, "**"):
			if n = 2; strong > 0 {
				if column == strong+2 {
					p.problem(line, strong, "Tussen ** en ** staat niets.")
				}
				strong = 0
			} else {
				strong = column
			}
		case strings.HasPrefix(text, "{{"):
			in, size := p.field(line, column, text)
			n = size
			if in.field.name != "" {
				add(in)
			}
		default:
			n = 2
			p.problem(line, column, "Hier eindigt een veld dat niet begint.")
		}
		column += utf8.RuneCountInString(text[:n])
		text = text[n:]
	}
	if strong > 0 {
		p.problem(line, strong, "De nadruk die hier begint, eindigt niet.")
	}
	return out
}

// field reads {{name}} at the beginning of text, and returns its size.
func (p *parser) field(line, column int, text string) (inline, int) {
	end := strings.Index(text, "}}")
	if end < 0 {
		p.problem(line, column, "Het veld dat hier begint, eindigt niet.")
		return inline{}, len(text)
	}
	name := text[2:end]
	f, ok := fieldNamed(name)
	switch {
	case !ok:
		p.problem(line, column, "Het veld ‘%s’ is er niet.", name)
		return inline{}, end + 2
	case f.is == url:
		p.problem(line, column, "Een link staat op een eigen regel: <%s> of [tekst](%s).", name, name)
		return inline{}, end + 2
	}
	return inline{column: column, field: f}, end + 2
}

// appendText adds text to the text before it, or else as a part of its own.
func appendText(out []inline, in inline) []inline {
	if n := len(out); n > 0 && out[n-1].field.name == "" && out[n-1].strong == in.strong {
		out[n-1].text += in.text
		return out
	}
	return append(out, in)
}

// plain makes what cannot be seen in a line a space.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\u0085' {
			return ' '
		}
		return r
	}, s)
}
