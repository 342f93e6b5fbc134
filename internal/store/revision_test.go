package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// sweep puts down what is due by the plan of st, and returns the steps of the
// messages that came.
func (f *field) sweep(t testing.TB, st study.Study, now time.Time) ([]string, error) {
	t.Helper()
	plan := st.Field()
	q, err := f.Store.QueueDue(t.Context(), store.Queue{Study: st, Late: true, By: store.BySystem, Now: now,
		Decide: func(u contactplan.Unit) contactplan.Decision { return plan.Due(u, now) }})
	if err != nil {
		return nil, err
	}
	messages, err := f.Store.Messages(t.Context(), q.Messages)
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, m := range messages {
		steps = append(steps, m.Step)
	}
	return steps, nil
}

// TestAnEditedPlanIsTheOneThatIsSent edits the ladder between two sweeps: the
// second goes by the new plan, one that still has the old plan in hand does
// nothing, and what somebody had cannot change any more.
func TestAnEditedPlanIsTheOneThatIsSent(t *testing.T) {
	t.Parallel()
	f := newField(t, 2)
	f.exec(t, `update contact.contact set email = 'c' || id || '@example.nl'`)
	now := fixture.Opens.Add(2 * time.Hour)
	if steps, err := f.sweep(t, f.Study, now); err != nil || len(steps) != 4 || steps[0] != "uitnodiging" {
		t.Fatalf("first sweep: %v, %v", steps, err)
	}
	f.exec(t, `update field.message set state = 'verstuurd', begun = queued, done = queued`)

	change := store.PlanChange{Study: f.Study, New: f.Study.Revision(), Reason: "eerder herinneren", Restores: -1, By: store.BySystem, Now: now}
	change.New.Plan.Steps = slices.Clone(change.New.Plan.Steps)
	change.New.Plan.Steps[1].Offset, change.New.Plan.Steps[1].Title = 7, "Snelle herinnering"
	var had map[string]int
	change.Judge = func(h map[string]int) []contactplan.Fault {
		had = h
		return contactplan.Edit{Field: f.Study.Field(), Old: f.Study.Revision(), New: change.New, Had: h, Now: now}.Faults()
	}
	if faults, err := f.Store.ChangePlan(t.Context(), change); err != nil || len(faults) > 0 || had["uitnodiging"] != 4 {
		t.Fatalf("change: %v, %v, had %v", faults, err, had)
	}
	week := fixture.Opens.AddDate(0, 0, 7).Add(2 * time.Hour)
	if _, err := f.sweep(t, f.Study, week); errs.KindOf(err) != errs.Conflict {
		t.Errorf("a sweep by the old plan: %v", err)
	}
	st, err := f.Store.Study(t.Context(), f.Study.Slug)
	if err != nil {
		t.Fatal(err)
	}
	if steps, err := f.sweep(t, st, week); err != nil || len(steps) != 4 || steps[0] != "herinnering1" {
		t.Errorf("a sweep by the new plan: %v, %v", steps, err)
	}
	if _, err := f.Store.ChangePlan(t.Context(), change); errs.KindOf(err) != errs.Conflict {
		t.Errorf("a change of a plan that is no more: %v", err)
	}

	// Putting the first version back would move a step that waits for four units.
	back := store.PlanChange{Study: st, New: f.Study.Revision(), By: store.BySystem, Now: week}
	back.Judge = func(h map[string]int) []contactplan.Fault {
		return contactplan.Edit{Field: st.Field(), Old: st.Revision(), New: back.New, Had: h, Now: week}.Faults()
	}
	if faults, err := f.Store.ChangePlan(t.Context(), back); err != nil || len(faults) != 1 || faults[0].Step != "herinnering1" {
		t.Errorf("put back: %v, %v", faults, err)
	}
	f.exec(t, `update field.message set state = 'ingetrokken' where step = 'herinnering1'`)
	if faults, err := f.Store.ChangePlan(t.Context(), back); err != nil || len(faults) > 0 {
		t.Errorf("put back once they are withdrawn: %v, %v", faults, err)
	}
	versions, err := f.Store.PlanVersions(t.Context(), st.ID)
	if err != nil || len(versions) != 3 || versions[0].Restores != 0 || versions[1].Reason != "eerder herinneren" || versions[2].Version != 0 || versions[2].Plan.Steps[1].Offset != 14 {
		t.Errorf("history: %+v, %v", versions, err)
	}
	if n := one[int](t, f, `select count(*) from staff.audit where action = 'contactplan gewijzigd' and detail->'wijzigingen' <> '[]'`); n != 2 {
		t.Errorf("%d lines in the audit log", n)
	}
}
