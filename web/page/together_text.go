package page

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/web/ui"
)

// failed puts "Fout: " before the title of a page with problems.
func failed(title string, problem bool) string {
	if problem {
		return "Fout: " + title
	}
	return title
}

func (p Forward) windowTitle() string {
	if p.NewLink != "" {
		return "De link voor uw collega is klaar"
	}
	return failed("Laat een collega een deel invullen", len(p.Problems) > 0)
}

func (p Also) windowTitle() string {
	return failed("Antwoordt u ook voor een ander?", len(p.Problems) > 0)
}

func fieldsHeading(n int) string {
	if n == 1 {
		return "1 veld klopt nog niet"
	}
	return ui.Int(n) + " velden kloppen nog niet"
}

// problemAt is the problem of a field, "" where there is none.
func problemAt(problems []form.Problem, field string) string {
	for _, p := range problems {
		if p.Field == field {
			return p.Text
		}
	}
	return ""
}

// invalid ties a control to its problem.
func invalid(id, problem string) templ.Attributes {
	if problem == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": id}
}

func reasonAttributes(problem string) templ.Attributes {
	if problem == "" {
		return templ.Attributes{}
	}
	return ui.FieldsetAttributes(true, false, "reden-fout")
}

func choiceAttributes(problem string) templ.Attributes {
	if problem == "" {
		return templ.Attributes{}
	}
	return ui.FieldsetAttributes(true, false, "keuze-fout")
}

// mail is the address that opens a letter to the colleague.
func (p Forward) mail() string {
	lines := []string{"Beste " + p.NewName + ",", "", "Wilt u met mij een vragenlijst invullen?"}
	if p.Study != "" {
		lines = append(lines, "Het gaat om: "+p.Study+".")
	}
	lines = append(lines, "", "Dit is uw eigen link:", p.NewLink, "", "Wij vullen dezelfde vragenlijst in en zien elkaars antwoorden. U hoeft niet in te loggen.", "", "Met vriendelijke groet")
	query := "subject=" + mailText("Wilt u met mij een vragenlijst invullen?") + "&body=" + mailText(strings.Join(lines, "\r\n"))
	return "mailto:" + url.PathEscape(p.NewEmail) + "?" + query
}

// mailText writes a space as %20: mail programs show a plus as it is.
func mailText(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// asked says what a colleague was asked to fill in.
func (c Colleague) asked() string {
	if len(c.Sections) == 0 {
		return "De hele vragenlijst."
	}
	return strings.Join(c.Sections, ", ") + "."
}

// answered says how far a colleague is, and since when.
func (c Colleague) answered() string {
	text := "Nog niets ingevuld"
	if c.Answered > 0 {
		text = ui.Count(c.Answered, "pagina", "pagina’s") + " ingevuld"
	}
	if c.Since.IsZero() {
		return text + "."
	}
	return text + ", link van " + ui.DayMonthYear(c.Since) + "."
}

func (c AlsoClaim) title() string {
	if c.Name == "" {
		return c.Code
	}
	return c.Name + " (" + c.Code + ")"
}

func (c AlsoClaim) standing() string {
	if c.Confirmed {
		return "De onderzoekers hebben dit bevestigd."
	}
	return "De onderzoekers bevestigen dit nog."
}
