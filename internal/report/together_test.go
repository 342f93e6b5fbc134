package report_test

import (
	"testing"

	"github.com/uitvraag/uitvraag/internal/report"
)

// Two instruments have the same scales: an address, a sheet or a figure that two
// of them share would show the numbers of the wrong one.
func TestChaptersOfOneDocumentShareNoAddress(t *testing.T) {
	t.Parallel()
	chapter := func(instrument string) report.Chapter {
		return report.Chapter{ID: instrument, Doc: &report.Document{Subtitle: "Schalen " + instrument, Facts: [][2]string{{"Vragenlijsten", "12"}},
			Blocks: []report.Block{report.Contents{}, report.Heading{Level: 1, ID: "overzicht", Text: "Overzicht"}, &report.Grid{ID: "schalen"}, &report.Figure{ID: "schalen"}}}}
	}
	swv := chapter("swv")
	d := report.Together("Proef", "Schalen en verwachtingen", swv, chapter("gemeente"))
	seen, contents := map[string]int{}, 0
	for _, b := range d.Blocks {
		switch b := b.(type) {
		case report.Contents:
			contents++
		case report.Heading:
			seen["heading "+b.ID]++
		case *report.Grid:
			seen["grid "+b.ID]++
		case *report.Figure:
			seen["figure "+b.ID]++
		}
	}
	for _, want := range []string{"heading swv-overzicht", "heading gemeente-overzicht", "grid swv-schalen", "grid gemeente-schalen", "figure swv-schalen", "figure gemeente-schalen"} {
		if seen[want] != 1 {
			t.Errorf("%s is there %d times, want once", want, seen[want])
		}
	}
	if contents != 1 {
		t.Errorf("%d lists of contents, want one", contents)
	}
	if d.Figure("swv-schalen") == nil {
		t.Error("the figure of the first chapter is not found by its address")
	}
	if g := swv.Doc.Grids()[0]; g.ID != "schalen" {
		t.Errorf("the chapter itself was changed: its grid is %q", g.ID)
	}
}
