package page

import (
	"fmt"

	"github.com/uitvraag/uitvraag/web/ui"
)

// Strata is where a researcher points at the background by which the population
// is described.
type Strata struct {
	Staff
	Audiences []StrataAudience
	MayAct    bool
	Saved     bool
	Small     int // a stratum with fewer units is too small to publish about
}

// A StrataAudience is the background of one audience.
type StrataAudience struct {
	Name, Title string
	N           int
	Columns     []StrataColumn
}

// A StrataColumn is one background column with its strata.
type StrataColumn struct {
	ID, Label string
	Chosen    bool
	N         int            // values
	Strata    []StratumCount // none of a column with very many
	Beside    string         // the column beside which tables by this one may not be published; "" for none
	Few       []string       // strata with too few units: "ja (4)"
	Path      string         // where its values are put together
	Numeric   bool
}

// A StratumCount is N_h of one stratum.
type StratumCount struct {
	Label string
	N     int
}

// A RecodeForm asks how the values of a column are put together.
type RecodeForm struct {
	Staff
	Audience, Column, Path string
	Numeric                bool
	Small                  int
	Name, Bounds           string // as typed
	NameProblem            string
	BoundsProblem          string
	Faulty                 bool
	Values                 []RecodeValue // of a column that is no number
	Preview                []StratumCount
	Few                    []string
}

// A RecodeValue is a value with the group that it goes to.
type RecodeValue struct {
	Label, Group, Problem string
	N                     int
}

func (p RecodeForm) messages() []ui.Message {
	var out []ui.Message
	if p.BoundsProblem != "" {
		out = append(out, ui.Message{Field: "grenzen", Text: p.BoundsProblem})
	}
	for i, v := range p.Values {
		if v.Problem != "" {
			out = append(out, ui.Message{Field: fmt.Sprintf("groep-%d", i), Text: v.Problem})
		}
	}
	if p.NameProblem != "" {
		out = append(out, ui.Message{Field: "naam", Text: p.NameProblem})
	}
	return out
}
