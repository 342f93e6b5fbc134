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

// Title names the kind in the words of the time line.
func (k Kind) Title() string {
	switch k {
	case Listed:
		return "Opgenomen in het bestand"
	case LinkMade:
		return "Persoonlijke link gemaakt"
	case Revoked:
		return "Eerdere links ingetrokken"
	case Started:
		return "Begonnen met invullen"
	case Submitted:
		return "Vragenlijst verstuurd"
	case Imported:
		return "Antwoorden ingelezen uit een bestand"
	case Frozen:
		return "Onvoltooide antwoorden bewaard bij het sluiten"
	case Covered:
		return "Vragenlijst van een ander geldt ook hiervoor"
	case Refused:
		return "Doet niet mee"
	case Bounced:
		return "Bericht kwam niet aan"
	case Called:
		return "Gebeld"
	case Changed:
		return "Gegevens gewijzigd"
	case Forwarded:
		return "Doorgestuurd aan een collega"
	case Withdrawn:
		return "Link van een collega ingetrokken"
	case Claimed:
		return "Een ander zegt ook hiervoor te antwoorden"
	case Unclaimed:
		return "Een ander antwoordt toch niet hiervoor"
	case Reopened:
		return "Heropend om te verbeteren"
	case Recalled:
		return "Eerdere gebeurtenis herroepen"
	}
	return string(k)
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
