// Package standing adds up where the units of a study stand at a moment: per
// audience what came of them, on which day they answered, how the response
// compares with the population, what may be expected, and who asks for
// attention. Units come in one at a time and are not kept, so that a large
// register needs little memory.
//
// It must never know SQL, an answer to a question, or who is behind a unit: it
// has the code of a unit, and its background.
package standing

import (
	"cmp"
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/forecast"
	"github.com/uitvraag/uitvraag/internal/representativity"
	"github.com/uitvraag/uitvraag/internal/sample"
)

// A Unit is what must be known of one unit.
type Unit struct {
	Facts      disposition.Facts
	Code       string
	Background map[string]string
	Page       string // the last page posted of a questionnaire that was not sent
	Claimed    bool   // another says to answer for it, and nobody has confirmed it
	Proxy      bool   // another's questionnaire counts for it
	Bounced    bool   // one of its addresses does not work, and it has no other
}

// A Period is the time of a study, and the characteristics that its audience was
// chosen by.
type Period struct {
	Opens, Closes time.Time
	Calendar      contactplan.Calendar // its working days; the zero one knows no weekend
	Rules         disposition.Rules
	Strata        []string // background columns
	Now           time.Time
}

// An Audience is the standing of one audience. Every count is in units unless it
// says otherwise.
type Audience struct {
	Period
	N              int
	Done           int // answered, itself or through another
	Yesterday      int // of these in the 24 hours before
	Busy           int // began, and did not send
	Questionnaires int // sent by those who answered themselves
	Outcomes       []disposition.Outcome
	ByDay          map[time.Time]int // answers per day, midnight in Amsterdam
	Steps          map[time.Time]Step
	Reasons        []Reason // of refusals, by number
	Pages          []Page   // where unfinished questionnaires stand
	Bounced        []string // codes of open units that mail does not reach, at most most
	NBounced       int
	Claims         []string // codes of units that another says to answer for, at most most
	NClaims        int
	Open           int // that may still be approached
	Strata         []Stratum
	History        forecast.History
	Cells          representativity.Population
	LeftOut        []string                     // strata that Cells do without, to keep the groups large
	Candidates     []representativity.Candidate // open units
	days           calendar
	cells          map[string]int
	reasons, pages map[string]int
}

// Step counts what was sent and called on a day.
type Step struct{ Invited, Reminded, Letters, Calls int }

// A Reason is a coded reason of refusal with the number of units that gave it
// first. ID is "" where none was recorded.
type Reason struct {
	ID string
	N  int
}

// A Page is a page of a questionnaire that unfinished ones stopped at.
type Page struct {
	ID string
	N  int
}

// A Stratum is one characteristic with its counts, units outside the population
// left out. Those of which it is not known stand apart.
type Stratum struct {
	Column  string
	Values  []Value
	Unknown Value
}

// A Value is one category of a stratum.
type Value struct {
	Label         string
	N, Done, Busy int
}

// most is how many codes a list holds.
const most = 8

// New begins a standing with no units.
func New(p Period) *Audience {
	a := &Audience{Period: p, ByDay: map[time.Time]int{}, Steps: map[time.Time]Step{}, days: calendar{first: contactplan.DayOf(p.Opens), days: p.Calendar}, cells: map[string]int{}, reasons: map[string]int{}, pages: map[string]int{}}
	a.History.Today = a.days.working(earlier(p.Now, p.Closes))
	for _, column := range p.Strata {
		a.Strata = append(a.Strata, Stratum{Column: column})
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Add adds a unit.
func (a *Audience) Add(u Unit) {
	now := disposition.Of(u.Facts, a.Rules, a.Now)
	code, _ := disposition.Editions[0].Code(now.Outcome, disposition.CompleteFrame)
	at, done := answered(u, now, code.Class)
	a.N++
	a.Outcomes = append(a.Outcomes, now.Outcome)
	approach := disposition.MayApproach(u.Facts, a.Rules, a.Now)
	standing := event.Standing(u.Facts.Events)
	busy := !done && u.Facts.Own.Submission == disposition.Unsent && u.Facts.Own.Pages > 0 && code.Class != disposition.NE && approach.Allowed
	switch {
	case done:
		a.answer(u, at)
	case busy:
		a.Busy++
		a.pages[u.Page]++
	}
	if code.Class == disposition.R {
		a.refuse(now.Outcome, standing)
	}
	if approach.Allowed {
		a.open(u)
	}
	if u.Claimed {
		a.NClaims++
		a.Claims = few(a.Claims, u.Code)
	}
	a.touched(standing)
	if code.Class != disposition.NE {
		a.place(u, done, busy, approach.Allowed)
		a.live(standing, at, done, now.Since, approach.Allowed)
	}
}

// answered says whether a unit answered and when: its draft does not count while
// the study is open, however much is in it.
func answered(u Unit, now disposition.Standing, class disposition.Class) (time.Time, bool) {
	if class != disposition.I && class != disposition.P {
		return time.Time{}, false
	}
	at, ok := disposition.FirstAnswer(u.Facts.Events)
	if !ok {
		at = now.Since
	}
	return at, ok || now.Final || now.ByHand || u.Proxy
}

func (a *Audience) answer(u Unit, at time.Time) {
	a.Done++
	if !u.Proxy {
		a.Questionnaires++
	}
	if at.After(a.Now.AddDate(0, 0, -1)) {
		a.Yesterday++
	}
	a.ByDay[a.days.midnight(at)]++
}

// open counts a unit that may still be approached.
func (a *Audience) open(u Unit) {
	a.Open++
	if u.Bounced {
		a.NBounced++
		a.Bounced = few(a.Bounced, u.Code)
	}
}

func few(codes []string, code string) []string {
	if len(codes) >= most {
		return codes
	}
	return append(codes, code)
}

// refuse counts the reason of a refusal: that of the first event that gives one.
func (a *Audience) refuse(o disposition.Outcome, standing []event.Event) {
	if o != disposition.Refused && o != disposition.RefusedByOther {
		return
	}
	for _, e := range standing {
		if e.Kind == event.Refused || e.Kind == event.RefusedByOther {
			a.reasons[event.ReasonOf(e.Note)]++
			return
		}
	}
	a.reasons[""]++
}

// touched counts what was sent and called per day.
func (a *Audience) touched(standing []event.Event) {
	for _, e := range standing {
		kind := kindOf(e.Kind)
		if kind < 0 || e.Occurred.After(a.Now) {
			continue
		}
		day := a.days.midnight(e.Occurred)
		s := a.Steps[day]
		switch kind {
		case invited:
			s.Invited++
		case reminded:
			s.Reminded++
		case letter:
			s.Letters++
		case call:
			s.Calls++
		}
		a.Steps[day] = s
	}
}

const (
	invited = iota
	reminded
	letter
	call
)

func kindOf(k event.Kind) int {
	switch k {
	case event.Invited:
		return invited
	case event.Reminded:
		return reminded
	case event.LetterSent:
		return letter
	case event.CallNoAnswer, event.CallAppointment, event.Promised:
		return call
	}
	return -1
}

// place counts a unit in its strata and its cell.
func (a *Audience) place(u Unit, done, busy, open bool) {
	key := ""
	complete := true
	for i := range a.Strata {
		s := &a.Strata[i]
		label := u.Background[s.Column]
		v := &s.Unknown
		if label != "" {
			k := slices.IndexFunc(s.Values, func(v Value) bool { return v.Label == label })
			if k < 0 {
				k, s.Values = len(s.Values), append(s.Values, Value{Label: label})
			}
			v = &s.Values[k]
		}
		v.add(done, busy)
		key += label + "\x00"
		complete = complete && label != ""
	}
	if !complete || len(a.Strata) == 0 {
		return
	}
	i, ok := a.cells[key]
	if !ok {
		i = len(a.Cells.Cells)
		a.cells[key] = i
		var of []int
		for _, s := range a.Strata {
			of = append(of, slices.IndexFunc(s.Values, func(v Value) bool { return v.Label == u.Background[s.Column] }))
		}
		a.Cells.Cells = append(a.Cells.Cells, representativity.Cell{Categories: of})
	}
	a.Cells.Cells[i].Population++
	if done {
		a.Cells.Cells[i].Responded++
	}
	if open {
		a.Candidates = append(a.Candidates, representativity.Candidate{Code: u.Code, Cell: i})
	}
}

func (v *Value) add(done, busy bool) {
	v.N++
	if done {
		v.Done++
	}
	if busy {
		v.Busy++
	}
}

// live adds a unit to the history that the forecast rests on.
func (a *Audience) live(standing []event.Event, at time.Time, done bool, since time.Time, open bool) {
	l := forecast.Life{End: a.History.Today + 1, Answered: done}
	switch {
	case done:
		l.End = min(a.days.working(at), a.History.Today)
	case !open && !since.IsZero() && a.Now.Before(a.Closes):
		l.End = min(a.days.working(since), a.History.Today)
	}
	for _, e := range standing {
		switch e.Kind {
		case event.Invited, event.Reminded, event.LetterSent, event.CallAppointment, event.Promised:
			if day := a.days.working(e.Occurred); day <= l.End {
				l.Touches = append(l.Touches, day)
			}
		}
	}
	a.History.Add(l)
}

// Close puts everything in order after the last unit.
func (a *Audience) Close() {
	for id, n := range a.reasons {
		a.Reasons = append(a.Reasons, Reason{id, n})
	}
	slices.SortFunc(a.Reasons, func(x, y Reason) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.ID, y.ID)) })
	for id, n := range a.pages {
		a.Pages = append(a.Pages, Page{id, n})
	}
	slices.SortFunc(a.Pages, func(x, y Page) int { return cmp.Compare(x.ID, y.ID) })
	for i := range a.Strata {
		a.arrange(i)
	}
	a.Cells.Characteristics = nil
	for _, s := range a.Strata {
		a.Cells.Characteristics = append(a.Cells.Characteristics, s.Characteristic(s.Column))
	}
	a.merge()
}

// arrange puts the values of a stratum in the order in which they are shown.
func (a *Audience) arrange(i int) {
	s := &a.Strata[i]
	var order []sample.Stratum
	for _, v := range s.Values {
		order = append(order, sample.Stratum{Value: v.Label})
	}
	sample.Order(order)
	to := make([]int, len(s.Values))
	values := make([]Value, len(s.Values))
	for k, v := range s.Values {
		to[k] = slices.IndexFunc(order, func(o sample.Stratum) bool { return o.Value == v.Label })
		values[to[k]] = v
	}
	s.Values = values
	for c := range a.Cells.Cells {
		of := a.Cells.Cells[c].Categories
		of[i] = to[of[i]]
	}
}

// manyCells is from where on groups become so small, and calculations so many,
// that the last characteristics are left out of Cells.
const manyCells = 150

// merge leaves out the last characteristics until there are few enough cells.
func (a *Audience) merge() {
	for len(a.Cells.Cells) > manyCells && len(a.Cells.Characteristics) > 1 {
		last := len(a.Cells.Characteristics) - 1
		a.LeftOut = append(a.LeftOut, a.Cells.Characteristics[last].Name)
		a.Cells.Characteristics = a.Cells.Characteristics[:last]
		var cells []representativity.Cell
		to := make([]int, len(a.Cells.Cells))
		for i, c := range a.Cells.Cells {
			k := slices.IndexFunc(cells, func(o representativity.Cell) bool { return slices.Equal(o.Categories, c.Categories[:last]) })
			if k < 0 {
				k, cells = len(cells), append(cells, representativity.Cell{Categories: c.Categories[:last]})
			}
			cells[k].Population += c.Population
			cells[k].Responded += c.Responded
			to[i] = k
		}
		a.Cells.Cells = cells
		for i := range a.Candidates {
			a.Candidates[i].Cell = to[a.Candidates[i].Cell]
		}
	}
}

// Characteristic is the stratum as representativity has it, without the units of
// which it is not known.
func (s Stratum) Characteristic(name string) representativity.Characteristic {
	c := representativity.Characteristic{Name: name}
	for _, v := range s.Values {
		c.Categories = append(c.Categories, representativity.Category{Label: v.Label, Population: v.N, Responded: v.Done})
	}
	return c
}

// A Day is the response up to and including a day.
type Day struct {
	Date       time.Time // midnight in Amsterdam
	New, Total int
	Step       Step
}

// Days are the days from opening to now, or to closing if that was before.
// Answers before opening are in the total of the first.
func (a *Audience) Days() []Day {
	if a.Now.Before(a.Opens) {
		return nil
	}
	var out []Day
	end := a.days.midnight(earlier(a.Now, a.Closes.Add(-time.Second)))
	total, first := 0, a.days.midnight(a.Opens)
	last := end
	for date, n := range a.ByDay {
		if date.Before(first) {
			total += n
		}
		if date.After(last) && !date.After(a.Now) { // partial answers that were kept at closing
			last = date
		}
	}
	for date := first; !date.After(last); date = a.days.next(date) {
		n := a.ByDay[date]
		total += n
		out = append(out, Day{date, n, total, a.Steps[date]})
	}
	return out
}

// Left is how many working days there are after today.
func (a *Audience) Left() int {
	if !a.Now.Before(a.Closes) {
		return 0
	}
	return a.days.working(a.Closes.Add(-time.Second)) - a.History.Today
}

// WorkingDay counts the working days from today to a moment: 1 is the next one.
func (a *Audience) WorkingDay(t time.Time) int { return a.days.working(t) - a.History.Today }
