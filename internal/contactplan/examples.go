package contactplan

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An Example is an addressee to look at before a wave goes out.
type Example struct {
	Index int    // in the list that was given
	Why   string // in Dutch
}

// exampleCount is how many random and how many extreme cases are shown.
const exampleCount = 3

// traits are what tends to go wrong in a name, beside its length.
var traits = []struct {
	why string
	has func(string) bool
}{
	{"apostrof", func(s string) bool { return strings.ContainsAny(s, "'’") }},
	{"accenten", func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) })
	}},
	{"komma", func(s string) bool { return strings.Contains(s, ",") }},
}

// Examples chooses three extreme cases from the names of units (the longest, and
// those with apostrophes, accents or a comma) and then three at random (standards
// M8). The same seed chooses the same.
func Examples(names []string, seed uint64) []Example {
	missing := []string{"langste naam"}
	for _, t := range traits {
		missing = append(missing, t.why)
	}
	longest := 0
	for i, n := range names {
		if utf8.RuneCountInString(n) > utf8.RuneCountInString(names[longest]) {
			longest = i
		}
	}
	var out []Example
	taken := map[int]bool{}
	for len(out) < exampleCount {
		best, found := -1, []string(nil)
		for i, n := range names {
			if has := extreme(n, i == longest, missing); len(has) > len(found) {
				best, found = i, has
			}
		}
		if best < 0 {
			break
		}
		taken[best] = true
		out = append(out, Example{best, enumerate(found)})
		missing = slices.DeleteFunc(missing, func(t string) bool { return slices.Contains(found, t) })
	}
	rest := rand.New(rand.NewPCG(seed, 0)).Perm(len(names))
	for _, i := range rest {
		if !taken[i] && len(out) < len(taken)+exampleCount {
			out = append(out, Example{i, "willekeurig"})
		}
	}
	return out
}

// extreme returns which of the missing traits a name has.
func extreme(name string, longest bool, missing []string) []string {
	var has []string
	if longest && slices.Contains(missing, "langste naam") {
		has = append(has, "langste naam")
	}
	for _, t := range traits {
		if t.has(name) && slices.Contains(missing, t.why) {
			has = append(has, t.why)
		}
	}
	return has
}
