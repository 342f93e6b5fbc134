package export_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/table"
	"github.com/uitvraag/uitvraag/web/page"
)

// An opener is a program that reads a format, with what it has to find in the
// files of the small study.
type opener struct {
	program string // "" where another test says more: why names it
	finds   []string
	why     string
}

// python prints what a file holds.
var python = map[string]string{
	"json": `import json, sys
for t in json.load(open(sys.argv[1], encoding="utf-8"))["tables"]:
    print(t["id"], t["title"], t["layout"])
    for r in t["rows"]: print(r["label"], r["n"], [c.get("count") for c in r["cells"]])`,
	"csv": `import csv, sys
for r in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")): print(sorted(r.items()))`,
	"zip": `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(z.testzip(), sorted(z.namelist()))
print(z.read("gegevens.csv").decode())`,
}

// bookOpeners and dataOpeners name a program for every format: who adds one says
// what opens it.
var (
	bookOpeners = map[string]opener{
		"xlsx": {"soffice", []string{"In welke fase?", "Voortgezet onderwijs", "Geen zicht op"}, ""},
		"docx": {"soffice", []string{"Tabel T.2 In welke fase?", "Voortgezet onderwijs (N=2)", "Let op:"}, ""},
		"html": {"soffice", []string{"Tabel T.2 In welke fase?", "Voortgezet onderwijs", "Let op:"}, ""},
		"pdf":  {"pdftotext", []string{"Tabel T.2", "Voortgezet onderwijs", "Geen zicht op"}, ""},
		"csv":  {"csv", []string{"('aantal', '2')", "('label', 'Voortgezet onderwijs')", "('percentage', '66.66666666666667')"}, ""},
		"json": {"json", []string{"T.2 In welke fase? matrix", "Voortgezet onderwijs 2 [0, 0, 0, 2]"}, ""},
	}
	dataOpeners = map[string]opener{
		"zip":       {why: "TestTheRProgramRebuildsTheData and TestPSPPCountsAsWeDo read what is in it"},
		"sav":       {why: "TestRReadsTheSavAsItIs and TestPSPPReadsTheSav"},
		"xlsx":      {"soffice", []string{"GM0003", "Súdwest", "Voortgezet onderwijs"}, ""},
		"csv-excel": {why: "TestASpreadsheetInDutchReadsNumbersAsNumbers"},
		"csv":       {"csv", []string{"('covers', 'GM0001')", `('wie_anders_txt', 'de buurt\r\n')`, "('unit', 'GM0005')"}, ""},
		"archief":   {"zip", []string{"None [", "'gegevens.csv'", "'manifest.json'", "samen,fase_bao,fase_vo"}, ""},
		"ddi":       {"xmllint", []string{"<catValu>8</catValu>"}, ""},
	}
)

// TestEveryFormatIsOpenedByAnotherProgram hands the files of the small study to
// programs that others wrote.
func TestEveryFormatIsOpenedByAnotherProgram(t *testing.T) {
	t.Parallel()
	x := fixture.Small(t)
	for i := range x.Units {
		if x.Units[i].Background["regio"] == "Zuid" {
			x.Units[i].Background["regio"] = "Súdwest"
		}
	}
	d := fixture.Dataset(t, x)
	b, err := table.NewBook(table.Spec{}, x.Form.In, d)
	if err != nil {
		t.Fatal(err)
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("install chromium, or run `make test`, which does: %v", err)
	}
	press := page.Press(export.NewPrinter(browser, os.Geteuid() == 0))
	dir := t.TempDir()
	files := map[string]opener{}
	save := func(name string, o opener, known bool, write func(*bytes.Buffer) error) {
		t.Helper()
		if !known {
			t.Errorf("nobody says what opens %s", name)
		}
		if o.program == "" {
			return
		}
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		files[name] = o
	}
	for _, f := range export.BookFormats {
		o, known := bookOpeners[f.ID]
		save("boek-"+f.ID+f.Ext, o, known, func(w *bytes.Buffer) error { return f.Write(t.Context(), w, export.BookPaper(b), press) })
	}
	data := export.Data{Study: ddiStudy(x.Form.In).Study, In: x.Form.In, Set: d, Software: "proef", Press: press}
	for _, f := range export.DataFormats {
		o, known := dataOpeners[f.ID]
		save("gegevens-"+f.ID+f.Ext, o, known, func(w *bytes.Buffer) error {
			_, err := f.Write(t.Context(), w, &data)
			return err
		})
	}
	var office []string
	for name, o := range files {
		if o.program == "soffice" {
			office = append(office, filepath.Join(dir, name))
		}
	}
	slices.Sort(office)
	reader(t, "soffice", append([]string{"--headless", "-env:UserInstallation=file://" + t.TempDir(), "--convert-to", "pdf", "--outdir", dir}, office...)...)
	for name, o := range files {
		path := filepath.Join(dir, name)
		var said string
		switch o.program {
		case "soffice":
			said = string(reader(t, "pdftotext", "-layout", strings.TrimSuffix(path, filepath.Ext(path))+".pdf", "-"))
		case "pdftotext":
			said = string(reader(t, "pdftotext", "-layout", path, "-"))
		case "xmllint":
			said = string(reader(t, "xmllint", "--format", path))
		default:
			said = string(reader(t, "python3", "-c", python[o.program], path))
		}
		said = words(said)
		for _, want := range o.finds {
			if !strings.Contains(said, want) {
				t.Errorf("%s by %s does not say %q:\n%.1500s", name, o.program, want, said)
			}
		}
	}
}
