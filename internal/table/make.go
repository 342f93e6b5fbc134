package table

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// Confidence level of intervals.
const confidence = .95

// Make makes the table of one question. A spec that does not fit the
// questionnaire or the dataset is an errs.Invalid.
func Make(spec Spec, in *instrument.Instrument, d *dataset.Dataset, codings ...Coding) (*Table, error) {
	m, err := newMaker(spec, in, d)
	if err != nil {
		return nil, err
	}
	m.codings = codings
	if spec.Variable != "" {
		return m.variable()
	}
	q := in.Question(spec.Question)
	if q == nil || q.Unprinted {
		return nil, errs.Errorf(errs.Invalid, "De vraag ‘%s’ bestaat niet.", spec.Question)
	}
	return m.make(q)
}

// A maker makes tables of one dataset and spec. It does not change while it does.
type maker struct {
	spec Spec
	in   *instrument.Instrument
	d    *dataset.Dataset
	frame
	by         *dataset.Column
	split      *Split
	population []int   // eligible units by group, [0] all; 0 where nobody knows
	telephone  []uint8 // 1 for core questions by telephone; nil: nobody
	versions   []uint8 // nil: there is one
	weighting  string  // "" for none; how, in words, or the column
	nouns      nouns
	codings    []Coding
}

func newMaker(spec Spec, in *instrument.Instrument, d *dataset.Dataset) (*maker, error) {
	d, err := d.Filter(spec.Filters...)
	if err != nil {
		return nil, err
	}
	m := &maker{spec: spec, in: in, nouns: nounsOf(in.Name)}
	population, known := d.Population()
	if !known {
		population = nil
	}
	if spec.NoTelephone {
		if d, err = d.Filter(dataset.Filter{Column: dataset.StatusColumn, Values: []string{string(answer.Submitted), string(answer.Partial)}}); err != nil {
			return nil, err
		}
	}
	if spec.NoCovered {
		if d, err = d.Filter(dataset.Filter{Questionnaires: true}); err != nil {
			return nil, err
		}
	}
	m.d, m.n, m.groups = d, d.Len(), 1
	m.mark()
	if err := m.splitBy(); err != nil {
		return nil, err
	}
	if err := m.weigh(population); err != nil {
		return nil, err
	}
	m.countPopulation(population)
	return m, nil
}

// mark finds who answered by telephone, for another unit, or another version.
func (m *maker) mark() {
	m.markRepeated()
	one := func(name, id string) []uint8 {
		return m.d.Classes([]*dataset.Column{m.d.Column(name)}, func(c *dataset.Column, x dataset.Cell) uint8 {
			if v, ok := c.Value(x); ok && v.ID == id {
				return 1
			}
			return 0
		})
	}
	if core := one(dataset.StatusColumn, string(answer.Kernvragen)); slices.Contains(core, 1) {
		m.telephone = core
	}
	versions := 0
	column := m.d.Column(dataset.EditionColumn)
	for x, n := range m.d.Count(column) {
		if _, ok := column.Value(dataset.Cell(x)); ok && n > 0 {
			versions++
		}
	}
	if versions > 1 {
		m.versions = m.d.Classes([]*dataset.Column{column}, cellOf)
	}
}

// markRepeated finds the rows that repeat a questionnaire: of each, the row of the
// unit that filled it in stands for it or, where that is left out, the first.
func (m *maker) markRepeated() {
	if m.d.Questionnaires() == m.d.Len() {
		return
	}
	stands := map[dataset.Case]bool{} // of questionnaires that cover: whether a row stands for it already
	for at := range m.d.Cases() {
		if m.d.Covered(at) {
			stands[m.d.Source(at)] = false
		}
	}
	for at := range m.d.Cases() {
		if _, covers := stands[at]; covers {
			stands[at] = true
		}
	}
	m.key = make([]uint8, 0, m.n)
	for at := range m.d.Cases() {
		x := uint8(0)
		if source := m.d.Source(at); m.d.Covered(at) {
			if stands[source] {
				x = 1
			}
			stands[source] = true
		}
		m.key = append(m.key, x)
	}
}

// cellOf is the cell itself.
func cellOf(_ *dataset.Column, x dataset.Cell) uint8 { return uint8(min(x, math.MaxUint8)) }

// maxGroups is how many groups a table can be split into.
const maxGroups = 50

// splitBy puts rows in the groups of the split: the substantive values of a column.
func (m *maker) splitBy() error {
	if m.spec.By == "" {
		return nil
	}
	c := m.d.Column(m.spec.By)
	if c == nil {
		return errs.Errorf(errs.Invalid, "De kolom ‘%s’ bestaat niet.", m.spec.By)
	}
	values := slices.DeleteFunc(slices.Clone(c.Values), func(v instrument.Value) bool { return v.Missing })
	switch {
	case c.Type != instrument.CodeType && c.Type != instrument.FlagType && c.Type != instrument.GradeType:
		return errs.Errorf(errs.Invalid, "‘%s’ heeft geen groepen. Verdeel de kolom eerst in klassen.", c.Label)
	case len(values) > maxGroups:
		return errs.Errorf(errs.Invalid, "‘%s’ heeft meer dan %d groepen. Voeg er eerst samen.", c.Label, maxGroups)
	}
	m.by, m.split, m.groups = c, &Split{Column: c.Name, Label: c.Label}, len(values)+1
	for _, v := range values {
		m.split.Groups = append(m.split.Groups, Column{ID: v.ID, Label: v.Label})
	}
	key := m.d.Classes([]*dataset.Column{c}, func(c *dataset.Column, x dataset.Cell) uint8 { return 2 * groupOf(c, values, x) })
	for row, covered := range m.key {
		key[row] += covered
	}
	m.key = key
	return nil
}

func groupOf(c *dataset.Column, values []instrument.Value, x dataset.Cell) uint8 {
	v, ok := c.Value(x)
	if !ok || v.Missing {
		return 0
	}
	return uint8(1 + slices.Index(values, v))
}

// countPopulation counts the population, as far as it is known.
func (m *maker) countPopulation(population *dataset.Dataset) {
	m.population = make([]int, m.groups)
	if population == nil {
		return
	}
	m.population[0] = population.Len()
	if m.by == nil || population.Column(m.by.Name) == nil {
		return
	}
	c := population.Column(m.by.Name)
	values := slices.DeleteFunc(slices.Clone(m.by.Values), func(v instrument.Value) bool { return v.Missing })
	for x, n := range population.Count(c) {
		if g := groupOf(c, values, dataset.Cell(x)); g > 0 {
			m.population[g] += n
		}
	}
}

// make makes the table of a question.
func (m *maker) make(q *instrument.Question) (*Table, error) {
	columns := m.d.Question(q.ID)
	if len(columns) == 0 {
		return nil, errs.Errorf(errs.Invalid, "De vraag ‘%s’ staat niet in de gegevens.", q.ID)
	}
	if m.by != nil && m.by.Question == q.ID {
		return nil, errs.Errorf(errs.Invalid, "Een vraag kan niet tegen een deel van zichzelf worden afgezet: dat zijn antwoorden van dezelfde mensen.")
	}
	work := m.begin(q, columns)
	work.bases()
	switch q.Kind {
	case instrument.Single, instrument.YesNo:
		work.single()
	case instrument.MatrixSingle:
		work.matrix()
	case instrument.Multi:
		work.multiple()
	case instrument.MatrixMulti:
		work.matrixMultiple()
	case instrument.GradeMatrix, instrument.Number:
		work.numbers()
	case instrument.Open:
		work.open()
	case instrument.Repeated:
		work.repeated()
	}
	work.test()
	work.texts()
	work.remark()
	return work.Table, nil
}

// begin is the table of a question before anything is counted.
func (m *maker) begin(q *instrument.Question, columns []*dataset.Column) *making {
	t := &Table{ID: NumberOf(m.in, q), Question: q.ID, Title: titleOf(q), Base: m.spec.Base, Weight: m.weighting, By: m.split, Notes: []string{}, Warnings: []Warning{}, Rows: []Row{}}
	return &making{maker: m, Table: t, q: q, columns: columns}
}

// making is one table while it is made.
type making struct {
	*maker
	*Table
	q       *instrument.Question
	columns []*dataset.Column
	crosses []cross // to test
	paired  bool    // the groups are another answer to the same question
}

// titleOf is the question as it was asked; that several answers were possible
// belongs to it (standards T1).
func titleOf(q *instrument.Question) string {
	if q.Hint != "" && (q.Kind == instrument.Multi || q.Kind == instrument.MatrixMulti) {
		return q.Text + " " + q.Hint
	}
	if q.Text == "" {
		return q.ID
	}
	return q.Text
}

var numbered = regexp.MustCompile(`^b([0-9]+)_([0-9a-z]+(?:_[0-9a-z]+)*)$`)

// NumberOf returns the number of a question's table: the published one, or one
// made of its id in the same way (b6_x1 is B.6.x1). Questions with other ids are
// counted: T.1.
func NumberOf(in *instrument.Instrument, q *instrument.Question) string {
	if q.Table != "" {
		return q.Table
	}
	if m := numbered.FindStringSubmatch(q.ID); m != nil {
		return "B." + m[1] + "." + m[2]
	}
	n := 0
	for _, s := range in.Sections {
		for _, other := range s.Questions {
			if !other.Unprinted {
				n++
			}
			if other.ID == q.ID {
				return fmt.Sprint("T.", n)
			}
		}
	}
	return q.ID
}

// asked returns the columns of the question that are no texts, or all where all
// are.
func (w *making) asked() []*dataset.Column {
	closed := slices.DeleteFunc(slices.Clone(w.columns), func(c *dataset.Column) bool { return c.Type == instrument.TextType })
	if len(closed) == 0 {
		return w.columns
	}
	return closed
}

// bases tells who answered, and why the others did not.
func (w *making) bases() {
	state := w.d.Classes(w.asked(), stateOf)
	n := count(&frame{}, state, int(states)).n[0]
	b := &Bases{Units: w.n, N: n[missing] + n[answered], LeftOpen: n[leftOpen], NotShown: n[notShown], NotReached: n[notReached], Versions: min(w.n, 1)}
	for row, x := range w.telephone {
		switch {
		case x == 0:
		case state[row] >= missing:
			b.Telephone++
		case state[row] == notShown:
			b.NotShown, b.CoreOnly = b.NotShown-1, b.CoreOnly+1
		}
	}
	for row, key := range w.key {
		if key%2 == 1 && state[row] >= missing {
			b.Covered++
		}
	}
	if w.versions != nil {
		var seen [256]bool
		b.Versions = 0
		for at, x := range w.versions {
			if state[at] >= missing && !seen[x] {
				seen[x] = true
				b.Versions++
			}
		}
	}
	w.Table.Bases = b
}

// with leaves out geen zicht op and n.v.t. where the base does.
func (w *making) with(columns []Column) []Column {
	if w.Base == WithMissing {
		return columns
	}
	return slices.DeleteFunc(slices.Clone(columns), func(c Column) bool { return c.Missing != instrument.Substantive })
}

// A part is the answers to one question or row of one, counted: what rows are
// made of.
type part struct {
	row, label string
	columns    []Column
	n          [][]int // [group][column]
	own        [][]int
	w          [][]float64
	base       []base // by group
}

// base is the base of one line.
type base struct {
	n, valid, own, left int
	w, squares          float64
	wValid              float64
}

// choices counts one choice.
func (w *making) choices(c *dataset.Column, row, label string) part {
	options := w.with(optionColumns(w.q))
	p := part{row: row, label: label, columns: options}
	k := len(c.Values) + 2
	t := w.countCells(w.d, c)
	at := make([]int, len(options)) // cell of each option
	for i, o := range options {
		at[i] = 2 + slices.IndexFunc(c.Values, func(v instrument.Value) bool { return v.ID == o.ID })
	}
	p.shape(w, len(options))
	for g := range t.n {
		b := &p.base[g]
		for x := range k {
			state := stateOf(c, dataset.Cell(x))
			b.add(&t, g, x, state, w.Base)
		}
		for i, x := range at {
			p.n[g][i], p.own[g][i] = t.n[g][x], t.own[g][x]
			if t.w != nil {
				p.w[g][i] = t.w[g][x]
			}
		}
	}
	return p
}

func (p *part) shape(w *making, columns int) {
	p.base, p.n, p.own = make([]base, w.groups), grid[int](w.groups, columns), grid[int](w.groups, columns)
	if w.weight != nil {
		p.w = grid[float64](w.groups, columns)
	}
}

// add adds a class to a base.
func (b *base) add(t *tally, g, x int, state uint8, of Base) {
	n := t.n[g][x]
	switch state {
	case answered:
		b.valid += n
		if t.w != nil {
			b.wValid += t.w[g][x]
		}
	case leftOpen:
		b.left += n
	}
	if state == answered || state == missing && of == WithMissing {
		b.n, b.own = b.n+n, b.own+t.own[g][x]
		if t.w != nil {
			b.w, b.squares = b.w+t.w[g][x], b.squares+t.squares[g][x]
		}
	}
}

// several counts a multiple choice: the flags of a question, or of a row of one.
func (w *making) several(flags []*dataset.Column, row, label string) part {
	options := w.with(optionColumns(w.q))
	p := part{row: row, label: label, columns: options}
	state := w.d.Classes(flags, flagState)
	p.shape(w, len(options))
	t := count(&w.frame, state, int(states))
	for g := range t.n {
		for x := range states {
			p.base[g].add(&t, g, int(x), x, w.Base)
		}
	}
	for i, o := range options {
		j := slices.IndexFunc(flags, func(c *dataset.Column) bool { return c.Variable.Column == o.ID })
		if j < 0 {
			continue
		}
		t := count(&w.frame, both(state, w.d.Classes(flags[j:j+1], chosenOf), 2), 2*int(states))
		for g := range t.n {
			for _, x := range []uint8{missing, answered} {
				if x == missing && w.Base != WithMissing {
					continue
				}
				p.n[g][i] += t.n[g][2*x+1]
				p.own[g][i] += t.own[g][2*x+1]
				if t.w != nil {
					p.w[g][i] += t.w[g][2*x+1]
				}
			}
		}
	}
	return p
}

// flagState is the state of a flag, such that the highest of all flags of a set
// is the state of the set: who ticked geen zicht op or n.v.t. and nothing else
// gave no answer.
func flagState(c *dataset.Column, x dataset.Cell) uint8 {
	state := stateOf(c, x)
	if state == answered && (c.Stands != instrument.Substantive || chosenOf(c, x) == 0) {
		return missing
	}
	return state
}

// lines makes the rows of a part: one, or one per group and one of all.
func (w *making) lines(p part) {
	if w.split == nil {
		w.Rows = append(w.Rows, w.line(p, 0))
		return
	}
	for g := range w.split.Groups {
		r := w.line(p, g+1)
		r.Group, r.Label = w.split.Groups[g].ID, label(p.label, w.split.Groups[g].Label)
		w.Rows = append(w.Rows, r)
	}
	r := w.line(p, 0)
	r.Label = label(p.label, "Totaal")
	w.Rows = append(w.Rows, r)
	w.crosses = append(w.crosses, cross{part: p, at: len(w.Rows) - 1 - len(w.split.Groups)})
}

func label(row, group string) string {
	if row == "" {
		return group
	}
	return row + " – " + group
}

// line makes a row of one group of a part.
func (w *making) line(p part, g int) Row {
	r := w.row(p.row, p.label, p.base[g], g)
	for i, c := range p.columns {
		r.Cells = append(r.Cells, w.cell(&r, c, p, g, i))
	}
	return r
}

// row makes a row without cells.
func (w *making) row(id, label string, b base, g int) Row {
	r := Row{Row: id, Label: label, N: b.n, Valid: b.valid, LeftOpen: b.left, Small: b.n < SmallBase}
	if w.weight != nil {
		r.Weighted = b.w
		if b.squares > 0 {
			r.EffectiveN = b.w * b.w / b.squares
		}
	}
	if b.own < b.n {
		r.Responses = b.own
	}
	if w.q.ShowIf.String() == "" { // of how many would be asked nobody knows
		r.Population = w.population[g]
		r.All = b.n > 0 && b.n == r.Population
	}
	return r
}

// cell makes a cell with its percentages and interval.
func (w *making) cell(r *Row, c Column, p part, g, i int) Cell {
	b, out := p.base[g], Counted(c.ID, p.n[g][i])
	share := func(count int, n int, weighted, of float64) float64 {
		if w.weight != nil {
			return 100 * weighted / of // NaN of 0
		}
		if n == 0 {
			return math.NaN()
		}
		return 100 * float64(count) / float64(n)
	}
	var weighted float64
	if p.w != nil {
		weighted = p.w[g][i]
	}
	out.Percent = share(p.n[g][i], b.n, weighted, b.w)
	if c.Missing == instrument.Substantive && b.valid < b.n {
		out.PercentValid = share(p.n[g][i], b.valid, weighted, b.wValid)
	}
	if w.split != nil {
		var all float64
		if p.w != nil {
			all = p.w[0][i]
		}
		out.PercentColumn = share(p.n[g][i], p.n[0][i], weighted, all)
	}
	if b.n > 0 {
		iv := stat.WilsonWorth(out.Percent/100, w.worth(b), b.n, r.Population, confidence)
		out.Lo, out.Hi = 100*iv.Lo, 100*iv.Hi
	}
	return out
}

// worth is how many independent cases a base is worth: questionnaires, and fewer
// where they are weighted (Kish).
func (w *making) worth(b base) float64 {
	n := float64(b.own)
	if w.weight != nil && b.squares > 0 {
		n *= b.w * b.w / b.squares / float64(b.n)
	}
	return n
}

func (w *making) single() {
	p := w.choices(w.asked()[0], "", "")
	w.Sum = SumColumn
	w.list(p)
}

func (w *making) multiple() {
	p := w.several(w.asked(), "", "")
	w.Sum = SumMulti
	w.list(p)
}

// list lays out a list of options: the option is the row.
func (w *making) list(p part) {
	if w.split != nil {
		w.Layout, w.Columns = Cross, p.columns
		if w.Sum == SumColumn {
			w.Sum = SumRow
		}
		w.lines(p)
		return
	}
	w.Layout, w.N = Options, p.base[0].n
	w.Columns = []Column{{ID: "percentage", Label: "Percentage"}}
	for i, c := range p.columns {
		r := w.row(c.ID, c.Label, p.base[0], 0)
		cell := w.cell(&r, c, p, 0, i)
		cell.Column = "percentage"
		r.Cells = []Cell{cell}
		w.Rows = append(w.Rows, r)
	}
}

func (w *making) matrix() {
	w.grid(SumRow)
	for _, row := range w.q.Rows {
		if i := slices.IndexFunc(w.asked(), func(c *dataset.Column) bool { return c.Row == row.ID }); i >= 0 {
			w.lines(w.choices(w.asked()[i], row.ID, row.Label))
		}
	}
}

func (w *making) matrixMultiple() {
	w.grid(SumMulti)
	for _, row := range w.q.Rows {
		flags := slices.DeleteFunc(w.asked(), func(c *dataset.Column) bool { return c.Row != row.ID })
		w.lines(w.several(flags, row.ID, row.Label))
	}
}

func (w *making) grid(sum Sum) {
	w.Layout, w.Sum, w.Columns = Matrix, sum, w.with(optionColumns(w.q))
	if w.split != nil {
		w.Layout = Cross
	}
}

// numbers describes grades and numbers.
func (w *making) numbers() {
	w.Layout, w.Sum = Grades, SumNone
	type line struct{ id, label string }
	rows := []line{{"", strings.TrimSpace("Aantal " + w.q.Range.Unit)}}
	w.Columns = []Column{{ID: "aantal", Label: "Aantal"}}
	if w.q.Kind == instrument.GradeMatrix {
		rows, w.Columns = nil, w.Table.substantiveOf(optionColumns(w.q))
		for _, r := range w.q.Rows {
			rows = append(rows, line{r.ID, r.Label})
		}
	}
	for _, row := range rows {
		cells := grid[moments](w.groups, len(w.Columns))
		for i, column := range w.Columns {
			for _, c := range w.asked() {
				if c.Row == row.id && (c.Variable.Column == column.ID || w.q.Kind == instrument.Number) {
					numbers := w.describe(c, cells, i)
					if w.split != nil {
						w.testMeans(row.id, row.label, column.ID, numbers)
					}
				}
			}
		}
		w.gradeRows(row.id, row.label, cells)
	}
}

// gradeRows are the rows of numbers: one, or one per group and one of all.
func (w *making) gradeRows(id, label string, cells [][]moments) {
	for g := 1; g < w.groups; g++ {
		w.Rows = append(w.Rows, w.gradeRow(id, label, cells[g], g))
	}
	w.Rows = append(w.Rows, w.gradeRow(id, label, cells[0], 0)) // the total comes last
}

func (*Table) substantiveOf(columns []Column) []Column {
	return slices.DeleteFunc(columns, func(c Column) bool { return c.Missing != instrument.Substantive })
}

// describe sums the numbers of a column by group. Of a table that is split it
// returns those of questionnaires, by group.
func (w *making) describe(c *dataset.Column, cells [][]moments, i int) [][]float64 {
	if c.Type == instrument.NumberType {
		return w.describeNumbers(c, cells, i)
	}
	numbers := make([][]float64, w.groups)
	t := w.countCells(w.d, c)
	for g := range t.n {
		for x, n := range t.n[g] {
			v, ok := c.Value(dataset.Cell(x))
			if !ok || v.Missing {
				continue
			}
			weight, squares := float64(n), float64(n)
			if t.w != nil {
				weight, squares = t.w[g][x], t.squares[g][x]
			}
			cells[g][i].add(float64(v.Code), n, t.own[g][x], weight, squares)
			if g > 0 {
				numbers[g] = append(numbers[g], slices.Repeat([]float64{float64(v.Code)}, t.own[g][x])...)
			}
		}
	}
	return numbers
}

func (w *making) describeNumbers(c *dataset.Column, cells [][]moments, i int) [][]float64 {
	numbers := make([][]float64, w.groups)
	row := -1
	for at := range w.d.Cases() {
		row++
		x := c.Number(at)
		if math.IsNaN(x) {
			continue
		}
		own, weight := 1, 1.0
		if !w.own(row) {
			own = 0
		}
		if w.weight != nil {
			weight = w.weight[row]
		}
		cells[0][i].add(x, 1, own, weight, weight*weight)
		if g := w.group(row); g > 0 {
			cells[g][i].add(x, 1, own, weight, weight*weight)
			if own == 1 {
				numbers[g] = append(numbers[g], x)
			}
		}
	}
	return numbers
}

func (w *making) gradeRow(id, text string, cells []moments, g int) Row {
	r := Row{Row: id, Label: text}
	if w.split != nil {
		r.Label = label(text, "Totaal")
		if g > 0 {
			r.Group, r.Label = w.split.Groups[g-1].ID, label(text, w.split.Groups[g-1].Label)
		}
	}
	if w.q.ShowIf.String() == "" {
		r.Population = w.population[g]
	}
	for i, m := range cells {
		c := Counted(w.Columns[i].ID, m.n)
		grade := Grade{Mean: m.mean(), SD: m.sd(), Min: math.NaN(), Max: math.NaN(), N: m.n}
		if m.n > 0 {
			grade.Min, grade.Max = m.min, m.max
		}
		b := base{n: m.n, own: m.own, w: m.w, squares: m.squares}
		iv := stat.MeanOf(grade.Mean, grade.SD, w.worth(b), m.n, r.Population, confidence)
		grade.Lo, grade.Hi = iv.Lo, iv.Hi
		c.Grade = &grade
		r.Cells = append(r.Cells, c)
		r.N = max(r.N, m.n)
	}
	r.Valid, r.Small = r.N, r.N < SmallBase
	return r
}

// open counts the codes of what was written, or who wrote something where it is
// not coded yet.
func (w *making) open() {
	w.Layout, w.Sum, w.N = Codes, SumNone, w.Table.Bases.N
	w.Columns = []Column{{ID: "aantal", Label: "Aantal"}}
	i := slices.IndexFunc(w.codings, func(c Coding) bool { return c.Question == w.q.ID })
	if columns := w.d.Codes(w.q.ID); i < 0 && len(columns) > 0 {
		w.coded(columns)
		return
	}
	if i < 0 {
		w.Warnings = append(w.Warnings, Warning{Kind: NotCoded, Text: "De antwoorden zijn nog niet gecodeerd."})
		return
	}
	w.codes(w.codings[i])
}

// coded counts the codes that stand in the dataset. Its N is who wrote something
// that could be coded (standards O6).
func (w *making) coded(columns []*dataset.Column) {
	coding := Coding{Question: w.q.ID, Of: map[dataset.Case][]int{}}
	for _, c := range columns {
		coding.Codes = append(coding.Codes, Code{ID: c.Name, Label: c.Label, Rest: strings.HasSuffix(c.Name, "_99")})
	}
	codable, empty := 0, 0
	for at := range w.d.Cases() {
		switch v, ok := columns[0].Value(columns[0].Cell(at)); {
		case ok && v.Missing:
			empty++
			continue
		case !ok:
			continue
		}
		codable++
		for i, c := range columns {
			if v, _ := c.Value(c.Cell(at)); v.Code == dataset.Named {
				coding.Of[at] = append(coding.Of[at], i)
			}
		}
	}
	if waiting := w.N - codable - empty; waiting > 0 {
		w.Warnings = append(w.Warnings, Warning{Kind: NotCoded, Text: fmt.Sprintf("Van %d antwoorden staat de code nog niet vast; zij tellen niet mee.", waiting)})
	}
	w.N = codable
	w.Notes = append(w.Notes, "Een antwoord kan meer codes hebben. De aantallen zijn keren dat een code is genoemd.")
	w.codes(coding)
}

// codes counts codes, the most frequent first and the rest last (standards O6): in
// one column, or one per group.
func (w *making) codes(coding Coding) {
	if w.split != nil {
		w.Columns = slices.Clone(w.split.Groups)
	}
	counts, totals := grid[int](len(coding.Codes), len(w.Columns)), make([]int, len(coding.Codes))
	row := -1
	for at := range w.d.Cases() {
		row++
		for _, code := range coding.Of[at] {
			totals[code]++
			switch g := w.group(row); {
			case w.split == nil:
				counts[code][0]++
			case g > 0:
				counts[code][g-1]++
			}
		}
	}
	order := make([]int, len(coding.Codes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if x, y := coding.Codes[a].Rest, coding.Codes[b].Rest; x != y {
			if x {
				return 1
			}
			return -1
		}
		return totals[b] - totals[a]
	})
	for _, code := range order {
		r := Row{Row: coding.Codes[code].ID, Label: coding.Codes[code].Label, N: w.N, Valid: w.N}
		for i, c := range w.Columns {
			r.Cells = append(r.Cells, Counted(c.ID, counts[code][i]))
		}
		w.Rows = append(w.Rows, r)
	}
}

// texts lists what was written in the open fields of a closed question: by field
// and group, the most frequent first.
func (w *making) texts() {
	if w.q.Kind == instrument.Open || w.q.Kind == instrument.Repeated {
		return
	}
	for _, c := range w.columns {
		if c.Type != instrument.TextType {
			continue
		}
		n := map[Text]int{}
		row := -1
		for at := range w.d.Cases() {
			row++
			text := strings.TrimSpace(c.Text(at))
			if text == "" || !w.own(row) {
				continue
			}
			t := Text{Row: c.Name, Label: strings.TrimSuffix(c.Label, " (tekst)"), Text: text}
			if g := w.group(row); w.split != nil && g > 0 {
				t.Group = w.split.Groups[g-1].Label
			}
			n[t]++
		}
		from := len(w.Texts)
		for t, count := range n {
			t.N = count
			w.Texts = append(w.Texts, t)
		}
		slices.SortFunc(w.Texts[from:], func(a, b Text) int {
			return cmp.Or(strings.Compare(a.Group, b.Group), b.N-a.N, strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)), strings.Compare(a.Text, b.Text))
		})
	}
}

// repeated counts who filled in a group, and how many.
func (w *making) repeated() {
	w.Layout, w.Sum, w.N = List, SumNone, w.Table.Bases.N
	w.Columns = []Column{{ID: "aantal", Label: "Aantal"}}
	repeats := map[string][]*dataset.Column{}
	var order []string
	for _, c := range w.columns {
		if repeats[c.Row] == nil {
			order = append(order, c.Row)
		}
		repeats[c.Row] = append(repeats[c.Row], c)
	}
	total := 0
	for _, n := range order {
		t := count(&w.frame, w.d.Classes(repeats[n], stateOf), int(states))
		total += t.own[0][answered]
	}
	name := strings.ToLower(w.q.Repeat)
	r := Row{Row: "ingevuld", Label: "Ingevuld (" + name + ")", N: w.N, Valid: w.N, Cells: []Cell{Counted("aantal", total)}}
	w.Rows = append(w.Rows, r)
}
