package dataset

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
)

// The columns that every dataset has beside background and answers.
const (
	UnitColumn      = "unit"         // code of the unit
	PseudonymColumn = "id_resp"      // random id of the unit in this study
	SourceColumn    = "bron_id"      // code of the unit that filled in the questionnaire
	CoverageColumn  = "dekking"      // eigen, gedekt
	ModeColumn      = "mode"         // web, tel, paper: of the questionnaire
	StatusColumn    = "status"       // submitted, partial, kernvragen
	EditionColumn   = "versie"       // of the instrument
	StartedColumn   = "gestart_op"   // moment
	SubmittedColumn = "ingediend_op" // moment
	DurationColumn  = "duur"         // seconds between those two, where both are known
	LateColumn      = "te_laat"      // sent after closing, within the grace
	RevisionColumn  = "revisie"      // 2 and more: corrected after sending
)

// A Unit is a unit of the register, whether it answered or not.
type Unit struct {
	Code       string
	Pseudonym  string
	Background map[string]string // by id of the column; frozen at the reference date
	Ineligible bool              // it does not belong to the population
}

// A Builder makes a Dataset of units and questionnaires that come one at a time,
// and keeps nothing of what it was given.
type Builder struct {
	info     Info
	whole    *form.Form
	core     *form.Form
	asks     []string // ids of all questions
	asked    []bool   // scratch: by asks, shown in the questionnaire at hand
	drafts   []*draft // response columns: what is known of the questionnaire, then the answers
	byName   map[string]*draft
	names    map[string]bool // folded, of drafts and of background columns
	editions dictionary

	units      map[string]int32 // place in codes
	codes      []string
	pseudonyms []string
	ineligible bits
	background []backgroundDraft

	own    []int32 // unit of each questionnaire
	covers []coverage
}

// A coverage says that a questionnaire holds for another unit than its own.
type coverage struct{ unit, response int32 }

// NewBuilder returns a builder for what was asked with f, of units with the given
// background columns. Those of strata are categories whatever they hold; what
// the others are, their values tell.
func NewBuilder(info Info, f *form.Form, background []sample.Column, strata []string) *Builder {
	info.Taken = info.Taken.UTC().Truncate(time.Microsecond)
	b := &Builder{info: info, whole: f, core: form.NewCore(f.In), byName: map[string]*draft{}, names: map[string]bool{}, units: map[string]int32{}}
	for _, c := range metaColumns() {
		b.draft(c, -1)
	}
	for s := range f.In.Sections {
		for q := range f.In.Sections[s].Questions {
			question := &f.In.Sections[s].Questions[q]
			b.asks = append(b.asks, question.ID)
			for _, v := range question.Variables() {
				b.draft(answerColumn(question, v), len(b.asks)-1)
			}
		}
	}
	b.asked = make([]bool, len(b.asks))
	for _, c := range background {
		b.background = append(b.background, backgroundDraft{column: c, stratum: slices.Contains(strata, c.ID)})
	}
	return b
}

func (b *Builder) draft(c *Column, question int) {
	d := newDraft(c, question)
	b.drafts = append(b.drafts, d)
	b.byName[c.Name] = d
	b.names[fold(c.Name)] = true
}

// metaColumns are the columns about a questionnaire as a whole.
func metaColumns() []*Column {
	choice := func(name, label string, values ...instrument.Value) *Column {
		return &Column{Variable: instrument.Variable{Name: name, Label: label, Type: instrument.CodeType, Values: values}, Role: Meta, Measure: Nominal}
	}
	plain := func(name, label string, t instrument.Type) *Column {
		return &Column{Variable: instrument.Variable{Name: name, Label: label, Type: t, Values: []instrument.Value{}}, Role: Meta, Measure: Interval}
	}
	late := choice(LateColumn, "Verstuurd na sluiting", instrument.Value{Code: 0, ID: "nee", Label: "Nee"}, instrument.Value{Code: 1, ID: "ja", Label: "Ja"})
	late.Type = instrument.FlagType
	return []*Column{
		choice(ModeColumn, "Wijze van invullen",
			instrument.Value{Code: 1, ID: string(answer.Web), Label: "Internet"}, instrument.Value{Code: 2, ID: string(answer.Tel), Label: "Telefoon"}, instrument.Value{Code: 3, ID: string(answer.Paper), Label: "Papier"}),
		choice(StatusColumn, "Status van de vragenlijst",
			instrument.Value{Code: 1, ID: string(answer.Submitted), Label: "Verstuurd"}, instrument.Value{Code: 2, ID: string(answer.Partial), Label: "Gedeeltelijk ingevuld"},
			instrument.Value{Code: 3, ID: string(answer.Kernvragen), Label: "Alleen de kernvragen"}),
		plain(StartedColumn, "Begonnen op", TimeType),
		plain(SubmittedColumn, "Ingediend op", TimeType),
		plain(DurationColumn, "Tijd tussen beginnen en indienen, in seconden", instrument.NumberType),
		late,
		plain(RevisionColumn, "Hoe vaak ingediend", instrument.NumberType),
	}
}

// answerColumn is the column of a variable of the instrument.
func answerColumn(q *instrument.Question, v instrument.Variable) *Column {
	c := &Column{Variable: v, Measure: measure(q, v)}
	if v.Type == instrument.FlagType {
		for _, o := range q.Options {
			if o.ID == v.Column {
				c.Stands = o.Missing
			}
		}
	}
	return c
}

// measure returns the level of measurement of a variable. Codes have an order
// where questions share their list, as scales do, or where they are columns of a
// matrix; two answers have none, nor have descriptions with a title of their own.
func measure(q *instrument.Question, v instrument.Variable) Measure {
	switch v.Type {
	case instrument.GradeType, instrument.NumberType:
		return Interval
	case instrument.FlagType, instrument.TextType:
		return Nominal
	}
	n, titled := 0, false
	for _, o := range q.Options {
		if o.Missing == instrument.Substantive {
			n++
			titled = titled || o.Title != ""
		}
	}
	if n < 3 || titled || q.OptionSet == "" && q.Kind != instrument.MatrixSingle {
		return Nominal
	}
	return Ordinal
}

// AddUnit adds a unit of the register. A unit comes before questionnaires that
// hold for it.
func (b *Builder) AddUnit(u Unit) error {
	if _, twice := b.units[u.Code]; twice || u.Code == "" {
		return fmt.Errorf("dataset: unit %q is there twice or has no code", u.Code)
	}
	at := int32(len(b.codes))
	code := strings.Clone(u.Code) // it may be part of something large
	b.units[code] = at
	b.codes = append(b.codes, code)
	b.pseudonyms = append(b.pseudonyms, strings.Clone(u.Pseudonym))
	if u.Ineligible {
		b.ineligible = b.ineligible.set(Case(at))
	}
	for i := range b.background {
		b.background[i].add(u.Background[b.background[i].column.ID])
	}
	return nil
}

// Add adds a questionnaire. What does not fit the codebook is an error: a unit or
// variable that is not there, a value that its variable does not have. After an
// error the builder cannot be used.
func (b *Builder) Add(f answer.Filled) error {
	unit, ok := b.units[f.Unit]
	if !ok {
		return fmt.Errorf("dataset: a questionnaire of %q, which is no unit", f.Unit)
	}
	row := int32(len(b.own))
	b.own = append(b.own, unit)
	for _, code := range f.Covers {
		covered, ok := b.units[code]
		if !ok {
			return fmt.Errorf("dataset: %s covers %q, which is no unit", f.Unit, code)
		}
		b.covers = append(b.covers, coverage{covered, row})
	}
	b.route(&f)
	for _, d := range b.drafts {
		d.begin(row, d.question >= 0 && !b.asked[d.question])
	}
	if err := b.meta(&f); err != nil {
		return fmt.Errorf("dataset: %s: %w", f.Unit, err)
	}
	for name, value := range f.Answers {
		d := b.byName[name]
		if d == nil || d.column.Role != Response || !d.set(row, value) {
			return fmt.Errorf("dataset: %s: %.40q is no value of %.70q", f.Unit, value, name)
		}
	}
	for name, mode := range f.Modes {
		d, i := b.byName[name], slices.Index(modes, mode)
		if d == nil || d.column.Role != Response || i < 0 {
			return fmt.Errorf("dataset: %s: %q is no mode of %.70q", f.Unit, mode, name)
		}
		if mode != f.Mode {
			d.other = append(d.other, otherMode{Case(row), uint8(i)})
		}
	}
	return nil
}

// route finds out which questions were shown.
func (b *Builder) route(f *answer.Filled) {
	whole := b.whole
	if f.Status == answer.Kernvragen {
		whole = b.core
	}
	shown := whole.Shown(f.Answers)
	for i, id := range b.asks {
		b.asked[i] = shown[id]
	}
}

// meta sets what is known of a questionnaire as a whole.
func (b *Builder) meta(f *answer.Filled) error {
	row := int32(len(b.own) - 1)
	late := "0"
	if f.Late {
		late = "1"
	}
	for _, x := range [...][2]string{{ModeColumn, string(f.Mode)}, {StatusColumn, string(f.Status)}, {LateColumn, late}} {
		d := b.byName[x[0]]
		cell, ok := d.column.cell(x[1])
		if !ok || x[1] == "" {
			return fmt.Errorf("%.40q is no %s", x[1], x[0])
		}
		d.cells.setLast(uint8(cell))
	}
	b.byName[RevisionColumn].set(row, strconv.Itoa(f.Revision))
	b.byName[StartedColumn].moment(f.Started)
	b.byName[SubmittedColumn].moment(f.Sent)
	if length := f.Sent.Sub(f.Started); !f.Started.IsZero() && length > 0 { // an import knows no beginning
		b.byName[DurationColumn].set(row, strconv.Itoa(int(length/time.Second)))
	}
	b.editions.add(f.Edition)
	return nil
}

// Build returns the dataset. The builder cannot be used after it.
func (b *Builder) Build() (*Dataset, error) {
	o, err := b.order()
	if err != nil {
		return nil, err
	}
	b.byName, b.units = nil, nil // so that drafts can end
	d := &Dataset{Info: b.info, byName: map[string]int{}, n: len(o.units), own: o.own}
	b.addUnits(d, o)
	answers := slices.IndexFunc(b.drafts, func(x *draft) bool { return x.column.Role == Response })
	if answers < 0 {
		answers = len(b.drafts)
	}
	d.addDrafts(b.drafts[:answers], o)
	d.add(b.editions.categories(Column{Variable: instrument.Variable{Name: EditionColumn, Label: "Versie van de vragenlijst"}, Role: Meta, Measure: Nominal}, slices.Sorted(maps.Keys(b.editions.ids)), o.from))
	d.modes = d.Column(ModeColumn)
	sorted := b.sorted()
	frame := slices.DeleteFunc(slices.Clone(sorted), func(u int32) bool { return b.ineligible.has(Case(u)) })
	d.frame = &Dataset{Info: b.info, byName: map[string]int{}, n: len(frame)}
	d.frame.unit = b.texts(UnitColumn, unitLabel, b.codes, frame)
	d.frame.add(d.frame.unit)
	for i := range b.background {
		bg := &b.background[i]
		c, ordered := bg.typed(b.free(bg.column.ID), sorted), bg.order(sorted)
		d.add(bg.pick(c, ordered, o.units))
		d.frame.add(bg.pick(c, ordered, frame))
	}
	d.addDrafts(b.drafts[answers:], o)
	return d, nil
}

// add puts a column at the end.
func (d *Dataset) add(c *Column) {
	d.byName[fold(c.Name)] = len(d.columns)
	d.columns = append(d.columns, c)
}

// addDrafts gives each column its cells in the order of cases. The drafts end,
// one by one: their memory is needed for the next.
func (d *Dataset) addDrafts(drafts []*draft, o *order) {
	for i, x := range drafts {
		d.add(x.build(o))
		drafts[i] = nil
	}
}

// An order says which unit and which questionnaire each case is.
type order struct {
	units    []int32 // by case, in the order of their codes
	from     []int32 // questionnaire, by case
	own      []Case  // by case, that of the unit that filled it in; nil: all are
	straight bool    // questionnaires came in this order, and cover nothing
	starts   []int32 // where the cases of each questionnaire start in cases
	cases    []Case
}

// counting returns the questionnaire that counts for each unit, -1 for none. A
// unit's own takes the count over from one that covers it (DESIGN 1).
func (b *Builder) counting() ([]int32, error) {
	response := slices.Repeat([]int32{-1}, len(b.codes))
	for r, unit := range b.own {
		if response[unit] >= 0 {
			return nil, fmt.Errorf("dataset: %s has two questionnaires", b.codes[unit])
		}
		response[unit] = int32(r)
	}
	for _, c := range b.covers {
		switch r := response[c.unit]; {
		case r < 0:
			response[c.unit] = c.response
		case b.own[r] != c.unit && r != c.response:
			return nil, fmt.Errorf("dataset: %s is covered by %s and by %s", b.codes[c.unit], b.codes[b.own[r]], b.codes[b.own[c.response]])
		}
	}
	return response, nil
}

// order finds the cases.
func (b *Builder) order() (*order, error) {
	response, err := b.counting()
	if err != nil {
		return nil, err
	}
	o := &order{straight: true, starts: make([]int32, len(b.own)+1)}
	own := make([]Case, len(b.own)) // by questionnaire
	for _, unit := range b.sorted() {
		r := response[unit]
		if r < 0 {
			continue
		}
		if b.own[r] == unit {
			own[r] = Case(len(o.from))
		}
		o.straight = o.straight && int(r) == len(o.from)
		o.units = append(o.units, unit)
		o.from = append(o.from, r)
		o.starts[r+1]++
	}
	for r := range b.own {
		o.starts[r+1] += o.starts[r]
	}
	o.cases = make([]Case, len(o.from))
	next := slices.Clone(o.starts)
	for at, r := range o.from {
		o.cases[next[r]] = Case(at)
		next[r]++
	}
	if len(o.from) > len(b.own) {
		o.own = make([]Case, len(o.from))
		for at, r := range o.from {
			o.own[at] = own[r]
		}
	}
	return o, nil
}

// of returns the cases of a questionnaire, ascending.
func (o *order) of(response int32) []Case { return o.cases[o.starts[response]:o.starts[response+1]] }

// sorted returns the units in the order of their codes.
func (b *Builder) sorted() []int32 {
	units := make([]int32, len(b.codes))
	for i := range units {
		units[i] = int32(i)
	}
	slices.SortFunc(units, func(x, y int32) int { return strings.Compare(b.codes[x], b.codes[y]) })
	return units
}

const unitLabel = "Code van de eenheid"

// addUnits adds what is known of the unit of a case and of its questionnaire.
func (b *Builder) addUnits(d *Dataset, o *order) {
	units := b.texts(UnitColumn, unitLabel, b.codes, o.units)
	d.unit = units
	d.add(units)
	d.add(b.texts(PseudonymColumn, "Willekeurig nummer van de eenheid in dit onderzoek", b.pseudonyms, o.units))
	from := metaText(SourceColumn, "Code van de eenheid die de vragenlijst invulde")
	if from.cells = units.cells; o.own != nil {
		from.cells = cells{of: &source{units, o.own}}
	}
	d.add(from)
	coverage := &Column{Variable: instrument.Variable{Name: CoverageColumn, Label: "Eigen vragenlijst, of gedekt door die van een ander", Type: instrument.CodeType,
		Values: []instrument.Value{{Code: 1, ID: "eigen", Label: "Eigen vragenlijst"}, {Code: 2, ID: "gedekt", Label: "Gedekt door een andere eenheid"}}}, Role: Meta, Measure: Nominal}
	coverage.fill(d.n, func(at Case) Cell {
		if !d.Covered(at) {
			return firstValue
		}
		return firstValue + 1
	})
	d.add(coverage)
}

func metaText(name, label string) *Column {
	return &Column{Variable: instrument.Variable{Name: name, Label: label, Type: instrument.TextType, Values: []instrument.Value{}}, Role: Meta, Measure: Nominal}
}

// texts makes a column of what is known of units.
func (b *Builder) texts(name, label string, of []string, units []int32) *Column {
	c := metaText(name, label)
	c.texts = newTexts(len(units), func(i int) string { return of[units[i]] })
	return c
}

// free returns a name for a background column that no other column has.
func (b *Builder) free(id string) string {
	if !nameable(id) {
		id = "achtergrond"
	}
	id = id[:min(len(id), 50)]
	taken := func(name string) bool {
		own := []string{UnitColumn, PseudonymColumn, SourceColumn, CoverageColumn, EditionColumn}
		return slices.Contains(own, fold(name)) || b.names[fold(name)]
	}
	name := id
	for n := 2; taken(name); n++ {
		name = id + "_" + strconv.Itoa(n)
	}
	b.names[fold(name)] = true
	return name
}
