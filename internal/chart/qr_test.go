package chart_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"

	"github.com/uitvraag/uitvraag/internal/chart"
)

const link = "https://vragenlijst.uitvraag.example/v/8Jx2kQe0Vd3mZr7tYb5nWc1uHs6pLa9f"

var run = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)

// drawn returns the modules that a path covers; every module once.
func drawn(t *testing.T, c chart.Code) [][]bool {
	t.Helper()
	if rest := run.ReplaceAllString(c.Path, ""); rest != "" {
		t.Fatalf("the path holds more than boxes: %.40q", rest)
	}
	dark := make([][]bool, c.Size)
	for y := range dark {
		dark[y] = make([]bool, c.Size)
	}
	for _, m := range run.FindAllStringSubmatch(c.Path, -1) {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1]) // digits, by the pattern
		}
		x, y, wide := n[0], n[1], n[2]
		if n[3] != wide || x+wide > c.Size || y >= c.Size {
			t.Fatalf("box %q in a code of %d", m[0], c.Size)
		}
		for i := x; i < x+wide; i++ {
			if dark[y][i] {
				t.Errorf("module %d,%d is drawn twice", i, y)
			}
			dark[y][i] = true
		}
	}
	return dark
}

func TestQRDrawsEveryModule(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1", "UITVRAAG", link, "Zuid-Hollandse Eilanden, één code: ‘7XK2’", strings.Repeat(link, 20)} {
		c, err := chart.QR(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		q, err := qrcode.New(text, qrcode.Medium)
		if err != nil {
			t.Fatal(err)
		}
		if want := q.Bitmap(); !slices.EqualFunc(drawn(t, c), want, slices.Equal) {
			t.Errorf("%.20q: other modules than those of the code", text)
		}
	}
}

// A run is one box, so that no seams show, and the edge stays light.
func TestQRIsWholeAndHasALightEdge(t *testing.T) {
	t.Parallel()
	c, err := chart.QR(link)
	if err != nil {
		t.Fatal(err)
	}
	if c.Size != 45 { // version 5: 37 modules for a link of a letter, and twice four
		t.Errorf("size %d", c.Size)
	}
	dark := drawn(t, c)
	for y, row := range dark {
		for x, d := range row {
			if edge := min(x, y, c.Size-1-x, c.Size-1-y); d && edge < 4 {
				t.Errorf("module %d,%d is in the edge", x, y)
			}
			if d && row[x-1] && strings.Contains(c.Path, fmt.Sprintf("M%d %dh", x, y)) {
				t.Errorf("a run is cut at %d,%d", x, y)
			}
		}
	}
	if corner := "M4 4h7v1h-7z"; !strings.HasPrefix(c.Path, corner) {
		t.Errorf("the path begins with %.20q, want %q", c.Path, corner)
	}
}

func TestQRRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", strings.Repeat("x", 3000)} {
		if c, err := chart.QR(text); err == nil || c != (chart.Code{}) {
			t.Errorf("%d bytes: %v, %v", len(text), c.Size, err)
		}
	}
}
