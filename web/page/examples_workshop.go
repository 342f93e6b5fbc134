package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

const exampleYAML = `uitvraag: 1
instrument: cjg
edition: "2026"
title: "Vragenlijst voor centra voor jeugd en gezin"
respondent: "de manager"
minutes: 10
sections:
  - id: a
    title: "Algemeen"
    questions:
      - {id: a1, kind: single, text: "Wat is uw functie?", options: functies}
`

func workshopExamples() []Example {
	staff := Staff{Name: "S. Bakker", Current: "vragenlijsten", Drafts: true}
	saved := exampleDay(time.November, 24, 9, 12)
	draft := WorkshopDraft{ID: 3, Name: "cjg", Edition: "2026", Title: "Vragenlijst voor centra voor jeugd en gezin", Stage: instrument.Concept, Version: 2, Saved: saved, By: "S. Bakker"}
	proposed, approved, fielded, dropped := draft, draft, draft, draft
	proposed.Stage, proposed.Edition, approved.Stage, approved.Edition = instrument.Proposed, "2025", instrument.Approved, "2024"
	fielded.Stage, fielded.Edition, fielded.Studies, dropped.Stage = instrument.Approved, "2023", []string{"Inventarisatie CJG 2023"}, instrument.Dropped
	list := Workshop{Staff: staff, MayEdit: true, Drafts: []WorkshopDraft{draft, proposed, approved, fielded}, Dropped: []WorkshopDraft{dropped},
		BuiltIn: []WorkshopBuiltIn{{"swv", "2026", "Landelijke inventarisatie aansluiting onderwijs en jeugdhulp: vragenlijst voor samenwerkingsverbanden"}}}
	wrong := []SourceMessage{{Line: 11, Text: "De antwoordlijst ‘functies’ bestaat niet. Voeg haar toe onder ‘option_sets’."}, {Line: 8, Text: "De titel is kort. Schrijf voluit waar het onderdeel over gaat.", Warning: true}}
	overview := DraftPage{Staff: staff, WorkshopDraft: draft, Basis: "het bestand cjg.lss", Missed: []string{"Vraag ‘a7’: een bestand uploaden kan niet in Uitvraag. De vraag is weggelaten."}, Faults: 1, Advice: 1, MayEdit: true, Readable: true,
		Versions: []DraftVersionLine{{2, saved, "S. Bakker", "Functies aangevuld"}, {1, exampleDay(time.November, 23, 15, 40), "S. Bakker", ""}},
		Steps:    []DraftStepLine{{1, "teruggestuurd", "T. Visser", "Vraag a1 mist een antwoord voor wie geen functie heeft.", exampleDay(time.November, 23, 17, 2)}}}
	second := overview
	second.WorkshopDraft, second.Faults, second.Missed, second.Problem = proposed, 0, nil, "Iemand anders heeft deze vragenlijst intussen opgeslagen."
	source := Source{Text: exampleYAML, Messages: wrong}
	editor := DraftEditor{Staff: staff, WorkshopDraft: draft, Source: source, After: 2, Note: "Functies aangevuld"}
	moved := editor
	moved.Theirs, moved.Other = "T. Visser", DiffLines(instrument.Lines([]byte("a\nb\nc\nd\ne\nf\ng\nh\n"), []byte("a\nb\nc\nd\ne\nf\nG\nh\n")))
	diff := DraftDiff{Staff: staff, WorkshopDraft: draft, With: []Choice{{"swv-2026", "swv 2026 (meegeleverd)", true}}, Other: "Van swv 2026 (meegeleverd) naar cjg 2026, versie 2", Lines: moved.Other,
		Differences: []instrument.Difference{{Touches: instrument.TouchesData, Text: "Vraag a1: antwoord ‘Anders’ toegevoegd"}, {Touches: instrument.TouchesWording, Text: "Vraag a1: vraagtekst gewijzigd van ‘Uw functie’ in ‘Wat is uw functie’"}}}
	return []Example{
		{"werkplaats", "Vragenlijsten", list.View()},
		{"werkplaats-nieuw", "Nieuwe vragenlijst: het bestand kan niet", NewDraft{Staff: staff, Basis: "bestand", From: diff.With, Problems: []SourceMessage{{Line: 1, Text: "Dit bestand is geen tekst in UTF-8. Bewaar het als UTF-8 en probeer het opnieuw."}}}.View()},
		{"werkplaats-concept", "Vragenlijst, concept", overview.View()},
		{"werkplaats-goedkeuren", "Vragenlijst, ter goedkeuring", second.View()},
		{"bewerken", "Vragenlijst bewerken", editor.View()},
		{"bewerken-conflict", "Vragenlijst bewerken: een ander was eerder", moved.View()},
		{"werkplaats-einde", "Voorbeeld van een vragenlijst, einde", DraftPreviewEnd{Frame: Frame{Study: draft.Title, Unit: "Voorbeeld: er wordt niets bewaard"}, Parts: exampleReview()}.View()},
		{"werkplaats-limesurvey", "Vragenlijst naar LimeSurvey", DraftLimeSurvey{Staff: staff, WorkshopDraft: draft, Misses: overview.Missed}.View()},
		{"werkplaats-verschillen", "Verschillen van een vragenlijst", diff.View()},
	}
}
