package page

import (
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/form"
)

func publicExamples() []Example {
	open := PublicStudy{Path: "/onderzoek/inventarisatie-2026/", Title: "Landelijke inventarisatie aansluiting onderwijs en jeugdhulp", Opens: exampleOpens, Closes: exampleCloses, State: "open"}
	closed := PublicStudy{Path: "/onderzoek/demo-2018/", Title: "Inventarisatie 2018", Opens: exampleOpens.AddDate(-8, 0, 0), Closes: exampleCloses.AddDate(-8, 0, 0), State: "gesloten"}
	site := Frame{Organiser: "Uitvraag is een platform voor onderzoek onder organisaties.", Phone: "088 - 000 01 23", Email: "hulp@uitvraag.example"}
	public := exampleFrame()
	public.Unit = ""
	return []Example{
		{"voorpagina", "Voorpagina", Home{site, []PublicStudy{open, closed}}.View()},
		{"voorpagina-leeg", "Voorpagina zonder onderzoek", Home{site, nil}.View()},
		{"onderzoek", "Over het onderzoek", StudyPage{public, open, exampleFacts(), []Asked{{"samenwerkingsverbanden", 151}, {"gemeenten", 380}}}.View()},
		{"tekst", "Tekst", Text{public, "Privacyverklaring", []Block{
			{Heading: "Wie is verantwoordelijk?", Paragraphs: []string{"Bureau Lindeboom voert het onderzoek uit voor de ministeries van OCW en VWS."}},
			{Heading: "Wat bewaren wij?", List: []string{"uw antwoorden", "uw naam en e-mailadres"}, Links: []Link{{Accessibility, "Hoe toegankelijk is deze site?"}}},
		}}.View()},
		{"galerij", "Alle pagina's", Gallery{[]GalleryItem{{"landing", "Uitnodiging"}}}.View()},
	}
}

func exampleStaff(current string) Staff {
	return Staff{Name: "M. van Dalen", Study: "Inventarisatie 2026", Base: "/beheer/inventarisatie-2026", Current: current, State: "open, dag 23 van 40", Phone: "088 - 000 01 23", Mail: true, Calls: true, Plan: true, Units: true}
}

func staffExamples() []Example {
	return []Example{
		{"onderzoeken", "Onderzoeken van een medewerker", StudyList{Staff: Staff{Name: "M. van Dalen"}, MayMake: true, Accounts: true, NoMethod: true, Alarms: []time.Time{exampleDay(time.November, 23, 22, 14)}, Studies: []StaffStudy{
			{"/beheer/inventarisatie-2026", "Inventarisatie 2026", "open, dag 23 van 40", exampleOpens, exampleCloses, 531, 202}}}.View()},
		{"onderzoeken-leeg", "Nog geen onderzoek", StudyList{Staff: Staff{Name: "M. van Dalen"}}.View()},
		{"eenheden", "Eenheden", exampleUnits().View()},
		{"eenheden-niets", "Eenheden, niets gevonden", Units{Staff: exampleStaff("eenheden"), Title: "Samenwerkingsverbanden", N: 151, Search: "zzz", States: []Choice{{"", "Alle", true}}}.View()},
		{"eenheid", "Eenheid", exampleUnit().View()},
		{"eenheid-nieuw", "Eenheid zonder iets", Unit{Staff: exampleStaff("eenheden"), Code: "GM9901", Name: "Lindehoven", Audience: "Gemeenten", ListPath: "/beheer/inventarisatie-2026/eenheden",
			State: StateNone, Missing: true, LinkPath: "/beheer/inventarisatie-2026/eenheden/2/link"}.View()},
		{"eenheid-claim", "Eenheid waarvoor een ander zegt te antwoorden", exampleClaimed().View()},
		{"eenheid-link", "Eenheid met een nieuwe link", exampleNewLink().View()},
	}
}

func exampleUnits() Units {
	row := func(code, province, region, n, equal string, s UnitState, last string) UnitRow {
		return UnitRow{code, "Samenwerkingsverband " + code, "/beheer/inventarisatie-2026/eenheden/swv/" + strings.ReplaceAll(code, " ", ""), []string{province, region, n, equal}, s, last, exampleDay(time.November, 23, 14, 20), 2}
	}
	return Units{Staff: exampleStaff("eenheden"), Audience: "swv", Audiences: []Choice{{"swv", "Samenwerkingsverbanden", true}, {"gemeente", "Gemeenten", false}},
		Title: "Samenwerkingsverbanden", N: 151, Counts: []StateCount{{StateDone, 68}, {StateBusy, 3}, {StateNone, 67}},
		States:     []Choice{{"", "Alle", true}, {"ingevuld", string(StateDone), false}},
		Filters:    []Filter{{"regio", "Regio", []Choice{{"", "Alle", true}, {"Noord", "Noord", false}}}, {"gemeenten", "Aantal gemeenten", []Choice{{"", "Alle", true}, {"4", "Minder dan 4", false}}}},
		Background: []string{"Provincie", "Regio", "Gemeenten", "Verevening"},
		Rows: []UnitRow{
			row("PO 24-03", "Flevoland", "Noord", "2", "Positief", StateDone, "Vragenlijst verstuurd"),
			row("PO 26-03", "Utrecht", "Midden", "5", "Negatief", StateNone, "Link gemaakt"),
			row("PO 28-11", "Zuid-Holland", "Midden", "1", "Negatief", StateBusy, "Begonnen"),
			row("VO 29-02", "Zeeland", "Zuid", "6", "Negatief", StateBounced, "Mail kwam terug"),
			row("VO 30-05", "Noord-Brabant", "Zuid", "8", "Neutraal", StateRefused, "Wil niet meedoen"),
			row("VO 31-02", "Limburg", "Zuid", "6", "Negatief", StateCovered, "Gedekt door VO 31-05"),
		},
		Found: 151, From: 51, To: 100, Prev: "?blad=1", Next: "?blad=3", CSVPath: "/beheer/inventarisatie-2026/eenheden.csv"}
}

func exampleUnit() Unit {
	return Unit{Staff: exampleStaff("eenheden"), Code: "PO 25-06", Name: "Samenwerkingsverband PO 25-06", Audience: "Samenwerkingsverbanden", ListPath: "/beheer/inventarisatie-2026/eenheden",
		State: StateBusy, StateNote: "14 van 38 pagina's",
		Progress: []form.Part{
			{No: 1, Title: "De aansluiting in de praktijk", Progress: form.Done, Passed: 9, Total: 9},
			{No: 2, Title: "Modellen van samenwerking", Progress: form.Busy, Passed: 2, Total: 3},
			{No: 3, Title: "Werkzame factoren", Progress: form.NotBegun, Total: 5},
		},
		Background: []KeyValue{{"Regio", "Midden"}, {"Gemeenten", "7 (6 of meer)"}, {"Verevening", "Neutraal of licht"}},
		Contacts: []Contact{
			{Name: "H. Jansen", Function: "directeur", Email: "h.jansen@po2506.example", Phone: "088 - 000 02 11", Source: "register", Since: exampleDay(time.October, 12, 9, 0)},
			{Email: "info@po2506.example", Source: "website", Since: exampleDay(time.October, 12, 9, 0), Ended: true},
		},
		Events: []UnitEvent{
			{When: exampleDay(time.November, 18, 16, 44), Title: "14 pagina's opgeslagen", Note: "Via de persoonlijke link.", Theirs: true},
			{When: exampleDay(time.November, 18, 16, 31), Title: "Begonnen met invullen", Note: "", Theirs: true},
			{When: exampleDay(time.November, 2, 9, 0), Title: "Link gemaakt", Note: "Door M. van Dalen.", Theirs: false},
			{When: exampleDay(time.October, 12, 14, 20), Title: "Opgenomen in het bestand", Note: "Bron: register.", Theirs: false},
		},
		Links: 1, Covers: []Link{{"/beheer/inventarisatie-2026/eenheden/9", "Samenwerkingsverband PO 25-07"}},
		Areas:    []Link{{"/beheer/inventarisatie-2026/eenheden/201", "Lindehoven"}, {"/beheer/inventarisatie-2026/eenheden/202", "Maasbroek"}},
		LinkPath: "/beheer/inventarisatie-2026/eenheden/1/link"}
}

func exampleClaimed() Unit {
	u := exampleUnit()
	u.Claims = []UnitClaim{{"PO2507", Link{"/beheer/inventarisatie-2026/eenheden/9", "PO 25-07 Samenwerkingsverband PO 25-07"}, "Gezamenlijke beleidsmedewerker", exampleDay(time.November, 17, 10, 12)}}
	u.ClaimPath = "/beheer/inventarisatie-2026/eenheden/1/bevestig"
	return u
}

func exampleNewLink() Unit {
	u := exampleUnit()
	u.NewLink = "https://uitvraag.example/v/8Jx2kQe0Vd3mZr7tYb5nWc1uHs6pLa9f"
	u.State, u.StateNote, u.Receipt, u.Sent = StateDone, "", "K7F2-9MQX", exampleSent
	u.CoveredBy = &Link{"/beheer/inventarisatie-2026/eenheden/9", "Samenwerkingsverband PO 25-07"}
	return u
}
