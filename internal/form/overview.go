package form

import (
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Progress says how far a section is.
type Progress string

// How far a section is.
const (
	NotBegun Progress = "Nog niet begonnen"
	Busy     Progress = "Bezig"
	Done     Progress = "Ingevuld"
	Skipped  Progress = "Niets ingevuld" // every page was passed, and nothing answered
)

// A Part is one line of the list of sections.
type Part struct {
	No        int
	Section   int // index in Instrument.Sections
	Title     string
	Page      string // where its link leads: the first page not yet passed, else its first
	Progress  Progress
	Passed    int // pages that were passed
	Total     int // pages that are shown
	Questions int
	Minutes   int
	begun     bool // something was answered, if only by saving while typing
}

// Parts returns the list of sections for these answers.
func (f *Form) Parts(values answer.Values, passed map[string]bool) []Part {
	var parts []Part
	last, question := -1, ""
	for _, p := range f.Visible(values) {
		if p.Section != last {
			last = p.Section
			parts = append(parts, Part{No: len(parts) + 1, Section: p.Section, Title: f.In.Sections[p.Section].Title, Page: p.ID})
		}
		part := &parts[len(parts)-1]
		if p.Question.ID != question {
			question = p.Question.ID
			part.Questions++
		}
		part.Total++
		part.begun = part.begun || slices.ContainsFunc(p.Items, func(it instrument.Item) bool { return answer.Answered(&it, values) })
		if passed[p.ID] {
			if part.Passed == part.Total-1 {
				part.Page = ""
			}
			part.Passed++
		} else if part.Page == "" {
			part.Page = p.ID
		}
	}
	for i := range parts {
		f.finish(&parts[i], values)
	}
	return parts
}

// finish names the progress of a part and gives a finished one its first page.
func (f *Form) finish(part *Part, values answer.Values) {
	part.Progress = Busy
	switch {
	case part.Passed == part.Total && part.begun:
		part.Progress = Done
	case part.Passed == part.Total:
		part.Progress = Skipped
	case part.Passed == 0 && !part.begun:
		part.Progress = NotBegun
	}
	if part.Page == "" {
		for _, p := range f.Visible(values) {
			if p.Section == part.Section {
				part.Page = p.ID
				break
			}
		}
	}
	part.Minutes = max(1, (part.Questions*2+2)/3)
}

// A ReviewPart is one section of the overview of all answers.
type ReviewPart struct {
	No        int
	Title     string
	Questions []ReviewQuestion
}

// A ReviewQuestion is one question with what was answered.
type ReviewQuestion struct {
	Text    string
	Page    string // where "Wijzig" leads
	Answers []ReviewAnswer
	Open    int // items left open, texts not counted
	Passed  bool
}

// A ReviewAnswer is one answer in words.
type ReviewAnswer struct {
	Label string // the row; "" where the question has one answer
	Value string // "" for no answer
	Long  bool   // a text to be shown with its line breaks
}

// Review returns every question that is shown with its answers in words.
func (f *Form) Review(values answer.Values, passed map[string]bool) []ReviewPart {
	var parts []ReviewPart
	last, question := -1, ""
	for _, p := range f.Visible(values) {
		if p.Section != last {
			last = p.Section
			parts = append(parts, ReviewPart{No: len(parts) + 1, Title: f.In.Sections[p.Section].Title})
		}
		part := &parts[len(parts)-1]
		if p.Question.ID != question {
			question = p.Question.ID
			part.Questions = append(part.Questions, ReviewQuestion{Text: p.Question.Text, Page: p.ID, Passed: true})
		}
		q := &part.Questions[len(part.Questions)-1]
		q.Passed = q.Passed && passed[p.ID]
		for i := range p.Items {
			q.add(&p.Items[i], values)
		}
	}
	return parts
}

func (q *ReviewQuestion) add(it *instrument.Item, values answer.Values) {
	if it.Question.Kind == instrument.Repeated {
		for i := range it.Variables {
			v := &it.Variables[i]
			if text := values[v.Name]; strings.TrimSpace(text) != "" {
				q.Answers = append(q.Answers, ReviewAnswer{Label: v.Label, Value: text, Long: true})
			}
		}
		return
	}
	a := ReviewAnswer{Value: Words(it, values), Long: it.Question.Kind == instrument.Open}
	if it.Row != nil {
		a.Label = it.Row.Label
	}
	if it.Column != nil {
		a.Label += ", " + strings.ToLower(it.Column.Label)
	}
	if a.Value == "" && it.Question.Kind != instrument.Open && (it.Row == nil || !it.Row.Open) && !it.Question.Optional {
		q.Open++
	}
	if a.Value != "" || it.Row == nil || !it.Row.Open {
		q.Answers = append(q.Answers, a)
	}
}

// Words returns the answer to an item as a person would say it, "" for none.
func Words(it *instrument.Item, values answer.Values) string {
	var words []string
	for i := range it.Variables {
		v := &it.Variables[i]
		value := values[v.Name]
		switch v.Type {
		case instrument.TextType:
			if strings.TrimSpace(value) != "" {
				words = append(words, value)
			}
		case instrument.FlagType:
			if value == "1" {
				words = append(words, option(it.Question, v.Column).Label)
			}
		default:
			if x, ok := v.Value(value); ok && x.Reason != instrument.LeftOpen {
				words = append(words, x.Label)
			} else if !ok && value != "" {
				words = append(words, value)
			}
		}
	}
	return strings.Join(words, ", ")
}
