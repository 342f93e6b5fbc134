package hypothesis

import (
	"fmt"
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A File is a register that was added to a study.
type File struct {
	ID        int64
	Name      string // id of the register in it
	Title     string
	Text      []byte
	SHA256    string // of Text, in hex
	Added     time.Time
	By        string    // who added it
	Withdrawn time.Time // zero: in force
	Why       string    // it was withdrawn
}

// InForce is what is expected in a study with these audiences: the register that
// comes with the product for them, if any, and the files that were added and not
// withdrawn, in order. It is nil where nothing is expected. A file that cannot be
// read any more is an error: it could when it was added.
func InForce(audiences []string, files []File, opens, closes time.Time) (*Register, error) {
	var out *Register
	for _, a := range audiences {
		if r, ok := For(a); ok {
			out = r
			break
		}
	}
	for _, f := range files {
		if !f.Withdrawn.IsZero() {
			continue
		}
		r, problems := Parse(f.Text)
		if r == nil {
			return nil, fmt.Errorf("register %s: %v", f.Name, problems)
		}
		for i := range r.Hypotheses {
			r.Hypotheses[i].Added = &Added{At: f.Added, By: f.By, Phase: PhaseOf(f.Added, opens, closes)}
		}
		if out == nil {
			out = r
			continue
		}
		out.add(r)
	}
	return out, nil
}

// add puts what r holds after what is there. What has an id that is there already is
// left out: Conflicts refuses it before it comes so far.
func (r *Register) add(more *Register) {
	for _, name := range more.Instruments {
		if !slices.Contains(r.Instruments, name) {
			r.Instruments = append(r.Instruments, name)
		}
	}
	for _, d := range more.Derived {
		if !slices.ContainsFunc(r.Derived, func(x Derived) bool { return x.ID == d.ID }) {
			r.Derived = append(r.Derived, d)
		}
	}
	for _, h := range more.Hypotheses {
		if !slices.ContainsFunc(r.Hypotheses, func(x Hypothesis) bool { return x.ID == h.ID }) {
			r.Hypotheses = append(r.Hypotheses, h)
		}
	}
	r.Figures = append(r.Figures, more.Figures...)
}

// Check reads a file that is to be added to a study: what is wrong with it by itself,
// what clashes with what is expected already, and what it names that the
// questionnaires do not have. known tells whether a questionnaire or its register of
// units has a variable; nil where that is not known. Where there are problems there is
// no register.
func Check(text []byte, inForce *Register, known func(instrument, variable string) bool) (*Register, []instrument.Problem) {
	r, problems := Parse(text)
	if r == nil {
		return nil, problems
	}
	p := &parser{}
	say := func(line int, text, remedy string) {
		p.problems = append(p.problems, instrument.Problem{Line: max(line, 1), Column: 1, Text: text, Remedy: remedy})
	}
	if len(r.Hypotheses) == 0 {
		say(1, "Er staat geen verwachting in dit bestand.", "Schrijf er een onder ‘hypotheses’.")
	}
	if inForce != nil {
		for _, h := range r.Hypotheses {
			if slices.ContainsFunc(inForce.Hypotheses, func(x Hypothesis) bool { return x.ID == h.ID }) {
				say(h.Line, "Dit onderzoek heeft al een verwachting ‘"+h.ID+"’.", "Kies een andere id.")
			}
		}
		for _, d := range r.Derived {
			if slices.ContainsFunc(inForce.Derived, func(x Derived) bool { return x.ID == d.ID }) {
				say(d.Line, "Dit onderzoek heeft al een afgeleide variabele ‘"+d.ID+"’.", "Kies een andere id, of laat haar weg en gebruik die er is.")
			}
		}
	}
	if known != nil {
		r.unknown(inForce, known, say)
	}
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	return r, nil
}

// unknown says which variables the tests name that are not there.
func (r *Register) unknown(inForce *Register, known func(instrument, variable string) bool, say func(int, string, string)) {
	derived := func(id string) bool {
		is := func(d Derived) bool { return d.ID == id }
		return slices.ContainsFunc(r.Derived, is) || inForce != nil && slices.ContainsFunc(inForce.Derived, is)
	}
	for _, h := range r.Hypotheses {
		for _, t := range h.Tests {
			for _, v := range slices.Concat(t.Dependents, t.Compare, []string{t.By, t.Split}) {
				if v != "" && !derived(v) && !known(t.Instrument, v) {
					say(t.Line, "De vragenlijst ‘"+t.Instrument+"’ heeft geen variabele ‘"+v+"’.", "Kijk in het codeboek hoe zij heet; een schaal heet "+ScalePrefix+" met haar id.")
				}
			}
		}
	}
}

// Knows is what Check asks, of questionnaires and the background columns of their
// units.
func Knows(all []*instrument.Instrument, background func(instrument string) []string) func(instrument, variable string) bool {
	known := map[string]bool{}
	for _, in := range all {
		for _, v := range in.Variables() {
			known[in.Name+" "+v.Name] = true
		}
		for _, s := range in.Scales {
			known[in.Name+" "+ScalePrefix+s.ID], known[in.Name+" "+ScalePrefix+s.ID+ClassSuffix] = true, true
		}
		for _, id := range background(in.Name) {
			known[in.Name+" "+id] = true
		}
	}
	return func(instrument, variable string) bool { return known[instrument+" "+variable] }
}

// MadeOf are the columns that a column of Extend is made of, in order; none for an
// answer.
func MadeOf(in *instrument.Instrument, derived []Derived, name string) []string {
	for _, s := range in.Scales {
		switch name {
		case ScalePrefix + s.ID:
			return s.Items
		case ScalePrefix + s.ID + ClassSuffix:
			return append([]string{ScalePrefix + s.ID}, s.Items...)
		}
	}
	for _, d := range derived {
		if d.ID == name {
			if d.From != "" {
				return []string{d.From}
			}
			return d.Any
		}
	}
	return nil
}
