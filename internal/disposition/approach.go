package disposition

import (
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/event"
)

// An Approach says whether a unit may still be written to or called. Which of
// its contacts may be is another matter: bounces and opt-outs are of a contact.
type Approach struct {
	Allowed bool
	Notice  bool   // only with the notice that another says to answer for it (E2)
	Why     string // in a sentence; "" where there is nothing to say
}

// ends are the events after which a unit is left in peace, in the order in which
// they are looked for.
var ends = []struct {
	kind event.Kind
	why  string
}{
	{event.Submitted, "De vragenlijst is verstuurd."},
	{event.Imported, "De antwoorden zijn ingelezen."},
	{event.Frozen, "De antwoorden zijn bewaard bij het sluiten."},
	{event.Refused, "Heeft gezegd niet mee te doen."},
	{event.RefusedByOther, "Een ander heeft gezegd dat de organisatie niet meedoet."},
	{event.OutOfPopulation, "De eenheid valt buiten de populatie."},
	{event.Duplicate, "De eenheid staat dubbel in het bestand."},
	{event.Unable, "Is niet in staat mee te doen."},
}

// MayApproach says whether a unit may still be approached. It looks at every
// event that holds, also one later than now: who plays an earlier time must not
// write to somebody who has answered. A decision by hand stops approaches where
// the outcome leaves nothing to ask for.
func MayApproach(f Facts, r Rules, now time.Time) Approach {
	if r.closed(now) {
		return Approach{Why: "Het onderzoek is gesloten."}
	}
	events := standing(f.Events)
	for _, end := range ends {
		if slices.ContainsFunc(events, func(e event.Event) bool { return e.Kind == end.kind }) {
			return Approach{Why: end.why}
		}
	}
	if f.Own.Submission != Unsent && !takenBack(f.Events) {
		return Approach{Why: ends[0].why}
	}
	claims, covered := claimsOf(events)
	if covered || f.Cover != nil && f.Cover.Confirmed {
		return Approach{Why: "De vragenlijst van een ander geldt ook voor deze eenheid."}
	}
	for _, e := range slices.Backward(events) {
		if e.Kind != event.Override {
			continue
		}
		if o, _, ok := ReadOverride(e.Note); ok && !open(o) {
			return Approach{Why: "De uitkomst is met de hand bepaald."}
		}
		break
	}
	if claims > 0 || f.Cover != nil {
		return Approach{Allowed: true, Notice: true, Why: "Een ander zegt ook voor deze eenheid te antwoorden; dat is nog niet bevestigd."}
	}
	return Approach{Allowed: true}
}

// claimsOf counts the claims that stand, and says whether one was confirmed.
func claimsOf(events []event.Event) (claims int, covered bool) {
	for _, e := range events {
		switch e.Kind {
		case event.Claimed:
			claims++
		case event.Covered:
			covered = true
		case event.Unclaimed:
			claims, covered = max(claims-1, 0), false
		}
	}
	return claims, covered
}

// open reports whether an outcome leaves something to ask for.
func open(o Outcome) bool {
	return slices.Contains([]Outcome{NoContact, Reached, Away, NotSent, NothingKnown, Undeliverable, BrokenOff, RefusedImplicit, NothingEntered}, o)
}
