package page

import (
	"strconv"
	"time"

	"github.com/uitvraag/uitvraag/internal/call"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/web/ui"
)

// Taking says that a member of staff fills in for a unit; the zero value that
// nobody does.
type Taking struct {
	Back  string // path of the unit
	Paper bool   // from paper; else by telephone
	Name  string // of the member of staff
}

// what says what is being done.
func (t Taking) what() string {
	if t.Paper {
		return "U typt over van papier."
	}
	return "U vult in aan de telefoon."
}

// A Calls page lists whom to call now.
type Calls struct {
	Staff
	Now        time.Time
	N          int // units to be called now
	Turns      []CallTurn
	Later      []CallTurn // appointments to come, by time
	Closed     bool       // no hours for calling now
	None       bool       // who asked for the next one got none
	CoversPath string
	Next       time.Time // when others are to be called, zero for never
	NextN      int       // how many on that day
}

// next says when others are to be called.
func (p Calls) next() string {
	switch {
	case p.Next.IsZero():
		return ""
	case p.NextN == 1:
		return "Er komt 1 eenheid aan de beurt " + ui.When(p.Next, p.Now) + "."
	}
	return "Er komen " + ui.Int(p.NextN) + " eenheden aan de beurt " + ui.When(p.Next, p.Now) + "."
}

// A CallTurn is a unit on the list of calls.
type CallTurn struct {
	Path, Code, Name, Audience string
	Why                        string
	Appointment                time.Time // zero without
	Held                       string    // who is calling now, "" for nobody
	Mine                       bool      // that is who looks
}

// heading is the finding of the page in a sentence.
func (p Calls) heading() string {
	switch p.N {
	case 0:
		return "Er is nu niemand om te bellen"
	case 1:
		return "Bel nu 1 eenheid"
	}
	return "Bel nu " + ui.Int(p.N) + " eenheden"
}

// A Call page is one call: what to say, what was said before, how it ended.
type Call struct {
	Staff
	Code, Name, Audience string
	State                UnitState
	Path                 string // posts what came of it; what follows is below it
	ListPath, UnitPath   string
	Skip                 string // names this unit in "the next after"
	Request              string // id that makes posting twice one call
	Mine                 bool   // the unit is reserved for who looks
	HeldBy               string // who else is calling now, "" for nobody
	NotDue               string // why no call is due, "" when one is
	Appointment          time.Time
	Contact              int64 // who is called
	Contacts             []Contact
	Script               []ScriptPart
	Events               []UnitEvent
	Outcomes             []call.Outcome
	Reasons              []event.Reason
	Posted               call.Posted
	Problems             []call.Problem
}

// A ScriptPart is a heading of the script with what is said there.
type ScriptPart struct {
	Title string
	Lines []string
}

// called is the contact who is called.
func (p Call) called() Contact {
	for _, c := range p.Contacts {
		if c.ID == p.Contact {
			return c
		}
	}
	return Contact{}
}

// others are the contacts beside the one who is called.
func (p Call) others() []Contact {
	var out []Contact
	for _, c := range p.Contacts {
		if c.ID != p.Contact {
			out = append(out, c)
		}
	}
	return out
}

func (p Call) problem(field string) string {
	for _, problem := range p.Problems {
		if problem.Field == field {
			return problem.Text
		}
	}
	return ""
}

// messages lead from the summary to the fields; that of the outcome to the first
// round.
func (p Call) messages() []ui.Message {
	var out []ui.Message
	for _, problem := range p.Problems {
		field := problem.Field
		if field == "uitkomst" && len(p.Outcomes) > 0 {
			field = "uitkomst-" + p.Outcomes[0].ID
		}
		out = append(out, ui.Message{Field: field, Text: problem.Text})
	}
	return out
}

func (p Call) reasonOptions() []ui.SelectOption {
	out := []ui.SelectOption{{Label: "Kies een reden"}}
	for _, r := range p.Reasons {
		out = append(out, ui.SelectOption{Value: r.ID, Label: r.Label, Selected: r.ID == p.Posted.Reason})
	}
	return out
}

func (p Call) contactOptions() []ui.SelectOption {
	var out []ui.SelectOption
	for _, c := range p.Contacts {
		out = append(out, ui.SelectOption{Value: strconv.FormatInt(c.ID, 10), Label: c.heading() + c.role(), Selected: c.ID == p.Contact})
	}
	return out
}

// key is the key of an outcome, "" for one without: only digits, since letters
// belong to the browser.
func key(i int) string {
	if i > 9 {
		return ""
	}
	return call.Key(i)
}

// A ContactForm asks for a contact of a unit.
type ContactForm struct {
	Staff
	UnitPath, Unit string
	Replaces       *Contact // nil for a new one
	Sources        []string // to choose from; another may be typed

	Salutation, Name, Function, Email, Phone, Address string
	General                                           bool
	Source, Date                                      string
	Problems                                          []form.Problem
}

func (p ContactForm) title() string {
	if p.Replaces != nil {
		return "Vervang een contact"
	}
	return "Voeg een contact toe"
}

func (p ContactForm) box(name, label, hint, value string) ui.Box {
	return ui.Box{Name: name, Label: label, Hint: hint, Value: value, Lines: 1, Error: problemAt(p.Problems, name)}
}

// A Decide page asks for a decision about one unit, mostly with a reason.
type Decide struct {
	Staff
	UnitPath, Unit string
	Title          string
	Text           []string
	Action         string // "" for the page itself
	Hidden         []Posted
	Fields         []DecideField
	Button         string
}

// A DecideField is a box to write in, or a list to choose from.
type DecideField struct {
	Name, Label, Hint, Value, Type string
	Lines                          int
	Choices                        []Choice
	Problem                        string
	Required                       bool
}

func (f DecideField) box() ui.Box {
	return ui.Box{Name: f.Name, Label: f.Label, Hint: f.Hint, Value: f.Value, Type: f.Type, Lines: max(f.Lines, 1), Error: f.Problem, Required: f.Required}
}

func (p Decide) messages() []ui.Message {
	var out []ui.Message
	for _, f := range p.Fields {
		if f.Problem != "" {
			out = append(out, ui.Message{Field: f.Name, Text: f.Problem})
		}
	}
	return out
}

// A Covers page lists the questionnaires that are said to hold for more units
// than their own. It counts in units and in questionnaires (standards E3).
type Covers struct {
	Staff
	ListPath              string
	Waiting, Confirmed    []Cover
	WaitingQuestionnaires int
	Units, Questionnaires int // of those that count
}

// A Cover is a questionnaire and a unit that it holds for.
type Cover struct {
	Code     string // of who answers, posted as door
	Unit, By Link
	Reason   string
	Since    time.Time
	Sent     bool // the questionnaire was sent
	Own      bool // the unit sent one of its own, which counts instead
	Counting bool
	Path     string
}

// standing says whether a confirmed cover counts.
func (c Cover) standing() string {
	switch {
	case c.Own:
		return "Telt niet: de eenheid antwoordde zelf"
	case !c.Sent:
		return "Telt nog niet: de vragenlijst is niet verstuurd"
	case c.Counting:
		return "Telt mee"
	}
	return "Telt niet: een andere vragenlijst geldt"
}

// unitsAnd is "3 eenheden, 2 vragenlijsten".
func unitsAnd(units, questionnaires int) string {
	return ui.Count(units, "eenheid", "eenheden") + ", " + ui.Count(questionnaires, "vragenlijst", "vragenlijsten")
}
