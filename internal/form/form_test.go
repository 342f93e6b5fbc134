package form_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/logic"
)

type V = answer.Values

// every is a questionnaire with one question of each kind and a chain of
// routing: ja -> keten -> slot.
func every(t testing.TB) *form.Form {
	t.Helper()
	when := func(s string) logic.Expr {
		e, err := logic.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	options := []instrument.Option{{ID: "gz", Label: "Geen zicht op", Missing: instrument.NoView}, {ID: "a", Code: 1, Label: "Aap"}, {ID: "b", Code: 2, Label: "Beer"},
		{ID: "anders", Code: 3, Label: "Anders", Open: true}, {ID: "nvt", Label: "N.v.t.", Missing: instrument.NotApply}}
	boxes := append([]instrument.Option{{ID: "geen", Label: "Geen", Exclusive: true}}, options[1:4]...)
	boxes = append(boxes, instrument.Option{ID: "gz", Label: "Geen zicht op", Missing: instrument.NoView, Exclusive: true})
	rows := []instrument.Row{{ID: "r1", Label: "Eerste"}, {ID: "r2", Label: "Tweede"}, {ID: "anders", Label: "Anders", Open: true}}
	ja := []instrument.Option{{ID: "ja", Code: 1, Label: "Ja"}, {ID: "nee", Code: 2, Label: "Nee"}}
	return form.New(&instrument.Instrument{Name: "swv", Edition: "proef", Sections: []instrument.Section{
		{ID: "s1", Title: "Een", Questions: []instrument.Question{
			{ID: "een", Kind: instrument.Single, Text: "Een", Options: options},
			{ID: "vak", Kind: instrument.Multi, Text: "Vak", Options: boxes},
			{ID: "rij", Kind: instrument.MatrixSingle, Text: "Rij", Rows: rows, Options: options[:3]},
			{ID: "hok", Kind: instrument.MatrixMulti, Text: "Hok", Rows: rows, Options: boxes[:3]},
			{ID: "cijfer", Kind: instrument.GradeMatrix, Text: "Cijfer", Rows: rows[:2], Grade: instrument.Grade{Min: 1, Max: 10}, Options: []instrument.Option{{ID: "nu", Code: 1, Label: "Nu"}, {ID: "straks", Code: 2, Label: "Straks"}, {ID: "gz", Label: "Geen zicht op", Missing: instrument.NoView}}},
			{ID: "open", Kind: instrument.Open, Text: "Open"},
			{ID: "tel", Kind: instrument.Number, Text: "Tel", Range: instrument.Range{Min: 0, Max: 900}, Options: []instrument.Option{{ID: "gz", Label: "Geen zicht op", Missing: instrument.NoView}}},
		}},
		{ID: "s2", Title: "Twee", Questions: []instrument.Question{
			{ID: "ja", Kind: instrument.YesNo, Text: "Ja?", Options: ja},
			{ID: "keten", Kind: instrument.YesNo, Text: "Keten?", Options: ja, ShowIf: when("ja = 1")},
			{ID: "slot", Kind: instrument.Open, Text: "Slot", ShowIf: when("keten = 1")},
			{ID: "voorbeeld", Kind: instrument.Repeated, Text: "Voorbeelden", Repeat: "voorbeeld", ShowIf: when("ja = 1"), Fields: []instrument.Field{{ID: "naam", Label: "Naam"}, {ID: "doel", Label: "Doel"}}},
		}},
	}})
}

// post makes a posted form: pairs of name and value.
func post(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func pageIDs(pages []*instrument.Page) string {
	var ids []string
	for _, p := range pages {
		ids = append(ids, p.ID)
	}
	return strings.Join(ids, " ")
}

func TestAnAnswerThatIsHiddenShowsNothing(t *testing.T) {
	t.Parallel()
	f := every(t)
	const first = "een vak rij hok cijfer open tel ja"
	for _, tt := range []struct {
		values V
		want   string
	}{
		{V{}, first},
		{V{"ja": "1"}, first + " keten voorbeeld"},
		{V{"ja": "1", "keten": "1"}, first + " keten slot voorbeeld"},
		{V{"ja": "2", "keten": "1", "slot": "x"}, first},
		{V{"ja": "7", "keten": "1"}, first},
		{V{"keten": "1"}, first},
		{V{"ja": "99", "keten": "1"}, first},
	} {
		if got := pageIDs(f.Visible(tt.values)); got != tt.want {
			t.Errorf("%v shows %s, want %s", tt.values, got, tt.want)
		}
	}
}

func TestNeighboursPassOverWhatIsHidden(t *testing.T) {
	t.Parallel()
	f := every(t)
	before, after := f.Neighbours(f.Page("ja"), V{"ja": "2"})
	if before.ID != "tel" || after != nil {
		t.Errorf("neighbours of the last page: %v, %v", before, after)
	}
	// a page that a colleague's answer hid meanwhile still leads somewhere
	before, after = f.Neighbours(f.Page("slot"), V{"ja": "1", "keten": "2"})
	if before.ID != "keten" || after.ID != "voorbeeld" {
		t.Errorf("neighbours of a hidden page: %s, %s", before.ID, after.ID)
	}
}

func TestFinalLeavesOutWhatIsHiddenOrOverruled(t *testing.T) {
	t.Parallel()
	f := every(t)
	got := f.Final(V{"een": "1", "een_anders_txt": "overruled", "vak_a": "1", "vak_anders": "0", "vak_anders_txt": "kept in a multiple choice", "ja": "2", "keten": "1", "slot": "x", "voorbeeld_1_naam": "y", "open": "z", "onbekend": "1"})
	want := V{"een": "1", "vak_a": "1", "vak_anders": "0", "vak_anders_txt": "kept in a multiple choice", "ja": "2", "open": "z"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := f.Final(V{"een": "3", "een_anders_txt": "geldt"}); got["een_anders_txt"] != "geldt" {
		t.Errorf("the text of the chosen option was left out: %v", got)
	}
}

func TestReadTakesWhatBrowsersAndAttackersPost(t *testing.T) {
	t.Parallel()
	f := every(t)
	long := strings.Repeat("é", form.MaxText)
	tests := []struct {
		name     string
		page     string
		post     url.Values
		want     V // values that are not ""
		problems int
	}{
		{"nothing", "een", post(), V{}, 0},
		{"a choice", "een", post("een", "2"), V{"een": "2"}, 0},
		{"geen zicht op", "een", post("een", "8"), V{"een": "8"}, 0},
		{"left open is no choice", "een", post("een", "7"), V{}, 0},
		{"an unknown code", "een", post("een", "4"), V{}, 1},
		{"an option id is no code", "een", post("een", "a"), V{}, 1},
		{"code in another spelling", "een", post("een", "+1"), V{}, 1},
		{"code with a zero", "een", post("een", "01"), V{}, 1},
		{"code with a blank", "een", post("een", "1 "), V{}, 1},
		{"two choices", "een", post("een", "1", "een", "2"), V{}, 1},
		{"an empty and a choice", "een", post("een", "", "een", "2"), V{}, 0},
		{"a huge code", "een", post("een", "99999999999999999999999999"), V{}, 1},
		{"a code of bytes", "een", post("een", "\xff\x00"), V{}, 1},
		{"text selects anders", "een", post("een_anders_txt", "iets"), V{"een": "3", "een_anders_txt": "iets"}, 0},
		{"blank text selects nothing", "een", post("een_anders_txt", " \t"), V{"een_anders_txt": " \t"}, 0},
		{"the choice wins from the text", "een", post("een", "1", "een_anders_txt", "iets"), V{"een": "1", "een_anders_txt": "iets"}, 0},
		{"another page's field", "een", post("open", "x", "vak_a", "1"), V{}, 0},

		{"boxes", "vak", post("vak_a", "1", "vak_b", "1"), V{"vak_geen": "0", "vak_a": "1", "vak_b": "1", "vak_anders": "0", "vak_gz": "0"}, 0},
		{"no boxes", "vak", post(), V{}, 0},
		{"boxes posted as unticked", "vak", post("vak_a", "0", "vak_b", "7"), V{}, 0},
		{"a box twice", "vak", post("vak_a", "1", "vak_a", "1"), V{"vak_geen": "0", "vak_a": "1", "vak_b": "0", "vak_anders": "0", "vak_gz": "0"}, 0},
		{"a box with another value", "vak", post("vak_a", "on"), V{}, 1},
		{"text ticks anders", "vak", post("vak_anders_txt", "x"), V{"vak_geen": "0", "vak_a": "0", "vak_b": "0", "vak_anders": "1", "vak_gz": "0", "vak_anders_txt": "x"}, 0},
		{"exclusive alone", "vak", post("vak_geen", "1"), V{"vak_geen": "1", "vak_a": "0", "vak_b": "0", "vak_anders": "0", "vak_gz": "0"}, 0},
		{"exclusive beside another", "vak", post("vak_geen", "1", "vak_a", "1"), V{"vak_geen": "1", "vak_a": "1", "vak_b": "0", "vak_anders": "0", "vak_gz": "0"}, 1},
		{"geen zicht op beside another", "vak", post("vak_gz", "1", "vak_a", "1"), V{"vak_geen": "0", "vak_a": "1", "vak_b": "0", "vak_anders": "0", "vak_gz": "1"}, 1},
		{"exclusive beside a text", "vak", post("vak_geen", "1", "vak_anders_txt", "x"), V{"vak_geen": "1", "vak_a": "0", "vak_b": "0", "vak_anders": "1", "vak_gz": "0", "vak_anders_txt": "x"}, 1},

		{"rows", "rij", post("rij_r1", "1", "rij_r2", "8"), V{"rij_r1": "1", "rij_r2": "8"}, 0},
		{"text of a row does not choose", "rij", post("rij_anders_txt", "x"), V{"rij_anders_txt": "x"}, 0},
		{"each row its own problem", "rij", post("rij_r1", "5", "rij_r2", "6"), V{}, 2},
		{"boxes of a row", "hok", post("hok_r1_a", "1", "hok_r2_geen", "1"), V{"hok_r1_geen": "0", "hok_r1_a": "1", "hok_r1_b": "0", "hok_r2_geen": "1", "hok_r2_a": "0", "hok_r2_b": "0"}, 0},
		{"exclusive in one row only", "hok", post("hok_r1_a", "1", "hok_r1_geen", "1", "hok_r2_geen", "1"), V{"hok_r1_geen": "1", "hok_r1_a": "1", "hok_r1_b": "0", "hok_r2_geen": "1", "hok_r2_a": "0", "hok_r2_b": "0"}, 1},

		{"grades", "cijfer", post("cijfer_r1_nu", "10", "cijfer_r2_straks", "98"), V{"cijfer_r1_nu": "10", "cijfer_r2_straks": "98"}, 0},
		{"a grade outside", "cijfer", post("cijfer_r1_nu", "11", "cijfer_r1_straks", "0"), V{}, 2},
		{"a grade left open", "cijfer", post("cijfer_r1_nu", "97"), V{}, 0},

		{"text as typed", "open", post("open", "  =1+1\r\n'x\t"), V{"open": "  =1+1\r\n'x\t"}, 0},
		{"the longest text", "open", post("open", long), V{"open": long}, 0},
		{"a longer text is kept", "open", post("open", long+"x"), V{"open": long + "x"}, 1},
		{"a text with NUL", "open", post("open", "a\x00b"), V{"open": "a\uFFFDb"}, 1},
		{"a text that is no UTF-8", "open", post("open", "a\xffb"), V{"open": "a\uFFFDb"}, 1},
		{"a text twice loses nothing", "open", post("open", "a", "open", "b"), V{"open": "a\nb"}, 0},

		{"a number", "tel", post("tel", " 12 "), V{"tel": "12"}, 0},
		{"zero", "tel", post("tel", "000"), V{"tel": "0"}, 0},
		{"geen zicht op a number", "tel", post("tel", "998"), V{"tel": "998"}, 0},
		{"left open is no number", "tel", post("tel", "997"), V{}, 0},
		{"too large", "tel", post("tel", "901"), V{"tel": "901"}, 1},
		{"below", "tel", post("tel", "-1"), V{"tel": "-1"}, 1},
		{"no number", "tel", post("tel", "tien"), V{"tel": "tien"}, 1},
		{"half is not fifteen", "tel", post("tel", "1.5"), V{"tel": "1.5"}, 1},
		{"a comma", "tel", post("tel", "1,5"), V{"tel": "1,5"}, 1},
		{"overflow", "tel", post("tel", "99999999999999999999"), V{"tel": "99999999999999999999"}, 1},
		{"a number with NUL", "tel", post("tel", "1\x00"), V{"tel": "1\uFFFD"}, 1},
		{"a number and geen zicht op", "tel", post("tel", "5", "tel", "998"), V{"tel": "5"}, 1},

		{"repeats", "voorbeeld", post("voorbeeld_1_naam", "a", "voorbeeld_10_doel", "b", "voorbeeld_11_naam", "c"), V{"voorbeeld_1_naam": "a", "voorbeeld_10_doel": "b"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := f.Page(tt.page)
			got := f.Read(p, tt.post)
			full := got.Values.Clone()
			for k, v := range full {
				if v == "" {
					delete(full, k)
				}
			}
			if diff := cmp.Diff(tt.want, full); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			if len(got.Problems) != tt.problems {
				t.Errorf("problems %+v, want %d", got.Problems, tt.problems)
			}
			for _, v := range p.Variables() {
				if _, has := got.Values[v.Name]; !has {
					t.Errorf("variable %s is not among the values", v.Name)
				}
			}
			if len(got.Values) != len(p.Variables()) {
				t.Errorf("%d values for %d variables", len(got.Values), len(p.Variables()))
			}
		})
	}
}

func TestADutchThousandIsANumber(t *testing.T) {
	t.Parallel()
	q := instrument.Question{ID: "n", Kind: instrument.Number, Text: "N", Range: instrument.Range{Max: 5_000_000}}
	f := form.New(&instrument.Instrument{Sections: []instrument.Section{{Questions: []instrument.Question{q}}}})
	for typed, want := range map[string]string{"1.234": "1234", "12.345": "12345", "1.234.567": "1234567"} {
		if got := f.Read(f.Page("n"), post("n", typed)); got.Values["n"] != want || got.Problems != nil {
			t.Errorf("%s is read as %q (%v)", typed, got.Values["n"], got.Problems)
		}
	}
	for _, typed := range []string{"1.2", "1.23", "1.2345", ".123", "1..234", "1.234.5", "12.34.567"} {
		if got := f.Read(f.Page("n"), post("n", typed)); len(got.Problems) != 1 || got.Values["n"] != typed {
			t.Errorf("%s is read as %q without a problem", typed, got.Values["n"])
		}
	}
}

func TestClearingTakesTheProblemAway(t *testing.T) {
	t.Parallel()
	f := every(t)
	p := f.Page("rij")
	r := f.Read(p, post("rij_r1", "5", "rij_r2", "1", "rij_anders", "1", "rij_anders_txt", "x"))
	form.Extra(p, &r, "wis:rij_r1")
	form.Extra(p, &r, "wis:rij_anders")
	if len(r.Problems) != 0 || r.Values["rij_anders"] != "" || r.Values["rij_anders_txt"] != "" || r.Values["rij_r2"] != "1" {
		t.Errorf("after clearing: %+v", r)
	}
	before := r.Values.Clone()
	for _, extra := range []string{"", "wis:", "wis:onbekend", "verwijder:1", "verwijder", "voeg_toe", ":::", "verwijder:x"} {
		form.Extra(p, &r, extra)
	}
	if diff := cmp.Diff(before, r.Values); diff != "" {
		t.Errorf("a strange button changed answers:\n%s", diff)
	}
}

func TestRemovingARepeatMovesTheLaterOnesUp(t *testing.T) {
	t.Parallel()
	f := every(t)
	p := f.Page("voorbeeld")
	fill := func() form.Post {
		u := url.Values{}
		for n := 1; n <= instrument.MaxRepeats; n++ {
			u.Set(fmt.Sprintf("voorbeeld_%d_naam", n), fmt.Sprint("naam ", n))
			u.Set(fmt.Sprintf("voorbeeld_%d_doel", n), fmt.Sprint("doel ", n))
		}
		return f.Read(p, u)
	}
	for _, n := range []int{1, 5, 10} {
		r := fill()
		form.Extra(p, &r, fmt.Sprint("verwijder:", n))
		for i := 1; i <= 10; i++ {
			want := fmt.Sprint("naam ", i)
			if i >= n {
				want = fmt.Sprint("naam ", i+1)
			}
			if i == 10 {
				want = ""
			}
			if got := r.Values[fmt.Sprintf("voorbeeld_%d_naam", i)]; got != want {
				t.Errorf("remove %d: name %d is %q, want %q", n, i, got, want)
			}
		}
	}
	for _, strange := range []string{"0", "-1", "11", "99999999999", ""} {
		r := fill()
		form.Extra(p, &r, "verwijder:"+strange)
		if diff := cmp.Diff(fill().Values, r.Values); diff != "" {
			t.Errorf("remove %q changed something:\n%s", strange, diff)
		}
	}
	if n := form.RepeatCount(p, V{"voorbeeld_3_doel": "x"}); n != 3 {
		t.Errorf("%d repeats, want 3", n)
	}
	if n := form.RepeatCount(p, V{}); n != 1 {
		t.Errorf("%d repeats of nothing, want 1", n)
	}
}

// TestASoftPromptIsAskedOnce posts each page of each questionnaire twice the
// same way: whatever is asked the first time, the second time passes.
func TestASoftPromptIsAskedOnce(t *testing.T) {
	t.Parallel()
	forms := append(published(t), every(t))
	for _, f := range forms {
		for i := range f.Pages {
			p := &f.Pages[i]
			for _, fields := range []url.Values{{}, andersOnly(p)} {
				read := f.Read(p, fields)
				if len(read.Problems) > 0 {
					continue
				}
				first := stored(p, V{}, read.Values)
				asked := f.Prompts(p, V{}, first)
				if again := f.Prompts(p, first, stored(p, first, read.Values)); len(again) > 0 {
					t.Errorf("%s %s: asked again: %+v", f.In.Name, p.ID, again)
				}
				for _, a := range asked {
					if a.Text == "" || a.Field == "" {
						t.Errorf("%s: a prompt without words or place: %+v", p.ID, a)
					}
				}
				if q := p.Question; len(fields) == 0 && len(asked) == 0 && !q.Optional && q.Kind != instrument.Open && q.Kind != instrument.Repeated {
					t.Errorf("%s: nothing is asked of an empty page", p.ID)
				}
			}
		}
	}
}

// andersOnly chooses every option that asks for a text, without the text.
func andersOnly(p *instrument.Page) url.Values {
	u := url.Values{}
	for _, v := range p.Variables() {
		if name, ok := strings.CutSuffix(v.Name, "_anders_txt"); ok {
			u.Set(name+"_anders", "1")
			u.Set(name, "3")
		}
	}
	return u
}

func stored(p *instrument.Page, before, posted V) V {
	after := before.Clone()
	for name, value := range posted {
		after.Set(name, value)
	}
	answer.Apply(after, answer.Seen(p.Items, after))
	return after
}

// published are the forms of the instruments that come with the product.
func published(t testing.TB) []*form.Form {
	t.Helper()
	var forms []*form.Form
	for _, d := range instrument.StudyDefinitions() {
		for _, s := range d.Sources {
			in, problems := s.Parse()
			if in == nil {
				t.Fatal(problems)
			}
			forms = append(forms, form.New(in))
		}
	}
	return forms
}

func TestAViewShowsWhatIsStoredWithUniqueIds(t *testing.T) {
	t.Parallel()
	for _, f := range append(published(t), every(t)) {
		for i := range f.Pages {
			p := &f.Pages[i]
			values := V{}
			for _, v := range p.Variables() {
				values[v.Name] = first(&v)
			}
			checkView(t, f.View(p, values, nil, nil, 1), values)
		}
	}
}

func first(v *instrument.Variable) string {
	if v.Type == instrument.TextType || v.Type == instrument.NumberType {
		return "1"
	}
	return fmt.Sprint(v.Values[min(1, len(v.Values)-1)].Code)
}

func checkView(t *testing.T, v form.View, values V) {
	t.Helper()
	ids := map[string]bool{}
	id := func(s string) {
		if s == "" || ids[s] {
			t.Errorf("%s: id %q is empty or there twice", v.ID, s)
		}
		ids[s] = true
	}
	shown := map[string]bool{}
	text := func(x *form.Text) {
		if x == nil {
			return
		}
		id(x.Name)
		shown[x.Name] = true
		if x.Value != values[x.Name] {
			t.Errorf("%s: %s shows %q, stored is %q", v.ID, x.Name, x.Value, values[x.Name])
		}
	}
	for _, g := range v.Groups {
		for _, f := range g.Fields {
			text(f.Text)
			apart := false
			for _, o := range f.Options {
				id(o.ID)
				text(o.Text)
				shown[o.Name] = true
				if apart && !o.Apart {
					t.Errorf("%s: the substantive option %s stands after geen zicht op", v.ID, o.Label)
				}
				apart = apart || o.Apart
				if o.Checked != (values[o.Name] == o.Value) {
					t.Errorf("%s: %s=%s is checked %v, stored is %q", v.ID, o.Name, o.Value, o.Checked, values[o.Name])
				}
			}
		}
	}
	for i := 1; i < len(v.Heads); i++ {
		if v.Heads[i-1].Apart && !v.Heads[i].Apart {
			t.Errorf("%s: head %s stands after geen zicht op", v.ID, v.Heads[i].Label)
		}
	}
	for name := range values {
		if !shown[name] {
			t.Errorf("%s: the page has no control for %s", v.ID, name)
		}
	}
	if v.Step > v.Steps || v.Number > v.Numbers || v.Number < 0 {
		t.Errorf("%s: step %d of %d, question %d of %d", v.ID, v.Step, v.Steps, v.Number, v.Numbers)
	}
}

func TestGeenZichtOpStandsBeforeNvt(t *testing.T) {
	t.Parallel()
	f := every(t)
	v := f.View(f.Page("een"), V{}, nil, nil, 1)
	var labels []string
	for _, o := range v.Groups[0].Fields[0].Options {
		labels = append(labels, o.Label)
	}
	want := []string{"Aap", "Beer", "Anders", "Geen zicht op", "N.v.t."}
	if !slices.Equal(labels, want) {
		t.Errorf("options are %v, want %v", labels, want)
	}
}

func TestARepeatedGroupNeverShowsMoreThanItsMaximum(t *testing.T) {
	t.Parallel()
	f := every(t)
	for _, n := range []int{-5, 0, 1, 3, 10, 11, 1 << 30} {
		v := f.View(f.Page("voorbeeld"), V{"voorbeeld_2_naam": "x"}, nil, nil, n)
		want := min(max(n, 2), instrument.MaxRepeats)
		if len(v.Groups) != want || v.CanAdd != (want < instrument.MaxRepeats) {
			t.Errorf("%d asked: %d groups, can add %v", n, len(v.Groups), v.CanAdd)
		}
	}
}
