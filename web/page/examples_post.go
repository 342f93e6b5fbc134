package page

import (
	"strings"
	"time"
)

func postExamples() []Example {
	unit := Link{"/beheer/inventarisatie-2026/eenheden/swv/PO2506", "PO2506 Samenwerkingsverband PO 25-06"}
	open := Post{Staff: exampleStaff("berichten"), Open: 5, Done: 112, From: 1, To: 5, Next: "?vanaf=25", Arrivals: []Arrival{
		{ID: 5, Received: exampleDay(time.November, 24, 8, 51), Kind: "Antwoord", Shape: "busy", Unit: unit, Contact: "H. Jansen", Sender: "Hanneke Jansen <h.jansen@po2506.example>", ReplyTo: "h.jansen@po2506.example",
			Subject: "RE: Herinnering", Text: "Goedemorgen,\n\nMag het ook volgende week? Onze beleidsmedewerker is dan terug.\n\nGroet, Hanneke"},
		{ID: 4, Received: exampleDay(time.November, 24, 8, 40), Kind: "Automatisch antwoord", Unit: unit, Contact: "H. Jansen", Sender: "h.jansen@po2506.example", Subject: "Automatisch antwoord: Herinnering",
			Effect: "Er is niets gewijzigd.", Text: "Ik ben afwezig tot en met 28 september. " + strings.Repeat("Neem bij spoed contact op met het secretariaat. ", 10)},
		{ID: 3, Received: exampleDay(time.November, 24, 8, 33), Kind: "Niet bezorgd", Shape: "warn", Unit: Link{unit.Path, "GM9901 Lindehoven"}, Sender: "MAILER-DAEMON@mx.lindehoven.example", Subject: "Undelivered Mail Returned to Sender", Machine: true, Text: "This is the mail system at host mx.lindehoven.example.",
			Effect: "Mail naar dit adres komt niet aan. Wij mailen het adres niet meer. Er is geen ander contact met een e-mailadres: zoek een nieuw adres."},
		{ID: 2, Received: exampleDay(time.November, 23, 17, 2), Kind: "Geweigerd", Shape: "stop", Unit: Link{unit.Path, "GM9902 Maasbroek"}, Sender: "postmaster@maasbroek.example", Subject: "Undeliverable: Uitnodiging",
			Effect: "De ontvanger weigert onze mail volgens zijn regels. Het adres blijft in gebruik. Laat de instellingen van onze mail nakijken en stuur de link opnieuw."},
		{ID: 1, Received: exampleDay(time.November, 23, 16, 0), Kind: "Antwoord", Shape: "busy", Guess: Link{unit.Path, "GM9903 Veldwijk"}, Sender: "secretariaat@veldwijk.example", ReplyTo: "secretariaat@veldwijk.example", Text: "Wie kan ons helpen?", Unclear: true},
	}}
	done := open
	done.Handled, done.Next = true, ""
	done.Arrivals = []Arrival{
		{ID: 9, Received: exampleDay(time.November, 22, 9, 0), Kind: "Afgemeld", Unit: unit, Sender: "p.smit@po2506.example", Subject: "unsubscribe", Effect: "Afgemeld: wij mailen dit adres niet meer.", Handled: exampleDay(time.November, 22, 9, 0)},
		{ID: 8, Received: exampleDay(time.November, 21, 9, 0), Kind: "Antwoord", Shape: "busy", Text: "Dank u wel.", Handled: exampleDay(time.November, 21, 10, 0), By: "M. van Dalen"},
	}
	return []Example{
		{"post", "Binnengekomen mail", open.View()},
		{"post-klaar", "Afgehandelde mail", done.View()},
		{"post-leeg", "Geen binnengekomen mail", Post{Staff: exampleStaff("berichten")}.View()},
		{"post-klaar-leeg", "Geen afgehandelde mail", Post{Staff: exampleStaff("berichten"), Handled: true}.View()},
	}
}
