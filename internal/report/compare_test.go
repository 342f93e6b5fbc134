package report_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/table"
)

// The book of 2018 beside itself: no difference is marked, every known error
// stands where it is shown, and no line is longer or shorter than its heads.
func TestTheBookOf2018BesideItself(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"swv", "gemeente"} {
		c, err := table.Against(baseline.Book(name), baseline.Book(name), "2018")
		if err != nil {
			t.Fatal(err)
		}
		d := report.Comparison(c, true)
		said := 0
		for _, g := range d.Grids() {
			said += len(g.Caution)
			for _, l := range g.Lines {
				if len(l.Values) != len(g.Heads) {
					t.Errorf("%s %s: %d values under %d heads", g.ID, l.ID, len(l.Values), len(g.Heads))
				}
				for _, v := range l.Values {
					if strings.Contains(v.Text, "*") {
						t.Errorf("%s %s differs from itself: %s", g.ID, l.ID, v.Text)
					}
				}
			}
		}
		known := 0
		for _, x := range baseline.Doubts() {
			if x.Table != "" && c.A.Book.Table(x.Table) != nil {
				known++
			}
		}
		if said != known || known == 0 {
			t.Errorf("%s: %d of %d doubts are told", name, said, known)
		}
		if len(c.Pairs) != len(c.A.Book.Tables) || c.Tests == 0 {
			t.Errorf("%s: %d pairs of %d tables, %d differences", name, len(c.Pairs), len(c.A.Book.Tables), c.Tests)
		}
	}
}
