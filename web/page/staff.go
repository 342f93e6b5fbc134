package page

import (
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

// shape is the shape of the tag of a state.
func (s UnitState) shape() string {
	switch s {
	case StateDone, StateCovered:
		return "done"
	case StateBusy, StatePartial:
		return "busy"
	case StateRefused:
		return "stop"
	case StateBounced:
		return "warn"
	}
	return ""
}

// period says when a study can be filled in.
func (s StaffStudy) period() string {
	return ui.DayMonthYear(s.Opens) + " tot en met " + ui.DayMonthYear(s.Closes.Add(-time.Second))
}

// alarms says when emergency access was made.
func (p StudyList) alarms() string {
	var at []string
	for _, t := range p.Alarms {
		at = append(at, "op "+ui.DayMonthYear(t)+" om "+ui.Clock(t))
	}
	return "Op de server is een noodlink voor een beheerder gemaakt " + strings.Join(at, ", en ") + ". Weet u daar niet van? Neem dan meteen contact op met wie de server beheert."
}

// standing is the study and where it is.
func (s Staff) standing() string {
	if s.State == "" {
		return s.Study
	}
	return s.Study + " · " + s.State
}

// ofAll is "van 151 · 45% · sinds gisteren +6".
func (a AudienceToday) ofAll() string {
	text := "van " + ui.Int(a.N)
	if a.N > 0 {
		text += " · " + ui.Percent(a.Done, a.N)
	}
	if a.SinceDay > 0 {
		text += " · sinds gisteren +" + ui.Int(a.SinceDay)
	}
	return text
}

// summary counts the units of the audience by state.
func (p Units) summary() string {
	parts := []string{ui.Int(p.N) + " in dit onderzoek"}
	for _, c := range p.Counts {
		if c.N > 0 {
			parts = append(parts, ui.Int(c.N)+" "+strings.ToLower(string(c.State)))
		}
	}
	return strings.Join(parts, " · ")
}

func (p Units) nothing() string {
	if p.N == 0 {
		return "Er zijn nog geen eenheden. Lees eerst een bestand in."
	}
	return "Geen eenheid past bij deze keuze. Kies minder filters of zoek op iets anders."
}

func selectOptions(choices []Choice) []ui.SelectOption {
	out := make([]ui.SelectOption, len(choices))
	for i, c := range choices {
		out[i] = ui.SelectOption(c)
	}
	return out
}

// label is the head of a column, for rows that are drawn as cards.
func label(heads []string, i int) string {
	if i >= len(heads) {
		return ""
	}
	return heads[i] + ":"
}

// A Shortcut leads somewhere after the key g.
type Shortcut struct{ Key, Text, Path string }

// shortcuts are those of the pages that who looks may see.
func (s Staff) shortcuts() []Shortcut {
	var out []Shortcut
	add := func(may bool, key, text, path string) {
		if may {
			out = append(out, Shortcut{key, text, s.Base + path})
		}
	}
	add(true, "v", "Vandaag", "")
	add(s.Calls, "b", "Bellen", CallsPath)
	add(s.Mail, "m", "Berichten", PostPath)
	add(s.Units, "e", "Eenheden", UnitsPath)
	add(s.Tables, "t", "Tabellen", BookPath)
	add(s.Data, "d", "Gegevens", DataPath)
	add(s.Plan, "p", "Plan", PlanPath)
	add(s.Plan, "w", "Teksten", WordingPath)
	add(s.Setup, "o", "Onderzoek", SetupPath)
	return out
}
