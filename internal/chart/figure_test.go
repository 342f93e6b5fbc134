package chart_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/chart"
)

var (
	textMark = regexp.MustCompile(`<text class="([^"]*)" x="([^"]*)%" y="([^"]*)">([^<]*)</text>`)
	number   = regexp.MustCompile(`(?:x|y|x1|x2|y1|y2|cx|cy|width|height|r)="(-?[0-9.]+)%?"`)
)

// sound checks that marks are well-formed and within the figure, and that no two
// labels overlap, at the narrowest width and at a wide one.
func sound(t *testing.T, what string, f chart.Figure) {
	t.Helper()
	if bad := regexp.MustCompile(`NaN|Inf|e[+-]\d`).FindString(f.Marks); bad != "" {
		t.Fatalf("%s: %s in %s", what, bad, f.Marks)
	}
	if strings.Contains(f.Marks, "style=") || strings.Contains(f.Marks, "fill=") || strings.Contains(f.Marks, "#") {
		t.Errorf("%s: colour in the markup", what)
	}
	d := xml.NewDecoder(strings.NewReader("<svg>" + f.Marks + "</svg>"))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for _, m := range number.FindAllStringSubmatch(f.Marks, -1) {
		if v, err := strconv.ParseFloat(m[1], 64); err != nil || v < 0 || v > 400 {
			t.Errorf("%s: %s", what, m[0])
		}
	}
	type box struct{ left, right, top, bottom float64 }
	var boxes []box
	for _, m := range textMark.FindAllStringSubmatch(f.Marks, -1) {
		x, _ := strconv.ParseFloat(m[2], 64)
		y, _ := strconv.ParseFloat(m[3], 64)
		w := 100 * chart.Width(m[4], 12) / chart.Narrowest
		b := box{x, x + w, y - 10, y}
		switch {
		case strings.Contains(m[1], "te"):
			b.left, b.right = x-w, x
		case strings.Contains(m[1], "tm"):
			b.left, b.right = x-w/2, x+w/2
		}
		if b.left < -3 || b.right > 104 || b.top < -3 || b.bottom > float64(f.Height)+1 { // the estimate is on the broad side
			t.Errorf("%s: %q lies outside: %+v", what, m[4], b)
		}
		if strings.Contains(m[1], "t-b tm") || strings.Contains(m[1], "ts t-b") { // numbers of marks and of the band
			for _, o := range boxes {
				if b.left < o.right-1 && o.left < b.right-1 && b.top < o.bottom-1 && o.top < b.bottom-1 {
					t.Errorf("%s: %q runs into another label", what, m[4])
				}
			}
			boxes = append(boxes, b)
		}
	}
}

func TestFiguresAreSoundWhateverTheNumbers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	for i := range 400 {
		c := chart.Course{Title: "Respons", N: random.IntN(400), From: "2 nov", To: "11 dec", NowLabel: "vandaag", Finding: "x"}
		count, until := 0, random.IntN(40)
		for day := range until {
			count = min(count+random.IntN(10), c.N)
			c.Points = append(c.Points, chart.Point{At: float64(day) / 39, Count: count})
		}
		for no := range random.IntN(6) {
			c.Marks = append(c.Marks, chart.Mark{At: random.Float64(), No: no + 1})
		}
		slices.SortFunc(c.Marks, func(a, b chart.Mark) int { return int(math.Copysign(1, a.At-b.At)) })
		if i%3 > 0 {
			for day := until; day < 40; day++ {
				low := float64(count) + random.Float64()*10
				c.Expect = append(c.Expect, chart.Range{At: float64(day) / 39, Low: low, High: low + random.Float64()*60})
			}
		}
		if i%5 == 0 {
			c.Compare, c.CompareAs = random.IntN(max(c.N, 1)), "2018"
		}
		sound(t, fmt.Sprintf("course %d", i), c.Figure())
		p := chart.Pair{Label: "Noord <&> \"Zuid\"", Population: random.Float64(), Response: random.Float64()}
		sound(t, "pair", p.Figure(random.Float64()))
		sound(t, "bar", chart.Bar("x", random.IntN(50), random.IntN(50)))
	}
	nan := math.NaN()
	sound(t, "pair of nothing", chart.Pair{Population: nan, Response: nan}.Figure(nan))
	sound(t, "course of nothing", chart.Course{Expect: []chart.Range{{At: nan, Low: nan, High: math.Inf(1)}}, Points: []chart.Point{{At: nan}}}.Figure())
	sound(t, "bar of nothing", chart.Bar("", 0, 0))
}

func TestTicksAreRoundAndCoverTheRange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lo, hi float64
		n      int
		want   string
	}{
		{0, 75, 4, "0 20 40 60 80"}, {0, 100, 4, "0 25 50 75 100"}, {0, 1, 4, "0 0,25 0,50 0,75 1,00"}, {1, 5, 4, "1 2 3 4 5"}, {-3, 7, 5, "-4 -2 0 2 4 6 8"}, {0, 12000, 3, "0 5.000 10.000 15.000"}, {5, 5, 4, "5 6"},
	} {
		got := strings.Join(chart.Numbers(chart.Ticks(c.lo, c.hi, c.n)), " ")
		if want := c.want; got != want && got != strings.Replace(want, "0 0,", "0,00 0,", 1) {
			t.Errorf("Ticks(%v, %v, %d) = %s, want %s", c.lo, c.hi, c.n, got, want)
		}
	}
	random := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		lo := (random.Float64() - .5) * math.Pow(10, float64(random.IntN(9)-4))
		hi := lo + random.Float64()*math.Pow(10, float64(random.IntN(9)-4))
		ticks := chart.Ticks(lo, hi, 1+random.IntN(8))
		span := 1e-6 * (hi - lo)
		if !slices.IsSorted(ticks) || len(ticks) < 2 || len(ticks) > 12 || ticks[0] > lo+span || ticks[len(ticks)-1] < hi-span {
			t.Errorf("%v to %v: %v", lo, hi, ticks)
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got := chart.Ticks(x, x, 4); len(got) != 2 {
			t.Errorf("Ticks of %v: %v", x, got)
		}
	}
}

func TestNumbersAreDutch(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{"1.234,5": chart.Number(1234.5, 1), "-12": chart.Number(-12, 0), "0": chart.Number(-.2, 0), "–": chart.Number(math.NaN(), 2), "70%": chart.Percent(105. / 151), "100.000": chart.Number(1e5, 0)} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestSpreadKeepsOrderAndDistance(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		at := make([]float64, 1+random.IntN(8))
		for i := range at {
			at[i] = random.Float64() * 100
		}
		slices.Sort(at)
		got := chart.Spread(at, 10, 0, 100)
		for i := range got {
			if got[i] < -1e-9 || got[i] > 100+1e-9 || i > 0 && got[i]-got[i-1] < 10-1e-9 {
				t.Fatalf("Spread(%v) = %v", at, got)
			}
		}
	}
	if got := chart.Spread([]float64{20, 50}, 10, 0, 100); got[0] != 20 || got[1] != 50 {
		t.Errorf("what is apart was moved: %v", got)
	}
}
