package page

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"github.com/uitvraag/uitvraag/internal/sheet"
	"github.com/uitvraag/uitvraag/web/ui"
)

// AreasName stands for the file of areas in a path, where an audience stands.
const AreasName = "gebieden"

// A Register is what there is of the register of a study, and where files come
// in.
type Register struct {
	Staff
	Audiences []RegisterAudience // the areas last
	MayAct    bool
	Done      string // what was just read in
}

// A RegisterAudience is one of the files that a study needs.
type RegisterAudience struct {
	Name, Title string // Name is in the path
	Facts       []string
	Needs       string // what the file must hold
	UnitsPath   string // "" of areas, and while there are none
	Waiting     string // name of the file that somebody began with
	WaitingTo   string // where to go on with it
	Problems    []sheet.Problem
}

// A RegisterColumns page asks what the columns of a file mean.
type RegisterColumns struct {
	Staff
	Name, Title, File, ReadAs string
	Columns                   []RegisterColumn
	Rows                      int
	Problem                   string // there is no code
}

// A RegisterColumn is one column with its first values.
type RegisterColumn struct {
	Label   string
	Values  []string
	Options []ui.SelectOption
	Problem string
}

// A RegisterCheck shows what reading a file in would do.
type RegisterCheck struct {
	Staff
	Name, Title, File string
	Version           string // of what is shown: the file and its meanings
	Areas             bool
	N                 int // units, or pairs of areas
	Problems          []sheet.Problem
	Warnings          []string
	First             []RegisterUnit
	Background        []string // labels
	Known             int      // units that are in the study now
	Added             []Link   // the first of them
	NAdded            int
	Changed           []RegisterChange // the first of them
	NChanged          int
	Missing           []Link
	NMissing          int
	Released          bool
	Starts            string // when added units hear of it, of a study that was released
	Reason            string
	Message           []ui.Message
}

// A RegisterUnit is a unit as the file has it.
type RegisterUnit struct {
	Code, Name, Contact, Reach string
}

// A RegisterChange is a unit that the file changes.
type RegisterChange struct {
	Unit   Link
	Fields []FieldChange
}

// A FieldChange is one thing that changes.
type FieldChange struct{ Label, Old, New string }

func (p RegisterColumns) path(step string) string {
	return p.Base + RegisterPath + "/" + p.Name + "/" + step
}

func (p RegisterCheck) path(step string) string {
	return p.Base + RegisterPath + "/" + p.Name + "/" + step
}

// what names what the file holds: "380 eenheden".
func (p RegisterCheck) what() string {
	if p.Areas {
		return ui.Count(p.N, "combinatie van samenwerkingsverband en gemeente", "combinaties van samenwerkingsverband en gemeente")
	}
	return ui.Count(p.N, "eenheid", "eenheden")
}

// count is how many of what the file holds, in the word of a heading.
func (p RegisterCheck) count(n int) string {
	if p.Areas {
		return ui.Count(n, "combinatie", "combinaties")
	}
	return ui.Count(n, "eenheid", "eenheden")
}

// stays says what becomes of what is missing from the file.
func (p RegisterCheck) stays() string {
	if p.Areas {
		return "Er wordt niets verwijderd: deze combinaties blijven gelden."
	}
	return "Er wordt niets verwijderd. Deze eenheden blijven in het onderzoek, met het merk dat ze niet in het laatste bestand staan."
}

func (p RegisterCheck) more(shown, all int) string {
	return fmt.Sprintf("En nog %s.", ui.Int(all-shown))
}

func (p RegisterCheck) reasonError() string {
	if len(p.Message) > 0 {
		return p.Message[0].Text
	}
	return ""
}

func (p RegisterColumns) messages() []ui.Message {
	var out []ui.Message
	if p.Problem != "" {
		out = append(out, ui.Message{Field: "kolom-0", Text: p.Problem})
	}
	for i, c := range p.Columns {
		if c.Problem != "" {
			out = append(out, ui.Message{Field: fmt.Sprintf("kolom-%d", i), Text: c.Problem})
		}
	}
	return out
}

func (p RegisterColumns) described(i int) templ.Attributes {
	if p.Columns[i].Problem == "" {
		return templ.Attributes{}
	}
	a := ui.Described(fmt.Sprintf("kolom-%d-fout", i))
	a["aria-invalid"] = "true"
	return a
}

// verdict says in one sentence what reading the file in does.
func (p RegisterCheck) verdict() string {
	switch {
	case p.Areas:
		return ui.Upper(p.what()) + ". Er zijn geen problemen gevonden."
	case p.Known == 0:
		return ui.Upper(p.what()) + " in het bestand. Er zijn geen problemen gevonden."
	}
	return fmt.Sprintf("%s in het bestand: %s nieuw, %s gewijzigd. Er zijn geen problemen gevonden.", ui.Upper(p.what()), ui.Int(p.NAdded), ui.Int(p.NChanged))
}

func orNothing(s string) string {
	if s == "" {
		return "leeg"
	}
	return strings.ReplaceAll(s, "\n", ", ")
}
