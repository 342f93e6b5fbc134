package disposition

import (
	"cmp"
	"slices"
	"time"
	_ "time/tzdata" // the machine may have no time zones

	"github.com/uitvraag/uitvraag/internal/event"
)

// A Standing is where a unit stands.
type Standing struct {
	Unit     int64
	Outcome  Outcome
	Final    bool      // the field period is over; before that it is as if it ended now
	Since    time.Time // when what it rests on occurred; zero where nothing did
	Why      string    // in a sentence
	ByHand   bool      // a person decided it
	Warnings []string
}

// Of derives the outcome of a unit at a moment. Events that were recalled and
// those that occurred later are left out; so are answers that were handed in
// later or whose every event of handing in was recalled. Of all outcomes that apply, the first
// counts in the order of AAPOR's groups 1 > 4 > 2.1 > 2.3 > 2.2 > 3 (C2); within
// group 1 a submission of its own goes before that of another. An outcome that a
// person decided goes before all, until it is recalled.
func Of(f Facts, r Rules, now time.Time) Standing {
	h := newHistory(f, r, now)
	s := Standing{Unit: f.Unit, Final: r.closed(now)}
	for _, rule := range precedence {
		if since, ok := rule.applies(h); ok {
			s.Outcome, s.Since, s.Why = rule.outcome, since, rule.why
			break
		}
	}
	h.override(&s)
	return s
}

// A rule says when an outcome applies, and since when.
type rule struct {
	outcome Outcome
	why     string
	applies func(history) (time.Time, bool)
}

// precedence holds the rules, first come first. The last one always applies.
var precedence = []rule{
	{Complete, "De vragenlijst is verstuurd.", own(Complete)},
	{CoreByPhone, "De kernvragen zijn telefonisch beantwoord.", own(CoreByPhone)},
	{Partial, "De vragenlijst is ingeleverd, niet geheel ingevuld.", history.ownSentPartial},
	{CompleteProxy, "De vragenlijst van een ander geldt ook voor deze eenheid; dat is bevestigd.", covered(Complete)},
	{PartialProxy, "De onvolledige vragenlijst van een ander geldt ook voor deze eenheid; dat is bevestigd.", covered(Partial)},
	{Partial, "Er is genoeg ingevuld om als gedeeltelijk te tellen.", own(Partial)},
	{OutOfPopulation, "De eenheid valt buiten de populatie.", of(event.OutOfPopulation)},
	{Duplicate, "De eenheid staat dubbel in het bestand.", of(event.Duplicate)},
	{Refused, "Heeft gezegd niet mee te doen.", of(event.Refused)},
	{RefusedByOther, "Een ander heeft gezegd dat de organisatie niet meedoet.", of(event.RefusedByOther)},
	{BrokenOff, "Er is iets ingevuld, te weinig om te tellen.", own(BrokenOff)},
	{RefusedImplicit, "Heeft deelname toegezegd; daarna kwam er niets.", history.brokenPromise},
	{NothingEntered, "Heeft vragen bekeken en er geen beantwoord.", history.lookedOnly},
	{Unable, "Was niet in staat mee te doen.", of(event.Unable)},
	{Late, "De vragenlijst kwam na de sluiting.", own(Late)},
	{Away, "Was de hele veldperiode afwezig.", of(event.Away)},
	{Reached, "Is bereikt; er kwam geen antwoord.", of(reaching...)},
	{NothingKnown, "Er is nooit iets teruggekomen.", history.silentUncertain},
	{NoContact, "Is benaderd en niet bereikt.", history.silent},
	{Undeliverable, "Wat verstuurd werd, kwam niet aan.", of(event.Bounced)},
	{NotSent, "Er kon niets worden verstuurd.", func(history) (time.Time, bool) { return time.Time{}, true }},
}

// Events that mean that somebody was reached, and those that mean that it was
// tried. A letter that came and a mail that was read are not known of.
var (
	reaching = []event.Kind{event.Called, event.CallAppointment, event.Promised, event.Started, event.Forwarded, event.Claimed, event.OptOut}
	trying   = []event.Kind{event.Invited, event.Reminded, event.LetterSent, event.CallNoAnswer}
	handing  = []event.Kind{event.Submitted, event.Imported, event.Frozen}
)

// A history is what the rules look at.
type history struct {
	facts  Facts
	rules  Rules
	now    time.Time
	events []event.Event // that hold, by time
	worth  Outcome       // of its own answers
}

func newHistory(f Facts, r Rules, now time.Time) history {
	h := history{facts: f, rules: r, now: now, events: standing(f.Events)}
	h.events = slices.DeleteFunc(h.events, func(e event.Event) bool { return e.Occurred.After(now) })
	if takenBack(f.Events) || f.Own.Submission != Unsent && f.Own.Sent.After(now) {
		h.facts.Own = Answers{} // what was handed in later, or was never theirs, says nothing
	}
	h.worth = r.worth(h.facts.Own)
	return h
}

// standing returns the events that hold, by the time they occurred.
func standing(events []event.Event) []event.Event {
	out := slices.Clone(event.Standing(events))
	slices.SortStableFunc(out, func(a, b event.Event) int {
		return cmp.Or(a.Occurred.Compare(b.Occurred), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// takenBack reports whether every event of handing in was recalled.
func takenBack(events []event.Event) bool {
	handed := func(e event.Event) bool { return slices.Contains(handing, e.Kind) }
	return slices.ContainsFunc(events, handed) && !slices.ContainsFunc(event.Standing(events), handed)
}

// last returns the latest event of some kinds.
func (h history) last(kinds ...event.Kind) (event.Event, bool) {
	for _, e := range slices.Backward(h.events) {
		if slices.Contains(kinds, e.Kind) {
			return e, true
		}
	}
	return event.Event{}, false
}

func (h history) count(kinds ...event.Kind) int {
	n := 0
	for _, e := range h.events {
		if slices.Contains(kinds, e.Kind) {
			n++
		}
	}
	return n
}

// of applies where one of the kinds occurred.
func of(kinds ...event.Kind) func(history) (time.Time, bool) {
	return func(h history) (time.Time, bool) {
		e, ok := h.last(kinds...)
		return e.Occurred, ok
	}
}

func (h history) silent() (time.Time, bool) {
	e, _ := h.last(trying...)
	return e.Occurred, h.count(trying...) > h.count(event.Bounced) // something did not come back
}

func (h history) silentUncertain() (time.Time, bool) {
	since, ok := h.silent()
	return since, ok && h.rules.Frame == UncertainFrame
}

// brokenPromise applies where the last thing heard is a promise, and the days
// for keeping it were over before closing. It is never inferred from mail that
// was opened.
func (h history) brokenPromise() (time.Time, bool) {
	e, ok := h.last(slices.Concat(reaching, handing)...)
	if !ok || e.Kind != event.Promised || h.rules.PromiseDays <= 0 {
		return time.Time{}, false
	}
	end := h.now
	if h.rules.closed(end) {
		end = h.rules.Closes
	}
	limit := e.Occurred.In(amsterdam()).AddDate(0, 0, h.rules.PromiseDays)
	return e.Occurred, !end.Before(limit)
}

// lookedOnly asks for two pages: a lone start may be a scanner of mail (K12).
func (h history) lookedOnly() (time.Time, bool) {
	e, _ := h.last(event.Started)
	return e.Occurred, h.worth == "" && h.facts.Own.Pages >= 2
}

func (h history) ownSentPartial() (time.Time, bool) {
	return h.facts.Own.Sent, h.worth == Partial && h.facts.Own.Submission != Unsent
}

// own applies where its own answers are worth this.
func own(worth Outcome) func(history) (time.Time, bool) {
	return func(h history) (time.Time, bool) {
		since := h.facts.Own.Sent
		if h.facts.Own.Submission == Unsent {
			e, _ := h.last(event.Started)
			since = e.Occurred
		}
		return since, h.worth == worth
	}
}

// covered applies where the confirmed answers of another are worth this. Core
// questions of another are partial.
func covered(worth Outcome) func(history) (time.Time, bool) {
	return func(h history) (time.Time, bool) {
		c := h.facts.Cover
		if c == nil || !c.Confirmed || c.Answers.Submission == Unsent || c.Answers.Sent.After(h.now) {
			return time.Time{}, false
		}
		got := h.rules.worth(c.Answers)
		if got == CoreByPhone {
			got = Partial
		}
		e, ok := h.last(event.Covered)
		if !ok {
			e.Occurred = c.Answers.Sent
		}
		return e.Occurred, got == worth
	}
}
