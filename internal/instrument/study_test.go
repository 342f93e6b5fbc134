package instrument

import (
	"strings"
	"testing"
)

// parsed reads a source of ours, which must have no problems. The one warning
// is that the matrix of twelve statements is divided over two pages.
func parsed(t *testing.T, s Source) *Instrument {
	t.Helper()
	in, ps := s.Parse()
	for _, p := range ps {
		if !p.Warning || !strings.Contains(p.Text, "heeft 12 rijen") {
			t.Errorf("%s-%s: %v", s.Name, s.Edition, p)
		}
	}
	if in == nil {
		t.FailNow()
	}
	return in
}

func TestStudyDefinitionsHaveNoProblems(t *testing.T) {
	t.Parallel()
	for _, d := range StudyDefinitions() {
		for _, s := range d.Sources {
			in := parsed(t, s)
			if in.Name != s.Name || in.Edition != s.Edition {
				t.Errorf("%s: %s-%s is called %s-%s", d.Name, s.Name, s.Edition, in.Name, in.Edition)
			}
		}
	}
}

// sourceOf returns the text of one of the instruments that come with the product.
func sourceOf(t *testing.T, file string) []byte {
	t.Helper()
	for _, d := range StudyDefinitions() {
		for _, s := range d.Sources {
			if s.Name+"-"+s.Edition == file {
				return s.Text
			}
		}
	}
	t.Fatalf("there is no %s", file)
	return nil
}

// ours reads one of the instruments that come with the product.
func ours(t *testing.T, file string) *Instrument {
	t.Helper()
	return parsed(t, Source{Name: file, Text: sourceOf(t, file)})
}

// TestRoutingTestsTheStoredCode: the words of a condition got their codes.
func TestRoutingTestsTheStoredCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ file, question, asks string }{
		{"swv-2018", "b5_25", "b5_24"},
		{"swv-2026", "b5_28_voorbeelden", "b5_28"},
		{"gemeente-2018", "b6_23", "b6_22"},
		{"gemeente-2026", "b6_35", "b6_34"},
	} {
		q := ours(t, tt.file).Question(tt.question)
		for code, want := range map[string]bool{"1": true, "0": false, "": false} {
			got := q.ShowIf.Eval(func(name string) (string, bool) { return code, name == tt.asks && code != "" })
			if got != want {
				t.Errorf("%s is shown after %s = %q: %v", tt.question, tt.asks, code, got)
			}
		}
	}
}
