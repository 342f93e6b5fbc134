package instrument

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Change is what happened to a part of an instrument.
type Change string

// The changes of a Difference.
const (
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
)

// A Touch says what a difference does to comparing answers, from light to heavy.
type Touch string

// The weights of a Difference.
const (
	TouchesHelp    Touch = "help"    // explanation only: answers compare
	TouchesWording Touch = "wording" // what is asked reads otherwise: say so under a comparison
	TouchesData    Touch = "data"    // variables, codes or who is asked: compare with care
)

// A Difference is one change between two editions, in a researcher's words.
type Difference struct {
	Change   Change
	Question string // id, "" for the instrument as a whole
	Touches  Touch
	Text     string // one Dutch line, plain text
}

// String returns the text.
func (d Difference) String() string { return d.Text }

// Diff returns what changed from a to b, in the order of b; what is gone comes
// after what stayed. Names and editions are not compared, nor are notes.
func Diff(a, b *Instrument) []Difference {
	d := differ{}
	d.head(a, b)
	d.definitions(a.Definitions, b.Definitions)
	d.sections(a.Sections, b.Sections)
	d.questions(a, b)
	d.scales(a.Scales, b.Scales)
	return d.list
}

type differ struct {
	question string // the question that is compared now
	prefix   string // what its lines begin with
	list     []Difference
}

func (d *differ) add(c Change, t Touch, format string, args ...any) {
	d.list = append(d.list, Difference{Change: c, Question: d.question, Touches: t, Text: d.prefix + fmt.Sprintf(format, args...)})
}

// at sets what the next differences are about.
func (d *differ) at(question, prefix string) { d.question, d.prefix = question, prefix }

// text reports a text that changed, came or went.
func (d *differ) text(t Touch, what, a, b string) {
	switch {
	case a == b:
	case a == "":
		d.add(Added, t, "%s toegevoegd: ‘%s’", what, b)
	case b == "":
		d.add(Removed, t, "%s weggehaald: ‘%s’", what, a)
	default:
		d.add(Changed, t, "%s gewijzigd van ‘%s’ in ‘%s’", what, a, b)
	}
}

// flag reports a property that came or went.
func (d *differ) flag(t Touch, a, b bool, came, went string) {
	switch {
	case !a && b:
		d.add(Changed, t, "%s", came)
	case a && !b:
		d.add(Changed, t, "%s", went)
	}
}

// words reports a list of short texts as one text.
func (d *differ) words(t Touch, what string, a, b []string) {
	d.text(t, what, strings.Join(a, ", "), strings.Join(b, ", "))
}

// pairs calls come, stay and gone for what b has alone, both have, a has alone.
func pairs[T any](a, b []T, id func(T) string, come func(T), stay func(T, T), gone func(T)) {
	find := func(list []T, x T) int {
		return slices.IndexFunc(list, func(y T) bool { return id(y) == id(x) })
	}
	for _, y := range b {
		if i := find(a, y); i >= 0 {
			stay(a[i], y)
		} else {
			come(y)
		}
	}
	for _, x := range a {
		if find(b, x) < 0 {
			gone(x)
		}
	}
}

// moved returns the ids of what stands in another order in b than in a: the
// fewest that explain it.
func moved[T any](a, b []T, id func(T) string) []string {
	n := make([][]int, len(a)+1) // longest common order of a[i:] and b[j:]
	for i := len(a); i >= 0; i-- {
		n[i] = make([]int, len(b)+1)
		for j := len(b) - 1; j >= 0 && i < len(a); j-- {
			n[i][j] = max(n[i+1][j], n[i][j+1])
			if id(a[i]) == id(b[j]) {
				n[i][j] = n[i+1][j+1] + 1
			}
		}
	}
	kept := map[string]bool{}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case id(a[i]) == id(b[j]):
			kept[id(a[i])] = true
			i, j = i+1, j+1
		case n[i+1][j] >= n[i][j+1]:
			i++
		default:
			j++
		}
	}
	var out []string
	for _, y := range b {
		if !kept[id(y)] && slices.ContainsFunc(a, func(x T) bool { return id(x) == id(y) }) {
			out = append(out, id(y))
		}
	}
	return out
}

func (d *differ) head(a, b *Instrument) {
	d.at("", "Vragenlijst: ")
	d.text(TouchesHelp, "titel", a.Title, b.Title)
	d.text(TouchesHelp, "wie de lijst invult", a.Respondent, b.Respondent)
	if a.Minutes != b.Minutes {
		d.add(Changed, TouchesHelp, "duur gewijzigd van %d in %d minuten", a.Minutes, b.Minutes)
	}
	if a.Partial != b.Partial {
		d.add(Changed, TouchesData, "grens voor ‘gedeeltelijk’ gewijzigd van %.0f in %.0f procent", 100*a.Partial, 100*b.Partial)
	}
}

func (d *differ) definitions(a, b []Definition) {
	pairs(a, b, func(x Definition) string { return x.ID },
		func(y Definition) {
			d.at("", "Begrip ‘"+y.Term+"’: ")
			d.add(Added, TouchesHelp, "toegevoegd")
		},
		func(x, y Definition) {
			d.at("", "Begrip ‘"+y.Term+"’: ")
			d.text(TouchesWording, "naam", x.Term, y.Term)
			d.text(TouchesWording, "uitleg", x.Text, y.Text)
		},
		func(x Definition) {
			d.at("", "Begrip ‘"+x.Term+"’: ")
			d.add(Removed, TouchesHelp, "weggehaald")
		})
}

func (d *differ) sections(a, b []Section) {
	id := func(x Section) string { return x.ID }
	order := moved(a, b, id)
	pairs(a, b, id,
		func(y Section) {
			d.at("", "Onderdeel ‘"+y.Title+"’: ")
			d.add(Added, TouchesHelp, "toegevoegd")
		},
		func(x, y Section) {
			d.at("", "Onderdeel ‘"+y.Title+"’: ")
			d.text(TouchesHelp, "titel", x.Title, y.Title)
			d.text(TouchesWording, "inleiding", x.Intro, y.Intro)
			d.words(TouchesWording, "begrippen", x.Definitions, y.Definitions)
			if slices.Contains(order, y.ID) {
				d.add(Changed, TouchesWording, "staat op een andere plaats")
			}
		},
		func(x Section) {
			d.at("", "Onderdeel ‘"+x.Title+"’: ")
			d.add(Removed, TouchesHelp, "weggehaald")
		})
}

func (d *differ) scales(a, b []Scale) {
	pairs(a, b, func(x Scale) string { return x.ID },
		func(y Scale) {
			d.at("", "Schaal ‘"+y.Title+"’: ")
			d.add(Added, TouchesData, "toegevoegd")
		},
		func(x, y Scale) {
			d.at("", "Schaal ‘"+y.Title+"’: ")
			d.text(TouchesHelp, "naam", x.Title, y.Title)
			pairs(x.Items, y.Items, func(s string) string { return s },
				func(s string) { d.add(Added, TouchesData, "item %s toegevoegd", s) },
				func(string, string) {},
				func(s string) { d.add(Removed, TouchesData, "item %s weggehaald", s) })
		},
		func(x Scale) {
			d.at("", "Schaal ‘"+x.Title+"’: ")
			d.add(Removed, TouchesData, "weggehaald")
		})
}

// name is what a part is called in a line: its label, or its id without one.
func name(label, id string) string { return "‘" + cmp.Or(label, id) + "’" }
