package disposition

import (
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/event"
)

// OverrideNote is the note of an event by which a person decides an outcome.
func OverrideNote(o Outcome, reason string) string {
	return string(o) + ": " + strings.TrimSpace(reason)
}

// ReadOverride reads such a note; false where it names no outcome or no reason.
func ReadOverride(note string) (o Outcome, reason string, ok bool) {
	name, reason, found := strings.Cut(note, ":")
	o, reason = Outcome(strings.TrimSpace(name)), strings.TrimSpace(reason)
	if !found || reason == "" || !slices.Contains(Outcomes, o) {
		return "", "", false
	}
	return o, reason, true
}

// override lets the latest decision of a person hold.
func (h history) override(s *Standing) {
	e, ok := h.last(event.Override)
	if !ok {
		return
	}
	o, reason, ok := ReadOverride(e.Note)
	if !ok {
		s.Warnings = append(s.Warnings, "Een uitkomst die met de hand is bepaald, noemt geen bekende uitkomst of geen reden; zij telt niet.")
		return
	}
	if sent, handed := h.last(handing...); handed && sent.Occurred.After(e.Occurred) {
		s.Warnings = append(s.Warnings, "Nadat de uitkomst met de hand was bepaald, kwam er nog een vragenlijst binnen.")
	}
	s.Outcome, s.Since, s.ByHand = o, e.Occurred, true
	s.Why = "Met de hand bepaald: " + reason
}
