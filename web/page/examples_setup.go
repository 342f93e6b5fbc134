package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/sheet"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/ui"
)

func setupExamples() []Example {
	staff := exampleStaff("onderzoek")
	staff.Setup, staff.State = true, "nog niet open"
	form := StudyForm{Texts: map[study.Field]string{study.TitleField: "Inventarisatie jeugdhulp 2026", study.OrganiserField: "Bureau Lindeboom", study.EmailField: "hulp@lindeboom"}, OpensDay: "2026-12-07", OpensClock: "09:00", ClosesClock: "23:59",
		Slug: "inventarisatie-jeugdhulp-2026", Problems: study.Problems{study.EmailField: "Dit is geen e-mailadres. Schrijf het als naam@organisatie.nl.", study.ClosesField: "Schrijf een dag, bijvoorbeeld 7-12-2026."}, DefinitionProblem: "Kies een vragenlijst.",
		Definitions: []DefinitionChoice{{"inventarisatie-2026", "Landelijke inventarisatie aansluiting onderwijs en jeugdhulp 2026", "Voor samenwerkingsverbanden en gemeenten", false}, {"ketenpartner", "Samenwerking van ketenpartners", "Voor ketenpartners", false}}}
	settings := StudySettings{Staff: staff, StudyForm: form, Saved: true}
	settings.Problems, settings.FixedPeriod, settings.FixedPromise = nil, true, true
	settings.DefinitionProblem = ""
	items := []CheckItem{
		{ID: "register", Title: "Het register is ingelezen", State: "in orde", Why: []string{"531 eenheden."}, Path: staff.Base + RegisterPath},
		{ID: "plan", Title: "Het plan past in de periode", State: "let op", Why: []string{"Van sommige eenheden is de vakantieregio niet bekend. Zij krijgen ook in schoolvakanties bericht."}, Path: staff.Base + PlanPath},
		{ID: "maildomein", Title: "Het maildomein is bekeken (SPF, DKIM, DMARC)", State: "nog niet", Why: []string{"Bij lindeboom.example staat geen SPF-record.", "De DNS gaf geen antwoord over _dmarc.lindeboom.example."}, Look: true, Open: true},
		{ID: "proef", Title: "De lijst met wie wat krijgt is bekeken", State: "nog niet", Why: []string{"Nog niemand heeft gezegd dit te hebben bekeken."}, Path: staff.Base + PlanPath + "/proef", Seen: true, Open: true},
	}
	setup := Setup{Staff: staff, Title: "Inventarisatie jeugdhulp 2026", Public: "/onderzoek/inventarisatie-2026/", Opens: exampleOpens, Closes: exampleCloses, MayRun: true, MayEdit: true, Items: items, Open: 2,
		Problems: []ui.Message{{Field: "punt-maildomein", Text: "Het maildomein is bekeken (SPF, DKIM, DMARC): nog niet."}}}
	running := setup
	running.Problems, running.Items, running.Open, running.Released = nil, items[:2], 0, exampleOpens
	running.Stopped, running.StopReason = exampleDay(time.November, 24, 9, 0), "De telefoon van de helpdesk doet het niet."
	running.Turns = []Link{{staff.Base + SetupPath + "/hervatten", "Ga verder"}, {staff.Base + SetupPath + "/verlengen", "Verleng"}}
	turn := StudyTurn{Staff: staff, Turn: "verlengen", Heading: "Het onderzoek verlengen", Explain: "De vragenlijst blijft langer open.", Button: "Verleng", Moment: true, Day: "2026-12-01", Clock: "23:59", Closes: exampleCloses,
		DayProblem: "Kies een moment na het sluiten zoals het nu is: vrijdag 11 december 2026 om 23.59 uur.", ReasonProblem: "Schrijf in hooguit 200 tekens waarom."}
	pause := StudyTurn{Staff: staff, Turn: "pauzeren", Heading: "Het onderzoek pauzeren", Explain: "Er gaat geen bericht meer weg.", Button: "Pauzeer", Hold: true}
	return append([]Example{
		{"onderzoek-nieuw", "Nieuw onderzoek, met fouten", NewStudy{Staff{Name: "M. van Dalen"}, form}.View()},
		{"onderzoek-instellingen", "Instellingen van een onderzoek", settings.View()},
		{"onderzoek-checklist", "Checklist voor vrijgave", setup.View()},
		{"onderzoek-pauze", "Onderzoek, gepauzeerd", running.View()},
		{"onderzoek-verlengen", "Verlengen, met fouten", turn.View()},
		{"onderzoek-pauzeren", "Pauzeren", pause.View()},
	}, append(registerExamples(staff), strataExamples(staff)...)...)
}

func strataExamples(staff Staff) []Example {
	base := staff.Base + StrataPath + "/gemeente/"
	classes := []StratumCount{{"minder dan 20.000", 109}, {"20.000 of meer", 271}}
	strata := Strata{Staff: staff, MayAct: true, Small: 10, Saved: true, Audiences: []StrataAudience{
		{Name: "gemeente", Title: "Gemeenten", N: 380, Columns: []StrataColumn{
			{ID: "landsdeel", Label: "Landsdeel", Chosen: true, N: 2, Strata: []StratumCount{{"Noord", 140}, {"Zuid", 240}}, Path: base + "landsdeel"},
			{ID: "g4", Label: "Grote stad", Chosen: true, N: 2, Strata: []StratumCount{{"ja", 4}, {"nee", 376}}, Few: []string{"ja (4)"}, Beside: "Landsdeel", Path: base + "g4"},
			{ID: "inwoners", Label: "Inwoners", N: 371, Numeric: true, Path: base + "inwoners"}}},
		{Name: "swv", Title: "Samenwerkingsverbanden"}}}
	numeric := RecodeForm{Staff: staff, Audience: "Gemeenten", Column: "Inwoners", Path: base + "inwoners", Numeric: true, Small: 10, Bounds: "20.000", Preview: classes, Few: []string{"onbekend (2)"}}
	groups := RecodeForm{Staff: staff, Audience: "Gemeenten", Column: "Grote stad", Path: base + "g4", Small: 10, Values: []RecodeValue{{"ja", "ja", "", 4}, {"nee", "nee", "", 376}}, NameProblem: "Er is nog niets samengevoegd. Geef twee of meer waarden dezelfde groep."}
	line := Timeline{Staff: staff, Sorts: []Choice{{"", "Alles", true}, {"verloop", "Verloop", false}}, Days: []TimelineDay{
		{"Dinsdag 24 november 2026", []TimelineMoment{{exampleDay(time.November, 24, 9, 0), "Gepauzeerd", "De telefoon van de helpdesk doet het niet.", true, true}, {exampleDay(time.November, 24, 8, 30), "Verstuurd: Eerste herinnering (301 e-mails)", "", false, false}}},
		{"Maandag 2 november 2026", []TimelineMoment{{exampleOpens, "De vragenlijst is open", "", false, true}}}}}
	return []Example{
		{"strata", "Strata", strata.View()},
		{"strata-klassen", "Klassen van een getal", numeric.View()},
		{"strata-samenvoegen", "Samenvoegen, met een fout", groups.View()},
		{"tijdlijn", "Tijdlijn", line.View()},
	}
}

func registerExamples(staff Staff) []Example {
	base := staff.Base
	register := Register{Staff: staff, MayAct: true, Done: "Ingelezen: samenwerkingsverbanden.", Audiences: []RegisterAudience{
		{Name: "swv", Title: "Samenwerkingsverbanden", Facts: []string{"151 eenheden", "140 met e-mail", "11 zonder adres of telefoon"}, Needs: "Een CSV- of Excel-bestand (.xlsx) met in elk geval de code van elk samenwerkingsverband.", UnitsPath: base + UnitsPath + "?doelgroep=swv"},
		{Name: "gemeente", Title: "Gemeenten", Facts: []string{"nog geen eenheden"}, Needs: "Een CSV- of Excel-bestand (.xlsx) met in elk geval de code van elke gemeente.", Waiting: "gemeenten-2026.csv", WaitingTo: "kolommen",
			Problems: []sheet.Problem{{Line: 12, Text: "Deze regel heeft meer cellen dan de kop."}}}}}
	options := []ui.SelectOption{{Value: "", Label: "Niet overnemen"}, {Value: "code", Label: "Code van de organisatie", Selected: true}, {Value: "kenmerk", Label: "Achtergrondkenmerk"}}
	columns := RegisterColumns{Staff: staff, Name: "gemeente", Title: "Gemeenten", File: "gemeenten-2026.csv", ReadAs: "tekst met komma's (UTF-8)", Rows: 380, Columns: []RegisterColumn{
		{Label: "gm_code", Values: []string{"GM9901", "GM9902", "GM9903"}, Options: options},
		{Label: "code_oud", Values: []string{"9901"}, Options: options, Problem: "Kolom ‘gm_code’ betekent dit al. Kies voor een van beide iets anders."}}}
	unit := func(code, name string) Link { return Link{base + UnitsPath + "/gemeente/" + code, code + " " + name} }
	check := RegisterCheck{Staff: staff, Name: "gemeente", Title: "Gemeenten", File: "gemeenten-2026.csv", Version: "1", N: 380, Known: 378, Released: true,
		Warnings: []string{"Van 12 contacten is niet ingevuld waar de gegevens vandaan komen (kolom herkomst)."}, First: []RegisterUnit{{"GM9901", "Lindehoven", "A. de Boer", "a.deboer@lindehoven.example, telefoon"}},
		Background: []string{"Provincie", "Inwoners"}, NAdded: 2, Added: []Link{{Text: "GM9980 Nieuwveen"}, {Text: "GM9981 Oudzijl"}}, NChanged: 1, Changed: []RegisterChange{{unit("GM9901", "Lindehoven"), []FieldChange{{"email", "", "a.deboer@lindehoven.example"}, {"Provincie", "Drenthe", "Groningen"}}}},
		NMissing: 1, Missing: []Link{unit("GM9970", "Veldwijk")}, Starts: "2 nieuwe eenheden beginnen met een eigen uitnodiging, op de eerste dag dat er mail uitgaat."}
	wrong := RegisterCheck{Staff: staff, Name: "gemeente", Title: "Gemeenten", File: "gemeenten-2026.csv", Problems: []sheet.Problem{{Line: 12, Column: "email", Text: "dit is geen e-mailadres; verwacht één adres, zoals naam@organisatie.nl"}, {Line: 40, Column: "gm_code", Text: "‘GM9901’ staat al op regel 2"}}}
	return []Example{
		{"register", "Register", register.View()},
		{"register-kolommen", "Kolommen aanwijzen, met een fout", columns.View()},
		{"register-controle", "Wat een nieuwer bestand wijzigt", check.View()},
		{"register-problemen", "Problemen in een bestand", wrong.View()},
	}
}
