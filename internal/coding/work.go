package coding

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"time"
)

// An Answer is what somebody wrote, under a number that says nothing of them.
type Answer struct {
	ID   int64
	Text string
}

// An Assignment is what one coder made of one answer. The last one of a coder
// counts; those before it stay.
type Assignment struct {
	Answer   int64
	Coder    int64
	At       time.Time
	Version  int      // of the frame
	Codes    []string // none with None
	None     bool     // there is nothing in it to code
	Doubt    bool     // the coder wants to talk about it
	Decision bool     // made over the heads of the coders, knowing what they chose
}

// A State says how far an answer is.
type State int

// The states.
const (
	Waiting  State = iota // nobody coded it
	Half                  // one of two coders did
	Done                  // all who should did, and agree
	Disputed              // they do not agree
	Decided               // somebody decided
)

// Double is how many of n answers two people code: a fifth, but fifty at least,
// and all where there are fewer (standards O2).
func Double(n int) int { return min(n, max((n+4)/5, 50)) }

// A Work is the coding of one variable as it stands. It does not change.
type Work struct {
	Frame   Frame
	Answers []Answer // those for two coders first, then as chance has it
	double  int      // how many of Answers two people code
	given   map[int64][]Assignment
	decided map[int64]Assignment
}

// NewWork takes stock. Assignments come oldest first; those of answers that are
// not among answers are left out, and so are those that cannot be read in this
// version of the frame (see Frame.Now).
func NewWork(f Frame, answers []Answer, all []Assignment) *Work {
	w := &Work{Frame: f, Answers: slices.Clone(answers), double: Double(len(answers)), given: map[int64][]Assignment{}, decided: map[int64]Assignment{}}
	slices.SortFunc(w.Answers, func(a, b Answer) int {
		return cmp.Or(cmp.Compare(lot(f.Variable, a.ID), lot(f.Variable, b.ID)), cmp.Compare(a.ID, b.ID))
	})
	there := map[int64]bool{}
	for _, a := range answers {
		there[a.ID] = true
	}
	for _, x := range all {
		if !there[x.Answer] {
			continue
		}
		now, ok := f.Now(x.Codes)
		x.Codes = now
		if x.Decision {
			if w.decided[x.Answer] = x; !ok {
				delete(w.decided, x.Answer)
			}
			continue
		}
		mine := slices.DeleteFunc(w.given[x.Answer], func(o Assignment) bool { return o.Coder == x.Coder })
		if ok {
			mine = append(mine, x)
		}
		w.given[x.Answer] = mine
	}
	return w
}

// lot is the place of an answer by chance: the same each time, and unlike the
// order in which answers came in.
func lot(variable string, id int64) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(variable)) // never fails (hash.Hash)
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(id)))
	x := h.Sum64() // numbers that follow each other differ in few bits: mix them
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	return x ^ x>>33
}

// Wants is how many coders an answer should have.
func (w *Work) Wants(answer int64) int {
	if i := w.place(answer); i >= 0 && i < w.double {
		return 2
	}
	return 1
}

func (w *Work) place(answer int64) int {
	return slices.IndexFunc(w.Answers, func(a Answer) bool { return a.ID == answer })
}

// Answer returns an answer by its number, and its place in the order of work,
// from 1.
func (w *Work) Answer(id int64) (a Answer, place int, ok bool) {
	i := w.place(id)
	if i < 0 {
		return Answer{}, 0, false
	}
	return w.Answers[i], i + 1, true
}

// Given returns what coders made of an answer, the first coder first.
func (w *Work) Given(answer int64) []Assignment { return w.given[answer] }

// Of returns what one coder made of an answer.
func (w *Work) Of(answer, coder int64) (Assignment, bool) {
	for _, x := range w.given[answer] {
		if x.Coder == coder {
			return x, true
		}
	}
	return Assignment{}, false
}

// State returns how far an answer is.
func (w *Work) State(answer int64) State { return w.state(answer, w.Wants(answer)) }

func (w *Work) state(answer int64, wants int) State {
	given := w.given[answer]
	if _, ok := w.decided[answer]; ok {
		return Decided
	}
	for _, x := range given {
		if !same(x, given[0]) {
			return Disputed
		}
	}
	switch {
	case len(given) == 0:
		return Waiting
	case len(given) < wants:
		return Half
	}
	return Done
}

// same reports whether two coders said the same; their codes are in the order of
// the frame.
func same(a, b Assignment) bool { return a.None == b.None && slices.Equal(a.Codes, b.Codes) }

// Next returns the next answer for a coder: one that needs another coder, and that
// this one has not coded. Answers that two people code come first, so that it shows
// early whether they agree. It tells nothing of what others chose.
func (w *Work) Next(coder int64) (Answer, bool) {
	for i, a := range w.Answers {
		wants := 1
		if i < w.double {
			wants = 2
		}
		if _, mine := w.Of(a.ID, coder); mine || len(w.given[a.ID]) >= wants {
			continue
		}
		if _, decided := w.decided[a.ID]; !decided {
			return a, true
		}
	}
	return Answer{}, false
}

// A Final is what the tables count of an answer.
type Final struct {
	Codes []string
	None  bool // there was nothing to code
}

// Final returns what an answer came to: what was decided, or what all who coded it
// agree on. One coder of two is enough for the time being.
func (w *Work) Final(answer int64) (Final, bool) {
	if x, ok := w.decided[answer]; ok {
		return Final{x.Codes, x.None}, true
	}
	given := w.given[answer]
	if len(given) == 0 || w.state(answer, 0) == Disputed {
		return Final{}, false
	}
	return Final{given[0].Codes, given[0].None}, true
}

// A Progress counts answers.
type Progress struct {
	Answers, Final   int // all, and those with a result
	Double, Both     int // those for two coders, and those that have two
	Disputed, Doubts int
	Decided          int
}

// Progress counts how far the work is.
func (w *Work) Progress() Progress {
	p := Progress{Answers: len(w.Answers), Double: w.double}
	for i, a := range w.Answers {
		if _, ok := w.Final(a.ID); ok {
			p.Final++
		}
		if i < w.double && len(w.given[a.ID]) > 1 {
			p.Both++
		}
		switch w.state(a.ID, 0) {
		case Disputed:
			p.Disputed++
		case Decided:
			p.Decided++
			continue
		}
		if slices.ContainsFunc(w.given[a.ID], func(x Assignment) bool { return x.Doubt }) {
			p.Doubts++
		}
	}
	return p
}

// ToDecide lists the answers on which somebody has to decide: those that coders do
// not agree on, and those that a coder wants to talk about.
func (w *Work) ToDecide() []Answer {
	var out []Answer
	for _, a := range w.Answers {
		state := w.state(a.ID, 0)
		doubt := state != Decided && slices.ContainsFunc(w.given[a.ID], func(x Assignment) bool { return x.Doubt })
		if state == Disputed || doubt {
			out = append(out, a)
		}
	}
	return out
}

// Done counts the answers that a coder coded, and those that wait for this coder.
func (w *Work) Done(coder int64) (done, waiting int) {
	for i, a := range w.Answers {
		wants := 1
		if i < w.double {
			wants = 2
		}
		_, decided := w.decided[a.ID]
		if _, mine := w.Of(a.ID, coder); mine {
			done++
		} else if len(w.given[a.ID]) < wants && !decided {
			waiting++
		}
	}
	return done, waiting
}

// Check says what is wrong with what somebody chose for an answer.
func (f *Frame) CheckChoice(codes []string, none bool) string {
	for _, id := range codes {
		if c := f.Code(id); c == nil || c.Gone() {
			return "Een van de gekozen codes is er niet meer. Kies opnieuw."
		}
	}
	switch {
	case none && len(codes) > 0:
		return "Kies codes, of ‘niet te coderen’. Niet allebei."
	case !none && len(codes) == 0:
		return "Kies een code, of ‘niet te coderen’."
	case f.Single && len(codes) > 1:
		return "Bij deze vraag past één code. Kies de code die het best past."
	}
	return ""
}
