package export_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// syntaxOf writes the rows and both programs into a folder.
func syntaxOf(t *testing.T, d *dataset.Dataset, o export.Options) string {
	t.Helper()
	var rows bytes.Buffer
	if err := export.Rows(&rows, d, o); err != nil {
		t.Fatal(err)
	}
	s := export.NewSyntax(d, "gegevens.csv", o)
	if len(s.Warnings) > 0 {
		t.Fatal(s.Warnings)
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"gegevens.csv": rows.Bytes(), "gegevens.sps": s.SPSS, "gegevens.R": s.R} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestTheRProgramRebuildsTheData compares every cell, label and missing code.
func TestTheRProgramRebuildsTheData(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"swv", "gemeente"} {
		d := randomData(t, "inventarisatie-2026", name, 15, 1)
		dir := syntaxOf(t, d, export.Options{Pseudonym: true})
		d = d.Pseudonymised()
		lines := strings.Split(strings.TrimSpace(string(reader(t, "Rscript", "testdata/haven.R", filepath.Join(dir, "gegevens.R")))), "\n")
		columns := d.Columns()
		for i, c := range columns {
			compareVariable(t, c, strings.Fields(lines[i]))
		}
		rows := lines[len(columns):]
		if len(rows) != d.Len() {
			t.Fatalf("%s: %d rows, want %d", name, len(rows), d.Len())
		}
		i := 0
		for at := range d.Cases() {
			for k, cell := range strings.Fields(rows[i])[1:] {
				compareCell(t, columns[k], at, cell)
				if c := columns[k]; c.Type == instrument.TextType && unhex(t, cell) != c.Text(at) {
					t.Errorf("%s: %.80q, want exactly %.80q", c.Name, unhex(t, cell), c.Text(at))
				}
			}
			i++
		}
	}
}

// TestTheRProgramNeedsNoHaven runs it where haven cannot be found.
func TestTheRProgramNeedsNoHaven(t *testing.T) {
	t.Parallel()
	d := randomData(t, "inventarisatie-2026", "swv", 10, 2)
	dir := syntaxOf(t, d, export.Options{})
	script := filepath.Join(dir, "zonder.R")
	text := `requireNamespace <- function(...) FALSE
source("gegevens.R")
stopifnot(nrow(gegevens) == 10, is.numeric(gegevens$b5_2_kern), length(attr(gegevens, "meervoudig")) > 0, length(attr(gegevens$b5_2_kern, "labels")) > 0)
cat(attr(gegevens$b5_2_kern, "na_values"))
`
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "Rscript", "--vanilla", "zonder.R")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), "7 8 9") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestPSPPCountsAsWeDo runs the syntax of SPSS and has every coded variable counted.
func TestPSPPCountsAsWeDo(t *testing.T) {
	t.Parallel()
	d := randomData(t, "inventarisatie-2026", "gemeente", 24, 3)
	dir := syntaxOf(t, d, export.Options{})
	var counted []*dataset.Column
	test := "INCLUDE 'gegevens.sps'.\nSET TNUMBERS=VALUES TVARS=NAMES.\n"
	for _, c := range d.Columns() {
		if c.Type != instrument.TextType && c.Type != dataset.TimeType && len(c.Values) > 0 {
			counted = append(counted, c)
			test += "FREQUENCIES " + c.Name + ".\n"
		}
	}
	test += "MRSETS /DISPLAY NAME=ALL.\nDISPLAY DICTIONARY.\nSAVE OUTFILE='uit.sav'.\n"
	if err := os.WriteFile(filepath.Join(dir, "tel.sps"), []byte(test), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "pspp", "-O", "format=csv", "tel.sps")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.3000s", err, out)
	}
	said := frequencies(t, out)
	for _, c := range counted {
		want := map[string]int{}
		n := d.Count(c)
		for x := range n {
			if v, ok := c.Value(dataset.Cell(x)); ok && n[x] > 0 {
				want[strconv.Itoa(v.Code)] = n[x]
			} else if n[x] > 0 {
				want[""] += n[x]
			}
		}
		if diff := cmp.Diff(want, said[c.Name]); diff != "" {
			t.Errorf("%s: (-we +PSPP)\n%s", c.Name, diff)
		}
	}
	for _, set := range d.Sets() {
		if !bytes.Contains(out, []byte("$"+set.Name)) {
			t.Errorf("PSPP does not know the set %s", set.Name)
		}
	}
	// What the syntax made is what we write as .sav ourselves.
	lines := strings.Split(strings.TrimSpace(string(reader(t, "Rscript", "testdata/haven.R", filepath.Join(dir, "uit.sav")))), "\n")
	i := 0
	for _, c := range d.Columns() {
		if c.Name == dataset.PseudonymColumn {
			continue
		}
		compareVariable(t, c, strings.Fields(lines[i]))
		k := 0
		for at := range d.Cases() {
			compareCell(t, c, at, strings.Fields(lines[len(d.Columns())-1+k])[1+i])
			k++
		}
		i++
	}
}

// frequencies reads the tables of FREQUENCIES: counts by variable and code, ""
// for system-missing.
func frequencies(t *testing.T, out []byte) map[string]map[string]int {
	t.Helper()
	counts := map[string]map[string]int{}
	for _, part := range strings.Split(string(out), "\n\n") {
		r := csv.NewReader(strings.NewReader(part))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil || len(rows) < 3 || len(rows[1]) < 3 || rows[1][2] != "Frequency" {
			continue
		}
		name := strings.TrimPrefix(rows[0][0], "Table: ")
		counts[name] = map[string]int{}
		for _, row := range rows[2:] {
			if row[0] == "Total" {
				continue
			}
			code := strings.TrimSuffix(row[1], ".00")
			if code == "." {
				code = ""
			}
			if counts[name][code], err = strconv.Atoi(row[2]); err != nil {
				t.Fatal(err)
			}
		}
	}
	return counts
}
