package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/form"
)

// A Forward page passes the questionnaire, or sections of it, to a colleague.
type Forward struct {
	Frame
	Base       string
	Name       string
	Email      string
	Sections   []Choice // a box each, name deel; none chosen is the whole questionnaire
	Reminders  bool     // box reminders: follow-up goes to the colleague
	Problems   []form.Problem
	Colleagues []Colleague
	NewLink    string // shown once, to be passed on by the sender
	NewName    string
	NewEmail   string
	Mails      bool // the study mails colleagues their link
	Mailed     bool // this one gets a mail
}

// A Colleague is somebody who fills in the same questionnaire.
type Colleague struct {
	ID       int64
	Name     string
	Email    string
	Sections []string // titles; empty is the whole questionnaire
	Since    time.Time
	Ended    bool
	Mine     bool // can be withdrawn: button extra = intrek:{ID}
	Answered int  // pages
}

// An Also page says for which other organisations the answers hold.
type Also struct {
	Frame
	Base     string
	Units    []Choice // select eenheid
	Reasons  []Choice // rounds reden
	Problems []form.Problem
	Claims   []AlsoClaim
}

// An AlsoClaim is one organisation that was added; button extra = verwijder:{Code}.
type AlsoClaim struct {
	Code, Name, Reason string
	Confirmed          bool
}

// A Decline page lets a unit say that it does not take part: a choice, then a
// second press. Opening it changes nothing.
type Decline struct {
	Frame
	Link    string // /v/{token} or /afmelden/{token}
	Back    string // what the way back to Link is called; "" for that of a personal link
	Reasons []Choice
	Note    string
	Problem string
	Confirm string    // label of the chosen reason: the second press is asked for
	Core    int       // core questions that can be answered instead, 0 when there are none
	Done    time.Time // since when the unit does not take part, zero when it does
	Closes  time.Time
}

// An Answering page asks a unit whether another one answers for it: a choice,
// then a second press. Opening it changes nothing.
type Answering struct {
	Frame
	Link      string // /v/{token}
	Code      string // of the other unit, posted as door
	By        string // its name
	Reason    string
	Since     time.Time
	Confirmed bool   // it stands; it can still be changed
	Choice    string // what was chosen
	Problem   string
	Sure      bool // the second press is asked for
}

// The choices of an Answering page, posted as keuze.
const (
	AnsweringYes = "ja"
	AnsweringNo  = "nee"
)

// A CodeEntry page takes the code of a letter.
type CodeEntry struct {
	Frame
	Code    string
	Problem string
}

// A Blank page is the whole questionnaire without answers, to read and print.
type Blank struct {
	Frame
	Title    string
	Minutes  int
	Sections []BlankSection
	Closes   time.Time
}

// A BlankSection is a section with its questions; a question with a condition
// says when it is asked.
type BlankSection struct {
	No        int
	Title     string
	Intro     string
	Questions []BlankQuestion
}

// A BlankQuestion is one question of a blank questionnaire.
type BlankQuestion struct {
	No   int
	View form.View
	When string // "alleen als u bij vraag 5 ‘Ja’ koos", "" for everybody
}
