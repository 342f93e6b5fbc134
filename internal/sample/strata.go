package sample

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A Stratum is a value of a background column with the number of units that
// have it.
type Stratum struct {
	Value string // as written; empty for units of which it is unknown
	N     int
}

// Counts returns the strata of a background column. Their N add up to the
// number of units of the register: population counts come from the frame.
//
// The order is that of the words people use for one, if every value begins with
// such a word: noord, oost, midden, west, zuid; ja, nee; klein, gemiddeld,
// groot. Else, values that all contain a number come in the order of the first
// one, as classes do: "<20.000", "20.000-<50.000", ">=100.000". Other values
// come in the order in which the register has them first. Units without a value
// come last. An unknown column has no strata.
func Counts(r Register, columnID string) []Stratum {
	if !slices.ContainsFunc(r.Columns, func(c Column) bool { return c.ID == columnID }) {
		return nil
	}
	var strata []Stratum
	at := make(map[string]int)
	for _, u := range r.Units {
		v := u.Background[columnID]
		i, ok := at[v]
		if !ok {
			i = len(strata)
			at[v] = i
			strata = append(strata, Stratum{Value: v})
		}
		strata[i].N++
	}
	Order(strata)
	return strata
}

// Order sorts strata as Counts promises.
func Order(strata []Stratum) {
	ranks := []func(string) (place, bool){numberPlace}
	for i, scale := range scales {
		ranks = slices.Insert(ranks, i, inScale(strings.Fields(scale)))
	}
	for _, rank := range ranks {
		places := make(map[string]place)
		all := true
		for _, s := range strata {
			p, ok := rank(s.Value)
			places[s.Value] = p
			all = all && (ok || s.Value == "")
		}
		if all {
			slices.SortStableFunc(strata, func(a, b Stratum) int {
				p, q := places[a.Value], places[b.Value]
				return cmp.Or(cmp.Compare(p.number, q.number), cmp.Compare(p.side, q.side))
			})
			break
		}
	}
	slices.SortStableFunc(strata, func(a, b Stratum) int {
		switch {
		case a.Value == "" && b.Value != "":
			return 1
		case a.Value != "" && b.Value == "":
			return -1
		}
		return 0
	})
}

// scales are words with an order of their own.
var scales = [...]string{
	"noord oost midden west zuid",
	"ja nee",
	"klein middel middelgroot gemiddeld groot",
	"laag gemiddeld midden hoog",
	"negatief neutraal positief",
}

// inScale returns a function that gives the place of a value in a scale, by its
// first word.
func inScale(words []string) func(value string) (place, bool) {
	return func(value string) (place, bool) {
		word := bare(value)
		if end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
			word = word[:end]
		}
		at := slices.Index(words, word)
		return place{float64(at), 0}, at >= 0
	}
}

// A place is where a value stands: at a number, or just below (-1) or above (1)
// it.
type place struct {
	number float64
	side   int
}

var firstNumber = regexp.MustCompile(`[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:[,.][0-9]+)?`)

// numberPlace reads the first number of a value, with the Dutch signs for thousands
// and decimals, and the sign or word before it.
func numberPlace(value string) (place, bool) {
	span := firstNumber.FindStringIndex(value)
	if span == nil {
		return place{}, false
	}
	digits := value[span[0]:span[1]]
	if strings.Contains(digits, ",") || grouped(digits) {
		digits = strings.ReplaceAll(digits, ".", "")
	}
	number, err := strconv.ParseFloat(strings.ReplaceAll(digits, ",", "."), 64)
	if err != nil {
		return place{}, false
	}
	before := strings.TrimSpace(strings.ToLower(value[:span[0]]))
	switch {
	case before == "-":
		return place{-number, 0}, true
	case strings.HasSuffix(before, "<"), strings.HasSuffix(before, "≤"), strings.HasSuffix(before, "<="),
		strings.HasSuffix(before, "minder dan"), strings.HasSuffix(before, "tot"), strings.HasSuffix(before, "onder"),
		strings.HasSuffix(before, "hoogstens"), strings.HasSuffix(before, "t/m"):
		return place{number, -1}, true
	case strings.HasSuffix(before, ">"), strings.HasSuffix(before, "meer dan"), strings.HasSuffix(before, "boven"):
		return place{number, 1}, true
	}
	return place{number, 0}, true
}

// grouped reports whether the dots in a number separate thousands.
func grouped(digits string) bool {
	groups := strings.Split(digits, ".")
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}

// What a column must be like to divide the population by.
const (
	minStrata  = 2
	maxStrata  = 12
	minPerOne  = 3   // units to a stratum, on average
	minPresent = 0.9 // share of the units that have a value
)

// Candidates returns the ids of the background columns that can serve as
// strata, in the order of the file: two to twelve values with on average three
// units or more, known for nine units in ten. Remarks, names and counts drop
// out by this; the researcher chooses among the rest. Of columns that divide the
// units alike, as the codes and the names of provinces do, the one with the
// longer words stays.
func Candidates(r Register) []string {
	var ids []string
	for _, c := range r.Columns {
		values, present := 0, 0
		for _, s := range Counts(r, c.ID) {
			if s.Value != "" {
				values++
				present += s.N
			}
		}
		if values >= minStrata && values <= maxStrata && present >= minPerOne*values &&
			float64(present) >= minPresent*float64(len(r.Units)) {
			ids = append(ids, c.ID)
		}
	}
	return distinct(r, ids)
}

// distinct drops columns that divide the units as another one does.
func distinct(r Register, ids []string) []string {
	var out []string
	for i, id := range ids {
		told := false
		for j, other := range ids {
			if i != j && sameStrata(r, id, other) {
				mine, theirs := letters(r, id), letters(r, other)
				told = told || theirs > mine || theirs == mine && j < i
			}
		}
		if !told {
			out = append(out, id)
		}
	}
	return out
}

// sameStrata reports whether two columns have a value of one for each value of the
// other.
func sameStrata(r Register, a, b string) bool {
	ab, ba := map[string]string{}, map[string]string{}
	for _, u := range r.Units {
		x, y := u.Background[a], u.Background[b]
		if to, ok := ab[x]; ok && to != y {
			return false
		}
		if to, ok := ba[y]; ok && to != x {
			return false
		}
		ab[x], ba[y] = y, x
	}
	return true
}

func letters(r Register, id string) int {
	n := 0
	for _, u := range r.Units {
		n += len(u.Background[id])
	}
	return n
}

// Few lists the strata of a column with fewer units than small: "ja (4)"
// (standards X4). Units without a value are no stratum.
func Few(r Register, columnID string, small int) []string {
	var out []string
	for _, s := range Counts(r, columnID) {
		if s.Value != "" && s.N < small {
			out = append(out, fmt.Sprintf("%s (%d)", s.Value, s.N))
		}
	}
	return out
}
