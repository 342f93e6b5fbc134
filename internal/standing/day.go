package standing

import (
	"sync"
	"time"
	_ "time/tzdata" // the machine may have no time zones

	"github.com/uitvraag/uitvraag/internal/contactplan"
)

var amsterdam = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // time/tzdata is in the program
	}
	return loc
})

// A calendar counts days from the day of opening, by the working days of the
// study.
type calendar struct {
	first contactplan.Day
	days  contactplan.Calendar
}

func (calendar) midnight(t time.Time) time.Time {
	y, m, d := t.In(amsterdam()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, amsterdam())
}

func (c calendar) next(midnight time.Time) time.Time { return c.midnight(midnight.Add(30 * time.Hour)) }

// working counts the working days after the day of opening, up to and including
// the day of t; a day off belongs to the working day before. It is 0 for all
// before. On school holidays offices are open, and people answer.
func (c calendar) working(t time.Time) int { return c.days.Working(c.first, contactplan.DayOf(t)) }
