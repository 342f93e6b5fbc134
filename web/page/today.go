package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/web/ui"
)

// A Today page is the researcher's morning: who answered, what may be expected,
// whether the response mirrors the population, and what waits for a person.
type Today struct {
	Staff
	Now         time.Time
	Headline    string
	StartPath   string // the way to the first invitation; "" once it went
	Audiences   []AudienceToday
	Method      string // how the forecast is made; "" where there is none
	Calls       []CallTurn
	NCalls      int
	CallsPath   string // "" for who may not call
	Todo        []Todo
	Next        string // which step comes next, and when; "" for none
	AccountPath string
	BoardPath   string
}

// A Todo is something that waits for a person.
type Todo struct {
	Shape string // of ui.Tag
	Tag   string // "Onzeker: 2"
	Text  string
	Links []Link
}

// AudienceToday is one audience with its numbers; every count is in units, unless
// it says questionnaires.
type AudienceToday struct {
	ID, Title  string // "Samenwerkingsverbanden"
	UnitsPath  string
	N          int
	Counts     []StateCount
	Done       int
	SinceDay   int // done since yesterday
	Course     *chart.Figure
	Below      string // what the figure shows beside the line
	Marks      []string
	Days       []DayRow
	Expect     []string // the forecast, in sentences
	Strata     []StratumTable
	Verdict    string // whether the response mirrors the population
	Conclusion string // what the verdict rests on
	Indicator  string // R, in a sentence
	Stops      []StopRow
}

// A DayRow is the response of one day.
type DayRow struct {
	Date       time.Time
	New, Total int
	What       string // what was sent or called
}

// A StratumTable compares response with population for one characteristic.
type StratumTable struct {
	Label string
	Rows  []StratumRow
	Test  string // the conclusion, "" where there is none
}

// A StratumRow is one stratum: N units in the population, Done of them answered.
type StratumRow struct {
	Value   string
	N, Done int
	Busy    int
	Path    string // to its units
	Figure  chart.Figure
}

// A StopRow is a page that unfinished questionnaires stand at.
type StopRow struct {
	Page   string
	N      int
	Figure chart.Figure
}

// A Board is the one screen for the steering group: no names.
type Board struct {
	Staff
	Now       time.Time
	Sentences []string
	Audiences []AudienceToday
}

// text is "Ingevuld: 68".
func (c StateCount) text() string { return string(c.State) + ": " + ui.Int(c.N) }

// unfinished is how many questionnaires were begun and not sent.
func (a AudienceToday) unfinished() int {
	n := 0
	for _, r := range a.Stops {
		n += r.N
	}
	return n
}
