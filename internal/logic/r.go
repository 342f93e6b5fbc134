package logic

import (
	"strconv"
	"strings"
)

// R writes a resolved condition as one on columns in R, where what has no
// substantive answer is NA: a comparison with NA is false, as in Eval.
func (e Expr) R() string {
	if e.root == nil {
		return "TRUE"
	}
	return e.root.r()
}

func (n *node) r() string {
	var args []string
	for _, a := range n.args {
		args = append(args, a.r())
	}
	switch n.op {
	case opAnd:
		return "(" + strings.Join(args, " & ") + ")"
	case opOr:
		return "(" + strings.Join(args, " | ") + ")"
	case opNot:
		return "!" + args[0]
	case opAnswered:
		return "(!is.na(" + n.variable + "))"
	}
	var codes []string
	for _, v := range n.values {
		codes = append(codes, strconv.Itoa(v.number))
	}
	if n.op == opIn {
		return "(" + n.variable + " %in% c(" + strings.Join(codes, ", ") + "))"
	}
	sign := n.sign
	if sign == "=" {
		sign = "=="
	}
	return "(!is.na(" + n.variable + ") & " + n.variable + " " + sign + " " + codes[0] + ")"
}
