package server_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/server"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// upload posts a file to a path.
func (l *lab) upload(t *testing.T, path, name, content string, cookie *http.Cookie) *http.Response {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("bestand", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return l.do(t, request{method: "POST", path: path, body: body.String(), header: map[string]string{"Content-Type": form.FormDataContentType()}, cookies: []*http.Cookie{cookie}})
}

func (l *lab) send(t *testing.T, path, form string, cookie *http.Cookie) *http.Response {
	t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		t.Fatal(err)
	}
	return l.do(t, request{method: "POST", path: path, form: values, cookies: []*http.Cookie{cookie}})
}

// expect fails unless an answer has a status and its page says something.
func expect(t *testing.T, resp *http.Response, status int, words ...string) string {
	t.Helper()
	body := bodyOf(t, resp)
	if resp.StatusCode != status {
		t.Fatalf("status %d, want %d (to %s)\n%.1500s", resp.StatusCode, status, resp.Header.Get("Location"), body)
	}
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
	return body
}

// TestAStudyIsMadeAndFilledInTheBrowser makes a study, reads its registers in,
// and reads a newer one in.
func TestAStudyIsMadeAndFilledInTheBrowser(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	leader := l.staffCookie(t, account.Projectleider)
	const period = "&opent=2026-12-07&opent-tijd=09:00&sluit=29-1-2027&sluit-tijd=23.59&belofte=anoniem"
	expect(t, l.send(t, "/beheer/nieuw", "actie=maak&titel=&definitie=", leader), 422, "Kies een vragenlijst.", "Geef het onderzoek een titel", "Schrijf een dag")
	expect(t, l.send(t, "/beheer/nieuw", "actie=maak&titel=Nieuw&definitie=inventarisatie-2026"+period, leader), 422, "andere titel")
	expect(t, l.send(t, "/beheer/nieuw", "actie=adres&titel=Súdwest+2027", leader), 200, "/onderzoek/sudwest-2027/")
	expect(t, l.send(t, "/beheer/nieuw", "actie=maak&titel=Súdwest+2027&uitvoerder=Bureau&definitie=inventarisatie-2026"+period, leader), 303)
	const base = "/beheer/sudwest-2027"
	expect(t, l.get(t, base+"/onderzoek", leader), 200, "er is nog geen register ingelezen", "punten zijn nog niet in orde")

	// A file that cannot be read tells where; a file in order waits until it is let in.
	expect(t, l.upload(t, base+"/register/swv/bestand", "leeg.csv", "", leader), 422, "Kies eerst een bestand")
	expect(t, l.upload(t, base+"/register/gemeente/bestand", "x.<svg onload=1>.csv", "gm_code,naam,e-mail,inwoners,code\nGM9901,'s-Dorp,a@dorp.example,9000,1\nGM9902,Veld,fout,12000,2\n", leader), 303)
	page := expect(t, l.get(t, base+"/register/gemeente/kolommen", leader), 200, "inwoners", "9000")
	if strings.Contains(page, "<svg onload") {
		t.Error("the name of a file is not escaped")
	}
	meanings := "kolom-0=code&kolom-1=naam&kolom-2=email&kolom-3=kenmerk&kolom-4="
	expect(t, l.send(t, base+"/register/gemeente/kolommen", strings.Replace(meanings, "kolom-1=naam", "kolom-1=code", 1), leader), 422, "betekent dit al")
	expect(t, l.send(t, base+"/register/gemeente/kolommen", strings.Replace(meanings, "kolom-0=code", "kolom-0=", 1), leader), 422, "Wijs een kolom aan")
	expect(t, l.send(t, base+"/register/gemeente/kolommen", meanings, leader), 303)
	expect(t, l.get(t, base+"/register/gemeente/controle", leader), 422, "Regel 3", "dit is geen e-mailadres")
	expect(t, l.get(t, base+"/register/gemeente/problemen.csv", leader), 200, `3;e-mail;"dit is geen e-mailadres`)
	l.readIn(t, base, "gemeente", "gm_code,naam,e-mail,inwoners\nGM9901,'s-Dorp,a@dorp.example,9000\nGM9902,Veld,b@veld.example,12000\n", "", leader)
	l.readIn(t, base, "swv", "swv_code,naam\nPO9901,Oost\n", "", leader)
	l.readIn(t, base, "gebieden", "swv_code,gm_code,dekking\nPO9901,GM9901,geheel\n", "", leader)
	expect(t, l.upload(t, base+"/register/gebieden/bestand", "nieuw.csv", "swv_code,gm_code,dekking\nPO9901,GM9901,deel\nPO9901,GM9902,geheel\n", leader), 303)
	expect(t, l.send(t, base+"/register/gebieden/kolommen", "kolom-0=swv_code&kolom-1=gm_code&kolom-2=dekking", leader), 303)
	expect(t, l.get(t, base+"/register/gebieden/controle", leader), 200, "Nieuw: 1 combinatie", "Gewijzigd: 1 combinatie", "<del>geheel</del>")
	expect(t, l.send(t, base+"/register/gebieden/weg", "", leader), 303)

	// A newer file shows what it brings, and after release a change needs its reason.
	st, err := l.Store.Study(t.Context(), "sudwest-2027")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Store.Release(t.Context(), st.ID, store.BySystem, *l.clock.Load()); err != nil {
		t.Fatal(err)
	}
	expect(t, l.upload(t, base+"/register/gemeente/bestand", "nieuw.csv", "gm_code,naam,e-mail,inwoners\nGM9901,'s-Dorp,a@dorp.example,9500\nGM9903,Zijl,c@zijl.example,1\n", leader), 303)
	expect(t, l.send(t, base+"/register/gemeente/kolommen", "kolom-0=code&kolom-1=naam&kolom-2=email&kolom-3=kenmerk", leader), 303)
	page = expect(t, l.get(t, base+"/register/gemeente/controle", leader), 200, "Nieuw: 1 eenheid", "Gewijzigd: 1 eenheid", "Niet meer in het bestand: 1 eenheid", "9500")
	expect(t, l.send(t, base+"/register/gemeente/controle", "versie=oud&reden=x", leader), 409)
	expect(t, l.send(t, base+"/register/gemeente/controle", "versie="+between(page, `name="versie" value="`, `"`), leader), 422, "Schrijf waarom")
	expect(t, l.send(t, base+"/register/gemeente/controle", "versie="+between(page, `name="versie" value="`, `"`)+"&aanvulling=ja&reden=Nieuwe+telling", leader), 303)
	counts, err := l.Store.RegisterCounts(t.Context(), st.ID)
	if err != nil || counts["gemeente"] != (store.RegisterCounts{Units: 3, Mail: 3}) || counts["swv"].Nobody != 1 {
		t.Errorf("register %+v, %v", counts, err)
	}
	if n, err := l.Store.AreaCount(t.Context()); err != nil || n != 1 {
		t.Errorf("%d areas, %v", n, err)
	}
	expect(t, l.get(t, base+"/register/gemeente/controle", leader), 303) // the file is gone

	// Once released the period is fixed, and so is the promise.
	expect(t, l.send(t, base+"/instellingen", "titel=Anders&opent=2026-12-08&opent-tijd=9:00&belofte=herleidbaar", leader), 422, "De openingstijd ligt vast", "Die belofte blijft gelden")
	expect(t, l.send(t, base+"/instellingen", "titel=Súdwest+2027+anders&telefoon=030+123+45+67", leader), 303)
}

// readIn brings a file in as somebody does who agrees with every guess.
func (l *lab) readIn(t *testing.T, base, audience, content, more string, cookie *http.Cookie) {
	t.Helper()
	path := base + "/register/" + audience
	expect(t, l.upload(t, path+"/bestand", audience+".csv", content, cookie), 303)
	columns := expect(t, l.get(t, path+"/kolommen", cookie), 200)
	form := url.Values{}
	for i, part := range strings.Split(columns, "<select ")[1:] {
		form.Set(fmt.Sprintf("kolom-%d", i), between(part[strings.LastIndex(part[:strings.Index(part, " selected")], "<option"):], `value="`, `"`))
	}
	expect(t, l.send(t, path+"/kolommen", form.Encode(), cookie), 303)
	check := expect(t, l.get(t, path+"/controle", cookie), 200)
	expect(t, l.send(t, path+"/controle", "versie="+between(check, `name="versie" value="`, `"`)+more, cookie), 303)
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// TestNothingIsReleasedUnseen: what must be in order keeps a study from being
// released, and a look is worth nothing once what it was about has changed.
func TestNothingIsReleasedUnseen(t *testing.T) {
	t.Parallel()
	l := newLab(t, 4, "")
	l.addresses(t)
	leader := l.staffCookie(t, account.Projectleider)
	base := "/beheer/" + l.Study.Slug
	expect(t, l.send(t, base+"/onderzoek/vrijgeven", "", leader), 422, "Dit is nog niet gelukt", "verwerkersovereenkomst")
	to := l.Study
	to.Settings.Organiser, to.Settings.Client, to.Settings.Phone, to.Settings.Email, to.Settings.Why = "Bureau", "Ministerie", "030 123 45 67", "hulp@example.nl", "Om te weten wat werkt."
	to.Settings.Sender, to.Settings.Role, to.Settings.Question, to.Settings.Results = "M. van Dalen", "onderzoeker", "Hoe gaat het?", "In maart op de site."
	to.Settings.Privacy = study.Privacy{Agreement: "2026/14", Basis: study.PublicTask, Sources: "De website van de organisatie.", Officer: "fg@example.nl"}
	if err := l.Store.AmendStudy(t.Context(), l.Study, to, nil, store.BySystem, *l.clock.Load()); err != nil {
		t.Fatal(err)
	}
	expect(t, l.send(t, base+"/onderzoek/bekeken", "wat=iets", leader), 400)
	expect(t, l.send(t, base+"/onderzoek/bekeken", "wat=voorbeelden", leader), 303)
	expect(t, l.send(t, base+"/onderzoek/bekeken", "wat=proef", leader), 303)
	if _, err := l.pool.Exec(t.Context(), `update contact.contact set email = 'ander@example.nl' where id = (select min(id) from contact.contact)`); err != nil {
		t.Fatal(err)
	}
	expect(t, l.send(t, base+"/onderzoek/vrijgeven", "", leader), 422, "Kijk nog eens")
	expect(t, l.send(t, base+"/onderzoek/bekeken", "wat=voorbeelden", leader), 303)
	expect(t, l.send(t, base+"/onderzoek/bekeken", "wat=proef", leader), 303)
	expect(t, l.send(t, base+"/onderzoek/vrijgeven", "", l.staffCookie(t, account.Veldwerker)), 403)
	expect(t, l.send(t, base+"/onderzoek/vrijgeven", "", leader), 303)
	st, err := l.Store.Study(t.Context(), l.Study.Slug)
	if err != nil || st.Released.IsZero() {
		t.Fatalf("released %s, %v", st.Released, err)
	}
}

// noDNS is a machine without a network.
type noDNS struct{}

func (noDNS) LookupTXT(context.Context, string) ([]string, error) {
	return nil, &net.DNSError{Err: "no network"}
}

// TestAStudyIsPausedExtendedClosedAndReopened takes every turn, and looks at it
// through the link of a respondent.
func TestAStudyIsPausedExtendedClosedAndReopened(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	leader := l.staffCookie(t, account.Projectleider)
	base := "/beheer/" + l.Study.Slug + "/onderzoek/"
	link := "/v/" + l.Links["swv"][0].Token
	expect(t, l.send(t, base+"pauzeren", "", leader), 422, "waarom")
	expect(t, l.send(t, base+"pauzeren", "reden=Storing&slot=ja", leader), 303)
	expect(t, l.get(t, link), 200, "De vragenlijst is even gesloten")
	expect(t, l.do(t, request{method: "POST", path: link}), 503)
	expect(t, l.send(t, base+"hervatten", "reden=Opgelost", leader), 303)
	expect(t, l.send(t, base+"hervatten", "reden=Opgelost", leader), 409)
	expect(t, l.get(t, link), 200, "Start de vragenlijst")
	expect(t, l.send(t, base+"verlengen", "reden=Meer+tijd&sluit=2026-11-30&sluit-tijd=12:00", leader), 422, "Eerder sluiten kan bij Sluiten")
	expect(t, l.send(t, base+"verlengen", "reden=Meer+tijd&sluit=2026-12-18&sluit-tijd=17:00", leader), 303)

	expect(t, l.send(t, base+"sluiten", "reden=Genoeg+antwoorden", leader), 303)
	expect(t, l.get(t, link), 410, "De vragenlijst is gesloten")
	expect(t, l.send(t, base+"heropenen", "reden=Toch+nog&sluit=2026-11-01&sluit-tijd=12:00", leader), 422, "nog moet komen")
	expect(t, l.send(t, base+"heropenen", "reden=Toch+nog&sluit=2026-12-18&sluit-tijd=12:00", leader), 303)
	expect(t, l.get(t, link), 200, "Start de vragenlijst")
	expect(t, l.get(t, strings.TrimSuffix(base, "/"), leader), 200)
}

// TestTheMailDomainIsLookedAt: without a network the checklist says so, and a
// person can say how it was looked at instead.
func TestTheMailDomainIsLookedAt(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	l.handler = l.withMail(t, noDNS{})
	leader := l.staffCookie(t, account.Projectleider)
	base := "/beheer/" + l.Study.Slug + "/onderzoek"
	expect(t, l.get(t, base, leader), 200, "Er is nog niet gekeken naar localhost")
	expect(t, l.send(t, base+"/maildomein", "", leader), 303)
	expect(t, l.get(t, base, leader), 200, "De DNS gaf geen antwoord over localhost", "Gekeken op")
	expect(t, l.send(t, base+"/maildomein", "zelf=ja&reden=", leader), 422, "hoe u het heeft nagekeken")
	expect(t, l.send(t, base+"/maildomein", "zelf=ja&reden=Getest+op+internet.nl", leader), 303)
	expect(t, l.get(t, base, leader), 200, "Getest op internet.nl")
}

// withMail is the same site with a mail server, and another DNS.
func (l *lab) withMail(t *testing.T, dns mail.Resolver) http.Handler {
	t.Helper()
	u, err := url.Parse(l.URL)
	if err != nil {
		t.Fatal(err)
	}
	return server.New(l.Store, server.Config{BaseURL: u, Now: func() time.Time { return *l.clock.Load() }, Log: slog.New(slog.DiscardHandler), Keys: labKeys, Resolver: dns}).Handler()
}

// TestStrataAreMadeByPointing makes classes of a number, and a newer register
// gets them too.
func TestStrataAreMadeByPointing(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	leader := l.staffCookie(t, account.Projectleider)
	base := "/beheer/" + l.Study.Slug
	l.readIn(t, base, "gemeente", "gm_code,naam,inwoners,provincie\nGM9901,A,9000,Friesland\nGM9902,B,30000,Zeeland\n", "", leader)
	expect(t, l.get(t, base+"/strata", leader), 200, "Maak klassen", "Friesland")
	expect(t, l.send(t, base+"/strata/gemeente/inwoners", "actie=maak&grenzen=veel", leader), 422, "is geen getal")
	expect(t, l.send(t, base+"/strata/gemeente/inwoners", "actie=bekijk&grenzen=20.000", leader), 200, "minder dan 20.000", "20.000 of meer", "Minder dan 10 eenheden")
	expect(t, l.send(t, base+"/strata/gemeente/inwoners", "actie=maak&grenzen=20.000&naam=Grootte", leader), 303)
	expect(t, l.send(t, base+"/strata/gemeente/provincie", "actie=maak&groep-0=Friesland&groep-1=Zeeland", leader), 422, "nog niets samengevoegd")
	expect(t, l.send(t, base+"/strata/gemeente", "stratum=grootte&stratum=onzin", leader), 303)
	l.readIn(t, base, "gemeente", "gm_code,naam,inwoners,provincie\nGM9901,A,21000,Friesland\nGM9902,B,30000,Zeeland\nGM9903,C,100,Zeeland\n", "", leader)
	aud, err := l.Store.Audience(t.Context(), l.Study.ID, "gemeente")
	if err != nil || strings.Join(aud.Strata, " ") != "grootte" {
		t.Errorf("strata %q, %v", aud.Strata, err)
	}
	if got := one[string](t, l, `select string_agg(background->>'grootte', '/' order by code) from register.unit where audience = 'gemeente'`); got != "20.000 of meer/20.000 of meer/minder dan 20.000" {
		t.Errorf("classes %s", got)
	}
	expect(t, l.get(t, base+"/tijdlijn", leader), 200, "Register ingelezen: gemeenten, 2 nieuw", "Strata gekozen", "De vragenlijst is open")
	expect(t, l.get(t, base+"/tijdlijn?soort=verloop", leader), 200, "De vragenlijst is open")
}
