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

// A Manifest says what a snapshot is of (standards N12).
type Manifest struct {
	Info
	Software       string   `json:"software"` // version that wrote it
	Filters        []Filter `json:"filters"`
	Units          int      `json:"units"` // rows
	Questionnaires int      `json:"questionnaires"`
	Population     int      `json:"population"` // eligible units of the register
	Columns        int      `json:"columns"`
	SHA256         string   `json:"sha256"` // of all that follows the manifest, in hex
}

// magic is the first line of a snapshot. The manifest is the second, so that
// anybody can see what a file is. After it come the layout, as a line of JSON,
// and the cells of each column, little-endian, with nothing in between.
const magic = "uitvraag dataset 1\n"

// layout says how the cells are to be read.
type layout struct {
	Cases   int            `json:"cases"`
	Covered bool           `json:"covered"` // own cases follow
	Columns []columnLayout `json:"columns"`
	Frame   int            `json:"frame"` // units of the register
	Known   []columnLayout `json:"known"` // of all of them
}

type columnLayout struct {
	Name     string             `json:"name"`
	Label    string             `json:"label"`
	Question string             `json:"question,omitempty"`
	Row      string             `json:"row,omitempty"`
	Column   string             `json:"column,omitempty"`
	Type     instrument.Type    `json:"type"`
	Values   []valueLayout      `json:"values,omitempty"`
	Role     Role               `json:"role,omitempty"`
	Measure  Measure            `json:"measure"`
	Stands   instrument.Missing `json:"stands,omitempty"`
	Rule     *Rule              `json:"rule,omitempty"`
	Decimals bool               `json:"decimals,omitempty"` // a number is a float64, not an int32
	Other    int                `json:"other,omitempty"`    // answers that came in another way
	Texts    int                `json:"texts,omitempty"`
	Hidden   bool               `json:"hidden,omitempty"` // texts that were not shown
}

type valueLayout struct {
	Code   int                `json:"code"`
	ID     string             `json:"id"`
	Label  string             `json:"label"`
	Reason instrument.Missing `json:"reason,omitempty"`
}

// Write writes the rows of d as a snapshot. software is the version of the
// program. The same content gives the same bytes, whatever the order in which it
// came.
func (d *Dataset) Write(w io.Writer, software string) (Manifest, error) {
	if d.frame == nil || d.Column(UnitColumn) == nil {
		return Manifest{}, fmt.Errorf("dataset: a register, or what is pseudonymised, is no snapshot")
	}
	m := Manifest{Info: d.Info, Software: software, Filters: d.Filters(), Units: d.Len(), Questionnaires: d.Questionnaires(), Population: d.frame.Len(), Columns: len(d.columns)}
	sum := sha256.New()
	if err := d.body(sum); err != nil {
		return m, err
	}
	m.SHA256 = hex.EncodeToString(sum.Sum(nil))
	head, err := line(m)
	if err != nil {
		return m, err
	}
	if _, err := io.WriteString(w, magic+head); err != nil {
		return m, err
	}
	return m, d.body(w)
}

// line gives v as one line of JSON.
func line(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.String(), err
}

// body writes all that the hash is of.
func (d *Dataset) body(to io.Writer) error {
	w := &cellWriter{Writer: bufio.NewWriterSize(to, 1<<16)}
	main, frame := d.place(), d.frame.place()
	l := layout{Cases: d.Len(), Covered: d.own != nil, Frame: d.frame.Len()}
	for _, c := range d.columns {
		l.Columns = append(l.Columns, c.layout(main))
	}
	for _, c := range d.frame.columns {
		l.Known = append(l.Known, c.layout(frame))
	}
	head, err := line(l)
	if err != nil {
		return err
	}
	w.text(head)
	if d.own != nil {
		d.writeOwn(w, main)
	}
	for _, c := range d.columns {
		c.write(w, d, main)
	}
	for _, c := range d.frame.columns {
		c.write(w, d.frame, frame)
	}
	return w.Flush()
}

// places is where the cases of a dataset come, -1 for those that it leaves out.
type places []int32

func (d *Dataset) place() places {
	p := make(places, d.n)
	if d.cases == nil {
		for i := range p {
			p[i] = int32(i)
		}
		return p
	}
	for i := range p {
		p[i] = -1
	}
	for i, at := range d.cases {
		p[at] = int32(i)
	}
	return p
}

// writeOwn writes of each row the row of the unit that filled it in; where that
// is left out, a number beyond the rows that it shares with its like.
func (d *Dataset) writeOwn(w *cellWriter, p places) {
	beyond := map[Case]uint32{}
	for at := range d.Cases() {
		own := d.own[at]
		if int(own) < len(p) && p[own] >= 0 {
			w.u32(uint32(p[own]))
			continue
		}
		n, ok := beyond[own]
		if !ok {
			n = uint32(d.Len() + len(beyond))
			beyond[own] = n
		}
		w.u32(n)
	}
}

// layout describes c for the cases that p keeps.
func (c *Column) layout(p places) columnLayout {
	l := columnLayout{Name: c.Name, Label: c.Label, Question: c.Question, Row: c.Row, Column: c.Variable.Column, Type: c.Type,
		Role: c.Role, Measure: c.Measure, Stands: c.Stands, Rule: c.Rule, Decimals: c.floats != nil}
	for _, v := range c.Values {
		l.Values = append(l.Values, valueLayout{v.Code, v.ID, v.Label, v.Reason})
	}
	for _, o := range c.other {
		if p[o.at] >= 0 {
			l.Other++
		}
	}
	if c.Type == instrument.TextType {
		for range c.textCases(p) {
			l.Texts++
		}
		if c.texts != nil {
			for at := range c.texts.hidden.all() {
				l.Hidden = l.Hidden || p[at] >= 0
			}
		}
	}
	return l
}

// textCases gives the cases that p keeps and that have a text, with the text.
func (c *Column) textCases(p places) func(func(Case, string) bool) {
	return func(yield func(Case, string) bool) {
		if c.of == nil && c.texts.cases != nil {
			for i, at := range c.texts.cases {
				if p[at] >= 0 && !yield(at, c.texts.nth(i)) {
					return
				}
			}
			return
		}
		for at, to := range p {
			if to >= 0 {
				if s := c.Text(Case(at)); s != "" && !yield(Case(at), s) {
					return
				}
			}
		}
	}
}

// write writes the cells of the rows of d, of which p says the places.
func (c *Column) write(w *cellWriter, d *Dataset, p places) {
	switch {
	case c.Type == instrument.TextType:
		c.writeTexts(w, d.Len(), p)
	case c.narrow != nil && d.cases == nil:
		w.bytes(c.narrow)
	default:
		for at := range d.Cases() {
			switch {
			case c.narrow != nil:
				w.bytes(c.narrow[at : at+1])
			case c.wide != nil:
				w.u16(c.wide[at])
			case c.ints != nil:
				w.u32(uint32(c.ints[at]))
			case c.floats != nil && math.IsNaN(c.floats[at]):
				w.u64(math.Float64bits(math.NaN())) // of all that are none, one
			case c.floats != nil:
				w.u64(math.Float64bits(c.floats[at]))
			default:
				w.u64(uint64(c.moments[at]))
			}
		}
	}
	for _, o := range c.other {
		if p[o.at] >= 0 {
			w.u32(uint32(p[o.at]))
			w.bytes([]byte{o.mode})
		}
	}
}

// writeTexts writes which cases have a text and how long it is, all texts, and
// the set of those that were not shown it.
func (c *Column) writeTexts(w *cellWriter, n int, p places) {
	for at, s := range c.textCases(p) {
		w.u32(uint32(p[at]))
		w.u32(uint32(len(s)))
	}
	for _, s := range c.textCases(p) {
		w.text(s)
	}
	if c.texts == nil || c.texts.hidden == nil {
		return
	}
	hidden := make(bits, (n+63)/64)
	some := false
	for at := range c.texts.hidden.all() {
		if p[at] >= 0 {
			hidden.set(Case(p[at]))
			some = true
		}
	}
	for _, word := range hidden {
		if some {
			w.u64(word)
		}
	}
}

// A cellWriter writes numbers; the first failure stays in its Writer for Flush
// to tell.
type cellWriter struct {
	*bufio.Writer
	buf [8]byte
}

func (w *cellWriter) bytes(b []byte) { _, _ = w.Write(b) }
func (w *cellWriter) text(s string)  { _, _ = w.WriteString(s) }

func (w *cellWriter) u16(x uint16) { w.bytes(binary.LittleEndian.AppendUint16(w.buf[:0], x)) }
func (w *cellWriter) u32(x uint32) { w.bytes(binary.LittleEndian.AppendUint32(w.buf[:0], x)) }
func (w *cellWriter) u64(x uint64) { w.bytes(binary.LittleEndian.AppendUint64(w.buf[:0], x)) }

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
