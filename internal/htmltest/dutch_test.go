package htmltest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/htmltest"
)

func TestDutchFindsWhatWeDoNotWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Sla gerust over wat u niet weet.":                                 "",
		"U kunt tot vrijdag 11 december 2026 om 14.02 uur meedoen.":        "",
		"Log in met uw link. Uw pagina's zijn bewaard: 20.000 in totaal.":  "",
		"Mail hulp@uitvraag.example. Wij bellen u terug.":                  "",
		"Kies ‘Indien u dat wilt’ of kies niets.":                          "",
		"Sla het op als .csv of .xlsx (niveau 2.12), volgens WCAG 2.2.":    "een tijd",
		"Indien u dat wilt, kunt u later verdergaan.":                      "‘indien’",
		"U dient te antwoorden middels de link.":                           "‘dient te’",
		"Dat doe je zo.":                                                   "‘je’",
		"Klik hier om in te loggen.":                                       "‘klik hier’",
		"Dank u wel!":                                                      "geen uitroepteken",
		"Kies \"Nee\".":                                                    "aanhalingstekens",
		"Kies 'Nee'.":                                                      "aanhalingstekens",
		"Opgeslagen om 14:02.":                                             "een tijd",
		"Opgeslagen om 14.02.":                                             "een tijd",
		"Gemiddeld 6.5.":                                                   "een decimaal",
		"Het sluit op 2026-12-11.":                                         "een datum",
		"Er passen 20000 tekens in.":                                       "een duizendtal",
		"Stuur het  naar ons.":                                             "tussen woorden",
		"Stuur het naar ons .":                                             "geen spatie",
		strings.Repeat("heel ", 20) + "lang.":                              "21 woorden",
		strings.Repeat("heel ", 19) + "lang. " + strings.Repeat("X ", 20):  "",
		"Wij helpen u: " + strings.Repeat("heel ", 18) + "‘erg lang dus’.": "",
	} {
		got := htmltest.Dutch(text)
		if want == "" && len(got) > 0 || want != "" && (len(got) == 0 || !strings.HasPrefix(got[0], want)) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTextsComeOneByOne(t *testing.T) {
	t.Parallel()
	p := htmltest.Parse(t, `<title>x</title><main><h1>Een  kop
   hier</h1><p>Lees <a>dit</a>, of<br>dat.</p><ul><li>Een<li><b>Twee</b></ul><p>12</p><label>Drie <q>weg</q></label></main>`)
	got := p.Texts(func(n htmltest.Node) bool { return n.Data == "head" || n.Data == "q" })
	want := []string{"Een  kop hier", "Lees dit, of dat.", "Een", "Twee", "Drie …"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGluedFindsWordsThatTouch(t *testing.T) {
	t.Parallel()
	p := htmltest.Parse(t, `<p><b>Deel</b><span>klaar</span> <i>a</i> <i>b</i>, <i>c</i>.</p><p>d</p>e<div>f</div><ul><li><a>g</a><b>h</b></ul>school<wbr>jaar`)
	if diff := cmp.Diff([]string{"Deel|klaar", "eelklaar a b, c.defg|h"}, p.Glued()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
