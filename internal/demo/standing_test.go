package demo_test

import (
	"math"
	"testing"

	"github.com/uitvraag/uitvraag/internal/demo"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/representativity"
)

// TestTheStandingOfTheClosedStudyIsAsPublished holds the vectors of standards 2C,
// 2F and 2G that the demonstration has, from the database on.
func TestTheStandingOfTheClosedStudyIsAsPublished(t *testing.T) {
	t.Parallel()
	past, err := demo.Closed()
	s := keep(t, past, err)
	now := s.study.Closes.AddDate(0, 2, 0)
	want := map[string]disposition.Counts{"swv": {I: 105, P: 3, R: 16, NC: 27}, "gemeente": {I: 205, P: 19, R: 5, NC: 151}}
	published := map[string][]float64{"swv": {.6954}, "gemeente": {.5711, .5263}}
	for audience, counts := range want {
		a, err := s.Standing(t.Context(), s.study, audience, now)
		if err != nil {
			t.Fatal(err)
		}
		account := disposition.Make(a.Outcomes, disposition.Choices{})
		if account.Counts.I != counts.I || account.Counts.P != counts.P || account.Counts.R+account.Counts.NC != counts.R+counts.NC {
			t.Errorf("%s: %+v, want %+v", audience, account.Counts, counts)
		}
		if a.Done != counts.I+counts.P || a.Busy != 0 {
			t.Errorf("%s: %d done, %d busy", audience, a.Done, a.Busy)
		}
		days := a.Days()
		if days[len(days)-1].Total != a.Done {
			t.Errorf("%s: the days add up to %d, not %d", audience, days[len(days)-1].Total, a.Done)
		}
		for _, rate := range published[audience] {
			found := false
			for _, r := range account.Readings {
				found = found || math.Abs(r.RR2.Value-rate) < 5e-5
			}
			if !found {
				t.Errorf("%s: no reading gives the published %v: %+v", audience, rate, account.Readings)
			}
		}
		for _, stratum := range a.Strata {
			c := representativity.Compare([]representativity.Characteristic{stratum.Characteristic(stratum.Column)}).Comparisons[0]
			if math.IsNaN(c.P) || c.N+stratum.Unknown.N != a.N || c.Responded+stratum.Unknown.Done != a.Done {
				t.Errorf("%s %s: N %d, responded %d, p %v", audience, stratum.Column, c.N, c.Responded, c.P)
			}
		}
	}
}
