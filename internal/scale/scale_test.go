package scale_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/scale"
)

// The two suspicions of the study of 2018 are found, and no others.
func TestThePublishedScalesAreChecked(t *testing.T) {
	t.Parallel()
	found := map[string]scale.Suspicion{}
	for _, name := range []string{"swv", "gemeente"} {
		b := baseline.Book(name)
		for _, s := range baseline.Scales() {
			st := s.Stats[name]
			c, ok := scale.ClaimOf(b, s.Title, s.Items, st.Mean, st.SD, st.Alpha)
			if !ok {
				t.Fatalf("%s %s: not all items have a table", name, s.ID)
			}
			for _, x := range scale.Check(c) {
				found[name+" "+s.ID+" "+x.Statistic] = x
			}
		}
	}
	for _, want := range []struct{ at, text string }{
		{"swv meerwaarde mean", "‘nvt’ is meegeteld als het getal"},
		{"swv gedeelde_visie sd", "past niet bij alfa 0,843"},
	} {
		if !strings.Contains(found[want.at].Text, want.text) {
			t.Errorf("%s: %q does not say %q", want.at, found[want.at].Text, want.text)
		}
		delete(found, want.at)
	}
	for at, x := range found {
		t.Errorf("a false alarm at %s: %s", at, x.Text)
	}
}

// questionnaires of the inventarisatie with answers to the six statements on a
// shared vision; "" is left open, 8 geen zicht op.
func visions(t *testing.T, rows ...[6]string) *dataset.Dataset {
	t.Helper()
	f := fixture.FormOf(t, "inventarisatie-2026", "gemeente")
	x := fixture.Data{Info: dataset.Info{Study: "proef", Instrument: "gemeente", Taken: fixture.Now}, Form: f, Columns: []sample.Column{fixture.Regions}}
	for i, row := range rows {
		code := fmt.Sprintf("U%04d", i)
		x.Units = append(x.Units, dataset.Unit{Code: code, Pseudonym: "p" + code, Background: map[string]string{"regio": "Noord"}})
		values := answer.Values{}
		for k, v := range row {
			if v != "" {
				values[fmt.Sprint("visie_", k+1)] = v
			}
		}
		x.Filled = append(x.Filled, answer.Filled{Unit: code, Pseudo: "p" + code, Mode: answer.Web, Status: answer.Submitted, Edition: "2026", Sent: fixture.Opens, Revision: 1, Answers: values})
	}
	return fixture.Dataset(t, x)
}

func TestAScoreTakesFourOutOfFiveItems(t *testing.T) {
	t.Parallel()
	in := fixture.FormOf(t, "inventarisatie-2026", "gemeente").In
	d := visions(t, [6]string{"1", "2", "3", "4", "5", "3"}, [6]string{"2", "2", "2", "2", "2", "8"}, [6]string{"5", "5", "5", "5", "", "8"}, [6]string{"4", "4", "5", "4", "4", "4"})
	all, err := scale.All(in, d, scale.Options{})
	if err != nil || len(all) != 6 {
		t.Fatalf("%d scales, %v", len(all), err)
	}
	s := all[0]
	if s.ID != "gedeelde_visie" || s.Units != 4 || s.N != 3 || s.Complete != 2 {
		t.Errorf("%s: %d units, %d scores, %d complete", s.ID, s.Units, s.N, s.Complete)
	}
	if want := (3 + 2 + 25.0/6) / 3; math.Abs(s.Mean-want) > 1e-9 || s.Median != 3 {
		t.Errorf("mean %v, median %v; want %v and 3", s.Mean, s.Median, want)
	}
	if x := s.Items[5]; x.N != 2 || x.Missing != 2 {
		t.Errorf("the last statement: %d answers, %d geen zicht op", x.N, x.Missing)
	}
	if want := (scale.NoScore{TooFew: 1}); s.NoScore != want {
		t.Errorf("no score: %+v, want %+v", s.NoScore, want)
	}
	total := 0
	for _, b := range s.Bins {
		total += b.N
	}
	if total != s.N {
		t.Errorf("%d scores in the distribution, want %d", total, s.N)
	}
	half, err := scale.All(in, d, scale.Options{Valid: .5})
	if err != nil || half[0].N != 4 {
		t.Errorf("with half of the items: %d scores", half[0].N)
	}
	borging := all[4]
	if len(borging.LeftOut) != 4 || !strings.HasPrefix(borging.LeftOut[0].Variable, "financien_") {
		t.Errorf("left out: %+v", borging.LeftOut)
	}
}

func TestAnItemInTheOtherDirectionIsNoticed(t *testing.T) {
	t.Parallel()
	in := fixture.FormOf(t, "inventarisatie-2026", "gemeente").In
	var rows [][6]string
	for i := range 60 {
		x, y := fmt.Sprint(i%5+1), fmt.Sprint((i+i/5)%5+1)
		rows = append(rows, [6]string{x, x, y, x, x, fmt.Sprint(5 - i%5)})
	}
	all, err := scale.All(in, visions(t, rows...), scale.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := all[0]
	if text := strings.Join(s.Warnings, " "); s.Items[5].ItemRest >= 0 || !strings.Contains(text, "dezelfde richting") || !strings.Contains(text, "is de betrouwbaarheid hoger") {
		t.Errorf("item-rest %v; %q", s.Items[5].ItemRest, text)
	}
	if s.Items[5].Dropped <= s.Alpha.Alpha {
		t.Errorf("alpha %v, without the item %v", s.Alpha.Alpha, s.Items[5].Dropped)
	}
}

// Every statement of a scale that takes part has a row of loadings, and there are rows
// enough for them.
func TestStatementsFallApartIntoTheirScales(t *testing.T) {
	t.Parallel()
	crowd := fixture.NewCrowd(t)
	d := crowd.Dataset(t, 900)
	got, err := scale.FactorsOf(crowd.Form.In, d)
	if err != nil {
		t.Fatal(err)
	}
	if got.Structure.N < 2*len(got.Items) || len(got.Scales)+len(got.LeftOut) != len(crowd.Form.In.Scales) {
		t.Errorf("%d rows for %d statements; %v, without %v", got.Structure.N, len(got.Items), got.Scales, got.LeftOut)
	}
	if got.Defined.Loadings != nil && (len(got.Defined.Loadings) != len(got.Items) || len(got.Defined.Loadings[0]) != len(got.Scales)) {
		t.Errorf("%d by %d loadings", len(got.Defined.Loadings), len(got.Defined.Loadings[0]))
	}
	for _, x := range got.Items {
		if x.Scale < 0 || x.Scale >= len(got.Scales) {
			t.Errorf("%s belongs to scale %d", x.Variable, x.Scale)
		}
	}
}

// A scale is no other than itself, and one whose people score higher is.
func TestVersionsAreComparedByScores(t *testing.T) {
	t.Parallel()
	in := fixture.FormOf(t, "inventarisatie-2026", "gemeente").In
	of := func(low, high string) []scale.Scale {
		var rows [][6]string
		for i := range 20 {
			x := low
			if i%2 == 0 {
				x = high
			}
			rows = append(rows, [6]string{x, x, x, x, x, x})
		}
		all, err := scale.All(in, visions(t, rows...), scale.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	same := scale.Compare(of("2", "4"), of("2", "4"))[0]
	if same.Difference.Value != 0 || same.Test.P < .999 || len(same.Other)+len(same.Lacking) != 0 {
		t.Errorf("the same: %+v, p %v", same.Difference, same.Test.P)
	}
	if x := scale.Compare(of("2", "4"), of("3", "5"))[0]; x.Difference.Value != -1 || x.Test.P > .01 {
		t.Errorf("one lower: %v, p %v", x.Difference.Value, x.Test.P)
	}
}
