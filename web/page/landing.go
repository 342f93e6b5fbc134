package page

import (
	"strconv"

	"github.com/uitvraag/uitvraag/web/ui"
)

func (p Landing) windowTitle() string {
	switch p.State {
	case LinkReplaced:
		return "Deze link werkt niet meer"
	case LinkSent:
		return "Vragenlijst verstuurd"
	case LinkClosed:
		return "Vragenlijst gesloten"
	case LinkPaused:
		return "Vragenlijst even gesloten"
	case LinkNotYet:
		return "Vragenlijst nog niet open"
	}
	return "Uitnodiging"
}

// invited is who the invitation is for: the function and the unit.
func (p Landing) invited() string {
	if p.Unit == "" {
		return p.Respondent
	}
	return p.Respondent + ": " + ui.Upper(p.Unit)
}

func howLong(minutes int) string {
	return "Ongeveer " + strconv.Itoa(minutes) + " minuten. U mag tussendoor stoppen en later verdergaan, ook op een ander apparaat."
}
