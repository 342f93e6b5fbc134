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
	for text != "" {
		n := untilMark(text)
		switch {
		case n > 0:
			out = appendText(out, inline{column: column, text: text[:n], strong: strong > 0})
		case strings.HasPrefix(text, "**"):
			if n = 2; strong == 0 {
				strong = column
				break
			}
			if column == strong+2 {
				p.problem(line, strong, "Tussen ** en ** staat niets.")
			}
			strong = 0
		case strings.HasPrefix(text, "{{"):
			var in inline
			if in, n = p.field(line, column, text); in.field.name != "" {
				in.strong = strong > 0
				out = append(out, in)
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

// untilMark returns how many bytes of text come before **, {{ or }}.
func untilMark(text string) int {
	n := len(text)
	for _, mark := range []string{"**", "{{", "}}"} {
		if i := strings.Index(text, mark); i >= 0 {
			n = min(n, i)
		}
	}
	return n
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

// plain makes characters that would end a line, or that cannot be seen, spaces.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\u0085' {
			return ' '
		}
		return r
	}, s)
}
