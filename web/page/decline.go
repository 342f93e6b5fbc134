package page

import "github.com/uitvraag/uitvraag/web/ui"

func (p Decline) windowTitle() string {
	switch {
	case !p.Done.IsZero():
		return "U doet niet mee"
	case p.Confirm != "":
		return "Weet u zeker dat u niet meedoet?"
	}
	return failed("Wij doen niet mee", p.Problem != "")
}

func (p Decline) backText() string {
	if p.Back == "" {
		return "Terug naar de uitnodiging"
	}
	return p.Back
}

// reason is the value of the chosen reason.
func (p Decline) reason() string {
	for _, c := range p.Reasons {
		if c.Selected {
			return c.Value
		}
	}
	return ""
}

// problemField is where the problem is: the reason, or the note beside a reason.
func (p Decline) problemField() string {
	if p.reason() == "" {
		return "reden-0"
	}
	return "toelichting"
}

func (p Decline) reasonProblem() string {
	if p.problemField() == "reden-0" {
		return p.Problem
	}
	return ""
}

func (p Decline) noteProblem() string {
	if p.problemField() == "toelichting" {
		return p.Problem
	}
	return ""
}

func (p Decline) coreQuestions() string {
	if p.Core == 1 {
		return "die vraag"
	}
	return "deze " + ui.Int(p.Core) + " vragen"
}

func (p CodeEntry) windowTitle() string { return failed("Vul uw code in", p.Problem != "") }
