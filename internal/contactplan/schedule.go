package contactplan

import (
	"fmt"
	"slices"
	"time"
)

// A Schedule is the calendar of a plan before the study opens.
type Schedule struct {
	Rows     []Planned // by path and region as given, then in the order of the plan
	Warnings []string  // what the maker of the plan may not have meant, in Dutch
}

// A Planned step is where a step falls for units of some regions that are in the
// study from the first day.
type Planned struct {
	Path    Path
	Regions Regions
	Step    Step
	Day     Day      // on which the plan has it, by the invitation of these units
	Falls   Day      // on which it falls
	Why     []string // why it moved; empty if it did not
	Lapses  bool     // it falls after closing and will not be done
}

// A Path is whom steps are for: a plan may ask different audiences on different
// days, or those who began. The zero Path meets every step.
type Path struct {
	Audience string
	Stage    Stage
}

// String names the path: "gemeente, begonnen".
func (p Path) String() string {
	if p.Audience != "" && p.Stage != AnyStage {
		return p.Audience + ", " + string(p.Stage)
	}
	return p.Audience + string(p.Stage)
}

// meets reports whether a step is for who is on the path.
func (s Step) meets(p Path) bool {
	return (p.Audience == "" || len(s.Audiences) == 0 || slices.Contains(s.Audiences, p.Audience)) &&
		(p.Stage == AnyStage || s.Stage == AnyStage || s.Stage == p.Stage)
}

// paths returns the ways through a plan, as few as there are.
func (p Plan) paths(audiences []string) []Path {
	split, staged := false, false
	for _, s := range p.Steps {
		split = split || len(s.Audiences) > 0
		staged = staged || s.Stage != AnyStage
	}
	stages := []Stage{AnyStage}
	if staged {
		stages = []Stage{NotStarted, Begun}
	}
	if !split || len(audiences) == 0 {
		audiences = []string{""}
	}
	var out []Path
	for _, a := range audiences {
		for _, stage := range stages {
			out = append(out, Path{a, stage})
		}
	}
	return out
}

// Schedule works out on which day each step falls for each set of regions, when
// everything goes on its own day and everybody is reached by telephone. Audiences
// are those of the study; they matter where the plan tells them apart.
func (f Field) Schedule(regions []Regions, audiences []string) Schedule {
	var s Schedule
	for _, p := range f.Plan.paths(audiences) {
		for _, r := range regions {
			s.Rows = append(s.Rows, f.planned(p, r)...)
		}
	}
	s.Warnings = append(f.warnings(regions), rowWarnings(s.Rows, f)...)
	return s
}

// planned plays the plan for units of one set of regions: each time the step
// that Due would choose.
func (f Field) planned(p Path, r Regions) []Planned {
	if len(f.Plan.Steps) == 0 {
		return nil
	}
	u := Unit{Regions: r, Contacts: []Contact{{ID: 1, Mail: true, Post: true, Phone: true}}}
	steps := slices.DeleteFunc(slices.Clone(f.Plan.Steps), func(s Step) bool { return !s.meets(p) })
	rows := make([]Planned, len(steps))
	var h history
	start := f.firstDay(u)
	for done := range rows {
		at, next := 0, candidate{}
		for i, s := range steps {
			if rows[i].Step.ID != "" || done == 0 && i > 0 {
				continue
			}
			if c := f.candidate(s, u.recipient(s.Channel), start, u, h); next.step.ID == "" || c.before(next) {
				at, next = i, c
			}
		}
		s := next.step
		row := Planned{Path: p, Regions: r, Step: s, Day: start + Day(s.Offset), Falls: DayOf(next.from), Why: f.why(next, r), Lapses: !next.from.Before(f.Closes)}
		rows[at] = row
		if done == 0 {
			start = row.Falls
		}
		h.touches = append(h.touches, Touch{Step: s.ID, Channel: s.Channel, At: next.from, State: Sent, Reached: true})
	}
	return rows
}

// before reports whether c goes before another candidate: what is written comes
// before a call.
func (c candidate) before(other candidate) bool {
	return c.from.Before(other.from) || c.from.Equal(other.from) && other.step.Channel == Phone
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
		last := !slices.ContainsFunc(rows, func(r Planned) bool {
			return r.Path == row.Path && r.Regions == row.Regions && !r.Lapses && r.Falls > row.Falls
		})
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
