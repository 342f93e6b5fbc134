package study

import (
	"fmt"
	"time"
)

// A Class is a kind of personal data that goes at a moment of its own (standards
// V5).
type Class string

// The classes of one study, in the order in which they go.
const (
	Messages Class = "berichten"     // what was mailed and came back, call notes, delivery
	Contacts Class = "contacten"     // names, addresses, links
	Identity Class = "koppeling"     // which organisation an answer is of
	Consents Class = "toestemmingen" // who may be approached again
	Answers  Class = "antwoorden"
)

// The classes of the whole platform. They go when they are that old, whatever
// the study.
const (
	Security Class = "beveiliging" // failed attempts, login links, ended sessions
	Inbox    Class = "postvak"     // whole mails, where no mail server is set
)

// A Term says how long a class of data stays.
type Term struct {
	Class    Class
	Title    string
	What     string // in a sentence
	Months   int    // unless a study says otherwise
	Min, Max int    // months that a study may choose
	From     string // what the months count from
}

// Terms are the terms of the classes of a study. The periods are the proposal of
// standards V5; that of answers is the research code's.
var Terms = []Term{
	{Messages, "Berichten en notities", "De tekst van verstuurde en binnengekomen mail, de gegevens over de bezorging en notities van telefoongesprekken.", 3, 1, 12, "het sluiten"},
	{Contacts, "Contactgegevens", "Namen, adressen en telefoonnummers, en de persoonlijke links.", 12, 1, 12, "het sluiten"},
	{Identity, "Koppeling met de organisatie", "Welke organisatie welke antwoorden gaf. Daarna zijn de antwoorden alleen nog onder een pseudoniem bekend.", 12, 1, 120, "het sluiten"},
	{Consents, "Toestemmingen", "Wie wij mogen benaderen voor verdiepend onderzoek.", 24, 1, 36, "het sluiten"},
	{Answers, "Antwoorden", "De ingevulde vragenlijsten en hun geschiedenis.", 120, 120, 240, "het sluiten"},
}

// PlatformTerms are the terms of the classes of the whole platform.
var PlatformTerms = []Term{
	{Security, "Beveiliging", "Mislukte pogingen om in te loggen, gebruikte inloglinks en afgelopen sessies.", 6, 6, 6, "de gebeurtenis"},
	{Inbox, "Ingebouwd postvak", "Hele mails, op een installatie zonder mailserver.", 3, 3, 3, "ontvangst"},
}

// maxPostponed is how much later than its term data may go, for a reason.
const maxPostponed = 12 // months

// Retention is what a study lays down about how long data stay. The zero value
// has the terms of Terms.
type Retention struct {
	Months    map[Class]int          `json:"months,omitempty"`
	Postponed map[Class]Postponement `json:"postponed,omitempty"`
	// Held stops the clock of a demonstration: nothing in it is about anybody.
	Held bool `json:"held,omitempty"`
}

// A Postponement lets data stay longer, for a reason.
type Postponement struct {
	Until time.Time `json:"until"`
	Why   string    `json:"why"`
}

// A Deadline is when a class of data of a study goes.
type Deadline struct {
	Term
	Months    int       // as this study has it
	At        time.Time // when it goes, postponement included
	Base      time.Time // when it would go without
	Accepted  bool      // it goes because the report was accepted
	Postponed string    // why it stays longer, "" where it does not
}

// Due reports whether the data must be gone at now.
func (d Deadline) Due(now time.Time) bool { return !now.Before(d.At) }

// Latest is the last moment to which the data may be postponed.
func (d Deadline) Latest() time.Time { return d.Base.AddDate(0, maxPostponed, 0) }

// Deadlines returns when each class of data of s goes, in the order of Terms.
// Contact data go when the report is accepted, and at the end of their term if
// that comes first. A study that was put in after it closed counts from then.
func Deadlines(s Study) []Deadline {
	r := s.Settings.Privacy.Retention
	closed := later(s.Closes, s.Made)
	out := make([]Deadline, 0, len(Terms))
	for _, t := range Terms {
		d := Deadline{Term: t, Months: t.Months}
		if n := r.Months[t.Class]; n != 0 {
			d.Months = n
		}
		d.Base = closed.AddDate(0, d.Months, 0)
		accepted := s.Settings.Privacy.Accepted
		if t.Class == Contacts && !accepted.IsZero() && accepted.Before(d.Base) {
			d.Base, d.Accepted = later(accepted, closed), true
		}
		d.At = d.Base
		if p, ok := r.Postponed[t.Class]; ok && p.Until.After(d.Base) {
			d.At, d.Postponed = p.Until, p.Why
		}
		out = append(out, d)
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// DueClasses returns the classes of s that must be gone at now.
func DueClasses(s Study, now time.Time) []Class {
	var out []Class
	for _, d := range Deadlines(s) {
		if d.Due(now) && !s.Settings.Privacy.Retention.Held {
			out = append(out, d.Class)
		}
	}
	return out
}

// DeadlineOf returns when one class of s goes; false for a class that no study
// has.
func DeadlineOf(s Study, c Class) (Deadline, bool) {
	for _, d := range Deadlines(s) {
		if d.Class == c {
			return d, true
		}
	}
	return Deadline{}, false
}

// MonthsProblem returns what is wrong with a term of n months for the class, ""
// for nothing.
func (t Term) MonthsProblem(n int) string {
	if n < t.Min || n > t.Max {
		return fmt.Sprintf("%s: kies tussen %d en %d maanden.", t.Title, t.Min, t.Max)
	}
	return ""
}

// PostponeProblem returns why d may not be postponed until a moment, "" where it
// may. What is gone does not come back.
func (d Deadline) PostponeProblem(until, now time.Time) string {
	switch {
	case d.Due(now):
		return "Deze gegevens zijn al gewist, of worden dat nu. Uitstellen kan niet meer."
	case !until.After(d.Base):
		return "Kies een dag na " + d.Base.Format("02-01-2006") + ": dan gaan de gegevens al weg."
	case until.After(d.Latest()):
		return fmt.Sprintf("Uitstellen kan hooguit %d maanden, tot %s.", maxPostponed, d.Latest().Format("02-01-2006"))
	}
	return ""
}
