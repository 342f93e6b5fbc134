package chart

import (
	"fmt"
	"html"
	"strings"
)

// A Sheet is a figure of several rows, each with a drawing for every head: bars
// under each other, or small multiples beside each other.
type Sheet struct {
	Title   string
	Note    string // what the drawings show, such as the base
	Finding string // what there is to see, with its numbers, for who does not see it
	Keys    []Key
	Heads   []string // over the drawings; none over a single one
	Rows    []Row
}

// A Row is a line of a sheet. N is printed behind the label.
type Row struct {
	Group, Label, N string
	Cells           []Figure
}

// Counted reports whether the rows have a base.
func (s Sheet) Counted() bool {
	for _, r := range s.Rows {
		if r.N != "" {
			return true
		}
	}
	return false
}

// Width is the number of columns of the sheet as a table: labels, bases, drawings.
func (s Sheet) Width() int {
	n := 1 + max(len(s.Heads), 1)
	if s.Counted() {
		n++
	}
	return n
}

// The measures of a sheet that stands alone, in pixels.
const (
	sheetWidth = 760
	sheetLabel = 250 // for the labels of rows
	sheetPad   = 16
	lineHeight = 17
	textSize   = 13
)

// Alone draws the sheet by itself: what stands inside an SVG of this width and
// height.
func (s Sheet) Alone() (inside string, width, height int) {
	var m strings.Builder
	y := float64(sheetPad)
	text := func(class string, x, y float64, t string) {
		fmt.Fprintf(&m, `<text class="%s" x="%s" y="%s">%s</text>`, class, num(x), num(y), html.EscapeString(t))
	}
	block := func(class, t string, x, width float64) {
		for _, line := range Wrap(t, width, textSize) {
			y += lineHeight
			text(class, x, y, line)
		}
	}
	block("ts t-b", s.Title, sheetPad, sheetWidth-2*sheetPad)
	if s.Note != "" {
		block("ts t-s t2", s.Note, sheetPad, sheetWidth-2*sheetPad)
	}
	if len(s.Keys) > 0 {
		y += 10
		x := float64(sheetPad)
		for _, k := range s.Keys {
			w := 20 + Width(k.Label, 12) + 18
			if x+w > sheetWidth-sheetPad && x > sheetPad {
				x, y = sheetPad, y+20
			}
			fmt.Fprintf(&m, `<rect class="f-%s" x="%s" y="%s" width="13" height="13"></rect>`, k.Tone, num(x+.5), num(y+.5))
			text("ts t-s", x+20, y+11.5, k.Label)
			x += w
		}
		y += 20
	}
	columns := 1
	for _, r := range s.Rows {
		columns = max(columns, len(r.Cells))
	}
	wide := float64(sheetWidth-2*sheetPad-sheetLabel-20*columns) / float64(columns)
	at := func(i int) float64 { return sheetPad + sheetLabel + 20 + float64(i)*(wide+20) }
	if len(s.Heads) > 0 {
		top, low := y, y
		for i, h := range s.Heads {
			y = top
			block("ts t-s t-b", h, at(i), wide)
			low = max(low, y)
		}
		y = low + 4
	}
	y += 6
	for i, r := range s.Rows {
		if r.Group != "" && (i == 0 || s.Rows[i-1].Group != r.Group) {
			y += 4
			block("ts t-b", r.Group, sheetPad, sheetWidth-2*sheetPad)
			y += 4
		}
		label := r.Label
		if r.N != "" {
			label += " (N=" + r.N + ")"
		}
		top := y
		block("ts", label, sheetPad, sheetLabel)
		low := max(y+7, top+barHeight+4)
		for c, f := range r.Cells {
			fmt.Fprintf(&m, `<svg x="%s" y="%s" width="%s" height="%d">%s</svg>`, num(at(c)), num(top+3), num(wide), f.Height, f.Marks)
			low = max(low, top+float64(f.Height)+8)
		}
		y = low
	}
	return m.String(), sheetWidth, int(y) + sheetPad
}

// Wrap breaks a text into lines that are no wider than a width in pixels at a
// size; a word that is wider stands alone.
func Wrap(text string, width, size float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case Width(line+" "+word, size) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
