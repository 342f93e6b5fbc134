package server

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// dataPage tells what there is of every audience, with what was chosen before.
func (s *Server) dataPage(r *http.Request, a account.Account) (page.Data, study.Study, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return page.Data{}, st, err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return page.Data{}, st, err
	}
	p := page.Data{Staff: s.staffFrame(a, st, "gegevens"), Named: a.Role.May(account.NameUnits), Reason: r.PostFormValue("reden")}
	instrument := page.BookChoice{Name: "vragenlijst", Label: "Vragenlijst"}
	for _, x := range audiences {
		d, err := s.store.Dataset(r.Context(), st, x.Name, s.Now())
		if err != nil {
			return p, st, err
		}
		p.Counts = append(p.Counts, page.DataCount{Audience: x.Name, Units: d.Len(), Questionnaires: d.Questionnaires(), Population: d.Frame().Len(), Codebook: p.Base + page.CodebookPath + "/" + x.Name})
		instrument.Options = append(instrument.Options, page.Choice{Value: x.Name, Label: x.Name, Selected: r.PostFormValue("vragenlijst") == x.Name})
	}
	format := page.BookChoice{Name: "soort", Label: "Soort bestand"}
	for _, f := range export.DataFormats {
		format.Options = append(format.Options, page.Choice{Value: f.ID, Label: f.Text, Selected: r.PostFormValue("soort") == f.ID})
	}
	snapshots, err := s.store.Snapshots(r.Context(), st.ID)
	if err != nil {
		return p, st, err
	}
	p.SnapshotName = r.PostFormValue("naam")
	p.SnapshotOf = page.BookChoice{Name: "opname_van", Label: "Vragenlijst"}
	for _, x := range audiences {
		p.SnapshotOf.Options = append(p.SnapshotOf.Options, page.Choice{Value: x.Name, Label: x.Name, Selected: r.PostFormValue("opname_van") == x.Name})
	}
	for _, x := range snapshots {
		p.Snapshots = append(p.Snapshots, snapshotLine(x, p.Base))
	}
	p.Choices = append(append([]page.BookChoice{instrument}, snapshotChoice(snapshots, "", r.PostFormValue(snapshotField))...), format)
	if p.Named {
		p.Choices = append(p.Choices, page.BookChoice{Name: "eenheid", Label: "Eenheden", Options: []page.Choice{
			{Value: "", Label: "Met een pseudoniem", Selected: r.PostFormValue("eenheid") == ""}, {Value: "code", Label: "Met hun code", Selected: r.PostFormValue("eenheid") == "code"}}})
	}
	return p, st, nil
}

func (s *Server) showData(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, _, err := s.dataPage(r, a)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// downloadData gives the data as a file. With the codes of units it needs the
// right and a reason; the log tells who took what before it is sent.
func (s *Server) downloadData(w http.ResponseWriter, r *http.Request, a account.Account) error {
	named, why := r.PostFormValue("eenheid") == "code", strings.TrimSpace(r.PostFormValue("reden"))
	if named && !a.Role.May(account.NameUnits) {
		return errs.Errorf(errs.Forbidden, "Uw rol (%s) mag dit niet: %s.", a.Role, account.NameUnits)
	}
	if problem := whyProblem(why); named && problem != "" {
		p, _, err := s.dataPage(r, a)
		if err != nil {
			return err
		}
		p.Problem = problem
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if named {
		if ok, err := s.proven(w, r, a); !ok {
			return err
		}
	}
	to, ok := export.DataFormatOf(r.PostFormValue("soort"))
	if !ok {
		return errs.Errorf(errs.NotFound, "Dit soort bestand is er niet.")
	}
	d, err := s.data(r, !named)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if _, err := to.Write(r.Context(), &out, d); err != nil {
		return err
	}
	if !named {
		why = ""
	}
	if err := s.store.RecordExport(r.Context(), d.Study.ID, d.In.Name, to.ID, d.Set.Len(), why, staffActor(a), s.Now()); err != nil {
		return err
	}
	return sendFile(w, d.Study.Slug+"-"+d.In.Name+to.Ext, to.MIME, out.Bytes())
}

// data is what a form asks for.
func (s *Server) data(r *http.Request, pseudonym bool) (*export.Data, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return nil, err
	}
	in, d, err := s.dataset(r.Context(), st, r.PostFormValue("vragenlijst"), r.PostFormValue(snapshotField))
	return &export.Data{Study: st, In: in, Set: d, Software: s.Software, Options: export.Options{Pseudonym: pseudonym}, Press: page.Press(s.Printer)}, err
}
