package chart_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/chart"
)

var drawnWidth = regexp.MustCompile(`<rect class="f-[a-z0-9]+" x="([0-9.]+)%" y="[^"]*" width="([0-9.]+)%"`)

// parts makes up answers that together are a hundred percent.
func parts(random *rand.Rand, n int) []chart.Part {
	tones, left := chart.Scale(n), 100.0
	out := make([]chart.Part, n)
	for i := range out {
		x := left * random.Float64()
		if i == n-1 {
			x = left
		}
		left -= x
		out[i] = chart.Part{Label: fmt.Sprint("antwoord <", i, "> & \"meer\""), Tone: tones[i], Percent: x}
	}
	return out
}

func TestTheAnswersOfARowFillItsBar(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		of := parts(random, 1+random.IntN(30))
		f := chart.Stack("rij", of)
		sound(t, fmt.Sprint("stack ", i), f)
		at := 0.0
		for _, m := range drawnWidth.FindAllStringSubmatch(f.Marks, -1) {
			x, _ := strconv.ParseFloat(m[1], 64)
			w, _ := strconv.ParseFloat(m[2], 64)
			if x < at-.15 {
				t.Fatalf("a part begins at %v, before the one before it ends at %v: %s", x, at, f.Marks)
			}
			at = x + w
		}
		if at < 99 || at > 100.2 {
			t.Fatalf("the bar ends at %v: %s", at, f.Marks)
		}
	}
}

func TestWhatIsNoAnswerStandsApart(t *testing.T) {
	t.Parallel()
	f := chart.Stack("rij", []chart.Part{{"ja", "f4", 60}, {"nee", "f2", 30}, {"geen zicht op", chart.NoView, 6}, {"nvt", chart.NotApply, 4}})
	sound(t, "apart", f)
	var ends []float64
	for _, m := range drawnWidth.FindAllStringSubmatch(f.Marks, -1) {
		x, _ := strconv.ParseFloat(m[1], 64)
		w, _ := strconv.ParseFloat(m[2], 64)
		ends = append(ends, x, x+w)
	}
	if len(ends) != 8 || ends[4]-ends[3] < 1 || ends[6]-ends[5] > .5 || ends[7] < 99.5 || ends[7] > 100 {
		t.Errorf("parts from and to %v", ends)
	}
}

func TestWhatIsNotKnownIsNotDrawnAsNothing(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	f := chart.Stack("rij", []chart.Part{{"ja", "f4", nan}, {"nee", "f2", 40}})
	if !strings.Contains(f.Finding, "ja niet bekend") || strings.Count(f.Marks, "<rect") != 1 {
		t.Errorf("%+v", f)
	}
	for what, f := range map[string]chart.Figure{"share": chart.Share("x", nan), "amount of nothing": chart.Amount("x", 3, 0), "mean": chart.Mean{Title: "x", Value: nan, Max: 10}.Figure(),
		"dumbbell": chart.Dumbbell("x", "nu", "toen", nan, 4, 0, 10, 0, "")} {
		sound(t, what, f)
		if !strings.Contains(f.Finding, "niet bekend") || strings.Contains(f.Marks, ">0") {
			t.Errorf("%s: %+v", what, f)
		}
	}
	sound(t, "endless", chart.Stack("x", []chart.Part{{"ja", "f4", math.Inf(1)}, {"nee", "f2", 400}}))
	if f := chart.Stack("x", nil); !strings.Contains(f.Finding, "geen gegevens") {
		t.Errorf("%+v", f)
	}
}

func TestTheTextSaysTheNumbersOfTheDrawing(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]chart.Figure{
		"rij: ja 39%, nee 61%":         chart.Stack("rij", []chart.Part{{"ja", "f4", 38.5}, {"nee", "f2", 61.5 - .01}}),
		"rij: 13%":                     chart.Share("rij", 12.5),
		"rij: 17":                      chart.Amount("rij", 17, 20),
		"rij: 6,3 (tussen 6,1 en 6,5)": chart.Mean{Title: "rij", Value: 6.31, Lo: 6.1, Hi: 6.52, Min: 1, Max: 10, Decimals: 1}.Figure(),
		"rij: nu 79%, 2018 64%":        chart.Dumbbell("rij", "nu", "2018", 79, 64, 0, 100, 0, "%"),
	} {
		if f.Finding != want {
			t.Errorf("%q, want %q", f.Finding, want)
		}
	}
}

func TestASheetStandsAlone(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Een lange titel met <woorden> & ", 12)
	s := chart.Sheet{Title: long, Note: "In procenten.", Keys: []chart.Key{{"ja", "f4"}, {long, "f2"}}, Heads: []string{"Basisonderwijs", "Voortgezet onderwijs"}}
	for i := range 30 {
		s.Rows = append(s.Rows, chart.Row{Group: fmt.Sprint("groep ", i/10), Label: long, N: "105", Cells: []chart.Figure{chart.Share("a", 10), chart.Share("b", 90)}})
	}
	inside, width, height := s.Alone()
	if width < 600 || height < 30*22 || strings.Contains(inside, "<woorden>") || strings.Count(inside, "<svg ") != 60 {
		t.Errorf("%d by %d, %d drawings", width, height, strings.Count(inside, "<svg "))
	}
	if lines := chart.Wrap("een zeerlangwoorddatnietpast en nog een", 60, 13); len(lines) < 3 || strings.Join(lines, " ") != "een zeerlangwoorddatnietpast en nog een" {
		t.Errorf("wrapped as %q", lines)
	}
}

func TestADumbbellTellsTheSideThatIsKnown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b float64
		want string
	}{
		{41.5, 20, "Visie: swv 42%, gemeente 20%"},
		{41.5, math.NaN(), "Visie: swv 42%, gemeente niet bekend"},
		{math.NaN(), 0, "Visie: swv niet bekend, gemeente 0%"},
		{math.NaN(), math.NaN(), "Visie: niet bekend"},
	} {
		if got := chart.Dumbbell("Visie", "swv", "gemeente", c.a, c.b, 0, 100, 0, "%").Finding; got != c.want {
			t.Errorf("%v and %v: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}
