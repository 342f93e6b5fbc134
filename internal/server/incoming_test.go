package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

func TestFieldworkersSeeWhatCameInAndMarkItAsHandled(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	token := strings.TrimPrefix(l.mailed(t), "/afmelden/")
	id, _, _ := strings.Cut(token, ".")
	add := func(in mail.Incoming) {
		t.Helper()
		in.Key = store.NewToken()
		if _, err := l.Store.AddIncoming(t.Context(), in, fixture.Now); err != nil {
			t.Fatal(err)
		}
	}
	add(mail.Incoming{Kind: mail.Reply, ID: id, From: mail.Address{Name: "Hanneke <b>", Email: "h.jansen@example.nl"}, Subject: "Vraag <script>", Text: strings.Repeat("Lange tekst. ", 100) + "Einde."})
	add(mail.Incoming{Kind: mail.Reply, From: mail.Address{Email: "H.Jansen@example.nl"}, Subject: "Zonder nummer"})
	add(mail.Incoming{Kind: mail.Reply, From: mail.Address{Email: "niemand@example.nl"}, Subject: "Onbekend"})
	add(mail.Incoming{Kind: mail.Report, ID: id, Bounces: []mail.Bounce{{Kind: mail.Delayed, Status: "4.4.1"}}, Subject: "Delayed"})
	for i := range 25 {
		add(mail.Incoming{Kind: mail.Reply, ID: id, Subject: fmt.Sprint("Antwoord ", i)})
	}
	list := "/beheer/" + l.Study.Slug + "/post"
	staff := l.staffCookie(t, account.Veldwerker)

	first := parsed(t, l.get(t, list, staff))
	next, ok := first.First("a", "rel", "next")
	if !ok || strings.Count(first.Text(), "Antwoord ") < 25 || strings.Contains(first.Text(), "Delayed") {
		t.Fatalf("the first page says %s", first.Text())
	}
	second := parsed(t, l.get(t, next.Attr("href"), staff))
	text := second.Text()
	for _, want := range []string{"Hanneke <b>", "Vraag <script>", "Einde.", "De afzender lijkt een contact van PO9001", "Wij weten niet over wie dit gaat."} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	if _, ok := second.First("a", "href", "/beheer/"+l.Study.Slug+"/eenheden/swv/PO9001"); !ok {
		t.Error("nothing leads to the unit")
	}
	if a, ok := second.First("a", "href", "mailto:h.jansen@example.nl?subject=Re:%20Vraag%20%3Cscript%3E"); !ok {
		t.Errorf("no answer can be written: %v", a)
	}
	form := second.All("form", "method", "post")[1] // after that of logging out
	wantStatus(t, "handled", l.do(t, request{method: "POST", path: form.Attr("action"), form: url.Values{"actie": {"afgehandeld"}}, cookies: []*http.Cookie{staff}}), http.StatusSeeOther)
	done := parsed(t, l.get(t, list+"?klaar=1", staff)).Text()
	if !strings.Contains(done, "2 mails zijn afgehandeld") || !strings.Contains(done, "Afgehandeld door veldwerker@example.nl") || !strings.Contains(done, "Delayed") {
		t.Errorf("handled are %s", done)
	}
	wantStatus(t, "back", l.do(t, request{method: "POST", path: form.Attr("action"), form: url.Values{"actie": {"open"}}, cookies: []*http.Cookie{staff}}), http.StatusSeeOther)
	if n := one[int](t, l, `select count(*) from contact.incoming where handled is null`); n != 28 {
		t.Errorf("%d wait", n)
	}
	wantStatus(t, "no such mail", l.do(t, request{method: "POST", path: list + "/999", form: url.Values{"actie": {"afgehandeld"}}, cookies: []*http.Cookie{staff}}), http.StatusNotFound)
	wantStatus(t, "no number", l.do(t, request{method: "POST", path: list + "/x", cookies: []*http.Cookie{staff}}), http.StatusNotFound)

	for _, role := range []account.Role{account.Onderzoeker, account.Lezer, account.Codeur, account.Beheerder} {
		other := l.staffCookie(t, role)
		wantStatus(t, string(role), l.get(t, list, other), http.StatusForbidden)
		wantStatus(t, string(role), l.do(t, request{method: "POST", path: form.Attr("action"), form: url.Values{"actie": {"afgehandeld"}}, cookies: []*http.Cookie{other}}), http.StatusForbidden)
		if strings.Contains(bodyOf(t, l.get(t, "/beheer/"+l.Study.Slug, other)), "/post") {
			t.Errorf("%s is led to a page they may not see", role)
		}
	}
	resp := l.get(t, list)
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/inloggen" {
		t.Errorf("without a session: %d", resp.StatusCode)
	}
}
