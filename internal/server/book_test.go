package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/table"
)

// TestTheBookOfTablesShowsAndGivesTheSame compares the page with its files.
func TestTheBookOfTablesShowsAndGivesTheSame(t *testing.T) {
	t.Parallel()
	l := newLab(t, 3, "")
	cookie := l.staffCookie(t, account.Onderzoeker)
	base := "/beheer/" + l.Study.Slug + "/tabellen"
	resp := l.get(t, base, cookie)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusOK || !strings.Contains(body, "Tabel B.5.2") || !strings.Contains(body, base+"/swv.xlsx") {
		t.Fatalf("page: %d", resp.StatusCode)
	}
	resp = l.get(t, base+"/gemeente.json?telefoon=zonder", cookie)
	var b table.Book
	if err := json.Unmarshal([]byte(bodyOf(t, resp)), &b); err != nil || b.Instrument != "gemeente" || !b.Spec.NoTelephone || len(b.Tables) < 30 {
		t.Errorf("json: %v, %s with %d tables", err, b.Instrument, len(b.Tables))
	}
	for ext, start := range map[string]string{"xlsx": "PK", "docx": "PK", "csv": "tabel,vraag"} {
		resp := l.get(t, base+"/swv."+ext, cookie)
		if body := bodyOf(t, resp); resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, start) || !strings.Contains(resp.Header.Get("Content-Disposition"), ext) {
			t.Errorf("%s: %d, %.20q", ext, resp.StatusCode, body)
		}
	}
	if _, err := l.Store.MakeSnapshot(t.Context(), l.Study, "swv", "mei", "proef", store.BySystem, l.now); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		base + "/swv?momentopname=mei":                http.StatusOK,
		base + "/swv?naast=2018&momentopname=mei":     http.StatusOK,
		base + "/swv?naast=gemeente&momentopname=mei": http.StatusUnprocessableEntity, // of then, and of now
		base + "/swv?splits=nergens":                  http.StatusUnprocessableEntity,
		base + "/swv?alleen=regio%3Dnergens":          http.StatusUnprocessableEntity,
		base + "/swv.exe":                             http.StatusNotFound,
		base + "/niemand":                             http.StatusNotFound,
		base + "/swv.json?splits=nergens":             http.StatusBadRequest,
		base + "/swv?splits=regio&basis=zonder":       http.StatusOK,
		base + "/swv/B.5.2.svg?naast=gemeente":        http.StatusNotFound, // only one version asks it
		base + "/gemeente/B.6.1.svg":                  http.StatusNotFound, // nobody answered yet
		base + "/swv/B.5.2.csv":                       http.StatusOK,
		base + "/swv/B.5.99.csv":                      http.StatusNotFound,
		base + "/swv/B.5.2.exe":                       http.StatusNotFound,
		base + "/swv?weging=regio":                    http.StatusUnprocessableEntity, // nobody answered
		base + "/swv?naast=2018":                      http.StatusOK,
		base + "/gemeente.docx?naast=swv":             http.StatusOK,
		base + "/swv?naast=swv":                       http.StatusUnprocessableEntity,
		base + "/swv?naast=2018&splits=regio":         http.StatusUnprocessableEntity,
	} {
		if resp := l.get(t, path, cookie); resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
	}
	if body := bodyOf(t, l.get(t, base+"/gemeente?naast=2018", cookie)); !strings.Contains(body, "Tabellen: nu naast 2018") || !strings.Contains(body, "2018: ") {
		t.Error("the tables of 2018 do not stand beside those of now, with what is wrong about them")
	}
	if resp := l.get(t, base, l.staffCookie(t, account.Veldwerker)); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a fieldworker: %d", resp.StatusCode)
	}
}
