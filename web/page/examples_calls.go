package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/call"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
)

const exampleUnitPath = "/beheer/inventarisatie-2026/eenheden/swv/PO2506"

func callExamples() []Example {
	wrong := exampleCall()
	wrong.Posted = call.Posted{Outcome: "weigering", Note: "Mevrouw Jansen zegt dat zij hier geen tijd voor heeft."}
	wrong.Problems = []call.Problem{{Field: "reden", Text: "Kies een reden. Geeft iemand geen reden, kies dan ‘Een andere reden’."}}
	appointment := exampleCall()
	appointment.Posted = call.Posted{Outcome: "afspraak", Time: "09:00"}
	appointment.Problems = []call.Problem{{Field: "datum", Text: "Vul een datum in, zoals 26-11-2026."}}
	nothing := exampleCall()
	nothing.Problems = []call.Problem{{Field: "uitkomst", Text: "Kies hoe het gesprek afliep."}}
	held := exampleCall()
	held.Mine, held.HeldBy = false, "S. Bakker"
	none := exampleCall()
	none.Mine, none.Contacts, none.Contact, none.Events, none.NotDue = false, nil, 0, nil, "De vragenlijst is verstuurd."
	agreed := exampleCall()
	agreed.Appointment = exampleDay(time.November, 24, 14, 0)
	closed := Calls{Staff: exampleStaff("bellen"), Now: exampleSent, Closed: true, Next: exampleDay(time.November, 25, 9, 0), NextN: 12, CoversPath: "/beheer/inventarisatie-2026/dekking",
		Later: []CallTurn{{Path: "/bellen/1", Code: "PO2506", Name: "Samenwerkingsverband PO 25-06", Appointment: exampleDay(time.November, 26, 10, 30)}}}
	taken := exampleCalls()
	taken.None = true
	contact := ContactForm{Staff: exampleStaff("eenheden"), UnitPath: exampleUnitPath, Unit: "Samenwerkingsverband PO 25-06", Sources: []string{"telefoon", "internet"}, Source: "telefoon", Date: "2026-11-24"}
	replaced := contact
	replaced.Replaces = &exampleUnit().Contacts[0]
	replaced.Name, replaced.Email = "J. de Vries", "j.devries@po2506.example"
	replaced.Problems = []form.Problem{{Item: "email", Field: "email", Text: "Dit adres wil geen mail van ons, of is op verzoek gewist. Wij voegen het niet opnieuw toe. Vraag om een ander adres."}}
	return []Example{
		{"bellen", "Wie te bellen", exampleCalls().View()},
		{"bellen-bezet", "Wie te bellen, allemaal bezet", taken.View()},
		{"bellen-niemand", "Niemand te bellen", closed.View()},
		{"gesprek", "Een gesprek", exampleCall().View()},
		{"gesprek-afspraak", "Een gesprek op afspraak", agreed.View()},
		{"gesprek-fout", "Een gesprek, weigering zonder reden", wrong.View()},
		{"gesprek-fout-afspraak", "Een gesprek, afspraak zonder datum", appointment.View()},
		{"gesprek-fout-niets", "Een gesprek, niets gekozen", nothing.View()},
		{"gesprek-bezet", "Een gesprek dat een ander voert", held.View()},
		{"gesprek-leeg", "Een gesprek zonder nummer", none.View()},
		{"contact-nieuw", "Een contact toevoegen", contact.View()},
		{"contact-vervang", "Een contact vervangen, adres geweigerd", replaced.View()},
		{"beslis", "Een gebeurtenis herroepen", exampleDecide("").View()},
		{"beslis-fout", "Herroepen zonder reden", exampleDecide("Vul in waarom.").View()},
		{"beslis-keuze", "Uitkomst met de hand", Decide{Staff: exampleStaff("eenheden"), UnitPath: exampleUnitPath, Unit: "Samenwerkingsverband PO 25-06", Title: "Bepaal de uitkomst met de hand", Button: "Leg de uitkomst vast",
			Text: []string{"De uitkomst volgt vanzelf uit wat er gebeurde."}, Fields: []DecideField{{Name: "uitkomst", Label: "Uitkomst", Problem: "Kies een uitkomst.", Choices: []Choice{{"", "Kies een uitkomst", true}, {"dubbel", "Staat dubbel in het bestand", false}}}}}.View()},
		{"dekking", "Wie antwoordt voor een ander", exampleCovers().View()},
		{"dekking-leeg", "Niemand antwoordt voor een ander", Covers{Staff: exampleStaff("eenheden"), ListPath: "/beheer/inventarisatie-2026/eenheden"}.View()},
		{"eenheid-veldwerk", "Eenheid, veldwerk", exampleFieldwork().View()},
		{"afnemen", "Vraag door de telefoon", exampleTaking(false).View()},
		{"afnemen-papier", "Vragenlijst van papier", exampleTaking(true).View()},
	}
}

func exampleCalls() Calls {
	why := "Regio Zuid: de verwachte respons is er minder dan gemiddeld (29% tegen 45%); één antwoord erbij brengt de R-indicator van 0,8461 naar 0,8502."
	return Calls{Staff: exampleStaff("bellen"), Now: exampleSent, N: 18, CoversPath: "/beheer/inventarisatie-2026/dekking",
		Turns: []CallTurn{
			{Path: "/bellen/1", Code: "PO2506", Name: "Samenwerkingsverband PO 25-06", Audience: "Samenwerkingsverbanden", Appointment: exampleDay(time.November, 24, 14, 0)},
			{Path: "/bellen/2", Code: "VO3105", Name: "Samenwerkingsverband VO 31-05", Audience: "Samenwerkingsverbanden", Why: why, Held: "S. Bakker"},
			{Path: "/bellen/3", Code: "GM9901", Name: "Lindehoven", Audience: "Gemeenten", Why: why},
			{Path: "/bellen/4", Code: "PO2301", Name: "Samenwerkingsverband PO 23-01", Audience: "Samenwerkingsverbanden", Why: why, Held: "M. van Dalen", Mine: true},
		},
		Later: []CallTurn{{Path: "/bellen/5", Code: "GM9917", Name: "Maasbroek", Appointment: exampleDay(time.November, 26, 10, 30)}}}
}

func exampleCall() Call {
	first := Contact{ID: 1, Name: "H. Jansen", Function: "directeur", Email: "h.jansen@po2506.example", Phone: "088 - 000 02 11", Source: "website van de organisatie", Since: exampleDay(time.October, 12, 9, 0), AddedBy: "M. van Dalen"}
	second := Contact{ID: 2, Name: "J. de Vries", Function: "beleidsmedewerker", Phone: "088 - 000 02 12", Source: "doorgestuurd", Since: exampleDay(time.November, 9, 9, 0)}
	return Call{Staff: exampleStaff("bellen"), Code: "PO2506", Name: "Samenwerkingsverband PO 25-06", Audience: "Samenwerkingsverbanden", State: StateBusy,
		Path: "/beheer/inventarisatie-2026/bellen/swv/PO2506", ListPath: "/beheer/inventarisatie-2026/bellen", UnitPath: exampleUnitPath, Skip: "swv/PO2506", Request: "0c6f2a9e7b1d4f58", Mine: true,
		Contact: 1, Contacts: []Contact{first, second}, Outcomes: call.Outcomes, Reasons: event.Reasons,
		Script: []ScriptPart{
			{"Begin", []string{"Goedemorgen, u spreekt met Sanne Bakker van Bureau Lindeboom. Ik bel over het onderzoek naar onderwijs en jeugdhulp.",
				"U bent begonnen met de vragenlijst, dank daarvoor. U bent bij stap 4 van de 9.", "Komt u er nog aan toe? Of zal ik u nu alleen de belangrijkste vragen stellen?"}},
			{"Als iemand geen tijd heeft", []string{"Dat begrijp ik. U kunt de vragenlijst ook aan een collega doorsturen."}},
			{"Als iemand niet meedoet", []string{"Dat is goed. Mag ik noteren wat de reden is? U hoeft die niet te geven."}},
		},
		Events: exampleTimeline()}
}

func exampleTimeline() []UnitEvent {
	return []UnitEvent{
		{ID: 9, When: exampleDay(time.November, 23, 10, 12), Title: "Afgesproken om later te bellen", Again: exampleDay(time.November, 24, 14, 0), Channel: "telefonisch", To: "H. Jansen", Who: "S. Bakker",
			Words: "Dinsdag en donderdag voor 10 uur. Woensdag vrij.", RecallPath: exampleUnitPath + "/herroep/9"},
		{ID: 8, When: exampleDay(time.November, 20, 11, 30), Title: "Doet niet mee", Note: "Geen tijd.", Channel: "telefonisch", Who: "S. Bakker", Recorded: exampleDay(time.November, 20, 16, 2),
			Recall: &Recall{exampleDay(time.November, 20, 16, 10), "M. van Dalen", "Verkeerde eenheid aangeklikt"}},
		{ID: 7, When: exampleDay(time.November, 18, 16, 31), Title: "Begonnen met invullen", Theirs: true, Channel: "op de site", Who: "H. Jansen"},
		{ID: 6, When: exampleDay(time.November, 16, 9, 0), Title: "Herinnering verstuurd", Channel: "per e-mail", Message: &SentMessage{To: "H. Jansen", Address: "h.jansen@po2506.example", State: "verstuurd",
			Reply: "250 2.0.0 Ok: queued", Subject: "Herinnering: onderzoek naar onderwijs en jeugdhulp", Text: "Geachte heer Jansen,\n\nTwee weken geleden vroegen wij u om mee te doen.\n\n[persoonlijke link]"}},
		{ID: 5, When: exampleDay(time.November, 9, 9, 0), Title: "Link opnieuw per e-mail", Message: &SentMessage{To: "Algemeen adres", Address: "info@po2506.example", State: "kwam niet aan", Bad: true, Reply: "550 5.1.1 User unknown"}},
		{ID: 1, When: exampleDay(time.October, 12, 14, 20), Title: "Opgenomen in het bestand"},
	}
}

func exampleDecide(problem string) Decide {
	return Decide{Staff: exampleStaff("eenheden"), UnitPath: exampleUnitPath, Unit: "Samenwerkingsverband PO 25-06", Title: "Herroep: Doet niet mee", Button: "Herroep",
		Text:   []string{"Dit gebeurde op vrijdag 20 november 2026 om 11.30 uur.", "De gebeurtenis blijft doorgestreept in de geschiedenis staan en telt niet meer mee."},
		Fields: []DecideField{{Name: "reden", Label: "Waarom?", Hint: "Een paar woorden is genoeg. Zet er geen namen in.", Lines: 2, Problem: problem, Required: true}}}
}

func exampleCovers() Covers {
	by := Link{exampleUnitPath, "PO2506 Samenwerkingsverband PO 25-06"}
	return Covers{Staff: exampleStaff("eenheden"), ListPath: "/beheer/inventarisatie-2026/eenheden", WaitingQuestionnaires: 1, Units: 1, Questionnaires: 1,
		Waiting: []Cover{{Code: "PO2506", Unit: Link{"/a", "PO2507 Samenwerkingsverband PO 25-07"}, By: by, Reason: "Gezamenlijke beleidsmedewerker", Since: exampleDay(time.November, 17, 10, 12), Path: "/a/bevestig"},
			{Code: "PO2506", Unit: Link{"/b", "PO2508 Samenwerkingsverband PO 25-08"}, By: by, Reason: "Fusie", Since: exampleDay(time.November, 17, 10, 12), Path: "/b/bevestig"}},
		Confirmed: []Cover{{Code: "PO2506", Unit: Link{"/c", "PO2509 Samenwerkingsverband PO 25-09"}, By: by, Reason: "Fusie", Sent: true, Counting: true, Path: "/c/bevestig"},
			{Code: "PO2506", Unit: Link{"/d", "PO2510 Samenwerkingsverband PO 25-10"}, By: by, Reason: "Fusie", Sent: true, Own: true, Path: "/d/bevestig"}}}
}

func exampleFieldwork() Unit {
	u := exampleUnit()
	u.Path, u.CallPath, u.CanTake = exampleUnitPath, "/beheer/inventarisatie-2026/bellen/swv/PO2506/reserveer", true
	u.Next, u.NextAt = "Tweede herinnering komt op maandag 30 november.", exampleDay(time.November, 30, 9, 0)
	u.Events, u.LinkSent = exampleTimeline(), true
	u.Contacts = []Contact{exampleCall().Contacts[0], {ID: 3, Email: "info@po2506.example", General: true, Source: "website van de organisatie", Since: exampleDay(time.October, 12, 9, 0),
		Bounced: exampleDay(time.November, 9, 9, 1), OptedOut: exampleDay(time.November, 9, 9, 1)}}
	for i := range u.Contacts {
		u.Contacts[i].Path = exampleUnitPath + "/contacten/1"
	}
	return u
}

func exampleTaking(paper bool) Sections {
	p := Sections{Frame: exampleFrame(), Base: exampleUnitPath + "/afnemen/tel/", Core: !paper, Parts: []form.Part{{No: 1, Title: "De aansluiting in de praktijk", Page: "b5_1", Progress: form.Busy, Passed: 1, Total: 3, Questions: 3, Minutes: 4}}}
	p.Taking = Taking{Back: exampleUnitPath, Paper: paper, Name: "S. Bakker"}
	return p
}
