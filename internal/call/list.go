package call

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/representativity"
)

// An Appointment is when somebody asked to be called again. It stands until
// somebody is reached.
type Appointment struct {
	At     time.Time
	Missed int       // calls since that reached nobody
	Last   time.Time // of those, the latest
}

// A Turn is a unit that is to be called.
type Turn struct {
	Unit        int64
	Step        string // of the ladder; "" for an appointment outside it
	Contact     int64  // whom to call first; 0 where the unit has no number
	Appointment time.Time
	Why         string // the place in the order, in a sentence
}

// most is how often an appointment is tried, where the plan does not say.
const most = 3

// Due says whether a unit is to be called at now: its ladder says so, or an
// appointment has come. An appointment that was missed is tried again on a later
// day; while one stands, the ladder does not ask for a call.
func Due(f contactplan.Field, u contactplan.Unit, a *Appointment, now time.Time) (Turn, bool) {
	d := f.Due(u, now)
	if a == nil {
		return Turn{Unit: u.ID, Step: d.Step.ID, Contact: d.Contact}, d.Due && d.Channel == contactplan.Phone
	}
	may := disposition.MayApproach(disposition.Facts{Unit: u.ID, Events: u.Events}, disposition.Rules{}, time.Time{})
	limit := cmp.Or(f.Plan.Calls, most)
	missed := a.Missed > 0 && (a.Missed >= limit || contactplan.DayOf(a.Last) >= contactplan.DayOf(now))
	if !may.Allowed || u.Excluded != "" || a.At.After(now) || !now.Before(f.Closes) || missed {
		return Turn{}, false
	}
	t := Turn{Unit: u.ID, Appointment: a.At}
	for _, s := range f.Plan.Steps {
		if s.Channel == contactplan.Phone {
			t.Step = s.ID
		}
	}
	return t, true
}

// A Place is where a unit stands in the population of its audience.
type Place struct {
	Unit int64
	Code string
	Cell int // of the population; -1 where it is in none
}

// Order puts turns in the order in which to call them: appointments that have
// come first, by their time; then what one more answer would gain for
// representativity, audience after audience in turns so that none waits for the
// other. why explains the cells of each audience.
func Order(turns []Turn, populations []Population) []Turn {
	at := map[int64]Turn{}
	var out []Turn
	for _, t := range turns {
		if t.Appointment.IsZero() {
			at[t.Unit] = t
			continue
		}
		t.Why = "Afspraak."
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b Turn) int { return cmp.Or(a.Appointment.Compare(b.Appointment), cmp.Compare(a.Unit, b.Unit)) })
	var rows [][]Turn
	for _, p := range populations {
		rows = append(rows, p.order(at))
	}
	for i := 0; ; i++ {
		more := false
		for _, row := range rows {
			if i < len(row) {
				out, more = append(out, row[i]), true
			}
		}
		if !more {
			return out
		}
	}
}

// A Group is the units of an audience that share the values of its strata.
type Group struct {
	Values    []string
	Units     int
	Responded int
}

// A Known is a unit with its values of the same strata.
type Known struct {
	Unit   int64
	Code   string
	Values []string
}

// NewPopulation puts the groups of an audience into cells. Strata are the names
// of what the values are of.
func NewPopulation(strata []string, groups []Group, units []Known) Population {
	p := Population{}
	at := make([]map[string]int, len(strata))
	for k, name := range strata {
		c := representativity.Characteristic{Name: name}
		at[k] = map[string]int{}
		for _, g := range groups {
			if _, ok := at[k][g.Values[k]]; !ok {
				at[k][g.Values[k]] = len(c.Categories)
				c.Categories = append(c.Categories, representativity.Category{Label: cmp.Or(g.Values[k], "onbekend")})
			}
		}
		p.Characteristics = append(p.Characteristics, c)
	}
	cells := map[string]int{}
	for i, g := range groups {
		cells[strings.Join(g.Values, "\x00")] = i
		cell := representativity.Cell{Population: g.Units, Responded: g.Responded}
		for k, v := range g.Values {
			cell.Categories = append(cell.Categories, at[k][v])
		}
		p.Cells = append(p.Cells, cell)
	}
	for _, u := range units {
		cell, ok := cells[strings.Join(u.Values, "\x00")]
		if !ok {
			cell = -1
		}
		p.Units = append(p.Units, Place{u.Unit, u.Code, cell})
	}
	return p
}

// A Population is an audience: who responded, and where its units stand.
type Population struct {
	representativity.Population
	Units []Place
}

// order is the turns of one audience, in order.
func (p Population) order(at map[int64]Turn) []Turn {
	var candidates []representativity.Candidate
	units := map[string]Place{}
	for _, u := range p.Units {
		if _, due := at[u.Unit]; due {
			candidates = append(candidates, representativity.Candidate{Code: u.Code, Cell: u.Cell})
			units[u.Code] = u
		}
	}
	why := map[int]string{}
	for _, c := range representativity.Call(p.Population) {
		why[c.Cell] = c.Why
	}
	var out []Turn
	for _, c := range representativity.Order(p.Population, candidates) {
		t := at[units[c.Code].Unit]
		t.Why = why[c.Cell]
		out = append(out, t)
	}
	return out
}
