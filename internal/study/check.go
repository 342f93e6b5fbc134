package study

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Field is what somebody fills in of a study.
type Field string

// The fields of a study.
const (
	TitleField     Field = "titel"
	OpensField     Field = "opent"
	ClosesField    Field = "sluit"
	OrganiserField Field = "uitvoerder"
	ClientField    Field = "opdrachtgever"
	PhoneField     Field = "telefoon"
	EmailField     Field = "email"
	SenderField    Field = "afzender"
	RoleField      Field = "functie"
	QuestionField  Field = "vraag"
	WhyField       Field = "waarom"
	ResultsField   Field = "uitkomsten"
	PromiseField   Field = "belofte"
)

// Problems are what must be mended, by field, in Dutch.
type Problems map[Field]string

// The longest texts, in characters: a line, and a paragraph of a letter.
const (
	maxLine = 200
	maxText = 1000
)

// Texts are the settings that somebody writes, by field, for reading and writing
// them alike. Those of privacy have a page of their own.
func (s *Settings) Texts() map[Field]*string {
	return map[Field]*string{
		OrganiserField: &s.Organiser, ClientField: &s.Client, PhoneField: &s.Phone, EmailField: &s.Email, SenderField: &s.Sender, RoleField: &s.Role,
		QuestionField: &s.Question, WhyField: &s.Why, ResultsField: &s.Results,
	}
}

// Check says what must be mended in a study, whatever its phase. What a study
// needs only before it may be released is for the checklist.
func (s Study) Check() Problems {
	p := Problems{}
	switch {
	case s.Slug == "":
		p[TitleField] = "Geef het onderzoek een titel met letters of cijfers."
	case slices.Contains(reserved, s.Slug):
		p[TitleField] = "Geef het onderzoek een andere titel: dit adres gebruikt de site zelf."
	case utf8.RuneCountInString(s.Title) > maxLine:
		p[TitleField] = "Maak de titel korter dan 200 tekens."
	}
	if !s.Opens.Before(s.Closes) {
		p[ClosesField] = "Het onderzoek moet later sluiten dan het opent."
	}
	for field, text := range s.Settings.Texts() {
		limit := maxLine
		if field == WhyField || field == ResultsField {
			limit = maxText
		}
		switch {
		case utf8.RuneCountInString(*text) > limit:
			p[field] = "Deze tekst is te lang."
		case strings.ContainsFunc(*text, unicode.IsControl):
			p[field] = "Hier mag geen regeleinde of ander onzichtbaar teken staan."
		}
	}
	if a := s.Settings.Email; a != "" && p[EmailField] == "" {
		if parsed, err := mail.ParseAddress(a); err != nil || parsed.Address != a {
			p[EmailField] = "Dit is geen e-mailadres. Schrijf het als naam@organisatie.nl."
		}
	}
	if n := digits(s.Settings.Phone); s.Settings.Phone != "" && (n < 6 || n > 15) {
		p[PhoneField] = "Dit is geen telefoonnummer."
	}
	return p
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// Amend says why s may not become to, by field; what is wrong with to itself
// included. Once mail may go, the period changes only by extending, closing and
// reopening, each with its reason, and a promise that was made is kept.
func (s Study) Amend(to Study) Problems {
	p := to.Check()
	if !s.Released.IsZero() {
		if !to.Opens.Equal(s.Opens) {
			p[OpensField] = "Het onderzoek is vrijgegeven. De openingstijd ligt vast."
		}
		if !to.Closes.Equal(s.Closes) {
			p[ClosesField] = "Het onderzoek is vrijgegeven. Gebruik hiervoor verlengen, sluiten of heropenen."
		}
	}
	if why := s.MayChange(to.Settings.Disclosure); why != "" {
		p[PromiseField] = why
	}
	return p
}

// amsterdam is where the respondents are.
var amsterdam = func() *time.Location {
	l, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // contactplan links tzdata in
	}
	return l
}()

// ParseMoment reads a day and a time of day as people write them, or as a
// browser posts them: 7-12-2026, 7 december 2026 or 2026-12-07, and 9.00, 9:00
// or 9 uur. It gives a moment in Dutch time, or what is wrong with either.
func ParseMoment(day, clock string) (t time.Time, dayProblem, clockProblem string) {
	date, ok := parseDay(day)
	if !ok {
		dayProblem = "Schrijf een dag, bijvoorbeeld 7-12-2026."
	}
	at, ok := parseClock(clock)
	if !ok {
		clockProblem = "Schrijf een tijd, bijvoorbeeld 9.00 uur."
	}
	if dayProblem != "" || clockProblem != "" {
		return time.Time{}, dayProblem, clockProblem
	}
	y, m, d := date.Date()
	return time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, amsterdam), "", ""
}

var monthNumbers = strings.NewReplacer("januari", "1", "februari", "2", "maart", "3", "april", "4", "mei", "5", "juni", "6", "juli", "7",
	"augustus", "8", "september", "9", "oktober", "10", "november", "11", "december", "12")

func parseDay(s string) (time.Time, bool) {
	s = strings.Join(strings.Fields(monthNumbers.Replace(strings.ToLower(s))), "-")
	for _, layout := range []string{"2006-01-02", "2-1-2006", "2/1/2006", "2.1.2006"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 2000 && t.Year() < 2100 {
			return t, true
		}
	}
	return time.Time{}, false
}

func parseClock(s string) (time.Time, bool) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(s)), "uur"))
	for _, layout := range []string{"15:04", "15.04", "15:04:05", "15"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// Changed lists the fields in which s and to differ.
func (s Study) Changed(to Study) []Field {
	var out []Field
	if s.Title != to.Title {
		out = append(out, TitleField)
	}
	if !s.Opens.Equal(to.Opens) {
		out = append(out, OpensField)
	}
	if !s.Closes.Equal(to.Closes) {
		out = append(out, ClosesField)
	}
	is := to.Settings.Texts()
	for field, was := range s.Settings.Texts() {
		if *was != *is[field] {
			out = append(out, field)
		}
	}
	if s.Settings.Disclosure.Traceable != to.Settings.Disclosure.Traceable {
		out = append(out, PromiseField)
	}
	slices.Sort(out)
	return out
}
