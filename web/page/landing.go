package page

import "strconv"

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

func (p Landing) startLabel() string {
	if p.Started {
		return "Ga verder met de vragenlijst"
	}
	return "Start de vragenlijst"
}

// invites reports whether there is something to fill in, now or later.
func (p Landing) invites() bool {
	return p.State == LinkOpen || p.State == LinkNotYet || p.State == LinkPaused
}

func howLong(minutes int) string {
	return "Ongeveer " + strconv.Itoa(minutes) + " minuten. U mag tussendoor stoppen en later verdergaan, ook op een ander apparaat."
}
