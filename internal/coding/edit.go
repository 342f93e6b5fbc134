package coding

import (
	"fmt"
	"slices"
	"strings"
)

// An EditKind is a way to change a frame.
type EditKind string

// The ways to change a frame.
const (
	Begin  EditKind = "begin" // the first version
	Add    EditKind = "nieuw"
	Amend  EditKind = "wijzig" // the words; answers keep the code
	Merge  EditKind = "samenvoegen"
	Split  EditKind = "splitsen" // its answers are to be coded again
	Remark EditKind = "aanwijzing"
)

// An Edit is one change of a frame. It is kept with the version that it made, so
// that the history of a frame can be read.
type Edit struct {
	Kind  EditKind `json:"kind"`
	ID    string   `json:"id,omitempty"`   // of the code it is about
	Into  string   `json:"into,omitempty"` // of a merge
	Code  Code     `json:"code,omitzero"`  // the words of Add and Amend
	Parts []Code   `json:"parts,omitempty"`
	Note  string   `json:"note,omitempty"`
	Why   string   `json:"why"`
}

// maxParts is how many codes one can be split into at once.
const maxParts = 4

// Apply returns the next version of f. Nothing is taken away: a code that is
// merged or split stays, with what it became, so that every code that was ever
// given can be read. With problems f is returned as it was.
func (f Frame) Apply(e Edit) (Frame, Problems) {
	out := f
	out.Version++
	out.Codes = slices.Clone(f.Codes)
	wrong := Problems{}
	if e.Why = strings.TrimSpace(e.Why); e.Why == "" {
		wrong["reden"] = "Vul in waarom. Zo is later te begrijpen wat er veranderde."
	} else if len(e.Why) > maxLabel {
		wrong["reden"] = fmt.Sprintf("Maak de reden korter dan %d tekens.", maxLabel)
	}
	switch e.Kind {
	case Add:
		e.Code.ID = out.free()
		out.add(e.Code, "", wrong)
	case Amend:
		out.amend(e, wrong)
	case Merge:
		out.merge(e, wrong)
	case Split:
		out.split(e, wrong)
	case Remark:
		if out.Note = strings.TrimSpace(e.Note); len(out.Note) > maxProse {
			wrong["aanwijzing"] = fmt.Sprintf("Maak deze tekst korter dan %d tekens.", maxProse)
		}
	default:
		wrong["actie"] = "Kies wat u wilt wijzigen."
	}
	if len(wrong) > 0 {
		return f, wrong
	}
	return out, nil
}

// add puts a code before the rest.
func (f *Frame) add(c Code, suffix string, wrong Problems) {
	c.Into = nil
	if c.ID == "" {
		wrong["label"+suffix] = fmt.Sprintf("Een codeboek heeft hooguit %d codes.", MaxCodes)
		return
	}
	c.check(f, suffix, wrong)
	at := slices.IndexFunc(f.Codes, Code.Rest)
	if at < 0 {
		at = len(f.Codes)
	}
	f.Codes = slices.Insert(f.Codes, at, c)
}

// live returns the code that an edit is about, if it can still be given.
func (f *Frame) live(id, field string, wrong Problems) *Code {
	c := f.Code(id)
	if c == nil || c.Gone() {
		wrong[field] = "Kies een code die in gebruik is."
		return nil
	}
	return c
}

func (f *Frame) amend(e Edit, wrong Problems) {
	c := f.live(e.ID, "code", wrong)
	if c == nil {
		return
	}
	words := e.Code
	words.ID, words.Into = c.ID, nil
	words.check(f, "", wrong)
	*c = words
}

func (f *Frame) merge(e Edit, wrong Problems) {
	from, to := f.live(e.ID, "code", wrong), f.live(e.Into, "naar", wrong)
	switch {
	case from == nil || to == nil:
	case from == to:
		wrong["naar"] = "Kies twee verschillende codes."
	default:
		from.Into = []string{to.ID}
	}
}

func (f *Frame) split(e Edit, wrong Problems) {
	from := f.live(e.ID, "code", wrong)
	if from == nil {
		return
	}
	if from.Rest() {
		wrong["code"] = "De restcode kunt u niet splitsen. Maak een nieuwe code."
		return
	}
	if len(e.Parts) < 2 || len(e.Parts) > maxParts {
		wrong["label-0"] = fmt.Sprintf("Geef twee tot %d nieuwe codes een naam.", maxParts)
		return
	}
	id := from.ID
	var into []string
	for i, part := range e.Parts {
		part.ID = f.free()
		f.add(part, fmt.Sprintf("-%d", i), wrong)
		into = append(into, part.ID)
	}
	f.Code(id).Into = into
}

// Sentence says in Dutch what an edit did; f is the frame that came of it.
func (e Edit) Sentence(f *Frame) string {
	name := func(id string) string {
		if c := f.Code(id); c != nil {
			return "‘" + c.Label + "’"
		}
		return id
	}
	switch e.Kind {
	case Begin:
		return fmt.Sprintf("Codeboek gemaakt, met %d codes.", len(f.Codes))
	case Add:
		return "Code ‘" + e.Code.Label + "’ toegevoegd."
	case Amend:
		return "Tekst van code " + e.ID + " " + name(e.ID) + " gewijzigd."
	case Merge:
		return "Code " + e.ID + " " + name(e.ID) + " ging op in " + name(e.Into) + "."
	case Split:
		var parts []string
		for _, p := range e.Parts {
			parts = append(parts, "‘"+strings.Join(strings.Fields(p.Label), " ")+"’")
		}
		return "Code " + e.ID + " " + name(e.ID) + " gesplitst in " + strings.Join(parts, " en ") + "."
	}
	return "Aanwijzing gewijzigd."
}
