package table_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/table"
)

// crowd makes n answers to the questionnaire of gemeenten out of a hundred sets,
// some for more than one unit.
func crowd(t testing.TB, n int) (*instrument.Instrument, *dataset.Dataset) {
	t.Helper()
	study, _ := instrument.StudyByName("inventarisatie-2026")
	f := parse(t, study.Sources[1].Text)
	rnd := rand.New(rand.NewPCG(7, 7))
	var sets []answer.Values
	for range 100 {
		values := answer.Values{}
		for _, v := range f.Variables {
			switch {
			case v.Type == instrument.TextType && rnd.IntN(8) > 0:
			case v.Type == instrument.TextType:
				values[v.Name] = "Elke maand overleg met de scholen en de wijkteams."
			default:
				values[v.Name] = strconv.Itoa(v.Values[rnd.IntN(len(v.Values))].Code)
			}
		}
		sets = append(sets, f.Final(values))
	}
	b := dataset.NewBuilder(dataset.Info{Study: "proef", Instrument: "gemeente", Taken: opened}, f, []sample.Column{{ID: "regio", Label: "Regio"}}, []string{"regio"})
	code := func(i int) string { return fmt.Sprintf("U%07d", i) }
	for i := range n + n/3 {
		if err := b.AddUnit(dataset.Unit{Code: code(i), Pseudonym: strconv.Itoa(i), Background: map[string]string{"regio": []string{"Noord", "Midden", "Zuid"}[i%3]}}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		filled := answer.Filled{Unit: code(i), Mode: answer.Web, Status: answer.Submitted, Edition: "2026", Sent: opened, Revision: 1, Answers: sets[(i*7919+i/3)%100]}
		if i%1000 == 0 {
			filled.Covers = []string{code(n + i/1000)}
		}
		if err := b.Add(filled); err != nil {
			t.Fatal(err)
		}
	}
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return f.In, d
}

func BenchmarkBook(b *testing.B) {
	for _, n := range []int{217, 10_000, 100_000} {
		in, d := crowd(b, n)
		weighted, err := d.With("w", "Weging", func(at dataset.Case) float64 { return 1 + float64(at%3)/10 })
		if err != nil {
			b.Fatal(err)
		}
		for _, spec := range []table.Spec{{}, {By: "regio"}, {Weight: "w"}} {
			b.Run(fmt.Sprintf("%d/by=%s/weight=%s", n, spec.By, spec.Weight), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := table.NewBook(spec, in, weighted); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
			})
		}
	}
}

// TestABookOfAMillionIsMadeInSeconds runs with make long.
func TestABookOfAMillionIsMadeInSeconds(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("UITVRAAG_ROWS"))
	if err != nil {
		t.Skip("UITVRAAG_ROWS is not set")
	}
	in, d := crowd(t, n)
	for _, spec := range []table.Spec{{}, {By: "regio"}} {
		start := time.Now()
		if _, err := table.NewBook(spec, in, d); err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		t.Logf("%d rows by %q: %v", n, spec.By, took)
		if took > 10*time.Second {
			t.Errorf("a book of %d rows by %q took %v", n, spec.By, took)
		}
	}
}
