package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/web/ui"
)

// A Plan is the contact plan of a study: when what goes to whom, and whether it
// may.
type Plan struct {
	Staff
	Now        time.Time
	Released   time.Time
	Stopped    time.Time
	StopReason string
	Locked     time.Time // the whole installation sends nothing
	LockReason string
	Rate       int
	DomainRate int
	MayAct     bool // release, stop, change the rate
	MayDecide  bool // about unsure messages
	Changed    bool // somebody just kept a change
	Calendar   []PlanStep
	Months     []contactplan.Month
	Warnings   []string
	Waves      []PlanWave
	Due        []PlanDue // what a sweep would send now, by step and channel
	Late       int       // of those, wait for a person because their day was before the release
	CannotGo   int       // units with a step to come and nobody to send it to
	Unsure     []PlanUnsure
	Problems   []ui.Message
	Reason     string // as typed
	Contacts   bool   // who looks may see who gets what
}

// A PlanStep is one rung of the ladder, with the day on which it falls for units
// of each set of regions.
type PlanStep struct {
	Title   string
	Channel string
	After   string // "dag 14"
	Days    []PlanDay
}

// A PlanDay is when a step falls.
type PlanDay struct {
	Regions string // "" for all
	Day     string
	Why     string // it moved
	Lapses  bool
}

// A PlanWave is what went out of a step.
type PlanWave struct {
	Title                               string
	Channel                             string
	Waiting, Sent, Unsure, Failed, Gone int
	When                                string
}

// A PlanDue is a number of messages that a sweep would send now.
type PlanDue struct {
	Title, Channel string
	N              int
}

// A PlanUnsure is a message of which nobody knows whether it arrived.
type PlanUnsure struct {
	ID   int64
	Unit Link
	To   string
	Step string
	When time.Time
	Why  string
}

func (p Plan) due() int {
	n := 0
	for _, d := range p.Due {
		n += d.N
	}
	return n
}

func (p Plan) at(path string) string { return p.Base + PlanPath + path }

// standingText says in one sentence whether messages go.
func (p Plan) standingText() string {
	switch {
	case !p.Locked.IsZero():
		return "Op deze installatie staat het versturen stil sinds " + whenFull(p.Locked) + "."
	case !p.Stopped.IsZero():
		return "Het versturen staat stil sinds " + whenFull(p.Stopped) + "."
	case p.Released.IsZero():
		return "Er gaat nog niets weg: dit onderzoek is niet vrijgegeven."
	}
	return "Berichten gaan vanzelf weg. Vrijgegeven op " + whenFull(p.Released) + "."
}

// duration says how long n messages take at the rate that is set.
func (p Plan) duration(n int) string {
	if n == 0 || p.Rate == 0 {
		return ""
	}
	minutes := (n + p.Rate - 1) / p.Rate
	if minutes < 60 {
		return fmt.Sprintf("ongeveer %s", ui.Count(minutes, "minuut", "minuten"))
	}
	return fmt.Sprintf("ongeveer %s uur", strings.Replace(fmt.Sprintf("%.1f", float64(minutes)/60), ".", ",", 1))
}

// A DryRun names everybody who would get something at a moment, and what.
type DryRun struct {
	Staff
	At       time.Time
	AtText   string // as typed
	Problem  string
	Rows     []DryRow
	N        int
	Cannot   int
	From, To int
	Prev     string
	Next     string
	CSVPath  string
	MaySay   bool // that they looked: before release
}

// A DryRow is one addressee, or why there is none.
type DryRow struct {
	Unit    Link
	Step    string
	Channel string
	To      string
	Address string
	Note    string // why it waits, or cannot go
}

// Previews are a few messages as they would go: the extreme cases and some at
// random (standards M8).
type Previews struct {
	Staff
	Step     string
	Previews []Preview
	MaySay   bool // that they looked: before release
}

// A Preview is one message as it would go.
type Preview struct {
	Why       string
	Unit      Link
	To        string
	Subject   string
	Text      string
	FramePath string // of the mail as its reader sees it; "" for a letter
	Problem   string // it cannot be written: what is missing
}
