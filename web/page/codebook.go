package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/web/ui"
)

// CodebookPath is where the codebook of an audience is, after the base of a study.
const CodebookPath = "/codeboek"

// A Codebook tells what every variable of a dataset is (standards N13).
type Codebook struct {
	Staff
	Title     string
	Subtitle  string
	Facts     string // what it counts
	Chapters  []CodebookChapter
	Audiences []Tab
	Downloads []Link
	Print     bool // on paper: no controls
}

// A CodebookChapter is a section of the questionnaire, or what is known beside it.
type CodebookChapter struct {
	ID, Title string
	Questions []CodebookQuestion
}

// A CodebookQuestion is a question with its variables. Text is "" for what was
// not asked.
type CodebookQuestion struct {
	ID, Text, Hint, Routing, Table string
	Groups                         []CodebookGroup
}

// A CodebookGroup is variables with the same values.
type CodebookGroup struct {
	Values []instrument.Value
	Lines  []CodebookLine
	Asked  bool // they answer a question
}

// unreached names the rows of which nothing is known.
func (g CodebookGroup) unreached() string {
	switch {
	case !g.Asked:
		return "Onbekend"
	case len(g.Values) == 0:
		return "Leeg of niet bereikt"
	}
	return "Niet bereikt"
}

// A CodebookLine is one variable: how often each value occurs, and the rest.
type CodebookLine struct {
	Name, Label, Level, Type string
	Counts                   []int // by place in Values
	Given                    int   // answers that are no value of the list
	Hidden, Unknown          int   // not shown; not reached or not known
}

// roleTitles are the chapters beside the questions.
var roleTitles = map[dataset.Role]string{dataset.Meta: "Over de vragenlijst", dataset.Background: "Achtergrond uit het register", dataset.Derived: "Afgeleid", dataset.Computed: "Berekend", dataset.Coded: "Gecodeerde open antwoorden"}

// levelTitles and typeTitles are those words in Dutch.
var (
	levelTitles = map[dataset.Measure]string{dataset.Nominal: "nominaal", dataset.Ordinal: "ordinaal", dataset.Interval: "interval"}
	typeTitles  = map[instrument.Type]string{instrument.CodeType: "code", instrument.FlagType: "0 of 1", instrument.GradeType: "cijfer", instrument.NumberType: "getal", instrument.TextType: "tekst", dataset.TimeType: "moment (UTC)"}
)

// NewCodebook lays out the entries of d under their questions.
func NewCodebook(d *dataset.Dataset, entries []export.Entry) Codebook {
	p := Codebook{Title: d.Title, Subtitle: "Codeboek " + d.Instrument + " " + d.Edition,
		Facts: ui.Int(d.Len()) + " eenheden · " + ui.Int(d.Questionnaires()) + " vragenlijsten · " + ui.Int(len(entries)) + " variabelen · stand van " + ui.Date(d.Taken) + " " + ui.Clock(d.Taken)}
	for i := range entries {
		e := &entries[i]
		title := e.Section
		if e.Asked == "" {
			title = roleTitles[e.Role]
		}
		n := len(p.Chapters)
		if n == 0 || p.Chapters[n-1].Title != title {
			p.Chapters = append(p.Chapters, CodebookChapter{ID: "deel-" + strconv.Itoa(n+1), Title: title})
			n++
		}
		c := &p.Chapters[n-1]
		if k := len(c.Questions); k == 0 || c.Questions[k-1].ID != e.Question {
			c.Questions = append(c.Questions, CodebookQuestion{ID: e.Question, Text: e.Asked, Hint: e.Hint, Routing: e.Routing, Table: e.Table})
		}
		c.Questions[len(c.Questions)-1].add(e)
	}
	return p
}

// add puts a variable with those that have the same values, if they come before it.
func (q *CodebookQuestion) add(e *export.Entry) {
	label := e.Label
	if e.Part != "" {
		label = e.Part
	}
	line := CodebookLine{Name: e.Name, Label: label, Level: levelTitles[e.Measure], Type: typeTitles[e.Type], Counts: e.Counts, Given: e.Given, Hidden: e.Hidden, Unknown: e.Unknown}
	if n := len(q.Groups); n > 0 && slices.Equal(q.Groups[n-1].Values, e.Values) && len(e.Values) <= manyValues {
		q.Groups[n-1].Lines = append(q.Groups[n-1].Lines, line)
		return
	}
	q.Groups = append(q.Groups, CodebookGroup{Values: e.Values, Lines: []CodebookLine{line}, Asked: e.Asked != ""})
}

// manyValues is how many values still stand beside each other.
const manyValues = 16

// upright reports whether the values stand under each other.
func (g CodebookGroup) upright() bool { return len(g.Lines) == 1 && len(g.Values) > 0 }

// about is what stands under a question.
func (q CodebookQuestion) about() string {
	parts := []string{q.Routing}
	if q.Hint != "" {
		parts = []string{strings.TrimRight(q.Hint, ".") + ".", q.Routing}
	}
	if q.Table != "" {
		parts = append(parts, "Tabel "+q.Table+".")
	}
	return strings.Join(parts, " ")
}

// about says what kind of variable a line is.
func (l CodebookLine) about() string { return l.Type + ", " + l.Level }
