package page

import (
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

// Setup is a study as a whole: where it stands, what can be done with it, and
// what must be in order before it is released.
type Setup struct {
	Staff
	Title, Public   string
	Opens, Closes   time.Time
	Released        time.Time // zero: not yet
	Stopped, Held   time.Time // zero: going on
	StopReason      string
	Over            bool
	Inbox           bool // no mail server is set
	MayRun, MayEdit bool
	Turns           []Link
	Items           []CheckItem
	Open            int // items that keep it from being released
	Problems        []ui.Message
	Reason          string // as typed
	JustReleased    bool
	First           time.Time // when the first invitations go, of a study that is not open yet
}

// firstGoes says what happens after the release.
func (p Setup) firstGoes() string {
	if p.First.IsZero() {
		return "Wat vandaag aan de beurt is, gaat nu weg. Wat al eerder weg had moeten zijn, verstuurt u zelf bij Plan."
	}
	return "De eerste uitnodigingen gaan weg op " + ui.Date(p.First) + " vanaf " + ui.Clock(p.First) + "."
}

// A CheckItem is one line of the checklist.
type CheckItem struct {
	ID, Title, State string
	Why              []string
	Path             string // where it is mended, "" for here
	Seen             bool   // somebody says to have looked
	Look             bool   // the machine can look
	Open             bool
}

// A StudyTurn asks for the reason of pausing, resuming, extending, closing or
// reopening.
type StudyTurn struct {
	Staff
	Turn, Heading, Explain, Button string
	Hold, Held                     bool // asks whether respondents are held too, and what was chosen
	Moment                         bool // asks until when
	Day, Clock, Reason             string
	DayProblem, ClockProblem       string
	ReasonProblem                  string
	Closes                         time.Time
}

// standing says in one sentence where the study is.
func (p Setup) standing() string {
	switch {
	case p.Over:
		return "Gesloten sinds " + whenFull(p.Closes) + "."
	case !p.Held.IsZero():
		return "Gepauzeerd sinds " + whenFull(p.Held) + ": er gaat niets weg en de vragenlijst is op slot."
	case !p.Stopped.IsZero():
		return "Gepauzeerd sinds " + whenFull(p.Stopped) + ": er gaat niets weg. De vragenlijst is gewoon open."
	case p.Released.IsZero():
		return "Nog niet vrijgegeven: er gaat niets weg."
	}
	return "Vrijgegeven op " + whenFull(p.Released) + "."
}

func (i CheckItem) shape() string {
	switch i.State {
	case "in orde":
		return "done"
	case "let op":
		return "warn"
	}
	return "stop"
}

func (i CheckItem) mend() string {
	switch {
	case i.Path == "":
		return ""
	case i.Seen:
		return "Bekijk"
	case i.Open:
		return "Breng in orde"
	}
	return "Bekijk of wijzig"
}

func (p StudyTurn) messages() []ui.Message {
	var out []ui.Message
	for _, m := range []ui.Message{{Field: "sluit", Text: p.DayProblem}, {Field: "sluit-tijd", Text: p.ClockProblem}, {Field: "reden", Text: p.ReasonProblem}} {
		if m.Text != "" {
			out = append(out, m)
		}
	}
	return out
}

// reasonProblem is what is wrong with how somebody looked at the domain.
func (p Setup) reasonProblem() string {
	for _, m := range p.Problems {
		if m.Field == "reden" {
			return m.Text
		}
	}
	return ""
}
