package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/api"
	"github.com/uitvraag/uitvraag/web/ui"
)

// APIPath is where programs are let in, after the base of a study.
const APIPath = "/api"

// API is where members of staff let programs read a study.
type API struct {
	Staff
	Secret   string          // of the token that was just made: shown once
	Made     string          // its name
	Name     string          // as typed
	Scopes   []account.Scope // that the reader can give
	Chosen   map[account.Scope]bool
	Days     int               // as chosen
	Problems map[string]string // by field
	Tokens   []APIToken        // the latest first
	Examples []api.Example
	Document string // path of the description for machines
}

// An APIToken is a token that was made.
type APIToken struct {
	ID      int64
	Name    string
	Reads   []account.Scope
	Maker   string
	Expires time.Time
	Used    time.Time // zero: never
	Why     string    // why it does not work; "" where it does
}

var scopeTitles = map[account.Scope][2]string{
	account.ScopeMonitoring: {"Respons", "Hoeveel eenheden antwoordden: per dag, per groep en in de verantwoording."},
	account.ScopeCodebook:   {"Codeboek", "De vragen en de codes. Geen antwoorden."},
	account.ScopeTables:     {"Openbare tabellen", "Tabellen zonder herleidbare getallen. Die zijn er als het onderzoek gesloten is."},
	account.ScopeData:       {"Antwoorden", "Antwoorden met een pseudoniem, alle tabellen en de analyse. Nooit de naam of code van een eenheid."},
}

func (t APIToken) reads() string {
	var names []string
	for _, s := range t.Reads {
		names = append(names, strings.ToLower(scopeTitles[s][0]))
	}
	return strings.Join(names, ", ")
}

func (p API) scopeChoices() []ui.Control {
	var out []ui.Control
	for i, s := range p.Scopes {
		id := "bereik"
		if i > 0 {
			id = fmt.Sprint("bereik-", i)
		}
		out = append(out, ui.Control{ID: id, Name: "bereik", Value: string(s), Label: scopeTitles[s][0], Hint: scopeTitles[s][1], Multiple: true, Checked: p.Chosen[s], Invalid: p.Problems["bereik"] != ""})
	}
	return out
}

func (p API) dayChoices() []ui.Control {
	var out []ui.Control
	for i, n := range account.TokenDays {
		id, label := "geldig", fmt.Sprint(n, " dagen")
		if i > 0 {
			id = fmt.Sprint("geldig-", i)
		}
		if n == 365 {
			label = "Een jaar"
		}
		out = append(out, ui.Control{ID: id, Name: "geldig", Value: fmt.Sprint(n), Label: label, Checked: p.Days == n})
	}
	return out
}

func (p API) nameBox() ui.Box {
	return ui.Box{Name: "naam", Label: "Naam", Hint: "Waarvoor is het? Bijvoorbeeld: overzicht stuurgroep.", Value: p.Name, Lines: 1, Error: p.Problems["naam"]}
}

// messages are the problems in the order of the form.
func (p API) messages() []ui.Message {
	var out []ui.Message
	for _, field := range []string{"naam", "bereik", "geldig"} {
		if text := p.Problems[field]; text != "" {
			out = append(out, ui.Message{Field: field, Text: text})
		}
	}
	return out
}

func (p API) errorOf(field string) string {
	if p.Problems[field] == "" {
		return ""
	}
	return field + "-fout"
}
