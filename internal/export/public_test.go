package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// TestNoTextOrCodeIsInThePublicArchive reads every file of it (standards X5, X7).
func TestNoTextOrCodeIsInThePublicArchive(t *testing.T) {
	t.Parallel()
	d := randomData(t, "inventarisatie-2026", "gemeente", 40, 9)
	to, ok := export.DataFormatOf("archief")
	if !ok {
		t.Fatal("no such format")
	}
	var b bytes.Buffer
	press := export.Press{Codebook: func(context.Context, *dataset.Dataset, []export.Entry) ([]byte, error) {
		return []byte("codeboek"), nil
	}}
	if _, err := to.Write(t.Context(), &b, &export.Data{In: fixture.FormOf(t, "inventarisatie-2026", "gemeente").In, Set: d, Software: "proef", Press: press}); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, file := range z.File {
		files = append(files, content(t, file))
	}
	secrets := 0
	for at := range d.Cases() {
		for _, c := range d.Columns() {
			x := c.Text(at)
			if c.Type != instrument.TextType || len(x) < 6 || strings.Trim(x, "abcdefghijklmnopqrstuvwxyz ") == "" { // a word can be that of a question
				continue
			}
			secrets++
			for _, text := range files {
				if strings.Contains(text, x) {
					t.Fatalf("the archive holds %.40q of %s", x, c.Name)
				}
			}
		}
	}
	if secrets < 100 {
		t.Errorf("only %d things to keep secret", secrets)
	}
}

func content(t *testing.T, f *zip.File) string {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
