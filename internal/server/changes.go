package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/table"
	"github.com/uitvraag/uitvraag/web/page"
)

// showChanges lists which drafts read otherwise than of a snapshot: what was written
// then has to be looked at again.
func (s *Server) showChanges(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return err
	}
	name, _ := asked(r)
	if !slices.ContainsFunc(audiences, func(x store.Audience) bool { return x.Name == name }) {
		return errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	p := page.Changes{Staff: s.staffFrame(a, st, "analyse"), Audience: name}
	for _, x := range audiences {
		path := p.Base + page.ChangesPath + "/" + x.Name
		p.Audiences = append(p.Audiences, page.Tab{Link: page.Link{Path: path, Text: x.Name}, Current: x.Name == name})
	}
	p.Path = p.Base + page.ChangesPath + "/" + name
	snapshots, err := s.store.Snapshots(r.Context(), st.ID)
	if err != nil {
		return err
	}
	chosen := r.URL.Query().Get(snapshotField)
	p.From = page.BookChoice{Name: snapshotField, Label: "Vergelijk met momentopname"}
	for _, x := range snapshots {
		if x.Audience != name || !x.Erased.IsZero() {
			continue
		}
		if chosen == "" {
			chosen = x.Name // the latest
		}
		p.From.Options = append(p.From.Options, page.Choice{Value: x.Name, Label: x.Name + ", " + when(x.Made), Selected: strings.EqualFold(x.Name, chosen)})
	}
	if len(p.From.Options) > 0 {
		if p.Changes, p.Same, err = s.changes(r, st.Slug, name, chosen); err != nil {
			return err
		}
		p.Compared = true
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// changes compares the drafts of a snapshot with those of now.
func (s *Server) changes(r *http.Request, slug, audience, snapshot string) (changes []report.Change, same int, err error) {
	st, err := s.store.Study(r.Context(), slug)
	if err != nil {
		return nil, 0, err
	}
	var books [2]*table.Book
	for i, of := range []string{snapshot, ""} {
		in, d, err := s.dataset(r.Context(), st, audience, of)
		if err != nil {
			return nil, 0, err
		}
		if books[i], err = s.books.make(table.Spec{}, in, d); err != nil {
			return nil, 0, err
		}
	}
	changes = report.Changes(books[0], books[1])
	return changes, len(books[1].Tables) - len(changes), nil
}
