package disclosure_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/disclosure"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
)

const questionnaire = `uitvraag: 1
instrument: gemeente
edition: "2026"
title: Proef
respondent: iemand
minutes: 5
option_sets:
  - id: fase
    options:
      - {id: start, label: Start, code: 1}
      - {id: opbouw, label: Opbouw, code: 2}
      - {id: geen_zicht, label: Geen zicht op, missing: geen_zicht}
sections:
  - id: deel
    title: Deel
    questions:
      - {id: b6_1, text: "Werkt u samen?", kind: yes_no, options: [{id: ja, label: Ja, code: 1}, {id: nee, label: Nee, code: 2}]}
      - {id: b6_2, text: "In welke fase?", kind: matrix_single, options: fase, rows: [{id: bao, label: Basisonderwijs}, {id: vo, label: Voortgezet onderwijs}], show_if: b6_1 = ja}
      - id: b6_3
        text: Met wie?
        kind: multi
        options:
          - {id: school, label: Scholen, code: 1}
          - {id: ouders, label: Ouders, code: 2}
          - {id: jeugd, label: Jeugdhulp, code: 3}
          - {id: geen_zicht, label: Geen zicht op, missing: geen_zicht, exclusive: true}
      - {id: cijfer, text: "Welk cijfer?", kind: grade_matrix, grade: {min: 1, max: 10, low: slecht, high: goed}, rows: [{id: visie, label: Visie}], options: [{id: bao, label: Basisonderwijs, code: 1}]}
`

func parse(t testing.TB) *form.Form {
	t.Helper()
	in, problems := instrument.Parse([]byte(questionnaire))
	if in == nil {
		t.Fatal(problems)
	}
	return form.New(in)
}

// A unit is what one organisation is and answered; nil answers: nothing.
type unit struct {
	background map[string]string
	answers    answer.Values
}

func dataOf(t testing.TB, f *form.Form, units []unit, columns ...string) *dataset.Dataset {
	t.Helper()
	var background []sample.Column
	for _, c := range columns {
		background = append(background, sample.Column{ID: c, Label: strings.ToUpper(c[:1]) + c[1:]})
	}
	at := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	b := dataset.NewBuilder(dataset.Info{Study: "proef", Instrument: f.In.Name, Taken: at}, f, background, columns[:1])
	for i, u := range units {
		if err := b.AddUnit(dataset.Unit{Code: fmt.Sprintf("GM%04d", i), Pseudonym: fmt.Sprintf("p%04d", i), Background: u.background}); err != nil {
			t.Fatal(err)
		}
	}
	for i, u := range units {
		if u.answers == nil {
			continue
		}
		if err := b.Add(answer.Filled{Unit: fmt.Sprintf("GM%04d", i), Pseudo: fmt.Sprintf("p%04d", i), Mode: answer.Web, Status: answer.Submitted, Edition: "2026", Sent: at, Revision: 1, Answers: f.Final(u.answers)}); err != nil {
			t.Fatal(err)
		}
	}
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// byChance answers as people do, with some options that hardly anyone chooses.
func byChance(rnd *rand.Rand, rare int) answer.Values {
	pick := func(n int) string {
		if rnd.IntN(rare) == 0 {
			return strconv.Itoa(1 + rnd.IntN(n))
		}
		return "1"
	}
	v := answer.Values{"b6_1": pick(2), "b6_2_bao": pick(2), "b6_2_vo": pick(2), "cijfer_visie_bao": strconv.Itoa(1 + rnd.IntN(10))}
	v["b6_3_school"], v["b6_3_ouders"], v["b6_3_jeugd"], v["b6_3_geen_zicht"] = "1", strconv.Itoa(rnd.IntN(2)), pick(2), "0"
	if v["b6_3_jeugd"] == "2" {
		v["b6_3_jeugd"] = "0"
	}
	if rnd.IntN(rare) == 0 {
		v["b6_3_school"], v["b6_3_ouders"], v["b6_3_jeugd"], v["b6_3_geen_zicht"] = "0", "0", "0", "1"
		v["b6_2_bao"] = "8"
	}
	if rnd.IntN(10) == 0 {
		delete(v, "b6_2_vo")
	}
	return v
}

func byRegion(t testing.TB, f *form.Form, d *dataset.Dataset) *table.Book {
	t.Helper()
	b, err := table.NewBook(table.Spec{By: "regio"}, f.In, d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func publish(t testing.TB, b *table.Book, f *form.Form) *table.Book {
	t.Helper()
	p, err := disclosure.Publish(b, f.In, study.Disclosure{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestNoBookTellsWhatFewAnswered publishes books by chance, and bounds everything
// that is not printed.
func TestNoBookTellsWhatFewAnswered(t *testing.T) {
	t.Parallel()
	f := parse(t)
	withheld, printed := 0, 0
	for seed := range uint64(150) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		var units []unit
		rare := 2 + rnd.IntN(20)
		for range 20 + rnd.IntN(150) {
			region := []string{"Noord", "Noord", "Midden", "Midden", "Zuid", "Zuid", "West", "G4", ""}[min(rnd.IntN(9), rnd.IntN(40))]
			u := unit{background: map[string]string{"regio": region}}
			if rnd.IntN(8) > 0 {
				u.answers = byChance(rnd, rare)
			}
			units = append(units, u)
		}
		b := byRegion(t, f, dataOf(t, f, units, "regio"))
		before, _ := json.Marshal(b)
		p := publish(t, b, f)
		if after, _ := json.Marshal(b); string(after) != string(before) {
			t.Fatal("the book itself was changed")
		}
		for _, x := range disclosure.Exposed(p, b, f.In, study.Disclosure{}) {
			t.Fatalf("seed %d: %+v", seed, x)
		}
		for i, q := range p.Tables {
			for j, r := range q.Rows {
				for k, c := range r.Cells {
					if c.Withheld {
						withheld++
					} else if printed++; r.Group != "" && q.Layout == table.Cross && c.Count != b.Tables[i].Rows[j].Cells[k].Count {
						t.Fatalf("seed %d: %s: a number was changed", seed, q.ID)
					}
				}
				if r.Group == "" && !reflect.DeepEqual(counts(r), counts(b.Tables[i].Rows[j])) {
					t.Fatalf("seed %d: the total of %s was changed", seed, q.ID)
				}
			}
		}
	}
	if withheld < 500 || printed < withheld/2 {
		t.Errorf("%d withheld, %d printed", withheld, printed)
	}
}

func counts(r table.Row) (out []int) {
	for _, c := range r.Cells {
		out = append(out, c.Count)
	}
	return append(out, r.N)
}

// small is three regions, of which one has four units, with one no in Noord.
func small(t testing.TB, f *form.Form) *dataset.Dataset {
	t.Helper()
	var units []unit
	add := func(region string, n int, values answer.Values) {
		for range n {
			units = append(units, unit{map[string]string{"regio": region}, values})
		}
	}
	yes := answer.Values{"b6_1": "1", "b6_2_bao": "1", "cijfer_visie_bao": "7"}
	no := answer.Values{"b6_1": "2", "cijfer_visie_bao": "6"}
	add("Noord", 19, yes)
	add("Noord", 1, no)
	add("Midden", 20, yes)
	add("Midden", 10, no)
	add("Zuid", 15, yes)
	add("Zuid", 15, no)
	add("G4", 4, yes)
	return dataOf(t, f, units, "regio")
}

// TestTheCheckFindsWhatIsPrintedByMistake puts back each number that was withheld.
func TestTheCheckFindsWhatIsPrintedByMistake(t *testing.T) {
	t.Parallel()
	f := parse(t)
	b := byRegion(t, f, small(t, f))
	p := publish(t, b, f)
	tried := 0
	for i, q := range p.Tables {
		for j := range q.Rows {
			for k, c := range q.Rows[j].Cells {
				if !c.Withheld || q.Layout != table.Cross || b.Tables[i].Rows[j].N == 0 {
					continue
				}
				tried++
				was := q.Rows[j].Cells[k]
				q.Rows[j].Cells[k] = b.Tables[i].Rows[j].Cells[k]
				if len(disclosure.Exposed(p, b, f.In, study.Disclosure{})) == 0 {
					t.Errorf("%s, %s, %s may be printed, and is withheld", q.ID, q.Rows[j].Label, c.Column)
				}
				q.Rows[j].Cells[k] = was
			}
		}
	}
	if tried < 5 {
		t.Errorf("%d numbers withheld", tried)
	}
}

// TestNothingBesideACellTellsIt looks for the ways round: percentages of columns,
// tests, residuals, bases behind the routing, warnings.
func TestNothingBesideACellTellsIt(t *testing.T) {
	t.Parallel()
	f := parse(t)
	b := byRegion(t, f, small(t, f))
	p := publish(t, b, f)
	if len(b.Tables[0].Tests) == 0 || len(p.Tables[0].Tests) != 0 {
		t.Errorf("%d tests before, %d after", len(b.Tables[0].Tests), len(p.Tables[0].Tests))
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "Dit zijn er maar") {
		t.Error("a warning says how many")
	}
	for _, r := range p.Table("b6_2").Rows { // asked of those who said yes: 19 of 20 in Noord
		if r.Group == "noord" && !r.Withheld {
			t.Errorf("N=%d in %s says how many said no", r.N, r.Label)
		}
	}
	for _, r := range p.Table("b6_1").Rows {
		for _, c := range r.Cells {
			if (r.Group == "g4" || r.Group == "noord") != c.Withheld && r.Group != "midden" {
				t.Errorf("%s, %s: withheld is %v", r.Label, c.Column, c.Withheld)
			}
		}
	}
}

// TestABookOfAllUnitsIsPrintedWhole: nobody can say whose answer one in a hundred is.
func TestABookOfAllUnitsIsPrintedWhole(t *testing.T) {
	t.Parallel()
	f := parse(t)
	d := small(t, f)
	b, err := table.NewBook(table.Spec{}, f.In, d)
	if err != nil {
		t.Fatal(err)
	}
	b.Tables[0].Texts = []table.Text{{Row: "b6_1_txt", Text: "Onze directeur, mevrouw Jansen", N: 1}} // nobody read it (standards X5)
	for i, q := range publish(t, b, f).Tables {
		if len(q.Texts) > 0 || len(b.Tables[0].Texts) == 0 {
			t.Errorf("%s has %d texts", q.ID, len(q.Texts))
		}
		for j, r := range q.Rows {
			if !reflect.DeepEqual(counts(r), counts(b.Tables[i].Rows[j])) {
				t.Errorf("%s, %s was changed", q.ID, r.Label)
			}
		}
	}
}

// TestAStudyThatPromisedNothingPrintsItsCells follows the promise (standards X6).
func TestAStudyThatPromisedNothingPrintsItsCells(t *testing.T) {
	t.Parallel()
	f := parse(t)
	p, err := disclosure.Publish(byRegion(t, f, small(t, f)), f.In, study.Disclosure{Traceable: true})
	if err != nil {
		t.Fatal(err)
	}
	r := p.Table("b6_1").Rows[0]
	for _, r := range p.Table("b6_1").Rows {
		if r.Withheld || r.Cells[0].Withheld || r.N < study.SmallBase && r.Cells[0].Percent == r.Cells[0].Percent {
			t.Errorf("%+v", r)
		}
	}
	strict, err := disclosure.Publish(byRegion(t, f, small(t, f)), f.In, study.Disclosure{FewUnits: 12, SmallBase: 12})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range strict.Table("b6_1").Rows {
		if x.Group == "midden" && !x.Cells[1].Withheld {
			t.Errorf("a cell of 10 stands where 12 is the limit; %v", r)
		}
	}
}

// TestPartsOfTheUnitsAreNotPublishedBesideAll refuses what two books would tell.
func TestPartsOfTheUnitsAreNotPublishedBesideAll(t *testing.T) {
	t.Parallel()
	f := parse(t)
	d := small(t, f)
	for name, spec := range map[string]table.Spec{
		"filter":    {Filters: []dataset.Filter{{Column: "regio", Values: []string{"noord"}}}},
		"telephone": {NoTelephone: true},
		"covered":   {NoCovered: true},
		"base":      {Base: table.Substantive},
		"answer":    {By: "b6_1"},
	} {
		b, err := table.NewBook(spec, f.In, d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := disclosure.Publish(b, f.In, study.Disclosure{}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestColumnsThatNearlyAgreeAreNotPublishedTogether: the difference of two groups
// must not be a few units (standards X3).
func TestColumnsThatNearlyAgreeAreNotPublishedTogether(t *testing.T) {
	t.Parallel()
	f := parse(t)
	var units []unit
	for i := range 120 {
		region := []string{"Noord", "Zuid"}[i/60]
		part := []string{"Oost", "West"}[i/60]
		if i == 0 {
			part = "West" // all but one of Noord is Oost
		}
		units = append(units, unit{map[string]string{"regio": region, "deel": part, "grootte": []string{"klein", "groot", "midden"}[i%3]}, answer.Values{"b6_1": "1"}})
	}
	d := dataOf(t, f, units, "regio", "deel", "grootte")
	for column, safe := range map[string]bool{"": true, "regio": true, "deel": false, "grootte": true, "b6_1": false, "nergens": false} {
		if err := disclosure.MayPublish(d, column, study.Disclosure{}); (err == nil) != safe || err != nil && errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v", column, err)
		}
	}
	if few := disclosure.Few(small(t, f), "regio", study.Disclosure{}); len(few) != 1 || few[0] != "G4 (4)" {
		t.Errorf("small strata: %q", few)
	}
}

// TestPublicDataSingleNobodyOut: no codes, no texts, and no background that few
// units of the register share (standards X7).
func TestPublicDataSingleNobodyOut(t *testing.T) {
	t.Parallel()
	f := parse(t)
	var units []unit
	for i := range 60 {
		units = append(units, unit{map[string]string{"regio": []string{"Noord", "Zuid"}[i%2], "grootte": []string{"klein", "groot"}[min(i/58, 1)], "naam": fmt.Sprint("Gemeente ", i)}, answer.Values{"b6_1": "1"}})
	}
	d := dataOf(t, f, units, "regio", "grootte", "naam")
	public, removed := disclosure.Data(d, study.Disclosure{})
	gone := map[string]bool{}
	for _, x := range removed {
		gone[x.Column] = x.Why != ""
	}
	for _, name := range []string{dataset.UnitColumn, dataset.PseudonymColumn, dataset.SourceColumn, dataset.SubmittedColumn, "grootte", "naam"} {
		if !gone[name] || public.Column(name) != nil {
			t.Errorf("%s is there still", name)
		}
	}
	if public.Column("regio") == nil || public.Column("b6_1") == nil || public.Len() != 60 {
		t.Errorf("%d rows, %v", public.Len(), removed)
	}
	for _, c := range public.Columns() {
		if c.Type == instrument.TextType {
			t.Errorf("%s is a text", c.Name)
		}
	}
}
