// Package dataset holds the answers of one audience column by column: typed,
// with labels, reasons for what is missing, background and timing, to make
// tables, scales and files from. It knows what a questionnaire is, and not what
// a table is, where the answers came from, or what time it is.
//
// A Builder takes the units of the register and then the questionnaires, one at
// a time, and gives a Dataset. A Dataset never changes: Derive, With and the
// filters give another one that shares its columns. Whatever the order in which
// questionnaires came, the same content gives the same dataset and, written as
// a snapshot, the same bytes.
//
//	b := dataset.NewBuilder(info, form, columns, strata)
//	err = b.AddUnit(unit)           // every unit of the register
//	err = b.Add(filled)             // every questionnaire
//	d, err := b.Build()
//	d, err = d.Filter(dataset.Filter{Where: "regio = noord and answered(b5_2_bao)"})
//	for at := range d.Cases() {
//		… d.Column("b5_2_bao").Missing(at) …
//	}
package dataset

import (
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Case names one row: a unit for which a submission counts. It means the same
// in every dataset that was derived or filtered from one.
type Case int32

// An Info says what a dataset is of.
type Info struct {
	Study      string    `json:"study"`      // slug
	Title      string    `json:"title"`      // of the study
	Instrument string    `json:"instrument"` // swv, gemeente
	Edition    string    `json:"edition"`
	Hash       string    `json:"hash"`  // SHA-256 of the source of the instrument, in hex
	Taken      time.Time `json:"taken"` // the moment that it shows
}

// A Dataset is what one audience answered. Its rows are units in the order of
// their codes: one for every unit for which a submission counts, whether the
// unit's own or one that covers it (standards E3). It never changes, and may be
// read by several goroutines.
type Dataset struct {
	Info
	columns []*Column
	byName  map[string]int // folded
	cases   []Case         // nil: all, from 0
	n       int            // of cases there are
	own     []Case         // by case, that of the unit that filled it in, from n where that is no case of ours; nil: all are
	unit    *Column
	modes   *Column
	frame   *Dataset // all eligible units, with background columns alone
	filters []Filter
}

// Len is the number of rows: of units.
func (d *Dataset) Len() int {
	if d.cases == nil {
		return d.n
	}
	return len(d.cases)
}

// Questionnaires is the number of questionnaires that the rows come from. One
// that covers several units counts once (200 gave 217 gemeenten).
func (d *Dataset) Questionnaires() int {
	if d.own == nil {
		return d.Len()
	}
	var seen bits
	n := 0
	for at := range d.Cases() {
		if of := d.own[at]; !seen.has(of) {
			seen = seen.set(of)
			n++
		}
	}
	return n
}

// Cases gives the rows in the order of the codes of their units.
func (d *Dataset) Cases() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		if d.cases == nil {
			for at := range Case(d.n) {
				if !yield(at) {
					return
				}
			}
			return
		}
		for _, at := range d.cases {
			if !yield(at) {
				return
			}
		}
	}
}

// Columns returns all columns: what is known of the questionnaire, the
// background of the unit, the answers in the order of the questionnaire, and
// what was derived. The slice is the caller's.
func (d *Dataset) Columns() []*Column { return slices.Clone(d.columns) }

// Column returns the column with the given name, without regard to case; nil if
// there is none.
func (d *Dataset) Column(name string) *Column {
	i, ok := d.byName[fold(name)]
	if !ok {
		return nil
	}
	return d.columns[i]
}

// Question returns the columns that answer a question, in order. Those of a
// matrix name their row in Row, those of grades and boxes their column in Column.
func (d *Dataset) Question(id string) []*Column {
	return slices.DeleteFunc(d.Columns(), func(c *Column) bool { return c.Role != Response || c.Question != id })
}

// A Set is a multiple choice: a question, or a row of one, whose options are
// flags of their own. What stands for geen zicht op or n.v.t. is among them.
type Set struct {
	Name          string // the common part of the names of its flags
	Question, Row string
	Flags         []*Column
}

// Sets returns the multiple choices in the order of the questionnaire.
func (d *Dataset) Sets() []Set {
	var sets []Set
	for _, c := range d.columns {
		if c.Role != Response || c.Type != instrument.FlagType {
			continue
		}
		if n := len(sets); n > 0 && sets[n-1].Question == c.Question && sets[n-1].Row == c.Row {
			sets[n-1].Flags = append(sets[n-1].Flags, c)
			continue
		}
		sets = append(sets, Set{Name: strings.TrimSuffix(c.Name, "_"+c.Variable.Column), Question: c.Question, Row: c.Row, Flags: []*Column{c}})
	}
	return sets
}

// Unit returns the code of the unit of a case; its pseudonym, where d has no
// others.
func (d *Dataset) Unit(at Case) string { return d.unit.Text(at) }

// Pseudonymised returns d without the codes of units and without background that
// is a text: bron_id holds pseudonyms, and rows come in their order, which tells
// nothing. Whether a unit can be recognised by the background that stays is for
// disclosure control to say. Snapshots are made of d itself.
func (d *Dataset) Pseudonymised() *Dataset {
	out := *d
	out.columns, out.byName = nil, map[string]int{}
	out.unit = d.Column(PseudonymColumn)
	out.cases = slices.SortedFunc(d.Cases(), func(a, b Case) int { return strings.Compare(out.unit.Text(a), out.unit.Text(b)) })
	for _, c := range d.columns {
		switch {
		case c.Name == UnitColumn, c.Role == Background && c.Type == instrument.TextType:
			continue
		case c.Name == SourceColumn:
			of := *c
			if of.cells = out.unit.cells; d.own != nil {
				of.cells = cells{of: &source{out.unit, d.own}}
			}
			c = &of
		}
		out.add(c)
	}
	return &out
}

// Only returns d with only the columns that keep reports true for, in an order of
// rows that tells nothing. Its units have no names: Unit, Filled and snapshots are
// for d itself.
func (d *Dataset) Only(keep func(*Column) bool) *Dataset {
	out := *d.Pseudonymised()
	columns := out.columns
	out.columns, out.byName = nil, map[string]int{}
	for _, c := range columns {
		if keep(c) {
			out.add(c)
		}
	}
	return &out
}

// Covered reports whether the questionnaire of a case is that of another unit.
func (d *Dataset) Covered(at Case) bool { return d.own != nil && d.own[at] != at }

// Source returns the case that filled in the questionnaire of a case: itself, or
// the unit that covers it, which need not be among the rows.
func (d *Dataset) Source(at Case) Case {
	if d.own == nil {
		return at
	}
	return d.own[at]
}

// Mode returns how the answer of a case in a column came in.
func (d *Dataset) Mode(c *Column, at Case) answer.Mode {
	i, found := slices.BinarySearchFunc(c.other, at, func(o otherMode, at Case) int { return int(o.at) - int(at) })
	if found {
		return modes[c.other[i].mode]
	}
	v, _ := d.modes.Value(d.modes.Cell(at))
	return answer.Mode(v.ID)
}

// Filled gives the questionnaires as they were added, in the order of their
// units. What d leaves out they do not cover; where it leaves out the unit that
// answered, the first that it covers stands in its place.
func (d *Dataset) Filled() iter.Seq[answer.Filled] {
	return func(yield func(answer.Filled) bool) {
		first, covers := map[Case]Case{}, map[Case][]string{} // by case that answered
		if d.own != nil {
			var there bits
			for at := range d.Cases() {
				there = there.set(at)
			}
			for at := range d.Cases() {
				of := d.own[at]
				if _, ok := first[of]; of == at || !ok && !there.has(of) {
					first[of] = at
				} else {
					covers[of] = append(covers[of], d.Unit(at))
				}
			}
		}
		for at := range d.Cases() {
			of := at
			if d.own != nil {
				of = d.own[at]
			}
			if d.own != nil && first[of] != at {
				continue
			}
			if !yield(d.filled(at, covers[of])) {
				return
			}
		}
	}
}

func (d *Dataset) filled(at Case, covers []string) answer.Filled {
	id := func(name string) string {
		v, _ := d.Column(name).Value(d.Column(name).Cell(at))
		return v.ID
	}
	f := answer.Filled{Unit: d.Unit(at), Pseudo: d.Column(PseudonymColumn).Text(at), Covers: covers, Mode: answer.Mode(id(ModeColumn)), Modes: map[string]answer.Mode{},
		Status: answer.Status(id(StatusColumn)), Started: d.Column(StartedColumn).Time(at), Sent: d.Column(SubmittedColumn).Time(at), Late: id(LateColumn) == "ja",
		Revision: int(d.Column(RevisionColumn).Number(at)), Answers: answer.Values{}}
	edition, _ := d.Column(EditionColumn).Value(d.Column(EditionColumn).Cell(at))
	f.Edition = edition.Label
	for _, c := range d.columns {
		if c.Role != Response {
			continue
		}
		f.Answers.Set(c.Name, c.Stored(at))
		if mode := d.Mode(c, at); mode != f.Mode {
			f.Modes[c.Name] = mode
		}
	}
	return f
}

// modes are all there are, in the order of the codes of ModeColumn.
var modes = []answer.Mode{answer.Web, answer.Tel, answer.Paper}

// Count counts the cells of a column: how often each Cell occurs among the rows.
// The slice has a place for every cell that the column can have.
func (d *Dataset) Count(c *Column) []int {
	n := make([]int, c.given()+1)
	switch {
	case c.texts != nil && c.texts.cases != nil:
		d.countTexts(n, c)
	case c.narrow == nil:
		for at := range d.Cases() {
			n[c.Cell(at)]++
		}
	case d.cases == nil:
		countBytes(n, c.narrow)
	default:
		for _, at := range d.cases {
			n[c.narrow[at]]++
		}
	}
	return n
}

// countTexts looks only at the cells that hold something: there are few.
func (d *Dataset) countTexts(n []int, c *Column) {
	var chosen bits
	for _, at := range d.cases {
		chosen = chosen.set(at)
	}
	hidden := c.texts.hidden
	n[CellNotShown] = hidden.count(chosen, d.cases == nil)
	for i, at := range c.texts.cases {
		if (d.cases == nil || chosen.has(at)) && !answer.Blank(c.texts.nth(i)) {
			n[c.given()]++
			if hidden.has(at) { // an import keeps answers that the routing hides
				n[CellNotShown]--
			}
		}
	}
	n[CellNotReached] = d.Len() - n[CellNotShown] - n[c.given()]
}

// countBytes counts into four tables by turns: most cells are like the one before
// them, and a counter that was just changed is slow to change again.
func countBytes(n []int, cells []uint8) {
	var by [4][256]int
	i := 0
	for ; i+4 <= len(cells); i += 4 {
		by[0][cells[i]]++
		by[1][cells[i+1]]++
		by[2][cells[i+2]]++
		by[3][cells[i+3]]++
	}
	for ; i < len(cells); i++ {
		by[0][cells[i]]++
	}
	for x := range n {
		n[x] = by[0][x] + by[1][x] + by[2][x] + by[3][x]
	}
}

// Cross counts the cells of two columns together: n[a's cell][by's cell].
func (d *Dataset) Cross(c, by *Column) [][]int {
	width := int(by.given()) + 1
	flat := make([]int, (int(c.given())+1)*width)
	if d.cases == nil && c.narrow != nil && by.narrow != nil {
		others := by.narrow[:len(c.narrow)]
		for at, x := range c.narrow {
			flat[int(x)*width+int(others[at])]++
		}
	} else {
		for at := range d.Cases() {
			flat[int(c.Cell(at))*width+int(by.Cell(at))]++
		}
	}
	return slices.Collect(slices.Chunk(flat, width))
}

// Frame is the population: all eligible units of the register with their
// background columns and no answers. It is not filtered; see Population.
func (d *Dataset) Frame() *Dataset { return d.frame }

// Classes puts every row in a class: the highest that class gives any of its
// cells in the columns. The result has one byte per row, in the order of Cases.
// It is how much is counted together: one pass over the bytes of each column.
func (d *Dataset) Classes(columns []*Column, class func(*Column, Cell) uint8) []uint8 {
	all := make([]uint8, d.n)
	for _, c := range columns {
		var of [math.MaxUint8 + 1]uint8
		for x := range min(len(of), int(c.given())+1) {
			of[x] = class(c, Cell(x))
		}
		switch {
		case c.narrow != nil:
			for at, x := range c.narrow {
				all[at] = max(all[at], of[x])
			}
		case c.texts != nil && c.texts.cases != nil:
			c.texts.classes(all, of[CellNotReached], of[CellNotShown], of[c.given()])
		default:
			for at := range all {
				all[at] = max(all[at], class(c, c.Cell(Case(at))))
			}
		}
	}
	if d.cases == nil {
		return all
	}
	out := make([]uint8, len(d.cases))
	for i, at := range d.cases {
		out[i] = all[at]
	}
	return out
}

// classes looks at the cells that hold something: there are few.
func (t *texts) classes(all []uint8, empty, hidden, given uint8) {
	next := 0
	for at := range all {
		x := empty
		if t.hidden.has(Case(at)) {
			x = hidden
		}
		if next < len(t.cases) && int(t.cases[next]) == at {
			if !answer.Blank(t.nth(next)) {
				x = given
			}
			next++
		}
		all[at] = max(all[at], x)
	}
}
