package dataset_test

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/fixture"
)

// heap is the memory in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkBuild(b *testing.B) {
	c := fixture.NewCrowd(b)
	for _, n := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			before := heap()
			var d *dataset.Dataset
			for b.Loop() {
				d = nil
				d = c.Dataset(b, n)
			}
			b.ReportMetric(float64(heap()-before)/float64(n), "B/row")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
			runtime.KeepAlive(d)
		})
	}
}

func BenchmarkCount(b *testing.B) {
	d := fixture.NewCrowd(b).Dataset(b, 100_000)
	half, err := d.Filter(dataset.Filter{Where: "inwoners < 2500"})
	if err != nil {
		b.Fatal(err)
	}
	region := d.Column("regio")
	for name, count := range map[string]func(*dataset.Column){
		"whole": func(c *dataset.Column) { d.Count(c) }, "half": func(c *dataset.Column) { half.Count(c) }, "cross": func(c *dataset.Column) { d.Cross(c, region) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for _, c := range d.Columns() {
					count(c)
				}
			}
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	d := fixture.NewCrowd(b).Dataset(b, 100_000)
	file := bytesOf(b, d)
	b.Run("write", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		for b.Loop() {
			if _, err := d.Write(io.Discard, ""); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		for b.Loop() {
			if _, _, err := dataset.Read(bytes.NewReader(file)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestManyQuestionnairesFitASmallServer is run with a million by make long: the
// dataset, with all that it took to build it, must stay under 2 GiB.
func TestManyQuestionnairesFitASmallServer(t *testing.T) {
	n := 10_000
	if s := os.Getenv("UITVRAAG_ROWS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatalf("UITVRAAG_ROWS: %v", err)
		}
	}
	c := fixture.NewCrowd(t)
	before, start := heap(), time.Now()
	b := c.Builder(t, n)
	filled := time.Since(start)
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	built := time.Since(start)
	b = nil
	row := (heap() - before) / int64(n)
	if d.Questionnaires() != n || row > 1200 {
		t.Errorf("%d rows of %d bytes", d.Len(), row)
	}
	start = time.Now()
	for _, c := range d.Columns() {
		d.Cross(c, d.Column("regio"))
	}
	peak := peakMemory(t)
	t.Logf("%d rows of %d variables: filled in %v, built in %v, all columns crossed in %v; %d bytes a row, peak %d MiB", n, len(c.Form.Variables), filled, built-filled, time.Since(start), row, peak>>20)
	if peak > 2<<30 {
		t.Errorf("at its peak it took %d MiB", peak>>20)
	}
}

// peakMemory is the most that this process ever had, 0 where that is not told.
func peakMemory(t testing.TB) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`VmHWM:\s*([0-9]+) kB`).FindSubmatch(text)
	if m == nil {
		return 0
	}
	kib, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}
