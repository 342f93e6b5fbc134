package page

import (
	"strings"

	"github.com/uitvraag/uitvraag/web/ui"
)

// stand is the state with its note: "Bezig: 4 van 38 pagina's".
func (p Unit) stand() string {
	if p.StateNote == "" {
		return string(p.State)
	}
	return string(p.State) + ": " + p.StateNote
}

func (p Unit) linkCount() string {
	switch p.Links {
	case 0:
		return "Er is nog geen link."
	case 1:
		return "Er werkt 1 link."
	}
	return "Er werken " + ui.Int(p.Links) + " links."
}

// codePath is where the button for a letter code posts.
func (p Unit) codePath() string { return strings.TrimSuffix(p.LinkPath, "/link") + "/code" }

// heading is the name, or what the contact is without one.
func (c Contact) heading() string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Function != "":
		return ui.Upper(c.Function)
	}
	return "Algemeen adres"
}

// role is the function of a named contact, after the name.
func (c Contact) role() string {
	if c.Name == "" || c.Function == "" {
		return ""
	}
	return ", " + c.Function
}

// origin says where the contact comes from and since when.
func (c Contact) origin() string {
	var parts []string
	if c.Source != "" {
		parts = append(parts, "Bron: "+c.Source)
	}
	if !c.Since.IsZero() {
		parts = append(parts, "sinds "+ui.DayMonthYear(c.Since))
	}
	return strings.Join(parts, ", ")
}
