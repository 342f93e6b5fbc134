package table_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/table"
)

func TestTextsStandUnderTheTableTheyBelongTo(t *testing.T) {
	t.Parallel()
	w := &world{Form: fixture.Form(t, []byte(strings.Replace(small, "          - {id: geen_zicht, label: Geen zicht op, missing: geen_zicht, exclusive: true}",
		"          - {id: anders, label: \"Anders, namelijk\", code: 3, open: true}\n          - {id: geen_zicht, label: Geen zicht op, missing: geen_zicht, exclusive: true}", 1)))}
	for i, text := range []string{"de buurt", " de buurt \r\n", "=1+1", "Zorg"} {
		u := w.unit([]string{"Noord", "Zuid"}[i%2])
		w.fill(u, answer.Values{"b6_x1_anders": "1", "b6_x1_anders_txt": text, "b6_1": "2", "waarom": "dit is een open vraag"})
	}
	b := book(t, table.Spec{}, w)
	want := []table.Text{{Text: "de buurt", N: 2}, {Text: "=1+1", N: 1}, {Text: "Zorg", N: 1}}
	got := b.Table("b6_x1").Texts
	for i := range got {
		if got[i].Row != "b6_x1_anders_txt" || !strings.Contains(got[i].Label, "Anders") {
			t.Errorf("%+v", got[i])
		}
		got[i].Row, got[i].Label = "", ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if texts := b.Table("waarom").Texts; len(texts) > 0 {
		t.Errorf("an open question lists %v", texts)
	}
	split := book(t, table.Spec{By: "regio"}, w).Table("b6_x1").Texts
	if len(split) != 4 || split[0].Group != "Noord" || split[3].Group != "Zuid" {
		t.Errorf("by region: %+v", split)
	}
}
