package checklist_test

import (
	"testing"

	"github.com/uitvraag/uitvraag/internal/checklist"
)

// The way ticks itself: a step is as bad as the worst of the items it is made of.
func TestStartsTickThemselves(t *testing.T) {
	t.Parallel()
	items := []checklist.Item{{ID: checklist.Register, State: checklist.Fine}, {ID: checklist.Strata, State: checklist.Warning, Why: []string{"Weinig."}},
		{ID: checklist.Plan, State: checklist.Warning}, {ID: checklist.Period, State: checklist.NotYet, Why: []string{"Al gesloten."}}, {ID: checklist.Messages, State: checklist.Fine}}
	state := map[checklist.ID]checklist.State{}
	for _, s := range checklist.Starts(items, checklist.StartFacts{Colleagues: 1, Released: true}) {
		if s.Why == "" || s.Title == "" {
			t.Errorf("%s says nothing", s.ID)
		}
		state[s.ID] = s.State
	}
	for id, want := range map[checklist.ID]checklist.State{checklist.Register: checklist.Warning, checklist.Plan: checklist.NotYet, checklist.Messages: checklist.Fine,
		checklist.Colleagues: checklist.Warning, checklist.Release: checklist.Fine, checklist.First: checklist.NotYet} {
		if state[id] != want {
			t.Errorf("%s: %s, want %s", id, state[id], want)
		}
	}
}
