package contactplan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const head = "id: proef\nkanaal: mail\nonderwerp: Proef\n\n"

func TestParseTemplateProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{head + "Dag {{naam}}.", "regel 5, kolom 5: Het veld ‘naam’ is er niet."},
		{head + "Dag.\nÉén {{naam}}.", "regel 6, kolom 5: Het veld ‘naam’ is er niet."},
		{head + "?naam Dag.", "regel 5, kolom 2: Het veld ‘naam’ is er niet."},
		{head + "?telefoon", "regel 5, kolom 1: Na de voorwaarde staat geen tekst."},
		{head + "!doelgroep=swv Dag.", "regel 5, kolom 1: Deze voorwaarde kan niet."},
		{head + "Dag {{eenheid.", "regel 5, kolom 5: Het veld dat hier begint, eindigt niet."},
		{head + "Dag eenheid}}.", "regel 5, kolom 12: Hier eindigt een veld dat niet begint."},
		{head + "Dag **u.", "regel 5, kolom 5: De nadruk die hier begint, eindigt niet."},
		{head + "Dag ****u.", "regel 5, kolom 5: Tussen ** en ** staat niets."},
		{head + "Ga naar {{link}}.", "regel 5, kolom 9: Een link staat op een eigen regel: <link> of [tekst](link)."},
		{head + "[Open](eenheid)", "regel 5, kolom 8: ‘eenheid’ is geen link. Kies link, kortadres, privacy of afmelden."},
		{head + "<https://elders.nl>", "regel 5, kolom 2: ‘https://elders.nl’ is geen link. Kies link, kortadres, privacy of afmelden."},
		{head + "[Open]", "regel 5, kolom 1: Schrijf een knop als [tekst](link) en een link als <link>."},
		{head + "Dag.\n- punt", "regel 6, kolom 1: Zet voor deze regel een lege regel."},
		{head + "## Kop\nDag.", "regel 6, kolom 1: Zet voor deze regel een lege regel."},
		{head + "", "regel 5, kolom 1: De tekst is leeg."},
		{"id: x\nkanaal: mail\nonderwerp: {{code}}\n\nDag.", "regel 3, kolom 12: ‘code’ mag niet in het onderwerp staan."},
		{"id: x\nkanaal: mail\nonderwerp: **Dag**\n\nDag.", "regel 3, kolom 14: In een onderwerp kan geen nadruk."},
		{"id: x\nkanaal: fax\nonderwerp: Dag\n\nDag.", "regel 2, kolom 9: Kies ‘mail’, ‘brief’ of ‘telefoon’."},
		{"id: x\nkanaal: mail\n\nDag.", "regel 1, kolom 1: Begin met ‘id’, ‘kanaal’ en ‘onderwerp’."},
		{"id: x\nid: y\nkanaal: telefoon\n\nDag.", "regel 2, kolom 1: Verwacht hier één keer ‘id: …’, ‘kanaal: …’ of ‘onderwerp: …’."},
		{"id: x\nvan: y\nkanaal: telefoon\n\nDag.", "regel 2, kolom 1: ‘van’ is hier niet bekend."},
		{"\xff", "regel 1, kolom 1: De tekst is te lang of geen UTF-8."},
	} {
		_, problems := ParseTemplate(c.text)
		if len(problems) == 0 || problems[0].String() != c.want {
			t.Errorf("%q: %v, want %s", c.text, problems, c.want)
		}
	}
}

func TestTemplatePrintsBack(t *testing.T) {
	t.Parallel()
	for _, tpl := range Texts() {
		again, problems := ParseTemplate(tpl.String())
		if len(problems) > 0 || again.String() != tpl.String() {
			t.Errorf("%s %s: %v\n%s", tpl.ID, tpl.Version, problems, cmp.Diff(tpl.String(), again.String()))
		}
	}
	const odd = head + "?telefoon - **een** * twee\n- drie } vier\n\n!email | **{{eenheid}}**{{aanhef}}\n"
	tpl, problems := ParseTemplate(strings.ReplaceAll(odd, "\n", "\r\n"))
	if len(problems) > 0 || tpl.String() != odd {
		t.Errorf("%v\n%s", problems, cmp.Diff(odd, tpl.String()))
	}
}

// FuzzParseTemplate: never panics, and what parses prints back the same.
func FuzzParseTemplate(f *testing.F) {
	for _, t := range Texts() {
		f.Add(t.String())
	}
	f.Add(head + "?telefoon ?email **a***b**c**\n\n[x](link)\n\n{qr}\n\n---\n\n| }\n")
	all := sample()
	f.Fuzz(func(t *testing.T, text string) {
		tpl, problems := ParseTemplate(text)
		lines := strings.Count(text, "\n") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Column < 1 || p.Text == "" {
				t.Fatalf("%+v in %d lines", p, lines)
			}
		}
		if len(problems) > 0 {
			return
		}
		source := tpl.String()
		again, problems := ParseTemplate(source)
		if len(problems) > 0 || again.String() != source {
			t.Fatalf("%v\n%q\n%q", problems, source, again.String())
		}
		m, problems := Render(tpl, all)
		if strings.ContainsAny(m.Subject, "\r\n\x00") {
			t.Fatalf("subject %q", m.Subject)
		}
		second, _ := Render(again, all)
		if len(problems) == 0 && m.Text != second.Text {
			t.Fatalf("%q\n%q", m.Text, second.Text)
		}
	})
}
