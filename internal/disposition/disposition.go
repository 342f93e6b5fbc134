// Package disposition says what came of a unit: its outcome, derived from its
// events and from what is known of its answers; whether it may still be
// approached; and the account of all units with the response rates that follow.
//
// Outcomes are our own words (standards 2B). The codes of AAPOR are a table
// beside them, by edition, since these changed meaning between editions. It must
// never know a contact plan, SQL, or who a unit is.
package disposition

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/event"
)

// An Outcome is what came of a unit. Each unit has exactly one.
type Outcome string

// The outcomes, in the order in which they are reported.
const (
	Complete        Outcome = "volledig"
	CompleteProxy   Outcome = "volledig_proxy" // another unit's complete questionnaire holds for it
	Partial         Outcome = "gedeeltelijk"
	PartialProxy    Outcome = "gedeeltelijk_proxy" // another unit's partial questionnaire does
	CoreByPhone     Outcome = "kernvragen_tel"
	Refused         Outcome = "weigering_expliciet"
	RefusedByOther  Outcome = "weigering_derden"    // the secretariat or the board said no
	RefusedImplicit Outcome = "weigering_impliciet" // promised, and then nothing
	NothingEntered  Outcome = "ingelogd_niets"      // saw questions, answered none
	BrokenOff       Outcome = "afgebroken"          // answered less than counts as partial
	NoContact       Outcome = "geen_contact"        // never reached in any way
	Reached         Outcome = "bereikt"             // reached or started, without any outcome
	Away            Outcome = "afwezig_veldperiode"
	Late            Outcome = "te_laat"
	Unable          Outcome = "overig_niet_in_staat"
	NotSent         Outcome = "niet_verzonden" // nothing could be sent
	NothingKnown    Outcome = "niets_bekend"   // in an uncertain frame: nothing ever came back
	Undeliverable   Outcome = "onbestelbaar"
	OutOfPopulation Outcome = "buiten_populatie"
	Duplicate       Outcome = "dubbel"
)

// Outcomes are all outcomes, in the order in which they are reported.
var Outcomes = []Outcome{Complete, CompleteProxy, Partial, PartialProxy, CoreByPhone, Refused, RefusedByOther, RefusedImplicit, NothingEntered,
	BrokenOff, NoContact, Reached, Away, Late, Unable, NotSent, NothingKnown, Undeliverable, OutOfPopulation, Duplicate}

// A Submission says what was handed in, as the submission itself says.
type Submission string

// The kinds of submission.
const (
	Unsent Submission = ""           // nothing was handed in
	Whole  Submission = "submitted"  // sent by the respondent
	Frozen Submission = "partial"    // kept at closing, or read as partial: enough was answered
	Core   Submission = "kernvragen" // the core questions only
)

// Answers are what is known of one questionnaire.
type Answers struct {
	Submission Submission // of the submission that counts, never of a reopened draft
	Sent       time.Time
	Imported   bool    // read from a file; never late
	Share      float64 // answered part of the applicable items, 0 to 1
	Core       bool    // all core items are answered
	Pages      int     // most pages of questions seen in one session
}

// Facts are what is known of one unit. They are what events alone do not tell,
// and the events.
type Facts struct {
	Unit   int64
	Events []event.Event // of this unit, in any order, recalled ones included
	Own    Answers       // zero where it has no questionnaire
	Cover  *Cover        // the questionnaire of another that is said to hold for it, or nil
}

// A Cover is another unit's questionnaire that is said to hold for this one.
type Cover struct {
	Answers   Answers
	Confirmed bool
}

// A Frame says what is known of the list that the sample comes from.
type Frame string

// The frames.
const (
	CompleteFrame  Frame = ""        // a complete list at a reference date: every unit is eligible unless shown otherwise (C1)
	UncertainFrame Frame = "onzeker" // units may turn out not to exist
)

// Rules are fixed before the fieldwork (K1).
type Rules struct {
	Closes        time.Time     // end of the field period; zero where it has none yet
	Grace         time.Duration // how long after closing a submission still counts
	PartialFrom   float64       // share of the applicable items from which a questionnaire counts as partial
	CompleteAbove float64       // share above which a sent questionnaire is complete; 0: every one that was sent
	PromiseDays   int           // days after a promise that nothing makes a refusal of it; 0: never
	Frame         Frame
}

// DefaultRules are those of standards 2B and 2E.
func DefaultRules(closes time.Time) Rules {
	return Rules{Closes: closes, PartialFrom: 0.5, PromiseDays: 14}
}

// closed reports whether the field period is over.
func (r Rules) closed(now time.Time) bool { return !r.Closes.IsZero() && !now.Before(r.Closes) }

// late reports whether answers came too late to count.
func (r Rules) late(a Answers) bool {
	return !r.Closes.IsZero() && !a.Imported && a.Submission == Whole && a.Sent.After(r.Closes.Add(r.Grace))
}

// worth is what answers are worth by themselves: Complete, Partial, CoreByPhone,
// BrokenOff, Late, or "" where there are none.
func (r Rules) worth(a Answers) Outcome {
	enough := a.Share >= r.PartialFrom && a.Share > 0 && a.Core
	switch {
	case r.late(a):
		return Late
	case a.Submission == Core && a.Core:
		return CoreByPhone
	case a.Submission == Whole && (r.CompleteAbove <= 0 || a.Share > r.CompleteAbove):
		return Complete
	case a.Submission == Frozen || enough:
		return Partial
	case a.Share > 0 || a.Submission != Unsent:
		return BrokenOff
	}
	return ""
}
