package server_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/api"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// apiLab is a study in which some answered.
func apiLab(t *testing.T) *lab {
	t.Helper()
	l := newLab(t, 4, "")
	for audience, values := range map[string]answer.Values{"swv": {"b5_2_kern": "8", "visie_1": "4"}, "gemeente": {"visie_1": "2"}} {
		var rows []form.FileRow
		for i := range 3 {
			rows = append(rows, form.FileRow{Line: 2 + i, Unit: l.Links[audience][i].Unit, Mode: answer.Web, Status: answer.Submitted, Sent: *l.clock.Load(), Answers: maps.Clone(values)})
		}
		rows[1].Answers["b5_2_kern"] = "3"
		if audience == "gemeente" {
			delete(rows[1].Answers, "b5_2_kern")
		}
		if problems, err := l.Store.ImportResponses(t.Context(), l.Study, audience, l.Forms[audience], rows, store.BySystem, *l.clock.Load()); err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
	}
	l.exec(t, `update contact.contact set name = 'Geheime Naam', email = 'geheim@example.nl'`)
	return l
}

// token makes a token on the page, as somebody with a role.
func (l *lab) token(t *testing.T, cookie *http.Cookie, name string, scopes ...account.Scope) string {
	t.Helper()
	values := url.Values{"naam": {name}, "geldig": {"90"}}
	for _, s := range scopes {
		values.Add("bereik", string(s))
	}
	resp := l.post(t, "/beheer/"+l.Study.Slug+"/api", cookie, values)
	page := htmltest.Parse(t, bodyOf(t, resp))
	secret, ok := page.First("kbd")
	if resp.StatusCode != http.StatusOK || !ok {
		t.Fatalf("making a token: %d", resp.StatusCode)
	}
	return secret.Text()
}

func (l *lab) read(t testing.TB, path, token string, header ...string) *http.Response {
	t.Helper()
	h := map[string]string{}
	if token != "" {
		h["Authorization"] = "Bearer " + token
	}
	for i := 0; i < len(header); i += 2 {
		h[header[i]] = header[i+1]
	}
	return l.do(t, request{method: "GET", path: path, header: h})
}

func (l *lab) apiPath(e api.Endpoint) string {
	return api.Base + strings.NewReplacer("{study}", l.Study.Slug, "{instrument}", "swv").Replace(e.Path)
}

// TestTheDocumentDescribesAllThereIsAndEveryAnswerFits holds the document against
// the routes, in both directions, and real answers against its schemas (standards
// 4, row 25).
func TestTheDocumentDescribesAllThereIsAndEveryAnswerFits(t *testing.T) {
	t.Parallel()
	l := apiLab(t)
	token := l.token(t, l.staffCookie(t, account.Projectleider), "alles", account.Scopes...)
	text := bodyOf(t, l.read(t, api.Base+"/openapi.json", ""))
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var described, bound []route
	for path, item := range document.(map[string]any)["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			described = append(described, route{strings.ToUpper(method), path})
		}
	}
	bound = l.routes(t, "/api")
	order := func(a, b route) int { return strings.Compare(a.pattern+a.method, b.pattern+b.method) }
	slices.SortFunc(described, order)
	slices.SortFunc(bound, order)
	if !slices.Equal(described, bound) {
		t.Errorf("the document describes\n%v\nand the site has\n%v", described, bound)
	}
	closed(document)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("openapi.json", document); err != nil {
		t.Fatal(err)
	}
	fits := func(what, pointer, body string) {
		t.Helper()
		schema, err := c.Compile("openapi.json#" + pointer)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s does not fit: %v", what, err)
		}
	}
	for _, e := range api.Endpoints {
		for _, query := range map[string][]string{"tables": {"", "?by=regio"}, "data": {"", "?missing=codes&limit=2"}}[e.ID] {
			body := bodyOf(t, l.read(t, l.apiPath(e)+query, token))
			fits(e.ID+query, "/paths/"+strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(api.Base+e.Path)+"/get/responses/200/content/application~1json/schema", body)
		}
		if !e.CSV && e.ID != "tables" && e.ID != "data" {
			fits(e.ID, "/paths/"+strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(api.Base+e.Path)+"/get/responses/200/content/application~1json/schema", bodyOf(t, l.read(t, l.apiPath(e), token)))
		}
		if resp := l.do(t, request{method: "HEAD", path: l.apiPath(e), header: map[string]string{"Authorization": "Bearer " + token}}); resp.StatusCode != http.StatusOK {
			t.Errorf("HEAD of %s: %d", e.ID, resp.StatusCode)
		}
	}
	fits("a failure", "/components/schemas/Problem", bodyOf(t, l.read(t, api.Base+"/"+l.Study.Slug, "")))
}

// closed makes objects of a schema refuse what they do not describe: in the
// document they do not, so that fields can be added.
func closed(x any) {
	switch x := x.(type) {
	case map[string]any:
		if _, ok := x["properties"].(map[string]any); ok && x["type"] == "object" && x["additionalProperties"] == nil {
			x["additionalProperties"] = false
		}
		for _, v := range x {
			closed(v)
		}
	case []any:
		for _, v := range x {
			closed(v)
		}
	}
}

// TestATokenOpensWhatItWasMadeForAndNothingElse walks along the wall (standards 4,
// rows 33 to 35).
func TestATokenOpensWhatItWasMadeForAndNothingElse(t *testing.T) {
	t.Parallel()
	l := apiLab(t)
	leader := l.staffCookie(t, account.Projectleider)
	other, err := l.Store.AddStudy(t.Context(), otherStudy(l.World), nil, fixture.Opens)
	if err != nil {
		t.Fatal(err)
	}
	all := l.token(t, leader, "alles", account.Scopes...)
	before := l.database(t)
	for _, e := range api.Endpoints {
		if e.Open {
			continue
		}
		path := l.apiPath(e)
		for name, header := range map[string]string{"nothing": "", "no scheme": all, "another scheme": "Basic " + all, "half of it": "Bearer " + all[:20], "a JWT without signature": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "what is not there": "Bearer uvt_" + strings.Repeat("A", 44)} {
			resp := l.do(t, request{method: "GET", path: path, from: "192.0.2.1:1", header: map[string]string{"Authorization": header}, cookies: []*http.Cookie{leader}})
			if resp.StatusCode != http.StatusUnauthorized && resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s with %s: %d %s", path, name, resp.StatusCode, resp.Header.Get("Content-Type"))
			}
		}
		wantStatus(t, path+" with the token in the address", l.do(t, request{method: "GET", path: path + "?token=" + all, cookies: []*http.Cookie{leader}}), http.StatusUnauthorized)
		elsewhere := strings.Replace(path, l.Study.Slug, other.Slug, 1)
		wantStatus(t, elsewhere, l.read(t, elsewhere, all), http.StatusNotFound)
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			resp := l.do(t, request{method: method, path: path, header: map[string]string{"Authorization": "Bearer " + all}})
			if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s: %d", method, path, resp.StatusCode)
			}
		}
		for _, query := range []string{"?x=1", "?missing=x", "?limit=0", "?limit=9&limit=9", "?by=nergens", "?snapshot=nergens"} {
			if status := l.read(t, path+query, all).StatusCode; status != http.StatusBadRequest && status != http.StatusNotFound {
				t.Errorf("%s%s: %d", path, query, status)
			}
		}
	}
	if log := l.log.String(); strings.Contains(log, all) || strings.Contains(log, all[4:]) {
		t.Error("the log holds the token")
	}
	for _, path := range []string{"/beheer/", "/beheer/" + l.Study.Slug + "/gegevens", "/beheer/" + l.Study.Slug + "/api"} {
		wantStatus(t, path+" with a token", l.read(t, path, all), http.StatusSeeOther)
	}
	wantStatus(t, "nothing there", l.read(t, api.Base+"/"+l.Study.Slug+"/units", all), http.StatusNotFound)
	if after := l.database(t); withoutUse(before) != withoutUse(after) {
		t.Errorf("reading changed something: %s", cmp.Diff(strings.Split(withoutUse(before), "\n"), strings.Split(withoutUse(after), "\n")))
	}
	for _, scope := range account.Scopes {
		token := l.token(t, leader, "alleen "+string(scope), scope)
		for _, e := range api.Endpoints {
			status := l.read(t, l.apiPath(e), token).StatusCode
			allowed := e.Scope == "" || e.Scope == scope
			if public := e.ID == "tables" && scope == account.ScopeTables; public && status != http.StatusConflict || !public && allowed != (status == http.StatusOK) || !allowed && status != http.StatusForbidden {
				t.Errorf("%s with scope %s: %d", e.ID, scope, status)
			}
		}
	}
}

// withoutUse leaves out what is kept of reading itself.
func withoutUse(database string) string {
	var out []string
	for part := range strings.SplitSeq(database, "\nstaff.") {
		if !strings.HasPrefix(part, "token_day") && !strings.HasPrefix(part, "attempt") {
			out = append(out, part)
		}
	}
	lines := strings.Split(strings.Join(out, "\n"), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "gelezen met sleutel") }), "\n")
}

// TestATokenDiesWithTheRoleOfItsMaker takes roles and tokens away.
func TestATokenDiesWithTheRoleOfItsMaker(t *testing.T) {
	t.Parallel()
	l := apiLab(t)
	path := api.Base + "/" + l.Study.Slug + "/data/swv"
	researcher := l.staffCookie(t, account.Onderzoeker)
	token := l.token(t, researcher, "R", account.ScopeData, account.ScopeMonitoring)
	wantStatus(t, "at first", l.read(t, path, token), http.StatusOK)
	role := func(role account.Role) {
		t.Helper()
		if _, err := l.Store.AddLogin(t.Context(), account.Account{Email: string(account.Onderzoeker) + "@example.nl", Role: role}, store.BySystem, *l.clock.Load()); err != nil {
			t.Fatal(err)
		}
	}
	role(account.Lezer)
	wantStatus(t, "its maker may no longer see answers", l.read(t, path, token), http.StatusForbidden)
	wantStatus(t, "but counts", l.read(t, api.Base+"/"+l.Study.Slug+"/days", token), http.StatusOK)
	wantStatus(t, "a reader lets nothing in", l.get(t, "/beheer/"+l.Study.Slug+"/api", l.staffCookie(t, account.Lezer)), http.StatusForbidden)
	l.exec(t, `update staff.account set ended = now() where email = 'onderzoeker@example.nl'`)
	wantStatus(t, "its maker has gone", l.read(t, path, token), http.StatusUnauthorized)
	if _, err := l.Store.Sweep(t.Context(), *l.clock.Load()); err != nil {
		t.Fatal(err)
	}
	role(account.Onderzoeker)
	wantStatus(t, "and came back: the token does not", l.read(t, path, token), http.StatusUnauthorized)

	leader := l.staffCookie(t, account.Projectleider)
	second := l.token(t, leader, "tweede", account.ScopeData)
	id := one[int](t, l, `select max(id) from staff.token`)
	elsewhere, err := l.Store.AddStudy(t.Context(), otherStudy(l.World), nil, fixture.Opens)
	if err != nil {
		t.Fatal(err)
	}
	end := "/api/" + string(rune('0'+id)) + "/intrekken"
	wantStatus(t, "taken back in another study", l.post(t, "/beheer/"+elsewhere.Slug+end, leader, nil), http.StatusNotFound)
	wantStatus(t, "still there", l.read(t, path, second), http.StatusOK)
	wantStatus(t, "taken back", l.post(t, "/beheer/"+l.Study.Slug+end, leader, nil), http.StatusSeeOther)
	wantStatus(t, "and gone", l.read(t, path, second), http.StatusUnauthorized)
	third := l.token(t, leader, "derde", account.ScopeData)
	l.at(fixture.Now.AddDate(0, 0, 90))
	wantStatus(t, "after its time", l.read(t, path, third), http.StatusUnauthorized)
	if got := one[string](t, l, `select string_agg(action || ' ' || (detail->>'wat'), ', ' order by id) from staff.audit where action = 'gelezen met sleutel'`); got != "gelezen met sleutel data swv, gelezen met sleutel days, gelezen met sleutel data swv" {
		t.Errorf("the log says %s: once per token, day and thing", got)
	}
}

// TestProgramsReadAnswersWithTheirTypesAndNoUnit reads the same data in all ways.
func TestProgramsReadAnswersWithTheirTypesAndNoUnit(t *testing.T) {
	t.Parallel()
	l := apiLab(t)
	token := l.token(t, l.staffCookie(t, account.Projectleider), "alles", account.Scopes...)
	var everything strings.Builder
	for _, e := range api.Endpoints {
		everything.WriteString(bodyOf(t, l.read(t, l.apiPath(e), token)))
	}
	for _, secret := range []string{"PO900", "GM900", "Proef PO", "Geheime Naam", "geheim@", token} {
		if strings.Contains(everything.String(), secret) {
			t.Errorf("somewhere stands %s", secret)
		}
	}
	base := api.Base + "/" + l.Study.Slug + "/data/swv"
	var rows []map[string]any
	next := base + "?limit=2&missing=codes"
	for pages := 0; next != ""; pages++ {
		var page struct {
			Total int
			Next  string
			Rows  []map[string]any
		}
		resp := l.read(t, next, token)
		if err := json.Unmarshal([]byte(bodyOf(t, resp)), &page); err != nil || page.Total != 3 || pages > 2 {
			t.Fatalf("%s: %v, %d rows of %d", next, err, len(page.Rows), page.Total)
		}
		rows, next = append(rows, page.Rows...), page.Next
	}
	var got []any
	for _, r := range rows {
		got = append(got, r["b5_2_kern"])
	}
	if len(rows) != 3 || !slices.Contains(got, any(8.0)) || !slices.Contains(got, any(3.0)) {
		t.Errorf("with codes: %v", got)
	}
	text := bodyOf(t, l.read(t, base+".csv", token))
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(lines) != 4 || lines[0][0] != "id_resp" {
		t.Fatalf("%v: %d lines", err, len(lines))
	}
	value := slices.Index(lines[0], "b5_2_kern")
	for i, line := range lines[1:] {
		if line[0] != rows[i]["id_resp"] {
			t.Errorf("row %d is of another unit than on the page", i)
		}
		want := map[any][2]string{8.0: {"", "geen_zicht"}, 3.0: {"3", ""}}[rows[i]["b5_2_kern"]]
		if got := [2]string{line[value], line[value+1]}; got != want || lines[0][value+1] != "b5_2_kern.reden" {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
	first := l.read(t, base, token)
	tag := first.Header.Get("ETag")
	l.at(fixture.Now.Add(time.Hour))
	if again := l.read(t, base, token, "If-None-Match", tag); again.StatusCode != http.StatusNotModified || bodyOf(t, again) != "" {
		t.Errorf("unchanged: %d", again.StatusCode)
	}
	tables := strings.Replace(base, "/data/", "/tables/", 1)
	tag = l.read(t, tables, token).Header.Get("ETag")
	l.at(fixture.Now.Add(2 * time.Hour))
	if again := l.read(t, tables, token, "If-None-Match", `"x", `+tag); again.StatusCode != http.StatusNotModified {
		t.Errorf("tables made again of the same: %d", again.StatusCode)
	}
	if packed := l.read(t, base, token, "Accept-Encoding", "gzip"); packed.Header.Get("Content-Encoding") != "gzip" {
		t.Error("the answer is not packed")
	}
}

// TestATokenForTablesGetsThePublishedBook of a study that is closed.
func TestATokenForTablesGetsThePublishedBook(t *testing.T) {
	t.Parallel()
	l := apiLab(t)
	token := l.token(t, l.staffCookie(t, account.Projectleider), "openbaar", account.ScopeTables)
	l.at(fixture.Closes.Add(24 * time.Hour))
	var book struct{ Public bool }
	body := bodyOf(t, l.read(t, api.Base+"/"+l.Study.Slug+"/tables/swv", token))
	if err := json.Unmarshal([]byte(body), &book); err != nil || !book.Public {
		t.Errorf("%v: %.200s", err, body)
	}
	for _, query := range []string{"?covered=no", "?base=substantive"} {
		wantStatus(t, "a second book beside it "+query, l.read(t, api.Base+"/"+l.Study.Slug+"/tables/swv"+query, token), http.StatusBadRequest)
	}
}

// TestWrongTokensAreCountedAndRightOnesNot tries until the door closes.
func TestWrongTokensAreCountedAndRightOnesNot(t *testing.T) {
	t.Parallel()
	l := apiLab(t)
	token := l.token(t, l.staffCookie(t, account.Projectleider), "R", account.ScopeMonitoring)
	path := api.Base + "/" + l.Study.Slug + "/days"
	for range 20 {
		wantStatus(t, "wrong", l.read(t, path, "uvt_"+strings.Repeat("x", 44)), http.StatusUnauthorized)
	}
	wantStatus(t, "too often", l.read(t, path, "uvt_"+strings.Repeat("x", 44)), http.StatusTooManyRequests)
	wantStatus(t, "the right one", l.read(t, path, token), http.StatusOK)
}

// TestRReadsWhatThePageShows runs the examples that the page gives to copy.
func TestRReadsWhatThePageShows(t *testing.T) {
	t.Parallel()
	l := apiLab(t)
	token := l.token(t, l.staffCookie(t, account.Projectleider), "R", account.ScopeData, account.ScopeMonitoring)
	var program strings.Builder
	for _, e := range api.Examples(l.URL, l.Study.Slug, "swv") {
		if e.ID == "powerbi" {
			continue
		}
		program.WriteString("if (TRUE) {\n" + e.Code + "\n}\n")
		program.WriteString(map[string]string{
			"r":        `cat(nrow(gegevens), class(gegevens$visie_1), mean(gegevens$b5_2_kern, na.rm = TRUE), paste(sort(gegevens$b5_2_kern.reden), collapse = " "), "\n")`,
			"jsonlite": `cat(nrow(subset(dagen, audience == "swv")), max(dagen$total), class(dagen$date), "\n")`,
			"httr2":    `cat(nrow(gegevens), class(gegevens$visie_1), length(unique(gegevens$id_resp)), "\n")`,
		}[e.ID] + "\n")
	}
	cmd := exec.CommandContext(t.Context(), "Rscript", "--vanilla", "-")
	cmd.Stdin = strings.NewReader(program.String())
	cmd.Env = append(os.Environ(), "UITVRAAG_SLEUTEL="+token, "no_proxy=127.0.0.1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("Rscript (scripts/readers installs what it needs): %v\n%s", err, stderr.String())
	}
	want := "3 integer 3 geen_zicht geen_zicht \n23 3 character \n3 integer 3 \n"
	if string(out) != want {
		t.Errorf("R reads\n%s\nwant\n%s", out, want)
	}
}

func otherStudy(w fixture.World) study.Study {
	st := w.Study
	st.ID, st.Slug, st.Title = 0, "een-ander", "Een ander"
	return st
}
