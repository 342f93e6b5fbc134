package instrument_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/logic"
)

var sameConditions = cmp.Comparer(func(a, b logic.Expr) bool { return a.Equal(b) })

// TestWhatIsWrittenReadsBackAlike: every definition, and texts that YAML could
// take for something else.
func TestWhatIsWrittenReadsBackAlike(t *testing.T) {
	t.Parallel()
	var texts [][]byte
	for _, d := range instrument.StudyDefinitions() {
		for _, s := range d.Sources {
			texts = append(texts, s.Text)
		}
	}
	odd := strings.Replace(string(instrument.Start), `"Algemeen"`, `"true: \"x\" #\\ \u2028 \t- é\n  {a}"`, 1)
	for _, text := range append(texts, instrument.Start, []byte(strings.Replace(odd, "id: a1", "id: n", 1))) {
		in, problems := instrument.Parse(text)
		if in == nil {
			t.Fatal(problems)
		}
		written := instrument.Write(in, "een regel\ndie afbreekt")
		again, problems := instrument.Parse(written)
		if again == nil {
			t.Fatalf("%s: %v", in.Name, problems)
		}
		if diff := cmp.Diff(in, again, sameConditions); diff != "" {
			t.Errorf("%s (-read +written):\n%s", in.Name, diff)
		}
	}
}
