// Package answer owns what respondents answer: values by variable, the log of
// saves and what two people may do to one another's answers, completeness, and
// the submission that the data are read from. It does not know HTTP or SQL.
package answer

import (
	"maps"
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// Values holds answers by variable name: a code in decimal, or a text exactly as
// typed. A variable that was never reached or never shown is absent; "" is
// never stored.
type Values map[string]string

// Clone returns a copy of v that may be changed.
func (v Values) Clone() Values { return maps.Clone(v) }

// Set stores value, or removes the variable where value is "".
func (v Values) Set(variable, value string) {
	if value == "" {
		delete(v, variable)
		return
	}
	v[variable] = value
}

// A Mode says how an answer reached us.
type Mode string

// The modes of data collection.
const (
	Web   Mode = "web"
	Tel   Mode = "tel"
	Paper Mode = "paper"
)

// A Status says what a submission is worth.
type Status string

// The statuses that responses are imported and exported with.
const (
	Submitted  Status = "submitted"  // sent by the respondent
	Partial    Status = "partial"    // frozen at closing, enough answered
	Kernvragen Status = "kernvragen" // the core questions only, by telephone
)

// A Filled is one row of the data: the latest submission of a response, with
// what the data file says about it.
type Filled struct {
	Unit     string   // code of the own unit
	Pseudo   string   // random id of the unit in this study, says nothing of it
	Covers   []string // codes of other units that the answers hold for
	Mode     Mode
	Modes    map[string]Mode // by variable, of answers that came in another way than the rest
	Status   Status
	Edition  string
	Started  time.Time // zero when not known
	Sent     time.Time
	Late     bool // sent after closing, within the grace
	Revision int
	Answers  Values
}

// Answered reports whether an item has an answer; geen zicht op and n.v.t. are
// answers, left open is not (standards K1).
func Answered(it *instrument.Item, values Values) bool {
	for i := range it.Variables {
		if Given(&it.Variables[i], values[it.Variables[i].Name]) {
			return true
		}
	}
	return false
}

// Given reports whether the value of one variable is an answer, or part of one.
func Given(v *instrument.Variable, value string) bool {
	if value == "" {
		return false
	}
	switch v.Type {
	case instrument.TextType:
		return !Blank(value)
	case instrument.FlagType: // a box that is not ticked says nothing; only another one makes it a no
		return value == "1"
	}
	return !leftOpen(v, value)
}

func leftOpen(v *instrument.Variable, value string) bool {
	x, ok := v.Value(value)
	return ok && x.Reason == instrument.LeftOpen
}

// Blank reports whether a text says nothing: it is empty, or spaces alone.
func Blank(s string) bool {
	for _, r := range s {
		if r != ' ' && r != '\t' && r != '\r' && r != '\n' && r != '\u00a0' {
			return false
		}
	}
	return true
}

// Starts reports whether values hold an answer at all. A page that is posted
// empty starts nothing (standards K12).
func Starts(variables []instrument.Variable, values Values) bool {
	return slices.ContainsFunc(variables, func(v instrument.Variable) bool { return Given(&v, values[v.Name]) })
}

// A Completeness counts the items that apply to one response. Texts are not
// counted: nobody has to write.
type Completeness struct {
	Answered, Applicable         int
	CoreAnswered, CoreApplicable int
}

// Share is the answered part of the applicable items, 0 to 1; 0 where nothing
// applies.
func (c Completeness) Share() float64 {
	if c.Applicable == 0 {
		return 0
	}
	return float64(c.Answered) / float64(c.Applicable)
}

// Partial reports whether a response that was never sent counts as partial: all
// core items, and at least limit of the applicable ones (standards K1).
func (c Completeness) Partial(limit float64) bool {
	return c.Applicable > 0 && c.Share() >= limit && c.CoreAnswered == c.CoreApplicable
}

// Complete counts the given items, which must be those that are shown.
func Complete(items []instrument.Item, values Values) Completeness {
	var c Completeness
	for i := range items {
		if !counts(&items[i]) {
			continue
		}
		ok := Answered(&items[i], values)
		c.Applicable++
		if ok {
			c.Answered++
		}
		if items[i].Question.Kernvraag {
			c.CoreApplicable++
			if ok {
				c.CoreAnswered++
			}
		}
	}
	return c
}

// counts leaves out texts, and rows for "anders", which nobody has to have.
func counts(it *instrument.Item) bool {
	if it.Row != nil && it.Row.Open {
		return false
	}
	return slices.ContainsFunc(it.Variables, func(v instrument.Variable) bool { return v.Type != instrument.TextType })
}
