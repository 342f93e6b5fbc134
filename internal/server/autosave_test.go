package server_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// saved is the answer to the script.
type saved struct {
	Version int               `json:"versie"`
	Status  string            `json:"status"`
	Open    bool              `json:"open"`
	Others  map[string]string `json:"velden"`
}

// autosave posts a page as its script does.
func (v *visitor) autosave(path string, values url.Values) (int, saved) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.site.URL+path, strings.NewReader(values.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Uitvraag-Autosave", "1")
	resp, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	var s saved
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, s
}

// Who saves after a colleague is shown what the colleague filled in. A page that
// did not know would put its own empty row over it the next time.
func TestAutosaveTellsWhatAColleagueFilledIn(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	one, two := s.visitor(t), s.visitor(t)
	one.enter("swv", 0)
	two.enter("swv", 0)
	p := s.Forms["swv"].Pages[1]
	path := one.base() + p.ID
	first, second := p.Items[0].Variables[0].Name, p.Items[1].Variables[0].Name
	code, got := one.autosave(path, url.Values{"versie": {"0"}, "verzoek": {"eerste-tabblad"}, first: {"1"}})
	if code != http.StatusOK || len(got.Others) > 0 || !strings.HasPrefix(got.Status, "Opgeslagen om ") {
		t.Errorf("first save: %d %+v", code, got)
	}
	code, got = two.autosave(path, url.Values{"versie": {"0"}, "verzoek": {"tweede-tabblad"}, second: {"2"}})
	if code != http.StatusOK || !maps.Equal(got.Others, map[string]string{first: "1"}) {
		t.Errorf("second save: %d %+v", code, got)
	}
	code, got = one.autosave(path, url.Values{"versie": {"0"}, "verzoek": {"eerste-tabblad"}, first: {"1"}, second: {"3"}})
	if code != http.StatusConflict || got.Version != 0 {
		t.Errorf("the same row: %d %+v", code, got)
	}
	state, _, err := s.Store.Rebuilt(t.Context(), one.keyOf(path))
	if err != nil || state[first] != "1" || state[second] != "2" {
		t.Errorf("stored %v, %v", state, err)
	}
}

func (v *visitor) keyOf(path string) string { return strings.Split(path, "/")[2] }

func TestAutosaveSaysWhatIsNotRight(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	v := s.visitor(t)
	v.enter("swv", 0)
	p := s.Forms["swv"].Pages[1]
	path := v.base() + p.ID
	first, second := p.Items[0].Variables[0].Name, p.Items[1].Variables[0].Name
	code, got := v.autosave(path, url.Values{"versie": {"0"}, "verzoek": {"een-tabblad"}, first: {"1", "2"}, second: {"2"}})
	if code != http.StatusOK || !got.Open || strings.HasPrefix(got.Status, "Opgeslagen") || len(got.Others) > 0 {
		t.Errorf("%d %+v", code, got)
	}
	state, _, err := s.Store.Rebuilt(t.Context(), v.keyOf(path))
	if err != nil || state[first] != "" || state[second] != "2" {
		t.Errorf("stored %v, %v", state, err)
	}
}
