package page

import (
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

// Paths of the pages about privacy, after the base of a study.
const (
	PrivacyPath  = "/privacy"
	LogPath      = "/logboek"
	AllLogPath   = "/beheer/logboek"
	AllRegisters = "/beheer/verwerkingsregister"
)

// A PrivacyHome page says what a study lays down about personal data, what is
// missing, and where to go.
type PrivacyHome struct {
	Staff
	Gaps     []Link // what must be filled in before anybody is approached, and where
	Facts    []KeyValue
	Places   []PrivacyPlace
	MayEdit  bool
	Saved    bool
	Fields   []ui.Box // of the settings, in the order of the form
	Basis    []Choice
	Problems []ui.Message
}

// A PrivacyPlace is a page to go to, with what waits there.
type PrivacyPlace struct {
	Link
	Note string
}

// A PersonSearch page finds a person.
type PersonSearch struct {
	Staff
	Search string
	Asked  bool
	Rows   []PersonRow
	Erased bool // somebody was just erased
}

// A PersonRow is a contact that was found.
type PersonRow struct {
	Path, Name, Email, Phone, Unit string
}

// A Person page tells what there is of one person, and what an erasure takes away
// and what stays.
type Person struct {
	Staff
	Path      string
	Name      string
	Contacts  []PersonRow
	Goes      []string
	Stays     []string
	Texts     []PersonText
	Snapshots []string
	Reason    string
	Problem   string      // of the reason
	What      string      // whose reason it is: inzage, wissen, intrekken
	Answers   []PersonRow // units whose answers can be taken back; Path is posted
	Others    bool        // the person is known in other studies too
}

// A PersonText is an open answer or a note in which the person is named.
type PersonText struct {
	Key, Where, Text string
	Keep             bool
}

// A Retention page says when which data go.
type Retention struct {
	Staff
	Rows     []RetentionRow
	Log      []RetentionLine
	Platform []KeyValue
	Accepted string // date, as typed
	Reason   string
	Until    string
	Class    string // that is postponed
	Held     bool
	MayEdit  bool
	Problems []ui.Message
}

// A RetentionRow is one class of data.
type RetentionRow struct {
	Class, Title, What string
	Months             string
	From               string
	At                 time.Time
	N                  int
	Gone               bool
	Postponed          string
	Term               string // what may be chosen
}

// A RetentionLine is what went.
type RetentionLine struct {
	At    time.Time
	Title string
	N     int
}

// A Flagged page lists the open answers that seem to hold personal data.
type Flagged struct {
	Staff
	Rows    []FlaggedText
	Done    int
	All     bool
	Problem string
	Wrong   string // key of the text whose reason is missing
}

// A FlaggedText is one such answer, cut where something was found.
type FlaggedText struct {
	Key, Unit, Question string
	Parts               []FlaggedPart
	Signs               string
	Decided             string
}

// A FlaggedPart is a piece of the text.
type FlaggedPart struct {
	Text  string
	Found bool
}

// A Consents page lists who may be approached again.
type Consents struct {
	Staff
	Rows []ConsentRow
}

// A ConsentRow is one consent.
type ConsentRow struct {
	ID               string
	Unit, Question   string
	Given, Withdrawn time.Time
	Who              string
}

// A ProcessingRegisters page is the register of processing, of one study or of all (AVG
// art. 30).
type ProcessingRegisters struct {
	Staff
	Studies []RegisterOf
	CSVPath string
}

// A RegisterOf is what the register of processing says of one study.
type RegisterOf struct {
	Title string
	Rows  []KeyValue
}

// A Screening page asks whether a study needs a DPIA (standards V3).
type Screening struct {
	Staff
	AP, EDPB []Choice
	Note     string
	Earlier  []ScreeningLine
	MayEdit  bool
	Problem  string
}

// A ScreeningLine is a screening that was done.
type ScreeningLine struct {
	At                 time.Time
	Who, Outcome, Note string
	Ticked             []string
}

// A Log page searches the audit log.
type Log struct {
	Staff
	Path       string
	Search     string
	From, To   string // dates as typed
	Actions    []Choice
	People     []Choice
	Studies    []Choice // none in the log of one study
	Rows       []LogLine
	Total      int
	First      int
	Last       int
	Prev, Next string
	CSVPath    string
	Problems   []ui.Message
}

// A LogLine is one line of the audit log.
type LogLine struct {
	At                         time.Time
	Who, Study, Action, Object string
	Detail                     string
}

func (p Person) reasonBox(what, label string) ui.Box {
	b := ui.Box{Name: "reden-" + what, Label: label, Hint: "De reden blijft in het logboek staan. Zet er geen namen in.", Lines: 1}
	if p.What == what {
		b.Value, b.Error = p.Reason, p.Problem
	}
	return b
}

// messages are the problem of a reason, for the summary.
func (p Person) messages() []ui.Message {
	return []ui.Message{{Field: "reden-" + p.What, Text: p.Problem}}
}

func (p Log) summary() string {
	if p.Total == 0 {
		return "Geen regels."
	}
	return ui.Int(p.First) + " tot en met " + ui.Int(p.Last) + " van " + ui.Count(p.Total, "regel", "regels")
}

// A Dossier is everything about one person, for that person.
type Dossier struct {
	Study   string
	Made    time.Time
	Contact string // how to reach the researchers, in a sentence
	Parts   []DossierPart
}

// A DossierPart is one kind of it.
type DossierPart struct {
	Title, About string
	Columns      []string
	Rows         [][]string
}

func lines(text string) []string { return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") }

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
