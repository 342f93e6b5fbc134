package disposition_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/event"
)

// TestRatesAreThoseOfTheStandards holds the vectors of 2C.
func TestRatesAreThoseOfTheStandards(t *testing.T) {
	t.Parallel()
	quarter := 0.25
	names := []string{"RR1", "RR2", "RR3", "COOP1", "COOP3", "REF1", "CON1"}
	for _, v := range []struct {
		name string
		n    disposition.Counts
		e    *float64
		want []float64
	}{
		{"swv 2018, phone core not counted", disposition.Counts{I: 105, R: 19, NC: 27}, nil, []float64{.6954, .6954, .6954, .8468, .8468, .1258, .8212}},
		{"swv 2018, 3 phone core", disposition.Counts{I: 105, P: 3, R: 16, NC: 27}, nil, []float64{.6954, .7152, .6954, .8468, .8468, .1060, .8212}},
		{"gemeenten 2018, units", disposition.Counts{I: 205, P: 12, R: 12, NC: 151}, nil, []float64{.5395, .5711, .5395, .8952, .8952, .0316, .6026}},
		{"gemeenten 2018, 7 phone core", disposition.Counts{I: 205, P: 19, R: 5, NC: 151}, nil, []float64{.5395, .5895, .5395, .8952, .8952, .0132, .6026}},
		{"gemeenten 2018, questionnaires", disposition.Counts{I: 188, P: 12, R: 12, NC: 168}, nil, []float64{.4947, .5263, .4947, .8868, .8868, .0316, .5579}},
		{"synthetic", disposition.Counts{I: 100, P: 10, R: 20, NC: 30, O: 5, UO: 40}, &quarter, []float64{.4878, .5366, .5714, .7407, .7692, .0976, .6585}},
	} {
		_, rates := disposition.Rates(v.n, v.e)
		for i, name := range names {
			if got := rate(rates, name); math.Abs(got-v.want[i]) > 0.00005 {
				t.Errorf("%s: %s = %.4f, want %.4f", v.name, name, got, v.want[i])
			}
		}
		if v.n.UO == 0 && (rate(rates, "RR1") != rate(rates, "RR3") || rate(rates, "RR1") != rate(rates, "RR5")) {
			t.Errorf("%s: RR1, RR3 and RR5 differ without unknown units", v.name)
		}
	}
}

func rate(rates []disposition.Rate, name string) float64 {
	i := slices.IndexFunc(rates, func(r disposition.Rate) bool { return r.Name == name })
	return rates[i].Value
}

// TestAllRatesByHand works out every rate of one case: I 100, P 10, R 20, NC 30,
// O 5, UH 10, UO 30, NE 55; e = 165/220 = .75, so e·U = 30.
func TestAllRatesByHand(t *testing.T) {
	t.Parallel()
	e, rates := disposition.Rates(disposition.Counts{I: 100, P: 10, R: 20, NC: 30, O: 5, UH: 10, UO: 30, NE: 55}, nil)
	if e != 0.75 {
		t.Errorf("e = %v, want 0.75", e)
	}
	want := map[string]float64{
		"RR1": 100. / 205, "RR2": 110. / 205, "RR3": 100. / 195, "RR4": 110. / 195, "RR5": 100. / 165, "RR6": 110. / 165,
		"COOP1": 100. / 135, "COOP2": 110. / 135, "COOP3": 100. / 130, "COOP4": 110. / 130,
		"REF1": 20. / 205, "REF2": 20. / 195, "REF3": 20. / 165, "CON1": 135. / 205, "CON2": 135. / 195, "CON3": 135. / 165,
	}
	if len(rates) != len(want) {
		t.Errorf("%d rates, want %d", len(rates), len(want))
	}
	for _, r := range rates {
		if math.Abs(r.Value-want[r.Name]) > 1e-12 || r.Formula == "" {
			t.Errorf("%s (%s) = %v, want %v", r.Name, r.Formula, r.Value, want[r.Name])
		}
	}
}

func TestRatesOfNobodyAreNaN(t *testing.T) {
	t.Parallel()
	for _, n := range []disposition.Counts{{}, {NE: 4}} {
		_, rates := disposition.Rates(n, nil)
		for _, r := range rates {
			if !math.IsNaN(r.Value) {
				t.Errorf("%+v: %s = %v, want NaN", n, r.Name, r.Value)
			}
		}
	}
	if a := disposition.Make(nil, disposition.Choices{}); len(a.Warnings) == 0 {
		t.Error("an empty sample has no warning")
	}
}

func repeat(counts map[disposition.Outcome]int) []disposition.Outcome {
	var out []disposition.Outcome
	for _, o := range disposition.Outcomes {
		out = append(out, slices.Repeat([]disposition.Outcome{o}, counts[o])...)
	}
	return out
}

// TestTheAccountOf2018 prints the published 70, 57 and 53 % beside the rates of
// DESIGN 7.
func TestTheAccountOf2018(t *testing.T) {
	t.Parallel()
	gemeenten := disposition.Make(repeat(map[disposition.Outcome]int{disposition.Complete: 188, disposition.CompleteProxy: 17, disposition.Partial: 12,
		disposition.CoreByPhone: 7, disposition.Refused: 5, disposition.Reached: 151}), disposition.Choices{})
	if diff := cmp.Diff(disposition.Counts{I: 205, P: 19, R: 5, NC: 151}, gemeenten.Counts); diff != "" {
		t.Errorf("gemeenten: (-want +got)\n%s", diff)
	}
	var got []float64
	for _, r := range gemeenten.Readings {
		got = append(got, math.Round(r.RR2.Value*10000)/10000)
	}
	if diff := cmp.Diff([]float64{.5895, .5711, .5447, .5263}, got); diff != "" {
		t.Errorf("readings: (-want +got)\n%s", diff)
	}
	swv := disposition.Make(repeat(map[disposition.Outcome]int{disposition.Complete: 105, disposition.CoreByPhone: 3, disposition.Refused: 16, disposition.Undeliverable: 2, disposition.Reached: 25}), disposition.Choices{})
	if len(swv.Readings) != 2 || math.Abs(swv.Readings[1].RR2.Value-105./151) > 1e-12 {
		t.Errorf("swv: %+v", swv.Readings)
	}
}

func TestChoicesAreSaid(t *testing.T) {
	t.Parallel()
	e := 0.25
	for want, c := range map[string]disposition.Choices{
		"2016":                        {},
		"tiende editie":               {Edition: disposition.AAPOR2023},
		"Geteld zijn vragenlijsten":   {View: disposition.Questionnaires},
		"telt als weigering (2.12)":   {Core: disposition.CoreIsRefusal},
		"staat niet vast":             {Frame: disposition.UncertainFrame},
		"gesteld op 0,25":             {E: &e},
		"telt als gedeeltelijk (1.2)": {},
	} {
		if text := strings.Join(disposition.Make(nil, c).Choices, " "); !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	r := rules
	r.CompleteAbove, r.PartialFrom = 0.8, 0.5
	if text := strings.Join(r.Sentences(), " "); !strings.Contains(text, "80 %") || !strings.Contains(text, "50 %") || !strings.Contains(text, "14 dagen") {
		t.Errorf("rules: %q", text)
	}
}

func TestEveryEditionHasEveryOutcomeOnce(t *testing.T) {
	t.Parallel()
	for _, e := range disposition.Editions {
		for _, frame := range []disposition.Frame{disposition.CompleteFrame, disposition.UncertainFrame} {
			codes := e.Codes(frame)
			if len(codes) != len(disposition.Outcomes) {
				t.Errorf("%s has %d codes, want %d", e.ID, len(codes), len(disposition.Outcomes))
			}
			for i, c := range codes {
				if c.Outcome != disposition.Outcomes[i] || c.Title == "" || !slices.Contains(disposition.Classes, c.Class) {
					t.Errorf("%s, place %d: %+v", e.ID, i, c)
				}
			}
		}
	}
	bounced, _ := disposition.AAPOR2016.Code(disposition.Undeliverable, disposition.CompleteFrame)
	if bounced.Class != disposition.NC || bounced.AAPOR != "2.20" {
		t.Errorf("a bounce in a complete list is %+v (C1)", bounced)
	}
	if c, _ := disposition.AAPOR2016.Code(disposition.Undeliverable, disposition.UncertainFrame); c.AAPOR != "3.30" || c.Class != disposition.UO {
		t.Errorf("a bounce in an uncertain list is %+v", c)
	}
}

func TestSeriesCountsDaysInAmsterdam(t *testing.T) {
	t.Parallel()
	e := func(id, unit int64, k event.Kind, at string) event.Event {
		occurred, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		return event.Event{ID: id, Unit: unit, Kind: k, Occurred: occurred}
	}
	events := []event.Event{
		e(1, 1, event.Submitted, "2026-03-27T22:59:59Z"), // still the 27th
		e(2, 2, event.Submitted, "2026-03-27T23:00:00Z"), // the 28th
		e(3, 3, event.Submitted, "2026-03-29T22:00:00Z"), // the 30th, in summer time
		e(4, 1, event.Submitted, "2026-03-30T10:00:00Z"), // again: not a new response
		e(5, 4, event.Covered, "2026-03-28T10:00:00Z"),
		e(6, 4, event.Unclaimed, "2026-03-30T10:00:00Z"), // counts no more
		e(7, 5, event.Covered, "2026-03-28T11:00:00Z"),
		e(8, 5, event.Submitted, "2026-03-30T11:00:00Z"), // takes it over; answered on the 28th
		e(9, 6, event.Imported, "2026-03-29T11:00:00Z"),
		e(10, 6, event.Recalled, "2026-03-30T11:00:00Z"),
		e(11, 7, event.Reminded, "2026-03-28T11:00:00Z"),
		e(12, 8, event.Submitted, "2026-04-02T11:00:00Z"), // after the last day
	}
	events[9].Recalls = 9
	to := events[3].Occurred.AddDate(0, 0, 1)
	days := disposition.Series(events, time.Time{}, to, event.Reminded, event.Submitted)
	var got []string
	for _, d := range days {
		got = append(got, d.Date.Format("02")+": "+strings.Trim(strings.Join(strings.Fields(fmt.Sprint(d.Responses, d.Total, d.Events)), " "), "[]"))
	}
	want := []string{"27: 1 1 [0 1", "28: 2 3 [1 1", "29: 0 3 [0 0", "30: 1 4 [0 3", "31: 0 4 [0 0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	later := disposition.Series(events, events[2].Occurred, to)
	if len(later) != 2 || later[0].Total != 4 {
		t.Errorf("from the 30th: %+v", later)
	}
	if disposition.Series(nil, time.Time{}, to) != nil || len(disposition.Series(events, to, events[0].Occurred)) != 0 {
		t.Error("days out of nothing")
	}
}
