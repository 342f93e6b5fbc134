package instrument

import (
	"fmt"
	"slices"
	"strings"
)

// Write returns an instrument as the text that Parse reads back alike. head is
// written above it as comments, a line each.
func Write(in *Instrument, head ...string) []byte {
	w := writer{}
	for _, line := range head {
		w.text.WriteString(strings.TrimRight("# "+strings.Join(strings.Fields(line), " "), " ") + "\n")
	}
	w.line(0, "uitvraag: %d", Format)
	w.text.WriteString("instrument: " + scalar(in.Name) + "\nedition: " + quoted(in.Edition) + "\n")
	w.texts(0, "title", in.Title, "respondent", in.Respondent)
	w.line(0, "minutes: %d", in.Minutes)
	if in.Partial != 0.5 {
		w.line(0, "partial: %.0f", 100*in.Partial)
	}
	list(&w, 0, "definitions", in.Definitions, func(d Definition) { w.texts(2, "id", d.ID, "term", d.Term, "text", d.Text) })
	list(&w, 0, "option_sets", in.OptionSets, func(s OptionSet) {
		w.texts(2, "id", s.ID)
		w.options(2, s.Options)
	})
	list(&w, 0, "scales", in.Scales, func(s Scale) {
		w.texts(2, "id", s.ID, "title", s.Title)
		w.words(2, "items", s.Items)
	})
	list(&w, 0, "notes", in.Notes, func(n Note) { w.texts(2, "id", n.ID, "text", n.Text) })
	list(&w, 0, "sections", in.Sections, func(s Section) { w.section(in, s) })
	return []byte(w.text.String())
}

// A writer collects lines. An entry of a list begins with a dash in place of the
// indent of its first line.
type writer struct {
	text strings.Builder
	dash bool
}

func (w *writer) line(indent int, format string, args ...any) {
	lead := strings.Repeat("  ", indent)
	if w.dash {
		lead = strings.TrimSuffix(lead, "  ") + "- "
		w.dash = false
	}
	w.text.WriteString(lead + fmt.Sprintf(format, args...) + "\n")
}

// list writes the entries of a list under a key; nothing of an empty one.
func list[T any](w *writer, indent int, key string, entries []T, one func(T)) {
	if len(entries) == 0 {
		return
	}
	w.line(indent, "%s:", key)
	for _, e := range entries {
		w.dash = true
		one(e)
	}
}

// texts writes pairs of a key and a text; empty texts are left out.
func (w *writer) texts(indent int, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if key, text := pairs[i], pairs[i+1]; text != "" {
			if key == "id" || key == "kind" || key == "drawing" || key == "missing" || key == "explains" {
				text = scalar(text)
			} else {
				text = quoted(text)
			}
			w.line(indent, "%s: %s", key, text)
		}
	}
}

func (w *writer) words(indent int, key string, words []string) {
	if len(words) > 0 {
		w.line(indent, "%s: %s", key, flow(words))
	}
}

func flow(words []string) string {
	out := make([]string, len(words))
	for i, x := range words {
		out[i] = scalar(x)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func (w *writer) flags(indent int, pairs ...any) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if set, _ := pairs[i+1].(bool); set {
			w.line(indent, "%s: true", pairs[i])
		}
	}
}

// scalar writes a word bare where YAML reads the same word back, else quoted.
func scalar(s string) string {
	if validID.MatchString(s) {
		switch s {
		case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		default:
			return s
		}
	}
	return quoted(s)
}

// quoted writes a text on one line between double quotes.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func (w *writer) options(indent int, options []Option) {
	// In a list of boxes nothing has a code; of codes, one may be 0.
	coded := slices.ContainsFunc(options, func(o Option) bool { return o.Code != 0 })
	list(w, indent, "options", options, func(o Option) {
		if o.Hint+o.Title+o.Text+o.Drawing == "" {
			w.line(indent+2, "%s", o.flow(coded))
			return
		}
		w.texts(indent+2, "id", o.ID)
		if o.Missing == Substantive && coded {
			w.line(indent+2, "code: %d", o.Code)
		}
		w.texts(indent+2, "label", o.Label, "hint", o.Hint, "title", o.Title, "text", o.Text, "drawing", o.Drawing, "missing", string(o.Missing))
		w.flags(indent+2, "exclusive", o.Exclusive, "open", o.Open)
	})
}

// flow writes a plain option on one line.
func (o Option) flow(coded bool) string {
	parts := []string{"id: " + scalar(o.ID)}
	if o.Missing == Substantive && coded {
		parts = append(parts, fmt.Sprintf("code: %d", o.Code))
	}
	parts = append(parts, "label: "+quoted(o.Label))
	if o.Missing != Substantive {
		parts = append(parts, "missing: "+scalar(string(o.Missing)))
	}
	if o.Exclusive {
		parts = append(parts, "exclusive: true")
	}
	if o.Open {
		parts = append(parts, "open: true")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (w *writer) section(in *Instrument, s Section) {
	w.texts(2, "id", s.ID, "title", s.Title)
	w.flags(2, "untitled", s.Untitled)
	w.texts(2, "intro", s.Intro)
	w.words(2, "definitions", s.Definitions)
	list(w, 2, "questions", s.Questions, func(q Question) { w.question(in, &q) })
}

func (w *writer) question(in *Instrument, q *Question) {
	const at = 4
	w.texts(at, "id", q.ID)
	if q.Table != "" {
		w.line(at, "table: %s", quoted(q.Table))
	}
	w.texts(at, "kind", string(q.Kind), "text", q.Text)
	if len(q.Emphasis) > 0 {
		words := make([]string, len(q.Emphasis))
		for i, x := range q.Emphasis {
			words[i] = quoted(x)
		}
		w.line(at, "emphasis: [%s]", strings.Join(words, ", "))
	}
	w.texts(at, "hint", q.Hint)
	w.words(at, "definitions", q.Definitions)
	w.texts(at, "stem", q.Stem, "row_header", q.RowHeader)
	list(w, at, "rows", q.Rows, func(r Row) {
		w.texts(at+2, "id", r.ID, "label", r.Label)
		w.words(at+2, "definitions", r.Definitions)
		w.flags(at+2, "open", r.Open)
	})
	if q.OptionSet != "" {
		w.line(at, "options: %s", scalar(q.OptionSet))
		w.labels(in, q)
	} else {
		w.options(at, q.Options)
	}
	if g := q.Grade; g != (Grade{}) {
		w.line(at, "grade: {min: %d, max: %d, low: %s, high: %s}", g.Min, g.Max, quoted(g.Low), quoted(g.High))
	}
	if q.Kind == Number {
		w.line(at, "range: {min: %d, max: %d, unit: %s}", q.Range.Min, q.Range.Max, quoted(q.Range.Unit))
	}
	list(w, at, "fields", q.Fields, func(f Field) {
		w.texts(at+2, "id", f.ID, "label", f.Label, "hint", f.Hint)
		if f.Lines != 0 {
			w.line(at+2, "lines: %d", f.Lines)
		}
	})
	w.texts(at, "repeat", q.Repeat, "show_if", q.ShowIf.String(), "explains", q.Explains)
	w.flags(at, "kernvraag", q.Kernvraag, "optional", q.Optional, "unprinted", q.Unprinted, "inferred", q.Inferred)
}

// labels writes the texts of a question that differ from those of the set.
func (w *writer) labels(in *Instrument, q *Question) {
	var own []string
	for _, s := range in.OptionSets {
		for i, o := range s.Options {
			if s.ID == q.OptionSet && i < len(q.Options) && q.Options[i].Label != o.Label {
				own = append(own, scalar(o.ID)+": "+quoted(q.Options[i].Label))
			}
		}
	}
	if len(own) > 0 {
		w.line(4, "option_labels: {%s}", strings.Join(own, ", "))
	}
}
