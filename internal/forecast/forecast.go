// Package forecast says how many units will have answered when a study closes,
// from what happened in that study so far: with the units left alone, and with
// one more message or call to all that are open. It takes days and counts; it
// must never know a unit, a plan or a database.
//
// The chance to answer on a working day depends on two things: how many working
// days ago the unit was last written to or reached, and whether that was the
// first time. It is estimated from all unit-days so far. A forecast plays the
// days that are left many times: each time with chances drawn from what is known
// of them (a beta distribution after Jeffreys) and answers drawn from those
// chances. Where days differed more than such chances explain, by the same
// measure as in a quasi-binomial model, both draws are made as much wider.
package forecast

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// Kinds of touch: the first message to a unit, and those after it.
const (
	first = iota
	later
	kinds
)

// oldest is the age, in working days, from which a touch makes no difference
// any more.
const oldest = 10

// classOf puts ages together that are alike: most answers come at once.
func classOf(age int) int {
	switch {
	case age <= 2:
		return age
	case age <= 4:
		return 3
	case age < oldest:
		return 4
	}
	return 5
}

const classes = 6

// A Life is what became of one unit, in working days since the study opened.
type Life struct {
	Touches  []int // on which days it was written to or reached
	End      int   // the day on which it answered or was left in peace; beyond Today where it is open
	Answered bool  // it ended with an answer
}

// cell counts unit-days.
type cell struct{ exposed, answered, left int }

// A History is what happened so far. The zero History is empty; Today must be
// set before units are added.
type History struct {
	Today int // working days since opening; today counts as it is so far
	days  [][kinds][classes]cell
	open  [kinds][oldest + 1]int
	mute  int // open units that were never touched
	done  int // that answered
	n     int
}

// Add adds a unit.
func (h *History) Add(l Life) {
	for len(h.days) <= h.Today {
		h.days = append(h.days, [kinds][classes]cell{})
	}
	h.n++
	isOpen := l.End > h.Today
	if !isOpen && l.Answered {
		h.done++
	}
	touches := slices.Clone(l.Touches)
	slices.Sort(touches)
	if len(touches) == 0 || touches[0] > h.Today {
		if isOpen {
			h.mute++
		}
		return
	}
	kind, age := first, 0
	for day, next := max(touches[0], 0), 1; day <= min(l.End, h.Today); day++ {
		for next < len(touches) && touches[next] <= day {
			kind, age = later, 0
			next++
		}
		c := &h.days[day][kind][classOf(age)]
		c.exposed++
		if day == l.End {
			if l.Answered {
				c.answered++
			} else {
				c.left++
			}
		}
		age++
	}
	if isOpen {
		h.open[kind][min(age, oldest)]++
	}
}

// Open is the number of units that may still answer.
func (h *History) Open() int {
	n := h.mute
	for _, of := range h.open {
		for _, k := range of {
			n += k
		}
	}
	return n
}

// A Forecast is how many units will have answered. Without a Why the numbers
// hold; with one, nothing can be said.
type Forecast struct {
	Low, Mid, High int // quantiles 10, 50 and 90 % of the last day
	Days           []Band
	Why            string // why nothing can be said, as a sentence
}

// A Band is the forecast for one working day after today.
type Band struct{ Low, High float64 }

// Why nothing can be said.
const (
	whyEarly   = "Daarvoor zijn er nog te weinig antwoorden en dagen: nodig zijn vijf werkdagen en tien antwoorden."
	whyNoStep  = "Wat een volgende stap oplevert, is nog niet te zeggen. Dat kan pas een week na de eerste herinnering."
	whyOver    = "Het onderzoek is gesloten."
	whyNobody  = "Er is niemand meer die nog kan antwoorden."
	whyNoTouch = "Er is nog niets verstuurd."
)

const (
	draws       = 300
	enoughDays  = 5
	enough      = 10 // answers
	enoughLater = 30 // unit-days, from the fifth working day after a later touch
)

// Without forecasts with the units left alone for the given number of working
// days after today.
func (h *History) Without(days int) Forecast { return h.play(days, -1) }

// With forecasts with one more message or call to every open unit, on the given
// working day after today, 1 being the next.
func (h *History) With(days, step int) Forecast {
	seen := 0 // unit-days of a later touch that was a working week ago
	for _, day := range h.days {
		seen += day[later][classOf(oldest-1)].exposed
	}
	if seen < enoughLater {
		return Forecast{Why: whyNoStep}
	}
	return h.play(days, step)
}

// sum adds up all days and ages of a kind.
func (h *History) sum(kind int) cell {
	var c cell
	for _, day := range h.days {
		for _, k := range day[kind] {
			c.exposed, c.answered, c.left = c.exposed+k.exposed, c.answered+k.answered, c.left+k.left
		}
	}
	return c
}

// why says why nothing can be said, or "".
func (h *History) why(days int) string {
	one, more := h.sum(first), h.sum(later)
	switch {
	case days <= 0:
		return whyOver
	case one.exposed+more.exposed == 0:
		return whyNoTouch
	case h.Today+1 < enoughDays || one.answered+more.answered < enough:
		return whyEarly
	case h.Open() == 0:
		return whyNobody
	}
	return ""
}

// play plays the days that are left; a step below 0 means none.
func (h *History) play(days, step int) Forecast {
	if why := h.why(days); why != "" {
		return Forecast{Why: why}
	}
	m := h.model()
	random := rand.New(rand.NewPCG(2018, 151)) // the same figures give the same page
	paths := make([][]float64, days)           // per day, per draw
	for range draws {
		s := simulation{model: m, chances: m.draw(random), open: h.open, mute: h.mute, total: float64(h.done), random: random}
		for day := range days {
			if day+1 == step {
				s.touch()
			}
			s.day()
			paths[day] = append(paths[day], s.total)
		}
	}
	out := Forecast{}
	for _, p := range paths {
		out.Days = append(out.Days, Band{stat.Quantile(p, .1), stat.Quantile(p, .9)})
	}
	last := paths[days-1]
	out.Low, out.Mid, out.High = round(stat.Quantile(last, .1)), round(stat.Quantile(last, .5)), round(stat.Quantile(last, .9))
	return out
}

func round(x float64) int { return int(math.Round(x)) }

// A model is what a history says about a day.
type model struct {
	cells      [kinds][classes]cell
	leave      float64 // chance per day to be left in peace without an answer
	dispersion float64 // at least 1
}

func (h *History) model() model {
	var m model
	all := cell{}
	for _, day := range h.days {
		for k := range kinds {
			for c := range classes {
				d := day[k][c]
				t := &m.cells[k][c]
				t.exposed, t.answered, t.left = t.exposed+d.exposed, t.answered+d.answered, t.left+d.left
				all.exposed, all.left = all.exposed+d.exposed, all.left+d.left
			}
		}
	}
	m.leave = float64(all.left) / float64(all.exposed)
	m.dispersion = h.dispersion(m)
	return m
}

// dispersion is Pearson's X² over its degrees of freedom, of days within cells
// that can be expected to have an answer.
func (h *History) dispersion(m model) float64 {
	x2, df := 0.0, 0
	for k := range kinds {
		for c := range classes {
			t := m.cells[k][c]
			p := float64(t.answered) / float64(max(t.exposed, 1))
			used := 0
			for _, day := range h.days {
				d := day[k][c]
				expect := p * float64(d.exposed)
				if expect < 1 || p >= 1 {
					continue
				}
				x2 += (float64(d.answered) - expect) * (float64(d.answered) - expect) / (expect * (1 - p))
				used++
			}
			df += max(used-1, 0)
		}
	}
	if df == 0 {
		return 1
	}
	return max(1, x2/float64(df))
}

// enoughCell is how many unit-days a cell needs to speak for itself. The few
// that were left out of a reminder are no example for the others.
const enoughCell = 50

// draw draws a chance for each cell. A cell with too few unit-days takes, after a
// later touch, that of the same age after the first one; else that of the age
// before. From the third day on chances do not rise with age: where a few units
// say otherwise, those are units that somebody had a reason to leave alone.
func (m model) draw(random *rand.Rand) [kinds][classes]float64 {
	var out [kinds][classes]float64
	for k := range kinds {
		for c := range classes {
			t := m.cells[k][c]
			switch {
			case t.exposed >= enoughCell || c == 0 && t.exposed > 0:
				yes, no := float64(t.answered)/m.dispersion, float64(t.exposed-t.answered)/m.dispersion
				out[k][c] = distuv.Beta{Alpha: .5 + yes, Beta: .5 + no, Src: random}.Rand()
			case k == later:
				out[k][c] = out[first][c]
			case c > 0:
				out[k][c] = out[k][c-1]
			}
			if c > 1 {
				out[k][c] = min(out[k][c], out[k][c-1])
			}
		}
	}
	return out
}

// A simulation is one way in which it may go.
type simulation struct {
	model
	chances [kinds][classes]float64
	open    [kinds][oldest + 1]int
	mute    int
	total   float64
	random  *rand.Rand
}

// touch writes to everybody.
func (s *simulation) touch() {
	n := 0
	for k := range kinds {
		for age := range s.open[k] {
			n += s.open[k][age]
			s.open[k][age] = 0
		}
	}
	s.open[later][0] = n
	s.open[first][0], s.mute = s.mute, 0
}

// day plays one working day.
func (s *simulation) day() {
	var next [kinds][oldest + 1]int
	for k := range kinds {
		for age, n := range s.open[k] {
			if n == 0 {
				continue
			}
			answers := s.binomial(n, s.chances[k][classOf(age)])
			left := s.binomial(n-answers, s.leave)
			s.total += float64(answers)
			next[k][min(age+1, oldest)] += n - answers - left
		}
	}
	s.open = next
}

// binomial draws a number of n, with the dispersion of the model.
func (s *simulation) binomial(n int, p float64) int {
	if n <= 0 || p <= 0 {
		return 0
	}
	mean := float64(n) * p
	x := distuv.Binomial{N: float64(n), P: min(p, 1), Src: s.random}.Rand()
	x = mean + (x-mean)*math.Sqrt(s.dispersion)
	whole := math.Floor(x)
	if s.random.Float64() < x-whole { // rounding down would lose answers
		whole++
	}
	return min(max(int(whole), 0), n)
}

// Method says how a forecast is made, and what its limits are.
const Method = "De verwachting speelt de overige werkdagen 300 keer na. De kans om te antwoorden komt uit dit onderzoek zelf. Zij hangt af van de tijd sinds het laatste bericht of gesprek. In acht van de tien keer kwam het aantal tussen de twee grenzen uit."
