package page

import (
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

func privacyExamples() []Example {
	frame := Staff{Name: "R. Visser", Study: "Landelijke inventarisatie 2026", Base: "/beheer/inventarisatie-2026", Current: "privacy", State: "veldwerk, dag 23 van 40", Privacy: true, Mail: true, Plan: true}
	home := PrivacyHome{Staff: frame, MayEdit: true, Gaps: []Link{{"#overeenkomst", "Vul het kenmerk van de verwerkersovereenkomst in."}},
		Places: []PrivacyPlace{{Link{"/x", "Inzage geven of iemand wissen"}, "Zoek een persoon"}, {Link{"/y", "Open antwoorden nakijken"}, "3 teksten wachten"}},
		Fields: []ui.Box{{Name: "verantwoordelijke", Label: "Wie is verantwoordelijk voor de gegevens?", Lines: 1}, {Name: "verwerker", Label: "Wie verwerkt de gegevens?", Lines: 1},
			{Name: "overeenkomst", Label: "Kenmerk van de verwerkersovereenkomst", Lines: 1}, {Name: "bronnen", Label: "Waar komen de adressen vandaan?", Lines: 3, Value: "Van de websites van de organisaties."}},
		Basis: []Choice{{"", "Kies", true}, {"algemeen belang", "Algemeen belang", false}}}
	person := Person{Staff: frame, Path: "/beheer/inventarisatie-2026/privacy/personen/12", Name: "X. Zonderling", Contacts: []PersonRow{{"", "X. Zonderling", "x.zonderling@swv.example", "06 - 12 34 56 78", "Samenwerkingsverband PO 25-06"}},
		Goes: []string{"De contactgegevens, en waar die vandaan kwamen.", "2 persoonlijke links, met wat daarmee open staat."}, Stays: []string{"De antwoorden: die zijn van de organisatie, niet van de persoon."},
		Texts: []PersonText{{"a4.b6_x2", "PO2506, b6_x2", "Bel X. Zonderling voor meer.", false}}, Snapshots: []string{"Rapport oktober"}, What: "wissen", Problem: "Vul in waarom. De reden komt in het logboek.",
		Answers: []PersonRow{{"7", "", "", "", "Samenwerkingsverband PO 25-06"}}}
	keep := Retention{Staff: frame, MayEdit: true, Rows: []RetentionRow{
		{Class: "berichten", Title: "Berichten en notities", What: "De tekst van mail, en notities van gesprekken.", Months: "3", From: "het sluiten", Gone: true, Term: "Kies tussen 1 en 12 maanden."},
		{Class: "contacten", Title: "Contactgegevens", What: "Namen en adressen.", Months: "12", From: "het sluiten", At: exampleDay(time.December, 11, 17, 0), N: 731, Postponed: "Klacht in behandeling.", Term: "Kies tussen 1 en 12 maanden."}},
		Log: []RetentionLine{{exampleDay(time.November, 17, 10, 12), "Berichten en notities", 1204}}, Platform: []KeyValue{{"Ingebouwd postvak", "Hele mails. 3 maanden na ontvangst."}}}
	flagged := Flagged{Staff: frame, Done: 2, Rows: []FlaggedText{{Key: "4.b6_x2", Unit: "PO2506", Question: "b6_x2", Signs: "Telefoonnummer", Parts: []FlaggedPart{{"Bel ", false}, {"06-12345678", true}, {".", false}}}}}
	log := Log{Staff: frame, Path: "/beheer/inventarisatie-2026/logboek", Total: 1, First: 1, Last: 1, CSVPath: "/beheer/inventarisatie-2026/logboek.csv", Actions: []Choice{{"", "Alles", true}}, People: []Choice{{"", "Iedereen", true}},
		Rows: []LogLine{{exampleDay(time.November, 17, 10, 12), "R. Visser", "", "inzage gegeven", "contact 12", "contacten: [12], reden: verzoek per brief"}}}
	screening := Screening{Staff: frame, MayEdit: true, AP: []Choice{{"ap1", "Heimelijk onderzoek, zonder dat mensen het weten", false}}, EDPB: []Choice{{"edpb4", "Gevoelige of zeer persoonlijke gegevens", true}},
		Earlier: []ScreeningLine{{At: exampleDay(time.November, 2, 9, 0), Who: "R. Visser", Outcome: "Geen DPIA nodig", Note: "De vragen gaan over organisaties."}}}
	consents := Consents{Staff: frame, Rows: []ConsentRow{{ID: "1", Unit: "Samenwerkingsverband PO 25-06", Question: "Mogen wij u benaderen voor verdiepend onderzoek naar goede voorbeelden?", Given: exampleDay(time.November, 17, 10, 12), Who: "X. Zonderling x.zonderling@swv.example"}}}
	register := ProcessingRegisters{Staff: frame, CSVPath: "/x.csv", Studies: []RegisterOf{{"Landelijke inventarisatie 2026", []KeyValue{{"Verwerkingsverantwoordelijke", "Ministerie"}, {"Subverwerkers", ""}}}}}
	return []Example{
		{"beheer-privacy", "Privacy van een onderzoek, met wat ontbreekt", home.View()},
		{"beheer-persoon-zoeken", "Iemand zoeken voor inzage of wissen", PersonSearch{Staff: frame, Search: "zonder", Asked: true, Rows: person.Contacts, Erased: true}.View()},
		{"beheer-persoon-wissen", "Wissen zonder reden", person.View()},
		{"beheer-bewaartermijnen", "Bewaartermijnen", keep.View()},
		{"beheer-teksten", "Open antwoorden nakijken", flagged.View()},
		{"beheer-toestemmingen", "Toestemmingen", consents.View()},
		{"beheer-register", "Verwerkingsregister", register.View()},
		{"beheer-screening", "DPIA-screening", screening.View()},
		{"beheer-logboek", "Logboek", log.View()},
	}
}
