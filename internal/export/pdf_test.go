package export_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"

	"github.com/uitvraag/uitvraag/internal/export"
)

// TestPDFIsTaggedAndInDutch needs Debian's chromium, which `make test` installs.
func TestPDFIsTaggedAndInDutch(t *testing.T) {
	t.Parallel()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("install chromium, or run `make test`, which does: %v", err)
	}
	p := export.NewPrinter(browser, os.Geteuid() == 0)
	pdf, err := p.PDF(t.Context(), map[string][]byte{
		"index.html":   []byte(`<!doctype html><html lang="nl"><head><title>Proef</title><link rel="stylesheet" href="static/a.css"></head><body><h1>Kop</h1><p>Tekst</p></body></html>`),
		"static/a.css": []byte("h1{color:#000}"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"%PDF-", "/StructTreeRoot", "/Lang (nl)"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("the PDF has no %s", want)
		}
	}
}

func TestWithoutBrowserThereIsNoPDF(t *testing.T) {
	t.Parallel()
	if _, err := export.NewPrinter("", false).PDF(t.Context(), nil); !errors.Is(err, export.ErrNoPrinter) {
		t.Errorf("got %v, want ErrNoPrinter", err)
	}
}
