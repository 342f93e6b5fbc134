package export_test

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
)

// ddiStudy is a study as its DDI describes it.
func ddiStudy(in *instrument.Instrument) export.DDIStudy {
	st := study.Study{Slug: "proef", Title: "Proef ‘één’", Opens: fixture.Opens, Closes: fixture.Closes,
		Settings: study.Settings{Organiser: "Bureau & Zn <proef>", Client: "Ministerie", Email: "vragen@voorbeeld.nl", Question: "Hoe sluit het aan?"}}
	return export.DDIStudy{Study: st, In: in, Software: "uitvraag v1", File: "gegevens.csv"}
}

func ddiOf(t *testing.T, d *dataset.Dataset, o export.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.DDI(&b, d, ddiStudy(fixture.FormOf(t, "inventarisatie-2026", d.Instrument).In), o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestDDIHasEveryVariableWithItsCounts has the order and the form of the elements
// checked by xmllint, and the counts by reading it back.
func TestDDIHasEveryVariableWithItsCounts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"swv", "gemeente"} {
		d := randomData(t, "inventarisatie-2026", name, 20, 6)
		raw := ddiOf(t, d, export.Options{})
		reader(t, "xmllint", "--noout", "--relaxng", "testdata/ddi.rng", write(t, "ddi.xml", raw))
		if !bytes.Equal(raw, ddiOf(t, d, export.Options{})) {
			t.Error("the same data give another DDI")
		}
		var doc struct {
			Rates []string `xml:"stdyDscr>method>anlyInfo>respRate"`
			Vars  []struct {
				Name     string `xml:"name,attr"`
				Pre      string `xml:"qstn>preQTxt"`
				Literal  string `xml:"qstn>qstnLit"`
				Category []struct {
					Missing string `xml:"missing,attr"`
					Code    int    `xml:"catValu"`
					N       int    `xml:"catStat"`
				} `xml:"catgry"`
			} `xml:"dataDscr>var"`
		}
		if err := xml.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(doc.Rates[0], "RR1 = 100,0 %") {
			t.Errorf("response: %q", doc.Rates)
		}
		if len(doc.Vars) != len(d.Columns())-1 {
			t.Errorf("%d variables, want %d", len(doc.Vars), len(d.Columns())-1)
		}
		for _, v := range doc.Vars {
			c := d.Column(v.Name)
			n := d.Count(c)
			for _, cat := range v.Category {
				at := -1
				for x := range n {
					if value, ok := c.Value(dataset.Cell(x)); ok && value.Code == cat.Code {
						at = x
						if value.Missing != (cat.Missing == "Y") {
							t.Errorf("%s %d: missing=%q", v.Name, cat.Code, cat.Missing)
						}
					}
				}
				if at < 0 || n[at] != cat.N {
					t.Errorf("%s %d: %d rows", v.Name, cat.Code, cat.N)
				}
			}
			if c.Question != "" && (v.Pre == "" || v.Literal == "") {
				t.Errorf("%s has no question text", v.Name)
			}
		}
	}
}

func TestACodebookTellsWhoIsAskedWhat(t *testing.T) {
	t.Parallel()
	d := randomData(t, "inventarisatie-2018", "swv", 10, 7)
	in := fixture.FormOf(t, "inventarisatie-2018", "swv").In
	for _, e := range export.Entries(d, in, export.Options{Pseudonym: true}) {
		sum := e.Given + e.Hidden + e.Unknown
		for _, n := range e.Counts {
			sum += n
		}
		if sum != d.Len() {
			t.Errorf("%s counts %d rows of %d", e.Name, sum, d.Len())
		}
		if q := in.Question(e.Question); q != nil {
			if e.Asked == "" || e.Table != q.Table || q.ShowIf.IsZero() != (e.Routing == "Gesteld aan iedereen.") {
				t.Errorf("%s: %+v", e.Name, e)
			}
			for _, v := range q.ShowIf.Variables() {
				if !strings.Contains(e.Routing, "("+v+")") {
					t.Errorf("%s: %q does not name %s", e.Name, e.Routing, strconv.Quote(v))
				}
			}
		}
		if e.Name == dataset.UnitColumn {
			t.Error("a pseudonymous codebook lists the units")
		}
	}
}
