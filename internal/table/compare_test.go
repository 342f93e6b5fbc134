package table_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/table"
)

// shares is a table with rows of counts.
func shares(id, title string, columns []string, rows ...table.Row) *table.Table {
	t := &table.Table{ID: id, Question: strings.ToLower(id), Title: title, Layout: table.Matrix, Sum: table.SumRow}
	for _, c := range columns {
		t.Columns = append(t.Columns, table.Column{ID: c, Label: c})
	}
	t.Rows = rows
	return t
}

func counts(id, label string, n int, of ...int) table.Row {
	r := table.Row{Row: id, Label: label, N: n, Valid: n, Small: n < table.SmallBase}
	for i, k := range of {
		c := table.Counted([]string{"nee", "deels", "ja"}[i], k)
		c.Percent = 100 * float64(k) / float64(n)
		r.Cells = append(r.Cells, c)
	}
	return r
}

var three = []string{"nee", "deels", "ja"}

func bookOf(name string, population int, tables ...*table.Table) *table.Book {
	return &table.Book{Title: "Proef", Instrument: name, Units: 100, Population: population, Tables: tables}
}

func TestVersionsStandBesideEachOtherWhereTheyAskTheSame(t *testing.T) {
	t.Parallel()
	a := bookOf("swv", 0,
		shares("B.5.1", "In hoeverre gelden deze stellingen in uw regio?", three, counts("visie_1", "Wij delen een visie", 100, 50, 30, 20), counts("visie_2", "Wij kennen elkaar", 100, 10, 10, 80), counts("visie_3", "Wij spreken elkaar vaak", 8, 4, 2, 2)),
		shares("B.5.2", "In hoeverre bent u tevreden over onderwijs en jeugdhulp in uw regio?", three, counts("kern", "Kerngemeente(n)", 100, 20, 30, 50)),
		shares("B.5.3", "Ervaart u knelpunten in uw regio?", three, counts("x_1", "Ja", 100, 1, 2, 97)))
	b := bookOf("gemeente", 0,
		shares("B.6.7", "In hoeverre gelden deze stellingen in uw gemeente?", three, counts("visie_1", "Wij delen een visie", 200, 60, 60, 80), counts("visie_2", "Wij kennen elkaar goed", 200, 20, 20, 160), counts("visie_3", "Wij spreken elkaar vaak", 200, 20, 20, 160)),
		shares("B.6.8", "In hoeverre bent u tevreden over jeugdhulp en onderwijs in uw gemeente?", three, counts("bao", "Basisonderwijs", 100, 20, 30, 50)))
	c, err := table.Beside(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Pairs) != 1 || c.Pairs[0].IDs != [2]string{"B.5.1", "B.6.7"} {
		t.Fatalf("pairs %+v", c.Pairs)
	}
	if len(c.OnlyA) != 2 || len(c.OnlyB) != 1 {
		t.Errorf("only a %v, only b %v", c.OnlyA, c.OnlyB)
	}
	rows := c.Pairs[0].Rows
	if d := rows[0].Cells[0]; math.Abs(d.Points-20) > 1e-9 || !d.Marked() || d.Lo < 8 || d.Hi > 32 {
		t.Errorf("50 of 100 less 60 of 200 is %+v", d)
	}
	if rows[1].Other == "" || !math.IsNaN(rows[1].Cells[0].Points) {
		t.Errorf("a statement in other words is compared: %+v", rows[1])
	}
	if !math.IsNaN(rows[2].Cells[0].Points) {
		t.Errorf("eight answers are compared: %+v", rows[2])
	}
	if c.Tests != 3 {
		t.Errorf("%d differences were tested", c.Tests)
	}
}

func TestAnEditionIsComparedRowByRow(t *testing.T) {
	t.Parallel()
	now := bookOf("swv", 120, shares("B.5.1", "Nu anders gevraagd", three, counts("visie_1", "Wij delen één visie", 100, 50, 30, 20), counts("nieuw_1", "Nieuw", 100, 50, 30, 20)))
	then := bookOf("swv", 151, shares("B.5.1", "Toen", three, counts("visie_1", "Wij delen een visie", 105, 53, 30, 22)), shares("B.5.9", "Vervallen", three))
	for i := range then.Tables[0].Rows[0].Cells { // published: whole percentages, no counts
		c := &then.Tables[0].Rows[0].Cells[i]
		c.Percent, c.Count = math.Round(c.Percent), table.Unknown
	}
	c, err := table.Against(now, then, "2018")
	if err != nil {
		t.Fatal(err)
	}
	rows := c.Pairs[0].Rows
	d := rows[0].Cells[0]
	if d.Points != 0 || d.Marked() || math.IsNaN(d.Lo) || d.Hi-d.Lo > 20 {
		t.Errorf("50%% of 100 of 120, less 50%% of 105 of 151: %+v", d)
	}
	endless := bookOf("swv", 0, now.Tables[0])
	if wide, err := table.Against(endless, then, "2018"); err != nil || wide.Pairs[0].Rows[0].Cells[0].Hi <= d.Hi {
		t.Error("knowing the population does not narrow the interval")
	}
	if rows[1].B != nil || !math.IsNaN(rows[1].Cells[0].Points) {
		t.Errorf("a new statement is compared: %+v", rows[1])
	}
	if len(c.OnlyB) != 1 {
		t.Errorf("only then: %v", c.OnlyB)
	}
	text, err := json.Marshal(c)
	if err != nil || strings.Contains(string(text), "NaN") || !strings.Contains(string(text), `"difference":0`) {
		t.Errorf("%v: %.300s", err, text)
	}
}

func TestSplitTablesStandBesideNothing(t *testing.T) {
	t.Parallel()
	a, b := bookOf("swv", 0), bookOf("gemeente", 0)
	a.Spec.By = "regio"
	if _, err := table.Beside(a, b); errs.KindOf(err) != errs.Invalid {
		t.Errorf("split tables: %v", err)
	}
}
