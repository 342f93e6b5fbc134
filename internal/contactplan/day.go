package contactplan

import (
	"fmt"
	"strconv"
	"time"
	_ "time/tzdata" // the zone must be there on every machine
)

// amsterdam is where the respondents are.
var amsterdam = func() *time.Location {
	l, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // tzdata is linked in
	}
	return l
}()

var weekdays = [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}

var months = [...]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}

// A Day is a calendar day in the Netherlands, as days since 1 January 1970. Two
// days differ by the calendar days between them, whatever the clocks did.
type Day int

// DayOf returns the day on which t falls in Europe/Amsterdam.
func DayOf(t time.Time) Day { return Date(t.In(amsterdam).Date()) }

// Date returns a day by its date. Months and days out of range are carried over
// as in time.Date.
func Date(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads a date as in 2026-12-11.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is no date", s)
	}
	return Date(t.Date()), nil
}

func (d Day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Date returns year, month and day.
func (d Day) Date() (int, time.Month, int) { return d.utc().Date() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// At returns the moment in d at so many minutes after midnight, by the clock on
// the wall: 540 is nine o'clock on every day.
func (d Day) At(minutes int) time.Time {
	y, m, day := d.Date()
	return time.Date(y, m, day, 0, minutes, 0, 0, amsterdam)
}

// String writes a day as 2026-12-11.
func (d Day) String() string { return d.utc().Format(time.DateOnly) }

// MarshalText writes a day as 2026-12-11.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Day) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDay(string(b))
	return err
}

// Long writes a day in full: vrijdag 11 december 2026.
func (d Day) Long() string {
	y, m, day := d.Date()
	return weekdays[d.Weekday()] + " " + strconv.Itoa(day) + " " + months[m-1] + " " + strconv.Itoa(y)
}

// Short writes a day within a year that is known: vrijdag 11 december.
func (d Day) Short() string {
	_, m, day := d.Date()
	return weekdays[d.Weekday()] + " " + strconv.Itoa(day) + " " + months[m-1]
}

// Moment says when something happened: vrijdag 11 december 2026 om 14.02 uur.
func Moment(t time.Time) string {
	return DayOf(t).Long() + " om " + t.In(amsterdam).Format("15.04") + " uur"
}

// Deadline says until when something can be done that ends at t, as in "tot en
// met vrijdag 11 december 2026". What ends in the last hour of a day, or at
// midnight, is said as that day.
func Deadline(t time.Time) string {
	local := t.In(amsterdam)
	clock := local.Format("15.04")
	if clock == "00.00" || clock >= "23.00" {
		return "tot en met " + DayOf(t.Add(-time.Second)).Long()
	}
	return "tot " + DayOf(t).Long() + " om " + clock + " uur"
}
