package table_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/table"
)

var opened = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// A world is a register and questionnaires.
type world struct {
	*form.Form
	units  []dataset.Unit
	filled []answer.Filled
}

func (w *world) unit(region string) string {
	code := fmt.Sprintf("U%05d", len(w.units)+1)
	w.units = append(w.units, dataset.Unit{Code: code, Pseudonym: "p" + code, Background: map[string]string{"regio": region}})
	return code
}

// fill adds a questionnaire of a unit, sent over the web.
func (w *world) fill(unit string, values answer.Values, more ...func(*answer.Filled)) {
	f := answer.Filled{Unit: unit, Pseudo: "p" + unit, Mode: answer.Web, Status: answer.Submitted, Edition: "2026", Sent: opened, Revision: 1, Answers: values}
	for _, change := range more {
		change(&f)
	}
	w.filled = append(w.filled, f)
}

func byTelephone(f *answer.Filled) { f.Mode, f.Status = answer.Tel, answer.Kernvragen }

func covering(units ...string) func(*answer.Filled) {
	return func(f *answer.Filled) { f.Covers = units }
}

func (w *world) dataset(t testing.TB) *dataset.Dataset {
	t.Helper()
	return fixture.Dataset(t, fixture.Data{Info: dataset.Info{Study: "proef", Instrument: w.In.Name, Taken: opened}, Form: w.Form, Columns: []sample.Column{fixture.Regions}, Units: w.units, Filled: w.filled})
}

const small = `uitvraag: 1
instrument: gemeente
edition: "2026"
title: Proef
respondent: iemand
minutes: 5
definitions:
  - {id: term, term: Samen, text: met anderen}
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
      - id: b6_1
        table: B.6.1
        text: Werkt u samen?
        kind: yes_no
        kernvraag: true
        definitions: [term]
        options: [{id: ja, label: Ja, code: 1}, {id: nee, label: Nee, code: 2}]
      - id: b6_2
        table: B.6.2
        text: In welke fase?
        kind: matrix_single
        options: fase
        definitions: [term]
        rows: [{id: bao, label: Basisonderwijs}, {id: vo, label: Voortgezet onderwijs}]
      - id: b6_x1
        text: Met wie?
        hint: Meerdere antwoorden mogelijk
        kind: multi
        options:
          - {id: school, label: Scholen, code: 1}
          - {id: ouders, label: Ouders, code: 2}
          - {id: geen_zicht, label: Geen zicht op, missing: geen_zicht, exclusive: true}
      - id: cijfer
        text: Welk cijfer?
        kind: grade_matrix
        grade: {min: 1, max: 10, low: slecht, high: goed}
        rows: [{id: visie, label: Visie}]
        options: [{id: bao, label: Basisonderwijs, code: 1}]
      - id: waarom
        text: Waarom?
        kind: open
        show_if: b6_1 = nee
`

func smallWorld(t testing.TB) *world { return &world{Form: fixture.Form(t, []byte(small))} }

func book(t testing.TB, spec table.Spec, w *world) *table.Book {
	t.Helper()
	b, err := table.NewBook(spec, w.In, w.dataset(t))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTheIntervalKnowsThePopulation holds the vector of standards 2H: 57 of 105
// from 151.
func TestTheIntervalKnowsThePopulation(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	for i := range 151 {
		u := w.unit("Noord")
		if i < 105 {
			w.fill(u, answer.Values{"b6_1": []string{"1", "2"}[min(i/57, 1)]})
		}
	}
	c := book(t, table.Spec{}, w).Table("B.6.1").Rows[0].Cells[0]
	want := table.Counted("percentage", 57)
	want.Percent, want.Lo, want.Hi = 100*57./105, 48.99, 59.49
	if diff := cmp.Diff(want, c, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, .005)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, u := range w.units[105:] {
		w.fill(u.Code, answer.Values{"b6_1": "1"})
	}
	if r := book(t, table.Spec{}, w).Table("B.6.1").Rows[0]; !r.All || !math.IsNaN(r.Cells[0].Lo) {
		t.Errorf("all units answered, and the interval is %v to %v", r.Cells[0].Lo, r.Cells[0].Hi)
	}
}

// TestWhoIsCounted follows the two bases, covered units, core questions by
// telephone, and what the table says about them.
func TestWhoIsCounted(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	for i := range 12 { // 12 of their own, of which the first answers for two more
		values := answer.Values{"b6_1": "1", "b6_2_bao": "1", "b6_2_vo": "8", "b6_x1_school": "1", "b6_x1_ouders": "0", "b6_x1_geen_zicht": "0", "cijfer_visie_bao": "7"}
		switch i {
		case 0:
			values["b6_2_bao"], values["cijfer_visie_bao"] = "2", "10"
		case 1:
			values["b6_2_bao"] = "8"
			values["b6_x1_school"], values["b6_x1_geen_zicht"] = "0", "1"
		case 2:
			values["b6_2_bao"] = "7" // left open
		}
		w.fill(w.unit("Noord"), values)
	}
	w.filled[0].Covers = []string{w.unit("Zuid"), w.unit("Zuid")}
	w.fill(w.unit("Zuid"), answer.Values{"b6_1": "2"}, byTelephone)
	w.unit("Zuid") // did not answer

	check := func(name string, spec table.Spec, id string, row, column, count, n, valid int, notes ...string) {
		t.Helper()
		b := book(t, spec, w)
		r := b.Table(id).Rows[row]
		c := r.Cells[column]
		if c.Count != count || r.N != n || r.Valid != valid || math.Abs(c.Percent-100*float64(count)/float64(n)) > 1e-12 {
			t.Errorf("%s: %s is %d of %d (%v %%), %d valid; want %d of %d, %d valid", name, id, c.Count, r.N, c.Percent, r.Valid, count, n, valid)
		}
		for _, note := range notes {
			if text := strings.Join(b.Table(id).Notes, "\n"); !strings.Contains(text, note) {
				t.Errorf("%s: the notes of %s are %q, want %q", name, id, text, note)
			}
		}
	}
	telephone := "Inclusief 1 gemeente die telefonisch enkele kernvragen heeft beantwoord."
	check("all", table.Spec{}, "B.6.1", 0, 0, 14, 15, 15, telephone, "Samen: met anderen")
	check("without telephone", table.Spec{NoTelephone: true}, "B.6.1", 0, 0, 14, 14, 14)
	check("without covered", table.Spec{NoCovered: true}, "B.6.1", 0, 0, 12, 13, 13)
	check("left open is not in the base", table.Spec{}, "B.6.2", 0, 0, 9, 13, 12)
	check("the other base", table.Spec{Base: table.Substantive}, "B.6.2", 0, 0, 9, 12, 12)
	check("nobody has a view", table.Spec{}, "B.6.2", 1, 2, 14, 14, 0)
	check("several answers", table.Spec{}, "b6_x1", 0, 0, 13, 14, 13)
	check("several answers, geen zicht", table.Spec{}, "b6_x1", 2, 0, 1, 14, 13)
	check("several answers, the other base", table.Spec{Base: table.Substantive}, "b6_x1", 0, 0, 13, 13, 13)

	b := book(t, table.Spec{}, w)
	want := &table.Bases{Units: 15, N: 14, CoreOnly: 1, Covered: 2, Versions: 1}
	if diff := cmp.Diff(want, b.Table("B.6.2").Bases); diff != "" {
		t.Errorf("bases (-want +got):\n%s", diff)
	}
	if text := "Van de 15 gemeenten antwoordden er 14; 1 beantwoordde alleen telefonische kernvragen."; len(b.Table("B.6.2").Warnings) == 0 || b.Table("B.6.2").Warnings[0].Text != text {
		t.Errorf("warnings %v, want %s", b.Table("B.6.2").Warnings, text)
	}
	if id := b.Table("b6_x1").ID; id != "B.6.x1" {
		t.Errorf("b6_x1 is table %s", id)
	}
	if title := b.Table("b6_x1").Title; title != "Met wie? Meerdere antwoorden mogelijk" {
		t.Errorf("title %q", title)
	}
	g := b.Table("cijfer").Rows[0].Cells[0].Grade
	// 3 times 10 and 11 times 7: mean 107/14; Σ(x−m)² = 9·3·11/14
	if wantSD := math.Sqrt(9. * 3 * 11 / 14 / 13); math.Abs(g.Mean-107./14) > 1e-12 || math.Abs(g.SD-wantSD) > 1e-12 || g.Min != 7 || g.Max != 10 || g.N != 14 {
		t.Errorf("grade %+v, want mean %v, sd %v", g, 107./14, wantSD)
	}
	if strings.Contains(strings.Join(b.Table("B.6.2").Notes, "\n"), "Samen") {
		t.Error("a definition stands twice")
	}
}

// TestACrossTableIsTestedOnQuestionnaires works one out by hand: 10, 10 and 5, 15.
func TestACrossTableIsTestedOnQuestionnaires(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	for i := range 40 {
		region, code := []string{"Noord", "Zuid"}[i/20], "1"
		if i%20 >= 10 || i >= 25 {
			code = "2"
		}
		w.fill(w.unit(region), answer.Values{"b6_1": code, "b6_2_bao": "8"})
	}
	w.filled[0].Covers = []string{w.unit("Zuid"), w.unit("Zuid")} // count as units alone
	w.fill(w.unit(""), answer.Values{"b6_1": "1"})                // in no region

	x, err := table.Make(table.Spec{Question: "b6_1", By: "regio"}, w.In, w.dataset(t))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range x.Rows {
		lines = append(lines, fmt.Sprintf("%s %s n=%d: %d, %d; %.2f %.2f", r.Group, r.Label, r.N, r.Cells[0].Count, r.Cells[1].Count, r.Cells[0].Percent, r.Cells[0].PercentColumn))
	}
	want := []string{"noord Noord n=20: 10, 10; 50.00 55.56", "zuid Zuid n=22: 7, 15; 31.82 38.89", " Totaal n=43: 18, 25; 41.86 100.00"}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Of 20 and 20 with 15 ja: E = 7.5; X² = 4 · … = 2.6667 (R chisq.test, correct = FALSE), p = 0.10247, V = 0.2582; residual 1.63299
	test := x.Tests[0]
	if len(x.Tests) != 1 || test.N != 40 || math.Abs(test.Statistic-8./3) > 1e-9 || math.Abs(test.P-0.10247) > 5e-6 || test.DF != 1 || math.Abs(test.Effect-0.258199) > 1e-6 || test.PHolm != test.P {
		t.Errorf("test %+v", test)
	}
	if got := x.Rows[0].Cells[0].Residual; math.Abs(got-math.Sqrt(8./3)) > 1e-9 {
		t.Errorf("residual %v", got)
	}
	if text := strings.Join(x.Notes, " "); !strings.Contains(text, "niet bekend") {
		t.Errorf("notes %q say nothing of who is in no group", text)
	}
}

// TestWeightsCountInPercentagesAndIntervals works out weights of 1 and 3 by hand.
// TestMeansAreTestedBetweenGroups has the numbers of R: oneway.test(x ~ g) on what
// the units said themselves; a unit that another answered for counts in the mean
// and not in the test.
func TestMeansAreTestedBetweenGroups(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	grade := func(region string, grades ...int) {
		for _, g := range grades {
			w.fill(w.unit(region), answer.Values{"b6_1": "1", "cijfer_visie_bao": strconv.Itoa(g)})
		}
	}
	grade("Noord", 6, 7, 7, 8, 6, 9)
	grade("Midden", 5, 6, 4, 7, 5)
	grade("Zuid", 8, 9, 7, 9, 10, 8, 9)
	covered := w.unit("Zuid")
	w.fill(w.unit("Zuid"), answer.Values{"b6_1": "1", "cijfer_visie_bao": "7"}, covering(covered))
	w.fill(w.unit("Midden"), answer.Values{"b6_1": "1", "cijfer_visie_bao": "97"})
	x, err := table.Make(table.Spec{Question: "cijfer", By: "regio"}, w.In, w.dataset(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range x.Rows {
		g := r.Cells[0].Grade
		got = append(got, fmt.Sprintf("%s %d %.4f %.4f", r.Group, g.N, g.Mean, g.SD))
	}
	want := []string{"noord 6 7.1667 1.1690", "midden 5 5.4000 1.1402", "zuid 9 8.2222 1.0929", " 20 7.2000 1.5761"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(x.Tests) != 1 {
		t.Fatalf("%d tests", len(x.Tests))
	}
	test := x.Tests[0]
	if test.N != 19 || test.Column != "bao" || test.Row != "visie" || math.Abs(test.Statistic-10.354379147988) > 1e-9 || test.DF != 2 || math.Abs(test.DF2-9.406724363405) > 1e-9 || math.Abs(test.P-0.004199033041953) > 1e-12 {
		t.Errorf("%+v", test)
	}
	text, err := json.Marshal(test)
	if err != nil || !strings.Contains(string(text), `"df2":`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestWeightsCountInPercentagesAndIntervals(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	for i := range 20 {
		values := answer.Values{"b6_1": "1", "cijfer_visie_bao": "4"}
		if i%2 == 1 {
			values = answer.Values{"b6_1": "2", "cijfer_visie_bao": "8"}
		}
		w.fill(w.unit("Noord"), values)
	}
	w.unit("Noord") // one did not answer
	w.filled[1].Edition = "2027"
	d, err := w.dataset(t).With("w", "Weging", func(at dataset.Case) float64 { return []float64{1, 3}[at%2] })
	if err != nil {
		t.Fatal(err)
	}
	b, err := table.NewBook(table.Spec{Weight: "w"}, w.In, d)
	if err != nil {
		t.Fatal(err)
	}
	r := b.Table("b6_1").Rows[0]
	// Σw = 40, Σw² = 100: worth 16 of 20
	if c := r.Cells[0]; c.Count != 10 || math.Abs(c.Percent-25) > 1e-12 || r.N != 20 || r.Weighted != 40 || math.Abs(r.EffectiveN-16) > 1e-12 {
		t.Errorf("row %+v, want 25 %% of 20, worth 16", r)
	}
	// Wilson of 0.25 with n = 16·(21−1)/(21−20) = 320: 0.2057 to 0.3002
	if c := r.Cells[0]; math.Abs(c.Lo-20.57) > .01 || math.Abs(c.Hi-30.02) > .01 {
		t.Errorf("interval %v to %v", c.Lo, c.Hi)
	}
	// mean (10·4 + 30·8)/40 = 7; Σw(x−m)² = 10·9 + 30·1 = 120; /40 · 20/19
	if g := b.Table("cijfer").Rows[0].Cells[0].Grade; math.Abs(g.Mean-7) > 1e-12 || math.Abs(g.SD-math.Sqrt(3.*20/19)) > 1e-12 {
		t.Errorf("grade %+v", g)
	}
	if len(b.Warnings) == 0 || b.Warnings[0].Kind != table.Mixed || b.Warnings[0].Table != "B.6.1" {
		t.Errorf("two versions, and the book warns of %v", b.Warnings)
	}
}

// TestCodesStandInOrderWithTheRestLast codes what five wrote.
func TestCodesStandInOrderWithTheRestLast(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	coding := table.Coding{Question: "waarom", Codes: []table.Code{{ID: "w_1", Label: "Geld"}, {ID: "w_99", Label: "Overig", Rest: true}, {ID: "w_2", Label: "Tijd"}}, Of: map[dataset.Case][]int{}}
	for i := range 6 {
		values := answer.Values{"b6_1": "2", "waarom": "tekst"}
		if i == 5 {
			delete(values, "waarom")
		} else {
			coding.Of[dataset.Case(i)] = [][]int{{1}, {1, 2}, {1}, {0, 2}, {2}}[i]
		}
		w.fill(w.unit([]string{"Noord", "Zuid"}[i%2]), values)
	}
	for by, want := range map[string][]string{"": {"w_2 [3] of 5", "w_1 [1] of 5", "w_99 [3] of 5"}, "regio": {"w_2 [1 2] of 5", "w_1 [0 1] of 5", "w_99 [2 1] of 5"}} {
		x, err := table.Make(table.Spec{Question: "waarom", By: by}, w.In, w.dataset(t), coding)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range x.Rows {
			var counts []int
			for _, c := range r.Cells {
				counts = append(counts, c.Count)
			}
			got = append(got, fmt.Sprint(r.Row, " ", counts, " of ", r.N))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("by %q (-want +got):\n%s", by, diff)
		}
	}
}

func TestWhatCannotBeMadeIsTold(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	w.fill(w.unit("Noord"), answer.Values{"b6_1": "1", "b6_2_bao": "1"})
	for _, spec := range []table.Spec{{Question: "weg"}, {}, {Question: "b6_1", By: "weg"}, {Question: "b6_1", By: "unit"}, {Question: "b6_1", Weight: "weg"}, {Question: "b6_2", By: "b6_2_bao"},
		{Question: "b6_1", Weight: "regio_x"}, {Question: "b6_1", Filters: []dataset.Filter{{Where: "weg = 1"}}}} {
		if _, err := table.Make(spec, w.In, w.dataset(t)); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%+v: %v, want it to be refused", spec, err)
		}
	}
}

func TestABreakdownSaysWhatMustNotBePublished(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	for i := range 34 {
		region := "Noord"
		if i >= 30 {
			region = "Zuid"
		}
		code := "1"
		if i == 3 {
			code = "2"
		}
		w.fill(w.unit(region), answer.Values{"b6_1": code})
	}
	x, err := table.Make(table.Spec{Question: "b6_1", By: "regio"}, w.In, w.dataset(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, warning := range x.Warnings {
		if warning.Kind == table.Disclosing || warning.Kind == table.SmallN {
			got = append(got, fmt.Sprint(warning.Kind, " ", warning.Group, " ", warning.Column))
		}
	}
	want := []string{"niet_publiceren noord ja", "niet_publiceren noord nee", "kleine_basis zuid ", "niet_publiceren zuid "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// randomWorld is made of a questionnaire by chance, answered by chance: as people
// do, so that nothing is kept that the form would refuse.
func randomWorld(t testing.TB, rnd *rand.Rand) *world {
	w := &world{Form: fixture.Form(t, fixture.RandomQuestionnaire(rnd).Text())}
	var free []string
	for range rnd.IntN(80) {
		free = append(free, w.unit([]string{"Noord", "Midden", "Zuid", ""}[rnd.IntN(4)]))
	}
	for len(free) > 2 && rnd.IntN(30) > 0 {
		values := answer.Values{}
		stop := rnd.IntN(2 * len(w.Variables))
		for i, v := range w.Variables {
			switch {
			case i > stop || rnd.IntN(9) == 0:
			case v.Type == instrument.TextType:
				values.Set(v.Name, []string{"", "tekst"}[rnd.IntN(2)])
			case v.Type == instrument.NumberType:
				values[v.Name] = strconv.Itoa(rnd.IntN(900))
			default:
				values[v.Name] = strconv.Itoa(v.Values[rnd.IntN(len(v.Values))].Code)
			}
		}
		w.exclude(values)
		var more []func(*answer.Filled)
		if rnd.IntN(9) == 0 {
			more = append(more, byTelephone)
		}
		unit := free[0]
		if free = free[1:]; rnd.IntN(6) == 0 {
			more = append(more, covering(free[:2]...))
			free = free[2:]
		}
		w.fill(unit, w.Final(values), more...)
	}
	return w
}

// exclude makes of every set of boxes an answer that the form would take.
func (w *world) exclude(values answer.Values) {
	for s := range w.In.Sections {
		for _, q := range w.In.Sections[s].Questions {
			sets := map[string][]instrument.Variable{}
			for _, v := range q.Variables() {
				if v.Type == instrument.FlagType {
					sets[v.Row] = append(sets[v.Row], v)
				}
			}
			for _, flags := range sets {
				w.oneSet(&q, flags, values)
			}
		}
	}
}

// oneSet gives all flags of a set a value, or none.
func (w *world) oneSet(q *instrument.Question, flags []instrument.Variable, values answer.Values) {
	_, any := values[flags[0].Name]
	if !any {
		for _, v := range flags {
			delete(values, v.Name)
		}
		return
	}
	if values[flags[0].Name] == "7" {
		for _, v := range flags {
			values[v.Name] = "7"
		}
		return
	}
	ticked := 0
	for _, v := range flags {
		if values[v.Name] != "1" {
			values[v.Name] = "0"
		} else {
			ticked++
		}
	}
	for i, o := range q.Options {
		if (o.Exclusive || o.Missing != "") && values[flags[i].Name] == "1" && ticked > 1 {
			values[flags[i].Name] = "0"
			ticked--
		}
	}
	if ticked == 0 {
		values[flags[0].Name] = "1"
	}
}

// TestBooksOfRandomStudiesHoldTheirProperties makes books of made-up studies.
func TestBooksOfRandomStudiesHoldTheirProperties(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { checkRandom(t, seed) })
	}
}

// FuzzBook looks at many more.
func FuzzBook(f *testing.F) {
	f.Add(uint64(1 << 40))
	f.Fuzz(checkRandom)
}

func checkRandom(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(5, seed))
	w := randomWorld(t, rnd)
	d := w.dataset(t)
	make := func(spec table.Spec, d *dataset.Dataset) *table.Book {
		b, err := table.NewBook(spec, w.In, d)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	plain := make(table.Spec{}, d)
	t.Run("the audit finds nothing", func(t *testing.T) {
		for _, b := range []*table.Book{plain, printed(t, plain)} {
			for _, f := range table.Audit(b, w.In) {
				if f.Confidence == table.Certain {
					text, _ := json.Marshal(b.Table(f.Table))
					t.Errorf("%s\n%s", f.Text, text)
				}
			}
		}
	})
	t.Run("cells are counts of cases", func(t *testing.T) { checkCounts(t, d, plain) })
	t.Run("the whole is the sum of the parts", func(t *testing.T) {
		crossed := make(table.Spec{By: "regio"}, d)
		for i, x := range crossed.Tables {
			checkSums(t, d, plain.Tables[i], x)
		}
	})
	t.Run("equal weights change nothing", func(t *testing.T) {
		weighted, err := d.With("w", "Weging", func(dataset.Case) float64 { return 3 })
		if err != nil {
			t.Fatal(err)
		}
		b := make(table.Spec{Weight: "w"}, weighted)
		same := cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-9, 1e-9), cmpopts.IgnoreFields(table.Row{}, "Weighted", "EffectiveN"), cmpopts.IgnoreFields(table.Table{}, "Weight"), cmpopts.EquateEmpty()}
		if diff := cmp.Diff(plain.Tables, b.Tables, same); diff != "" {
			t.Errorf("(-plain +weighted):\n%s", diff)
		}
	})
	t.Run("the order of rows changes nothing", func(t *testing.T) {
		again := &world{Form: w.Form, units: slices.Clone(w.units), filled: slices.Clone(w.filled)}
		rnd.Shuffle(len(again.units), func(i, j int) { again.units[i], again.units[j] = again.units[j], again.units[i] })
		rnd.Shuffle(len(again.filled), func(i, j int) { again.filled[i], again.filled[j] = again.filled[j], again.filled[i] })
		for _, spec := range []table.Spec{{}, {By: "regio"}} {
			if diff := cmp.Diff(make(spec, d), make(spec, again.dataset(t)), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("by %q (-in order +shuffled):\n%s", spec.By, diff)
			}
		}
	})
	t.Run("a group is what its filter leaves", func(t *testing.T) {
		crossed := make(table.Spec{By: "regio"}, d)
		for _, v := range d.Column("regio").Values {
			north := dataset.Filter{Column: "regio", Values: []string{v.ID}}
			checkGroup(t, d, v.ID, make(table.Spec{Filters: []dataset.Filter{north}}, d), crossed)
		}
	})
	t.Run("filters commute, before the book and in it", func(t *testing.T) {
		regions := d.Column("regio").Values // those that the made-up study happens to have
		a, b := dataset.Filter{Where: "regio = " + regions[0].ID + " or regio = " + regions[len(regions)-1].ID}, dataset.Filter{Questionnaires: true}
		want := make(table.Spec{Filters: []dataset.Filter{a, b}}, d).Tables
		for _, filters := range [][]dataset.Filter{{b, a}, {a, b, a}} {
			if diff := cmp.Diff(want, make(table.Spec{Filters: filters}, d).Tables, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("%v (-a, b):\n%s", filters, diff)
			}
		}
		first, err := d.Filter(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, make(table.Spec{Filters: []dataset.Filter{a}}, first).Tables, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("one before, one in it:\n%s", diff)
		}
	})
	t.Run("without covered units is without covered units", func(t *testing.T) {
		own, err := d.Filter(dataset.Filter{Questionnaires: true})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(make(table.Spec{}, own).Tables, make(table.Spec{NoCovered: true}, d).Tables, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("(-filtered +without):\n%s", diff)
		}
	})
	t.Run("JSON comes back the same", func(t *testing.T) {
		if diff := cmp.Diff(plain.Tables, read(t, plain).Tables, cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(table.Row{}, "Weighted")); diff != "" {
			t.Errorf("(-written +read):\n%s", diff)
		}
	})
}

// checkGroup compares the rows of a group with the book of that group alone.
func checkGroup(t *testing.T, d *dataset.Dataset, group string, alone, crossed *table.Book) {
	t.Helper()
	same := cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-9, 1e-9), cmpopts.IgnoreFields(table.Cell{}, "Column", "PercentColumn", "Residual")}
	for at := range d.Cases() {
		if region := d.Column("regio"); region.Cell(at) != region.Cell(d.Source(at)) {
			// One questionnaire in two groups stands in one of them alone, and intervals rest on questionnaires.
			same = append(same, cmpopts.IgnoreFields(table.Cell{}, "Lo", "Hi"), cmpopts.IgnoreFields(table.Grade{}, "Lo", "Hi"))
			break
		}
	}
	for i, x := range crossed.Tables {
		plain := map[string]table.Cell{} // by row and column
		for _, r := range alone.Tables[i].Rows {
			for _, c := range r.Cells {
				row, column := r.Row, c.Column
				if alone.Tables[i].Layout == table.Options {
					row, column = "", r.Row
				}
				plain[row+"/"+column] = c
			}
		}
		for _, r := range x.Rows {
			if r.Group != group {
				continue
			}
			for _, c := range r.Cells {
				want, there := plain[r.Row+"/"+c.Column]
				if !there {
					t.Errorf("%s/%s/%s is not in the table of the group alone", x.ID, r.Row, c.Column)
					continue
				}
				if diff := cmp.Diff(want, c, same); diff != "" {
					t.Errorf("%s/%s/%s (-alone +crossed):\n%s", x.ID, r.Row, c.Column, diff)
				}
			}
		}
	}
}

func read(t *testing.T, b *table.Book) *table.Book {
	t.Helper()
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var again table.Book
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&again); err != nil {
		t.Fatal(err)
	}
	return &again
}

// printed is a book as on paper: whole percentages, no counts.
func printed(t *testing.T, b *table.Book) *table.Book {
	p := read(t, b)
	for _, x := range p.Tables {
		for i := range x.Rows {
			for j := range x.Rows[i].Cells {
				c := &x.Rows[i].Cells[j]
				if whole, ok := x.Whole(&x.Rows[i], c); ok {
					c.Percent, c.Count = float64(whole), table.Unknown
				}
				if g := c.Grade; g != nil {
					g.Mean, g.SD = math.Round(100*g.Mean)/100, math.Round(100*g.SD)/100
				}
			}
		}
	}
	return p
}

// checkCounts counts again, case by case.
func checkCounts(t *testing.T, d *dataset.Dataset, b *table.Book) {
	for _, x := range b.Tables {
		for _, r := range x.Rows {
			for _, c := range r.Cells {
				row, option := r.Row, c.Column
				if x.Layout == table.Options {
					row, option = "", r.Row
				}
				if x.Layout == table.List {
					continue
				}
				n, count, sum := 0, 0, 0.0
				for at := range d.Cases() {
					in, chosen := false, false
					for _, v := range d.Question(x.Question) {
						if v.Row != row || v.Type == instrument.TextType {
							continue
						}
						cell, known := v.Value(v.Cell(at))
						reason := v.Missing(at)
						ok := reason == instrument.Substantive || reason == instrument.NoView || reason == instrument.NotApply
						switch v.Type {
						case instrument.CodeType:
							in, chosen = ok, known && cell.ID == option
						case instrument.FlagType:
							in = in || ok
							chosen = chosen || v.Variable.Column == option && known && cell.Code == 1 && !cell.Missing
						default:
							if (v.Variable.Column == option || v.Variable.Column == "") && !math.IsNaN(v.Number(at)) {
								in, chosen, sum = true, true, sum+v.Number(at)
							}
						}
					}
					if in {
						n++
					}
					if chosen {
						count++
					}
				}
				if c.Count != count || c.Grade == nil && r.N != n {
					t.Errorf("%s/%s/%s: %d of %d, counted %d of %d", x.ID, r.Row, c.Column, c.Count, r.N, count, n)
				}
				if g := c.Grade; g != nil && count > 0 && math.Abs(g.Mean-sum/float64(count)) > 1e-9*(1+math.Abs(g.Mean)) {
					t.Errorf("%s/%s/%s: mean %v, want %v", x.ID, r.Row, c.Column, g.Mean, sum/float64(count))
				}
			}
		}
	}
}

// checkSums compares a crossed table with the plain one.
func checkSums(t *testing.T, d *dataset.Dataset, plain, crossed *table.Table) {
	known := 0
	for at := range d.Cases() {
		if d.Column("regio").Missing(at) == "" {
			known++
		}
	}
	total := map[string][]int{}
	for _, r := range crossed.Rows {
		if r.Group != "" {
			for i, c := range r.Cells {
				if total[r.Row] == nil {
					total[r.Row] = []int{}
				}
				for len(total[r.Row]) <= i {
					total[r.Row] = append(total[r.Row], 0)
				}
				total[r.Row][i] += c.Count
			}
			continue
		}
		if crossed.Layout == table.List || crossed.Layout == table.Codes {
			continue
		}
		var want []int
		for _, p := range plain.Rows {
			if p.Row == r.Row || plain.Layout == table.Options {
				for _, c := range p.Cells {
					want = append(want, c.Count)
				}
			}
		}
		for i, c := range r.Cells {
			if c.Count != want[i] || total[r.Row] != nil && (total[r.Row][i] > c.Count || known == d.Len() && total[r.Row][i] != c.Count) {
				t.Errorf("%s/%s/%s: total %d, plain %d, groups %d", crossed.ID, r.Row, c.Column, c.Count, want[i], total[r.Row])
			}
		}
	}
	if len(crossed.Tests) > 0 && !slices.ContainsFunc(crossed.Rows, func(r table.Row) bool { return r.Group != "" }) {
		t.Errorf("%s: tested without groups", crossed.ID)
	}
}
