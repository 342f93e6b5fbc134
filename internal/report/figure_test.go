package report_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/table"
)

// Every published table but the lists can be drawn, and says what there is to see.
func TestTheBookOf2018IsDrawn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"swv", "gemeente"} {
		for _, x := range baseline.Book(name).Tables {
			f, ok := report.FigureOf(x)
			if !ok {
				if len(x.Rows) > 0 && x.Layout != table.List {
					t.Errorf("%s: no figure", x.ID)
				}
				continue
			}
			if f.Finding == "" {
				t.Errorf("%s: the figure says nothing", x.ID)
			}
			for _, r := range f.Rows {
				if len(r.Cells) != max(len(f.Heads), 1) {
					t.Errorf("%s %s: %d drawings under %d heads", x.ID, r.Label, len(r.Cells), len(f.Heads))
				}
			}
		}
	}
}

// The findings are those that stand in the tables (B.5.2, B.5.13, B.6.18).
func TestFindingsHaveTheNumbersOfTheTable(t *testing.T) {
	t.Parallel()
	for id, wants := range map[string][]string{
		"B.5.13": {"‘Overwegend wel zo’ of ‘Helemaal zo’", "urgentie van samenwerking (70% van 105)"},
		"B.6.2":  {"Basis onderwijs: het vaakst ‘Leerplicht’ (95% van 217)"},
	} {
		name := map[byte]string{'5': "swv", '6': "gemeente"}[id[2]]
		f, ok := report.FigureOf(baseline.Book(name).Table(id))
		if !ok {
			t.Fatal(id)
		}
		for _, want := range wants {
			if !strings.Contains(f.Finding, want) {
				t.Errorf("%s: %q does not say %q", id, f.Finding, want)
			}
		}
	}
}

func TestSmallBasesAreNotDrawn(t *testing.T) {
	t.Parallel()
	x := *baseline.Book("swv").Table("B.5.2")
	x.Rows = append([]table.Row{}, x.Rows...)
	x.Rows[0].N, x.Rows[0].Small = 4, true
	f, ok := report.FigureOf(&x)
	if !ok || len(f.Rows) != len(x.Rows)-1 || !strings.Contains(f.Note, "Niet getekend: 1") || strings.Contains(f.Finding, x.Rows[0].Label) {
		t.Errorf("%v %+v", ok, f)
	}
}

// Seven answers cannot be told apart in one bar.
func TestManyAnswersStandBesideEachOther(t *testing.T) {
	t.Parallel()
	x := &table.Table{ID: "B.1", Title: "Wie?", Layout: table.Matrix, Sum: table.SumRow}
	r := table.Row{Row: "a", Label: "A", N: 100}
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		x.Columns = append(x.Columns, table.Column{ID: id, Label: id})
		c := table.Counted(id, 10)
		c.Percent = 10
		r.Cells = append(r.Cells, c)
	}
	x.Rows = []table.Row{r}
	f, ok := report.FigureOf(x)
	if !ok || len(f.Heads) != 7 || len(f.Keys) != 0 || strings.Contains(f.Note, "meer antwoorden") {
		t.Errorf("%+v", f)
	}
}
