package checklist_test

import (
	"slices"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/checklist"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/study"
)

var now = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// ready is a study with which nothing is wrong.
func ready() checklist.Facts {
	look := checklist.Look{At: now, Who: "M. van Dalen", Fresh: true}
	return checklist.Facts{Now: now, Audiences: []checklist.Audience{{Name: "swv", Title: "Samenwerkingsverbanden", Units: 151, Mail: 151}}, Domain: "example.nl", LookedAt: now, DryRun: look, Examples: look,
		Records: []mail.Record{{Name: "SPF", Finding: mail.FoundGood}, {Name: "DKIM", Finding: mail.FoundGood}, {Name: "DMARC", Finding: mail.FoundGood}},
		Study: study.Study{Opens: now.AddDate(0, 0, 14), Closes: now.AddDate(0, 0, 70), Settings: study.Settings{Organiser: "Bureau", Client: "Ministerie", Why: "Daarom.", Email: "hulp@example.nl",
			Privacy: study.Privacy{Agreement: "2026/14", Basis: study.PublicTask, Sources: "Websites.", Officer: "fg@example.nl"}}}}
}

// TestWhatMustBeInOrder breaks one thing at a time: exactly that item keeps the
// study from being released.
func TestWhatMustBeInOrder(t *testing.T) {
	t.Parallel()
	if open := checklist.Open(checklist.Items(ready())); len(open) > 0 {
		t.Fatalf("a study in order: %+v", open)
	}
	for _, c := range []struct {
		item  checklist.ID
		spoil func(*checklist.Facts)
	}{
		{checklist.Register, func(f *checklist.Facts) { f.Audiences[0].Units = 0 }},
		{checklist.Period, func(f *checklist.Facts) { f.Now = f.Study.Closes }},
		{checklist.Plan, func(f *checklist.Facts) { f.Study.Closes = f.Study.Opens.AddDate(0, 0, 20) }},
		{checklist.Messages, func(f *checklist.Facts) { f.Texts = []string{"‘telefoon’ is leeg."} }},
		{checklist.Privacy, func(f *checklist.Facts) { f.Study.Settings.Why = "" }},
		{checklist.Agreement, func(f *checklist.Facts) { f.Study.Settings.Privacy.Agreement = "" }},
		{checklist.Domain, func(f *checklist.Facts) { f.LookedAt = time.Time{} }},
		{checklist.Domain, func(f *checklist.Facts) { f.Records[0].Finding = mail.FoundWrong }},
		{checklist.DryRun, func(f *checklist.Facts) { f.DryRun.Fresh = false }},
		{checklist.Examples, func(f *checklist.Facts) { f.Examples.At = time.Time{} }},
	} {
		f := ready()
		c.spoil(&f)
		open := checklist.Open(checklist.Items(f))
		if i := slices.IndexFunc(open, func(i checklist.Item) bool { return i.ID == c.item }); i < 0 || len(open) != 1 || len(open[0].Why) == 0 {
			t.Errorf("%s spoiled: open are %+v", c.item, open)
		}
	}
	byHand := ready()
	byHand.Records[0].Finding, byHand.ByHand, byHand.HandWords = mail.FoundWrong, checklist.Look{At: now}, "Getest."
	if open := checklist.Open(checklist.Items(byHand)); len(open) > 0 {
		t.Errorf("looked at by hand: %+v", open)
	}
}
