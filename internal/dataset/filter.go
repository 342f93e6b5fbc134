package dataset

import (
	"slices"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/logic"
)

// A Filter says which rows to keep: those for which everything that it names
// holds. It is data, so that what was counted can be told and counted again.
type Filter struct {
	// Where is a condition as in the routing of a questionnaire (package logic),
	// over any columns but texts: "regio = noord and b5_2_bao >= 3".
	Where string `json:"where,omitempty"`
	// Column and Values keep what has one of these values: codes or ids, the
	// missing ones included, also niet_bereikt, niet_getoond and onbekend; of a
	// text, exactly these texts.
	Column string   `json:"column,omitempty"`
	Values []string `json:"values,omitzero"`
	// Modes keeps what was answered in one of these ways, in Column, or in the
	// questionnaire as a whole where Column is "".
	Modes []answer.Mode `json:"modes,omitzero"`
	// Questionnaires keeps one row per questionnaire: no covered units.
	Questionnaires bool `json:"questionnaires,omitempty"`
}

// Filter returns the rows of d that all of fs keep. It shares the columns of d.
// A filter that does not fit d is an errs.Invalid.
func (d *Dataset) Filter(fs ...Filter) (*Dataset, error) {
	out := *d
	out.filters = slices.Clone(d.filters)
	for _, f := range fs {
		keep, err := out.keeper(f)
		if err != nil {
			return nil, err
		}
		cases := []Case{} // nil would be all
		for at := range out.Cases() {
			if keep(at) {
				cases = append(cases, at)
			}
		}
		out.cases = cases
		out.filters = append(out.filters, f)
	}
	return &out, nil
}

// Filters returns the filters that made d out of the whole, in order.
func (d *Dataset) Filters() []Filter { return slices.Clone(d.filters) }

// Population returns the units of the register that d speaks for: all eligible
// ones, or those that its filters keep. It is false where the filters ask what is
// known of respondents alone, so that nobody knows how large that population is.
func (d *Dataset) Population() (*Dataset, bool) {
	var fs []Filter
	for _, f := range d.filters {
		if f.Modes != nil {
			return nil, false
		}
		if f.Where != "" || f.Column != "" {
			fs = append(fs, f)
		}
	}
	if d.frame == nil { // d is the register itself
		return d, true
	}
	p, err := d.frame.Filter(fs...)
	return p, err == nil
}

// A keeper reports whether a row stays.
type keeper func(Case) bool

func (d *Dataset) keeper(f Filter) (keeper, error) {
	if f.Modes != nil && d.modes == nil {
		return nil, errs.Errorf(errs.Invalid, "Alleen van antwoorden is bekend hoe zij binnenkwamen.")
	}
	where, err := d.condition(f.Where)
	if err != nil {
		return nil, err
	}
	var column *Column
	if f.Column != "" {
		if column = d.Column(f.Column); column == nil {
			return nil, unknownColumn(f.Column)
		}
	}
	values, err := column.among(f.Values)
	if err != nil {
		return nil, err
	}
	c := column
	if c == nil {
		c = d.modes // the mode of the whole
	}
	return func(at Case) bool {
		switch {
		case f.Questionnaires && d.Covered(at),
			f.Modes != nil && !slices.Contains(f.Modes, d.Mode(c, at)),
			values != nil && !values(at):
			return false
		}
		return where(at)
	}, nil
}

func unknownColumn(name string) error {
	return errs.Errorf(errs.Invalid, "De kolom ‘%s’ bestaat niet.", name)
}

// among returns whether a case has one of the values; nil where none are named.
func (c *Column) among(values []string) (keeper, error) {
	switch {
	case values == nil:
		return nil, nil
	case c == nil:
		return nil, errs.Errorf(errs.Invalid, "Zeg van welke kolom dit waarden zijn.")
	case c.Type == instrument.TextType:
		return func(at Case) bool { return slices.Contains(values, c.Text(at)) }, nil
	}
	keep := make([]bool, c.given()+1)
	var numbers []float64
	for _, v := range values {
		switch x, known := c.named(v); {
		case known:
			keep[x] = true
		case !c.coded():
			n, err := strconv.ParseFloat(v, 64)
			if err != nil {
				return nil, errs.Errorf(errs.Invalid, "‘%s’ is geen getal en geen antwoord bij ‘%s’.", v, c.Name)
			}
			numbers = append(numbers, n)
		default:
			return nil, errs.Errorf(errs.Invalid, "Het antwoord ‘%s’ bestaat niet bij ‘%s’.", v, c.Name)
		}
	}
	return func(at Case) bool { return keep[c.Cell(at)] || slices.Contains(numbers, c.Number(at)) }, nil
}

// named returns the cell that a code, the id of a value or a reason of
// system-missing names.
func (c *Column) named(value string) (Cell, bool) {
	for x := range firstValue {
		if string(c.Reason(x)) == value {
			return x, true
		}
	}
	if value == "" {
		return 0, false
	}
	return c.cell(value)
}

// Condition is a condition of Filter.Where over the columns of d, with codes in place
// of words. One that does not fit d is an errs.Invalid.
func (d *Dataset) Condition(src string) (logic.Expr, error) {
	expr, err := logic.Parse(src)
	if err != nil {
		return expr, errs.Wrap(err, errs.Invalid, "%s", err.Error())
	}
	expr, faults := expr.Resolve(d.domain)
	if len(faults) > 0 {
		return expr, errs.Wrap(faults[0], errs.Invalid, "%s", faults[0].Error())
	}
	return expr, nil
}

// condition makes a keeper of a condition in the syntax of logic.
func (d *Dataset) condition(src string) (keeper, error) {
	expr, err := d.Condition(src)
	if err != nil {
		return nil, err
	}
	if expr.IsZero() {
		return func(Case) bool { return true }, nil
	}
	type operand struct {
		*Column
		codes []string // by cell, so that no row makes a string
	}
	operands := map[string]operand{}
	for _, name := range expr.Variables() {
		c := d.Column(name)
		operands[name] = operand{c, c.codes()}
	}
	return func(at Case) bool {
		return expr.Eval(func(name string) (string, bool) {
			c := operands[name]
			x := c.Cell(at)
			if c.Reason(x) != instrument.Substantive {
				return "", false
			}
			if x == c.given() {
				return c.Stored(at), true
			}
			return c.codes[x], true
		})
	}, nil
}

// codes gives the stored form of each cell that is a value.
func (c *Column) codes() []string {
	codes := make([]string, c.given())
	for i, v := range c.Values {
		codes[int(firstValue)+i] = strconv.Itoa(v.Code)
	}
	return codes
}

// domain says what a condition can compare a column with.
func (d *Dataset) domain(name string) (logic.Domain, bool) {
	c := d.Column(name)
	switch {
	case c == nil:
		return logic.Domain{}, false
	case c.Type == instrument.TextType || c.Type == TimeType:
		return logic.Domain{Text: true}, true
	case !c.coded():
		return logic.Domain{Min: lowest, Max: -lowest}, true
	}
	values := []logic.Value{}
	for _, v := range c.Values {
		if !v.Missing {
			values = append(values, logic.Value{ID: v.ID, Code: v.Code})
		}
	}
	return logic.Domain{Values: values}, true
}
