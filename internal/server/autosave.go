package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/ui"
)

// autosaveHeader is set by the page's own script. A page of another site cannot
// set it.
const autosaveHeader = "X-Uitvraag-Autosave"

// An autosaved is the answer to the script.
type autosaved struct {
	Version  int    `json:"versie"`             // what the page must post from now on
	Status   string `json:"status"`             // what the page says
	Conflict bool   `json:"conflict,omitempty"` // somebody else changed the same answer: press volgende to choose
	Open     bool   `json:"open,omitempty"`     // something is not right yet, and not saved

	Others map[string]string `json:"velden,omitempty"` // what somebody else filled in meanwhile, for the page to show
}

// autosave saves what was typed so far. It marks nothing as seen, passes no
// page, and leaves out what still has a problem.
func (s *Server) autosave(w http.ResponseWriter, r *http.Request, q *questionnaire, p *instrument.Page, post form.Post) error {
	for _, problem := range post.Problems {
		for i := range p.Items {
			if p.Items[i].ID() == problem.Item {
				for _, v := range p.Items[i].Variables {
					delete(post.Values, v.Name)
				}
			}
		}
	}
	saved, err := s.store.SavePage(r.Context(), store.Save{Response: q.Key, Form: q.full, Page: p, Posted: post.Values, Rendered: rendered(r.PostForm),
		Rendering: rendering(r.PostForm), Request: saveID(r.PostForm, p.ID, post.Values), Action: store.Autosave, Mode: q.mode(), By: q.by(), Now: s.Now()})
	if err != nil {
		return s.autosaveFailed(w, r, err)
	}
	out := autosaved{Version: saved.Response.Version, Status: "Opgeslagen om " + ui.Clock(s.Now()), Others: answer.Others(p.Items, saved.Response.Values, post.Values)}
	if len(post.Problems) > 0 {
		out.Open, out.Status = true, "Nog niet alles is opgeslagen: er klopt iets nog niet"
	}
	if len(saved.Conflicts) > 0 {
		out = autosaved{Version: rendered(r.PostForm), Conflict: true, Status: "Een collega wijzigde hetzelfde antwoord. Druk op Volgende en kies welke versie telt."}
		return writeJSON(w, http.StatusConflict, out)
	}
	return writeJSON(w, http.StatusOK, out)
}

// autosaveFailed tells the script in a sentence what to tell the person. The
// page keeps what was typed.
func (s *Server) autosaveFailed(w http.ResponseWriter, r *http.Request, err error) error {
	kind := errs.KindOf(err)
	status, known := statusOf[kind]
	if !known {
		status = http.StatusInternalServerError
	}
	if !known && !errors.Is(err, context.Canceled) { // a page that was left has gone
		s.Log.ErrorContext(r.Context(), "autosave failed", "request", requestID(r), "err", err)
	}
	text := errs.Public(err)
	switch kind {
	case errs.NotFound:
		status, text = http.StatusForbidden, "Uw sessie is verlopen. Open de link uit uw e-mail in een ander tabblad. Dan slaan wij alsnog op."
	case errs.Internal, errs.Unavailable:
		text = "Nog niet opgeslagen. Wij proberen het zo opnieuw."
	}
	return writeJSON(w, status, autosaved{Status: text})
}

func writeJSON(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}
