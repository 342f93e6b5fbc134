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
	if c.AddedBy != "" {
		parts = append(parts, "door "+c.AddedBy)
	}
	return strings.Join(parts, ", ")
}

// by says how, by whom and when something was written down.
func (e UnitEvent) by() string {
	var parts []string
	if e.Channel != "" {
		parts = append(parts, e.Channel)
	}
	if e.To != "" {
		parts = append(parts, "met "+e.To)
	}
	if e.Who != "" {
		parts = append(parts, "door "+e.Who)
	}
	if !e.Recorded.IsZero() {
		parts = append(parts, "vastgelegd op "+ui.Moment(e.Recorded))
	}
	return ui.Upper(strings.Join(parts, ", "))
}

// text says who took something back, when and why.
func (r Recall) text() string {
	text := "Herroepen op " + ui.Moment(r.When)
	if r.Who != "" {
		text += " door " + r.Who
	}
	if r.Why != "" {
		text += ". Reden: " + strings.TrimSuffix(r.Why, ".")
	}
	return text + "."
}

// sentence says to whom a message went and how it stands.
func (m SentMessage) sentence() string {
	if to := m.To; to != "" {
		if m.Address != "" && m.Address != to {
			to += " (" + m.Address + ")"
		}
		return "aan " + to + ": " + m.State + "."
	}
	return m.State + "."
}

// summary opens what a message said.
func (m SentMessage) summary() string {
	if m.Text == "" {
		return "Wat de mailserver zei"
	}
	return "Wat er stond"
}
