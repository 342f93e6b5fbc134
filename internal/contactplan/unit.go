package contactplan

import (
	"cmp"
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/event"
)

// A Unit is what must be known of a unit to say what is due for it: plain facts,
// as they are now. Whatever is in Events stops a unit even if it occurred after
// the moment that is asked about, so that a sweep that plays an earlier time
// never writes to somebody who has answered.
type Unit struct {
	ID       int64
	Audience string
	Regions  Regions
	Added    time.Time // when it came into the sample; before opening makes no difference
	Excluded string    // why it is not to be approached, beside what Events tell: "valt buiten de populatie"
	Contacts []Contact // in the order in which they are to be tried
	Touches  []Touch   // every message and call, in any order
	Events   []event.Event
}

// A Contact is a person or general address, and how it can be reached.
type Contact struct {
	ID       int64
	General  bool // no person: gets a code beside the link
	Mail     bool // has an address of that sort
	Post     bool
	Phone    bool
	OptedOut bool // wants no mail from us
	Bounced  bool // mail does not arrive
	Ended    bool // replaced, erased or withdrawn
	PassedOn bool // passed the questionnaire to a colleague, who gets the reminders
}

// How a message or call stands.
const (
	Queued    = "klaar"        // waits to be sent
	Sent      = "verstuurd"    // or the call was made
	Unsure    = "onzeker"      // may have been sent; a machine does not send it again
	Returned  = "onbestelbaar" // did not arrive
	Withdrawn = "ingetrokken"  // was never sent
)

// A Touch is a message to a unit or a call.
type Touch struct {
	Step    string // "" outside the ladder, as a link that was asked for again
	Channel Channel
	Contact int64
	At      time.Time // when it was sent or, while it waits, queued
	State   string
	Reached bool // of a call: somebody answered
}

// arrived reports whether somebody may have had the message or call.
func (t Touch) arrived() bool { return t.State == Sent || t.State == Unsure }

// live reports whether it takes the place of its step.
func (t Touch) live() bool { return t.arrived() || t.State == Queued }

// A history is what happened to a unit, put in order.
type history struct {
	touches []Touch // those that hold, by time
	invited bool
	anchor  Day // of the invitation, if invited
}

// history puts the touches of u in order, and adds what only its events tell.
func (u Unit) history(p Plan) history {
	var h history
	for _, t := range slices.Concat(u.Touches, u.told(p)) {
		if t.live() {
			h.touches = append(h.touches, t)
		}
	}
	slices.SortStableFunc(h.touches, func(a, b Touch) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	for _, t := range h.touches {
		if t.Step == p.Steps[0].ID && t.arrived() {
			h.invited, h.anchor = true, DayOf(t.At)
			break
		}
	}
	return h
}

// told returns the calls and messages that are known only as events. A call is
// the same as one in Touches if it was in the same second. Messages are taken
// from events only where Touches has none of the ladder, as in a history that
// came from elsewhere; they are the written steps in their order.
func (u Unit) told(p Plan) []Touch {
	calls := map[int64]bool{} // by second
	messages := false
	for _, t := range u.Touches {
		calls[t.At.Unix()] = calls[t.At.Unix()] || t.Channel == Phone
		messages = messages || t.Channel != Phone && t.Step != ""
	}
	written := slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return messages || s.Channel == Phone })
	var out []Touch
	for _, e := range byTime(event.Standing(u.Events)) {
		switch e.Kind {
		case event.Called, event.CallNoAnswer, event.CallAppointment, event.Promised:
			if !calls[e.Occurred.Unix()] && (e.Channel == "tel" || e.Kind != event.Promised) {
				reached := e.Kind == event.CallAppointment || e.Kind == event.Promised
				out = append(out, Touch{Channel: Phone, At: e.Occurred, State: Sent, Reached: reached})
			}
		case event.Invited, event.Reminded, event.LetterSent:
			if len(written) > 0 {
				out = append(out, Touch{Step: written[0].ID, Channel: Mail, At: e.Occurred, State: Sent})
				written = written[1:]
			}
		}
	}
	return out
}

func byTime(events []event.Event) []event.Event {
	sorted := slices.Clone(events)
	slices.SortStableFunc(sorted, func(a, b event.Event) int { return cmp.Compare(a.Occurred.UnixNano(), b.Occurred.UnixNano()) })
	return sorted
}

// last returns the day of the last touch of which keep is true.
func (h history) last(keep func(Touch) bool) (Day, bool) {
	for i := len(h.touches) - 1; i >= 0; i-- {
		if h.touches[i].arrived() && keep(h.touches[i]) {
			return DayOf(h.touches[i].At), true
		}
	}
	return 0, false
}

// queued returns a message that waits to be sent.
func (h history) queued() (Touch, bool) {
	i := slices.IndexFunc(h.touches, func(t Touch) bool { return t.State == Queued })
	if i < 0 {
		return Touch{}, false
	}
	return h.touches[i], true
}

// has reports whether a written step went out, or is about to.
func (h history) has(step string) bool {
	return slices.ContainsFunc(h.touches, func(t Touch) bool { return t.Step == step && t.Channel != Phone })
}

// stopped says why u is not to be approached any more, or "". While another says
// to answer for it too, the ladder waits: u has had a message about that, and
// the fieldworker has the claim on the list (standards E2).
func (u Unit) stopped() string {
	if u.Excluded != "" {
		return u.Excluded
	}
	a := disposition.MayApproach(disposition.Facts{Unit: u.ID, Events: u.Events}, disposition.Rules{}, time.Time{})
	if a.Allowed && !a.Notice {
		return ""
	}
	return a.Why
}

// started reports whether u began to answer.
func (u Unit) started() bool {
	return slices.ContainsFunc(event.Standing(u.Events), func(e event.Event) bool { return e.Kind == event.Started })
}
