// Package baseline holds the published results of 2018 as data, to compare with:
// the books of tables, scales, hypotheses and response, every number as it was
// printed, and what is known to be doubtful about them. It computes nothing.
package baseline

import (
	"embed"
	"encoding/json"
	"math"
	"slices"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/table"
)

// Edition is the edition of the instruments of which these are the results.
const Edition = "2018"

//go:embed published/*.json
var files embed.FS

// read reads an embedded file.
func read(name string, into any) {
	text, err := files.ReadFile("published/" + name + ".json")
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		panic("baseline: " + name + ": " + err.Error()) // embedded: a fault of the build
	}
}

// A Table is one published table.
type Table struct {
	ID        string       `json:"id"` // B.5.2
	Question  string       `json:"question"`
	Title     string       `json:"title"`
	Layout    table.Layout `json:"layout"`
	Sum       table.Sum    `json:"sum"`
	N         int          `json:"n"`         // where one is printed for the whole table
	Kernvraag bool         `json:"kernvraag"` // also asked by telephone
	// Asked is how many units could have written something: of codes only. It
	// follows from the other tables.
	Asked   int            `json:"of"`
	Columns []table.Column `json:"columns"`
	Rows    []Row          `json:"rows"`
}

// A Row is a line of a published table.
type Row struct {
	Row   string `json:"row"`
	Label string `json:"label"`
	N     int    `json:"n"` // 0 where it is that of the table
	Cells []Cell `json:"cells"`
}

// A Cell is a number as printed: a whole percentage, a count of codes, or a grade.
type Cell struct {
	Whole int
	Grade *table.Grade
}

// UnmarshalJSON reads a number or a grade.
func (c *Cell) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '{' {
		c.Grade = &table.Grade{Lo: math.NaN(), Hi: math.NaN()}
		return json.Unmarshal(text, c.Grade)
	}
	return json.Unmarshal(text, &c.Whole)
}

// Base returns the number of units that the percentages of a row are of.
func (t *Table) Base(r *Row) int {
	if r.N > 0 {
		return r.N
	}
	return t.N
}

// Tables returns the published tables of an instrument, in order; none for one
// that was not published.
func Tables(name string) []Table {
	if name != "swv" && name != "gemeente" {
		return nil
	}
	var ts []Table
	read(name, &ts)
	return ts
}

// Book returns the published tables of an instrument as a book, to print beside
// another and to audit. Counts are unknown but for codes.
func Book(name string) *table.Book {
	b := &table.Book{Title: "Landelijke inventarisatie aansluiting onderwijs en jeugdhulp 2018", Instrument: name, Edition: Edition}
	for _, t := range Tables(name) {
		b.Tables = append(b.Tables, t.asTable())
	}
	r, _ := ResponseOf(name)
	b.Units, b.Questionnaires, b.Population = r.Units, r.Questionnaires, r.Population
	return b
}

func (t *Table) asTable() *table.Table {
	out := &table.Table{ID: t.ID, Question: t.Question, Title: t.Title, Layout: t.Layout, Sum: t.Sum, N: t.N, Columns: slices.Clone(t.Columns)}
	for _, r := range t.Rows {
		row := table.Row{Row: r.Row, Label: r.Label, N: t.Base(&r)}
		for i, c := range r.Cells {
			row.Cells = append(row.Cells, t.asCell(t.Columns[i].ID, c))
		}
		out.Rows = append(out.Rows, row)
	}
	for _, d := range Doubts() {
		if d.Table == t.ID {
			out.Notes = append(out.Notes, d.Text)
		}
	}
	return out
}

func (t *Table) asCell(column string, c Cell) table.Cell {
	out := table.Counted(column, table.Unknown)
	switch {
	case c.Grade != nil:
		out.Grade, out.Count = c.Grade, c.Grade.N
	case t.Layout == table.Codes:
		out.Count = c.Whole
	default:
		out.Percent = float64(c.Whole)
	}
	return out
}

// A Doubt is something published that is wrong, or may be.
type Doubt struct {
	Table      string           `json:"table,omitempty"`
	Row        string           `json:"row,omitempty"` // "" for the whole table
	Column     string           `json:"column,omitempty"`
	Scale      string           `json:"scale,omitempty"`
	Figure     string           `json:"figure,omitempty"` // of Bijlage 1 or 4; "response"
	Instrument string           `json:"instrument,omitempty"`
	Statistic  string           `json:"statistic,omitempty"` // of a scale
	Confidence table.Confidence `json:"confidence"`
	Text       string           `json:"text"` // one sentence
}

// Doubts returns all that is known to be doubtful.
func Doubts() []Doubt {
	var ds []Doubt
	read("doubts", &ds)
	return ds
}

// DoubtsAt returns what is doubtful about a cell: of the cell, its row or its
// table.
func DoubtsAt(id, row, column string) []Doubt {
	return slices.DeleteFunc(Doubts(), func(d Doubt) bool {
		return d.Table != id || d.Row != "" && d.Row != row || d.Column != "" && d.Column != column
	})
}

// A Scale is a published scale.
type Scale struct {
	ID       string                `json:"id"`
	Title    string                `json:"title"`
	Aliases  []string              `json:"aliases"`  // other names in the publication
	Tables   map[string][]string   `json:"tables"`   // by instrument
	Items    []string              `json:"items"`    // names of variables
	Excluded []string              `json:"excluded"` // statements that were left out
	Stats    map[string]ScaleStats `json:"stats"`    // by instrument
}

// ScaleStats describe the scores on a scale.
type ScaleStats struct{ Mean, Median, SD, Alpha float64 }

// Scales returns the published scales.
func Scales() []Scale {
	var ss []Scale
	read("scales", &ss)
	return ss
}

// A Hypothesis is an expectation of the study with what was concluded.
type Hypothesis struct {
	ID         string               `json:"id"`
	Text       string               `json:"text"`
	Tables     []string             `json:"tables"`
	Figures    []string             `json:"figures"`
	Test       string               `json:"test"` // in words; "" where none was told
	Verdict    string               `json:"verdict"`
	Numbers    map[string][]float64 `json:"numbers"`
	Conclusion string               `json:"conclusion"`
}

// A Figure is one of the figures B4.1 to B4.32 with the numbers in it.
type Figure struct {
	ID           string            `json:"id"`
	Instrument   string            `json:"instrument"`
	Title        string            `json:"title"`
	Kind         string            `json:"kind"`
	Hypothesis   string            `json:"hypothesis"`
	By           string            `json:"by"`       // what it is divided by
	Subgroup     string            `json:"subgroup"` // school type, or which gemeenten
	Columns      []string          `json:"columns"`
	Stars        map[string]string `json:"stars"` // by column: * p < 0,05, ** p < 0,01
	N            []int             `json:"n"`     // by column
	Significance map[string]string `json:"significance"`
	Conclusion   string            `json:"conclusion"`
	Rows         []FigureRow       `json:"rows"`
}

// A FigureRow holds the numbers of one row by column: means, grades, or counts
// with percentages.
type FigureRow struct {
	Row      string        `json:"row"`
	Label    string        `json:"label"`
	Means    []float64     `json:"means"`
	Grades   []table.Grade `json:"grades"` // without bounds
	Counts   []int         `json:"counts"`
	Percents []int         `json:"percents"`
}

// Hypotheses returns the published hypotheses, and the figures with their numbers.
func Hypotheses() ([]Hypothesis, []Figure) {
	var h struct {
		Hypotheses []Hypothesis `json:"hypotheses"`
		Figures    []Figure     `json:"figures"`
	}
	read("hypotheses", &h)
	return h.Hypotheses, h.Figures
}

// A Response is what Bijlage 1 says of one audience.
type Response struct {
	Population           int           `json:"population"`
	Questionnaires       int           `json:"questionnaires"`
	Covered              int           `json:"covered"` // units for which another one answered
	Units                int           `json:"units"`   // both together
	Percent              int           `json:"percent"` // of units
	QuestionnairePercent int           `json:"questionnaire_percent"`
	Complete             int           `json:"complete"`
	Telephone            int           `json:"telephone"` // core questions only, beside Units
	Refusals             int           `json:"refusals"`
	Reasons              []Reason      `json:"reasons"`
	Figures              []Composition `json:"figures"`
}

// A Reason is why units refused.
type Reason struct {
	Reason string `json:"reason"`
	N      int    `json:"n"`
}

// A Composition compares response and population on one characteristic.
type Composition struct {
	ID    string    `json:"id"` // B.1.5
	Title string    `json:"title"`
	Rows  []Stratum `json:"rows"`
}

// A Stratum is a category of a Composition, with whole percentages as printed.
type Stratum struct {
	Label             string `json:"label"`
	Response          int    `json:"response"`
	ResponsePercent   int    `json:"response_percent"`
	Population        int    `json:"population"`
	PopulationPercent int    `json:"population_percent"`
}

// ResponseOf returns the published response of an audience, and whether there is
// one.
func ResponseOf(audience string) (Response, bool) {
	var rs map[string]Response
	read("response", &rs)
	r, ok := rs[audience]
	return r, ok
}

// Instrument returns the questionnaire that was answered, and whether there is
// one of that name.
func Instrument(name string) (*instrument.Instrument, bool) {
	d, _ := instrument.StudyByName("inventarisatie-" + Edition)
	for _, src := range d.Sources {
		if src.Name == name {
			in, _ := src.Parse()
			return in, in != nil
		}
	}
	return nil, false
}
