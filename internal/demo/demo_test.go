package demo_test

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/demo"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A stored demonstration.
type stored struct {
	*store.Store
	study study.Study
	forms map[string]*form.Form
}

func keep(t *testing.T, past store.Past, err error) stored {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s := stored{Store: store.New(pgtest.Pool(t)), forms: map[string]*form.Form{}}
	if s.study, err = s.AddPast(t.Context(), past); err != nil {
		t.Fatal(err)
	}
	for _, src := range past.Sources {
		in, problems := src.Parse()
		if in == nil {
			t.Fatal(problems)
		}
		s.forms[src.Name] = form.New(in)
	}
	return s
}

func (s stored) units(t *testing.T, audience string) []store.Unit {
	t.Helper()
	units, err := s.Units(t.Context(), s.study.ID, audience)
	if err != nil {
		t.Fatal(err)
	}
	return units
}

func (s stored) filled(t *testing.T, audience string) []answer.Filled {
	t.Helper()
	filled, err := s.Filled(t.Context(), s.study.ID, audience)
	if err != nil {
		t.Fatal(err)
	}
	return filled
}

func TestClosedHasThePublishedResponse(t *testing.T) {
	t.Parallel()
	past, err := demo.Closed()
	s := keep(t, past, err)
	if s.study.Slug != demo.ClosedSlug || s.study.At(time.Now()) != study.Closed {
		t.Errorf("study %s is %s", s.study.Slug, s.study.At(time.Now()))
	}
	want := map[string]map[string]int{
		"swv":      {"units": 151, "submitted": 105, "kernvragen": 3, "refused": 19, "questionnaires": 108},
		"gemeente": {"units": 380, "submitted": 205, "covered": 17, "partial": 12, "kernvragen": 7, "refused": 12, "questionnaires": 207},
	}
	for audience := range want {
		got := map[string]int{"questionnaires": len(s.filled(t, audience))}
		for _, u := range s.units(t, audience) {
			got["units"]++
			if u.Status != "" {
				got[u.Status]++
			}
			if u.Covered {
				got["covered"]++
			}
			if u.Refused {
				got["refused"]++
			}
		}
		if diff := cmp.Diff(want[audience], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", audience, diff)
		}
	}
	testStrata(t, s)
	testTables(t, s)
	testReliability(t, s)
	testHistory(t, s, s.study.Closes)
}

// testStrata compares figures B.1.1 to B.1.7: population and response.
func testStrata(t *testing.T, s stored) {
	want := map[string]map[string]map[string][2]int{
		"swv": {
			"regio":            {"Noord": {50, 38}, "Midden": {63, 43}, "Zuid": {36, 23}, "": {2, 1}},
			"aantal_gemeenten": {"minder dan 4": {45, 26}, "4 of 5": {47, 37}, "6 of meer": {57, 41}, "": {2, 1}},
			"verevening":       {"negatief": {50, 36}, "neutraal": {50, 37}, "positief": {51, 32}},
			"type":             {"po": {76, 52}, "vo": {75, 53}},
		},
		"gemeente": {
			"regio":    {"Noord": {132, 76}, "Midden": {121, 77}, "Zuid": {127, 64}},
			"inwoners": {"minder dan 20.000": {109, 65}, "20.000 tot 50.000": {191, 104}, "50.000 tot 100.000": {49, 26}, "100.000 of meer": {31, 22}},
			"type":     {"G4": {4, 4}, "G40": {40, 25}, "overig": {336, 188}},
		},
	}
	for audience, columns := range want {
		got := map[string]map[string][2]int{}
		for _, u := range s.units(t, audience) {
			for column, value := range u.Background {
				if got[column] == nil {
					got[column] = map[string][2]int{}
				}
				n := got[column][value]
				n[0]++
				if u.Status == "submitted" || u.Status == "partial" {
					n[1]++
				}
				got[column][value] = n
			}
		}
		if diff := cmp.Diff(columns, got); diff != "" {
			t.Errorf("%s: population and response per stratum (-want +got):\n%s", audience, diff)
		}
	}
}

// exceptions are the cells that no answers can give, with what they are
// instead: see the package comment.
var exceptions = map[string]string{
	"B.5.29/ja":              "75, printed 77: with nee 102 of 100",
	"B.6.7/gemeente/vo":      "64, printed 85: the others can't have ticked a school type",
	"B.6.14/visie_3/s4":      "53, printed 54: the row adds up to 102",
	"B.6.14/visie_4/s3":      "52, printed 53: the row adds up to 102",
	"B.6.15/vertrouwen_1/s4": "47, printed 48: the row adds up to 102",
	"B.6.15/vertrouwen_4/s3": "44, printed 45: the row adds up to 102",
}

func testTables(t *testing.T, s stored) {
	for _, audience := range []string{"swv", "gemeente"} {
		c := counter{form: s.forms[audience], filled: s.filled(t, audience)}
		tables, err := demo.Published(audience)
		if err != nil {
			t.Fatal(err)
		}
		used := 0
		for _, table := range tables {
			q := c.form.In.Question(table.Question)
			for _, row := range table.Rows {
				for i, column := range table.Columns {
					name := strings.ReplaceAll(table.ID+"/"+row.Row+"/"+column, "//", "/")
					n, count := c.cell(q, row.Row, column)
					percent := int(math.Floor(float64(count)*100/float64(n) + .5))
					want := fmt.Sprintf("%d of %d", row.Percent[i], row.N)
					if _, ok := exceptions[name]; ok {
						used++
						var instead int
						if _, err := fmt.Sscanf(exceptions[name], "%d,", &instead); err != nil {
							t.Fatal(err)
						}
						want = fmt.Sprintf("%d of %d", instead, row.N)
					}
					if got := fmt.Sprintf("%d of %d", percent, n); got != want {
						t.Errorf("%s: %s, want %s", name, got, want)
					}
				}
			}
			for _, row := range table.Grades {
				for i, column := range table.Columns {
					c.testGrade(t, q.ID+"_"+row.Row+"_"+column, row.Cells[i])
				}
			}
			if n := c.texts(table.Question); table.Texts != n {
				t.Errorf("%s: %d texts, want %d", table.ID, n, table.Texts)
			}
		}
	}
}

// A counter counts units.
type counter struct {
	form   *form.Form
	filled []answer.Filled
}

// cell returns how many units gave a valid, or expressly missing, answer to a
// row, and how many of them that of the column.
func (c counter) cell(q *instrument.Question, row, column string) (n, count int) {
	name := q.ID
	if row != "" {
		name += "_" + row
	}
	if q.Statements() {
		name = row
	}
	for _, f := range c.filled {
		v, want := c.form.Variable(name), ""
		if v == nil || v.Type == instrument.TextType {
			v, want = c.form.Variable(name+"_"+column), "1"
		} else {
			want, _ = v.Code(column)
		}
		if x, ok := v.Value(f.Answers[v.Name]); !ok || x.Reason == instrument.LeftOpen {
			continue
		}
		n += 1 + len(f.Covers)
		if f.Answers[v.Name] == want {
			count += 1 + len(f.Covers)
		}
	}
	return n, count
}

func (c counter) texts(variable string) (n int) {
	if v := c.form.Variable(variable); v == nil || v.Type != instrument.TextType {
		return 0
	}
	for _, f := range c.filled {
		if f.Answers[variable] != "" {
			n += 1 + len(f.Covers)
		}
	}
	return n
}

func (c counter) testGrade(t *testing.T, name string, want demo.Grade) {
	t.Helper()
	var got demo.Grade
	var sum, squares float64
	for _, f := range c.filled {
		v := c.form.Variable(name)
		if v.IsMissing(f.Answers[name]) {
			continue
		}
		x, _ := v.Value(f.Answers[name])
		w := 1 + len(f.Covers)
		got.N += w
		sum += float64(w * x.Code)
		squares += float64(w * x.Code * x.Code)
		if got.Min == 0 || x.Code < got.Min {
			got.Min = x.Code
		}
		got.Max = max(got.Max, x.Code)
	}
	n := float64(got.N)
	got.Mean = math.Round(100*sum/n) / 100
	got.SD = math.Round(100*math.Sqrt((squares-sum*sum/n)/(n-1))) / 100
	if got.N != want.N || got.Min != want.Min || got.Max != want.Max || math.Abs(got.Mean-want.Mean) > .0051 || math.Abs(got.SD-want.SD) > .0151 {
		t.Errorf("%s: %+v, want %+v", name, got, want)
	}
}

// testReliability compares alpha, over responses with all items, with Bijlage 3.
func testReliability(t *testing.T, s stored) {
	want := map[string]map[string]float64{
		"swv":      {"gedeelde_visie": .843, "onderling_vertrouwen": .845, "randvoorwaarden": .843, "sturing": .881, "borging": .870, "meerwaarde": .897},
		"gemeente": {"gedeelde_visie": .836, "onderling_vertrouwen": .811, "randvoorwaarden": .816, "sturing": .722, "borging": .731, "meerwaarde": .811},
	}
	for audience, scales := range want {
		f := s.forms[audience]
		filled := s.filled(t, audience)
		for _, scale := range f.In.Scales {
			got := alpha(f, filled, scale.Items)
			t.Logf("%s %s %.3f %.3f", audience, scale.ID, got, scales[scale.ID]); if math.Abs(got-scales[scale.ID]) > .06 {
				t.Errorf("%s %s: alpha %.3f, want %.3f", audience, scale.ID, got, scales[scale.ID])
			}
		}
	}
}

func alpha(f *form.Form, filled []answer.Filled, items []string) float64 {
	var rows [][]float64
	for _, r := range filled {
		row := make([]float64, len(items))
		complete := true
		for i, name := range items {
			v := f.Variable(name)
			complete = complete && !v.IsMissing(r.Answers[name])
			x, _ := v.Value(r.Answers[name])
			row[i] = float64(x.Code)
		}
		if complete {
			rows = append(rows, row)
		}
	}
	sums := make([]float64, len(rows))
	var within float64
	for i := range items {
		column := make([]float64, len(rows))
		for j, row := range rows {
			column[j] = row[i]
			sums[j] += row[i]
		}
		within += variance(column)
	}
	k := float64(len(items))
	return k / (k - 1) * (1 - within/variance(sums))
}

func variance(x []float64) float64 {
	var sum, squares float64
	for _, v := range x {
		sum += v
		squares += v * v
	}
	n := float64(len(x))
	return (squares - sum*sum/n) / (n - 1)
}

// testHistory checks that every response follows from its log, that nothing
// happened outside office hours or after until, and that units have their story.
func testHistory(t *testing.T, s stored, until time.Time) {
	t.Helper()
	keys, err := s.ResponseKeys(t.Context(), s.study.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		state, rebuilt, err := s.Rebuilt(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(state, rebuilt); diff != "" {
			t.Fatalf("response %s does not follow from its log:\n%s", key, diff)
		}
	}
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for audience, f := range s.forms {
		for _, filled := range s.filled(t, audience) {
			if diff := cmp.Diff(f.Final(filled.Answers), filled.Answers); diff != "" {
				t.Errorf("%s: routing (-final +stored):\n%s", filled.Unit, diff)
			}
		}
		for _, u := range s.units(t, audience) {
			file, err := s.UnitFile(t.Context(), u.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range file.Events {
				at := e.Occurred.In(amsterdam)
				if e.Kind == event.Listed {
					continue
				}
				if day := at.Weekday(); day == time.Saturday || day == time.Sunday || at.Hour() < 9 || at.Hour() > 19 || at.After(until) || at.Before(s.study.Opens) {
					t.Errorf("%s: %s on %s", u.Code, e.Kind, at)
				}
			}
			if len(file.Neighbours) == 0 && u.Background["regio"] != "" || file.Links != 1 {
				t.Errorf("%s: %d neighbours, %d links", u.Code, len(file.Neighbours), file.Links)
			}
		}
	}
}

func TestOpenIsInItsThirdWeekWithEveryState(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 13, 2, 0, 0, time.UTC)
	past, err := demo.Open(now)
	s := keep(t, past, err)
	if s.study.Slug != demo.OpenSlug || s.study.At(now) != study.Open {
		t.Errorf("study %s is %s", s.study.Slug, s.study.At(now))
	}
	if days := now.Sub(s.study.Opens).Hours() / 24; days < 14 || days >= 21 {
		t.Errorf("opened %.1f days ago", days)
	}
	for _, audience := range []string{"swv", "gemeente"} {
		got := map[string]int{}
		for _, u := range s.units(t, audience) {
			switch {
			case u.Covered:
				got["covered"]++
			case u.Status != "":
				got[u.Status]++
			case !u.Started.IsZero():
				got["busy"]++
			case u.Refused:
				got["refused"]++
			case u.Bounced:
				got["bounced"]++
			default:
				got["not begun"]++
			}
		}
		want := []string{"bounced", "busy", "not begun", "refused", "submitted"}
		if audience == "gemeente" {
			want = []string{"bounced", "busy", "covered", "not begun", "refused", "submitted"}
		}
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", audience, got, diff)
		}
	}
	testHistory(t, s, now)
	testBusy(t, s)
}

// testBusy checks that those who are busy stopped at different places.
func testBusy(t *testing.T, s stored) {
	pages := map[int]bool{}
	for _, u := range s.units(t, "gemeente") {
		file, err := s.UnitFile(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		if file.Response != nil && file.Response.Sent.IsZero() {
			pages[len(file.Response.Passed)] = true
		}
	}
	if len(pages) < 10 {
		t.Errorf("all who are busy stopped at one of %d places", len(pages))
	}
}

// TestOpenOnEveryDay opens on a working day in the third week before, whatever
// the day, and is never ahead of now.
func TestOpenOnEveryDay(t *testing.T) {
	t.Parallel()
	for day := range 30 {
		now := time.Date(2027, 4, 20+day, 8, 0, 0, 0, time.UTC)
		past, err := demo.Open(now)
		if err != nil {
			t.Fatal(err)
		}
		opens := past.Study.Opens
		if ago := now.Sub(opens).Hours() / 24; ago < 14 || ago >= 21 || opens.Weekday() == time.Saturday || opens.Weekday() == time.Sunday || opens.Hour() != 9 {
			t.Errorf("at %s it opened on %s", now, opens)
		}
		for _, r := range past.Responses {
			if last := r.Saves[len(r.Saves)-1].At; last.After(now) || r.Sent.After(now) {
				t.Errorf("at %s %s saved at %s and sent at %s", now, r.Unit, last, r.Sent)
			}
		}
	}
}

func TestTwiceTheSame(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 13, 2, 0, 0, time.UTC)
	for name, make := range map[string]func() (store.Past, error){"closed": demo.Closed, "open": func() (store.Past, error) { return demo.Open(now) }} {
		first, err1 := make()
		second, err2 := make()
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%s differs from run to run:\n%s", name, diff)
		}
	}
}

func TestAStudyIsMadeOnce(t *testing.T) {
	t.Parallel()
	past, err := demo.Open(time.Date(2026, 11, 24, 13, 2, 0, 0, time.UTC))
	s := keep(t, past, err)
	if _, err := s.AddPast(t.Context(), past); errs.KindOf(err) != errs.Conflict {
		t.Errorf("a second time: %v, want a conflict", err)
	}
	if n := len(s.units(t, "swv")); n != 151 {
		t.Errorf("%d swv after a second time", n)
	}
}

// real are names that nothing made up may bear.
var real = strings.Fields(`Groningen Friesland Fryslân Drenthe Overijssel Flevoland Gelderland Utrecht Noord-Holland
	Zuid-Holland Zeeland Noord-Brabant Limburg Amsterdam Rotterdam Den_Haag 's-Gravenhage Eindhoven Tilburg Almere Breda
	Nijmegen Apeldoorn Haarlem Arnhem Enschede`)

func TestNobodyIsReal(t *testing.T) {
	t.Parallel()
	past, err := demo.Closed()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	code := regexp.MustCompile(`^(PO|VO)(4[1-9]|5[0-2])\d\d$|^GM9\d{3}$`)
	for _, r := range past.Registers {
		for _, u := range r.Units {
			o := u.Organisation
			for _, name := range real {
				if strings.Contains(strings.ToLower(o.Name), strings.ToLower(strings.ReplaceAll(name, "_", " "))) {
					t.Errorf("%s exists", o.Name)
				}
			}
			if names[o.Name] || !code.MatchString(o.Code) {
				t.Errorf("%s %s: a name twice, or a code that may exist", o.Code, o.Name)
			}
			names[o.Name] = true
			if !strings.HasSuffix(u.Contact.Email, ".example") || !strings.HasPrefix(u.Contact.Phone, "088 - 000 ") {
				t.Errorf("%s: %s %s", o.Code, u.Contact.Email, u.Contact.Phone)
			}
		}
	}
}
