// Package study owns one survey in the field: its instruments, when it is open
// and what it promises to respondents. It does not know units.
package study

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
)

// Grace is how long after closing a page that was open may still be saved and
// sent (standards 5C row 15). What is sent in it is marked late.
const Grace = 15 * time.Minute

// CopyDays is how long after sending the respondent's own copy can be opened
// with the link (standards K17).
const CopyDays = 30

// A Study is one survey in the field.
type Study struct {
	ID         int64
	Slug       string // in addresses and on the command line
	Title      string
	Definition string // what its instruments were made from
	Opens      time.Time
	Closes     time.Time
	Made       time.Time // when it was put in
	Released   time.Time // zero: a person did not yet let anything be sent
	Stopped    time.Time // zero: nobody stopped the sending
	StopReason string
	Held       time.Time // zero: respondents may go on; else since when they may not
	Settings   Settings
	Plan       contactplan.Plan // empty: the default ladder
	Calendar   contactplan.Settings

	PlanVersion int // rises with each change of Plan and Calendar
}

// Field returns what a decision about the units of s needs.
func (s Study) Field() contactplan.Field {
	return contactplan.Field{Plan: s.Revision().Plan, Calendar: contactplan.NewCalendar(s.Calendar), Opens: s.Opens, Closes: s.Closes, Released: s.Released}
}

// Revision returns the ladder, days and hours of s.
func (s Study) Revision() contactplan.Revision {
	if len(s.Plan.Steps) == 0 {
		return contactplan.Revision{Plan: contactplan.Default(), Calendar: s.Calendar}
	}
	return contactplan.Revision{Plan: s.Plan, Calendar: s.Calendar}
}

// Settings are the texts and promises of a study. Empty texts have defaults.
type Settings struct {
	Organiser string `json:"organiser,omitempty"` // who does the work
	Client    string `json:"client,omitempty"`    // who asks
	Phone     string `json:"phone,omitempty"`
	Email     string `json:"email,omitempty"`
	Sender    string `json:"sender,omitempty"`   // who signs the letters, a person (standards W4)
	Role      string `json:"role,omitempty"`     // of the sender
	Question  string `json:"question,omitempty"` // the study in one question
	Why       string `json:"why,omitempty"`
	Results   string `json:"results,omitempty"` // when and where the outcome can be read
	// Disclosure is what was promised about publication, and its limits.
	Disclosure Disclosure `json:"disclosure,omitzero"`
	// Privacy is what was laid down about personal data.
	Privacy Privacy `json:"privacy,omitzero"`
	// ValidShare is the share of statements that a score on a scale needs, 0 for that
	// of the product.
	ValidShare float64 `json:"valid_share,omitzero"`
}

// A Phase says what can be done with a study at a moment.
type Phase string

// The phases of a study.
const (
	NotYet  Phase = "nog niet open"
	Open    Phase = "open"
	Paused  Phase = "gepauzeerd" // held: what was open may be saved, nothing else
	Closing Phase = "sluit"      // closed, but what was open may be finished
	Closed  Phase = "gesloten"
)

// At returns the phase of s at now.
func (s Study) At(now time.Time) Phase {
	switch {
	case now.Before(s.Opens):
		return NotYet
	case now.Before(s.Closes) && !s.Held.IsZero():
		return Paused
	case now.Before(s.Closes):
		return Open
	case now.Before(s.Closes.Add(Grace)):
		return Closing
	}
	return Closed
}

// Slug makes the part of an address from a title: "Súdwest & Co 2026" becomes
// "sudwest-co-2026". It is "" for a title without letters or digits.
func Slug(title string) string {
	var b strings.Builder
	dash := false
	for _, r := range norm.NFD.String(strings.ToLower(title)) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			dash = true
		}
		if b.Len() >= 60 {
			break
		}
	}
	return b.String()
}

// reserved are addresses of the site that stand where the slug of a study stands.
var reserved = []string{"account", "vragenlijsten", "accounts", "medewerkers", "rechten", "nieuw", "organisaties", "logboek", "verwerkingsregister", "zoeken", "api", "hulp"}

// New checks what a study is made of. Times are instants.
func New(title, definition string, opens, closes time.Time) (Study, error) {
	s := Study{Slug: Slug(title), Title: strings.TrimSpace(title), Definition: definition, Opens: opens, Closes: closes}
	problems := s.Check()
	for _, field := range []Field{TitleField, ClosesField} {
		if text := problems[field]; text != "" {
			return s, errs.Errorf(errs.Invalid, "%s", text)
		}
	}
	return s, nil
}
