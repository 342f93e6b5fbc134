package contactplan

import (
	"slices"
	"time"
)

// A candidate is a step that was not done, with its day.
type candidate struct {
	step    Step
	to      recipient
	planned Day
	day     Day       // closed days counted
	from    time.Time // and waiting times too
	waits   bool      // put off after the last message or call
	again   bool      // it went before, and came back
}

// openSteps returns the steps that are still to be done for u, in the order of
// the plan. Before the invitation there is nothing else, except a call to a unit
// that cannot be invited in writing.
func (f Field) openSteps(u Unit, h history) []candidate {
	invitation := f.Plan.Steps[0]
	start := h.anchor
	if !h.invited {
		start = f.firstDay(u)
	}
	var open []candidate
	reachable := true
	for _, s := range f.Plan.Steps {
		if !s.suits(u) || f.done(s, u, h, start) {
			continue
		}
		to := u.recipient(s.Channel)
		if s.ID == invitation.ID {
			reachable = to.why == ""
		}
		if !h.invited && s.ID != invitation.ID && (reachable || s.Channel != Phone) {
			continue
		}
		open = append(open, f.candidate(s, to, start, u, h))
	}
	return open
}

// candidate puts a step on its day.
func (f Field) candidate(s Step, to recipient, start Day, u Unit, h history) candidate {
	planned, own := start+Day(s.Offset), f.Calendar.For(s)
	c := candidate{step: s, to: to, planned: planned, day: own.NextOpen(planned, u.Regions)}
	for _, t := range u.Touches {
		if t.Step != s.ID || t.State != Returned {
			continue
		}
		c.again = true
		if to.why == "" && t.Contact == to.contact && t.Channel == to.channel {
			c.to.why = refused // and not for the address: that is known to bounce
		}
	}
	day := max(c.day, f.rested(s, h))
	if day > c.day {
		day = own.NextOpen(day, u.Regions)
		c.waits = true
	}
	c.from, _ = own.Hours(day)
	if begin := f.begins(u); c.from.Before(begin) {
		c.from = begin
	}
	return c
}

// why says why a step is not on the day that the plan says.
func (f Field) why(c candidate, r Regions) []string {
	why := f.Calendar.For(c.step).Moved(c.planned, c.day, r)
	if c.waits {
		why = append(why, "kort na het vorige contact")
	}
	return why
}

// rested returns the first day on which u has been left in peace long enough. A
// second attempt to call may be on the next working day.
func (f Field) rested(s Step, h history) Day {
	rest := Day(0)
	if f.Hurried {
		return rest
	}
	after := func(keep func(Touch) bool, gap int) {
		if last, ok := h.last(keep); ok {
			rest = max(rest, f.Calendar.AddWorking(last, gap))
		}
	}
	missed := func(t Touch) bool { return s.Channel == Phone && t.Channel == Phone && !t.Reached }
	after(func(t Touch) bool { return !missed(t) }, f.Plan.gap())
	after(missed, 1)
	return rest
}

// suits reports whether a step is meant for u.
func (s Step) suits(u Unit) bool {
	if len(s.Audiences) > 0 && !slices.Contains(s.Audiences, u.Audience) {
		return false
	}
	switch s.Stage {
	case NotStarted:
		return !u.started()
	case Begun:
		return u.started()
	}
	return true
}

// done reports whether a step needs no more. A call counts for the step that it
// was made for; one that was made for none counts once the step has come. A unit
// that opted out is called once (standards M3).
func (f Field) done(s Step, u Unit, h history, start Day) bool {
	if s.Channel != Phone {
		return h.has(s.ID)
	}
	calls, attempts, reached := 0, 0, false
	for _, t := range h.touches {
		if t.Channel != Phone {
			continue
		}
		calls++
		if t.Step == s.ID || t.Step == "" && DayOf(t.At) >= start+Day(s.Offset) {
			attempts++
			reached = reached || t.Reached
		}
	}
	return reached || attempts >= f.Plan.calls() || calls > 0 && u.unwilling()
}

// begins returns the moment from which u may be approached at all.
func (f Field) begins(u Unit) time.Time {
	if u.Added.After(f.Opens) {
		return u.Added
	}
	return f.Opens
}

// firstDay returns the day of the invitation as the plan has it: that on which u
// comes into the study, or the next one if the hours of that day are over.
func (f Field) firstDay(u Unit) Day {
	begin := f.begins(u)
	d := DayOf(begin)
	if _, until := f.Calendar.For(f.Plan.Steps[0]).Hours(d); !begin.Before(until) {
		d++
	}
	return d
}
