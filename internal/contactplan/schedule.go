package contactplan

import (
	"fmt"
	"slices"
	"time"
)

// A Schedule is the calendar of a plan before the study opens.
type Schedule struct {
	Rows     []Planned // by region as given, then in the order of the plan
	Warnings []string  // what the maker of the plan may not have meant, in Dutch
}

// A Planned step is where a step falls for units of some regions that are in the
// study from the first day.
type Planned struct {
	Regions Regions
	Step    Step
	Day     Day      // on which the plan has it, by the invitation of these units
	Falls   Day      // on which it falls
	Why     []string // why it moved; empty if it did not
	Lapses  bool     // it falls after closing and will not be done
}

// Schedule works out on which day each step falls for each set of regions, when
// everything goes on its own day and everybody is reached by telephone.
func (f Field) Schedule(regions []Regions) Schedule {
	var s Schedule
	for _, r := range regions {
		s.Rows = append(s.Rows, f.planned(r)...)
	}
	s.Warnings = append(f.warnings(regions), rowWarnings(s.Rows, f)...)
	return s
}

// planned plays the plan for units of one set of regions: each time the step
// that Due would choose.
func (f Field) planned(r Regions) []Planned {
	u := Unit{Regions: r, Contacts: []Contact{{ID: 1, Mail: true, Post: true, Phone: true}}}
	rows := make([]Planned, len(f.Plan.Steps))
	var h history
	start := f.firstDay(u)
	for done := range rows {
		at, next := 0, candidate{}
		for i, s := range f.Plan.Steps {
			if rows[i].Step.ID != "" || done == 0 && i > 0 {
				continue
			}
			c := f.candidate(s, u.recipient(s.Channel), start, u, h)
			if next.step.ID == "" || c.from.Before(next.from) || c.from.Equal(next.from) && next.step.Channel == Phone {
				at, next = i, c
			}
		}
		s := next.step
		row := Planned{Regions: r, Step: s, Day: start + Day(s.Offset), Falls: DayOf(next.from), Why: f.why(next, r), Lapses: !next.from.Before(f.Closes)}
		rows[at] = row
		if done == 0 {
			start = row.Falls
		}
		h.touches = append(h.touches, Touch{Step: s.ID, Channel: s.Channel, At: next.from, State: Sent, Reached: true})
	}
	return rows
}

// warnings are those about opening, closing and the data file.
func (f Field) warnings(regions []Regions) []string {
	var w []string
	add := func(format string, args ...any) { w = append(w, fmt.Sprintf(format, args...)) }
	opens, closes := DayOf(f.Opens), DayOf(f.Closes.Add(-time.Second))
	if why := f.Calendar.dayOff(opens); why != "" {
		add("Het onderzoek opent op %s: %s.", opens.Long(), why)
	}
	if why := f.Calendar.dayOff(closes); why != "" {
		add("Het onderzoek sluit op %s: %s.", closes.Long(), why)
	}
	all := Regions(0)
	for _, r := range regions {
		all |= r
		if r == 0 {
			add("Van sommige eenheden is de vakantieregio niet bekend. Zij krijgen ook in schoolvakanties bericht.")
		}
	}
	if all != 0 && !f.Calendar.Known(closes) {
		add("Na %s zijn de schoolvakanties nog niet bekend.", f.Calendar.known.Long())
	}
	for _, v := range f.Calendar.vacations {
		if v.Regions&all == 0 || v.To < opens || v.From > closes {
			continue
		}
		add("%s tot en met %s is het %s in %s.%s", v.From.Long(), v.To.Long(), v.Name, (v.Regions & all).String(), doubt(v))
	}
	return w
}

func doubt(v Vacation) string {
	if v.Sure {
		return ""
	}
	return " Controleer deze data: ze zijn niet zeker."
}

// answerDays is how many working days people should have to answer the last
// message before closing.
const answerDays = 5

// rowWarnings are those about steps, each said once for all regions it holds for.
func rowWarnings(rows []Planned, f Field) []string {
	type warning struct {
		text    string
		regions []string
	}
	var found []warning
	add := func(r Regions, format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		i := slices.IndexFunc(found, func(w warning) bool { return w.text == text })
		if i < 0 {
			i, found = len(found), append(found, warning{text: text})
		}
		if name := r.String(); name != "" {
			found[i].regions = append(found[i].regions, name)
		}
	}
	closes := DayOf(f.Closes.Add(-time.Second))
	for _, row := range rows {
		last := !slices.ContainsFunc(rows, func(r Planned) bool { return r.Regions == row.Regions && !r.Lapses && r.Falls > row.Falls })
		switch left := f.Calendar.Working(row.Falls, closes); {
		case row.Lapses:
			add(row.Regions, "%s valt na het sluiten en vervalt.", row.Step.Title)
		case last && left < answerDays:
			add(row.Regions, "Na %s zijn er nog %d werkdagen om te antwoorden.", row.Step.Title, left)
		}
		if late := row.Falls - row.Day; late > 7 && !row.Lapses {
			add(row.Regions, "%s komt %d dagen later dan het plan zegt.", row.Step.Title, late)
		}
	}
	var out []string
	for _, w := range found {
		if len(w.regions) > 0 {
			w.text += " (regio " + enumerate(w.regions) + ")"
		}
		out = append(out, w.text)
	}
	return out
}
