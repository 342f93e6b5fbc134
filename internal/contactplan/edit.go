package contactplan

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// A Revision is what can be changed of the fieldwork of a study: the ladder, and
// the days and hours.
type Revision struct {
	Plan     Plan
	Calendar Settings
}

// An Edit is one revision in place of another, with all that is needed to judge
// it. Field is the study as it is in the field: its period and release.
type Edit struct {
	Field     Field
	Old, New  Revision
	Had       map[string]int // by id of a step: units that had it, or for which it waits
	Audiences []string       // of the study
	Core      []string       // of those, the ones whose questionnaire has core questions
	Regions   []Regions      // of the units
	Now       time.Time
}

// A Fault is something in a revision that must be mended. Step is the id of a
// step, or "" for the plan as a whole; Part says what of it.
type Fault struct {
	Step, Part string
	Text       string
}

// The parts of a plan that may have a fault.
const (
	PartSteps    = "stappen"
	PartTitle    = "titel"
	PartDay      = "dag"
	PartChannel  = "kanaal"
	PartAudience = "doelgroep"
	PartTemplate = "tekst"
	PartHours    = "uren"
	PartGap      = "rust"
	PartCalls    = "pogingen"
	PartClosures = "dicht" // with the place of the closure from 0: "dicht-1"
)

// KernvragenText is the id of the texts of a step that asks for the core
// questions only.
const KernvragenText = "kernvragen"

// Limits of a plan. Two messages are at least minGap working days apart
// (standards W3).
const (
	minGap   = 3
	maxGap   = 15
	maxCalls = 10
	maxDay   = 365
	maxTitle = 60
	// MaxSteps is how many steps a plan may have.
	MaxSteps = 20
	// MaxClosures is how many rows of days of one's own.
	MaxClosures = 40
)

// with returns the field by a revision.
func (e Edit) with(r Revision) Field {
	f := e.Field
	f.Plan, f.Calendar = r.Plan, NewCalendar(r.Calendar)
	return f
}

// Faults says what must be mended in the new revision before it can be kept, in
// Dutch. What nobody changed is let be, also where a warning stands beside it.
func (e Edit) Faults() []Fault {
	faults := append(e.New.Plan.check(e.Audiences, e.Core), e.New.Calendar.Check()...)
	if len(faults) == 0 {
		faults = e.locked()
	}
	if len(faults) == 0 {
		faults = append(e.period(), e.rests()...)
	}
	return faults
}

// check says what is wrong with a plan in itself.
func (p Plan) check(audiences, core []string) []Fault {
	var faults []Fault
	add := func(step, part, format string, args ...any) {
		faults = append(faults, Fault{step, part, fmt.Sprintf(format, args...)})
	}
	if len(p.Steps) == 0 {
		return []Fault{{"", PartSteps, "Het contactplan heeft geen stappen."}}
	}
	if len(p.Steps) > MaxSteps {
		add("", PartSteps, "Een plan heeft hooguit %d stappen.", MaxSteps)
	}
	if first := p.Steps[0]; first.Offset != 0 || first.Channel == Phone || first.Stage != AnyStage || len(first.Audiences) > 0 {
		add(first.ID, PartDay, "De eerste stap is de uitnodiging: op dag 0, schriftelijk en voor iedereen.")
	}
	if p.Gap != 0 && (p.Gap < minGap || p.Gap > maxGap) {
		add("", PartGap, "Kies een aantal werkdagen van %d tot en met %d.", minGap, maxGap)
	}
	if p.Calls < 0 || p.Calls > maxCalls {
		add("", PartCalls, "Kies een aantal van 1 tot en met %d.", maxCalls)
	}
	for i, s := range p.Steps {
		faults = append(faults, p.checkStep(i, s, audiences, core)...)
	}
	return faults
}

func (p Plan) checkStep(i int, s Step, audiences, core []string) []Fault {
	var faults []Fault
	add := func(part, format string, args ...any) {
		faults = append(faults, Fault{s.ID, part, fmt.Sprintf(format, args...)})
	}
	same := func(have func(Step) bool) bool { return slices.ContainsFunc(p.Steps[:i], have) }
	switch {
	case s.ID == "" || clean(s.ID) != s.ID || same(func(o Step) bool { return o.ID == s.ID }):
		add(PartTitle, "Stap %d heeft geen eigen naam.", i+1)
	case clean(s.Title) != s.Title || s.Title == "" || len([]rune(s.Title)) > maxTitle:
		add(PartTitle, "Geef de stap een naam van hooguit %d tekens.", maxTitle)
	case same(func(o Step) bool { return strings.EqualFold(o.Title, s.Title) }):
		add(PartTitle, "Er is al een stap ‘%s’. Kies een andere naam.", s.Title)
	}
	if s.Channel != Mail && s.Channel != Letter && s.Channel != Phone {
		add(PartChannel, "Kies e-mail, brief of telefoon.")
	} else if _, ok := Text(s.Template, s.Channel); !ok {
		add(PartTemplate, "Van de tekst ‘%s’ is er geen versie voor %s.", s.Template, s.Channel.Title())
	}
	if s.Offset < 0 || s.Offset > maxDay {
		add(PartDay, "Kies een dag van 0 tot en met %d.", maxDay)
	}
	for _, o := range p.Steps[:i] {
		if s.Offset <= o.Offset && s.Offset >= 0 && s.together(o) {
			add(PartDay, "Deze stap moet later zijn dan ‘%s’: kies dag %d of later.", o.Title, o.Offset+1)
			break
		}
	}
	for _, a := range s.Audiences {
		if !slices.Contains(audiences, a) {
			add(PartAudience, "De doelgroep ‘%s’ is er niet in dit onderzoek.", a)
		}
	}
	if s.Template == KernvragenText && !slices.ContainsFunc(audiences, func(a string) bool { return s.meets(Path{Audience: a}) && slices.Contains(core, a) }) {
		add(PartAudience, "De vragenlijst van deze doelgroep heeft geen kernvragen.")
	}
	if !within(s.From, s.Until) {
		add(PartHours, hoursWrong)
	}
	if s.Days>>(time.Friday+1) != 0 || s.Days&(1<<time.Sunday) != 0 {
		add(PartHours, "Kies dagen van maandag tot en met vrijdag.")
	}
	return faults
}

// together reports whether one unit may get both steps.
func (s Step) together(o Step) bool {
	if s.Stage != AnyStage && o.Stage != AnyStage && s.Stage != o.Stage {
		return false
	}
	return len(s.Audiences) == 0 || len(o.Audiences) == 0 ||
		slices.ContainsFunc(s.Audiences, func(a string) bool { return slices.Contains(o.Audiences, a) })
}

// locked says which steps may not change any more: somebody had them.
func (e Edit) locked() []Fault {
	var faults []Fault
	for i, old := range e.Old.Plan.Steps {
		if e.Had[old.ID] == 0 {
			continue
		}
		now, ok := e.New.Plan.Step(old.ID)
		switch {
		case !ok:
			faults = append(faults, Fault{"", PartSteps, fmt.Sprintf("‘%s’ kan niet weg: %d eenheden hebben deze stap al gehad.", old.Title, e.Had[old.ID])})
		case !reflect.DeepEqual(now, old), i == 0 && e.New.Plan.Steps[0].ID != old.ID:
			faults = append(faults, Fault{old.ID, PartTitle, fmt.Sprintf("%d eenheden hebben deze stap al gehad. Daarom verandert hij niet meer.", e.Had[old.ID])})
		}
	}
	return faults
}

// changed reports whether a step is new or another than it was.
func (e Edit) changed(s Step) bool {
	old, ok := e.Old.Plan.Step(s.ID)
	return !ok || !reflect.DeepEqual(old, s)
}

// period looks whether changed steps fall where people can still answer, and not
// on a day that has been.
func (e Edit) period() []Fault {
	f := e.with(e.New)
	closing := DayOf(f.Closes.Add(-time.Second))
	first := f.firstDay(Unit{})
	var faults []Fault
	said := map[string]bool{}
	for _, row := range f.Schedule(e.regions(), e.Audiences).Rows {
		s := row.Step
		if said[s.ID] || !e.changed(s) {
			continue
		}
		where := ""
		if row.Regions != 0 {
			where = " in regio " + row.Regions.String()
		}
		text := ""
		switch today := DayOf(e.Now); {
		case !f.Released.IsZero() && e.Now.After(f.Opens) && s.Offset > 0 && first+Day(s.Offset) <= today:
			text = fmt.Sprintf("Deze dag is voor de meeste eenheden al voorbij; de stap zou meteen gaan. Kies dag %d of later.", today-first+1)
		case row.Lapses:
			text = fmt.Sprintf("Deze stap valt%s na het sluiten, op %s. Kies een eerdere dag.", where, row.Falls.Short())
		case row.Falls == closing:
			text = fmt.Sprintf("Deze stap valt%s op de dag van het sluiten. Kies een eerdere dag, zodat mensen nog kunnen antwoorden.", where)
		default:
			continue
		}
		said[s.ID] = true
		faults = append(faults, Fault{s.ID, PartDay, text})
	}
	return faults
}

// rests looks whether changed steps leave people in peace after the step before
// (standards W3). The worker does so anyway; the plan then says another day than
// the one on which the step goes.
func (e Edit) rests() []Fault {
	f := e.with(e.New)
	var faults []Fault
	for _, p := range f.Plan.paths(e.Audiences) {
		rows := f.planned(p, 0)
		for i := 1; i < len(rows); i++ {
			before, row := rows[i-1], rows[i]
			if !e.changed(row.Step) && !e.changed(before.Step) {
				continue
			}
			rested := f.Calendar.AddWorking(before.Falls, f.Plan.gap())
			if day := f.Calendar.For(row.Step).NextOpen(row.Day, 0); day < rested {
				fault := Fault{row.Step.ID, PartDay, fmt.Sprintf("Tussen ‘%s’ en deze stap zitten %d werkdagen; laat er %d tussen. Kies dag %d of later.",
					before.Step.Title, f.Calendar.Working(before.Falls, day), f.Plan.gap(), rested-row.Day+Day(row.Step.Offset))}
				if !slices.Contains(faults, fault) {
					faults = append(faults, fault)
				}
			}
		}
	}
	return faults
}

func (e Edit) regions() []Regions {
	if len(e.Regions) == 0 {
		return []Regions{0}
	}
	return e.Regions
}

// AsBefore returns r with defaults written as old has them, so that a form that
// was posted as it was shown changes nothing: a plan that leaves its gap, or its
// hours, to the default keeps doing so.
func (r Revision) AsBefore(old Revision) Revision {
	if old.Plan.Gap == 0 && r.Plan.Gap == old.Plan.gap() {
		r.Plan.Gap = 0
	}
	if old.Plan.Calls == 0 && r.Plan.Calls == old.Plan.calls() {
		r.Plan.Calls = 0
	}
	a, b := NewCalendarWith(old.Calendar, nil).settings, NewCalendarWith(r.Calendar, nil).settings
	if a.From == b.From && a.Until == b.Until {
		r.Calendar.From, r.Calendar.Until = old.Calendar.From, old.Calendar.Until
	}
	return r
}
