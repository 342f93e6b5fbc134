package sample

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/uitvraag/uitvraag/internal/sheet"
)

// A Candidate is an organisation that a name may mean.
type Candidate struct {
	Organisation Organisation
	Score        float64 // 1: the same name but for case and accents; lower: less alike
}

const (
	maxCandidates = 5
	minScore      = 0.4 // below it, two names have hardly more in common than any two
)

// Match returns the organisations that a name may mean, the likeliest first and
// at most five; organisations that score the same keep their order. It is meant
// to be shown to a person, who chooses.
func Match(name string, among []Organisation) []Candidate {
	var found []Candidate
	for _, o := range among {
		score := alike(name, o.Name)
		for _, other := range o.Also {
			score = max(score, alike(name, other))
		}
		if score >= minScore {
			found = append(found, Candidate{o, score})
		}
	}
	slices.SortStableFunc(found, func(a, b Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return found[:min(len(found), maxCandidates)]
}

// find returns the code of the one organisation of a kind that bears the name,
// or a problem that offers the nearest.
func find(name string, among []Organisation, kind Kind) (code, problem string) {
	if name == "" {
		return "", "de naam van de gemeente ontbreekt"
	}
	var ofKind []Organisation
	for _, o := range among {
		if o.Kind == kind {
			ofKind = append(ofKind, o)
		}
	}
	candidates := Match(name, ofKind)
	if len(candidates) > 0 && candidates[0].Score == 1 && (len(candidates) == 1 || candidates[1].Score < 1) {
		return candidates[0].Organisation.Code, ""
	}
	if len(candidates) == 0 {
		return "", sheet.Quote(name) + " staat niet in het register en lijkt op geen enkele naam daarin"
	}
	offers := make([]string, 0, 3)
	for _, c := range candidates[:min(len(candidates), 3)] {
		offers = append(offers, sheet.Quote(c.Organisation.Name)+" ("+c.Organisation.Code+")")
	}
	why := " staat niet zo in het register. Bedoelt u "
	if candidates[0].Score == 1 {
		why = " kan meer dan één organisatie zijn. Bedoelt u "
	}
	return "", sheet.Quote(name) + why + strings.Join(offers, " of ") + "?"
}

// alike compares two names: 1 if they are the same but for case, accents and
// the form of an apostrophe, otherwise the share of letter pairs that they have
// in common (Dice: twice the common pairs over all pairs), below 1.
func alike(a, b string) float64 {
	if b == "" {
		return 0
	}
	if same(a) == same(b) {
		return 1
	}
	pairsA, pairsB := letterPairs(a), letterPairs(b)
	if len(pairsA)+len(pairsB) == 0 {
		return 0
	}
	left := make(map[[2]rune]int)
	for _, p := range pairsB {
		left[p]++
	}
	common := 0
	for _, p := range pairsA {
		if left[p] > 0 {
			left[p]--
			common++
		}
	}
	return min(0.99, 2*float64(common)/float64(len(pairsA)+len(pairsB)))
}

// same returns what two spellings of one name have in common.
func same(name string) string {
	apostrophe := strings.NewReplacer("’", "'", "‘", "'", "`", "'", "´", "'")
	return strings.Join(strings.Fields(bare(apostrophe.Replace(name))), " ")
}

// letterPairs returns the pairs of letters in the words of a name, with the
// start and end of a word as a letter.
func letterPairs(name string) [][2]rune {
	var pairs [][2]rune
	for word := range strings.FieldsFuncSeq(bare(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		last := ' '
		for _, r := range word + " " {
			pairs = append(pairs, [2]rune{last, r})
			last = r
		}
	}
	return pairs
}
