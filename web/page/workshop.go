package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/web/ui"
)

// WorkshopPath is where questionnaires are made; the id of one follows.
const WorkshopPath = "/beheer/vragenlijsten"

// Paths below the path of a draft.
const (
	draftEdit     = "/bewerken"
	draftCheck    = "/controleren" // to post to
	draftVersions = "/versies"
	draftDiff     = "/verschillen"
	draftStep     = "/stap" // to post to
	draftLime     = "/limesurvey"
	draftPreview  = "/voorbeeld"
	draftPlayed   = "/voorbeeld/vragen"
	draftPaper    = "/papier"
	draftCodebook = "/codeboek"
)

// A Workshop page lists the questionnaires that are made here, and those that
// come with the product.
type Workshop struct {
	Staff
	MayEdit bool
	Drafts  []WorkshopDraft
	BuiltIn []WorkshopBuiltIn
	Dropped []WorkshopDraft
}

// A WorkshopDraft is one line of Workshop.
type WorkshopDraft struct {
	ID      int64
	Name    string
	Edition string
	Title   string
	Stage   instrument.Stage
	Studies []string // that took it
	Version int
	Saved   time.Time
	By      string
}

// A WorkshopBuiltIn is a questionnaire that comes with the product.
type WorkshopBuiltIn struct{ Name, Edition, Title string }

func (d WorkshopDraft) path() string { return fmt.Sprintf("%s/%d", WorkshopPath, d.ID) }

// handle is what a draft is called: its name and edition, or its number.
func (d WorkshopDraft) handle() string {
	return cmp.Or(strings.TrimSpace(d.Name+" "+d.Edition), fmt.Sprintf("zonder naam (%d)", d.ID))
}

// stageShape is the shape of the tag of a stage.
func (d WorkshopDraft) stageShape() string {
	switch {
	case d.Stage == instrument.Approved:
		return "done"
	case d.Stage == instrument.Proposed:
		return "busy"
	}
	return ""
}

func (d WorkshopDraft) stageText() string {
	if len(d.Studies) > 0 {
		return "In gebruik"
	}
	return ui.Upper(string(d.Stage))
}

func (d WorkshopDraft) saved() string {
	return by(fmt.Sprintf("Versie %d, %s", d.Version, ui.Stamp(d.Saved)+" uur"), d.By)
}

// Standing is the draft and its version in a few words.
func (d WorkshopDraft) Standing() string { return fmt.Sprintf("%s, versie %d", d.handle(), d.Version) }

func by(text, who string) string {
	if who == "" {
		return text
	}
	return text + " door " + who
}

// A NewDraft page begins a questionnaire.
type NewDraft struct {
	Staff
	From     []Choice // what there is to begin with
	Basis    string   // how, as chosen: leeg, bestaand, bestand
	Problem  string
	Problems []SourceMessage // of the file
}

func (p NewDraft) basis(value, label, hint string) ui.Control {
	return ui.Control{ID: "begin-" + value, Name: "begin", Value: value, Label: label, Hint: hint, Checked: p.Basis == value}
}

// A DraftPage is everything about one questionnaire in the making.
type DraftPage struct {
	Staff
	WorkshopDraft
	Basis      string
	Missed     []string
	Faults     int
	Advice     int
	Approved   time.Time
	ApprovedBy string
	Versions   []DraftVersionLine
	Steps      []DraftStepLine
	Readable   bool // it can be shown as a questionnaire
	MayEdit    bool
	WhyNotEdit string // "" where it can be changed now
	MayPropose bool
	Approve    string // why the reader cannot approve it, "" where they can
	Remark     string // as typed
	Problem    string // why a step was not taken
}

// A DraftVersionLine is one version of a draft.
type DraftVersionLine struct {
	Number   int
	At       time.Time
	By, Note string
}

// A DraftStepLine is what somebody decided about a version.
type DraftStepLine struct {
	Version          int
	Step, By, Remark string
	At               time.Time
}

func (p DraftPage) at(path string) string { return p.path() + path }

func (p DraftPage) versionPath(n int) string { return fmt.Sprintf("%s/%d", p.at(draftVersions), n) }

// standing says in a sentence where the draft is.
func (p DraftPage) standing() string {
	switch {
	case len(p.Studies) > 0:
		return "Een onderzoek gebruikt deze vragenlijst. Zij verandert niet meer."
	case p.Stage == instrument.Approved:
		return by("Goedgekeurd op "+ui.DayMonthYear(p.Approved), p.ApprovedBy) + ". Deze versie verandert niet meer. Een onderzoek kan haar gebruiken."
	case p.Stage == instrument.Proposed:
		return "Deze versie wacht op goedkeuring door een collega. Wijzigt iemand de tekst, dan is het weer een concept."
	case p.Stage == instrument.Dropped:
		return "Deze vragenlijst is weggelegd. Er is niets van verwijderd."
	case p.Faults > 0:
		return ui.Count(p.Faults, "fout moet", "fouten moeten") + " er nog uit voordat een collega haar kan goedkeuren."
	}
	return "De tekst heeft geen fouten. U kunt haar laten goedkeuren door een collega."
}

// A SourceMessage is a message of the checker about a line.
type SourceMessage struct {
	Line    int
	Text    string
	Warning bool
}

// Messages turns what the checker says into lines of a page.
func Messages(problems []instrument.Problem) []SourceMessage {
	var out []SourceMessage
	for _, p := range problems {
		out = append(out, SourceMessage{Line: p.Line, Text: strings.TrimSpace(p.Text + " " + p.Remedy), Warning: p.Warning})
	}
	return out
}

func (m SourceMessage) kind() string {
	if m.Warning {
		return "Let op: "
	}
	return "Fout: "
}

func (m SourceMessage) where() string { return fmt.Sprintf("Regel %d", m.Line) }

func (m SourceMessage) anchor() string { return fmt.Sprintf("#regel-%d", m.Line) }

// A Source is a text with numbered lines and the messages about them.
type Source struct {
	Text     string
	Messages []SourceMessage
}

// A sourceLine is one line with what is said about it.
type sourceLine struct {
	No       int
	Text     string
	Messages []SourceMessage
}

// lines cuts the text; a message about a line that is not there stands at the last.
func (s Source) lines() []sourceLine {
	var out []sourceLine
	for i, text := range strings.Split(strings.TrimSuffix(s.Text, "\n"), "\n") {
		out = append(out, sourceLine{No: i + 1, Text: text})
	}
	for _, m := range s.Messages {
		at := min(max(m.Line, 1), len(out)) - 1
		out[at].Messages = append(out[at].Messages, m)
	}
	return out
}

// placed are the messages, each at a line that is there.
func (s Source) placed() []SourceMessage {
	out := slices.Clone(s.Messages)
	last := len(s.lines())
	for i := range out {
		out[i].Line = min(max(out[i].Line, 1), last)
	}
	return out
}

// counted says how much the checker found.
func (s Source) counted() string {
	faults, advice := 0, 0
	for _, m := range s.Messages {
		if m.Warning {
			advice++
		} else {
			faults++
		}
	}
	switch {
	case faults+advice == 0:
		return "Geen fouten gevonden."
	case advice == 0:
		return ui.Count(faults, "fout", "fouten") + "."
	case faults == 0:
		return "Geen fouten, " + ui.Count(advice, "opmerking", "opmerkingen") + "."
	}
	return ui.Count(faults, "fout", "fouten") + ", " + ui.Count(advice, "opmerking", "opmerkingen") + "."
}

// A DraftEditor page changes the text of a draft.
type DraftEditor struct {
	Staff
	WorkshopDraft
	Source
	After  int    // the version that the text was made from
	Note   string // as typed
	Other  []DiffLine
	Theirs string // who saved in the meantime; with Other
}

func (p DraftEditor) moved() bool { return p.Theirs != "" }

func (p DraftEditor) note() ui.Box {
	return ui.Box{Name: "toelichting", Label: "Wat hebt u gewijzigd?", Hint: "Mag leeg blijven. Een paar woorden, voor de lijst met versies.", Value: p.Note, Lines: 1}
}

// A DraftSource page shows one version as it is.
type DraftSource struct {
	Staff
	WorkshopDraft
	Source
	Number int
}

// A DiffLine is one line of a comparison; Skipped stands for lines that are the
// same.
type DiffLine struct {
	instrument.Line
	Skipped int
}

// around is how many lines that are the same stand around a difference.
const around = 3

// DiffLines leaves out what is the same, but for some lines around a difference.
func DiffLines(all []instrument.Line) []DiffLine {
	near := make([]bool, len(all))
	for i, l := range all {
		if l.Change != "" {
			for k := max(0, i-around); k < min(len(all), i+around+1); k++ {
				near[k] = true
			}
		}
	}
	var out []DiffLine
	for i, l := range all {
		switch last := len(out) - 1; {
		case near[i]:
			out = append(out, DiffLine{Line: l})
		case last >= 0 && out[last].Skipped > 0:
			out[last].Skipped++
		default:
			out = append(out, DiffLine{Skipped: 1})
		}
	}
	return out
}

func (l DiffLine) class() string {
	return map[instrument.Change]string{instrument.Added: "came", instrument.Removed: "gone"}[l.Change]
}

func (l DiffLine) sign() string {
	return map[instrument.Change]string{instrument.Added: "+", instrument.Removed: "−"}[l.Change]
}

func (l DiffLine) spoken() string {
	return map[instrument.Change]string{instrument.Added: "Erbij: ", instrument.Removed: "Weg: "}[l.Change]
}

func (l DiffLine) number() string {
	if l.B > 0 {
		return fmt.Sprint(l.B)
	}
	return fmt.Sprint(l.A)
}

// A DraftDiff page compares a draft with another questionnaire.
type DraftDiff struct {
	Staff
	WorkshopDraft
	With        []Choice // what it can be compared with
	Other       string   // what it is compared with, in words
	Differences []instrument.Difference
	Unreadable  string // why there are no differences in words
	Lines       []DiffLine
}

var touches = map[instrument.Touch]string{instrument.TouchesHelp: "uitleg", instrument.TouchesWording: "vraagtekst", instrument.TouchesData: "gegevens"}

func touchShape(t instrument.Touch) string {
	if t == instrument.TouchesData {
		return "warn"
	}
	return ""
}

// A DraftLimeSurvey page gives a draft to LimeSurvey, and says what does not go
// along.
type DraftLimeSurvey struct {
	Staff
	WorkshopDraft
	Misses []string
}

// A DraftPreview page shows a draft as respondents will see it.
type DraftPreview struct {
	Staff
	WorkshopDraft
}

func (p DraftPreview) played() string { return p.path() + draftPlayed }

// A DraftPreviewEnd page is the end of a preview, with what was answered.
type DraftPreviewEnd struct {
	Frame
	Parts []form.ReviewPart
}
