package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/web/ui"
)

// examplePlanned is a study of which the plan is drawn on the calendar.
func examplePlanned(plan contactplan.Plan) contactplan.Field {
	closed := contactplan.Settings{Extra: []contactplan.Closure{{Name: "verhuizing", From: contactplan.Date(2026, time.November, 24), To: contactplan.Date(2026, time.November, 24)}}}
	return contactplan.Field{Plan: plan, Calendar: contactplan.NewCalendar(closed), Opens: exampleDay(time.October, 5, 9, 0), Closes: exampleDay(time.December, 12, 0, 0)}
}

func planEditExamples() []Example {
	base := exampleStaff("plan")
	kinds := []Choice{{"mail:uitnodiging", "E-mail: uitnodiging", false}, {"mail:herinnering1", "E-mail: eerste herinnering", false}, {"phone:telefoon", "Telefoon: gesprek", false}}
	form := PlanForm{Version: "2", From: "9.00", Until: "17.00", Schools: []string{"Noord", "Midden", "Zuid"}, Gap: "3", Calls: "3", Steps: []PlanFormStep{
		{ID: "uitnodiging", Title: "Uitnodiging", Day: "0", Kind: "mail:uitnodiging", Had: 531},
		{ID: "herinnering1", Title: "Eerste herinnering", Day: "16", Kind: "mail:herinnering1", Weekdays: []string{"2", "4"}},
		{ID: "telefoon", Title: "Bellen", Day: "23", Kind: "phone:telefoon", Audiences: []string{"gemeente"}}},
		Closures: []PlanFormClosure{{"verhuizing", "2026-11-24", "2026-11-24"}, {}}}
	field := examplePlanned(contactplan.Default())
	regions := []contactplan.Regions{contactplan.North, contactplan.Middle, contactplan.South}
	edit := PlanEdit{Staff: base, Form: form, Kinds: kinds, Audiences: []Choice{{"swv", "Samenwerkingsverbanden", false}, {"gemeente", "Gemeenten", false}},
		Months: field.Months(field.Schedule(regions, nil).Rows, regions), Warnings: []string{"Na Bellen zijn er nog 4 werkdagen om te antwoorden."}}
	shown := edit
	shown.Released = true
	shown.Preview = &PlanPreview{Changes: []string{"Eerste herinnering: dag van 14 naar 16."}, Units: 531, Effects: []PlanEffect{{"Eerste herinnering", "maandag 19 oktober", "woensdag 21 oktober", 402, 0, 0, 129}}}
	wrong := edit
	wrong.Form.Steps = append([]PlanFormStep{}, form.Steps...)
	wrong.Form.Steps[1].Day = "1"
	wrong.Problems = []ui.Message{{Field: "dag-herinnering1", Text: "Tussen ‘Uitnodiging’ en deze stap zitten 0 werkdagen; laat er 3 tussen. Kies dag 3 of later."}}
	history := PlanHistory{Staff: base, MayEdit: true, Versions: []PlanVersion{
		{Version: 2, When: exampleDay(time.October, 20, 9, 0), Who: "M. van Dalen", Restores: "versie 0", Now: true, Changes: []string{"Eerste herinnering: dag van 16 naar 14."}},
		{Version: 1, When: exampleDay(time.October, 19, 9, 0), Who: "M. van Dalen", Reason: "Rekening houden met de herfstvakantie", Changes: []string{"Eerste herinnering: dag van 14 naar 16."}},
		{Version: 0, When: exampleDay(time.October, 1, 9, 0)}}}
	return append(append(wordingExamples(), startExamples()...), []Example{
		{"plan-wijzigen", "Plan wijzigen", edit.View()},
		{"plan-wijzigen-verschil", "Plan wijzigen: wat er verandert", shown.View()},
		{"plan-wijzigen-fout", "Plan wijzigen: een stap te snel", wrong.View()},
		{"plan-geschiedenis", "Eerdere versies van het plan", history.View()},
		{"plan-geschiedenis-leeg", "Een plan dat nooit is gewijzigd", PlanHistory{Staff: base, MayEdit: true}.View()},
	}...)
}
