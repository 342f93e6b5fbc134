package contactplan

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxTemplate is the size in bytes of a text that is read.
const maxTemplate = 64 << 10

// ParseTemplate reads a template. What must be mended comes back with its line
// and column; the template is to be used only if there is nothing.
func ParseTemplate(text string) (Template, []Problem) {
	p := &parser{}
	if len(text) > maxTemplate || !utf8.ValidString(text) {
		p.problem(1, 1, "De tekst is te lang of geen UTF-8.")
		return p.t, p.problems
	}
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\uFEFF"), "\r\n", "\n")
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(plain(l), " ")
	}
	body := p.head(lines)
	var open bool // a block that the next line may belong to
	for i := body; i < len(lines); i++ {
		if lines[i] == "" {
			open = false
			continue
		}
		p.line(i+1, lines[i], open)
		open = true
	}
	if len(p.t.blocks) == 0 {
		p.problem(len(lines), 1, "De tekst is leeg.")
	}
	return p.t, p.problems
}

type parser struct {
	t        Template
	problems []Problem
}

func (p *parser) problem(line, column int, format string, args ...any) {
	p.problems = append(p.problems, Problem{line, column, fmt.Sprintf(format, args...)})
}

// head reads the lines before the first empty one and returns where the rest
// begins.
func (p *parser) head(lines []string) int {
	end := 0
	seen := map[string]bool{}
	for ; end < len(lines) && lines[end] != ""; end++ {
		key, value, found := strings.Cut(lines[end], ":")
		n := utf8.RuneCountInString(key) + 2
		if trimmed := strings.TrimLeft(value, " "); trimmed != value {
			n += len(value) - len(trimmed)
			value = trimmed
		}
		if !found || value == "" || seen[key] {
			p.problem(end+1, 1, "Verwacht hier één keer ‘id: …’, ‘kanaal: …’ of ‘onderwerp: …’.")
			continue
		}
		seen[key] = true
		switch key {
		case "id":
			p.t.ID = value
			if clean(value) != value {
				p.problem(end+1, n, "Deze naam kan niet.")
			}
		case "kanaal":
			p.version(end+1, n, value)
		case "onderwerp":
			p.t.subject = p.inlines(end+1, n, value)
			p.subject(end + 1)
		default:
			p.problem(end+1, 1, "‘%s’ is hier niet bekend.", key)
		}
	}
	if !seen["id"] || !seen["kanaal"] || !seen["onderwerp"] && p.t.Version != Phone {
		p.problem(1, 1, "Begin met ‘id’, ‘kanaal’ en ‘onderwerp’.")
	}
	return end
}

func (p *parser) version(line, column int, name string) {
	for v, n := range versionNames {
		if n == name {
			p.t.Version = v
			return
		}
	}
	p.problem(line, column, "Kies ‘mail’, ‘brief’ of ‘telefoon’.")
}

// subject checks that nothing secret stands in the subject.
func (p *parser) subject(line int) {
	for _, in := range p.t.subject {
		if in.field.is == secret {
			p.problem(line, in.column, "‘%s’ mag niet in het onderwerp staan.", in.field.name)
		}
		if in.strong {
			p.problem(line, in.column, "In een onderwerp kan geen nadruk.")
			return
		}
	}
}

// line reads one line of the body and adds it to the block that is open, or
// begins a new one.
func (p *parser) line(number int, text string, open bool) {
	l := line{number: number}
	rest := p.condition(&l, strings.TrimLeft(text, " "))
	column := utf8.RuneCountInString(text) - utf8.RuneCountInString(rest) + 1
	kind, content := kindOf(rest)
	column += utf8.RuneCountInString(rest) - utf8.RuneCountInString(content)
	switch kind {
	case Button, Address:
		p.target(&l, kind, content, column)
	case QR:
		l.field, _ = fieldNamed("link")
	case Rule:
	default:
		l.text = p.inlines(number, column, content)
		if len(l.text) == 0 {
			p.problem(number, column, "Hier staat geen tekst.")
			return
		}
	}
	blocks := p.t.blocks
	if !open {
		p.t.blocks = append(blocks, block{kind, []line{l}})
		return
	}
	if len(blocks) == 0 { // the line before it had a problem
		return
	}
	last := &blocks[len(blocks)-1]
	if last.kind != kind || single(kind) {
		p.problem(number, 1, "Zet voor deze regel een lege regel.")
		return
	}
	last.lines = append(last.lines, l)
}

func single(k Kind) bool { return k != Paragraph && k != Item && k != Verse }

// condition takes a condition off the front of a line.
func (p *parser) condition(l *line, text string) string {
	if len(text) < 2 || text[0] != '?' && text[0] != '!' || !isLower(text[1]) {
		return text
	}
	word, rest, found := strings.Cut(text, " ")
	name, value, equal := strings.Cut(word[1:], "=")
	f, ok := fieldNamed(name)
	switch {
	case !ok:
		p.problem(l.number, 2, "Het veld ‘%s’ is er niet.", name)
	case equal && (text[0] == '!' || value == ""):
		p.problem(l.number, 1, "Deze voorwaarde kan niet.")
	case !found || strings.TrimSpace(rest) == "":
		p.problem(l.number, 1, "Na de voorwaarde staat geen tekst.")
	}
	l.cond = condition{field: f, value: value, equal: equal, not: text[0] == '!'}
	return strings.TrimLeft(rest, " ")
}

func isLower(b byte) bool { return 'a' <= b && b <= 'z' }

// kindOf returns what sort of block a line belongs to, and what it says.
func kindOf(text string) (Kind, string) {
	for prefix, kind := range map[string]Kind{"## ": Heading, "- ": Item, "| ": Verse} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			return kind, strings.TrimLeft(rest, " ")
		}
	}
	switch {
	case text == "{qr}":
		return QR, ""
	case text == "---":
		return Rule, ""
	case strings.HasPrefix(text, "["):
		return Button, text
	case strings.HasPrefix(text, "<"):
		return Address, text
	}
	return Paragraph, text
}

// target reads [label](field) and <field>.
func (p *parser) target(l *line, kind Kind, text string, column int) {
	name, ok := strings.CutSuffix(text, ">")
	name = strings.TrimPrefix(name, "<")
	at := column + 1
	if kind == Button {
		label, rest, found := strings.Cut(text[1:], "](")
		name, ok = strings.CutSuffix(rest, ")")
		ok = ok && found && clean(label) == label && label != "" && !strings.ContainsAny(label, "*{}[]")
		l.text = []inline{{column: column + 1, text: label}}
		at = column + 3 + utf8.RuneCountInString(label)
	}
	if !ok {
		p.problem(l.number, column, "Schrijf een knop als [tekst](link) en een link als <link>.")
		return
	}
	f, known := fieldNamed(name)
	if !known || f.is != url {
		p.problem(l.number, at, "‘%s’ is geen link. Kies link, kortadres, privacy of afmelden.", name)
		return
	}
	l.field = f
}
