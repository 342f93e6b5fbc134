package instrument

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lines prints differences as "change touch question: text".
func lines(ds []Difference) string {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%s %s %s | %s\n", d.Change, d.Touches, d.Question, d.Text)
	}
	return b.String()
}

func TestDiffOfTheEditionsIsWhatWasIntended(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"swv": `added data b5_5 | Vraag b5_5: rij ‘Leerplicht’ toegevoegd
`,
		"gemeente": `added data b6_30 | Vraag b6_30: antwoord ‘Nvt’ toegevoegd
changed data b6_x1 | Vraag b6_x1: wordt nu gesteld: ‘Welke acties worden er momenteel vanuit uw gemeente ondernomen om de aansluiting met onderwijs te versterken?’
changed data b6_x2 | Vraag b6_x2: wordt nu gesteld: ‘Welke kansen ziet u verder nog om de aansluiting tussen jeugdhulp en onderwijs in uw gemeente te versterken?’
`,
	} {
		a, b := ours(t, name+"-2018"), ours(t, name+"-2026")
		if diff := cmp.Diff(want, lines(Diff(a, b))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if ds := Diff(a, a); len(ds) > 0 {
			t.Errorf("%s differs from itself: %v", name, ds)
		}
		if there, back := Diff(a, b), Diff(b, a); len(there) != len(back) {
			t.Errorf("%s: %d differences there, %d back: %v", name, len(there), len(back), back)
		}
	}
}

// TestDiffNamesEveryChange makes one change at a time to a copy of the swv
// instrument and expects one line for it.
func TestDiffNamesEveryChange(t *testing.T) {
	t.Parallel()
	src := sourceOf(t, "swv-2018")
	base := parsed(t, Source{Text: src})
	for _, tt := range []struct{ from, to, want string }{
		{"minutes: 20", "minutes: 25", "changed help  | Vragenlijst: duur gewijzigd van 20 in 25 minuten"},
		{"minutes: 20", "minutes: 20\npartial: 60", "changed data  | Vragenlijst: grens voor ‘gedeeltelijk’ gewijzigd van 50 in 60 procent"},
		{`"grootste gemeente(n) in de regio"`, `"grootste gemeente"`, "changed wording  | Begrip ‘Kerngemeente’: uitleg gewijzigd van ‘grootste gemeente(n) in de regio’ in ‘grootste gemeente’"},
		{`title: "Knelpunten"`, `title: "Problemen"`, "changed help  | Onderdeel ‘Problemen’: titel gewijzigd van ‘Knelpunten’ in ‘Problemen’"},
		{`label: "Via de huisarts"`, `label: "Huisarts"`, "changed wording b5_8 | Vraag b5_8: tekst van rij huisarts gewijzigd van ‘Via de huisarts’ in ‘Huisarts’"},
		{`"Wat is uw functie?"`, `"Wie bent u?"`, "changed wording b5_1 | Vraag b5_1: tekst gewijzigd van ‘Wat is uw functie?’ in ‘Wie bent u?’"},
		{"show_if: b5_24 = ja", "show_if: b5_24 = nee", "changed data b5_25 | Vraag b5_25: voorwaarde gewijzigd van ‘b5_24 = ja’ in ‘b5_24 = nee’"},
		{`          - {id: manager, label: "Manager"}` + "\n", "", "removed data b5_1 | Vraag b5_1: antwoord ‘Manager’ weggehaald"},
		{`          - {id: overig, label: "Overige gemeenten"}` + "\n        kernvraag: true\n\n      - id: b5_3", "        kernvraag: true\n\n      - id: b5_3", "removed data b5_2 | Vraag b5_2: rij ‘Overige gemeenten’ weggehaald"},
		{"        hint: \"U mag cijfers openlaten.\" # eigen uitleg\n", "", "removed help b5_17 | Vraag b5_17: uitleg weggehaald: ‘U mag cijfers openlaten.’"},
		{"{min: 1, max: 10,", "{min: 0, max: 10,", "changed data b5_17 | Vraag b5_17: cijfers gewijzigd van 1–10 in 0–10"},
		{"id: oza_kort, label", "id: oza_snel, label", "added data b5_9 | Vraag b5_9: rij ‘Kortdurende begeleiding of behandeling op school’ toegevoegd\nremoved data b5_9 | Vraag b5_9: rij ‘Kortdurende begeleiding of behandeling op school’ weggehaald"},
		{"monitoring_2, monitoring_3]", "monitoring_2]", "removed data  | Schaal ‘Borging in beleid en bestuur’: item monitoring_3 weggehaald"},
		{"{id: schoolbesturen,", "{id: besturen,", "added data b5_18 | Vraag b5_18: rij ‘Op het niveau van individuele schoolbesturen’ toegevoegd\nremoved data b5_18 | Vraag b5_18: rij ‘Op het niveau van individuele schoolbesturen’ weggehaald"},
		{"        optional: true\n\n      - id: b5_27", "\n      - id: b5_27", "changed help b5_26 | Vraag b5_26: vraagt nu om een antwoord"},
		{"id: doel, label: \"Doel\"", "id: doel, label: \"Waarom\"", "changed wording b5_28_voorbeelden | Vraag b5_28_voorbeelden: tekst van veld doel gewijzigd van ‘Doel’ in ‘Waarom’"},
	} {
		changed := strings.Replace(string(src), tt.from, tt.to, 1)
		if changed == string(src) {
			t.Errorf("%q is not in the file", tt.from)
			continue
		}
		in, ps := Parse([]byte(changed))
		if in == nil {
			t.Errorf("%q: %v", tt.to, ps)
			continue
		}
		if got := strings.TrimSpace(lines(Diff(base, in))); !strings.HasPrefix(got, tt.want) || strings.Count(got, "\n") > strings.Count(tt.want, "\n")+1 {
			t.Errorf("%q:\n%s\nwant\n%s", tt.to, got, tt.want)
		}
	}
}

func TestMovedNamesTheFewest(t *testing.T) {
	t.Parallel()
	id := func(s string) string { return s }
	for _, tt := range []struct{ a, b, want string }{
		{"a b c d", "a b c d", ""},
		{"a b c d", "d a b c", "d"},
		{"a b c d", "b c d a", "a"},
		{"a b c d", "a x c b d", "b"},
		{"a b", "", ""},
	} {
		got := moved(strings.Fields(tt.a), strings.Fields(tt.b), id)
		if !slices.Equal(got, strings.Fields(tt.want)) {
			t.Errorf("%s → %s: %v, want %s", tt.a, tt.b, got, tt.want)
		}
	}
}
