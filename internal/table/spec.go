package table

import (
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Spec says what to make a table of. It is data: kept beside a table, it makes
// the same table again.
type Spec struct {
	Question string `json:"question,omitempty"` // id; not of a book
	// Variable is one column to make a table of in place of a question: a row of one,
	// the score on a scale, what was derived.
	Variable string `json:"variable,omitempty"`
	// Means describes Variable by its mean, also where it is a choice: its codes.
	Means  bool   `json:"means,omitempty"`
	By     string `json:"by,omitempty"` // column to cross with: a background, or an answer of one choice
	Base   Base   `json:"base,omitempty"`
	Weight string `json:"weight,omitempty"` // column of weights
	// WeightTo weighs the units that are counted to the population, by one of its
	// characteristics (poststratification) or by several at once (raking within
	// stat.TrimLo and stat.TrimHi): columns of the background. Not with Weight.
	WeightTo []string         `json:"weight_to,omitempty"`
	Filters  []dataset.Filter `json:"filters,omitempty"`
	// NoTelephone leaves out who answered the core questions by telephone.
	NoTelephone bool `json:"no_telephone,omitempty"`
	// NoCovered leaves out units for which another unit answered.
	NoCovered bool `json:"no_covered,omitempty"`
}

// A Coding says which codes the answers to an open question were given.
type Coding struct {
	Question string
	Codes    []Code
	Of       map[dataset.Case][]int // places in Codes, each once; of units that wrote something
}

// A Code is one category of open answers.
type Code struct {
	ID, Label string
	Rest      bool // what fits nowhere else: stands last
}

// optionColumns are the options of a question in the order of a table: the
// substantive ones as asked, then geen zicht op, then n.v.t. (standards T4).
func optionColumns(q *instrument.Question) []Column {
	var columns []Column
	for _, reason := range []instrument.Missing{instrument.Substantive, instrument.NoView, instrument.NotApply} {
		for _, o := range q.Options {
			if o.Missing == reason {
				columns = append(columns, Column{ID: o.ID, Label: o.Label, Hint: o.Hint, Missing: o.Missing, Alone: o.Exclusive})
			}
		}
	}
	return columns
}
