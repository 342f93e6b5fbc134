package page

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/web/ui"
)

// windowTitle is "Fout: question – stap 3 van 10".
func (p Question) windowTitle() string {
	v := &p.Form
	title := v.Title
	if v.Continued != "" {
		title += " (" + v.Continued + ")"
	}
	if len(v.Problems) > 0 {
		title = "Fout: " + title
	}
	return fmt.Sprintf("%s – stap %d van %d", title, v.Step, v.Steps)
}

// status is what has been saved of this page.
func (p Question) status() string {
	if len(p.Form.Problems) > 0 {
		return "Deze pagina is nog niet opgeslagen"
	}
	return p.savedText(p.Saved)
}

func (p Question) isSaved() bool { return !p.Saved.IsZero() && len(p.Form.Problems) == 0 }

// whole reports whether the heading is the legend or label of the only field.
func (p Question) whole() bool {
	v := &p.Form
	return (v.Layout == form.Choices || v.Layout == form.Texts) && len(v.Groups) == 1 && len(v.Groups[0].Fields) == 1
}

// defs are the definitions of the page, each once.
func (p Question) defs() []instrument.Definition {
	seen := map[string]bool{}
	var out []instrument.Definition
	for _, d := range p.Form.Defs {
		if !seen[d.ID] {
			seen[d.ID] = true
			out = append(out, d)
		}
	}
	return out
}

// explained is the ids of what explains the whole page; the first fieldset is
// tied to it.
func (p Question) explained() string {
	var ids []string
	for _, d := range p.defs() {
		ids = append(ids, "def-"+d.ID)
	}
	if p.Form.Hint != "" {
		ids = append(ids, "uitleg")
	}
	return ui.IDs(ids...)
}

// describe is the ids of what explains a group; the first also has what explains
// the page.
func (p Question) describe(group int) string {
	var ids []string
	if group == 0 {
		ids = append(ids, p.explained())
	}
	g := p.Form.Groups[group]
	for _, d := range g.Defs {
		ids = append(ids, groupDefID(g, d))
	}
	return ui.IDs(ids...)
}

func groupDefID(g form.Group, d instrument.Definition) string { return "def-" + g.ID + "-" + d.ID }

// fieldError is the problem of a fieldset, unless it belongs to a text in it.
func (p Question) fieldError(f form.Field) string {
	for _, problem := range p.Form.Problems {
		if problem.Item == f.ID && hasText(f, problem.Field) {
			return ""
		}
	}
	return f.Error
}

func hasText(f form.Field, name string) bool {
	if f.Text != nil && f.Text.Name == name {
		return true
	}
	for _, o := range f.Options {
		if o.Text != nil && o.Text.Name == name {
			return true
		}
	}
	return false
}

func errorID(f form.Field, text string) string {
	if text == "" {
		return ""
	}
	return f.ID + "-fout"
}

// fieldset ties a fieldset to its explanations and its problem.
func (p Question) fieldset(group int, f form.Field) templ.Attributes {
	text := p.fieldError(f)
	return ui.FieldsetAttributes(text != "", p.Form.Multiple, p.describe(group), errorID(f, text))
}

// gradeset does the same for one grade of a group.
func (p Question) gradeset(group, n int, f form.Field) templ.Attributes {
	describe := ""
	if n == 0 {
		describe = p.describe(group)
	}
	text := p.fieldError(f)
	return ui.FieldsetAttributes(text != "", false, describe, errorID(f, text))
}

// control is what an option looks like; class is for the second of the options
// apart, which has a column of its own.
func (p Question) control(f form.Field, o form.Option, class string) ui.Control {
	return ui.Control{ID: o.ID, Name: o.Name, Value: o.Value, Label: o.Label, Hint: o.Hint, Class: class,
		Multiple: p.Form.Multiple, Checked: o.Checked, Apart: o.Apart, Invalid: p.fieldError(f) != "",
		Alone: o.Alone && (p.Form.Multiple || p.Form.Kind == instrument.Number)}
}

// box is what a text looks like, with its own problem.
func (p Question) box(t form.Text, describe string) ui.Box {
	b := ui.Box{Name: t.Name, Label: t.Label, Hint: t.Hint, Value: t.Value, Error: t.Error, Lines: t.Lines, Describe: describe}
	for _, problem := range p.Form.Problems {
		if problem.Field == t.Name && b.Error == "" {
			b.Error = problem.Text
		}
	}
	return b
}

// rowBox is the text of a row "Anders, namelijk": the row already says what its
// label would.
func (p Question) rowBox(g form.Group, f form.Field) ui.Box {
	b := p.box(*f.Text, "")
	if strings.HasSuffix(strings.ToLower(g.Legend), strings.ToLower(b.Label)) {
		b.Label, b.Quiet = g.Legend, true
	}
	return b
}

// number is the box of a count: empty while the answer is that there is none.
func (p Question) number(f form.Field) ui.Box {
	b := p.box(*f.Text, p.explained())
	if p.Form.Kind == instrument.Number {
		b.Numeric, b.Hint = true, strings.TrimSpace("Aantal "+b.Hint)
	}
	for _, o := range f.Options {
		if o.Checked {
			b.Value = ""
		}
	}
	return b
}

func firstApart(options []form.Option, i int) bool {
	return options[i].Apart && (i == 0 || !options[i-1].Apart)
}

// apartClass marks the second option apart.
func apartClass(options []form.Option, i int) string {
	if i > 0 && options[i].Apart && options[i-1].Apart {
		return "b"
	}
	return ""
}

func headClass(heads []form.Head, i int) string {
	switch {
	case !heads[i].Apart:
		return ""
	case i > 0 && heads[i-1].Apart:
		return "apart b"
	}
	return "apart"
}

// gridClass names the columns; what has no class stays a list.
func gridClass(v form.View) string {
	if v.Columns < 1 || v.Columns > 7 || v.Apart > 2 {
		return "rows"
	}
	return fmt.Sprintf("rows grid c%da%d", v.Columns, v.Apart)
}

// rowHeader is what the rows are, as the head of their column.
func rowHeader(v form.View) string {
	if v.RowHeader != "" {
		return v.RowHeader
	}
	return ""
}

// stem is what a screen reader hears before each row.
func stem(v form.View) string {
	if v.Stem == "" {
		return ""
	}
	return v.Stem + " "
}

func drawn(options []form.Option) []form.Option { return choose(options, false) }

func apart(options []form.Option) []form.Option { return choose(options, true) }

func choose(options []form.Option, apart bool) []form.Option {
	var out []form.Option
	for _, o := range options {
		if o.Apart == apart {
			out = append(out, o)
		}
	}
	return out
}

func optionTitle(o form.Option) string {
	if o.Title != "" {
		return o.Title
	}
	return o.Label
}

func messages(problems []form.Problem) []ui.Message {
	var out []ui.Message
	for _, p := range problems {
		out = append(out, ui.Message{Field: p.Field, Text: p.Text})
	}
	return out
}

func problemHeading(n int) string {
	if n == 1 {
		return "1 antwoord klopt nog niet"
	}
	return ui.Int(n) + " antwoorden kloppen nog niet"
}

func promptHeading(n int) string {
	if n == 1 {
		return "1 antwoord staat nog open"
	}
	return ui.Int(n) + " antwoorden staan nog open"
}

// modelText is the id of the description of a model, "" where it is not shown.
func modelText(o form.Option, described bool) string {
	if !described || o.Hint == "" {
		return ""
	}
	return o.ID + "-uitleg"
}

// gradeLegend is the aspect, said before each of its grades.
func gradeLegend(g form.Group, f form.Field) string {
	if f.Legend == "" {
		return g.Legend
	}
	return g.Legend + ", "
}

// gradeEnd says what the first or the last mark means: 1 = zeer slecht.
func gradeEnd(f form.Field, at int, meaning string) string {
	marks := drawn(f.Options)
	if len(marks) == 0 || meaning == "" {
		return meaning
	}
	if at < 0 {
		at += len(marks)
	}
	return marks[at].Label + " = " + meaning
}

func boxError(b ui.Box) string {
	if b.Error == "" {
		return ""
	}
	return b.Name + "-fout"
}

// labelled is the box of a count beside options: the question is the legend, so
// the box has a label of its own.
func (p Question) labelled(f form.Field) ui.Box {
	b := p.number(f)
	if b.Label == "" {
		b.Label, b.Hint = b.Hint, ""
	}
	return b
}
