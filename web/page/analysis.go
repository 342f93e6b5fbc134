package page

import (
	"fmt"
	"strings"

	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/web/ui"
)

// Analysis leads to all that is computed of the answers of a study.
type Analysis struct {
	Staff
	Audiences    []AnalysisAudience
	Doubts       []string // what was published and cannot be right, or hardly
	Verdicts     []VerdictCount
	Expectations []AnalysisExpectation
}

// verdicts says how many expectations came out how.
func (p Analysis) verdicts() string {
	var parts []string
	for _, v := range p.Verdicts {
		parts = append(parts, ui.Int(v.N)+"\u00a0× "+v.Verdict)
	}
	return strings.Join(parts, ", ")
}

// A VerdictCount is how many expectations came out so.
type VerdictCount struct {
	Verdict string
	N       int
}

// An AnalysisAudience is what there is of one audience; the others are paths.
type AnalysisAudience struct {
	Name                                       string
	Units, Questionnaires                      int
	Tables, Scales, Hypotheses, Cross, Changes string
	ScaleLines                                 []AnalysisScale
}

// An AnalysisScale is a scale in one line.
type AnalysisScale struct {
	Title, Path string
	N           int
	Mean, Alpha string
}

// An AnalysisExpectation is what was expected, with what came of it.
type AnalysisExpectation struct {
	ID, Text, Added string
	Outcomes        []AnalysisOutcome
}

// An AnalysisOutcome is what came of an expectation in one audience.
type AnalysisOutcome struct{ Audience, Verdict, Sentence, Path string }

// Rows are the units behind a number, or all that one of them answered.
type Rows struct {
	Staff
	Audience          string
	Table             Link   // the cross table
	Cell              string // which number; "" for all that the table counts
	N, Questionnaires int
	Heads             []RowHead
	Lines             []RowLine // as many as are shown
	Who               string    // the pseudonym of one; "" for a list
	Back              string    // from one to the list
	Record            []RecordLine
}

// A RowHead is a variable.
type RowHead struct{ Name, Label string }

// A RowLine is a unit with its values.
type RowLine struct {
	Who, Path string
	Covered   bool // another unit answered for it
	Values    []string
}

// A RecordLine is one answer as it is kept.
type RecordLine struct{ Name, Label, Value string }

// Registers is where expectations are put down, with when each was.
type Registers struct {
	Staff
	Product       *RegisterFile // what comes with the product; nil for nothing
	Files         []RegisterFile
	MayEdit       bool
	Closes        string // when the study closes or closed
	Now           string // vooraf, tijdens het veldwerk, achteraf
	Text          string // as typed or chosen
	Problems      []RegisterProblem
	Sound         int    // how many expectations a text has that was checked and not kept; 0 for none
	Done          string // vastgelegd, verwijderd, ingetrokken
	RemoveProblem string
	RemoveID      string // of the file that RemoveProblem is about
}

// A RegisterFile is a file with expectations.
type RegisterFile struct {
	ID, Name, Title, SHA256, Path string
	N                             int
	Expectations                  []string
	Added, By, Phase              string
	Removable                     bool
	Withdrawn, Why                string
}

// A RegisterProblem is what must be mended, with its place.
type RegisterProblem struct {
	Line, Column int
	Text, Remedy string
}

func (x RegisterProblem) message() ui.Message {
	return ui.Message{Field: "tekst", Text: strings.TrimSpace(fmt.Sprintf("Regel %d, positie %d: %s %s", x.Line, x.Column, x.Text, x.Remedy))}
}

func (p Registers) messages() []ui.Message {
	var out []ui.Message
	for _, x := range p.Problems {
		out = append(out, x.message())
	}
	return out
}

// phaseTag is the shape and the words of when a file was put down.
func (f RegisterFile) phaseTag() (shape, text string) {
	switch f.Phase {
	case "vooraf":
		return "done", "Vooraf vastgelegd"
	case "achteraf":
		return "warn", "Achteraf toegevoegd"
	}
	return "done", "Vastgelegd voor de sluiting"
}

func (p Registers) box() ui.Box {
	b := ui.Box{Name: "tekst", Label: "Of de tekst", Hint: "Een voorbeeld staat onderaan deze pagina.", Value: p.Text, Lines: 14}
	if len(p.Problems) > 0 {
		b.Error = p.messages()[0].Text
	}
	return b
}

func (p Registers) why(f RegisterFile) ui.Box {
	b := ui.Box{Name: "reden", Label: "Waarom trekt u dit in?", Lines: 1}
	if p.RemoveID == f.ID {
		b.Error = p.RemoveProblem
	}
	return b
}

// registerSample is what a file looks like.
const registerSample = `uitvraag: 1
register: mijn_verwachtingen
title: "Wat wij verwachten"
instruments: [gemeente]
alpha: 0.05      # grens van significantie
smallest: 10     # kleinere groepen doen niet mee
hypotheses:
  - id: V1
    question: "Bij welke onderzoeksvraag hoort dit?"
    expectation: "Grote gemeenten zijn meer tevreden dan kleine."
    confirmed_by: all      # of most, of any
    tests:
      - instrument: gemeente
        test: rank         # welch, association, spearman, pearson, wilcoxon, paired_t, most
        dependent: [b6_12_bao]
        by: inwoners
        where: "answered(b6_11_bao)"   # mag weg
`

// Changes are the drafts that read otherwise than of a snapshot.
type Changes struct {
	Staff
	Audience  string
	Audiences []Tab
	Path      string
	From      BookChoice
	Compared  bool // there is a snapshot to compare with
	Changes   []report.Change
	Same      int
}

// ValidShare is how many statements a score on a scale needs, in a study.
type ValidShare struct {
	Staff
	Path, Percent, Problem string
	May                    bool
}

func (p ValidShare) box() ui.Box {
	return ui.Box{Name: "deel", Label: "Deel van de stellingen dat voor een score beantwoord moet zijn, in procenten", Value: p.Percent, Lines: 1, Numeric: true, Error: p.Problem}
}

func changesText(n int) string {
	switch n {
	case 0:
		return "Er veranderde geen tekst."
	case 1:
		return "Bij 1 tabel veranderde de tekst."
	}
	return fmt.Sprintf("Bij %d tabellen veranderde de tekst.", n)
}

func draftText(text string) string {
	if text == "" {
		return "(geen tekst)"
	}
	return text
}

// made says when a file was put down and by whom, and why it does not count any more.
func (f RegisterFile) made() string {
	text := f.Added
	if f.By != "" {
		text += ", door " + f.By
	}
	text += "."
	if f.Withdrawn != "" {
		text += " Ingetrokken " + f.Withdrawn + ": " + f.Why
	}
	return text
}

// counted says how many there are, and what is shown of them.
func (r Rows) counted() string {
	text := ui.Count(r.N, "eenheid", "eenheden") + ", uit " + ui.Count(r.Questionnaires, "vragenlijst", "vragenlijsten") + "."
	if len(r.Lines) < r.N {
		text += " De eerste " + ui.Int(len(r.Lines)) + " staan hier; alle staan in de gegevens."
	}
	return text + " Namen staan er niet bij: elke eenheid heeft een pseudoniem. Kies er een om de hele vragenlijst te zien."
}
