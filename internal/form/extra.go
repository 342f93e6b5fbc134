package form

import (
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// Extra carries out a button that changes the page instead of leaving it:
// "wis:ITEM" clears an answer, "verwijder:N" removes one repeat and moves the
// later ones up. What is cleared has no problem any more.
func Extra(p *instrument.Page, post *Post, extra string) {
	what, which, _ := strings.Cut(extra, ":")
	switch what {
	case "wis":
		for i := range p.Items {
			if p.Items[i].ID() == which {
				clear(&p.Items[i], post)
			}
		}
	case "verwijder":
		if n, err := strconv.Atoi(which); err == nil && p.Question.Kind == instrument.Repeated {
			remove(p, post.Values, n)
		}
	}
}

func clear(it *instrument.Item, post *Post) {
	for _, v := range it.Variables {
		post.Values[v.Name] = ""
	}
	var rest []Problem
	for _, problem := range post.Problems {
		if problem.Item != it.ID() {
			rest = append(rest, problem)
		}
	}
	post.Problems = rest
}

// remove drops repeat n, counted from 1.
func remove(p *instrument.Page, values answer.Values, n int) {
	vs, width := p.Items[0].Variables, len(p.Question.Fields)
	if n < 1 || n > instrument.MaxRepeats {
		return
	}
	for i := (n - 1) * width; i < len(vs); i++ {
		values[vs[i].Name] = ""
		if i+width < len(vs) {
			values[vs[i].Name] = values[vs[i+width].Name]
		}
	}
}

// RepeatCount is how many groups of a repeated group the page shows for these
// answers: up to the last one filled in, at least one.
func RepeatCount(p *instrument.Page, values answer.Values) int {
	if p.Question.Kind != instrument.Repeated {
		return 0
	}
	return filledRepeats(&p.Items[0], values)
}

func filledRepeats(it *instrument.Item, values answer.Values) int {
	last := 1
	for i, v := range it.Variables {
		if values[v.Name] != "" {
			last = i/len(it.Question.Fields) + 1
		}
	}
	return last
}
