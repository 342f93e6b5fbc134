package instrument

import (
	"slices"
	"strconv"
)

// A Type says what a variable holds.
type Type string

// The types of variable, named as in the codebook.
const (
	CodeType   Type = "code"   // one of its values
	FlagType   Type = "flag"   // 0 or 1
	GradeType  Type = "grade"  // a mark
	NumberType Type = "number" // a count
	TextType   Type = "text"   // text as typed, "" is left open
)

// A Value is one code of a variable. Code is the only thing that is stored;
// the id may stand for it in files that people make.
type Value struct {
	Code    int     `json:"code"`
	ID      string  `json:"id"`
	Label   string  `json:"label"`
	Missing bool    `json:"missing"`
	Reason  Missing `json:"-"`
}

// A Variable is one column of the data. (Question, Row, Column) is unique, and
// so is Name without regard to case.
type Variable struct {
	Name     string  `json:"name"`
	Label    string  `json:"label"`
	Question string  `json:"question"`
	Row      string  `json:"row"`
	Column   string  `json:"column"`
	Type     Type    `json:"type"`
	Values   []Value `json:"values"` // substantive codes from low to high, then the missing ones
}

// Code returns the stored form of the value with the given id, and whether the
// variable has it.
func (v *Variable) Code(id string) (string, bool) {
	for _, x := range v.Values {
		if x.ID == id {
			return strconv.Itoa(x.Code), true
		}
	}
	return "", false
}

// MissingCode returns the stored form of a missing reason, and whether the
// variable knows that reason.
func (v *Variable) MissingCode(reason Missing) (string, bool) {
	for _, x := range v.Values {
		if x.Missing && x.Reason == reason {
			return strconv.Itoa(x.Code), true
		}
	}
	return "", false
}

// Value returns the value that a stored code stands for, and whether the
// variable has it. Text has no values; a number has only its missing ones.
func (v *Variable) Value(code string) (Value, bool) {
	n, err := strconv.Atoi(code)
	if err != nil || strconv.Itoa(n) != code {
		return Value{}, false
	}
	i := slices.IndexFunc(v.Values, func(x Value) bool { return x.Code == n })
	if i < 0 {
		return Value{}, false
	}
	return v.Values[i], true
}

// IsMissing reports whether a stored answer says that there is no substantive
// one. The empty string, never reached or never shown, is missing too.
func (v *Variable) IsMissing(code string) bool {
	if code == "" {
		return true
	}
	x, ok := v.Value(code)
	return ok && x.Missing
}

// Variables returns the columns that in gives, in the order of the
// questionnaire. Names follow DESIGN 1.
func (in *Instrument) Variables() []Variable {
	var vs []Variable
	for s := range in.Sections {
		for q := range in.Sections[s].Questions {
			vs = append(vs, in.Sections[s].Questions[q].Variables()...)
		}
	}
	return vs
}

// Variables returns the columns that one question gives.
func (q *Question) Variables() []Variable {
	switch q.Kind {
	case Single, YesNo:
		return q.singleVariables()
	case Multi:
		return flagVariables(q, q.ID, "", q.Text)
	case MatrixSingle, MatrixMulti, GradeMatrix:
		return q.matrixVariables()
	case Open:
		return []Variable{{Name: q.ID, Label: q.label(), Question: q.ID, Column: "tekst", Type: TextType, Values: []Value{}}}
	case Number:
		return []Variable{{Name: q.ID, Label: q.label(), Question: q.ID, Type: NumberType, Values: missingValues(q.Options, 997)}}
	case Repeated:
		return q.repeatVariables()
	}
	return nil
}

// label is the question's text, or its id where the text is unknown.
func (q *Question) label() string {
	if q.Text == "" {
		return q.ID
	}
	return q.Text
}

func (q *Question) singleVariables() []Variable {
	vs := []Variable{{Name: q.ID, Label: q.label(), Question: q.ID, Type: CodeType, Values: codeValues(q.Options)}}
	for _, o := range q.Options {
		if o.Open {
			vs = append(vs, textVariable(q, q.ID+"_"+o.ID, o.ID, q.label()+" – "+o.Label))
		}
	}
	return vs
}

func (q *Question) matrixVariables() []Variable {
	var vs []Variable
	for _, r := range q.Rows {
		name := q.rowName(r.ID)
		label := r.Label
		switch q.Kind {
		case MatrixSingle:
			vs = append(vs, Variable{Name: name, Label: label, Question: q.ID, Row: r.ID, Type: CodeType, Values: codeValues(q.Options)})
		case MatrixMulti:
			vs = append(vs, flagVariables(q, name, r.ID, label)...)
		case GradeMatrix:
			for _, o := range q.Options {
				if o.Missing != Substantive {
					continue
				}
				vs = append(vs, Variable{Name: name + "_" + o.ID, Label: label + " – " + o.Label, Question: q.ID, Row: r.ID, Column: o.ID,
					Type: GradeType, Values: q.gradeValues()})
			}
		}
		if r.Open {
			vs = append(vs, textVariable(q, name, r.ID, label))
		}
	}
	return vs
}

// rowName names the variable of a row: statements carry their row id alone.
func (q *Question) rowName(row string) string {
	if q.Statements() {
		return row
	}
	return q.ID + "_" + row
}

func (q *Question) repeatVariables() []Variable {
	var vs []Variable
	for n := 1; n <= MaxRepeats; n++ {
		for _, f := range q.Fields {
			i := strconv.Itoa(n)
			vs = append(vs, Variable{Name: q.ID + "_" + i + "_" + f.ID, Label: q.Repeat + " " + i + " – " + f.Label,
				Question: q.ID, Row: i, Column: f.ID, Type: TextType, Values: []Value{}})
		}
	}
	return vs
}

func textVariable(q *Question, name, row, label string) Variable {
	return Variable{Name: name + "_txt", Label: label + " (tekst)", Question: q.ID, Row: row, Column: "tekst", Type: TextType, Values: []Value{}}
}

// flagVariables gives one 0/1 variable per option, the missing ones included,
// and a text for each option that asks for one.
func flagVariables(q *Question, name, row, label string) []Variable {
	var vs []Variable
	for _, o := range q.Options {
		vs = append(vs, Variable{Name: name + "_" + o.ID, Label: label + " – " + o.Label, Question: q.ID, Row: row, Column: o.ID, Type: FlagType,
			Values: []Value{{0, "nee", "Niet gekozen", false, ""}, {1, "ja", "Gekozen", false, ""}, leftOpen(7)}})
		if o.Open {
			vs = append(vs, textVariable(q, name+"_"+o.ID, o.ID, label+" – "+o.Label))
		}
	}
	return vs
}

func leftOpen(code int) Value {
	return Value{code, "niet_beantwoord", "Gezien, niet beantwoord", true, LeftOpen}
}

// codeValues gives the values of a list of options. Missing codes are 7, 8 and
// 9 where every substantive code is at most 6, else 97-99 or 997-999.
func codeValues(options []Option) []Value {
	var vs []Value
	top := 0
	for _, o := range options {
		if o.Missing == Substantive {
			vs = append(vs, Value{o.Code, o.ID, o.Label, false, Substantive})
			top = max(top, o.Code)
		}
	}
	slices.SortStableFunc(vs, func(a, b Value) int { return a.Code - b.Code })
	base := 7
	for _, b := range []int{7, 97, 997} {
		if base = b; top < b {
			break
		}
	}
	return append(vs, missingValues(options, base)...)
}

// missingValues gives left open as base, geen zicht op as base+1 and n.v.t. as
// base+2, the last two only where an option offers them.
func missingValues(options []Option, base int) []Value {
	vs := []Value{leftOpen(base)}
	for n, reason := range []Missing{NoView, NotApply} {
		for _, o := range options {
			if o.Missing == reason {
				vs = append(vs, Value{base + 1 + n, o.ID, o.Label, true, reason})
			}
		}
	}
	return vs
}

func (q *Question) gradeValues() []Value {
	var vs []Value
	for g := q.Grade.Min; g <= q.Grade.Max; g++ {
		label := strconv.Itoa(g)
		if g == q.Grade.Min && q.Grade.Low != "" {
			label += " (" + q.Grade.Low + ")"
		}
		if g == q.Grade.Max && q.Grade.High != "" {
			label += " (" + q.Grade.High + ")"
		}
		vs = append(vs, Value{g, strconv.Itoa(g), label, false, Substantive})
	}
	return append(vs, missingValues(q.Options, 97)...)
}
