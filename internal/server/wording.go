package server

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/worker"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// wordingPages binds the pages with the texts of a study.
func (s *Server) wordingPages(r routes) {
	r.show("/beheer/{study}/aan-de-slag", s.staff(may(account.SeeSetup, s.showStart)))
	r.show("/beheer/{study}/teksten", s.staff(may(account.SeePlan, s.showWordings)))
	r.show("/beheer/{study}/teksten/{step}/{version}", s.staff(may(account.EditPlan, s.showWording)))
	r.post("/beheer/{study}/teksten/{step}/{version}", s.staff(may(account.EditPlan, s.editWording)))
	r.show("/beheer/{study}/teksten/{step}/{version}/html", s.staff(may(account.EditPlan, s.showWordingHTML)))
}

// ProofsBy says what sends proofs of texts. Without it nobody can mail one.
func (s *Server) ProofsBy(m *worker.Mailer) { s.mailer = m }

// versionSlugs are the versions of a text as they stand in an address.
var versionSlugs = map[string]contactplan.Channel{"mail": contactplan.Mail, "brief": contactplan.Letter, "telefoon": contactplan.Phone}

func versionSlug(v contactplan.Channel) string {
	for slug, c := range versionSlugs {
		if c == v {
			return slug
		}
	}
	return ""
}

// outsideLadder are the texts of messages that are no step.
var outsideLadder = []struct{ id, title string }{
	{"link", "De link nog eens"}, {"ontvangst", "Bewijs van ontvangst"}, {"claim", "Een ander antwoordt ook voor u"}, {"spiegel", "Spiegelrapport"},
	{"doorgestuurd", "Doorgestuurd, aan de collega"}, {"doorgestuurd_afzender", "Doorgestuurd, aan de afzender"},
}

// A wordingText is one text that a study may word itself.
type wordingText struct {
	contactplan.Wording
	template string
	title    string
	ladder   bool
}

// wordingTexts are all texts of a study, in the order of the ladder.
func wordingTexts(st study.Study) []wordingText {
	var out []wordingText
	for _, step := range st.Field().Plan.Steps {
		versions := []contactplan.Channel{step.Channel}
		if step.Channel == contactplan.Mail { // goes by letter to who has no mail
			versions = append(versions, contactplan.Letter)
		}
		for _, v := range versions {
			out = append(out, wordingText{contactplan.Wording{Step: step.ID, Version: v}, step.Template, step.Title, true})
		}
	}
	for _, o := range outsideLadder {
		out = append(out, wordingText{contactplan.Wording{Step: o.id, Version: contactplan.Mail}, o.id, o.title, false})
	}
	return out
}

// of returns the wording for an audience, as it is now.
func (t wordingText) of(all contactplan.Wordings, audience string) (contactplan.Template, bool) {
	return all.Text(t.Step, t.template, t.Version, audience)
}

// showWordings lists the texts of a study.
func (s *Server) showWordings(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	all, err := s.store.Wordings(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.Wordings{Staff: s.staffFrame(a, st, "plan"), MayEdit: a.May(account.EditPlan)}
	for _, t := range wordingTexts(st) {
		row := page.WordingRow{Title: t.title, How: t.Version.Title(), Path: p.Base + page.WordingPath + "/" + t.Step + "/" + versionSlug(t.Version)}
		if _, ok := all.Own(t.Step, t.Version, ""); ok {
			row.Own = append(row.Own, "eigen tekst")
		}
		for _, o := range all {
			if o.Step == t.Step && o.Version == t.Version && o.Audience != "" && o.Source != "" {
				row.Own = append(row.Own, "eigen tekst voor "+strings.ToLower(audienceMany(o.Audience)))
			}
		}
		if tpl, ok := t.of(all, ""); ok {
			row.Hints = len(tpl.Hints(t.ladder))
			row.Subject, _ = tpl.Parts()
		}
		if t.ladder {
			p.Ladder = append(p.Ladder, row)
		} else {
			p.Other = append(p.Other, row)
		}
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// A wording is a text that somebody is looking at.
type wording struct {
	wordingText
	st        study.Study
	all       contactplan.Wordings
	versions  []store.WordingVersion
	audiences []string
	base      int64
	subject   string
	body      string
	draft     time.Time // of what somebody is writing; zero for the text as it is
	unit      int64     // whose message is shown; 0 for a made-up one
}

// wordingOf reads the text that an address names, as the account is writing it.
func (s *Server) wordingOf(r *http.Request, a account.Account) (wording, error) {
	var t wording
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return t, err
	}
	texts, version := wordingTexts(st), versionSlugs[chi.URLParam(r, "version")]
	i := slices.IndexFunc(texts, func(x wordingText) bool { return x.Step == chi.URLParam(r, "step") && x.Version == version })
	if i < 0 {
		return t, errs.Errorf(errs.NotFound, "Deze tekst is er niet in dit onderzoek.")
	}
	t = wording{wordingText: texts[i], st: st}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return t, err
	}
	for _, aud := range audiences {
		t.audiences = append(t.audiences, aud.Name)
	}
	if t.Audience = r.URL.Query().Get("doelgroep"); t.Audience != "" && !slices.Contains(t.audiences, t.Audience) {
		return t, errs.Errorf(errs.NotFound, "Deze doelgroep is er niet in dit onderzoek.")
	}
	if t.all, err = s.store.Wordings(r.Context(), st.ID); err != nil {
		return t, err
	}
	if t.versions, err = s.store.WordingVersions(r.Context(), st.ID, t.Wording); err != nil {
		return t, err
	}
	if len(t.versions) > 0 {
		t.base = t.versions[0].ID
	}
	now, ok := t.of(t.all, t.Audience)
	if !ok {
		return t, errs.Errorf(errs.NotFound, "Van deze tekst is er geen versie.")
	}
	t.subject, t.body = now.Parts()
	if a.May(account.SeeContacts) {
		t.unit, _ = strconv.ParseInt(cmp.Or(r.PostFormValue("voor"), r.URL.Query().Get("voor")), 10, 64) // another word is the made-up one
	}
	d, ok, err := s.store.DraftedWording(r.Context(), st.ID, a.ID, t.Wording)
	if ok {
		t.subject, t.body, t.base, t.draft = d.Subject, d.Body, d.Base, d.Made
	}
	return t, err
}

func (t wording) path() string {
	return "/beheer/" + t.st.Slug + page.WordingPath + "/" + t.Step + "/" + versionSlug(t.Version)
}

func (t wording) query() string {
	q := url.Values{}
	if t.Audience != "" {
		q.Set("doelgroep", t.Audience)
	}
	if t.unit != 0 {
		q.Set("voor", strconv.FormatInt(t.unit, 10))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// parsed reads the text as it is typed; what must be mended has the line of the
// body, or field "onderwerp".
func (t wording) parsed() (contactplan.Template, []ui.Message) {
	tpl, problems := contactplan.ParseTemplate(contactplan.Source(t.template, t.Version, t.subject, t.body))
	return tpl, t.messages(problems)
}

func (t wording) messages(problems []contactplan.Problem) []ui.Message {
	var out []ui.Message
	for _, p := range problems {
		line := p.Line - contactplan.BodyLine(t.Version) + 1
		switch {
		case line >= 1:
			out = append(out, ui.Message{Field: "tekst", Text: fmt.Sprintf("Regel %d, teken %d: %s", line, p.Column, p.Text)})
		case t.Version != contactplan.Phone && p.Line > 0:
			out = append(out, ui.Message{Field: "onderwerp", Text: p.Text})
		default:
			out = append(out, ui.Message{Field: "tekst", Text: p.Text})
		}
	}
	return out
}

// filled is a text filled in for somebody.
type filled struct {
	contactplan.Message
	out    store.Outgoing
	fields contactplan.Fields
}

// fill fills in the text for the unit that was chosen, or one that is made up.
func (s *Server) fill(r *http.Request, t wording, tpl contactplan.Template, m store.Outgoing) (filled, []ui.Message, error) {
	f, err := s.form(r.Context(), t.st.ID, m.Unit.Audience)
	if err != nil {
		return filled{}, nil, err
	}
	fields := worker.Fields(m, f, worker.NewKeys(m), s.BaseURL, "voorbeeld", s.Now())
	fields.Caller = "de beller"
	fields = fields.Redacted()
	message, problems := contactplan.Render(tpl, fields)
	return filled{message, m, fields}, t.messages(problems), nil
}

// addressee is whose message is shown: a unit that was chosen, or a made-up one.
func (s *Server) addressee(r *http.Request, t wording) (store.Outgoing, error) {
	if t.unit == 0 {
		return madeUp(t, true), nil
	}
	u, err := s.store.Approach(r.Context(), t.unit)
	if err != nil {
		return store.Outgoing{}, err
	}
	i := slices.IndexFunc(u.Contacts, func(c contactplan.Contact) bool { return !c.Ended })
	if i < 0 {
		return madeUp(t, true), nil
	}
	m, err := s.store.Preview(r.Context(), t.st, u.ID, u.Contacts[i].ID, t.Step, t.Version, t.template)
	m.Extra = madeUp(t, true).Extra
	return m, err
}

// madeUp is a message to somebody who is not there: a person, or the general
// address of an organisation.
func madeUp(t wording, person bool) store.Outgoing {
	audience := cmp.Or(t.Audience, t.audiences[0])
	m := store.Outgoing{Step: t.Step, Channel: t.Version, Template: t.template, Study: t.st, UnitCode: "X0000", UnitName: unitTitle(audience, "Voorbeeldstad", ""),
		Unit: contactplan.Unit{ID: 1, Audience: audience},
		Contact: store.Contact{ID: 1, Salutation: "mevrouw", Name: "A. de Vries", Email: "a.devries@voorbeeld.example", Phone: "088 - 000 01 23",
			Address: "Postbus 1\n1234 AB Voorbeeldstad"},
		Extra: map[string]string{"collega": "J. Bakker", "ander": "Buurgemeente", "ontvangst": "ABCD-2345", "moment": "maandag 23 november 2026 om 14.02 uur"}}
	if !person {
		m.Contact.General, m.Contact.Salutation, m.Contact.Name, m.Contact.Role = true, "", "", "de beleidsmedewerker jeugd"
	}
	return m
}

// checked says what must be mended in a text before it can go to everybody: it is
// filled in for a person, for a general address and for each audience.
func (s *Server) checked(r *http.Request, t wording) (contactplan.Template, []ui.Message, error) {
	tpl, problems := t.parsed()
	if len(problems) > 0 {
		return tpl, problems, nil
	}
	for _, audience := range t.audiences {
		if t.Audience != "" && t.Audience != audience {
			continue
		}
		one := t
		one.Audience = audience
		for _, person := range []bool{true, false} {
			_, wrong, err := s.fill(r, one, tpl, madeUp(one, person))
			if err != nil {
				return tpl, nil, err
			}
			for _, w := range wrong {
				if !slices.Contains(problems, w) {
					problems = append(problems, w)
				}
			}
		}
	}
	return tpl, problems, nil
}

func (s *Server) showWording(w http.ResponseWriter, r *http.Request, a account.Account) error {
	t, err := s.wordingOf(r, a)
	if err != nil {
		return err
	}
	return s.renderWording(w, r, a, http.StatusOK, t, page.WordingEdit{Done: r.URL.Query().Get("gedaan")})
}

// renderWording draws the editor, with the preview of what stands in it.
func (s *Server) renderWording(w http.ResponseWriter, r *http.Request, a account.Account, status int, t wording, p page.WordingEdit) error {
	p.Staff = s.staffFrame(a, t.st, "plan")
	p.Title, p.How, p.Path, p.Query = t.title, t.Version.Title(), t.path(), t.query()
	p.Subject, p.HasSubject, p.Body, p.From, p.Draft = t.subject, t.Version != contactplan.Phone, t.body, strconv.FormatInt(t.base, 10), t.draft
	_, p.Own = t.all.Own(t.Step, t.Version, t.Audience)
	p.TestTo, p.CanTest = a.Email, t.Version == contactplan.Mail && s.mailer != nil
	p.Audience = t.Audience
	for _, name := range t.audiences {
		p.Audiences = append(p.Audiences, page.Choice{Value: name, Label: audienceMany(name), Selected: name == t.Audience})
	}
	m, err := s.addressee(r, t)
	if err != nil {
		return err
	}
	if p.Preview, err = s.wordingPreview(r, t, m); err != nil {
		return err
	}
	f, err := s.form(r.Context(), t.st.ID, m.Unit.Audience)
	if err != nil {
		return err
	}
	fields := worker.Fields(m, f, worker.NewKeys(m), s.BaseURL, "voorbeeld", s.Now())
	fields.Caller = a.Handle()
	p.Fields = contactplan.FieldsHelp(fields.Redacted())
	if p.For, err = s.wordingUnits(r, a, t); err != nil {
		return err
	}
	for i, v := range t.versions {
		p.Versions = append(p.Versions, page.WordingVersion{ID: v.ID, When: v.Made, Who: v.Who, Reason: v.Reason, Standard: v.Source == "", Now: i == 0})
	}
	w.Header().Set("Content-Security-Policy", csp+"; frame-src 'self'")
	return s.render(w, r, status, p.View())
}

// wordingPreview is the text as its readers get it, or why it cannot be.
func (s *Server) wordingPreview(r *http.Request, t wording, m store.Outgoing) (page.WordingPreview, error) {
	var p page.WordingPreview
	tpl, problems, err := s.checked(r, t)
	if err != nil {
		return p, err
	}
	for _, x := range problems {
		p.Problems = append(p.Problems, x.Text)
	}
	one, wrong, err := s.fill(r, t, tpl, m)
	if err != nil || len(wrong) > 0 || len(problems) > 0 {
		return p, err
	}
	for _, h := range tpl.Hints(t.ladder) {
		text := h.Text
		if h.Line > 0 {
			text = fmt.Sprintf("Regel %d: %s", h.Line-contactplan.BodyLine(t.Version)+1, text)
		}
		p.Hints = append(p.Hints, text)
	}
	p.To, p.Subject, p.Text = strings.TrimSpace(m.Contact.Name+" "+m.Contact.Email), one.Subject, one.Text
	if t.Version != contactplan.Phone {
		p.FramePath = t.path() + "/html" + t.query()
	}
	return p, nil
}

// wordingUnits are the units whose message can be looked at, for who may see them.
func (s *Server) wordingUnits(r *http.Request, a account.Account, t wording) ([]page.Choice, error) {
	if !a.May(account.SeeContacts) {
		return nil, nil
	}
	codes, err := s.store.UnitCodes(r.Context(), t.st.ID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for id, u := range codes {
		if t.Audience == "" || u.Audience == t.Audience {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var names []string
	for _, id := range ids {
		names = append(names, codes[id].Name)
	}
	var out []page.Choice
	for _, e := range contactplan.Examples(names, exampleSeed) {
		u := codes[ids[e.Index]]
		out = append(out, page.Choice{Value: strconv.FormatInt(ids[e.Index], 10), Label: unitTitle(u.Audience, u.Code, u.Name) + " (" + e.Why + ")", Selected: ids[e.Index] == t.unit})
	}
	return out, nil
}

// showWordingHTML is the message as a page of its own, for the frames.
func (s *Server) showWordingHTML(w http.ResponseWriter, r *http.Request, a account.Account) error {
	t, err := s.wordingOf(r, a)
	if err != nil {
		return err
	}
	tpl, problems := t.parsed()
	if len(problems) > 0 {
		return errs.Errorf(errs.Conflict, "In deze tekst moet nog iets worden verbeterd.")
	}
	m, err := s.addressee(r, t)
	if err != nil {
		return err
	}
	one, problems, err := s.fill(r, t, tpl, m)
	if err == nil && len(problems) > 0 {
		err = errs.Errorf(errs.Conflict, "In deze tekst moet nog iets worden verbeterd.")
	}
	if err != nil {
		return err
	}
	html := []byte(one.HTML)
	if t.Version == contactplan.Letter {
		if html, err = s.letterHTML(r, one); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Security-Policy", mailCSP)
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write(html)
	return err
}

// letterHTML is a letter as it is printed. Its QR code leads nowhere.
func (s *Server) letterHTML(r *http.Request, one filled) ([]byte, error) {
	l := letter{fields: one.fields, message: one.Message}
	l.address = contactplan.Envelope(one.fields.Name, one.out.Contact.Salutation, one.out.Contact.Name, one.fields.Attend, one.out.Contact.Address)
	sheet, err := l.sheet()
	if err != nil {
		return nil, err
	}
	if sheet.QR, err = chart.QR(s.link("/code")); err != nil {
		return nil, err
	}
	return page.Letters{Title: "Voorbeeld", Letters: []page.LetterSheet{sheet}}.Alone(r.Context())
}

// editWording shows what is typed, keeps it, throws it away, puts an older text
// back or mails it to whoever is writing.
func (s *Server) editWording(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	t, err := s.wordingOf(r, a)
	if err != nil {
		return err
	}
	act, what, _ := strings.Cut(r.PostForm.Get("actie"), ":")
	switch act {
	case "weg":
		if err := s.store.DropWordingDraft(r.Context(), t.st.ID, a.ID, t.Wording); err != nil {
			return err
		}
		return s.toWording(w, r, t, "weg")
	case "standaard":
		return s.putBack(w, r, a, t, "", "standaardtekst teruggezet")
	case "terug":
		i := slices.IndexFunc(t.versions, func(v store.WordingVersion) bool { return strconv.FormatInt(v.ID, 10) == what })
		if i < 0 {
			return errs.Errorf(errs.NotFound, "Deze versie van de tekst is er niet.")
		}
		return s.putBack(w, r, a, t, t.versions[i].Source, "versie van "+contactplan.Moment(t.versions[i].Made)+" teruggezet")
	}
	t.subject, t.body = strings.TrimSpace(r.PostForm.Get("onderwerp")), strings.ReplaceAll(r.PostForm.Get("tekst"), "\r\n", "\n")
	if t.base, err = strconv.ParseInt(r.PostForm.Get("basis"), 10, 64); err != nil {
		return errs.Errorf(errs.Invalid, "Laad de pagina opnieuw.")
	}
	t.draft = s.Now()
	if err := s.keepDraft(r, a, t); err != nil {
		return err
	}
	switch act {
	case "bewaar":
		return s.keepWording(w, r, a, t)
	case "proef":
		return s.testMail(w, r, a, t)
	}
	if r.Header.Get("X-Deel") == "voorbeeld" { // the script asks for this part alone
		m, err := s.addressee(r, t)
		if err != nil {
			return err
		}
		p, err := s.wordingPreview(r, t, m)
		if err != nil {
			return err
		}
		p.Turn = strconv.FormatInt(s.Now().UnixMilli(), 36)
		return s.render(w, r, http.StatusOK, p.Part())
	}
	return s.renderWording(w, r, a, http.StatusOK, t, page.WordingEdit{})
}

// maxWording is how long a text may be, in bytes.
const maxWording = 60 << 10

func (s *Server) keepDraft(r *http.Request, a account.Account, t wording) error {
	if len(t.subject)+len(t.body) > maxWording || strings.ContainsRune(t.subject+t.body, 0) {
		return errs.Errorf(errs.Invalid, "Deze tekst is te lang, of bevat tekens die niet kunnen.")
	}
	return s.store.KeepWordingDraft(r.Context(), t.st.ID, a.ID, t.Wording, store.WordingDraft{Subject: t.subject, Body: t.body, Base: t.base, Made: t.draft})
}

func (s *Server) toWording(w http.ResponseWriter, r *http.Request, t wording, done string) error {
	q := url.Values{"gedaan": {done}}
	if t.Audience != "" {
		q.Set("doelgroep", t.Audience)
	}
	return redirect(w, r, t.path()+"?"+q.Encode())
}

// keepWording makes what is typed the text of the study.
func (s *Server) keepWording(w http.ResponseWriter, r *http.Request, a account.Account, t wording) error {
	_, problems, err := s.checked(r, t)
	if err != nil {
		return err
	}
	if len(problems) == 0 {
		c := s.wordingChange(a, t, contactplan.Source(t.template, t.Version, t.subject, t.body), strings.Join(strings.Fields(r.PostForm.Get("reden")), " "))
		c.Base = t.base
		err = s.store.KeepWording(r.Context(), c)
		if errs.KindOf(err) == errs.Conflict {
			problems = []ui.Message{{Field: "tekst", Text: "Iemand anders heeft deze tekst intussen gewijzigd. Hier staat wat u typte. Kijk onderaan naar de nieuwe versie en bewaar daarna."}}
			if len(t.versions) > 0 {
				t.base = t.versions[0].ID
			}
			err = nil
		}
		if err != nil {
			return err
		}
	}
	if len(problems) > 0 {
		return s.renderWording(w, r, a, http.StatusUnprocessableEntity, t, page.WordingEdit{Problems: problems})
	}
	return s.toWording(w, r, t, "bewaard")
}

func (s *Server) wordingChange(a account.Account, t wording, source, reason string) store.WordingChange {
	c := store.WordingChange{Wording: t.Wording, Study: t.st.ID, Reason: reason, By: store.Actor{Kind: event.ByStaff, ID: a.ID}, Now: s.Now()}
	if c.Source = source; len(t.versions) > 0 {
		c.Base = t.versions[0].ID
	}
	return c
}

func (s *Server) putBack(w http.ResponseWriter, r *http.Request, a account.Account, t wording, source, reason string) error {
	if err := s.store.KeepWording(r.Context(), s.wordingChange(a, t, source, reason)); err != nil {
		return err
	}
	return s.toWording(w, r, t, "terug")
}

// testMail sends what is typed to whoever is writing it, and to nobody else. Its
// links lead nowhere.
func (s *Server) testMail(w http.ResponseWriter, r *http.Request, a account.Account, t wording) error {
	problem := func(text string) error {
		return s.renderWording(w, r, a, http.StatusUnprocessableEntity, t, page.WordingEdit{Problems: []ui.Message{{Field: "proefmail", Text: text}}})
	}
	if t.Version != contactplan.Mail || s.mailer == nil {
		return problem("Van deze tekst kan geen proefmail worden gestuurd.")
	}
	tpl, problems, err := s.checked(r, t)
	if err != nil {
		return err
	}
	m, err := s.addressee(r, t)
	if err != nil {
		return err
	}
	f, err := s.form(r.Context(), t.st.ID, m.Unit.Audience)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return s.renderWording(w, r, a, http.StatusUnprocessableEntity, t, page.WordingEdit{Problems: problems})
	}
	result, err := s.mailer.Proof(r.Context(), worker.ProofMail{Message: m, Form: f, Text: tpl, To: mail.Address{Name: a.Name, Email: a.Email}, Object: t.Step + " " + t.Audience,
		By: store.Actor{Kind: event.ByStaff, ID: a.ID}})
	switch {
	case errs.KindOf(err) == errs.Conflict || errs.KindOf(err) == errs.Invalid:
		return problem(errs.Public(err))
	case err != nil:
		return err
	case result.Outcome != mail.Accepted:
		return problem("De mailserver nam de proefmail niet aan: " + cmp.Or(mail.WithoutAddresses(result.Reply, a.Email), "er kwam geen antwoord") + ".")
	}
	return s.toWording(w, r, t, "proef")
}
