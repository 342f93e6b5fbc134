package sheet

import (
	"bytes"
	"strings"
)

// text reads delimited text.
func (b *builder) text(data []byte) {
	text, encoding, ok := b.decode(data)
	if !ok {
		return
	}
	s := scanner{text: text, line: 1}
	if s.comma, ok = s.sepLine(); !ok {
		s.comma = delimiter(text)
	}
	b.table.ReadAs = "tekst met " + delimiters[s.comma] + " (" + encoding + ")"
	for s.more() {
		r := s.next()
		if r.fault == "" {
			if !b.add(r.line, r.cells) {
				return
			}
			continue
		}
		b.problems.Add(r.faultLine, "", "%s", r.fault)
		if b.at == nil {
			return // without a header the rest can't be judged
		}
	}
}

// delimiters are the characters that may stand between cells, with their names.
var delimiters = map[byte]string{';': "puntkomma's", ',': "komma's", '\t': "tabs"}

// sepLine skips the line "sep=;" that Excel understands at the top of a file,
// and returns the delimiter it names.
func (s *scanner) sepLine() (comma byte, ok bool) {
	const start = "sep="
	if len(s.text) <= len(start) || !strings.EqualFold(s.text[:len(start)], start) {
		return 0, false
	}
	comma = s.text[len(start)]
	rest := s.text[len(start)+1:]
	if delimiters[comma] == "" || (rest != "" && lineEnd(rest) == 0) {
		return 0, false
	}
	s.pos = len(start) + 1 + lineEnd(rest)
	s.line = 2
	return comma, true
}

// delimiter returns the delimiter that fits the text best: the one with which
// most of the first lines have as many cells as the header, and of those the
// one that gives the header most cells. A comma within a name or an open answer
// thus does not mislead it.
func delimiter(text string) byte {
	best, bestFits, bestNames := byte(','), -1, 1
	for _, comma := range []byte(";,\t") {
		names, fits := fit(text, comma)
		if names == 0 {
			return comma // nothing but delimiters
		}
		if names < 2 {
			continue
		}
		if fits > bestFits || fits == bestFits && names > bestNames {
			best, bestFits, bestNames = comma, fits, names
		}
	}
	return best
}

// fit returns the number of cells of the header and how many of the twenty
// lines under it have the same number.
func fit(text string, comma byte) (names, fits int) {
	s := scanner{text: text, line: 1, comma: comma}
	for lines := 0; lines <= 20 && s.more(); {
		r := s.next()
		switch {
		case blank(r.cells):
			continue
		case names == 0:
			names = len(r.cells)
		case len(r.cells) == names:
			fits++
		}
		lines++
	}
	return names, fits
}

// A scanner cuts delimited text into records as RFC 4180 does. Unlike
// encoding/csv it leaves line ends within quotes as they were written, accepts
// \n, \r\n and \r as the end of a record, and takes a quote in the middle of an
// unquoted cell literally.
type scanner struct {
	text  string
	pos   int
	line  int
	comma byte
}

// A record is one line of text, or more where cells contain line ends.
type record struct {
	line      int // on which it starts
	cells     []string
	fault     string // why the cells can't be used, in Dutch
	faultLine int
}

func (s *scanner) more() bool { return s.pos < len(s.text) }

// next returns the next record. There must be more.
func (s *scanner) next() record {
	r := record{line: s.line}
	for {
		cell := s.cell(&r)
		if len(r.cells) < maxCells {
			r.cells = append(r.cells, cell)
		} else if r.fault == "" {
			r.fault, r.faultLine = "Deze regel heeft te veel cellen.", r.line
		}
		if s.more() && s.text[s.pos] == s.comma {
			s.pos++
			continue
		}
		if n := lineEnd(s.text[s.pos:]); n > 0 {
			s.pos += n
			s.line++
		}
		return r
	}
}

// cell reads up to the next delimiter or the end of the record.
func (s *scanner) cell(r *record) string {
	if s.more() && s.text[s.pos] == '"' {
		return s.quoted(r)
	}
	start := s.pos
	n := strings.IndexAny(s.text[start:], string(s.comma)+"\r\n")
	if n < 0 {
		n = len(s.text) - start
	}
	s.pos += n
	return s.text[start:s.pos]
}

// quoted reads a cell that begins with a quote.
func (s *scanner) quoted(r *record) string {
	opened := s.line
	s.pos++
	start := s.pos
	for {
		n := strings.IndexByte(s.text[s.pos:], '"')
		if n < 0 {
			r.fault, r.faultLine = "Het aanhalingsteken dat op deze regel een cel opent, wordt nergens gesloten.", opened
			s.pos = len(s.text)
			return ""
		}
		s.pos += n + 1
		if s.more() && s.text[s.pos] == '"' {
			s.pos++
			continue
		}
		break
	}
	cell := s.text[start : s.pos-1]
	s.line += strings.Count(cell, "\n") + strings.Count(cell, "\r") - strings.Count(cell, "\r\n")

	closed := s.line
	after := s.text[s.pos:]
	if n := strings.IndexAny(after, string(s.comma)+"\r\n"); n >= 0 {
		after = after[:n]
	}
	s.pos += len(after)
	if strings.TrimSpace(after) != "" && r.fault == "" {
		r.fault, r.faultLine = "Na een sluitend aanhalingsteken staat nog tekst: "+Quote(after)+". Een aanhalingsteken binnen een tekst schrijft u dubbel.", closed
	}
	return strings.ReplaceAll(cell, `""`, `"`)
}

// lineEnd returns the length of the line end that s begins with, or 0.
func lineEnd(s string) int {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return 2
	case s != "" && (s[0] == '\n' || s[0] == '\r'):
		return 1
	}
	return 0
}

// lineAt returns the number of the line on which the byte at pos stands.
func lineAt(data []byte, pos int) int {
	head := data[:pos]
	return 1 + bytes.Count(head, []byte("\n")) + bytes.Count(head, []byte("\r")) - bytes.Count(head, []byte("\r\n"))
}
