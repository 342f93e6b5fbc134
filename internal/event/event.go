// Package event owns what can happen to a unit. Events are only ever added; a
// mistake is taken back by an event of kind Recalled. It knows neither plans nor
// outcomes.
package event

import "time"

// A Kind is a sort of event.
type Kind string

// The kinds of event.
const (
	Listed    Kind = "opgenomen"   // in the register of the study
	LinkMade  Kind = "link"        // a personal link was made
	Revoked   Kind = "ingetrokken" // earlier links were revoked
	Started   Kind = "begonnen"    // the first answer was saved
	Submitted Kind = "verstuurd"   // the questionnaire was sent
	Imported  Kind = "ingelezen"   // answers came from a file
	Frozen    Kind = "bevroren"    // a partial response was kept at closing
	Covered   Kind = "gedekt"      // another unit's questionnaire holds for this one
	Refused   Kind = "weigering"   // said no
	Bounced   Kind = "onbestelbaar"
	Called    Kind = "gebeld"
	Changed   Kind = "gewijzigd"    // background or name changed after release
	Forwarded Kind = "doorgestuurd" // to a colleague
	Withdrawn Kind = "teruggehaald" // the colleague's link
	Claimed   Kind = "claim"        // another unit says its questionnaire holds for this one
	Unclaimed Kind = "claim terug"
	Reopened  Kind = "heropend"  // being corrected after sending
	Recalled  Kind = "herroepen" // takes back an earlier event
)

// The kinds of event of the fieldwork: what was sent and called, and what came
// back. Invited, Reminded and LetterSent are of what really went out.
const (
	Invited         Kind = "uitgenodigd" // by mail
	Reminded        Kind = "herinnerd"   // by mail
	LetterSent      Kind = "brief"
	CallNoAnswer    Kind = "niet bereikt"         // nobody took the call
	CallAppointment Kind = "afspraak"             // call again then; spoken to somebody
	Promised        Kind = "toegezegd"            // said that they would fill it in
	AutoReply       Kind = "automatisch antwoord" // changes nothing by itself
	OptOut          Kind = "afgemeld"             // a contact wants no more mail; says nothing for the unit
	RefusedByOther  Kind = "weigering door ander" // the secretariat or the board said no
	Away            Kind = "afwezig"              // the whole field period, as a call or reply told
	Unable          Kind = "niet in staat"        // illness, vacancy, no way to fill it in
	OutOfPopulation Kind = "buiten populatie"     // dissolved, or without the task the study is about
	Duplicate       Kind = "dubbel"               // the same organisation is listed twice
	Override        Kind = "handmatig"            // a person decides the outcome; the note says which, and why
)

// recallable are the kinds that say what a person was told or noted.
var recallable = map[Kind]bool{Called: true, CallNoAnswer: true, CallAppointment: true, Promised: true, Refused: true, RefusedByOther: true,
	Away: true, Unable: true, OutOfPopulation: true, Duplicate: true, Override: true, Bounced: true, AutoReply: true, LetterSent: true}

// Recallable reports whether a person may take back an event of this kind by
// saying why. The others have their own way back: an opt-out is undone by who
// asked for it, coverage is withdrawn, answers are corrected by sending again.
func (k Kind) Recallable() bool { return recallable[k] }

// Who did something.
const (
	ByRespondent = "respondent"
	ByStaff      = "staff"
	BySystem     = "system"
)

// An Event is something that happened to a unit. Decisions look at Occurred.
type Event struct {
	ID       int64
	Unit     int64
	Kind     Kind
	Occurred time.Time
	Recorded time.Time
	Channel  string // web, tel, paper, mail, brief; "" where it says nothing
	Actor    string // ByRespondent, ByStaff or BySystem
	ActorID  int64  // contact or account; 0 for none
	Note     string
	Recalls  int64 // id of the event that this one takes back; 0 for none
}

// Standing returns the events that still hold: those that were not recalled, in
// the order given.
func Standing(events []Event) []Event {
	recalled := map[int64]bool{}
	for _, e := range events {
		if e.Kind == Recalled {
			recalled[e.Recalls] = true
		}
	}
	var out []Event
	for _, e := range events {
		if e.Kind != Recalled && !recalled[e.ID] {
			out = append(out, e)
		}
	}
	return out
}
