package contactplan

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Month is a page of the calendar of a plan.
type Month struct {
	Title string // november 2026
	Weeks []Week
}

// A Week runs from Monday to Sunday.
type Week struct {
	Number int // ISO 8601
	Days   [7]Cell
}

// A Cell is one day of a month. Days of other months are empty: their Day is 0
// and In false.
type Cell struct {
	Day       Day
	In        bool     // belongs to the month
	Field     bool     // respondents can answer
	Opens     bool     // the study opens
	Closes    bool     // the last day
	Closed    string   // why nothing goes anywhere: weekend, Koningsdag
	Vacations []string // herfstvakantie Noord
	Steps     []Mark
}

// A Mark is a step that falls on a day.
type Mark struct {
	Step    Step
	For     string // whom, where it is not everybody: Noord en Zuid
	Lapses  bool
	Shifted bool // from another day
}

// Months draws rows of a schedule on the calendar, from the month in which the
// study opens until that of the last step or of closing. Regions are those for
// which school holidays are shown.
func (f Field) Months(rows []Planned, regions []Regions) []Month {
	var all Regions
	for _, r := range regions {
		all |= r
	}
	opens, closes := DayOf(f.Opens), DayOf(f.Closes.Add(-time.Second))
	last := closes
	marks := map[Day][]Mark{}
	for _, row := range rows {
		last = max(last, row.Falls)
		marks[row.Falls] = append(marks[row.Falls], Mark{Step: row.Step, For: row.whom(rows), Lapses: row.Lapses, Shifted: row.Falls != row.Day})
	}
	last = min(last, closes+62, opens+800) // a calendar is to be read
	var out []Month
	y, m, _ := opens.Date()
	for first := Date(y, m, 1); first <= last; {
		y, m, _ := first.Date()
		next := Date(y, m+1, 1)
		month := Month{Title: months[m-1] + " " + strconv.Itoa(y)}
		for monday := first - Day((first.Weekday()+6)%7); monday < next; monday += 7 {
			_, number := monday.utc().ISOWeek()
			week := Week{Number: number}
			for i := range week.Days {
				if d := monday + Day(i); d >= first && d < next {
					week.Days[i] = f.cell(d, all, merge(marks[d]), opens, closes)
				}
			}
			month.Weeks = append(month.Weeks, week)
		}
		out = append(out, month)
		first = next
	}
	return out
}

func (f Field) cell(d Day, regions Regions, marks []Mark, opens, closes Day) Cell {
	c := Cell{Day: d, In: true, Field: opens <= d && d <= closes, Opens: d == opens, Closes: d == closes, Closed: f.Calendar.dayOff(d), Steps: marks}
	for _, v := range f.Calendar.vacations {
		if r := v.Regions & regions; r != 0 && v.From <= d && d <= v.To {
			c.Vacations = append(c.Vacations, v.Name+" "+r.String())
		}
	}
	return c
}

// whom says for whom a row is, where others have another day or no such step.
func (p Planned) whom(rows []Planned) string {
	var who []string
	if slices.ContainsFunc(rows, func(o Planned) bool { return o.Path != p.Path }) {
		others := slices.ContainsFunc(rows, func(o Planned) bool { return o.Step.ID == p.Step.ID && o.Path != p.Path && o.Falls == p.Falls })
		if !others {
			who = append(who, p.Path.String())
		}
	}
	differs := slices.ContainsFunc(rows, func(o Planned) bool { return o.Path == p.Path && o.Step.ID == p.Step.ID && o.Falls != p.Falls })
	if differs {
		name := p.Regions.String()
		if name == "" {
			name = "regio onbekend"
		}
		who = append(who, name)
	}
	return strings.Join(who, ", ")
}

// merge makes one mark of those of the same step on a day.
func merge(marks []Mark) []Mark {
	var out []Mark
	for _, m := range marks {
		i := slices.IndexFunc(out, func(o Mark) bool { return o.Step.ID == m.Step.ID })
		if i < 0 {
			out = append(out, m)
			continue
		}
		if m.For != "" && out[i].For != m.For {
			out[i].For += "; " + m.For
		}
		out[i].Shifted = out[i].Shifted && m.Shifted
	}
	return out
}
