package page

import (
	"time"
)

func planExamples() []Example {
	base := exampleStaff("plan")
	base.Plan = true
	unit := Link{base.Base + UnitsPath + "/gemeente/GM9901", "GM9901 Lindehoven"}
	running := Plan{Staff: base, Now: exampleDay(time.November, 24, 9, 0), Released: exampleDay(time.November, 2, 9, 0), Rate: 60, DomainRate: 30, MayAct: true, MayDecide: true,
		Calendar: []PlanStep{
			{"Uitnodiging", "e-mail", "dag 0", []PlanDay{{Day: "maandag 2 november 2026"}}},
			{"Eerste herinnering", "e-mail", "dag 14", []PlanDay{{Day: "maandag 16 november 2026"}}},
			{"Bellen", "telefoon", "dag 21", []PlanDay{{Regions: "Noord", Day: "maandag 23 november 2026"}, {Regions: "Midden; Zuid", Day: "maandag 30 november 2026", Why: "herfstvakantie"}}},
			{"Tweede herinnering", "e-mail", "dag 28", []PlanDay{{Day: "maandag 14 december 2026", Lapses: true}}},
		},
		Warnings: []string{"Van sommige eenheden is de vakantieregio niet bekend. Zij krijgen ook in schoolvakanties bericht."},
		Waves:    []PlanWave{{"Uitnodiging", "e-mail", 0, 519, 2, 8, 2, "2 nov"}, {"Eerste herinnering", "e-mail", 40, 301, 0, 1, 12, "16 nov – 17 nov"}},
		Due:      []PlanDue{{"Eerste herinnering", "e-mail", 40}, {"Bellen", "telefoon", 212}}, CannotGo: 9, Late: 3,
		Unsure: []PlanUnsure{{ID: 7, Unit: unit, To: "mevrouw De Boer", Step: "Uitnodiging", When: exampleDay(time.November, 2, 9, 4), Why: "de verbinding viel weg"}}}
	fresh := Plan{Staff: base, Now: running.Now, Rate: 60, DomainRate: 30, MayAct: true, Calendar: running.Calendar[:2]}
	stopped := running
	stopped.Stopped, stopped.StopReason, stopped.Unsure = exampleDay(time.November, 24, 8, 30), "De links wijzen naar de verkeerde site.", nil
	stopped.Locked, stopped.LockReason = exampleDay(time.November, 24, 8, 0), "Deze database is teruggezet."
	reader := running
	reader.MayAct, reader.MayDecide = false, false
	dry := DryRun{Staff: base, At: exampleDay(time.December, 7, 10, 0), AtText: "7-12-2026 10.00", N: 2, Cannot: 1, From: 1, To: 3, CSVPath: base.Base + PlanPath + "/proef.csv", Rows: []DryRow{
		{Unit: unit, Step: "Tweede herinnering", Channel: "e-mail", To: "mevrouw De Boer", Address: "a.deboer@lindehoven.example"},
		{Unit: Link{unit.Path, "GM9902 Maasbroek"}, Step: "Bellen", Channel: "telefoon", To: "algemeen adres", Note: "De dag van deze stap was voor de vrijgave. Iemand moet hem zelf versturen."},
		{Unit: Link{unit.Path, "GM9903 Veldwijk"}, Note: "Geen bruikbaar e-mailadres of postadres."}}}
	odd := DryRun{Staff: base, At: running.Now, AtText: "morgen", Problem: "Schrijf een dag en een tijd, bijvoorbeeld 7-12-2026 10.00 uur.", CSVPath: dry.CSVPath}
	shown := Previews{Staff: base, Step: "Wat nu aan de beurt is", Previews: []Preview{
		{Why: "langste naam", Unit: unit, To: "mevrouw De Boer a.deboer@lindehoven.example", Subject: "Uw ervaring telt mee", Text: "Geachte mevrouw De Boer,\n\nOnlangs vroegen wij u mee te doen.", FramePath: base.Base + PlanPath + "/voorbeeld/7"},
		{Why: "apostrof", Unit: Link{unit.Path, "GM9902 ’t Zand"}, Problem: "De tekst ‘herinnering1’ klopt niet: ‘telefoon’ is leeg."}}}
	return []Example{
		{"plan", "Plan", running.View()},
		{"plan-nieuw", "Plan, nog niet vrijgegeven", fresh.View()},
		{"plan-stop", "Plan, stopgezet", stopped.View()},
		{"plan-lezer", "Plan voor wie alleen leest", reader.View()},
		{"plan-proef", "Wie krijgt wat", dry.View()},
		{"plan-proef-fout", "Wie krijgt wat: een onleesbaar moment", odd.View()},
		{"plan-voorbeelden", "Voorbeelden van berichten", shown.View()},
		{"plan-geen-voorbeelden", "Geen voorbeelden", Previews{Staff: base, Step: shown.Step}.View()},
	}
}
