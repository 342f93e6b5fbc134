// Package instrument owns the questionnaire in one exact version: sections,
// questions, rows, columns, options and the variables they give. It parses,
// checks, compares and freezes instruments, and holds the definitions of the
// studies that come with the product. It does not know answers or HTML.
package instrument

import "github.com/uitvraag/uitvraag/internal/logic"

// An Instrument is a questionnaire in one exact version. Once fielded it never
// changes; a change is a new edition. Build one with Parse.
type Instrument struct {
	Name       string // swv, gemeente, ketenpartner: also the name of the audience
	Edition    string // 2018, 2026
	Title      string // as printed above the questionnaire
	Respondent string // who is asked, in words: "de directeur van het samenwerkingsverband"
	Minutes    int    // how long filling in takes, as told to the respondent

	Definitions []Definition // in order of first use
	OptionSets  []OptionSet  // shared lists of options
	Scales      []Scale
	Sections    []Section
	Notes       []Note // what is known of the instrument and is no question (ketenpartner)

	// Complete and Partial are the limits of standards K1: the share of
	// applicable items, 0 to 1, that a response needs to count as such.
	Partial float64
}

// A Definition explains a term of the field, as on the questionnaire.
type Definition struct {
	ID, Term, Text string
}

// An OptionSet is a list of options that questions share by its id.
type OptionSet struct {
	ID      string
	Options []Option
}

// A Missing says why there is no substantive answer.
type Missing string

// The reasons of DESIGN 1; their codes belong to the variable (see Variable).
const (
	Substantive Missing = ""           // not missing
	LeftOpen    Missing = "open"       // seen and left open
	NoView      Missing = "geen_zicht" // geen zicht op
	NotApply    Missing = "nvt"        // niet van toepassing
)

// An Option is one answer that can be chosen, or one column of a matrix.
type Option struct {
	ID        string
	Code      int     // of a substantive option; 0 for others
	Label     string  // as printed
	Hint      string  // small print under the label
	Title     string  // longer name, for the models
	Text      string  // description, for the models
	Drawing   string  // name of a drawing that shows it
	Missing   Missing // set for geen zicht op and n.v.t.
	Exclusive bool    // in a multiple choice: excludes all others
	Open      bool    // asks for a text: anders, namelijk
}

// A Scale is a set of statements that is computed as one mean.
type Scale struct {
	ID, Title string
	Items     []string // variable names
}

// A Section is a chapter of the questionnaire, a line of the task list.
type Section struct {
	ID          string
	Title       string
	Untitled    bool // the title is ours: the print has no heading here
	Intro       string
	Definitions []string // ids, shown with the intro
	Questions   []Question
}

// A Kind says how a question is answered.
type Kind string

// The kinds of question.
const (
	Single       Kind = "single"         // one option
	YesNo        Kind = "yes_no"         // one of two options
	Multi        Kind = "multi"          // any number of options
	MatrixSingle Kind = "matrix_single"  // one column per row
	MatrixMulti  Kind = "matrix_multi"   // any number of columns per row
	GradeMatrix  Kind = "grade_matrix"   // a grade per row and column
	Open         Kind = "open"           // text
	Number       Kind = "number"         // a count
	Repeated     Kind = "repeated_group" // a group of texts that can be added again
)

// MaxRepeats is how often a repeated group can be filled in; all repeats are in
// the codebook.
const MaxRepeats = 10

// A Question is one question with everything that is needed to ask it.
type Question struct {
	ID          string
	Table       string // number of its published table, "" if none
	Kind        Kind
	Text        string
	Hint        string   // "Meerdere antwoorden mogelijk", an explanation
	Emphasis    []string // words of Text that are printed bold
	Definitions []string // ids, shown with the question
	RowHeader   string   // what the rows are
	Stem        string   // short question for screen readers, before each row
	Rows        []Row    // matrices and grades
	OptionSet   string   // id of the shared set that Options came from, "" for own
	Options     []Option // options, or columns of a matrix; texts of this question
	Grade       Grade    // of a grade matrix
	Range       Range    // of a number
	Fields      []Field  // of a repeated group
	Repeat      string   // what one repeat is called: "voorbeeld"
	ShowIf      logic.Expr
	Kernvraag   bool   // asked by telephone of those who will not fill in the rest
	Optional    bool   // no prompt when left open
	Explains    string // id of the question that an open question explains
	Unprinted   bool   // listed, never shown: known to have existed, text unknown
	Inferred    bool   // text or existence is inferred, not printed
}

// A Row is one line of a matrix: a statement, a party, a school type.
type Row struct {
	ID          string
	Label       string
	Definitions []string
	Open        bool // asks for a text: anders, namelijk
}

// A Grade bounds the marks of a grade matrix.
type Grade struct {
	Min, Max  int
	Low, High string // what the ends mean
}

// A Range bounds a number.
type Range struct {
	Min, Max int
	Unit     string
}

// A Field is one text of a repeated group.
type Field struct {
	ID, Label, Hint string
	Lines           int // height of the box
}

// A Note is something known about an instrument that is not a question.
type Note struct {
	ID, Text string
}

// Statements reports whether the rows of q are statements, whose variables are
// named by the row id alone so that versions and editions share them.
func (q *Question) Statements() bool {
	return q.Kind == MatrixSingle && len(q.OptionSet) >= 8 && q.OptionSet[:8] == "stelling"
}

// Question returns the question with the given id, nil if there is none.
func (in *Instrument) Question(id string) *Question {
	for s := range in.Sections {
		for q := range in.Sections[s].Questions {
			if in.Sections[s].Questions[q].ID == id {
				return &in.Sections[s].Questions[q]
			}
		}
	}
	return nil
}

// Definition returns the definition with the given id, and whether it is there.
func (in *Instrument) Definition(id string) (Definition, bool) {
	for _, d := range in.Definitions {
		if d.ID == id {
			return d, true
		}
	}
	return Definition{}, false
}
