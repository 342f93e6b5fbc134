package dataset_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
)

// A crowd makes many questionnaires of the gemeenten of 2026 out of few sets of
// answers, so that what is measured is the builder.
type crowd struct {
	form    *form.Form
	answers []answer.Values
}

func newCrowd(t testing.TB) *crowd {
	t.Helper()
	d, _ := instrument.StudyByName("inventarisatie-2026")
	c := &crowd{}
	for _, src := range d.Sources {
		if src.Name == "gemeente" {
			in, problems := src.Parse()
			if in == nil {
				t.Fatal(problems)
			}
			c.form = form.New(in)
		}
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 100 {
		values := answer.Values{}
		for _, v := range c.form.Variables {
			switch {
			case v.Type == instrument.TextType && rnd.IntN(8) > 0:
			case v.Type == instrument.TextType:
				values[v.Name] = "Elke maand overleg met de scholen en de wijkteams, en twee keer per jaar met de besturen."
			case v.Type == instrument.NumberType:
				values[v.Name] = strconv.Itoa(rnd.IntN(900))
			default:
				values[v.Name] = strconv.Itoa(pick(rnd, v.Values...).Code)
			}
		}
		c.answers = append(c.answers, c.form.Final(values))
	}
	return c
}

// builder takes n questionnaires, of a register a third larger.
func (c *crowd) builder(t testing.TB, n int) *dataset.Builder {
	t.Helper()
	b := dataset.NewBuilder(info, c.form, []sample.Column{{ID: "regio"}, {ID: "inwoners"}}, []string{"regio"})
	background := map[string]string{}
	code := func(i int) string { return fmt.Sprintf("U%07d", i*7919%10_000_000) } // in no order
	for i := range n + n/3 {
		background["regio"] = []string{"Noord", "Midden", "Zuid"}[i%3]
		background["inwoners"] = strconv.Itoa(i % 5000)
		if err := b.AddUnit(dataset.Unit{Code: code(i), Pseudonym: strconv.FormatInt(int64(i)*104729, 36), Background: background}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		f := answer.Filled{Unit: code(i), Mode: answer.Web, Status: answer.Submitted, Edition: "2026", Started: opened, Sent: opened.Add(time.Duration(i) * time.Second), Revision: 1, Answers: c.answers[i%len(c.answers)]}
		if err := b.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (c *crowd) dataset(t testing.TB, n int) *dataset.Dataset {
	t.Helper()
	d, err := c.builder(t, n).Build()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// heap is the memory in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkBuild(b *testing.B) {
	c := newCrowd(b)
	for _, n := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			before := heap()
			var d *dataset.Dataset
			for b.Loop() {
				d = nil
				d = c.dataset(b, n)
			}
			b.ReportMetric(float64(heap()-before)/float64(n), "B/row")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
			runtime.KeepAlive(d)
		})
	}
}

func BenchmarkCount(b *testing.B) {
	d := newCrowd(b).dataset(b, 100_000)
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
	d := newCrowd(b).dataset(b, 100_000)
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
	c := newCrowd(t)
	before, start := heap(), time.Now()
	b := c.builder(t, n)
	filled := time.Since(start)
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	built := time.Since(start)
	b = nil
	row := (heap() - before) / int64(n)
	if d.Len() != n || row > 1200 {
		t.Errorf("%d rows of %d bytes", d.Len(), row)
	}
	start = time.Now()
	for _, c := range d.Columns() {
		d.Cross(c, d.Column("regio"))
	}
	peak := peakMemory(t)
	t.Logf("%d rows of %d variables: filled in %v, built in %v, all columns crossed in %v; %d bytes a row, peak %d MiB", n, len(c.form.Variables), filled, built-filled, time.Since(start), row, peak>>20)
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
