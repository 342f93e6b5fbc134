package sample

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Recode makes a background column of another one: classes of numbers, or
// categories put together. It is a rule, so that a newer register gets the same.
type Recode struct {
	ID     string            `json:"id"`
	Label  string            `json:"label"`
	From   string            `json:"from"`             // id of the column that it is made of
	Bounds []float64         `json:"bounds,omitempty"` // lower bounds of the second class and further, ascending
	Groups map[string]string `json:"groups,omitempty"` // by value: the category that it goes to; others stay as they are
}

// Apply returns the category of a value. What is empty or is no number where
// numbers are asked for stays as it is: nobody is put in a class by guess.
func (r Recode) Apply(value string) string {
	if len(r.Bounds) == 0 {
		if to, ok := r.Groups[value]; ok {
			return to
		}
		return value
	}
	p, ok := numberPlace(value)
	if !ok {
		return value
	}
	class := 0
	for class < len(r.Bounds) && p.number >= r.Bounds[class] {
		class++
	}
	switch class {
	case 0:
		return "minder dan " + dutch(r.Bounds[0])
	case len(r.Bounds):
		return dutch(r.Bounds[class-1]) + " of meer"
	}
	return dutch(r.Bounds[class-1]) + " tot " + dutch(r.Bounds[class])
}

// dutch writes a number as Dutch readers do: 20.000 and 2,5.
func dutch(x float64) string {
	whole, part, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if part != "" {
		return whole + "," + part
	}
	return whole
}

// ParseBounds reads the lower bounds of classes as somebody types them, with
// semicolons, spaces or line ends between them: "20.000; 50.000".
func ParseBounds(text string) (bounds []float64, problem string) {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
		p, ok := numberPlace(part)
		if !ok || p.side != 0 {
			return nil, fmt.Sprintf("‘%s’ is geen getal. Schrijf de grenzen als 20.000; 50.000.", part)
		}
		bounds = append(bounds, p.number)
	}
	switch {
	case len(bounds) == 0:
		return nil, "Schrijf een of meer grenzen, bijvoorbeeld 20.000; 50.000."
	case len(bounds) >= maxStrata:
		return nil, fmt.Sprintf("Kies hooguit %d grenzen.", maxStrata-1)
	case !slices.IsSorted(bounds) || len(slices.Compact(slices.Clone(bounds))) < len(bounds):
		return nil, "Schrijf de grenzen van laag naar hoog, elk één keer."
	}
	return bounds, ""
}

// Numeric reports whether the values of a column are numbers, as of inhabitants.
func Numeric(r Register, columnID string) bool {
	n := 0
	for _, u := range r.Units {
		v := u.Background[columnID]
		if v == "" {
			continue
		}
		if strings.Trim(v, "0123456789.,-") != "" {
			return false
		}
		n++
	}
	return n > 0
}

// NewRecode names a recode of a column so that no column of r has its id.
func NewRecode(r Register, from Column, label string) Recode {
	label = strings.Join(strings.Fields(label), " ")
	if label == "" {
		label = from.Label + " (samengevoegd)"
	}
	labels := []string{}
	for _, c := range r.Columns {
		labels = append(labels, c.ID)
	}
	columns := identify(append(labels, label))
	return Recode{ID: columns[len(columns)-1].ID, Label: label, From: from.ID}
}

// Recoded returns a register with the columns that rules make of its own. A rule
// whose column the register does not have makes none.
func Recoded(r Register, rules []Recode) Register {
	for _, rule := range rules {
		if !slices.ContainsFunc(r.Columns, func(c Column) bool { return c.ID == rule.From }) || slices.ContainsFunc(r.Columns, func(c Column) bool { return c.ID == rule.ID }) {
			continue
		}
		r.Columns = append(slices.Clone(r.Columns), Column{rule.ID, rule.Label})
		units := slices.Clone(r.Units)
		for i, u := range units {
			background := make(map[string]string, len(u.Background)+1)
			for k, v := range u.Background {
				background[k] = v
			}
			background[rule.ID] = rule.Apply(u.Background[rule.From])
			units[i].Background = background
		}
		r.Units = units
	}
	return r
}
