package server

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/publication"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// publishingPages binds where staff prepare, see and publish.
func (s *Server) publishingPages(r routes) {
	const base, one = "/beheer/{study}" + page.PublishPath, "/beheer/{study}" + page.PublishPath + "/{id}"
	r.show(base, s.staff(may(account.SeeTables, s.showPublishing)))
	r.post(base, s.staff(may(account.PrepareEdition, s.addPublication)))
	r.show(one, s.staff(may(account.SeeTables, s.showPublication)))
	r.post(one, s.staff(may(account.PrepareEdition, s.savePublication)))
	r.show(one+"/voorbeeld/{page}", s.staff(may(account.SeeTables, s.showEditionPreview)))
	r.show(one+"/voorbeeld/{page}/{audience}", s.staff(may(account.SeeTables, s.showEditionPreview)))
	r.post(one+"/publiceren", s.staff(may(account.Publish, s.publishEdition)))
	r.post(one+"/weg", s.staff(may(account.PrepareEdition, s.dropPublication)))
	r.post(one+"/intrekken", s.staff(may(account.Publish, s.withdrawEdition)))
}

// sourceField is the snapshot of an audience in a form.
const sourceField = "bron_"

// showPublishing lists what a study published.
func (s *Server) showPublishing(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.drawPublishing(w, r, a, http.StatusOK, "")
}

func (s *Server) drawPublishing(w http.ResponseWriter, r *http.Request, a account.Account, status int, problem string) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	all, err := s.store.Publications(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.Publishing{Staff: s.staffFrame(a, st, "publicatie"), MayEdit: a.Role.May(account.PrepareEdition), Problem: problem}
	p.DataPath = p.Base + page.DataPath + "#momentopnamen"
	for _, x := range all {
		p.Lines = append(p.Lines, s.publishingLine(p.Base, x, all))
	}
	if p.Sources, err = s.sourceChoices(r, st, nil); err != nil {
		return err
	}
	return s.render(w, r, status, p.View())
}

// publishingLine is an edition in the list; all are the others of its study, the
// latest first.
func (s *Server) publishingLine(base string, x store.Publication, all []store.Publication) page.PublishingLine {
	l := page.PublishingLine{Path: fmt.Sprint(base, page.PublishPath, "/", x.ID), Heading: x.Draft.Heading, Made: x.Made, State: "Concept"}
	if l.Heading == "" {
		l.Heading = fmt.Sprint("Concept ", x.ID)
	}
	for _, name := range sortedKeys(x.Snapshots) {
		if l.Snapshots != "" {
			l.Snapshots += ", "
		}
		l.Snapshots += name + ": " + x.Snapshots[name]
	}
	switch {
	case x.Published.IsZero():
	case !x.Withdrawn.IsZero():
		l.State, l.Shape = "Ingetrokken", "stop"
	case x.From.After(s.Now()):
		l.State, l.Shape = "Onder embargo tot "+ui.Moment(x.From)+" uur", "busy"
	case slices.ContainsFunc(all, func(y store.Publication) bool {
		return !y.Published.IsZero() && !y.From.After(s.Now()) && (y.From.After(x.From) || y.From.Equal(x.From) && y.ID > x.ID)
	}):
		l.State = "Vervangen"
	default:
		l.State, l.Shape = "Openbaar sinds "+ui.Moment(x.From)+" uur", "done"
	}
	return l
}

// sourceChoices is a choice of snapshot for each audience that has one.
func (s *Server) sourceChoices(r *http.Request, st study.Study, chosen map[string]string) ([]page.BookChoice, error) {
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return nil, err
	}
	snapshots, err := s.store.Snapshots(r.Context(), st.ID)
	if err != nil {
		return nil, err
	}
	var out []page.BookChoice
	for _, a := range audiences {
		c := page.BookChoice{Name: sourceField + a.Name, Label: audienceMany(a.Name)}
		for _, x := range snapshots {
			if x.Audience == a.Name && x.Erased.IsZero() {
				c.Options = append(c.Options, page.Choice{Value: x.Name, Label: x.Name + " (" + ui.Moment(x.Made) + " uur)", Selected: strings.EqualFold(chosen[a.Name], x.Name)})
			}
		}
		if len(c.Options) > 0 {
			c.Options = append(c.Options, page.Choice{Value: "", Label: "Niet publiceren", Selected: chosen != nil && chosen[a.Name] == ""})
			out = append(out, c)
		}
	}
	return out, nil
}

// readSources are the snapshots that a form names.
func readSources(r *http.Request) map[string]string {
	out := map[string]string{}
	for field := range r.PostForm {
		if audience, ok := strings.CutPrefix(field, sourceField); ok && r.PostForm.Get(field) != "" {
			out[audience] = textOf(r, field)
		}
	}
	return out
}

// addPublication begins a draft.
func (s *Server) addPublication(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	p := store.Publication{Study: st.ID, Snapshots: readSources(r), Draft: publication.Draft{Heading: st.Title}}
	if _, err := s.makeEdition(r.Context(), st, p); err != nil {
		if kind := errs.KindOf(err); kind == errs.Invalid || kind == errs.NotFound || kind == errs.Gone {
			return s.drawPublishing(w, r, a, http.StatusUnprocessableEntity, errs.Public(err))
		}
		return err
	}
	id, err := s.store.SavePublication(r.Context(), p, staffActor(a), s.Now())
	if err != nil {
		return err
	}
	http.Redirect(w, r, fmt.Sprint("/beheer/", st.Slug, page.PublishPath, "/", id), http.StatusSeeOther)
	return nil
}

// publicationOf is the publication of a request.
func (s *Server) publicationOf(r *http.Request) (study.Study, store.Publication, *publication.Edition, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return st, store.Publication{}, nil, err
	}
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return st, store.Publication{}, nil, errs.Errorf(errs.NotFound, "Deze publicatie is er niet.")
	}
	p, e, err := s.store.Publication(r.Context(), st.ID, id)
	return st, p, e, err
}

func (s *Server) showPublication(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, p, _, err := s.publicationOf(r)
	if err != nil {
		return err
	}
	return s.drawPublication(w, r, a, st, p, nil)
}

// The most characters of what stands on a public page.
const (
	maxHeading = 160
	maxLede    = 400
	maxScript  = 100_000
)

// savePublication keeps what somebody wrote. What cannot be read stays in the form.
func (s *Server) savePublication(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, p, _, err := s.publicationOf(r)
	if err != nil {
		return err
	}
	p.Draft, p.Snapshots = readPublication(r), readSources(r)
	problems, err := s.publicationProblems(r, st, p)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return s.drawPublication(w, r, a, st, p, problems)
	}
	if _, err := s.store.SavePublication(r.Context(), p, staffActor(a), s.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, r.URL.Path+"?bewaard=ja", http.StatusSeeOther)
	return nil
}

const titleField = "kop_"

func readPublication(r *http.Request) publication.Draft {
	d := publication.Draft{Heading: textOf(r, "kop"), Lede: textOf(r, "inleiding"), Report: textOf(r, "rapport"), Titles: map[string]string{}}
	for field := range r.PostForm {
		if id, ok := strings.CutPrefix(field, titleField); ok && textOf(r, field) != "" {
			d.Titles[id] = textOf(r, field)
		}
	}
	return d
}

// publicationProblems is what must be mended before a draft can be kept.
func (s *Server) publicationProblems(r *http.Request, st study.Study, p store.Publication) ([]ui.Message, error) {
	var out []ui.Message
	tooLong := func(field, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			out = append(out, ui.Message{Field: field, Text: fmt.Sprintf("Deze tekst is te lang: er passen %d tekens in.", most)})
		}
	}
	if p.Draft.Heading == "" {
		out = append(out, ui.Message{Field: "kop", Text: "Schrijf de kop."})
	}
	tooLong("kop", p.Draft.Heading, maxHeading)
	tooLong("inleiding", p.Draft.Lede, maxLede)
	tooLong("rapport", p.Draft.Report, maxScript)
	for _, id := range sortedKeys(p.Draft.Titles) {
		tooLong(titleField+id, p.Draft.Titles[id], maxHeading)
	}
	plan, err := publication.PlanFor(st.Definition)
	if err != nil {
		return nil, err
	}
	inputs, err := s.inputs(r.Context(), st, p, plan)
	if kind := errs.KindOf(err); kind == errs.Invalid || kind == errs.NotFound || kind == errs.Gone {
		return append(out, ui.Message{Field: "bron", Text: errs.Public(err)}), nil
	} else if err != nil {
		return nil, err
	}
	for _, problem := range publication.Check(p.Draft.Report, inputs) {
		out = append(out, ui.Message{Field: "rapport", Text: problem.String()})
	}
	return out, nil
}

// drawPublication shows a draft, or an edition as it was published.
func (s *Server) drawPublication(w http.ResponseWriter, r *http.Request, a account.Account, st study.Study, p store.Publication, problems []ui.Message) error {
	all, err := s.store.Publications(r.Context(), st.ID)
	if err != nil {
		return err
	}
	out := page.PublishingDraft{Staff: s.staffFrame(a, st, "publicatie"), Problems: problems, Saved: r.URL.Query().Get("bewaard") == "ja"}
	out.Line = s.publishingLine(out.Base, p, all)
	out.Path = out.Line.Path
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	for _, l := range []page.Link{{Path: page.FactsheetPath, Text: "factsheet"}, {Path: page.ModelsPath, Text: "modellen"}, {Path: page.ResponsePath, Text: "respons"}, {Path: page.MethodPath, Text: "methode"}, {Path: page.ReportPath, Text: "rapport"}} {
		if l.Path != page.ReportPath || p.Draft.Report != "" {
			out.Previews = append(out.Previews, page.Link{Path: out.Path + "/voorbeeld/" + l.Path, Text: l.Text})
		}
	}
	may := a.Role.May(account.Publish)
	if !p.Published.IsZero() {
		if !p.From.After(s.Now()) && p.Withdrawn.IsZero() {
			out.Public = "/onderzoek/" + st.Slug + "/" + page.FactsheetPath
		}
		if may && p.Withdrawn.IsZero() {
			out.Withdraw = &ui.Box{Name: "reden", Label: "Waarom?", Hint: "Dit staat op de pagina. Zet er geen namen in.", Lines: 2, Required: true, Error: problemOf(problems, "reden")}
		}
		return s.render(w, r, status, out.View())
	}
	out.MayEdit, out.MayPublic = a.Role.May(account.PrepareEdition), may
	out.Replaces = slices.ContainsFunc(all, func(x store.Publication) bool { return !x.Published.IsZero() })
	if err := s.publicationFields(r, st, p, &out); err != nil {
		return err
	}
	return s.render(w, r, status, out.View())
}

func problemOf(problems []ui.Message, field string) string {
	for _, m := range problems {
		if m.Field == field {
			return m.Text
		}
	}
	return ""
}

// publicationFields are the boxes of a draft.
func (s *Server) publicationFields(r *http.Request, st study.Study, p store.Publication, out *page.PublishingDraft) error {
	box := func(name, label, hint, value string, lines int) ui.Box {
		return ui.Box{Name: name, Label: label, Hint: hint, Value: value, Lines: lines, Error: problemOf(out.Problems, name)}
	}
	out.Heading = box("kop", "Kop van de factsheet", "De conclusie, in één zin.", p.Draft.Heading, 2)
	out.Lede = box("inleiding", "Inleiding", "", p.Draft.Lede, 3)
	out.Report = box("rapport", "Inhoud van het rapport", "Een regel als [tabel …] zet een tabel in het rapport. Onder dit vak staat wat u kunt invoegen.", p.Draft.Report, 14)
	out.From = box("vanaf", "Openbaar vanaf", "Datum en tijd, bijvoorbeeld 14-12-2026 10.00 uur. Laat het leeg om nu te publiceren.", textOf(r, "vanaf"), 1)
	out.Reason = box("reden", "Waarom komt er een nieuwe versie?", "Dit staat bij de correcties, voor iedereen.", textOf(r, "reden"), 2)
	plan, err := publication.PlanFor(st.Definition)
	if err != nil {
		return err
	}
	for _, x := range plan.Sections {
		out.Titles = append(out.Titles, box(titleField+x.ID, "Kop bij ‘"+x.Title+"’", "", p.Draft.Titles[x.ID], 1))
	}
	if out.Sources, err = s.sourceChoices(r, st, p.Snapshots); err != nil {
		return err
	}
	inputs, err := s.inputs(r.Context(), st, p, plan)
	if kind := errs.KindOf(err); kind == errs.Invalid || kind == errs.NotFound || kind == errs.Gone {
		return nil // the page says so already
	} else if err != nil {
		return err
	}
	out.Picks = publication.Picks(inputs)
	return nil
}

// showEditionPreview shows staff a page of a draft, or of an edition that not
// everybody may read yet.
func (s *Server) showEditionPreview(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	st, p, e, err := s.publicationOf(r)
	if err != nil {
		return err
	}
	if e == nil {
		made, err := s.makeEdition(r.Context(), st, p)
		if err != nil {
			return err
		}
		e = &made
	}
	path := chi.URLParam(r, "page")
	out := page.Edition{Public: page.Public{Frame: frame(st), Base: fmt.Sprint("/beheer/", st.Slug, page.PublishPath, "/", p.ID, "/voorbeeld/"), Current: path, There: editionPaths(e)}, E: e, From: p.From}
	out.Preview = "Alleen het team ziet deze pagina. Zij is nog niet gepubliceerd."
	if !p.Published.IsZero() {
		out.Preview = "Deze uitgave is openbaar vanaf " + ui.Moment(p.From) + " uur."
	}
	if p.Reason != "" {
		out.Errata = []page.Erratum{{When: p.From, Reason: p.Reason, Changes: p.Changes}}
	}
	return s.drawEdition(w, r, out, path)
}

// readMoment reads a day and a time as people write them; "" is now.
func readMoment(text string, now time.Time) (time.Time, string) {
	if text == "" {
		return now, ""
	}
	text = strings.TrimSpace(strings.TrimSuffix(text, "uur"))
	for _, layout := range []string{"2-1-2006 15.04", "2-1-2006 15:04", "2-1-2006"} {
		if t, err := time.ParseInLocation(layout, text, amsterdam); err == nil {
			if t.Before(now.AddDate(0, 0, -1)) {
				return t, "Dit moment is al geweest. Laat het leeg om nu te publiceren."
			}
			return t, ""
		}
	}
	return now, "Schrijf een datum en een tijd, zoals 14-12-2026 10.00 uur."
}

// publishEdition makes a draft public, from a moment on.
func (s *Server) publishEdition(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, p, _, err := s.publicationOf(r)
	if err != nil {
		return err
	}
	var problem string
	p.Reason = textOf(r, "reden")
	if p.From, problem = readMoment(textOf(r, "vanaf"), s.Now()); problem != "" {
		p.From = time.Time{}
		return s.drawPublication(w, r, a, st, p, []ui.Message{{Field: "vanaf", Text: problem}})
	}
	e, err := s.makeEdition(r.Context(), st, p)
	if err == nil {
		err = s.store.Publish(r.Context(), p, e, staffActor(a), s.Now())
	}
	if errs.KindOf(err) == errs.Invalid {
		p.From = time.Time{}
		return s.drawPublication(w, r, a, st, p, []ui.Message{{Field: "reden", Text: errs.Public(err)}})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/beheer/"+st.Slug+page.PublishPath, http.StatusSeeOther)
	return nil
}

func (s *Server) dropPublication(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, p, _, err := s.publicationOf(r)
	if err != nil {
		return err
	}
	if err := s.store.DropPublication(r.Context(), st.ID, p.ID, staffActor(a), s.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, "/beheer/"+st.Slug+page.PublishPath, http.StatusSeeOther)
	return nil
}

// withdrawEdition takes an edition back, with a reason that readers see.
func (s *Server) withdrawEdition(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, p, _, err := s.publicationOf(r)
	if err != nil {
		return err
	}
	why := textOf(r, "reden")
	if problem := whyProblem(why); problem != "" {
		return s.drawPublication(w, r, a, st, p, []ui.Message{{Field: "reden", Text: problem}})
	}
	if err := s.store.WithdrawPublication(r.Context(), st.ID, p.ID, why, staffActor(a), s.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, "/beheer/"+st.Slug+page.PublishPath, http.StatusSeeOther)
	return nil
}
