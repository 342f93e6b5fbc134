package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// TestThePromiseIsKeptWithTheStudy reads back what was set, beside the other
// settings.
func TestThePromiseIsKeptWithTheStudy(t *testing.T) {
	t.Parallel()
	s := store.New(pgtest.Pool(t))
	w := fixture.Study(t, s, 1)
	before, err := s.Study(t.Context(), w.Study.Slug)
	if err != nil {
		t.Fatal(err)
	}
	want := study.Disclosure{Traceable: true, FewUnits: 5}
	if err := s.SetDisclosure(t.Context(), before.ID, want, store.BySystem, time.Now()); err != nil {
		t.Fatal(err)
	}
	after, err := s.Study(t.Context(), before.Slug)
	if err != nil {
		t.Fatal(err)
	}
	before.Settings.Disclosure = want
	if !reflect.DeepEqual(after.Settings, before.Settings) {
		t.Errorf("got %+v, want %+v", after.Settings, before.Settings)
	}
}
