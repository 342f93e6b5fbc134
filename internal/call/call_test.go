package call_test

import (
	"slices"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/call"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/event"
)

var (
	opens  = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	now    = time.Date(2026, 11, 24, 13, 0, 0, 0, time.UTC) // a Tuesday
	closes = time.Date(2026, 12, 11, 16, 0, 0, 0, time.UTC)
	plan   = contactplan.Field{Plan: contactplan.Default(), Calendar: contactplan.NewCalendar(contactplan.Settings{}), Opens: opens, Closes: closes, Released: opens}
)

func TestReadSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		posted call.Posted
		field  string // "" for nothing
	}{
		{"nothing chosen", call.Posted{}, "uitkomst"},
		{"an outcome there is not", call.Posted{Outcome: "x"}, "uitkomst"},
		{"nobody reached", call.Posted{Outcome: "niet_bereikt"}, ""},
		{"an appointment without a day", call.Posted{Outcome: "afspraak", Time: "10:30"}, "datum"},
		{"an appointment without a time", call.Posted{Outcome: "afspraak", Date: "2026-11-26"}, "tijd"},
		{"an appointment in the past", call.Posted{Outcome: "afspraak", Date: "2026-11-24", Time: "13:59"}, "datum"},
		{"an appointment after closing", call.Posted{Outcome: "afspraak", Date: "2026-12-11", Time: "17:00"}, "datum"},
		{"an appointment with a Dutch time", call.Posted{Outcome: "afspraak", Date: "2026-11-26", Time: "10.30"}, ""},
		{"a refusal without a reason", call.Posted{Outcome: "weigering"}, "reden"},
		{"a refusal for a reason there is not", call.Posted{Outcome: "weigering_ander", Reason: "x"}, "reden"},
		{"a refusal", call.Posted{Outcome: "weigering", Reason: "geen_tijd"}, ""},
		{"out of the population without a word", call.Posted{Outcome: "buiten_populatie", Note: " "}, "notitie"},
		{"a link to nowhere", call.Posted{Outcome: "link", Email: "jansen"}, "email"},
		{"a link to the address that is known", call.Posted{Outcome: "link"}, ""},
	} {
		_, problems := call.Read(tt.posted, now, closes, time.FixedZone("CET", 3600))
		switch {
		case tt.field == "" && len(problems) > 0:
			t.Errorf("%s: %v", tt.name, problems)
		case tt.field != "" && (len(problems) != 1 || problems[0].Field != tt.field):
			t.Errorf("%s: problems %v, want one at %s", tt.name, problems, tt.field)
		}
	}
	r, _ := call.Read(call.Posted{Outcome: "afspraak", Date: "2026-11-26", Time: "10:30", Reason: "geen_tijd", Email: "x"}, now, closes, time.FixedZone("CET", 3600))
	if want := time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC); !r.Again.Equal(want) || r.Reason != "" || r.Email != "" {
		t.Errorf("got %+v, want an appointment at %v and nothing that belongs to another outcome", r, want)
	}
	if r, _ := call.Read(call.Posted{Outcome: "weigering", Reason: "geen_tijd", Note: "Mevrouw Jansen is ziek."}, now, closes, time.UTC); r.EventNote() != "Geen tijd." {
		t.Errorf("the event says %q: words about a person do not belong in it", r.EventNote())
	}
}

// unit is one that was invited and reminded, and is due for its call.
func unit(events ...event.Event) contactplan.Unit {
	u := contactplan.Unit{ID: 1, Audience: "swv", Added: opens, Contacts: []contactplan.Contact{{ID: 7, Mail: true, Phone: true}},
		Touches: []contactplan.Touch{{Step: "uitnodiging", Channel: contactplan.Mail, Contact: 7, At: opens.Add(time.Hour), State: contactplan.Sent},
			{Step: "herinnering1", Channel: contactplan.Mail, Contact: 7, At: opens.AddDate(0, 0, 14), State: contactplan.Sent}},
		Events: events}
	return u
}

func TestAnAppointmentStandsUntilSomebodyIsReached(t *testing.T) {
	t.Parallel()
	if turn, due := call.Due(plan, unit(), nil, now); !due || turn.Step != "telefoon" || turn.Contact != 7 {
		t.Fatalf("by the ladder: %+v, %v", turn, due)
	}
	agreed := now.Add(-time.Hour)
	for _, tt := range []struct {
		name string
		a    call.Appointment
		e    []event.Event
		want bool
	}{
		{"it has come", call.Appointment{At: agreed}, nil, true},
		{"it is still to come", call.Appointment{At: now.Add(time.Minute)}, nil, false},
		{"missed a minute ago", call.Appointment{At: agreed, Missed: 1, Last: now.Add(-time.Minute)}, nil, false},
		{"missed yesterday", call.Appointment{At: agreed.AddDate(0, 0, -1), Missed: 1, Last: now.AddDate(0, 0, -1)}, nil, true},
		{"missed three times", call.Appointment{At: agreed.AddDate(0, 0, -4), Missed: 3, Last: now.AddDate(0, 0, -1)}, nil, false},
		{"it has refused since", call.Appointment{At: agreed}, []event.Event{{ID: 1, Kind: event.Refused, Occurred: now}}, false},
		{"it has answered since", call.Appointment{At: agreed}, []event.Event{{ID: 1, Kind: event.Submitted, Occurred: now}}, false},
	} {
		if turn, due := call.Due(plan, unit(tt.e...), &tt.a, now); due != tt.want {
			t.Errorf("%s: due %v (%+v)", tt.name, due, turn)
		}
	}
	if _, due := call.Due(plan, unit(), &call.Appointment{At: agreed}, closes); due {
		t.Error("somebody is called after closing")
	}
}

// TestTheListServesTheSmallestResponseFirst: Zuid hardly answered, so its units
// go first; an appointment goes before all, and the audiences take turns.
func TestTheListServesTheSmallestResponseFirst(t *testing.T) {
	t.Parallel()
	groups := []call.Group{{[]string{"Noord"}, 50, 30}, {[]string{"Zuid"}, 50, 5}}
	swv := call.NewPopulation([]string{"Regio"}, groups, []call.Known{{1, "A1", []string{"Noord"}}, {2, "A2", []string{"Zuid"}}, {3, "A3", []string{"Noord"}}})
	gemeente := call.NewPopulation([]string{"Regio"}, groups, []call.Known{{4, "G1", []string{"Noord"}}, {5, "G2", []string{"Zuid"}}})
	turns := []call.Turn{{Unit: 1}, {Unit: 2}, {Unit: 3, Appointment: now}, {Unit: 4}, {Unit: 5}}
	var got []int64
	for _, turn := range call.Order(turns, []call.Population{swv, gemeente}) {
		got = append(got, turn.Unit)
		if turn.Why == "" {
			t.Errorf("unit %d does not say why it stands there", turn.Unit)
		}
	}
	if want := []int64{3, 2, 5, 1, 4}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestTheListHoldsEveryUnitOnce also where nothing is known of the units.
func TestTheListHoldsEveryUnitOnce(t *testing.T) {
	t.Parallel()
	p := call.NewPopulation(nil, []call.Group{{nil, 3, 0}}, []call.Known{{1, "A", nil}, {2, "B", nil}, {3, "C", nil}})
	if got := call.Order([]call.Turn{{Unit: 3}, {Unit: 1}, {Unit: 2}}, []call.Population{p}); len(got) != 3 || got[0].Unit != 1 {
		t.Errorf("got %v", got)
	}
}

func TestEveryOutcomeIsRecordedAsSomethingThatCanBeTakenBack(t *testing.T) {
	t.Parallel()
	keys := map[string]bool{}
	for i, o := range call.Outcomes {
		if !o.Kind.Recallable() {
			t.Errorf("%s is recorded as %s, which cannot be taken back", o.ID, o.Kind)
		}
		if k := call.Key(i); k != "" && keys[k] {
			t.Errorf("%s shares key %s", o.ID, k)
		}
		keys[call.Key(i)] = true
	}
}
