package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/worker"
	"github.com/uitvraag/uitvraag/web/page"
)

// snapshotField says of which snapshot something is made; "" is of the data as
// they are now.
const snapshotField = "momentopname"

// dataset returns the data of an audience as they are now, or as they were in a
// snapshot, with the questionnaire that was asked.
func (s *Server) dataset(ctx context.Context, st study.Study, audience, snapshot string) (*instrument.Instrument, *dataset.Dataset, error) {
	if snapshot == "" {
		f, err := s.form(ctx, st.ID, audience)
		if err != nil {
			return nil, nil, err
		}
		d, err := s.store.Dataset(ctx, st, audience, s.Now())
		return f.In, d, err
	}
	x, d, err := s.store.SnapshotData(ctx, st.ID, snapshot)
	if err != nil {
		return nil, nil, err
	}
	if x.Audience != audience {
		return nil, nil, errs.Errorf(errs.Invalid, "Momentopname %s is van de vragenlijst %s. Kies die vragenlijst.", x.Name, x.Audience)
	}
	in, problems := instrument.Parse(x.Source)
	if in == nil {
		return nil, nil, fmt.Errorf("the instrument of snapshot %d cannot be read: %v", x.ID, problems)
	}
	return in, d, nil
}

// snapshotChoice is the choice between now and the snapshots that something can
// be made of; none where there are no snapshots. audience "" is any.
func snapshotChoice(all []store.Snapshot, audience, chosen string) []page.BookChoice {
	c := page.BookChoice{Name: snapshotField, Label: "Stand", Options: []page.Choice{{Value: "", Label: "Nu", Selected: chosen == ""}}}
	for _, x := range all {
		if !x.Erased.IsZero() || audience != "" && x.Audience != audience {
			continue
		}
		label := x.Name
		if audience == "" {
			label += " (" + x.Audience + ")"
		}
		c.Options = append(c.Options, page.Choice{Value: x.Name, Label: label, Selected: strings.EqualFold(x.Name, chosen)})
	}
	if len(c.Options) == 1 {
		return nil
	}
	return []page.BookChoice{c}
}

// snapshotLine is a snapshot as the page lists it.
func snapshotLine(x store.Snapshot, base string) page.DataSnapshot {
	line := page.DataSnapshot{Name: x.Name, Audience: x.Audience, Made: when(x.Made), Units: x.Manifest.Units, Questionnaires: x.Manifest.Questionnaires, Hash: x.Manifest.SHA256, Erased: x.Why}
	if x.Erased.IsZero() {
		line.Tables = base + page.BookPath + "/" + x.Audience + "?" + url.Values{snapshotField: {x.Name}}.Encode()
	}
	return line
}

// makeSnapshot keeps the data as they are now.
func (s *Server) makeSnapshot(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	if st.At(s.Now()) == study.Closed { // with what the worker has yet to freeze
		if _, err := worker.Freeze(r.Context(), s.store, st, s.Now()); err != nil {
			return err
		}
	}
	_, err = s.store.MakeSnapshot(r.Context(), st, r.PostFormValue("opname_van"), r.PostFormValue("naam"), s.Software, staffActor(a), s.Now())
	status := http.StatusUnprocessableEntity
	switch errs.KindOf(err) {
	case errs.Conflict:
		status = http.StatusConflict
	case errs.Invalid:
	default:
		if err != nil {
			return err
		}
		http.Redirect(w, r, "/beheer/"+st.Slug+page.DataPath+"#momentopnamen", http.StatusSeeOther)
		return nil
	}
	p, _, failed := s.dataPage(r, a)
	if failed != nil {
		return failed
	}
	p.NameProblem = errs.Public(err)
	return s.render(w, r, status, p.View())
}
