package disposition

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/uitvraag/uitvraag/internal/event"
)

// amsterdam is where days begin and end.
var amsterdam = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // time/tzdata is in the program
	}
	return loc
})

// A Day is one day of the fieldwork.
type Day struct {
	Date      time.Time // midnight in Amsterdam
	Responses int       // units that answered for the first time, or were covered
	Total     int       // such units up to and including this day
	Events    []int     // events of the kinds that were asked for, in that order
}

// answering are the kinds by which a unit counts as having answered.
var answering = append(slices.Clone(handing), event.Covered)

// Series counts events of any number of units per day in Amsterdam, from the day
// of one moment to that of another; a zero from means the day of the first event.
// Events that were recalled are left out. A unit answers once, on the day of the
// first event that says so; what was covered and then withdrawn does not count.
// Days without events are there too.
func Series(events []event.Event, from, to time.Time, kinds ...event.Kind) []Day {
	all := standing(events)
	all = slices.DeleteFunc(all, func(e event.Event) bool { return e.Occurred.After(to) })
	if from.IsZero() {
		if len(all) == 0 {
			return nil
		}
		from = all[0].Occurred
	}
	days := daysBetween(midnight(from), midnight(to), len(kinds))
	answered := firstAnswers(all)
	before := 0
	at := func(t time.Time) int {
		i, found := slices.BinarySearchFunc(days, midnight(t), func(d Day, m time.Time) int { return d.Date.Compare(m) })
		if !found {
			return -1
		}
		return i
	}
	for _, t := range answered {
		if i := at(t); i >= 0 {
			days[i].Responses++
		} else {
			before++
		}
	}
	for _, e := range all {
		if k, i := slices.Index(kinds, e.Kind), at(e.Occurred); k >= 0 && i >= 0 {
			days[i].Events[k]++
		}
	}
	for i := range days {
		before += days[i].Responses
		days[i].Total = before
	}
	return days
}

// midnight is the beginning of a day in Amsterdam.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(amsterdam()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, amsterdam())
}

func daysBetween(from, to time.Time, kinds int) []Day {
	var days []Day
	y, m, d := from.Date()
	for i := 0; ; i++ {
		date := time.Date(y, m, d+i, 0, 0, 0, 0, amsterdam()) // days differ in length
		if date.After(to) {
			return days
		}
		days = append(days, Day{Date: date, Events: make([]int, kinds)})
	}
}

// firstAnswers returns when each unit first counted as having answered, of those
// that still do. Events are in order of time.
func firstAnswers(events []event.Event) []time.Time {
	first := map[int64]time.Time{}
	byCover := map[int64]bool{} // answered by cover only
	for _, e := range events {
		_, answered := first[e.Unit]
		switch {
		case e.Kind == event.Unclaimed && byCover[e.Unit]:
			delete(first, e.Unit)
			delete(byCover, e.Unit)
		case !slices.Contains(answering, e.Kind):
		case !answered:
			first[e.Unit], byCover[e.Unit] = e.Occurred, e.Kind == event.Covered
		case e.Kind != event.Covered:
			byCover[e.Unit] = false
		}
	}
	out := make([]time.Time, 0, len(first))
	for _, t := range first {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b time.Time) int { return cmp.Compare(a.UnixNano(), b.UnixNano()) })
	return out
}

// FirstAnswer returns when one unit first counted as having answered, by its
// events; false where it does not.
func FirstAnswer(events []event.Event) (time.Time, bool) {
	if !slices.ContainsFunc(events, func(e event.Event) bool { return slices.Contains(answering, e.Kind) }) {
		return time.Time{}, false
	}
	at := firstAnswers(standing(events))
	if len(at) == 0 {
		return time.Time{}, false
	}
	return at[0], true
}
