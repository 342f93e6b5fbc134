// Package contactplan owns the ladder by which a unit is asked to take part:
// its steps, the days and hours on which a unit may be approached, what is due
// for a unit at a moment and why not when nothing is, and the texts of the
// messages. It decides and writes; it never sends, has no clock of its own and
// knows no database.
//
// Steps count in calendar days in Europe/Amsterdam from the unit's own
// invitation. A step on a closed day moves to the next open day without moving
// later steps, and waits until three working days after the last message or
// call. Nobody gets more than one step at a time. A step that was missed stays
// due until the study closes.
package contactplan

import (
	"slices"
	"time"
)

// A Channel is a way to reach somebody.
type Channel string

// The channels. A step by mail goes as a letter to a unit that has an address
// but no usable mail.
const (
	Mail   Channel = "mail"
	Letter Channel = "letter"
	Phone  Channel = "phone"
)

// Title names the channel as a person does.
func (c Channel) Title() string {
	switch c {
	case Mail:
		return "e-mail"
	case Letter:
		return "brief"
	case Phone:
		return "telefoon"
	}
	return string(c)
}

// A Stage narrows a step to units that are so far.
type Stage string

// The stages.
const (
	AnyStage   Stage = ""
	NotStarted Stage = "niet begonnen"
	Begun      Stage = "begonnen"
)

// A Step is one rung of the ladder.
type Step struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Offset    int      `json:"offset"` // calendar days after the unit's own invitation
	Channel   Channel  `json:"channel"`
	Audiences []string `json:"audiences,omitempty"` // empty: all
	Stage     Stage    `json:"stage,omitempty"`
	Template  string   `json:"template"`        // id of a text; the channel chooses the version
	Days      Weekdays `json:"days,omitempty"`  // of the week on which it may go; 0: all working days
	From      int      `json:"from,omitempty"`  // minutes after midnight; with Until 0 as the study says
	Until     int      `json:"until,omitempty"` // it goes before this time
}

// A Plan is the ladder of a study. Its first step is the invitation.
type Plan struct {
	Steps []Step `json:"steps"`
	Gap   int    `json:"gap,omitempty"`   // working days after a message or call before the next step; 0 means 3
	Calls int    `json:"calls,omitempty"` // attempts to reach a unit in one telephone step; 0 means 3
}

// Default returns the ladder of the source: an invitation, a written reminder
// after 14 days, a call after 21 and a last written reminder after 28.
func Default() Plan {
	return Plan{Steps: []Step{
		{ID: "uitnodiging", Title: "Uitnodiging", Channel: Mail, Template: "uitnodiging"},
		{ID: "herinnering1", Title: "Eerste herinnering", Offset: 14, Channel: Mail, Template: "herinnering1"},
		{ID: "telefoon", Title: "Bellen", Offset: 21, Channel: Phone, Template: "telefoon"},
		{ID: "herinnering2", Title: "Tweede herinnering", Offset: 28, Channel: Mail, Template: "herinnering2"},
	}}
}

func (p Plan) gap() int {
	if p.Gap > 0 {
		return p.Gap
	}
	return 3
}

func (p Plan) calls() int {
	if p.Calls > 0 {
		return p.Calls
	}
	return 3
}

// Step returns the step with an id.
func (p Plan) Step(id string) (Step, bool) {
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, false
	}
	return p.Steps[i], true
}

// A Field is a study's plan in the field: all that a decision needs beside the
// unit and the moment.
type Field struct {
	Plan     Plan
	Calendar Calendar
	Opens    time.Time
	Closes   time.Time
	Released time.Time // zero: nobody let the worker send yet
	Hurried  bool      // no waiting after the last message or call: a sweep that plays another time
}
