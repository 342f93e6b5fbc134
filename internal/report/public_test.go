package report_test

import (
	"math"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/table"
)

// TestWhatIsWithheldStandsNowhereOnPaper: a point, an N that is a point, and a note
// that says why; a figure that is drawn on the scale of the total.
func TestWhatIsWithheldStandsNowhereOnPaper(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	hidden := table.Counted("bao", table.Unknown)
	hidden.Withheld, hidden.Grade = true, &table.Grade{Mean: nan, SD: nan, Min: nan, Max: nan, Lo: nan, Hi: nan}
	shown := table.Counted("bao", 20)
	shown.Grade = &table.Grade{Mean: 7, SD: 1, Min: nan, Max: nan, N: 20, Lo: 6, Hi: 8}
	total := table.Counted("bao", 40)
	total.Grade = &table.Grade{Mean: 6.5, SD: 1, Min: 2, Max: 9, N: 40, Lo: 6, Hi: 7}
	groups := []table.Column{{ID: "noord", Label: "Noord"}, {ID: "zuid", Label: "Zuid"}}
	grades := &table.Table{ID: "B.1", Layout: table.Grades, Sum: table.SumNone, By: &table.Split{Column: "regio", Groups: groups}, Columns: []table.Column{{ID: "bao", Label: "Basisonderwijs"}},
		Rows: []table.Row{{Group: "noord", Label: "Noord", Withheld: true, Cells: []table.Cell{hidden}}, {Group: "zuid", Label: "Zuid", N: 20, Cells: []table.Cell{shown}}, {Label: "Totaal", N: 40, Cells: []table.Cell{total}}}}
	g := grid(t, grades)
	for _, v := range g.Lines[0].Values {
		if v.Text != "·" {
			t.Errorf("%q stands where nothing is published", v.Text)
		}
	}
	if len(g.Notes) == 0 || !strings.Contains(strings.Join(g.Notes, " "), "Niet gepubliceerd") {
		t.Errorf("no word of why: %q", g.Notes)
	}
	if f, ok := report.FigureOf(grades); !ok || !strings.Contains(f.Note, "van 1 tot 10") {
		t.Errorf("figure: %v, %+v", ok, f)
	}
	cell := table.Counted("ja", table.Unknown)
	cell.Withheld = true
	g = grid(t, &table.Table{ID: "B.2", Layout: table.Cross, Sum: table.SumRow, By: &table.Split{Column: "regio", Groups: groups}, Columns: []table.Column{{ID: "ja", Label: "Ja"}},
		Rows: []table.Row{{Group: "noord", Label: "Noord", Withheld: true, Cells: []table.Cell{cell}}}})
	if l := g.Lines[0]; l.Values[0].Text != "·" || l.Label != "Noord (N=·)" {
		t.Errorf("%+v", l)
	}
}

func grid(t *testing.T, of *table.Table) *report.Grid {
	t.Helper()
	for _, b := range report.Table(of) {
		if g, ok := b.(*report.Grid); ok {
			return g
		}
	}
	t.Fatal("no grid")
	return nil
}
