package server_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// A route is one line of the site's table of contents.
type route struct{ method, pattern string }

// routes lists every route under a prefix, so that a new one is tested too.
func (l *lab) routes(t testing.TB, prefix string) []route {
	t.Helper()
	var out []route
	err := chi.Walk(l.handler.(chi.Routes), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if strings.HasPrefix(pattern, prefix) {
			out = append(out, route{method, pattern})
		}
		return nil
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("no routes under %s: %v", prefix, err)
	}
	return out
}

// path fills a pattern in.
func (r route) path(replace ...string) string {
	return strings.NewReplacer(append(replace, "*", "iets")...).Replace(r.pattern)
}

// wantHeaders checks what every answer has (standards B5 to B7).
func wantHeaders(t *testing.T, what string, resp *http.Response, secure bool) {
	t.Helper()
	csp := resp.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(csp, part) {
			t.Errorf("%s (%d): the CSP has no %s: %q", what, resp.StatusCode, part, csp)
		}
	}
	if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
		t.Errorf("%s: CSP %s", what, csp)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s (%d): %s is %q, want %q", what, resp.StatusCode, name, got, want)
		}
	}
	want := ""
	if secure {
		want = "max-age=31536000; includeSubDomains"
	}
	if got := resp.Header.Get("Strict-Transport-Security"); got != want {
		t.Errorf("%s: Strict-Transport-Security is %q, want %q", what, got, want)
	}
}

func TestEveryStatusHasTheHeaders(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "https://onderzoek.example.nl"} {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, 2, base)
			host := strings.TrimPrefix(base, "https://")
			do := func(q request) *http.Response {
				if q.host == "" {
					q.host = host
				}
				return l.do(t, q)
			}
			token := "/v/" + l.Links["swv"][0].Token
			resp := do(request{method: "POST", path: token})
			cookie := resp.Cookies()[0]
			key := strings.Split(resp.Header.Get("Location"), "/")[2]
			open := l.pageOf(t, "swv", instrument.Open)
			page := "/vragenlijst/" + key + "/" + open.ID
			checkCookie(t, cookie, "uitvraag", base != "")
			cookies := []*http.Cookie{cookie}
			seen := map[int]bool{}
			for _, q := range []request{
				{method: "GET", path: "/"},
				{method: "GET", path: token},
				{method: "POST", path: token},
				{method: "GET", path: page, cookies: cookies},
				{method: "GET", path: "/nergens"},
				{method: "GET", path: "/beheer/"},
				{method: "POST", path: token, header: map[string]string{"Sec-Fetch-Site": "cross-site"}},
				{method: "DELETE", path: "/"},
				{method: "POST", path: page, form: url.Values{open.ID: {strings.Repeat("x", 3<<20)}}, cookies: cookies},
				{method: "GET", path: "/", host: "evil.example"},
				{method: "POST", path: page, form: url.Values{open.ID: {strings.Repeat("x", 30_000)}}, cookies: cookies},
				{method: "POST", path: page, body: "%zz", cookies: cookies},
				{method: "POST", path: "/vragenlijst/" + key + "/controleren", form: url.Values{"actie": {"versturen"}}, cookies: cookies},
				{method: "GET", path: "/healthz"},
				{method: "GET", path: "/readyz"},
			} {
				resp := do(q)
				seen[resp.StatusCode] = true
				wantHeaders(t, q.method+" "+q.path, resp, base != "")
			}
			if _, err := l.pool.Exec(t.Context(), `alter table register.study rename to broken`); err != nil {
				t.Fatal(err)
			}
			resp = do(request{method: "GET", path: "/"})
			seen[resp.StatusCode] = true
			wantHeaders(t, "a fault of ours", resp, base != "")
			for _, status := range []int{200, 303, 400, 403, 404, 405, 413, 421, 422, 500} {
				if !seen[status] {
					t.Errorf("status %d was not seen: %v", status, seen)
				}
			}
		})
	}
}

func checkCookie(t *testing.T, c *http.Cookie, name string, secure bool) {
	t.Helper()
	if secure {
		name = "__Host-" + name
	}
	if c.Name != name || c.Secure != secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 {
		t.Errorf("cookie %s", c)
	}
}

func TestStaffCookieHasItsAttributesAndEnds(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	cookie := l.staffCookie(t, account.Lezer)
	checkCookie(t, cookie, "beheer", false)
	resp := l.do(t, request{method: "POST", path: "/uitloggen", cookies: []*http.Cookie{cookie}})
	if len(resp.Cookies()) != 1 || resp.Cookies()[0].MaxAge >= 0 {
		t.Errorf("logging out leaves %v", resp.Cookies())
	}
	if resp := l.get(t, "/beheer/", cookie); resp.Header.Get("Location") != "/inloggen" {
		t.Errorf("after logging out: %d", resp.StatusCode)
	}
}

func TestAnotherSessionsQuestionnaireIsNotThere(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	mine, _ := l.start(t, "swv", 0)
	_, base := l.start(t, "swv", 1)
	key := strings.Split(base, "/")[2]
	open := l.pageOf(t, "swv", instrument.Open)
	before := l.database(t)
	for _, r := range l.routes(t, "/vragenlijst/") {
		for _, cookies := range [][]*http.Cookie{nil, {mine}, {{Name: mine.Name, Value: "x"}}, {{Name: mine.Name, Value: key}}} {
			path := r.path("{response}", key, "{page}", open.ID)
			resp := l.do(t, request{method: r.method, path: path, cookies: cookies, form: url.Values{}})
			wantStatus(t, r.method+" "+path, resp, http.StatusNotFound)
			if page := bodyOf(t, resp); strings.Contains(page, "PO9002") {
				t.Errorf("%s %s names the unit", r.method, path)
			}
		}
		path := r.path("{response}", strings.Repeat("A", 22), "{page}", open.ID)
		wantStatus(t, r.method+" "+path, l.do(t, request{method: r.method, path: path, cookies: []*http.Cookie{mine}}), http.StatusNotFound)
	}
	if before != l.database(t) {
		t.Error("somebody without the right changed something")
	}
}

func TestStaffPagesNeedASession(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	respondent, _ := l.start(t, "swv", 0)
	staff := l.staffCookie(t, account.Projectleider)
	before := l.database(t)
	replace := []string{"{study}", l.Study.Slug, "{audience}", "swv", "{code}", "PO9001", "{audience:[a-z0-9_-]+}", "swv", `{audience:[a-z0-9_-]+\.[a-z]+}`, "swv.csv", "{figure}", "B.5.2.csv", "{step}", "uitnodiging", "{version}", "mail"}
	for _, r := range l.routes(t, "/beheer") {
		for _, cookie := range []*http.Cookie{{Name: "x", Value: "x"}, {Name: "beheer", Value: "x"}, {Name: "beheer", Value: respondent.Value}, respondent} {
			resp := l.do(t, request{method: r.method, path: r.path(replace...), cookies: []*http.Cookie{cookie}})
			if resp.StatusCode != http.StatusNotFound && (resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/inloggen") {
				t.Errorf("%s %s without a session: %d to %q", r.method, r.pattern, resp.StatusCode, resp.Header.Get("Location"))
			}
			if strings.Contains(bodyOf(t, resp), "9001") {
				t.Errorf("%s %s without a session names a unit", r.method, r.pattern)
			}
		}
		if r.method == "GET" && !strings.Contains(r.pattern, "*") {
			want := http.StatusOK
			for _, whole := range []string{page.AccountsPath, "/beheer/logboek", page.AllRegisters} { // for a beheerder
				if strings.TrimSuffix(r.pattern, ".csv") == whole {
					want = http.StatusForbidden
				}
			}
			if strings.HasSuffix(r.pattern, "/controle") || strings.HasSuffix(r.pattern, "/kolommen") {
				want = http.StatusSeeOther // no register file was brought
			}
			if strings.Contains(r.pattern, "{register}") || strings.Contains(r.pattern, "{ext}") {
				want = http.StatusNotFound
			}
			for _, none := range []string{"{draft:[0-9]+}", "{mode}", "{contact}", "{event}", "{turn}", "/problemen.csv", "/strata/{audience}/{column}", "/brieven/{id}", "/publicatie/{id}", "/coderen/{audience}/{variable}", "/voorbeelden/{audience}/{response}", "/voorbeeld/{unit}", "/codeboek/{audience:[a-z0-9_-]+}.pdf"} { // the brackets name nothing there is
				if strings.Contains(r.pattern, none) {
					want = http.StatusNotFound
				}
			}
			wantStatus(t, "with a session: "+r.pattern, l.get(t, r.path(replace...), staff), want)
		}
		// a session of staff is none of a respondent, and nobody's unit is found by another name
		if strings.Contains(r.pattern, "{code}") {
			for _, odd := range [][]string{{"{study}", "weg", "{audience}", "swv", "{code}", "PO9001"}, {"{study}", l.Study.Slug, "{audience}", "niemand", "{code}", "PO9001"}, {"{study}", l.Study.Slug, "{audience}", "gemeente", "{code}", "PO9001"}} {
				wantStatus(t, r.method+" "+r.path(odd...), l.do(t, request{method: r.method, path: r.path(odd...), cookies: []*http.Cookie{staff}}), http.StatusNotFound)
			}
		}
	}
	if before != l.database(t) {
		t.Error("somebody without a session changed something")
	}
}

func TestRolesSeeAndDoWhatIsTheirs(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	if _, err := l.pool.Exec(t.Context(), `update contact.contact set name = 'Geheime Naam', email = 'geheim@example.nl', phone = '06-12345678'`); err != nil {
		t.Fatal(err)
	}
	unit := "/beheer/" + l.Study.Slug + "/eenheden/swv/PO9001"
	for _, role := range account.Roles {
		cookie := l.staffCookie(t, role)
		resp := l.get(t, unit, cookie)
		page := bodyOf(t, resp)
		if !role.May(account.SeeUnits) {
			wantStatus(t, string(role)+" at a unit", resp, http.StatusForbidden)
			wantStatus(t, string(role)+" at the list", l.get(t, "/beheer/"+l.Study.Slug+"/eenheden", cookie), http.StatusForbidden)
			wantStatus(t, string(role)+" at the file", l.get(t, "/beheer/"+l.Study.Slug+"/eenheden.csv", cookie), http.StatusForbidden)
		}
		if sees := strings.Contains(page, "Geheime Naam") || strings.Contains(page, "geheim@example.nl") || strings.Contains(page, "06-12345678"); sees != role.May(account.SeeContacts) {
			t.Errorf("%s sees contacts: %v", role, sees)
		}
		for _, what := range []string{"/link", "/code"} {
			before := one[int](t, l, `select count(*) from contact.link`)
			made := l.do(t, request{method: "POST", path: unit + what, cookies: []*http.Cookie{cookie}})
			links := one[int](t, l, `select count(*) from contact.link`) - before
			if may := role.May(account.MakeLink); may != (links == 1) || may != (made.StatusCode == http.StatusOK) || !may && made.StatusCode != http.StatusForbidden {
				t.Errorf("%s at %s: %d, %d links made", role, what, made.StatusCode, links)
			}
		}
	}
}

func TestAnotherSiteCannotPost(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	cookie, base := l.start(t, "swv", 0)
	staff := l.staffCookie(t, account.Projectleider)
	open := l.pageOf(t, "swv", instrument.Open)
	before := l.database(t)
	var posts []string
	for _, prefix := range []string{"/v/", "/vragenlijst/", "/inloggen/", "/beheer/", "/uitloggen", "/code"} {
		for _, r := range l.routes(t, prefix) {
			if r.method == "POST" {
				posts = append(posts, r.path("{token}", l.Links["swv"][0].Token, "{response}", strings.Split(base, "/")[2], "{page}", open.ID, "{study}", l.Study.Slug, "{audience}", "swv", "{code}", "PO9001"))
			}
		}
	}
	for _, path := range posts {
		for _, header := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}} {
			resp := l.do(t, request{method: "POST", path: path, form: url.Values{open.ID: {"x"}, "actie": {"volgende"}}, cookies: []*http.Cookie{cookie, staff}, header: header})
			wantStatus(t, "POST "+path, resp, http.StatusForbidden)
		}
	}
	if before != l.database(t) {
		t.Error("a post of another site changed something")
	}
	for _, header := range []map[string]string{{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": l.URL}, {}} {
		resp := l.do(t, request{method: "POST", path: base + open.ID, form: url.Values{open.ID: {"x"}, "actie": {"later"}}, cookies: []*http.Cookie{cookie}, header: header})
		wantStatus(t, "own post", resp, http.StatusSeeOther)
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	cookie, base := l.start(t, "swv", 0)
	open := l.pageOf(t, "swv", instrument.Open)
	post := func(header map[string]string, body string) *http.Response {
		return l.do(t, request{method: "POST", path: base + open.ID, body: body, cookies: []*http.Cookie{cookie}, header: header})
	}
	wantStatus(t, "3 MB", post(nil, open.ID+"="+strings.Repeat("x", 3<<20)), http.StatusRequestEntityTooLarge)
	for name, body := range map[string]string{"5,001 fields": fields(5001, "f%"), "100,000 fields": fields(100_000, "f%"), "half an escape": "a=%", "semicolons": "a;b=1"} {
		if resp := post(nil, body); resp.StatusCode < 400 || resp.StatusCode >= 500 {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	if len(l.answered(t, base)) != 0 {
		t.Error("something of it was saved")
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField(open.ID, "x") // into memory
	_ = m.Close()
	if resp := post(map[string]string{"Content-Type": m.FormDataContentType()}, b.String()); resp.StatusCode >= 500 {
		t.Errorf("multipart: %d", resp.StatusCode)
	}
	if resp := post(map[string]string{"Content-Type": "application/json"}, "{}"); resp.StatusCode >= 500 {
		t.Errorf("JSON: %d", resp.StatusCode)
	}
}

func fields(n int, name string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(name, "%", string(rune('a'+i%26))+strings.Repeat("z", i/26%7)))
		b.WriteString(strings.Repeat("y", i/182%90))
		b.WriteString(string(rune('a'+i/16380)) + "=1&")
	}
	return b.String()
}

// TestOddAddressesAreNotThere asks for what nobody links to.
func TestOddAddressesAreNotThere(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	cookie, base := l.start(t, "swv", 0)
	staff := l.staffCookie(t, account.Projectleider)
	key := strings.Split(base, "/")[2]
	odd := []string{"%00", "%ff", "..%2f..%2fetc%2fpasswd", "%2e%2e", "'%20or%201=1--", strings.Repeat("x", 3000), "%F0%9F%92%A1", "-1", "9999999999999999999999", "%0d%0aSet-Cookie:x=1", "<script>", "{page}", "con.aux", "%u0000"}
	var prefixes []string
	for _, r := range l.routes(t, "/") {
		if i := strings.LastIndex(r.pattern, "{"); r.method == "GET" && i > 0 {
			prefixes = append(prefixes, route{r.method, r.pattern[:i]}.path("{response}", key, "{study}", l.Study.Slug, "{audience}", "swv"))
			if j := strings.Index(r.pattern, "{"); j != i {
				prefixes = append(prefixes, r.pattern[:j])
			}
		}
	}
	for _, prefix := range append(prefixes, "/", "/static/", "/favicon.ico/", base, "/beheer/") {
		for _, o := range odd {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT"} {
				path := strings.ReplaceAll(prefix, "{token}", "x") + strings.NewReplacer("<", "%3C", ">", "%3E", "{", "%7B", "}", "%7D", "%u", "%25u").Replace(o)
				resp := l.do(t, request{method: method, path: path, cookies: []*http.Cookie{cookie, staff}})
				if resp.StatusCode >= 500 || resp.StatusCode == 200 && method == "GET" {
					t.Errorf("%s %.80s: %d", method, path, resp.StatusCode)
				}
			}
		}
	}
	for _, query := range []string{"?doelgroep=%00", "?doelgroep=swv&vanaf=-1", "?vanaf=99999999999999999999", "?zoek=%ff%00%27", "?stand=%3Cscript%3E", "?k_regio=%00", "?k_regio=" + strings.Repeat("x", 5000), "?a=%zz"} {
		for _, page := range []string{"/eenheden", "/eenheden.csv"} {
			if resp := l.get(t, "/beheer/"+l.Study.Slug+page+query, staff); resp.StatusCode >= 500 {
				t.Errorf("%s%s: %d", page, query[:min(len(query), 40)], resp.StatusCode)
			}
		}
	}
	for _, query := range []string{"?herhalingen=-1", "?herhalingen=99999999999", "?herhalingen=%00", "?controleren&later"} {
		wantStatus(t, query, l.get(t, base+l.Forms["swv"].Pages[0].ID+query, cookie), http.StatusOK)
	}
}

// xss is a payload for every stored string.
const xss = `"><script>alert(1)</script><img src=x onerror=alert(2)>'` + "`{{7*7}}</title></textarea>"

func TestStoredTextsAreEscapedEverywhere(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	for _, sql := range []string{
		`update register.study set title = $1, settings = jsonb_build_object('organiser', $1::text, 'client', $1::text, 'phone', $1::text, 'email', $1::text, 'question', $1::text, 'why', $1::text, 'results', $1::text)`,
		`update register.organisation set name = $1`,
		`update register.unit set name = $1, background = jsonb_build_object('regio', $1::text)`,
		`update register.instrument set columns = jsonb_build_array(jsonb_build_object('id', 'regio', 'label', $1::text)), strata = array['regio']`,
		`update contact.contact set name = $1, role = $1, email = $1, phone = $1, address = $1, source = $1`,
		`update staff.account set name = $1`,
		`insert into field.event (unit, kind, occurred, recorded, actor, note) select id, $1, now(), now(), 'system', $1 from register.unit`,
	} {
		if _, err := l.pool.Exec(t.Context(), sql, xss); err != nil {
			t.Fatal(err)
		}
	}
	cookie, base := l.start(t, "swv", 0)
	staff := l.staffCookie(t, account.Projectleider)
	if _, err := l.pool.Exec(t.Context(), `update staff.account set name = $1`, xss); err != nil {
		t.Fatal(err)
	}
	cookies := []*http.Cookie{cookie, staff}
	open := l.pageOf(t, "swv", instrument.Open)
	multi := l.pageOf(t, "swv", instrument.Multi)
	save := url.Values{"actie": {"later"}}
	for _, p := range []*instrument.Page{open, multi} {
		for _, v := range p.Variables() {
			if v.Type == instrument.TextType {
				save.Set(v.Name, xss)
			}
		}
		wantStatus(t, "saving "+p.ID, l.do(t, request{method: "POST", path: base + p.ID, form: save, cookies: cookies}), http.StatusSeeOther)
	}
	replace := []string{"{response}", strings.Split(base, "/")[2], "{page}", open.ID, "{study}", l.Study.Slug, "{audience}", "swv", "{code}", "PO9001", "{token}", l.Links["swv"][0].Token, "{id}", "x"}
	seen := 0
	visit := func(phase string) {
		for _, r := range l.routes(t, "/") {
			if r.method != "GET" || strings.HasSuffix(r.pattern, ".pdf") || strings.Contains(r.pattern, "*") {
				continue
			}
			for _, path := range []string{r.path(replace...), strings.ReplaceAll(r.path(replace...), open.ID, multi.ID)} {
				resp := l.get(t, path+"?zoek="+url.QueryEscape(xss), cookies...)
				body := bodyOf(t, resp)
				if kind := resp.Header.Get("Content-Type"); strings.Contains(kind, "csv") || strings.HasPrefix(kind, "text/plain") {
					continue // with nosniff nothing reads these as a page
				}
				if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") || strings.Contains(body, "49`") {
					t.Errorf("%s, %s: the payload stands unescaped", phase, path)
				}
				if strings.Contains(body, "&lt;script&gt;alert") {
					seen++
				}
			}
		}
	}
	visit("under way")
	bad := save
	bad.Set(open.ID, xss+strings.Repeat("x", 21_000))
	resp := l.do(t, request{method: "POST", path: base + open.ID, form: bad, cookies: cookies})
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusUnprocessableEntity || strings.Contains(body, "<script>alert") {
		t.Errorf("the page with a problem: %d", resp.StatusCode)
	}
	resp = l.do(t, request{method: "POST", path: base + open.ID, form: url.Values{xss: {xss}, "actie": {xss}, "extra": {xss}, "versie": {xss}, "verzoek": {xss}}})
	if body := bodyOf(t, resp); strings.Contains(body, "<script>alert") || resp.StatusCode >= 500 {
		t.Errorf("the page that keeps what was typed: %d", resp.StatusCode)
	}
	wantStatus(t, "sending", l.do(t, request{method: "POST", path: base + "controleren", form: url.Values{"actie": {"versturen"}}, cookies: cookies}), http.StatusSeeOther)
	visit("sent")
	l.at(fixture.Closes.AddDate(1, 0, 0))
	visit("closed")
	if seen < 20 {
		t.Errorf("the payload was seen on %d pages only: this test looks at the wrong ones", seen)
	}
}

func TestLogsHoldNoSecretNoAnswerAndNoAddress(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	const answer, address = "EenUniekAntwoord", "uniek-adres@example.nl"
	if _, err := l.pool.Exec(t.Context(), `update contact.contact set email = $1`, address); err != nil {
		t.Fatal(err)
	}
	cookie, base := l.start(t, "swv", 0)
	login, err := l.Store.AddLogin(t.Context(), account.Account{Email: address, Role: account.Projectleider}, store.BySystem, fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	l.get(t, "/inloggen/"+login)
	staff := l.do(t, request{method: "POST", path: "/inloggen/" + login}).Cookies()[0]
	token := l.Links["swv"][0].Token
	open := l.pageOf(t, "swv", instrument.Open)
	cookies := []*http.Cookie{cookie, staff}
	form := url.Values{open.ID: {answer}, "actie": {"later"}}
	for _, path := range []string{"/v/" + token, "/v/" + token + ".", "/v/" + token + "/", "/v/" + token + "?x=" + address, "//v/" + token, "/V/" + token, "/v//" + token, "/x/v/" + token, "/inloggen/" + login + "/", "/INLOGGEN/" + login, "/v/" + token + "x"} {
		l.get(t, path, cookies...)
		l.do(t, request{method: "POST", path: path, form: form, cookies: cookies})
	}
	l.do(t, request{method: "POST", path: base + open.ID, form: form, cookies: cookies})
	l.get(t, "/beheer/"+l.Study.Slug+"/eenheden?zoek="+address, staff)
	l.do(t, request{method: "POST", path: "/beheer/" + l.Study.Slug + "/eenheden/swv/PO9001/link", cookies: cookies})
	for _, sql := range []string{`alter table answer.save rename to broken`, `alter table contact.link rename to broken`} { // faults of ours
		if _, err := l.pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	l.do(t, request{method: "POST", path: base + open.ID, form: form, cookies: cookies})
	l.get(t, "/v/"+token, cookies...)
	log := l.log.String()
	if !strings.Contains(log, `"status":500`) {
		t.Error("the fault was not logged")
	}
	for what, secret := range map[string]string{"link": token, "login link": login, "session": cookie.Value, "staff session": staff.Value, "answer": answer, "address": address} {
		for _, line := range strings.Split(log, "\n") {
			if strings.Contains(line, secret) {
				t.Errorf("the log holds the %s: %.300s", what, line)
				break
			}
		}
	}
}

// FuzzPost posts anything to any page through the whole handler: it never
// fails, and what is stored follows from the log.
func FuzzPost(f *testing.F) {
	l := newLab(f, 1, "")
	cookie, base := l.start(f, "swv", 0)
	pages := l.Forms["swv"].Pages
	f.Add(uint8(0), "v0=1&actie=volgende&versie=0")
	f.Add(uint8(3), "v0=%00&v1=%ff&actie=%00&extra=wis%3A%00&versie=-1&verzoek=abcdefgh")
	f.Add(uint8(0), "v0=1&actie=%00")
	f.Add(uint8(0), "v1=1&actie=later&extra=%ff")
	f.Add(uint8(1), "v1=1&verzoek=abcdefgh&actie=\u0000&versie=1")
	f.Add(uint8(9), "v0=9&v0=8&keuze_=&mijn_v0=1&versie=99999999999&actie=later")
	f.Add(uint8(50), "extra=verwijder:3&v0=a&v29=b")
	f.Add(uint8(50), "extra=voeg_toe&v0=a&versie=2147483648")
	f.Fuzz(func(t *testing.T, page uint8, body string) {
		p := &pages[int(page)%len(pages)]
		for i, v := range p.Variables() {
			body = strings.ReplaceAll(body, "v"+string(rune('0'+i%10))+"=", v.Name+"=")
		}
		for _, header := range []map[string]string{nil, {"X-Uitvraag-Autosave": "1"}} {
			resp := l.do(t, request{method: "POST", path: base + p.ID, body: body, cookies: []*http.Cookie{cookie}, header: header})
			if resp.StatusCode >= 500 {
				b, _ := io.ReadAll(resp.Body)
				t.Fatalf("%s: %d: %.300s", p.ID, resp.StatusCode, b)
			}
		}
		l.answered(t, base)
	})
}
