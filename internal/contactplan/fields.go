package contactplan

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A Link is the personal link of a contact, and the code by which a letter leads
// to it. It says which unit it belongs to, so that a text never brings the name
// of one unit and the link of another together.
type Link struct {
	Unit int64
	URL  string
	Code string // for letters and general addresses; else empty
}

// Fields are what a text can say. An empty one leaves out the lines that ask for
// it; a line that needs it all the same is a problem.
type Fields struct {
	Unit     int64
	Name     string // of the unit
	Audience string
	Contact  int64
	Salute   string // Geachte heer Jansen; see Salutation
	Attend   string // for whom a general address is asked to pass it on: de beleidsmedewerker jeugd
	Link     Link

	ShortURL    string // where a code is typed
	Unsubscribe string
	Privacy     string

	Study    string // title
	Question string // the study in one question; empty: the title
	Why      string
	Client   string
	Bureau   string
	Results  string
	Minutes  int
	Deadline string // see Deadline
	Date     string // of a letter

	Sender string // a person; empty: the bureau
	Role   string
	Phone  string
	Email  string

	Colleague string // who passed it on, or to whom
	Other     string // the unit that says it answers for this one too
	Receipt   string // receipt code
	Moment    string // of sending
	Progress  string // how far an unfinished questionnaire is: 4 van de 9
	Caller    string

	redacted bool
}

// Redacted returns f with placeholders where link and code stand, for the copy
// that is kept.
func (f Fields) Redacted() Fields {
	f.redacted = true
	f.Link.URL = "[persoonlijke link]"
	if f.Link.Code != "" {
		f.Link.Code = "[code]"
	}
	if f.Unsubscribe != "" {
		f.Unsubscribe = "[afmeldlink]"
	}
	return f
}

// A field is a name that a template may use.
type field struct {
	name string
	is   usage
	get  func(Fields) string
}

// A usage says where a field may stand and how it is drawn.
type usage int

const (
	words  usage = iota
	url          // only on a line of its own
	secret       // not in a subject
	phone
	email
)

var fields = []field{
	{"aanhef", words, func(f Fields) string { return either(f.Salute, "Geachte heer, mevrouw") }},
	{"aanleiding", words, func(f Fields) string { return f.Why }},
	{"afmelden", url, func(f Fields) string { return f.Unsubscribe }},
	{"afzender", words, func(f Fields) string { return either(f.Sender, f.Bureau, "Het onderzoeksteam") }},
	{"ander", words, func(f Fields) string { return f.Other }},
	{"beller", words, func(f Fields) string { return f.Caller }},
	{"bureau", words, func(f Fields) string { return either(f.Bureau, "Het onderzoeksteam") }},
	{"code", secret, func(f Fields) string { return f.Link.Code }},
	{"collega", words, func(f Fields) string { return f.Colleague }},
	{"datum", words, func(f Fields) string { return f.Date }},
	{"doelgroep", words, func(f Fields) string { return f.Audience }},
	{"eenheid", words, func(f Fields) string { return f.Name }},
	{"email", email, func(f Fields) string { return f.Email }},
	{"functie", words, func(f Fields) string { return f.Role }},
	{"kortadres", url, func(f Fields) string { return f.ShortURL }},
	{"link", url, func(f Fields) string { return f.Link.URL }},
	{"minuten", words, func(f Fields) string {
		if f.Minutes <= 0 {
			return ""
		}
		return strconv.Itoa(f.Minutes)
	}},
	{"moment", words, func(f Fields) string { return f.Moment }},
	{"onderzoek", words, func(f Fields) string { return f.Study }},
	{"ontvangst", secret, func(f Fields) string { return f.Receipt }},
	{"opdrachtgever", words, func(f Fields) string { return f.Client }},
	{"privacy", url, func(f Fields) string { return f.Privacy }},
	{"resultaat", words, func(f Fields) string { return f.Results }},
	{"sluit", words, func(f Fields) string { return f.Deadline }},
	{"stap", words, func(f Fields) string { return f.Progress }},
	{"tav", words, func(f Fields) string { return f.Attend }},
	{"telefoon", phone, func(f Fields) string { return f.Phone }},
	{"vraag", words, func(f Fields) string { return either(f.Question, f.Study) }},
}

// FieldNames returns the names that a template may use, in alphabetical order.
func FieldNames() []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return names
}

func fieldNamed(name string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// value returns what a field says, on one line and without characters that a
// reader cannot see.
func (f field) value(from Fields) string { return clean(f.get(from)) }

func either(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

// clean makes one line of a text: no control or format characters, single
// spaces, valid UTF-8.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}
