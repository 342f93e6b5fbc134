package representativity_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/representativity"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// made makes a characteristic of respondents and population per category.
func made(name string, responded, population []int, labels ...string) representativity.Characteristic {
	c := representativity.Characteristic{Name: name}
	for i := range population {
		label := fmt.Sprint(i + 1)
		if i < len(labels) {
			label = labels[i]
		}
		c.Categories = append(c.Categories, representativity.Category{Label: label, Population: population[i], Responded: responded[i]})
	}
	return c
}

// figures are those of Bijlage 1, with the numbers of standards 2F.
var figures = []struct {
	characteristic               representativity.Characteristic
	naive, naiveP, x2, p, r, adj float64
	cv                           float64
}{
	{made("B.1.1 regio", []int{38, 43, 23}, []int{50, 63, 36}, "noord", "midden", "zuid"), .4772, .788, 1.5799, .454, .9054, 1, .0677},
	{made("B.1.2 aantal gemeenten", []int{26, 37, 41}, []int{45, 47, 57}), 1.5051, .471, 4.9834, .083, .8321, .8688, .1203},
	{made("B.1.3 verevening", []int{36, 37, 32}, []int{50, 50, 51}), .5252, .769, 1.7239, .422, .9016, 1, .0707},
	{made("B.1.4 type", []int{52, 53}, []int{76, 75}), .0274, .869, .0899, .764, .9775, 1, .0161},
	{made("B.1.5 regio", []int{76, 77, 64}, []int{132, 121, 127}, "noord", "midden", "zuid"), 1.9107, .385, 4.4544, .108, .8928, .9200, .0938},
	{made("B.1.6 inwoners", []int{65, 104, 26, 22}, []int{109, 191, 49, 31}), 1.5413, .673, 3.5931, .309, .9037, .9566, .0843},
	{made("B.1.7 type", []int{4, 25, 188}, []int{4, 40, 336}, "G4", "G40", "overig"), 1.5709, .456, 3.6622, .160, .9028, .9167, .0851},
}

func TestFiguresOfBijlage1(t *testing.T) {
	t.Parallel()
	for _, f := range figures {
		c := representativity.Compare([]representativity.Characteristic{f.characteristic}).Comparisons[0]
		one := representativity.Estimate(single(f.characteristic))
		scale := float64(c.N) / float64(c.N-c.Responded)
		for _, v := range []struct {
			what      string
			got, want float64
			decimals  float64
		}{
			{"naive X²", c.Naive.Statistic, f.naive, 1e-4}, {"naive p", c.Naive.P, f.naiveP, 1e-3},
			{"X²", c.Primary.Statistic, f.x2, 1e-4}, {"p", c.Primary.P, f.p, 1e-3}, {"X² from the naive one", c.Naive.Statistic * scale, f.x2, 1e-4},
			{"R", c.Indicators.R, f.r, 1e-4}, {"adjusted R", c.Indicators.RAdjusted, f.adj, 1e-4}, {"CV", c.Indicators.CV, f.cv, 1e-4},
			{"partial", c.Indicators.Partial[0].P, c.Indicators.S, 1e-12},
			{"S of the model", one.Indicators.S * math.Sqrt(float64(c.N-1)/float64(c.N)), c.Indicators.S, 1e-7},
			// N − 1 in place of N
			{"adjusted R of the model", one.Indicators.RAdjusted, f.adj, 3e-3},
		} {
			if math.Abs(v.got-v.want) > v.decimals/2*1.0001 {
				t.Errorf("%s: %s = %.6f, want %v", f.characteristic.Name, v.what, v.got, v.want)
			}
		}
		if strings.HasPrefix(f.characteristic.Name, "B.1.7") != (c.Exact != nil) {
			t.Errorf("%s: exact test %v", f.characteristic.Name, c.Exact)
		}
	}
	c := representativity.Compare([]representativity.Characteristic{figures[6].characteristic}).Comparisons[0]
	if math.Abs(c.P-.180) > 5e-4 || c.Exact.Method != stat.FisherExact {
		t.Errorf("B.1.7: p = %v by %s, want .180", c.P, c.Exact.Method)
	}
}

// single is a population of one characteristic.
func single(c representativity.Characteristic) representativity.Population {
	p := representativity.Population{Characteristics: []representativity.Characteristic{c}}
	for h, k := range c.Categories {
		p.Cells = append(p.Cells, representativity.Cell{Categories: []int{h}, Population: k.Population, Responded: k.Responded})
	}
	return p
}

func TestPartialIndicatorsByHand(t *testing.T) {
	t.Parallel()
	// ρ = 76/132, 77/121, 64/127 against 217/380; √(N_h/N)·(ρ_h − ρ̄)
	i := representativity.Indicate(figures[4].characteristic)
	want := []float64{
		math.Sqrt(132./380) * (76./132 - 217./380), math.Sqrt(121./380) * (77./121 - 217./380), math.Sqrt(127./380) * (64./127 - 217./380)}
	for h, p := range i.Partial[0].Categories {
		if math.Abs(p-want[h]) > 1e-12 {
			t.Errorf("category %d: %v, want %v", h, p, want[h])
		}
	}
	if want[0] < 0 || want[1] < 0 || want[2] > 0 {
		t.Error("the signs are not those of the response")
	}
}

func TestHolmRunsOverWhatCouldBeTested(t *testing.T) {
	t.Parallel()
	list := []representativity.Characteristic{figures[4].characteristic, made("leeg", []int{0, 0}, []int{0, 0}), figures[5].characteristic, figures[6].characteristic}
	r := representativity.Compare(list)
	// p = .108, .309, .180: times 3, 2 and 1, in ascending order of p
	for i, want := range []float64{3 * r.Comparisons[0].P, math.NaN(), max(2*r.Comparisons[3].P, r.Comparisons[2].P), 2 * r.Comparisons[3].P} {
		if got := r.Comparisons[i].PHolm; math.Abs(got-want) > 1e-12 || math.IsNaN(got) != math.IsNaN(want) {
			t.Errorf("%s: %v, want %v", list[i].Name, got, want)
		}
	}
	for _, want := range []string{"niet verworpen", "bewezen is het daarmee niet", "B.1.5 regio (p = 0,323, N = 380)", "B.1.7 type (p = 0,360, N = 380)", "Holm", "Niet te toetsen: leeg."} {
		if !strings.Contains(r.Conclusion, want) {
			t.Errorf("%q is not in %q", want, r.Conclusion)
		}
	}
}

func TestConclusions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of   []representativity.Characteristic
		want string
		all  string
	}{
		"no difference": {[]representativity.Characteristic{figures[4].characteristic}, "B.1.5 regio: een verschil tussen respondenten (N = 217) en niet-respondenten (N = 163) is niet aangetoond: χ²(2) = 4,45, p = 0,108; Cramérs V = 0,11. Dat bewijst niet dat er geen verschil is.",
			"Dat de respons representatief is, is niet verworpen op B.1.5 regio (p = 0,108, N = 380); bewezen is het daarmee niet, en over andere kenmerken zegt het niets."},
		"exact": {[]representativity.Characteristic{figures[6].characteristic}, "B.1.7 type: een verschil tussen respondenten (N = 217) en niet-respondenten (N = 163) is niet aangetoond: exacte toets van Fisher, p = 0,180; Cramérs V = 0,10. Dat bewijst niet dat er geen verschil is.",
			"Dat de respons representatief is, is niet verworpen op B.1.7 type (p = 0,180, N = 380); bewezen is het daarmee niet, en over andere kenmerken zegt het niets."},
		"a difference": {[]representativity.Characteristic{made("regio", []int{80, 40}, []int{100, 100}, "noord", "zuid")},
			"regio: respondenten (N = 120) en niet-respondenten (N = 80) verschillen: χ²(1) = 33,33, p < 0,001; Cramérs V = 0,41. Vaker dan gemiddeld antwoordde: noord (80 %). Minder vaak: zuid (40 %).",
			"De respons is niet representatief op regio; getoetst zijn regio (p < 0,001, N = 200)."},
		"nobody": {[]representativity.Characteristic{made("regio", []int{0, 0}, []int{10, 10})}, "regio: niet te toetsen (N = 20, respondenten 0). Er heeft nog niemand geantwoord; er is niets te vergelijken.",
			"Over representativiteit valt niets te zeggen: geen enkel kenmerk kon worden getoetst."},
		"everybody": {[]representativity.Characteristic{made("regio", []int{10, 10}, []int{10, 10})}, "regio: niet te toetsen (N = 20, respondenten 20). Alle eenheden hebben geantwoord; er is niets te vergelijken.",
			"Over representativiteit valt niets te zeggen: geen enkel kenmerk kon worden getoetst."},
	} {
		r := representativity.Compare(c.of)
		if diff := cmp.Diff(c.want, r.Comparisons[0].Conclusion); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.all, r.Conclusion); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
	got := representativity.Indicate(figures[4].characteristic).Sentence()
	want := "De R-indicator op B.1.5 regio is 0,893 (gecorrigeerd voor toeval 0,920; 1 is een gelijke respons in alle groepen), variatiecoëfficiënt 0,094; N = 380, respondenten 217. Vergelijk alleen met een moment met dezelfde kenmerken."
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestBadCountsSaySo: nothing panics, nothing pretends.
func TestBadCountsSaySo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]representativity.Characteristic{
		"no categories":           {Name: "x"},
		"one category":            made("x", []int{3}, []int{5}),
		"nobody":                  made("x", []int{0, 0}, []int{5, 5}),
		"more than there are":     made("x", []int{6, 1}, []int{5, 5}),
		"negative":                made("x", []int{-1, 1}, []int{5, 5}),
		"everybody":               made("x", []int{5, 5}, []int{5, 5}),
		"no population":           made("x", []int{0, 0}, []int{0, 0}),
		"one category with units": made("x", []int{3, 0}, []int{5, 0}),
	} {
		r := representativity.Compare([]representativity.Characteristic{c})
		got := r.Comparisons[0]
		if !math.IsNaN(got.P) || !math.IsNaN(got.PHolm) || len(got.Warnings) == 0 || !strings.Contains(got.Conclusion, "niet te toetsen") {
			t.Errorf("%s: %+v", name, got)
		}
		p := single(c)
		m := representativity.Estimate(p)
		if len(m.Chances) != len(p.Cells) {
			t.Errorf("%s: %d chances of %d cells", name, len(m.Chances), len(p.Cells))
		}
		representativity.Call(p)
		_ = m.Indicators.Sentence()
		if m.Indicators.R > 1 || m.Indicators.R < 0 {
			t.Errorf("%s: R = %v", name, m.Indicators.R)
		}
	}
	bad := representativity.Population{Characteristics: []representativity.Characteristic{made("x", []int{1}, []int{2})}, Cells: []representativity.Cell{{Categories: []int{7}, Population: 2, Responded: 1}}}
	if m := representativity.Estimate(bad); !math.IsNaN(m.Indicators.R) || len(m.Indicators.Warnings) == 0 {
		t.Errorf("a cell out of range: %+v", m.Indicators)
	}
	if _, err := representativity.Rake(bad, 0, 0); !errors.Is(err, stat.ErrUnsound) {
		t.Errorf("raking it: %v", err)
	}
}

// two is a population of two characteristics that do not coincide.
func two() representativity.Population {
	return representativity.Population{
		Characteristics: []representativity.Characteristic{made("sector", []int{0, 0}, []int{0, 0}, "po", "vo"), made("regio", []int{0, 0}, []int{0, 0}, "noord", "zuid")},
		Cells: []representativity.Cell{
			{[]int{0, 0}, 40, 20}, {[]int{0, 1}, 45, 30}, {[]int{1, 0}, 50, 25}, {[]int{1, 1}, 30, 25},
		},
	}
}

func TestTheModelKeepsTheMarginsOfTheResponse(t *testing.T) {
	t.Parallel()
	p := two()
	m := representativity.Estimate(p)
	margins, _ := p.Margins()
	for k, c := range margins {
		for h, want := range c.Categories {
			sum := 0.0
			for i, cell := range p.Cells {
				if cell.Categories[k] == h {
					sum += m.Chances[i] * float64(cell.Population)
				}
			}
			if math.Abs(sum-float64(want.Responded)) > 1e-7 {
				t.Errorf("%s %s: expected response %v, was %d", c.Name, want.Label, sum, want.Responded)
			}
		}
	}
	i := m.Indicators
	if i.N != 165 || i.Responded != 100 || !(i.R > 0 && i.R <= i.RAdjusted && i.RAdjusted <= 1) || len(i.Partial) != 2 {
		t.Errorf("got %+v", i)
	}
	for k, c := range margins { // a variable explains no more than all do
		if v := i.Partial[k]; v.P > i.S+1e-9 || v.Name != c.Name {
			t.Errorf("%+v above S = %v", v, i.S)
		}
	}
}

func TestWeights(t *testing.T) {
	t.Parallel()
	w, err := representativity.PostStratify(figures[4].characteristic)
	if err != nil {
		t.Fatal(err)
	}
	for h, want := range []float64{.9918, .8974, 1.1332} {
		if math.Abs(w.ByCell[h]-want) > 5e-5 {
			t.Errorf("weight %d = %.5f, want %v", h, w.ByCell[h], want)
		}
	}
	if math.Abs(w.Deff-1.0090) > 5e-5 || w.N != 217 || w.Min != w.ByCell[1] || w.Max != w.ByCell[2] {
		t.Errorf("got %+v", w)
	}
	p := representativity.Population{Characteristics: two().Characteristics, Cells: []representativity.Cell{ // 20, 30, 25, 25 of a population with 60:40 and 50:50
		{[]int{0, 0}, 60, 20}, {[]int{0, 1}, 60, 30}, {[]int{1, 0}, 40, 25}, {[]int{1, 1}, 40, 25}}}
	raked, err := representativity.Rake(p, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1.378825, 1.080783, 0.896940, 0.703060} {
		if math.Abs(raked.ByCell[i]-want) > 5e-6 {
			t.Errorf("raked weight %d = %.6f, want %v", i, raked.ByCell[i], want)
		}
	}
	if math.Abs(raked.Deff-1.0554) > 5e-5 || raked.N != 100 {
		t.Errorf("got %+v", raked)
	}
}

func TestAnEmptyCategoryIsNamed(t *testing.T) {
	t.Parallel()
	c := made("type", []int{0, 9}, []int{4, 20}, "G4", "overig")
	_, err := representativity.PostStratify(c)
	want := representativity.EmptyError{Characteristic: "type", Category: "G4"}
	if e, ok := errors.AsType[*representativity.EmptyError](err); !ok || *e != want || !strings.Contains(err.Error(), "G4") {
		t.Errorf("post-stratification: %v", err)
	}
	_, err = representativity.Rake(single(c), stat.TrimLo, stat.TrimHi)
	if e, ok := errors.AsType[*representativity.EmptyError](err); !ok || *e != want {
		t.Errorf("raking: %v", err)
	}
	if _, err := representativity.PostStratify(made("type", []int{0, 0}, []int{4, 20})); err == nil {
		t.Error("weights of nobody")
	}
}

func TestCallsGoToTheLowestResponseFirst(t *testing.T) {
	t.Parallel()
	got := representativity.Call(single(figures[4].characteristic))
	var order []int
	for _, c := range got {
		order = append(order, c.Cell)
	}
	if diff := cmp.Diff([]int{2, 0, 1}, order); diff != "" || got[0].Gain <= 0 || got[2].Gain >= 0 || got[0].Left != 63 {
		t.Errorf("%s %+v", diff, got)
	}
	want := "B.1.5 regio zuid: de verwachte respons is er minder dan gemiddeld (50 % tegen 57 %); één antwoord erbij brengt de R-indicator van 0,8927 naar 0,8992."
	if diff := cmp.Diff(want, got[0].Why); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// A stratum that answered completely needs no call.
	for _, c := range representativity.Call(single(figures[6].characteristic)) {
		if c.Cell == 0 {
			t.Errorf("G4 is called: %+v", c)
		}
	}
	nobody := representativity.Call(single(made("x", []int{0, 0, 0}, []int{5, 9, 9})))
	if len(nobody) != 3 || nobody[0].Cell != 1 || nobody[1].Cell != 2 || nobody[0].Why == "" {
		t.Errorf("before the first response: %+v", nobody)
	}
}

func TestTheOrderOfCallsIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(6, 6))
	var candidates []representativity.Candidate
	for i := range 60 {
		candidates = append(candidates, representativity.Candidate{Code: fmt.Sprintf("GM%04d", i), Cell: i % 5}) // cell 4 is not there
	}
	want := representativity.Order(two(), candidates)
	for range 20 {
		random.Shuffle(len(candidates), func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
		if diff := cmp.Diff(want, representativity.Order(two(), candidates)); diff != "" {
			t.Fatal(diff)
		}
	}
	first := representativity.Call(two())[0].Cell
	if want[0].Cell != first || want[59].Cell != 4 || !slices.IsSortedFunc(want[:12], func(a, b representativity.Candidate) int { return strings.Compare(a.Code, b.Code) }) {
		t.Errorf("got %v", want)
	}
}

// TestCallingAsToldRaisesR plays that every call succeeds.
func TestCallingAsToldRaisesR(t *testing.T) {
	t.Parallel()
	p := two()
	r := representativity.Estimate(p).Indicators.R
	start := r
	for range 25 {
		p.Cells = slices.Clone(p.Cells)
		p.Cells[representativity.Call(p)[0].Cell].Responded++
	}
	if r = representativity.Estimate(p).Indicators.R; r < start+0.1 {
		t.Errorf("R went from %v to %v", start, r)
	}
}

func BenchmarkCall(b *testing.B) {
	p := representativity.Population{Characteristics: []representativity.Characteristic{
		made("a", make([]int, 5), make([]int, 5)), made("b", make([]int, 4), make([]int, 4)), made("c", make([]int, 6), make([]int, 6)), made("d", make([]int, 2), make([]int, 2))}}
	for i := range 240 {
		p.Cells = append(p.Cells, representativity.Cell{Categories: []int{i % 5, i / 5 % 4, i / 20 % 6, i / 120}, Population: 400 + i, Responded: 150 + i%7*20})
	}
	for b.Loop() {
		representativity.Call(p)
	}
}
