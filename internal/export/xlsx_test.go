package export_test

import (
	"archive/zip"
	"bytes"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// TestRReadsTheWorkbookAsItIs compares every cell as readxl reads it.
func TestRReadsTheWorkbookAsItIs(t *testing.T) {
	t.Parallel()
	d := randomData(t, "inventarisatie-2026", "swv", 30, 4)
	m, err := d.Write(io.Discard, "proef")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := export.XLSX(&b, d, m, export.Options{}); err != nil {
		t.Fatal(err)
	}
	noFormulas(t, b.Bytes())
	lines := strings.Split(strings.TrimRight(string(reader(t, "Rscript", "testdata/readxl.R", write(t, "proef.xlsx", b.Bytes()), "Gegevens")), "\n"), "\n")
	names := strings.Fields(lines[0])
	if len(lines)-1 != d.Len() {
		t.Fatalf("%d rows, want %d", len(lines)-1, d.Len())
	}
	row := 0
	for at := range d.Cases() {
		row++
		for i, cell := range strings.Fields(lines[row]) {
			c := d.Column(names[i])
			switch {
			case c == nil:
				t.Fatalf("a column %q", names[i])
			case c.Type == instrument.TextType:
				// A workbook knows one sort of line end, and control characters as _xHHHH_.
				want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(c.Text(at))
				if text := fromSheet(t, cell); text != want && strings.TrimSpace(want) != "" {
					t.Errorf("%s: %.80q, want %.80q", c.Name, text, want)
				}
			case math.IsNaN(inSPSS(c, at)):
				if cell != "." {
					t.Errorf("%s: %s where nothing was", c.Name, cell)
				}
			default:
				if n, err := strconv.ParseFloat(cell[1:], 64); err != nil || c.Type != dataset.TimeType && (cell[0] != 'n' || n != inSPSS(c, at)) || c.Type == dataset.TimeType && math.Abs(n-inSPSS(c, at)) > 0.5 {
					t.Errorf("%s: %s, want %v", c.Name, cell, inSPSS(c, at))
				}
			}
		}
	}
}

func fromSheet(t *testing.T, cell string) string {
	t.Helper()
	if cell == "." {
		return ""
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(unhex(t, cell[1:]))
}

// noFormulas looks for formulas in every part of a workbook.
func noFormulas(t *testing.T, data []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("<f>")) || bytes.Contains(text, []byte("<f ")) || strings.Contains(part.Name, "externalLink") {
			t.Errorf("%s has a formula or points outside", part.Name)
		}
	}
}
