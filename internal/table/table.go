// Package table owns the book of tables: what a table holds, how one is made of
// a dataset, and how a book, ours or somebody else's, is checked for numbers that
// cannot be true. It knows questionnaires and numbers, and no output format.
//
//	b, err := table.NewBook(table.Spec{}, in, d)   // every question of the questionnaire
//	t, err := table.Make(table.Spec{Question: "b5_2", By: "regio"}, in, d)
//	findings := table.Audit(b, in)
//
// A count is a count of units. A percentage is kept as the fraction that it is
// and printed half-up from the counts (standards T9), never from a rounded one.
package table

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Layout says how a table stands on paper.
type Layout string

// The layouts.
const (
	Options Layout = "options" // a list of options: the option is the row, one column
	Matrix  Layout = "matrix"  // rows by options
	Grades  Layout = "grades"  // mean, standard deviation, bounds and n per cell; also of numbers
	Codes   Layout = "codes"   // codes of open answers, counted
	List    Layout = "list"    // a group of texts that can be given more than once
	Cross   Layout = "cross"   // a question by groups: a row per group (and row of the question), a column per option
)

// A Sum says what the percentages of a table add up to.
type Sum string

// The sums.
const (
	SumRow    Sum = "row"      // every row is one choice
	SumColumn Sum = "column"   // the column is one choice
	SumMulti  Sum = "multiple" // several answers: of units, may exceed 100
	SumNone   Sum = "none"     // counts or grades
)

// A Base says who is counted in a percentage (standards N7).
type Base string

// The bases.
const (
	WithMissing Base = ""            // with geen zicht op and n.v.t.: the book of tables
	Substantive Base = "substantive" // without them: tests and scales
)

// Unknown is a count that is not printed: only its percentage is.
const Unknown = -1

// SmallBase is the number of units under which no percentages are printed but
// counts (standards T10).
const SmallBase = study.SmallBase

// A Book is every question of one questionnaire in order.
type Book struct {
	Study          string    `json:"study,omitempty"`
	Title          string    `json:"title,omitempty"`
	Instrument     string    `json:"instrument"`
	Edition        string    `json:"edition,omitempty"`
	Generated      time.Time `json:"generated"`
	Units          int       `json:"units"` // that the tables are made of
	Questionnaires int       `json:"questionnaires"`
	Population     int       `json:"population"` // eligible units; 0 where nobody knows
	Spec           Spec      `json:"spec"`
	Public         bool      `json:"public,omitempty"` // made fit for publication: numbers are withheld
	Contents       []Entry   `json:"contents"`
	Tables         []*Table  `json:"tables"`
	Path           []Step    `json:"n_path"` // N over the questionnaire (standards K2)
	Notes          []string  `json:"notes"`  // printed once, for all tables
	Warnings       []Warning `json:"warnings"`
}

// Table returns the table with the given id or question, nil if there is none.
func (b *Book) Table(id string) *Table {
	for _, t := range b.Tables {
		if t.ID == id || t.Question == id {
			return t
		}
	}
	return nil
}

// An Entry is a line of the contents: a section, or a table in it.
type Entry struct {
	Section string `json:"section,omitempty"` // title, of a section
	Table   string `json:"table,omitempty"`   // id, of a table
	Title   string `json:"title"`
}

// A Step is how many answered a question.
type Step struct {
	Table    string `json:"table"`
	Question string `json:"question"`
	Bases
}

// A Table is what was answered to one question.
type Table struct {
	ID       string    `json:"id"` // B.5.2
	Question string    `json:"question"`
	Section  string    `json:"section,omitempty"`
	Title    string    `json:"title"` // the question as it was asked, with its hint
	Layout   Layout    `json:"layout"`
	Sum      Sum       `json:"sum"`
	Base     Base      `json:"base,omitempty"`
	Weight   string    `json:"weight,omitempty"` // the column of weights, or how they were made; "" for none
	By       *Split    `json:"by,omitempty"`     // of a cross table
	N        int       `json:"n,omitempty"`      // where it is one for the whole table
	Columns  []Column  `json:"columns"`
	Rows     []Row     `json:"rows"`
	Bases    *Bases    `json:"bases,omitempty"` // nil where the book does not say
	Tests    []Test    `json:"tests,omitempty"`
	Texts    []Text    `json:"texts,omitempty"` // of ‘anders, namelijk’ (standards T5); not to be published unread
	Notes    []string  `json:"notes"`
	Warnings []Warning `json:"warnings"`
}

// A Text is what was written where ‘anders, namelijk’ was chosen, as it was
// written but for white space at its ends. N is how many questionnaires have it.
type Text struct {
	Row   string `json:"row"` // variable
	Label string `json:"label"`
	Group string `json:"group,omitempty"` // of a split table
	Text  string `json:"text"`
	N     int    `json:"n"`
}

// A Split is what a table is crossed by.
type Split struct {
	Column string   `json:"column"`
	Label  string   `json:"label"`
	Groups []Column `json:"groups"`
}

// A Column is what cells under each other have in common.
type Column struct {
	ID      string             `json:"id"`
	Label   string             `json:"label"`
	Hint    string             `json:"hint,omitempty"`    // small print under the label
	Missing instrument.Missing `json:"missing,omitempty"` // geen zicht op, n.v.t.
	Alone   bool               `json:"alone,omitempty"`   // in a multiple choice: excludes the others
}

// Bases say where the base of a table comes from: of all units, who answered,
// and why the others did not. Units = N + LeftOpen + NotShown + NotReached +
// CoreOnly.
type Bases struct {
	Units      int `json:"units"`
	N          int `json:"n"`         // answered it, in any row
	LeftOpen   int `json:"left_open"` // saw it and left it open
	NotShown   int `json:"not_shown"` // were not asked, by the routing
	CoreOnly   int `json:"core_only"` // were not asked, because they answered core questions only
	NotReached int `json:"not_reached"`
	Telephone  int `json:"telephone"` // of N, by telephone, core questions only
	Covered    int `json:"covered"`   // of N, by the questionnaire of another unit
	Versions   int `json:"versions"`  // of the questionnaire, in which N answered
}

// A Row is a line of a table, with its own base.
type Row struct {
	Row        string  `json:"row"` // "" for the only row of a cross table
	Group      string  `json:"group,omitempty"`
	Label      string  `json:"label"`
	N          int     `json:"n"`                        // the base of the percentages
	Valid      int     `json:"valid"`                    // without geen zicht op and n.v.t.
	LeftOpen   int     `json:"left_open,omitempty"`      // not in N
	Weighted   float64 `json:"weighted_n,omitempty"`     // sum of weights
	EffectiveN float64 `json:"effective_n,omitempty"`    // of a weighted base (Kish)
	All        bool    `json:"all_units,omitempty"`      // the whole population answered: no interval
	Small      bool    `json:"small,omitempty"`          // N < SmallBase: print counts
	Population int     `json:"population,omitempty"`     // of which N answered, where it is known
	Responses  int     `json:"questionnaires,omitempty"` // that N rests on, where some cover several units
	Withheld   bool    `json:"withheld,omitempty"`       // N is not published, and 0
	Cells      []Cell  `json:"cells"`
}

// A Cell is a number of a table. Numbers that do not exist are NaN; in JSON they
// are left out, of a grade null. Those of a cell that is withheld from
// publication do not exist.
type Cell struct {
	Column  string
	Count   int     // units; Unknown where only the percentage is known
	Percent float64 // of the row's N, not rounded, 0 to 100; weighted where the table is
	// PercentValid is that of the row's Valid, NaN for a column that is missing
	// itself and where the two are the same.
	PercentValid  float64
	PercentColumn float64 // of a cross table: share of the group in all who answered this
	Lo, Hi        float64 // 95 % interval of Percent
	Residual      float64 // of a cross table: adjusted
	Grade         *Grade  // of a grades table, which has no percentages
	Withheld      bool
}

// A Grade describes numbers.
type Grade struct {
	Mean float64 `json:"mean"` // NaN for none
	SD   float64 `json:"sd"`   // of a sample (n − 1); NaN for fewer than two
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
	N    int     `json:"n"`
	Lo   float64 `json:"lo"` // 95 % interval of the mean
	Hi   float64 `json:"hi"`
}

// A Test is one test between the groups of a cross table: of the options, of one
// option of a multiple choice, or of the means of one column of grades.
type Test struct {
	Row        string   `json:"row,omitempty"`
	Label      string   `json:"label,omitempty"` // of that row
	Column     string   `json:"column,omitempty"`
	Method     string   `json:"method"`
	N          int      `json:"n"` // questionnaires
	Statistic  float64  `json:"statistic"`
	DF         float64  `json:"df"`
	DF2        float64  `json:"df2,omitempty"` // of the denominator of an F
	P          float64  `json:"p"`
	PHolm      float64  `json:"p_holm"` // adjusted for all tests of the table
	Effect     float64  `json:"effect"`
	EffectName string   `json:"effect_name"`
	Warnings   []string `json:"warnings"`
}

// A Kind says what a warning is about.
type Kind string

// The kinds of warning.
const (
	SmallN      Kind = "kleine_basis"
	BaseChanged Kind = "andere_basis"
	Mixed       Kind = "versies"
	Disclosing  Kind = "niet_publiceren"
	Weighting   Kind = "weging"
	NotCoded    Kind = "niet_gecodeerd"
)

// A Warning is data: it stands beside a number that is to be read with care.
type Warning struct {
	Kind   Kind   `json:"kind"`
	Table  string `json:"table,omitempty"` // id; of a warning of the book
	Row    string `json:"row,omitempty"`
	Group  string `json:"group,omitempty"`
	Column string `json:"column,omitempty"`
	Text   string `json:"text"`
}
