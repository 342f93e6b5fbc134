package page

import (
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/ui"
)

// Where a study is made and set up: NewStudyPath outside a study, the others
// below its base.
const (
	NewStudyPath = "/beheer/nieuw"
	SetupPath    = "/onderzoek"
	SettingsPath = "/instellingen"
	RegisterPath = "/register"
	StrataPath   = "/strata"
	TimelinePath = "/tijdlijn"
)

// A StudyForm is what somebody fills in of a study: as typed, with what must be
// mended beside each field.
type StudyForm struct {
	Texts                   map[study.Field]string
	OpensDay, OpensClock    string
	ClosesDay, ClosesClock  string
	Traceable               bool
	FixedPeriod             bool // released: the period changes elsewhere
	FixedPromise            bool // released with the promise: it is kept
	Problems                study.Problems
	OpensClockProblem       string
	ClosesClockProblem      string
	Definitions             []DefinitionChoice // of a new study only
	DefinitionProblem, Slug string
}

// A DefinitionChoice is what a study can be made from.
type DefinitionChoice struct {
	Value, Label, Hint string
	Selected           bool
}

// NewStudy is where a study is made.
type NewStudy struct {
	Staff
	StudyForm
}

// StudySettings is where the settings of a study change.
type StudySettings struct {
	Staff
	StudyForm
	Saved bool
}

type fieldLook struct {
	label, hint string
	lines       int
	kind        string
}

// fieldLooks says how each text of a study is asked.
var fieldLooks = map[study.Field]fieldLook{
	study.TitleField:     {"Titel", "Zoals respondenten hem zien, in brieven en boven de vragenlijst.", 1, ""},
	study.OrganiserField: {"Wie voert het onderzoek uit?", "Bijvoorbeeld: Bureau Lindeboom.", 1, ""},
	study.ClientField:    {"In opdracht van wie?", "Bijvoorbeeld: de ministeries van OCW en VWS.", 1, ""},
	study.PhoneField:     {"Telefoon voor vragen", "", 1, "tel"},
	study.EmailField:     {"E-mail voor vragen", "Antwoorden op uw mails komen hier aan.", 1, "email"},
	study.SenderField:    {"Wie ondertekent?", "Een persoon, met naam.", 1, ""},
	study.RoleField:      {"Functie van wie ondertekent", "", 1, ""},
	study.QuestionField:  {"Het onderzoek in één vraag", "Staat groot boven de uitnodiging. Bijvoorbeeld: Hoe werken onderwijs en jeugdhulp bij u samen?", 1, ""},
	study.WhyField:       {"Waarom dit onderzoek?", "Twee of drie zinnen, zonder regeleinde.", 3, ""},
	study.ResultsField:   {"Wanneer en waar zijn de uitkomsten te lezen?", "", 2, ""},
}

func (f StudyForm) box(field study.Field) ui.Box {
	look := fieldLooks[field]
	return ui.Box{Name: string(field), Label: look.label, Hint: look.hint, Lines: look.lines, Type: look.kind, Value: f.Texts[field], Error: f.Problems[field]}
}

func (f StudyForm) day(field study.Field, label, value string) ui.Box {
	return ui.Box{Name: string(field), Label: label, Type: "date", Lines: 1, Value: value, Error: f.Problems[field]}
}

func clockBox(field study.Field, label, value, problem string) ui.Box {
	return ui.Box{Name: string(field) + "-tijd", Label: label, Type: "time", Lines: 1, Value: value, Error: problem}
}

// formOrder is the order of the fields on the page.
var formOrder = []study.Field{study.TitleField, study.OpensField, study.ClosesField, study.OrganiserField, study.ClientField, study.PhoneField, study.EmailField,
	study.SenderField, study.RoleField, study.QuestionField, study.WhyField, study.ResultsField, study.PromiseField}

// messages lists what must be mended, in the order of the page.
func (f StudyForm) messages() []ui.Message {
	var out []ui.Message
	add := func(field, text string) {
		if text != "" {
			out = append(out, ui.Message{Field: field, Text: text})
		}
	}
	add("definitie-1", f.DefinitionProblem)
	for _, field := range formOrder {
		id := string(field)
		if field == study.PromiseField {
			id = "belofte-anoniem"
		}
		add(id, f.Problems[field])
		switch field {
		case study.OpensField:
			add("opent-tijd", f.OpensClockProblem)
		case study.ClosesField:
			add("sluit-tijd", f.ClosesClockProblem)
		}
	}
	return out
}

// Faulty reports whether something must be mended.
func (f StudyForm) Faulty() bool { return len(f.messages()) > 0 }
