package dataset

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
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
