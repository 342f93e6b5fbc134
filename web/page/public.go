package page

import (
	"strings"

	"github.com/uitvraag/uitvraag/web/ui"
)

// period says when a study can be filled in.
func (s PublicStudy) period() string {
	return "van " + ui.Date(s.Opens) + " tot en met " + ui.LastDay(s.Closes)
}

func studyShape(state string) string {
	switch state {
	case "open":
		return "busy"
	case "gesloten":
		return "done"
	}
	return ""
}

// asked counts who is asked: "151 samenwerkingsverbanden en 380 gemeenten".
func (p StudyPage) asked() string {
	var parts []string
	for _, a := range p.Asked {
		parts = append(parts, ui.Int(a.N)+" "+a.Plural)
	}
	if n := len(parts); n > 1 {
		parts = []string{strings.Join(parts[:n-1], ", ") + " en " + parts[n-1]}
	}
	return strings.Join(parts, "")
}
