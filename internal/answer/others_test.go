package answer_test

import (
	"maps"
	"testing"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

func TestOthersIsWhatSomebodyElseFilledIn(t *testing.T) {
	t.Parallel()
	d, _ := instrument.StudyByName("inventarisatie-2026")
	in, _ := d.Sources[0].Parse()
	p := in.Pages()[1] // two rows of one choice each
	first, second := p.Items[0].Variables[0].Name, p.Items[1].Variables[0].Name
	for name, tt := range map[string]struct {
		stored, posted answer.Values
		want           map[string]string
	}{
		"the same":            {answer.Values{first: "1"}, answer.Values{first: "1", second: ""}, map[string]string{}},
		"a colleague's row":   {answer.Values{first: "1", second: "3"}, answer.Values{first: "1", second: ""}, map[string]string{second: "3"}},
		"cleared":             {answer.Values{first: "1"}, answer.Values{first: "1", second: "3"}, map[string]string{second: ""}},
		"left open":           {answer.Values{first: "7"}, answer.Values{first: "", second: ""}, map[string]string{}},
		"left open, was set":  {answer.Values{first: "7"}, answer.Values{first: "2"}, map[string]string{first: ""}},
		"not posted, problem": {answer.Values{first: "2"}, answer.Values{second: ""}, map[string]string{}},
	} {
		if got := answer.Others(p.Items, tt.stored, tt.posted); !maps.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
