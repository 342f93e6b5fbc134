package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAProblemOnARoutedPageKeepsItsPlace posts what cannot be kept to a question
// that is asked after "ja" only: the page must still say which step and which
// question it is, as it did before.
func TestAProblemOnARoutedPageKeepsItsPlace(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	v := s.visitor(t).enter("swv", 0)
	base := v.url.Path[:strings.LastIndex(v.url.Path, "/")+1]
	v.get(base+"b5_24").press("actie", "volgende", url.Values{"b5_24": {"1"}})
	place := func() string {
		t.Helper()
		n, ok := v.page.First("p", "class", "step")
		if !ok {
			t.Fatalf("%s does not say which step it is", v.url.Path)
		}
		return n.Text()
	}
	v.get(base + "b5_25")
	before := place()
	v.press("actie", "volgende", url.Values{"b5_25": {"wachttijden\x00"}})
	if v.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d, want 422", v.status)
	}
	if got := place(); got != before {
		t.Errorf("with a problem the page says %q, before it said %q", got, before)
	}
	if !strings.Contains(v.page.Text(), "wachttijden") {
		t.Error("what was typed is gone")
	}
}
