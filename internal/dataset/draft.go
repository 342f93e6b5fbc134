package dataset

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// chunks is a column that grows without ever being copied, and in which the
// memory of a part can be given back.
type chunks[T any] [][]T

const (
	chunkBits = 14
	chunkSize = 1 << chunkBits
)

func (c *chunks[T]) add(x T) {
	last := len(*c) - 1
	if last < 0 || len((*c)[last]) == chunkSize {
		*c = append(*c, nil)
		last++
	}
	(*c)[last] = append((*c)[last], x)
}

func (c chunks[T]) setLast(x T) {
	chunk := c[len(c)-1]
	chunk[len(chunk)-1] = x
}

// pick returns the cells that from names, in its order.
func (c chunks[T]) pick(o *order) []T {
	if o.straight {
		return slices.Concat(c...)
	}
	out := make([]T, len(o.from))
	for at, r := range o.from {
		out[at] = c[r>>chunkBits][r&(chunkSize-1)]
	}
	return out
}

// A draft is a column of questionnaires in the order in which they came.
type draft struct {
	column   *Column
	question int    // place in Builder.asks, -1 for none
	codes    []Cell // by code, CellNotReached where there is no such code

	cells   chunks[uint8]
	wide    chunks[uint16]
	ints    chunks[int32]
	moments chunks[int64]

	rows   []int32 // that have a text
	ends   []int   // where it ends in arena
	arena  []byte
	hidden bits // rows that were not shown a text

	other []otherMode // At is a row
}

// maxCode is the highest code of a value that can be read fast.
const maxCode = 1 << 12

func newDraft(c *Column, question int) *draft {
	d := &draft{column: c, question: question}
	for i, v := range c.Values {
		if v.Code < 0 || v.Code > maxCode {
			continue
		}
		for len(d.codes) <= v.Code {
			d.codes = append(d.codes, CellNotReached)
		}
		d.codes[v.Code] = firstValue + Cell(i)
	}
	return d
}

// begin adds a row without an answer.
func (d *draft) begin(row int32, hidden bool) {
	x := CellNotReached
	if hidden {
		x = CellNotShown
	}
	switch d.column.Type {
	case instrument.TextType:
		if hidden {
			d.hidden = d.hidden.set(Case(row))
		}
	case instrument.NumberType:
		d.ints.add(lowest + int32(x))
	case TimeType:
		d.moments.add(noMoment)
	default:
		if d.column.given() > math.MaxUint8 {
			d.wide.add(uint16(x))
		} else {
			d.cells.add(uint8(x))
		}
	}
}

// set gives the last row, which is row, a stored value. It returns false for one
// that the variable does not have.
func (d *draft) set(row int32, value string) bool {
	if value == "" {
		return false // never stored
	}
	if d.column.Type == instrument.TextType {
		d.rows = append(d.rows, row)
		d.arena = append(d.arena, value...)
		d.ends = append(d.ends, len(d.arena))
		return true
	}
	n, err := strconv.Atoi(value)
	if err != nil || strconv.Itoa(n) != value {
		return false
	}
	x, known := d.cell(n)
	switch {
	case d.column.Type == instrument.NumberType:
		if known {
			n = lowest + int(x)
		} else if n < lowest+int(d.column.given()) || n > math.MaxInt32 {
			return false
		}
		d.ints.setLast(int32(n))
	case !known:
		return false
	case d.wide != nil:
		d.wide.setLast(uint16(x))
	default:
		d.cells.setLast(uint8(x))
	}
	return true
}

// cell returns the cell of a code.
func (d *draft) cell(code int) (Cell, bool) {
	if code >= 0 && code < len(d.codes) {
		return d.codes[code], d.codes[code] != CellNotReached
	}
	if code >= 0 && code <= maxCode {
		return 0, false
	}
	i := slices.IndexFunc(d.column.Values, func(v instrument.Value) bool { return v.Code == code })
	return firstValue + Cell(max(i, 0)), i >= 0
}

// moment gives the last row a moment.
func (d *draft) moment(t time.Time) {
	if !t.IsZero() {
		d.moments.setLast(t.UnixMicro())
	}
}

// build returns the column, its cells in the order of cases.
func (d *draft) build(o *order) *Column {
	c := d.column
	switch {
	case c.Type == instrument.TextType:
		c.texts = d.texts(o)
	case c.Type == instrument.NumberType:
		c.ints = d.ints.pick(o)
	case c.Type == TimeType:
		c.moments = d.moments.pick(o)
	case c.given() > math.MaxUint8:
		c.wide = d.wide.pick(o)
	default:
		c.narrow = d.cells.pick(o)
	}
	for _, m := range d.other {
		for _, at := range o.of(int32(m.at)) {
			c.other = append(c.other, otherMode{at, m.mode})
		}
	}
	slices.SortFunc(c.other, func(a, b otherMode) int { return int(a.at) - int(b.at) })
	return c
}

// texts puts the texts in the order of cases.
func (d *draft) texts(o *order) *texts {
	t := &texts{cases: []Case{}}
	type place struct {
		at Case
		i  int
	}
	var places []place
	for i, row := range d.rows {
		for _, at := range o.of(row) {
			places = append(places, place{at, i})
		}
	}
	slices.SortFunc(places, func(a, b place) int { return int(a.at) - int(b.at) })
	arena := make([]byte, 0, len(d.arena))
	for _, p := range places {
		from := 0
		if p.i > 0 {
			from = d.ends[p.i-1]
		}
		arena = append(arena, d.arena[from:d.ends[p.i]]...)
		t.cases = append(t.cases, p.at)
		t.ends = append(t.ends, len(arena))
	}
	t.arena = string(arena)
	for row := range d.hidden.all() {
		for _, at := range o.of(int32(row)) {
			t.hidden = t.hidden.set(at)
		}
	}
	return t
}
