package server

import (
	"cmp"
	"encoding/csv"
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
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/worker"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// planBatch is how many units are looked at together.
const planBatch = 2000

// A planLine is what a sweep would do with one unit.
type planLine struct {
	contactplan.Decision
	note string
}

// planAt plays what a sweep would do at a moment, unit by unit. Units for which
// nothing comes are left out.
func (s *Server) planAt(r *http.Request, st study.Study, at time.Time) ([]planLine, error) {
	field := st.Field()
	var out []planLine
	for after := int64(0); ; {
		units, err := s.store.Approaches(r.Context(), st.ID, after, planBatch)
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			d := field.Due(u, at)
			switch {
			case d.Due:
				out = append(out, planLine{d, d.Held})
			case d.Stuck != "":
				out = append(out, planLine{d, d.Stuck})
			}
			after = u.ID
		}
		if len(units) < planBatch {
			return out, nil
		}
	}
}

func (s *Server) showPlan(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	return s.renderPlan(w, r, a, st, http.StatusOK, "", nil)
}

// renderPlan draws the plan, with what has to be mended in what was posted.
func (s *Server) renderPlan(w http.ResponseWriter, r *http.Request, a account.Account, st study.Study, status int, reason string, problems []ui.Message) error {
	p := page.Plan{Staff: s.staffFrame(a, st, "plan"), Contacts: a.May(account.SeeContacts), Now: s.Now(), Released: st.Released, Stopped: st.Stopped, StopReason: st.StopReason,
		MayAct: a.Role.May(account.EditPlan), MayDecide: a.Role.May(account.Fieldwork), Reason: reason, Problems: problems}
	sending, err := s.store.Sending(r.Context())
	if err != nil {
		return err
	}
	p.Rate, p.DomainRate, p.Locked, p.LockReason = sending.Rate, sending.DomainRate, sending.Locked, sending.Reason
	field := st.Field()
	regions, err := s.store.Regions(r.Context(), st.ID)
	if err != nil {
		return err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return err
	}
	var names []string
	for _, a := range audiences {
		names = append(names, a.Name)
	}
	p.Calendar, _ = planCalendar(field, regions, names)
	p.Months, p.Warnings = planMonths(field, regions, names)
	p.Changed = r.URL.Query().Get("gedaan") == "plan"
	lines, err := s.planAt(r, st, s.Now())
	if err != nil {
		return err
	}
	p.Due, p.Late, p.CannotGo = planDue(lines)
	waves, err := s.store.Waves(r.Context(), st.ID)
	if err != nil {
		return err
	}
	for _, wave := range waves {
		p.Waves = append(p.Waves, planWave(st, wave))
	}
	unsure, err := s.store.MessagesIn(r.Context(), st.ID, store.Unsure, 200)
	if err != nil {
		return err
	}
	for _, m := range unsure {
		p.Unsure = append(p.Unsure, page.PlanUnsure{ID: m.ID, Unit: unitLink(p.Base, m.Audience, m.UnitCode, m.UnitName), To: m.Name, Step: stepTitle(st, m.Step), When: m.Begun, Why: m.Reply})
	}
	return s.render(w, r, status, p.View())
}

func planWave(st study.Study, wave store.Wave) page.PlanWave {
	out := page.PlanWave{Title: stepTitle(st, wave.Step), Channel: wave.Channel.Title(), Waiting: wave.Waiting + wave.Begun, Sent: wave.Sent, Unsure: wave.Unsure, Failed: wave.Failed, Gone: wave.Gone}
	if !wave.First.IsZero() {
		if out.When = ui.DayMonth(wave.First); ui.DayMonth(wave.Last) != out.When {
			out.When += " – " + ui.DayMonth(wave.Last)
		}
	}
	return out
}

// planCalendar puts the steps on their days; sets of regions for which a step
// falls on the same day stand together.
func planCalendar(field contactplan.Field, regions []contactplan.Regions, audiences []string) ([]page.PlanStep, []string) {
	if len(regions) == 0 {
		regions = []contactplan.Regions{0}
	}
	schedule := field.Schedule(regions, audiences)
	var steps []page.PlanStep
	for _, s := range field.Plan.Steps {
		step := page.PlanStep{Title: s.Title, Channel: s.Channel.Title(), After: fmt.Sprintf("dag %d", s.Offset)}
		var names []string // of the regions of each day
		for _, row := range schedule.Rows {
			if row.Step.ID != s.ID {
				continue
			}
			day := page.PlanDay{Day: row.Falls.Long(), Why: strings.Join(row.Why, ", "), Lapses: row.Lapses}
			i := slices.Index(step.Days, day)
			if i < 0 {
				step.Days, names, i = append(step.Days, day), append(names, ""), len(names)
			}
			name := cmp.Or(row.Regions.String(), "geen regio")
			if path := row.Path.String(); path != "" {
				name = path + ", " + name
			}
			names[i] += "; " + name
		}
		if len(step.Days) > 1 {
			for i := range step.Days {
				step.Days[i].Regions = strings.TrimPrefix(names[i], "; ")
			}
		}
		steps = append(steps, step)
	}
	return steps, schedule.Warnings
}

// planDue counts what a sweep would do.
func planDue(lines []planLine) (due []page.PlanDue, late, cannot int) {
	for _, l := range lines {
		if !l.Due {
			cannot++
			continue
		}
		if l.Held != "" {
			late++
		}
		d := page.PlanDue{Title: l.Step.Title, Channel: l.Channel.Title()}
		i := slices.IndexFunc(due, func(x page.PlanDue) bool { return x.Title == d.Title && x.Channel == d.Channel })
		if i < 0 {
			due, i = append(due, d), len(due)
		}
		due[i].N++
	}
	return due, late, cannot
}

// planStudy is the study of a post.
func (s *Server) planStudy(r *http.Request) (study.Study, error) {
	if err := parse(r); err != nil {
		return study.Study{}, err
	}
	return s.store.Study(r.Context(), chi.URLParam(r, "study"))
}

func (s *Server) toPlan(w http.ResponseWriter, r *http.Request, st study.Study) error {
	return redirect(w, r, "/beheer/"+st.Slug+page.PlanPath)
}

// stopSending is the kill switch of a study.
func (s *Server) stopSending(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	reason := strings.Join(strings.Fields(r.PostForm.Get("reden")), " ")
	if reason == "" || len([]rune(reason)) > 200 {
		return s.renderPlan(w, r, a, st, http.StatusUnprocessableEntity, reason, []ui.Message{{Field: "reden", Text: "Schrijf in hooguit 200 tekens waarom u het versturen stilzet."}})
	}
	if err := s.store.Stop(r.Context(), st.ID, reason, store.Actor{Kind: event.ByStaff, ID: a.ID}, s.Now()); err != nil {
		return err
	}
	return s.toPlan(w, r, st)
}

func (s *Server) resumeSending(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	if err := s.store.Resume(r.Context(), st.ID, store.Actor{Kind: event.ByStaff, ID: a.ID}, s.Now()); err != nil {
		return err
	}
	return s.toPlan(w, r, st)
}

// setRate changes how fast this installation sends.
func (s *Server) setRate(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	var problems []ui.Message
	number := func(name, field string) int {
		n, err := strconv.Atoi(strings.TrimSpace(r.PostForm.Get(name)))
		if err != nil || n < 1 || n > 60000 {
			problems = append(problems, ui.Message{Field: field, Text: "Vul een heel getal in van 1 tot en met 60.000."})
		}
		return n
	}
	rate, domain := number("tempo", "tempo"), number("domein", "tempo-domein")
	if len(problems) > 0 {
		return s.renderPlan(w, r, a, st, http.StatusUnprocessableEntity, "", problems)
	}
	if err := s.store.SetRate(r.Context(), rate, domain, store.Actor{Kind: event.ByStaff, ID: a.ID}, s.Now()); err != nil {
		return err
	}
	return s.toPlan(w, r, st)
}

// sendLate puts down what waits for a person.
func (s *Server) sendLate(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	if st.Released.IsZero() {
		return errs.Errorf(errs.Conflict, "Geef eerst het versturen vrij.")
	}
	field, now := st.Field(), s.Now()
	_, err = s.store.QueueDue(r.Context(), store.Queue{Study: st, Late: true, By: store.Actor{Kind: event.ByStaff, ID: a.ID}, Now: now,
		Decide: func(u contactplan.Unit) contactplan.Decision { return field.Due(u, now) }})
	if err != nil {
		return err
	}
	return s.toPlan(w, r, st)
}

// decideUnsure says what became of a message that may have arrived.
func (s *Server) decideUnsure(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	choice := r.PostForm.Get("besluit")
	if err != nil || choice != "aangekomen" && choice != "opnieuw" {
		return errs.Errorf(errs.Invalid, "Kies of het bericht is aangekomen, of opnieuw moet worden gestuurd.")
	}
	if err := s.store.Resolve(r.Context(), st.ID, id, choice == "aangekomen", store.Actor{Kind: event.ByStaff, ID: a.ID}, s.Now()); err != nil {
		return err
	}
	return s.toPlan(w, r, st)
}

// dryRunPage is how many lines one page of the dry run has.
const dryRunPage = 100

// planMoment is when what is due is looked at: now, or while a study is not open
// yet, when its first invitations go.
func (s *Server) planMoment(st study.Study) time.Time {
	if now := s.Now(); st.At(now) != study.NotYet {
		return now
	}
	return st.Field().Calendar.NextMoment(st.Opens, 0)
}

// dryRunAt reads the moment that somebody asks about; "" is planMoment.
func (s *Server) dryRunAt(st study.Study, typed string) (time.Time, string) {
	typed = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(typed), "uur"))
	if typed == "" {
		return s.planMoment(st), ""
	}
	for _, layout := range []string{"2-1-2006 15.04", "2-1-2006 15:04", "2-1-2006", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, typed, amsterdam); err == nil {
			if !strings.Contains(layout, "15") {
				t = t.Add(10 * time.Hour)
			}
			return t, ""
		}
	}
	return s.planMoment(st), "Schrijf een dag en een tijd, bijvoorbeeld 7-12-2026 10.00 uur."
}

func (s *Server) showDryRun(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	p := page.DryRun{Staff: s.staffFrame(a, st, "plan"), AtText: q.Get("op"), MaySay: st.Released.IsZero() && a.May(account.RunStudy)}
	p.At, p.Problem = s.dryRunAt(st, p.AtText)
	status := http.StatusOK
	if p.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	lines, err := s.planAt(r, st, p.At)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.Due {
			p.N++
		} else {
			p.Cannot++
		}
	}
	if q.Get("alleen") == "niet" {
		lines = slices.DeleteFunc(lines, func(l planLine) bool { return l.Due })
	}
	from, err := strconv.Atoi(q.Get("vanaf"))
	if err != nil || from < 0 || from >= len(lines) {
		from = 0
	}
	to := min(from+dryRunPage, len(lines))
	if p.Rows, err = s.dryRows(r, st, a, lines[from:to]); err != nil {
		return err
	}
	p.From, p.To = from+1, to
	at := func(path string, n int) string {
		next := url.Values{}
		if p.AtText != "" {
			next.Set("op", p.AtText)
		}
		if only := q.Get("alleen"); only != "" {
			next.Set("alleen", only)
		}
		if n > 0 {
			next.Set("vanaf", strconv.Itoa(n))
		}
		return strings.TrimSuffix(p.Base+page.PlanPath+path+"?"+next.Encode(), "?")
	}
	p.CSVPath = at("/proef.csv", 0)
	if from > 0 {
		p.Prev = at("/proef", max(from-dryRunPage, 0))
	}
	if to < len(lines) {
		p.Next = at("/proef", to)
	}
	return s.render(w, r, status, p.View())
}

// dryRows names the addressees of lines, for who may see them.
func (s *Server) dryRows(r *http.Request, st study.Study, a account.Account, lines []planLine) ([]page.DryRow, error) {
	codes, err := s.store.UnitCodes(r.Context(), st.ID)
	if err != nil {
		return nil, err
	}
	persons := map[int64]store.Person{}
	if a.Role.May(account.SeeContacts) {
		var ids []int64
		for _, l := range lines {
			ids = append(ids, l.Contact)
		}
		if persons, err = s.store.Persons(r.Context(), ids); err != nil {
			return nil, err
		}
	}
	var rows []page.DryRow
	for _, l := range lines {
		u := codes[l.Unit]
		row := page.DryRow{Unit: unitLink("/beheer/"+st.Slug, u.Audience, u.Code, u.Name), Note: l.note}
		if l.Due {
			person := persons[l.Contact]
			row.Step, row.Channel, row.To = l.Step.Title, l.Channel.Title(), person.Name
			switch l.Channel {
			case contactplan.Mail:
				row.Address = person.Email
			case contactplan.Letter:
				row.Address = strings.ReplaceAll(person.Address, "\n", ", ")
			}
			if l.General && row.To == "" {
				row.To = "algemeen adres"
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// downloadDryRun gives the whole list as a file.
func (s *Server) downloadDryRun(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	at, problem := s.dryRunAt(st, r.URL.Query().Get("op"))
	if problem != "" {
		return errs.Errorf(errs.Invalid, "%s", problem)
	}
	lines, err := s.planAt(r, st, at)
	if err != nil {
		return err
	}
	rows, err := s.dryRows(r, st, a, lines)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="proef-%s.csv"`, st.Slug))
	if _, err := w.Write([]byte("\ufeff")); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	if err := out.Write([]string{"eenheid", "stap", "hoe", "aan", "adres", "opmerking"}); err != nil {
		return err
	}
	for _, row := range rows {
		if err := out.Write([]string{export.Guard(row.Unit.Text), row.Step, row.Channel, export.Guard(row.To), export.Guard(row.Address), row.Note}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// exampleSeed makes the choice of examples the same from one visit to the next.
const exampleSeed = 2026

// examples are the written messages that a sweep would send, of which some are
// shown.
func (s *Server) showPreviews(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	p := page.Previews{Staff: s.staffFrame(a, st, "plan"), MaySay: st.Released.IsZero() && a.May(account.RunStudy)}
	lines, names, codes, err := s.previewable(r, st)
	if err != nil {
		return err
	}
	p.Step = "Wat nu aan de beurt is"
	if st.At(s.Now()) == study.NotYet {
		p.Step = "Wat als eerste weggaat"
	}
	for _, e := range contactplan.Examples(names, exampleSeed) {
		l := lines[e.Index]
		u := codes[l.Unit]
		v := page.Preview{Why: e.Why, Unit: unitLink(p.Base, u.Audience, u.Code, u.Name)}
		m, message, err := s.preview(r, st, l)
		switch {
		case errs.KindOf(err) == errs.Invalid:
			v.Problem = errs.Public(err)
		case err != nil:
			return err
		default:
			v.To, v.Subject, v.Text = strings.TrimSpace(m.Contact.Name+" "+m.Contact.Email), message.Subject, message.Text
			if message.HTML != "" {
				v.FramePath = fmt.Sprintf("%s%s/voorbeeld/%d", p.Base, page.PlanPath, l.Unit)
			}
		}
		p.Previews = append(p.Previews, v)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// previewable are the written messages that could go now, or else the
// invitations of units that had none.
func (s *Server) previewable(r *http.Request, st study.Study) (lines []planLine, names []string, codes map[int64]store.Neighbour, err error) {
	if lines, err = s.planAt(r, st, s.planMoment(st)); err != nil {
		return nil, nil, nil, err
	}
	lines = slices.DeleteFunc(lines, func(l planLine) bool { return !l.Due || l.Channel == contactplan.Phone })
	if codes, err = s.store.UnitCodes(r.Context(), st.ID); err != nil {
		return nil, nil, nil, err
	}
	for _, l := range lines {
		names = append(names, codes[l.Unit].Name)
	}
	return lines, names, codes, nil
}

// preview writes a message as it would go, with placeholders for link and code.
func (s *Server) preview(r *http.Request, st study.Study, l planLine) (store.Outgoing, contactplan.Message, error) {
	template, version := l.Template()
	m, err := s.store.Preview(r.Context(), st, l.Unit, l.Contact, l.Step.ID, version, template)
	if err != nil {
		return m, contactplan.Message{}, err
	}
	f, err := s.form(r.Context(), st.ID, m.Unit.Audience)
	if err != nil {
		return m, contactplan.Message{}, err
	}
	t, ok := m.Text(version)
	if !ok {
		return m, contactplan.Message{}, errs.Errorf(errs.Invalid, "De tekst ‘%s’ is er niet.", template)
	}
	fields := worker.Fields(m, f, worker.NewKeys(m), s.BaseURL, "voorbeeld", s.Now()).Redacted()
	message, problems := contactplan.Render(t, fields)
	if len(problems) > 0 {
		return m, message, errs.Errorf(errs.Invalid, "De tekst ‘%s’ klopt niet: %s", template, problems[0])
	}
	return m, message, nil
}

// showPreviewHTML is the HTML of one example, as a page of its own.
func (s *Server) showPreviewHTML(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	lines, _, _, err := s.previewable(r, st)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(lines, func(l planLine) bool { return fmt.Sprint(l.Unit) == chi.URLParam(r, "unit") })
	if i < 0 {
		return errs.Errorf(errs.NotFound, "Deze eenheid krijgt nu geen bericht.")
	}
	_, message, err := s.preview(r, st, lines[i])
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", mailCSP)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write([]byte(message.HTML))
	return err
}
