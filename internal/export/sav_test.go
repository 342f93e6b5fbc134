package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
)

// reader runs a program that reads what we wrote, and returns what it says. A
// program that is not there fails the test: scripts/readers installs them.
func reader(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is not there; run scripts/readers, which installs it", name)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	var failure bytes.Buffer
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s\n%s", name, strings.Join(args, " "), err, failure.Bytes(), out)
	}
	return out
}

// randomData is a dataset of n units with random answers, among them texts that
// are longer than one variable of SPSS can be.
func randomData(t testing.TB, definition, name string, n int, seed uint64) *dataset.Dataset {
	t.Helper()
	f := fixture.FormOf(t, definition, name)
	rnd := rand.New(rand.NewPCG(seed, 1))
	taken := time.Date(2026, 11, 24, 13, 2, 3, 0, time.UTC)
	x := fixture.Data{Info: dataset.Info{Study: "proef", Title: "Proef ‘één’", Instrument: name, Edition: "2026", Taken: taken}, Form: f,
		Columns: []sample.Column{fixture.Regions, {ID: "inwoners", Label: "Aantal inwoners"}, {ID: "opmerking"}}}
	for i := range n {
		code := fmt.Sprintf("GM9%03d", i)
		x.Units = append(x.Units, dataset.Unit{Code: code, Pseudonym: fmt.Sprintf("p%05d", (i*7919)%100000), Background: map[string]string{
			"regio": []string{"Noord", "Súdwest", "Zuid", ""}[i%4], "inwoners": []string{"12345", "-3", "17.25", ""}[i%4], "opmerking": fmt.Sprint("uniek ", i, " é")}})
		values := random(rnd, f)
		for _, v := range f.Variables {
			if v.Type == instrument.TextType && rnd.IntN(3) == 0 {
				values[v.Name] = strings.Repeat("é€𝄞x ", rnd.IntN(700)) + "." + values[v.Name]
			}
		}
		at := taken.Add(-time.Duration(i) * time.Minute)
		x.Filled = append(x.Filled, answer.Filled{Unit: code, Mode: []answer.Mode{answer.Web, answer.Tel, answer.Paper}[i%3], Status: answer.Submitted, Sent: at, Started: at.Add(-time.Hour), Revision: 1, Edition: "2026", Answers: values})
	}
	return fixture.Dataset(t, x)
}

// write writes a file for another program to read.
func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// inSPSS is a cell as SPSS has it: a number with its user-missing codes, or NaN.
func inSPSS(c *dataset.Column, at dataset.Case) float64 {
	if v, ok := c.Value(c.Cell(at)); ok {
		return float64(v.Code)
	}
	if n := c.Number(at); c.Type != dataset.TimeType || math.IsNaN(n) {
		return n
	} else {
		return math.Floor(n)
	}
}

func savOf(t *testing.T, d *dataset.Dataset, o export.Options) string {
	t.Helper()
	var b bytes.Buffer
	warnings, err := export.SAV(&b, d, o)
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	return write(t, "proef.sav", b.Bytes())
}

// TestRReadsTheSavAsItIs compares every cell, label and missing code as haven
// reads them.
func TestRReadsTheSavAsItIs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"swv", "gemeente"} {
		d := randomData(t, "inventarisatie-2026", name, 40, 1)
		lines := strings.Split(strings.TrimSpace(string(reader(t, "Rscript", "testdata/haven.R", savOf(t, d, export.Options{})))), "\n")
		columns := d.Columns()
		var kept []*dataset.Column
		for _, c := range columns {
			if c.Name != dataset.PseudonymColumn {
				kept = append(kept, c)
			}
		}
		for i, c := range kept {
			compareVariable(t, c, strings.Fields(lines[i]))
		}
		rows := lines[len(kept):]
		if len(rows) != d.Len() {
			t.Fatalf("%s: %d rows, want %d", name, len(rows), d.Len())
		}
		i := 0
		for at := range d.Cases() {
			cells := strings.Fields(rows[i])[1:]
			for k, c := range kept {
				compareCell(t, c, at, cells[k])
			}
			i++
		}
	}
}

func unhex(t *testing.T, s string) string {
	t.Helper()
	if s == "-" {
		return ""
	}
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func compareVariable(t *testing.T, c *dataset.Column, got []string) {
	t.Helper()
	if got[0] != "var" || got[1] != c.Name {
		t.Errorf("%s comes back as %s", c.Name, got[1])
	}
	if label := unhex(t, got[2]); label != c.Label && !(len(c.Label) > 255 && strings.HasPrefix(c.Label, label)) {
		t.Errorf("%s: label %q, want %q", c.Name, label, c.Label)
	}
	var missing []string
	labels := map[string]string{}
	for _, v := range c.Values {
		labels[strconv.Itoa(v.Code)] = v.Label
		if v.Missing {
			missing = append(missing, strconv.Itoa(v.Code))
		}
	}
	if want := strings.Join(missing, ","); c.Type != instrument.TextType && got[4] != want && (want != "" || got[4] != "-") {
		t.Errorf("%s: missing values %s, want %s", c.Name, got[4], want)
	}
	if c.Type != instrument.TextType && len(got[5:]) != len(c.Values) {
		t.Errorf("%s: %d value labels, want %d", c.Name, len(got[5:]), len(c.Values))
	}
	for _, pair := range got[5:] {
		code, label, _ := strings.Cut(pair, "=")
		if l := unhex(t, label); l != labels[code] && !(len(labels[code]) > 120 && strings.HasPrefix(labels[code], l)) {
			t.Errorf("%s %s: label %q, want %q", c.Name, code, l, labels[code])
		}
	}
}

func compareCell(t *testing.T, c *dataset.Column, at dataset.Case, got string) {
	t.Helper()
	if c.Type == instrument.TextType {
		// The format of SPSS pads with spaces: those at the end say nothing.
		if text := strings.TrimRight(unhex(t, got), " "); text != strings.TrimRight(c.Text(at), " ") {
			t.Errorf("%s: %.80q of %d bytes, want %.80q of %d", c.Name, text, len(text), c.Text(at), len(strings.TrimRight(c.Text(at), " ")))
		}
		return
	}
	want := inSPSS(c, at)
	if got == "." != math.IsNaN(want) {
		t.Errorf("%s: %s, want %v", c.Name, got, want)
	}
	if n, err := strconv.ParseFloat(got, 64); err == nil && n != want {
		t.Errorf("%s: %v, want %v", c.Name, n, want)
	}
}

// TestPSPPReadsTheSav compares the numbers as PSPP has them, and its sets.
func TestPSPPReadsTheSav(t *testing.T) {
	t.Parallel()
	d := randomData(t, "inventarisatie-2026", "swv", 60, 2)
	sav := savOf(t, d, export.Options{Pseudonym: true})
	d = d.Pseudonymised()
	out := filepath.Join(t.TempDir(), "out.csv")
	reader(t, "pspp-convert", sav, out)
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	if _, ok := at[dataset.UnitColumn]; ok {
		t.Errorf("the pseudonymous file has the column %s", dataset.UnitColumn)
	}
	i := 0
	for c := range d.Cases() {
		i++
		for name, k := range at {
			column := d.Column(name)
			if column == nil {
				t.Fatalf("PSPP has a column %q", name)
			}
			if column.Type == instrument.TextType || column.Type == dataset.TimeType {
				continue
			}
			want, got := inSPSS(column, c), strings.TrimSpace(rows[i][k])
			if n, err := strconv.ParseFloat(got, 64); math.IsNaN(want) != (got == "") || err == nil && n != want {
				t.Errorf("%s: PSPP has %q, want %v", name, got, want)
			}
		}
	}
	syntax := write(t, "sets.sps", []byte("GET FILE='"+sav+"'.\nMRSETS /DISPLAY NAME=ALL.\n"))
	said := string(reader(t, "pspp", "-O", "format=csv", syntax))
	for _, set := range d.Sets() {
		if !strings.Contains(said, "$"+set.Name) || !strings.Contains(said, set.Flags[0].Name) {
			t.Errorf("PSPP does not know the set %s:\n%.2000s", set.Name, said)
		}
	}
}

func TestTheSameDataGiveTheSameSav(t *testing.T) {
	t.Parallel()
	var files [2]bytes.Buffer
	for i := range files {
		if _, err := export.SAV(&files[i], randomData(t, "inventarisatie-2026", "gemeente", 30, 3), export.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("two files of the same data differ")
	}
}
