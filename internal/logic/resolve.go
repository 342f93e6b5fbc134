package logic

import (
	"slices"
	"strconv"
	"strings"
)

// A Domain is what a variable can hold when it has a substantive answer.
type Domain struct {
	Values   []Value // the codes of a choice, a flag or a grade
	Min, Max int     // bounds of a number, which has no Values
	Text     bool    // any text: it can be answered, not compared
}

// A Value is one code, and the id that stands for it in a condition.
type Value struct {
	ID   string
	Code int
}

// A Domains gives the domain of a variable, and false if there is none such.
type Domains func(variable string) (Domain, bool)

// Resolve returns e with its words replaced by codes, and everything in it that
// does not exist. With faults the result is not to be used.
func (e Expr) Resolve(domains Domains) (Expr, []*Error) {
	if e.root == nil {
		return e, nil
	}
	r := resolver{domains: domains}
	return Expr{r.node(e.root)}, r.faults
}

type resolver struct {
	domains Domains
	faults  []*Error
}

func (r *resolver) fault(offset int, text, remedy string) {
	r.faults = append(r.faults, &Error{offset, text, remedy})
}

// node returns a copy of n, resolved.
func (r *resolver) node(n *node) *node {
	c := *n
	c.args = nil
	for _, a := range n.args {
		c.args = append(c.args, r.node(a))
	}
	if n.variable == "" {
		return &c
	}
	d, ok := r.domains(n.variable)
	switch {
	case !ok:
		r.fault(n.offset, "De variabele “"+n.variable+"” bestaat niet.", "Gebruik de naam zoals in het codeboek, bijvoorbeeld b5_24 of b5_2_kern.")
	case d.Text && n.op != opAnswered:
		r.fault(n.offset, "“"+n.variable+"” is een tekst; die is niet te vergelijken.", "Gebruik answered("+n.variable+").")
	default:
		c.values = r.values(n, d)
	}
	return &c
}

func (r *resolver) values(n *node, d Domain) []value {
	values := slices.Clone(n.values)
	for i, v := range values {
		switch {
		case d.Values == nil && v.word != "":
			r.fault(v.offset, "“"+n.variable+"” is een getal; “"+v.word+"” is dat niet.", "Schrijf een getal.")
		case d.Values == nil:
		case v.word != "":
			values[i].number, values[i].known = d.code(v.word)
			if !values[i].known {
				r.fault(v.offset, "Het antwoord “"+v.word+"” bestaat niet bij “"+n.variable+"”.", "Kies uit: "+d.words()+".")
			}
		case (n.sign == "=" || n.sign == "!=") && !d.has(v.number):
			r.fault(v.offset, "De code "+v.String()+" bestaat niet bij “"+n.variable+"”.", "Kies uit: "+d.words()+".")
		}
	}
	return values
}

func (d Domain) code(id string) (int, bool) {
	i := slices.IndexFunc(d.Values, func(v Value) bool { return v.ID == id })
	if i < 0 {
		return 0, false
	}
	return d.Values[i].Code, true
}

func (d Domain) has(code int) bool {
	return slices.ContainsFunc(d.Values, func(v Value) bool { return v.Code == code })
}

func (d Domain) words() string {
	var ids []string
	for _, v := range d.Values {
		ids = append(ids, v.ID)
	}
	return strings.Join(ids, ", ")
}

// maxCases bounds the work of Satisfiable.
const maxCases = 1 << 16

// Satisfiable reports whether some combination of answers, missing ones
// included, makes e hold. It tries them all; decided is false where there are
// too many to try or a variable is unknown. Words must have been resolved.
func Satisfiable(e Expr, domains Domains) (ok, decided bool) {
	variables := e.Variables()
	candidates := make([][]string, len(variables))
	cases := 1
	for i, name := range variables {
		d, known := domains(name)
		if !known {
			return false, false
		}
		candidates[i] = e.candidates(name, d)
		if cases *= len(candidates[i]); cases > maxCases {
			return false, false
		}
	}
	chosen := make(map[string]string, len(variables))
	lookup := func(name string) (string, bool) { x := chosen[name]; return x, x != "" }
	for n := range cases {
		for i, name := range variables {
			k := len(candidates[i])
			chosen[name] = candidates[i][n%k]
			n /= k
		}
		if e.Eval(lookup) {
			return true, true
		}
	}
	return false, true
}

// candidates gives answers of one variable that make a difference to e; the
// first, "", is no answer. Of a number those are its bounds and the numbers
// that e names, with their neighbours.
func (e Expr) candidates(name string, d Domain) []string {
	out := []string{""}
	if d.Text {
		return append(out, "x")
	}
	for _, v := range d.Values {
		out = append(out, strconv.Itoa(v.Code))
	}
	if d.Values != nil {
		return out
	}
	numbers := []int{d.Min, d.Max}
	e.root.walk(func(n *node) {
		if n.variable == name {
			for _, v := range n.values {
				numbers = append(numbers, v.number-1, v.number, v.number+1)
			}
		}
	})
	slices.Sort(numbers)
	for _, x := range slices.Compact(numbers) {
		if d.Min <= x && x <= d.Max {
			out = append(out, strconv.Itoa(x))
		}
	}
	return out
}
