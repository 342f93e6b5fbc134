package page

import (
	"fmt"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/web/ui"
)

// Wordings lists the texts of a study.
type Wordings struct {
	Staff
	MayEdit       bool
	Ladder, Other []WordingRow
}

// A WordingRow is one text.
type WordingRow struct {
	Title, How, Path string
	Subject          string
	Own              []string // "eigen tekst", "eigen tekst voor gemeenten"; empty for the text of the product
	Hints            int
}

// A WordingEdit page is the editor of one text, with what its readers get.
type WordingEdit struct {
	Staff
	Title, How  string
	Path, Query string // of the page
	Audience    string // "" for all
	Audiences   []Choice
	Subject     string
	HasSubject  bool
	Body        string
	From        string    // the version that was changed
	Draft       time.Time // of what stands in the editor; zero for the text as it is
	Own         bool
	Done        string // what was just done: bewaard, terug, weg, proef
	Problems    []ui.Message
	Preview     WordingPreview
	For         []Choice // units whose message can be looked at
	Fields      []contactplan.FieldHelp
	TestTo      string
	CanTest     bool
	Versions    []WordingVersion
}

// A WordingPreview is a text as its readers get it.
type WordingPreview struct {
	Problems  []string // it cannot be sent
	Hints     []string // it can, but
	To        string
	Subject   string
	Text      string
	FramePath string // of the message as a page; "" for a conversation
	Turn      string // makes the address of the frame new
}

// A WordingVersion is one version of a text.
type WordingVersion struct {
	ID       int64
	When     time.Time
	Who      string
	Reason   string
	Standard bool
	Now      bool
}

func (p WordingEdit) problem(field string) string {
	for _, m := range p.Problems {
		if m.Field == field {
			return m.Text
		}
	}
	return ""
}

// done says what was just done.
func (p WordingEdit) done() string {
	switch p.Done {
	case "bewaard":
		return "De tekst is bewaard. Berichten die nog moeten gaan, krijgen deze tekst."
	case "terug":
		return "De eerdere tekst is teruggezet."
	case "weg":
		return "Uw concept is weggegooid."
	case "proef":
		return "De proefmail is verstuurd naar " + p.TestTo + "."
	}
	return ""
}

func (p WordingEdit) audienceChoices() []ui.SelectOption {
	out := []ui.SelectOption{{Value: "", Label: "Alle doelgroepen", Selected: p.Audience == ""}}
	return append(out, selectOptions(p.Audiences)...)
}

func (p WordingEdit) forChoices() []ui.SelectOption {
	out := []ui.SelectOption{{Value: "", Label: "Een verzonnen ontvanger"}}
	return append(out, selectOptions(p.For)...)
}

// frame is the address of the message, new at each turn.
func (p WordingPreview) frame() string {
	if p.Turn == "" {
		return p.FramePath
	}
	mark := "?"
	for _, r := range p.FramePath {
		if r == '?' {
			mark = "&"
		}
	}
	return p.FramePath + mark + "beurt=" + p.Turn
}

func fieldWritten(f contactplan.FieldHelp) string {
	if f.Line {
		return "<" + f.Name + ">"
	}
	return "{{" + f.Name + "}}"
}

func (v WordingVersion) title() string {
	if v.Who == "" {
		return whenFull(v.When)
	}
	return fmt.Sprintf("%s, door %s", whenFull(v.When), v.Who)
}
