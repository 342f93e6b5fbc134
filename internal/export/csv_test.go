package export_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/sheet"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/table"
)

// dangerous are beginnings that a spreadsheet could run (standards I1).
var dangerous = []string{"=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", " =1", "  \u00a0@x", "＝1", "－1", "＋1", "＠x", "\u200b=x", "\ufeff=x", "=HYPERLINK(\"http://x\",\"y\")", "+cmd|' /C calc'!A0"}

func TestEveryDangerousBeginningIsGuarded(t *testing.T) {
	t.Parallel()
	for _, s := range dangerous {
		if g := export.Guard(s); g != "'"+s || export.Unguard(g) != s {
			t.Errorf("Guard(%q) = %q, Unguard of it %q", s, g, export.Unguard(g))
		}
	}
	for _, s := range []string{"", " ", "tekst", "a=b", "1-2", "Súdwest-Fryslân", "\"=1\""} {
		if g := export.Guard(s); g != s {
			t.Errorf("Guard(%q) = %q", s, g)
		}
	}
	for _, s := range []string{"'", "''", "'t Hart", "'=1", "''=1"} {
		if g := export.Guard(s); g != "'"+s || export.Unguard(g) != s {
			t.Errorf("Guard(%q) = %q, Unguard of it %q", s, g, export.Unguard(g))
		}
	}
}

func FuzzGuard(f *testing.F) {
	for _, s := range append(dangerous, "'", "''", "'t Hart", "tekst", "\xff=") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g := export.Guard(s)
		if export.Unguard(g) != s {
			t.Fatalf("%q becomes %q and comes back as %q", s, g, export.Unguard(g))
		}
		rest := strings.TrimLeft(g, " \u00a0")
		if rest != "" && strings.ContainsAny(rest[:1], "=+-@\t\r\n") {
			t.Fatalf("%q leaves as %q", s, g)
		}
	})
}

// texts are what people type and what files break on.
var texts = append([]string{"twee\r\nregels", "\r\n", "\n", "\r", "een\rterug", "komma, puntkomma; tab\t", "\"aanhaling\"", "\"", "''", "'", " voor en na ", ";;;;;;;;;;;;", "\t\t\t", "0", "007", "1e5", "1,5", "-5", "NULL", "#N/A", "\\.", "\\",
	"Súdwest-Fryslân 💡", "\u202eomgekeerd", "\u0085\u2028", "e\u0301", "<b>&amp;", strings.Repeat("lang; \"en\", breed\r\n", 200)}, dangerous...)

// random makes answers to every variable of an instrument, hidden or not.
func random(rnd *rand.Rand, f *form.Form) answer.Values {
	values := answer.Values{}
	for i := range f.Variables {
		v := &f.Variables[i]
		if rnd.IntN(4) == 0 {
			continue
		}
		switch {
		case v.Type == instrument.TextType:
			values[v.Name] = texts[rnd.IntN(len(texts))]
		case v.Type == instrument.NumberType && rnd.IntN(2) == 0:
			r := f.In.Question(v.Question).Range
			values[v.Name] = strconv.Itoa(r.Min + rnd.IntN(r.Max-r.Min+1))
		default:
			values[v.Name] = strconv.Itoa(v.Values[rnd.IntN(len(v.Values))].Code)
		}
	}
	return values
}

// TestDataComeBackFromAFileAsTheyWere sends random answers through the
// database, the research file and the reading of files.
func TestDataComeBackFromAFileAsTheyWere(t *testing.T) {
	t.Parallel()
	const units = 25
	for _, definition := range []string{"inventarisatie-2018", "inventarisatie-2026", "ketenpartner"} {
		t.Run(definition, func(t *testing.T) {
			t.Parallel()
			w := fixture.StudyOf(t, store.New(pgtest.Pool(t)), definition, units)
			for audience, f := range w.Forms {
				rnd := rand.New(rand.NewPCG(5, uint64(len(f.Variables))))
				var rows []form.FileRow
				for i, l := range w.Links[audience] {
					rows = append(rows, form.FileRow{Line: i + 2, Unit: l.Unit, Mode: []answer.Mode{answer.Web, answer.Tel, answer.Paper}[rnd.IntN(3)],
						Status: []answer.Status{answer.Submitted, answer.Partial, answer.Kernvragen}[rnd.IntN(3)], Sent: fixture.Now.Add(-time.Duration(i) * time.Minute), Answers: random(rnd, f)})
				}
				if problems, err := w.Store.ImportResponses(t.Context(), w.Study, audience, f, rows, store.BySystem, fixture.Now); err != nil || len(problems) > 0 {
					t.Fatal(problems, err)
				}
				d, err := w.Store.Dataset(t.Context(), w.Study, audience, fixture.Now)
				if err != nil || d.Len() != units {
					t.Fatal(err)
				}
				var file, again bytes.Buffer
				if err := export.CSV(&file, d, export.Options{}); err != nil {
					t.Fatal(err)
				}
				if err := export.CSV(&again, d, export.Options{}); err != nil || !bytes.Equal(file.Bytes(), again.Bytes()) {
					t.Error("the same data give another file")
				}
				compare(t, f, rows, file.Bytes())
				checkExcel(t, d)
			}
		})
	}
}

func compare(t *testing.T, f *form.Form, rows []form.FileRow, file []byte) {
	t.Helper()
	table, problems := sheet.Parse(file, sheet.Limits{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got, problems, _ := f.ReadFile(table)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if len(got) != len(rows) {
		t.Fatalf("%d rows come back of %d", len(got), len(rows))
	}
	for i := range got {
		if diff := cmp.Diff(rows[i].Answers, got[i].Answers); diff != "" {
			t.Fatalf("%s: answers (-stored +read):\n%s", rows[i].Unit, diff)
		}
		if got[i].Unit != rows[i].Unit || got[i].Mode != rows[i].Mode || got[i].Status != rows[i].Status || !got[i].Sent.Equal(rows[i].Sent) {
			t.Errorf("row %d: %+v", i, got[i])
		}
	}
}

// checkExcel reads the copy for spreadsheets: it has what the .sav has, texts
// come back through Unguard, codes and numbers stand as they are.
func checkExcel(t *testing.T, d *dataset.Dataset) {
	t.Helper()
	var b bytes.Buffer
	if err := export.CSVExcel(&b, d, export.Options{Pseudonym: true}); err != nil {
		t.Fatal(err)
	}
	text, bom := strings.CutPrefix(b.String(), "\ufeff")
	if !bom {
		t.Error("no byte order mark")
	}
	table, problems := sheet.Parse([]byte(text), sheet.Limits{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	d = d.Pseudonymised()
	var names []string
	for _, c := range d.Columns() {
		names = append(names, c.Name)
	}
	if !slices.Equal(names, table.Columns) || len(table.Rows) != d.Len() {
		t.Errorf("%d rows of %v", len(table.Rows), table.Columns)
	}
	row := 0
	for at := range d.Cases() {
		for i, c := range d.Columns() {
			switch cell := table.Rows[row].Cells[i]; {
			case c.Type == instrument.TextType && (export.Unguard(cell) != c.Text(at) || cell != export.Guard(c.Text(at))):
				t.Errorf("%s: %q stands in the file as %q", c.Name, c.Text(at), cell)
			case c.Type == dataset.TimeType || c.Type == instrument.TextType:
			case strings.ReplaceAll(cell, ",", ".") != c.Stored(at):
				t.Errorf("%s: %q stands in the file as %q", c.Name, c.Stored(at), cell)
			}
		}
		row++
	}
	if strings.Contains(text, "PO9") || strings.Contains(text, "GM9") {
		t.Error("the pseudonymous file names units")
	}
}

// TestASpreadsheetInDutchReadsNumbersAsNumbers opens the copy for spreadsheets in
// LibreOffice as a Dutch one does, and has R read what it made of every cell.
func TestASpreadsheetInDutchReadsNumbersAsNumbers(t *testing.T) {
	t.Parallel()
	d := randomData(t, "inventarisatie-2026", "swv", 24, 8)
	d, err := d.With("gewicht", "Gewicht", func(at dataset.Case) float64 { return []float64{1.5, -0.25, 1234.125, math.NaN()}[at%4] })
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := export.CSVExcel(&b, d, export.Options{}); err != nil {
		t.Fatal(err)
	}
	path := write(t, "proef.csv", b.Bytes())
	// Semicolons, quotes, UTF-8, from the first line, in the language 1043 (Dutch); what is quoted may be a number too, as Excel has it.
	reader(t, "soffice", "--headless", "-env:UserInstallation=file://"+t.TempDir(), "--infilter=Text - txt - csv (StarCalc):59,34,76,1,,1043,false,true", "--convert-to", "xlsx", "--outdir", filepath.Dir(path), path)
	lines := strings.Split(strings.TrimRight(string(reader(t, "Rscript", "testdata/readxl.R", strings.TrimSuffix(path, "csv")+"xlsx", "1")), "\n"), "\n")
	names := strings.Fields(lines[0])
	if len(lines)-1 != d.Len() {
		t.Fatalf("%d rows, want %d", len(lines)-1, d.Len())
	}
	row := 0
	for at := range d.Cases() {
		row++
		for i, cell := range strings.Fields(lines[row]) {
			c := d.Column(names[i])
			switch want := inSPSS(c, at); {
			case c.Type == instrument.TextType:
				// LibreOffice knows one sort of line end, and reads a text of digits as a number, as Excel does.
				plain := strings.NewReplacer("\r\n", "\n", "\r", "\n")
				if strings.HasPrefix(cell, "s") && plain.Replace(unhex(t, cell[1:])) != plain.Replace(export.Guard(c.Text(at))) {
					t.Errorf("%s: %q, want %q", c.Name, unhex(t, cell[1:]), export.Guard(c.Text(at)))
				}
			case math.IsNaN(want):
				if cell != "." {
					t.Errorf("%s: %s where nothing was", c.Name, cell)
				}
			case c.Type == dataset.TimeType:
				if n, err := strconv.ParseFloat(cell[1:], 64); err != nil || cell[0] != 't' || math.Abs(n-want) > 0.5 {
					t.Errorf("%s: %s, want %v", c.Name, cell, want)
				}
			default:
				if n, err := strconv.ParseFloat(cell[1:], 64); err != nil || cell[0] != 'n' || n != want {
					t.Errorf("%s: %s, want the number %v", c.Name, cell, want)
				}
			}
		}
	}
}

// TestImportedDataGiveTheSameTables brings the research file of one study into
// another with the same register, covered units included.
func TestImportedDataGiveTheSameTables(t *testing.T) {
	t.Parallel()
	const audience, units = "gemeente", 20
	var files, books [2][]byte
	for i := range files {
		w := fixture.StudyOf(t, store.New(pgtest.Pool(t)), "inventarisatie-2026", units)
		f := w.Forms[audience]
		var rows []form.FileRow
		if i == 0 {
			rnd := rand.New(rand.NewPCG(11, 1))
			for n, l := range w.Links[audience][:units-6] {
				row := form.FileRow{Line: n + 2, Unit: l.Unit, Mode: []answer.Mode{answer.Web, answer.Tel}[n%2], Status: []answer.Status{answer.Submitted, answer.Partial, answer.Kernvragen}[n%3],
					Sent: fixture.Now.Add(-time.Duration(n) * time.Hour), Answers: random(rnd, f)}
				if n < 4 {
					row.Covers = []string{w.Links[audience][units-1-n].Unit}
				}
				rows = append(rows, row)
			}
		} else {
			table, problems := sheet.Parse(files[0], sheet.Limits{})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if rows, problems, _ = f.ReadFile(table); len(problems) > 0 {
				t.Fatal(problems)
			}
		}
		if problems, err := w.Store.ImportResponses(t.Context(), w.Study, audience, f, rows, store.BySystem, fixture.Now); err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		d, err := w.Store.Dataset(t.Context(), w.Study, audience, fixture.Now)
		if err != nil || d.Len() != units-2 {
			t.Fatal(d.Len(), err)
		}
		var file, book bytes.Buffer
		if err := export.CSV(&file, d, export.Options{}); err != nil {
			t.Fatal(err)
		}
		b, err := table.NewBook(table.Spec{By: fixture.Regions.ID}, f.In, d)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.NewEncoder(&book).Encode(b); err != nil {
			t.Fatal(err)
		}
		files[i], books[i] = file.Bytes(), book.Bytes()
	}
	if diff := cmp.Diff(string(files[0]), string(files[1])); diff != "" {
		t.Errorf("the file of what was read in (-exported +imported):\n%.3000s", diff)
	}
	if !bytes.Equal(books[0], books[1]) {
		t.Error("the tables differ")
	}
}
