package contactplan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// An Effect is what an edit does to one step of the ladder of units.
type Effect struct {
	Step                  Step // as in the new plan, or the old one where it goes
	Moved, Added, Dropped int  // units: another day, a step more, a step less
	Kept                  int  // units for which it stays as it was
	From, To              Day  // the day before and after of most units that move; 0 where there is none
}

// Effects plays both revisions for units as they are now, and says what becomes
// different, in the order of the new plan and then of steps that go. What went
// already is no part of it.
func (e Edit) Effects(units []Unit) []Effect {
	before, after := e.with(e.Old), e.with(e.New)
	t := tally{now: e.Now, at: map[string]*count{}}
	for _, u := range units {
		t.add(before.Ahead(u, e.Now), after.Ahead(u, e.Now))
	}
	var out []Effect
	for _, s := range slices.Concat(e.New.Plan.Steps, e.Old.Plan.Steps) {
		c, ok := t.at[s.ID]
		if !ok {
			continue
		}
		delete(t.at, s.ID)
		c.Step, c.From, c.To = s, most(c.from), most(c.to)
		out = append(out, c.Effect)
	}
	return out
}

// Differs reports whether units notice the edit at this step.
func (e Effect) Differs() bool { return e.Moved+e.Added+e.Dropped > 0 }

type count struct {
	Effect
	from, to map[Day]int
}

type tally struct {
	now time.Time
	at  map[string]*count
}

func (t *tally) of(step string) *count {
	if t.at[step] == nil {
		t.at[step] = &count{from: map[Day]int{}, to: map[Day]int{}}
	}
	return t.at[step]
}

func (t *tally) add(before, after []Planned) {
	was := map[string]Day{}
	for _, row := range before {
		was[row.Step.ID] = row.Falls
	}
	for _, row := range after {
		c := t.of(row.Step.ID)
		switch day, had := was[row.Step.ID]; {
		case !had:
			c.Added++
			c.to[row.Falls]++
		case day != row.Falls:
			c.Moved++
			c.from[day]++
			c.to[row.Falls]++
		default:
			c.Kept++
		}
		delete(was, row.Step.ID)
	}
	for step, day := range was {
		c := t.of(step)
		c.Dropped++
		c.from[day]++
	}
}

// most returns the day that has the most, the earliest of equals; 0 without any.
func most(n map[Day]int) Day {
	days := slices.SortedFunc(maps.Keys(n), func(a, b Day) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	if len(days) == 0 {
		return 0
	}
	return days[0]
}

// Ahead plays what is still to come for a unit from now on, when everything goes
// on its own day, every call is answered and the unit stays silent. What falls
// after closing, or can reach nobody, is left out.
func (f Field) Ahead(u Unit, now time.Time) []Planned {
	if len(f.Plan.Steps) == 0 || f.over(u, now) != "" {
		return nil
	}
	u.Touches = slices.Clone(u.Touches)
	var out []Planned
	for len(out) < len(f.Plan.Steps) {
		var next candidate
		for _, c := range f.openSteps(u, u.history(f.Plan)) {
			if c.from.Before(now) {
				c.from = f.Calendar.For(c.step).NextMoment(now, u.Regions)
			}
			if c.to.why == "" && c.from.Before(f.Closes) && (next.step.ID == "" || c.before(next)) {
				next = c
			}
		}
		if next.step.ID == "" {
			return out
		}
		out = append(out, Planned{Regions: u.Regions, Step: next.step, Day: next.planned, Falls: DayOf(next.from), Why: f.why(next, u.Regions)})
		u.Touches = append(u.Touches, Touch{Step: next.step.ID, Channel: next.step.Channel, Contact: next.to.contact, At: next.from, State: Sent, Reached: true})
	}
	return out
}

// Changes says in Dutch what is different in the new revision, a sentence each.
func (e Edit) Changes() []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, s := range e.New.Plan.Steps {
		old, ok := e.Old.Plan.Step(s.ID)
		if !ok {
			add("Nieuwe stap: %s, dag %d, %s.", s.Title, s.Offset, s.Channel.Title())
			continue
		}
		for _, d := range old.differences(s) {
			add("%s: %s.", s.Title, d)
		}
	}
	for _, s := range e.Old.Plan.Steps {
		if _, ok := e.New.Plan.Step(s.ID); !ok {
			add("Stap weg: %s.", s.Title)
		}
	}
	if a, b := e.Old.Plan.gap(), e.New.Plan.gap(); a != b {
		add("Rust na een bericht of gesprek: van %d naar %d werkdagen.", a, b)
	}
	if a, b := e.Old.Plan.calls(), e.New.Plan.calls(); a != b {
		add("Belpogingen: van %d naar %d.", a, b)
	}
	return append(out, e.Old.Calendar.differences(e.New.Calendar)...)
}

// differences says what is other in a step.
func (s Step) differences(o Step) []string {
	var out []string
	add := func(what, a, b string) {
		if a != b {
			out = append(out, fmt.Sprintf("%s van %s naar %s", what, a, b))
		}
	}
	add("naam", "‘"+s.Title+"’", "‘"+o.Title+"’")
	add("dag", fmt.Sprint(s.Offset), fmt.Sprint(o.Offset))
	add("hoe", s.Channel.Title(), o.Channel.Title())
	add("voor", cmp.Or(enumerate(s.Audiences), "iedereen"), cmp.Or(enumerate(o.Audiences), "iedereen"))
	add("wie", cmp.Or(string(s.Stage), "allemaal"), cmp.Or(string(o.Stage), "allemaal"))
	add("tekst", s.Template, o.Template)
	add("dagen", cmp.Or(s.Days.String(), "alle werkdagen"), cmp.Or(o.Days.String(), "alle werkdagen"))
	add("uren", hours(s.From, s.Until), hours(o.From, o.Until))
	return out
}

// hours writes sending hours: "9.00–17.00".
func hours(from, until int) string {
	if until <= 0 {
		return "de gewone uren"
	}
	return fmt.Sprintf("%d.%02d–%d.%02d", from/60, from%60, until/60, until%60)
}

// differences says what is other in the days and hours, a sentence each.
func (s Settings) differences(o Settings) []string {
	var out []string
	if a, b := hours(s.From, s.Until), hours(o.From, o.Until); a != b {
		out = append(out, fmt.Sprintf("Verzendtijden: van %s naar %s.", a, b))
	}
	if s.GoodFridayOpen != o.GoodFridayOpen {
		out = append(out, "Goede Vrijdag: "+map[bool]string{true: "wel", false: "niet"}[o.GoodFridayOpen]+" versturen.")
	}
	if s.LiberationDay != o.LiberationDay {
		out = append(out, "Bevrijdingsdag: vrij "+cmp.Or(o.LiberationDay, "om de vijf jaar")+".")
	}
	if s.SchoolOpen != o.SchoolOpen {
		out = append(out, "Schoolvakanties tellen niet in regio: "+cmp.Or(o.SchoolOpen.String(), "geen")+".")
	}
	for _, c := range o.Extra {
		if !slices.Contains(s.Extra, c) {
			out = append(out, "Dicht: "+c.String()+".")
		}
	}
	for _, c := range s.Extra {
		if !slices.Contains(o.Extra, c) {
			out = append(out, "Niet meer dicht: "+c.String()+".")
		}
	}
	return out
}

// String writes a closure: "kerstsluiting, 28 tot en met 31 december".
func (c Closure) String() string {
	if c.From == c.To {
		return c.Name + ", " + c.From.Long()
	}
	return strings.Join([]string{c.Name, ", ", c.From.Long(), " tot en met ", c.To.Long()}, "")
}

// Had counts the units that had each step of a plan, or for which it waits. It
// reads histories that came from elsewhere too.
func (p Plan) Had(units []Unit) map[string]int {
	had := map[string]int{}
	if len(p.Steps) == 0 {
		return had
	}
	for _, u := range units {
		seen := map[string]bool{}
		for _, t := range u.history(p).touches {
			if t.Step != "" && !seen[t.Step] {
				seen[t.Step] = true
				had[t.Step]++
			}
		}
	}
	return had
}
