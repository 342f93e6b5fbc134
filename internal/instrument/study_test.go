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
