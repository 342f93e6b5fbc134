package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
)

func TestTheCodebookTellsOfEveryVariable(t *testing.T) {
	t.Parallel()
	l := newLab(t, 3, "")
	cookie := l.staffCookie(t, account.Onderzoeker)
	base := "/beheer/" + l.Study.Slug + "/codeboek/"
	body := bodyOf(t, l.get(t, base+"swv", cookie))
	for _, v := range l.Forms["swv"].Variables {
		if !strings.Contains(body, "<code>"+v.Name+"</code>") {
			t.Errorf("the page does not name %s", v.Name)
		}
	}
	for _, u := range l.Links["swv"] {
		if strings.Contains(body, u.Unit) {
			t.Errorf("the codebook names the unit %s", u.Unit)
		}
	}
	if resp := l.get(t, base+"niemand", cookie); resp.StatusCode != http.StatusNotFound {
		t.Errorf("an instrument that is not there: %d", resp.StatusCode)
	}
	if resp := l.get(t, base+"swv", l.staffCookie(t, account.Veldwerker)); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a fieldworker: %d", resp.StatusCode)
	}
}
