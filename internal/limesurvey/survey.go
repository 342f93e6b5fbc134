// Package limesurvey reads questionnaires that were made in LimeSurvey, and
// writes ours so that LimeSurvey can read them: the structure of a survey as
// .lss (versions 3 to 6) and as a table with tabs. Whatever does not fit is
// listed, never dropped in silence. It knows no answers.
package limesurvey

import (
	"cmp"
	"slices"
	"strings"
)

// A Miss is something that did not come along as it was.
type Miss struct {
	Where string // the code of a question, "" for the survey as a whole
	Text  string // what it was, and what was done, in Dutch
}

// String returns the miss on one line.
func (m Miss) String() string {
	if m.Where == "" {
		return m.Text
	}
	return m.Where + ": " + m.Text
}

// A survey is what both formats hold of a questionnaire, in its first language.
type survey struct {
	Title, Welcome string
	Language       string
	Groups         []group
	misses         []Miss
}

// A group is one page or chapter of a survey.
type group struct {
	id                    string
	Name, Text, Relevance string
	order                 int
	Questions             []question
}

// A question of LimeSurvey. Type is its letter.
type question struct {
	id                     string
	Type, Code, Text, Help string
	Relevance              string
	Other                  bool
	Mandatory              bool
	Subs                   []sub
	Answers                []answer
	Attributes             map[string]string
	order                  int
	group                  string
}

// A sub is a subquestion: a row, a box, or on scale 1 the head of a column.
type sub struct {
	Code, Text, Relevance string
	Scale, order          int
}

// An answer is one that can be chosen.
type answer struct {
	Code, Text   string
	Scale, order int
}

func (s *survey) miss(where, text string) { s.misses = append(s.misses, Miss{where, text}) }

// sort puts everything in its order.
func (s *survey) sort() {
	slices.SortStableFunc(s.Groups, func(a, b group) int { return cmp.Compare(a.order, b.order) })
	for g := range s.Groups {
		qs := s.Groups[g].Questions
		slices.SortStableFunc(qs, func(a, b question) int { return cmp.Compare(a.order, b.order) })
		for q := range qs {
			slices.SortStableFunc(qs[q].Subs, func(a, b sub) int { return cmp.Or(cmp.Compare(a.Scale, b.Scale), cmp.Compare(a.order, b.order)) })
			slices.SortStableFunc(qs[q].Answers, func(a, b answer) int { return cmp.Or(cmp.Compare(a.Scale, b.Scale), cmp.Compare(a.order, b.order)) })
		}
	}
}

// scale returns the subquestions of one scale.
func (q *question) scale(n int) []sub {
	return slices.Collect(func(yield func(sub) bool) {
		for _, s := range q.Subs {
			if s.Scale == n && !yield(s) {
				return
			}
		}
	})
}

// answersOf returns the answers of one scale.
func (q *question) answersOf(n int) []answer {
	var out []answer
	for _, a := range q.Answers {
		if a.Scale == n {
			out = append(out, a)
		}
	}
	return out
}

// limits of a file: beyond them it is no questionnaire.
const (
	maxFile  = 4 << 20 // bytes
	maxRows  = 50_000  // of all tables together
	maxDepth = 8       // elements within one another; a survey needs 5
	maxText  = 20_000  // characters of one text
)

// notText says in Dutch why a file cannot be read at all, "" where it can.
func notText(data []byte) string {
	switch {
	case len(data) == 0:
		return "Dit bestand is leeg."
	case len(data) > maxFile:
		return "Dit bestand is groter dan 4 MB. Een vragenlijst is veel kleiner."
	case strings.HasPrefix(string(data[:min(4, len(data))]), "PK"):
		return "Dit is een archief (.lsa of zip). Exporteer in LimeSurvey de vragenlijst zelf, als .lss."
	}
	return ""
}
