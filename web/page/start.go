package page

import "github.com/uitvraag/uitvraag/web/ui"

// StartPath is below Base of a study for staff: the way to the first invitation.
const StartPath = "/aan-de-slag"

// A Start page follows a new project leader to the first invitation.
type Start struct {
	Staff
	Steps []StartStep
}

// A StartStep is one step of the way.
type StartStep struct {
	Title, Why string
	State      string // in orde, let op, nog niet
	Notes      []string
	Path, Link string // where it is done; "" where there is nothing to do
}

func (s StartStep) shape() string {
	switch s.State {
	case "in orde":
		return "done"
	case "let op":
		return "warn"
	}
	return "busy"
}

// progress says how far the way is.
func (p Start) progress() string {
	n := 0
	for _, s := range p.Steps {
		if s.State != "nog niet" {
			n++
		}
	}
	return ui.Int(n) + " van de " + ui.Int(len(p.Steps)) + " stappen gedaan. Deze lijst houdt zichzelf bij."
}

// next is the first step that is not done, or -1.
func (p Start) next() int {
	for i, s := range p.Steps {
		if s.State == "nog niet" {
			return i
		}
	}
	return -1
}

func startExamples() []Example {
	base := exampleStaff("onderzoek")
	p := Start{Staff: base, Steps: []StartStep{
		{"Lees het register in", "Het register zegt wie u vraagt.", "in orde", nil, base.Base + UnitsPath, "Naar het register"},
		{"Kies wanneer wat weggaat", "Het plan zegt op welke dag de uitnodiging gaat.", "nog niet", []string{"Tweede herinnering valt na het sluiten. Verander het plan of de sluiting."}, base.Base + PlanPath, "Naar het plan"},
		{"Haal collega’s erbij", "Geef ieder een eigen rol.", "let op", []string{"U werkt nu alleen in dit onderzoek. Dat mag."}, base.Base + TeamPath, "Nodig collega’s uit"},
		{"De eerste uitnodiging gaat weg", "Vanaf nu ziet u bij Vandaag hoe het gaat.", "nog niet", nil, "", ""}}}
	return []Example{{"aan-de-slag", "Aan de slag", p.View()}}
}
