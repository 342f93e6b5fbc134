package hypothesis

import (
	"fmt"
	"math"
	"strings"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// A Verdict is what the numbers say of an expectation.
type Verdict string

// The verdicts.
const (
	Confirmed    Verdict = "bevestigd"
	Partly       Verdict = "deels bevestigd"
	NotConfirmed Verdict = "niet bevestigd"
	Untestable   Verdict = "niet te toetsen"
)

// relevant is from how large an effect is worth knowing, by its name: a medium
// effect of Cohen (1988).
var relevant = map[string]float64{
	stat.CohenD: 0.5, stat.HedgesG: 0.5, stat.CohenDz: 0.5, stat.EtaSquared: 0.06, stat.CramerV: 0.3, stat.R: 0.3, stat.Rho: 0.3,
}

// possible reports whether an effect of a relevant size is still in its interval.
// Without one nothing is ruled out.
func possible(e stat.Effect) bool {
	least, known := relevant[e.Name]
	if !known || math.IsNaN(e.Lo) || math.IsNaN(e.Hi) {
		return true
	}
	return max(math.Abs(e.Lo), math.Abs(e.Hi)) >= least
}

// enough reports whether so many tests that support an expectation confirm it.
func (r Rule) enough(support, tested int) bool {
	switch r {
	case AnyTest:
		return support > 0
	case MostTests:
		return 2*support > tested
	}
	return support == tested
}

// judge gives the verdict. A test supports the expectation where p is below
// alpha and the direction is that expected, or none was. The expectation is
// confirmed where as many tests support it as its rule asks of those that could be
// made, in part where fewer do. Holm's correction does not decide, for it grows with every expectation
// that somebody adds; how many tests survive it is in the sentence.
func (o *Outcome) judge() {
	alpha := o.Hypothesis.Alpha
	tested, support, against, survive, open := 0, 0, 0, 0, 0
	var why []string
	for i := range o.Results {
		x := &o.Results[i]
		if x.Untested != "" {
			why = append(why, x.Untested)
			continue
		}
		tested++
		switch {
		case x.P < alpha && x.Sign >= 0 && (x.Sign > 0 || !x.directed()):
			support++
			if x.PHolm < alpha {
				survive++
			}
		case x.P < alpha && x.Sign < 0:
			against++
		default:
			if x.Possible = possible(x.Size); x.Possible {
				open++
			}
		}
	}
	level := strings.Replace(fmt.Sprintf("p < %g", alpha), ".", ",", 1)
	of := fmt.Sprintf("%d van de %d toetsen", support, tested)
	if tested == 1 {
		of = "de toets"
	}
	holm := fmt.Sprintf(" Na correctie van Holm voor alle toetsen blijft dat voor %d gelden.", survive)
	switch {
	case survive == 0:
		holm = " Na correctie van Holm voor alle toetsen geldt dat voor geen enkele meer."
	case survive == support:
		holm = " Na correctie van Holm voor alle toetsen blijft dat gelden."
	}
	if tested == 1 {
		holm = map[bool]string{true: " Na correctie van Holm voor alle toetsen blijft dat gelden.", false: " Na correctie van Holm voor alle toetsen geldt dat niet meer."}[survive == 1]
	}
	switch {
	case tested == 0:
		o.Verdict = Untestable
		o.Sentence = "Niet te toetsen: " + why[0] + "."
	case support == tested:
		o.Verdict = Confirmed
		o.Sentence = fmt.Sprintf("Bevestigd: %s %s wat werd verwacht (%s).%s", all(tested), map[bool]string{true: "laat zien", false: "laten zien"}[tested == 1], level, holm)
	case o.Hypothesis.Rule.enough(support, tested):
		o.Verdict = Confirmed
		o.Sentence = fmt.Sprintf("Bevestigd: %s %s wat werd verwacht (%s)%s; %s was van tevoren genoeg.%s", of, map[bool]string{true: "laat zien", false: "laten zien"}[support == 1], level, opposite(against),
			map[Rule]string{AnyTest: "één toets", MostTests: "de meeste toetsen"}[o.Hypothesis.Rule], holm)
	case support > 0:
		o.Verdict = Partly
		o.Sentence = fmt.Sprintf("Deels bevestigd: %s laten zien wat werd verwacht (%s)%s.%s", of, level, opposite(against), holm)
		if support == 1 {
			o.Sentence = strings.Replace(o.Sentence, "laten zien", "laat zien", 1)
		}
	default:
		o.Verdict = NotConfirmed
		o.Sentence = "Niet bevestigd: " + nothingOf(tested, against, level)
		switch {
		case against == tested:
		case open > 0:
			o.Sentence += fmt.Sprintf(" Een verschil of samenhang van betekenis is niet uitgesloten bij %d van de %d: daarvoor is de onzekerheid te groot.", open, tested)
		default:
			o.Sentence += " Een verschil of samenhang van betekenis is onwaarschijnlijk: de onzekerheid is daarvoor te klein."
		}
	}
	if len(why) > 0 && tested > 0 {
		o.Sentence += fmt.Sprintf(" %s niet te toetsen: %s.", number(len(why), "toets was", "toetsen waren"), why[0])
	}
}

// directed reports whether the test had an expected direction.
func (x *Result) directed() bool {
	return x.test != nil && (len(x.test.Higher) > 0 || x.test.Direction != 0 || x.Kind == Most)
}

func all(n int) string {
	if n == 1 {
		return "de toets"
	}
	return fmt.Sprintf("alle %d toetsen", n)
}

func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func opposite(n int) string {
	if n == 0 {
		return ""
	}
	return "; " + number(n, "wijst", "wijzen") + " juist de andere kant op"
}

func nothingOf(tested, against int, level string) string {
	switch {
	case against == tested && tested == 1:
		return "de toets wijst juist de andere kant op (" + level + ")."
	case against > 0:
		return fmt.Sprintf("geen van de %d toetsen laat zien wat werd verwacht (%s)%s.", tested, level, opposite(against))
	case tested == 1:
		return "de toets laat niet zien wat werd verwacht (" + level + ")."
	}
	return fmt.Sprintf("geen van de %d toetsen laat zien wat werd verwacht (%s).", tested, level)
}
