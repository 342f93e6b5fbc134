package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"github.com/uitvraag/uitvraag/internal/account"
)

// A device holds a passkey, as a telephone does.
type device struct {
	rp   virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	key  virtualwebauthn.Credential
}

// newKey makes a key whose coordinates both fill their 32 bytes: of the others, one in
// 128, virtualwebauthn writes a key that is too short, and a server refuses it.
func newKey() virtualwebauthn.Credential {
	const full = 77 // bytes of a COSE key on P-256
	for {
		if c := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2); len(c.Key.AttestationData()) == full {
			return c
		}
	}
}

func (l *lab) device() *device {
	port := l.URL[strings.LastIndex(l.URL, ":")+1:]
	return &device{virtualwebauthn.RelyingParty{Name: "Uitvraag", ID: "localhost", Origin: "http://localhost:" + port}, virtualwebauthn.NewAuthenticator(), newKey()}
}

// ceremony begins at one path and answers at another, in one browser.
func (l *lab) ceremony(t *testing.T, begin, finish string, cookie *http.Cookie, answer func(challenge string) string) *http.Response {
	t.Helper()
	var cookies []*http.Cookie
	if cookie != nil {
		cookies = append(cookies, cookie)
	}
	resp := l.do(t, request{method: "POST", path: begin, body: "{}", cookies: cookies})
	wantStatus(t, begin, resp, http.StatusOK)
	return l.do(t, request{method: "POST", path: finish, body: answer(bodyOf(t, resp)), cookies: append(cookies, resp.Cookies()...)})
}

// add lets who has a session put a passkey on the device.
func (d *device) add(t *testing.T, l *lab, cookie *http.Cookie) *http.Response {
	t.Helper()
	return l.ceremony(t, "/beheer/account/sleutel", "/beheer/account/sleutel/opslaan", cookie, func(challenge string) string {
		o, err := virtualwebauthn.ParseAttestationOptions(challenge)
		if err != nil {
			t.Fatal(err, challenge)
		}
		d.auth.Options.UserHandle = []byte(o.UserID)
		d.auth.AddCredential(d.key)
		return virtualwebauthn.CreateAttestationResponse(d.rp, d.auth, d.key, *o)
	})
}

// answer is what the device says to a challenge.
func (d *device) answer(t *testing.T) func(string) string {
	return func(challenge string) string {
		o, err := virtualwebauthn.ParseAssertionOptions(challenge)
		if err != nil {
			t.Fatal(err, challenge)
		}
		return virtualwebauthn.CreateAssertionResponse(d.rp, d.auth, d.key, *o)
	}
}

func TestAPasskeyIsMadeLetsInAndConfirms(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	cookie, d := l.as(t, "Sanne", account.Projectleider), l.device()
	wantStatus(t, "making a passkey", d.add(t, l, cookie), http.StatusOK)
	enter := func(answer func(string) string) *http.Response {
		return l.ceremony(t, "/inloggen/sleutel", "/inloggen/sleutel/antwoord", nil, answer)
	}
	session := func(resp *http.Response) *http.Cookie {
		for _, c := range resp.Cookies() {
			if c.Name == "beheer" && c.Value != "" {
				return c
			}
		}
		return nil
	}
	in := session(enter(d.answer(t)))
	if in == nil {
		t.Fatal("the passkey does not let in")
	}
	wantStatus(t, "the office", l.get(t, "/beheer/", in), http.StatusOK)

	for what, answer := range map[string]func(string) string{
		"another site": func(c string) string {
			elsewhere := *d
			elsewhere.rp.Origin = "https://evil.example"
			return elsewhere.answer(t)(c)
		},
		"another key": func(c string) string {
			thief := *d
			thief.key = newKey()
			thief.key.ID = d.key.ID
			return thief.answer(t)(c)
		},
		"nobody verified": func(c string) string {
			found := *d
			found.auth.Options.UserNotVerified = true
			return found.answer(t)(c)
		},
		"no answer": func(string) string { return "{}" },
	} {
		if resp := enter(answer); session(resp) != nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", what, resp.StatusCode)
		}
	}
	if resp := l.do(t, request{method: "POST", path: "/inloggen/sleutel/antwoord", body: "{}"}); resp.StatusCode != http.StatusGone {
		t.Errorf("an answer that nobody asked for: %d", resp.StatusCode)
	}

	l.later(11 * time.Minute)
	other, thief := l.as(t, "Ander", account.Lezer), l.device()
	wantStatus(t, "another's passkey", thief.add(t, l, other), http.StatusOK)
	resp := l.ceremony(t, "/beheer/account/bevestigen/sleutel", "/beheer/account/bevestigen/sleutel/antwoord", in, thief.answer(t))
	wantStatus(t, "confirming with the passkey of another", resp, http.StatusForbidden)
	wantStatus(t, "a new passkey without confirming", l.post(t, "/beheer/account/sleutel", in, nil), http.StatusForbidden)
	resp = l.ceremony(t, "/beheer/account/bevestigen/sleutel", "/beheer/account/bevestigen/sleutel/antwoord", in, d.answer(t))
	wantStatus(t, "confirming", resp, http.StatusOK)
	wantStatus(t, "a new passkey after confirming", l.post(t, "/beheer/account/sleutel", in, nil), http.StatusOK)

	id := itoa(one[int64](t, l, `select k.id from staff.passkey k join staff.account a on a.id = k.account where a.email = 'Sanne@example.nl'`))
	wantStatus(t, "the last way in", l.post(t, "/beheer/account/sleutel/"+id+"/verwijderen", in, nil), http.StatusConflict)
}
