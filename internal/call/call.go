// Package call owns telephoning: what a call can come to, and whom to call now.
// It does not know who calls, nor where calls are kept.
package call

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/mail"
)

// An Outcome is what a call came to (standards W5, 2B).
type Outcome struct {
	ID      string
	Label   string
	Hint    string // what it means, where the label does not say
	Kind    event.Kind
	Said    string // note of the event beside the reason; never a person's words
	Reached bool   // somebody of the unit was spoken to
	Needs   Needs
}

// Needs says what an outcome cannot do without.
type Needs int

// What outcomes need.
const (
	Nothing Needs = iota
	Moment        // when to call again
	Reason        // a coded reason of refusal (standards W6)
	Note          // a few words: the evidence of an outcome that ends all approach
	Link          // where to send it
)

// The outcomes that lead somewhere else than to the next call.
const (
	SendLink    = "link"       // sends the link again
	OtherPerson = "ander"      // somebody else answers for the unit
	WrongNumber = "verkeerd"   // the number is somebody else's
	TakeCore    = "kernvragen" // the core questions are asked in this call
)

// Outcomes are all outcomes, the most frequent first: their place is their key.
var Outcomes = []Outcome{
	{ID: "niet_bereikt", Label: "Niet bereikt", Kind: event.CallNoAnswer},
	{ID: "in_gesprek", Label: "In gesprek of voicemail", Kind: event.CallNoAnswer, Said: "In gesprek of voicemail."},
	{ID: "afspraak", Label: "Terugbellen op afspraak", Kind: event.CallAppointment, Reached: true, Needs: Moment},
	{ID: "toegezegd", Label: "Zegt toe het zelf in te vullen", Kind: event.Promised, Reached: true},
	{ID: TakeCore, Label: "Kernvragen nu afnemen", Kind: event.Called, Said: "Kernvragen in het gesprek.", Reached: true},
	{ID: SendLink, Label: "Link opnieuw sturen", Hint: "Naar hetzelfde of een ander e-mailadres.", Kind: event.Called, Said: "Vraagt om de link.", Reached: true, Needs: Link},
	{ID: OtherPerson, Label: "Iemand anders gaat hierover", Hint: "Daarna vult u in wie.", Kind: event.Called, Said: "Verwijst naar een ander.", Reached: true},
	{ID: WrongNumber, Label: "Verkeerd nummer", Hint: "Daarna vult u het goede nummer in.", Kind: event.CallNoAnswer, Said: "Verkeerd nummer."},
	{ID: "weigering", Label: "Weigert", Kind: event.Refused, Reached: true, Needs: Reason},
	{ID: "weigering_ander", Label: "Een ander weigert", Hint: "Het secretariaat of het bestuur.", Kind: event.RefusedByOther, Reached: true, Needs: Reason},
	{ID: "afwezig", Label: "Afwezig tot na het sluiten", Kind: event.Away, Reached: true},
	{ID: "niet_in_staat", Label: "Niet in staat om mee te doen", Hint: "Ziekte, vacature. Zet in de notitie waarom.", Kind: event.Unable, Reached: true, Needs: Note},
	{ID: "buiten_populatie", Label: "Hoort niet in het onderzoek", Hint: "Opgeheven, of zonder deze taak. Zet in de notitie waarom.", Kind: event.OutOfPopulation, Reached: true, Needs: Note},
	{ID: "dubbel", Label: "Staat dubbel in het bestand", Hint: "Zet in de notitie bij welke eenheid.", Kind: event.Duplicate, Reached: true, Needs: Note},
}

// Find returns the outcome with an id.
func Find(id string) (Outcome, bool) {
	for _, o := range Outcomes {
		if o.ID == id {
			return o, true
		}
	}
	return Outcome{}, false
}

// Key is the key that chooses the outcome in place i: 1 to 9, 0, and then
// letters; "" for one without.
func Key(i int) string {
	const keys = "1234567890abcdef"
	if i < 0 || i >= len(keys) {
		return ""
	}
	return keys[i : i+1]
}

// Posted is what was filled in after a call, as typed.
type Posted struct {
	Outcome string
	Date    string // 2026-11-26
	Time    string // 10:30
	Reason  string // id
	Note    string
	Email   string // where the link goes; "" to the contact as it is
}

// A Result is what was posted, once it is right.
type Result struct {
	Outcome
	Again  time.Time // of an appointment
	Reason string    // id
	Note   string
	Email  string
}

// EventNote is the note of the event: what analysis may read. The words of the
// fieldworker stay with the contact.
func (r Result) EventNote() string {
	if label, ok := event.ReasonLabel(r.Reason); ok {
		return label + "."
	}
	return r.Said
}

// A Problem is what must be mended, with the field it is about.
type Problem struct{ Field, Text string }

// MaxNote is the longest note of a call, in characters (standards V7): an outcome
// is chosen, and what is written beside it is short, so that it is not about people.
const MaxNote = 200

// Read checks what was posted. closes is when the study does; an appointment
// lies between now and then.
func Read(p Posted, now, closes time.Time, place *time.Location) (Result, []Problem) {
	var problems []Problem
	wrong := func(field, text string) { problems = append(problems, Problem{field, text}) }
	o, ok := Find(p.Outcome)
	r := Result{Outcome: o, Note: strings.TrimSpace(p.Note)}
	if !ok {
		wrong("uitkomst", "Kies hoe het gesprek afliep.")
	}
	switch o.Needs {
	case Moment:
		var problem Problem
		if r.Again, problem = moment(p.Date, p.Time, now, closes, place); problem.Text != "" {
			wrong(problem.Field, problem.Text)
		}
	case Reason:
		if r.Reason = p.Reason; r.Reason == "" {
			wrong("reden", "Kies een reden. Geeft iemand geen reden, kies dan ‘Een andere reden’.")
		} else if _, ok := event.ReasonLabel(r.Reason); !ok {
			wrong("reden", "Kies een reden uit de lijst.")
		}
	case Note:
		if r.Note == "" {
			wrong("notitie", "Vul in waarom. Wij benaderen deze eenheid daarna niet meer.")
		}
	case Link:
		if r.Email = strings.TrimSpace(p.Email); r.Email != "" && mail.CheckAddress(r.Email) != nil {
			wrong("email", "Dit is geen e-mailadres. Een goed adres is bijvoorbeeld naam@organisatie.nl.")
		}
	}
	if utf8.RuneCountInString(r.Note) > MaxNote {
		wrong("notitie", fmt.Sprintf("Maak de notitie korter dan %d tekens.", MaxNote+1))
	}
	return r, problems
}

// moment reads when to call again.
func moment(date, clock string, now, closes time.Time, place *time.Location) (time.Time, Problem) {
	day, err := time.ParseInLocation("2006-01-02", strings.TrimSpace(date), place)
	if err != nil {
		return time.Time{}, Problem{"datum", "Vul een datum in, zoals 26-11-2026."}
	}
	hour, err := time.Parse("15:04", strings.ReplaceAll(strings.TrimSpace(clock), ".", ":"))
	if err != nil {
		return time.Time{}, Problem{"tijd", "Vul een tijd in, zoals 10.30 uur."}
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), hour.Hour(), hour.Minute(), 0, 0, place)
	switch {
	case !at.After(now):
		return at, Problem{"datum", "Kies een moment dat nog moet komen."}
	case !at.Before(closes):
		return at, Problem{"datum", "Kies een moment voor het sluiten van het onderzoek."}
	}
	return at, Problem{}
}
