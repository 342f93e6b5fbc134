package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/store"
)

// wrote lets n units of the swv send what they wrote.
func (l *lab) wrote(t *testing.T, n int, of func(i int) answer.Values) {
	t.Helper()
	var rows []form.FileRow
	for i := range n {
		rows = append(rows, form.FileRow{Line: i + 2, Unit: l.Links["swv"][i].Unit, Mode: answer.Web, Status: answer.Submitted, Sent: fixture.Now.Add(-time.Hour), Answers: of(i)})
	}
	if problems, err := l.Store.ImportResponses(t.Context(), l.Study, "swv", l.Forms["swv"], rows, store.BySystem, fixture.Now); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
}

// TestTwoCodersAndADecisionMakeATable walks from a frame by two blind coders and a
// decision to the book of tables.
func TestTwoCodersAndADecisionMakeATable(t *testing.T) {
	t.Parallel()
	l := newLab(t, 12, "")
	l.wrote(t, 12, func(i int) answer.Values {
		return answer.Values{"b5_12": fmt.Sprintf("Antwoord %d gaat over wachten.", i)}
	})
	lead, a, b := l.staffCookie(t, account.Projectleider), l.as(t, "een", account.Codeur), l.as(t, "twee", account.Codeur)
	path := "/beheer/" + l.Study.Slug + "/coderen/swv/b5_12"
	if resp := l.post(t, path+"/codeboek", a, url.Values{"actie": {"ingebouwd"}}); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a coder made a frame: %d", resp.StatusCode)
	}
	if resp := l.post(t, path+"/codeboek", lead, url.Values{"actie": {"ingebouwd"}}); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("begin: %d", resp.StatusCode)
	}
	if resp := l.post(t, path+"/codeboek", lead, url.Values{"actie": {"samenvoegen"}, "versie": {"1"}, "code": {"08"}}); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a merge into nothing: %d", resp.StatusCode)
	}
	read := func(who *http.Cookie) string {
		body := bodyOf(t, l.get(t, path+"/lezen", who))
		if strings.Contains(body, "PO9") {
			t.Error("a coder sees whose answer it is")
		}
		_, after, _ := strings.Cut(body, `name="antwoord" value="`)
		id, _, _ := strings.Cut(after, `"`)
		return id
	}
	for n := 0; ; n++ {
		id := read(a)
		if id == "" {
			break
		}
		if resp := l.post(t, path+"/lezen", a, url.Values{"antwoord": {id}}); resp.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("nothing chosen: %d", resp.StatusCode)
		}
		l.post(t, path+"/lezen", a, url.Values{"antwoord": {id}, "code": {"06"}})
	}
	for n := 0; ; n++ {
		id := read(b)
		if id == "" {
			break
		}
		code := "06"
		if n == 0 {
			code = "02"
		}
		l.post(t, path+"/lezen", b, url.Values{"antwoord": {id}, "code": {code}})
	}
	decide := bodyOf(t, l.get(t, path+"/verschillen", lead))
	_, after, _ := strings.Cut(decide, `name="antwoord" value="`)
	id, _, _ := strings.Cut(after, `"`)
	if !strings.Contains(decide, "Codeur A") || id == "" {
		t.Fatal("no difference to decide on")
	}
	if resp := l.post(t, path+"/verschillen", lead, url.Values{"antwoord": {id}, "kies": {"zelf"}, "code": {"07"}}); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("decide: %d", resp.StatusCode)
	}
	if resp := l.post(t, path+"/lezen", a, url.Values{"antwoord": {id}, "code": {"01"}}); resp.StatusCode != http.StatusConflict {
		t.Errorf("a coder changed what was decided: %d", resp.StatusCode)
	}
	csv := bodyOf(t, l.get(t, "/beheer/"+l.Study.Slug+"/tabellen/swv/B.5.12.csv", lead))
	for _, want := range []string{"b5_12_06", "b5_12_07"} {
		if !strings.Contains(csv, want) {
			t.Errorf("the table has no %s:\n%s", want, csv)
		}
	}
	if !strings.Contains(bodyOf(t, l.get(t, "/beheer/"+l.Study.Slug+"/codeboek/swv", lead)), "b5_12_06") {
		t.Error("the codebook does not know the codes")
	}
	if one[int](t, l, `select count(*) from analysis.assignment`) != 25 {
		t.Error("an assignment was overwritten")
	}
}

// TestAWithdrawnExampleIsNowhere has an example go to the public list by consent and
// approval, and off every page when the consent ends.
func TestAWithdrawnExampleIsNowhere(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	l.wrote(t, 1, func(int) answer.Values {
		return answer.Values{"b5_28": "2", "b5_28_voorbeelden_1_omschrijving": "Bij Jan Jansen thuis, bel 06 12345678.", "b5_28_voorbeelden_1_doel": "rust"}
	})
	lead := l.staffCookie(t, account.Projectleider)
	response := one[int64](t, l, `select id from answer.response`)
	path := fmt.Sprintf("/beheer/%s/voorbeelden/swv/%d/1", l.Study.Slug, response)
	public := "/onderzoek/" + l.Study.Slug + "/goede-voorbeelden"
	save := func(about string) {
		t.Helper()
		resp := l.post(t, path, lead, url.Values{"actie": {"bewaar"}, "titel": {"Zeldzame titel"}, "over": {about}, "rubriek": {"Overig"}, "kenmerk": {"oza", "verzonnen"}})
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("save: %d", resp.StatusCode)
		}
	}
	publish := func() int {
		v := one[int64](t, l, `select max(id) from analysis.example_version`)
		return l.post(t, path, lead, url.Values{"actie": {"gepubliceerd"}, "versie": {fmt.Sprint(v)}}).StatusCode
	}
	everywhere := func() string {
		body := bodyOf(t, l.get(t, public))
		id := one[int64](t, l, `select coalesce(max(id), 0) from analysis.example`)
		return body + bodyOf(t, l.get(t, fmt.Sprint(public, "/", id)))
	}
	save("Bel 06 12345678.")
	if publish() != http.StatusUnprocessableEntity {
		t.Error("published without consent")
	}
	body := bodyOf(t, l.post(t, path, lead, url.Values{"actie": {"link"}}))
	_, after, _ := strings.Cut(body, "/voorbeeld/")
	token, _, _ := strings.Cut(after, "<")
	link := "/voorbeeld/" + token
	l.get(t, link)
	if one[int](t, l, `select count(*) from analysis.example_event`) != 0 {
		t.Error("opening the link said something")
	}
	l.do(t, request{method: "POST", path: link, form: url.Values{"antwoord": {"ja"}}})
	if publish() != http.StatusUnprocessableEntity {
		t.Error("a telephone number was published")
	}
	save("Wij spraken met Jan Jansen over de school.")
	if publish() != http.StatusUnprocessableEntity {
		t.Error("a name was published that nobody looked at")
	}
	save("Wij hebben een kamer in de school.")
	if code := publish(); code != http.StatusSeeOther {
		t.Fatalf("publish: %d", code)
	}
	if body := everywhere(); !strings.Contains(body, "Zeldzame titel") || strings.Contains(body, "Jansen") {
		t.Error("what was approved is not what is public")
	}
	if body := bodyOf(t, l.get(t, public+"?zoek=waterpolo")); strings.Contains(body, "Zeldzame titel") {
		t.Error("a search finds what it should not")
	}
	id := one[int64](t, l, `select max(id) from analysis.example`)
	ask := fmt.Sprint(public, "/", id)
	if resp := l.do(t, request{method: "POST", path: ask, form: url.Values{"email": {"x"}, "uw-vraag": {""}}}); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a question without address: %d", resp.StatusCode)
	}
	for i := range 6 {
		want := http.StatusSeeOther
		if i == 5 {
			want = http.StatusTooManyRequests
		}
		if resp := l.do(t, request{method: "POST", path: ask, form: url.Values{"email": {"vrager@example.nl"}, "uw-vraag": {"Hoe?"}}}); resp.StatusCode != want {
			t.Errorf("question %d: %d", i, resp.StatusCode)
		}
	}
	if !strings.Contains(bodyOf(t, l.get(t, "/beheer/"+l.Study.Slug+"/post", lead)), "Vraag over goed voorbeeld") {
		t.Error("the team does not see the question")
	}
	l.do(t, request{method: "POST", path: link, form: url.Values{"antwoord": {"nee"}}})
	if strings.Contains(everywhere(), "Zeldzame titel") {
		t.Error("withdrawn, and still there")
	}
	if got := one[string](t, l, `select answers ->> 'b5_28_voorbeelden_1_omschrijving' from answer.submission`); !strings.Contains(got, "Jan Jansen") {
		t.Error("the original was not kept")
	}
}
