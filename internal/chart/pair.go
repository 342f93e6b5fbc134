package chart

import "fmt"

// A Pair is one category of a population and its response: shares from 0 to 1.
type Pair struct {
	Label                string
	Population, Response float64
}

// Figure draws the shares of one category, the population outlined and the
// response filled below it, on a scale from 0 to most; the label stands beside
// the figure.
func (p Pair) Figure(most float64) Figure {
	f := Figure{Height: 30, Title: p.Label, Finding: fmt.Sprintf("%s: %s van de populatie, %s van de respons", p.Label, Percent(p.Population), Percent(p.Response))}
	var m marks
	m.bar("br0", 2, p.Population, most, "ts t-s t2")
	m.bar("br", 16, p.Response, most, "ts t-s")
	f.Marks = m.String()
	return f
}

// roomForPercent is what the widest label takes in the narrowest cell of a table,
// in percent of its width.
const roomForPercent = 30

// bar draws a bar of 10 pixels with its percentage after it.
func (m *marks) bar(class string, y, share, most float64, text string) {
	width := 0.0
	if most > 0 && share > 0 {
		width = (100 - roomForPercent) * min(share/most, 1)
	}
	m.rect(class, 0, y, width, 10)
	m.text(text, width+1.5, y+9.5, Percent(share))
}

// Bar draws one count on a scale from 0 to most, with the number after it.
func Bar(label string, n, most int) Figure {
	f := Figure{Height: 18, Title: label, Finding: label + ": " + Number(float64(n), 0)}
	var m marks
	width := 0.0
	if most > 0 && n > 0 {
		width = (100 - roomForPercent) * min(float64(n)/float64(most), 1)
	}
	m.rect("br", 0, 3, width, 12)
	m.text("ts t-s", width+1.5, 13, Number(float64(n), 0))
	f.Marks = m.String()
	return f
}

// Portion draws a percentage as the filled part of a whole, without a number: that
// stands above it.
func Portion(title string, percent float64) Figure {
	f := Figure{Height: 16, Title: title, Finding: title + ": " + Percent(percent/100)}
	var m marks
	m.rect("f-f1", 0, 1, 100, 14)
	if percent > 0 {
		m.rect("f-f4", 0, 1, min(percent, 100), 14)
	}
	f.Marks = m.String()
	return f
}
