package page

import (
	"net/url"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

// A Post page lists the mail that came in for a study: what waits for a person,
// or what is handled.
type Post struct {
	Staff
	Handled    bool // the list of what is handled
	Open       int  // mails that wait for a person
	Done       int  // mails that are handled
	Arrivals   []Arrival
	From, To   int
	Prev, Next string // paths, "" at the ends
}

// An Arrival is one mail that came in.
type Arrival struct {
	ID       int64
	Received time.Time
	Kind     string // "Antwoord"
	Shape    string // of its tag
	Unit     Link   // Path "" where it belongs to none
	Guess    Link   // whose contact has the sender's address; Path "" for none
	Contact  string
	Sender   string
	ReplyTo  string // address to answer to, "" where nobody would read it
	Subject  string
	Text     string
	Machine  bool   // a server wrote the text: few will want to read it
	Effect   string // what it changed, in a sentence
	Unclear  bool   // not all of it could be read
	Handled  time.Time
	By       string // who handled it, "" for the machine
}

// previewLength is how much of a mail is shown before somebody asks for more.
const previewLength = 400

// preview is the beginning of the text, and whether there is more of it.
func (a Arrival) preview() (text string, more bool) {
	if a.Machine {
		return "", true
	}
	r := []rune(a.Text)
	if len(r) <= previewLength {
		return a.Text, false
	}
	cut := string(r[:previewLength])
	if i := strings.LastIndexAny(cut, " \n"); i > previewLength/2 {
		cut = cut[:i]
	}
	return strings.TrimSpace(cut) + " …", true
}

func (a Arrival) done() string {
	switch {
	case a.By == "" && !a.Handled.After(a.Received):
		return "Hier hoeft niemand iets mee te doen."
	case a.By == "":
		return "Afgehandeld op " + whenFull(a.Handled) + "."
	}
	return "Afgehandeld door " + a.By + " op " + whenFull(a.Handled) + "."
}

// summary says how many mails there are.
func (p Post) summary() string {
	if p.Handled {
		return ui.Count(p.Done, "mail is", "mails zijn") + " afgehandeld"
	}
	return ui.Count(p.Open, "mail wacht", "mails wachten") + " op iemand"
}

func (p Post) count() int {
	if p.Handled {
		return p.Done
	}
	return p.Open
}

// answer opens the reader's own mail program.
func (a Arrival) answer() string {
	subject := a.Subject
	if !strings.HasPrefix(strings.ToLower(subject), "re:") {
		subject = "Re: " + subject
	}
	return "mailto:" + url.PathEscape(a.ReplyTo) + "?subject=" + url.PathEscape(subject)
}

// about is the unit that a mail is about, or seems to be.
func (a Arrival) about() Link {
	if a.Unit.Path != "" {
		return a.Unit
	}
	return a.Guess
}

// before and after are what is said of sender and unit around the link to the
// unit.
func (a Arrival) before() string {
	from := "Van een onbekende afzender. "
	if a.Sender != "" {
		from = "Van " + a.Sender + ". "
	}
	switch {
	case a.Unit.Path != "":
		return from + "Over "
	case a.Guess.Path != "":
		return from + "De afzender lijkt een contact van "
	}
	return from + "Wij weten niet over wie dit gaat."
}

func (a Arrival) after() string {
	if a.Unit.Path != "" && a.Contact != "" {
		return ", contact " + a.Contact + "."
	}
	return "."
}

func whenFull(t time.Time) string { return ui.DayMonthYear(t) + " om " + ui.Clock(t) }
