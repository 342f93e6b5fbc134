package server_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/server"
)

const here = "127.0.0.1:40000"

func outgoing(link string) mail.Message {
	return mail.Message{ID: labKeys.MessageID("m1"), Date: fixture.Now, ReturnPath: labKeys.ReturnPath("m1"), From: mail.Address{Name: "Bureau Súdwest", Email: "uitvraag@localhost"},
		ReplyTo: mail.Address{Email: "uitvraag@localhost"}, To: mail.Address{Name: "'s-Gravenhage", Email: "h.jansen@example.nl"}, Subject: "Vraag <b> één",
		Text: "Begin hier:\n" + link + ".\n", HTML: `<!doctype html><html><head><title>x</title></head><body><p style="color:red">Begin <a href="` + link + `">hier</a></p><script>alert(1)</script></body></html>`,
		UnsubscribeURL: "http://127.0.0.1/afmelden/x", UnsubscribeMail: labKeys.UnsubscribeAddress("m1")}
}

func (l *lab) receive(t *testing.T, m mail.Message) {
	t.Helper()
	data, err := m.Bytes(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Store.AddInboxMail(t.Context(), mail.Received{From: m.ReturnPath, To: []string{m.To.Email}, Data: data}, *l.clock.Load()); err != nil {
		t.Fatal(err)
	}
}

func TestTheInboxShowsMailsToWhoSitsAtTheMachine(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	link := l.URL + "/v/" + l.Links["swv"][0].Token
	l.receive(t, outgoing(link))
	l.at(fixture.Now.Add(time.Minute))
	second := outgoing(link)
	second.Subject = "Tweede mail"
	l.receive(t, second)

	list := parsed(t, l.do(t, request{method: "GET", path: "/postvak", from: here}))
	var rows []string
	for _, a := range list.All("a") {
		if strings.HasPrefix(a.Attr("href"), "/postvak/") {
			rows = append(rows, a.Text()+" "+a.Attr("href"))
		}
	}
	if got := strings.Join(rows, "|"); got != "Tweede mail /postvak/2|Vraag <b> één /postvak/1" {
		t.Errorf("the inbox lists %s", got)
	}

	resp := l.do(t, request{method: "GET", path: "/postvak/1", from: here})
	if csp := resp.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-src 'self'") {
		t.Errorf("CSP %q", csp)
	}
	item := parsed(t, resp)
	if text := item.Text(); !strings.Contains(text, "Bureau Súdwest") || !strings.Contains(text, "'s-Gravenhage") || !strings.Contains(text, "List-Unsubscribe-Post") {
		t.Errorf("the mail shows %s", text)
	}
	if a, ok := item.First("a", "href", link); !ok || a.Text() != link {
		t.Errorf("the link of the text cannot be followed")
	}
	frame, ok := item.First("iframe")
	if !ok {
		t.Fatal("no frame")
	}
	if s := frame.Attr("sandbox"); s == "" || strings.Contains(s, "allow-scripts") || strings.Contains(s, "allow-same-origin") {
		t.Errorf("the frame is sandboxed as %q", s)
	}

	resp = l.do(t, request{method: "GET", path: frame.Attr("src"), from: here})
	csp := resp.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "sandbox allow-popups", "frame-ancestors 'self'", "form-action 'none'"} {
		if !strings.Contains(csp, part) {
			t.Errorf("the mail has no %s: %s", part, csp)
		}
	}
	if html := bodyOf(t, resp); !strings.Contains(html, `<head><base target="_top">`) || !strings.Contains(html, `href="`+link+`"`) {
		t.Errorf("the mail is drawn as %s", html)
	}

	resp = l.do(t, request{method: "GET", path: "/postvak/1.eml", from: here})
	want, err := outgoing(link).Bytes(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := bodyOf(t, resp); got != string(want) || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the source is %d bytes as %s, want %d", len(got), resp.Header.Get("Content-Disposition"), len(want))
	}
	for _, path := range []string{"/postvak/9", "/postvak/x", "/postvak/99999999999999999999", "/postvak/0/html", "/postvak/9.eml"} {
		wantStatus(t, path, l.do(t, request{method: "GET", path: path, from: here}), http.StatusNotFound)
	}
	if found := parsed(t, l.do(t, request{method: "GET", path: "/postvak?zoek=tweede", from: here})).Text(); !strings.Contains(found, "1 tot en met 1 van 1") {
		t.Errorf("a search finds %s", found)
	}
	wantStatus(t, "an odd search", l.do(t, request{method: "GET", path: "/postvak?zoek=%00%ff%25", from: here}), http.StatusOK)
	wantStatus(t, "an odd place to begin", l.do(t, request{method: "GET", path: "/postvak?vanaf=-4", from: here}), http.StatusOK)
}

func TestNobodyElseSeesThatThereIsAnInbox(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	l.receive(t, outgoing("http://127.0.0.1/v/x"))
	nowhere := bodyOf(t, l.do(t, request{method: "GET", path: "/nergens"}))
	staff := l.staffCookie(t, account.Lezer)
	for _, path := range []string{"/postvak", "/postvak/", "/postvak/1", "/postvak/1.eml", "/postvak/1/html"} {
		for what, q := range map[string]request{
			"from elsewhere":               {from: "192.0.2.7:1234"},
			"through a proxy":              {from: here, header: map[string]string{"X-Forwarded-For": "127.0.0.1"}},
			"through a proxy, other words": {from: here, header: map[string]string{"Forwarded": "for=127.0.0.1"}},
			"through a proxy, host only":   {from: here, header: map[string]string{"X-Forwarded-Host": "localhost"}},
			"with a session of nobody":     {from: "192.0.2.7:1234", cookies: []*http.Cookie{{Name: "beheer", Value: strings.Repeat("x", 22)}}},
			"without an address":           {from: "@"},
		} {
			q.method, q.path = "GET", path
			resp := l.do(t, q)
			wantStatus(t, path+" "+what, resp, http.StatusNotFound)
			if len(bodyOf(t, resp)) != len(nowhere) {
				t.Errorf("%s %s is not answered as a page that is not there", path, what)
			}
		}
		for what, q := range map[string]request{
			"staff":     {from: "192.0.2.7:1234", cookies: []*http.Cookie{staff}},
			"IPv6":      {from: "[::1]:40000"},
			"mapped v4": {from: "[::ffff:127.0.0.1]:40000"},
		} {
			q.method, q.path = "GET", path
			wantStatus(t, path+" "+what, l.do(t, q), http.StatusOK)
		}
	}
}

func TestWithAMailServerThereIsNoInbox(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	l.receive(t, outgoing("http://127.0.0.1/v/x"))
	base, err := url.Parse(l.URL)
	if err != nil {
		t.Fatal(err)
	}
	l.handler = server.New(l.Store, server.Config{BaseURL: base, Now: func() time.Time { return fixture.Now }, Log: slog.New(slog.DiscardHandler)}).Handler()
	staff := l.staffCookie(t, account.Projectleider)
	for _, path := range []string{"/postvak", "/postvak/1", "/postvak/1.eml"} {
		wantStatus(t, path, l.do(t, request{method: "GET", path: path, from: here, cookies: []*http.Cookie{staff}}), http.StatusNotFound)
	}
}
