package server

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// showForward shows with whom the questionnaire is filled in.
func (s *Server) showForward(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r)
	if err != nil {
		return err
	}
	return s.renderForward(w, r, q, http.StatusOK, page.Forward{Reminders: true})
}

func (s *Server) renderForward(w http.ResponseWriter, r *http.Request, q *questionnaire, status int, p page.Forward) error {
	colleagues, err := s.store.Colleagues(r.Context(), q.Key, q.contact)
	if err != nil {
		return err
	}
	p.Frame, p.Base, p.Mails = q.frame(), q.base(), !q.Study.Released.IsZero() && q.Study.Stopped.IsZero()
	titles := map[string]string{}
	for _, section := range q.form.In.Sections {
		titles[section.ID] = section.Title
		if p.Sections == nil || len(p.Sections) < len(q.form.In.Sections) {
			p.Sections = append(p.Sections, page.Choice{Value: section.ID, Label: section.Title, Selected: slices.Contains(r.PostForm["deel"], section.ID)})
		}
	}
	for _, c := range colleagues {
		if c.Contact == q.contact {
			continue
		}
		line := page.Colleague{ID: c.Contact, Name: c.Name, Email: c.Email, Since: c.Since, Ended: !c.Ended.IsZero(), Mine: c.Mine, Answered: c.Answered}
		if line.Name == "" {
			line.Name = "Zonder naam"
		}
		for _, id := range c.Sections {
			line.Sections = append(line.Sections, titles[id])
		}
		p.Colleagues = append(p.Colleagues, line)
	}
	return s.render(w, r, status, p.View())
}

// forward passes the questionnaire to a colleague, or withdraws that.
func (s *Server) forward(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	q, err := s.open(r)
	if err != nil {
		return s.expired(w, r, err)
	}
	if id, ok := strings.CutPrefix(r.PostForm.Get("extra"), "intrek:"); ok {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return errs.Errorf(errs.NotFound, "Deze collega kennen wij niet.")
		}
		if err := s.store.Withdraw(r.Context(), q.Key, q.contact, n, s.Now()); err != nil {
			return err
		}
		return redirect(w, r, q.base()+"doorsturen")
	}
	p, f := readForward(q, r)
	if len(p.Problems) > 0 {
		return s.renderForward(w, r, q, http.StatusUnprocessableEntity, p)
	}
	f.Now = s.Now()
	made, err := s.store.ForwardTo(r.Context(), f)
	if err != nil {
		return err
	}
	r.PostForm = nil // the form starts empty again
	return s.renderForward(w, r, q, http.StatusOK, page.Forward{Reminders: true, NewLink: s.link("/v/" + made.Token), NewName: f.Name, NewEmail: f.Email, Mailed: made.Mailed})
}

// textOf reads what a person typed in a field: valid text, without the control
// characters that no database takes.
func textOf(r *http.Request, name string) string {
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' {
			return -1
		}
		return c
	}, strings.ToValidUTF8(r.PostForm.Get(name), "")))
}

func readForward(q *questionnaire, r *http.Request) (page.Forward, store.Forward) {
	f := store.Forward{Response: q.Key, From: q.contact, Name: textOf(r, "naam"), Email: textOf(r, "email"), Reminders: r.PostForm.Has("herinneringen")}
	p := page.Forward{Name: f.Name, Email: f.Email, Reminders: f.Reminders}
	problem := func(field, text string) {
		p.Problems = append(p.Problems, form.Problem{Item: field, Field: field, Text: text})
	}
	switch {
	case f.Name == "":
		problem("naam", "Vul de naam van uw collega in.")
	case len(f.Name) > 100 || strings.Contains(f.Name, "\n"):
		problem("naam", "Maak de naam korter dan 100 tekens.")
	case strings.ContainsAny(f.Name, "/@<>"): // it stands in a mail of ours
		problem("naam", "Vul alleen de naam van uw collega in.")
	}
	if f.Email == "" {
		problem("email", "Vul het e-mailadres van uw collega in.")
	} else if text := sample.CheckEmail(f.Email); text != "" {
		problem("email", "Kijk het e-mailadres na: "+text+".")
	}
	for _, id := range r.PostForm["deel"] {
		for _, section := range q.form.In.Sections {
			if section.ID == id {
				f.Sections = append(f.Sections, id)
			}
		}
	}
	return p, f
}

// alsoReasons are why one questionnaire holds for several organisations.
var alsoReasons = []string{"Fusie of herindeling", "Gezamenlijke beleidsmedewerker", "Wij voeren dit samen uit", "Een andere reden"}

// showAlso shows for which other organisations the answers hold.
func (s *Server) showAlso(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r)
	if err != nil {
		return err
	}
	return s.renderAlso(w, r, q, http.StatusOK, nil)
}

func (s *Server) renderAlso(w http.ResponseWriter, r *http.Request, q *questionnaire, status int, problems []form.Problem) error {
	claims, err := s.store.Claims(r.Context(), q.Key)
	if err != nil {
		return err
	}
	names, err := s.store.UnitNames(r.Context(), q.Study.ID, q.Audience)
	if err != nil {
		return err
	}
	p := page.Also{Frame: q.frame(), Base: q.base(), Problems: problems}
	taken := map[string]bool{q.UnitCode: true}
	for _, c := range claims {
		taken[c.Code] = true
		p.Claims = append(p.Claims, page.AlsoClaim{Code: c.Code, Name: c.Name, Reason: c.Reason, Confirmed: c.Confirmed})
	}
	for _, n := range names {
		if !taken[n.Code] {
			p.Units = append(p.Units, page.Choice{Value: n.Code, Label: strings.TrimSpace(n.Name + " (" + n.Code + ")"), Selected: r.PostForm.Get("eenheid") == n.Code})
		}
	}
	for i, reason := range alsoReasons {
		p.Reasons = append(p.Reasons, page.Choice{Value: strconv.Itoa(i), Label: reason, Selected: r.PostForm.Get("reden") == strconv.Itoa(i)})
	}
	return s.render(w, r, status, p.View())
}

// also adds an organisation, or takes one off.
func (s *Server) also(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	q, err := s.open(r)
	if err != nil {
		return s.expired(w, r, err)
	}
	if code, ok := strings.CutPrefix(textOf(r, "extra"), "verwijder:"); ok {
		if err := s.store.WithdrawClaim(r.Context(), q.Key, code, q.by(), s.Now()); err != nil {
			return err
		}
		return redirect(w, r, q.base()+"ook-voor")
	}
	var problems []form.Problem
	reason, err := strconv.Atoi(r.PostForm.Get("reden"))
	unit := textOf(r, "eenheid")
	if unit == "" {
		problems = append(problems, form.Problem{Item: "eenheid", Field: "eenheid", Text: "Kies voor welke organisatie u ook antwoordt."})
	}
	if err != nil || reason < 0 || reason >= len(alsoReasons) {
		problems = append(problems, form.Problem{Item: "reden", Field: "reden-0", Text: "Kies waarom u ook voor deze organisatie antwoordt."})
	}
	if problems != nil {
		return s.renderAlso(w, r, q, http.StatusUnprocessableEntity, problems)
	}
	err = s.store.AddClaim(r.Context(), q.Key, unit, alsoReasons[reason], q.by(), s.Now())
	if errs.KindOf(err) == errs.Invalid {
		return s.renderAlso(w, r, q, http.StatusUnprocessableEntity, []form.Problem{{Item: "eenheid", Field: "eenheid", Text: errs.Public(err)}})
	}
	if err != nil {
		return err
	}
	return redirect(w, r, q.base()+"ook-voor")
}

// answering returns the page about the first unit that says to answer for the
// one of a link: first what still needs a word.
func (s *Server) answering(r *http.Request) (store.Link, page.Answering, error) {
	l, err := s.linkByToken(r, chi.URLParam(r, "token"))
	if err != nil {
		return l, page.Answering{}, err
	}
	if state := s.linkState(l); state != page.LinkOpen && state != page.LinkNotYet {
		return l, page.Answering{}, errs.Errorf(errs.Gone, "Met deze link kunt u dit niet (meer) wijzigen.")
	}
	claims, err := s.store.ClaimsOn(r.Context(), l.Unit)
	if err != nil {
		return l, page.Answering{}, err
	}
	if len(claims) == 0 {
		return l, page.Answering{}, errs.Errorf(errs.NotFound, "Niemand zegt ook voor u te antwoorden.")
	}
	slices.SortStableFunc(claims, func(a, b store.Claim) int { return cmp.Compare(truth(a.Confirmed), truth(b.Confirmed)) })
	c := claims[0]
	if at := slices.IndexFunc(claims, func(c store.Claim) bool { return c.Code == textOf(r, "door") }); at >= 0 {
		c = claims[at]
	}
	p := page.Answering{Frame: frame(l.Study), Link: "/v/" + chi.URLParam(r, "token"), Code: c.Code, By: unitTitle(l.Audience, c.Code, c.Name), Reason: c.Reason, Since: c.Since, Confirmed: c.Confirmed}
	p.Frame.Unit = unitTitle(l.Audience, l.UnitCode, l.UnitName)
	return l, p, nil
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// showAnswering asks a unit whether another one answers for it.
func (s *Server) showAnswering(w http.ResponseWriter, r *http.Request) error {
	_, p, err := s.answering(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// ownClaim ends a claim because the unit itself says so.
func (s *Server) ownClaim(ctx context.Context, unit int64, code string, by store.Actor, now time.Time) error {
	return s.store.RefuseClaim(ctx, unit, code, "", by, now)
}

// decideAnswering takes a choice and a second press; then it is recorded.
func (s *Server) decideAnswering(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	l, p, err := s.answering(r)
	if err != nil {
		return err
	}
	by := store.Actor{Kind: event.ByRespondent, ID: l.Contact}
	p.Choice = r.PostForm.Get("keuze")
	decide := s.ownClaim
	switch {
	case p.Choice == page.AnsweringYes && p.Confirmed:
		return redirect(w, r, p.Link)
	case p.Choice == page.AnsweringYes:
		decide = s.store.ConfirmClaim
	case p.Choice != page.AnsweringNo:
		p.Problem = "Kies of de antwoorden ook voor u gelden."
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if r.PostForm.Get("actie") != "bevestig" {
		p.Sure = true
		return s.render(w, r, http.StatusOK, p.View())
	}
	if err := decide(r.Context(), l.Unit, p.Code, by, s.Now()); err != nil {
		return err
	}
	return redirect(w, r, p.Link)
}

// showDecline shows how to say that a unit does not take part.
func (s *Server) showDecline(declining declining) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, p, err := declining(r)
		if err != nil {
			return err
		}
		if p.Done, err = s.store.Refused(r.Context(), l.Unit); err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, p.View())
	}
}

// A declining finds who says that a unit does not take part, and the page for it:
// by a personal link, or by the link to unsubscribe.
type declining func(*http.Request) (store.Link, page.Decline, error)

// declining returns the page for a link that works and was not used to send.
func (s *Server) declining(r *http.Request) (store.Link, page.Decline, error) {
	l, err := s.linkByToken(r, chi.URLParam(r, "token"))
	if err != nil {
		return l, page.Decline{}, err
	}
	if state := s.linkState(l); state != page.LinkOpen && state != page.LinkNotYet {
		return l, page.Decline{}, errs.Errorf(errs.Gone, "Met deze link kunt u zich niet (meer) afmelden.")
	}
	f, err := s.form(r.Context(), l.Study.ID, l.Audience)
	if err != nil {
		return l, page.Decline{}, err
	}
	p := page.Decline{Frame: frame(l.Study), Link: "/v/" + chi.URLParam(r, "token"), Closes: l.Study.Closes}
	p.Frame.Unit = unitTitle(l.Audience, l.UnitCode, l.UnitName)
	if l.Study.At(s.Now()) == study.Open {
		p.Core = len(form.NewCore(f.In).Blank())
	}
	p.Reasons = declineReasons()
	return l, p, nil
}

// decline takes a choice and a second press; then it is recorded.
func (s *Server) decline(declining declining) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := parse(r); err != nil {
			return err
		}
		l, p, err := declining(r)
		if err != nil {
			return err
		}
		return s.declineOf(w, r, l, p)
	}
}

func (s *Server) declineOf(w http.ResponseWriter, r *http.Request, l store.Link, p page.Decline) error {
	if r.PostForm.Get("actie") == "toch" {
		if err := s.store.Return(r.Context(), l, s.Now()); err != nil {
			return err
		}
		return redirect(w, r, p.Link)
	}
	reason := r.PostForm.Get("reden")
	label, ok := event.ReasonLabel(reason)
	p.Note = textOf(r, "toelichting")
	for i := range p.Reasons {
		p.Reasons[i].Selected = p.Reasons[i].Value == reason
	}
	switch {
	case !ok:
		p.Problem = "Kies een reden. Zo leren wij ervan."
	case len([]rune(p.Note)) > 200:
		p.Problem = "Maak uw toelichting korter dan 200 tekens."
	}
	switch {
	case p.Problem != "":
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	case r.PostForm.Get("actie") != "bevestig":
		p.Confirm = label
		return s.render(w, r, http.StatusOK, p.View())
	}
	if err := s.store.Refuse(r.Context(), l, reason, p.Note, s.Now()); err != nil {
		return err
	}
	return redirect(w, r, p.Link+"/niet-meedoen")
}

// enterCore starts the questionnaire with the core questions only.
func (s *Server) enterCore(w http.ResponseWriter, r *http.Request) error {
	l, p, err := s.declining(r)
	if err != nil {
		return err
	}
	if p.Core == 0 {
		return errs.Errorf(errs.Gone, "De vragenlijst is nu niet open.")
	}
	f, err := s.form(r.Context(), l.Study.ID, l.Audience)
	if err != nil {
		return err
	}
	session, key, err := s.store.Enter(r.Context(), l, f.In.Edition, s.cookie(r, respondentCookie), s.Now())
	if err != nil {
		return err
	}
	s.setCookie(w, respondentCookie, session)
	if l.Started.IsZero() { // what is under way stays whole: a colleague may be at it
		if err := s.store.SetCore(r.Context(), key, true, s.Now()); err != nil {
			return err
		}
	}
	q, err := s.granted(r, session, key)
	if err != nil {
		return err
	}
	return redirect(w, r, q.next())
}

// allQuestions goes back from the core questions to all of them.
func (s *Server) allQuestions(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r)
	if err != nil {
		return err
	}
	if err := s.store.SetCore(r.Context(), q.Key, false, s.Now()); err != nil {
		return err
	}
	return redirect(w, r, q.base())
}

// reopen lets a questionnaire that was sent be corrected.
func (s *Server) reopen(w http.ResponseWriter, r *http.Request) error {
	q, err := s.open(r)
	if err != nil {
		return err
	}
	if _, err := s.store.Reopen(r.Context(), q.Key, q.by(), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, q.base()+"controleren")
}

// showCode asks for the code of a letter.
func (s *Server) showCode(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, page.CodeEntry{}.View())
}

// useCode leads from a code to the page of its link. Nothing is looked up
// before the check digit fits.
func (s *Server) useCode(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	typed := r.PostForm.Get("code")
	code, ok, typo := store.NormalCode(typed)
	switch {
	case typo:
		return s.render(w, r, http.StatusUnprocessableEntity, page.CodeEntry{Code: typed, Problem: "Er zit een typefout in de code. Kijk hem nog eens na."}.View())
	case !ok:
		return s.render(w, r, http.StatusUnprocessableEntity, page.CodeEntry{Code: typed, Problem: "Vul de hele code uit uw brief in: zeventien letters en cijfers."}.View())
	}
	if _, err := s.linkByToken(r, code); errs.KindOf(err) == errs.NotFound {
		return s.render(w, r, http.StatusNotFound, page.CodeEntry{Code: typed, Problem: "Deze code kennen wij niet. Kijk hem na, of bel ons."}.View())
	} else if err != nil {
		return err
	}
	return redirect(w, r, "/v/"+code)
}

// showBlank shows the whole questionnaire without answers.
func (s *Server) showBlank(w http.ResponseWriter, r *http.Request) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	f, err := s.form(r.Context(), st.ID, chi.URLParam(r, "audience"))
	if err != nil {
		return err
	}
	p := blank(f)
	p.Frame, p.Closes = frame(st), st.Closes
	return s.render(w, r, http.StatusOK, p.View())
}

// blank is the questionnaire on paper.
func blank(f *form.Form) page.Blank {
	p := page.Blank{Title: f.In.Title, Minutes: f.In.Minutes}
	section := -1
	for _, question := range f.Blank() {
		if question.Section != section {
			section = question.Section
			in := f.In.Sections[section]
			p.Sections = append(p.Sections, page.BlankSection{No: len(p.Sections) + 1, Title: in.Title, Intro: in.Intro})
		}
		last := &p.Sections[len(p.Sections)-1]
		last.Questions = append(last.Questions, page.BlankQuestion{No: question.No, View: question.View, When: question.When})
	}
	return p
}

// makeCode makes a letter code and shows it once.
func (s *Server) makeCode(w http.ResponseWriter, r *http.Request, a account.Account) error {
	_, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	code, err := s.store.AddCode(r.Context(), u.ID, store.Actor{Kind: event.ByStaff, ID: a.ID}, s.Now())
	if err != nil {
		return err
	}
	return s.renderUnit(w, r, a, s.link("/v/"+code))
}

// notes says per section which colleague filled it in, or has it.
func (s *Server) notes(r *http.Request, q *questionnaire, parts []form.Part) ([]string, error) {
	colleagues, err := s.store.Colleagues(r.Context(), q.Key, q.contact)
	if err != nil || len(colleagues) < 2 {
		return nil, err
	}
	by, err := s.store.SavedBy(r.Context(), q.Key)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, c := range colleagues {
		if c.Contact != q.contact && c.Name != "" {
			names[c.Contact] = c.Name
		}
	}
	filled := map[int][]string{}
	for _, p := range q.form.Visible(q.Values) {
		if name := names[by[p.ID]]; name != "" && !slices.Contains(filled[p.Section], name) {
			filled[p.Section] = append(filled[p.Section], name)
		}
	}
	notes := make([]string, len(parts))
	for i, part := range parts {
		if who := filled[part.Section]; who != nil {
			notes[i] = "Ingevuld door " + strings.Join(who, " en ")
			continue
		}
		for _, c := range colleagues {
			if c.Ended.IsZero() && names[c.Contact] != "" && slices.Contains(c.Sections, q.form.In.Sections[part.Section].ID) {
				notes[i] = "Doorgestuurd naar " + c.Name + " op " + ui.DayMonth(c.Since)
			}
		}
	}
	return notes, nil
}
