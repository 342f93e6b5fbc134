package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/server"
)

// extremeNames are what tends to go wrong on paper.
var extremeNames = []string{"'s-Gravenhage", "Súdwest-Fryslân", "Nuenen, Gerwen en Nederwetten", "=cmd|' /C calc'!A0", "A<b>&amp;", "Ÿ",
	"Samenwerkingsverband Passend Primair Onderwijs Noord-Kennemerland, West-Friesland en Hollands Midden regio 27-06 (Haarlemmermeer)",
	"Bergen (NH.)", "@Home; \"aan huis\"", "Nissewaard\tTab"}

// letterLab is a site that prints, with n letters of the first reminder that wait.
func letterLab(t testing.TB, n int) *lab {
	t.Helper()
	l := newLab(t, n, "")
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("install chromium, or run `make test`, which does: %v", err)
	}
	base := &url.URL{Scheme: "http", Host: l.Listener.Addr().String()}
	l.handler = server.New(l.Store, server.Config{BaseURL: base, Now: func() time.Time { return *l.clock.Load() }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Inbox: true, Keys: labKeys, Printer: export.NewPrinter(browser, os.Geteuid() == 0)}).Handler()
	run := func(sql string, args ...any) {
		t.Helper()
		if _, err := l.pool.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range extremeNames {
		run(`update register.unit set name = $1 where code = $2`, name, fmt.Sprintf("PO%04d", 9001+i))
	}
	run(`update contact.contact set address = 'Lindelaan ' || id || e'\n6811 AB Arnhem'`)
	run(`update contact.contact set name = 'H. de Boer', salutation = 'mevrouw' where id % 2 = 0`)
	run(`update contact.contact set general = true, role = 'de beleidsmedewerker jeugd' where id % 2 = 1`)
	run(`insert into field.message (study, unit, contact, step, channel, template, queued, due, actor)
		select u.study, u.id, c.id, 'uitnodiging', 'letter', 'uitnodiging', $1, $1, 'system' from contact.contact c join register.unit u on u.id = c.unit where u.audience = 'swv'`, fixture.Now)
	return l
}

func (l *lab) sends(t testing.TB, path string, form url.Values, cookies ...*http.Cookie) *http.Response {
	t.Helper()
	return l.do(t, request{method: "POST", path: path, form: form, cookies: cookies})
}

// batch makes a batch of the letters that wait, and returns its path.
func (l *lab) batch(t testing.TB, staff *http.Cookie) string {
	t.Helper()
	resp := l.sends(t, "/beheer/"+l.Study.Slug+"/brieven", url.Values{"stap": {"uitnodiging"}, "tekst": {"uitnodiging"}}, staff)
	wantStatus(t, "batch", resp, http.StatusSeeOther)
	return resp.Header.Get("Location")
}

var codePattern = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]`)

// pdfPages returns the text of each page, as another program reads it.
func pdfPages(t testing.TB, pdf []byte) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext reads the PDF back; scripts/readers installs it: %v", err)
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	return pages
}

// squeezed is a text without spaces, as lines may be broken anywhere.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func (l *lab) fileOf(t testing.TB, path, kind string, staff *http.Cookie) []byte {
	t.Helper()
	resp := l.sends(t, path+"/bestand", url.Values{"actie": {kind}, "venster": {"rechts"}, "bevestigd": {"ja"}}, staff)
	body := []byte(bodyOf(t, resp))
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Disposition") == "" {
		t.Fatalf("file: %d %.800s", resp.StatusCode, body)
	}
	return body
}

// landing is what a typed code leads to.
func (l *lab) landing(t testing.TB, code string) string {
	t.Helper()
	resp := l.sends(t, "/code", url.Values{"code": {strings.ToLower(strings.ReplaceAll(code, "-", " "))}})
	wantStatus(t, "code", resp, http.StatusSeeOther)
	return parsed(t, l.get(t, resp.Header.Get("Location"))).Text()
}

// TestEachLetterHasItsOwnNameAndCode prints letters to units with odd names, and
// reads them back with another program (standards M9, W8, K16).
func TestEachLetterHasItsOwnNameAndCode(t *testing.T) {
	t.Parallel()
	const n = 24
	l := letterLab(t, n)
	staff := l.staffCookie(t, account.Veldwerker)
	path := l.batch(t, staff)
	pdf := l.fileOf(t, path, "pdf", staff)
	for _, want := range []string{"/StructTreeRoot", "/Lang (nl)"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("the PDF has no %s", want)
		}
	}
	pages := pdfPages(t, pdf)
	if len(pages) != n {
		t.Fatalf("%d pages for %d letters", len(pages), n)
	}
	names := map[string]string{}
	rows, err := l.pool.Query(t.Context(), `select code, name from register.unit where audience = 'swv'`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var code, name string
		if err := rows.Scan(&code, &name); err != nil {
			t.Fatal(err)
		}
		names[code] = name
	}
	seen := map[string]bool{}
	for i, text := range pages {
		own := names[fmt.Sprintf("PO%04d", 9001+i)]
		codes := codePattern.FindAllString(text, -1)
		if len(codes) != 1 || seen[codes[0]] {
			t.Fatalf("page %d has the codes %v: %s", i, codes, text)
		}
		seen[codes[0]] = true
		flat := squeezed(text)
		if !strings.Contains(flat, squeezed(own)) || !strings.Contains(flat, "6811ABARNHEM") {
			t.Errorf("page %d is not to %q: %s", i, own, text)
		}
		for _, other := range names {
			if other != own && !strings.Contains(squeezed(own), squeezed(other)) && len(other) > 3 && strings.Contains(flat, squeezed(other)) {
				t.Errorf("page %d to %q holds the name %q", i, own, other)
			}
		}
		link, err := l.Store.LinkByToken(t.Context(), codes[0])
		if err != nil || link.UnitName != own {
			t.Errorf("the code on the letter to %q leads to %q: %v", own, link.UnitName, err)
		}
	}
	code := codePattern.FindString(pages[0])
	if text := l.landing(t, code); !strings.Contains(text, "'s-Gravenhage") {
		t.Errorf("the code leads to %s", text)
	}
	if strings.Contains(l.database(t), code) {
		t.Error("the database holds a code")
	}
	l.scansQR(t, pdf)

	// Made again, the first file is void, and says so.
	wantStatus(t, "asked first", l.sends(t, path+"/bestand", url.Values{"actie": {"pdf"}}, staff), http.StatusOK)
	if text := l.landing(t, code); !strings.Contains(text, "'s-Gravenhage") {
		t.Error("asking for the file made it")
	}
	again := codePattern.FindString(pdfPages(t, l.fileOf(t, path, "pdf", staff))[0])
	if text := l.landing(t, code); !strings.Contains(text, "Deze link werkt niet meer") {
		t.Errorf("the old code leads to %s", text)
	}
	if text := l.landing(t, again); !strings.Contains(text, "'s-Gravenhage") {
		t.Errorf("the new code leads to %s", text)
	}
}

// scansQR reads the QR code of the first letter with another program, where there
// is one.
func (l *lab) scansQR(t testing.TB, pdf []byte) {
	t.Helper()
	if _, err := exec.LookPath("zbarimg"); err != nil {
		return
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/x.pdf", pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", dir+"/x.pdf", dir+"/p").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	images, _ := filepath.Glob(dir + "/p*.png")
	out, err := exec.Command("zbarimg", "-q", "--raw", images[0]).Output()
	if err != nil {
		t.Fatalf("no QR code was read: %v", err)
	}
	u, err := url.Parse(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	if text := parsed(t, l.get(t, u.Path)).Text(); !strings.Contains(text, "'s-Gravenhage") {
		t.Errorf("the QR code leads to %s: %s", u, text)
	}
}

// TestMailHouseReadsTheFile reads the file back with Python.
func TestMailHouseReadsTheFile(t *testing.T) {
	t.Parallel()
	l := letterLab(t, 10)
	staff := l.staffCookie(t, account.Veldwerker)
	content := l.fileOf(t, l.batch(t, staff), "csv", staff)
	if !bytes.HasPrefix(content, []byte("\ufeff")) {
		t.Error("the file has no byte order mark")
	}
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("python3", "-c", `import csv, json, sys
print(json.dumps(list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline=""), delimiter=";"))))`, path).Output()
	if err != nil {
		t.Fatalf("python3 reads the file back; scripts/readers installs it: %v", err)
	}
	var rows []map[string]string
	if err := json.Unmarshal(out, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 10 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		link, err := l.Store.LinkByToken(t.Context(), row["code"])
		if err != nil || export.Guard(link.UnitName) != row["organisatie"] || row["eenheid"] != link.UnitCode {
			t.Errorf("code of %q leads to %q: %v", row["organisatie"], link.UnitName, err)
		}
		u, err := url.Parse(row["link"])
		if err != nil {
			t.Fatal(err)
		}
		if byLink, err := l.Store.LinkByToken(t.Context(), strings.TrimPrefix(u.Path, "/v/")); err != nil || byLink.Unit != link.Unit {
			t.Errorf("link and code of %q lead to different units", row["organisatie"])
		}
		if !strings.HasPrefix(row["adresregel3"], "Lindelaan") || row["adresregel4"] != "6811 AB  ARNHEM" || !strings.Contains(row["brieftekst"], row["code"]) || row["aanhef"] == "" {
			t.Errorf("row %v", row)
		}
		for column, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
				t.Errorf("%s can be run as a formula: %q", column, cell)
			}
		}
	}
}

func TestPostedLettersCountFromTheirDay(t *testing.T) {
	t.Parallel()
	l := letterLab(t, 5)
	staff := l.staffCookie(t, account.Projectleider)
	path := l.batch(t, staff)
	list := "/beheer/" + l.Study.Slug + "/brieven"
	if again := l.batch(t, staff); again != list {
		t.Errorf("a second press leads to %s", again)
	}
	if n := one[int](t, l, `select count(*) from field.batch`); n != 1 {
		t.Errorf("%d batches", n)
	}
	wantStatus(t, "posted without a file", l.sends(t, path+"/verstuurd", url.Values{"datum": {"2026-11-24"}}, staff), http.StatusConflict)

	l.refuse(t, 0) // before the file: not in it
	file := l.fileOf(t, path, "csv", staff)
	if strings.Contains(string(file), "PO9001") || !strings.Contains(string(file), "PO9002") {
		t.Error("the file holds a unit that refused")
	}
	l.at(fixture.Now.AddDate(0, 0, 1))
	staff = l.staffCookie(t, account.Projectleider) // sessions last a day
	l.refuse(t, 1)                                  // after the file, before the posting
	text := parsed(t, l.get(t, path, staff)).Text()
	if !strings.Contains(text, "Haal deze 2 brieven eruit") || !strings.Contains(text, "PO9002") {
		t.Errorf("the page says %s", text)
	}
	l.at(fixture.Now.AddDate(0, 0, 3))
	staff = l.staffCookie(t, account.Projectleider)
	l.refuse(t, 2) // after the posting

	for datum, want := range map[string]string{"2026-11-28": "nog niet geweest", "2026-11-23": "Toen waren de brieven er nog niet", "gisteren": "Vul een dag in", "": "Vul een dag in"} {
		resp := l.sends(t, path+"/verstuurd", url.Values{"datum": {datum}}, staff)
		body := bodyOf(t, resp)
		if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, want) || !strings.Contains(body, `value="`+datum+`"`) {
			t.Errorf("%q: %d, without %q", datum, resp.StatusCode, want)
		}
	}
	for range 2 { // pressed twice
		wantStatus(t, "posted", l.sends(t, path+"/verstuurd", url.Values{"datum": {"26-11-2026"}}, staff), http.StatusSeeOther)
	}
	got := one[string](t, l, `select string_agg(u.code || ' ' || m.state || ' ' || coalesce(e.kind || ' ' || (e.occurred at time zone 'Europe/Amsterdam')::text, ''), ';' order by u.code)
		from field.message m join register.unit u on u.id = m.unit left join field.event e on e.id = m.event`)
	want := "PO9001 ingetrokken ;PO9002 ingetrokken ;PO9003 verstuurd brief 2026-11-26 12:00:00;PO9004 verstuurd brief 2026-11-26 12:00:00;PO9005 verstuurd brief 2026-11-26 12:00:00"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if n := one[int](t, l, `select count(*) from field.event where kind = 'brief'`); n != 3 {
		t.Errorf("%d events", n)
	}
	wantStatus(t, "file of a posted batch", l.sends(t, path+"/bestand", url.Values{"actie": {"csv"}, "bevestigd": {"ja"}}, staff), http.StatusConflict)
	wantStatus(t, "dropping a posted batch", l.sends(t, path+"/opheffen", url.Values{"actie": {"bevestig"}}, staff), http.StatusConflict)
	wantStatus(t, "another day", l.sends(t, path+"/verstuurd", url.Values{"datum": {"2026-11-25"}}, staff), http.StatusConflict)
}

// refuse lets the nth samenwerkingsverband refuse now.
func (l *lab) refuse(t testing.TB, n int) {
	t.Helper()
	_, err := l.pool.Exec(t.Context(), `
		insert into field.event (unit, kind, occurred, recorded, channel, actor) select id, 'weigering', $2, $2, 'web', 'respondent' from register.unit where code = $1`,
		fmt.Sprintf("PO%04d", 9001+n), *l.clock.Load())
	if err != nil {
		t.Fatal(err)
	}
}

func TestADroppedBatchWaitsAgainAndItsCodesEnd(t *testing.T) {
	t.Parallel()
	l := letterLab(t, 3)
	staff := l.staffCookie(t, account.Veldwerker)
	path := l.batch(t, staff)
	code := codePattern.FindString(string(l.fileOf(t, path, "csv", staff)))
	wantStatus(t, "asked first", l.sends(t, path+"/opheffen", url.Values{}, staff), http.StatusOK)
	if n := one[int](t, l, `select count(*) from field.message where batch is not null`); n != 3 {
		t.Errorf("one press dropped the batch: %d", n)
	}
	for range 2 {
		wantStatus(t, "dropped", l.sends(t, path+"/opheffen", url.Values{"actie": {"bevestig"}}, staff), http.StatusSeeOther)
	}
	if text := l.landing(t, code); !strings.Contains(text, "Deze link werkt niet meer") {
		t.Errorf("the code leads to %s", text)
	}
	if text := parsed(t, l.get(t, "/beheer/"+l.Study.Slug+"/brieven", staff)).Text(); !strings.Contains(text, "Opgeheven") || !strings.Contains(text, "Uitnodiging") {
		t.Errorf("the list says %s", text)
	}
	if l.batch(t, staff) == path {
		t.Error("the letters did not wait again")
	}
	wantStatus(t, "file of a dropped batch", l.sends(t, path+"/bestand", url.Values{"actie": {"csv"}, "bevestigd": {"ja"}}, staff), http.StatusConflict)
}

func TestLettersStopWithTheKillSwitchAndWithAColleague(t *testing.T) {
	t.Parallel()
	l := letterLab(t, 3)
	one := l.staffCookie(t, account.Veldwerker)
	other := l.staffCookie(t, account.Projectleider)
	path := l.batch(t, one)
	l.fileOf(t, path, "csv", one)
	// The other opened the page before that file was made.
	resp := l.sends(t, path+"/bestand", url.Values{"actie": {"csv"}, "bevestigd": {"ja"}, "gezien": {"0"}}, other)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusConflict || !strings.Contains(body, "Een collega maakte net een bestand") {
		t.Errorf("two files at once: %d", resp.StatusCode)
	}
	if _, err := l.pool.Exec(t.Context(), `update register.study set stopped = $1, stop_reason = 'Fout in de brief.'`, fixture.Now); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, "stopped", l.sends(t, path+"/bestand", url.Values{"actie": {"csv"}, "bevestigd": {"ja"}}, one), http.StatusConflict)
	if text := parsed(t, l.get(t, path, one)).Text(); !strings.Contains(text, "Fout in de brief.") {
		t.Errorf("the page says %s", text)
	}
}

func TestOnlyFieldworkersMakeLetters(t *testing.T) {
	t.Parallel()
	l := letterLab(t, 2)
	path := l.batch(t, l.staffCookie(t, account.Veldwerker))
	list := "/beheer/" + l.Study.Slug + "/brieven"
	for _, role := range account.Roles {
		if slices.Contains([]account.Role{account.Veldwerker, account.Projectleider}, role) {
			continue
		}
		staff := l.staffCookie(t, role)
		for _, at := range []string{list, path + "/bestand", path + "/verstuurd", path + "/opheffen"} {
			wantStatus(t, string(role)+" "+at, l.sends(t, at, url.Values{"actie": {"csv"}}, staff), http.StatusForbidden)
		}
		if text := bodyOf(t, l.get(t, path, staff)); strings.Contains(text, "H. de Boer") || strings.Contains(text, "Lindelaan") {
			t.Errorf("%s sees who the letters are for", role)
		}
	}
	for _, at := range []string{list, path} {
		if resp := l.get(t, at); resp.Header.Get("Location") != "/inloggen" {
			t.Errorf("%s without a session: %d", at, resp.StatusCode)
		}
	}
	staff := l.staffCookie(t, account.Veldwerker)
	for _, at := range []string{list + "/x", list + "/99"} {
		wantStatus(t, at, l.get(t, at, staff), http.StatusNotFound)
	}
}

// TestALetterTakesOneSheet sets a long text smaller, and refuses one that does not
// fit even then: nothing is made of it.
func TestALetterTakesOneSheet(t *testing.T) {
	t.Parallel()
	l := letterLab(t, 3)
	staff := l.staffCookie(t, account.Veldwerker)
	path := l.batch(t, staff)
	why := func(n int) {
		t.Helper()
		if _, err := l.pool.Exec(t.Context(), `update register.study set settings = jsonb_build_object('why', $1::text, 'phone', '088 - 000 01 23', 'sender', 'M. van Dalen')`, strings.Repeat("Een lange aanleiding. ", n)); err != nil {
			t.Fatal(err)
		}
	}
	why(42)
	if pages := pdfPages(t, l.fileOf(t, path, "pdf", staff)); len(pages) != 3 {
		t.Errorf("%d pages for 3 letters", len(pages))
	}
	links := one[int](t, l, `select count(*) from contact.link where revoked is null`)
	why(400)
	resp := l.sends(t, path+"/bestand", url.Values{"actie": {"pdf"}, "bevestigd": {"ja"}}, staff)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusBadRequest || !strings.Contains(body, "te lang voor één blad") {
		t.Errorf("a text that does not fit: %d", resp.StatusCode)
	}
	if n := one[int](t, l, `select count(*) from contact.link where revoked is null`); n != links {
		t.Errorf("a file that was not made ended links: %d, before %d", n, links)
	}
}
