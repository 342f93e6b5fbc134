package standing

import (
	"sync"
	"time"
	_ "time/tzdata" // the machine may have no time zones
)

var amsterdam = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // time/tzdata is in the program
	}
	return loc
})

// A calendar counts days from the day of opening.
type calendar struct{ first time.Time }

func newCalendar(opens time.Time) calendar {
	c := calendar{}
	c.first = c.midnight(opens)
	return c
}

func (calendar) midnight(t time.Time) time.Time {
	y, m, d := t.In(amsterdam()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, amsterdam())
}

func (c calendar) next(midnight time.Time) time.Time { return c.midnight(midnight.Add(30 * time.Hour)) }

// working counts Mondays to Fridays after the day of opening, up to and
// including the day of t; a weekend belongs to the Friday before. It is 0 for
// all before. Public holidays count: few fall in one study, and the forecast
// takes days as they were.
func (c calendar) working(t time.Time) int {
	y0, m0, d0 := c.first.Date()
	y, m, d := t.In(amsterdam()).Date()
	from, to := time.Date(y0, m0, d0, 0, 0, 0, 0, time.UTC), time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return max(0, weekdays(to)-weekdays(from))
}

// weekdays counts Mondays to Fridays since a Monday long ago.
func weekdays(day time.Time) int {
	n := int(day.Unix()/86400) + 3 // 1 January 1970 was a Thursday
	return n/7*5 + min(n%7, 4)
}
