package dataset_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
)

// pick returns one of a list by chance.
func pick[T any](rnd *rand.Rand, xs ...T) T { return xs[rnd.IntN(len(xs))] }

// randomValues are answers by chance to any of the questions, also hidden ones,
// as an import keeps them.
func randomValues(rnd *rand.Rand, f *form.Form) answer.Values {
	values := answer.Values{}
	stop := rnd.IntN(2 * len(f.Variables))
	for i, v := range f.Variables {
		switch {
		case i > stop || rnd.IntN(6) == 0:
		case v.Type == instrument.TextType:
			values.Set(v.Name, pick(rnd, "", "", "", " ", "geen\r\ntijd", "é💡", "7", "=1+1", "\ufeff\x00"))
		case v.Type == instrument.NumberType && rnd.IntN(3) > 0:
			values[v.Name] = strconv.Itoa(rnd.IntN(900))
		default:
			values[v.Name] = strconv.Itoa(pick(rnd, v.Values...).Code)
		}
	}
	return values
}

// randomWorld is a register with questionnaires by chance to a questionnaire by
// chance.
func randomWorld(t testing.TB, rnd *rand.Rand) *world {
	w := &world{form: fixture.Form(t, fixture.RandomQuestionnaire(rnd).Text())}
	n := rnd.IntN(60)
	var free []string
	for _, i := range rnd.Perm(n) {
		u := unit(i, pick(rnd, "Noord", "Midden", "Zuid", ""), pick(rnd, "", "1.000", "2500,5", "0", strconv.Itoa(rnd.IntN(99999))))
		u.Ineligible = rnd.IntN(9) == 0
		w.units = append(w.units, u)
		free = append(free, u.Code)
	}
	for len(free) > 0 && rnd.IntN(25) > 0 {
		f := answer.Filled{Unit: free[0], Mode: pick(rnd, answer.Web, answer.Tel, answer.Paper), Modes: map[string]answer.Mode{}, Status: pick(rnd, answer.Submitted, answer.Partial, answer.Kernvragen),
			Edition: pick(rnd, "2018", "2026"), Sent: opened.Add(time.Duration(rnd.IntN(1e9)) * time.Millisecond), Late: rnd.IntN(2) == 0, Revision: 1 + rnd.IntN(3), Answers: randomValues(rnd, w.form)}
		if rnd.IntN(2) == 0 {
			f.Started = f.Sent.Add(-time.Duration(rnd.IntN(1e6)) * time.Millisecond)
		}
		for name := range f.Answers {
			if mode := pick(rnd, answer.Web, answer.Tel, answer.Paper); mode != f.Mode && rnd.IntN(4) == 0 {
				f.Modes[name] = mode
			}
		}
		free = free[1:]
		if k := rnd.IntN(min(len(free), 3) + 1); rnd.IntN(4) == 0 {
			f.Covers, free = slices.Clone(free[:k]), free[k:]
		}
		w.filled = append(w.filled, f)
	}
	for _, u := range w.units {
		for i := range w.filled {
			if w.filled[i].Unit == u.Code {
				w.filled[i].Pseudo = u.Pseudonym
			}
		}
	}
	return w
}

func TestRandomDatasetsHoldTheirProperties(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { checkRandom(t, seed) })
	}
}

// FuzzDataset looks at many more.
func FuzzDataset(f *testing.F) {
	f.Add(uint64(1 << 40))
	f.Fuzz(checkRandom)
}

func checkRandom(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(5, seed))
	w := randomWorld(t, rnd)
	d := w.build(t)
	snapshot := bytesOf(t, d)

	t.Run("what went in comes out", func(t *testing.T) {
		want := slices.SortedFunc(slices.Values(w.filled), func(a, b answer.Filled) int { return bytes.Compare([]byte(a.Unit), []byte(b.Unit)) })
		for i := range want {
			want[i].Covers = slices.Sorted(slices.Values(want[i].Covers))
		}
		if diff := cmp.Diff(want, slices.Collect(d.Filled()), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-added +filled):\n%s", diff)
		}
	})
	t.Run("rows give the same dataset again, in any order", func(t *testing.T) {
		again := &world{form: w.form, units: slices.Clone(w.units), filled: slices.Collect(d.Filled())}
		rnd.Shuffle(len(again.units), func(i, j int) { again.units[i], again.units[j] = again.units[j], again.units[i] })
		rnd.Shuffle(len(again.filled), func(i, j int) { again.filled[i], again.filled[j] = again.filled[j], again.filled[i] })
		if !bytes.Equal(snapshot, bytesOf(t, again.build(t))) {
			t.Error("another dataset")
		}
	})
	t.Run("a snapshot reads back", func(t *testing.T) {
		back, _, err := dataset.Read(bytes.NewReader(snapshot))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(snapshot, bytesOf(t, back)) {
			t.Error("written again it differs")
		}
		if diff := cmp.Diff(slices.Collect(d.Filled()), slices.Collect(back.Filled()), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-written +read):\n%s", diff)
		}
	})
	t.Run("the whole is the sum of its parts", func(t *testing.T) { sums(t, rnd, d) })
	t.Run("an empty cell of a hidden question says so", func(t *testing.T) {
		core := form.NewCore(w.form.In)
		byUnit := map[string]answer.Filled{}
		for _, f := range w.filled {
			byUnit[f.Unit] = f
		}
		for at := range d.Cases() {
			f := byUnit[d.Column(dataset.SourceColumn).Text(at)]
			whole := w.form
			if f.Status == answer.Kernvragen {
				whole = core
			}
			shown := whole.Shown(f.Answers)
			for _, v := range w.form.Variables {
				c := d.Column(v.Name)
				answered, empty := !v.IsMissing(f.Answers[v.Name]), f.Answers[v.Name] == ""
				if v.Type == instrument.TextType {
					empty = answer.Blank(f.Answers[v.Name])
					answered = !empty
				}
				if hidden := c.Cell(at) == dataset.CellNotShown; hidden != (!shown[v.Question] && empty) {
					t.Errorf("%s of %s: not shown is %v", v.Name, f.Unit, hidden)
				}
				if got, want := c.Missing(at) == instrument.Substantive, answered; got != want {
					t.Errorf("%s of %s: substantive is %v, want %v", v.Name, f.Unit, got, want)
				}
			}
		}
	})
}

// sums checks that parts which divide a dataset add up to it, for every column.
func sums(t *testing.T, rnd *rand.Rand, d *dataset.Dataset) {
	var coded []*dataset.Column
	for _, c := range d.Columns() {
		if c.Type != instrument.TextType && c.Type != instrument.NumberType && c.Type != dataset.TimeType {
			coded = append(coded, c)
		}
	}
	by := pick(rnd, coded...)
	var parts []*dataset.Dataset
	for x := range dataset.Cell(len(by.Values) + 2) {
		name := string(by.Reason(x))
		if v, ok := by.Value(x); ok {
			name = pick(rnd, v.ID, strconv.Itoa(v.Code))
		}
		part, err := d.Filter(dataset.Filter{Column: by.Name, Values: []string{name}})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
	}
	for _, c := range d.Columns() {
		sum, cross := make([]int, len(d.Count(c))), d.Cross(c, by)
		for x, part := range parts {
			for y, n := range part.Count(c) {
				sum[y] += n
				if cross[y][x] != n {
					t.Errorf("%s by %s: %d in the cross, %d in the part", c.Name, by.Name, cross[y][x], n)
				}
			}
		}
		if !slices.Equal(sum, d.Count(c)) {
			t.Errorf("%s by %s adds up to %v, not %v", c.Name, by.Name, sum, d.Count(c))
		}
	}
	n, frame := 0, 0
	for _, part := range parts {
		n += part.Len()
		if p, ok := part.Population(); ok {
			frame += p.Len()
		}
	}
	if n != d.Len() || by.Role == dataset.Background && frame != d.Frame().Len() {
		t.Errorf("%s divides %d units into %d, and %d of the population into %d", by.Name, d.Len(), n, d.Frame().Len(), frame)
	}
}

// FuzzRead reads hostile bytes: what it takes, it would have written.
func FuzzRead(f *testing.F) {
	for n := range 3 {
		w := &world{form: fixture.Form(f, []byte(fixture.SmallSource))}
		w.units = four(f).units[:2+n]
		w.filled = four(f).filled[:n]
		body, err := w.build(f).Body()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := dataset.ReadBody(b)
		if err != nil {
			return
		}
		if again, err := d.Body(); err != nil || !bytes.Equal(b, again) {
			t.Errorf("read and written again it differs: %v", err)
		}
		if d.Len() > 1000 {
			return
		}
		for _, c := range d.Columns() {
			d.Count(c)
			for at := range d.Cases() {
				c.Number(at)
				c.Stored(at)
				d.Mode(c, at)
			}
		}
		d.Sets()
		d.Questionnaires()
		for range d.Filled() {
		}
		if _, _, err := dataset.Read(bytes.NewReader(b)); err == nil {
			t.Error("a body without manifest is read")
		}
	})
}

// TestADamagedSnapshotIsRefused changes every byte that there is, one at a time,
// and ends at every byte: nothing of it is read as data.
func TestADamagedSnapshotIsRefused(t *testing.T) {
	t.Parallel()
	whole := bytesOf(t, four(t).build(t))
	step := max(1, len(whole)/3000)
	for i := 0; i < len(whole); i += step {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 1
		if d, m, err := dataset.Read(bytes.NewReader(damaged)); err == nil {
			var again bytes.Buffer
			if _, err := d.Write(&again, m.Software); err != nil || !bytes.Equal(again.Bytes(), damaged) {
				t.Errorf("byte %d of %d changed, and it is read as something else (%v)", i, len(whole), err)
			}
		}
		if _, _, err := dataset.Read(bytes.NewReader(whole[:i])); err == nil {
			t.Errorf("it is read up to byte %d of %d", i, len(whole))
		}
	}
	if _, _, err := dataset.Read(bytes.NewReader(append(whole, 0))); err == nil {
		t.Error("a byte more is no matter")
	}
}

// columnNames are the names of all columns, sorted.
func columnNames(d *dataset.Dataset) []string {
	names := map[string]bool{}
	for _, c := range d.Columns() {
		names[c.Name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func TestBackgroundNeverTakesTheNameOfAnAnswer(t *testing.T) {
	t.Parallel()
	w := four(t)
	b := dataset.NewBuilder(info, w.form, []sample.Column{{ID: "samen"}, {ID: "SAMEN"}, {ID: "unit"}, {ID: "2e"}, {ID: "bron_id"}}, nil)
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if names := columnNames(d); len(names) != len(d.Columns()) || !slices.Contains(names, "samen_2") || !slices.Contains(names, "SAMEN_3") || !slices.Contains(names, "unit_2") {
		t.Errorf("columns %v", names)
	}
}
