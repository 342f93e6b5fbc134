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
		row.Path, row.Link = itemPath(a, p.Base, step.ID), startWords[step.ID]
		if step.ID == checklist.Questionnaire { // as the public sees it
			row.Path, row.Link = "/onderzoek/"+st.Slug+"/", "Bekijk de vragenlijst"
		}
		p.Steps = append(p.Steps, row)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// startWords say where a link of a step leads.
var startWords = map[checklist.ID]string{
	checklist.Register: "Naar het register", checklist.Plan: "Naar het plan", checklist.Messages: "Naar de teksten", checklist.Privacy: "Naar de privacyverklaring",
	checklist.Domain: "Naar de checklist", checklist.Colleagues: "Nodig collega’s uit", checklist.DryRun: "Bekijk wie wat krijgt", checklist.Release: "Naar de checklist", checklist.First: "Naar Vandaag",
}
