package dataset

import (
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Rule says how a column follows from another one: which values go together,
// or where a number is cut. It is data: kept beside a table, it makes the same
// column again.
type Rule struct {
	From   string  `json:"from"`
	Groups []Group `json:"groups"`
	// Cuts divide a number, from low to high: group 0 is below Cuts[0], group i
	// from Cuts[i-1] to just under Cuts[i], the last from the last cut.
	Cuts []float64 `json:"cuts,omitempty"`
}

// A Group is one category of a derived column.
type Group struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	// Values are codes or ids of values of the column it comes from; missing
	// ones may be among them. The one group without values is the rest: every
	// substantive value that no other group has.
	Values []string `json:"values,omitempty"`
}

// Derive returns d with a column more. Every substantive value must be in one
// group; missing ones that are in none stay missing for the same reason, with
// the codes of DESIGN 1 for a list of so many groups. A rule that does not fit
// is an errs.Invalid.
func (d *Dataset) Derive(name, label string, rule Rule) (*Dataset, error) {
	from := d.Column(rule.From)
	if from == nil {
		return nil, unknownColumn(rule.From)
	}
	c, err := from.derive(name, label, rule)
	if err != nil {
		return nil, err
	}
	out, err := d.with(c)
	if err != nil {
		return nil, err
	}
	if d.frame != nil && d.frame.Column(rule.From) != nil {
		if out.frame, err = d.frame.Derive(name, label, rule); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// With returns d with a number per row more: a weight, the score on a scale. NaN
// is no number. It is asked for the rows of d alone.
func (d *Dataset) With(name, label string, value func(Case) float64) (*Dataset, error) {
	floats := make([]float64, d.n)
	for i := range floats {
		floats[i] = math.NaN()
	}
	for at := range d.Cases() {
		floats[at] = value(at)
	}
	return d.with(&Column{Variable: instrument.Variable{Name: name, Label: label, Type: instrument.NumberType, Values: []instrument.Value{}},
		Role: Computed, Measure: Interval, cells: cells{floats: floats}})
}

// WithGroups returns d with a column more of the given variable, whose values are
// groups that a Rule cannot make: classes of a score, whether one of several boxes
// was ticked. place is that in v.Values of each row of d, -1 for none. The question
// of v is the one that it was made of, so that nobody takes the two for independent.
func (d *Dataset) WithGroups(v instrument.Variable, place func(Case) int) (*Dataset, error) {
	v.Type = instrument.CodeType
	c := &Column{Variable: v, Role: Computed, Measure: Ordinal}
	to := make([]Cell, d.n)
	for at := range d.Cases() {
		if i := place(at); i >= 0 {
			to[at] = firstValue + Cell(i)
		}
	}
	c.fill(d.n, func(at Case) Cell { return to[at] })
	return d.with(c)
}

// with returns d with a column more, if its name may be.
func (d *Dataset) with(c *Column) (*Dataset, error) {
	if !nameable(c.Name) {
		return nil, errs.Errorf(errs.Invalid, "‘%s’ kan geen naam van een kolom zijn. Begin met een letter, en gebruik hooguit 64 letters, cijfers en streepjes (_).", c.Name)
	}
	if d.Column(c.Name) != nil {
		return nil, errs.Errorf(errs.Invalid, "De kolom ‘%s’ bestaat al. Kies een andere naam.", c.Name)
	}
	out := *d
	out.columns = append(slices.Clone(d.columns), c)
	out.byName = maps.Clone(d.byName)
	out.byName[fold(c.Name)] = len(out.columns) - 1
	return &out, nil
}

// nameable reports whether a column can be called so (standards N1).
func nameable(name string) bool {
	if name == "" || len(name) > 64 {
		return false
	}
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return true
}

// derive makes the column that a rule gives.
func (c *Column) derive(name, label string, rule Rule) (*Column, error) {
	group, err := c.groups(rule)
	if err != nil {
		return nil, err
	}
	out := &Column{Variable: instrument.Variable{Name: name, Label: label, Question: c.Question, Row: c.Row, Column: c.Variable.Column, Type: instrument.CodeType, Values: []instrument.Value{}},
		Role: Derived, Measure: Ordinal, Rule: &rule}
	if c.Measure == Nominal {
		out.Measure = Nominal
	}
	for i, g := range rule.Groups {
		out.Values = append(out.Values, instrument.Value{Code: i + 1, ID: g.ID, Label: g.Label})
	}
	to := make([]Cell, c.given()+1) // cells of c become these
	to[CellNotShown] = CellNotShown
	base := leftOpen(len(rule.Groups))
	for i, v := range c.Values {
		x := firstValue + Cell(i)
		if g, ok := group[x]; ok {
			to[x] = firstValue + Cell(g)
			continue
		}
		v.Code = base + slices.Index([]instrument.Missing{instrument.LeftOpen, instrument.NoView, instrument.NotApply}, v.Reason)
		out.Values = append(out.Values, v)
		to[x] = out.given() - 1
	}
	out.fill(c.len(), func(at Case) Cell {
		x := c.Cell(at)
		if x == c.given() { // a number, by its class
			class, exact := slices.BinarySearch(rule.Cuts, c.Number(at))
			if exact {
				class++
			}
			return firstValue + Cell(class)
		}
		return to[x]
	})
	return out, nil
}

// leftOpen is the code for left open where codes go to top (DESIGN 1).
func leftOpen(top int) int {
	switch {
	case top <= 6:
		return 7
	case top <= 96:
		return 97
	}
	return 997
}

// groups returns the group of each cell that a rule names, after checking it.
func (c *Column) groups(rule Rule) (map[Cell]int, error) {
	if len(rule.Groups) < 1 || len(rule.Groups) > 200 {
		return nil, errs.Errorf(errs.Invalid, "Maak een tot 200 groepen.")
	}
	ids := map[string]bool{}
	for _, g := range rule.Groups {
		if !nameable(g.ID) || ids[g.ID] {
			return nil, errs.Errorf(errs.Invalid, "Geef elke groep een eigen id van letters, cijfers en streepjes (_). ‘%s’ kan niet.", g.ID)
		}
		ids[g.ID] = true
	}
	if c.Type == instrument.TextType || c.Type == TimeType {
		return nil, errs.Errorf(errs.Invalid, "De waarden van ‘%s’ zijn niet te groeperen.", c.Name)
	}
	if !c.coded() {
		return c.cuts(rule)
	}
	if len(rule.Cuts) > 0 {
		return nil, errs.Errorf(errs.Invalid, "‘%s’ is geen getal. Noem per groep de antwoorden.", c.Name)
	}
	return c.members(rule)
}

func (c *Column) cuts(rule Rule) (map[Cell]int, error) {
	ascend := len(rule.Cuts) == len(rule.Groups)-1
	for i, cut := range rule.Cuts {
		ascend = ascend && !math.IsNaN(cut) && !math.IsInf(cut, 0) && (i == 0 || rule.Cuts[i-1] < cut)
	}
	for _, g := range rule.Groups {
		ascend = ascend && g.Values == nil
	}
	if !ascend {
		return nil, errs.Errorf(errs.Invalid, "‘%s’ is een getal. Geef grenzen van laag naar hoog, één minder dan er groepen zijn.", c.Name)
	}
	return map[Cell]int{}, nil
}

func (c *Column) members(rule Rule) (map[Cell]int, error) {
	group, rest := map[Cell]int{}, -1
	for i, g := range rule.Groups {
		if len(g.Values) == 0 {
			if rest >= 0 {
				return nil, errs.Errorf(errs.Invalid, "Hooguit één groep kan zonder antwoorden zijn: dat is de rest.")
			}
			rest = i
		}
		for _, v := range g.Values {
			x, ok := c.cell(v)
			if !ok || v == "" {
				return nil, errs.Errorf(errs.Invalid, "Het antwoord ‘%s’ bestaat niet bij ‘%s’.", v, c.Name)
			}
			if _, twice := group[x]; twice {
				return nil, errs.Errorf(errs.Invalid, "Het antwoord ‘%s’ staat in twee groepen.", v)
			}
			group[x] = i
		}
	}
	for i, v := range c.Values {
		x := firstValue + Cell(i)
		if _, ok := group[x]; ok || v.Missing {
			continue
		}
		if rest < 0 {
			return nil, errs.Errorf(errs.Invalid, "Het antwoord ‘%s’ (%s) staat in geen groep.", v.Label, strconv.Itoa(v.Code))
		}
		group[x] = rest
	}
	return group, nil
}

// len is the number of cases that c has cells of.
func (c *Column) len() int {
	return max(len(c.narrow), len(c.wide), len(c.ints), len(c.floats), len(c.moments))
}

// fill makes the cells of a coded column.
func (c *Column) fill(n int, cell func(Case) Cell) {
	if c.given() > math.MaxUint8 {
		c.wide = make([]uint16, n)
		for at := range c.wide {
			c.wide[at] = uint16(cell(Case(at)))
		}
		return
	}
	c.narrow = make([]uint8, n)
	for at := range c.narrow {
		c.narrow[at] = uint8(cell(Case(at)))
	}
}
