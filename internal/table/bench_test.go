package table_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/table"
)

func BenchmarkBook(b *testing.B) {
	for _, n := range []int{217, 10_000, 100_000} {
		c := fixture.NewCrowd(b)
		in, d := c.Form.In, c.Dataset(b, n)
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
	c := fixture.NewCrowd(t)
	in, d := c.Form.In, c.Dataset(t, n)
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
