package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/store"
)

// TestAUnitIsFoundWhateverItsCode follows the links of the list to units whose
// register has codes of its own.
func TestAUnitIsFoundWhateverItsCode(t *testing.T) {
	t.Parallel()
	l := labOfDefinition(t, "ketenpartner")
	staff := l.staffCookie(t, account.Projectleider)
	codes := []string{"K 001", "LOD, Utrecht", "a/b", "50%", "a+b&c=d", "#1", "?", "é;è", "(x)", "'s-Hertogenbosch", "%41", "100%25", "=1+1"}
	var r sample.Register
	r.Kind = sample.KindOf("ketenpartner")
	for _, code := range codes {
		r.Units = append(r.Units, sample.Unit{Organisation: sample.Organisation{Kind: r.Kind, Code: code, Name: "Naam van " + code}})
	}
	if _, err := l.Store.ImportRegister(t.Context(), store.Import{Study: l.Study.ID, Audience: "ketenpartner", Register: r, By: store.BySystem, Now: fixture.Now}); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, a := range parsed(t, l.get(t, "/beheer/"+l.Study.Slug+"/eenheden", staff)).All("a", "href", "*") {
		href := a.Attr("href")
		if len(href) < len("/beheer/"+l.Study.Slug+"/eenheden/") || href[:len("/beheer/"+l.Study.Slug+"/eenheden/")] != "/beheer/"+l.Study.Slug+"/eenheden/" {
			continue
		}
		found++
		wantStatus(t, href, l.get(t, href, staff), http.StatusOK)
	}
	if found != len(codes) {
		t.Errorf("%d units in the list, want %d", found, len(codes))
	}
	file := bodyOf(t, l.get(t, "/beheer/"+l.Study.Slug+"/eenheden.csv", staff))
	if strings.Contains(file, "\n=1+1") || !strings.Contains(file, "\n'=1+1;Naam van =1+1;") {
		t.Errorf("the file for spreadsheets holds a formula: %s", file)
	}
}
