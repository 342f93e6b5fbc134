package page

import (
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

func goodExampleExamples() []Example {
	staff := Staff{Name: "R. Visser", Study: "Landelijke inventarisatie 2026", Base: "/beheer/inventarisatie-2026", Current: "coderen", State: "gesloten", Coding: true}
	frame := exampleFrame()
	frame.Unit = ""
	public := Public{Frame: frame, Current: ExamplesPath, There: []string{ExamplesPath}}
	item := ExampleItem{Path: "/onderzoek/inventarisatie-2026/goede-voorbeelden/3", Title: "Een jeugdhulpverlener met een eigen kamer in de school", About: "Twee dagen per week is er een jeugdhulpverlener op school. Leraren, ouders en leerlingen lopen gewoon binnen.",
		Heading: "Jeugdhulp in de school", From: "Samenwerkingsverband", Tags: []string{"Basisondersteuning versterken", "Samenwerking school en jeugdhulp"}, State: "Openbaar", Shape: "done"}
	other := ExampleItem{Path: "/onderzoek/inventarisatie-2026/goede-voorbeelden/4", Title: "Brugteam van groep acht naar het eerste jaar", About: "Een team gaat mee van de basisschool naar de middelbare school.", Heading: "Vroeg signaleren", From: "Gemeente", State: "Wacht op toestemming", Shape: "busy"}
	catalogue := Catalogue{Public: public, All: 2, Items: []ExampleItem{item, other}, Headings: []Choice{{"", "Alle rubrieken", true}}, Who: []Choice{{"", "Iedereen", true}}, Tags: []ChoiceGroup{{"Preventie", []Choice{{"basis", "Basisondersteuning versterken", false}}}}}
	none := catalogue
	none.Items, none.Search = nil, "waterpolo"
	ask := ExamplePage{Public: public, Item: item, Parties: "Scholen, gemeente en jeugdteam", Goal: "Eerder hulp, dicht bij huis", Since: exampleDay(time.November, 24, 9, 0),
		Boxes:   []ui.Box{{Name: "email", Label: "Uw e-mailadres", Lines: 1, Value: "naam@", Error: "Vul een e-mailadres in, zoals naam@voorbeeld.nl."}, {Name: "uw-vraag", Label: "Uw vraag", Lines: 5, Value: "Hoe is dit betaald?"}},
		Problem: []ui.Message{{Field: "email", Text: "Vul een e-mailadres in, zoals naam@voorbeeld.nl."}}}
	asked := ask
	asked.Asked, asked.Problem = true, nil
	edit := GoodExample{Staff: staff, Path: "/beheer/inventarisatie-2026/voorbeelden/swv/4/1", Sent: []KeyValue{{"Korte omschrijving", "Bij De Regenboog heeft jeugdhulp een kamer."}, {"Doel", ""}}, Version: "7", Consent: "Gegeven op 24 november 2026", Agreed: true,
		Boxes:    []ui.Box{{Name: "titel", Label: "Titel", Lines: 1, Value: item.Title}, {Name: "over", Label: "Wat houdt het in?", Lines: 5, Value: item.About}},
		Headings: []Choice{{"Jeugdhulp in de school", "Jeugdhulp in de school", true}}, Tags: []ExampleTags{{"Preventie", []Choice{{"basis", "Basisondersteuning versterken", true}}}},
		Warnings: []ExampleWarning{{"De Regenboog", "mogelijk een naam"}}, NewLink: "http://127.0.0.1:8080/voorbeeld/abc", Problems: []ui.Message{{Field: "nagekeken", Text: "Kijk de gemarkeerde woorden na, en kruis dat aan."}}}
	return []Example{
		{"beheer-voorbeelden", "Goede voorbeelden die zijn ingestuurd", GoodExamples{Staff: staff, Items: []ExampleItem{item, other}, PublicPath: "/x", Public: 1}.View()},
		{"beheer-voorbeeld", "Een goed voorbeeld klaarmaken", edit.View()},
		{"voorbeelden", "Goede voorbeelden, openbaar", catalogue.View()},
		{"voorbeelden-niets", "Goede voorbeelden, niets gevonden", none.View()},
		{"voorbeelden-leeg", "Goede voorbeelden, nog geen", Catalogue{Public: public}.View()},
		{"voorbeeld", "Een goed voorbeeld, vraag zonder adres", ask.View()},
		{"voorbeeld-gevraagd", "Een goed voorbeeld, vraag verstuurd", asked.View()},
		{"voorbeeld-toestemming", "Toestemming voor een voorbeeld", ExampleConsent{Frame: frame, Path: "/voorbeeld/abc", Title: item.Title, About: item.About, Parties: "Scholen en jeugdteam"}.View()},
	}
}
