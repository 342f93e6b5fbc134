package contactplan

import (
	"fmt"
	"time"
)

// A Decision says what is due for a unit at a moment, or why nothing is.
type Decision struct {
	Unit    int64
	Due     bool
	Step    Step      // what is due, or else comes next; without id when nothing will
	Channel Channel   // how it goes: a step by mail may go by letter
	Contact int64     // who gets it
	General bool      // the contact is a general address: the text needs the code (standards W8)
	Day     Day       // the day on which the step falls, closed days counted, waiting times not
	Held    string    // why the worker leaves it to a person; "" if it may go by itself
	Why     string    // why nothing is due, as a sentence
	Stuck   string    // why a step of which the day has come cannot go: there is nobody to send it to
	Next    time.Time // when the step can go at the earliest; zero if never
}

// Template returns the id of the text and its version.
func (d Decision) Template() (id string, version Channel) { return d.Step.Template, d.Channel }

// Due decides what is due for a unit at now. At most one step is: the earliest
// written one, or else a call. A call does not hold up the messages after it.
// The worker sends a step that is due when Held is empty; a sweep by a person
// sends it all the same.
func (f Field) Due(u Unit, now time.Time) Decision {
	none := func(why string) Decision { return Decision{Unit: u.ID, Why: why} }
	if why := f.over(u, now); why != "" {
		return none(why)
	}
	if len(f.Plan.Steps) == 0 {
		return none("Het contactplan heeft geen stappen.")
	}
	h := u.history(f.Plan)
	if t, ok := h.queued(); ok {
		return none("Er staat al een bericht klaar: " + f.title(t.Step) + ".")
	}
	open := f.openSteps(u, h)
	if len(open) == 0 {
		return none("Alle stappen zijn gedaan.")
	}
	var due, next, stuck *candidate
	for i := range open {
		c := &open[i]
		switch {
		case c.to.why != "":
			stuck = first(stuck, c)
		case !c.from.Before(f.Closes):
			c.to.why = "De stap valt na het sluiten van het onderzoek."
			stuck = first(stuck, c)
		case c.from.After(now) || !f.Calendar.For(c.step).Open(now, u.Regions):
			if next == nil || c.from.Before(next.from) {
				next = c
			}
		case due == nil || due.step.Channel == Phone && c.step.Channel != Phone:
			due = c
		}
	}
	var d Decision
	switch {
	case due != nil:
		d = f.due(u, due)
	case next != nil:
		d = f.later(u, next, now)
	default:
		d = none(stuck.to.why)
		d.Step, d.Day = stuck.step, stuck.day
	}
	if stuck != nil && !stuck.from.After(now) {
		d.Stuck = stuck.to.why
	}
	return d
}

func first(a, b *candidate) *candidate {
	if a != nil {
		return a
	}
	return b
}

// over says why nothing goes to a unit any more, or not yet.
func (f Field) over(u Unit, now time.Time) string {
	if why := u.stopped(); why != "" {
		return why
	}
	if !now.Before(f.Closes) {
		return "Het onderzoek is gesloten."
	}
	return ""
}

func (f Field) title(step string) string {
	if s, ok := f.Plan.Step(step); ok {
		return s.Title
	}
	return "Bericht buiten het contactplan"
}

func (f Field) due(u Unit, c *candidate) Decision {
	return Decision{Unit: u.ID, Due: true, Step: c.step, Channel: c.to.channel, Contact: c.to.contact, General: c.to.general,
		Day: c.day, Next: c.from, Held: f.held(c)}
}

// held says why the worker does not do a step by itself.
func (f Field) held(c *candidate) string {
	switch {
	case c.step.Channel == Phone: // a person calls
		return ""
	case f.Released.IsZero():
		return "Het onderzoek is nog niet vrijgegeven."
	case c.day < DayOf(f.Released) && !c.again:
		return "De dag van deze stap was voor de vrijgave. Iemand moet hem zelf versturen."
	}
	return ""
}

// later says when the next step comes.
func (f Field) later(u Unit, c *candidate, now time.Time) Decision {
	d, own := f.due(u, c), f.Calendar.For(c.step)
	d.Due = false
	if c.from.After(now) {
		d.Next = own.NextMoment(c.from, u.Regions)
		d.Why = fmt.Sprintf("%s komt op %s%s.", c.step.Title, DayOf(d.Next).Short(), because(f.why(*c, u.Regions)))
		if DayOf(d.Next) == DayOf(now) {
			d.Why = fmt.Sprintf("%s gaat vandaag vanaf %s uur.", c.step.Title, d.Next.In(amsterdam).Format("15.04"))
		}
		return d
	}
	d.Next = own.NextMoment(now, u.Regions)
	reason := "buiten de verzendtijden"
	if closed := own.Closed(DayOf(now), u.Regions); closed != "" {
		reason = closed
	}
	d.Why = fmt.Sprintf("%s wacht tot %s: %s.", c.step.Title, DayOf(d.Next).Short(), reason)
	if !d.Next.Before(f.Closes) {
		d.Next, d.Why = time.Time{}, "Het onderzoek sluit voordat de stap kan gaan."
	}
	return d
}

func because(why []string) string {
	if len(why) == 0 {
		return ""
	}
	return " (verschoven: " + enumerate(why) + ")"
}

// HoursOf returns the calendar by which a step goes.
func (f Field) HoursOf(step string) Calendar {
	s, _ := f.Plan.Step(step) // one that is no longer in the plan goes by the hours of the study
	return f.Calendar.For(s)
}

// Withhold says why a message of the ladder that waits may not go after all, or
// "". The worker asks it under lock, just before sending (standards W2). Hours
// are for Calendar.Open to tell.
func (f Field) Withhold(u Unit, t Touch, now time.Time) string {
	if why := f.over(u, now); why != "" {
		return why
	}
	for _, c := range u.Contacts {
		if c.ID != t.Contact {
			continue
		}
		switch {
		case c.Ended:
			return "De contactpersoon is vervangen."
		case t.Channel == Phone:
			return ""
		case c.OptedOut:
			return optedOut
		case t.Channel == Mail && (!c.Mail || c.Bounced):
			return "Mail naar dit adres komt niet aan."
		case t.Channel == Letter && !c.Post:
			return noPost
		case t.Step != "" && DayOf(now) < f.rested(Step{Channel: t.Channel}, u.history(f.Plan)):
			return "Er was net een ander bericht of een telefoongesprek."
		}
		return ""
	}
	return "De contactpersoon is er niet meer."
}

// Late returns what is due at now for these units but waits for a person,
// because its day lies before the release of the study.
func (f Field) Late(units []Unit, now time.Time) []Decision {
	var late []Decision
	for _, u := range units {
		if d := f.Due(u, now); d.Due && d.Held != "" {
			late = append(late, d)
		}
	}
	return late
}
