package server

import (
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A book that was made before is given again, and never one of other data: not
// when an answer, the register or a choice is another one.
func TestABookIsMadeAgainWhenAnythingChanges(t *testing.T) {
	t.Parallel()
	form := fixture.FormOf(t, "inventarisatie-2026", "gemeente")
	data := func(phase string, units int, taken time.Time) *dataset.Dataset {
		x := fixture.Data{Info: dataset.Info{Study: "proef", Instrument: "gemeente", Taken: taken}, Form: form, Columns: []sample.Column{fixture.Regions}}
		for _, code := range []string{"U1", "U2", "U3"}[:units] {
			x.Units = append(x.Units, dataset.Unit{Code: code, Pseudonym: "p" + code, Background: map[string]string{"regio": "Noord"}})
		}
		x.Filled = []answer.Filled{{Unit: "U1", Pseudo: "pU1", Mode: answer.Web, Status: answer.Submitted, Edition: "2026", Sent: fixture.Opens, Revision: 1, Answers: answer.Values{"b6_1_bao": phase}}}
		return fixture.Dataset(t, x)
	}
	var k books
	get := func(spec table.Spec, d *dataset.Dataset) *table.Book {
		t.Helper()
		b, err := k.make(spec, form.In, d)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first := get(table.Spec{}, data("1", 2, fixture.Opens))
	again := get(table.Spec{}, data("1", 2, fixture.Now))
	if &again.Tables[0] != &first.Tables[0] {
		t.Error("the same book is made twice")
	}
	if !again.Generated.Equal(fixture.Now) || !first.Generated.Equal(fixture.Opens) {
		t.Errorf("generated %v, and first %v", again.Generated, first.Generated)
	}
	for what, b := range map[string]*table.Book{"answer": get(table.Spec{}, data("2", 2, fixture.Opens)), "register": get(table.Spec{}, data("1", 3, fixture.Opens)),
		"choice": get(table.Spec{NoTelephone: true}, data("1", 2, fixture.Opens))} {
		if &b.Tables[0] == &first.Tables[0] {
			t.Errorf("another %s gives the book that was made before", what)
		}
	}
	for i := range 3 * keepBooks {
		get(table.Spec{Filters: []dataset.Filter{{Column: "regio", Values: []string{"noord"}}, {Column: "regio", Values: []string{"noord"}}}[:i%2+1]}, data("1", 2, fixture.Opens.AddDate(0, 0, i)))
		k.keep(string(rune('a'+i)), first)
	}
	if len(k.kept) > keepBooks {
		t.Errorf("%d books are kept", len(k.kept))
	}
}
