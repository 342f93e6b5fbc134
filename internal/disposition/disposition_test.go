package disposition_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/event"
)

var (
	opens  = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	closes = time.Date(2026, 5, 1, 16, 0, 0, 0, time.UTC)
	rules  = disposition.DefaultRules(closes)
)

// happened makes events a day apart, from the first day on.
func happened(kinds ...event.Kind) []event.Event {
	var out []event.Event
	for i, k := range kinds {
		out = append(out, event.Event{ID: int64(i + 1), Unit: 1, Kind: k, Occurred: opens.AddDate(0, 0, i)})
	}
	return out
}

func sent(share float64) disposition.Answers {
	return disposition.Answers{Submission: disposition.Whole, Sent: opens.AddDate(0, 0, 20), Share: share, Core: true, Pages: 9}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	draft := func(share float64, core bool) disposition.Answers {
		return disposition.Answers{Share: share, Core: core, Pages: 9}
	}
	core := disposition.Answers{Submission: disposition.Core, Sent: opens.AddDate(0, 0, 20), Share: 0.2, Core: true}
	frozen := disposition.Answers{Submission: disposition.Frozen, Sent: closes, Share: 0.6, Core: true}
	late := sent(1)
	late.Sent = closes.Add(time.Second)
	import_ := late
	import_.Imported = true
	cover := func(a disposition.Answers, ok bool) *disposition.Cover {
		return &disposition.Cover{Answers: a, Confirmed: ok}
	}
	override := append(happened(event.Invited), event.Event{ID: 9, Kind: event.Override, Occurred: opens.AddDate(0, 0, 3), Note: disposition.OverrideNote(disposition.Away, "met verlof")})
	halfCore := core
	halfCore.Core = false
	for name, c := range map[string]struct {
		facts disposition.Facts
		want  disposition.Outcome
	}{
		"nothing":                         {disposition.Facts{}, disposition.NotSent},
		"invited":                         {disposition.Facts{Events: happened(event.Listed, event.Invited)}, disposition.NoContact},
		"called in vain":                  {disposition.Facts{Events: happened(event.CallNoAnswer)}, disposition.NoContact},
		"bounced":                         {disposition.Facts{Events: happened(event.Invited, event.Bounced)}, disposition.Undeliverable},
		"bounced, then a letter":          {disposition.Facts{Events: happened(event.Invited, event.Bounced, event.LetterSent)}, disposition.NoContact},
		"an automatic reply says nothing": {disposition.Facts{Events: happened(event.Invited, event.AutoReply)}, disposition.NoContact},
		"wants no mail":                   {disposition.Facts{Events: happened(event.Invited, event.OptOut)}, disposition.Reached},
		"appointment":                     {disposition.Facts{Events: happened(event.CallAppointment)}, disposition.Reached},
		"a lone start":                    {disposition.Facts{Own: disposition.Answers{Pages: 1}, Events: happened(event.Invited)}, disposition.NoContact},
		"two pages, no answer":            {disposition.Facts{Own: disposition.Answers{Pages: 2}, Events: happened(event.Invited)}, disposition.NothingEntered},
		"some answers":                    {disposition.Facts{Own: draft(0.2, false), Events: happened(event.Started)}, disposition.BrokenOff},
		"half, without the core":          {disposition.Facts{Own: draft(0.9, false)}, disposition.BrokenOff},
		"half, with the core":             {disposition.Facts{Own: draft(0.5, true)}, disposition.Partial},
		"frozen":                          {disposition.Facts{Own: frozen, Events: happened(event.Started, event.Frozen)}, disposition.Partial},
		"sent":                            {disposition.Facts{Own: sent(0.1), Events: happened(event.Submitted)}, disposition.Complete},
		"sent, then reopened":             {disposition.Facts{Own: sent(1), Events: happened(event.Submitted, event.Reopened)}, disposition.Complete},
		"sent, event recalled":            {disposition.Facts{Own: sent(0), Events: recall(happened(event.Invited, event.Submitted), 2)}, disposition.NoContact},
		"sent at closing":                 {disposition.Facts{Own: at(sent(1), closes)}, disposition.Complete},
		"sent a second late":              {disposition.Facts{Own: late}, disposition.Late},
		"read from a file after closing":  {disposition.Facts{Own: import_}, disposition.Complete},
		"late after a refusal":            {disposition.Facts{Own: late, Events: happened(event.Refused)}, disposition.Refused},
		"core by phone":                   {disposition.Facts{Own: core, Events: happened(event.Refused, event.Submitted)}, disposition.CoreByPhone},
		"half of the core by phone":       {disposition.Facts{Own: halfCore}, disposition.BrokenOff},
		"covered":                         {disposition.Facts{Cover: cover(sent(1), true), Events: happened(event.Claimed, event.Covered)}, disposition.CompleteProxy},
		"covered, not confirmed":          {disposition.Facts{Cover: cover(sent(1), false), Events: happened(event.Invited)}, disposition.NoContact},
		"covered by a part":               {disposition.Facts{Cover: cover(frozen, true)}, disposition.PartialProxy},
		"covered by a late one":           {disposition.Facts{Cover: cover(late, true)}, disposition.NotSent},
		"own goes before covered":         {disposition.Facts{Own: core, Cover: cover(sent(1), true)}, disposition.CoreByPhone},
		"covered goes before a draft":     {disposition.Facts{Own: draft(0.8, true), Cover: cover(sent(1), true)}, disposition.CompleteProxy},
		"refused":                         {disposition.Facts{Events: happened(event.Invited, event.Refused)}, disposition.Refused},
		"refusal recalled":                {disposition.Facts{Events: recall(happened(event.Invited, event.Refused), 2)}, disposition.NoContact},
		"refused by the secretariat":      {disposition.Facts{Events: happened(event.RefusedByOther)}, disposition.RefusedByOther},
		"answered, then refused":          {disposition.Facts{Own: sent(1), Events: happened(event.Submitted, event.Refused)}, disposition.Complete},
		"refused, then dissolved":         {disposition.Facts{Events: happened(event.Refused, event.OutOfPopulation)}, disposition.OutOfPopulation},
		"answered, then dissolved":        {disposition.Facts{Own: sent(1), Events: happened(event.OutOfPopulation)}, disposition.Complete},
		"listed twice":                    {disposition.Facts{Events: happened(event.Duplicate)}, disposition.Duplicate},
		"ill":                             {disposition.Facts{Events: happened(event.CallAppointment, event.Unable)}, disposition.Unable},
		"ill and refused":                 {disposition.Facts{Events: happened(event.Unable, event.Refused)}, disposition.Refused},
		"away":                            {disposition.Facts{Events: happened(event.CallAppointment, event.Away)}, disposition.Away},
		"promised, then nothing":          {disposition.Facts{Events: happened(event.Invited, event.Promised, event.Reminded)}, disposition.RefusedImplicit},
		"promised, then spoken to":        {disposition.Facts{Events: happened(event.Promised, event.CallAppointment)}, disposition.Reached},
		"decided by hand":                 {disposition.Facts{Events: override}, disposition.Away},
		"decided, then recalled":          {disposition.Facts{Events: recall(override, 9)}, disposition.NoContact},
	} {
		s := disposition.Of(c.facts, rules, closes.AddDate(0, 1, 0))
		if s.Outcome != c.want || !s.Final || s.Why == "" {
			t.Errorf("%s: %s (%s, final %v), want %s", name, s.Outcome, s.Why, s.Final, c.want)
		}
	}
}

func at(a disposition.Answers, t time.Time) disposition.Answers {
	a.Sent = t
	return a
}

func recall(events []event.Event, id int64) []event.Event {
	return append(slices.Clone(events), event.Event{ID: 99, Kind: event.Recalled, Recalls: id, Occurred: closes})
}

// TestTheLimitsOfCompleteness is K1: 49, 50, 80 and 81 %.
func TestTheLimitsOfCompleteness(t *testing.T) {
	t.Parallel()
	aapor := rules
	aapor.CompleteAbove = 0.8
	for percent, want := range map[int]disposition.Outcome{0: disposition.BrokenOff, 49: disposition.BrokenOff, 50: disposition.Partial, 80: disposition.Partial, 81: disposition.Complete, 100: disposition.Complete} {
		share := float64(percent) / 100
		if got := disposition.Of(disposition.Facts{Own: sent(share)}, aapor, closes).Outcome; got != want {
			t.Errorf("sent at %d %%: %s, want %s", percent, got, want)
		}
		if got := disposition.Of(disposition.Facts{Own: sent(share)}, rules, closes).Outcome; got != disposition.Complete {
			t.Errorf("sent at %d %% by the default: %s", percent, got)
		}
		draft := want
		if percent == 0 {
			draft = disposition.NothingEntered
		} else if want == disposition.Complete {
			draft = disposition.Partial
		}
		facts := disposition.Facts{Own: disposition.Answers{Share: share, Core: true, Pages: 4}}
		if got := disposition.Of(facts, rules, closes).Outcome; got != draft {
			t.Errorf("not sent at %d %%: %s, want %s", percent, got, draft)
		}
	}
}

func TestAPromiseIsBrokenAfterFourteenDays(t *testing.T) {
	t.Parallel()
	// Summer time begins in between: days are days in Amsterdam.
	made := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	facts := disposition.Facts{Events: []event.Event{{ID: 1, Kind: event.Promised, Occurred: made}}}
	due := time.Date(2026, 4, 3, 11, 0, 0, 0, time.UTC)
	for now, want := range map[time.Time]disposition.Outcome{made: disposition.Reached, due.Add(-time.Second): disposition.Reached, due: disposition.RefusedImplicit} {
		if got := disposition.Of(facts, rules, now).Outcome; got != want {
			t.Errorf("at %v: %s, want %s", now, got, want)
		}
	}
	never := rules
	never.PromiseDays = 0
	if got := disposition.Of(facts, never, closes).Outcome; got != disposition.Reached {
		t.Errorf("without the rule: %s", got)
	}
	short := rules
	short.Closes = made.AddDate(0, 0, 5)
	if got := disposition.Of(facts, short, made.AddDate(1, 0, 0)).Outcome; got != disposition.Reached {
		t.Errorf("promised five days before closing: %s", got)
	}
}

func TestGraceCounts(t *testing.T) {
	t.Parallel()
	grace := rules
	grace.Grace = 15 * time.Minute
	for after, want := range map[time.Duration]disposition.Outcome{15 * time.Minute: disposition.Complete, 15*time.Minute + time.Second: disposition.Late} {
		if got := disposition.Of(disposition.Facts{Own: at(sent(1), closes.Add(after))}, grace, closes.Add(time.Hour)).Outcome; got != want {
			t.Errorf("%v after closing: %s, want %s", after, got, want)
		}
	}
}

func TestWhatOccursLaterIsNotKnownYet(t *testing.T) {
	t.Parallel()
	facts := disposition.Facts{Own: sent(1), Events: happened(event.Invited, event.Refused)}
	s := disposition.Of(facts, rules, opens)
	if s.Outcome == disposition.Complete || s.Outcome == disposition.Refused || s.Final {
		t.Errorf("on the first day: %+v", s)
	}
	if s := disposition.Of(facts, rules, opens.AddDate(0, 0, 1)); s.Outcome != disposition.Refused {
		t.Errorf("on the second day: %+v", s)
	}
}

func TestADecisionByHandNamesAnOutcomeAndAReason(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]disposition.Outcome{"dubbel: staat er twee keer in": disposition.Duplicate, "dubbel": "", "dubbel: ": "", "onzin: reden": ""} {
		facts := disposition.Facts{Events: []event.Event{{ID: 1, Kind: event.Override, Occurred: opens, Note: note}}}
		s := disposition.Of(facts, rules, closes)
		if want == "" {
			if s.ByHand || len(s.Warnings) == 0 || s.Outcome != disposition.NotSent {
				t.Errorf("%q: %+v", note, s)
			}
		} else if s.Outcome != want || !s.ByHand || s.Why != "Met de hand bepaald: staat er twee keer in" {
			t.Errorf("%q: %+v", note, s)
		}
	}
	facts := disposition.Facts{Own: sent(1), Events: []event.Event{
		{ID: 1, Kind: event.Override, Occurred: opens, Note: "dubbel: twee keer"}, {ID: 2, Kind: event.Submitted, Occurred: opens.AddDate(0, 0, 20)}}}
	if s := disposition.Of(facts, rules, closes); s.Outcome != disposition.Duplicate || len(s.Warnings) != 1 {
		t.Errorf("a questionnaire after the decision is not said: %+v", s)
	}
}

func TestWhoMayBeApproached(t *testing.T) {
	t.Parallel()
	now := opens.AddDate(0, 0, 30)
	hand := func(o disposition.Outcome) []event.Event {
		return []event.Event{{ID: 1, Kind: event.Override, Occurred: opens, Note: disposition.OverrideNote(o, "x")}}
	}
	for name, c := range map[string]struct {
		facts           disposition.Facts
		allowed, notice bool
	}{
		"invited":               {disposition.Facts{Events: happened(event.Invited)}, true, false},
		"started":               {disposition.Facts{Own: disposition.Answers{Share: 0.9, Core: true}, Events: happened(event.Started)}, true, false},
		"promised":              {disposition.Facts{Events: happened(event.Promised)}, true, false},
		"one contact bounced":   {disposition.Facts{Events: happened(event.Invited, event.Bounced)}, true, false},
		"one contact opted out": {disposition.Facts{Events: happened(event.Invited, event.OptOut)}, true, false},
		"sent":                  {disposition.Facts{Own: sent(1)}, false, false},
		"sent later than now":   {disposition.Facts{Own: at(sent(1), now.Add(time.Hour)), Events: []event.Event{{ID: 1, Kind: event.Submitted, Occurred: now.Add(time.Hour)}}}, false, false},
		"sent and taken back":   {disposition.Facts{Own: sent(1), Events: recall(happened(event.Submitted), 1)}, true, false},
		"reopened":              {disposition.Facts{Own: sent(1), Events: happened(event.Submitted, event.Reopened)}, false, false},
		"refused":               {disposition.Facts{Own: disposition.Answers{Share: 0.9, Core: true}, Events: happened(event.Refused)}, false, false},
		"refused by another":    {disposition.Facts{Events: happened(event.RefusedByOther)}, false, false},
		"takes part after all":  {disposition.Facts{Events: recall(happened(event.Refused), 1)}, true, false},
		"claimed":               {disposition.Facts{Events: happened(event.Claimed)}, true, true},
		"claim withdrawn":       {disposition.Facts{Events: happened(event.Claimed, event.Unclaimed)}, true, false},
		"covered":               {disposition.Facts{Events: happened(event.Claimed, event.Covered)}, false, false},
		"cover withdrawn":       {disposition.Facts{Events: happened(event.Claimed, event.Covered, event.Unclaimed)}, true, false},
		"cover in the facts":    {disposition.Facts{Cover: &disposition.Cover{Confirmed: true}}, false, false},
		"dissolved":             {disposition.Facts{Events: happened(event.OutOfPopulation)}, false, false},
		"twice":                 {disposition.Facts{Events: happened(event.Duplicate)}, false, false},
		"unable":                {disposition.Facts{Events: happened(event.Unable)}, false, false},
		"refused by hand":       {disposition.Facts{Events: hand(disposition.Refused)}, false, false},
		"no contact by hand":    {disposition.Facts{Events: hand(disposition.NoContact)}, true, false},
	} {
		a := disposition.MayApproach(c.facts, rules, now)
		if a.Allowed != c.allowed || a.Notice != c.notice || !a.Allowed && a.Why == "" {
			t.Errorf("%s: %+v, want allowed %v and notice %v", name, a, c.allowed, c.notice)
		}
		if after := disposition.MayApproach(c.facts, rules, closes); after.Allowed {
			t.Errorf("%s: may be approached after closing", name)
		}
	}
}

// TestEveryUnitHasOneOutcomeAndTheyAddUp is C2, over random histories.
func TestEveryUnitHasOneOutcomeAndTheyAddUp(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 2))
	kinds := []event.Kind{event.Listed, event.Invited, event.Reminded, event.LetterSent, event.Bounced, event.CallNoAnswer, event.Called, event.CallAppointment,
		event.Promised, event.Refused, event.RefusedByOther, event.Started, event.Submitted, event.Covered, event.Claimed, event.Unclaimed, event.OptOut,
		event.AutoReply, event.Away, event.Unable, event.OutOfPopulation, event.Duplicate, event.Override, event.Recalled}
	seen := map[disposition.Outcome]int{}
	for round := range 60 {
		var outcomes []disposition.Outcome
		r := rules
		if round%2 == 1 {
			r.Frame = disposition.UncertainFrame
		}
		now := opens.AddDate(0, 0, random.IntN(90))
		for range 50 {
			f := randomFacts(random, kinds)
			s := disposition.Of(f, r, now)
			slices.Reverse(f.Events)
			if again := disposition.Of(f, r, now); fmt.Sprint(again) != fmt.Sprint(s) {
				t.Fatalf("the order of the events matters: %+v, then %+v", s, again)
			}
			if _, ok := disposition.AAPOR2016.Code(s.Outcome, r.Frame); !ok || s.Why == "" {
				t.Fatalf("%+v has no code", s)
			}
			seen[s.Outcome]++
			outcomes = append(outcomes, s.Outcome)
		}
		checkSums(t, outcomes, disposition.Choices{Frame: r.Frame})
	}
	for _, o := range disposition.Outcomes {
		if seen[o] == 0 {
			t.Errorf("no random history came to %s", o)
		}
	}
}

func randomFacts(random *rand.Rand, kinds []event.Kind) disposition.Facts {
	answers := func() disposition.Answers {
		a := disposition.Answers{Submission: []disposition.Submission{"", "", "", "", disposition.Whole, disposition.Frozen, disposition.Core}[random.IntN(7)],
			Share: float64(max(0, random.IntN(11)-4)) / 6, Core: random.IntN(2) == 0, Pages: random.IntN(4)}
		if a.Submission != disposition.Unsent {
			a.Sent = opens.AddDate(0, 0, random.IntN(70))
		}
		return a
	}
	f := disposition.Facts{Unit: 1}
	if random.IntN(2) == 0 {
		f.Own = answers()
	}
	if random.IntN(6) == 0 {
		f.Cover = &disposition.Cover{Answers: answers(), Confirmed: random.IntN(3) > 0}
	}
	for i := range random.IntN(7) {
		e := event.Event{ID: int64(i + 1), Unit: 1, Kind: kinds[random.IntN(len(kinds))], Occurred: opens.Add(time.Duration(random.IntN(60*24)) * time.Hour)}
		switch e.Kind {
		case event.Override:
			e.Note = disposition.OverrideNote(disposition.Outcomes[random.IntN(len(disposition.Outcomes))], "omdat")
		case event.Recalled:
			e.Recalls = int64(random.IntN(6) + 1)
		}
		f.Events = append(f.Events, e)
	}
	return f
}

func checkSums(t *testing.T, outcomes []disposition.Outcome, c disposition.Choices) {
	t.Helper()
	a := disposition.Make(outcomes, c)
	lines := 0
	for _, l := range a.Lines {
		lines += l.N
	}
	if a.Counts.Total() != len(outcomes) || lines != len(outcomes) || a.N != len(outcomes) {
		t.Errorf("%d units, %d in classes, %d in lines", len(outcomes), a.Counts.Total(), lines)
	}
	if c.Frame == disposition.CompleteFrame && a.Counts.UH+a.Counts.UO != 0 {
		t.Errorf("unknown units in a complete frame: %+v", a.Counts)
	}
	for _, r := range a.Readings {
		if r.Counts.Total() != len(outcomes) {
			t.Errorf("%s: %+v", r.Title, r.Counts)
		}
	}
}
