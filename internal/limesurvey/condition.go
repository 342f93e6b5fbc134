package limesurvey

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/logic"
)

// condition translates the relevance of LimeSurvey where our conditions can say
// the same: comparisons with codes and numbers, is_empty, and, or, not. problem
// says in Dutch why it cannot, "" where it can.
func (c *converter) condition(text string) (e logic.Expr, problem string) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") {
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	if text == "" || text == "1" {
		return logic.Expr{}, ""
	}
	if len(text) > 4000 {
		return e, "zij is te lang"
	}
	p := &conditionParser{c: c, rest: text}
	ours := p.or(0)
	p.space()
	if p.problem == "" && p.rest != "" {
		p.fail("wij begrijpen ‘" + short(p.rest, 30) + "’ niet")
	}
	if p.problem != "" {
		return e, p.problem
	}
	e, err := logic.Parse(ours)
	if err != nil {
		return e, "zij is te ingewikkeld"
	}
	return e, ""
}

// A conditionParser reads an expression of LimeSurvey and writes ours.
type conditionParser struct {
	c       *converter
	rest    string
	problem string
}

func (p *conditionParser) fail(why string) string {
	if p.problem == "" {
		p.problem = why
	}
	p.rest = ""
	return ""
}

func (p *conditionParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// accept takes one of the words or signs that stand next.
func (p *conditionParser) accept(tokens ...string) string {
	p.space()
	for _, t := range tokens {
		if len(p.rest) < len(t) || !strings.EqualFold(p.rest[:len(t)], t) {
			continue
		}
		if t[0] >= 'a' && t[0] <= 'z' && len(p.rest) > len(t) && wordByte(p.rest[len(t)]) {
			continue
		}
		p.rest = p.rest[len(t):]
		return t
	}
	return ""
}

func wordByte(b byte) bool {
	return b == '_' || b == '.' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

const deepest = 30

func (p *conditionParser) or(depth int) string {
	if depth > deepest {
		return p.fail("er staat te veel binnen elkaar")
	}
	parts := []string{p.and(depth)}
	for p.accept("||", "or") != "" {
		parts = append(parts, p.and(depth))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, " or ") + ")"
}

func (p *conditionParser) and(depth int) string {
	parts := []string{p.not(depth)}
	for p.accept("&&", "and") != "" {
		parts = append(parts, p.not(depth))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, " and ") + ")"
}

func (p *conditionParser) not(depth int) string {
	p.space()
	if !strings.HasPrefix(p.rest, "!=") && p.accept("!", "not") != "" {
		inner := p.not(depth + 1)
		if twice, ok := strings.CutPrefix(inner, "not ("); ok { // as of !is_empty
			return strings.TrimSuffix(twice, ")")
		}
		return "not (" + inner + ")"
	}
	if p.accept("(") != "" {
		inner := p.or(depth + 1)
		if p.accept(")") == "" {
			return p.fail("er mist een haakje")
		}
		if strings.HasPrefix(inner, "(") {
			return inner
		}
		return "(" + inner + ")"
	}
	if p.accept("is_empty", "empty") != "" {
		if p.accept("(") == "" {
			return p.fail("er mist een haakje")
		}
		v, ok := p.variable()
		if !ok || p.accept(")") == "" {
			return p.fail("is_empty gaat hier niet over één vraag")
		}
		return "not (" + v.answered() + ")"
	}
	return p.comparison()
}

// answered says that somebody gave an answer; a box is answered when it is chosen.
func (v variable) answered() string {
	if v.flag {
		return v.name + " = 1"
	}
	return "answered(" + v.name + ")"
}

var (
	nameStart = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z]+)?|^\d+X\d+X\d+[A-Za-z0-9_]*(\.[A-Za-z]+)?`)
	oldName   = regexp.MustCompile(`^\d+X\d+X(\d+)(.*)$`)
	literal   = regexp.MustCompile(`^(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+(?:\.\d+)?))`)
)

// variable reads the name of a variable: by code, or by the numbers of before
// version 1.92.
func (p *conditionParser) variable() (variable, bool) {
	p.space()
	name := nameStart.FindString(p.rest)
	if name == "" {
		return variable{}, false
	}
	p.rest = p.rest[len(name):]
	base, suffix, _ := strings.Cut(name, ".")
	if suffix != "" && suffix != "NAOK" && suffix != "value" && suffix != "code" {
		p.fail("‘" + short(name, 40) + "’ kan hier niet")
		return variable{}, false
	}
	v, ok := p.c.variables[base]
	if m := oldName.FindStringSubmatch(base); m != nil && !ok {
		v, ok = p.c.old(m[1], m[2])
	}
	if !ok {
		p.fail("‘" + short(base, 40) + "’ is geen eerdere vraag die meeging")
	}
	return v, ok
}

// old finds a variable by the number of its question, which may have the first
// digits of what follows it.
func (c *converter) old(id, rest string) (variable, bool) {
	for n := len(id); n > 0; n-- {
		if q := c.byID[id[:n]]; q != nil {
			code := id[n:] + rest
			if code == "" {
				v, ok := c.variables[q.Code]
				return v, ok
			}
			v, ok := c.variables[q.Code+"_"+code]
			return v, ok
		}
	}
	return variable{}, false
}

var signs = map[string]string{"==": "=", "eq": "=", "=": "=", "!=": "!=", "ne": "!=", "<=": "<=", "le": "<=", ">=": ">=", "ge": ">=", "<": "<", "lt": "<", ">": ">", "gt": ">"}

func (p *conditionParser) comparison() string {
	v, ok := p.variable()
	if !ok {
		return p.fail("wij begrijpen ‘" + short(p.rest, 30) + "’ niet")
	}
	sign := signs[p.accept("==", "!=", "<=", ">=", "eq", "ne", "le", "ge", "lt", "gt", "<", ">", "=")]
	if sign == "" {
		return p.fail("een vraag wordt hier niet vergeleken")
	}
	p.space()
	m := literal.FindStringSubmatch(p.rest)
	if m == nil {
		return p.fail("er wordt vergeleken met iets anders dan een antwoord")
	}
	p.rest = p.rest[len(m[0]):]
	return p.compare(v, sign, m[1]+m[2]+m[3])
}

// compare writes one comparison.
func (p *conditionParser) compare(v variable, sign, value string) string {
	equal := sign == "=" || sign == "!="
	switch {
	case value == "" && sign == "=":
		return "not (" + v.answered() + ")"
	case value == "" && sign == "!=":
		return v.answered()
	case v.flag && equal && (value == "Y" || value == "1"):
		if sign == "=" {
			return v.name + " = 1"
		}
		return "not (" + v.name + " = 1)"
	case v.codes != nil:
		code, known := v.codes[value]
		if !known || v.flag {
			return p.fail("het antwoord ‘" + short(value, 20) + "’ is er niet")
		}
		return unless(v.name, sign, code)
	case v.text:
		return p.fail("een tekst is niet te vergelijken")
	case v.flag:
		return p.fail("‘" + short(value, 20) + "’ kan een vakje niet zijn")
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		return p.fail("een tekst is niet te vergelijken")
	}
	return unless(v.name, sign, n)
}

// unless writes a comparison. In LimeSurvey no answer differs from any other; with
// us a comparison with it is false.
func unless(name, sign string, n int) string {
	if sign == "!=" {
		return fmt.Sprintf("not (%s = %d)", name, n)
	}
	return fmt.Sprintf("%s %s %d", name, sign, n)
}
