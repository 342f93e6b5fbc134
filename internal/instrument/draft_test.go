package instrument_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

func TestANewQuestionnaireBeginsSound(t *testing.T) {
	t.Parallel()
	if problems := instrument.Check(instrument.Start); len(problems) > 0 {
		t.Error(problems)
	}
}

// TestNobodyApprovesTheirOwnWork: not who made the last version, not who proposed
// it, and nothing that was not proposed.
func TestNobodyApprovesTheirOwnWork(t *testing.T) {
	t.Parallel()
	d := instrument.Draft{Stage: instrument.Proposed, Version: 2, Editor: 1, Proposer: 2}
	for account, may := range map[int64]bool{0: false, 1: false, 2: false, 3: true} {
		if why := d.MayApprove(account); (why == "") != may {
			t.Errorf("account %d: %q", account, why)
		}
	}
	for _, stage := range []instrument.Stage{instrument.Concept, instrument.Approved, instrument.Dropped} {
		d.Stage = stage
		if d.MayApprove(3) == "" {
			t.Errorf("%s can be approved", stage)
		}
	}
}

func TestFaultsMustBeMendedBeforeProposing(t *testing.T) {
	t.Parallel()
	advice, fault := instrument.Problem{Warning: true}, instrument.Problem{}
	for _, c := range []struct {
		stage    instrument.Stage
		problems []instrument.Problem
		edit     bool
		propose  bool
	}{
		{instrument.Concept, nil, true, true},
		{instrument.Concept, []instrument.Problem{advice}, true, true},
		{instrument.Concept, []instrument.Problem{advice, fault}, true, false},
		{instrument.Proposed, nil, true, false},
		{instrument.Approved, nil, false, false},
		{instrument.Dropped, nil, false, false},
	} {
		d := instrument.Draft{Stage: c.stage}
		if edit, propose := d.MayEdit() == "", d.MayPropose(c.problems) == ""; edit != c.edit || propose != c.propose {
			t.Errorf("%s with %d problems: edit %v, propose %v", c.stage, len(c.problems), edit, propose)
		}
	}
}

func TestANewVersionChangesTheEditionAlone(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{"2026.2": true, "2026.4": true}
	for edition, want := range map[string]string{"2026": "2026.3", "2026.3": "2026.5", "1": "1.2", "a.b": "a.b.2", strings.Repeat("x", 20): strings.Repeat("x", 15) + ".2"} {
		if got := instrument.NextEdition(edition, func(e string) bool { return taken[e] }); got != want {
			t.Errorf("after %s comes %s, want %s", edition, got, want)
		}
	}
	for _, d := range instrument.StudyDefinitions() {
		for _, s := range d.Sources {
			next := instrument.WithEdition(s.Text, "2031.2")
			before, _ := s.Parse()
			after, problems := instrument.Parse(next)
			if after == nil {
				t.Fatal(problems)
			}
			if name, edition, title := instrument.Head(next); name != s.Name || edition != "2031.2" || title != before.Title {
				t.Errorf("%s says it is %s %s %s", s.Name, name, edition, title)
			}
			if diff := instrument.Diff(before, after); len(diff) > 0 {
				t.Error(diff)
			}
		}
	}
	if name, edition, title := instrument.Head([]byte("a: [")); name+edition+title != "" {
		t.Error("something is read from what is no questionnaire")
	}
}

func TestCleanKeepsTheTextAndRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"\ufeffa\r\nb\rc": "a\nb\nc\n", "a\n\n\n": "a\n", "": "", "  x": "  x\n"} {
		if got, problem := instrument.Clean([]byte(in)); problem != nil || string(got) != want {
			t.Errorf("%q becomes %q (%v)", in, got, problem)
		}
	}
	for _, bad := range []string{"a\x00b", "\xff\xfea", strings.Repeat("x", 1<<20+1)} {
		if _, problem := instrument.Clean([]byte(bad)); problem == nil {
			t.Errorf("%.10q is taken", bad)
		}
	}
}

// TestLinesTellBothTexts: each text can be put together again from what is told.
func TestLinesTellBothTexts(t *testing.T) {
	t.Parallel()
	sources := []string{"", "a\n", "a\nb\nc\n", "a\nx\nc\nd\n", "c\nb\na\n", strings.Repeat("y\nz\n", 3000)}
	for _, s := range instrument.StudyDefinitions()[0].Sources {
		sources = append(sources, string(s.Text))
	}
	for _, a := range sources {
		for _, b := range sources {
			var x, y strings.Builder
			na, nb, changes := 0, 0, 0
			for _, l := range instrument.Lines([]byte(a), []byte(b)) {
				if l.Change != instrument.Added {
					x.WriteString(l.Text + "\n")
					if na++; l.A != na {
						t.Fatalf("line %d is numbered %d", na, l.A)
					}
				}
				if l.Change != instrument.Removed {
					y.WriteString(l.Text + "\n")
					if nb++; l.B != nb {
						t.Fatalf("line %d is numbered %d", nb, l.B)
					}
				}
				if l.Change != "" {
					changes++
				}
			}
			if x.String() != a || y.String() != b || (a == b) != (changes == 0) {
				t.Errorf("%.20q and %.20q: %d changes", a, b, changes)
			}
		}
	}
}
