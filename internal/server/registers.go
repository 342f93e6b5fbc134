package server

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// expectationPages binds how a researcher puts expectations down.
func (s *Server) expectationPages(r routes) {
	const base = "/beheer/{study}" + page.RegistersPath
	r.show(base, s.staff(may(account.SeeTables, s.showRegisters)))
	r.post(base, s.staff(may(account.PreRegister, s.addRegister)))
	r.post(base+"/{register}/verwijderen", s.staff(may(account.PreRegister, s.removeRegister)))
	r.show(base+"/{register}.yaml", s.staff(may(account.SeeTables, s.downloadRegister)))
}

// registersPage lists what was put down for a study.
func (s *Server) registersPage(r *http.Request, acc account.Account) (page.Registers, study.Study, error) {
	p := page.Registers{}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return p, st, err
	}
	p.Staff, p.MayEdit = s.staffFrame(acc, st, "analyse"), acc.May(account.PreRegister)
	p.Closes = contactplan.Moment(st.Closes)
	p.Now = string(hypothesis.PhaseOf(s.Now(), st.Opens, st.Closes))
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return p, st, err
	}
	for _, a := range audiences {
		if x, ok := hypothesis.For(a.Name); ok {
			p.Product = &page.RegisterFile{Name: x.ID, Title: x.Title, N: len(x.Hypotheses), Path: p.Base + page.RegistersPath + "/" + x.ID + ".yaml"}
			break
		}
	}
	files, err := s.store.Registers(r.Context(), st.ID)
	if err != nil {
		return p, st, err
	}
	snapshots, err := s.store.Snapshots(r.Context(), st.ID)
	if err != nil {
		return p, st, err
	}
	for _, f := range files {
		id := strconv.FormatInt(f.ID, 10)
		x := page.RegisterFile{ID: id, Name: f.Name, Title: f.Title, SHA256: f.SHA256, Added: contactplan.Moment(f.Added), By: f.By, Phase: string(hypothesis.PhaseOf(f.Added, st.Opens, st.Closes)), Why: f.Why,
			Path: p.Base + page.RegistersPath + "/" + id + ".yaml", Removable: store.Removable(f, st, snapshots, s.Now())}
		if !f.Withdrawn.IsZero() {
			x.Withdrawn = contactplan.Moment(f.Withdrawn)
		}
		if reg, _ := hypothesis.Parse(f.Text); reg != nil {
			x.N = len(reg.Hypotheses)
			for _, h := range reg.Hypotheses {
				x.Expectations = append(x.Expectations, h.ID+" "+h.Expectation)
			}
		}
		p.Files = append(p.Files, x)
	}
	return p, st, nil
}

func (s *Server) showRegisters(w http.ResponseWriter, r *http.Request, acc account.Account) error {
	p, _, err := s.registersPage(r, acc)
	if err != nil {
		return err
	}
	p.Done = r.URL.Query().Get("gedaan")
	return s.render(w, r, http.StatusOK, p.View())
}

// postedRegister is the text of a file that was chosen, or that was typed.
func postedRegister(r *http.Request) (string, error) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			return "", errs.Wrap(err, errs.Invalid, "Dit formulier kunnen wij niet lezen. Ga terug en probeer het opnieuw.")
		}
		if f, _, err := r.FormFile("bestand"); err == nil {
			text, err := io.ReadAll(f)
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				return "", err
			}
			if len(text) > 0 {
				return string(text), nil
			}
		}
	}
	return r.PostFormValue("tekst"), nil
}

// addRegister checks a file with expectations, and puts it down where it is sound.
func (s *Server) addRegister(w http.ResponseWriter, r *http.Request, acc account.Account) error {
	text, err := postedRegister(r)
	if err != nil {
		return err
	}
	p, st, err := s.registersPage(r, acc)
	if err != nil {
		return err
	}
	p.Text = text
	register, problems, err := s.checkRegister(r, st, []byte(text))
	if err != nil {
		return err
	}
	for _, x := range problems {
		p.Problems = append(p.Problems, page.RegisterProblem{Line: x.Line, Column: x.Column, Text: x.Text, Remedy: x.Remedy})
	}
	status := http.StatusUnprocessableEntity
	switch {
	case register == nil:
	case r.PostFormValue("actie") == "controleren":
		status, p.Sound = http.StatusOK, len(register.Hypotheses)
	default:
		err = s.store.AddRegister(r.Context(), st.ID, register, []byte(text), acc.Handle(), staffActor(acc), s.Now())
		if errs.KindOf(err) != errs.Conflict {
			if err == nil {
				http.Redirect(w, r, p.Base+page.RegistersPath+"?gedaan=vastgelegd", http.StatusSeeOther)
			}
			return err
		}
		status = http.StatusConflict
		p.Problems = append(p.Problems, page.RegisterProblem{Line: 1, Column: 1, Text: errs.Public(err)})
	}
	return s.render(w, r, status, p.View())
}

// checkRegister reads a file as one of a study.
func (s *Server) checkRegister(r *http.Request, st study.Study, text []byte) (*hypothesis.Register, []instrument.Problem, error) {
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return nil, nil, err
	}
	var names []string
	var all []*instrument.Instrument
	background := map[string][]string{}
	for _, a := range audiences {
		f, err := s.form(r.Context(), st.ID, a.Name)
		if err != nil {
			return nil, nil, err
		}
		names, all = append(names, a.Name), append(all, f.In)
		for _, c := range a.Columns {
			background[a.Name] = append(background[a.Name], c.ID)
		}
	}
	inForce, err := s.register(r.Context(), st, names)
	if err != nil {
		return nil, nil, err
	}
	register, problems := hypothesis.Check(text, inForce, hypothesis.Knows(all, func(name string) []string { return background[name] }))
	return register, problems, nil
}

// removeRegister takes a file away, or withdraws one that may have been used.
func (s *Server) removeRegister(w http.ResponseWriter, r *http.Request, acc account.Account) error {
	p, st, err := s.registersPage(r, acc)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(chi.URLParam(r, "register"), 10, 64)
	if err != nil {
		return errs.Errorf(errs.NotFound, "Dit bestand is er niet.")
	}
	removed, err := s.store.RemoveRegister(r.Context(), st, id, r.PostFormValue("reden"), staffActor(acc), s.Now())
	if errs.KindOf(err) == errs.Invalid {
		p.RemoveProblem, p.RemoveID = errs.Public(err), strconv.FormatInt(id, 10)
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	done := "ingetrokken"
	if removed {
		done = "verwijderd"
	}
	http.Redirect(w, r, p.Base+page.RegistersPath+"?gedaan="+done, http.StatusSeeOther)
	return nil
}

// downloadRegister gives a file as it was put down, or the one of the product.
func (s *Server) downloadRegister(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	id := chi.URLParam(r, "register")
	if text, ok := hypothesis.Text(id); ok {
		return sendFile(w, id+".yaml", "text/plain; charset=utf-8", text)
	}
	files, err := s.store.Registers(r.Context(), st.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		if strconv.FormatInt(f.ID, 10) == id {
			return sendFile(w, "verwachtingen-"+id+".yaml", "text/plain; charset=utf-8", f.Text)
		}
	}
	return errs.Errorf(errs.NotFound, "Dit bestand is er niet.")
}
