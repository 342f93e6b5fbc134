package contactplan

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// particles begin a Dutch surname.
var particles = []string{"de", "den", "der", "het", "in", "op", "te", "ten", "ter", "van", "von", "'t", "’t", "'s", "’s", "el", "al", "la", "le", "du", "d'", "ben"}

// Salutation addresses a person: "Geachte mevrouw De Boer". Where it is not clear
// what part of a name is the surname, the whole name is said.
func Salutation(salutation, name string) string {
	name = clean(strings.Split(name, ",")[0]) // a title behind a comma: J. Vos, MSc
	if name == "" {
		return "Geachte heer, mevrouw"
	}
	var title string
	switch strings.Trim(strings.ToLower(clean(salutation)), ".") {
	case "de heer", "heer", "dhr", "de hr", "meneer":
		title = "heer"
	case "mevrouw", "mevr", "mw":
		title = "mevrouw"
	default:
		return "Geachte " + name
	}
	return "Geachte " + title + " " + surname(name)
}

// surname returns the surname in a name with initials or one given name.
func surname(name string) string {
	words := strings.Fields(name)
	start := 0
	for start < len(words)-1 && strings.HasSuffix(words[start], ".") {
		start++ // initials and titles: drs. J.P.
	}
	for i := start; i < len(words)-1; i++ {
		if isParticle(words[i]) {
			return capital(strings.Join(words[i:], " "))
		}
	}
	if start == 0 && len(words) == 2 {
		start = 1
	}
	return strings.Join(words[start:], " ")
}

func isParticle(word string) bool {
	for _, p := range particles {
		if word == p {
			return true
		}
	}
	return false
}

// capital writes a surname without a first name before it: De Boer, but 't Hart.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
