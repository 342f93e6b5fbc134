package form

import (
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A BlankQuestion is a question as it stands on paper: in one piece, numbered,
// with when it is asked.
type BlankQuestion struct {
	No      int
	Section int // index in Instrument.Sections
	View    View
	When    string // "" for everybody
}

// Blank returns every question that can be asked, without answers.
func (f *Form) Blank() []BlankQuestion {
	var out []BlankQuestion
	numbers := map[string]int{}
	for i := range f.Pages {
		p := f.Pages[i]
		if p.Part > 1 {
			continue
		}
		whole := p
		whole.Rows, whole.Part, whole.Parts = p.Question.Rows, 1, 1
		whole.Items = nil
		for j := range f.Pages {
			if f.Pages[j].Question == p.Question {
				whole.Items = append(whole.Items, f.Pages[j].Items...)
			}
		}
		n := len(out) + 1
		numbers[p.Question.ID] = n
		out = append(out, BlankQuestion{No: n, Section: p.Section, View: f.View(&whole, answer.Values{}, nil, nil, 1), When: f.when(p.Question, numbers)})
	}
	return out
}

// when says in words under which answers a question is asked. Where single
// answers do not tell the whole of it, it says that only some get the question.
func (f *Form) when(q *instrument.Question, numbers map[string]int) string {
	if q.ShowIf.IsZero() {
		return ""
	}
	var parts []string
	whole := !q.ShowIf.Eval(only("", ""))
	for _, name := range q.ShowIf.Variables() {
		v := f.Variable(name)
		n := len(parts)
		for _, x := range v.Values {
			if !x.Missing && q.ShowIf.Eval(only(name, strconv.Itoa(x.Code))) {
				parts = append(parts, f.chose(v, x, numbers[v.Question]))
			}
		}
		whole = whole && len(parts) > n
	}
	if !whole {
		return "Alleen bij bepaalde antwoorden op eerdere vragen."
	}
	return "Alleen als u " + strings.Join(parts, " of ") + "."
}

// chose says that somebody gave variable v the value x.
func (f *Form) chose(v *instrument.Variable, x instrument.Value, no int) string {
	q := f.In.Question(v.Question)
	at, what := "bij vraag "+strconv.Itoa(no), "‘"+x.Label+"’ koos"
	for _, r := range q.Rows {
		if r.ID == v.Row {
			at += ", ‘" + r.Label + "’,"
		}
	}
	if v.Type == instrument.FlagType {
		what = "‘" + option(q, v.Column).Label + map[string]string{"ja": "’ koos", "nee": "’ niet koos"}[x.ID]
	}
	return at + " " + what
}

func only(name, code string) func(string) (string, bool) {
	return func(asked string) (string, bool) { return code, asked == name }
}
