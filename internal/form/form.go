// Package form turns an instrument and answers into the page to show, and what
// was posted into answers or problems. It knows neither HTTP nor HTML.
package form

import (
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Form is an instrument made ready to be filled in. It never changes and may
// be shared.
type Form struct {
	In        *instrument.Instrument
	Pages     []instrument.Page // all that can be shown
	Variables []instrument.Variable
	core      bool
	page      map[string]int
	variable  map[string]int
}

// New prepares an instrument that was parsed without problems.
func New(in *instrument.Instrument) *Form { return prepare(in, in.Pages(), false) }

// NewCore prepares an instrument to ask its core questions only. What it hides
// is not asked; answers to it are for the whole form to judge.
func NewCore(in *instrument.Instrument) *Form {
	var pages []instrument.Page
	for _, p := range in.Pages() {
		if p.Question.Kernvraag {
			pages = append(pages, p)
		}
	}
	return prepare(in, pages, true)
}

func prepare(in *instrument.Instrument, pages []instrument.Page, core bool) *Form {
	f := &Form{In: in, Pages: pages, Variables: in.Variables(), core: core, page: map[string]int{}, variable: map[string]int{}}
	for i := range f.Pages {
		f.page[f.Pages[i].ID] = i
	}
	for i := range f.Variables {
		f.variable[f.Variables[i].Name] = i
	}
	return f
}

// Page returns the page with the given id, nil if there is none.
func (f *Form) Page(id string) *instrument.Page {
	i, ok := f.page[id]
	if !ok {
		return nil
	}
	return &f.Pages[i]
}

// Variable returns the variable with the given name, nil if there is none.
func (f *Form) Variable(name string) *instrument.Variable {
	i, ok := f.variable[name]
	if !ok {
		return nil
	}
	return &f.Variables[i]
}

// Shown says per question, by id, whether the routing shows it. The answer to a
// question that is itself hidden does not count.
func (f *Form) Shown(values answer.Values) map[string]bool {
	shown := make(map[string]bool, len(f.Pages))
	lookup := func(name string) (string, bool) {
		v := f.Variable(name)
		if v == nil || !shown[v.Question] || v.IsMissing(values[name]) {
			return "", false
		}
		return values[name], true
	}
	for s := range f.In.Sections {
		for q := range f.In.Sections[s].Questions {
			question := &f.In.Sections[s].Questions[q]
			shown[question.ID] = !question.Unprinted && (!f.core || question.Kernvraag) && question.ShowIf.Eval(lookup)
		}
	}
	return shown
}

// Visible returns the pages that the answers lead to, in order.
func (f *Form) Visible(values answer.Values) []*instrument.Page {
	shown := f.Shown(values)
	var out []*instrument.Page
	for i := range f.Pages {
		if shown[f.Pages[i].Question.ID] {
			out = append(out, &f.Pages[i])
		}
	}
	return out
}

// Shows reports whether the answers lead to page p.
func (f *Form) Shows(p *instrument.Page, values answer.Values) bool {
	return f.Shown(values)[p.Question.ID]
}

// Neighbours returns the shown pages before and after p; nil at the ends.
func (f *Form) Neighbours(p *instrument.Page, values answer.Values) (before, after *instrument.Page) {
	own := f.page[p.ID]
	for _, v := range f.Visible(values) {
		switch n := f.page[v.ID]; {
		case n < own:
			before = v
		case n > own && after == nil:
			after = v
		}
	}
	return before, after
}

// FirstOpen returns the first shown page that was not passed yet, nil when all
// were.
func (f *Form) FirstOpen(values answer.Values, passed map[string]bool) *instrument.Page {
	for _, p := range f.Visible(values) {
		if !passed[p.ID] {
			return p
		}
	}
	return nil
}

// Complete counts what applies to these answers and what was answered.
func (f *Form) Complete(values answer.Values) answer.Completeness {
	var items []instrument.Item
	for _, p := range f.Visible(values) {
		items = append(items, p.Items...)
	}
	return answer.Complete(items, values)
}

// Final returns the answers as they are submitted: without what the routing
// hides, and without a text at "anders" that another choice made invalid.
func (f *Form) Final(values answer.Values) answer.Values {
	shown := f.Shown(values)
	final := answer.Values{}
	for i := range f.Variables {
		v := &f.Variables[i]
		value := values[v.Name]
		if shown[v.Question] && !(v.Type == instrument.TextType && f.overruled(v, values)) {
			final.Set(v.Name, value)
		}
	}
	return final
}

// overruled reports whether v is the text of an option of a single choice that
// was not chosen (standards F14).
func (f *Form) overruled(v *instrument.Variable, values answer.Values) bool {
	q := f.In.Question(v.Question)
	if v.Row == "" || q.Kind != instrument.Single && q.Kind != instrument.YesNo {
		return false
	}
	chosen := f.Variable(q.ID)
	code, _ := chosen.Code(v.Row)
	return values[q.ID] != code
}

// Limit is the share of applicable items from which an unsent response counts
// as partial; a half where the instrument names none (standards K1).
func (f *Form) Limit() float64 {
	if f.In.Partial > 0 {
		return f.In.Partial
	}
	return 0.5
}
