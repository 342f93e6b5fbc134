package server_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/web/static"
)

func TestPagesAndFilesArePackedForWhoAsks(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	for _, path := range []string{"/", static.Path("uitvraag.css"), static.Path("uitvraag.js")} {
		plain, _ := s.fetch(t, path, "identity")
		for accept, packed := range map[string]bool{"": false, "br, gzip": true, "gzip;q=0.5": true, "gzip;q=0": false, "*": false} {
			got, encoding := s.fetch(t, path, accept)
			if got != plain || (encoding == "gzip") != packed {
				t.Errorf("%s, accepting %q: encoding %q, the same: %v", path, accept, encoding, got == plain)
			}
		}
	}
}

// fetch returns the content at a path, unpacked, and how it was packed.
func (s *site) fetch(t *testing.T, path, accept string) (content, encoding string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", accept) // the client unpacks nothing by itself
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if !strings.Contains(resp.Header.Get("Vary"), "Accept-Encoding") {
		t.Errorf("%s: Vary is %q", path, resp.Header.Get("Vary"))
	}
	body := io.Reader(resp.Body)
	encoding = resp.Header.Get("Content-Encoding")
	if encoding == "gzip" {
		if body, err = gzip.NewReader(resp.Body); err != nil {
			t.Fatal(err)
		}
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), encoding
}
