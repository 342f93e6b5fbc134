package answer_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// page is one page per question of a small instrument: a single choice with
// "anders", boxes with "anders", a text, a count.
func questionnaire(t testing.TB) map[string]*instrument.Page {
	t.Helper()
	options := []instrument.Option{{ID: "a", Code: 1, Label: "A"}, {ID: "b", Code: 2, Label: "B"}, {ID: "anders", Code: 3, Label: "Anders", Open: true},
		{ID: "gz", Label: "Geen zicht op", Missing: instrument.NoView}}
	in := instrument.Instrument{Sections: []instrument.Section{{Questions: []instrument.Question{
		{ID: "een", Kind: instrument.Single, Text: "Een", Options: options},
		{ID: "vak", Kind: instrument.Multi, Text: "Vakken", Options: options},
		{ID: "open", Kind: instrument.Open, Text: "Open"},
		{ID: "tel", Kind: instrument.Number, Text: "Tel", Range: instrument.Range{Max: 500}},
		{ID: "rij", Kind: instrument.MatrixSingle, Text: "Rijen", Options: options, Rows: []instrument.Row{{ID: "r1", Label: "1"}, {ID: "r2", Label: "2"}}},
		{ID: "hok", Kind: instrument.MatrixMulti, Text: "Hokken", Options: options, Rows: []instrument.Row{{ID: "r1", Label: "1"}, {ID: "r2", Label: "2"}}},
	}}}}
	pages := map[string]*instrument.Page{}
	all := in.Pages()
	for i := range all {
		pages[all[i].ID] = &all[i]
	}
	return pages
}

func TestMergeDecidesPerAnswer(t *testing.T) {
	t.Parallel()
	pages := questionnaire(t)
	type V = answer.Values
	conflict := func(mine, theirs V, variables ...string) []answer.Conflict {
		return []answer.Conflict{{Variables: variables, Mine: mine, Theirs: theirs}}
	}
	boxes := []string{"vak_a", "vak_b", "vak_anders", "vak_gz"}
	tests := []struct {
		name      string
		page      string
		current   V
		posted    V
		later     []answer.Change
		changes   []answer.Change
		conflicts []answer.Conflict
	}{
		{name: "nothing changed", page: "een", current: V{"een": "1"}, posted: V{"een": "1", "een_anders_txt": ""}},
		{name: "mine only", page: "een", current: V{"een": "1"}, posted: V{"een": "2"}, changes: []answer.Change{{Variable: "een", Was: "1", Is: "2"}}},
		{name: "first answer", page: "een", current: V{}, posted: V{"een": "2"}, changes: []answer.Change{{Variable: "een", Is: "2"}}},
		{name: "theirs only, mine as rendered", page: "een", current: V{"een": "2"}, posted: V{"een": "1"}, later: []answer.Change{{Variable: "een", Was: "1", Is: "2"}}},
		{name: "both the same", page: "een", current: V{"een": "2"}, posted: V{"een": "2"}, later: []answer.Change{{Variable: "een", Was: "1", Is: "2"}}},
		{name: "both different", page: "een", current: V{"een": "2"}, posted: V{"een": "3"}, later: []answer.Change{{Variable: "een", Was: "1", Is: "2"}},
			conflicts: conflict(V{"een": "3"}, V{"een": "2"}, "een")},
		{name: "both different from nothing", page: "een", current: V{"een": "2"}, posted: V{"een": "3"}, later: []answer.Change{{Variable: "een", Is: "2"}},
			conflicts: conflict(V{"een": "3"}, V{"een": "2"}, "een")},
		{name: "they changed it and changed it back", page: "een", current: V{"een": "1"}, posted: V{"een": "3"},
			later:   []answer.Change{{Variable: "een", Was: "1", Is: "2"}, {Variable: "een", Was: "2", Is: "1"}},
			changes: []answer.Change{{Variable: "een", Was: "1", Is: "3"}}},
		{name: "they changed it twice", page: "een", current: V{"een": "3"}, posted: V{"een": "2"},
			later:     []answer.Change{{Variable: "een", Was: "1", Is: "2"}, {Variable: "een", Was: "2", Is: "3"}},
			conflicts: conflict(V{"een": "2"}, V{"een": "3"}, "een")},
		{name: "they left it open, I answer", page: "een", current: V{"een": "7"}, posted: V{"een": "2"}, later: []answer.Change{{Variable: "een", Is: "7"}},
			changes: []answer.Change{{Variable: "een", Was: "7", Is: "2"}}},
		{name: "they answer, I leave it open", page: "een", current: V{"een": "2"}, posted: V{"een": ""}, later: []answer.Change{{Variable: "een", Is: "2"}}},
		{name: "they answer what was open, I leave it open", page: "een", current: V{"een": "2"}, posted: V{"een": ""}, later: []answer.Change{{Variable: "een", Was: "7", Is: "2"}}},
		{name: "geen zicht op is an answer", page: "een", current: V{"een": "8"}, posted: V{"een": "2"}, later: []answer.Change{{Variable: "een", Is: "8"}},
			conflicts: conflict(V{"een": "2"}, V{"een": "8"}, "een")},
		{name: "clearing", page: "een", current: V{"een": "2"}, posted: V{"een": ""}, changes: []answer.Change{{Variable: "een", Was: "2", Is: ""}}},
		{name: "clearing what they changed", page: "een", current: V{"een": "3"}, posted: V{"een": ""}, later: []answer.Change{{Variable: "een", Was: "2", Is: "3"}},
			conflicts: conflict(V{}, V{"een": "3"}, "een")},
		{name: "they cleared what I changed", page: "open", current: V{}, posted: V{"open": "mijn tekst"}, later: []answer.Change{{Variable: "open", Was: "tekst", Is: ""}},
			conflicts: conflict(V{"open": "mijn tekst"}, V{}, "open")},
		{name: "a text of blanks is a text", page: "open", current: V{"open": "x"}, posted: V{"open": " "}, later: []answer.Change{{Variable: "open", Is: "x"}},
			conflicts: conflict(V{"open": " "}, V{"open": "x"}, "open")},
		{name: "choice and text are two", page: "een", current: V{"een": "3", "een_anders_txt": "van hen"}, posted: V{"een": "2", "een_anders_txt": ""},
			later: []answer.Change{{Variable: "een_anders_txt", Is: "van hen"}}, changes: []answer.Change{{Variable: "een", Was: "3", Is: "2"}}},
		{name: "different rows never meet", page: "rij", current: V{"rij_r1": "1"}, posted: V{"rij_r1": "", "rij_r2": "2"}, later: []answer.Change{{Variable: "rij_r1", Is: "1"}},
			changes: []answer.Change{{Variable: "rij_r2", Is: "2"}}},
		{name: "boxes of one fieldset are one", page: "vak", current: V{"vak_a": "1", "vak_b": "0", "vak_anders": "0", "vak_gz": "0"},
			posted: V{"vak_a": "0", "vak_b": "1", "vak_anders": "0", "vak_gz": "0"},
			later:  []answer.Change{{Variable: "vak_a", Is: "1"}, {Variable: "vak_b", Is: "0"}, {Variable: "vak_anders", Is: "0"}, {Variable: "vak_gz", Is: "0"}},
			conflicts: conflict(V{"vak_a": "0", "vak_b": "1", "vak_anders": "0", "vak_gz": "0"},
				V{"vak_a": "1", "vak_b": "0", "vak_anders": "0", "vak_gz": "0"}, boxes...)},
		{name: "boxes of different rows are not", page: "hok", current: V{"hok_r1_a": "1", "hok_r1_b": "0", "hok_r1_anders": "0", "hok_r1_gz": "0"},
			posted:  V{"hok_r1_a": "", "hok_r1_b": "", "hok_r1_anders": "", "hok_r1_gz": "", "hok_r2_a": "1", "hok_r2_b": "0"},
			later:   []answer.Change{{Variable: "hok_r1_a", Is: "1"}, {Variable: "hok_r1_b", Is: "0"}, {Variable: "hok_r1_anders", Is: "0"}, {Variable: "hok_r1_gz", Is: "0"}},
			changes: []answer.Change{{Variable: "hok_r2_a", Is: "1"}, {Variable: "hok_r2_b", Is: "0"}}},
		{name: "boxes left open by them", page: "vak", current: V{"vak_a": "7", "vak_b": "7", "vak_anders": "7", "vak_gz": "7"},
			posted:  V{"vak_a": "1", "vak_b": "0", "vak_anders": "0", "vak_gz": "0"},
			later:   []answer.Change{{Variable: "vak_a", Is: "7"}, {Variable: "vak_b", Is: "7"}, {Variable: "vak_anders", Is: "7"}, {Variable: "vak_gz", Is: "7"}},
			changes: []answer.Change{{Variable: "vak_a", Was: "7", Is: "1"}, {Variable: "vak_b", Was: "7", Is: "0"}, {Variable: "vak_anders", Was: "7", Is: "0"}, {Variable: "vak_gz", Was: "7", Is: "0"}}},
		{name: "what was not posted is not touched", page: "een", current: V{"een": "1", "een_anders_txt": "x"}, posted: V{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			current, posted := tt.current.Clone(), tt.posted.Clone()
			changes, conflicts := answer.Merge(pages[tt.page].Items, current, posted, tt.later)
			if diff := cmp.Diff(tt.changes, changes); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.conflicts, conflicts); diff != "" {
				t.Errorf("conflicts (-want +got):\n%s", diff)
			}
			if !maps.Equal(current, tt.current) || !maps.Equal(posted, tt.posted) {
				t.Error("Merge changed what it was given")
			}
		})
	}
}

func TestSeenMarksWhatWasLeftOpenAndNothingElse(t *testing.T) {
	t.Parallel()
	pages := questionnaire(t)
	for page, want := range map[string][]answer.Change{
		"een":  {{Variable: "een", Is: "7"}},
		"open": nil,
		"tel":  {{Variable: "tel", Is: "997"}},
		"rij":  {{Variable: "rij_r2", Is: "7"}},
		"vak":  {{Variable: "vak_a", Is: "7"}, {Variable: "vak_b", Is: "7"}, {Variable: "vak_anders", Is: "7"}, {Variable: "vak_gz", Is: "7"}},
	} {
		got := answer.Seen(pages[page].Items, answer.Values{"rij_r1": "2", "een_anders_txt": "tekst"})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", page, diff)
		}
	}
	if got := answer.Seen(pages["vak"].Items, answer.Values{"vak_a": "1", "vak_b": "0", "vak_anders": "0", "vak_gz": "0"}); got != nil {
		t.Errorf("an answered set of boxes was marked as left open: %v", got)
	}
}

func TestRebuildFollowsTheLog(t *testing.T) {
	t.Parallel()
	log := [][]answer.Change{{{Variable: "a", Is: "1"}, {Variable: "b", Is: "x"}}, {}, {{Variable: "a", Was: "1", Is: "2"}}, {{Variable: "b", Was: "x"}}}
	if diff := cmp.Diff(answer.Values{"a": "2"}, answer.Rebuild(log)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := answer.Rebuild(nil); len(got) != 0 {
		t.Errorf("an empty log gives %v", got)
	}
}

func TestABoundaryOfCompletenessCountsAsReached(t *testing.T) {
	t.Parallel()
	tests := []struct {
		answered, of int
		limit        float64
		core, ofCore int
		want         bool
	}{
		{49, 100, .5, 0, 0, false},
		{50, 100, .5, 0, 0, true},
		{80, 100, .8, 2, 2, true},
		{79, 100, .8, 2, 2, false},
		{81, 100, .8, 2, 2, true},
		{80, 100, .81, 2, 2, false},
		{100, 100, .5, 1, 2, false},
		{0, 0, 0, 0, 0, false}, // nothing applies: nothing is complete
		{29, 50, .58, 0, 0, true},
		{7, 25, .28, 0, 0, true}, // no rounding of a share that is exactly the limit
	}
	for _, tt := range tests {
		c := answer.Completeness{Answered: tt.answered, Applicable: tt.of, CoreAnswered: tt.core, CoreApplicable: tt.ofCore}
		if got := c.Partial(tt.limit); got != tt.want {
			t.Errorf("%+v at %v: %v, want %v", c, tt.limit, got, tt.want)
		}
	}
}

func TestCompletenessCountsItemsAndNotTexts(t *testing.T) {
	t.Parallel()
	pages := questionnaire(t)
	var items []instrument.Item
	for _, id := range []string{"een", "vak", "open", "tel", "rij", "hok"} {
		items = append(items, pages[id].Items...)
	}
	tests := []struct {
		name     string
		values   answer.Values
		answered int
	}{
		{"nothing", answer.Values{}, 0},
		{"all left open", answer.Values{"een": "7", "vak_a": "7", "vak_b": "7", "tel": "997", "rij_r1": "7"}, 0},
		{"geen zicht op is an answer", answer.Values{"een": "8", "rij_r2": "8"}, 2},
		{"a text is not asked for", answer.Values{"open": "veel"}, 0},
		{"boxes of which none is ticked", answer.Values{"vak_a": "0", "vak_b": "0", "vak_gz": "0", "hok_r1_a": "0", "hok_r1_b": "0"}, 0},
		{"boxes are one item", answer.Values{"vak_a": "1", "vak_b": "1", "hok_r1_a": "1", "hok_r1_b": "0"}, 2},
		{"a count of zero", answer.Values{"tel": "0"}, 1},
	}
	for _, tt := range tests {
		if got := answer.Complete(items, tt.values); got.Answered != tt.answered || got.Applicable != 7 {
			t.Errorf("%s: %+v, want %d of 7", tt.name, got, tt.answered)
		}
	}
}

func TestAnEmptyPageStartsNothing(t *testing.T) {
	t.Parallel()
	var vs []instrument.Variable
	for _, p := range questionnaire(t) {
		vs = append(vs, p.Variables()...)
	}
	for _, values := range []answer.Values{{}, {"een": "7"}, {"vak_a": "7", "tel": "997"}, {"vak_a": "0", "vak_b": "0"}, {"open": " \r\n\t\u00a0"}} {
		if answer.Starts(vs, values) {
			t.Errorf("%q starts a response", values)
		}
	}
	for _, values := range []answer.Values{{"een": "8"}, {"vak_gz": "1"}, {"open": "."}, {"tel": "0"}} {
		if !answer.Starts(vs, values) {
			t.Errorf("%q does not start a response", values)
		}
	}
}

// A world is one response as the store keeps it, with two people who hold
// pages that were rendered at some version.
type world struct {
	values answer.Values
	log    [][]answer.Change
}

type person struct {
	version int
	typed   answer.Values
}

// TestTwoPeopleLoseNothingSilently lets two people render, change and post
// pages in any order. Each posted change is in the answers, or in a conflict
// that was shown; an answer that nobody touched never changes.
func TestTwoPeopleLoseNothingSilently(t *testing.T) {
	t.Parallel()
	pages := questionnaire(t)
	ids := slices.Sorted(maps.Keys(pages))
	for seed := range uint64(400) {
		rnd := rand.New(rand.NewPCG(11, seed))
		w := world{values: answer.Values{}}
		open := map[string]*person{} // by person and page
		for range 60 {
			id := ids[rnd.IntN(len(ids))]
			who := fmt.Sprint(rnd.IntN(2), id)
			p := open[who]
			if p == nil || rnd.IntN(3) == 0 {
				open[who] = &person{version: len(w.log), typed: typed(pages[id], w.values)}
				continue
			}
			touch(rnd, pages[id], p.typed)
			w.post(t, pages[id], p)
			open[who] = nil
		}
		if diff := cmp.Diff(w.values, answer.Rebuild(w.log)); diff != "" {
			t.Fatalf("seed %d: the log does not lead to the answers:\n%s", seed, diff)
		}
	}
}

// typed is what a page posts when nothing on it is touched.
func typed(p *instrument.Page, values answer.Values) answer.Values {
	out := answer.Values{}
	for _, v := range p.Variables() {
		out[v.Name] = values[v.Name]
		if open, ok := v.MissingCode(instrument.LeftOpen); ok && out[v.Name] == open {
			out[v.Name] = ""
		}
	}
	return out
}

// touch changes one answer, the way form.Read would deliver it.
func touch(rnd *rand.Rand, p *instrument.Page, values answer.Values) {
	it := p.Items[rnd.IntN(len(p.Items))]
	v := it.Variables[rnd.IntN(len(it.Variables))]
	switch v.Type {
	case instrument.TextType:
		values[v.Name] = []string{"", "a", "b", " "}[rnd.IntN(4)]
	case instrument.NumberType:
		values[v.Name] = []string{"", "0", "12"}[rnd.IntN(3)]
	case instrument.FlagType:
		for _, x := range it.Variables {
			if x.Type == instrument.FlagType {
				values[x.Name] = []string{"0", "1"}[rnd.IntN(2)]
			}
		}
		values[v.Name] = "1"
	default:
		values[v.Name] = []string{"", "1", "2", "8"}[rnd.IntN(4)]
	}
}

func (w *world) post(t *testing.T, p *instrument.Page, by *person) {
	t.Helper()
	base := answer.Rebuild(w.log[:by.version])
	before := w.values.Clone()
	changes, conflicts := answer.Merge(p.Items, w.values, by.typed, slices.Concat(w.log[by.version:]...))
	answer.Apply(w.values, changes)
	shown := map[string]bool{}
	for _, c := range conflicts {
		for _, v := range c.Variables {
			shown[v] = true
			if c.Mine[v] != by.typed[v] || c.Theirs[v] != before[v] {
				t.Fatalf("the conflict about %s shows %q and %q; posted was %q and stored %q", v, c.Mine[v], c.Theirs[v], by.typed[v], before[v])
			}
			if w.values[v] != before[v] {
				t.Fatalf("%s changed although it is in conflict", v)
			}
		}
	}
	for _, v := range p.Variables() {
		mine, now, was := by.typed[v.Name], w.values[v.Name], typed(p, base)[v.Name]
		switch {
		case shown[v.Name]:
		case mine != was && now != mine && typed(p, w.values)[v.Name] != mine:
			t.Fatalf("%s: posted %q over %q, but %q is stored and no conflict was shown", v.Name, mine, was, now)
		case mine == was && now != before[v.Name] && v.Type != instrument.FlagType:
			t.Fatalf("%s: not touched, but it went from %q to %q", v.Name, before[v.Name], now)
		}
	}
	if len(conflicts) == 0 {
		seen := answer.Seen(p.Items, w.values)
		answer.Apply(w.values, seen)
		changes = append(changes, seen...)
	}
	w.log = append(w.log, changes)
}
