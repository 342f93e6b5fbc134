package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/study"
)

// agents open links before people do.
var agents = []string{"", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) HeadlessChrome/126.0", "curl/8.5.0", "Mozilla/4.0 (compatible; ms-office; MSOffice 16)", "python-requests/2.31",
	"Barracuda Sentinel (EE)", "BingPreview/1.0b", "SafeLinks", strings.Repeat("x", 4000), "\u202e\u0000bot"}

func TestMailScannersChangeNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, 10, "")
	_, base := l.start(t, "swv", 0) // one that is under way
	before := l.database(t)
	n := 0
	for audience, links := range l.Links {
		for i, link := range links {
			for _, method := range []string{"HEAD", "GET", "OPTIONS"} {
				for j, agent := range agents {
					resp := l.do(t, request{method: method, path: "/v/" + link.Token, from: fmt.Sprintf("40.94.%d.%d:1234", i, j),
						header: map[string]string{"User-Agent": agent, "Purpose": "prefetch", "X-Forwarded-For": "1.2.3.4"}})
					if len(resp.Cookies()) != 0 {
						t.Errorf("%s sets cookies %v", method, resp.Cookies())
					}
					if method != "OPTIONS" {
						wantStatus(t, method+" of "+audience, resp, http.StatusOK)
					}
					n++
				}
			}
		}
	}
	if n < 500 {
		t.Fatalf("only %d requests", n)
	}
	if diff := cmp.Diff(before, l.database(t)); diff != "" {
		t.Errorf("opening links changed the database:\n%s", diff)
	}
	wantStatus(t, "a page without a session", l.get(t, base), http.StatusNotFound)
}

func TestPressingTheButtonStartsNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	for range 3 { // a scanner that presses buttons
		l.start(t, "swv", 0)
	}
	staff := l.staffCookie(t, "lezer")
	unit := "/beheer/" + l.Study.Slug + "/eenheden/swv/PO9001"
	if page := bodyOf(t, l.get(t, unit, staff)); !strings.Contains(page, "Nog geen antwoord") {
		t.Errorf("after pressing the button the unit is no longer without answer")
	}
	v := l.visitor(t)
	v.enter("swv", 0)
	v.press("actie", "later", nil) // a page that is posted empty
	if v.status != http.StatusOK {
		t.Fatalf("status %d", v.status)
	}
	if page := bodyOf(t, l.get(t, unit, staff)); !strings.Contains(page, "Nog geen antwoord") || strings.Contains(page, "Begonnen met invullen") {
		t.Errorf("a page posted empty started the unit")
	}
	if n := one[int](t, l, `select count(*) from answer.response where started is not null or state = '{}'`); n != 0 {
		t.Errorf("%d responses started or without what was seen", n)
	}
}

func TestALinkWorksAgainAndAgain(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	seen := map[string]bool{}
	for range 5 {
		v := l.visitor(t).enter("swv", 0)
		if v.status != http.StatusOK || !strings.HasPrefix(v.url.Path, "/vragenlijst/") {
			t.Fatalf("a later visit leads to %s (%d)", v.url, v.status)
		}
		seen[strings.Split(v.url.Path, "/")[2]] = true
		if strings.Contains(v.body, l.Links["swv"][0].Token) {
			t.Error("the page after the exchange holds the token")
		}
	}
	if len(seen) != 1 {
		t.Errorf("five visits lead to %d responses", len(seen))
	}
}

func TestForeignHostsAreRefused(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "https://onderzoek.example.nl")
	path := "/v/" + l.Links["swv"][0].Token
	for _, host := range []string{"evil.example", "onderzoek.example.nl.evil.example", "onderzoek.example.nl:8443", "127.0.0.1", "localhost:8080", "[::1]", "..", "onderzoek.example.nl@evil"} {
		for _, method := range []string{"GET", "POST", "HEAD"} {
			wantStatus(t, method+" to "+host, l.do(t, request{method: method, path: path, host: host}), http.StatusMisdirectedRequest)
		}
	}
	resp := l.do(t, request{method: "GET", path: path, host: "ONDERZOEK.example.nl", header: map[string]string{"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Original-Host": "evil.example"}})
	wantStatus(t, "own host", resp, http.StatusOK)
	if page := bodyOf(t, resp); strings.Contains(page, "evil") {
		t.Error("the page took a host over from a header")
	}
	for _, health := range []string{"/healthz", "/readyz"} {
		wantStatus(t, health, l.do(t, request{method: "GET", path: health, host: "10.0.0.5:80"}), http.StatusOK)
	}
	staff := l.do(t, request{method: "GET", path: "/.well-known/security.txt", host: "onderzoek.example.nl", header: map[string]string{"X-Forwarded-Host": "evil.example"}})
	if got := bodyOf(t, staff); !strings.Contains(got, "https://onderzoek.example.nl/") || strings.Contains(got, "evil") {
		t.Errorf("security.txt: %s", got)
	}
}

func TestWhatMailProgramsDoToALink(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	token := l.Links["swv"][0].Token
	for _, tail := range []string{".", ",", ")", "%29", ">", "%3E", ").", "%2C", "%2E", ";", "%3B", "\"", "'", "!", "]", "%5D", "%20", "%0A", "%0D%0A", "%C2%A0", "%E2%80%9D", "/", "...", "&gt;", "*"} {
		resp := l.get(t, "/v/"+token+strings.NewReplacer("\"", "%22", ">", "%3E", "]", "%5D").Replace(tail))
		if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/v/"+token {
			t.Errorf("link with %q: %d to %q", tail, resp.StatusCode, resp.Header.Get("Location"))
		}
	}
	for _, query := range []string{"?", "?utm_source=mail", "?data=05%7C02%7C&sdata=x&reserved=0", "?token=x&token=y", "?%zz", "?a=" + strings.Repeat("x", 3000), "?a;b"} {
		wantStatus(t, "link with "+query[:min(20, len(query))], l.get(t, "/v/"+token+query), http.StatusOK)
		if resp := l.do(t, request{method: "POST", path: "/v/" + token + query}); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("button with %.20s: %d", query, resp.StatusCode)
		}
	}
	if url := "https://onderzoek.example.nl/v/" + token; len(url) > 76 {
		t.Errorf("the link has %d characters", len(url))
	}
	before := one[int](t, l, `select coalesce(sum(failed), 0) from staff.attempt`)
	if before != 0 {
		t.Errorf("mangled links were counted as %d failed attempts", before)
	}
}

func TestALinkAfterClosingAndAfterSending(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	token := l.Links["swv"][0].Token
	landing := func(at time.Time) (int, string) {
		l.at(at)
		resp := l.get(t, "/v/"+token)
		return resp.StatusCode, bodyOf(t, resp)
	}
	enter := func(at time.Time) *http.Response {
		l.at(at)
		return l.do(t, request{method: "POST", path: "/v/" + token})
	}
	if status, page := landing(fixture.Opens.Add(-time.Second)); status != http.StatusOK || strings.Contains(page, "value=\"volgende\"") {
		t.Errorf("before opening: %d", status)
	}
	wantStatus(t, "entering before opening", enter(fixture.Opens.Add(-time.Second)), http.StatusForbidden)
	wantStatus(t, "entering at opening", enter(fixture.Opens), http.StatusSeeOther)
	wantStatus(t, "entering just before closing", enter(fixture.Closes.Add(-time.Second)), http.StatusSeeOther)
	for _, at := range []time.Time{fixture.Closes, fixture.Closes.Add(study.Grace), fixture.Closes.AddDate(1, 0, 0)} {
		status, page := landing(at)
		if status != http.StatusGone || !strings.Contains(page, "11 december") {
			t.Errorf("at %v: %d; a closed link must say when it closed", at, status)
		}
		wantStatus(t, "entering after closing", enter(at), http.StatusGone)
	}

	sent := fixture.Closes.Add(-time.Hour)
	l.at(sent)
	v := l.visitor(t).enter("swv", 0)
	base := strings.Join(strings.Split(v.url.Path, "/")[:3], "/") + "/"
	v.press("actie", "later", anyAnswer(t, v))
	v.get(base+"controleren").press("actie", "versturen", nil)
	if !strings.HasSuffix(v.url.Path, "/ontvangst") {
		t.Fatalf("sending leads to %s (%d)", v.url, v.status)
	}
	last := sent.AddDate(0, 0, study.CopyDays)
	for _, at := range []time.Time{sent, fixture.Closes.Add(time.Minute), last.Add(-time.Second)} {
		if status, _ := landing(at); status != http.StatusOK {
			t.Errorf("landing at %v: %d", at, status)
		}
		copied := l.visitor(t).enter("swv", 0)
		if copied.status != http.StatusOK || !strings.HasSuffix(copied.url.Path, "/antwoorden") {
			t.Errorf("the copy at %v: %s (%d)", at, copied.url, copied.status)
		}
	}
	if status, _ := landing(last); status != http.StatusGone {
		t.Errorf("landing after thirty days: %d", status)
	}
	wantStatus(t, "entering after thirty days", enter(last), http.StatusGone)
}

// anyAnswer answers the first thing that can be chosen on the page that is shown.
func anyAnswer(t testing.TB, v *visitor) url.Values {
	t.Helper()
	for _, f := range v.page.PostForm(t).Fields {
		if len(f.Values) > 0 {
			return url.Values{f.Name: {f.Values[0]}}
		}
	}
	t.Fatal("nothing to choose on this page")
	return nil
}

func TestAnOldSessionCannotReadTheCopyAfterThirtyDays(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	v := l.visitor(t).enter("swv", 0)
	base := strings.Join(strings.Split(v.url.Path, "/")[:3], "/") + "/"
	v.press("actie", "later", anyAnswer(t, v))
	v.get(base+"controleren").press("actie", "versturen", nil)
	for _, page := range []string{"antwoorden", "ontvangst"} {
		if v.get(base + page); v.status != http.StatusOK {
			t.Errorf("%s: %d", page, v.status)
		}
	}
	for _, page := range []string{"", "controleren", l.Forms["swv"].Pages[0].ID} {
		if v.get(base + page); !strings.HasSuffix(v.url.Path, "/ontvangst") {
			t.Errorf("%q after sending leads to %s", page, v.url)
		}
	}
	now := fixture.Now
	for range 31 * 4 { // a session that never idles
		now = now.Add(6 * time.Hour)
		l.at(now)
		v.get(base + "antwoorden")
	}
	if v.status != http.StatusGone {
		t.Errorf("after 31 days the copy answers %d", v.status)
	}
}

func TestWrongLinksAreCountedAndAGoodOneKeepsWorking(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	wrong := func(from string, n int) (last int) {
		for i := range n {
			last = l.do(t, request{method: "GET", path: fmt.Sprintf("/v/AAAAAAAAAAAAAAAAAAA%03d", i), from: from}).StatusCode
		}
		return last
	}
	if got := wrong("192.0.2.1:5", 60); got != http.StatusNotFound {
		t.Errorf("the sixtieth wrong link: %d", got)
	}
	if got := wrong("192.0.2.1:5", 1); got != http.StatusTooManyRequests {
		t.Errorf("one more: %d", got)
	}
	good := request{method: "GET", path: "/v/" + l.Links["swv"][0].Token, from: "192.0.2.1:5"}
	wantStatus(t, "a good link from a blocked network", l.do(t, good), http.StatusOK)
	good.method = "POST"
	wantStatus(t, "its button", l.do(t, good), http.StatusSeeOther)
	if got := wrong("192.0.2.2:5", 1); got != http.StatusNotFound {
		t.Errorf("another network: %d", got)
	}
	// who is not a trusted proxy cannot speak for another address
	for i := range 3 {
		resp := l.do(t, request{method: "GET", path: "/v/x", from: "192.0.2.1:5", header: map[string]string{"X-Forwarded-For": fmt.Sprintf("203.0.113.%d", i)}})
		wantStatus(t, "a forged header", resp, http.StatusTooManyRequests)
	}
	resp := l.do(t, request{method: "GET", path: "/v/x", from: "10.1.1.1:5", header: map[string]string{"X-Forwarded-For": "192.0.2.1"}})
	wantStatus(t, "the blocked network behind our proxy", resp, http.StatusTooManyRequests)
	resp = l.do(t, request{method: "GET", path: "/v/x", from: "10.1.1.1:5", header: map[string]string{"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}})
	wantStatus(t, "another one that forges a header behind our proxy", resp, http.StatusNotFound)
	l.at(fixture.Now.Add(11 * time.Minute))
	if got := wrong("192.0.2.1:5", 1); got != http.StatusNotFound {
		t.Errorf("ten minutes later: %d", got)
	}
}
