// Package logic owns conditions: it parses, checks and evaluates them against a
// lookup function. It does not know what an instrument or an answer is.
//
// A condition compares variables with codes or with the ids of options:
//
//	b5_24 = ja
//	b6_1_bao in (opbouw, consolidatie) and not (b6_12_bao < 3)
//	answered(b5_12) or leerlingen >= 100
//
// "not" binds strongest, then "and", then "or". A comparison with a variable
// that has no substantive answer is false, whatever the operator: also
// "x != a". Its opposite, "not (x = a)", is then true.
package logic

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// An Expr is a condition. The zero Expr is always true. Conditions do not
// change, and may be shared.
type Expr struct{ root *node }

type op int

const (
	opAnd op = iota
	opOr
	opNot
	opCompare
	opIn
	opAnswered
)

type node struct {
	op       op
	args     []*node // of and, or: at least two; of not: one
	variable string
	offset   int // of the variable
	sign     string
	values   []value // one to compare with, or the list of in
}

// A value is a number as written, or a word that Resolve gives a number.
type value struct {
	word   string // "" for a number
	number int
	known  bool // number is set
	offset int
}

// IsZero reports whether e is the empty condition.
func (e Expr) IsZero() bool { return e.root == nil }

// Equal reports whether e and other are written the same, spaces and needless
// parentheses aside.
func (e Expr) Equal(other Expr) bool { return e.String() == other.String() }

// Eval reports whether the condition holds. lookup gives the stored code or the
// number of a variable, and false when there is no substantive answer. Words must have
// been resolved; one that was not equals nothing.
func (e Expr) Eval(lookup func(variable string) (string, bool)) bool {
	return e.root == nil || e.root.eval(lookup)
}

func (n *node) eval(lookup func(string) (string, bool)) bool {
	holds := func(a *node) bool { return a.eval(lookup) }
	switch n.op {
	case opAnd:
		return !slices.ContainsFunc(n.args, func(a *node) bool { return !holds(a) })
	case opOr:
		return slices.ContainsFunc(n.args, holds)
	case opNot:
		return !holds(n.args[0])
	}
	code, ok := lookup(n.variable)
	if !ok || n.op == opAnswered {
		return ok
	}
	x, err := strconv.ParseFloat(code, 64)
	if err != nil || math.IsNaN(x) {
		return false // a text equals no code
	}
	return slices.ContainsFunc(n.values, func(v value) bool { return v.known && compare(x, n.sign, float64(v.number)) })
}

func compare(x float64, sign string, y float64) bool {
	switch sign {
	case "=":
		return x == y
	case "!=":
		return x != y
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	case ">=":
		return x >= y
	}
	return false
}

// Variables returns the names of the variables in e, each once, in the order
// in which they are first named.
func (e Expr) Variables() []string {
	var names []string
	e.root.walk(func(n *node) {
		if n.variable != "" && !slices.Contains(names, n.variable) {
			names = append(names, n.variable)
		}
	})
	return names
}

// walk visits n and everything under it, parents first.
func (n *node) walk(visit func(*node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, a := range n.args {
		a.walk(visit)
	}
}

// And returns the condition that holds when all of es do.
func And(es ...Expr) Expr { return Expr{join(opAnd, roots(es))} }

// Or returns the condition that holds when one of es does. Or of nothing, or
// with an empty condition, always holds.
func Or(es ...Expr) Expr {
	if slices.ContainsFunc(es, Expr.IsZero) {
		return Expr{}
	}
	return Expr{join(opOr, roots(es))}
}

// Not returns the opposite of e, which must not be empty: there is no way to
// write a condition that never holds.
func Not(e Expr) Expr {
	if e.root == nil {
		panic("logic: Not of the empty condition")
	}
	return Expr{&node{op: opNot, args: []*node{e.root}}}
}

// Answered returns the condition that variable has a substantive answer.
func Answered(variable string) Expr {
	return Expr{&node{op: opAnswered, variable: variable}}
}

func roots(es []Expr) []*node {
	var ns []*node
	for _, e := range es {
		if e.root != nil {
			ns = append(ns, e.root)
		}
	}
	return ns
}

// join makes one flat node of args, so that what is printed reads back alike.
func join(o op, args []*node) *node {
	var flat []*node
	for _, a := range args {
		if a.op == o {
			flat = append(flat, a.args...)
		} else {
			flat = append(flat, a)
		}
	}
	switch len(flat) {
	case 0:
		return nil
	case 1:
		return flat[0]
	}
	return &node{op: o, args: flat}
}

// String prints the condition so that Parse reads it back; "" for the empty one.
func (e Expr) String() string {
	if e.root == nil {
		return ""
	}
	var b strings.Builder
	e.root.print(&b)
	return b.String()
}

func (n *node) print(b *strings.Builder) {
	switch n.op {
	case opAnd:
		n.printArgs(b, " and ")
	case opOr:
		n.printArgs(b, " or ")
	case opNot:
		b.WriteString("not ")
		if a := n.args[0]; a.op == opNot || a.op == opAnswered {
			a.print(b)
		} else {
			b.WriteString("(")
			a.print(b)
			b.WriteString(")")
		}
	case opAnswered:
		b.WriteString("answered(" + n.variable + ")")
	case opIn:
		b.WriteString(n.variable + " in (")
		for i, v := range n.values {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(v.String())
		}
		b.WriteString(")")
	case opCompare:
		b.WriteString(n.variable + " " + n.sign + " " + n.values[0].String())
	}
}

func (n *node) printArgs(b *strings.Builder, between string) {
	for i, a := range n.args {
		if i > 0 {
			b.WriteString(between)
		}
		if n.op == opAnd && a.op == opOr {
			b.WriteString("(")
			a.print(b)
			b.WriteString(")")
		} else {
			a.print(b)
		}
	}
}

func (v value) String() string {
	if v.word != "" {
		return v.word
	}
	return strconv.Itoa(v.number)
}

// Offset returns where variable is first named in the text that e was read
// from, in bytes; 0 if it is not.
func (e Expr) Offset(variable string) int {
	offset, found := 0, false
	e.root.walk(func(n *node) {
		if n.variable == variable && !found {
			offset, found = n.offset, true
		}
	})
	return offset
}

// Is returns the condition that variable has the given code.
func Is(variable string, code int) Expr {
	return Expr{&node{op: opCompare, variable: variable, sign: "=", values: []value{{number: code, known: true}}}}
}
