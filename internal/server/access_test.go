package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// open says, for routes that ask for no right of the permission table, who may
// use them, and why that is enough. What is not named here must name an act.
var open = map[string]string{
	"/healthz": "machines", "/readyz": "machines", "/metrics": "this machine itself, and who has the token of monitoring",
	"/": "everybody", "/onderzoek/": "everybody", "/toegankelijkheid": "everybody", "/status": "everybody", "/.well-known/security.txt": "everybody", "/static/*": "everybody", "/favicon.ico": "everybody",
	"/v/{token}": "who has the link", "/spiegel/{token}": "who has the link of the report; guesses are counted", "/code": "who has the code of a letter; guesses are counted", "/afmelden/": "who has the link of the mail",
	"/voorbeeld/":              "who has the link to their own example",
	"/vragenlijst/{response}/": "who came in by a link, in the session that did",
	"/inloggen":                "everybody; guesses are counted", "/uitloggen": "everybody, out of their own session",
	"/api/":           "programs that have a token for the study, by its scopes; what these are is open, wrong tokens are counted",
	"/postvak":        "this machine itself and staff, where no mail server is set",
	"/beheer/account": "staff: one's own account", "/beheer/rechten": "staff: the permission table itself",
	"/beheer": "staff: lists one's own studies", "/beheer/": "staff: lists one's own studies", "/beheer/*": "staff: there is nothing",
}

// reason returns why a route may do without an act.
func (r route) reason() (string, bool) {
	if why, ok := open[r.pattern]; ok {
		return why, true
	}
	for prefix, why := range open {
		if prefix != "/" && (prefix == "/beheer/account" || !strings.HasPrefix(prefix, "/beheer")) && strings.HasPrefix(r.pattern, prefix) {
			return why, true
		}
	}
	return "", false
}

// A cast is who tries the doors: somebody in every role, and those without any.
type cast struct {
	*lab
	other   fixture.World // a study in which the cast has no part
	cookies map[account.Role]*http.Cookie
	foreign *http.Cookie // leads the other study only
	guest   *http.Cookie // a respondent
	ids     map[string]string
	theirs  map[string]string
}

func newCast(t *testing.T) *cast {
	t.Helper()
	l := newLab(t, 2, "")
	c := &cast{lab: l, cookies: map[account.Role]*http.Cookie{}}
	for _, role := range account.Roles {
		c.cookies[role] = l.staffCookie(t, role)
	}
	c.guest, _ = l.start(t, "swv", 0)
	c.other = fixture.StudyOf(t, l.Store, "inventarisatie-2018", 4)
	token, err := l.Store.AddLogin(t.Context(), account.Account{Email: "elders@example.nl", Role: account.Projectleider, Study: c.other.Study.ID}, store.BySystem, *l.clock.Load())
	if err != nil {
		t.Fatal(err)
	}
	c.foreign = l.do(t, request{method: "POST", path: "/inloggen/" + token}).Cookies()[0]
	c.ids = c.things(t, c.Study, "PO9001")
	c.theirs = c.things(t, c.other.Study, "PO9004")
	return c
}

// things makes one of everything that has a number in an address, for a unit,
// and returns the numbers by the name of the parameter.
func (c *cast) things(t *testing.T, st study.Study, code string) map[string]string {
	t.Helper()
	unit := one[int64](t, c.lab, `select id from register.unit where study = $1 and audience = 'swv' and code = $2`, st.ID, code)
	contact := one[int64](t, c.lab, `select id from contact.contact where unit = $1`, unit)
	event := one[int64](t, c.lab, `insert into field.event (unit, kind, occurred, recorded, channel, actor) values ($1, 'weigering', $2, $2, 'phone', 'system') returning id`, unit, fixture.Now)
	return map[string]string{"study": st.Slug, "audience": "swv", "code": code, "unit": fmt.Sprint(unit), "contact": fmt.Sprint(contact), "event": fmt.Sprint(event), "mode": "tel", "figure": "B.5.2.csv", "format": "lss"}
}

var parameter = regexp.MustCompile(`\{([a-z]+)(?::[^}]*)?\}`)

// fill puts values in a pattern. What has none gets a number that nothing has.
func (r route) fill(values map[string]string) string {
	path := parameter.ReplaceAllStringFunc(r.pattern, func(p string) string {
		m := parameter.FindStringSubmatch(p)
		v, ok := values[m[1]]
		switch {
		case !ok:
			return "999999"
		case strings.Contains(p, `\.`): // a name with its extension
			return v + ".csv"
		}
		return v
	})
	return strings.ReplaceAll(path, "*", "iets")
}

// knock does a request and returns the answer, and the act that the site asked for.
func (c *cast) knock(t *testing.T, method, path string, cookie *http.Cookie) (*http.Response, account.Act) {
	t.Helper()
	c.log.reset()
	q := request{method: method, path: path}
	if cookie != nil {
		q.cookies = []*http.Cookie{cookie}
	}
	if method == "POST" {
		q.form = url.Values{}
	}
	resp := c.do(t, q)
	var act account.Act
	for line := range strings.Lines(c.log.String()) {
		var entry struct {
			Msg string
			Act account.Act
		}
		if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "request" {
			act = entry.Act
		}
	}
	return resp, act
}

// refused reports whether an answer keeps somebody out.
func refused(resp *http.Response) bool {
	return resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusSeeOther && resp.Header.Get("Location") == "/inloggen"
}

// TestEveryDoorForEveryRole knocks at every route as every role, with the ids of
// their own study and of another. What the permission table says must happen,
// and a route that asks for no right must say why it needs none. With -v it
// prints the matrix.
func TestEveryDoorForEveryRole(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	routes := c.routes(t, "/")
	slices.SortFunc(routes, func(a, b route) int { return strings.Compare(a.pattern+a.method, b.pattern+b.method) })
	var matrix strings.Builder
	for _, r := range routes {
		if r.method == "HEAD" {
			continue
		}
		path := r.fill(c.ids)
		_, act := c.knock(t, r.method, path, c.cookies[account.Projectleider])
		if !strings.HasPrefix(r.pattern, "/beheer") || act == "" {
			why, ok := r.reason()
			if !ok {
				t.Errorf("%s %s asks for no right; wrap it in may(), or say in open why that is not needed", r.method, r.pattern)
			}
			fmt.Fprintf(&matrix, "%-5s %-75s %s\n", r.method, r.pattern, why)
			if !strings.HasPrefix(r.pattern, "/beheer") {
				continue
			}
		}
		marks := ""
		for _, role := range account.Roles {
			cookie := c.cookies[role]
			resp, asked := c.knock(t, r.method, path, cookie)
			want := act == "" || role.May(act)
			if asked != act || refused(resp) == want {
				t.Errorf("%s %s as %s: %d, asked for %q; the table says %v for %q", r.method, r.pattern, role, resp.StatusCode, asked, want, act)
			}
			marks += map[bool]string{true: " x", false: " ."}[want]
		}
		if act != "" {
			fmt.Fprintf(&matrix, "%-5s %-75s %s  %s\n", r.method, r.pattern, marks, act)
		}
		for who, cookie := range map[string]*http.Cookie{"a stranger": nil, "a respondent": c.guest, "a made-up session": {Name: "beheer", Value: strings.Repeat("A", 22)}} {
			if resp, _ := c.knock(t, r.method, path, cookie); resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/inloggen" {
				t.Errorf("%s %s as %s: %d", r.method, r.pattern, who, resp.StatusCode)
			}
		}
	}
	t.Logf("\n%-81s %v\n%s", "", account.Roles, matrix.String())
}

// TestAnotherStudyIsNotThere knocks with the ids of another study: all of it in
// the other's path, and its things under the own path (standards 4 rows 35, 37,
// 42). Nothing is found, and nothing changes.
func TestAnotherStudyIsNotThere(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	before := c.database(t)
	mixed := map[string]string{}
	for name, value := range c.theirs {
		mixed[name] = value
	}
	mixed["study"] = c.Study.Slug
	for _, r := range c.routes(t, "/beheer/{study}") {
		for _, role := range account.StudyRoles {
			if resp, act := c.knock(t, r.method, r.fill(c.theirs), c.cookies[role]); resp.StatusCode != http.StatusNotFound || act != "" {
				t.Errorf("%s %s of another study as %s: %d, asked for %q", r.method, r.pattern, role, resp.StatusCode, act)
			}
		}
		if resp, _ := c.knock(t, r.method, r.fill(c.ids), c.foreign); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s %s as who leads another study: %d", r.method, r.pattern, resp.StatusCode)
		}
		for _, name := range []string{"code", "unit", "contact", "event"} {
			if !strings.Contains(r.pattern, "{"+name+"}") {
				continue
			}
			values := mixed
			if name == "contact" || name == "event" { // of an own unit, so that only this part is foreign
				values = map[string]string{}
				for k, v := range c.ids {
					values[k] = v
				}
				values[name] = c.theirs[name]
			}
			if resp, _ := c.knock(t, r.method, r.fill(values), c.cookies[account.Projectleider]); resp.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s with the %s of another study: %d", r.method, r.fill(values), name, resp.StatusCode)
			}
		}
	}
	if before != c.database(t) {
		t.Error("somebody changed something with the ids of another study")
	}
	for _, role := range account.Roles {
		page := bodyOf(t, c.get(t, "/beheer", c.cookies[role]))
		if sees := strings.Contains(page, c.other.Study.Title); sees != (role == account.Beheerder) {
			t.Errorf("%s sees the other study in the list: %v", role, sees)
		}
		if !strings.Contains(page, c.Study.Title) {
			t.Errorf("%s misses the own study in the list", role)
		}
	}
}

// TestNoStudyTakesTheAddressOfAPage keeps the slugs of studies away from what the
// site has at the same place.
func TestNoStudyTakesTheAddressOfAPage(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	for _, r := range l.routes(t, "/") {
		parts := strings.Split(r.pattern, "/")
		if len(parts) < 3 || parts[1] != "beheer" && parts[1] != "onderzoek" || parts[2] == "" || strings.ContainsAny(parts[2], "{*") {
			continue
		}
		if study.Slug(parts[2]) != parts[2] {
			continue // no study can have this name
		}
		if _, err := study.New(parts[2], "inventarisatie-2026", fixture.Opens, fixture.Closes); err == nil {
			t.Errorf("%s hides a study called %q; add it to reserved in package study", r.pattern, parts[2])
		}
	}
}
