package event_test

import (
	"testing"

	"github.com/uitvraag/uitvraag/internal/event"
)

func TestWhatWasRecalledNoLongerStands(t *testing.T) {
	t.Parallel()
	events := []event.Event{{ID: 1, Kind: event.Listed}, {ID: 2, Kind: event.Refused}, {ID: 3, Kind: event.Recalled, Recalls: 2}, {ID: 4, Kind: event.Refused}, {ID: 5, Kind: event.Recalled, Recalls: 99}}
	var got []int64
	for _, e := range event.Standing(events) {
		got = append(got, e.ID)
	}
	if len(got) != 2 || got[0] != 1 || got[1] != 4 {
		t.Errorf("standing are %v, want [1 4]", got)
	}
	if got := event.Standing(nil); len(got) != 0 {
		t.Errorf("of nothing stands %v", got)
	}
}

func TestEveryKindHasWords(t *testing.T) {
	t.Parallel()
	for _, k := range []event.Kind{event.Listed, event.LinkMade, event.Revoked, event.Started, event.Submitted, event.Imported, event.Frozen, event.Covered, event.Refused, event.Bounced, event.Called,
		event.Changed, event.Forwarded, event.Withdrawn, event.Claimed, event.Unclaimed, event.Reopened, event.Recalled} {
		if title := k.Title(); title == "" || title == string(k) {
			t.Errorf("%s is called %q", k, title)
		}
	}
}
