package form

import (
	"fmt"
	"strings"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// Prompts returns what page p still asks softly after a save. What was already
// so when the page was posted before is not asked again: before and after are
// the stored answers around this save, seen and left open included, so posting
// the same page a second time passes it.
func (f *Form) Prompts(p *instrument.Page, before, after answer.Values) []Problem {
	type question struct{ item, text string }
	asked := map[question]bool{}
	for _, b := range prompts(p, before, true) {
		asked[question{b.Item, b.Text}] = true
	}
	var out []Problem
	for _, a := range prompts(p, after, false) {
		if !asked[question{a.Item, a.Text}] {
			out = append(out, a)
		}
	}
	return out
}

// prompts lists what could still be filled in. With seen, only what the stored
// answers show to have been left open by an earlier post.
func prompts(p *instrument.Page, values answer.Values, seen bool) []Problem {
	var out []Problem
	for i := range p.Items {
		it := &p.Items[i]
		if text := prompt(it, values, seen); text != "" {
			out = append(out, Problem{it.ID(), promptField(it, values), text})
		}
	}
	return out
}

func prompt(it *instrument.Item, values answer.Values, seen bool) string {
	q := it.Question
	if q.Kind == instrument.Repeated || q.Kind == instrument.Open {
		return ""
	}
	choice, text := halves(it, values)
	switch {
	case it.Row != nil && it.Row.Open && text && !choice:
		return fmt.Sprintf("Kies een antwoord bij ‘%s’, of maak de tekst leeg.", it.Row.Label)
	case it.Row != nil && it.Row.Open:
		return ""
	case choice:
		if o, ok := andersWithoutText(it, values); ok {
			return fmt.Sprintf("Vul in wat u bedoelt met ‘%s’.", o.Label)
		}
		return ""
	case q.Optional, seen && !leftOpen(it, values):
		return ""
	case it.Row != nil:
		return fmt.Sprintf("Kies een antwoord %s.", by(it))
	case q.Kind == instrument.Multi:
		return "Kies een of meer antwoorden."
	case q.Kind == instrument.Number:
		return "Vul een getal in."
	}
	return "Kies een antwoord."
}

// halves says whether an item has a choice, and whether it has a text.
func halves(it *instrument.Item, values answer.Values) (choice, text bool) {
	for i := range it.Variables {
		v := &it.Variables[i]
		if v.Type == instrument.TextType {
			text = text || strings.TrimSpace(values[v.Name]) != ""
			continue
		}
		choice = choice || answer.Given(v, values[v.Name])
	}
	return choice, text
}

func leftOpen(it *instrument.Item, values answer.Values) bool {
	v := &it.Variables[0]
	x, ok := v.Value(values[v.Name])
	return ok && x.Reason == instrument.LeftOpen
}

// andersWithoutText returns the first option that was chosen and still asks for
// its text, and whether there is one.
func andersWithoutText(it *instrument.Item, values answer.Values) (instrument.Option, bool) {
	if it.Row != nil {
		return instrument.Option{}, false
	}
	for _, o := range it.Question.Options {
		name := it.ID() + "_" + o.ID
		code, _ := it.Variables[0].Code(o.ID)
		chosen := values[name] == "1" || it.Question.Kind == instrument.Single && values[it.ID()] == code
		if o.Open && chosen && strings.TrimSpace(values[name+"_txt"]) == "" {
			return o, true
		}
	}
	return instrument.Option{}, false
}

// promptField is the control to go to: the text where only that is missing.
func promptField(it *instrument.Item, values answer.Values) string {
	if o, ok := andersWithoutText(it, values); ok {
		return it.ID() + "_" + o.ID + "_txt"
	}
	return firstField(it)
}
