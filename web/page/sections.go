package page

import (
	"strconv"
	"time"

	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/web/ui"
)

// savedText says when something was saved.
func (f Frame) savedText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return "Opgeslagen " + ui.When(at, f.Now)
}

func (p Sections) done() string {
	n := 0
	for _, part := range p.Parts {
		if part.Progress == form.Done {
			n++
		}
	}
	return strconv.Itoa(n) + " van de " + strconv.Itoa(len(p.Parts)) + " onderdelen ingevuld"
}

// button says where going on leads to.
func (p Sections) button() string {
	if p.Next == "" {
		return "Controleer uw antwoorden"
	}
	for _, part := range p.Parts {
		if part.Progress != form.NotBegun {
			return "Ga verder met " + p.Next
		}
	}
	return "Begin met " + p.Next
}

func shape(p form.Progress) string {
	switch p {
	case form.Done:
		return "done"
	case form.Busy:
		return "busy"
	}
	return ""
}

func progress(part form.Part) string {
	if part.Progress == form.Busy && part.Total > 1 {
		return "Bezig: " + strconv.Itoa(part.Passed) + " van " + strconv.Itoa(part.Total)
	}
	return string(part.Progress)
}
