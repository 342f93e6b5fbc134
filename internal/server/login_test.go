package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/credential"
	"github.com/uitvraag/uitvraag/internal/store"
)

const goodPassword = "fietsbel kaasschaaf dinsdag"

// A user is somebody with a password and an app.
type user struct {
	email  string
	secret []byte
	codes  []string
	cookie *http.Cookie
}

var (
	secretText   = regexp.MustCompile(`class="secret">((?:[A-Z2-7]{4} ?)+)<`)
	recoveryText = regexp.MustCompile(`class="secret">([2-9a-z-]{19})<`)
)

// register sets a password and an app up, as somebody does who came in by a link.
func (l *lab) register(t *testing.T, name string, role account.Role) *user {
	t.Helper()
	u := &user{email: name + "@example.nl", cookie: l.as(t, name, role)}
	shown := bodyOf(t, l.get(t, "/beheer/account/wachtwoord", u.cookie))
	m := secretText.FindStringSubmatch(shown)
	if m == nil || !strings.Contains(shown, `class="qr"`) {
		t.Fatalf("no secret or code to scan: %.300s", shown)
	}
	u.secret = base32Of(t, m[1])
	form := url.Values{"nieuw_wachtwoord": {goodPassword}, "nieuwe_code": {u.code(l, 0)}}
	resp := l.post(t, "/beheer/account/wachtwoord", u.cookie, form)
	for _, m := range recoveryText.FindAllStringSubmatch(bodyOf(t, resp), -1) {
		u.codes = append(u.codes, m[1])
	}
	if resp.StatusCode != http.StatusOK || len(u.codes) != credential.RecoveryCodes {
		t.Fatalf("setting a password: %d, %d recovery codes", resp.StatusCode, len(u.codes))
	}
	return u
}

// code is what the app shows now, or so many periods later.
func (u *user) code(l *lab, later int64) string {
	return credential.Code(u.secret, credential.Step(*l.clock.Load())+later)
}

func (l *lab) later(d time.Duration) { l.at(l.clock.Load().Add(d)) }

// signIn posts the form of the login page.
func (l *lab) signIn(t *testing.T, email, password, code string) *http.Response {
	t.Helper()
	return l.do(t, request{method: "POST", path: "/inloggen", form: url.Values{"email": {email}, "wachtwoord": {password}, "code": {code}}})
}

func in(resp *http.Response) bool {
	return resp.StatusCode == http.StatusSeeOther && resp.Header.Get("Location") == "/beheer/" && len(resp.Cookies()) == 1
}

func TestAPasswordWithACodeLetsInAndEachCodeWorksOnce(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	u := l.register(t, "Sanne", account.Lezer)
	if resp := l.signIn(t, u.email, goodPassword, u.code(l, 0)); in(resp) {
		t.Error("the code that set the app up works again")
	}
	l.later(time.Minute)
	code := u.code(l, 0)
	resp := l.signIn(t, " SANNE@example.nl ", goodPassword, code)
	if !in(resp) {
		t.Fatalf("not let in: %d", resp.StatusCode)
	}
	checkCookie(t, resp.Cookies()[0], "beheer", false)
	wantStatus(t, "the office", l.get(t, "/beheer/", resp.Cookies()[0]), http.StatusOK)
	for what, resp := range map[string]*http.Response{
		"a code again":         l.signIn(t, u.email, goodPassword, code),
		"a wrong password":     l.signIn(t, u.email, goodPassword+"x", u.code(l, 1)),
		"no code":              l.signIn(t, u.email, goodPassword, ""),
		"a made-up recovery":   l.signIn(t, u.email, goodPassword, "aaaa-bbbb-cccc-dddd"),
		"nobody":               l.signIn(t, "niemand@example.nl", goodPassword, u.code(l, 1)),
		"no address":           l.signIn(t, "", "", ""),
		"somebody without one": l.signIn(t, "beheerder@example.nl", "", ""),
	} {
		if in(resp) || resp.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, resp.StatusCode)
		}
	}
	if !in(l.signIn(t, u.email, goodPassword, strings.ToUpper(strings.ReplaceAll(u.codes[3], "-", " ")))) {
		t.Error("a recovery code does not let in")
	}
	if in(l.signIn(t, u.email, goodPassword, u.codes[3])) {
		t.Error("a recovery code works twice")
	}
	dump := l.database(t)
	for what, secret := range map[string]string{"password": goodPassword, "recovery code": u.codes[0], "secret of the app": string(u.secret)} {
		if strings.Contains(dump, secret) {
			t.Errorf("the %s stands in the database", what)
		}
	}
}

// TestGuessingStopsAndTellsNothing tries passwords for somebody who exists and for
// nobody: both are shut out alike, with the same words (standards 4 row 10).
func TestGuessingStopsAndTellsNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	u := l.register(t, "Sanne", account.Lezer)
	admin := l.staffCookie(t, account.Beheerder)
	l.later(time.Minute)
	text := func(email string) (string, int) {
		resp := l.signIn(t, email, "fout", "123456")
		return strings.ReplaceAll(regexp.MustCompile(`[2-9B-DF-HJ-NP-TV-Z]{10}`).ReplaceAllString(bodyOf(t, resp), ""), email, ""), resp.StatusCode
	}
	for i := range 12 {
		known, a := text(u.email)
		unknown, b := text("niemand@example.nl")
		if known != unknown || a != b {
			t.Fatalf("try %d tells somebody from nobody: %d, %d", i+1, a, b)
		}
		if want := map[bool]int{true: http.StatusUnprocessableEntity, false: http.StatusTooManyRequests}[i < 10]; a != want {
			t.Fatalf("try %d: %d, want %d", i+1, a, want)
		}
	}
	if in(l.signIn(t, u.email, goodPassword, u.code(l, 0))) {
		t.Error("the right password lets in while shut out: guessing goes on")
	}
	accounts := parsed(t, l.get(t, "/beheer/medewerkers", admin))
	if !strings.Contains(accounts.Text(), "te veel mislukte pogingen") {
		t.Error("a beheerder does not see who is shut out")
	}
	id := one[int64](t, l, `select id from staff.account where email = $1`, u.email)
	wantStatus(t, "unblock", l.post(t, "/beheer/medewerkers/"+itoa(id)+"/deblokkeren", admin, nil), http.StatusSeeOther)
	if !in(l.signIn(t, u.email, goodPassword, u.code(l, 1))) {
		t.Error("unblocking does not help")
	}
	if n := one[int](t, l, `select count(*) from staff.attempt where origin like '%@%'`); n != 0 {
		t.Error("the counters tell addresses")
	}
	for range 60 { // many addresses from one origin
		l.signIn(t, "x"+itoa(time.Now().UnixNano())+"@example.nl", "fout", "1")
	}
	if resp := l.signIn(t, "nieuw@example.nl", "fout", "1"); resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one origin tries on: %d", resp.StatusCode)
	}
}

func TestEasyPasswordsAreRefusedBesideTheirField(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	cookie := l.as(t, "Sanne", account.Lezer)
	resp := l.post(t, "/beheer/account/wachtwoord", cookie, url.Values{"nieuw_wachtwoord": {"Wachtwoord123!"}, "nieuwe_code": {"12345"}})
	page := parsed(t, resp)
	wantStatus(t, "an easy password", resp, http.StatusUnprocessableEntity)
	for _, id := range []string{"nieuw_wachtwoord-fout", "nieuwe_code-fout"} {
		if _, ok := page.First("span", "id", id); !ok {
			t.Errorf("nothing at %s", id)
		}
	}
	if n := one[int](t, l, `select count(*) from staff.password`); n != 0 {
		t.Error("it was kept")
	}
}

// TestAnInvitationLeadsToAWayToSignInAndNowhereElse follows a new colleague from
// the page of the team to their first day.
func TestAnInvitationLeadsToAWayToSignInAndNowhereElse(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	leader := l.staffCookie(t, account.Projectleider)
	team := "/beheer/" + l.Study.Slug + "/medewerkers"
	resp := l.post(t, team, leader, url.Values{"email": {"geen adres"}, "rol": {"beheerder"}})
	wantStatus(t, "a wrong invitation", resp, http.StatusUnprocessableEntity)
	resp = l.post(t, team, leader, url.Values{"email": {"nieuw@example.nl"}, "naam": {"Nieuwe"}, "rol": {"onderzoeker"}})
	link := regexp.MustCompile(`/inloggen/[A-Za-z0-9_-]{22}`).FindString(bodyOf(t, resp))
	if link == "" {
		t.Fatal("no link")
	}
	resp = l.do(t, request{method: "POST", path: link})
	cookie := resp.Cookies()[0]
	if resp.Header.Get("Location") != "/beheer/account" {
		t.Errorf("an invitation leads to %q", resp.Header.Get("Location"))
	}
	for _, path := range []string{"/beheer", "/beheer/" + l.Study.Slug, team, "/beheer/rechten"} {
		if resp := l.get(t, path, cookie); resp.Header.Get("Location") != "/beheer/account" {
			t.Errorf("%s before choosing how to sign in: %d", path, resp.StatusCode)
		}
	}
	shown := bodyOf(t, l.get(t, "/beheer/account/wachtwoord", cookie))
	u := &user{secret: base32Of(t, secretText.FindStringSubmatch(shown)[1])}
	resp = l.post(t, "/beheer/account/wachtwoord", cookie, url.Values{"nieuw_wachtwoord": {goodPassword}, "nieuwe_code": {u.code(l, 0)}})
	wantStatus(t, "setting up", resp, http.StatusOK)
	wantStatus(t, "the study afterwards", l.get(t, "/beheer/"+l.Study.Slug, cookie), http.StatusOK)
	resp = l.post(t, team, leader, url.Values{"email": {"Nieuw@example.nl"}, "rol": {"veldwerker"}})
	if strings.Contains(bodyOf(t, resp), "/inloggen/") || one[string](t, l, `select r.role from staff.role r join staff.account a on a.id = r.account where a.email = 'nieuw@example.nl'`) != "veldwerker" {
		t.Error("who can sign in gets a link, or no role")
	}
}

// TestNobodyGetsALinkForWhoHasAPartElsewhere keeps who leads one study out of
// another, by way of somebody of both.
func TestNobodyGetsALinkForWhoHasAPartElsewhere(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	resp := c.post(t, "/beheer/"+c.other.Study.Slug+"/medewerkers", c.foreign, url.Values{"email": {"projectleider@example.nl"}, "rol": {"lezer"}})
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusOK || strings.Contains(body, "/inloggen/") {
		t.Errorf("%d, with a link", resp.StatusCode)
	}
	resp = c.post(t, "/beheer/medewerkers", c.cookies[account.Beheerder], url.Values{"email": {"beheerder@example.nl"}, "onderzoek": {c.Study.Slug}})
	wantStatus(t, "a beheerder who appoints themself", resp, http.StatusUnprocessableEntity)
}

func TestARoleTakenAwayIsGoneAtOnceAndSomebodyLeads(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	leader, reader, admin := l.staffCookie(t, account.Projectleider), l.staffCookie(t, account.Lezer), l.staffCookie(t, account.Beheerder)
	id := func(role account.Role) string {
		return itoa(one[int64](t, l, `select id from staff.account where email = $1`, string(role)+"@example.nl"))
	}
	study := "/beheer/" + l.Study.Slug
	team := study + "/medewerkers/"
	wantStatus(t, "the last projectleider goes", l.post(t, team+id(account.Projectleider)+"/weg", leader, nil), http.StatusConflict)
	wantStatus(t, "the last projectleider reads", l.post(t, team+id(account.Projectleider)+"/rol", leader, url.Values{"rol": {"lezer"}}), http.StatusConflict)
	wantStatus(t, "a role of the installation", l.post(t, team+id(account.Lezer)+"/rol", leader, url.Values{"rol": {"beheerder"}}), http.StatusBadRequest)
	wantStatus(t, "before", l.get(t, study+"/tabellen", reader), http.StatusOK)
	wantStatus(t, "another role", l.post(t, team+id(account.Lezer)+"/rol", leader, url.Values{"rol": {"veldwerker"}}), http.StatusSeeOther)
	wantStatus(t, "at once", l.get(t, study+"/tabellen", reader), http.StatusForbidden)
	wantStatus(t, "no role", l.post(t, team+id(account.Lezer)+"/weg", leader, nil), http.StatusSeeOther)
	wantStatus(t, "at once", l.get(t, study, reader), http.StatusNotFound)
	wantStatus(t, "end the account", l.post(t, "/beheer/medewerkers/"+id(account.Lezer)+"/beeindigen", admin, nil), http.StatusSeeOther)
	wantStatus(t, "at once", l.get(t, "/beheer", reader), http.StatusSeeOther)
	wantStatus(t, "the own account", l.post(t, "/beheer/medewerkers/"+id(account.Beheerder)+"/beeindigen", admin, nil), http.StatusConflict)
	wantStatus(t, "all sessions", l.post(t, "/beheer/medewerkers/"+id(account.Projectleider)+"/sessies", admin, nil), http.StatusSeeOther)
	wantStatus(t, "at once", l.get(t, study, leader), http.StatusSeeOther)
}

func TestMySessionsCanBeSeenAndEnded(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	u := l.register(t, "Sanne", account.Lezer)
	l.later(time.Minute)
	other := l.do(t, request{method: "POST", path: "/inloggen", form: url.Values{"email": {u.email}, "wachtwoord": {goodPassword}, "code": {u.code(l, 0)}}, from: "198.51.100.7:1",
		header: map[string]string{"User-Agent": "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"}}).Cookies()[0]
	text := parsed(t, l.get(t, "/beheer/account", u.cookie)).Text()
	if !strings.Contains(text, "Firefox op Android") || !strings.Contains(text, "198.51.100.7") || !strings.Contains(text, "deze browser") {
		t.Errorf("mijn sessies: %s", text)
	}
	stranger := l.as(t, "Vreemd", account.Lezer)
	id := itoa(one[int64](t, l, `select id from staff.session where origin = '198.51.100.7'`))
	wantStatus(t, "another's session", l.post(t, "/beheer/account/sessies/"+id+"/beeindigen", stranger, nil), http.StatusNotFound)
	wantStatus(t, "still there", l.get(t, "/beheer", other), http.StatusOK)
	wantStatus(t, "my session", l.post(t, "/beheer/account/sessies/"+id+"/beeindigen", u.cookie, nil), http.StatusSeeOther)
	wantStatus(t, "ended", l.get(t, "/beheer", other), http.StatusSeeOther)
}

// TestAnswersWithANameNeedARoleAProofAndAReason walks to the answers of a unit.
func TestAnswersWithANameNeedARoleAProofAndAReason(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	v := l.visitor(t)
	v.enter("swv", 0)
	base := v.url.Path[:strings.LastIndex(v.url.Path, "/")+1]
	v.get(base+"b5_24").press("actie", "volgende", url.Values{"b5_24": {"1"}})
	v.get(base+"controleren").press("actie", "versturen", nil)
	if v.status != http.StatusOK {
		t.Fatalf("sending: %d", v.status)
	}
	u := l.register(t, "Lea", account.Projectleider)
	l.later(11 * time.Minute)
	path := "/beheer/" + l.Study.Slug + "/eenheden/swv/PO9001/antwoorden"
	wantStatus(t, "a researcher", l.get(t, path, l.staffCookie(t, account.Onderzoeker)), http.StatusForbidden)
	views := func() int {
		return one[int](t, l, `select count(*) from staff.audit where action = 'antwoorden bekeken'`)
	}
	shows := func(resp *http.Response) bool { return strings.Contains(bodyOf(t, resp), `class="review"`) }
	if shows(l.get(t, path, u.cookie)) {
		t.Error("a GET shows answers")
	}
	resp := l.post(t, path, u.cookie, url.Values{"reden": {" "}})
	if resp.StatusCode != http.StatusUnprocessableEntity || shows(resp) {
		t.Errorf("without a reason: %d", resp.StatusCode)
	}
	reason := url.Values{"reden": {"De directeur belde over vraag 24"}}
	page := parsed(t, l.post(t, path, u.cookie, reason))
	if kept, ok := page.First("input", "name", "reden"); !ok || kept.Attr("value") != reason.Get("reden") || views() != 0 {
		t.Error("no confirmation is asked, or the reason is lost")
	}
	wrong := url.Values{"reden": reason["reden"], "wachtwoord": {"fout"}, "code": {u.code(l, 0)}}
	wantStatus(t, "a wrong password", l.post(t, path, u.cookie, wrong), http.StatusUnprocessableEntity)
	right := url.Values{"reden": reason["reden"], "wachtwoord": {goodPassword}, "code": {u.code(l, 0)}}
	if resp := l.post(t, path, u.cookie, right); !shows(resp) || views() != 1 {
		t.Errorf("with all of it: %d, %d in the log", resp.StatusCode, views())
	}
	if why := one[string](t, l, `select detail->>'reden' from staff.audit where action = 'antwoorden bekeken'`); why != reason.Get("reden") {
		t.Errorf("the log has the reason %q", why)
	}
	if !shows(l.post(t, path, u.cookie, reason)) || views() != 2 {
		t.Error("within ten minutes it asks again, or does not log")
	}
	l.later(10 * time.Minute)
	if shows(l.post(t, path, u.cookie, reason)) {
		t.Error("after ten minutes it asks nothing")
	}
}

func TestEmergencyAccessIsToldToEveryBeheerder(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	admin := l.staffCookie(t, account.Beheerder)
	second := l.as(t, "Tweede", account.Beheerder)
	if _, err := l.Store.Emergency(t.Context(), "lezer@example.nl", *l.clock.Load()); err == nil {
		t.Error("emergency access for somebody who is no beheerder")
	}
	l.later(time.Minute)
	link, err := l.Store.Emergency(t.Context(), "beheerder@example.nl", *l.clock.Load())
	if err != nil {
		t.Fatal(err)
	}
	told := func(c *http.Cookie) bool {
		return strings.Contains(parsed(t, l.get(t, "/beheer", c)).Text(), "noodlink voor een beheerder")
	}
	if !told(admin) || !told(second) {
		t.Error("not every beheerder is told")
	}
	wantStatus(t, "seen", l.post(t, "/beheer/account/noodtoegang", admin, nil), http.StatusSeeOther)
	if told(admin) || !told(second) {
		t.Error("one who has seen it speaks for all")
	}
	l.later(store.EmergencyLife)
	wantStatus(t, "after a quarter", l.do(t, request{method: "POST", path: "/inloggen/" + link}), http.StatusNotFound)
	link, err = l.Store.Emergency(t.Context(), "beheerder@example.nl", *l.clock.Load())
	if err != nil {
		t.Fatal(err)
	}
	if resp := l.do(t, request{method: "POST", path: "/inloggen/" + link}); resp.Header.Get("Location") != "/beheer/account" || !strings.Contains(l.log.String(), "EMERGENCY ACCESS USED") {
		t.Errorf("emergency access: %d", resp.StatusCode)
	}
}
