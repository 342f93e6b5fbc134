package dataset

import (
	"iter"
	"math"
	mathbits "math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// TimeType is the type of a column of moments. No variable of an instrument has
// it.
const TimeType instrument.Type = "time"

// Why a cell has no value at all: system-missing. The reasons that a respondent
// gives himself are instrument.LeftOpen, NoView and NotApply.
const (
	NotReached instrument.Missing = "niet_bereikt" // the respondent stopped before it
	NotShown   instrument.Missing = "niet_getoond" // the routing hides it, or only the core questions were asked
	Unknown    instrument.Missing = "onbekend"     // of a column that is no answer
)

// A Role says where a column comes from.
type Role string

// The roles.
const (
	Response   Role = ""           // an answer to a question
	Meta       Role = "meta"       // about the questionnaire: mode, status, times
	Background Role = "background" // from the register, frozen at the reference date
	Derived    Role = "derived"    // follows from another column by a Rule
	Computed   Role = "computed"   // brought from outside: a weight, a score
	Coded      Role = "coded"      // a code that people gave to open answers
)

// A Measure is a level of measurement (standards N6).
type Measure string

// The levels of measurement.
const (
	Nominal  Measure = "nominal"
	Ordinal  Measure = "ordinal"
	Interval Measure = "scale" // SPSS calls it so: differences have a meaning
)

// A Cell is the state of one cell, small and dense, to count by. Cell 0 was not
// reached (of a text: left open; of what is no answer: unknown), cell 1 was not
// shown, cell 2+i is Values[i] of the column, and the one after those is a
// substantive number, text or moment.
type Cell uint16

// The cells without a value.
const (
	CellNotReached Cell = iota
	CellNotShown
	firstValue
)

// A Column is one variable of a dataset with all its cells. It never changes.
//
// The embedded Variable gives name, label, place in the questionnaire, type and
// values, the missing ones with their reason. Ask the column whether a value is
// missing, never a literal code.
type Column struct {
	instrument.Variable
	Role    Role
	Measure Measure
	Stands  instrument.Missing // of a flag that is itself "geen zicht op" or "n.v.t." (DESIGN 1)
	Rule    *Rule              // of a derived column

	cells // exactly one of these is set
	other []otherMode
}

// cells is how a column keeps its data, as narrow as its type allows.
type cells struct {
	narrow  []uint8   // Cell, where all fit in a byte: codes, flags, grades
	wide    []uint16  // Cell, for more than 253 values
	ints    []int32   // a number; what is missing is ints' lowest plus its Cell
	floats  []float64 // a number with decimals, NaN for none
	moments []int64   // microseconds since 1970, the lowest int64 for none
	texts   *texts
	of      *source // the text of another case: bron_id
}

// lowest is where missing cells of numbers start.
const lowest = math.MinInt32

const noMoment = math.MinInt64

// coded reports whether the cells of c are places in its list of values.
func (c *Column) coded() bool { return c.narrow != nil || c.wide != nil }

// given is the cell of a substantive number, text or moment.
func (c *Column) given() Cell { return firstValue + Cell(len(c.Values)) }

// Cell returns the state of a cell.
func (c *Column) Cell(at Case) Cell {
	switch {
	case c.narrow != nil:
		return Cell(c.narrow[at])
	case c.wide != nil:
		return Cell(c.wide[at])
	case c.ints != nil:
		if n := int(c.ints[at]) - lowest; n < int(c.given()) {
			return Cell(n)
		}
		return c.given()
	case c.floats != nil:
		if math.IsNaN(c.floats[at]) {
			return CellNotReached
		}
		return c.given()
	case c.moments != nil:
		if c.moments[at] == noMoment {
			return CellNotReached
		}
		return c.given()
	}
	return c.textCell(at)
}

// Value returns what a cell of c stands for, and false for a cell that is
// system-missing or a number, text or moment.
func (c *Column) Value(x Cell) (instrument.Value, bool) {
	if x < firstValue || int(x-firstValue) >= len(c.Values) {
		return instrument.Value{}, false
	}
	return c.Values[x-firstValue], true
}

// Reason returns why a cell of c holds no substantive answer;
// instrument.Substantive where it does.
func (c *Column) Reason(x Cell) instrument.Missing {
	switch {
	case x == CellNotReached && c.Question == "":
		return Unknown
	case x == CellNotReached && c.Type == instrument.TextType:
		return instrument.LeftOpen // text has no codes
	case x == CellNotReached:
		return NotReached
	case x == CellNotShown:
		return NotShown
	}
	v, _ := c.Value(x)
	return v.Reason
}

// Missing returns why a case has no substantive answer;
// instrument.Substantive where it has one. A text that was shown and is empty, or
// spaces alone, was left open.
func (c *Column) Missing(at Case) instrument.Missing { return c.Reason(c.Cell(at)) }

// Number returns the code of a choice, the grade, the number, or the moment in
// seconds since 1970. It is NaN where there is no substantive one, and for texts.
func (c *Column) Number(at Case) float64 {
	switch {
	case c.coded():
		if v, ok := c.Value(c.Cell(at)); ok && !v.Missing {
			return float64(v.Code)
		}
	case c.ints != nil:
		if c.Cell(at) == c.given() {
			return float64(c.ints[at])
		}
	case c.floats != nil:
		return c.floats[at]
	case c.moments != nil:
		if c.moments[at] != noMoment {
			return float64(c.moments[at]) / 1e6
		}
	}
	return math.NaN()
}

// Time returns a moment in UTC, the zero time where there is none.
func (c *Column) Time(at Case) time.Time {
	if c.moments == nil || c.moments[at] == noMoment {
		return time.Time{}
	}
	return time.UnixMicro(c.moments[at]).UTC()
}

// Stored returns a cell as answers and files have it: a code in decimal, a text
// exactly as typed, a moment in RFC 3339 and UTC; "" for system-missing.
func (c *Column) Stored(at Case) string {
	if c.Type == instrument.TextType {
		return c.Text(at)
	}
	x := c.Cell(at)
	if v, ok := c.Value(x); ok {
		return strconv.Itoa(v.Code)
	}
	switch {
	case x != c.given():
		return ""
	case c.ints != nil:
		return strconv.Itoa(int(c.ints[at]))
	case c.floats != nil:
		return strconv.FormatFloat(c.floats[at], 'f', -1, 64)
	}
	return c.Time(at).Format(time.RFC3339Nano)
}

// Text returns the text of a case exactly as typed, "" where there is none.
func (c *Column) Text(at Case) string {
	if c.of != nil {
		return c.of.column.Text(c.of.cases[at])
	}
	return c.texts.at(at)
}

func (c *Column) textCell(at Case) Cell {
	switch {
	case !answer.Blank(c.Text(at)):
		return c.given()
	case c.texts != nil && c.texts.hidden.has(at):
		return CellNotShown
	}
	return CellNotReached
}

// cell returns the cell of a stored code or of the id of a value, and whether c
// has it. Without cells of its own, system-missing is "".
func (c *Column) cell(stored string) (Cell, bool) {
	if stored == "" {
		return CellNotReached, true
	}
	i := slices.IndexFunc(c.Values, func(v instrument.Value) bool { return v.ID == stored || strconv.Itoa(v.Code) == stored })
	return firstValue + Cell(max(i, 0)), i >= 0
}

// texts keeps the texts of a column in one arena: nearly all cells of nearly all
// texts are empty, and a million string headers would outweigh what they hold.
type texts struct {
	cases  []Case // that have a text, ascending; nil where all have
	ends   []int  // where each ends in arena
	arena  string
	hidden bits // cases that were not shown the question
}

// newTexts makes the texts of n cases, of which most have one.
func newTexts(n int, text func(i int) string) *texts {
	t := &texts{cases: make([]Case, 0, n), ends: make([]int, 0, n)}
	var arena []byte
	for i := range n {
		if s := text(i); s != "" {
			arena = append(arena, s...)
			t.cases = append(t.cases, Case(i))
			t.ends = append(t.ends, len(arena))
		}
	}
	t.arena = string(arena)
	if len(t.cases) == n {
		t.cases = nil
	}
	return t
}

func (t *texts) at(at Case) string {
	if t == nil {
		return ""
	}
	i, ok := int(at), true
	if t.cases != nil {
		i, ok = slices.BinarySearch(t.cases, at)
	}
	if !ok || i >= len(t.ends) {
		return ""
	}
	return t.nth(i)
}

// nth returns the text that is the nth in the arena, from 0.
func (t *texts) nth(i int) string {
	from := 0
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.arena[from:t.ends[i]]
}

// A source is a column of texts read at other cases.
type source struct {
	column *Column
	cases  []Case
}

// bits is a set of cases; nil is the empty one.
type bits []uint64

func (b bits) has(at Case) bool { return int(at>>6) < len(b) && b[at>>6]>>(at&63)&1 == 1 }

// set adds a case, and returns the set, which may have grown.
func (b bits) set(at Case) bits {
	for int(at>>6) >= len(b) {
		b = append(b, 0)
	}
	b[at>>6] |= 1 << (at & 63)
	return b
}

// count is how many cases are in b and in others too, or in b where all is true.
func (b bits) count(others bits, all bool) int {
	n := 0
	for i, word := range b {
		switch {
		case all:
		case i < len(others):
			word &= others[i]
		default:
			word = 0
		}
		n += mathbits.OnesCount64(word)
	}
	return n
}

// all gives the cases in the set, ascending.
func (b bits) all() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for i, word := range b {
			for ; word != 0; word &= word - 1 {
				if !yield(Case(i<<6 + mathbits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// otherMode is an answer that came in another way than the rest of its
// questionnaire.
type otherMode struct {
	at   Case
	mode uint8 // place in modes
}

// fold makes names that differ in case alone the same.
func fold(name string) string { return strings.ToLower(name) }
