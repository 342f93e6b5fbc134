package page

func (p Answering) windowTitle() string {
	if p.Sure {
		return "Klopt dit?"
	}
	return failed("Antwoordt een ander voor u?", p.Problem != "")
}

// choices are the two answers.
func (p Answering) choices() []Choice {
	return []Choice{
		{Value: AnsweringYes, Label: "Ja, hun antwoorden gelden ook voor ons", Selected: p.Choice == AnsweringYes},
		{Value: AnsweringNo, Label: "Nee, wij vullen de vragenlijst zelf in", Selected: p.Choice == AnsweringNo},
	}
}

// chosen is the choice in words.
func (p Answering) chosen() string {
	for _, c := range p.choices() {
		if c.Selected {
			return c.Label
		}
	}
	return ""
}

// means is what the choice leads to.
func (p Answering) means() string {
	if p.Choice == AnsweringYes {
		return "U hoeft dan zelf niets in te vullen. Vult u later toch iets in? Dan telt uw eigen antwoord."
	}
	return "Hun antwoorden gelden dan niet voor u. U vult de vragenlijst zelf in."
}
