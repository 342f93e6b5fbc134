package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/store"
)

// TestDataComeUnderAPseudonymUnlessThereIsAReason tries every format as the roles
// that may and may not have it.
func TestDataComeUnderAPseudonymUnlessThereIsAReason(t *testing.T) {
	t.Parallel()
	l := newLab(t, 3, "")
	path := "/beheer/" + l.Study.Slug + "/gegevens"
	f := l.Forms["swv"]
	sent := []form.FileRow{{Line: 2, Unit: l.Links["swv"][0].Unit, Mode: answer.Web, Status: answer.Submitted, Sent: *l.clock.Load(), Answers: answer.Values{"b5_2_kern": "3"}}}
	if problems, err := l.Store.ImportResponses(t.Context(), l.Study, "swv", f, sent, store.BySystem, *l.clock.Load()); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	researcher, leader := l.as(t, "onderzoeker", account.Onderzoeker), l.as(t, "leider", account.Projectleider)
	for soort, start := range map[string]string{"zip": "PK", "xlsx": "PK", "sav": "$FL2", "csv": "id_resp,", "csv-excel": "\ufeffid_resp;", "ddi": "<?xml"} {
		resp := l.post(t, path, researcher, url.Values{"vragenlijst": {"swv"}, "soort": {soort}})
		body := bodyOf(t, resp)
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, start) || !strings.Contains(resp.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d, %.40q", soort, resp.StatusCode, body)
		}
		if strings.Contains(body, l.Links["swv"][0].Unit) {
			t.Errorf("%s names a unit", soort)
		}
		if soort == "csv" && strings.Count(body, "\n") != 2 {
			t.Errorf("%d lines: %q", strings.Count(body, "\n"), body)
		}
	}
	named := url.Values{"vragenlijst": {"swv"}, "soort": {"csv"}, "eenheid": {"code"}}
	if resp := l.post(t, path, researcher, named); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a researcher with codes: %d", resp.StatusCode)
	}
	resp := l.post(t, path, leader, named)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Vul in waarom.") {
		t.Errorf("without a reason: %d", resp.StatusCode)
	}
	named.Set("reden", "Koppelen met het register")
	if resp := l.post(t, path, leader, named); resp.Header.Get("Content-Disposition") != "" || !strings.Contains(bodyOf(t, resp), "Bevestig wie u bent") {
		t.Errorf("with a reason, but by a link only: %d", resp.StatusCode)
	}
	l.prove(t)
	resp = l.post(t, path, leader, named)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, "unit,") || !strings.Contains(resp.Header.Get("Content-Disposition"), "_ruw.csv") {
		t.Errorf("with a reason: %d, %.40q", resp.StatusCode, body)
	}
	l.exec(t, `do $$ begin
		if (select count(*) from staff.audit where action = 'gegevens gedownload' and detail->>'pseudoniem' = 'true') <> 6 then raise 'six under a pseudonym'; end if;
		if (select count(*) from staff.audit where action = 'gegevens gedownload' and detail->>'reden' = 'Koppelen met het register') <> 1 then raise 'one with a reason'; end if;
	end $$`)
	for wrong, want := range map[string]int{"vragenlijst=swv&soort=exe": http.StatusNotFound, "vragenlijst=niemand&soort=csv": http.StatusNotFound} {
		q, _ := url.ParseQuery(wrong)
		if resp := l.post(t, path, leader, q); resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", wrong, resp.StatusCode, want)
		}
	}
	if resp := l.get(t, path, l.as(t, "lezer", account.Lezer)); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a reader: %d", resp.StatusCode)
	}
	if body := bodyOf(t, l.get(t, path, leader)); !strings.Contains(body, "Met hun code") || !strings.Contains(body, "/codeboek/swv") {
		t.Error("the page does not offer what a leader may have")
	}
}

// TestASnapshotGivesTheSameTablesAndFilesLater makes one on the page, lets more
// answers come in, and asks for everything again.
func TestASnapshotGivesTheSameTablesAndFilesLater(t *testing.T) {
	t.Parallel()
	l := newLab(t, 4, "")
	base := "/beheer/" + l.Study.Slug
	send := func(unit int) {
		t.Helper()
		rows := []form.FileRow{{Line: 2, Unit: l.Links["swv"][unit].Unit, Mode: answer.Web, Status: answer.Submitted, Sent: *l.clock.Load(), Answers: answer.Values{"b5_2_kern": "3"}}}
		if problems, err := l.Store.ImportResponses(t.Context(), l.Study, "swv", l.Forms["swv"], rows, store.BySystem, *l.clock.Load()); err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
	}
	send(0)
	researcher := l.as(t, "onderzoeker", account.Onderzoeker)
	tables := func(snapshot string) string {
		return bodyOf(t, l.get(t, base+"/tabellen/swv.csv?momentopname="+url.QueryEscape(snapshot), researcher))
	}
	file := func(snapshot string) string {
		return bodyOf(t, l.post(t, base+"/gegevens", researcher, url.Values{"vragenlijst": {"swv"}, "soort": {"sav"}, "momentopname": {snapshot}}))
	}
	then, data := tables(""), file("")
	form := url.Values{"opname_van": {"swv"}, "naam": {"Rapport & bijlage"}}
	if resp := l.post(t, base+"/gegevens/momentopname", researcher, form); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("making one: %d", resp.StatusCode)
	}
	send(1)
	if tables("") == then || tables("rapport & bijlage") != then || file("Rapport & bijlage") != data {
		t.Error("the snapshot gives other tables or another file than were made before")
	}
	if body := bodyOf(t, l.get(t, base+"/gegevens", researcher)); !strings.Contains(body, "Tabellen van Rapport &amp; bijlage") || !strings.Contains(body, "momentopname=Rapport+%26+bijlage") {
		t.Error("the page does not list it")
	}
	for _, naam := range []string{"rapport & bijlage", ""} {
		form.Set("naam", naam)
		resp := l.post(t, base+"/gegevens/momentopname", researcher, form)
		if body := bodyOf(t, resp); resp.StatusCode/100 != 4 || !strings.Contains(body, "Er is geen momentopname gemaakt") {
			t.Errorf("the name %q: %d", naam, resp.StatusCode)
		}
	}
	if resp := l.get(t, base+"/tabellen/gemeente?momentopname=Rapport+%26+bijlage", researcher); resp.StatusCode != http.StatusBadRequest && resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("of another questionnaire: %d", resp.StatusCode)
	}
	if resp := l.get(t, base+"/tabellen/swv?momentopname=weg", researcher); resp.StatusCode != http.StatusNotFound {
		t.Errorf("one that is not there: %d", resp.StatusCode)
	}
	if resp := l.post(t, base+"/gegevens/momentopname", l.as(t, "lezer", account.Lezer), form); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a reader makes one: %d", resp.StatusCode)
	}
}
