package logic

import "strings"

// signs are the comparisons in Dutch.
var signs = map[string]string{"=": "is", "!=": "is niet", "<": "is lager dan", "<=": "is hooguit", ">": "is hoger dan", ">=": "is minstens"}

// Words writes the condition in Dutch, for people: "‘Heeft u plannen?’ is ‘Ja’".
// name tells what a variable is called, and value what stands for one of its
// values, which comes as written in e: a code or an id. The result is "" for the
// empty condition.
func (e Expr) Words(name func(variable string) string, value func(variable, value string) string) string {
	if e.root == nil {
		return ""
	}
	return e.root.words(name, value)
}

func (n *node) words(name func(string) string, value func(string, string) string) string {
	switch n.op {
	case opAnd, opOr:
		between := map[op]string{opAnd: " en ", opOr: " of "}[n.op]
		var parts []string
		for _, a := range n.args {
			text := a.words(name, value)
			if n.op == opAnd && a.op == opOr {
				text = "(" + text + ")"
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, between)
	case opNot:
		return "niet geldt: (" + n.args[0].words(name, value) + ")"
	case opAnswered:
		return name(n.variable) + " is beantwoord"
	}
	var values []string
	for _, v := range n.values {
		values = append(values, value(n.variable, v.String()))
	}
	sign := n.sign
	if n.op == opIn {
		sign = "="
	}
	return name(n.variable) + " " + signs[sign] + " " + strings.Join(values, " of ")
}
