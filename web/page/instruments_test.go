package page_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/web/page"
)

// Every page of the questionnaires that come with the product holds all its
// variables, and keeps to the rules of the examples.
func TestQuestionnairesKeepToTheRules(t *testing.T) {
	t.Parallel()
	for _, study := range instrument.StudyDefinitions() {
		for _, source := range study.Sources {
			in, problems := instrument.Parse(source.Text)
			if in == nil {
				t.Fatalf("%s: %v", source.Name, problems)
			}
			f := form.New(in)
			for i := range f.Pages {
				p := &f.Pages[i]
				t.Run(source.Name+"-"+source.Edition+"/"+p.ID, func(t *testing.T) {
					checkPage(t, p, f.View(p, answer.Values{}, nil, nil, 2))
				})
			}
		}
	}
}

func checkPage(t *testing.T, p *instrument.Page, v form.View) {
	t.Helper()
	d := rendered(t, page.Example{View: page.Question{Form: v, Request: "abcdefgh"}.View()})
	if n := len(d.all("h1")); n != 1 {
		t.Errorf("%d h1", n)
	}
	if got := text(d.all("h1")[0]); !strings.HasPrefix(got, strings.Join(strings.Fields(p.Question.Text), " ")) {
		t.Errorf("h1 is %q, want %q", got, p.Question.Text)
	}
	names, labelled := map[string]bool{}, map[string]bool{}
	for _, l := range d.all("label") {
		labelled[attr(l, "for")] = text(l) != ""
	}
	for _, n := range append(d.all("input"), d.all("textarea")...) {
		names[attr(n, "name")] = true
		if attr(n, "type") != "hidden" && !labelled[attr(n, "id")] {
			t.Errorf("%s has no label", attr(n, "id"))
		}
	}
	for _, variable := range p.Variables() {
		later := p.Question.Kind == instrument.Repeated && !strings.Contains(variable.Name, "_1_") && !strings.Contains(variable.Name, "_2_")
		if !names[variable.Name] && !later {
			t.Errorf("%s cannot be filled in", variable.Name)
		}
	}
	for _, n := range d.nodes {
		for _, id := range strings.Fields(attr(n, "aria-describedby") + " " + attr(n, "aria-labelledby")) {
			if d.ids[id] == nil {
				t.Errorf("nothing has id %q", id)
			}
		}
	}
}
