package contactplan

import (
	"fmt"
	"slices"
	"time"
)

// Years in which 5 May is a day off.
const (
	LiberationLustrum = "" // every five years: 2025, 2030
	LiberationAlways  = "altijd"
	LiberationNever   = "nooit"
)

// Settings are what a study may choose about its days and hours. The zero value
// is the default: working days from nine to five.
type Settings struct {
	GoodFridayOpen bool      `json:"good_friday_open,omitempty"` // no national day off, but gemeenten and schools are closed
	LiberationDay  string    `json:"liberation_day,omitempty"`
	Extra          []Closure `json:"extra,omitempty"`       // days of one's own
	From           int       `json:"from,omitempty"`        // minutes after midnight; with Until 0 the default
	Until          int       `json:"until,omitempty"`       // messages go before this time
	SchoolOpen     Regions   `json:"school_open,omitempty"` // regions whose school holidays make no difference
}

// A Closure is a row of days on which nothing is sent, such as the days between
// Christmas and New Year.
type Closure struct {
	Name string `json:"name"`
	From Day    `json:"from"`
	To   Day    `json:"to"`
}

// Check says what must be mended in the settings, in Dutch.
func (s Settings) Check() []Fault {
	var faults []Fault
	if !within(s.From, s.Until) {
		faults = append(faults, Fault{"", PartHours, hoursWrong})
	}
	switch s.LiberationDay {
	case LiberationLustrum, LiberationAlways, LiberationNever:
	default:
		faults = append(faults, Fault{"", PartClosures, "Bevrijdingsdag is vrij om de vijf jaar, altijd of nooit."})
	}
	if len(s.Extra) > MaxClosures {
		faults = append(faults, Fault{"", PartClosures, fmt.Sprintf("Een plan heeft hooguit %d rijen vrije dagen.", MaxClosures)})
	}
	for i, e := range s.Extra {
		if e.Name == "" || clean(e.Name) != e.Name || len([]rune(e.Name)) > maxTitle || e.To < e.From || e.To > e.From+366 {
			faults = append(faults, Fault{"", fmt.Sprint(PartClosures, "-", i), "Geef deze dagen een naam en kies een laatste dag die niet voor de eerste ligt, hooguit een jaar later."})
		}
	}
	return faults
}

const hoursWrong = "De verzendtijden moeten op één dag liggen, met het begin voor het einde."

// within reports whether hours lie in one day; both zero are the default.
func within(from, until int) bool {
	return from >= 0 && until <= 24*60 && (from < until || from == 0 && until == 0)
}

// A Weekdays is a set of days of the week: bit time.Monday is Monday. Zero is all
// of them.
type Weekdays uint8

// Has reports whether a day of the week is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w == 0 || w&(1<<d) != 0 }

// String names the days: "maandag en dinsdag", or "" for all.
func (w Weekdays) String() string {
	var names []string
	for d := time.Monday; w != 0 && d <= time.Friday; d++ {
		if w.Has(d) {
			names = append(names, weekdays[d])
		}
	}
	return enumerate(names)
}

// A Calendar knows on which days and hours a unit may be approached.
type Calendar struct {
	settings  Settings
	vacations []Vacation
	days      Weekdays // on which a step may go
	begin     Day      // first day in away and off
	known     Day      // last day in them: that of the school holidays that are known
	away      []Regions
	off       []bool
}

// NewCalendar returns the calendar of a study, with the school holidays that
// come with the product.
func NewCalendar(s Settings) Calendar { return NewCalendarWith(s, vacations) }

// NewCalendarWith returns a calendar with school holidays of one's own.
func NewCalendarWith(s Settings, v []Vacation) Calendar {
	if s.Until <= 0 {
		s.From, s.Until = 9*60, 17*60
	}
	c := Calendar{settings: s, known: -1}
	for i, one := range v {
		if kept := one; one.Regions&^s.SchoolOpen != 0 {
			kept.Regions &^= s.SchoolOpen
			c.vacations = append(c.vacations, kept)
		}
		c.known = max(c.known, one.To)
		if i == 0 || one.From < c.begin {
			c.begin = one.From
		}
	}
	c.away = make([]Regions, c.known-c.begin+1)
	c.off = make([]bool, len(c.away))
	for _, one := range c.vacations {
		for d := one.From; d <= one.To; d++ {
			c.away[d-c.begin] |= one.Regions
		}
	}
	for i := range c.off {
		c.off[i] = c.dayOff(c.begin+Day(i)) != ""
	}
	return c
}

// AllDay returns c without sending hours, for a sweep that plays another time.
func (c Calendar) AllDay() Calendar {
	c.settings.From, c.settings.Until = 0, 24*60
	return c
}

// For returns the calendar of a step: its own hours and days of the week, where it
// has them. What is a working day does not change.
func (c Calendar) For(s Step) Calendar {
	if s.Until > 0 && !c.allDay() {
		c.settings.From, c.settings.Until = s.From, s.Until
	}
	c.days = s.Days
	return c
}

func (c Calendar) allDay() bool { return c.settings.From == 0 && c.settings.Until == 24*60 }

// Hours returns from when until when messages may go on a day that is open.
func (c Calendar) Hours(d Day) (from, until time.Time) {
	return d.At(c.settings.From), d.At(c.settings.Until)
}

// Closed says why nothing goes to units of these regions on a day: "weekend",
// "Koningsdag", "herfstvakantie Noord". It is "" for an open day.
func (c Calendar) Closed(d Day, r Regions) string {
	if why := c.dayOff(d); why != "" {
		return why
	}
	if v, ok := c.vacation(d, r); ok {
		return v.Name + " " + (v.Regions & r).String()
	}
	if !c.days.Has(d.Weekday()) {
		return "deze stap gaat alleen op " + c.days.String()
	}
	return ""
}

// dayOff says why a day is no working day anywhere in the country.
func (c Calendar) dayOff(d Day) string {
	if name := c.holiday(d); name != "" {
		return name
	}
	for _, e := range c.settings.Extra {
		if e.From <= d && d <= e.To {
			return e.Name
		}
	}
	if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
		return "weekend"
	}
	return ""
}

// vacation returns the school holiday of these regions on a day.
func (c Calendar) vacation(d Day, r Regions) (Vacation, bool) {
	for _, v := range c.vacations {
		if v.Regions&r != 0 && v.From <= d && d <= v.To {
			return v, true
		}
	}
	return Vacation{}, false
}

// working reports whether a day is a working day, as dayOff says.
func (c Calendar) working(d Day) bool {
	if c.begin <= d && d <= c.known {
		return !c.off[d-c.begin]
	}
	return c.dayOff(d) == ""
}

// open reports whether a day is open for these regions, as Closed says.
func (c Calendar) open(d Day, r Regions) bool {
	if c.begin <= d && d <= c.known && c.away[d-c.begin]&r != 0 {
		return false
	}
	return c.working(d) && c.days.Has(d.Weekday())
}

// NextOpen returns the first open day on or after d.
func (c Calendar) NextOpen(d Day, r Regions) Day {
	for !c.open(d, r) {
		d++
	}
	return d
}

// AddWorking returns the nth working day after d. School holidays count as
// working days here: the office is open, only the unit is left in peace.
func (c Calendar) AddWorking(d Day, n int) Day {
	for n > 0 {
		d++
		if c.working(d) {
			n--
		}
	}
	return d
}

// Working returns the number of working days after from, up to and including to.
func (c Calendar) Working(from, to Day) int {
	n := 0
	for d := from + 1; d <= to; d++ {
		if c.working(d) {
			n++
		}
	}
	return n
}

// Open reports whether a message may go to units of these regions at a moment.
func (c Calendar) Open(t time.Time, r Regions) bool {
	d := DayOf(t)
	from, until := c.Hours(d)
	return !t.Before(from) && t.Before(until) && c.open(d, r)
}

// NextMoment returns the first moment at or after t at which a message may go.
func (c Calendar) NextMoment(t time.Time, r Regions) time.Time {
	if c.Open(t, r) {
		return t
	}
	d := DayOf(t)
	if from, _ := c.Hours(d); t.After(from) {
		d++
	}
	from, _ := c.Hours(c.NextOpen(d, r))
	return from
}

// Moved says why a step of day from falls on day to: the names of the closed
// days between them, each once.
func (c Calendar) Moved(from, to Day, r Regions) []string {
	var why []string
	for d := from; d < to; d++ {
		if name := c.Closed(d, r); name != "" && !slices.Contains(why, name) {
			why = append(why, name)
		}
	}
	return why
}

// Known reports whether the school holidays around a day are in the data file.
func (c Calendar) Known(d Day) bool { return d <= c.known }
