package study

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/uitvraag/uitvraag/internal/contactplan"
)

// A Turn is something that a person does with a running study.
type Turn string

// The turns.
const (
	Pause  Turn = "pauzeren"
	Resume Turn = "hervatten"
	Extend Turn = "verlengen"
	Close  Turn = "sluiten"
	Reopen Turn = "heropenen"
)

// Turns are all turns, in the order in which a study may take them.
var Turns = []Turn{Pause, Resume, Extend, Close, Reopen}

// MayTurn says why a turn cannot be taken at now, "" where it can. Pausing can be
// done again: it is what somebody presses in a hurry.
func (s Study) MayTurn(t Turn, now time.Time) string {
	phase := s.At(now)
	over := phase == Closed || phase == Closing
	paused := !s.Stopped.IsZero() || !s.Held.IsZero()
	switch {
	case t == Reopen && !over:
		return "Het onderzoek is niet gesloten."
	case t != Reopen && over:
		return "Het onderzoek is gesloten. Heropen het eerst."
	case t == Resume && !paused:
		return "Het onderzoek staat niet stil."
	case t == Close && phase == NotYet:
		return "Het onderzoek is nog niet open. Wijzig de periode bij Instellingen."
	}
	return ""
}

// CheckClosing says why a study cannot close at a moment that somebody chose for
// extending or reopening it, "" where it can.
func (s Study) CheckClosing(t Turn, to, now time.Time) string {
	switch {
	case !to.After(now):
		return "Kies een moment dat nog moet komen."
	case t == Extend && !to.After(s.Closes):
		return fmt.Sprintf("Kies een moment na het sluiten zoals het nu is: %s. Eerder sluiten kan bij Sluiten.", contactplan.Moment(s.Closes))
	case to.After(now.AddDate(2, 0, 0)):
		return "Kies een moment binnen twee jaar."
	}
	return ""
}

// CheckReason says what is wrong with the reason for a turn, "" for nothing.
func CheckReason(reason string) string {
	if n := utf8.RuneCountInString(reason); n == 0 || n > maxLine {
		return "Schrijf in hooguit 200 tekens waarom."
	}
	return ""
}
