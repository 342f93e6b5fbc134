package contactplan

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/event"
)

// A trial is one unit that is played through a field period with accidents.
type trial struct {
	t    *testing.T
	rand *rand.Rand
	f    Field
	u    Unit
	log  []string
}

// TestPromisesHoldUnderAccidents plays many units for 150 days and checks every
// decision by rules that are written out here a second time.
func TestPromisesHoldUnderAccidents(t *testing.T) {
	t.Parallel()
	n := 400
	if testing.Short() {
		n = 60
	}
	for seed := range n {
		tr := newTrial(t, uint64(seed))
		tr.play()
		if t.Failed() {
			t.Fatalf("seed %d: opens %v, closes %v, %+v\n%v", seed, tr.f.Opens, tr.f.Closes, tr.u, tr.log)
		}
	}
}

func newTrial(t *testing.T, seed uint64) *trial {
	r := rand.New(rand.NewPCG(seed, 4))
	opens := time.Date(2018, 1, 1, 6, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(9*365*24)) * time.Hour)
	tr := &trial{t: t, rand: r}
	tr.f = Field{Plan: Default(), Calendar: NewCalendar(Settings{}), Opens: opens, Closes: opens.AddDate(0, 0, 20+r.IntN(130))}
	if r.IntN(4) > 0 {
		tr.f.Released = opens.AddDate(0, 0, r.IntN(10)-5)
	}
	tr.u = Unit{ID: 7, Regions: Regions(r.IntN(8)), Added: opens.Add(time.Duration(r.IntN(80*24)-40*24) * time.Hour)}
	for i := range 1 + r.IntN(3) {
		tr.u.Contacts = append(tr.u.Contacts, Contact{ID: int64(i + 1), Mail: r.IntN(5) > 0, Phone: r.IntN(2) > 0, Post: r.IntN(3) == 0})
	}
	return tr
}

func (tr *trial) play() {
	last := Decision{} // since something changed, the latest; one that is due stays
	for now := tr.f.Opens.AddDate(0, 0, -3); now.Before(tr.f.Opens.AddDate(0, 0, 150)); now = now.Add(time.Duration(1+tr.rand.IntN(9)) * time.Hour) {
		d := tr.f.Due(tr.u, now)
		tr.explained(d, now)
		if tr.f.Calendar.Open(now, tr.u.Regions) && now.Before(tr.f.Closes) && !d.Due {
			if last.Due {
				tr.t.Errorf("%v: %s was due and is lost: %s", now, last.Step.ID, d.Why)
			} else if !last.Next.IsZero() && !last.Next.After(now) {
				tr.t.Errorf("%v: %q promised %v, now %q", now, last.Why, last.Next, d.Why)
			}
		}
		if d.Due || !last.Due {
			last = d
		}
		if d.Due {
			tr.allowed(d, now)
			if d.Held == "" && tr.rand.IntN(4) > 0 || tr.rand.IntN(30) == 0 {
				tr.do(d, now)
				last = Decision{}
			}
		}
		if tr.accident(now) {
			last = Decision{}
		}
		if tr.t.Failed() {
			return
		}
	}
}

// explained checks that nothing is left unsaid.
func (tr *trial) explained(d Decision, now time.Time) {
	switch {
	case d.Unit != tr.u.ID:
		tr.t.Errorf("%v: decision for unit %d", now, d.Unit)
	case !d.Due && d.Why == "":
		tr.t.Errorf("%v: not due, and no reason", now)
	case !d.Due && !d.Next.IsZero() && !d.Next.After(now):
		tr.t.Errorf("%v: next is %v", now, d.Next)
	case d.Due && (d.Step.ID == "" || d.Contact == 0 || d.Channel == ""):
		tr.t.Errorf("%v: due, but %+v", now, d)
	}
}

// allowed checks a step that is due against the rules of DESIGN 1.
func (tr *trial) allowed(d Decision, now time.Time) {
	local := now.In(amsterdam)
	today := DayOf(now)
	if h := local.Hour(); h < 9 || h >= 17 || local.Weekday() == time.Saturday || local.Weekday() == time.Sunday || tr.f.Calendar.Closed(today, tr.u.Regions) != "" {
		tr.t.Errorf("%s at %v", d.Step.ID, local)
	}
	if now.Before(tr.f.Opens) || !now.Before(tr.f.Closes) || now.Before(tr.u.Added) {
		tr.t.Errorf("%s outside the field period: %v", d.Step.ID, now)
	}
	invited := Day(0)
	for _, x := range tr.u.Touches {
		if x.State != Sent && x.State != Unsure {
			continue
		}
		if x.Step == "uitnodiging" && invited == 0 {
			invited = DayOf(x.At)
		}
		if x.Step == d.Step.ID && d.Channel != Phone {
			tr.t.Errorf("%v: %s twice", now, x.Step)
		}
		if d.Channel == Phone && x.Channel == Phone && !x.Reached {
			continue // tried again
		}
		if n := tr.f.Calendar.Working(DayOf(x.At), today); n < 3 {
			tr.t.Errorf("%v: %s %d working days after %s at %v", now, d.Step.ID, n, x.Step, x.At)
		}
	}
	if invited > 0 && today < invited+Day(d.Step.Offset) {
		tr.t.Errorf("%v: %s before its day", now, d.Step.ID)
	}
	if invited == 0 && d.Step.Offset > 0 && d.Channel != Phone {
		tr.t.Errorf("%v: %s before the invitation", now, d.Step.ID)
	}
	for _, e := range event.Standing(tr.u.Events) {
		if e.Kind != event.Started {
			tr.t.Errorf("%v: %s after %s", now, d.Step.ID, e.Kind)
		}
	}
	for _, c := range tr.u.Contacts {
		if c.ID == d.Contact && (c.Ended || c.OptedOut && d.Channel != Phone || d.Channel == Mail && (c.Bounced || !c.Mail)) {
			tr.t.Errorf("%v: %s to %+v", now, d.Step.ID, c)
		}
	}
	if why := tr.f.Withhold(tr.u, Touch{Step: d.Step.ID, Channel: d.Channel, Contact: d.Contact}, now); why != "" {
		tr.t.Errorf("%v: %s is due and withheld: %s", now, d.Step.ID, why)
	}
}

// do does what is due, with the luck of the day.
func (tr *trial) do(d Decision, now time.Time) {
	state := Sent
	switch n := tr.rand.IntN(12); {
	case d.Channel == Phone:
	case n == 0:
		state = Unsure
	case n == 1:
		state = Returned
		for i := range tr.u.Contacts {
			if c := &tr.u.Contacts[i]; c.ID == d.Contact && d.Channel == Mail {
				c.Bounced = true
			}
		}
	case n == 2:
		state = Withdrawn
	}
	tr.u.Touches = append(tr.u.Touches, Touch{Step: d.Step.ID, Channel: d.Channel, Contact: d.Contact, At: now, State: state, Reached: tr.rand.IntN(2) == 0})
	tr.log = append(tr.log, fmt.Sprintln(now.In(amsterdam).Format("Mon 2006-01-02 15:04"), d.Step.ID, d.Channel, state))
}

// accident lets something happen to the unit now and then.
func (tr *trial) accident(now time.Time) bool {
	c := &tr.u.Contacts[tr.rand.IntN(len(tr.u.Contacts))]
	add := func(k event.Kind) {
		tr.u.Events = append(tr.u.Events, event.Event{ID: int64(len(tr.u.Events) + 1), Kind: k, Occurred: now})
	}
	switch tr.rand.IntN(1500) {
	case 0:
		add(event.Submitted)
	case 1:
		add(event.Refused)
	case 2:
		c.OptedOut = true
	case 3:
		c.Ended = true
	case 4:
		c.PassedOn = true
	case 5:
		add(event.Started)
	case 6, 7, 8: // asks for the link again
		tr.u.Touches = append(tr.u.Touches, Touch{Channel: Mail, Contact: c.ID, At: now, State: Sent})
	case 9:
		tr.u.Contacts = append(tr.u.Contacts, Contact{ID: int64(len(tr.u.Contacts) + 1), Mail: true})
	default:
		return false
	}
	tr.log = append(tr.log, fmt.Sprintln(now, "accident"))
	return true
}

// TestEveryStepIsDoneInTheEnd: with nobody answering and a worker that comes by
// at random times, also after weeks of silence, the whole ladder is done.
func TestEveryStepIsDoneInTheEnd(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 5))
		opens := time.Date(2018, 1, 1, 6, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(9*365*24)) * time.Hour)
		f := Field{Plan: Default(), Calendar: NewCalendar(Settings{}), Opens: opens, Released: opens, Closes: opens.AddDate(2, 0, 0)}
		u := somebody()
		u.Regions = Regions(r.IntN(8))
		done := 0
		for now := opens; now.Before(f.Closes) && done < 4; now = now.Add(time.Duration(1+r.IntN(5)) * time.Hour) {
			if r.IntN(20) == 0 {
				now = now.AddDate(0, 0, r.IntN(40)) // nobody is there
			}
			if d := f.Due(u, now); d.Due {
				u.Touches = append(u.Touches, Touch{Step: d.Step.ID, Channel: d.Channel, Contact: d.Contact, At: now, State: Sent, Reached: true})
				done++
			}
		}
		if done != 4 {
			t.Fatalf("seed %d: %d steps; %+v", seed, done, u)
		}
	}
}

// TestAReleaseLosesNothing: whatever the moment of release, each step is either
// sent by the worker or listed for a person.
func TestAReleaseLosesNothing(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-06-01 00:00")
	for days := range 60 {
		f.Released = f.Opens.AddDate(0, 0, days).Add(3 * time.Hour)
		u := somebody()
		listed, sent := 0, 0
		for now := f.Released; now.Before(f.Released.AddDate(0, 0, 80)); now = now.Add(2 * time.Hour) {
			d := f.Due(u, now)
			if !d.Due {
				continue
			}
			if late := f.Late([]Unit{u}, now); len(late) > 0 != (d.Held != "") {
				t.Fatalf("listed %+v, held %q", late, d.Held)
			}
			if d.Held != "" {
				listed++
			} else {
				sent++
			}
			u.Touches = append(u.Touches, Touch{Step: d.Step.ID, Channel: d.Channel, Contact: d.Contact, At: now, State: Sent, Reached: true})
		}
		wantListed := 0
		if days > 0 {
			wantListed = 1 // the invitation; the ladder then counts from when it went
		}
		if listed != wantListed || listed+sent != 4 {
			t.Errorf("released after %d days: %d listed, %d sent", days, listed, sent)
		}
	}
}
