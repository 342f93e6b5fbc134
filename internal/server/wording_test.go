package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/contactplan"
)

// TestATextIsWordedInTheBrowser types a text wrong, looks at it, keeps it, and
// puts the text of the product back.
func TestATextIsWordedInTheBrowser(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	l.addresses(t)
	leader := l.staffCookie(t, account.Projectleider)
	base := "/beheer/" + l.Study.Slug + "/teksten"
	path := base + "/herinnering1/mail"
	post := func(form url.Values) *http.Response {
		return l.do(t, request{method: "POST", path: path, form: form, cookies: []*http.Cookie{leader}})
	}
	wantStatus(t, "the list", l.get(t, base, leader), http.StatusOK)
	wantStatus(t, "a fieldworker", l.get(t, path, l.staffCookie(t, account.Veldwerker)), http.StatusForbidden)
	wantStatus(t, "a text that is not there", l.get(t, base+"/bestaatniet/mail", leader), http.StatusNotFound)

	form := parsed(t, l.get(t, path, leader)).FormTo(t, path).Values
	form.Set("tekst", "{{aanhef}},\n\nDag {{niets}}.")
	form.Set("actie", "bewaar")
	resp := post(form)
	wantStatus(t, "a field that is not there", resp, http.StatusUnprocessableEntity)
	if n, ok := parsed(t, resp).First("span", "id", "tekst-fout"); !ok || !strings.Contains(n.Text(), "Regel 3, teken 5") {
		t.Error("the problem is not beside the text, or has no line")
	}
	// The study has no telephone number: a text that asks for it could never go.
	form.Set("tekst", "{{aanhef}},\n\nBel {{telefoon}}.")
	wantStatus(t, "a field that is empty", post(form), http.StatusUnprocessableEntity)

	form.Set("tekst", "{{aanhef}},\n\nEigen woorden voor {{eenheid}}.\n\n[Open](link)\n")
	form.Set("actie", "voorbeeld")
	resp = post(form)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusOK || !strings.Contains(body, "Eigen woorden voor Gemeente Voorbeeldstad") && !strings.Contains(body, "Eigen woorden voor Samenwerkingsverband Voorbeeldstad") || !strings.Contains(body, "af te melden") {
		t.Errorf("preview: %d", resp.StatusCode)
	}
	frame := l.get(t, path+"/html", leader)
	if body := bodyOf(t, frame); !strings.Contains(body, "Eigen woorden") || frame.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
		t.Errorf("frame: %d %s", frame.StatusCode, frame.Header.Get("X-Frame-Options"))
	}
	contact := one[int64](t, l, `select min(c.id) from contact.contact c join register.unit u on u.id = c.unit where u.audience = 'swv'`)
	unit := one[int64](t, l, `select unit from contact.contact where id = `+strconv.FormatInt(contact, 10))
	m, err := l.Store.Preview(t.Context(), l.Study, unit, contact, "herinnering1", contactplan.Mail, "herinnering1")
	if tpl, ok := m.Text(contactplan.Mail); err != nil || !ok || strings.Contains(tpl.String(), "Eigen woorden") {
		t.Fatalf("a draft is sent: %v", err)
	}
	form.Set("actie", "bewaar")
	wantStatus(t, "keep", post(form), http.StatusSeeOther)
	if m, err = l.Store.Preview(t.Context(), l.Study, m.Unit.ID, m.Contact.ID, "herinnering1", contactplan.Mail, "herinnering1"); err != nil {
		t.Fatal(err)
	}
	if tpl, ok := m.Text(contactplan.Mail); !ok || !strings.Contains(tpl.String(), "Eigen woorden") {
		t.Error("what was kept is not sent")
	}
	wantStatus(t, "keep from an older version", post(form), http.StatusUnprocessableEntity)
	wantStatus(t, "throw the draft away", post(url.Values{"actie": {"weg"}}), http.StatusSeeOther)
	wantStatus(t, "the text of the product", post(url.Values{"actie": {"standaard"}}), http.StatusSeeOther)
	all, err := l.Store.Wordings(t.Context(), l.Study.ID)
	if tpl, ok := all.Text("herinnering1", "herinnering1", contactplan.Mail, "swv"); err != nil || !ok || strings.Contains(tpl.String(), "Eigen woorden") {
		t.Errorf("%v", err)
	}
	if n := one[int](t, l, `select count(*) from staff.audit where action = 'tekst gewijzigd'`); n != 2 {
		t.Errorf("%d lines in the audit log", n)
	}
	letter := l.get(t, base+"/herinnering1/brief/html", leader)
	if body := bodyOf(t, letter); letter.StatusCode != http.StatusOK || !strings.Contains(body, "<style") || !strings.Contains(body, "1234 AB") {
		t.Errorf("letter: %d", letter.StatusCode)
	}
}
