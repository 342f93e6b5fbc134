package dataset

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"math"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// Read reads a snapshot. It may come from anybody: what Write would not have
// written is an error.
func Read(r io.Reader) (*Dataset, Manifest, error) {
	in := &cellReader{r: bufio.NewReaderSize(r, 1<<16)}
	var m Manifest
	if got := in.line(len(magic)); got != magic {
		return nil, m, fmt.Errorf("dataset: this is no snapshot")
	}
	in.json(&m)
	in.sum = sha256.New()
	d := in.dataset(m)
	in.check(d, m)
	if in.err != nil {
		return nil, m, fmt.Errorf("dataset: read snapshot: %w", in.err)
	}
	return d, m, nil
}

// A cellReader reads what a cellWriter wrote, until the first failure.
type cellReader struct {
	r   *bufio.Reader
	sum hash.Hash // of what was read, once it is set
	err error
}

func (in *cellReader) fail(format string, args ...any) {
	if in.err == nil {
		in.err = fmt.Errorf(format, args...)
	}
}

// maxLine bounds manifest and layout.
const maxLine = 64 << 20

// line reads up to and with a line feed, at most n bytes.
func (in *cellReader) line(n int) string {
	var b []byte
	for in.err == nil && len(b) < n {
		part, err := in.r.ReadSlice('\n')
		b = append(b, part...)
		if err == nil {
			break
		}
		if err != bufio.ErrBufferFull {
			in.fail("a line ends early: %w", err)
		}
	}
	if in.sum != nil {
		in.sum.Write(b)
	}
	return string(b)
}

// json reads a line into v, which must be as line would write it.
func (in *cellReader) json(v any) {
	text := in.line(maxLine)
	if in.err != nil {
		return
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		in.fail("%w", err)
	} else if again, err := line(v); err != nil || again != text {
		in.fail("a line is not as it was written")
	}
}

// bytes reads n bytes. It takes memory as they come, not as they are promised.
func (in *cellReader) bytes(n int) []byte {
	if in.err != nil || n < 0 {
		in.fail("a length of %d", n)
		return nil
	}
	var b bytes.Buffer
	if n < 1<<20 {
		b.Grow(n)
	}
	if got, err := io.CopyN(&b, in.r, int64(n)); err != nil {
		in.fail("%d of %d bytes: %w", got, n, err)
		return nil
	}
	in.sum.Write(b.Bytes())
	return b.Bytes()
}

// numbers reads n numbers of width bytes each.
func numbers[T any](in *cellReader, n, width int, from func([]byte) T) []T {
	b := in.bytes(n * width)
	if in.err != nil {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = from(b[i*width:])
	}
	return out
}

func (in *cellReader) u32s(n int) []uint32 { return numbers(in, n, 4, binary.LittleEndian.Uint32) }
func (in *cellReader) u64s(n int) []uint64 { return numbers(in, n, 8, binary.LittleEndian.Uint64) }

// dataset reads all that follows the manifest.
func (in *cellReader) dataset(m Manifest) *Dataset {
	var l layout
	in.json(&l)
	if l.Cases < 0 || l.Cases > math.MaxInt32/2 || l.Frame < 0 || l.Frame > math.MaxInt32/2 {
		in.fail("%d cases of %d units", l.Cases, l.Frame)
		return nil
	}
	d := &Dataset{Info: m.Info, byName: map[string]int{}, n: l.Cases, filters: m.Filters}
	d.frame = &Dataset{Info: m.Info, byName: map[string]int{}, n: l.Frame}
	if l.Covered {
		d.own = in.own(l.Cases)
	}
	in.columns(d, l.Columns)
	in.columns(d.frame, l.Known)
	return d
}

// check compares what was read with what the manifest says of it.
func (in *cellReader) check(d *Dataset, m Manifest) {
	if in.err != nil {
		return
	}
	if _, err := in.r.ReadByte(); err != io.EOF {
		in.fail("there is more after the end")
	}
	if sum := hex.EncodeToString(in.sum.Sum(nil)); sum != m.SHA256 {
		in.fail("the content has hash %s, and the manifest says %.64s", sum, m.SHA256)
	}
	if m.Units != d.Len() || m.Questionnaires != d.Questionnaires() || m.Population != d.frame.Len() || m.Columns != len(d.columns) {
		in.fail("the manifest counts otherwise")
	}
}

// own reads which case is the own one of each.
func (in *cellReader) own(n int) []Case {
	own := make([]Case, 0, 1)
	beyond := uint32(n)
	for i, x := range in.u32s(n) {
		switch {
		case x < uint32(n):
		case x > beyond:
			in.fail("case %d belongs to %d", i, x)
		case x == beyond:
			beyond++
		}
		own = append(own, Case(x))
	}
	for i, x := range own {
		if int(x) < n && own[x] != x {
			in.fail("case %d belongs to %d, which belongs to another", i, x)
		}
	}
	return own
}

// columns reads the columns of d, and finds those that a dataset must have.
func (in *cellReader) columns(d *Dataset, ls []columnLayout) {
	for _, l := range ls {
		if in.err != nil {
			return
		}
		if d.Column(l.Name) != nil {
			in.fail("column %.64q is there twice", l.Name)
			return
		}
		d.add(in.column(l, d.n))
	}
	units, mode := d.Column(UnitColumn), d.Column(ModeColumn)
	if units == nil || units.Type != instrument.TextType || d.frame != nil && (mode == nil || !mode.coded()) {
		in.fail("there is no %s or %s", UnitColumn, ModeColumn)
		return
	}
	if units.texts == nil || len(units.texts.ends) != d.n { // a number of cases that no bytes stand for
		in.fail("not every case has a unit")
		return
	}
	d.unit, d.modes = units, mode
}

func (in *cellReader) column(l columnLayout, n int) *Column {
	c := &Column{Variable: instrument.Variable{Name: l.Name, Label: l.Label, Question: l.Question, Row: l.Row, Column: l.Column, Type: l.Type, Values: []instrument.Value{}},
		Role: l.Role, Measure: l.Measure, Stands: l.Stands, Rule: l.Rule}
	for _, v := range l.Values {
		c.Values = append(c.Values, instrument.Value{Code: v.Code, ID: v.ID, Label: v.Label, Missing: v.Reason != instrument.Substantive, Reason: v.Reason})
	}
	number := l.Type == instrument.NumberType
	text := l.Type == instrument.TextType
	if len(l.Values) > math.MaxUint16/2 || !nameable(l.Name) || l.Decimals && !number || l.Values != nil && len(l.Values) == 0 || (l.Texts != 0 || l.Hidden) && !text {
		in.fail("column %.64q is none", l.Name)
		return c
	}
	switch l.Type {
	case instrument.TextType:
		c.texts = in.texts(l, n)
	case instrument.NumberType:
		if l.Decimals {
			c.floats = numbers(in, n, 8, func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) })
			in.soleNaN(c.floats)
			break
		}
		c.ints = numbers(in, n, 4, func(b []byte) int32 { return int32(binary.LittleEndian.Uint32(b)) })
	case TimeType:
		c.moments = numbers(in, n, 8, func(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) })
	case instrument.CodeType, instrument.FlagType, instrument.GradeType:
		in.coded(c, n)
	default:
		in.fail("type %.20q", l.Type)
	}
	c.other = in.other(l.Other, n)
	return c
}

func (in *cellReader) soleNaN(xs []float64) {
	for _, x := range xs {
		if math.IsNaN(x) && math.Float64bits(x) != math.Float64bits(math.NaN()) {
			in.fail("a number that is none, written otherwise")
			return
		}
	}
}

func (in *cellReader) coded(c *Column, n int) {
	last := c.given() - 1
	if c.given() > math.MaxUint8 {
		c.wide = numbers(in, n, 2, binary.LittleEndian.Uint16)
	} else {
		c.narrow = in.bytes(n)
	}
	if in.err != nil {
		return
	}
	if c.narrow == nil && c.wide == nil {
		c.narrow = []uint8{}
	}
	for at := range Case(n) {
		if c.Cell(at) > last {
			in.fail("cell %d of %s is %d", at, c.Name, c.Cell(at))
			return
		}
	}
}

func (in *cellReader) other(n, cases int) []otherMode {
	var out []otherMode
	was := -1
	for range n {
		b := in.bytes(5)
		if in.err != nil {
			return nil
		}
		at := int(binary.LittleEndian.Uint32(b))
		if at <= was || at >= cases || int(b[4]) >= len(modes) {
			in.fail("a mode of case %d after %d", at, was)
			return nil
		}
		was = at
		out = append(out, otherMode{Case(at), b[4]})
	}
	if n < 0 {
		in.fail("%d modes", n)
	}
	return out
}

func (in *cellReader) texts(l columnLayout, n int) *texts {
	if l.Texts < 0 || l.Texts > n {
		in.fail("%d texts of %d cases", l.Texts, n)
		return nil
	}
	t := &texts{cases: []Case{}}
	places := in.u32s(2 * l.Texts)
	end, was := 0, -1
	for i := 0; i+1 < len(places); i += 2 {
		at, length := int(places[i]), int(places[i+1])
		if at <= was || at >= n || length == 0 {
			in.fail("text %d belongs to case %d", i/2, at)
			return nil
		}
		was = at
		end += length
		t.cases = append(t.cases, Case(at))
		t.ends = append(t.ends, end)
	}
	if len(t.cases) == n {
		t.cases = nil
	}
	t.arena = string(in.bytes(end))
	if l.Hidden {
		t.hidden = in.u64s((n + 63) / 64)
		some := false
		for at := range t.hidden.all() {
			some = true
			if int(at) >= n {
				in.fail("hidden case %d", at)
				return nil
			}
		}
		if !some {
			in.fail("nothing of %s is hidden", l.Name)
		}
	}
	return t
}
