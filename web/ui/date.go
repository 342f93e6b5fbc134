package ui

import (
	"strconv"
	"time"
	_ "time/tzdata" // the zone must be there on every machine
)

// Amsterdam is where the respondents are.
var amsterdam = func() *time.Location {
	l, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // tzdata is linked in
	}
	return l
}()

var weekdays = [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}

var months = [...]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}

var short = [...]string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}

// Date writes a day in full: vrijdag 11 december 2026.
func Date(t time.Time) string {
	t = t.In(amsterdam)
	return weekdays[t.Weekday()] + " " + strconv.Itoa(t.Day()) + " " + months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// LastDay writes the last day on which something that ends at t can be done:
// what closes at midnight closes on the day before.
func LastDay(t time.Time) string { return Date(t.Add(-time.Second)) }

// Clock writes a time of day: 14.02 uur.
func Clock(t time.Time) string { return t.In(amsterdam).Format("15.04") + " uur" }

// Stamp writes a moment for a table: 23-11-2026 14.20.
func Stamp(t time.Time) string { return t.In(amsterdam).Format("02-01-2006 15.04") }

// DayMonth writes a day briefly: 23 nov.
func DayMonth(t time.Time) string {
	t = t.In(amsterdam)
	return strconv.Itoa(t.Day()) + " " + short[t.Month()-1]
}

// DayMonthYear writes a day briefly: 23 nov 2026.
func DayMonthYear(t time.Time) string {
	return DayMonth(t) + " " + strconv.Itoa(t.In(amsterdam).Year())
}

// ISO writes a moment for the datetime attribute.
func ISO(t time.Time) string { return t.In(amsterdam).Format(time.RFC3339) }

// When writes a moment as one says it at another: "om 14.02 uur" on the same
// day, else "op maandag 23 november om 14.02 uur".
func When(t, now time.Time) string {
	t, now = t.In(amsterdam), now.In(amsterdam)
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return "om " + Clock(t)
	}
	return "op " + weekdays[t.Weekday()] + " " + strconv.Itoa(t.Day()) + " " + months[t.Month()-1] + " om " + Clock(t)
}

// Until says how long something can be done that ends at t. What ends around
// midnight is said as a day: "tot en met vrijdag 11 december 2026".
func Until(t time.Time) string {
	local := t.In(amsterdam)
	if clock := local.Format("15:04"); clock == "00:00" || clock >= "23:00" {
		return "tot en met " + LastDay(t)
	}
	return "tot " + Date(t) + " om " + Clock(t)
}

// Moment writes a moment for a history: 23 nov 14.20.
func Moment(t time.Time) string { return DayMonth(t) + " " + t.In(amsterdam).Format("15.04") }
