package coding

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func frame() Frame {
	f, wrong := Start("b5_25", Frame{Codes: []Code{{ID: "01", Label: "Wachten"}, {ID: "02", Label: "Geld"}, {ID: "03", Label: "Regels"}, {ID: RestID, Label: "Overig"}}})
	if wrong != nil {
		panic(wrong)
	}
	return f
}

func answers(n int) []Answer {
	var out []Answer
	for i := range n {
		out = append(out, Answer{int64(i + 1), fmt.Sprint("antwoord ", i+1)})
	}
	return out
}

func TestAMergedCodeIsReadAsWhatItBecameAndASplitOneIsCodedAgain(t *testing.T) {
	t.Parallel()
	f := frame()
	given := []Assignment{{Answer: 1, Coder: 1, Codes: []string{"01"}}, {Answer: 2, Coder: 1, Codes: []string{"02", "03"}}}
	merged, wrong := f.Apply(Edit{Kind: Merge, ID: "03", Into: "02", Why: "zelfde"})
	if wrong != nil {
		t.Fatal(wrong)
	}
	if got, ok := NewWork(merged, answers(2), given).Final(2); !ok || !slices.Equal(got.Codes, []string{"02"}) {
		t.Errorf("after a merge: %v %v", got, ok)
	}
	split, wrong := merged.Apply(Edit{Kind: Split, ID: "01", Parts: []Code{{Label: "Wachten op hulp"}, {Label: "Wachten op een besluit"}}, Why: "twee dingen"})
	if wrong != nil {
		t.Fatal(wrong)
	}
	w := NewWork(split, answers(2), given)
	if _, ok := w.Final(1); ok {
		t.Error("an answer with a code that was split still counts")
	}
	if next, ok := w.Next(1); !ok || next.ID != 1 {
		t.Errorf("it does not come back to its coder: %v %v", next, ok)
	}
	if len(f.Codes) != 4 || f.Codes[2].Gone() || f.Version != 1 {
		t.Error("an edit changed an earlier version")
	}
	if got := split.Codes[len(split.Codes)-1].ID; got != RestID {
		t.Errorf("the rest does not stand last: %s", got)
	}
}

func TestTwoCodersAreBlindAndDisagreementWaitsForADecision(t *testing.T) {
	t.Parallel()
	f := frame()
	given := []Assignment{{Answer: 1, Coder: 1, Codes: []string{"01"}}, {Answer: 1, Coder: 2, Codes: []string{"02"}}, {Answer: 2, Coder: 1, Codes: []string{"01"}}}
	w := NewWork(f, answers(3), given)
	if w.State(1) != Disputed || w.State(2) != Half || w.State(3) != Waiting {
		t.Errorf("states: %v %v %v", w.State(1), w.State(2), w.State(3))
	}
	if _, ok := w.Final(1); ok {
		t.Error("what coders disagree on is counted")
	}
	if got := w.Learned(2, 3); len(got) != 1 || got[0].Codes[0] != "02" {
		t.Errorf("a coder learns from another: %v", got)
	}
	w = NewWork(f, answers(3), append(given, Assignment{Answer: 1, Coder: 9, Codes: []string{"03"}, Decision: true}))
	if got, ok := w.Final(1); !ok || got.Codes[0] != "03" {
		t.Errorf("the decision does not count: %v %v", got, ok)
	}
	if len(w.Given(1)) != 2 {
		t.Error("a decision hides what the coders chose")
	}
}

// TestTheVectorsOfTheStandards has O3 and O4 go the whole way: from assignments to
// kappa and alpha.
func TestTheVectorsOfTheStandards(t *testing.T) {
	t.Parallel()
	f := frame()
	f.Single = true
	var list []Assignment
	n := int64(0)
	add := func(times int, a, b string) {
		for range times {
			n++
			list = append(list, Assignment{Answer: n, Coder: 1, Codes: []string{a}}, Assignment{Answer: n, Coder: 2, Codes: []string{b}})
		}
	}
	add(20, "01", "01")
	add(5, "01", "02")
	add(10, "02", "01")
	add(15, "02", "02")
	got := NewWork(f, answers(50), list).Agreement()
	if k := got.Whole.Kappa.Effect.Value; math.Abs(k-.4) > 1e-12 {
		t.Errorf("kappa %v, want 0.4", k)
	}
	if got.Same != 35 || got.Answers != 50 || got.Reason != "" {
		t.Errorf("%d of %d the same (%s)", got.Same, got.Answers, got.Reason)
	}
	list = nil
	for coder, row := range []string{". . . . . 3 4 1 2 1 1 3 3 . 3", "1 . 2 1 3 3 4 3 . . . . . . .", ". . 2 1 3 4 4 . 2 1 1 3 3 . 4"} {
		for i, v := range strings.Fields(row) {
			if v != "." {
				list = append(list, Assignment{Answer: int64(i + 1), Coder: int64(coder + 1), Codes: []string{map[string]string{"1": "01", "2": "02", "3": "03", "4": "99"}[v]}})
			}
		}
	}
	got = NewWork(f, answers(15), list).Agreement()
	if a := got.Whole.Alpha.Effect.Value; math.Abs(a-.691) > .0005 || got.Whole.Alpha.N != 26 {
		t.Errorf("alpha %v of %d, want 0.691 of 26", a, got.Whole.Alpha.N)
	}
	if got := NewWork(f, answers(50), list[:0]).Agreement(); got.Reason == "" {
		t.Error("nothing is coded twice, and no reason is given")
	}
}

func TestAFifthButFiftyAtLeastIsCodedTwice(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 7: 7, 50: 50, 84: 50, 250: 50, 251: 51, 1000: 200} {
		if got := Double(n); got != want {
			t.Errorf("%d of %d, want %d", got, n, want)
		}
	}
	w := NewWork(frame(), answers(300), nil)
	seen := map[int64]bool{}
	for range 60 {
		a, ok := w.Next(1)
		if !ok || seen[a.ID] {
			t.Fatal(a, ok)
		}
		seen[a.ID] = true
		w = NewWork(w.Frame, w.Answers, append(flat(w), Assignment{Answer: a.ID, Coder: 1, Codes: []string{"01"}, At: time.Unix(1, 0)}))
	}
	if a, ok := w.Next(2); !ok || !seen[a.ID] {
		t.Errorf("the second coder gets %v, which nobody coded: two should first meet", a)
	}
}

func flat(w *Work) []Assignment {
	var out []Assignment
	for _, a := range w.Answers {
		out = append(out, w.Given(a.ID)...)
	}
	return out
}

func TestASuggestionIsTheCodeOfWhatIsAlike(t *testing.T) {
	t.Parallel()
	x := NewIndex([]Coded{{"De wachttijd bij gespecialiseerde hulp is te lang.", []string{"01"}}, {"Er is te weinig geld voor hulp in groepen.", []string{"02"}}, {"Lange wachtlijsten voor de ggz.", []string{"01"}}})
	got := x.Suggest("Wij hebben te maken met lange wachttijden.")
	if len(got) == 0 || got[0].Code != "01" || got[0].Like == "" {
		t.Errorf("suggested %v", got)
	}
	for range 20 {
		if again := x.Suggest("Wij hebben te maken met lange wachttijden."); !slices.Equal(got, again) {
			t.Fatalf("not the same twice: %v, %v", got, again)
		}
	}
	if got := x.Suggest("xq"); len(got) != 0 {
		t.Errorf("nothing is alike, and %v is suggested", got)
	}
	if got := NewIndex(nil).Suggest("iets"); len(got) != 0 {
		t.Error(got)
	}
}

func TestEveryFrameOfTheProductIsSound(t *testing.T) {
	t.Parallel()
	if len(frames()) < 13 {
		t.Errorf("%d frames", len(frames()))
	}
	for v, f := range frames() {
		if started, wrong := Start(v, f); wrong != nil || len(started.Codes) < 5 {
			t.Errorf("%s: %v", v, wrong)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "uitvraag: 1\ncodeboeken:\n  - codes:\n      - {id: \"01\", label: a}\n", "uitvraag: 1\ncodeboeken: [{codes: [{id: 1, label: [x]}]}]", "a: &a [*a, *a]", "uitvraag: 1\ncodeboeken:\n  - codes: [{id: \"01\", label: a, id: b}]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, problems := Parse([]byte(text))
		if (len(list) == 0) != (len(problems) > 0) {
			t.Fatalf("%d frames and %d problems", len(list), len(problems))
		}
		for _, p := range problems {
			if p.Line < 1 || p.Text == "" {
				t.Errorf("a problem without line or text: %+v", p)
			}
		}
		for _, x := range list {
			out, err := Format(x)
			if err != nil {
				t.Fatal(err)
			}
			again, problems := Parse(out)
			if len(problems) > 0 || len(again) != 1 || !slices.EqualFunc(again[0].Codes, x.Codes, func(a, b Code) bool { return a.ID == b.ID && a.Label == b.Label && a.Definition == b.Definition }) {
				t.Errorf("not read back: %v\n%s", problems, out)
			}
		}
	})
}
