// Package coding owns how open answers become numbers: code frames with their
// history, who gave which codes to which answer, how much coders agree, and which
// code an answer resembles. A person always decides. It does not know where
// answers are kept, nor whose they are.
//
//	f, problems := coding.Start("b5_12", frame)   // or f.Apply(edit), for a next version
//	w := coding.NewWork(f, answers, assignments)
//	next, ok := w.Next(coder)                     // an answer that the coder has not seen
//	w.Final(answer)                               // what the tables count
//	w.Agreement()                                 // kappa and alpha, or why there is none
package coding

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Frame is the categories into which the answers of one text variable are
// coded, in one version. A version never changes; see Apply.
type Frame struct {
	Variable string `json:"variable"`
	Version  int    `json:"version"`
	Single   bool   `json:"single,omitempty"` // one code per answer; otherwise as many as fit
	Note     string `json:"note,omitempty"`   // what holds for all codes
	Codes    []Code `json:"codes"`            // in the order of the page; those that are gone stay
}

// A Code is one category (standards O1).
type Code struct {
	ID         string `json:"id"` // two digits; RestID stands last in tables
	Label      string `json:"label"`
	Definition string `json:"definition,omitempty"`
	Example    string `json:"example,omitempty"` // an answer that belongs here
	Counter    string `json:"counter,omitempty"` // one that seems to, and does not
	// Into says what became of a code that is given no more: the one that it was
	// merged into, or those that it was split into.
	Into []string `json:"into,omitempty"`
}

// RestID is the code for what fits nowhere else.
const RestID = "99"

// Gone reports whether c was merged or split.
func (c Code) Gone() bool { return len(c.Into) > 0 }

// Rest reports whether c is for what fits nowhere else.
func (c Code) Rest() bool { return c.ID == RestID }

// Name is the name of the 0/1 variable that a code gives in the data.
func (f Frame) Name(code string) string { return f.Variable + "_" + code }

// Code returns the code with an id, nil if there is none.
func (f *Frame) Code(id string) *Code {
	for i := range f.Codes {
		if f.Codes[i].ID == id {
			return &f.Codes[i]
		}
	}
	return nil
}

// Open returns the codes that can be given.
func (f *Frame) Open() []Code {
	return slices.DeleteFunc(slices.Clone(f.Codes), Code.Gone)
}

// Now returns what codes that were given in an earlier version are in this one, in
// the order of the frame. It is false where one was split, or is not known: then a
// person has to look again.
func (f *Frame) Now(codes []string) ([]string, bool) {
	now := map[string]bool{}
	for _, id := range codes {
		c := f.Code(id)
		for range f.Codes { // a chain of merges is no longer than the frame
			if c == nil || len(c.Into) != 1 {
				break
			}
			c = f.Code(c.Into[0])
		}
		if c == nil || c.Gone() {
			return nil, false
		}
		now[c.ID] = true
	}
	var out []string
	for _, c := range f.Codes {
		if now[c.ID] {
			out = append(out, c.ID)
		}
	}
	return out, true
}

// What bounds a frame.
const (
	MaxCodes = 98
	maxLabel = 200
	maxProse = 1000
)

var codeID = regexp.MustCompile(`^[0-9]{2}$`)

// Problems are what has to be mended, by field.
type Problems map[string]string

// check says what is wrong with the words of a code; fields have the given suffix.
func (c *Code) check(f *Frame, suffix string, wrong Problems) {
	for _, text := range []*string{&c.Label, &c.Definition, &c.Example, &c.Counter} {
		*text = strings.Join(strings.Fields(*text), " ")
	}
	switch {
	case c.Label == "":
		wrong["label"+suffix] = "Geef de code een naam."
	case utf8.RuneCountInString(c.Label) > maxLabel:
		wrong["label"+suffix] = fmt.Sprintf("Maak de naam korter dan %d tekens.", maxLabel)
	case slices.ContainsFunc(f.Codes, func(o Code) bool {
		return o.ID != c.ID && !o.Gone() && strings.EqualFold(o.Label, c.Label)
	}):
		wrong["label"+suffix] = "Er is al een code met deze naam."
	}
	for field, text := range map[string]string{"omschrijving": c.Definition, "voorbeeld": c.Example, "tegenvoorbeeld": c.Counter} {
		if utf8.RuneCountInString(text) > maxProse {
			wrong[field+suffix] = fmt.Sprintf("Maak deze tekst korter dan %d tekens.", maxProse)
		}
	}
}

// Check says what is wrong with a whole frame, as it comes from a file.
func (f *Frame) Check() Problems {
	wrong := Problems{}
	if len(f.Codes) == 0 {
		wrong["codes"] = "Een codeboek heeft ten minste één code."
	}
	if len(f.Codes) > MaxCodes+1 {
		wrong["codes"] = fmt.Sprintf("Een codeboek heeft hooguit %d codes.", MaxCodes)
	}
	seen := map[string]bool{}
	for i := range f.Codes {
		c := &f.Codes[i]
		at := "-" + strconv.Itoa(i)
		if !codeID.MatchString(c.ID) || seen[c.ID] {
			wrong["id"+at] = "Geef elke code een eigen nummer van twee cijfers. ‘" + c.ID + "’ kan niet."
		}
		seen[c.ID] = true
		c.check(f, at, wrong)
		if c.Gone() {
			wrong["id"+at] = "Een nieuw codeboek heeft geen vervallen codes."
		}
	}
	return wrong
}

// Start returns the first version of a frame for a variable. With problems there
// is none.
func Start(variable string, f Frame) (Frame, Problems) {
	f.Variable, f.Version, f.Codes = variable, 1, slices.Clone(f.Codes)
	f.Note = strings.TrimSpace(f.Note)
	if wrong := f.Check(); len(wrong) > 0 {
		return Frame{}, wrong
	}
	return f, nil
}

// free returns the lowest number that no code ever had, "" where all are taken.
func (f *Frame) free() string {
	for n := 1; n <= MaxCodes; n++ {
		if id := fmt.Sprintf("%02d", n); f.Code(id) == nil {
			return id
		}
	}
	return ""
}
