package page

import (
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

// CodingPath is below Base of a study for staff: the open answers.
const CodingPath = "/coderen"

// What is below the path of one text.
const (
	RoomPath   = "/lezen"
	FramePath  = "/codeboek"
	DecidePath = "/verschillen"
)

// CodingHome lists the open answers of a study and how far they are.
type CodingHome struct {
	Staff
	MayExamples bool
	Groups      []CodingGroup
}

// A CodingGroup is the texts of one questionnaire.
type CodingGroup struct {
	Title string
	Rows  []CodingRow
}

// A CodingRow is one text.
type CodingRow struct {
	Path, ID, Question string
	Version            int // of its code frame, 0 for none
	CodingCounts
	Alpha string // "0,84", "–"
}

// CodingCounts count answers.
type CodingCounts struct {
	Answers, Final, Double, Both, ToDecide int
}

// CodingQuestion is how the coding of one text stands.
type CodingQuestion struct {
	Staff
	Path      string
	Question  string
	MayCode   bool
	MayDecide bool
	Builtin   bool // the product has a frame for it
	Version   int  // 0: there is no frame yet
	CodingCounts
	Mine, Waiting int // of who looks
	Note          string
	Codes         []CodeLine
	Reason        string // why there is no agreement, "" where there is
	Same, Pairs   int
	Agreement     []AgreementLine
	History       []FrameLine
	Book          string // path of its table in the book, split where it can be
	Problem       string
	Lines         []string // what is wrong with a file that was given
	Pasted        string
	Saved         bool
}

// A CodeLine is one code with what explains it.
type CodeLine struct {
	ID, Label, Definition, Example, Counter string
	Became                                  string // what a code that is gone became
	N                                       int
}

// An AgreementLine is how much coders agree on a code, or on all together.
type AgreementLine struct {
	What, Kappa, Alpha, Verdict, Shape, Why string
	Given                                   int
}

// A FrameLine is one change of a code frame.
type FrameLine struct {
	Version   int
	At        time.Time
	What, Why string
}

// CodingRoom is where one answer is read and coded.
type CodingRoom struct {
	Staff
	Path       string // of the text
	Question   string
	Text       string
	Answer     string
	Place, All int
	Mine       int
	Waiting    int
	Single     bool
	Double     bool // two people code it
	Note       string
	Codes      []RoomCode
	None       bool
	Doubt      bool
	Problem    string
	Previous   string // path of the answer before this one, "" for none
	Again      bool   // it was coded before, by who looks
}

// A RoomCode is a code to choose.
type RoomCode struct {
	Key, ID, Label, Definition string
	Checked                    bool
	Like                       string // the answer that it is suggested for, "" where it is not
}

// CodingDecide puts what coders chose side by side.
type CodingDecide struct {
	Staff
	Path     string
	Question string
	Text     string
	Answer   string
	Left     int // how many wait, this one included
	Single   bool
	Sides    []CodingSide
	Codes    []RoomCode
	None     bool
	Problem  string
}

// A CodingSide is what one coder chose.
type CodingSide struct {
	Title  string
	Labels []string // none: nothing to code
	Doubt  bool
	Value  string // of the button that takes it over
}

// CodingFrame changes a code frame.
type CodingFrame struct {
	Staff
	Path     string
	Question string
	Version  int
	Note     string
	Codes    []CodeLine
	Chosen   *CodeLine // the code that is changed, nil for none
	Others   []Choice  // what it can be merged into
	Typed    map[string]string
	Problems map[string]string
	Action   string // whose problems they are
}

// box is a field of a form of the frame; each form has names of its own.
func (p CodingFrame) box(action, field, label, hint, value string, lines int) ui.Box {
	b := ui.Box{Name: action + "-" + field, Label: label, Hint: hint, Lines: lines, Value: value}
	if p.Action == action {
		b.Value, b.Error = p.Typed[b.Name], p.Problems[field]
	}
	return b
}

func (p CodingFrame) messages() []ui.Message {
	var out []ui.Message
	for _, field := range []string{"actie", "code", "naar", "label", "label-0", "label-1", "label-2", "omschrijving", "voorbeeld", "tegenvoorbeeld", "aanwijzing", "reden"} {
		if text := p.Problems[field]; text != "" {
			out = append(out, ui.Message{Field: p.Action + "-" + field, Text: text})
		}
	}
	return out
}

// share is "62 van 84".
func share(n, of int) string { return ui.Int(n) + " van " + ui.Int(of) }

func (p CodingRoom) standing() string {
	return "Antwoord " + ui.Int(p.Place) + " van " + ui.Int(p.All) + ". U codeerde er " + ui.Int(p.Mine) + "; er " + map[bool]string{true: "wacht", false: "wachten"}[p.Waiting == 1] + " er nog " + ui.Int(p.Waiting) + " op u."
}

func (p CodingRoom) first() string {
	if len(p.Codes) == 0 {
		return "niet"
	}
	return "code-" + p.Codes[0].ID
}

// why is a reason after what was done.
func why(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}

// dash writes a number as tables of codes do: none is a dash (standards O6).
func dash(n int) string {
	if n == 0 {
		return "–"
	}
	return ui.Int(n)
}

// GoodPath is below Base of a study for staff: the good examples.
const GoodPath = "/voorbeelden"
