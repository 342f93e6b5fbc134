package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
)

// callLab is a study of which every unit was invited and is to be called.
func callLab(t *testing.T, n int) *lab {
	t.Helper()
	l := newLab(t, n, "")
	l.exec(t, `update contact.contact set name = 'H. Jansen', role = 'directeur', email = 'c' || id || '@example.nl', phone = '088 - 000 02 ' || (10 + id), source = 'website'`)
	l.exec(t, `insert into field.message (study, unit, contact, step, channel, template, state, queued, due, begun, done, actor)
		select u.study, u.id, c.id, 'uitnodiging', 'mail', 'uitnodiging', 'verstuurd', $1, $1, $1, $1, 'system' from contact.contact c join register.unit u on u.id = c.unit`, fixture.Opens)
	l.exec(t, `update register.study set released = $1`, fixture.Opens)
	l.exec(t, `update register.study set plan = '{"steps": [{"id": "uitnodiging", "title": "Uitnodiging", "offset": 0, "channel": "mail", "template": "uitnodiging"},
		{"id": "telefoon", "title": "Bellen", "offset": 21, "channel": "phone", "template": "telefoon"}]}'`)
	return l
}

func (l *lab) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := l.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// as logs a fieldworker in by name.
func (l *lab) as(t testing.TB, name string, role account.Role) *http.Cookie {
	t.Helper()
	token, err := l.Store.AddLogin(t.Context(), account.Account{Email: name + "@example.nl", Name: name, Role: role}, store.BySystem, *l.clock.Load())
	if err != nil {
		t.Fatal(err)
	}
	return l.do(t, request{method: "POST", path: "/inloggen/" + token}).Cookies()[0]
}

func (l *lab) post(t testing.TB, path string, cookie *http.Cookie, form url.Values) *http.Response {
	t.Helper()
	if form == nil {
		form = url.Values{}
	}
	return l.do(t, request{method: "POST", path: path, cookies: []*http.Cookie{cookie}, form: form})
}

func TestACallFromTheListToWhatCameOfIt(t *testing.T) {
	t.Parallel()
	l := callLab(t, 2)
	bellen := "/beheer/" + l.Study.Slug + "/bellen"
	sanne := l.as(t, "Sanne", account.Veldwerker)
	list := bodyOf(t, l.get(t, bellen, sanne))
	if !strings.Contains(list, "Bel nu 4 eenheden") {
		t.Fatalf("the list does not count the units to call")
	}
	resp := l.post(t, bellen, sanne, nil)
	call := resp.Header.Get("Location")
	if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(call, bellen+"/") {
		t.Fatalf("next: %d to %q", resp.StatusCode, call)
	}
	page := parsed(t, l.get(t, call, sanne))
	for _, want := range []string{"H. Jansen", "u spreekt met Sanne", "088 - 000 02", "Niet bereikt", "Kernvragen nu afnemen"} {
		if !strings.Contains(page.Text(), want) {
			t.Errorf("the page of a call has no %q", want)
		}
	}
	if _, ok := page.First("a", "class", "btn call"); !ok {
		t.Error("there is no button that dials")
	}
	request, _ := page.First("input", "name", "verzoek")
	contact, _ := page.First("input", "name", "contact")
	form := url.Values{"verzoek": {request.Attr("value")}, "contact": {contact.Attr("value")}, "uitkomst": {"weigering"}, "notitie": {"Belt liever niet."}, "actie": {"volgende"}}
	wrong := l.post(t, call, sanne, form)
	if text := bodyOf(t, wrong); wrong.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "Kies een reden") || !strings.Contains(text, "Belt liever niet.") {
		t.Errorf("a refusal without a reason: %d", wrong.StatusCode)
	}
	form.Set("reden", "geen_tijd")
	resp = l.post(t, call, sanne, form)
	if next := resp.Header.Get("Location"); resp.StatusCode != http.StatusSeeOther || next == call || !strings.HasPrefix(next, bellen+"/") {
		t.Errorf("after the call: %d to %q, want the next one", resp.StatusCode, next)
	}
	if got := one[string](t, l, `select e.kind || ' ' || e.channel || ' ' || e.note from field.call c join field.event e on e.id = c.event`); got != "weigering tel Geen tijd." {
		t.Errorf("recorded: %s", got)
	}
	if step := one[string](t, l, `select step from field.call`); step != "telefoon" {
		t.Errorf("the call counts for step %q", step)
	}
	if list := bodyOf(t, l.get(t, bellen, sanne)); !strings.Contains(list, "Bel nu 3 eenheden") {
		t.Error("a unit that refused is still on the list")
	}
	unit := strings.Replace(call, "/bellen/", "/eenheden/", 1)
	if text := bodyOf(t, l.get(t, unit, sanne)); !strings.Contains(text, "Doet niet mee") || !strings.Contains(text, "Belt liever niet.") {
		t.Error("the call is not on the time line")
	}
	onderzoeker := l.as(t, "Otto", account.Onderzoeker)
	if text := bodyOf(t, l.get(t, unit, onderzoeker)); strings.Contains(text, "Belt liever niet.") || strings.Contains(text, "Jansen") || strings.Contains(text, "/herroep/") {
		t.Error("a researcher reads what was said on the telephone")
	}

	recall := unit + "/herroep/" + strconv.FormatInt(one[int64](t, l, `select id from field.event where kind = 'weigering'`), 10)
	wantStatus(t, "herroepen, page", l.get(t, recall, sanne), http.StatusOK)
	wantStatus(t, "herroepen without a reason", l.post(t, recall, sanne, nil), http.StatusUnprocessableEntity)
	wantStatus(t, "herroepen", l.post(t, recall, sanne, url.Values{"reden": {"Verkeerde eenheid"}}), http.StatusSeeOther)
	if text := bodyOf(t, l.get(t, unit, sanne)); !strings.Contains(text, "<s>Doet niet mee</s>") || !strings.Contains(text, "Verkeerde eenheid") || !strings.Contains(text, "door Sanne") {
		t.Error("the time line does not tell what was taken back, by whom and why")
	}
	if list := bodyOf(t, l.get(t, bellen, sanne)); !strings.Contains(list, "Bel nu 4 eenheden") {
		t.Error("the unit is not on the list again")
	}
}

func TestFieldworkersAtOnceCallDifferentUnits(t *testing.T) {
	t.Parallel()
	l := callLab(t, 3)
	bellen := "/beheer/" + l.Study.Slug + "/bellen"
	var cookies []*http.Cookie
	for i := range 7 {
		cookies = append(cookies, l.as(t, "w"+strconv.Itoa(i), account.Veldwerker))
	}
	went := make([]string, len(cookies))
	var wg sync.WaitGroup
	for i, c := range cookies {
		wg.Go(func() { went[i] = l.post(t, bellen, c, nil).Header.Get("Location") })
	}
	wg.Wait()
	seen, none := map[string]bool{}, 0
	for _, path := range went {
		if path == bellen+"?op" {
			none++
		} else if seen[path] {
			t.Errorf("two people call %s", path)
		}
		seen[path] = true
	}
	if none != 1 { // seven people, six units
		t.Errorf("%d people got no unit: %v", none, went)
	}
}

func TestAnAppointmentComesBackOnTheList(t *testing.T) {
	t.Parallel()
	l := callLab(t, 1)
	bellen := "/beheer/" + l.Study.Slug + "/bellen"
	call := bellen + "/swv/PO9001"
	sanne := l.as(t, "Sanne", account.Veldwerker)
	wantStatus(t, "appointment", l.post(t, call, sanne, url.Values{"uitkomst": {"afspraak"}, "datum": {"2026-11-26"}, "tijd": {"10:30"}, "actie": {"stop"}}), http.StatusSeeOther)
	if text := bodyOf(t, l.get(t, bellen, sanne)); !strings.Contains(text, "Bel nu 1 eenheid") || !strings.Contains(text, "26 nov 10.30") {
		t.Error("the appointment is not told, or the unit is still to be called")
	}
	l.at(time.Date(2026, 11, 26, 9, 31, 0, 0, time.UTC))
	sanne = l.as(t, "Sanne", account.Veldwerker)
	if next := l.post(t, bellen, sanne, nil).Header.Get("Location"); next != call {
		t.Errorf("at the time that was agreed, %q is called", next)
	}
}

func TestWhoMayNotDoFieldworkIsRefused(t *testing.T) {
	t.Parallel()
	l := callLab(t, 1)
	unit := "/beheer/" + l.Study.Slug + "/eenheden/swv/PO9001"
	replace := []string{"{study}", l.Study.Slug, "{audience}", "swv", "{code}", "PO9001", "{contact}", "1", "{event}", "1", "{mode}", "tel", "{page}", "b5_1"}
	for _, role := range []account.Role{account.Onderzoeker, account.Lezer, account.Codeur, account.Beheerder} {
		cookie := l.as(t, string(role), role)
		if role != account.Codeur {
			text := bodyOf(t, l.get(t, unit, cookie))
			for _, hidden := range []string{"Bel nu", "/bellen", "/contacten/", "/uitkomst", "/afnemen", "Jansen", "c1@example.nl"} {
				if strings.Contains(text, hidden) {
					t.Errorf("%s sees %q on the page of a unit", role, hidden)
				}
			}
		}
		before := l.database(t)
		n := 0
		for _, r := range l.routes(t, "/beheer/{study}") {
			for _, part := range []string{"/bellen", "/contacten/", "/uitkomst", "/herroep/", "/dekking", "/bevestig", "/afnemen"} {
				if strings.Contains(r.pattern, part) {
					wantStatus(t, string(role)+" "+r.method+" "+r.pattern, l.do(t, request{method: r.method, path: r.path(replace...), cookies: []*http.Cookie{cookie}}), http.StatusForbidden)
					n++
				}
			}
		}
		if n < 30 {
			t.Fatalf("only %d routes of fieldwork", n)
		}
		if before != l.database(t) {
			t.Errorf("%s changed something", role)
		}
	}
}

func TestStaffFillInOnBehalfOfAUnit(t *testing.T) {
	t.Parallel()
	l := callLab(t, 1)
	unit := "/beheer/" + l.Study.Slug + "/eenheden/swv/PO9001"
	sanne := l.as(t, "Sanne", account.Veldwerker)
	resp := l.post(t, "/beheer/"+l.Study.Slug+"/bellen/swv/PO9001", sanne, url.Values{"uitkomst": {"kernvragen"}, "actie": {"volgende"}})
	first := resp.Header.Get("Location")
	if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(first, unit+"/afnemen/tel/") {
		t.Fatalf("core questions: %d to %q", resp.StatusCode, first)
	}
	page := parsed(t, l.get(t, first, sanne))
	if !strings.Contains(page.Text(), "Lees de vraag letterlijk voor") {
		t.Error("the page does not say that it is filled in on behalf of the unit")
	}
	// answer the first choice of every page until the overview
	at, seen := first, 0
	for !strings.HasSuffix(at, "/controleren") {
		if seen++; seen > 40 {
			t.Fatalf("the core questions do not end: %s", at)
		}
		page := parsed(t, l.get(t, at, sanne))
		form := url.Values{"actie": {"volgende"}}
		for _, name := range []string{"versie", "verzoek"} {
			n, _ := page.First("input", "name", name)
			form.Set(name, n.Attr("value"))
		}
		for _, n := range page.All("input", "type", "radio") {
			if form.Get(n.Attr("name")) == "" {
				form.Set(n.Attr("name"), n.Attr("value"))
			}
		}
		resp := l.post(t, at, sanne, form)
		if resp.StatusCode == http.StatusOK { // a soft prompt is passed by posting again
			continue
		}
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d", at, resp.StatusCode)
		}
		at = strings.Split(resp.Header.Get("Location"), "#")[0]
	}
	overview := parsed(t, l.get(t, at, sanne))
	version, _ := overview.First("input", "name", "versie")
	resp = l.post(t, at, sanne, url.Values{"actie": {"versturen"}, "versie": {version.Attr("value")}})
	if got := resp.Header.Get("Location"); got != unit+"/afnemen/tel/ontvangst" {
		t.Fatalf("sent: %d to %q", resp.StatusCode, got)
	}
	wantStatus(t, "receipt", l.get(t, unit+"/afnemen/tel/ontvangst", sanne), http.StatusOK)
	if got := one[string](t, l, `select status || ' ' || mode || ' ' || actor from answer.submission`); got != "kernvragen tel staff" {
		t.Errorf("submission: %s", got)
	}
	if n := one[int](t, l, `select count(*) from answer.save where actor <> 'staff' or mode <> 'tel' or actor_id is null`); n != 0 {
		t.Errorf("%d saves do not say who typed them", n)
	}
	if got := one[string](t, l, `select string_agg(kind, ',' order by id) from field.event where unit = (select unit from answer.response) and kind in ('gebeld', 'begonnen', 'verstuurd')`); got != "gebeld,begonnen,verstuurd" {
		t.Errorf("events: %s", got)
	}
	wantStatus(t, "a way there is not", l.get(t, unit+"/afnemen/fax/", sanne), http.StatusNotFound)
	if text := bodyOf(t, l.get(t, unit, sanne)); strings.Contains(text, "Neem de kernvragen af") {
		t.Error("what was sent can be taken again")
	}
}

func TestContactsByHand(t *testing.T) {
	t.Parallel()
	l := callLab(t, 1)
	unit := "/beheer/" + l.Study.Slug + "/eenheden/swv/PO9001"
	sanne := l.as(t, "Sanne", account.Veldwerker)
	good := url.Values{"naam": {"J. de Vries"}, "email": {"j.devries@example.nl"}, "bron": {"telefoon"}, "datum": {"2026-11-24"}}
	for field, form := range map[string]url.Values{
		"email":    {"naam": {"X"}, "bron": {"telefoon"}, "datum": {"2026-11-24"}, "email": {"geen adres"}},
		"bron":     {"naam": {"X"}, "email": {"x@example.nl"}, "datum": {"2026-11-24"}},
		"datum":    {"naam": {"X"}, "email": {"x@example.nl"}, "bron": {"telefoon"}, "datum": {"2027-01-01"}},
		"naam":     {"email": {"x@example.nl"}, "bron": {"telefoon"}, "datum": {"2026-11-24"}},
		"telefoon": {"naam": {"X"}, "telefoon": {"112"}, "bron": {"telefoon"}, "datum": {"2026-11-24"}},
	} {
		resp := l.post(t, unit+"/contacten/nieuw", sanne, form)
		wantStatus(t, "a contact without "+field, resp, http.StatusUnprocessableEntity)
		if _, ok := parsed(t, resp).First("span", "id", field+"-fout"); !ok {
			t.Errorf("nothing is said at %s", field)
		}
	}
	wantStatus(t, "add", l.post(t, unit+"/contacten/nieuw", sanne, good), http.StatusSeeOther)
	text := bodyOf(t, l.get(t, unit, sanne))
	for _, want := range []string{"J. de Vries", "Bron: telefoon", "24 nov 2026", "door Sanne"} {
		if !strings.Contains(text, want) {
			t.Errorf("the contact does not tell %q", want)
		}
	}
	id := strconv.FormatInt(one[int64](t, l, `select id from contact.contact where name = 'J. de Vries'`), 10)
	wantStatus(t, "earlier", l.post(t, unit+"/contacten/"+id+"/eerder", sanne, nil), http.StatusSeeOther)
	wantStatus(t, "link page", l.get(t, unit+"/contacten/"+id+"/link", sanne), http.StatusOK)
	wantStatus(t, "link to nowhere", l.post(t, unit+"/contacten/"+id+"/link", sanne, url.Values{"email": {"x"}}), http.StatusUnprocessableEntity)
	resp := l.post(t, unit+"/contacten/"+id+"/link", sanne, nil)
	wantStatus(t, "link", resp, http.StatusSeeOther)
	if text := bodyOf(t, l.get(t, resp.Header.Get("Location"), sanne)); !strings.Contains(text, "Link opnieuw per e-mail") || !strings.Contains(text, "acht op verzending") {
		t.Error("the link that was sent again is not on the time line")
	}
	wantStatus(t, "replace page", l.get(t, unit+"/contacten/"+id+"/vervang", sanne), http.StatusOK)
	good.Set("naam", "K. Post")
	good.Set("email", "k.post@example.nl")
	wantStatus(t, "replace", l.post(t, unit+"/contacten/"+id+"/vervang", sanne, good), http.StatusSeeOther)
	wantStatus(t, "replace what ended", l.post(t, unit+"/contacten/"+id+"/vervang", sanne, good), http.StatusNotFound)
	if state := one[string](t, l, `select state from field.message where template = 'link'`); state != "ingetrokken" {
		t.Errorf("the link to the old contact is %s", state)
	}
}

func TestTheOutcomeByHandNeedsAReason(t *testing.T) {
	t.Parallel()
	l := callLab(t, 1)
	unit := "/beheer/" + l.Study.Slug + "/eenheden/swv/PO9001"
	sanne := l.as(t, "Sanne", account.Veldwerker)
	wantStatus(t, "nothing", l.post(t, unit+"/uitkomst", sanne, nil), http.StatusUnprocessableEntity)
	wantStatus(t, "no reason", l.post(t, unit+"/uitkomst", sanne, url.Values{"uitkomst": {"dubbel"}}), http.StatusUnprocessableEntity)
	wantStatus(t, "no outcome there is", l.post(t, unit+"/uitkomst", sanne, url.Values{"uitkomst": {"x"}, "reden": {"y"}}), http.StatusUnprocessableEntity)
	wantStatus(t, "right", l.post(t, unit+"/uitkomst", sanne, url.Values{"uitkomst": {"dubbel"}, "reden": {"Zelfde als PO9002"}}), http.StatusSeeOther)
	if note := one[string](t, l, `select note from field.event where kind = 'handmatig'`); note != "dubbel: Zelfde als PO9002" {
		t.Errorf("note %q", note)
	}
	if n := one[int](t, l, `select count(*) from staff.audit where action = 'uitkomst bepaald'`); n != 1 {
		t.Errorf("%d lines in the audit log", n)
	}
}

func TestAClaimIsRejectedWithAReason(t *testing.T) {
	t.Parallel()
	l := callLab(t, 2)
	slug := "/beheer/" + l.Study.Slug
	sanne := l.as(t, "Sanne", account.Veldwerker)
	cookie, base := l.start(t, "swv", 0)
	l.do(t, request{method: "POST", path: base + "ook-voor", cookies: []*http.Cookie{cookie}, form: url.Values{"eenheid": {"PO9002"}, "reden": {"0"}, "actie": {"toevoegen"}}})
	if n := one[int](t, l, `select count(*) from field.message where template = 'claim'`); n != 1 {
		t.Errorf("%d notices to the unit that is said to be covered", n)
	}
	if text := bodyOf(t, l.get(t, slug+"/dekking", sanne)); !strings.Contains(text, "Wacht op u: 1 eenheid, 1 vragenlijst") {
		t.Error("the claim is not counted in units and in questionnaires")
	}
	bevestig := slug + "/eenheden/swv/PO9002/bevestig"
	claim := url.Values{"door": {"PO9001"}, "actie": {"afwijzen"}}
	wantStatus(t, "asks why", l.post(t, bevestig, sanne, claim), http.StatusOK)
	claim.Set("reden", "")
	wantStatus(t, "without a reason", l.post(t, bevestig, sanne, claim), http.StatusUnprocessableEntity)
	if n := one[int](t, l, `select count(*) from field.event where kind = 'claim terug'`); n != 0 {
		t.Fatal("rejected without a reason")
	}
	claim.Set("reden", "Zij antwoorden zelf")
	wantStatus(t, "with a reason", l.post(t, bevestig, sanne, claim), http.StatusSeeOther)
	if text := bodyOf(t, l.get(t, slug+"/dekking", sanne)); !strings.Contains(text, "Er wacht niets.") {
		t.Error("the claim still waits")
	}
	add := slug + "/eenheden/swv/PO9002/dekking"
	wantStatus(t, "cover page", l.get(t, add, sanne), http.StatusOK)
	wantStatus(t, "cover by nobody", l.post(t, add, sanne, url.Values{"door": {"PO0000"}, "reden": {"fusie"}}), http.StatusUnprocessableEntity)
	wantStatus(t, "cover by hand", l.post(t, add, sanne, url.Values{"door": {"po9001"}, "reden": {"fusie"}}), http.StatusSeeOther)
	if text := bodyOf(t, l.get(t, slug+"/dekking", sanne)); !strings.Contains(text, "Telt nog niet") || !strings.Contains(text, "Telt mee: 0 eenheden, 0 vragenlijsten") {
		t.Error("a questionnaire that was not sent counts")
	}
}
