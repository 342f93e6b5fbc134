package coding

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Coded is an answer with the codes that it got.
type Coded struct {
	Text  string
	Codes []string
}

// An Index finds the coded answers that a text resembles: by groups of three to
// five letters, weighed by how rare they are (TF-IDF), and the cosine between the
// two (Salton and Buckley 1988). It runs here, learns from nothing else, and gives
// the same for the same answers. A person decides.
type Index struct {
	coded   []Coded
	vectors []map[string]float64 // of length 1
	rare    map[string]float64   // weight of a group of letters
}

// The groups of letters, and how many neighbours have a say.
const (
	shortest, longest = 3, 5
	neighbours        = 7
	// leastAlike is the cosine under which two answers have no more in common than
	// any two in Dutch.
	leastAlike = .12
	// leastSure is the share of the say that a code needs to be put forward.
	leastSure = .25
)

// NewIndex learns from coded answers.
func NewIndex(coded []Coded) *Index {
	x := &Index{coded: coded, rare: map[string]float64{}}
	counts := make([]map[string]float64, len(coded))
	for i, c := range coded {
		counts[i] = groups(c.Text)
		for g := range counts[i] {
			x.rare[g]++
		}
	}
	for g, n := range x.rare {
		x.rare[g] = math.Log(float64(1+len(coded))/(1+n)) + 1
	}
	for _, c := range counts {
		x.vectors = append(x.vectors, x.weigh(c))
	}
	return x
}

// groups counts the groups of letters in the words of a text, without accents and
// capitals; a space stands for the edge of a word.
func groups(text string) map[string]float64 {
	var b strings.Builder
	b.WriteByte(' ')
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r) && !strings.HasSuffix(b.String(), " "):
			b.WriteByte(' ')
		}
	}
	letters := []rune(strings.TrimRight(b.String(), " ") + " ")
	out := map[string]float64{}
	for n := shortest; n <= longest; n++ {
		for i := 0; i+n <= len(letters); i++ {
			if g := letters[i : i+n]; !slices.Contains(g[1:n-1], ' ') {
				out[string(g)]++
			}
		}
	}
	return out
}

// weigh gives a vector of length 1. Groups that no coded answer has are left out:
// they can match nothing, and count in the length of the text.
func (x *Index) weigh(counts map[string]float64) map[string]float64 {
	unseen := math.Log(float64(1+len(x.coded))) + 1
	squares := make([]float64, 0, len(counts))
	out := make(map[string]float64, len(counts))
	for g, n := range counts {
		rare, known := x.rare[g]
		if !known {
			rare = unseen
		}
		v := (1 + math.Log(n)) * rare
		squares = append(squares, v*v)
		if known {
			out[g] = v
		}
	}
	slices.Sort(squares) // a sum in the order of a map would differ in its last digits
	length := 0.0
	for _, s := range squares {
		length += s
	}
	for g := range out {
		out[g] /= math.Sqrt(length)
	}
	return out
}

// A Suggestion is a code that answers like this one got.
type Suggestion struct {
	Code string
	Sure float64 // share of the say of the answers most alike, 0 to 1
	Like string  // the most alike of the answers that got it
}

// Suggest returns the codes that answers like text got, the surest first; none
// where nothing is alike.
func (x *Index) Suggest(text string) []Suggestion {
	v := x.weigh(groups(text))
	type near struct {
		at    int
		alike float64
	}
	var all []near
	for i, other := range x.vectors {
		if c := cosine(v, other); c >= leastAlike {
			all = append(all, near{i, c})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(b.alike, a.alike) })
	all = all[:min(len(all), neighbours)]
	total := 0.0
	var out []Suggestion
	for _, n := range all {
		total += n.alike
		for _, code := range x.coded[n.at].Codes {
			i := slices.IndexFunc(out, func(s Suggestion) bool { return s.Code == code })
			if i < 0 {
				out = append(out, Suggestion{Code: code, Like: x.coded[n.at].Text})
				i = len(out) - 1
			}
			out[i].Sure += n.alike
		}
	}
	for i := range out {
		out[i].Sure = min(1, out[i].Sure/total)
	}
	out = slices.DeleteFunc(out, func(s Suggestion) bool { return s.Sure < leastSure })
	slices.SortStableFunc(out, func(a, b Suggestion) int { return cmp.Compare(b.Sure, a.Sure) })
	return out
}

// cosine is that of two vectors of length 1, rounded so that the order of a sum
// over a map does not show.
func cosine(a, b map[string]float64) float64 {
	if len(b) < len(a) {
		a, b = b, a
	}
	sum := 0.0
	for g, x := range a {
		sum += x * b[g]
	}
	return math.Round(sum*1e9) / 1e9
}

// Learned returns the answers from which a coder may get suggestions: those that
// the coder did, and those that were decided. What another coder chose stays
// hidden, or two codings would not be blind.
func (w *Work) Learned(coder, but int64) []Coded {
	var out []Coded
	for _, a := range w.Answers {
		if a.ID == but {
			continue
		}
		x, ok := w.decided[a.ID]
		if !ok {
			x, ok = w.Of(a.ID, coder)
		}
		if ok && len(x.Codes) > 0 {
			out = append(out, Coded{a.Text, x.Codes})
		}
	}
	return out
}
