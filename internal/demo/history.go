package demo

import (
	"math/rand/v2"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A calendar makes up moments in a field period, in the office hours of its
// place.
type calendar struct {
	opens, closes time.Time
	until         time.Time // nothing happens later than this
}

// amsterdam is where the field work is done.
func amsterdam() (*time.Location, error) { return time.LoadLocation("Europe/Amsterdam") }

// at returns a moment in office hours, that many days after opening; on a closed
// day it is the first open day after it.
func (c calendar) at(r *rand.Rand, days int) time.Time {
	y, m, d := c.opens.AddDate(0, 0, days).Date()
	t := time.Date(y, m, d, 9, 0, 0, 0, c.opens.Location())
	for !working(t) {
		t = t.AddDate(0, 0, 1)
	}
	return t.Add(time.Duration(r.IntN(8*3600)) * time.Second)
}

// working reports whether offices are open on the day of t, school holidays
// aside.
func working(t time.Time) bool {
	switch t.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	switch t.Format("0102") {
	case "0101", "0427", "1225", "1226":
		return false
	}
	easter := easterSunday(t.Year(), t.Location())
	for _, days := range []int{1, 39, 50} { // Easter Monday, Ascension, Whit Monday
		if y, m, d := easter.AddDate(0, 0, days).Date(); y == t.Year() && m == t.Month() && d == t.Day() {
			return false
		}
	}
	return true
}

// easterSunday follows the anonymous Gregorian rule.
func easterSunday(year int, place *time.Location) time.Time {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, place)
}

// waves are the days after opening at which people start, with how often: most
// of them soon after the invitation, a reminder or a call.
var waves = []struct{ day, often int }{
	{0, 14}, {1, 12}, {2, 8}, {3, 6}, {4, 4}, {7, 4}, {8, 3}, {9, 3}, {10, 2}, {11, 2}, // invitation
	{14, 9}, {15, 9}, {16, 6}, {17, 4}, {18, 3}, // written reminder
	{21, 5}, {22, 6}, {23, 5}, {24, 4}, {25, 3}, // telephone
	{28, 5}, {29, 5}, {30, 4}, {31, 3}, {32, 2}, {35, 3}, {36, 3}, {37, 3}, {38, 2}, // second reminder
}

// startDay returns how long after opening somebody starts, before the given day.
func startDay(r *rand.Rand, before int) int {
	total := 0
	for _, w := range waves {
		if w.day < before {
			total += w.often
		}
	}
	n := r.IntN(total)
	for _, w := range waves {
		if n -= w.often; n < 0 {
			return w.day
		}
	}
	return 0
}

// sitting turns answers into the saves by which they came in, page after page,
// from a moment on. It stops at the question where the respondent stopped; one
// in five takes a break till the next working day.
func sitting(f *form.Form, w *respondent, r *rand.Rand, start time.Time, c calendar) []store.PastSave {
	var saves []store.PastSave
	state, at := answer.Values{}, start
	pages := f.Visible(w.values)
	pause := -1
	if r.IntN(5) == 0 && !w.core {
		pause = 2 + r.IntN(len(pages))
	}
	for i, p := range pages {
		if w.stop != "" && p.Question.ID == w.stop {
			break
		}
		if w.core && !p.Question.Kernvraag {
			continue
		}
		if next := at.AddDate(0, 0, 1); i == pause && working(next) && next.Before(c.until.Add(-2*time.Hour)) {
			at = next
		}
		at = at.Add(time.Duration(12+r.IntN(25)*len(p.Items)/2) * time.Second)
		changes := posted(p, w.values)
		answer.Apply(state, changes)
		seen := answer.Seen(p.Items, state)
		answer.Apply(state, seen)
		saves = append(saves, store.PastSave{At: at, Page: p.ID, Changes: append(changes, seen...)})
	}
	return saves
}

// posted returns what the post of a page changes.
func posted(p *instrument.Page, values answer.Values) []answer.Change {
	var changes []answer.Change
	for _, it := range p.Items {
		for _, v := range it.Variables {
			if is := values[v.Name]; is != "" {
				changes = append(changes, answer.Change{Variable: v.Name, Is: is})
			}
		}
	}
	return changes
}

// A story collects what happened in one study.
type story struct {
	past store.Past
	calendar
	audience string
	form     *form.Form
	rand     *rand.Rand
}

// response adds what a respondent filled in from start on; with no status it was
// not sent.
func (s *story) response(w *respondent, status answer.Status, start time.Time) {
	p := store.PastResponse{Audience: s.audience, Unit: w.member.code, Edition: s.form.In.Edition, Mode: answer.Web, Status: status}
	if w.core {
		p.Mode = answer.Tel
		s.happened(w.member, event.Called, start, "tel", "Beantwoordt de kernvragen aan de telefoon.")
	}
	p.Saves = sitting(s.form, w, s.rand, start, s.calendar)
	if len(p.Saves) == 0 {
		return
	}
	p.Started = p.Saves[0].At
	last := p.Saves[len(p.Saves)-1].At
	switch status {
	case "":
	case answer.Partial:
		p.Sent = s.closes
	default:
		p.Sent, p.Covers = last.Add(time.Minute), w.member.covers
	}
	if status != "" {
		state := answer.Values{}
		for _, save := range p.Saves {
			answer.Apply(state, save.Changes)
		}
		p.Answers = s.form.Final(state)
	}
	s.past.Responses = append(s.past.Responses, p)
}

// happened adds an event that field workers recorded.
func (s *story) happened(m *member, kind event.Kind, at time.Time, channel, note string) {
	s.past.Events = append(s.past.Events, store.PastEvent{Audience: s.audience, Unit: m.code,
		Event: event.Event{Kind: kind, Occurred: at, Channel: channel, Actor: event.ByStaff, Note: note}})
}

// bounced adds a message that came back minutes after it was sent.
func (s *story) bounced(m *member) {
	at := s.opens.Add(100*time.Minute + time.Duration(s.rand.IntN(20))*time.Minute)
	s.past.Events = append(s.past.Events, store.PastEvent{Audience: s.audience, Unit: m.code,
		Event: event.Event{Kind: event.Bounced, Occurred: at, Channel: "mail", Actor: event.BySystem, Note: "Het adres bestaat niet."}})
}

// settings are what the demonstrations tell respondents.
var settings = study.Settings{
	Organiser: "Bureau De Proef",
	Client:    "een opdrachtgever die wij voor deze demonstratie hebben verzonnen",
	Phone:     "088 - 000 00 00",
	Email:     "onderzoek@uitvraag.example",
	Question:  "Hoe staat het met de aansluiting tussen onderwijs en jeugdhulp?",
	Why:       "Wij willen weten wat werkt en wat knelt, zodat scholen en gemeenten van elkaar kunnen leren.",
	Sender:    "Ine van der Proef",
	Role:      "onderzoeker",
	Results:   "Dit is een demonstratie: alle organisaties en antwoorden zijn verzonnen.",
}
