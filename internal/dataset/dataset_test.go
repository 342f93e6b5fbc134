package dataset_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

var (
	opened = fixture.Opens
	info   = fixture.SmallInfo
)

// world is what a dataset is made from.
type world struct {
	form   *form.Form
	units  []dataset.Unit
	filled []answer.Filled
}

func (w *world) build(t testing.TB) *dataset.Dataset {
	t.Helper()
	return fixture.Dataset(t, fixture.Data{Info: info, Form: w.form, Columns: fixture.SmallColumns, Units: w.units, Filled: w.filled})
}

func unit(n int, region, people string) dataset.Unit { return fixture.SmallUnit(n, region, people) }

// four is the small study of fixture.
func four(t testing.TB) *world {
	x := fixture.Small(t)
	return &world{form: x.Form, units: x.Units, filled: x.Filled}
}

// show prints the cells of a dataset, one line per row.
func show(d *dataset.Dataset, names ...string) []string {
	var lines []string
	for at := range d.Cases() {
		line := []string{}
		for _, name := range names {
			c := d.Column(name)
			s := c.Stored(at)
			if r := c.Missing(at); r != instrument.Substantive {
				s += "!" + string(r)
			}
			line = append(line, s)
		}
		lines = append(lines, strings.Join(line, " "))
	}
	return lines
}

func TestADatasetHasARowPerUnitAndTellsWhyACellIsEmpty(t *testing.T) {
	t.Parallel()
	d := four(t).build(t)
	for _, x := range []struct {
		names string
		want  []string
	}{
		{"unit id_resp bron_id dekking", []string{"GM0001 p97 GM0002 2", "GM0002 p93 GM0002 1", "GM0003 p89 GM0003 1", "GM0004 p85 GM0004 1", "GM0005 p81 GM0005 1"}},
		{"mode status versie revisie te_laat", []string{"1 1 1 2 0", "1 1 1 2 0", "1 2 1 1 1", "2 3 1 1 0", "3 1 1 1 0"}},
		{"gestart_op ingediend_op duur", []string{"2026-11-02T09:00:00Z 2026-11-02T09:20:00Z 1200", "2026-11-02T09:00:00Z 2026-11-02T09:20:00Z 1200",
			"2026-11-02T09:00:00Z 2026-11-02T10:00:00Z 3600", "!onbekend 2026-11-02T09:00:00Z !onbekend", "!onbekend 2026-11-02T09:00:00Z !onbekend"}},
		{"regio inwoners mode_2", []string{"1 9500 1", "1 30000 2", "3 120000 3", "2 !onbekend 4", "3 51000 5"}},
		{"samen fase_bao fase_vo waarom", []string{"1 3 8!geen_zicht !niet_getoond", "1 3 8!geen_zicht !niet_getoond", "2 !niet_getoond !niet_getoond geen tijd",
			"1 !niet_getoond !niet_getoond !niet_getoond", "7!open !niet_getoond !niet_getoond !niet_getoond"}},
		{"wie_school wie_anders wie_geen_zicht", []string{"1 1 0", "1 1 0", "!niet_bereikt !niet_bereikt !niet_bereikt", "!niet_getoond !niet_getoond !niet_getoond", "0 0 1"}},
		{"scholen cijfer_bao_nu cijfer_bao_straks", []string{"12 10 97!open", "12 10 97!open", "!niet_bereikt !niet_bereikt !niet_bereikt", "!niet_getoond !niet_getoond !niet_getoond", "997!open !niet_bereikt !niet_bereikt"}},
	} {
		if diff := cmp.Diff(x.want, show(d, strings.Fields(x.names)...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", x.names, diff)
		}
	}
	if got := d.Column("wie_anders_txt").Text(0); got != "de buurt\r\n" {
		t.Errorf("a text came back as %q", got)
	}
	if d.Len() != 5 || d.Questionnaires() != 4 || d.Frame().Len() != 6 {
		t.Errorf("%d units, %d questionnaires, population %d; want 5, 4, 6", d.Len(), d.Questionnaires(), d.Frame().Len())
	}
	if diff := cmp.Diff([]string{"Noord", "Midden", "Zuid"}, labels(d.Column("regio"))); diff != "" {
		t.Errorf("regions: %s", diff)
	}
}

func labels(c *dataset.Column) []string {
	var out []string
	for _, v := range c.Values {
		out = append(out, v.Label)
	}
	return out
}

func TestColumnsKnowTheirQuestionAndLevel(t *testing.T) {
	t.Parallel()
	d := four(t).build(t)
	for name, want := range map[string]dataset.Measure{"samen": dataset.Nominal, "fase_bao": dataset.Ordinal, "wie_school": dataset.Nominal, "scholen": dataset.Interval,
		"cijfer_bao_nu": dataset.Interval, "regio": dataset.Nominal, "inwoners": dataset.Interval} {
		if got := d.Column(name).Measure; got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	sets := d.Sets()
	if len(sets) != 1 || sets[0].Name != "wie" || len(sets[0].Flags) != 3 || sets[0].Flags[2].Stands != instrument.NoView || sets[0].Flags[0].Stands != instrument.Substantive {
		t.Errorf("sets: %+v", sets)
	}
	if q := d.Question("cijfer"); len(q) != 2 || q[1].Row != "bao" || q[1].Variable.Column != "straks" {
		t.Errorf("cijfer: %+v", q)
	}
	c := d.Column("CIJFER_bao_nu")
	if got := c.Number(0); got != 10 || !math.IsNaN(d.Column("cijfer_bao_straks").Number(0)) || !math.IsNaN(d.Column("scholen").Number(4)) {
		t.Errorf("numbers: %v", got)
	}
	if m := d.Mode(d.Column("samen"), 0); m != answer.Tel || d.Mode(d.Column("fase_bao"), 0) != answer.Web || d.Mode(d.Column("samen"), 3) != answer.Tel {
		t.Errorf("samen came in by %s", m)
	}
}

func TestTheLevelOfAColumnFollowsFromItsQuestion(t *testing.T) {
	t.Parallel()
	c := fixture.NewCrowd(t)
	d := c.Dataset(t, 1)
	for name, want := range map[string]dataset.Measure{"b6_1_bao": dataset.Ordinal, "visie_1": dataset.Ordinal, "b6_11_bao": dataset.Nominal} {
		if c := d.Column(name); c == nil || c.Measure != want {
			t.Errorf("%s: %+v, want %s", name, c, want)
		}
	}
	for _, c := range d.Columns() {
		if n := len(slices.DeleteFunc(slices.Clone(c.Values), func(v instrument.Value) bool { return v.Missing })); c.Measure == dataset.Ordinal && n < 3 {
			t.Errorf("%s has %d answers and an order", c.Name, n)
		}
	}
}

func TestAModeThatIsTheRestsIsNoOther(t *testing.T) {
	t.Parallel()
	w := four(t)
	want := bytesOf(t, w.build(t))
	w.filled[0].Modes["fase_bao"] = w.filled[0].Mode
	if !bytes.Equal(want, bytesOf(t, w.build(t))) {
		t.Error("it gives another snapshot")
	}
}

func TestWhatDoesNotFitTheCodebookIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*answer.Filled){
		"a unit that is not there":     func(f *answer.Filled) { f.Unit = "GM0099" },
		"a covered unit likewise":      func(f *answer.Filled) { f.Covers = []string{"GM0099"} },
		"a variable that is not there": func(f *answer.Filled) { f.Answers["b9"] = "1" },
		"a column of ours":             func(f *answer.Filled) { f.Answers["mode"] = "1" },
		"a code that is not there":     func(f *answer.Filled) { f.Answers["samen"] = "3" },
		"a code written otherwise":     func(f *answer.Filled) { f.Answers["samen"] = "01" },
		"no code":                      func(f *answer.Filled) { f.Answers["samen"] = "" },
		"a number that is none":        func(f *answer.Filled) { f.Answers["scholen"] = "1.5" },
		"a number too large":           func(f *answer.Filled) { f.Answers["scholen"] = "-2147483648" },
		"a mode that is not there":     func(f *answer.Filled) { f.Mode = "fax" },
		"a status that is not there":   func(f *answer.Filled) { f.Status = "" },
		"an answer by fax":             func(f *answer.Filled) { f.Modes = map[string]answer.Mode{"samen": "fax"} },
	} {
		w := four(t)
		b := dataset.NewBuilder(info, w.form, fixture.SmallColumns, nil)
		for _, u := range w.units {
			if err := b.AddUnit(u); err != nil {
				t.Fatal(err)
			}
		}
		f := w.filled[0]
		change(&f)
		if err := b.Add(f); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestAUnitCountsOnceByItsOwnQuestionnaire(t *testing.T) {
	t.Parallel()
	w := four(t)
	w.filled[1].Covers = []string{"GM0002", "GM0005", "GM0006"} // two of them answered themselves
	d := w.build(t)
	want := []string{"GM0001 GM0002", "GM0002 GM0002", "GM0003 GM0003", "GM0004 GM0004", "GM0005 GM0005", "GM0006 GM0003"}
	if diff := cmp.Diff(want, show(d, "unit", "bron_id")); diff != "" {
		t.Error(diff)
	}
	// Two units of one questionnaire stay two of one when its own unit is left out.
	w.filled[1].Covers = []string{"GM0006", "GM0001"}
	w.filled[0].Covers = nil
	part, err := w.build(t).Filter(dataset.Filter{Column: "unit", Values: []string{"GM0001", "GM0006", "GM0005"}})
	if err != nil {
		t.Fatal(err)
	}
	back, _, err := dataset.Read(bytes.NewReader(bytesOf(t, part)))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*dataset.Dataset{part, back} {
		if d.Len() != 3 || d.Questionnaires() != 2 || !d.Covered(slices.Collect(d.Cases())[2]) {
			t.Errorf("%d units of %d questionnaires, want 3 of 2", d.Len(), d.Questionnaires())
		}
	}
	w.filled[3].Covers = []string{"GM0006"}
	b := dataset.NewBuilder(info, w.form, nil, nil)
	for _, u := range w.units {
		_ = b.AddUnit(u) // as above
	}
	for _, f := range w.filled {
		if err := b.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Build(); err == nil {
		t.Error("a unit counts by two questionnaires")
	}
}

func TestFiltersKeepWhatTheyName(t *testing.T) {
	t.Parallel()
	w := four(t)
	w.units[1].Background["inwoners"] = "9.500,25"
	d := w.build(t)
	type F = dataset.Filter
	for _, x := range []struct {
		filter         F
		want           string // last digits of the units
		questionnaires int
		population     int // -1: nobody knows
	}{
		{F{Where: "regio = noord"}, "12", 1, 2},
		{F{Where: "regio = 1 and inwoners > 10000"}, "2", 1, 1},
		{F{Where: "inwoners > 9500"}, "1235", 3, 4},
		{F{Where: "inwoners >= 9501"}, "235", 3, 3},
		{F{Where: "inwoners < 9501 and inwoners != 9500"}, "1", 1, 2},
		{F{Where: "samen = ja or not (scholen < 100)"}, "12345", 4, -1},
		{F{Where: "answered(wie_anders_txt)"}, "12", 1, -1},
		{F{Where: "answered(ingediend_op)"}, "12345", 4, -1},
		{F{Column: "fase_vo", Values: []string{"geen_zicht"}}, "12", 1, -1},
		{F{Column: "samen", Values: []string{"7", "nee"}}, "35", 2, -1},
		{F{Column: "fase_bao", Values: []string{"niet_getoond"}}, "345", 3, -1},
		{F{Column: "wie_school", Values: []string{"niet_bereikt"}}, "3", 1, -1},
		{F{Column: "inwoners", Values: []string{"onbekend"}}, "4", 1, 1},
		{F{Column: "inwoners", Values: []string{"9500.25", "51000"}}, "15", 2, 2},
		{F{Column: "unit", Values: []string{"GM0003", "GM0006"}}, "3", 1, 2},
		{F{Column: "regio", Values: []string{}}, "", 0, 0},
		{F{Column: "samen", Modes: []answer.Mode{answer.Web, answer.Paper}}, "35", 2, -1},
		{F{Modes: []answer.Mode{answer.Web}}, "123", 2, -1},
		{F{Questionnaires: true}, "2345", 4, 6},
		{F{Where: "regio = noord", Questionnaires: true}, "2", 1, 2},
		{F{}, "12345", 4, 6},
	} {
		got, err := d.Filter(x.filter)
		if err != nil {
			t.Errorf("%+v: %v", x.filter, err)
			continue
		}
		units := ""
		for at := range got.Cases() {
			units += got.Unit(at)[5:]
		}
		population := -1
		if p, ok := got.Population(); ok {
			population = p.Len()
		}
		if units != x.want || got.Len() != len(x.want) || got.Questionnaires() != x.questionnaires || population != x.population {
			t.Errorf("%+v keeps %s of %d questionnaires, population %d; want %s, %d, %d", x.filter, units, got.Questionnaires(), population, x.want, x.questionnaires, x.population)
		}
	}
	for _, f := range []F{{Where: "regio ="}, {Where: "regio = oost"}, {Where: "b9 = 1"}, {Where: "waarom = 1"}, {Column: "b9"}, {Column: "samen", Values: []string{"3"}}, {Column: "inwoners", Values: []string{"veel"}}, {Values: []string{"1"}}} {
		if _, err := d.Filter(f); errs.KindOf(err) != errs.Invalid || errs.Public(err) == "" {
			t.Errorf("%+v gives %v", f, err)
		}
	}
}

func TestARuleGroupsValuesAndKeepsReasons(t *testing.T) {
	t.Parallel()
	d := four(t).build(t)
	derive := func(name string, r dataset.Rule) {
		t.Helper()
		var err error
		if d, err = d.Derive(name, name, r); err != nil {
			t.Fatal(err)
		}
	}
	derive("ver", dataset.Rule{From: "fase_bao", Groups: []dataset.Group{{ID: "nee", Values: []string{"1", "opbouw"}}, {ID: "ja", Values: []string{"klaar"}}}})
	derive("zicht", dataset.Rule{From: "fase_vo", Groups: []dataset.Group{{ID: "zonder", Values: []string{"geen_zicht"}}, {ID: "met"}}})
	derive("grootte", dataset.Rule{From: "inwoners", Groups: []dataset.Group{{ID: "klein"}, {ID: "midden"}, {ID: "groot"}}, Cuts: []float64{9500, 120000}})
	derive("hoog", dataset.Rule{From: "cijfer_bao_nu", Groups: []dataset.Group{{ID: "hoog", Values: []string{"8", "9", "10"}}, {ID: "laag"}}})
	derive("groter", dataset.Rule{From: "grootte", Groups: []dataset.Group{{ID: "klein", Values: []string{"klein"}}, {ID: "groter"}}})
	want := []string{"2 1 2 1 2", "2 1 2 1 2", "!niet_getoond !niet_getoond 3 !niet_bereikt 2", "!niet_getoond !niet_getoond !onbekend !niet_getoond !onbekend", "!niet_getoond !niet_getoond 2 !niet_bereikt 2"}
	if diff := cmp.Diff(want, show(d, "ver", "zicht", "grootte", "hoog", "groter")); diff != "" {
		t.Error(diff)
	}
	if n := d.Frame().Count(d.Frame().Column("grootte")); !slices.Equal(n, []int{1, 0, 1, 3, 1, 0}) {
		t.Errorf("population by size: %v", n)
	}
	if v := d.Column("ver").Values; v[2].Code != 7 || v[2].Reason != instrument.LeftOpen || v[3].Code != 8 || v[3].Reason != instrument.NoView {
		t.Errorf("values of ver: %+v", v)
	}
	for _, r := range []dataset.Rule{
		{From: "b9", Groups: []dataset.Group{{ID: "a"}}},
		{From: "fase_bao"},
		{From: "fase_bao", Groups: []dataset.Group{{ID: "a", Values: []string{"1"}}}},
		{From: "fase_bao", Groups: []dataset.Group{{ID: "a"}, {ID: "b"}}},
		{From: "fase_bao", Groups: []dataset.Group{{ID: "a"}, {ID: "a", Values: []string{"1"}}}},
		{From: "fase_bao", Groups: []dataset.Group{{ID: "a", Values: []string{"1"}}, {ID: "b", Values: []string{"start"}}, {ID: "c"}}},
		{From: "fase_bao", Groups: []dataset.Group{{ID: "a"}}, Cuts: []float64{2}},
		{From: "inwoners", Groups: []dataset.Group{{ID: "a"}, {ID: "b"}}},
		{From: "inwoners", Groups: []dataset.Group{{ID: "a"}, {ID: "b"}, {ID: "c"}}, Cuts: []float64{3, 3}},
		{From: "waarom", Groups: []dataset.Group{{ID: "a"}}},
	} {
		if _, err := d.Derive("nieuw", "", r); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%+v gives %v", r, err)
		}
	}
	for _, name := range []string{"", "Samen", "1a", "a b", strings.Repeat("a", 65)} {
		if _, err := d.Derive(name, "", dataset.Rule{From: "fase_bao", Groups: []dataset.Group{{ID: "a"}}}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a column can be called %q", name)
		}
	}
}

func TestADerivedDatasetLeavesItsOriginAlone(t *testing.T) {
	t.Parallel()
	d := four(t).build(t)
	n := len(d.Columns())
	a, err := d.With("gewicht", "Gewicht", func(at dataset.Case) float64 { return float64(at) })
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.With("gewicht", "Gewicht", func(dataset.Case) float64 { return math.NaN() })
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Columns()) != n || d.Column("gewicht") != nil || a.Column("gewicht").Number(3) != 3 || !math.IsNaN(b.Column("gewicht").Number(3)) {
		t.Error("datasets with a column of the same name share it")
	}
}

func TestAPseudonymisedDatasetNamesNoUnit(t *testing.T) {
	t.Parallel()
	w := four(t)
	for i := range w.units {
		w.units[i].Background["inwoners"] = "dorp " + strconv.Itoa(i) + " van " + w.units[i].Code
		w.units[i].Background["mode"] = w.units[i].Code
	}
	for i := 10; i < 30; i++ { // so many that names are no categories
		w.units = append(w.units, dataset.Unit{Code: "X" + strconv.Itoa(i), Background: map[string]string{"mode": strconv.Itoa(i) + "x", "inwoners": strconv.Itoa(i) + "y"}})
	}
	d := w.build(t).Pseudonymised()
	if diff := cmp.Diff([]string{"p81 p81", "p85 p85", "p89 p89", "p93 p93", "p97 p93"}, show(d, "id_resp", "bron_id")); diff != "" {
		t.Error(diff)
	}
	for _, c := range d.Columns() {
		for at := range d.Cases() {
			if strings.Contains(c.Stored(at), "GM00") {
				t.Errorf("%s is %q", c.Name, c.Stored(at))
			}
		}
	}
	for f := range d.Filled() {
		if strings.Contains(fmt.Sprint(f), "GM00") {
			t.Errorf("%+v", f)
		}
	}
	if _, err := d.Write(&bytes.Buffer{}, ""); err == nil {
		t.Error("it is written as a snapshot")
	}
}

// bytesOf is a dataset as a snapshot.
func bytesOf(t testing.TB, d *dataset.Dataset) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := d.Write(&b, "proef"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestASnapshotReadsBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	d := four(t).build(t)
	d, err := d.Derive("ver", "Ver", dataset.Rule{From: "fase_bao", Groups: []dataset.Group{{ID: "nee", Values: []string{"1", "2"}}, {ID: "ja"}}})
	if err != nil {
		t.Fatal(err)
	}
	if d, err = d.With("gewicht", "Gewicht", func(at dataset.Case) float64 { return []float64{1.5, math.NaN(), 0, 1, 2}[at] }); err != nil {
		t.Fatal(err)
	}
	for _, f := range []dataset.Filter{{}, {Where: "regio = noord"}, {Column: "unit", Values: []string{"GM0001", "GM0004"}}, {Where: "samen = 1", Questionnaires: true}, {Column: "regio", Values: []string{}}} {
		part, err := d.Filter(f)
		if err != nil {
			t.Fatal(err)
		}
		first := bytesOf(t, part)
		back, m, err := dataset.Read(bytes.NewReader(first))
		if err != nil {
			t.Errorf("%+v: %v", f, err)
			continue
		}
		if m.Units != part.Len() || m.Questionnaires != part.Questionnaires() || m.Population != 6 || m.Software != "proef" || len(m.Filters) != 1 || m.Study != "proef" || len(m.SHA256) != 64 {
			t.Errorf("manifest %+v", m)
		}
		if !bytes.Equal(first, bytesOf(t, back)) {
			t.Errorf("%+v: written again it differs", f)
		}
		var names []string
		for _, c := range part.Columns() {
			names = append(names, c.Name)
		}
		if diff := cmp.Diff(show(part, names...), show(back, names...)); diff != "" {
			t.Errorf("%+v (-written +read):\n%s", f, diff)
		}
		for i, c := range part.Columns() {
			o := back.Columns()[i]
			if diff := cmp.Diff([]any{c.Variable, c.Role, c.Measure, c.Stands, c.Rule}, []any{o.Variable, o.Role, o.Measure, o.Stands, o.Rule}); diff != "" {
				t.Errorf("%s (-written +read):\n%s", c.Name, diff)
			}
		}
		p, ok := part.Population()
		q, ok2 := back.Population()
		if ok != ok2 || ok && p.Len() != q.Len() {
			t.Errorf("%+v: populations differ", f)
		}
	}
}

func TestTheOrderInWhichRowsComeChangesNothing(t *testing.T) {
	t.Parallel()
	w := four(t)
	want := bytesOf(t, w.build(t))
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(1, seed))
		rnd.Shuffle(len(w.units), func(i, j int) { w.units[i], w.units[j] = w.units[j], w.units[i] })
		rnd.Shuffle(len(w.filled), func(i, j int) { w.filled[i], w.filled[j] = w.filled[j], w.filled[i] })
		if !bytes.Equal(want, bytesOf(t, w.build(t))) {
			t.Fatalf("seed %d: another snapshot", seed)
		}
	}
}

func TestLongListsAreKeptWhole(t *testing.T) {
	t.Parallel()
	var options strings.Builder
	for i := range 298 {
		fmt.Fprintf(&options, "          - {id: o%d, label: Optie %d, code: %d}\n", i, i, i+1)
	}
	w := &world{}
	w.form = fixture.Form(t, []byte(strings.Replace(strings.Replace(fixture.SmallSource, "kind: yes_no", "kind: single", 1), "options: [{id: ja, label: Ja, code: 1}, {id: nee, label: Nee, code: 2}]\n",
		"options:\n          - {id: ja, label: Ja, code: 400}\n          - {id: nee, label: Nee, code: 401}\n"+options.String(), 1)))
	for i := range 298 {
		w.units = append(w.units, unit(i, "streek "+strconv.Itoa(i), ""))
		w.filled = append(w.filled, answer.Filled{Unit: w.units[i].Code, Mode: answer.Web, Status: answer.Submitted, Revision: 1, Answers: answer.Values{"samen": strconv.Itoa(i + 1)}})
	}
	w.filled[0].Answers["samen"], w.filled[1].Answers["samen"] = "401", "997"
	d := w.build(t)
	back, _, err := dataset.Read(bytes.NewReader(bytesOf(t, d)))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*dataset.Dataset{d, back} {
		n := d.Count(d.Column("samen"))
		if got := show(d, "samen", "regio"); got[0] != "401 1" || got[1] != "997!open 2" || got[2] != "3 3" || got[297] != "298 298" || len(n) != 2+301+1 || n[0] != 0 {
			t.Errorf("%q … %q of %d", got[:3], got[297], len(n))
		}
		if got := d.Cross(d.Column("regio"), d.Column("samen")); got[2+297][2+297] != 1 {
			t.Errorf("crossed: %v", got[2+297])
		}
	}
}
