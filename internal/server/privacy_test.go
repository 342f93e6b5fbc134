package server_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
)

// said is the body of an answer with the status that it must have.
func said(t *testing.T, resp *http.Response, status int) string {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		t.Fatalf("status %d, want %d (%v)\n%.600s", resp.StatusCode, status, err, body)
	}
	return string(body)
}

// TestAPersonIsShownAndErasedInTheOffice adds somebody through the site, answers a
// request for access, and erases.
func TestAPersonIsShownAndErasedInTheOffice(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	pl := l.as(t, "pl", account.Projectleider)
	base := "/beheer/" + l.Study.Slug
	said(t, l.post(t, base+"/eenheden/swv/PO9001/contacten/nieuw", pl, url.Values{"naam": {"Xanthippe Zonderling"}, "email": {"xz@swv.example"}, "telefoon": {"06-12345678"}, "bron": {"telefoon"}, "datum": {"2026-11-24"}}), http.StatusSeeOther)
	found := said(t, l.get(t, base+"/privacy/personen?zoek=zonderling", pl), http.StatusOK)
	_, after, ok := strings.Cut(found, `href="`+base+`/privacy/personen/`)
	if !ok {
		t.Fatalf("not found:\n%s", found)
	}
	path := base + "/privacy/personen/" + after[:strings.IndexByte(after, '"')]
	if text := said(t, l.get(t, path, pl), http.StatusOK); !strings.Contains(text, "artikel 89") {
		t.Error("the page does not say what stays and why")
	}
	for _, act := range []string{"/inzage", "/wissen"} { // with a session alone nobody gets far
		if text := said(t, l.post(t, path+act, pl, url.Values{"reden" + strings.Replace(act, "/", "-", 1): {"Verzoek"}}), http.StatusOK); !strings.Contains(text, "Bevestig wie u bent") {
			t.Errorf("%s asks for no proof", act)
		}
	}
	l.prove(t)
	said(t, l.post(t, path+"/inzage", pl, url.Values{}), http.StatusUnprocessableEntity)
	file := said(t, l.post(t, path+"/inzage", pl, url.Values{"reden-inzage": {"Verzoek per brief"}}), http.StatusOK)
	z, err := zip.NewReader(bytes.NewReader([]byte(file)), int64(len(file)))
	if err != nil || len(z.File) != 2 {
		t.Fatal(err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if html, err := io.ReadAll(f); err != nil || !strings.Contains(string(html), "xz@swv.example") || !strings.Contains(string(html), "</html>") {
		t.Errorf("the page in the file: %v\n%.300s", err, html)
	}
	said(t, l.post(t, path+"/wissen", pl, url.Values{"reden-wissen": {"Zonderling belde"}}), http.StatusUnprocessableEntity)
	said(t, l.post(t, path+"/wissen", pl, url.Values{"reden-wissen": {"Verzoek per brief"}}), http.StatusSeeOther)
	for _, sign := range []string{"Zonderling", "xz@swv.example", "12345678"} {
		if strings.Contains(l.database(t), sign) {
			t.Errorf("%s is still in the database", sign)
		}
	}
	log := said(t, l.get(t, base+"/logboek?zoek=gewist", pl), http.StatusOK)
	if !strings.Contains(log, `>Persoon gewist</td>`) || strings.Contains(log, `>Inzage gegeven</td>`) {
		t.Error("the log does not tell, or does not search")
	}
	if csv := said(t, l.get(t, base+"/logboek.csv?wat=inzage+gegeven", pl), http.StatusOK); strings.Count(csv, "\r\n") != 2 || !strings.Contains(csv, "Verzoek per brief") {
		t.Errorf("the log as a file:\n%s", csv)
	}
	said(t, l.get(t, base+"/logboek?van=gisteren", pl), http.StatusUnprocessableEntity)
}

// TestWhatIsLaidDownIsWhatPeopleRead: the settings write the statement and the
// register; terms have limits.
func TestWhatIsLaidDownIsWhatPeopleRead(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	pl, reader := l.as(t, "pl", account.Projectleider), l.as(t, "vw", account.Veldwerker)
	base := "/beheer/" + l.Study.Slug
	said(t, l.post(t, base+"/privacy", reader, url.Values{}), http.StatusForbidden)
	said(t, l.post(t, base+"/privacy", pl, url.Values{"grondslag": {"zomaar"}}), http.StatusUnprocessableEntity)
	said(t, l.post(t, base+"/privacy", pl, url.Values{"verantwoordelijke": {"Ministerie van Proef"}, "grondslag": {"gerechtvaardigd belang"}, "bronnen": {"Uit het telefoonboek."}, "fg": {"fg@proef.example"}}), http.StatusSeeOther)
	statement := said(t, l.get(t, "/onderzoek/"+l.Study.Slug+"/privacy"), http.StatusOK)
	for _, part := range []string{"Ministerie van Proef", "gerechtvaardigd belang", "telefoonboek", "fg@proef.example", "Autoriteit Persoonsgegevens", "10 jaar"} {
		if !strings.Contains(statement, part) {
			t.Errorf("the statement does not say %q", part)
		}
	}
	if csv := said(t, l.get(t, base+"/privacy/register.csv", reader), http.StatusOK); !strings.Contains(csv, "Ministerie van Proef") {
		t.Error("the register does not have the controller")
	}
	terms := url.Values{"maanden-berichten": {"3"}, "maanden-contacten": {"24"}, "maanden-koppeling": {"12"}, "maanden-toestemmingen": {"24"}, "maanden-antwoorden": {"120"}}
	if text := said(t, l.post(t, base+"/privacy/bewaren", pl, terms), http.StatusUnprocessableEntity); !strings.Contains(text, "tussen 1 en 12") {
		t.Error("contact data may stay too long")
	}
	terms.Set("maanden-contacten", "6")
	said(t, l.post(t, base+"/privacy/bewaren", pl, terms), http.StatusSeeOther)
	said(t, l.post(t, base+"/privacy/uitstel", pl, url.Values{"soort": {"contacten"}, "tot": {"1-1-2040"}, "reden": {"klacht"}}), http.StatusUnprocessableEntity)
	said(t, l.post(t, base+"/privacy/uitstel", pl, url.Values{"soort": {"contacten"}, "tot": {"1-9-2027"}, "reden": {"Klacht in behandeling"}}), http.StatusSeeOther)
	if text := said(t, l.get(t, base+"/privacy/bewaren", reader), http.StatusOK); !strings.Contains(text, "Klacht in behandeling") {
		t.Error("the page does not say why data stay longer")
	}
	said(t, l.post(t, base+"/privacy/screening", pl, url.Values{"kruis": {"edpb4"}}), http.StatusUnprocessableEntity)
	said(t, l.post(t, base+"/privacy/screening", pl, url.Values{"kruis": {"ap7"}, "toelichting": {"Gaat over gezondheid."}}), http.StatusSeeOther)
	if text := said(t, l.get(t, base+"/privacy/screening", reader), http.StatusOK); !strings.Contains(text, "DPIA nodig") {
		t.Error("the screening is not shown")
	}
	for _, path := range []string{"/privacy", "/privacy/teksten", "/privacy/toestemmingen", "/privacy/register"} {
		said(t, l.get(t, base+path, pl), http.StatusOK)
	}
}
