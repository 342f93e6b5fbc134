package demo_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/demo"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A stored demonstration.
type stored struct {
	*store.Store
	study study.Study
	forms map[string]*form.Form
}

func keep(t *testing.T, past store.Past, err error) stored {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s := stored{Store: store.New(pgtest.Pool(t)), forms: map[string]*form.Form{}}
	if s.study, err = s.AddPast(t.Context(), past); err != nil {
		t.Fatal(err)
	}
	for _, src := range past.Sources {
		in, problems := src.Parse()
		if in == nil {
			t.Fatal(problems)
		}
		s.forms[src.Name] = form.New(in)
	}
	return s
}

func (s stored) units(t *testing.T, audience string) []store.Unit {
	t.Helper()
	units, err := s.Units(t.Context(), s.study.ID, audience)
	if err != nil {
		t.Fatal(err)
	}
	return units
}

func (s stored) filled(t *testing.T, audience string) []answer.Filled {
	t.Helper()
	filled, err := s.Filled(t.Context(), s.study.ID, audience)
	if err != nil {
		t.Fatal(err)
	}
	return filled
}

func TestClosedHasThePublishedResponse(t *testing.T) {
	t.Parallel()
	past, err := demo.Closed()
	s := keep(t, past, err)
	if s.study.Slug != demo.ClosedSlug || s.study.At(time.Now()) != study.Closed {
		t.Errorf("study %s is %s", s.study.Slug, s.study.At(time.Now()))
	}
	want := map[string]map[string]int{
		"swv":      {"units": 151, "submitted": 105, "kernvragen": 3, "refused": 19, "questionnaires": 108},
		"gemeente": {"units": 380, "submitted": 205, "covered": 17, "partial": 12, "kernvragen": 7, "refused": 12, "questionnaires": 207},
	}
	for audience := range want {
		d, err := s.Dataset(t.Context(), s.study, audience, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{"questionnaires": len(s.filled(t, audience))}
		if d.Questionnaires() != got["questionnaires"] || d.Frame().Len() != want[audience]["units"] {
			t.Errorf("%s: a dataset of %d questionnaires, population %d", audience, d.Questionnaires(), d.Frame().Len())
		}
		for _, u := range s.units(t, audience) {
			got["units"]++
			if u.Status != "" {
				got[u.Status]++
			}
			if u.Covered {
				got["covered"]++
			}
			if u.Refused {
				got["refused"]++
			}
		}
		if diff := cmp.Diff(want[audience], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", audience, diff)
		}
	}
	testStrata(t, s)
	testTables(t, s)
	testReliability(t, s)
	testHistory(t, s, s.study.Closes)
}

// testStrata compares figures B.1.1 to B.1.7: population and response.
func testStrata(t *testing.T, s stored) {
	want := map[string]map[string]map[string][2]int{
		"swv": {
			"regio":            {"Noord": {50, 38}, "Midden": {63, 43}, "Zuid": {36, 23}, "": {2, 1}},
			"aantal_gemeenten": {"minder dan 4": {45, 26}, "4 of 5": {47, 37}, "6 of meer": {57, 41}, "": {2, 1}},
			"verevening":       {"negatief": {50, 36}, "neutraal": {50, 37}, "positief": {51, 32}},
			"type":             {"po": {76, 52}, "vo": {75, 53}},
		},
		"gemeente": {
			"regio":    {"Noord": {132, 76}, "Midden": {121, 77}, "Zuid": {127, 64}},
			"inwoners": {"minder dan 20.000": {109, 65}, "20.000 tot 50.000": {191, 104}, "50.000 tot 100.000": {49, 26}, "100.000 of meer": {31, 22}},
			"type":     {"G4": {4, 4}, "G40": {40, 25}, "overig": {336, 188}},
		},
	}
	for audience, columns := range want {
		got := map[string]map[string][2]int{}
		for _, u := range s.units(t, audience) {
			for column, value := range u.Background {
				if got[column] == nil {
					got[column] = map[string][2]int{}
				}
				n := got[column][value]
				n[0]++
				if u.Status == "submitted" || u.Status == "partial" {
					n[1]++
				}
				got[column][value] = n
			}
		}
		if diff := cmp.Diff(columns, got); diff != "" {
			t.Errorf("%s: population and response per stratum (-want +got):\n%s", audience, diff)
		}
	}
}

// testHistory checks that every response follows from its log, that nothing
// happened outside office hours or after until, and that units have their story.
func testHistory(t *testing.T, s stored, until time.Time) {
	t.Helper()
	testLogs(t, s)
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for audience, f := range s.forms {
		for _, filled := range s.filled(t, audience) {
			if diff := cmp.Diff(f.Final(filled.Answers), filled.Answers); diff != "" {
				t.Errorf("%s: routing (-final +stored):\n%s", filled.Unit, diff)
			}
		}
		for _, u := range s.units(t, audience) {
			file, err := s.UnitFile(t.Context(), u.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range file.Events {
				at := e.Occurred.In(amsterdam)
				odd := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || at.Hour() < 9 || at.Hour() > 19
				if e.Kind != event.Listed && (odd || at.After(until) || at.Before(s.study.Opens)) {
					t.Errorf("%s: %s on %s", u.Code, e.Kind, at)
				}
			}
			sectors := map[string]bool{}
			for _, n := range file.Neighbours {
				sectors[n.Code[:2]] = true
			}
			if alone := len(sectors) == 0 && u.Background["regio"] != ""; alone || audience == "gemeente" && len(sectors) != 2 || file.Links != 1 {
				t.Errorf("%s: neighbours of %v, %d links", u.Code, sectors, file.Links)
			}
		}
	}
}

// testLogs rebuilds every response from its saves.
func testLogs(t *testing.T, s stored) {
	t.Helper()
	keys, err := s.ResponseKeys(t.Context(), s.study.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		state, rebuilt, err := s.Rebuilt(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(state, rebuilt); diff != "" {
			t.Fatalf("response %s does not follow from its log:\n%s", key, diff)
		}
	}
}

func TestOpenIsInItsThirdWeekWithEveryState(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 13, 2, 0, 0, time.UTC)
	past, err := demo.Open(now)
	s := keep(t, past, err)
	if s.study.Slug != demo.OpenSlug || s.study.At(now) != study.Open {
		t.Errorf("study %s is %s", s.study.Slug, s.study.At(now))
	}
	if days := now.Sub(s.study.Opens).Hours() / 24; days < 14 || days >= 21 {
		t.Errorf("opened %.1f days ago", days)
	}
	for _, audience := range []string{"swv", "gemeente"} {
		got := map[string]int{}
		for _, u := range s.units(t, audience) {
			switch {
			case u.Covered:
				got["covered"]++
			case u.Status != "":
				got[u.Status]++
			case !u.Started.IsZero():
				got["busy"]++
			case u.Refused:
				got["refused"]++
			case u.Bounced:
				got["bounced"]++
			default:
				got["not begun"]++
			}
		}
		want := []string{"bounced", "busy", "not begun", "refused", "submitted"}
		if audience == "gemeente" {
			want = []string{"bounced", "busy", "covered", "not begun", "refused", "submitted"}
		}
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", audience, got, diff)
		}
	}
	testHistory(t, s, now)
	testBusy(t, s)
}

// testBusy checks that those who are busy stopped at different places.
func testBusy(t *testing.T, s stored) {
	pages := map[int]bool{}
	for _, u := range s.units(t, "gemeente") {
		file, err := s.UnitFile(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		if file.Response != nil && file.Response.Sent.IsZero() {
			pages[len(file.Response.Passed)] = true
		}
	}
	if len(pages) < 10 {
		t.Errorf("all who are busy stopped at one of %d places", len(pages))
	}
}

// TestOpenOnEveryDay opens on a working day in the third week before, whatever
// the day, and is never ahead of now.
func TestOpenOnEveryDay(t *testing.T) {
	t.Parallel()
	for day := range 14 {
		now := time.Date(2027, 4, 20+day, 8, 0, 0, 0, time.UTC)
		past, err := demo.Open(now)
		if err != nil {
			t.Fatal(err)
		}
		opens := past.Study.Opens
		if ago := now.Sub(opens).Hours() / 24; ago < 14 || ago >= 21 || opens.Weekday() == time.Saturday || opens.Weekday() == time.Sunday || opens.Hour() != 9 {
			t.Errorf("at %s it opened on %s", now, opens)
		}
		for _, r := range past.Responses {
			if last := r.Saves[len(r.Saves)-1].At; last.After(now) || r.Sent.After(now) {
				t.Errorf("at %s %s saved at %s and sent at %s", now, r.Unit, last, r.Sent)
			}
		}
	}
}

func TestTwiceTheSame(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 13, 2, 0, 0, time.UTC)
	for name, tell := range map[string]func() (store.Past, error){"closed": demo.Closed, "open": func() (store.Past, error) { return demo.Open(now) }} {
		first, err1 := tell()
		second, err2 := tell()
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%s differs from run to run:\n%s", name, diff)
		}
	}
}

func TestAStudyIsMadeOnce(t *testing.T) {
	t.Parallel()
	past, err := demo.Open(time.Date(2026, 11, 24, 13, 2, 0, 0, time.UTC))
	s := keep(t, past, err)
	if _, err := s.AddPast(t.Context(), past); errs.KindOf(err) != errs.Conflict {
		t.Errorf("a second time: %v, want a conflict", err)
	}
	if n := len(s.units(t, "swv")); n != 151 {
		t.Errorf("%d swv after a second time", n)
	}
}

// existing are names that nothing made up may bear.
var existing = strings.Fields(`Groningen Friesland Fryslân Drenthe Overijssel Flevoland Gelderland Utrecht Noord-Holland
	Zuid-Holland Zeeland Noord-Brabant Limburg Amsterdam Rotterdam Den_Haag 's-Gravenhage Eindhoven Tilburg Almere Breda
	Nijmegen Apeldoorn Haarlem Arnhem Enschede`)

func TestNobodyIsReal(t *testing.T) {
	t.Parallel()
	past, err := demo.Closed()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	code := regexp.MustCompile(`^(PO|VO)(4[1-9]|5[0-2])\d\d$|^GM9\d{3}$`)
	for _, r := range past.Registers {
		for _, u := range r.Units {
			o := u.Organisation
			for _, name := range existing {
				if strings.Contains(strings.ToLower(o.Name), strings.ToLower(strings.ReplaceAll(name, "_", " "))) {
					t.Errorf("%s exists", o.Name)
				}
			}
			if names[o.Name] || !code.MatchString(o.Code) {
				t.Errorf("%s %s: a name twice, or a code that may exist", o.Code, o.Name)
			}
			names[o.Name] = true
			if !strings.HasSuffix(u.Contact.Email, ".example") || !strings.HasPrefix(u.Contact.Phone, "088 - 000 ") {
				t.Errorf("%s: %s %s", o.Code, u.Contact.Email, u.Contact.Phone)
			}
		}
	}
}
