package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// setupPages binds where a study is made, set up and run.
func (s *Server) setupPages(r routes) {
	r.show(page.NewStudyPath, s.staff(may(account.MakeStudy, s.showNewStudy)))
	r.post(page.NewStudyPath, s.staff(may(account.MakeStudy, s.makeStudy)))
	r.show("/beheer/{study}/instellingen", s.staff(may(account.EditStudy, s.showSettings)))
	r.post("/beheer/{study}/instellingen", s.staff(may(account.EditStudy, s.saveSettings)))
	s.registerPages(r)
	s.runPages(r)
	s.strataPages(r)
}

// A definition is what a study can be made from.
type definition struct {
	value, title string
	sources      []instrument.Source
}

// definitions are the studies that come with the product, the newest first, and
// before them the questionnaires that were made and approved here.
func (s *Server) definitions(ctx context.Context) ([]definition, error) {
	var out []definition
	for _, d := range instrument.StudyDefinitions() {
		out = append(out, definition{d.Name, d.Title, d.Sources})
	}
	slices.Reverse(out)
	approved, err := s.store.ApprovedInstruments(ctx)
	var own []definition
	for _, x := range approved {
		if x.Draft != 0 {
			own = append(own, definition{fmt.Sprintf("%s-%s", x.Name, x.Edition), x.Title, []instrument.Source{x.Source}})
		}
	}
	return append(own, out...), err
}

func definitionChoices(all []definition, chosen string) []page.DefinitionChoice {
	var out []page.DefinitionChoice
	for _, d := range all {
		var names []string
		for _, src := range d.sources {
			names = append(names, strings.ToLower(audienceMany(src.Name)))
		}
		out = append(out, page.DefinitionChoice{Value: d.value, Label: d.title, Hint: "Voor " + strings.Join(names, " en "), Selected: d.value == chosen})
	}
	return out
}

func (s *Server) showNewStudy(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p := page.NewStudy{Staff: page.Staff{Name: a.Handle()}}
	p.OpensClock, p.ClosesClock = "09:00", "23:59"
	all, err := s.definitions(r.Context())
	if err != nil {
		return err
	}
	p.Definitions = definitionChoices(all, "")
	return s.render(w, r, http.StatusOK, p.View())
}

// makeStudy makes a study, or shows what its address will be.
func (s *Server) makeStudy(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, form := readStudy(r, study.Study{})
	all, err := s.definitions(r.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(d definition) bool { return d.value == r.PostForm.Get("definitie") })
	if i < 0 {
		form.DefinitionProblem = "Kies een vragenlijst."
	} else {
		st.Definition = all[i].value
	}
	form.Slug, form.Definitions = st.Slug, definitionChoices(all, st.Definition)
	p := page.NewStudy{Staff: page.Staff{Name: a.Handle()}, StudyForm: form}
	if r.PostForm.Get("actie") == "adres" {
		p.Problems, p.DefinitionProblem, p.OpensClockProblem, p.ClosesClockProblem = nil, "", "", ""
		if problem := st.Check()[study.TitleField]; problem != "" {
			p.Problems = study.Problems{study.TitleField: problem}
		}
		return s.render(w, r, http.StatusOK, p.View())
	}
	if form.Faulty() {
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	made, err := s.store.MakeStudy(r.Context(), st, all[i].sources, staffActor(a), s.Now())
	if errs.KindOf(err) == errs.Conflict {
		p.Problems = study.Problems{study.TitleField: errs.Public(err)}
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+made.Slug+page.StartPath)
}

// readStudy reads what was filled in of a study on top of what it was, and says
// what must be mended. The slug of a study that exists stays.
func readStudy(r *http.Request, was study.Study) (study.Study, page.StudyForm) {
	form := page.StudyForm{Texts: map[study.Field]string{}, Traceable: r.PostForm.Get("belofte") == "herleidbaar"}
	line := func(f study.Field) string {
		form.Texts[f] = r.PostForm.Get(string(f))
		return strings.Join(strings.Fields(form.Texts[f]), " ")
	}
	st := was
	st.Title = line(study.TitleField)
	if st.ID == 0 {
		st.Slug = study.Slug(st.Title)
	}
	for field, text := range st.Settings.Texts() {
		if r.PostForm.Has(string(field)) {
			*text = line(field)
		}
	}
	if r.PostForm.Has("belofte") {
		st.Settings.Disclosure.Traceable = form.Traceable
	}
	moments := study.Problems{}
	read := func(f study.Field, t *time.Time, day, clock, clockProblem *string) {
		if was.ID != 0 && !r.PostForm.Has(string(f)) { // the period is fixed, and not in the form
			return
		}
		*day, *clock = r.PostForm.Get(string(f)), r.PostForm.Get(string(f)+"-tijd")
		moment, dayProblem, problem := study.ParseMoment(*day, *clock)
		if *clockProblem = problem; dayProblem != "" {
			moments[f] = dayProblem
		}
		if dayProblem == "" && problem == "" {
			*t = moment
		}
	}
	read(study.OpensField, &st.Opens, &form.OpensDay, &form.OpensClock, &form.OpensClockProblem)
	read(study.ClosesField, &st.Closes, &form.ClosesDay, &form.ClosesClock, &form.ClosesClockProblem)
	form.Problems = was.Amend(st)
	if len(moments) > 0 || form.OpensClockProblem != "" || form.ClosesClockProblem != "" {
		delete(form.Problems, study.OpensField) // they are about moments that were not read
		delete(form.Problems, study.ClosesField)
	}
	for f, text := range moments {
		form.Problems[f] = text
	}
	return st, form
}

func (s *Server) showSettings(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	form := page.StudyForm{Texts: map[study.Field]string{study.TitleField: st.Title}, Traceable: st.Settings.Disclosure.Traceable}
	for field, text := range st.Settings.Texts() {
		form.Texts[field] = *text
	}
	opens, closes := st.Opens.In(amsterdam), st.Closes.In(amsterdam)
	form.OpensDay, form.OpensClock = opens.Format(time.DateOnly), opens.Format("15:04")
	form.ClosesDay, form.ClosesClock = closes.Format(time.DateOnly), closes.Format("15:04")
	return s.renderSettings(w, r, a, st, form, http.StatusOK)
}

func (s *Server) renderSettings(w http.ResponseWriter, r *http.Request, a account.Account, st study.Study, form page.StudyForm, status int) error {
	form.Slug, form.FixedPeriod = st.Slug, !st.Released.IsZero()
	form.FixedPromise = form.FixedPeriod && !st.Settings.Disclosure.Traceable
	p := page.StudySettings{Staff: s.staffFrame(a, st, "onderzoek"), StudyForm: form, Saved: status == http.StatusOK && r.URL.Query().Has("bewaard")}
	return s.render(w, r, status, p.View())
}

func (s *Server) saveSettings(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	to, form := readStudy(r, st)
	if form.Faulty() {
		return s.renderSettings(w, r, a, st, form, http.StatusUnprocessableEntity)
	}
	if fields := st.Changed(to); len(fields) > 0 {
		if err := s.store.AmendStudy(r.Context(), st, to, fields, staffActor(a), s.Now()); err != nil {
			return err
		}
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.SettingsPath+"?bewaard")
}
