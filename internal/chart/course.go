package chart

import (
	"fmt"
	"math"
	"slices"
)

// A Course is how a count grew over time towards a whole, with the moments that
// matter and what is expected. Times are shares of the period, 0 to 1; counts are
// in units of N.
type Course struct {
	Title      string
	N          int
	From, To   string // labels of the ends: "2 nov", "11 dec"
	Points     []Point
	NowLabel   string // "vandaag"; "" when the period is over
	Marks      []Mark
	Expect     []Range // from the last point on; nil where nothing is expected
	Compare    int     // another count, as of an earlier edition; 0 for none
	CompareAs  string  // "2018"
	Finding    string
	HeightOver int // 0: the usual height
}

// A Point is a count at a time.
type Point struct {
	At    float64
	Count int
}

// A Range is what is expected at a time.
type Range struct{ At, Low, High float64 }

// A Mark is a moment with a number, to be explained below the figure.
type Mark struct {
	At float64
	No int
}

// Places in a Course, in percent and pixels.
const (
	courseLeft, courseWidth = 12.0, 68.0
	courseTop, courseBelow  = 30.0, 26.0
)

// Figure draws the course. The axis is in percent of N, and begins at 0.
func (c Course) Figure() Figure {
	height := 270.0
	if c.HeightOver > 0 {
		height = float64(c.HeightOver)
	}
	c.Expect = slices.DeleteFunc(slices.Clone(c.Expect), func(r Range) bool {
		return math.IsNaN(r.At+r.Low+r.High) || math.IsInf(r.Low, 0) || math.IsInf(r.High, 0)
	})
	f := Figure{Title: c.Title, Finding: c.Finding, Height: int(height)}
	var m marks
	bottom := height - courseBelow
	top := c.top()
	ticks := Ticks(0, top, 4)
	top = ticks[len(ticks)-1]
	y := func(count float64) float64 {
		return bottom - (bottom-courseTop)*min(100*count/float64(max(c.N, 1))/top, 1)
	}
	labels := Numbers(ticks)
	for i, t := range ticks {
		at, class := bottom-(bottom-courseTop)*t/top, "ax"
		if i == 0 {
			class = "ax0"
		}
		m.line(class, courseLeft, at, courseLeft+courseWidth, at)
		if i == len(ticks)-1 {
			labels[i] += "%"
		}
		m.text("t2 te t-s", courseLeft-1.5, at+4, labels[i])
	}
	c.marks(&m, bottom)
	c.compare(&m, y)
	c.lines(&m, bottom, y)
	m.ends(c, bottom)
	f.Marks = m.String()
	return f
}

// top is the highest percentage that must fit.
func (c Course) top() float64 {
	most := float64(c.Compare)
	for _, p := range c.Points {
		most = max(most, float64(p.Count))
	}
	for _, r := range c.Expect {
		most = max(most, r.High)
	}
	return min(100, max(20, 100*most/float64(max(c.N, 1))))
}

// x is the place of a time in percent of the width.
func (c Course) x(at float64) float64 { return courseLeft + courseWidth*min(max(at, 0), 1) }

// marks draws the numbered moments. Numbers that would overlap are moved apart;
// their lines stay where they are.
func (c Course) marks(m *marks, bottom float64) {
	var at []float64
	for _, k := range c.Marks {
		m.line("mk", c.x(k.At), courseTop-8, c.x(k.At), bottom)
		at = append(at, c.x(k.At))
	}
	for i, x := range Spread(at, 100*14/float64(Narrowest), courseLeft, courseLeft+courseWidth) {
		m.text("t-b tm t-s", x, courseTop-14, fmt.Sprint(c.Marks[i].No))
	}
}

func (c Course) compare(m *marks, y func(float64) float64) {
	if c.Compare <= 0 {
		return
	}
	at := y(float64(c.Compare))
	m.line("ln0", courseLeft, at, courseLeft+courseWidth, at)
	m.text("t2 ts t-s", courseLeft+1, at-6, c.CompareAs+": "+Number(float64(c.Compare), 0))
}

// lines draws the line of counts, the band of what is expected, and their numbers.
func (c Course) lines(m *marks, bottom float64, y func(float64) float64) {
	inner := func(at, count float64) point {
		return point{100 * at, 100 * (y(count) - courseTop) / (bottom - courseTop)}
	}
	if len(c.Points) == 0 {
		return
	}
	var line, low, high []point
	for _, p := range c.Points {
		line = append(line, inner(p.At, float64(p.Count)))
	}
	last := c.Points[len(c.Points)-1]
	for _, r := range c.Expect {
		low, high = append(low, inner(r.At, r.Low)), append(high, inner(r.At, r.High))
	}
	inside := ""
	if len(low) > 0 {
		start := inner(last.At, float64(last.Count))
		slices.Reverse(low)
		inside += polygon("band", append(append([]point{start}, high...), low...))
	}
	m.plot(courseLeft, courseTop, courseWidth, bottom-courseTop, inside+polyline("ln", line))
	m.dot("pt", c.x(last.At), y(float64(last.Count)), 5)
	c.numbers(m, last, y)
}

// numbers writes the count of the last point, and the ends of the band.
func (c Course) numbers(m *marks, last Point, y func(float64) float64) {
	text := Number(float64(last.Count), 0)
	side, class := c.x(last.At)-2, "t-b te"
	if 100*Width(text, 14)/Narrowest > side-courseLeft { // no room before it
		side, class = c.x(last.At)+2, "t-b ts"
	}
	m.text(class, side, max(y(float64(last.Count))-8, 12), text)
	if len(c.Expect) == 0 {
		return
	}
	end := c.Expect[len(c.Expect)-1]
	at := Spread([]float64{y(end.High) + 4, (y(end.High)+y(end.Low))/2 + 4, y(end.Low) + 4}, 15, 12, float64(c.height())-courseBelow+4)
	m.text("ts t-b t-s", courseLeft+courseWidth+1, at[0], Number(end.High, 0))
	m.text("ts t2 t-s", courseLeft+courseWidth+1, at[1], "verwacht")
	m.text("ts t-b t-s", courseLeft+courseWidth+1, at[2], Number(end.Low, 0))
}

func (c Course) height() int {
	if c.HeightOver > 0 {
		return c.HeightOver
	}
	return 270
}

// ends writes the labels of the axis of time: the ends, and now where it does
// not run into them.
func (m *marks) ends(c Course, bottom float64) {
	m.text("t2 ts t-s", courseLeft-4, bottom+19, c.From)
	m.text("t2 te t-s", min(courseLeft+courseWidth+4, 100), bottom+19, c.To)
	if c.NowLabel == "" || len(c.Points) == 0 {
		return
	}
	half := 100 * Width(c.NowLabel, 12) / 2 / Narrowest
	x := c.x(c.Points[len(c.Points)-1].At)
	left := courseLeft - 4 + 100*Width(c.From, 12)/Narrowest + 2
	right := courseLeft + courseWidth + 4 - 100*Width(c.To, 12)/Narrowest - 2
	if x-half > left && x+half < right {
		m.text("t2 tm t-s", x, bottom+19, c.NowLabel)
	}
}
