package dataset

import (
	"errors"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
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
	DurationColumn  = "duur"         // seconds between those two
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
type Builder struct{}

// NewBuilder returns a builder for what was asked with f of units that have the
// given background columns.
func NewBuilder(info Info, f *form.Form, background []sample.Column) *Builder {
	_, _, _ = info, f, background
	return &Builder{}
}

var errUnfinished = errors.New("dataset: builder is not finished")

// AddUnit adds a unit of the register. All units come before questionnaires.
func (b *Builder) AddUnit(u Unit) error { return errUnfinished }

// Add adds a questionnaire. A code or variable that the instrument does not have
// is an error: data that do not fit their codebook are not counted.
func (b *Builder) Add(f answer.Filled) error { return errUnfinished }

// Build returns the dataset. The builder cannot be used after it.
func (b *Builder) Build() (*Dataset, error) { return nil, errUnfinished }
