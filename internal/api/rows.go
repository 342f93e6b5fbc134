package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"time"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// How missing answers come.
const (
	Separate = "separate"
	Codes    = "codes"
)

// reasonSuffix ends the column that says why an answer is missing. No name of a
// variable has a dot.
const reasonSuffix = ".reden"

// Rows are rows of data, a page of them.
type Rows struct {
	Study      string            `json:"study"`
	Instrument string            `json:"instrument"`
	Total      int               `json:"total"`
	Next       *string           `json:"next"` // address of the next page
	Rows       []json.RawMessage `json:"rows"`
}

// A field is one column of the answer. A cell is a string, a json.Number or nil.
type field struct {
	name string
	cell func(dataset.Case) any
}

// fields are the columns of d. d must be pseudonymised.
func fields(d *dataset.Dataset, missing string) []field {
	var out []field
	for _, c := range d.Columns() {
		out = append(out, field{c.Name, func(at dataset.Case) any { return cell(c, at, missing == Codes) }})
		if missing == Separate && (c.Role == dataset.Response || c.Role == dataset.Derived || c.Role == dataset.Coded) {
			out = append(out, field{c.Name + reasonSuffix, func(at dataset.Case) any {
				if why := c.Missing(at); why != instrument.Substantive {
					return string(why)
				}
				return nil
			}})
		}
	}
	return out
}

// cell is an answer with its type: a text, a moment, or a number.
func cell(c *dataset.Column, at dataset.Case, codes bool) any {
	if c.Missing(at) != instrument.Substantive && !codes {
		return nil
	}
	value := c.Stored(at)
	switch {
	case value == "":
		return nil
	case c.Type == instrument.TextType:
		return value
	case c.Type == dataset.TimeType:
		return c.Time(at).UTC().Format(time.RFC3339)
	}
	return json.Number(value)
}

// Page returns up to limit rows of d after the one with the pseudonym cursor, ""
// for the first, and the cursor of the next page, "" where there is none. d must
// be pseudonymised: its rows are in the order of pseudonyms.
func Page(d *dataset.Dataset, missing, cursor string, limit int) (rows []json.RawMessage, next string, err error) {
	columns := fields(d, missing)
	rows = []json.RawMessage{}
	last := ""
	for at := range d.Cases() {
		id := d.Unit(at)
		if id <= cursor {
			continue
		}
		if len(rows) == limit {
			return rows, last, nil
		}
		one, err := row(columns, at)
		if err != nil {
			return nil, "", err
		}
		rows, last = append(rows, one), id
	}
	return rows, "", nil
}

// row writes a row as an object with its columns in their order, which a Go map
// would lose.
func row(columns []field, at dataset.Case) ([]byte, error) {
	var b bytes.Buffer
	for i, f := range columns {
		b.WriteByte("{,"[min(i, 1)])
		for j, x := range []any{f.name, f.cell(at)} {
			text, err := json.Marshal(x)
			if err != nil {
				return nil, err
			}
			if j > 0 {
				b.WriteByte(':')
			}
			b.Write(text)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// CSV writes all rows of d, which must be pseudonymised.
func CSV(w io.Writer, d *dataset.Dataset, missing string) error {
	columns := fields(d, missing)
	line := make([]string, len(columns))
	for i, f := range columns {
		line[i] = f.name
	}
	out := csv.NewWriter(w)
	if err := out.Write(line); err != nil {
		return err
	}
	for at := range d.Cases() {
		for i, f := range columns {
			switch x := f.cell(at).(type) {
			case string:
				line[i] = x
			case json.Number:
				line[i] = x.String()
			default:
				line[i] = ""
			}
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
