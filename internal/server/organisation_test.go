package server_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/server"
	"github.com/uitvraag/uitvraag/internal/store"
)

// startProvider runs a real OpenID provider, and returns its address.
func startProvider(t *testing.T, redirect string) string {
	t.Helper()
	cmd := exec.Command("node", "idp.mjs", redirect)
	cmd.Dir = "../../web/e2e"
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var faults strings.Builder
	cmd.Stderr = &faults
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // it ends by itself then
		_ = cmd.Wait() // however it ends
	})
	issuer, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no provider; scripts/readers installs it: %v\n%s", err, faults.String())
	}
	return strings.TrimSpace(issuer)
}

// withOrganisation is a lab of which staff may sign in elsewhere. It comes with a
// browser, that follows redirects.
func withOrganisation(t *testing.T, issuer func(redirect string) string) *lab {
	t.Helper()
	l := newLab(t, 0, "")
	l.at(time.Now()) // a token lives by the clock of who made it
	u, err := url.Parse(l.URL)
	if err != nil {
		t.Fatal(err)
	}
	l.handler = server.New(l.Store, server.Config{BaseURL: u, Now: func() time.Time { return *l.clock.Load() }, Log: l.logger(), Keys: labKeys,
		Organisation: &server.Organisation{Issuer: issuer(l.URL + server.OrganisationBack), ClientID: "uitvraag", ClientSecret: "geheim-van-de-proef"}}).Handler()
	l.Config.Handler = l.handler
	return l
}

// A surfer is a browser between two sites.
type surfer struct {
	t *testing.T
	l *lab
	c *http.Client
}

func (l *lab) surfer(t *testing.T) *surfer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &surfer{t, l, &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

func (s *surfer) post(path string, form url.Values) (*http.Response, string) {
	s.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = s.l.URL + path
	}
	resp, err := s.c.PostForm(path, form)
	return s.read(resp, err)
}

func (s *surfer) get(path string) (*http.Response, string) {
	s.t.Helper()
	resp, err := s.c.Get(path)
	return s.read(resp, err)
}

func (s *surfer) read(resp *http.Response, err error) (*http.Response, string) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(body)
}

var interaction = regexp.MustCompile(`action="([^"]+)"`)

// away goes to the organisation by the form at path, and returns where it leads.
func (s *surfer) away(path string, form url.Values) string {
	s.t.Helper()
	resp, body := s.post(path, form)
	to, ok := strings.CutPrefix(resp.Header.Get("Refresh"), "0; url=")
	if !ok {
		s.t.Fatalf("%s leads nowhere: %d %.300s", path, resp.StatusCode, body)
	}
	return to
}

// signIn types a name at the organisation, and comes back.
func (s *surfer) signIn(to, name string) (*http.Response, string) {
	s.t.Helper()
	resp, body := s.get(to)
	m := interaction.FindStringSubmatch(body)
	if m == nil || strings.HasPrefix(resp.Request.URL.String(), s.l.URL) {
		return resp, body // known already, and back
	}
	action, err := resp.Request.URL.Parse(strings.ReplaceAll(m[1], "&amp;", "&"))
	if err != nil {
		s.t.Fatal(err)
	}
	return s.post(action.String(), url.Values{"prompt": {"login"}, "login": {name}, "password": {"x"}})
}

func (s *surfer) link(name string, role account.Role) string {
	s.t.Helper()
	token, err := s.l.Store.AddLogin(s.t.Context(), account.Account{Email: name + "@example.nl", Name: name, Role: role}, store.BySystem, *s.l.clock.Load())
	if err != nil {
		s.t.Fatal(err)
	}
	return "/inloggen/" + token
}

// TestAnOrganisationLetsInWhoBoundIt signs in at a real provider (standards Q1 to Q5).
func TestAnOrganisationLetsInWhoBoundIt(t *testing.T) {
	t.Parallel()
	l := withOrganisation(t, func(redirect string) string { return startProvider(t, redirect) })
	sanne := l.surfer(t)
	to := sanne.away("/inloggen/organisatie", nil)
	q, _ := url.Parse(to)
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(q.Query().Get(name)) < 22 {
			t.Errorf("no %s in %s", name, to)
		}
	}
	if resp, body := sanne.signIn(to, "s-1"); resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "Gebruik eerst de link in uw uitnodiging") {
		t.Errorf("somebody whom only the organisation knows: %d", resp.StatusCode)
	}

	sanne.post(sanne.link("sanne", account.Lezer), nil) // the address that the provider tells too: it binds nobody
	if resp, _ := sanne.signIn(sanne.away("/beheer/account/organisatie", nil), "s-1"); resp.Request.URL.String() != l.URL+"/beheer/account?gedaan=organisatie" {
		t.Fatalf("binding ends at %s: %d", resp.Request.URL, resp.StatusCode)
	}
	fresh := l.surfer(t)
	if resp, _ := fresh.signIn(fresh.away("/inloggen/organisatie", nil), "s-1"); resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/beheer/" {
		t.Errorf("signing in ends at %s: %d", resp.Request.URL, resp.StatusCode)
	}
	if resp, _ := fresh.signIn(fresh.away("/beheer/account/bevestigen/organisatie", url.Values{"naar": {"/beheer/rechten"}}), "s-1"); resp.Request.URL.Path != "/beheer/rechten" {
		t.Errorf("confirming ends at %s: %d", resp.Request.URL, resp.StatusCode)
	}

	other := l.surfer(t)
	other.post(other.link("ander", account.Lezer), nil)
	if resp, _ := other.signIn(other.away("/beheer/account/organisatie", nil), "s-1"); resp.StatusCode != http.StatusConflict {
		t.Errorf("two accounts for one identity: %d", resp.StatusCode)
	}
	victim := l.surfer(t)
	back := l.URL + server.OrganisationBack + "?code=x&state=" + q.Query().Get("state")
	if resp, _ := victim.get(back); resp.StatusCode != http.StatusGone {
		t.Errorf("an errand of another browser: %d", resp.StatusCode)
	}
	victim.away("/inloggen/organisatie", nil)
	if resp, _ := victim.get(back); resp.StatusCode != http.StatusForbidden {
		t.Errorf("the state of another errand: %d", resp.StatusCode)
	}
	if resp, _ := victim.get(back); resp.StatusCode != http.StatusGone {
		t.Errorf("an errand that was taken up: %d", resp.StatusCode)
	}
}

// TestTokensThatAnybodyCouldMakeAreRefused has a provider that answers with tokens
// without a signature, or signed with a key that is public (CVE-2025-59934).
func TestTokensThatAnybodyCouldMakeAreRefused(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{"none": `{"alg":"none"}`, "HS256": `{"alg":"HS256"}`, "RS256 of nobody": `{"alg":"RS256","kid":"x"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var nonce string
			mux := http.NewServeMux()
			fake := httptest.NewServer(mux)
			t.Cleanup(fake.Close)
			mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
				_ = json.NewEncoder(w).Encode(map[string]any{"issuer": fake.URL, "authorization_endpoint": fake.URL + "/auth", "token_endpoint": fake.URL + "/token", "jwks_uri": fake.URL + "/keys",
					"id_token_signing_alg_values_supported": []string{"none", "HS256", "RS256"}})
			})
			mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"keys":[]}`) })
			mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
				claims, _ := json.Marshal(map[string]any{"iss": fake.URL, "sub": "s-1", "aud": "uitvraag", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "nonce": nonce})
				token := part([]byte(header)) + "." + part(claims) + "." + part([]byte("handtekening"))
				if name == "none" {
					token = part([]byte(header)) + "." + part(claims) + "."
				}
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": token})
			})
			l := withOrganisation(t, func(string) string { return fake.URL })
			l.exec(t, `insert into staff.account (email, added) values ('s@example.nl', now())`)
			l.exec(t, `insert into staff.identity (issuer, subject, account, made) select $1, 's-1', id, now() from staff.account`, fake.URL)
			s := l.surfer(t)
			to, err := url.Parse(s.away("/inloggen/organisatie", nil))
			if err != nil {
				t.Fatal(err)
			}
			nonce = to.Query().Get("nonce")
			if resp, _ := s.get(l.URL + server.OrganisationBack + "?code=x&state=" + to.Query().Get("state")); resp.StatusCode != http.StatusForbidden {
				t.Errorf("let in: %d at %s", resp.StatusCode, resp.Request.URL)
			}
		})
	}
}
