package server

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/checklist"
	"github.com/uitvraag/uitvraag/web/page"
)

// showStart is the way of a study to its first invitation.
func (s *Server) showStart(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	items, err := s.checklist(r.Context(), st)
	if err != nil {
		return err
	}
	people, invited, err := s.store.StartFacts(r.Context(), st)
	if err != nil {
		return err
	}
	p := page.Start{Staff: s.staffFrame(a, st, "onderzoek")}
	for _, step := range checklist.Starts(items, checklist.StartFacts{Colleagues: people, Released: !st.Released.IsZero(), Invited: invited}) {
		row := page.StartStep{Title: step.Title, Why: step.Why, State: string(step.State), Notes: step.Notes}
		row.Path, row.Link = startLink(p.Base, "/onderzoek/"+st.Slug+"/", step.ID)
		p.Steps = append(p.Steps, row)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// startLink is where a step of the way is done.
func startLink(base, public string, id checklist.ID) (path, text string) {
	switch id {
	case checklist.Questionnaire:
		return public, "Bekijk de vragenlijst"
	case checklist.Messages:
		return base + page.WordingPath, "Naar de teksten"
	case checklist.Register:
		return itemPath(base, id), "Naar het register"
	case checklist.Plan:
		return itemPath(base, id), "Naar het plan"
	case checklist.Privacy:
		return itemPath(base, id), "Naar de privacyverklaring"
	case checklist.DryRun:
		return itemPath(base, id), "Bekijk wie wat krijgt"
	case checklist.Colleagues:
		return base + page.TeamPath, "Nodig collega’s uit"
	case checklist.Domain, checklist.Release:
		return base + page.SetupPath, "Naar de checklist"
	case checklist.First:
		return base, "Naar Vandaag"
	}
	return "", ""
}
