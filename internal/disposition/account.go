package disposition

import (
	"slices"
	"strconv"
	"strings"
)

// Counts are numbers of units per class.
type Counts struct{ I, P, R, NC, O, UH, UO, NE int }

// Total is the number of all units.
func (c Counts) Total() int { return c.I + c.P + c.R + c.NC + c.O + c.UH + c.UO + c.NE }

// add counts n more of a class.
func (c *Counts) add(class Class, n int) {
	at := map[Class]*int{I: &c.I, P: &c.P, R: &c.R, NC: &c.NC, O: &c.O, UH: &c.UH, UO: &c.UO, NE: &c.NE}
	*at[class] += n
}

// A View says what is counted.
type View string

// The views.
const (
	Units          View = "" // a unit for which another answered counts with its outcome
	Questionnaires View = "vragenlijsten"
)

// A CoreReading says what the core questions by telephone count as.
type CoreReading string

// The readings of the core questions.
const (
	CoreIsPartial CoreReading = "" // DESIGN 7
	CoreIsRefusal CoreReading = "weigering"
)

// Choices are what a response rate depends on beside the outcomes. The zero
// value is what is printed first.
type Choices struct {
	Edition Edition // zero: the first of Editions
	Frame   Frame
	View    View
	Core    CoreReading
	E       *float64 // share of the unknown that is eligible; nil: estimated from the known
}

func (c Choices) edition() Edition {
	if c.Edition.ID == "" {
		return Editions[0]
	}
	return c.Edition
}

// code is the code of an outcome under the choices.
func (c Choices) code(o Outcome) Code {
	code, ok := c.edition().Code(o, c.Frame)
	switch {
	case !ok: // an outcome that this edition does not have is not silently lost
		return Code{Outcome: o, Title: string(o), AAPOR: "2.20", Class: NC}
	case c.View == Questionnaires && (o == CompleteProxy || o == PartialProxy):
		code.AAPOR, code.Class = "2.20", NC
	case c.Core == CoreIsRefusal && o == CoreByPhone:
		code.AAPOR, code.Class = "2.12", R
	}
	return code
}

// Tally counts outcomes per class.
func Tally(outcomes []Outcome, c Choices) Counts {
	var n Counts
	for _, o := range outcomes {
		n.add(c.code(o).Class, 1)
	}
	return n
}

// A Line is one outcome in the account.
type Line struct {
	Code
	N int
}

// An Account is the account of a sample: what came of all units, and the rates.
type Account struct {
	N        int // all units
	Lines    []Line
	Counts   Counts
	E        float64 // that the rates were computed with; NaN where it says nothing
	Rates    []Rate
	Choices  []string // what was chosen, in sentences (C3)
	Readings []Reading
	Warnings []string
}

// A Reading is the response under other choices.
type Reading struct {
	Title    string
	Counts   Counts
	RR1, RR2 Rate
}

// Make makes the account of the outcomes of all units.
func Make(outcomes []Outcome, c Choices) Account {
	a := Account{N: len(outcomes), Counts: Tally(outcomes, c)}
	for _, o := range Outcomes {
		n := 0
		for _, x := range outcomes {
			if x == o {
				n++
			}
		}
		if n > 0 {
			a.Lines = append(a.Lines, Line{c.code(o), n})
		}
	}
	a.E, a.Rates = Rates(a.Counts, c.E)
	a.Choices = c.Sentences()
	a.Readings = readings(outcomes, c)
	if a.N == 0 {
		a.Warnings = append(a.Warnings, "Er zijn geen eenheden; er valt niets te berekenen.")
	}
	if !c.edition().Verified {
		a.Warnings = append(a.Warnings, "De subcodes van AAPOR zijn niet nagegaan bij de uitgave zelf; de klassen waarop de percentages rusten wel.")
	}
	return a
}

// readings returns the response in units and in questionnaires, and with both
// readings of the core questions; those that count the same come once.
func readings(outcomes []Outcome, c Choices) []Reading {
	var out []Reading
	for _, view := range []View{Units, Questionnaires} {
		for _, core := range []CoreReading{CoreIsPartial, CoreIsRefusal} {
			d := c
			d.View, d.Core = view, core
			n := Tally(outcomes, d)
			if slices.ContainsFunc(out, func(r Reading) bool { return r.Counts == n }) {
				continue
			}
			_, rates := Rates(n, c.E)
			title := map[View]string{Units: "in eenheden", Questionnaires: "in vragenlijsten"}[view] +
				map[CoreReading]string{CoreIsPartial: ", kernvragen per telefoon als gedeeltelijk", CoreIsRefusal: ", kernvragen per telefoon als weigering"}[core]
			out = append(out, Reading{title, n, rates[0], rates[1]})
		}
	}
	return out
}

// Sentences say which choices were made (C3).
func (c Choices) Sentences() []string {
	e := c.edition()
	out := []string{"Codes volgens " + e.Title + "."}
	if c.View == Questionnaires {
		out = append(out, "Geteld zijn vragenlijsten: een eenheid waarvoor een ander antwoordde, telt als niet bereikt.")
	} else {
		out = append(out, "Geteld zijn eenheden: een eenheid waarvoor een ander antwoordde en dat bevestigd is, telt mee met die vragenlijst.")
	}
	if c.Core == CoreIsRefusal {
		out = append(out, "Wie alleen de kernvragen per telefoon beantwoordde, telt als weigering (2.12).")
	} else {
		out = append(out, "Wie alleen de kernvragen per telefoon beantwoordde, telt als gedeeltelijk (1.2).")
	}
	if c.Frame == UncertainFrame {
		out = append(out, "Van eenheden waarvan niets bekend is, staat niet vast dat zij tot de populatie horen.")
	} else {
		out = append(out, "De lijst is volledig op de peildatum: elke eenheid hoort tot de populatie tenzij anders blijkt; een bericht dat niet aankwam, maakt een eenheid niet onbekend.")
	}
	if c.E != nil {
		out = append(out, "Het deel van de onbekende eenheden dat tot de populatie hoort (e), is gesteld op "+comma(*c.E)+".")
	} else {
		out = append(out, "Het deel van de onbekende eenheden dat tot de populatie hoort (e), is geschat uit de bekende eenheden.")
	}
	return out
}

// Sentences say what the outcomes rest on (K1, C3).
func (r Rules) Sentences() []string {
	complete := "Een vragenlijst die verstuurd is, telt als volledig."
	if r.CompleteAbove > 0 {
		complete = "Een vragenlijst telt als volledig als zij verstuurd is en meer dan " + comma(100*r.CompleteAbove) + " % van de vragen die van toepassing zijn een antwoord heeft."
	}
	promise := "Een toezegging zonder vervolg telt als niet bereikt, niet als weigering."
	if r.PromiseDays > 0 {
		promise = "Een toezegging waarna " + strconv.Itoa(r.PromiseDays) + " dagen niets volgde, telt als weigering (apart vermeld)."
	}
	return []string{
		complete,
		"Een vragenlijst telt als gedeeltelijk als ten minste " + comma(100*r.PartialFrom) + " % van de vragen die van toepassing zijn en alle kernvragen een antwoord hebben; daaronder is zij afgebroken.",
		promise,
		"Wie alleen geen e-mail meer wil, heeft daarmee niet geweigerd.",
	}
}

// comma writes a number the Dutch way.
func comma(x float64) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', -1, 64), ".", ",", 1)
}
