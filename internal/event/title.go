package event

// titles are the kinds in the words of the time line.
var titles = map[Kind]string{
	Listed:          "Opgenomen in het bestand",
	LinkMade:        "Persoonlijke link gemaakt",
	Revoked:         "Eerdere links ingetrokken",
	Started:         "Begonnen met invullen",
	Submitted:       "Vragenlijst verstuurd",
	Imported:        "Antwoorden ingelezen uit een bestand",
	Frozen:          "Onvoltooide antwoorden bewaard bij het sluiten",
	Covered:         "Vragenlijst van een ander geldt ook hiervoor",
	Refused:         "Doet niet mee",
	Bounced:         "Bericht kwam niet aan",
	Called:          "Gebeld",
	Changed:         "Gegevens gewijzigd",
	Forwarded:       "Doorgestuurd aan een collega",
	Withdrawn:       "Link van een collega ingetrokken",
	Claimed:         "Een ander zegt ook hiervoor te antwoorden",
	Unclaimed:       "Een ander antwoordt toch niet hiervoor",
	Reopened:        "Heropend om te verbeteren",
	Recalled:        "Eerdere gebeurtenis herroepen",
	Invited:         "Uitnodiging verstuurd",
	Reminded:        "Herinnering verstuurd",
	LetterSent:      "Brief verstuurd",
	CallNoAnswer:    "Gebeld, niemand bereikt",
	CallAppointment: "Afgesproken om later te bellen",
	Promised:        "Zegt toe de vragenlijst in te vullen",
	AutoReply:       "Automatisch antwoord ontvangen",
	OptOut:          "Wil geen e-mail meer",
	RefusedByOther:  "Een ander zegt dat de organisatie niet meedoet",
	Away:            "De hele periode afwezig",
	Unable:          "Kan niet meedoen",
	OutOfPopulation: "Valt buiten de populatie",
	Duplicate:       "Staat dubbel in het bestand",
	Override:        "Uitkomst met de hand bepaald",
}

// Title names the kind in the words of the time line.
func (k Kind) Title() string {
	if t, ok := titles[k]; ok {
		return t
	}
	return string(k)
}
