package answer

import (
	"regexp"
	"slices"
	"strings"
)

// The signs of names, which a person has to judge: many words with a capital are
// none.
const (
	KnownName    Sign = "naam of plaats uit het register"
	PossibleName Sign = "mogelijk een naam"
)

var (
	capital = regexp.MustCompile(`\p{Lu}[\p{Ll}'’-]+(?:(?: van| de| den| der| te| ten| ter| het)* \p{Lu}[\p{Ll}'’-]+)*`)
	opening = regexp.MustCompile(`(?:^|[.!?:;•\n"“‘(-])\s*$`)
)

// Named returns what in a text seems to be the name of a person, an organisation or
// a place: one of known, or words with a capital that do not begin a sentence. With
// Personal it is what has to be looked at before a text is published (standards X5).
func Named(text string, known []string) []Finding {
	var out []Finding
	for _, name := range known {
		if len([]rune(name)) < 4 {
			continue
		}
		for _, at := range regexp.MustCompile(`(?i)(?:^|[^\p{L}])(`+regexp.QuoteMeta(name)+`)(?:$|[^\p{L}])`).FindAllStringSubmatchIndex(text, -1) {
			out = append(out, Finding{KnownName, at[2], at[3]})
		}
	}
	for _, at := range capital.FindAllStringIndex(text, -1) {
		overlaps := slices.ContainsFunc(out, func(f Finding) bool { return f.From < at[1] && at[0] < f.To })
		if overlaps || opening.MatchString(text[:at[0]]) && !strings.Contains(text[at[0]:at[1]], " ") {
			continue
		}
		out = append(out, Finding{PossibleName, at[0], at[1]})
	}
	slices.SortFunc(out, func(a, b Finding) int { return a.From - b.From })
	return out
}
