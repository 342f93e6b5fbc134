package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/report"
)

// publishedBook is the book of 2018, laid out.
func publishedBook(t *testing.T, name string) *report.Document {
	t.Helper()
	b := baseline.Book(name)
	if b == nil {
		t.Fatalf("no book of %s", name)
	}
	return report.Book(b)
}

// texts returns the words of the cells of the tables of a Word document.
func docxCells(t *testing.T, data []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(f)
	var cells []string
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return cells
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if x.Name.Local == "tc" {
				depth++
				cells = append(cells, "")
			}
		case xml.EndElement:
			if x.Name.Local == "tc" {
				depth--
			}
		case xml.CharData:
			if depth > 0 {
				cells[len(cells)-1] += string(x)
			}
		}
	}
}

// TestTheWordBookHasEveryNumber finds every cell of every table in order.
func TestTheWordBookHasEveryNumber(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"swv", "gemeente"} {
		d := publishedBook(t, name)
		var b bytes.Buffer
		if err := export.DOCX(&b, d); err != nil {
			t.Fatal(err)
		}
		cells, at := docxCells(t, b.Bytes()), 0
		next := func(want string) {
			t.Helper()
			if at >= len(cells) || cells[at] != want {
				t.Fatalf("%s: cell %d is %q, want %q", name, at, cells[min(at, len(cells)-1)], want)
			}
			at++
		}
		for _, g := range d.Grids() {
			next(g.First)
			for _, h := range g.Heads {
				next(h.Text)
			}
			group := ""
			for _, l := range g.Lines {
				if l.Group != group && l.Group != "" {
					next(l.Group)
				}
				group = l.Group
				next(l.Label)
				for _, v := range l.Values {
					next(v.Text)
				}
			}
		}
		if at != len(cells) {
			t.Errorf("%s: %d cells more than there should be", name, len(cells)-at)
		}
		// Another program opens it whole.
		path := write(t, "boek.docx", b.Bytes())
		reader(t, "soffice", "--headless", "-env:UserInstallation=file://"+t.TempDir(), "--convert-to", "pdf", "--outdir", filepath.Dir(path), path)
		if text := string(reader(t, "pdftotext", "-layout", strings.TrimSuffix(path, "docx")+"pdf", "-")); strings.Count(text, "Tabel B.") < 2*len(d.Grids()) {
			t.Errorf("%s: LibreOffice shows %d captions and lines of contents, want %d", name, strings.Count(text, "Tabel B."), 2*len(d.Grids()))
		}
	}
}

// TestTheWorkbookOfTheBookHasRealNumbers reads a sheet as R does.
func TestTheWorkbookOfTheBookHasRealNumbers(t *testing.T) {
	t.Parallel()
	d := publishedBook(t, "swv")
	var b bytes.Buffer
	if err := export.BookXLSX(&b, d); err != nil {
		t.Fatal(err)
	}
	noFormulas(t, b.Bytes())
	path := write(t, "boek.xlsx", b.Bytes())
	said := map[string]bool{}
	sections := 0
	for _, block := range d.Blocks {
		if h, ok := block.(report.Heading); ok && h.Level == 1 {
			sections++
		}
	}
	for i := range max(sections, 1) {
		for _, word := range strings.Fields(string(reader(t, "Rscript", "testdata/readxl.R", path, fmt.Sprint(i+2)))) {
			said[word] = true
		}
	}
	for _, g := range d.Grids() {
		for _, l := range g.Lines {
			for _, v := range l.Values {
				if n := fmt.Sprintf("n%.17g", v.Number); !math.IsNaN(v.Number) && !said[n] {
					t.Errorf("%s, %s: R finds no %s", g.ID, l.Label, n)
				}
			}
		}
	}
}

func TestTheSameBookIsTheSameFile(t *testing.T) {
	t.Parallel()
	var files [2]bytes.Buffer
	for i := range files {
		if err := export.DOCX(&files[i], publishedBook(t, "swv")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("two files of the same book differ")
	}
}
