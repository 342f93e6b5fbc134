package chart

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// A Figure is what stands inside an SVG that is as wide as its place, and Height
// pixels high:
//
//	<svg class="ch" width="100%" height="{Height}" role="img" aria-labelledby="t d"><title id="t">{Title}</title><desc id="d">{Finding}</desc>{Marks}</svg>
//
// There is no viewBox: x and width are percentages, y and height pixels, so that
// text keeps its size at every width. Every mark has a class and no colour.
type Figure struct {
	Title   string
	Finding string // what the figure shows, with the numbers, for who does not see it
	Marks   string // elements of SVG; all text in it is escaped
	Height  int
}

// Narrowest is the narrowest place in pixels for which labels are laid out.
const Narrowest = 270

// marks collects elements.
type marks struct{ strings.Builder }

func (m *marks) add(format string, args ...any) { m.WriteString(fmt.Sprintf(format, args...)) }

// num writes a coordinate, to a hundredth; what is no number would break the
// drawing, and becomes 0.
func num(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		x = 0
	}
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
}

// pct writes a coordinate as a percentage of the width.
func pct(x float64) string { return num(min(max(x, 0), 100)) + "%" }

func (m *marks) line(class string, x1, y1, x2, y2 float64) {
	m.add(`<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"></line>`, class, pct(x1), num(y1), pct(x2), num(y2))
}

func (m *marks) rect(class string, x, y, width, height float64) {
	m.add(`<rect class="%s" x="%s" y="%s" width="%s" height="%s"></rect>`, class, pct(x), num(y), pct(min(width, 100-x)), num(height))
}

func (m *marks) dot(class string, x, y, r float64) {
	m.add(`<circle class="%s" cx="%s" cy="%s" r="%s"></circle>`, class, pct(x), num(y), num(r))
}

// text writes text; class says which end of it stands at x: ts, tm or te.
func (m *marks) text(class string, x, y float64, text string) {
	m.add(`<text class="%s" x="%s" y="%s">%s</text>`, class, pct(x), num(y), html.EscapeString(text))
}

// A point of a line or band, in the units of an inner drawing of 100 by 100.
type point struct{ x, y float64 }

func points(of []point) string {
	var parts []string
	for _, p := range of {
		parts = append(parts, num(min(max(p.x, 0), 100))+","+num(min(max(p.y, 0), 100)))
	}
	return strings.Join(parts, " ")
}

// plot draws lines and bands in a box; they stretch with it, their width does not.
func (m *marks) plot(x, y, width, height float64, inside string) {
	m.add(`<svg x="%s" y="%s" width="%s" height="%s" viewBox="0 0 100 100" preserveAspectRatio="none">%s</svg>`, pct(x), num(y), pct(width), num(height), inside)
}

func polyline(class string, of []point) string {
	return `<polyline class="` + class + `" vector-effect="non-scaling-stroke" points="` + points(of) + `"></polyline>`
}

func polygon(class string, of []point) string {
	return `<polygon class="` + class + `" points="` + points(of) + `"></polygon>`
}
