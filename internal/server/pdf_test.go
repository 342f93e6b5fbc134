package server_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/server"
	"github.com/uitvraag/uitvraag/internal/store"
)

// TestOwnCopyIsATaggedPDF fills in one question, sends it, and downloads the
// answers. It needs Debian's chromium, which `make test` installs.
func TestOwnCopyIsATaggedPDF(t *testing.T) {
	t.Parallel()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("install chromium, or run `make test`, which does: %v", err)
	}
	s := &site{World: fixture.Study(t, store.New(pgtest.Pool(t)), 1), now: fixture.Now}
	s.Server = httptest.NewUnstartedServer(nil)
	s.Config.Handler = server.New(s.Store, server.Config{BaseURL: &url.URL{Scheme: "http", Host: s.Listener.Addr().String()}, Now: func() time.Time { return s.now },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Printer: export.NewPrinter(browser, os.Geteuid() == 0)}).Handler()
	s.Start()
	t.Cleanup(s.Close)

	v := s.visitor(t).enter("swv", 0)
	v.press("actie", "volgende", url.Values{"b5_1_directeur": {"1"}})
	base := strings.TrimSuffix(v.url.Path, "b5_2")
	v.get(base+"controleren").press("actie", "versturen", nil)
	if !strings.HasSuffix(v.url.Path, "/ontvangst") {
		t.Fatalf("sending led to %s (%d)", v.url.Path, v.status)
	}
	link, ok := v.page.First("a", "href", base+"antwoorden.pdf")
	if !ok {
		t.Fatal("the receipt does not offer the answers as PDF")
	}
	v.get(link.Attr("href"))
	if v.status != http.StatusOK || !strings.HasPrefix(v.body, "%PDF-") || !bytes.Contains([]byte(v.body), []byte("/StructTreeRoot")) {
		t.Errorf("status %d, %.40q: no tagged PDF", v.status, v.body)
	}
	if stranger := s.visitor(t).get(base + "antwoorden.pdf"); stranger.status != http.StatusNotFound {
		t.Errorf("a stranger gets status %d, want 404", stranger.status)
	}
}
