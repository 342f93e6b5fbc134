package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
)

// mailed gives unit PO9001 an address and a mail that went to it; it returns the
// path to unsubscribe.
func (l *lab) mailed(t testing.TB) string {
	t.Helper()
	id := one[int64](t, l, `
		with c as (update contact.contact c set email = 'h.jansen@example.nl' from register.unit u where u.id = c.unit and u.code = 'PO9001' returning c.id, u.id as unit, u.study),
		m as (insert into field.message (study, unit, contact, step, channel, template, state, queued, due, done, actor)
			select study, unit, id, 'uitnodiging', 'mail', 'uitnodiging', 'verstuurd', $1, $1, $1, 'system' from c returning id)
		select id from m`, fixture.Now)
	return "/afmelden/" + labKeys.UnsubscribeToken(store.MailID(id))
}

func (l *lab) optedOut(t testing.TB) bool {
	t.Helper()
	n := one[int](t, l, `select (select count(*) from contact.suppressed) + (select count(*) from contact.contact where opted_out is not null) + count(*)
		from field.event e where kind = 'afgemeld' and not exists (select from field.event x where x.recalls = e.id)`)
	if n != 0 && n != 3 {
		t.Errorf("the opt-out is half there: %d", n)
	}
	return n == 3
}

// pressed is what the first button of the first form of a page posts.
func pressed(t testing.TB, resp *http.Response) url.Values {
	t.Helper()
	doc := parsed(t, resp)
	form, ok := doc.First("form", "method", "post")
	if !ok {
		t.Fatalf("no form in %.300s", doc.Text())
	}
	values := doc.PostForm(t).Values
	if button, ok := form.First("button"); ok {
		values.Set(button.Attr("name"), button.Attr("value"))
	}
	return values
}

// press opens a page, makes choices and presses the first button.
func (l *lab) press(t testing.TB, path string, choices url.Values) *http.Response {
	t.Helper()
	values := pressed(t, l.get(t, path))
	for name, v := range choices {
		values[name] = v
	}
	return l.do(t, request{method: "POST", path: path, form: values})
}

func TestOneClickUnsubscribesFromAnywhere(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "https://onderzoek.example.nl")
	path := l.mailed(t)
	foreign := map[string]string{"Origin": "https://mail.example.com", "Sec-Fetch-Site": "cross-site"}
	before := l.database(t)
	for _, method := range []string{"GET", "HEAD"} {
		wantStatus(t, method, l.do(t, request{method: method, path: path, header: foreign, host: "onderzoek.example.nl"}), http.StatusOK)
	}
	if l.database(t) != before {
		t.Error("opening the link changed something")
	}
	resp := l.do(t, request{method: "POST", path: path, body: "List-Unsubscribe=One-Click", header: foreign, host: "onderzoek.example.nl"})
	wantStatus(t, "one click", resp, http.StatusOK)
	if !l.optedOut(t) || len(resp.Cookies()) != 0 || !strings.Contains(bodyOf(t, resp), "geen e-mail meer") {
		t.Error("one click does not unsubscribe")
	}
	after := l.database(t)
	wantStatus(t, "one click again", l.do(t, request{method: "POST", path: path, body: "List-Unsubscribe=One-Click", host: "onderzoek.example.nl"}), http.StatusOK)
	if l.database(t) != after {
		t.Error("a repeat changes something")
	}
	if one[bool](t, l, `select exists (select from field.event where kind = 'weigering')`) {
		t.Error("opting out was taken for a refusal")
	}
	// Nothing else may be posted from elsewhere.
	wantStatus(t, "a refusal from elsewhere", l.do(t, request{method: "POST", path: path + "/niet-meedoen", form: url.Values{"reden": {"geen_tijd"}, "actie": {"bevestig"}}, header: foreign, host: "onderzoek.example.nl"}), http.StatusForbidden)
	for _, way := range []string{"/beheer/../eenheden/../afmelden/link", "/afmelden/../uitloggen", "/vragenlijst/../afmelden/x", "/afmelden/x/../../uitloggen"} {
		wantStatus(t, way, l.do(t, request{method: "POST", path: way, header: foreign, host: "onderzoek.example.nl"}), http.StatusForbidden)
	}
	if strings.Contains(l.log.String(), strings.TrimPrefix(path, "/afmelden/")) {
		t.Error("the log holds the token")
	}
}

func TestOneClickMayComeAsMultipart(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	body := "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
	wantStatus(t, "multipart", l.do(t, request{method: "POST", path: l.mailed(t), body: body, header: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}}), http.StatusOK)
	if !l.optedOut(t) {
		t.Error("it did not unsubscribe")
	}
}

// A scanner opens every link of a mail and presses the first button of the page
// it lands on.
func TestAScannerUnsubscribesNobodyAndBringsNobodyBack(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	path := l.mailed(t)
	before := l.database(t)
	for range 3 {
		wantStatus(t, "pressed without a choice", l.press(t, path, nil), http.StatusUnprocessableEntity)
	}
	for _, body := range []string{"", "List-Unsubscribe=", "list-unsubscribe=one-click", "keuze=mail&keuze=mail", "actie=bevestig", "actie=bevestig&keuze=niet", "%zz"} {
		l.do(t, request{method: "POST", path: path, body: body})
	}
	if l.database(t) != before {
		t.Error("a scanner changed something")
	}
	wantStatus(t, "one click", l.do(t, request{method: "POST", path: path, body: "List-Unsubscribe=One-Click"}), http.StatusOK)
	after := l.database(t)
	wantStatus(t, "the first button after that", l.press(t, path, nil), http.StatusOK)
	if l.database(t) != after {
		t.Error("a scanner took the opt-out back")
	}
}

func TestAPersonUnsubscribesWithAChoiceAndASecondPress(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	path := l.mailed(t)
	ask := l.press(t, path, url.Values{"keuze": {"mail"}})
	wantStatus(t, "first press", ask, http.StatusOK)
	if l.optedOut(t) {
		t.Fatal("the first press unsubscribes")
	}
	resp := l.do(t, request{method: "POST", path: path, form: pressed(t, ask)})
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != path || !l.optedOut(t) {
		t.Fatalf("second press: %d, opted out %v", resp.StatusCode, l.optedOut(t))
	}
	done := parsed(t, l.get(t, path))
	if _, ok := done.First("a", "href", path+"/niet-meedoen"); !ok || !strings.Contains(done.Text(), "h.jansen@example.nl") {
		t.Errorf("the page says %s", done.Text())
	}
	back := pressed(t, l.press(t, path, nil))
	l.at(fixture.Now.Add(time.Minute))
	wantStatus(t, "back", l.do(t, request{method: "POST", path: path, form: back}), http.StatusSeeOther)
	if l.optedOut(t) {
		t.Error("it is not taken back")
	}
}

func TestNotTakingPartIsSaidApart(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	path := l.mailed(t)
	resp := l.press(t, path, url.Values{"keuze": {"niet"}})
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != path+"/niet-meedoen" {
		t.Fatalf("%d to %s", resp.StatusCode, resp.Header.Get("Location"))
	}
	reason := event.Reasons[0].ID
	sure := pressed(t, l.press(t, path+"/niet-meedoen", url.Values{"reden": {reason}}))
	if one[bool](t, l, `select exists (select from field.event where kind = 'weigering')`) {
		t.Fatal("the first press refuses")
	}
	wantStatus(t, "second press", l.do(t, request{method: "POST", path: path + "/niet-meedoen", form: sure}), http.StatusSeeOther)
	if !one[bool](t, l, `select exists (select from field.event e join register.unit u on u.id = e.unit where e.kind = 'weigering' and u.code = 'PO9001')`) || l.optedOut(t) {
		t.Error("the refusal is not recorded, or the address opted out by it")
	}
	if text := parsed(t, l.get(t, path+"/niet-meedoen")).Text(); !strings.Contains(text, "U doet niet mee") {
		t.Errorf("the page says %s", text)
	}
	l.at(fixture.Closes.Add(time.Hour))
	wantStatus(t, "after closing", l.get(t, path+"/niet-meedoen"), http.StatusGone)
	wantStatus(t, "mail can be ended all the same", l.do(t, request{method: "POST", path: path, body: "List-Unsubscribe=One-Click"}), http.StatusOK)
}

func TestAForgedUnsubscribeLinkLeadsNowhere(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	path := l.mailed(t)
	before := l.database(t)
	for _, bad := range []string{"/afmelden/m1", "/afmelden/m1.aaaaaaaaaaaaaaaaaaaa", strings.Replace(path, "/m", "/m1", 1), path + "a", "/afmelden/" + labKeys.UnsubscribeToken("m99"), "/afmelden/" + labKeys.UnsubscribeToken("x"),
		"/afmelden/%00", "/afmelden/m1.aaaaaaaaaaaaaaaaaaaa/niet-meedoen", "/afmelden/"} {
		wantStatus(t, bad, l.get(t, bad), http.StatusNotFound)
		if got := l.do(t, request{method: "POST", path: bad, body: "List-Unsubscribe=One-Click"}).StatusCode; got != http.StatusNotFound && got != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", bad, got)
		}
	}
	if l.database(t) != before {
		t.Error("a forged link changed something")
	}
	if resp := l.get(t, path+"%3E,"); resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != path {
		t.Errorf("what a mail program took along: %d to %s", resp.StatusCode, resp.Header.Get("Location"))
	}
	wantStatus(t, "the same, posted", l.do(t, request{method: "POST", path: path + ".", body: "List-Unsubscribe=One-Click"}), http.StatusOK)
	if !l.optedOut(t) {
		t.Error("a link with a full stop does not unsubscribe")
	}
}
