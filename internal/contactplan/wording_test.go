package contactplan

import (
	"strings"
	"testing"
)

func TestWordingsGoBeforeTheTextOfTheProduct(t *testing.T) {
	t.Parallel()
	own := func(text string) string { return Source("herinnering1", Mail, "Van ons", text) }
	w := Wordings{{"herinnering1", Mail, "swv", own("Voor swv.")}, {"herinnering1", Mail, "", own("Voor iedereen.")}, {"link", Mail, "", ""}}
	for _, c := range []struct{ step, template, audience, want string }{
		{"herinnering1", "herinnering1", "swv", "Voor swv."},
		{"herinnering1", "herinnering1", "gemeente", "Voor iedereen."},
		{"stap-1-1", "herinnering1", "swv", "Onlangs vroegen"},
		{"", "link", "swv", "U vroeg ons"},
	} {
		tpl, ok := w.Text(c.step, c.template, Mail, c.audience)
		if !ok || !strings.Contains(tpl.String(), c.want) {
			t.Errorf("%+v: %v %s", c, ok, tpl)
		}
	}
	if tpl, ok := w.Text("herinnering1", "herinnering1", Letter, "swv"); !ok || tpl.Version != Letter {
		t.Error("the letter of the step is another text")
	}
}

// What the editor shows is what it keeps.
func TestPartsOfATextComeTogetherAgain(t *testing.T) {
	t.Parallel()
	for _, tpl := range Texts() {
		subject, body := tpl.Parts()
		again, problems := ParseTemplate(Source(tpl.ID, tpl.Version, subject, strings.ReplaceAll(body, "\n", "\r\n")))
		if len(problems) > 0 || again.String() != tpl.String() {
			t.Errorf("%s %s: %v", tpl.ID, tpl.Version, problems)
		}
		if h := tpl.Hints(tpl.ID != "doorgestuurd_afzender" && tpl.ID != "link" && tpl.ID != "ontvangst" && tpl.ID != "spiegel"); len(h) > 0 && tpl.ID != "doorgestuurd_afzender" {
			t.Errorf("%s %s: %v", tpl.ID, tpl.Version, h)
		}
	}
	_, problems := ParseTemplate(Source("x", Mail, "Dag", "Goed.\n\nDag {{niets}}."))
	if len(problems) != 1 || problems[0].Line-BodyLine(Mail)+1 != 3 {
		t.Errorf("%v", problems)
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	tpl, problems := ParseTemplate(Source("x", Mail, "Dag", "Wij vragen je mee te doen.\n\n"+strings.Repeat("woord ", 21)+"eind."))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var all []string
	for _, h := range tpl.Hints(true) {
		all = append(all, h.Text)
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{"‘je’", "22 woorden", "afzender", "bellen", "privacy", "afmelden", "vragenlijst", "tot wanneer", "organisatie"} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing about %s in\n%s", want, text)
		}
	}
}

func TestEveryFieldIsExplained(t *testing.T) {
	t.Parallel()
	for _, f := range FieldsHelp(sample()) {
		if f.Means == "" {
			t.Errorf("%s is not explained", f.Name)
		}
	}
}
