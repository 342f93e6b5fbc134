package report_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/table"
)

func TestSharesInWords(t *testing.T) {
	t.Parallel()
	for percent, want := range map[float64]string{0: "geen van de", 1: "bijna geen van de", 5: "een klein deel", 10: "een tiende", 13: "ruim een tiende", 18: "iets minder dan een vijfde", 25.5: "een kwart", 27: "ruim een kwart",
		31: "iets minder dan een derde", 33: "een derde", 36: "ruim een derde", 48: "iets minder dan de helft", 50: "de helft", 52: "ruim de helft", 66: "twee derde", 69: "ruim twee derde", 74.5: "driekwart", 82: "ruim vier vijfde", 94: "ruim negen tiende", 97: "bijna alle", 100: "alle"} {
		if got, _ := report.ShareWords(percent); got != want {
			t.Errorf("%v%% is %q, want %q", percent, got, want)
		}
	}
	last := -1.0 // more is never said with less
	order := []string{"geen van de", "bijna geen van de", "een klein deel", "een tiende", "een vijfde", "een kwart", "een derde", "twee vijfde", "de helft", "drie vijfde", "twee derde", "driekwart", "vier vijfde", "negen tiende", "bijna alle", "alle"}
	for x := 0.0; x <= 100; x += .1 {
		words, _ := report.ShareWords(x)
		at := -1.0
		for i, name := range order {
			switch words {
			case "iets minder dan " + name:
				at = float64(i) - .3
			case name:
				at = float64(i)
			case "ruim " + name:
				at = float64(i) + .3
			}
		}
		if at < last {
			t.Fatalf("%.1f%% is %q, and less was said with more", x, words)
		}
		last = at
	}
}

// What Bijlage 7 says of B.5.2 and B.6.2 follows from the numbers alone; every
// number in a draft is one of the table.
func TestDraftsAreMadeOfTheTable(t *testing.T) {
	t.Parallel()
	drafts := 0
	for _, name := range []string{"swv", "gemeente"} {
		b := baseline.Book(name)
		for _, x := range b.Tables {
			p, ok := report.ProseOf(x, b.Many())
			if !ok {
				continue
			}
			drafts++
			numbers := 0
			for _, part := range p.Parts {
				if part.Cell == nil {
					if strings.Contains(part.Text, "%") || strings.Contains(part.Text, "NaN") {
						t.Errorf("%s: a number without its cell in %q", x.ID, part.Text)
					}
					continue
				}
				numbers++
				found := false
				for _, r := range x.Rows {
					for _, c := range r.Cells {
						found = found || r.Row == part.Cell.Row && r.Group == part.Cell.Group && c.Column == part.Cell.Column
					}
				}
				if !found {
					t.Errorf("%s: %q is no number of the table: %+v", x.ID, part.Text, part.Cell)
				}
			}
			if numbers == 0 {
				t.Errorf("%s: a draft without a number: %q", x.ID, p.Text())
			}
		}
	}
	if drafts < 40 {
		t.Errorf("%d drafts", drafts)
	}
	p, _ := report.ProseOf(baseline.Book("gemeente").Table("B.6.2"), "gemeenten")
	if want := "Bijna alle gemeenten (95%) noemen bij ‘Leerplicht’ ‘Basis onderwijs’."; !strings.HasPrefix(p.Text(), want) {
		t.Errorf("%q", p.Text())
	}
}

func TestAChangedNumberChangesItsDraftAndIsListed(t *testing.T) {
	t.Parallel()
	before, after := baseline.Book("swv"), baseline.Book("swv")
	if c := report.Changes(before, after); len(c) > 0 {
		t.Errorf("nothing changed: %+v", c)
	}
	x := after.Table("B.5.2")
	x.Rows[0].Cells[2].Percent += 3
	c := report.Changes(before, after)
	if len(c) != 1 || c[0].Table != "B.5.2" || c[0].Before == c[0].After {
		t.Errorf("%+v", c)
	}
}

func TestADraftOfASplitSpeaksOfWhatWasFound(t *testing.T) {
	t.Parallel()
	row := func(group string, n int, yes float64) table.Row {
		c, d := table.Counted("ja", table.Unknown), table.Counted("nee", table.Unknown)
		c.Percent, d.Percent = yes, 100-yes
		if group == "" {
			return table.Row{Row: "a", Label: "A – Totaal", N: n, Cells: []table.Cell{c, d}}
		}
		return table.Row{Row: "a", Group: group, Label: "A – " + group, N: n, Cells: []table.Cell{c, d}}
	}
	x := &table.Table{ID: "B.1", Layout: table.Cross, Sum: table.SumRow, By: &table.Split{Column: "regio", Label: "Regio", Groups: []table.Column{{ID: "n", Label: "Noord"}, {ID: "z", Label: "Zuid"}}},
		Columns: []table.Column{{ID: "ja", Label: "Ja"}, {ID: "nee", Label: "Nee"}}, Rows: []table.Row{row("n", 40, 80), row("z", 40, 40), row("", 80, 60)},
		Tests: []table.Test{{Row: "a", P: .001, PHolm: .002}}}
	p, ok := report.ProseOf(x, "gemeenten")
	if want := "‘A’: bij ‘Noord’ is ‘Ja’ vaker gekozen (80%) dan bij ‘Zuid’ (40%); p = 0,002."; !ok || p.Text() != want {
		t.Errorf("%q, want %q", p.Text(), want)
	}
	x.Tests[0].PHolm = .2
	if p, _ := report.ProseOf(x, "gemeenten"); p.Text() != "Er is geen verschil aangetoond naar regio." {
		t.Errorf("%q", p.Text())
	}
}
