package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/disclosure"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// strataPages binds where a researcher points at the strata.
func (s *Server) strataPages(r routes) {
	r.show("/beheer/{study}/strata", s.staff(may(account.SeeSetup, s.showStrata)))
	r.post("/beheer/{study}/strata/{audience}", s.staff(may(account.EditStudy, s.saveStrata)))
	r.show("/beheer/{study}/strata/{audience}/{column}", s.staff(may(account.EditStudy, s.showRecode)))
	r.post("/beheer/{study}/strata/{audience}/{column}", s.staff(may(account.EditStudy, s.makeRecode)))
	r.show("/beheer/{study}/tijdlijn", s.staff(may(account.SeeSetup, s.showTimeline)))
}

// Of a column with more values than these, no strata are shown, and no groups
// asked for.
const maxValues = 60

func (s *Server) showStrata(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.Strata{Staff: s.staffFrame(a, st, "onderzoek"), MayAct: a.May(account.EditStudy), Small: st.Settings.Disclosure.Limits().SmallBase, Saved: r.URL.Query().Has("bewaard")}
	for _, aud := range audiences {
		register, err := s.store.RegisterOf(r.Context(), st.ID, aud.Name)
		if err != nil {
			return err
		}
		data, err := s.store.Dataset(r.Context(), st, aud.Name, s.Now())
		if err != nil {
			return err
		}
		beside := map[string]string{}
		for _, x := range disclosure.Splits(data.Frame(), st.Settings.Disclosure) {
			beside[x.Column.Name] = x.Beside
		}
		v := page.StrataAudience{Name: aud.Name, Title: audienceMany(aud.Name), N: len(register.Units)}
		for _, c := range register.Columns {
			x := strataColumn(st, p.Base, aud, register, c)
			x.Beside = beside[c.ID]
			v.Columns = append(v.Columns, x)
		}
		p.Audiences = append(p.Audiences, v)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func strataColumn(st study.Study, base string, aud store.Audience, register sample.Register, c sample.Column) page.StrataColumn {
	counts := sample.Counts(register, c.ID)
	out := page.StrataColumn{ID: c.ID, Label: c.Label, Chosen: slices.Contains(aud.Strata, c.ID), N: len(counts), Path: base + page.StrataPath + "/" + aud.Name + "/" + c.ID, Numeric: sample.Numeric(register, c.ID)}
	if len(counts) > maxValues {
		return out
	}
	out.Strata = strataCounts(counts)
	if !st.Settings.Disclosure.Traceable {
		out.Few = sample.Few(register, c.ID, st.Settings.Disclosure.Limits().SmallBase)
	}
	return out
}

func strataCounts(counts []sample.Stratum) []page.StratumCount {
	var out []page.StratumCount
	for _, x := range counts {
		label := x.Value
		if label == "" {
			label = "onbekend"
		}
		out = append(out, page.StratumCount{Label: label, N: x.N})
	}
	return out
}

// saveStrata keeps which columns are strata.
func (s *Server) saveStrata(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	aud, err := s.store.Audience(r.Context(), st.ID, chi.URLParam(r, "audience"))
	if err != nil {
		return err
	}
	var strata []string
	for _, c := range aud.Columns {
		if slices.Contains(r.PostForm["stratum"], c.ID) {
			strata = append(strata, c.ID)
		}
	}
	if err := s.store.SetStrata(r.Context(), st.ID, aud.Name, strata, staffActor(a), s.Now()); err != nil {
		return err
	}
	return s.toStrata(w, r, st)
}

func (s *Server) toStrata(w http.ResponseWriter, r *http.Request, st study.Study) error {
	return redirect(w, r, "/beheer/"+st.Slug+page.StrataPath+"?bewaard")
}

// A column of a register, as a request names it.
type columnRequest struct {
	study    study.Study
	audience string
	register sample.Register
	column   sample.Column
}

func (s *Server) columnOf(r *http.Request) (columnRequest, error) {
	var c columnRequest
	var err error
	if c.study, err = s.planStudy(r); err != nil {
		return c, err
	}
	c.audience = chi.URLParam(r, "audience")
	if _, err = s.store.Audience(r.Context(), c.study.ID, c.audience); err != nil {
		return c, err
	}
	if c.register, err = s.store.RegisterOf(r.Context(), c.study.ID, c.audience); err != nil {
		return c, err
	}
	i := slices.IndexFunc(c.register.Columns, func(x sample.Column) bool { return x.ID == chi.URLParam(r, "column") })
	if i < 0 {
		return c, errs.Errorf(errs.NotFound, "Dit kenmerk is er niet.")
	}
	c.column = c.register.Columns[i]
	return c, nil
}

func (s *Server) showRecode(w http.ResponseWriter, r *http.Request, a account.Account) error {
	c, err := s.columnOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, s.recodePage(a, c, func(v string) string { return v }).View())
}

func (s *Server) recodePage(a account.Account, c columnRequest, group func(value string) string) page.RecodeForm {
	p := page.RecodeForm{Staff: s.staffFrame(a, c.study, "onderzoek"), Audience: audienceMany(c.audience), Column: c.column.Label, Path: "/beheer/" + c.study.Slug + page.StrataPath + "/" + c.audience + "/" + c.column.ID,
		Numeric: sample.Numeric(c.register, c.column.ID), Small: c.study.Settings.Disclosure.Limits().SmallBase}
	counts := sample.Counts(c.register, c.column.ID)
	if !p.Numeric && len(counts) <= maxValues {
		for _, x := range counts {
			if x.Value != "" {
				p.Values = append(p.Values, page.RecodeValue{Label: x.Value, N: x.N, Group: group(x.Value)})
			}
		}
	}
	return p
}

// makeRecode shows what classes or groups there would be, and makes them after a
// second press.
func (s *Server) makeRecode(w http.ResponseWriter, r *http.Request, a account.Account) error {
	c, err := s.columnOf(r)
	if err != nil {
		return err
	}
	rule := sample.NewRecode(c.register, c.column, r.PostForm.Get("naam"))
	rule.Groups = map[string]string{}
	p := s.recodePage(a, c, func(string) string { return "" })
	p.Name, p.Bounds = r.PostForm.Get("naam"), r.PostForm.Get("grenzen")
	if p.Numeric {
		rule.Bounds, p.BoundsProblem = sample.ParseBounds(p.Bounds)
	}
	for i := range p.Values {
		v := &p.Values[i]
		v.Group = strings.Join(strings.Fields(r.PostForm.Get("groep-"+strconv.Itoa(i))), " ")
		if len([]rune(v.Group)) > 80 {
			v.Problem, p.Faulty = "Maak deze naam korter dan 80 tekens.", true
		}
		if v.Group != "" && v.Group != v.Label {
			rule.Groups[v.Label] = v.Group
		}
	}
	if len([]rune(rule.Label)) > 80 {
		p.NameProblem = "Maak de naam korter dan 80 tekens."
	} else if !p.Numeric && len(rule.Groups) == 0 {
		p.NameProblem = "Er is nog niets samengevoegd. Geef twee of meer waarden dezelfde groep."
	}
	if p.Faulty || p.NameProblem != "" || p.BoundsProblem != "" {
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if r.PostForm.Get("actie") != "maak" {
		made := sample.Recoded(c.register, []sample.Recode{rule})
		p.Preview, p.Few = strataCounts(sample.Counts(made, rule.ID)), sample.Few(made, rule.ID, p.Small)
		return s.render(w, r, http.StatusOK, p.View())
	}
	if err := s.store.AddRecode(r.Context(), c.study.ID, c.audience, rule, staffActor(a), s.Now()); err != nil {
		return err
	}
	return s.toStrata(w, r, c.study)
}
