package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/api"
)

func apiExamples() []Example {
	staff := exampleStaff("gegevens")
	staff.Tables, staff.Data = true, true
	p := API{Staff: staff, Scopes: account.Scopes, Days: 90, Document: api.Base + "/openapi.json", Examples: api.Examples("https://onderzoek.example.nl", "inventarisatie-2026", "swv")}
	made := p
	made.Secret, made.Made = "uvt_Yh3kQm0vT8eXr2aWcLz9PdNf4sBjU6oGtE1iKxV7wRqM", "Overzicht stuurgroep"
	made.Tokens = []APIToken{
		{ID: 3, Name: "Overzicht stuurgroep", Reads: []account.Scope{account.ScopeMonitoring}, Maker: "M. van Dalen", Expires: exampleSent.AddDate(0, 3, 0)},
		{ID: 2, Name: "Analyse in R", Reads: []account.Scope{account.ScopeCodebook, account.ScopeData}, Maker: "M. van Dalen", Expires: exampleSent.AddDate(0, 1, 0), Used: exampleSent},
		{ID: 1, Name: "Proef", Reads: account.Scopes, Maker: "J. Smit", Expires: exampleSent.AddDate(0, 0, 9), Used: exampleSent.AddDate(0, 0, -3), Why: "Ingetrokken"}}
	wrong := p
	wrong.Name, wrong.Days = "", 0
	wrong.Problems = map[string]string{"naam": "Geef de sleutel een naam, zoals ‘overzicht stuurgroep’.", "bereik": "Kies wat het programma mag lezen.", "geldig": "Kies hoe lang de sleutel geldig is."}
	down := Status{Frame: Frame{Organiser: "Uitvraag is een platform voor onderzoek onder organisaties."}, Since: exampleSent, Now: exampleSent.Add(9 * time.Minute)}
	return []Example{{"status-storing", "Werkt de site? Nee", down.View()}, {"api", "Lezen met een programma: een nieuwe sleutel", made.View()}, {"api-fout", "Lezen met een programma: nog niet goed", wrong.View()}}
}
