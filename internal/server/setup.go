package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/checklist"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/worker"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// runPages binds where a study is released, paused, extended, closed and
// reopened.
func (s *Server) runPages(r routes) {
	r.show("/beheer/{study}/onderzoek", s.staff(may(account.SeeSetup, s.showSetup)))
	r.post("/beheer/{study}/onderzoek/bekeken", s.staff(may(account.RunStudy, s.sawIt)))
	r.post("/beheer/{study}/onderzoek/maildomein", s.staff(may(account.RunStudy, s.lookDomain)))
	r.post("/beheer/{study}/onderzoek/vrijgeven", s.staff(may(account.RunStudy, s.release)))
	r.show("/beheer/{study}/onderzoek/{turn}", s.staff(may(account.RunStudy, s.showTurn)))
	r.post("/beheer/{study}/onderzoek/{turn}", s.staff(may(account.RunStudy, s.takeTurn)))
}

// checklist gathers what there is to know before a study is released, and judges
// it.
func (s *Server) checklist(ctx context.Context, st study.Study) ([]checklist.Item, error) {
	f := checklist.Facts{Study: st, Now: s.Now(), Inbox: s.Inbox, Domain: s.Keys.Domain}
	audiences, err := s.store.Audiences(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	counts, err := s.store.RegisterCounts(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	if f.Regions, err = s.store.Regions(ctx, st.ID); err != nil {
		return nil, err
	}
	own, err := s.store.Wordings(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range audiences {
		n := counts[a.Name]
		f.Audiences = append(f.Audiences, checklist.Audience{Name: a.Name, Title: audienceMany(a.Name), Units: n.Units, Mail: n.Mail, Post: n.Post, Nobody: n.Nobody})
		fm, err := s.form(ctx, st.ID, a.Name)
		if err != nil {
			return nil, err
		}
		f.Texts = append(f.Texts, s.textProblems(st, own, a.Name, fm)...)
		register, err := s.store.RegisterOf(ctx, st.ID, a.Name)
		if err != nil {
			return nil, err
		}
		f.Small = append(f.Small, smallStrata(st, a, register)...)
	}
	slices.Sort(f.Texts)
	f.Texts = slices.Compact(f.Texts)
	if err := s.looks(ctx, &f); err != nil {
		return nil, err
	}
	return checklist.Items(f), nil
}

// looks adds what people and the machine looked at.
func (s *Server) looks(ctx context.Context, f *checklist.Facts) error {
	events, err := s.store.LastStudyEvents(ctx, f.Study.ID)
	if err != nil {
		return err
	}
	print, err := s.store.Fingerprint(ctx, f.Study)
	if err != nil {
		return err
	}
	look := func(kind string) checklist.Look {
		e := events[kind]
		return checklist.Look{At: e.At, Who: e.Who, Fresh: e.Detail["vingerafdruk"] == print}
	}
	f.DryRun, f.Examples, f.ByHand = look(store.SeenDryRun), look(store.SeenExamples), look(store.CheckedDomain)
	f.HandWords = events[store.CheckedDomain].Reason
	seen, ok := events[store.SeenDomain]
	if !ok || seen.Detail["domein"] != f.Domain {
		return nil
	}
	f.LookedAt = seen.At
	records, err := json.Marshal(seen.Detail["records"])
	if err != nil {
		return err
	}
	return json.Unmarshal(records, &f.Records)
}

// textProblems writes every written step of a plan to a made-up person and a
// made-up general address, and says what is missing.
func (s *Server) textProblems(st study.Study, own contactplan.Wordings, audience string, f *form.Form) []string {
	var out []string
	people := []store.Contact{{ID: 1, Salutation: "mevrouw", Name: "A. de Boer", Role: "directeur", Email: "a@example.nl"}, {ID: 1, General: true, Email: "info@example.nl"}}
	for _, step := range st.Field().Plan.Steps {
		if step.Channel == contactplan.Phone || len(step.Audiences) > 0 && !slices.Contains(step.Audiences, audience) {
			continue
		}
		for _, version := range []contactplan.Channel{contactplan.Mail, contactplan.Letter} {
			text, ok := own.Text(step.ID, step.Template, version, audience)
			if !ok {
				continue
			}
			for _, person := range people {
				m := store.Outgoing{Study: st, Step: step.ID, Channel: version, Template: step.Template, UnitCode: "X", UnitName: "Voorbeeld", Contact: person,
					Unit: contactplan.Unit{ID: 1, Audience: audience}}
				_, problems := contactplan.Render(text, worker.Fields(m, f, worker.NewKeys(m), s.BaseURL, "voorbeeld", s.Now()).Redacted())
				for _, p := range problems {
					out = append(out, fmt.Sprintf("%s (%s): %s", step.Title, version.Title(), p.Text))
				}
			}
		}
	}
	return out
}

func (s *Server) showSetup(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	return s.renderSetup(w, r, a, st, http.StatusOK, nil)
}

func (s *Server) renderSetup(w http.ResponseWriter, r *http.Request, a account.Account, st study.Study, status int, problems []ui.Message) error {
	now := s.Now()
	p := page.Setup{Staff: s.staffFrame(a, st, "onderzoek"), Title: st.Title, Public: "/onderzoek/" + st.Slug + "/", Opens: st.Opens, Closes: st.Closes, Released: st.Released, Stopped: st.Stopped, StopReason: st.StopReason,
		Held: st.Held, Over: st.At(now) == study.Closed || st.At(now) == study.Closing, MayRun: a.May(account.RunStudy), MayEdit: a.May(account.EditStudy), Problems: problems, Reason: r.PostForm.Get("reden"), Inbox: s.Inbox}
	if p.JustReleased = r.URL.Query().Has("vrijgegeven") && !st.Released.IsZero(); st.At(now) == study.NotYet {
		p.First = s.planMoment(st)
	}
	for _, t := range study.Turns {
		paused := !st.Stopped.IsZero() || !st.Held.IsZero()
		if p.MayRun && st.MayTurn(t, now) == "" && !(t == study.Pause && paused) {
			p.Turns = append(p.Turns, page.Link{Path: p.Base + page.SetupPath + "/" + string(t), Text: turnTexts[t].button})
		}
	}
	items, err := s.checklist(r.Context(), st)
	if err != nil {
		return err
	}
	p.Open = len(checklist.Open(items))
	for _, i := range items {
		p.Items = append(p.Items, page.CheckItem{ID: string(i.ID), Title: i.Title, State: string(i.State), Why: i.Why, Path: itemPath(a, p.Base, i.ID), Seen: i.ID == checklist.DryRun || i.ID == checklist.Examples, Look: i.ID == checklist.Domain && !s.Inbox, Open: i.State == checklist.NotYet})
	}
	return s.render(w, r, status, p.View())
}

// itemPath is where an item is mended, "" for who may not go there.
func itemPath(a account.Account, base string, id checklist.ID) string {
	p := itemPlaces[id]
	if p.path == "" || !a.May(p.act) {
		return ""
	}
	return base + p.path
}

// itemPlaces are where items are mended, and what one must be allowed to go there.
var itemPlaces = map[checklist.ID]struct {
	path string
	act  account.Act
}{
	checklist.Register:   {page.RegisterPath, account.SeeSetup},
	checklist.Period:     {page.SettingsPath, account.EditStudy},
	checklist.Privacy:    {page.PrivacyPath, account.SeePrivacy},
	checklist.Agreement:  {page.PrivacyPath + "#overeenkomst", account.SeePrivacy},
	checklist.Messages:   {page.WordingPath, account.SeePlan},
	checklist.Plan:       {page.PlanPath, account.SeePlan},
	checklist.Strata:     {page.StrataPath, account.SeeSetup},
	checklist.DryRun:     {page.PlanPath + "/proef", account.SeePlan},
	checklist.Examples:   {page.PlanPath + "/voorbeelden", account.SeeContacts},
	checklist.Colleagues: {page.TeamPath, account.ManageTeam},
	checklist.Domain:     {page.SetupPath, account.SeeSetup},
	checklist.Release:    {page.SetupPath, account.SeeSetup},
	checklist.First:      {"/", account.SeeStudy},
}

func (s *Server) toSetup(w http.ResponseWriter, r *http.Request, st study.Study) error {
	return redirect(w, r, "/beheer/"+st.Slug+page.SetupPath)
}

// sawIt keeps that somebody looked at the dry run or the examples, and what these
// were about.
func (s *Server) sawIt(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	kind, ok := map[string]string{string(checklist.DryRun): store.SeenDryRun, string(checklist.Examples): store.SeenExamples}[r.PostForm.Get("wat")]
	if !ok {
		return errs.Errorf(errs.Invalid, "Zeg wat u heeft bekeken.")
	}
	print, err := s.store.Fingerprint(r.Context(), st)
	if err != nil {
		return err
	}
	err = s.store.AddStudyEvent(r.Context(), store.StudyEvent{Study: st.ID, Kind: kind, At: s.Now(), By: staffActor(a), Detail: map[string]any{"vingerafdruk": print}})
	if err != nil {
		return err
	}
	return s.toSetup(w, r, st)
}

// domainTime is how long the DNS gets.
const domainTime = 5 * time.Second

// lookDomain asks the DNS about the domain that mail comes from, or keeps that
// somebody looked at it.
func (s *Server) lookDomain(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	e := store.StudyEvent{Study: st.ID, At: s.Now(), By: staffActor(a)}
	if r.PostForm.Get("zelf") != "" {
		e.Kind, e.Reason = store.CheckedDomain, strings.Join(strings.Fields(r.PostForm.Get("reden")), " ")
		if problem := study.CheckReason(e.Reason); problem != "" {
			return s.renderSetup(w, r, a, st, http.StatusUnprocessableEntity, []ui.Message{{Field: "reden", Text: "Schrijf in hooguit 200 tekens hoe u het heeft nagekeken."}})
		}
	} else {
		ctx, cancel := context.WithTimeout(r.Context(), domainTime)
		defer cancel()
		e.Kind = store.SeenDomain
		e.Detail = map[string]any{"domein": s.Keys.Domain, "records": mail.LookDomain(ctx, s.Resolver, s.Keys.Domain, s.Selector)}
	}
	if err := s.store.AddStudyEvent(r.Context(), e); err != nil {
		return err
	}
	return s.toSetup(w, r, st)
}

// release lets the worker send, once everything is in order.
func (s *Server) release(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.planStudy(r)
	if err != nil {
		return err
	}
	if !st.Released.IsZero() {
		return s.toSetup(w, r, st) // pressed twice
	}
	items, err := s.checklist(r.Context(), st)
	if err != nil {
		return err
	}
	var problems []ui.Message
	for _, i := range checklist.Open(items) {
		problems = append(problems, ui.Message{Field: "punt-" + string(i.ID), Text: i.Title + ": nog niet."})
	}
	if len(problems) > 0 {
		return s.renderSetup(w, r, a, st, http.StatusUnprocessableEntity, problems)
	}
	if _, err := s.store.Release(r.Context(), st.ID, staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.SetupPath+"?vrijgegeven")
}

// A turnText says what a turn does.
type turnText struct{ button, heading, explain string }

var turnTexts = map[study.Turn]turnText{
	study.Pause:  {"Pauzeer", "Het onderzoek pauzeren", "Er gaat geen bericht meer weg. Wat klaarstaat, blijft klaarstaan. Respondenten kunnen gewoon verder, tenzij u hieronder anders kiest."},
	study.Resume: {"Ga verder", "Verder na de pauze", "Berichten die aan de beurt zijn, gaan weer vanzelf weg. Een vragenlijst die op slot was, gaat weer open."},
	study.Extend: {"Verleng", "Het onderzoek verlengen", "De vragenlijst blijft langer open. De stappen van het plan die nu na het sluiten vallen, gaan dan wel door. In nieuwe berichten staat de nieuwe datum."},
	study.Close:  {"Sluit nu", "Het onderzoek nu sluiten", "Niemand krijgt nog een bericht. Wie een pagina open heeft, kan die nog een kwartier lang bewaren en versturen. Daarna bewaren wij de onvoltooide antwoorden zoals ze dan zijn."},
	study.Reopen: {"Heropen", "Het onderzoek heropenen", "Wat verstuurd is, blijft verstuurd. Onvoltooide antwoorden die bij het sluiten zijn bewaard, kunnen respondenten weer aanvullen. Het versturen staat stil totdat u bekijkt wat er aan de beurt is en zegt dat het verder mag."},
}

func (s *Server) turnOf(r *http.Request) (study.Study, study.Turn, error) {
	t := study.Turn(chi.URLParam(r, "turn"))
	if _, ok := turnTexts[t]; !ok {
		return study.Study{}, t, errs.Errorf(errs.NotFound, "Kijk of het adres klopt.")
	}
	st, err := s.planStudy(r)
	if err == nil {
		if why := st.MayTurn(t, s.Now()); why != "" {
			err = errs.Errorf(errs.Conflict, "%s", why)
		}
	}
	return st, t, err
}

func (s *Server) showTurn(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, t, err := s.turnOf(r)
	if err != nil {
		return err
	}
	p := s.turnPage(a, st, t)
	p.Clock = "23:59"
	if t == study.Extend {
		closes := st.Closes.In(amsterdam)
		p.Day, p.Clock = closes.AddDate(0, 0, 7).Format(time.DateOnly), closes.Format("15:04")
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) turnPage(a account.Account, st study.Study, t study.Turn) page.StudyTurn {
	text := turnTexts[t]
	return page.StudyTurn{Staff: s.staffFrame(a, st, "onderzoek"), Turn: string(t), Heading: text.heading, Explain: text.explain, Button: text.button,
		Hold: t == study.Pause, Moment: t == study.Extend || t == study.Reopen, Closes: st.Closes}
}

// takeTurn pauses, resumes, extends, closes or reopens a study.
func (s *Server) takeTurn(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, t, err := s.turnOf(r)
	if err != nil {
		return err
	}
	p := s.turnPage(a, st, t)
	p.Day, p.Clock, p.Held = r.PostForm.Get("sluit"), r.PostForm.Get("sluit-tijd"), r.PostForm.Get("slot") != ""
	p.Reason = strings.Join(strings.Fields(r.PostForm.Get("reden")), " ")
	p.ReasonProblem = study.CheckReason(p.Reason)
	var to time.Time
	if p.Moment {
		if to, p.DayProblem, p.ClockProblem = study.ParseMoment(p.Day, p.Clock); p.DayProblem == "" && p.ClockProblem == "" {
			p.DayProblem = st.CheckClosing(t, to, s.Now())
		}
	}
	if p.ReasonProblem != "" || p.DayProblem != "" || p.ClockProblem != "" {
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if err := s.turn(r.Context(), st, t, to, p.Held, p.Reason, staffActor(a)); err != nil {
		return err
	}
	return s.toSetup(w, r, st)
}

func (s *Server) turn(ctx context.Context, st study.Study, t study.Turn, to time.Time, hold bool, reason string, by store.Actor) error {
	switch t {
	case study.Pause:
		return s.store.Pause(ctx, st.ID, hold, reason, by, s.Now())
	case study.Resume:
		return s.store.ResumeFor(ctx, st.ID, reason, by, s.Now())
	case study.Extend:
		return s.store.Extend(ctx, st.ID, to, reason, by, s.Now())
	case study.Close:
		return s.store.CloseStudy(ctx, st.ID, reason, by, s.Now())
	}
	_, err := s.store.ReopenStudy(ctx, st.ID, to, reason, by, s.Now())
	return err
}

// smallStrata says which strata of an audience have few units (standards X4).
func smallStrata(st study.Study, a store.Audience, r sample.Register) []string {
	limits := st.Settings.Disclosure.Limits()
	if limits.Traceable {
		return nil
	}
	var out []string
	for _, c := range a.Columns {
		if !slices.Contains(a.Strata, c.ID) {
			continue
		}
		if few := sample.Few(r, c.ID, limits.SmallBase); len(few) > 0 {
			out = append(out, fmt.Sprintf("%s, %s: %s.", audienceMany(a.Name), c.Label, strings.Join(few, ", ")))
		}
	}
	return out
}
