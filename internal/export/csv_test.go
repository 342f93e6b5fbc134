package export_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/sheet"
	"github.com/uitvraag/uitvraag/internal/store"
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
				filled, err := w.Store.Filled(t.Context(), w.Study.ID, audience)
				if err != nil || len(filled) != units {
					t.Fatal(len(filled), err)
				}
				var file, again bytes.Buffer
				if err := export.CSV(&file, f.Variables, filled, export.Options{}); err != nil {
					t.Fatal(err)
				}
				if err := export.CSV(&again, f.Variables, filled, export.Options{}); err != nil || !bytes.Equal(file.Bytes(), again.Bytes()) {
					t.Error("the same data give another file")
				}
				compare(t, f, rows, file.Bytes())
				checkExcel(t, f, filled)
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

// checkExcel reads the copy for spreadsheets: texts come back through Unguard,
// codes are numbers as they stand.
func checkExcel(t *testing.T, f *form.Form, filled []answer.Filled) {
	t.Helper()
	var b bytes.Buffer
	if err := export.CSVExcel(&b, f.Variables, filled, export.Options{Pseudonym: true}); err != nil {
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
	filled = slices.SortedFunc(slices.Values(filled), func(a, b answer.Filled) int { return strings.Compare(a.Pseudo, b.Pseudo) }) // the order of codes would tell them
	for i := range filled {
		if got := table.Rows[i].Cells[0]; export.Unguard(got) != filled[i].Pseudo {
			t.Errorf("pseudonym %s is %s", filled[i].Pseudo, got)
		}
		for n := range f.Variables {
			v := &f.Variables[n]
			cell := table.Rows[i].Cells[table.Index(v.Name)]
			want := filled[i].Answers[v.Name]
			if v.Type != instrument.TextType && cell != want {
				t.Errorf("%s: the code %q stands in the file as %q", v.Name, want, cell)
			}
			if export.Unguard(cell) != want {
				t.Errorf("%s: %q stands in the file as %q", v.Name, want, cell)
			}
		}
		if strings.Contains(text, filled[i].Unit) {
			t.Errorf("the pseudonymous file names %s", filled[i].Unit)
		}
	}
}

func TestANumberBelowZeroStaysANumber(t *testing.T) {
	t.Parallel()
	vs := []instrument.Variable{{Name: "n", Type: instrument.NumberType}, {Name: "t", Type: instrument.TextType}}
	rows := []answer.Filled{{Unit: "-1", Answers: answer.Values{"n": "-5", "t": "-5"}}}
	var b bytes.Buffer
	if err := export.CSVExcel(&b, vs, rows, export.Options{}); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(b.String()))
	r.Comma = ';'
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(all[1][0], all[1][len(all[1])-2:]); got != "'-1[-5 '-5]" {
		t.Errorf("got %s", got)
	}
}
