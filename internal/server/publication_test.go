package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/table"
)

// TestAPublicBookLeavesNothingOut refuses what would tell of a few units beside the
// book of all, and then shows nothing but that book.
func TestAPublicBookLeavesNothingOut(t *testing.T) {
	t.Parallel()
	l := newLab(t, 3, "")
	cookie := l.staffCookie(t, account.Onderzoeker)
	base := "/beheer/" + l.Study.Slug + "/tabellen/swv"
	resp := l.get(t, base+".json?publiek=ja", cookie)
	var b table.Book
	if err := json.Unmarshal([]byte(bodyOf(t, resp)), &b); err != nil || !b.Public || !strings.Contains(resp.Header.Get("Content-Disposition"), "tabellen-publicatie-") {
		t.Fatalf("%v, public %v, %s", err, b.Public, resp.Header.Get("Content-Disposition"))
	}
	for query, why := range map[string]string{
		"telefoon=zonder": "alle eenheden",
		"gedekt=zonder":   "alle eenheden",
		"basis=zonder":    "basis",
		"splits=b5_24":    "achtergrond",
	} {
		resp := l.get(t, base+"?publiek=ja&"+query, cookie)
		if body := bodyOf(t, resp); resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, why) || !strings.Contains(body, "gemaakt om te publiceren") {
			t.Errorf("%s: %d", query, resp.StatusCode)
		}
		if resp := l.get(t, base+".csv?publiek=ja&"+query, cookie); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("file with %s: %d", query, resp.StatusCode)
		}
	}
}
