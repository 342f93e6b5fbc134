package server

import (
	"net/http"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// showReview shows all answers, with the button that sends them.
func (s *Server) showReview(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r)
	if err != nil {
		return s.expired(w, r, err)
	}
	if !q.Draft() {
		return redirect(w, r, q.base()+"ontvangst")
	}
	return s.renderReview(w, r, q, http.StatusOK, page.Review{})
}

// renderReview completes a page that holds what was typed and what was wrong
// with it.
func (s *Server) renderReview(w http.ResponseWriter, r *http.Request, q *questionnaire, status int, p page.Review) error {
	p.Frame, p.Base, p.Parts = q.frame(), q.base(), q.form.Review(q.Values, q.Passed)
	p.Version, p.Request, p.Saved, p.Revision = q.Version, store.NewToken(), q.Saved, q.Revision
	p.Step = len(p.Parts) + 1
	for _, part := range p.Parts {
		for _, question := range part.Questions {
			if question.Open > 0 {
				p.Open++
			}
		}
	}
	if next := q.form.FirstOpen(q.Values, q.Passed); next != nil {
		p.Unpassed = next.ID
	}
	return s.render(w, r, status, p.View())
}

// submit sends the questionnaire, or goes back.
func (s *Server) submit(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	q, err := s.open(r)
	if err != nil {
		return s.expired(w, r, err)
	}
	switch r.PostForm.Get("actie") {
	case "versturen":
	case "vorige":
		visible := q.form.Visible(q.Values)
		return redirect(w, r, q.base()+visible[len(visible)-1].ID)
	case "later":
		return redirect(w, r, q.base()+"?later")
	default:
		return s.renderReview(w, r, q, http.StatusOK, page.Review{Reason: textOf(r, "reden")})
	}
	p := page.Review{Reason: textOf(r, "reden")}
	if p.ReasonProblem = reasonProblem(q, p.Reason); p.ReasonProblem != "" {
		return s.renderReview(w, r, q, http.StatusUnprocessableEntity, p)
	}
	if shown := rendered(r.PostForm); q.Draft() && shown >= 0 && shown < q.Version {
		p.Problem = "De antwoorden zijn intussen gewijzigd. Lees ze nog een keer na en verstuur ze dan."
		return s.renderReview(w, r, q, http.StatusConflict, p)
	}
	_, err = s.store.Submit(r.Context(), q.Key, q.full, q.by(), q.mode(), p.Reason, s.Now())
	if errs.KindOf(err) == errs.Invalid {
		p.Problem = errs.Public(err)
		return s.renderReview(w, r, q, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return s.notSaved(w, r, err)
	}
	return redirect(w, r, q.base()+"ontvangst")
}

// maxReason is the longest reason for a correction, in characters.
const maxReason = 500

// reasonProblem is what is wrong with the reason for sending again. A second
// press on a questionnaire that was just sent needs none.
func reasonProblem(q *questionnaire, reason string) string {
	switch {
	case q.Revision == 0 || !q.Draft():
		return ""
	case reason == "":
		return "Vul in waarom u uw antwoorden wijzigt."
	case len([]rune(reason)) > maxReason:
		return "Maak uw uitleg korter dan " + strconv.Itoa(maxReason) + " tekens."
	}
	return ""
}

// sent returns a questionnaire whose copy may still be seen (standards K17).
func (s *Server) sent(r *http.Request) (*questionnaire, error) {
	q, err := s.open(r)
	if err != nil {
		return nil, err
	}
	switch {
	case q.Sent.IsZero():
		return nil, errs.Errorf(errs.NotFound, "Deze vragenlijst is nog niet verstuurd.")
	case s.Now().After(q.Sent.AddDate(0, 0, study.CopyDays)):
		return nil, errs.Errorf(errs.Gone, "U kon uw antwoorden tot %d dagen na het versturen bekijken.", study.CopyDays)
	}
	return q, nil
}

// showReceipt thanks, and gives the code that proves the answers arrived.
func (s *Server) showReceipt(w http.ResponseWriter, r *http.Request) error {
	q, err := s.sent(r)
	if err != nil {
		return err
	}
	_, people, err := s.store.Submission(r.Context(), q.Key)
	if err != nil {
		return err
	}
	mailed, err := s.store.ReceiptMailed(r.Context(), q.contact, q.Sent)
	if err != nil {
		return err
	}
	p := page.Receipt{Frame: q.frame(), Base: q.base(), Mailed: mailed, Code: q.Receipt, Sent: q.Sent, Closes: q.Study.Closes, People: people, Late: q.Late, Results: q.Study.Settings.Results,
		CanChange: q.Study.At(s.Now()) == study.Open, Answers: true, PDFPath: s.pdfPath(q)}
	if t := q.taker; t != nil {
		p.Unit = t.unitPath
		if p.Answers = t.account.May(account.SeeAnswers); !p.Answers {
			p.PDFPath = ""
		}
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// showAnswers shows the respondent's own copy: what was sent.
func (s *Server) showAnswers(w http.ResponseWriter, r *http.Request) error {
	q, err := s.sent(r)
	if err != nil {
		return err
	}
	p, err := s.answersPage(r, q)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) answersPage(r *http.Request, q *questionnaire) (page.Answers, error) {
	values, _, err := s.store.Submission(r.Context(), q.Key)
	return page.Answers{Frame: q.frame(), Base: q.base(), Code: q.Receipt, Sent: q.Sent, Parts: q.full.Review(values, map[string]bool{}), PDFPath: s.pdfPath(q)}, err
}

// pdfPath is where the own copy can be had as PDF, "" without a browser to
// print with.
func (s *Server) pdfPath(q *questionnaire) string {
	if !s.Printer.Ready() {
		return ""
	}
	return q.base() + "antwoorden.pdf"
}

// audienceForms returns the forms of all audiences of a study.
func (s *Server) audienceForms(r *http.Request, st study.Study) (map[string]*form.Form, error) {
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return nil, err
	}
	forms := map[string]*form.Form{}
	for _, a := range audiences {
		if forms[a.Name], err = s.form(r.Context(), st.ID, a.Name); err != nil {
			return nil, err
		}
	}
	return forms, nil
}
