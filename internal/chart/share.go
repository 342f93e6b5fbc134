package chart

import (
	"fmt"
	"math"
	"strings"
)

// A Tone is the role of a colour: the same answer has the same tone in every
// figure. Which colour that is stands in the style sheet.
type Tone string

// The tones that are no scale.
const (
	NoView   Tone = "gz"  // geen zicht op
	NotApply Tone = "nvt" // niet van toepassing
)

// none reports whether a tone is that of no answer.
func (t Tone) none() bool { return t == NoView || t == NotApply }

// Scale returns tones for n answers in order, from low to high. Up to five have a
// lightness of their own, so that they can be told apart without colour.
func Scale(n int) []Tone {
	switch n {
	case 1:
		return []Tone{"f4"}
	case 2:
		return []Tone{"f2", "f4"}
	case 3:
		return []Tone{"f1", "f3", "f4"}
	case 4:
		return []Tone{"f1", "f2", "f3", "f4"}
	case 5:
		return []Tone{"s1", "s2", "s3", "s4", "s5"}
	}
	out := make([]Tone, n)
	for i := range out {
		out[i] = Tone(fmt.Sprint("c", i%6+1))
	}
	return out
}

// A Key says what a tone stands for.
type Key struct {
	Label string
	Tone  Tone
}

// A Part is one answer in a bar. Percent is NaN where it is not known.
type Part struct {
	Label   string
	Tone    Tone
	Percent float64
}

const (
	barHeight = 28
	barGap    = .22 // between parts, in percent of the width
	barLabel  = 7   // percent from which the number fits in its part
	missGap   = 1   // before what is no answer
)

// Stack draws the answers of one row as parts of a bar that is as wide as its
// place: together 100 percent. Where one of them is not known, or they are not
// the whole, what is missing is left open.
func Stack(title string, parts []Part) Figure {
	f := Figure{Title: title, Height: barHeight}
	var m marks
	var told []string
	total, answers, others := 0.0, false, false
	for _, p := range parts {
		if p.Percent > 0 && !math.IsInf(p.Percent, 0) {
			total += p.Percent
			answers, others = answers || !p.Tone.none(), others || p.Tone.none()
		}
	}
	apart := answers && others // what is no answer stands off
	room := 100.0
	if apart {
		room -= missGap
	}
	at := 0.0
	for _, p := range parts {
		if !(p.Percent > 0) || math.IsInf(p.Percent, 0) {
			if math.IsNaN(p.Percent) {
				told = append(told, p.Label+" niet bekend")
			}
			continue
		}
		width := p.Percent * room / max(total, 100) // more than 100 are rounded numbers of others
		if apart && p.Tone.none() {
			at, apart = at+missGap, false
		}
		m.rect("f-"+string(p.Tone), at, .5, max(width-barGap, .1), barHeight-1)
		whole := Number(math.Floor(p.Percent+.5), 0)
		if width >= barLabel && !strings.HasPrefix(string(p.Tone), "c") { // those have no ink of their own
			m.text("tm on-"+string(p.Tone), at+width/2, 18.5, whole)
		}
		told = append(told, p.Label+" "+whole+"%")
		at += width
	}
	f.Finding, f.Marks = title+": "+strings.Join(told, ", "), m.String()
	if len(told) == 0 {
		f.Finding = title + ": geen gegevens"
	}
	return f
}

// Share draws one percentage as a bar on a scale to 100, with the number after it.
func Share(title string, percent float64) Figure {
	return amount(title, percent, 100, "%")
}

// Amount draws one count on a scale from 0 to most, with the number after it.
func Amount(title string, n, most int) Figure {
	return amount(title, float64(n), float64(most), "")
}

func amount(title string, value, most float64, unit string) Figure {
	f := Figure{Title: title, Height: 22, Finding: title + ": niet bekend"}
	var m marks
	m.line("ax0", 0, 1, 0, 21)
	if math.IsNaN(value) || math.IsInf(value, 0) || !(most > 0) {
		m.text("ts t-s t2", 1.5, 15.5, "niet bekend")
		f.Marks = m.String()
		return f
	}
	width := (100 - roomForPercent) * min(max(value, 0)/most, 1)
	whole := Number(math.Floor(value+.5), 0) + unit
	m.rect("br", 0, 4, width, 14)
	m.text("ts t-s", width+1.5, 15.5, whole)
	f.Finding, f.Marks = title+": "+whole, m.String()
	return f
}

// A Mean is a mean with its interval, on a scale from Min to Max. Lo and Hi are
// NaN where there is none.
type Mean struct {
	Title         string
	Value, Lo, Hi float64
	Min, Max      float64
	Decimals      int
}

// Figure draws the mean as a dot on its scale, the interval as a line through it,
// and the number at the end.
func (x Mean) Figure() Figure {
	f := Figure{Title: x.Title, Height: 22, Finding: x.Title + ": niet bekend"}
	var m marks
	m.line("ax", 0, 11, 100-roomForPercent, 11)
	if math.IsNaN(x.Value) || math.IsInf(x.Value, 0) || !(x.Max > x.Min) {
		m.text("ts t-s t2", 1.5, 15.5, "niet bekend")
		f.Marks = m.String()
		return f
	}
	place := func(v float64) float64 {
		return (100 - roomForPercent) * min(max((v-x.Min)/(x.Max-x.Min), 0), 1)
	}
	f.Finding = x.Title + ": " + Number(x.Value, x.Decimals)
	if !math.IsNaN(x.Lo) && !math.IsNaN(x.Hi) {
		m.line("mk1", place(x.Lo), 11, place(x.Hi), 11)
		f.Finding += " (tussen " + Number(x.Lo, x.Decimals) + " en " + Number(x.Hi, x.Decimals) + ")"
	}
	m.dot("pt", place(x.Value), 11, 5)
	m.text("te t-s", 100, 15.5, Number(x.Value, x.Decimals))
	f.Marks = m.String()
	return f
}

// Dumbbell draws two numbers of the same kind on one scale, joined: A as a filled
// dot, B as an open one. The numbers stand at the end.
func Dumbbell(title, a, b string, va, vb, least, most float64, decimals int, unit string) Figure {
	f := Figure{Title: title, Height: 26, Finding: title + ": niet bekend"}
	var m marks
	const room = 42 // for both numbers
	m.line("ax", 0, 13, 100-room, 13)
	known := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) && most > least }
	place := func(v float64) float64 { return (100 - room) * min(max((v-least)/(most-least), 0), 1) }
	write := func(v float64) string {
		if decimals == 0 {
			v = math.Floor(v + .5)
		}
		return Number(v, decimals) + unit
	}
	if known(va) && known(vb) {
		m.line("mk1", place(va), 13, place(vb), 13)
	}
	if known(va) || known(vb) {
		told := func(side string, v float64) string {
			if !known(v) {
				return side + " niet bekend"
			}
			return side + " " + write(v)
		}
		f.Finding = title + ": " + told(a, va) + ", " + told(b, vb)
	}
	if known(vb) {
		m.dot("g1", place(vb), 13, 5)
		m.text("te t-s t2", 100, 17.5, write(vb))
	}
	if known(va) {
		m.dot("pt", place(va), 13, 5)
		m.text("te t-s t-b", 100-room/2, 17.5, write(va))
	}
	f.Marks = m.String()
	return f
}
