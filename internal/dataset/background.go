package dataset

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/logic"
	"github.com/uitvraag/uitvraag/internal/sample"
)

// A dictionary is a column of texts of which there are few.
type dictionary struct {
	ids    map[string]uint32
	values []string
	rows   chunks[uint32]
}

func (d *dictionary) add(value string) {
	id, ok := d.ids[value]
	if !ok {
		if d.ids == nil {
			d.ids = map[string]uint32{}
		}
		id = uint32(len(d.values))
		value = strings.Clone(value)
		d.ids[value] = id
		d.values = append(d.values, value)
	}
	d.rows.add(id)
}

func (d *dictionary) at(row int32) uint32 { return d.rows[row>>chunkBits][row&(chunkSize-1)] }

// categories makes a coded column of the rows, with codes from 1 for the given
// values in their order. "" is unknown.
func (d *dictionary) categories(c Column, ordered []string, rows []int32) *Column {
	c.Type, c.Values = instrument.CodeType, []instrument.Value{}
	ids := map[string]bool{}
	cell := make([]Cell, len(d.values))
	for _, value := range ordered {
		if value == "" {
			continue
		}
		v := instrument.Value{Code: len(c.Values) + 1, ID: slug(value), Label: value}
		for n := 2; ids[v.ID]; n++ {
			v.ID = slug(value) + "_" + strconv.Itoa(n)
		}
		ids[v.ID] = true
		c.Values = append(c.Values, v)
		cell[d.ids[value]] = firstValue + Cell(len(c.Values)-1)
	}
	c.fill(len(rows), func(at Case) Cell { return cell[d.at(rows[at])] })
	return &c
}

// slug makes an id of a category, a word for conditions: "Súdwest-Fryslân" is
// sudwest_fryslan.
func slug(label string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(label)) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r) && b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() >= 48 {
			break
		}
	}
	id := strings.TrimSuffix(b.String(), "_")
	if !nameable(id) || slices.Contains(logic.Keywords, id) {
		return "k_" + id // begins with a digit, or says something else
	}
	return id
}

// A backgroundDraft is a column of the register.
type backgroundDraft struct {
	column  sample.Column
	stratum bool
	dictionary
}

// What makes a column of the register a category, beside being a stratum: few
// values, or some more with a number of units each.
const (
	maxStrata     = 12
	maxCategories = 100
	minPerOne     = 3
)

// typed returns the column without cells: a category with its values in their
// order, a number, or a text. sorted are all units.
func (d *backgroundDraft) typed(name string, sorted []int32) Column {
	c := Column{Variable: instrument.Variable{Name: name, Label: d.column.Label, Type: instrument.TextType, Values: []instrument.Value{}}, Role: Background, Measure: Nominal}
	if c.Label == "" {
		c.Label = name
	}
	numeric := true
	for _, v := range d.values {
		_, ok := number(v)
		numeric = numeric && (ok || v == "")
	}
	known := 0
	for _, u := range sorted {
		if d.values[d.at(u)] != "" {
			known++
		}
	}
	n := len(d.values)
	if _, empty := d.ids[""]; empty {
		n--
	}
	often := n > 0 && known >= minPerOne*n
	switch {
	case d.stratum && n <= math.MaxUint16/2, n > 0 && n <= maxStrata && (often || !numeric):
		c.Type = instrument.CodeType
	case numeric && n > 0:
		c.Type, c.Measure = instrument.NumberType, Interval
	case often && n <= maxCategories:
		c.Type = instrument.CodeType
	}
	return c
}

// order puts the values as people expect them, and otherwise by the first unit
// that has them.
func (d *backgroundDraft) order(sorted []int32) []string {
	strata := []sample.Stratum{}
	seen := make([]bool, len(d.values))
	for _, u := range sorted {
		if id := d.at(u); !seen[id] {
			seen[id] = true
			strata = append(strata, sample.Stratum{Value: d.values[id]})
		}
	}
	sample.Order(strata)
	ordered := make([]string, len(strata))
	for i, s := range strata {
		ordered[i] = s.Value
	}
	return ordered
}

// pick returns the column for some of the units; ordered are all values.
func (d *backgroundDraft) pick(c Column, ordered []string, units []int32) *Column {
	switch c.Type {
	case instrument.CodeType:
		return d.categories(c, ordered, units)
	case instrument.TextType:
		c.texts = newTexts(len(units), func(i int) string { return d.values[d.at(units[i])] })
		return &c
	}
	c.floats = make([]float64, len(units))
	for i, u := range units {
		c.floats[i] = math.NaN()
		if x, ok := number(d.values[d.at(u)]); ok {
			c.floats[i] = x
		}
	}
	return &c
}

var (
	plainNumber   = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})([.,][0-9]{1,15})?$`)
	groupedNumber = regexp.MustCompile(`^-?[1-9][0-9]{0,2}(\.[0-9]{3}){1,4}(,[0-9]{1,15})?$`)
)

// number reads a number as registers have it: 12345, 12.345 and 12,5. A code with
// zeros before it is none.
func number(s string) (float64, bool) {
	switch s = strings.TrimSpace(s); {
	case groupedNumber.MatchString(s):
		s = strings.ReplaceAll(s, ".", "")
	case !plainNumber.MatchString(s):
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", "."), 64)
	return x, err == nil
}
