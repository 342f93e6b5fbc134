package study_test

import (
	"slices"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/study"
)

// TestNobodyIsApproachedBeforeTheDutiesAreLaidDown: an empty study lacks all, and
// who is both controller and processor needs no agreement.
func TestNobodyIsApproachedBeforeTheDutiesAreLaidDown(t *testing.T) {
	t.Parallel()
	if gaps := study.PrivacyGaps(study.Study{}); len(gaps) != 7 {
		t.Errorf("an empty study lacks %d things: %v", len(gaps), gaps)
	}
	s := study.Study{Settings: study.Settings{Client: "Ministerie", Organiser: "Bureau", Why: "Daarom.", Email: "onderzoek@example.nl",
		Privacy: study.Privacy{Basis: study.PublicTask, Sources: "de website", Officer: "fg@example.nl"}}}
	gaps := study.PrivacyGaps(s)
	if len(gaps) != 1 || gaps[0].Field != "overeenkomst" {
		t.Errorf("got %v, want the agreement", gaps)
	}
	s.Settings.Privacy.Processor = "Ministerie"
	if gaps := study.PrivacyGaps(s); len(gaps) != 0 {
		t.Errorf("got %v, want nothing", gaps)
	}
}

func TestDataGoOnTheirDay(t *testing.T) {
	t.Parallel()
	s := study.Study{Closes: time.Date(2026, 12, 11, 16, 0, 0, 0, time.UTC)}
	due := func(months int) []study.Class {
		return study.DueClasses(s, s.Closes.AddDate(0, months, 0))
	}
	for months, want := range map[int][]study.Class{
		2: nil, 3: {study.Messages}, 11: {study.Messages},
		12:  {study.Messages, study.Contacts, study.Identity},
		24:  {study.Messages, study.Contacts, study.Identity, study.Consents},
		119: {study.Messages, study.Contacts, study.Identity, study.Consents},
		120: {study.Messages, study.Contacts, study.Identity, study.Consents, study.Answers},
	} {
		if got := due(months); !slices.Equal(got, want) {
			t.Errorf("after %d months: %v, want %v", months, got, want)
		}
	}
	s.Settings.Privacy.Accepted = s.Closes.AddDate(0, 5, 0)
	if got := due(5); !slices.Equal(got, []study.Class{study.Messages, study.Contacts}) {
		t.Errorf("when the report is accepted: %v", got)
	}
	s.Settings.Privacy.Accepted = s.Closes.AddDate(0, 20, 0)
	if got := due(12); !slices.Contains(got, study.Contacts) {
		t.Errorf("a late acceptance kept contact data: %v", got)
	}
	s.Settings.Privacy.Retention.Postponed = map[study.Class]study.Postponement{study.Messages: {Until: s.Closes.AddDate(0, 4, 0), Why: "klacht"}}
	if got := due(3); len(got) != 0 {
		t.Errorf("postponed, and yet %v", got)
	}
}

func TestPostponingHasAnEnd(t *testing.T) {
	t.Parallel()
	s := study.Study{Closes: time.Date(2026, 12, 11, 16, 0, 0, 0, time.UTC)}
	d, _ := study.DeadlineOf(s, study.Messages)
	now := s.Closes
	for months, ok := range map[int]bool{2: false, 3: false, 4: true, 15: true, 16: false} {
		if problem := d.PostponeProblem(s.Closes.AddDate(0, months, 0), now); (problem == "") != ok {
			t.Errorf("until %d months after closing: %q", months, problem)
		}
	}
	if d.PostponeProblem(d.Base.AddDate(0, 1, 0), d.Base) == "" {
		t.Error("what is gone was postponed")
	}
}

func TestOneOfTheListOrTwoOfTheNineAskForADPIA(t *testing.T) {
	t.Parallel()
	for want, ticked := range map[string][][]string{
		study.NoDPIA:   {nil, {"onbekend"}},
		study.MayDPIA:  {{"edpb4"}},
		study.FullDPIA: {{"ap7"}, {"edpb4", "edpb7"}, {"edpb1", "ap17"}},
	} {
		for _, x := range ticked {
			if got := study.ScreeningOutcome(x); got != want {
				t.Errorf("%v: %s, want %s", x, got, want)
			}
		}
	}
	if len(study.Criteria) != 17+9 {
		t.Errorf("%d criteria", len(study.Criteria))
	}
}
