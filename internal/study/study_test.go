package study_test

import (
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/study"
)

func TestSlugIsPlainAndStable(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Proef":                        "proef",
		"  Súdwest-Fryslân & Co. 2026": "sudwest-fryslan-co-2026",
		"'s-Gravenhage":                "s-gravenhage",
		"???":                          "",
		"<script>":                     "script",
	} {
		if got := study.Slug(title); got != want {
			t.Errorf("Slug(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestPhaseTurnsAtTheSecond(t *testing.T) {
	t.Parallel()
	opens := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	s, err := study.New("Proef", "x", opens, opens.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]study.Phase{
		-time.Second:                          study.NotYet,
		0:                                     study.Open,
		time.Hour - time.Second:               study.Open,
		time.Hour:                             study.Closing,
		time.Hour + study.Grace - time.Second: study.Closing,
		time.Hour + study.Grace:               study.Closed,
	} {
		if got := s.At(opens.Add(after)); got != want {
			t.Errorf("phase %v after opening = %q, want %q", after, got, want)
		}
	}
}

func TestNewRefusesAStudyThatClosesBeforeItOpens(t *testing.T) {
	t.Parallel()
	now := time.Now()
	if _, err := study.New("Proef", "x", now, now); errs.KindOf(err) != errs.Invalid {
		t.Errorf("got %v, want an invalid study", err)
	}
}

// TestAPromiseThatWasMadeIsKept: limits become stricter only, and who was invited
// with a promise keeps it.
func TestAPromiseThatWasMadeIsKept(t *testing.T) {
	t.Parallel()
	sent := study.Study{Released: time.Now()}
	for _, c := range []struct {
		of study.Study
		to study.Disclosure
		ok bool
	}{
		{study.Study{}, study.Disclosure{Traceable: true}, true},
		{sent, study.Disclosure{Traceable: true}, false},
		{sent, study.Disclosure{FewUnits: 5, SmallBase: 20}, true},
		{sent, study.Disclosure{FewUnits: 2}, false},
		{sent, study.Disclosure{SmallBase: 5}, false},
		{sent, study.Disclosure{FewUnits: 12}, false},
		{sent, study.Disclosure{Dominance: 40}, false},
	} {
		if problem := c.of.MayChange(c.to); (problem == "") != c.ok {
			t.Errorf("%+v: %q", c.to, problem)
		}
	}
}
