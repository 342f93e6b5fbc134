package server

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/call"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/worker"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// fieldwork are the pages of those who call, and of all that is done for one
// unit by hand.
func (s *Server) fieldwork(r routes) {
	only := func(h staffHandler) handler { return s.staff(may(account.Fieldwork, h)) }
	const study = "/beheer/{study}"
	r.show(study+"/bellen", only(s.showCalls))
	r.post(study+"/bellen", only(s.nextCall))
	const call = study + "/bellen/{audience}/{code}"
	r.show(call, only(s.showCall))
	r.post(call, only(s.saveCall))
	r.post(call+"/reserveer", only(s.reserveCall))
	r.post(call+"/blijf", only(s.prolongCall))
	r.post(call+"/los", only(s.freeCall))
	r.show(study+"/dekking", only(s.showCovers))

	const unit = study + "/eenheden/{audience}/{code}"
	r.show(unit+"/contacten/nieuw", only(s.showNewContact))
	r.post(unit+"/contacten/nieuw", only(s.addContact))
	r.show(unit+"/contacten/{contact}/vervang", only(s.showNewContact))
	r.post(unit+"/contacten/{contact}/vervang", only(s.addContact))
	r.post(unit+"/contacten/{contact}/eerder", only(s.raiseContact))
	r.show(unit+"/contacten/{contact}/link", only(s.showSendLink))
	r.post(unit+"/contacten/{contact}/link", only(s.sendLink))
	r.show(unit+"/uitkomst", only(s.showOutcome))
	r.post(unit+"/uitkomst", only(s.saveOutcome))
	r.show(unit+"/herroep/{event}", only(s.showRecall))
	r.post(unit+"/herroep/{event}", only(s.recall))
	r.show(unit+"/dekking", only(s.showAddCover))
	r.post(unit+"/dekking", only(s.addCover))
	r.post(unit+"/bevestig", only(s.decideClaim))

	r.post(unit+"/afnemen", only(s.take))
	const taking = unit + takePath + "{mode}/"
	as := func(h handler) handler { return only(s.taking(h)) }
	r.show(taking, as(s.showSections))
	r.post(taking, as(s.goOn))
	r.show(taking+"controleren", as(s.showReview))
	r.post(taking+"controleren", as(s.submit))
	r.show(taking+"ontvangst", as(s.showReceipt))
	// What was sent is for who may see answers with a name, and says why.
	r.show(taking+"antwoorden", s.staff(may(account.SeeAnswers, s.taking(s.toUnitAnswers))))
	r.show(taking+"antwoorden.pdf", s.staff(may(account.SeeAnswers, s.taking(s.toUnitAnswers))))
	r.post(taking+"wijzigen", as(s.reopen))
	r.post(taking+"alle-vragen", as(s.allQuestions))
	r.show(taking+"{page}", as(s.showPage))
	r.post(taking+"{page}", as(s.savePage))
}

func staffActor(a account.Account) store.Actor { return store.Actor{Kind: event.ByStaff, ID: a.ID} }

func unitPath(st study.Study, audience, code string) string {
	return "/beheer/" + st.Slug + "/eenheden/" + audience + "/" + url.PathEscape(code)
}

func callPath(st study.Study, audience, code string) string {
	return "/beheer/" + st.Slug + "/bellen/" + audience + "/" + url.PathEscape(code)
}

// turns returns whom to call, with those of now in order.
func (s *Server) turns(r *http.Request, st study.Study) (store.CallList, error) {
	list, err := s.store.CallTurns(r.Context(), st, s.Now())
	if err != nil || len(list.Turns) == 0 {
		return list, err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return list, err
	}
	ids := make([]int64, len(list.Turns))
	for i, t := range list.Turns {
		ids[i] = t.Unit
	}
	var populations []call.Population
	for _, aud := range audiences {
		groups, known, err := s.store.Strata(r.Context(), aud, ids)
		if err != nil {
			return list, err
		}
		names := make([]string, len(aud.Strata))
		for i, id := range aud.Strata {
			names[i] = columnLabel(aud, id)
		}
		populations = append(populations, call.NewPopulation(names, groups, known))
	}
	list.Turns = call.Order(list.Turns, populations)
	return list, nil
}

// shownTurns is how many units the list of calls names. Who calls takes the
// first.
const shownTurns = 25

// showCalls lists whom to call.
func (s *Server) showCalls(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	list, err := s.turns(r, st)
	if err != nil {
		return err
	}
	turns, later := list.Turns, list.Later
	units, err := s.store.UnitCodes(r.Context(), st.ID)
	if err != nil {
		return err
	}
	taken, err := s.store.Reservations(r.Context(), st.ID, s.Now())
	if err != nil {
		return err
	}
	p := page.Calls{Staff: s.staffFrame(a, st, "bellen"), Now: s.Now(), N: len(turns), CoversPath: "/beheer/" + st.Slug + "/dekking", None: r.URL.Query().Has("op"), Next: list.Next, NextN: list.NextN}
	row := func(t call.Turn) page.CallTurn {
		u := units[t.Unit]
		out := page.CallTurn{Path: callPath(st, u.Audience, u.Code), Code: u.Code, Name: u.Name, Audience: audienceMany(u.Audience), Why: t.Why, Appointment: t.Appointment}
		if held, ok := taken[t.Unit]; ok {
			out.Held, out.Mine = held.Name, held.Account == a.ID
		}
		return out
	}
	for _, t := range turns[:min(len(turns), shownTurns)] {
		p.Turns = append(p.Turns, row(t))
	}
	slices.SortFunc(later, func(a, b call.Turn) int {
		return cmp.Or(a.Appointment.Compare(b.Appointment), cmp.Compare(a.Unit, b.Unit))
	})
	for _, t := range later {
		p.Later = append(p.Later, row(t))
	}
	p.Closed = !st.Field().Calendar.Open(s.Now(), 0)
	return s.render(w, r, http.StatusOK, p.View())
}

// nextCall reserves the next unit for who asks, and leads to it. The unit that
// was skipped goes to the back.
func (s *Server) nextCall(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	return s.goToNext(w, r, a, st, textOf(r, "na"))
}

func (s *Server) goToNext(w http.ResponseWriter, r *http.Request, a account.Account, st study.Study, after string) error {
	list, err := s.turns(r, st)
	if err != nil {
		return err
	}
	units, err := s.store.UnitCodes(r.Context(), st.ID)
	if err != nil {
		return err
	}
	var ids []int64
	for _, t := range list.Turns {
		ids = append(ids, t.Unit)
	}
	if i := slices.IndexFunc(ids, func(id int64) bool { return after != "" && units[id].Audience+"/"+units[id].Code == after }); i >= 0 {
		ids = slices.Concat(ids[i+1:], ids[:i])
	}
	got, err := s.store.Reserve(r.Context(), ids, a.ID, s.Now())
	if err != nil {
		return err
	}
	if got == 0 {
		return redirect(w, r, "/beheer/"+st.Slug+"/bellen?op")
	}
	return redirect(w, r, callPath(st, units[got].Audience, units[got].Code))
}

// reserveCall reserves one unit, whoever is next.
func (s *Server) reserveCall(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if _, err := s.store.Reserve(r.Context(), []int64{u.ID}, a.ID, s.Now()); err != nil {
		return err
	}
	return redirect(w, r, callPath(st, u.Audience, u.Code)) // which says so if somebody else has it
}

// prolongCall keeps the unit while the page is open; the page's script asks it.
func (s *Server) prolongCall(w http.ResponseWriter, r *http.Request, a account.Account) error {
	_, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if _, err := s.store.Prolong(r.Context(), u.ID, a.ID, s.Now()); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// freeCall gives the unit back.
func (s *Server) freeCall(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	if err := s.store.Free(r.Context(), u.ID, a.ID); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+"/bellen")
}

// showCall is the page of a call.
func (s *Server) showCall(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderCall(w, r, a, http.StatusOK, page.Call{Request: store.NewToken()})
}

// renderCall completes a page that holds what was filled in and what was wrong
// with it.
func (s *Server) renderCall(w http.ResponseWriter, r *http.Request, a account.Account, status int, p page.Call) error {
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	file, err := s.store.UnitFile(r.Context(), u.ID)
	if err != nil {
		return err
	}
	messages, err := s.store.UnitMessages(r.Context(), u.ID)
	if err != nil {
		return err
	}
	if _, err := s.store.Prolong(r.Context(), u.ID, a.ID, s.Now()); err != nil {
		return err
	}
	held, err := s.store.Reservations(r.Context(), st.ID, s.Now())
	if err != nil {
		return err
	}
	turn, decision, err := s.store.CallTurn(r.Context(), st, u.ID, s.Now())
	if err != nil {
		return err
	}
	p.Staff = s.staffFrame(a, st, "bellen")
	p.Code, p.Name, p.Audience = u.Code, unitTitle(u.Audience, u.Code, u.Name), audienceMany(u.Audience)
	p.State = stateOfUnit(u)
	p.ListPath, p.UnitPath, p.Path = "/beheer/"+st.Slug+"/bellen", unitPath(st, u.Audience, u.Code), callPath(st, u.Audience, u.Code)
	p.Skip = u.Audience + "/" + u.Code
	if h, ok := held[u.ID]; ok && h.Account == a.ID {
		p.Mine = true
	} else if ok {
		p.HeldBy = h.Name
	}
	p.Appointment = turn.Appointment
	if turn.Unit == 0 {
		p.NotDue = cmp.Or(decision.Why, "Bellen is nu niet aan de beurt.")
	}
	p.Events = timeline(p.UnitPath, a, file, messages)
	for _, c := range file.Contacts {
		if c.Ended.IsZero() {
			p.Contacts = append(p.Contacts, contactOf("", c))
		}
	}
	if p.Contact == 0 {
		p.Contact = cmp.Or(turn.Contact, decision.Contact)
	}
	first := firstWithPhone(file.Contacts, p.Contact)
	p.Contact = first.ID
	if p.Script, err = s.script(r, a, st, callStep(st, decision, turn), u, file, first); err != nil {
		return err
	}
	p.Outcomes, p.Reasons = call.Outcomes, event.Reasons
	return s.render(w, r, status, p.View())
}

// firstWithPhone is whom to ask for: the contact that is meant, or else the first
// with a number, or else the first.
func firstWithPhone(contacts []store.Contact, meant int64) store.Contact {
	var best store.Contact
	for _, c := range contacts {
		switch {
		case !c.Ended.IsZero():
		case c.ID == meant:
			return c
		case best.ID == 0 || best.Phone == "" && c.Phone != "":
			best = c
		}
	}
	return best
}

// callStep is the step that a call belongs to: the one that is due, or that of
// the appointment, or else the first by telephone.
func callStep(st study.Study, d contactplan.Decision, t call.Turn) contactplan.Step {
	if d.Due && d.Step.Channel == contactplan.Phone {
		return d.Step
	}
	plan := st.Field().Plan
	if s, ok := plan.Step(t.Step); ok && s.Channel == contactplan.Phone {
		return s
	}
	i := slices.IndexFunc(plan.Steps, func(s contactplan.Step) bool { return s.Channel == contactplan.Phone })
	if i < 0 {
		return contactplan.Step{}
	}
	return plan.Steps[i]
}

// script is what the caller says, filled in for one contact.
func (s *Server) script(r *http.Request, a account.Account, st study.Study, step contactplan.Step, u store.Unit, file store.UnitFile, c store.Contact) ([]page.ScriptPart, error) {
	f, err := s.form(r.Context(), st.ID, u.Audience)
	if err != nil {
		return nil, err
	}
	wordings, err := s.store.Wordings(r.Context(), st.ID)
	if err != nil {
		return nil, err
	}
	m := store.Outgoing{Step: step.ID, Template: cmp.Or(step.Template, "telefoon"), Wordings: wordings, Study: st, UnitCode: u.Code, UnitName: unitTitle(u.Audience, u.Code, u.Name), Unit: contactplan.Unit{ID: u.ID, Audience: u.Audience}, Contact: c, Response: file.Response}
	t, ok := m.Text(contactplan.Phone)
	if !ok {
		return nil, errs.Errorf(errs.NotFound, "De tekst van het gesprek is er niet.")
	}
	fields := worker.Fields(m, f, worker.Keys{}, s.BaseURL, "", s.Now())
	fields.Caller = a.Handle()
	text, problems := contactplan.Render(t, fields)
	if len(problems) > 0 {
		return []page.ScriptPart{{Title: "De tekst klopt niet", Lines: []string{problems[0].String()}}}, nil
	}
	var parts []page.ScriptPart
	for _, b := range text.Blocks {
		for _, line := range b.Lines {
			words := ""
			for _, span := range line {
				words += span.Text
			}
			switch {
			case b.Kind == contactplan.Heading || len(parts) == 0:
				parts = append(parts, page.ScriptPart{Title: words})
			default:
				last := &parts[len(parts)-1]
				last.Lines = append(last.Lines, words)
			}
		}
	}
	return parts, nil
}

// saveCall records what a call came to.
func (s *Server) saveCall(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	posted := call.Posted{Outcome: r.PostForm.Get("uitkomst"), Date: textOf(r, "datum"), Time: textOf(r, "tijd"), Reason: r.PostForm.Get("reden"), Note: textOf(r, "notitie"), Email: textOf(r, "email")}
	result, problems := call.Read(posted, s.Now(), st.Closes, amsterdam)
	p := page.Call{Request: rendering(r.PostForm), Posted: posted, Problems: problems, Contact: idOf(r.PostForm.Get("contact"))}
	if p.Request == "" {
		p.Request = store.NewToken()
	}
	if len(problems) == 0 && result.ID == call.SendLink && p.Contact == 0 {
		p.Problems = []call.Problem{{Field: "uitkomst", Text: "Deze eenheid heeft geen contact. Voeg eerst een contact toe, en stuur dan de link."}}
	}
	if len(p.Problems) > 0 {
		return s.renderCall(w, r, a, http.StatusUnprocessableEntity, p)
	}
	turn, _, err := s.store.CallTurn(r.Context(), st, u.ID, s.Now())
	if err != nil {
		return err
	}
	err = s.store.AddCall(r.Context(), store.NewCall{Unit: u.ID, Contact: p.Contact, Step: turn.Step, Request: p.Request, Result: result, Account: a.ID, Now: s.Now()})
	if errs.KindOf(err) == errs.Invalid {
		p.Problems = []call.Problem{{Field: "email", Text: errs.Public(err)}}
		return s.renderCall(w, r, a, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return s.afterCall(w, r, a, st, u, result, p.Contact)
}

// afterCall leads on from a call that was recorded.
func (s *Server) afterCall(w http.ResponseWriter, r *http.Request, a account.Account, st study.Study, u store.Unit, result call.Result, contact int64) error {
	own := unitPath(st, u.Audience, u.Code)
	switch {
	case result.ID == call.TakeCore:
		return s.startTaking(w, r, a, u, "tel", true)
	case result.ID == call.WrongNumber && contact != 0:
		return redirect(w, r, own+"/contacten/"+idText(contact)+"/vervang")
	case result.ID == call.OtherPerson || result.ID == call.WrongNumber:
		return redirect(w, r, own+"/contacten/nieuw")
	case r.PostForm.Get("actie") == "stop":
		return redirect(w, r, "/beheer/"+st.Slug+"/bellen")
	}
	return s.goToNext(w, r, a, st, "")
}

// timeline puts the events of a unit, its messages and its calls in one history,
// newest first.
func timeline(path string, a account.Account, file store.UnitFile, messages []store.Message) []page.UnitEvent {
	names := map[int64]string{}
	for _, c := range file.Contacts {
		names[c.ID] = cmp.Or(c.Name, c.Role, "Algemeen adres")
	}
	calls := map[int64]store.Call{}
	for _, c := range file.Calls {
		calls[c.Event] = c
	}
	recalls := map[int64]event.Event{}
	for _, e := range file.Events {
		if e.Kind == event.Recalled {
			recalls[e.Recalls] = e
		}
	}
	who := func(e event.Event) string {
		switch e.Actor {
		case event.ByStaff:
			return file.Staff[e.ActorID]
		case event.ByRespondent:
			return names[e.ActorID]
		}
		return ""
	}
	sent := map[int64]store.Message{}
	var out []page.UnitEvent
	for _, m := range messages {
		if m.Event != 0 {
			sent[m.Event] = m
			continue
		}
		out = append(out, page.UnitEvent{When: messageTime(m), Title: messageTitle(m), Message: messageOf(a, m, names)})
	}
	for _, e := range file.Events {
		if e.Kind == event.Recalled {
			continue // told at the event that it takes back
		}
		line := page.UnitEvent{ID: e.ID, When: e.Occurred, Title: e.Kind.Title(), Note: e.Note, Theirs: e.Actor == event.ByRespondent, Channel: channelTitle(e.Channel)}
		if d := e.Recorded.Sub(e.Occurred); d >= time.Minute {
			line.Recorded = e.Recorded
		}
		if m, ok := sent[e.ID]; ok {
			line.Message = messageOf(a, m, names)
		}
		c, called := calls[e.ID]
		if called {
			line.Again = c.Again
		}
		if a.Role.May(account.SeeContacts) {
			line.Who = who(e)
			if called {
				line.Words = c.Note
				line.To = names[c.Contact]
			}
		}
		if back, ok := recalls[e.ID]; ok {
			line.Recall = &page.Recall{When: back.Occurred, Why: back.Note}
			if a.Role.May(account.SeeContacts) {
				line.Recall.Who = who(back)
			}
		} else if a.Role.May(account.Fieldwork) && e.Kind.Recallable() {
			line.RecallPath = path + "/herroep/" + idText(e.ID)
		}
		out = append(out, line)
	}
	slices.SortStableFunc(out, func(a, b page.UnitEvent) int { return cmp.Or(b.When.Compare(a.When), cmp.Compare(b.ID, a.ID)) })
	return out
}

func messageTime(m store.Message) time.Time {
	switch {
	case !m.Begun.IsZero():
		return m.Begun
	case !m.Done.IsZero():
		return m.Done
	}
	return m.Queued
}

// messageTitles are the texts in the words of the time line.
var messageTitles = map[string]string{
	"uitnodiging": "Uitnodiging", "herinnering1": "Eerste herinnering", "herinnering2": "Tweede herinnering", "link": "Link opnieuw", "claim": "Bericht dat een ander antwoordt",
	"doorgestuurd": "Bericht aan een collega", "doorgestuurd_afzender": "Bericht over het doorsturen", "ontvangst": "Ontvangstbewijs", "spiegel": "Spiegelrapport",
}

func messageTitle(m store.Message) string {
	return cmp.Or(messageTitles[m.Template], ui.Upper(m.Template)) + " per " + m.Channel.Title()
}

// messageStates are the states of a message in words.
var messageStates = map[string]string{
	store.Waiting: "wacht op verzending", store.Begun: "wordt nu verstuurd", store.Sent: "verstuurd", store.Unsure: "misschien verstuurd; een mens kijkt",
	store.Returned: "kwam niet aan", store.Withdrawn: "niet verstuurd",
}

// messageOf is a message on the time line; what it said only for those who may
// see contacts.
func messageOf(a account.Account, m store.Message, names map[int64]string) *page.SentMessage {
	out := &page.SentMessage{State: cmp.Or(messageStates[m.State], m.State), Bad: m.State == store.Unsure || m.State == store.Returned}
	if a.Role.May(account.SeeContacts) {
		out.To, out.Address, out.Subject, out.Text, out.Reply = cmp.Or(m.Name, names[m.Contact]), m.Address, m.Subject, m.Text, m.Reply
	}
	return out
}

// channelTitle says how something came in.
func channelTitle(channel string) string {
	switch channel {
	case "web":
		return "op de site"
	case "tel":
		return "telefonisch"
	case "paper":
		return "op papier"
	case "mail":
		return "per e-mail"
	case "brief":
		return "per brief"
	}
	return channel
}
