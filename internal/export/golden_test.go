package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/internal/table"
	"github.com/uitvraag/uitvraag/web/page"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what was made with the file that somebody looked at.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make golden writes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-looked at +made); when it is right, make golden:\n%s", name, diff)
	}
}

// asText says how the golden file of a format is made of its bytes: "" of bytes
// that are text, or what another program reads in them. Of pages only the tables
// count here: how they look is for others.
var asText = map[string]func(*testing.T, []byte) string{
	"json": plainText, "csv": plainText, "csv-excel": plainText, "ddi": plainText,
	"html": tablesOf, "docx": documentOf, "xlsx": sheetsOf, "sav": savByR,
}

func plainText(_ *testing.T, b []byte) string { return string(b) }

// TestBooksAreAsTheyWereLookedAt makes the tables of the small study in every
// format. What a printed one says, TestEveryFormatIsOpenedByAnotherProgram reads.
func TestBooksAreAsTheyWereLookedAt(t *testing.T) {
	t.Parallel()
	x := fixture.Small(t)
	b, err := table.NewBook(table.Spec{}, x.Form.In, fixture.Dataset(t, x))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range export.BookFormats {
		t.Run(f.ID, func(t *testing.T) {
			if f.Printed() {
				return
			}
			var out bytes.Buffer
			if err := f.Write(t.Context(), &out, export.BookPaper(b), page.Press(nil)); err != nil {
				t.Fatal(err)
			}
			read := asText[f.ID]
			if read == nil {
				t.Fatal("no golden file of this format")
			}
			golden(t, "boek-"+f.ID+".txt", read(t, out.Bytes()))
		})
	}
}

// TestDataAreAsTheyWereLookedAt makes the data of the small study in every
// format, those in the zip each on its own.
func TestDataAreAsTheyWereLookedAt(t *testing.T) {
	t.Parallel()
	x := fixture.Small(t)
	d := export.Data{Study: ddiStudy(x.Form.In).Study, In: x.Form.In, Set: fixture.Dataset(t, x), Software: "uitvraag proef", Press: page.Press(nil)}
	for _, f := range export.DataFormats {
		t.Run(f.ID, func(t *testing.T) {
			var out bytes.Buffer
			if warnings, err := f.Write(t.Context(), &out, &d); err != nil || len(warnings) > 0 {
				t.Fatal(warnings, err)
			}
			if f.MIME == "application/zip" {
				goldenZip(t, f.ID, out.Bytes())
				return
			}
			read := asText[f.ID]
			if read == nil {
				t.Fatal("no golden file of this format")
			}
			golden(t, "gegevens-"+f.ID+".txt", read(t, out.Bytes()))
		})
	}
}

// ofPage is what the manifest says of a page, whose bytes change with how it looks.
var ofPage = regexp.MustCompile(`("name": "codeboek.html",\s*"bytes": )\d+(,\s*"sha256": ")\w+`)

func goldenZip(t *testing.T, id string, data []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		switch text := string(raw); f.Name {
		case "ddi.xml": // as the format of its own
		case "codeboek.html":
			golden(t, id+"/codeboek.txt", tablesOf(t, raw))
		default:
			golden(t, id+"/"+f.Name, ofPage.ReplaceAllString(text, "${1}0${2}"))
		}
	}
}

// tablesOf is every table of a page: a line per row.
func tablesOf(t *testing.T, b []byte) string {
	t.Helper()
	var out strings.Builder
	for _, tab := range htmltest.Parse(t, string(b)).All("table") {
		if caption, ok := tab.First("caption"); ok {
			out.WriteString("# " + words(caption.Text()) + "\n")
		}
		for _, tr := range tab.All("tr") {
			var cells []string
			for _, tag := range []string{"th", "td"} {
				for _, cell := range tr.All(tag) {
					cells = append(cells, words(cell.Text()))
				}
			}
			out.WriteString(strings.Join(cells, " | ") + "\n")
		}
		out.WriteString("\n")
	}
	return out.String()
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }

// documentOf is a Word document: a line per paragraph, and per row of a table.
func documentOf(t *testing.T, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	var out, paragraph strings.Builder
	var row []string
	in := 0 // rows of tables
	d := xml.NewDecoder(f)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if x.Name.Local == "tr" {
				in++
				row = nil
			}
		case xml.CharData:
			paragraph.Write(x)
		case xml.EndElement:
			switch text := words(paragraph.String()); {
			case x.Name.Local == "tc":
				row = append(row, text)
				paragraph.Reset()
			case x.Name.Local == "tr":
				in--
				out.WriteString(strings.Join(row, " | ") + "\n")
			case x.Name.Local == "p" && in == 0:
				if text != "" {
					out.WriteString(text + "\n")
				}
				paragraph.Reset()
			}
		}
	}
}

// sheetsOf is a workbook: a line per row, numbers as they are kept.
func sheetsOf(t *testing.T, b []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, name := range f.GetSheetList() {
		out.WriteString("# " + name + "\n")
		rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for i := range row {
				row[i] = words(row[i])
			}
			out.WriteString(strings.TrimRight(strings.Join(row, " | "), " |") + "\n")
		}
		out.WriteString("\n")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func savByR(t *testing.T, b []byte) string {
	t.Helper()
	return string(reader(t, "Rscript", "testdata/sav.R", write(t, "proef.sav", b)))
}
