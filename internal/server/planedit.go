package server

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// planEditing binds the pages that change the plan.
func (s *Server) planEditing(r routes) {
	r.show("/beheer/{study}/plan/wijzigen", s.staff(may(account.EditPlan, s.showPlanEdit)))
	r.post("/beheer/{study}/plan/wijzigen", s.staff(may(account.EditPlan, s.editPlan)))
	r.show("/beheer/{study}/plan/geschiedenis", s.staff(may(account.SeePlan, s.showPlanHistory)))
}

// planKinds are how a step may go, and with which text.
var planKinds = []struct {
	channel     contactplan.Channel
	text, label string
}{
	{contactplan.Mail, "uitnodiging", "E-mail: uitnodiging"},
	{contactplan.Mail, "herinnering1", "E-mail: eerste herinnering"},
	{contactplan.Mail, "herinnering2", "E-mail: laatste herinnering"},
	{contactplan.Mail, contactplan.KernvragenText, "E-mail: kernvragen"},
	{contactplan.Letter, "uitnodiging", "Brief: uitnodiging"},
	{contactplan.Letter, "herinnering1", "Brief: eerste herinnering"},
	{contactplan.Letter, "herinnering2", "Brief: laatste herinnering"},
	{contactplan.Letter, contactplan.KernvragenText, "Brief: kernvragen"},
	{contactplan.Phone, "telefoon", "Telefoon: gesprek"},
	{contactplan.Phone, contactplan.KernvragenText, "Telefoon: kernvragen"},
}

// A planEdit is a study whose plan somebody is changing.
type planEdit struct {
	st   study.Study
	edit contactplan.Edit
	all  []contactplan.Unit
}

// planEditOf reads what a change of the plan is judged by.
func (s *Server) planEditOf(r *http.Request) (planEdit, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return planEdit{}, err
	}
	p := planEdit{st: st, edit: contactplan.Edit{Field: st.Field(), Old: st.Revision(), New: st.Revision(), Now: s.Now()}}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return p, err
	}
	for _, a := range audiences {
		f, err := s.form(r.Context(), st.ID, a.Name)
		if err != nil {
			return p, err
		}
		p.edit.Audiences = append(p.edit.Audiences, a.Name)
		if len(form.NewCore(f.In).Pages) > 0 {
			p.edit.Core = append(p.edit.Core, a.Name)
		}
	}
	if p.edit.Regions, err = s.store.Regions(r.Context(), st.ID); err != nil {
		return p, err
	}
	for after := int64(0); ; {
		units, err := s.store.Approaches(r.Context(), st.ID, after, planBatch)
		if err != nil {
			return p, err
		}
		p.all = append(p.all, units...)
		if len(units) < planBatch {
			break
		}
		after = units[len(units)-1].ID
	}
	p.edit.Had = p.edit.Old.Plan.Had(p.all)
	return p, nil
}

// showPlanEdit shows the plan as it is, or a version that may be put back.
func (s *Server) showPlanEdit(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, err := s.planEditOf(r)
	if err != nil {
		return err
	}
	f := planForm(p.edit.Old)
	if typed := r.URL.Query().Get("versie"); typed != "" {
		versions, err := s.store.PlanVersions(r.Context(), p.st.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(versions, func(v store.PlanVersion) bool { return strconv.Itoa(v.Version) == typed })
		if i < 0 {
			return errs.Errorf(errs.NotFound, "Deze versie van het plan is er niet.")
		}
		p.edit.New = versions[i].Revision
		f = planForm(p.edit.New)
		f.Restores = typed
	}
	f.Version = strconv.Itoa(p.st.PlanVersion)
	v := page.PlanEdit{Form: f}
	if f.Restores != "" {
		p.previewed(&v)
	}
	return s.renderPlanEdit(w, r, a, http.StatusOK, p, v)
}

// editPlan adds a step to the form, takes one off, shows what the form would
// change, or keeps it.
func (s *Server) editPlan(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	p, err := s.planEditOf(r)
	if err != nil {
		return err
	}
	v := page.PlanEdit{Form: postedPlan(r.PostForm, p.edit)}
	act, what, _ := strings.Cut(r.PostForm.Get("actie"), ":")
	switch act {
	case "erbij":
		v.Message = addStep(&v.Form, p, what)
		p.edit.New, _ = revisionOf(v.Form, p.edit)
		return s.renderPlanEdit(w, r, a, http.StatusOK, p, v)
	case "weg":
		v.Form.Steps = slices.DeleteFunc(v.Form.Steps, func(st page.PlanFormStep) bool { return st.ID == what && st.Had == 0 })
		v.Message = "De stap is uit het plan. Bekijk wat er verandert en bewaar het."
		p.edit.New, _ = revisionOf(v.Form, p.edit)
		return s.renderPlanEdit(w, r, a, http.StatusOK, p, v)
	case "rij":
		v.Form.Closures = append(v.Form.Closures, page.PlanFormClosure{})
		p.edit.New, _ = revisionOf(v.Form, p.edit)
		return s.renderPlanEdit(w, r, a, http.StatusOK, p, v)
	}
	var faults []contactplan.Fault
	p.edit.New, faults = revisionOf(v.Form, p.edit)
	if len(faults) == 0 {
		faults = p.edit.Faults()
	}
	v.Problems = planProblems(faults)
	if v.Form.Version != strconv.Itoa(p.st.PlanVersion) {
		v.Problems = append(v.Problems, ui.Message{Field: "stappen", Text: "Iemand anders heeft het plan intussen gewijzigd. Hier staat wat u typte. Kijk wat er nu verandert, en bewaar het dan."})
		v.Form.Version = strconv.Itoa(p.st.PlanVersion)
	}
	if len(v.Problems) > 0 {
		return s.renderPlanEdit(w, r, a, http.StatusUnprocessableEntity, p, v)
	}
	if seen := v.Form.Seen; act != "bewaar" || p.previewed(&v) != seen || len(v.Preview.Changes) == 0 {
		p.previewed(&v)
		return s.renderPlanEdit(w, r, a, http.StatusOK, p, v)
	}
	if !p.st.Released.IsZero() && v.Form.Reason == "" || len([]rune(v.Form.Reason)) > 200 {
		v.Problems = []ui.Message{{Field: "reden", Text: "Schrijf in hooguit 200 tekens waarom u het plan wijzigt."}}
		return s.renderPlanEdit(w, r, a, http.StatusUnprocessableEntity, p, v)
	}
	return s.keepPlan(w, r, a, p, v)
}

func (s *Server) keepPlan(w http.ResponseWriter, r *http.Request, a account.Account, p planEdit, v page.PlanEdit) error {
	restores, err := strconv.Atoi(v.Form.Restores)
	if err != nil {
		restores = -1
	}
	faults, err := s.store.ChangePlan(r.Context(), store.PlanChange{Study: p.st, New: p.edit.New, Reason: v.Form.Reason, Restores: restores,
		By: store.Actor{Kind: event.ByStaff, ID: a.ID}, Now: s.Now(),
		Judge: func(had map[string]int) []contactplan.Fault {
			edit := p.edit
			edit.Had = map[string]int{}
			for id, n := range p.edit.Had {
				edit.Had[id] = n
			}
			for id, n := range had {
				edit.Had[id] = max(n, edit.Had[id])
			}
			return edit.Faults()
		}})
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		v.Problems, v.Preview = planProblems(faults), nil
		return s.renderPlanEdit(w, r, a, http.StatusUnprocessableEntity, p, v)
	}
	return redirect(w, r, "/beheer/"+p.st.Slug+page.PlanPath+"?gedaan=plan")
}

// previewed puts in the page what the form would change, and returns the mark of
// it, by which a press to keep it is known to be of what was shown.
func (p planEdit) previewed(v *page.PlanEdit) string {
	shown := page.PlanPreview{Changes: p.edit.Changes(), Units: len(p.all)}
	for _, e := range p.edit.Effects(p.all) {
		row := page.PlanEffect{Title: e.Step.Title, Moved: e.Moved, Added: e.Added, Dropped: e.Dropped, Kept: e.Kept}
		if e.From != 0 {
			row.Before = e.From.Short()
		}
		if e.To != 0 {
			row.After = e.To.Short()
		}
		if e.Differs() {
			shown.Effects = append(shown.Effects, row)
		}
	}
	v.Preview = &shown
	text, err := json.Marshal(p.edit.New)
	if err != nil {
		panic(err) // plain data
	}
	sum := sha256.Sum256(text)
	v.Form.Seen = hex.EncodeToString(sum[:8])
	return v.Form.Seen
}

func (s *Server) renderPlanEdit(w http.ResponseWriter, r *http.Request, a account.Account, status int, p planEdit, v page.PlanEdit) error {
	v.Staff = s.staffFrame(a, p.st, "plan")
	v.Released = !p.st.Released.IsZero()
	for _, name := range p.edit.Audiences {
		v.Audiences = append(v.Audiences, page.Choice{Value: name, Label: audienceMany(name)})
	}
	for _, k := range planKinds {
		v.Kinds = append(v.Kinds, page.Choice{Value: string(k.channel) + ":" + k.text, Label: k.label})
	}
	for i := range v.Form.Steps {
		v.Form.Steps[i].Had = p.edit.Had[v.Form.Steps[i].ID]
	}
	if n := len(v.Form.Closures); n == 0 || v.Form.Closures[n-1] != (page.PlanFormClosure{}) {
		v.Form.Closures = append(v.Form.Closures, page.PlanFormClosure{})
	}
	field := p.edit.Field
	field.Plan, field.Calendar = p.edit.New.Plan, contactplan.NewCalendar(p.edit.New.Calendar)
	if len(v.Problems) > 0 { // what cannot be kept is on no calendar
		field = p.edit.Field
	}
	v.Months, v.Warnings = planMonths(field, p.edit.Regions, p.edit.Audiences)
	return s.render(w, r, status, v.View())
}

// planMonths draws a plan on the calendar.
func planMonths(field contactplan.Field, regions []contactplan.Regions, audiences []string) ([]contactplan.Month, []string) {
	if len(regions) == 0 {
		regions = []contactplan.Regions{0}
	}
	schedule := field.Schedule(regions, audiences)
	return field.Months(schedule.Rows, regions), schedule.Warnings
}

func (s *Server) showPlanHistory(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	versions, err := s.store.PlanVersions(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.PlanHistory{Staff: s.staffFrame(a, st, "plan"), MayEdit: a.May(account.EditPlan)}
	for i, v := range versions {
		row := page.PlanVersion{Version: v.Version, When: v.Made, Who: v.Who, Reason: v.Reason, Now: v.Version == st.PlanVersion}
		if v.Restores >= 0 {
			row.Restores = fmt.Sprintf("versie %d", v.Restores)
		}
		if i+1 < len(versions) {
			row.Changes = contactplan.Edit{Old: versions[i+1].Revision, New: v.Revision}.Changes()
		}
		p.Versions = append(p.Versions, row)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// addStep adds a step after the last one to a form, and says so.
func addStep(f *page.PlanForm, p planEdit, kind string) string {
	i := slices.IndexFunc(planKinds, func(k struct {
		channel     contactplan.Channel
		text, label string
	}) bool {
		return string(k.channel)+":"+k.text == kind
	})
	if i < 0 || len(f.Steps) >= contactplan.MaxSteps {
		return "Deze stap kan er niet bij."
	}
	names := map[string]string{"mail:herinnering1": "Herinnering", "letter:herinnering1": "Brief", "phone:telefoon": "Belronde", "phone:kernvragen": "Kernvragen"}
	title := cmp.Or(names[kind], "Stap")
	taken := func(name string) bool {
		return slices.ContainsFunc(f.Steps, func(st page.PlanFormStep) bool { return strings.EqualFold(st.Title, name) })
	}
	for n, name := 2, title; taken(title); n++ {
		title = fmt.Sprintf("%s %d", name, n)
	}
	last := 0
	for _, st := range f.Steps {
		if d, err := strconv.Atoi(st.Day); err == nil {
			last = max(last, d)
		}
	}
	id := ""
	for n := 1; id == "" || slices.ContainsFunc(f.Steps, func(st page.PlanFormStep) bool { return st.ID == id }); n++ {
		id = fmt.Sprintf("stap-%d-%d", p.st.PlanVersion+1, n) // never used before: the version is new
	}
	f.Steps = append(f.Steps, page.PlanFormStep{ID: id, Title: title, Day: strconv.Itoa(last + 7), Kind: kind})
	return "De stap ‘" + title + "’ staat onderaan. Kies de dag, bekijk wat er verandert en bewaar het."
}

// planForm is a revision as it is typed.
func planForm(rev contactplan.Revision) page.PlanForm {
	c := rev.Calendar
	f := page.PlanForm{From: clockText(cmp.Or(c.From, 9*60)), Until: clockText(cmp.Or(c.Until, 17*60)), GoodFriday: c.GoodFridayOpen, Liberation: c.LiberationDay,
		Gap: strconv.Itoa(cmp.Or(rev.Plan.Gap, 3)), Calls: strconv.Itoa(cmp.Or(rev.Plan.Calls, 3))}
	for _, r := range []contactplan.Regions{contactplan.North, contactplan.Middle, contactplan.South} {
		if c.SchoolOpen&r == 0 {
			f.Schools = append(f.Schools, r.String())
		}
	}
	for _, e := range c.Extra {
		f.Closures = append(f.Closures, page.PlanFormClosure{Name: e.Name, From: e.From.String(), To: e.To.String()})
	}
	for _, st := range rev.Plan.Steps {
		f.Steps = append(f.Steps, planFormStep(st))
	}
	return f
}

func planFormStep(st contactplan.Step) page.PlanFormStep {
	row := page.PlanFormStep{ID: st.ID, Title: st.Title, Day: strconv.Itoa(st.Offset), Kind: string(st.Channel) + ":" + st.Template, Audiences: st.Audiences, Stage: string(st.Stage)}
	for d := time.Monday; st.Days != 0 && d <= time.Friday; d++ {
		if st.Days.Has(d) {
			row.Weekdays = append(row.Weekdays, strconv.Itoa(int(d)))
		}
	}
	if st.Until > 0 {
		row.From, row.Until = clockText(st.From), clockText(st.Until)
	}
	return row
}

// postedPlan reads a form as it was typed. Steps that were not posted with their
// fields, because they cannot change, are as they are.
func postedPlan(posted url.Values, e contactplan.Edit) page.PlanForm {
	line := func(name string) string { return strings.Join(strings.Fields(posted.Get(name)), " ") }
	f := page.PlanForm{Version: line("versie"), Restores: line("herstelt"), From: line("van"), Until: line("tot"), GoodFriday: posted.Get("goedevrijdag") != "",
		Liberation: line("bevrijdingsdag"), Schools: posted["school"], Gap: line("rust"), Calls: line("pogingen"), Reason: line("reden"), Seen: line("gezien")}
	for _, id := range posted["stap"][:min(len(posted["stap"]), contactplan.MaxSteps+1)] {
		st := page.PlanFormStep{ID: id, Title: line("titel-" + id), Day: line("dag-" + id), Kind: line("hoe-" + id), Audiences: posted["doelgroep-"+id], Stage: line("wie-" + id),
			Weekdays: posted["dagen-"+id], From: line("van-" + id), Until: line("tot-" + id)}
		if old, ok := e.Old.Plan.Step(id); ok && !posted.Has("titel-"+id) {
			st = planFormStep(old)
		}
		st.Had = e.Had[id]
		f.Steps = append(f.Steps, st)
	}
	for i := 0; i <= contactplan.MaxClosures && posted.Has(fmt.Sprintf("vrij-naam-%d", i)); i++ {
		f.Closures = append(f.Closures, page.PlanFormClosure{Name: line(fmt.Sprintf("vrij-naam-%d", i)), From: line(fmt.Sprintf("vrij-van-%d", i)), To: line(fmt.Sprintf("vrij-tot-%d", i))})
	}
	return f
}

// revisionOf reads what was typed. What cannot be read is a fault.
func revisionOf(f page.PlanForm, e contactplan.Edit) (contactplan.Revision, []contactplan.Fault) {
	var out contactplan.Revision
	var faults []contactplan.Fault
	bad := func(step, part, text string) {
		faults = append(faults, contactplan.Fault{Step: step, Part: part, Text: text})
	}
	number := func(step, part, typed string) int {
		n, err := strconv.Atoi(typed)
		if err != nil {
			bad(step, part, "Vul een heel getal in.")
		}
		return n
	}
	clock := func(step, typed string) int {
		n, ok := readClock(typed)
		if !ok {
			bad(step, contactplan.PartHours, "Schrijf een tijd, bijvoorbeeld 16.30 uur.")
		}
		return n
	}
	for _, row := range f.Steps {
		st := contactplan.Step{ID: row.ID, Title: row.Title, Offset: number(row.ID, contactplan.PartDay, row.Day), Stage: contactplan.Stage(row.Stage)}
		channel, text, _ := strings.Cut(row.Kind, ":")
		st.Channel, st.Template = contactplan.Channel(channel), text
		if len(row.Audiences) < len(e.Audiences) { // all of them is no choice
			st.Audiences = row.Audiences
		}
		for _, d := range row.Weekdays {
			if n, err := strconv.Atoi(d); err == nil && n >= 0 && n < 7 {
				st.Days |= 1 << n
			}
		}
		if st.Days == 1<<time.Monday|1<<time.Tuesday|1<<time.Wednesday|1<<time.Thursday|1<<time.Friday {
			st.Days = 0
		}
		if row.From != "" || row.Until != "" {
			st.From, st.Until = clock(row.ID, row.From), clock(row.ID, row.Until)
		}
		switch st.Stage {
		case contactplan.AnyStage, contactplan.NotStarted, contactplan.Begun:
		default:
			bad(row.ID, contactplan.PartAudience, "Kies uit de lijst voor wie de stap is.")
		}
		out.Plan.Steps = append(out.Plan.Steps, st)
	}
	slices.SortStableFunc(out.Plan.Steps, func(a, b contactplan.Step) int { return cmp.Compare(a.Offset, b.Offset) })
	out.Plan.Gap, out.Plan.Calls = number("", contactplan.PartGap, f.Gap), number("", contactplan.PartCalls, f.Calls)
	if out.Plan.Calls == 0 {
		out.Plan.Calls = -1 // none is a choice that the check refuses, not the default
	}
	c := &out.Calendar
	c.From, c.Until, c.GoodFridayOpen, c.LiberationDay = clock("", f.From), clock("", f.Until), f.GoodFriday, f.Liberation
	c.SchoolOpen = contactplan.North | contactplan.Middle | contactplan.South
	kept, _ := contactplan.ParseRegions(strings.Join(f.Schools, " "))
	c.SchoolOpen &^= kept
	for i, row := range f.Closures {
		if row.Name == "" {
			continue
		}
		closure := contactplan.Closure{Name: row.Name}
		var err1, err2 error
		closure.From, err1 = readDay(row.From)
		closure.To, err2 = readDay(cmp.Or(row.To, row.From))
		if err1 != nil || err2 != nil {
			bad("", fmt.Sprint(contactplan.PartClosures, "-", i), "Kies een eerste en een laatste dag.")
		}
		c.Extra = append(c.Extra, closure)
	}
	return out.AsBefore(e.Old), faults
}

// readDay reads a date as a browser posts it, or as somebody types it.
func readDay(typed string) (contactplan.Day, error) {
	t, err := time.Parse("2-1-2006", typed)
	if err != nil {
		return contactplan.ParseDay(typed)
	}
	return contactplan.Date(t.Date()), nil
}

// clockText writes minutes after midnight: 9.00.
func clockText(minutes int) string { return fmt.Sprintf("%d.%02d", minutes/60, minutes%60) }

// readClock reads 9.00, 9:00 or 9 as minutes after midnight.
func readClock(typed string) (int, bool) {
	h, m, _ := strings.Cut(strings.Replace(strings.TrimSpace(strings.TrimSuffix(typed, "uur")), ":", ".", 1), ".")
	hours, err := strconv.Atoi(h)
	minutes := 0
	if err == nil && m != "" {
		minutes, err = strconv.Atoi(m)
	}
	return 60*hours + minutes, err == nil && hours >= 0 && hours <= 24 && minutes >= 0 && minutes < 60
}

// planProblems puts faults at their fields.
func planProblems(faults []contactplan.Fault) []ui.Message {
	fields := map[string]string{contactplan.PartChannel: "hoe", contactplan.PartTemplate: "hoe", contactplan.PartHours: "van"}
	var out []ui.Message
	for _, f := range faults {
		name := cmp.Or(fields[f.Part], f.Part)
		switch rest, closure := strings.CutPrefix(name, contactplan.PartClosures+"-"); {
		case closure:
			name = "vrij-naam-" + rest
		case name == contactplan.PartClosures:
			name = "bevrijdingsdag"
		case f.Step != "":
			name += "-" + f.Step
		}
		if !slices.ContainsFunc(out, func(m ui.Message) bool { return m.Field == name }) {
			out = append(out, ui.Message{Field: name, Text: f.Text})
		}
	}
	return out
}
