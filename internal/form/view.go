package form

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Layout says how a page is drawn.
type Layout string

// The layouts of a page.
const (
	Choices Layout = "choices" // one fieldset with its options
	Pair    Layout = "pair"    // a few fieldsets side by side, options with small print
	Grid    Layout = "grid"    // a fieldset per row, aligned under heads on wide screens
	Models  Layout = "models"  // options with a drawing and a description
	Grades  Layout = "grades"  // tiles from low to high
	Texts   Layout = "texts"   // one or more boxes to write in
	Repeats Layout = "repeats" // a group of boxes that can be added again
)

// A View is one page of a questionnaire as it is to be shown.
type View struct {
	ID         string
	Title      string // the question, short enough for the window's title
	Section    string
	Step       int // of Steps: sections that are shown, and the overview of answers
	Steps      int
	Number     int // of Numbers: place of the question in its section
	Numbers    int
	Intro      string // of the section, on its first page only
	Text       []Span
	Hint       string
	Continued  string // "deel 2 van 2" for a long matrix
	Defs       []instrument.Definition
	Layout     Layout
	Kind       instrument.Kind
	Multiple   bool // boxes, not rounds
	RowHeader  string
	Stem       string
	Heads      []Head
	Columns    int // substantive heads
	Apart      int // heads for no substantive answer
	Groups     []Group
	Low, High  string // ends of the grades
	RepeatName string
	CanAdd     bool
	Problems   []Problem
	Prompts    []Problem // soft: shown once, passed by posting again
}

// A Span is a piece of the question's text.
type Span struct {
	Text string
	Bold bool
}

// A Head is the head of a column.
type Head struct {
	Label string
	Apart bool
}

// A Group is what stands together: one fieldset in most layouts, the grades of
// one aspect, one repeat.
type Group struct {
	ID     string
	Legend string
	Defs   []instrument.Definition
	Fields []Field
}

// A Field is one fieldset or one box to write in.
type Field struct {
	ID      string // id of the item, or variable of a text
	Legend  string
	Options []Option
	Text    *Text  // "anders, namelijk" of a row, or the only thing to fill in
	Error   string // the problem, in the words of the summary
	Chosen  bool   // something is filled in: it can be cleared
}

// An Option is one round or box.
type Option struct {
	ID      string // of the control
	Name    string
	Value   string
	Label   string
	Title   string
	Hint    string
	Drawing string
	Apart   bool
	Alone   bool // cannot be beside another answer
	Checked bool
	Text    *Text
}

// NoNames stands under every open question (standards V9).
const NoNames = "Noem geen namen van leerlingen of collega’s."

// A Text is a box to write in.
type Text struct {
	Name, Label, Hint, Value, Error string
	Lines                           int // 1 is a single line
}

// View returns page p filled with values. repeats is how many groups of a
// repeated group to show at least.
func (f *Form) View(p *instrument.Page, values answer.Values, problems, prompts []Problem, repeats int) View {
	q := p.Question
	v := View{ID: p.ID, Title: q.Text, Text: spans(q), Hint: q.Hint, Kind: q.Kind, Layout: layout(p), Multiple: q.Kind == instrument.Multi || q.Kind == instrument.MatrixMulti,
		RowHeader: q.RowHeader, Stem: q.Stem, Low: q.Grade.Low, High: q.Grade.High, RepeatName: q.Repeat, Problems: problems, Prompts: prompts}
	if p.Parts > 1 {
		v.Continued = "Deel " + strconv.Itoa(p.Part) + " van " + strconv.Itoa(p.Parts)
	}
	f.place(&v, p, values)
	v.heads(q)
	errors := byItem(problems)
	switch {
	case q.Kind == instrument.Repeated:
		v.repeats(&p.Items[0], values, repeats)
	case q.Kind == instrument.GradeMatrix:
		v.grades(f, p, values, errors)
	default:
		for i := range p.Items {
			v.Groups = append(v.Groups, f.group(&p.Items[i], values, errors))
		}
	}
	return v
}

func layout(p *instrument.Page) Layout {
	q := p.Question
	hints, drawings := false, false
	for _, o := range q.Options {
		hints = hints || o.Hint != ""
		drawings = drawings || o.Drawing != ""
	}
	switch {
	case q.Kind == instrument.Open || q.Kind == instrument.Number:
		return Texts
	case q.Kind == instrument.Repeated:
		return Repeats
	case q.Kind == instrument.GradeMatrix:
		return Grades
	case drawings:
		return Models
	case len(q.Rows) == 0:
		return Choices
	case hints && len(p.Rows) <= 3:
		return Pair
	}
	return Grid
}

// place fills in where the page stands: step, number, intro, definitions.
func (f *Form) place(v *View, p *instrument.Page, values answer.Values) {
	section := &f.In.Sections[p.Section]
	v.Section = section.Title
	lastSection, lastQuestion := -1, ""
	for _, s := range f.Visible(values) {
		if s.Section != lastSection {
			lastSection = s.Section
			v.Steps++
			if s.Section == p.Section && s.ID == p.ID {
				v.Intro = section.Intro
				v.Defs = f.definitions(section.Definitions)
			}
		}
		if s.Section <= p.Section {
			v.Step = v.Steps
		}
		if s.Section == p.Section && s.Question.ID != lastQuestion {
			lastQuestion = s.Question.ID
			v.Numbers++
			if f.page[s.ID] <= f.page[p.ID] {
				v.Number = v.Numbers
			}
		}
	}
	v.Steps++ // the overview of all answers
	v.Defs = append(v.Defs, f.definitions(p.Question.Definitions)...)
}

func (f *Form) definitions(ids []string) []instrument.Definition {
	var out []instrument.Definition
	for _, id := range ids {
		if d, ok := f.In.Definition(id); ok {
			out = append(out, d)
		}
	}
	return out
}

// spans cuts the text of a question at its bold words.
func spans(q *instrument.Question) []Span {
	rest := q.Text
	var out []Span
	for _, bold := range q.Emphasis {
		before, after, found := strings.Cut(rest, bold)
		if !found {
			continue
		}
		if before != "" {
			out = append(out, Span{Text: before})
		}
		out = append(out, Span{Text: bold, Bold: true})
		rest = after
	}
	if rest != "" {
		out = append(out, Span{Text: rest})
	}
	return out
}

func (v *View) heads(q *instrument.Question) {
	for _, o := range ordered(q.Options) {
		apart := o.Missing != instrument.Substantive
		v.Heads = append(v.Heads, Head{o.Label, apart})
		if apart {
			v.Apart++
		} else {
			v.Columns++
		}
	}
}

// ordered puts geen zicht op and n.v.t. after the scale (standards G4).
func ordered(options []instrument.Option) []instrument.Option {
	var out, apart []instrument.Option
	for _, o := range options {
		if o.Missing == instrument.Substantive {
			out = append(out, o)
		} else {
			apart = append(apart, o)
		}
	}
	return append(out, apart...)
}

func byItem(problems []Problem) map[string]string {
	m := map[string]string{}
	for _, p := range problems {
		if m[p.Item] == "" {
			m[p.Item] = p.Text
		}
	}
	return m
}

// group draws one item as a fieldset.
func (f *Form) group(it *instrument.Item, values answer.Values, errors map[string]string) Group {
	g := Group{ID: it.ID()}
	field := Field{ID: it.ID(), Error: errors[it.ID()], Chosen: answer.Answered(it, values)}
	if it.Row != nil {
		g.Legend = it.Row.Label
		g.Defs = f.definitions(it.Row.Definitions)
	}
	q := it.Question
	switch q.Kind {
	case instrument.Open, instrument.Number:
		field.Text = &Text{Name: q.ID, Value: values[q.ID], Error: field.Error, Lines: 5, Hint: q.Range.Unit}
		if q.Kind == instrument.Open {
			field.Text.Hint = NoNames
		}
		if q.Kind == instrument.Number {
			field.Text.Lines = 1
			field.Options = options(it, values)
			if it.Variables[0].IsMissing(values[q.ID]) {
				field.Text.Value = "" // the code is said by an option, or by nothing
			}
		}
	default:
		field.Options = options(it, values)
	}
	if it.Row != nil && it.Row.Open {
		name := it.ID() + "_txt"
		field.Text = &Text{Name: name, Label: "Namelijk", Value: values[name], Lines: 1}
	}
	g.Fields = []Field{field}
	return g
}

// options draws the rounds or boxes of an item, with the text of "anders".
func options(it *instrument.Item, values answer.Values) []Option {
	var out []Option
	main := &it.Variables[0]
	for _, o := range ordered(it.Question.Options) {
		opt := Option{Label: o.Label, Title: o.Title, Hint: o.Hint, Drawing: o.Drawing, Apart: o.Missing != instrument.Substantive}
		opt.Alone = o.Exclusive || opt.Apart
		if o.Text != "" {
			opt.Hint = o.Text
		}
		if main.Type == instrument.FlagType {
			opt.Name, opt.Value = it.ID()+"_"+o.ID, "1"
		} else {
			code, ok := main.Code(o.ID)
			if !ok {
				continue // the column of another grade
			}
			opt.Name, opt.Value = main.Name, code
		}
		opt.ID = FieldID(opt.Name, opt.Value)
		opt.Checked = values[opt.Name] == opt.Value
		if o.Open {
			name := it.ID() + "_" + o.ID + "_txt"
			opt.Text = &Text{Name: name, Label: o.Label + ", namelijk", Value: values[name], Lines: 1}
		}
		out = append(out, opt)
	}
	return out
}

// grades draws the grades of one aspect under one heading.
func (v *View) grades(f *Form, p *instrument.Page, values answer.Values, errors map[string]string) {
	for i := range p.Items {
		it := &p.Items[i]
		if len(v.Groups) == 0 || v.Groups[len(v.Groups)-1].ID != it.Row.ID {
			v.Groups = append(v.Groups, Group{ID: it.Row.ID, Legend: it.Row.Label, Defs: f.definitions(it.Row.Definitions)})
		}
		g := &v.Groups[len(v.Groups)-1]
		main := &it.Variables[0]
		field := Field{ID: it.ID(), Legend: it.Column.Label, Error: errors[it.ID()], Chosen: answer.Answered(it, values)}
		for _, x := range main.Values {
			if x.Reason == instrument.LeftOpen {
				continue
			}
			code := strconv.Itoa(x.Code)
			label := code
			if x.Missing {
				label = x.Label
			}
			field.Options = append(field.Options, Option{ID: FieldID(main.Name, code), Name: main.Name, Value: code, Label: label,
				Apart: x.Missing, Checked: values[main.Name] == code})
		}
		g.Fields = append(g.Fields, field)
	}
}

// repeats draws the groups that are filled in, at least n of them.
func (v *View) repeats(it *instrument.Item, values answer.Values, n int) {
	fields := it.Question.Fields
	last := min(max(n, filledRepeats(it, values)), instrument.MaxRepeats)
	for r := range last {
		g := Group{ID: strconv.Itoa(r + 1), Legend: capital(it.Question.Repeat) + " " + strconv.Itoa(r+1)}
		for i, fd := range fields {
			variable := it.Variables[r*len(fields)+i].Name
			t := &Text{Name: variable, Label: fd.Label, Hint: fd.Hint, Value: values[variable], Lines: max(fd.Lines, 2)}
			g.Fields = append(g.Fields, Field{ID: variable, Text: t})
		}
		v.Groups = append(v.Groups, g)
	}
	v.CanAdd = last < instrument.MaxRepeats
	for _, p := range v.Problems {
		for gi := range v.Groups {
			for fi := range v.Groups[gi].Fields {
				if t := v.Groups[gi].Fields[fi].Text; t.Name == p.Field {
					t.Error = p.Text
				}
			}
		}
	}
}

// capital writes the first letter of s as a capital.
func capital(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}
