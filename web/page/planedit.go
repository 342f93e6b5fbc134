package page

import (
	"fmt"
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/web/ui"
)

// A PlanEdit page changes the ladder, days and hours of a study. What was typed
// stands in it as it was typed.
type PlanEdit struct {
	Staff
	Form      PlanForm
	Audiences []Choice // of the study; empty where there is one
	Kinds     []Choice // of steps: how and with which text
	Released  bool     // a change needs a reason
	Running   bool     // messages go by themselves
	Message   string   // what was just done with the form
	Problems  []ui.Message
	Preview   *PlanPreview // what the form would change; nil before somebody asked
	Months    []contactplan.Month
	Warnings  []string
}

// A PlanForm is what is posted.
type PlanForm struct {
	Version, Restores string // of the plan that is changed, and that is put back
	Steps             []PlanFormStep
	From, Until       string // 9.00
	GoodFriday        bool   // we send on Good Friday
	Liberation        string
	Schools           []string // regions whose school holidays are kept free
	Closures          []PlanFormClosure
	Gap, Calls        string
	Reason            string
	Seen              string // what the preview was of
}

// A PlanFormStep is one step as typed.
type PlanFormStep struct {
	ID, Title, Day string
	Kind           string // mail:herinnering1
	Audiences      []string
	Stage          string
	Weekdays       []string // 1 is Monday
	From, Until    string
	Had            int // units that had it: it stays as it is
}

// A PlanFormClosure is a row of days on which nothing goes.
type PlanFormClosure struct{ Name, From, To string }

// A PlanPreview says what a form would change.
type PlanPreview struct {
	Changes []string
	Effects []PlanEffect
	Units   int // that were played
}

// A PlanEffect is what becomes of one step.
type PlanEffect struct {
	Title                       string
	Before, After               string // the day for most units; "" where there is none
	Moved, Added, Dropped, Kept int
}

// A PlanHistory lists the versions of a plan, newest first.
type PlanHistory struct {
	Staff
	MayEdit  bool
	Versions []PlanVersion
}

// A PlanVersion is one change of the plan.
type PlanVersion struct {
	Version  int
	When     time.Time
	Who      string
	Reason   string
	Restores string // "versie 2", "" where nothing was put back
	Changes  []string
	Now      bool // it is the plan of today
}

// Paths of the plan, below PlanPath.
const (
	PlanEditPath    = "/wijzigen"
	PlanHistoryPath = "/geschiedenis"
)

func (p PlanEdit) problem(field string) string {
	i := slices.IndexFunc(p.Problems, func(m ui.Message) bool { return m.Field == field })
	if i < 0 {
		return ""
	}
	return p.Problems[i].Text
}

// own reports whether a step has settings beyond the ordinary ones, or a fault in
// them: then they are open.
func (p PlanEdit) own(s PlanFormStep) bool {
	return len(s.Audiences) > 0 || s.Stage != "" || len(s.Weekdays) > 0 || s.From != "" || s.Until != "" ||
		p.problem("doelgroep-"+s.ID) != "" || p.problem("van-"+s.ID) != ""
}

func (p PlanEdit) kinds(s PlanFormStep) []ui.SelectOption {
	out := make([]ui.SelectOption, 0, len(p.Kinds))
	for _, k := range p.Kinds {
		out = append(out, ui.SelectOption{Value: k.Value, Label: k.Label, Selected: k.Value == s.Kind})
	}
	return out
}

func (p PlanEdit) kindLabel(s PlanFormStep) string {
	i := slices.IndexFunc(p.Kinds, func(k Choice) bool { return k.Value == s.Kind })
	if i < 0 {
		return s.Kind
	}
	return p.Kinds[i].Label
}

func options(value string, pairs ...string) []ui.SelectOption {
	var out []ui.SelectOption
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, ui.SelectOption{Value: pairs[i], Label: pairs[i+1], Selected: pairs[i] == value})
	}
	return out
}

var planWeekdays = []string{"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"}

func checks(id, name string, labels, values, chosen []string) []ui.Control {
	var out []ui.Control
	for i, l := range labels {
		out = append(out, ui.Control{ID: fmt.Sprintf("%s-%d", id, i), Name: name, Value: values[i], Label: l, Multiple: true, Checked: slices.Contains(chosen, values[i])})
	}
	return out
}

func weekdayChecks(s PlanFormStep) []ui.Control {
	return checks("dagen-"+s.ID, "dagen-"+s.ID, planWeekdays, []string{"1", "2", "3", "4", "5"}, s.Weekdays)
}

func (p PlanEdit) audienceChecks(s PlanFormStep) []ui.Control {
	var labels, values []string
	for _, a := range p.Audiences {
		labels, values = append(labels, a.Label), append(values, a.Value)
	}
	return checks("doelgroep-"+s.ID, "doelgroep-"+s.ID, labels, values, s.Audiences)
}

func schoolChecks(chosen []string) []ui.Control {
	regions := []string{"Noord", "Midden", "Zuid"}
	return checks("school", "school", regions, regions, chosen)
}

// cellClass is how a day of the calendar looks.
func cellClass(c contactplan.Cell) string {
	switch {
	case !c.In:
		return "out"
	case len(c.Steps) > 0 || c.Opens || c.Closes:
		if c.Closed != "" {
			return fieldClass(c) + " shut has"
		}
		return fieldClass(c) + " has"
	case c.Closed == "weekend" && len(c.Vacations) == 0:
		return fieldClass(c) + " shut"
	case c.Closed != "":
		return fieldClass(c) + " shut says"
	case len(c.Vacations) > 0:
		return fieldClass(c) + " says"
	}
	return fieldClass(c)
}

func fieldClass(c contactplan.Cell) string {
	if c.Field {
		return "field-day"
	}
	return "off-day"
}

func dayNumber(d contactplan.Day) string {
	_, _, day := d.Date()
	return fmt.Sprint(day)
}

// sum says in one sentence what happens to the units.
func (p PlanPreview) sum() string {
	moved, added, dropped := 0, 0, 0
	for _, e := range p.Effects {
		moved, added, dropped = moved+e.Moved, added+e.Added, dropped+e.Dropped
	}
	if moved+added+dropped == 0 {
		return "Geen eenheid krijgt een bericht of gesprek op een andere dag."
	}
	return ui.Upper(ui.Count(moved, "bericht of gesprek komt", "berichten en gesprekken komen")) + " op een andere dag, " +
		ui.Int(added) + " komen erbij en " + ui.Int(dropped) + " vervallen."
}

// first reports whether s is the invitation.
func (s PlanFormStep) first(f PlanForm) bool { return len(f.Steps) > 0 && f.Steps[0].ID == s.ID }

func (p PlanEdit) reasonLabel() string {
	if p.Released {
		return "Waarom wijzigt u het plan?"
	}
	return "Waarom wijzigt u het plan? (mag leeg blijven)"
}

func (v PlanVersion) title() string {
	switch {
	case v.Version == 0:
		return "Zoals het onderzoek begon"
	case v.Restores != "":
		return fmt.Sprintf("Versie %d: %s teruggezet", v.Version, v.Restores)
	}
	return fmt.Sprintf("Versie %d", v.Version)
}

func (v PlanVersion) byline() string {
	if v.Who == "" {
		return whenFull(v.When)
	}
	return whenFull(v.When) + ", door " + v.Who
}
