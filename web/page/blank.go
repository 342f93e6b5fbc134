package page

import (
	"strconv"

	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/web/ui"
)

// about says how long it takes and until when.
func (p Blank) about() string {
	n := 0
	for _, s := range p.Sections {
		n += len(s.Questions)
	}
	text := "Er zijn " + ui.Count(n, "vraag", "vragen") + "."
	if p.Minutes > 0 {
		text += " Invullen kost ongeveer " + ui.Count(p.Minutes, "minuut", "minuten") + "."
	}
	if !p.Closes.IsZero() {
		text += " Dat kan " + ui.Until(p.Closes) + "."
	}
	return text
}

func (q BlankQuestion) id() string { return "vraag-" + strconv.Itoa(q.No) }

// region names a table that may scroll sideways.
func (q BlankQuestion) region() string { return "Vraag " + strconv.Itoa(q.No) + " (tabel)" }

func fieldsOf(v form.View) []form.Field {
	var out []form.Field
	for _, g := range v.Groups {
		out = append(out, g.Fields...)
	}
	return out
}

// headsOf are the heads of a table of rows.
func headsOf(v form.View) []form.Head {
	if len(v.Heads) > 0 {
		return v.Heads
	}
	var out []form.Head
	for _, o := range fieldsOf(v)[0].Options {
		out = append(out, form.Head{Label: o.Label, Apart: o.Apart})
	}
	return out
}

func hasHints(v form.View) bool {
	for _, o := range fieldsOf(v)[0].Options {
		if o.Hint != "" {
			return true
		}
	}
	return false
}

// gradeEnds says what the lowest and the highest mark mean.
func gradeEnds(v form.View) string {
	f := fieldsOf(v)[0]
	return gradeEnd(f, 0, v.Low) + ", " + gradeEnd(f, -1, v.High)
}
