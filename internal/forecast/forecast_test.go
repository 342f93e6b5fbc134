package forecast_test

import (
	"math/rand/v2"
	"testing"

	"github.com/uitvraag/uitvraag/internal/forecast"
)

// simulate plays a study of n units until a day, with an invitation on day 0 and
// reminders on the days given; it returns the history and what each unit did
// until the last day.
func simulate(random *rand.Rand, n, today, last int, reminders ...int) (h forecast.History, answered int) {
	h.Today = today
	for range n {
		end, touched, touches := last+1, 0, []int{0}
		for _, r := range reminders {
			if r <= today {
				touches = append(touches, r)
			}
		}
		for day := 0; day <= last; day++ {
			for _, r := range reminders {
				if r == day {
					touched = day
				}
			}
			chance := []float64{.06, .05, .03, .02, .02}
			p := .008
			if age := day - touched; age < len(chance) {
				p = chance[age]
			}
			if random.Float64() < p {
				end = day
				answered++
				break
			}
		}
		h.Add(forecast.Life{Touches: touches, End: end, Answered: end <= last})
	}
	return h, answered
}

func TestTheBandHoldsTheOutcomeEightTimesInTen(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	inside, inStep, rounds := 0, 0, 100
	for range rounds {
		h, answered := simulate(random, 400, 16, 30, 10)
		f := h.Without(14)
		if f.Why != "" {
			t.Fatal(f.Why)
		}
		if f.Low <= answered && answered <= f.High {
			inside++
		}
		h, answered = simulate(random, 400, 16, 30, 10, 22)
		if f = h.With(14, 6); f.Low <= answered && answered <= f.High {
			inStep++
		}
	}
	for what, n := range map[string]int{"left alone": inside, "with a step": inStep} {
		if share := float64(n) / float64(rounds); share < .70 || share > .93 {
			t.Errorf("%s: %.0f %% of the outcomes are in the band of 80 %%", what, 100*share)
		}
	}
}

func TestAStepNeverTakesAnswersAway(t *testing.T) {
	t.Parallel()
	h, _ := simulate(rand.New(rand.NewPCG(3, 4)), 500, 17, 17, 10)
	without, with := h.Without(12), h.With(12, 2)
	if with.Mid <= without.Mid {
		t.Errorf("with the step %d, without %d", with.Mid, without.Mid)
	}
	for _, f := range []forecast.Forecast{without, with} {
		if f.Low > f.Mid || f.Mid > f.High || len(f.Days) != 12 {
			t.Errorf("got %+v", f)
		}
		before := forecast.Band{}
		for _, b := range f.Days {
			if b.Low > b.High || b.Low < before.Low || b.High < before.High || b.High > 500 {
				t.Errorf("%+v after %+v", b, before)
			}
			before = b
		}
	}
	again, _ := simulate(rand.New(rand.NewPCG(3, 4)), 500, 17, 17, 10)
	if got := again.With(12, 2); got.Low != with.Low || got.High != with.High {
		t.Errorf("the same history gives %+v and %+v", with, got)
	}
}

func TestAForecastSaysWhyThereIsNone(t *testing.T) {
	t.Parallel()
	var empty forecast.History
	if f := empty.Without(5); f.Why == "" {
		t.Errorf("of nothing: %+v", f)
	}
	early, _ := simulate(rand.New(rand.NewPCG(5, 6)), 500, 2, 2)
	if f := early.Without(5); f.Why == "" {
		t.Errorf("on the third day: %+v", f)
	}
	h, _ := simulate(rand.New(rand.NewPCG(5, 6)), 500, 12, 12)
	if f := h.Without(5); f.Why != "" {
		t.Errorf("after twelve days: %s", f.Why)
	}
	if f := h.With(5, 1); f.Why == "" {
		t.Errorf("no reminder went out yet: %+v", f)
	}
	if f := h.Without(0); f.Why == "" {
		t.Errorf("after closing: %+v", f)
	}
	all := forecast.History{Today: 9}
	for i := range 40 {
		all.Add(forecast.Life{Touches: []int{0}, End: i % 9, Answered: true})
	}
	if f := all.Without(5); f.Why == "" {
		t.Errorf("everybody answered: %+v", f)
	}
}

// TestAFewUnitsThatWereLeftAloneDoNotCarryTheForecast: those who were not
// reminded, because they were about to answer, say nothing of the others.
func TestAFewUnitsThatWereLeftAloneDoNotCarryTheForecast(t *testing.T) {
	t.Parallel()
	h, _ := simulate(rand.New(rand.NewPCG(9, 9)), 300, 12, 12, 10)
	before := h.Without(15)
	for i := range 8 {
		h.Add(forecast.Life{Touches: []int{0}, End: 10 + i%3, Answered: true})
	}
	if after := h.Without(15); after.High > before.High+8+10 {
		t.Errorf("from %d to %d by 8 units", before.High, after.High)
	}
}
