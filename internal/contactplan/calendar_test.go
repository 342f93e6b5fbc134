package contactplan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func day(t testing.TB, s string) Day {
	t.Helper()
	d, err := ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// at reads a moment by the Dutch clock: 2026-11-02 09:00.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", s, amsterdam)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEaster(t *testing.T) {
	t.Parallel()
	// From the tables in the almanac; 1818 and 2038 are the extremes of the rule.
	for _, want := range []string{"1818-03-22", "1961-04-02", "2000-04-23", "2018-04-01", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25"} {
		d := day(t, want)
		year, _, _ := d.Date()
		if got := easter(year); got != d {
			t.Errorf("easter(%d) = %v, want %v", year, got, want)
		}
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	always := Settings{LiberationDay: LiberationAlways, GoodFridayOpen: true, Extra: []Closure{{"brugdag", day(t, "2026-05-15"), day(t, "2026-05-15")}}}
	for _, c := range []struct {
		day      string
		settings Settings
		regions  Regions
		want     string
	}{
		{"2026-11-02", Settings{}, 0, ""},
		{"2026-11-07", Settings{}, 0, "weekend"},
		{"2027-01-01", Settings{}, 0, "Nieuwjaarsdag"},
		{"2026-04-03", Settings{}, 0, "Goede Vrijdag"},
		{"2026-04-03", always, 0, ""},
		{"2026-04-06", Settings{}, 0, "Tweede Paasdag"},
		{"2026-04-27", Settings{}, 0, "Koningsdag"},
		{"2025-04-26", Settings{}, 0, "Koningsdag"}, // the 27th is a Sunday
		{"2025-04-27", Settings{}, 0, "weekend"},
		{"2025-04-28", Settings{}, 0, ""},
		{"2013-04-30", Settings{}, 0, "Koninginnedag"},
		{"2026-05-05", Settings{}, 0, ""},
		{"2025-05-05", Settings{}, 0, "Bevrijdingsdag"},
		{"2025-05-05", Settings{LiberationDay: LiberationNever}, 0, ""},
		{"2026-05-05", always, 0, "Bevrijdingsdag"},
		{"2026-05-14", Settings{}, 0, "Hemelvaartsdag"},
		{"2026-05-15", Settings{}, 0, ""},
		{"2026-05-15", always, 0, "brugdag"},
		{"2026-05-25", Settings{}, 0, "Tweede Pinksterdag"},
		{"2026-12-25", Settings{}, 0, "Eerste Kerstdag"},
		{"2024-12-26", Settings{}, 0, "Tweede Kerstdag"},
		{"2026-10-12", Settings{}, North, "herfstvakantie Noord"},
		{"2026-10-12", Settings{}, South, ""},
		{"2026-10-12", Settings{}, 0, ""},
		{"2026-10-19", Settings{}, North | Middle | South, "herfstvakantie Midden en Zuid"},
		{"2026-12-29", Settings{}, North | South, "kerstvakantie Noord en Zuid"},
		{"2024-02-29", Settings{}, North | Middle | South, ""},
	} {
		if got := NewCalendar(c.settings).Closed(day(t, c.day), c.regions); got != c.want {
			t.Errorf("%s for %q: %q, want %q", c.day, c.regions, got, c.want)
		}
	}
}

// The tables of a calendar say what its rules say, inside and outside the years
// of the data file.
func TestOpenIsNotClosed(t *testing.T) {
	t.Parallel()
	c := NewCalendar(Settings{Extra: []Closure{{"brugdag", day(t, "2026-05-15"), day(t, "2026-05-15")}}})
	none := NewCalendarWith(Settings{}, nil)
	for d := day(t, "2016-01-01"); d < day(t, "2032-01-01"); d++ {
		for r := range Regions(8) {
			if c.open(d, r) != (c.Closed(d, r) == "") {
				t.Fatalf("%v for %v: open %v, closed %q", d, r, c.open(d, r), c.Closed(d, r))
			}
		}
		if none.open(d, 7) != (none.Closed(d, 7) == "") {
			t.Fatalf("%v without school holidays: %q", d, none.Closed(d, 7))
		}
	}
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	c := NewCalendar(Settings{})
	for _, x := range []struct {
		from, want string
		n          int
	}{
		{"2026-11-02", "2026-11-05", 3},
		{"2026-11-05", "2026-11-10", 3}, // over a weekend
		{"2026-11-07", "2026-11-11", 3}, // from a Saturday
		{"2026-04-02", "2026-04-09", 3}, // over Easter
		{"2026-10-09", "2026-10-14", 3}, // a school holiday is no day off
		{"2026-12-24", "2026-12-30", 3},
		{"2026-11-02", "2026-11-02", 0},
	} {
		got := c.AddWorking(day(t, x.from), x.n)
		if got != day(t, x.want) {
			t.Errorf("%d working days after %s: %v, want %s", x.n, x.from, got, x.want)
		}
		if n := c.Working(day(t, x.from), got); n != x.n {
			t.Errorf("Working(%s, %v) = %d, want %d", x.from, got, n, x.n)
		}
	}
}

func TestHoursFollowTheClockOnTheWall(t *testing.T) {
	t.Parallel()
	c := NewCalendar(Settings{})
	for _, x := range []struct{ day, from, until string }{
		{"2026-10-23", "2026-10-23T07:00:00Z", "2026-10-23T15:00:00Z"}, // summer time
		{"2026-10-26", "2026-10-26T08:00:00Z", "2026-10-26T16:00:00Z"}, // the clock went back on the 25th
		{"2027-03-26", "2027-03-26T08:00:00Z", "2027-03-26T16:00:00Z"},
		{"2027-03-29", "2027-03-29T07:00:00Z", "2027-03-29T15:00:00Z"},
	} {
		from, until := c.Hours(day(t, x.day))
		if got := from.UTC().Format(time.RFC3339); got != x.from {
			t.Errorf("%s: from %s, want %s", x.day, got, x.from)
		}
		if got := until.UTC().Format(time.RFC3339); got != x.until {
			t.Errorf("%s: until %s, want %s", x.day, got, x.until)
		}
	}
	if from, until := c.AllDay().Hours(day(t, "2026-10-25")); until.Sub(from) != 25*time.Hour {
		t.Errorf("the day on which the clock goes back has %v", until.Sub(from))
	}
}

func TestNextMoment(t *testing.T) {
	t.Parallel()
	c := NewCalendar(Settings{})
	for _, x := range []struct{ now, want string }{
		{"2026-11-02 08:59", "2026-11-02 09:00"},
		{"2026-11-02 09:00", "2026-11-02 09:00"},
		{"2026-11-02 16:59", "2026-11-02 16:59"},
		{"2026-11-02 17:00", "2026-11-03 09:00"},
		{"2026-11-06 18:00", "2026-11-09 09:00"},
		{"2026-11-07 08:00", "2026-11-09 09:00"},
		{"2026-11-08 12:00", "2026-11-09 09:00"},
		{"2026-12-24 23:00", "2026-12-28 09:00"},
	} {
		if got := c.NextMoment(at(t, x.now), 0); !got.Equal(at(t, x.want)) {
			t.Errorf("after %s: %v, want %s", x.now, got, x.want)
		}
	}
}

func TestDayIsTheDutchDay(t *testing.T) {
	t.Parallel()
	for moment, want := range map[string]string{
		"2026-12-31T23:00:00Z": "2027-01-01",
		"2026-12-31T22:59:59Z": "2026-12-31",
		"2026-06-30T22:00:00Z": "2026-07-01",
		"2026-06-30T21:59:59Z": "2026-06-30",
		"1965-03-01T12:00:00Z": "1965-03-01",
	} {
		m, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := DayOf(m).String(); got != want {
			t.Errorf("DayOf(%s) = %s, want %s", moment, got, want)
		}
	}
	if got := day(t, "2026-12-11").Long(); got != "vrijdag 11 december 2026" {
		t.Errorf("Long: %q", got)
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	for moment, want := range map[string]string{
		"2026-12-12 00:00": "tot en met vrijdag 11 december 2026",
		"2026-12-11 23:59": "tot en met vrijdag 11 december 2026",
		"2026-12-11 17:00": "tot vrijdag 11 december 2026 om 17.00 uur",
	} {
		if got := Deadline(at(t, moment)); got != want {
			t.Errorf("Deadline(%s) = %q, want %q", moment, got, want)
		}
	}
}

func TestParseRegions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Regions{"Noord": North, "regio midden": Middle, "Noord, Zuid": North | South, "Noord, Midden en Zuid": 7, "": 0} {
		if got, ok := ParseRegions(text); got != want || !ok {
			t.Errorf("ParseRegions(%q) = %v, %v", text, got, ok)
		}
		if back, ok := ParseRegions(want.String()); back != want || !ok {
			t.Errorf("%v does not read back", want)
		}
	}
	if r, ok := ParseRegions("Noord, Oost"); ok || r != North {
		t.Errorf("Oost: %v, %v", r, ok)
	}
}

// TestVacationFile checks the data by rules that hold in every year.
func TestVacationFile(t *testing.T) {
	t.Parallel()
	all, err := ReadVacations(bytes.NewReader(vacationFile))
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]Day{"herfstvakantie": 9, "kerstvakantie": 16, "voorjaarsvakantie": 9, "meivakantie": 9, "zomervakantie": 44}
	count := map[string]Regions{} // name and year in which it begins
	for _, v := range all {
		if v.From.Weekday() != time.Saturday || v.To.Weekday() != time.Sunday || v.To-v.From+1 != days[v.Name] {
			t.Errorf("%s from %v (%v) to %v (%v): %d days", v.Name, v.From, v.From.Weekday(), v.To, v.To.Weekday(), v.To-v.From+1)
		}
		key := v.Name + v.From.String()[:4]
		if count[key]&v.Regions != 0 {
			t.Errorf("%s: a region twice", key)
		}
		count[key] |= v.Regions
	}
	for key, r := range count {
		if r != North|Middle|South {
			t.Errorf("%s: only %v", key, r)
		}
	}
	if len(count) != 11*len(days) {
		t.Errorf("%d holidays, want %d", len(count), 11*len(days))
	}
}

func TestReadVacationsRefuses(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"2026-2027,herfstvakantie,Oost,2026-10-10,2026-10-18,ja",
		"2026-2027,herfstvakantie,Noord,10-10-2026,2026-10-18,ja",
		"2026-2027,herfstvakantie,Noord,2026-10-18,18-10-2026,ja",
		"2026-2027,herfstvakantie,Noord,2026-10-18,2026-10-10,ja",
		"2026-2027,herfstvakantie,Noord,2026-10-18",
	} {
		if _, err := ReadVacations(strings.NewReader("# x\n" + line)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestSettingsAreReadableJSON(t *testing.T) {
	t.Parallel()
	want := Settings{Extra: []Closure{{"brugdag", day(t, "2026-05-15"), day(t, "2026-05-15")}}}
	b, err := json.Marshal(want)
	if err != nil || string(b) != `{"extra":[{"name":"brugdag","from":"2026-05-15","to":"2026-05-15"}]}` {
		t.Errorf("%s, %v", b, err)
	}
	var got Settings
	if err := json.Unmarshal(b, &got); err != nil || got.Extra[0] != want.Extra[0] {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSettingsCheck(t *testing.T) {
	t.Parallel()
	d := day(t, "2026-05-15")
	for _, c := range []struct {
		settings Settings
		problems int
	}{
		{Settings{}, 0},
		{Settings{From: 8 * 60, Until: 18 * 60, LiberationDay: LiberationAlways, Extra: []Closure{{"brugdag", d, d}}}, 0},
		{Settings{From: 17 * 60, Until: 9 * 60}, 1},
		{Settings{From: -1, Until: 25 * 60}, 1},
		{Settings{LiberationDay: "soms"}, 1},
		{Settings{Extra: []Closure{{"", d, d}, {"terug", d, d - 1}, {"lang", d, d + 400}}}, 3},
	} {
		if got := c.settings.Check(); len(got) != c.problems {
			t.Errorf("%+v: %q", c.settings, got)
		}
	}
}
