package logic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An Error is a fault in a condition, in Dutch, for the person who wrote it.
type Error struct {
	Offset int    // in bytes from the start of the condition
	Text   string // what is wrong
	Remedy string // what to do about it
}

// Error gives the whole message on one line.
func (e *Error) Error() string {
	return fmt.Sprintf("teken %d: %s %s", e.Offset+1, e.Text, e.Remedy)
}

const (
	maxLength = 2000 // bytes of one condition
	maxDepth  = 50   // parentheses and nots within one another
	maxDigits = 9
)

// Keywords are the words of the language, which name no variable or option.
var Keywords = []string{"and", "or", "not", "in", "answered"}

// Parse reads a condition. An empty one always holds. The error is an *Error.
// Whether its variables and words exist is for Resolve to say.
func Parse(src string) (Expr, error) {
	if len(src) > maxLength {
		return Expr{}, &Error{maxLength, "Deze voorwaarde is te lang.", fmt.Sprintf("Maak haar korter dan %d tekens.", maxLength)}
	}
	tokens, err := lex(src)
	if err != nil {
		return Expr{}, err
	}
	p := parser{tokens: tokens}
	if p.peek().kind == tokEnd {
		return Expr{}, nil
	}
	root, err := p.or()
	if err != nil {
		return Expr{}, err
	}
	if t := p.peek(); t.kind != tokEnd {
		return Expr{}, t.fault("Hier houdt de voorwaarde op, maar er staat nog "+t.quoted()+".", "Zet er and of or tussen, of haal het weg.")
	}
	return Expr{root}, nil
}

type tokenKind int

const (
	tokEnd tokenKind = iota
	tokName
	tokWord // one of Keywords
	tokNumber
	tokSign // = != < <= > >=
	tokMark // ( ) ,
)

type token struct {
	kind   tokenKind
	text   string
	offset int
}

func (t token) is(text string) bool {
	return t.text == text && (t.kind == tokWord || t.kind == tokMark)
}

func (t token) quoted() string {
	if t.kind == tokEnd {
		return "het einde"
	}
	return "“" + t.text + "”"
}

func (t token) fault(text, remedy string) error { return &Error{t.offset, text, remedy} }

// lex cuts src into tokens; the last one is tokEnd.
func lex(src string) ([]token, error) {
	var tokens []token
	for i := 0; i < len(src); {
		if strings.IndexByte(" \t\r\n", src[i]) >= 0 {
			i++
			continue
		}
		t, err := lexOne(src, i)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		i += len(t.text)
	}
	return append(tokens, token{tokEnd, "", len(src)}), nil
}

func lexOne(src string, i int) (token, error) {
	rest := src[i:]
	switch c := rest[0]; {
	case letter(c):
		n := span(rest, func(c byte) bool { return letter(c) || digit(c) })
		if slices.Contains(Keywords, rest[:n]) {
			return token{tokWord, rest[:n], i}, nil
		}
		return token{tokName, rest[:n], i}, nil
	case digit(c) || c == '-':
		n := 1 + span(rest[1:], func(c byte) bool { return letter(c) || digit(c) })
		return lexNumber(rest[:n], i)
	case strings.IndexByte("(),", c) >= 0:
		return token{tokMark, rest[:1], i}, nil
	}
	for _, sign := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		if strings.HasPrefix(rest, sign) {
			if sign == "=" && strings.HasPrefix(rest, "==") {
				return token{}, &Error{i, "“==” is hier geen vergelijking.", "Schrijf één =."}
			}
			return token{tokSign, sign, i}, nil
		}
	}
	r := []rune(rest[:min(len(rest), 4)])[0]
	return token{}, &Error{i, fmt.Sprintf("Het teken “%c” hoort niet in een voorwaarde.", r), "Schrijf bijvoorbeeld: b5_24 = ja."}
}

func lexNumber(text string, offset int) (token, error) {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || span(digits, digit) != len(digits) {
		return token{}, &Error{offset, "“" + text + "” is geen getal en geen naam.", "Namen beginnen met een letter; schrijf een getal met alleen cijfers."}
	}
	if len(digits) > maxDigits {
		return token{}, &Error{offset, "Dit getal is te groot.", fmt.Sprintf("Gebruik hooguit %d cijfers.", maxDigits)}
	}
	return token{tokNumber, text, offset}, nil
}

func letter(c byte) bool { return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func digit(c byte) bool  { return '0' <= c && c <= '9' }

// span counts the bytes at the start of s for which f holds.
func span(s string, f func(byte) bool) int {
	for i := range len(s) {
		if !f(s[i]) {
			return i
		}
	}
	return len(s)
}

type parser struct {
	tokens []token
	next   int
	depth  int
}

func (p *parser) peek() token { return p.tokens[p.next] }

// take returns the next token and moves on; it stays at the end.
func (p *parser) take() token {
	t := p.tokens[p.next]
	if t.kind != tokEnd {
		p.next++
	}
	return t
}

func (p *parser) or() (*node, error)  { return p.chain(opOr, "or", p.and) }
func (p *parser) and() (*node, error) { return p.chain(opAnd, "and", p.not) }

func (p *parser) chain(o op, word string, part func() (*node, error)) (*node, error) {
	var args []*node
	for {
		a, err := part()
		if err != nil {
			return nil, err
		}
		args = append(args, a)
		if !p.peek().is(word) {
			return join(o, args), nil
		}
		p.take()
	}
}

func (p *parser) not() (*node, error) {
	t := p.peek()
	if !t.is("not") && !t.is("(") {
		return p.comparison()
	}
	p.take()
	if afterNot := p.next > 1 && p.tokens[p.next-2].is("not"); t.is("not") || !afterNot { // "not (" counts once
		p.depth++
		defer func() { p.depth-- }()
	}
	if p.depth > maxDepth {
		return nil, t.fault("Hier staat te veel binnen elkaar.", "Maak de voorwaarde eenvoudiger.")
	}
	if t.is("not") {
		a, err := p.not()
		if err != nil {
			return nil, err
		}
		return &node{op: opNot, args: []*node{a}}, nil
	}
	a, err := p.or()
	if err != nil {
		return nil, err
	}
	return a, p.close(t)
}

func (p *parser) close(open token) error {
	if t := p.take(); !t.is(")") {
		return t.fault("Het haakje van teken "+strconv.Itoa(open.offset+1)+" is niet gesloten; hier staat "+t.quoted()+".", "Zet hier een ).")
	}
	return nil
}

func (p *parser) comparison() (*node, error) {
	t := p.take()
	if t.is("answered") {
		return p.answered()
	}
	if t.kind != tokName {
		return nil, t.fault("Hier hoort de naam van een variabele, niet "+t.quoted()+".", "Schrijf bijvoorbeeld: b5_24 = ja.")
	}
	n := &node{op: opCompare, variable: t.text, offset: t.offset}
	sign := p.take()
	if sign.is("in") {
		return p.list(n)
	}
	if sign.kind != tokSign {
		return nil, sign.fault("Na “"+t.text+"” hoort een vergelijking, niet "+sign.quoted()+".", "Gebruik =, !=, <, <=, >, >= of in (…); and, or en not met kleine letters.")
	}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	n.sign, n.values = sign.text, []value{v}
	return n, nil
}

func (p *parser) answered() (*node, error) {
	open := p.take()
	if !open.is("(") {
		return nil, open.fault("Na “answered” hoort een haakje, niet "+open.quoted()+".", "Schrijf: answered(b5_12).")
	}
	t := p.take()
	if t.kind != tokName {
		return nil, t.fault("Tussen deze haakjes hoort de naam van een variabele, niet "+t.quoted()+".", "Schrijf: answered(b5_12).")
	}
	return &node{op: opAnswered, variable: t.text, offset: t.offset}, p.close(open)
}

func (p *parser) list(n *node) (*node, error) {
	n.op, n.sign = opIn, "="
	open := p.take()
	if !open.is("(") {
		return nil, open.fault("Na “in” hoort een lijst tussen haakjes, niet "+open.quoted()+".", "Schrijf: in (opbouw, consolidatie).")
	}
	for {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		n.values = append(n.values, v)
		if !p.peek().is(",") {
			return n, p.close(open)
		}
		p.take()
	}
}

func (p *parser) value() (value, error) {
	t := p.take()
	switch t.kind {
	case tokName:
		return value{word: t.text, offset: t.offset}, nil
	case tokNumber:
		number, err := strconv.Atoi(t.text)
		if err != nil {
			return value{}, t.fault("“"+t.text+"” is geen getal.", "Gebruik alleen cijfers.")
		}
		return value{number: number, known: true, offset: t.offset}, nil
	}
	return value{}, t.fault("Hier hoort een antwoord of een getal, niet "+t.quoted()+".", "Schrijf bijvoorbeeld: b5_24 = ja.")
}
