package account

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A Scope is what a token lets a program read of one study. None of them tells
// who a unit is.
type Scope string

// The scopes.
const (
	ScopeMonitoring Scope = "monitoring" // who answered, counted
	ScopeCodebook   Scope = "codebook"   // the variables, no answers
	ScopeTables     Scope = "tables"     // the tables that may be published
	ScopeData       Scope = "data"       // answers under a pseudonym, and all that is computed of them
)

// Scopes lists all scopes.
var Scopes = []Scope{ScopeMonitoring, ScopeCodebook, ScopeTables, ScopeData}

// Act is what somebody must be allowed to do himself before a token of his may
// read this.
func (s Scope) Act() Act {
	switch s {
	case ScopeMonitoring:
		return SeeStudy
	case ScopeCodebook, ScopeTables:
		return SeeTables
	case ScopeData:
		return SeeData
	}
	return ""
}

// Within returns the scopes that an account can give to a token.
func (a Account) Within() []Scope {
	return slices.DeleteFunc(slices.Clone(Scopes), func(s Scope) bool { return !a.May(s.Act()) })
}

// TokenDays are the times that a token can be made for, in days.
var TokenDays = []int{30, 90, 365}

// A Token lets a program read one study. Its secret is not in it: only the hash of
// that is kept.
type Token struct {
	ID      int64
	Study   int64
	Name    string
	Scopes  []Scope
	Maker   Account // with what he may in the study now
	Made    time.Time
	Expires time.Time
	Used    time.Time // zero: never
	Ended   time.Time // zero: it was not taken back
}

// NewToken checks what is asked of a token for a study. Problems are by the field
// of the form: naam, bereik, geldig.
func NewToken(study int64, maker Account, name string, scopes []string, days int, now time.Time) (Token, map[string]string) {
	t := Token{Study: study, Name: strings.TrimSpace(name), Maker: maker, Made: now, Expires: now.AddDate(0, 0, days)}
	problems := map[string]string{}
	switch {
	case t.Name == "":
		problems["naam"] = "Geef de sleutel een naam, zoals ‘overzicht stuurgroep’."
	case utf8.RuneCountInString(t.Name) > 80 || !utf8.ValidString(t.Name) || strings.ContainsFunc(t.Name, func(r rune) bool { return r < ' ' }):
		problems["naam"] = "Maak de naam korter dan 80 tekens, op één regel."
	}
	for _, s := range Scopes {
		if slices.Contains(scopes, string(s)) {
			t.Scopes = append(t.Scopes, s)
		}
	}
	switch {
	case len(t.Scopes) == 0:
		problems["bereik"] = "Kies wat het programma mag lezen."
	case slices.ContainsFunc(t.Scopes, func(s Scope) bool { return !maker.May(s.Act()) }):
		problems["bereik"] = "Een sleutel kan niet meer dan uw eigen rol. Kies alleen wat u zelf mag zien."
	}
	if !slices.Contains(TokenDays, days) {
		problems["geldig"] = "Kies hoe lang de sleutel geldig is."
	}
	return t, problems
}

// Standing says in a few words why a token does not work at a moment; "" where it
// does.
func (t Token) Standing(now time.Time) string {
	switch {
	case !t.Ended.IsZero():
		return "Ingetrokken"
	case !now.Before(t.Expires):
		return "Verlopen"
	case len(t.reads()) == 0:
		return "De maker mag dit niet meer"
	}
	return ""
}

// May reports whether a token may read something: it was made for that, and who
// made it still may himself.
func (t Token) May(s Scope) bool { return slices.Contains(t.reads(), s) }

func (t Token) reads() []Scope {
	return slices.DeleteFunc(slices.Clone(t.Scopes), func(s Scope) bool { return !t.Maker.May(s.Act()) })
}
