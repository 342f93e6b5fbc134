package server

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// whyField asks for a reason; problem is "" until it was left out.
func whyField(value, problem string) page.DecideField {
	return page.DecideField{Name: "reden", Label: "Waarom?", Hint: "Een paar woorden is genoeg. Zet er geen namen in.", Value: value, Lines: 2, Problem: problem, Required: true}
}

// whyProblem is what is wrong with a reason.
func whyProblem(why string) string {
	switch {
	case why == "":
		return "Vul in waarom."
	case utf8.RuneCountInString(why) > maxReason:
		return "Maak uw uitleg korter dan " + strconv.Itoa(maxReason) + " tekens."
	}
	return ""
}

// decide draws a page on which something about one unit is decided.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, a account.Account, status int, p page.Decide) error {
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	p.Staff, p.UnitPath, p.Unit = s.staffFrame(a, st, "eenheden"), unitPath(st, u.Audience, u.Code), unitTitle(u.Audience, u.Code, u.Name)
	return s.render(w, r, status, p.View())
}

func outcomePage(chosen, why, outcomeProblem, problem string) page.Decide {
	p := page.Decide{Title: "Bepaal de uitkomst met de hand", Button: "Leg de uitkomst vast",
		Text: []string{"De uitkomst volgt vanzelf uit wat er gebeurde. Bepaal hem alleen met de hand als dat niet klopt.", "Uw keuze gaat voor alles, tot u hem herroept."}}
	choice := page.DecideField{Name: "uitkomst", Label: "Uitkomst", Problem: outcomeProblem, Required: true, Choices: []page.Choice{{Label: "Kies een uitkomst"}}}
	for _, o := range disposition.Outcomes {
		choice.Choices = append(choice.Choices, page.Choice{Value: string(o), Label: outcomeTitles[o], Selected: string(o) == chosen})
	}
	p.Fields = []page.DecideField{choice, whyField(why, problem)}
	return p
}

// outcomeTitles are the outcomes in words.
var outcomeTitles = map[disposition.Outcome]string{
	disposition.Complete: "Volledig ingevuld", disposition.CompleteProxy: "Volledig, via een ander", disposition.Partial: "Gedeeltelijk ingevuld", disposition.PartialProxy: "Gedeeltelijk, via een ander",
	disposition.CoreByPhone: "Kernvragen door de telefoon", disposition.Refused: "Weigert", disposition.RefusedByOther: "Een ander weigert", disposition.RefusedImplicit: "Zegde toe, deed het niet",
	disposition.NothingEntered: "Bekeek vragen, vulde niets in", disposition.BrokenOff: "Brak af", disposition.NoContact: "Nooit bereikt", disposition.Reached: "Bereikt, zonder uitkomst",
	disposition.Away: "Afwezig in de hele periode", disposition.Late: "Te laat", disposition.Unable: "Niet in staat om mee te doen", disposition.NotSent: "Niets verzonden",
	disposition.NothingKnown: "Niets bekend", disposition.Undeliverable: "Onbestelbaar", disposition.OutOfPopulation: "Buiten de populatie", disposition.Duplicate: "Staat dubbel in het bestand",
}

// showOutcome asks for an outcome by hand.
func (s *Server) showOutcome(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.decide(w, r, a, http.StatusOK, outcomePage("", "", "", ""))
}

// saveOutcome lets a person decide the outcome of a unit.
func (s *Server) saveOutcome(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	o, why := disposition.Outcome(r.PostForm.Get("uitkomst")), textOf(r, "reden")
	outcomeProblem, problem := "", whyProblem(why)
	if _, ok := outcomeTitles[o]; !ok {
		outcomeProblem = "Kies een uitkomst."
	}
	if outcomeProblem != "" || problem != "" {
		return s.decide(w, r, a, http.StatusUnprocessableEntity, outcomePage(string(o), why, outcomeProblem, problem))
	}
	if err := s.store.Override(r.Context(), u.ID, o, why, staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, unitPath(st, u.Audience, u.Code))
}

// recallPage asks why an event is taken back.
func (s *Server) recallPage(r *http.Request, why, problem string) (page.Decide, error) {
	_, u, err := s.unitOf(r)
	if err != nil {
		return page.Decide{}, err
	}
	file, err := s.store.UnitFile(r.Context(), u.ID)
	if err != nil {
		return page.Decide{}, err
	}
	for _, e := range file.Events {
		if idText(e.ID) == chi.URLParam(r, "event") && e.Kind.Recallable() {
			return page.Decide{Title: "Herroep: " + e.Kind.Title(), Button: "Herroep", Fields: []page.DecideField{whyField(why, problem)},
				Text: []string{"Dit gebeurde op " + ui.Date(e.Occurred) + " om " + ui.Clock(e.Occurred) + ".", "De gebeurtenis blijft doorgestreept in de geschiedenis staan en telt niet meer mee."}}, nil
		}
	}
	return page.Decide{}, errs.Errorf(errs.NotFound, "Deze gebeurtenis is er niet, of u kunt hem niet herroepen.")
}

func (s *Server) showRecall(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, err := s.recallPage(r, "", "")
	if err != nil {
		return err
	}
	return s.decide(w, r, a, http.StatusOK, p)
}

// recall takes an event back.
func (s *Server) recall(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	why := textOf(r, "reden")
	if problem := whyProblem(why); problem != "" {
		p, err := s.recallPage(r, why, problem)
		if err != nil {
			return err
		}
		return s.decide(w, r, a, http.StatusUnprocessableEntity, p)
	}
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if err := s.store.Recall(r.Context(), u.ID, idOf(chi.URLParam(r, "event")), why, staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, unitPath(st, u.Audience, u.Code))
}

// showCovers lists which questionnaires hold for more units than their own.
func (s *Server) showCovers(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	covers, err := s.store.Covers(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.Covers{Staff: s.staffFrame(a, st, "eenheden"), ListPath: "/beheer/" + st.Slug + "/eenheden"}
	link := func(n store.Neighbour) page.Link {
		return page.Link{Path: unitPath(st, n.Audience, n.Code), Text: strings.TrimSpace(n.Code + " " + n.Name)}
	}
	questionnaires, counting := map[string]bool{}, map[string]bool{}
	for _, c := range covers {
		row := page.Cover{Code: c.By.Code, Unit: link(c.Unit), By: link(c.By), Reason: c.Reason, Since: c.Since, Sent: c.Sent, Own: c.Own, Counting: c.Counting && c.Sent, Path: unitPath(st, c.Unit.Audience, c.Unit.Code) + "/bevestig"}
		if c.Confirmed.IsZero() {
			p.Waiting = append(p.Waiting, row)
			questionnaires[c.By.Audience+c.By.Code] = true
			continue
		}
		p.Confirmed = append(p.Confirmed, row)
		if row.Counting {
			p.Units++
			counting[c.By.Audience+c.By.Code] = true
		}
	}
	p.WaitingQuestionnaires, p.Questionnaires = len(questionnaires), len(counting)
	return s.render(w, r, http.StatusOK, p.View())
}

// decideClaim confirms that another unit's questionnaire counts for this one, or
// ends that, with a reason.
func (s *Server) decideClaim(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	by, why := textOf(r, "door"), textOf(r, "reden")
	if r.PostForm.Get("actie") != "afwijzen" {
		if err := s.store.ConfirmClaim(r.Context(), u.ID, by, staffActor(a), s.Now()); err != nil {
			return err
		}
		return redirect(w, r, unitPath(st, u.Audience, u.Code))
	}
	if problem := whyProblem(why); problem != "" {
		p := page.Decide{Title: "De vragenlijst van " + by + " geldt niet hiervoor", Button: "Leg vast", Text: []string{"Deze eenheid moet dan zelf antwoorden. Zij krijgt weer herinneringen."},
			Hidden: []page.Posted{{Name: "door", Value: by}, {Name: "actie", Value: "afwijzen"}}, Action: unitPath(st, u.Audience, u.Code) + "/bevestig"}
		status := http.StatusUnprocessableEntity
		if !r.PostForm.Has("reden") { // the page was not shown yet
			status, problem = http.StatusOK, ""
		}
		p.Fields = []page.DecideField{whyField(why, problem)}
		return s.decide(w, r, a, status, p)
	}
	if err := s.store.RefuseClaim(r.Context(), u.ID, by, why, staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, unitPath(st, u.Audience, u.Code))
}

func coverPage(code, why, codeProblem, problem string) page.Decide {
	return page.Decide{Title: "Een ander antwoordt ook hiervoor", Button: "Leg vast",
		Text:   []string{"De vragenlijst van de ander telt dan ook voor deze eenheid. Stuurt deze eenheid er zelf een, dan telt die."},
		Fields: []page.DecideField{{Name: "door", Label: "Code van wie antwoordt", Value: code, Problem: codeProblem, Required: true}, whyField(why, problem)}}
}

func (s *Server) showAddCover(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.decide(w, r, a, http.StatusOK, coverPage("", "", "", ""))
}

// addCover lets another questionnaire count for this unit.
func (s *Server) addCover(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	code, why := textOf(r, "door"), textOf(r, "reden")
	codeProblem, problem := "", whyProblem(why)
	if code == "" {
		codeProblem = "Vul de code in van wie antwoordt."
	}
	if codeProblem == "" && problem == "" {
		err := s.store.AddCover(r.Context(), u.ID, code, strings.TrimSuffix(why, "."), staffActor(a), s.Now())
		if errs.KindOf(err) != errs.Invalid {
			if err != nil {
				return err
			}
			return redirect(w, r, unitPath(st, u.Audience, u.Code))
		}
		codeProblem = errs.Public(err)
	}
	return s.decide(w, r, a, http.StatusUnprocessableEntity, coverPage(code, why, codeProblem, problem))
}
