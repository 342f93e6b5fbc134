package contactplan

import "time"

// easter returns Easter Sunday of a year by the anonymous Gregorian algorithm
// (Nature, 20 April 1876).
func easter(year int) Day {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	n := h + l - 7*((a+11*h+22*l)/451) + 114
	return Date(year, time.Month(n/31), n%31+1)
}

// kingsDay returns Koningsdag, or Koninginnedag before 2014. It is kept a day
// earlier when it would be a Sunday.
func kingsDay(year int) (Day, string) {
	d, name := Date(year, time.April, 27), "Koningsdag"
	if year < 2014 {
		d, name = Date(year, time.April, 30), "Koninginnedag"
	}
	if d.Weekday() == time.Sunday {
		d--
	}
	return d, name
}

// holiday returns the name of the public holiday on d, or "".
func (c Calendar) holiday(d Day) string {
	year, month, day := d.Date()
	switch {
	case month == time.January && day == 1:
		return "Nieuwjaarsdag"
	case month == time.May && day == 5 && c.liberation(year):
		return "Bevrijdingsdag"
	case month == time.December && day == 25:
		return "Eerste Kerstdag"
	case month == time.December && day == 26:
		return "Tweede Kerstdag"
	}
	if king, name := kingsDay(year); d == king {
		return name
	}
	switch d - easter(year) {
	case -2:
		if !c.settings.GoodFridayOpen {
			return "Goede Vrijdag"
		}
	case 0:
		return "Eerste Paasdag"
	case 1:
		return "Tweede Paasdag"
	case 39:
		return "Hemelvaartsdag"
	case 49:
		return "Eerste Pinksterdag"
	case 50:
		return "Tweede Pinksterdag"
	}
	return ""
}

func (c Calendar) liberation(year int) bool {
	switch c.settings.LiberationDay {
	case LiberationAlways:
		return true
	case LiberationNever:
		return false
	}
	return year%5 == 0
}
