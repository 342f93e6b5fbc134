package contactplan

import (
	"fmt"
	"math/rand/v2"
	"mime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// sample fills every field.
func sample() Fields {
	return Fields{
		Unit: 7, Name: "Samenwerkingsverband PO 25-06", Audience: "swv", Contact: 3,
		Salute: "Geachte heer Jansen", Attend: "de directeur",
		Link:     Link{Unit: 7, URL: "https://uitvraag.example/v/7Kf2-Qm9x-T4pz", Code: "7KF2-QM9X"},
		ShortURL: "https://uitvraag.example/code", Unsubscribe: "https://uitvraag.example/afmelden/x1", Privacy: "https://uitvraag.example/privacy",
		Study: "Landelijke inventarisatie aansluiting onderwijs en jeugdhulp", Question: "Hoe sluiten onderwijs en jeugdhulp in uw regio op elkaar aan?",
		Why:    "De ministeries van OCW en VWS en de VNG willen weten hoe onderwijs en jeugdhulp samenwerken.",
		Client: "de ministeries van OCW en VWS", Bureau: "Bureau Lindeboom", Results: "In maart 2027 sturen wij u de uitkomsten.",
		Minutes: 20, Deadline: "tot en met vrijdag 11 december 2026", Date: "2 november 2026",
		Sender: "Marijke van Dalen", Role: "projectleider, Bureau Lindeboom", Phone: "088 - 000 01 23", Email: "hulp@uitvraag.example",
		Colleague: "J. de Vries", Other: "Gemeente Nuenen, Gerwen en Nederwetten", Receipt: "K7-2M", Moment: "maandag 16 november 2026", Progress: "4 van de 9", Caller: "Sanne Bakker",
	}
}

// bare fills only what every study has.
func bare() Fields {
	return Fields{Unit: 7, Name: "Gemeente Ommen", Link: Link{Unit: 7, URL: "http://127.0.0.1:8080/v/abc", Code: "7KF2"}, ShortURL: "http://127.0.0.1:8080/code",
		Study: "Proef", Deadline: "tot en met vrijdag 11 december 2026", Colleague: "J. de Vries", Other: "Gemeente Dalfsen", Moment: "vandaag"}
}

func mustText(t *testing.T, id string, version Channel) Template {
	t.Helper()
	tpl, ok := Text(id, version)
	if !ok {
		t.Fatalf("no text %s %s", id, version)
	}
	return tpl
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	f := sample()
	f.Attend, f.Link.Code, f.Unsubscribe = "", "", ""
	m, problems := Render(mustText(t, "uitnodiging", Mail), f)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	const want = `Geachte heer Jansen,

De ministeries van OCW en VWS en de VNG willen weten hoe onderwijs en
jeugdhulp samenwerken. Bureau Lindeboom doet dit onderzoek voor de
ministeries van OCW en VWS. Wilt u meedoen namens Samenwerkingsverband
PO 25-06?

Het kost ongeveer 20 minuten. U mag tussendoor stoppen. Meedoen kan tot
en met vrijdag 11 december 2026.

Open uw vragenlijst:
https://uitvraag.example/v/7Kf2-Qm9x-T4pz

Weet een collega hier meer van? Op de eerste pagina kunt u de
vragenlijst doorsturen. Doet u niet mee, dan kunt u dat daar ook laten
weten. U krijgt dan geen herinnering.

Wij publiceren nooit wie wat heeft geantwoord. In maart 2027 sturen wij
u de uitkomsten.

Met vriendelijke groet,

Marijke van Dalen
projectleider, Bureau Lindeboom

--
Vragen? Bel 088 - 000 01 23. Liever mailen? Schrijf naar
hulp@uitvraag.example. Deze link is persoonlijk. Hier leest u hoe wij
met uw gegevens omgaan:

https://uitvraag.example/privacy
`
	if diff := cmp.Diff(want, m.Text); diff != "" {
		t.Errorf("text (-want +got)\n%s", diff)
	}
	if m.Subject != f.Question || m.Unit != 7 || m.Contact != 3 {
		t.Errorf("%q for %d, %d", m.Subject, m.Unit, m.Contact)
	}
	for _, part := range []string{
		`<html lang="nl">`, `content="light dark"`, "prefers-color-scheme: dark", "<h1>Hoe sluiten", "<strong>Samenwerkingsverband PO 25-06</strong>",
		`<a class="button" href="https://uitvraag.example/v/7Kf2-Qm9x-T4pz">Open uw vragenlijst</a>`,
		`<a href="tel:+31880000123">088 - 000 01 23</a>`, `<a href="mailto:hulp@uitvraag.example">`, "Marijke van Dalen<br>projectleider",
	} {
		if !strings.Contains(m.HTML, part) {
			t.Errorf("the HTML has no %q", part)
		}
	}
	for _, part := range []string{"style=", "<img", "<script", "src=", "@import"} {
		if strings.Contains(m.HTML, part) {
			t.Errorf("the HTML has %q", part)
		}
	}
}

// Every text can be rendered with everything and with hardly anything, its
// lines are short, and each version has what it is for.
func TestEveryTextRenders(t *testing.T) {
	t.Parallel()
	for _, tpl := range Texts() {
		for name, f := range map[string]Fields{"all": sample(), "bare": bare()} {
			m, problems := Render(tpl, f)
			if len(problems) > 0 {
				t.Errorf("%s %s, %s: %v", tpl.ID, tpl.Version, name, problems)
				continue
			}
			for line := range strings.Lines(m.Text) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > maxLink {
					t.Errorf("%s %s: %d characters in %q", tpl.ID, tpl.Version, n, line)
				}
				if strings.Contains(line, "http") && strings.ContainsAny(strings.TrimSpace(line), " ") {
					t.Errorf("%s %s: a link is not alone in %q", tpl.ID, tpl.Version, line)
				}
			}
			if strings.Contains(m.Text, "{{") || strings.Contains(m.Text, "**") || strings.Contains(m.Text, "\n\n\n") {
				t.Errorf("%s %s: not clean:\n%s", tpl.ID, tpl.Version, m.Text)
			}
			if (m.HTML != "") != (tpl.Version == Mail) {
				t.Errorf("%s %s: HTML of %d bytes", tpl.ID, tpl.Version, len(m.HTML))
			}
			if tpl.Version == Mail && !strings.Contains(m.Text, "\n"+f.Link.URL+"\n") {
				t.Errorf("%s: no link", tpl.ID)
			}
			if tpl.Version == Letter && (!strings.Contains(m.Text, f.Link.Code) || !strings.Contains(m.Text, "\n"+f.ShortURL+"\n") || !hasBlock(m, QR, f.Link.URL)) {
				t.Errorf("letter %s: no code, address or QR", tpl.ID)
			}
			if _, err := new(mime.WordDecoder).DecodeHeader(mime.QEncoding.Encode("utf-8", m.Subject)); err != nil {
				t.Errorf("subject %q: %v", m.Subject, err)
			}
		}
	}
}

func hasBlock(m Message, k Kind, url string) bool {
	for _, b := range m.Blocks {
		if b.Kind == k && b.URL == url {
			return true
		}
	}
	return false
}

// The plan has both versions of every written step, and the reminders differ
// (standards W4).
func TestTextsOfThePlan(t *testing.T) {
	t.Parallel()
	subjects := map[string]string{}
	for _, s := range Default().Steps {
		versions := []Channel{Mail, Letter}
		if s.Channel == Phone {
			versions = []Channel{Phone}
		}
		for _, v := range versions {
			m, problems := Render(mustText(t, s.Template, v), sample())
			if len(problems) > 0 {
				t.Error(problems)
			}
			if other := subjects[m.Subject+string(v)]; other != "" {
				t.Errorf("%s and %s have one subject", s.ID, other)
			}
			subjects[m.Subject+string(v)] = s.ID
			for _, part := range []string{"vrijdag 11 december 2026", "In maart 2027 sturen wij u de uitkomsten."} {
				if !strings.Contains(strings.ReplaceAll(m.Text, "\n", " "), part) {
					t.Errorf("%s %s: no %q", s.ID, v, part)
				}
			}
		}
	}
}

// Standards L1: plain Dutch has short sentences, and says u.
func TestTextsAreInPlainDutch(t *testing.T) {
	t.Parallel()
	for _, tpl := range Texts() {
		for _, b := range tpl.blocks {
			for _, l := range b.lines {
				said := source(l.text)
				for _, s := range strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune(".?!:", r) }) {
					if n := len(strings.Fields(s)); n > 20 {
						t.Errorf("%s, line %d: %d words: %s", tpl.ID, l.number, n, s)
					}
				}
				for _, w := range strings.Fields(strings.ToLower(said)) {
					switch strings.Trim(w, ".,?!:;*") {
					case "je", "jij", "jouw", "jullie", "middels", "teneinde", "betreffende", "omtrent", "dienaangaande", "tevens", "derhalve", "reeds", "gaarne":
						t.Errorf("%s, line %d: %q", tpl.ID, l.number, w)
					}
				}
			}
		}
	}
}

// Standards M9: name and link in a message belong to the same unit.
func TestNameAndLinkBelongTogether(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	name := func(i int) string { return fmt.Sprintf("Gemeente %c%04d-Ömstad, 's", 'A'+r.IntN(26), i) }
	all := make([]Fields, 60)
	for i := range all {
		f := sample()
		f.Unit = int64(i + 1)
		f.Name, f.Other = name(i), "Een ander"
		f.Link = Link{Unit: f.Unit, URL: fmt.Sprintf("https://u.example/v/tok%04dx", i), Code: fmt.Sprintf("C%04d", i)}
		all[i] = f
	}
	for _, tpl := range Texts() {
		for i, f := range all {
			m, problems := Render(tpl, f)
			if len(problems) > 0 {
				t.Fatal(tpl.ID, problems)
			}
			said := strings.ReplaceAll(m.Text, "\n", " ") + m.HTML + m.Subject
			for j, other := range all {
				if i != j && (strings.Contains(said, other.Name) || strings.Contains(said, other.Link.URL) || strings.Contains(said, other.Link.Code)) {
					t.Fatalf("%s for %s names %s", tpl.ID, f.Name, other.Name)
				}
			}
			if m.Unit != f.Unit || tpl.Version == Mail && !strings.Contains(said, f.Link.URL) || !strings.Contains(said, f.Name) {
				t.Fatalf("%s for %s: %s", tpl.ID, f.Name, m.Text)
			}
			f.Link = all[r.IntN(len(all))].Link
			if _, problems := Render(tpl, f); (len(problems) > 0) != (f.Link.Unit != f.Unit) {
				t.Fatalf("the link of unit %d with the name of %d: %v", f.Link.Unit, f.Unit, problems)
			}
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Fields){
		"hoort bij een andere eenheid":  func(f *Fields) { f.Link.Unit = 8 },
		"bij welke eenheid":             func(f *Fields) { f.Link.Unit = 0 },
		"regel 11, kolom 25: ‘eenheid’": func(f *Fields) { f.Name = " \n" },
		"‘link’ is leeg":                func(f *Fields) { f.Link.URL = "" },
		"‘link’ is geen adres":          func(f *Fields) { f.Link.URL = "javascript:alert(1)" },
		"langer dan 76":                 func(f *Fields) { f.Link.URL = "https://uitvraag.example/" + strings.Repeat("x", 60) },
		"‘privacy’ is geen adres":       func(f *Fields) { f.Privacy = "https://x/ y" },
		"onderwerp heeft":               func(f *Fields) { f.Question = strings.Repeat("lang ", 40) },
		"‘sluit’ is leeg":               func(f *Fields) { f.Deadline = "" },
	} {
		f := sample()
		change(&f)
		m, problems := Render(mustText(t, "uitnodiging", Mail), f)
		if len(problems) == 0 || !strings.Contains(fmt.Sprint(problems), want) || m.Text != "" {
			t.Errorf("want %q: %v", want, problems)
		}
	}
}

// What people and files put in a name stays text.
func TestFieldsAreText(t *testing.T) {
	t.Parallel()
	f := sample()
	f.Name = "<b>'s-Graven\u202Ehage</b> & **{{link}}** \r\nBcc: x@y.nl\x00"
	f.Question = "Aan:\r\nBcc: iemand@elders.nl"
	f.Email = "a@b.nl?bcc=c@d.nl"
	m, problems := Render(mustText(t, "uitnodiging", Mail), f)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if m.Subject != "Aan: Bcc: iemand@elders.nl" {
		t.Errorf("subject %q", m.Subject)
	}
	if !strings.Contains(strings.ReplaceAll(m.Text, "\n", " "), "<b>'s-Gravenhage</b> & **{{link}}** Bcc: x@y.nl?") {
		t.Errorf("text %q", m.Text)
	}
	if !strings.Contains(m.HTML, "&lt;b&gt;&#39;s-Gravenhage&lt;/b&gt; &amp; **{{link}}** Bcc: x@y.nl") || strings.Contains(m.HTML, "mailto:a@b.nl?") {
		t.Errorf("HTML %q", m.HTML)
	}
}

func TestRedacted(t *testing.T) {
	t.Parallel()
	for _, tpl := range Texts() {
		f := sample()
		m, problems := Render(tpl, f.Redacted())
		if len(problems) > 0 {
			t.Errorf("%s: %v", tpl.ID, problems)
		}
		for _, s := range []string{f.Link.URL, f.Link.Code, f.Unsubscribe} {
			if strings.Contains(m.Text+m.HTML+fmt.Sprint(m.Blocks), s) {
				t.Errorf("%s %s: keeps %s", tpl.ID, tpl.Version, s)
			}
		}
	}
}

func TestOwnText(t *testing.T) {
	t.Parallel()
	tpl, problems := ParseTemplate(`id: eigen
kanaal: mail
onderwerp: Voor {{eenheid}}

## Wat u nodig heeft

- de cijfers van **dit jaar** over leerlingen met een ondersteuningsbehoefte in uw regio
- ?collega
?collega - de hulp van {{collega}}
!collega - een collega

---

- {{email}}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	m, problems := Render(tpl, sample())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	const want = `Wat u nodig heeft

- de cijfers van dit jaar over leerlingen met een ondersteuningsbehoefte
  in uw regio
- ?collega
- de hulp van J. de Vries

--
- hulp@uitvraag.example
`
	if diff := cmp.Diff(want, m.Text); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, part := range []string{"<h2>Wat u nodig heeft</h2>", "<li>de cijfers van <strong>dit jaar</strong> over", "<hr>\n<ul class=\"small\">"} {
		if !strings.Contains(m.HTML, part) {
			t.Errorf("no %q in %s", part, m.HTML)
		}
	}
}

func TestFieldNames(t *testing.T) {
	t.Parallel()
	names := FieldNames()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("%q", names)
	}
	for _, name := range names {
		f, _ := fieldNamed(name)
		if f.value(sample()) == "" {
			t.Errorf("the sample leaves %s empty", name)
		}
	}
}

func TestTelephone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"088 - 000 01 23": "tel:+31880000123", "+31 (0)88 000 0123": "tel:+31880000123", "0031880000123": "tel:0031880000123",
		"1234": "", "geen": "", "": "", "088-1234567 of +31612345678": "",
	} {
		if got := telephone(in); got != want {
			t.Errorf("telephone(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSalutation(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"de heer", "H. Jansen", "Geachte heer Jansen"},
		{"De heer", "Hans Jansen", "Geachte heer Jansen"},
		{"mevrouw", "S. de Boer", "Geachte mevrouw De Boer"},
		{"mw.", "drs. A.M. van der Grinten", "Geachte mevrouw Van der Grinten"},
		{"dhr.", "J. 't Hart", "Geachte heer 't Hart"},
		{"mevrouw", "Fatima El Amrani Bakker", "Geachte mevrouw Fatima El Amrani Bakker"},
		{"mevrouw", "Jansen", "Geachte mevrouw Jansen"},
		{"mevrouw", "J. Vos, MSc", "Geachte mevrouw Vos"},
		{"", "S. de Boer", "Geachte S. de Boer"},
		{"beste", "S. de Boer", "Geachte S. de Boer"},
		{"de heer", "", "Geachte heer, mevrouw"},
		{"", "  \n", "Geachte heer, mevrouw"},
	} {
		if got := Salutation(c[0], c[1]); got != c[2] {
			t.Errorf("Salutation(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	names := []string{"Aa en Hunze", "'s-Gravenhage", "Súdwest-Fryslân", "Utrecht", "Nuenen, Gerwen en Nederwetten", "Ommen", "Urk", "Zwolle"}
	got := Examples(names, 1)
	want := []Example{{4, "langste naam en komma"}, {1, "apostrof"}, {2, "accenten"}}
	if len(got) != 6 || !cmp.Equal(got[:3], want) {
		t.Fatalf("%+v", got)
	}
	seen := map[int]bool{}
	for _, e := range got {
		if seen[e.Index] {
			t.Errorf("%d twice", e.Index)
		}
		seen[e.Index] = true
	}
	if !cmp.Equal(got, Examples(names, 1)) {
		t.Error("the same seed chooses others")
	}
	if cmp.Equal(Examples(names, 1), Examples(names, 2)) && cmp.Equal(Examples(names, 1), Examples(names, 3)) {
		t.Error("every seed chooses the same")
	}
	if got := Examples([]string{"Urk"}, 1); len(got) != 1 {
		t.Errorf("one unit: %+v", got)
	}
	if got := Examples(nil, 1); len(got) != 0 {
		t.Errorf("none: %+v", got)
	}
}
