package export_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A step is one thing that is made of the data, and what it took.
type step struct {
	Name  string
	Took  time.Duration
	Peak  int64 // bytes: the most that the process had in memory
	Extra int64 // of it, beyond what it had before
	Bytes int64 // of the file
}

// booksOfSpeed are the books that R makes too.
var booksOfSpeed = map[string]table.Spec{"boek": {}, "boek naar regio": {By: fixture.Regions.ID}}

// mostInWorkbook is the largest study of which a workbook is measured: one of a
// million has 600 million cells, and nothing opens it.
const mostInWorkbook = 10_000

// TestRMakesTheSameBook has R make the numbers of the book from the file of the
// same data, and compares each. With UITVRAAG_SPEED (numbers of questionnaires,
// as make bench gives) it also tells what everything took, each size in a
// process of its own, and holds it against what was promised.
func TestRMakesTheSameBook(t *testing.T) {
	if dir := os.Getenv("UITVRAAG_SPEED_DIR"); dir != "" {
		measure(t, dir)
		return
	}
	sizes, told := os.Getenv("UITVRAAG_SPEED"), true
	if sizes == "" {
		sizes, told = "1500", false
		t.Parallel()
	}
	perRow := map[string]float64{}
	for _, size := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatalf("UITVRAAG_SPEED: %v", err)
		}
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRMakesTheSameBook$", "-test.timeout=2h")
		cmd.Env = append(os.Environ(), "UITVRAAG_SPEED_DIR="+dir, "UITVRAAG_SPEED="+size)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		var steps []step
		raw, err := os.ReadFile(filepath.Join(dir, "steps.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &steps); err != nil {
			t.Fatal(err)
		}
		inR := map[string]time.Duration{}
		for name, spec := range booksOfSpeed {
			inR[name] = sameInR(t, dir, name, spec.By, told)
		}
		if told {
			tell(n, steps, inR)
			judge(t, n, steps, perRow)
		}
	}
}

// tell prints a table in Markdown.
func tell(n int, steps []step, inR map[string]time.Duration) {
	fmt.Printf("\n%d vragenlijsten, %d processors, %s\n\n| wat | tijd | R | R ÷ wij | piek MiB | erbij MiB | bestand MB |\n|---|---:|---:|---:|---:|---:|---:|\n", n, runtime.GOMAXPROCS(0), runtime.Version())
	for _, s := range steps {
		r, ratio, size := "", "", ""
		if took := inR[s.Name]; took > 0 {
			r, ratio = took.Round(100*time.Microsecond).String(), fmt.Sprintf("%.1f", took.Seconds()/s.Took.Seconds())
		}
		if s.Bytes > 0 {
			size = fmt.Sprintf("%.1f", float64(s.Bytes)/1e6)
		}
		fmt.Printf("| %s | %v | %s | %s | %d | %d | %s |\n", s.Name, s.Took.Round(100*time.Microsecond), r, ratio, s.Peak>>20, s.Extra>>20, size)
	}
}

// judge holds the steps against the promises: a book of a million within ten
// seconds, all under 2 GiB, files that take no memory of their own, and time in
// proportion to the rows.
func judge(t *testing.T, n int, steps []step, perRow map[string]float64) {
	t.Helper()
	for _, s := range steps {
		if _, book := booksOfSpeed[s.Name]; book && s.Took > 10*time.Second {
			t.Errorf("%s of %d took %v", s.Name, n, s.Took)
		}
		if s.Peak > 2<<30 {
			t.Errorf("%s of %d took %d MiB at its peak", s.Name, n, s.Peak>>20)
		}
		// The rows in the order of their pseudonyms take eight bytes each; the rest
		// is for buffers and for what the collector has not found yet.
		if s.Bytes > 0 && s.Extra > 64<<20+int64(n)*100 && s.Name != "xlsx" {
			t.Errorf("%s of %d took %d MiB beyond the data", s.Name, n, s.Extra>>20)
		}
		if before, ok := perRow[s.Name]; ok && n >= 100_000 && s.Took.Seconds()/float64(n) > 3*before {
			t.Errorf("%s of %d takes %.2g times as long a row as of fewer", s.Name, n, s.Took.Seconds()/float64(n)/before)
		}
		if n >= 10_000 { // fewer tell what it costs to begin
			perRow[s.Name] = s.Took.Seconds() / float64(n)
		}
	}
}

// measure makes everything once of as many questionnaires as UITVRAAG_SPEED says.
func measure(t *testing.T, dir string) {
	n, err := strconv.Atoi(os.Getenv("UITVRAAG_SPEED"))
	if err != nil {
		t.Fatal(err)
	}
	var steps []step
	// What is held counts, and not what the collector has not looked at yet: of a
	// million rows that is as much again.
	debug.SetGCPercent(20)
	run := func(name string, do func() int64) {
		debug.FreeOSMemory()
		before := memory(t, "VmRSS")
		if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
			t.Fatal(err) // the peak would be that of an earlier step
		}
		start := time.Now()
		size := do()
		took := time.Since(start)
		peak := memory(t, "VmHWM")
		steps = append(steps, step{name, took, peak, max(0, peak-before), size})
	}
	var d *dataset.Dataset
	crowd := fixture.NewCrowd(t)
	f := crowd.Form
	run("gegevens opbouwen", func() int64 {
		d = crowd.Dataset(t, n)
		return 0
	})
	books := map[string]*table.Book{}
	for _, name := range []string{"boek", "boek naar regio"} {
		for range 3 {
			run(name, func() int64 {
				b, err := table.NewBook(booksOfSpeed[name], f.In, d)
				if err != nil {
					t.Fatal(err)
				}
				books[name] = b
				return 0
			})
		}
		steps = median(steps)
		writeAsked(t, dir, name, f, d, books[name])
	}
	file := func(name string, write func(io.Writer) error) {
		run(name, func() int64 {
			out, err := os.Create(filepath.Join(dir, "gegevens."+name))
			if err != nil {
				t.Fatal(err)
			}
			if err := write(out); err != nil {
				t.Fatal(err)
			}
			at, err := out.Seek(0, io.SeekCurrent)
			if err != nil {
				t.Fatal(err)
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
			return at
		})
	}
	m, err := d.Write(io.Discard, "proef")
	if err != nil {
		t.Fatal(err)
	}
	file("momentopname", func(w io.Writer) error {
		_, err := d.Write(w, "proef")
		return err
	})
	file("csv", func(w io.Writer) error { return export.Rows(w, d, export.Options{}) })
	file("sav", func(w io.Writer) error {
		_, err := export.SAV(w, d, export.Options{})
		return err
	})
	file("zip", func(w io.Writer) error {
		_, err := export.Zip(w, d, m, export.Options{Pseudonym: true})
		return err
	})
	file("ddi", func(w io.Writer) error { return export.DDI(w, d, ddiStudy(f.In), export.Options{}) })
	if n <= mostInWorkbook {
		file("xlsx", func(w io.Writer) error { return export.XLSX(w, d, m, export.Options{}) })
	}
	file("boek.docx", func(w io.Writer) error { return export.DOCX(w, report.Book(books["boek"])) })
	raw, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "steps.json"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// median keeps the middle one of the last three steps: others use the machine too.
func median(steps []step) []step {
	last := steps[len(steps)-3:]
	slices.SortFunc(last, func(a, b step) int { return cmp.Compare(a.Took, b.Took) })
	return append(steps[:len(steps)-3], last[1])
}

// memory is a line of /proc/self/status, in bytes.
func memory(t *testing.T, name string) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(name + `:\s*([0-9]+) kB`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("/proc/self/status tells no %s", name)
	}
	kib, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}

// An ask is one number of the book in the words of R: rows of a variable that
// have one of the codes, or a description of all that are none of them.
type ask struct {
	kind, variable string
	codes          []string
}

// writeAsked writes what R has to make, and what we made of it: of every number
// one per group.
func writeAsked(t *testing.T, dir, name string, f *form.Form, d *dataset.Dataset, b *table.Book) {
	t.Helper()
	var order []string
	made, asks := map[string][]string{}, map[string]ask{}
	groups := 1
	if b.Spec.By != "" {
		groups = len(d.Column(b.Spec.By).Values)
	}
	put := func(a ask, group int, value string) {
		id := a.kind + "\t" + a.variable + "\t" + strings.Join(a.codes, ",")
		if made[id] == nil {
			order = append(order, id)
			made[id], asks[id] = make([]string, groups), a
		}
		made[id][group] = value
	}
	for _, tab := range b.Tables {
		for _, r := range tab.Rows {
			group := 0
			if tab.By != nil {
				group = slices.IndexFunc(d.Column(b.Spec.By).Values, func(v instrument.Value) bool { return v.ID == r.Group })
				if group < 0 {
					continue // no group, or all together
				}
			} else if groups > 1 {
				continue // a table that is not crossed
			}
			for _, c := range r.Cells {
				a, n, ok := asked(f, tab.Question, r.Row, c)
				if !ok {
					continue // texts have no codes
				}
				if g := c.Grade; g != nil {
					put(a, group, fmt.Sprintf("%d/%.17g/%.17g/%.17g/%.17g", g.N, g.Mean, g.SD, g.Min, g.Max))
					continue
				}
				put(a, group, strconv.Itoa(c.Count))
				put(n, group, strconv.Itoa(r.N))
			}
		}
	}
	if len(order) < 300 {
		t.Fatalf("%s has only %d numbers that R can make", name, len(order))
	}
	lines, values := []string{"kind\tvariable\tcodes"}, []string{}
	for _, id := range order {
		lines = append(lines, id)
		values = append(values, strings.Join(made[id], " "))
	}
	for ext, text := range map[string][]string{".tsv": lines, ".made": values} {
		if err := os.WriteFile(filepath.Join(dir, name+ext), []byte(strings.Join(text, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// asked finds the variable and the code behind a cell, and what its base is.
func asked(f *form.Form, question, row string, c table.Cell) (cell, base ask, ok bool) {
	for i := range f.Variables {
		v := &f.Variables[i]
		if v.Question != question || v.Row != "" && v.Row != row {
			continue
		}
		var answered, missing []string
		for _, x := range v.Values {
			if x.Reason != instrument.LeftOpen {
				answered = append(answered, strconv.Itoa(x.Code))
			}
			if x.Missing {
				missing = append(missing, strconv.Itoa(x.Code))
			}
		}
		base = ask{"count", v.Name, answered}
		switch {
		case c.Grade != nil && (v.Column == "" || v.Column == c.Column):
			return ask{"grade", v.Name, missing}, base, v.Type == instrument.GradeType || v.Type == instrument.NumberType
		case c.Grade == nil && v.Type == instrument.FlagType && (v.Column == c.Column || v.Row == "" && v.Column == row):
			return ask{"count", v.Name, []string{"1"}}, base, true
		case c.Grade == nil && v.Type == instrument.CodeType:
			for _, x := range v.Values {
				if x.ID == c.Column || v.Row == "" && x.ID == row {
					return ask{"count", v.Name, []string{strconv.Itoa(x.Code)}}, base, true
				}
			}
		}
	}
	return ask{}, ask{}, false
}

// sameInR has R make the numbers and compares them; how long it took, the middle
// of three times where that is told.
func sameInR(t *testing.T, dir, name, by string, told bool) time.Duration {
	t.Helper()
	times := 1
	if told {
		times = 3
	}
	var took []time.Duration
	for range times {
		out := filepath.Join(dir, name+".r")
		reader(t, "Rscript", "testdata/tables.R", filepath.Join(dir, "gegevens.csv"), filepath.Join(dir, name+".tsv"), by, out)
		theirs, ours := linesOf(t, out), linesOf(t, filepath.Join(dir, name+".made"))
		seconds, err := strconv.ParseFloat(theirs[0], 64)
		if err != nil || len(theirs) != len(ours)+1 {
			t.Fatalf("R made %d numbers of %d: %v", len(theirs)-1, len(ours), err)
		}
		took = append(took, time.Duration(seconds*float64(time.Second)))
		different := 0
		for i := range ours {
			if !sameNumbers(ours[i], theirs[i+1]) {
				if different++; different < 10 {
					t.Errorf("%s, %s: we have %s, R has %s", name, linesOf(t, filepath.Join(dir, name+".tsv"))[i+1], ours[i], theirs[i+1])
				}
			}
		}
		if different > 0 {
			t.Fatalf("%d of %d numbers differ; what took how long says nothing", different, len(ours))
		}
	}
	slices.Sort(took)
	return took[len(took)/2]
}

func linesOf(t *testing.T, path string) []string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(bytes.TrimSuffix(raw, []byte("\n"))), "\n")
}

// sameNumbers compares counts exactly, and means to what addition in another
// order can change.
func sameNumbers(a, b string) bool {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '/' })
	}
	x, y := split(a), split(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] == y[i] || x[i] == "NaN" && y[i] == "NA" {
			continue
		}
		p, err1 := strconv.ParseFloat(x[i], 64)
		q, err2 := strconv.ParseFloat(y[i], 64)
		if err1 != nil || err2 != nil || !strings.Contains(a, "/") || math.Abs(p-q) > 1e-9*math.Abs(q) {
			return false
		}
	}
	return true
}
