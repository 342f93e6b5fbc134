package dataset

import (
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Category is one code of the answers to an open question.
type Category struct {
	ID    string // the name of its column is that of the text, "_", and this
	Label string
}

// The values of a coded column.
const (
	NotNamed  = 0 // the answer was coded, and is about something else
	Named     = 1
	Uncodable = 7 // there is nothing in the answer to code
)

// WithCodes returns d with a 0/1 column more for each code that answers to a text
// were given. given returns of a case the places of its codes, and false where
// nobody settled on them: such a cell has no value, as where nothing was written.
// No places is a text in which there is nothing to code.
func (d *Dataset) WithCodes(variable string, codes []Category, given func(Case) (places []int, ok bool)) (*Dataset, error) {
	text := d.Column(variable)
	if text == nil || text.Type != instrument.TextType {
		return nil, errs.Errorf(errs.Invalid, "‘%s’ is geen open antwoord.", variable)
	}
	cells := make([][]uint8, len(codes))
	for i := range cells {
		cells[i] = make([]uint8, d.n)
	}
	for at := range d.Cases() {
		places, ok := given(at)
		for i := range cells {
			switch {
			case text.Missing(at) == NotShown:
				cells[i][at] = uint8(CellNotShown)
			case text.Missing(at) != instrument.Substantive || !ok:
			case len(places) == 0:
				cells[i][at] = uint8(firstValue) + 2
			default:
				cells[i][at] = uint8(firstValue)
			}
		}
		if !ok || text.Missing(at) != instrument.Substantive {
			continue
		}
		for _, p := range places {
			cells[p][at] = uint8(firstValue) + 1
		}
	}
	out := d
	for i, c := range codes {
		var err error
		out, err = out.with(&Column{Variable: instrument.Variable{Name: variable + "_" + c.ID, Label: c.Label, Question: text.Question, Row: text.Row, Column: "code_" + c.ID, Type: instrument.CodeType,
			Values: []instrument.Value{{Code: NotNamed, ID: "niet_genoemd", Label: "Niet genoemd"}, {Code: Named, ID: "genoemd", Label: "Genoemd"},
				{Code: Uncodable, ID: "niet_te_coderen", Label: "Niet te coderen", Missing: true, Reason: instrument.LeftOpen}}},
			Role: Coded, Measure: Nominal, cells: cellsOf(cells[i])})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func cellsOf(narrow []uint8) cells { return cells{narrow: narrow} }

// Codes returns the columns of the codes of an open question, in order.
func (d *Dataset) Codes(question string) []*Column {
	var out []*Column
	for _, c := range d.columns {
		if c.Role == Coded && c.Question == question {
			out = append(out, c)
		}
	}
	return out
}
