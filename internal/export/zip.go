package export

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"

	"github.com/uitvraag/uitvraag/internal/dataset"
)

// A File is one file of a package, by its name in it.
type File struct {
	Name string
	Data []byte
}

// packed is what the manifest says of a file.
type packed struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Zip writes everything that one needs to work with the data without this
// program: the rows, the programs that read them into SPSS and R, the given
// files, and manifest.json, which says what the data are of and has the SHA-256
// of every other file (standards N10, N12). All times in it are that of the
// data, so that the same data give the same bytes.
func Zip(w io.Writer, d *dataset.Dataset, m dataset.Manifest, o Options, more ...File) (warnings []string, err error) {
	out := zip.NewWriter(w)
	var files []packed
	add := func(name string, write func(io.Writer) error) error {
		entry, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: d.Taken.UTC()})
		if err != nil {
			return err
		}
		sum, n := sha256.New(), new(counter)
		if err := write(io.MultiWriter(entry, sum, n)); err != nil {
			return err
		}
		files = append(files, packed{name, int64(*n), hex.EncodeToString(sum.Sum(nil))})
		return nil
	}
	const rows = "gegevens.csv"
	if err := add(rows, func(w io.Writer) error { return Rows(w, d, o) }); err != nil {
		return nil, err
	}
	s := NewSyntax(d, rows, o)
	for _, f := range append([]File{{"gegevens.sps", s.SPSS}, {"gegevens.R", s.R}}, more...) {
		err := add(f.Name, func(w io.Writer) error {
			_, err := w.Write(f.Data)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	manifest, err := manifestJSON(m, files)
	if err != nil {
		return nil, err
	}
	err = add("manifest.json", func(w io.Writer) error {
		_, err := w.Write(manifest)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.Warnings, out.Close()
}

func manifestJSON(m dataset.Manifest, files []packed) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(struct {
		dataset.Manifest
		Files []packed `json:"files"`
	}{m, files})
	return b.Bytes(), err
}

// A counter counts bytes.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
