package answer_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
)

// FuzzParseValues compares with encoding/json: the same values, or both refuse.
func FuzzParseValues(f *testing.F) {
	for _, src := range []string{`{}`, ` { } `, `{"a": "1", "b_txt":"twee\r\nregels \"x\" \u00e9\ud83d\udca1 é💡"}`, `{"a":"1","a":"2"}`, `{"a":null}`, `{"a":1}`, `{"a":"1",}`, `{"a":"1"} x`,
		`{"a" :"\x"}`, `{"a":"\ud800"}`, "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", `null`, `[]`, ``, `{"`, `{"a":"\`, `{"a":"1" "b":"2"}`} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		want := answer.Values{}
		wrong := json.Unmarshal(src, &want)
		got, err := answer.ParseValues(src)
		if (err == nil) != (wrong == nil) {
			t.Fatalf("%q: %v, want %v", src, err, wrong)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Errorf("%q (-want +got):\n%s", src, diff)
		}
	})
}
