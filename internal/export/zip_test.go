package export_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"testing"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
)

func zipOf(t *testing.T, o export.Options) []byte {
	t.Helper()
	d := randomData(t, "inventarisatie-2026", "swv", 8, 5)
	m, err := d.Write(io.Discard, "proef")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := export.Zip(&b, d, m, o, export.File{Name: "codeboek.html", Data: []byte("<p>codeboek</p>")}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheManifestKnowsEveryFileOfTheZip(t *testing.T) {
	t.Parallel()
	raw := zipOf(t, export.Options{Pseudonym: true})
	if !bytes.Equal(raw, zipOf(t, export.Options{Pseudonym: true})) {
		t.Error("the same data give another zip")
	}
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	content := map[string][]byte{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if content[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content[f.Name], []byte("GM9001")) {
			t.Errorf("%s of a pseudonymous zip names a unit", f.Name)
		}
	}
	var manifest struct {
		dataset.Manifest
		Files []struct {
			Name   string
			Bytes  int
			SHA256 string
		}
	}
	if err := json.Unmarshal(content["manifest.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Units != 8 || manifest.Study != "proef" || manifest.SHA256 == "" {
		t.Errorf("the manifest says %+v", manifest.Manifest)
	}
	if len(manifest.Files) != len(content)-1 {
		t.Errorf("the manifest knows %d files of %d", len(manifest.Files), len(content)-1)
	}
	for _, f := range manifest.Files {
		if sum := sha256.Sum256(content[f.Name]); hex.EncodeToString(sum[:]) != f.SHA256 || len(content[f.Name]) != f.Bytes {
			t.Errorf("%s is not what the manifest says", f.Name)
		}
	}
}
