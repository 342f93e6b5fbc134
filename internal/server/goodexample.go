package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/coding"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// examplePages binds good examples: for staff, for who sent them, for everybody.
func (s *Server) examplePages(r routes) {
	const at = "/beheer/{study}" + page.GoodPath
	r.show(at, s.staff(may(account.Examples, s.showGoodExamples)))
	r.show(at+"/{audience}/{response}/{place}", s.staff(may(account.Examples, s.showGoodExample)))
	r.post(at+"/{audience}/{response}/{place}", s.staff(may(account.Examples, s.changeGoodExample)))
	const public = "/onderzoek/{study}/" + page.ExamplesPath
	r.show(public, s.showCatalogue)
	r.show(public+"/{id}", s.showExamplePage)
	r.post(public+"/{id}", s.askExample)
	r.show(page.GoodLinkPath+"{token}", s.showExampleConsent)
	r.post(page.GoodLinkPath+"{token}", s.answerExampleConsent)
}

// repeatedOf is the question of an instrument that good examples come from, nil
// where it asks for none.
func repeatedOf(in *instrument.Instrument) *instrument.Question {
	for i := range in.Sections {
		for j := range in.Sections[i].Questions {
			if q := &in.Sections[i].Questions[j]; q.Kind == instrument.Repeated && !q.Unprinted {
				return q
			}
		}
	}
	return nil
}

// sentExamples are the good examples of one questionnaire.
func (s *Server) sentExamples(ctx context.Context, st study.Study, audience string) ([]store.GoodExample, *instrument.Question, error) {
	f, err := s.form(ctx, st.ID, audience)
	if err != nil {
		return nil, nil, err
	}
	q := repeatedOf(f.In)
	if q == nil {
		return nil, nil, nil
	}
	var fields []string
	for _, x := range q.Fields {
		fields = append(fields, x.ID)
	}
	list, err := s.store.GoodExamples(ctx, st.ID, audience, q.ID, fields, instrument.MaxRepeats)
	return list, q, err
}

// exampleState says where an example is.
func exampleState(g store.GoodExample) (state, shape string) {
	switch {
	case g.Public():
		return "Openbaar", "done"
	case g.Consent == store.ExampleWithdrawn:
		return "Geen toestemming", "stop"
	case g.Version == 0:
		return "Nieuw", ""
	case g.Consent == store.ExampleConsent:
		return "Klaar om te publiceren", "busy"
	}
	return "Wacht op toestemming", "busy"
}

// shorten is the beginning of a text, for a list.
func shorten(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

func (s *Server) showGoodExamples(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.GoodExamples{Staff: s.staffFrame(a, st, "coderen"), PublicPath: "/onderzoek/" + st.Slug + "/" + page.ExamplesPath}
	for _, x := range audiences {
		list, q, err := s.sentExamples(r.Context(), st, x.Name)
		if err != nil {
			return err
		}
		for _, g := range list {
			item := page.ExampleItem{Path: fmt.Sprintf("%s%s/%s/%d/%d", p.Base, page.GoodPath, x.Name, g.Response, g.Place), Title: g.Text.Title, Heading: g.Text.Heading, From: audienceOne(x.Name)}
			if item.Title == "" {
				item.Title = shorten(g.Sent[q.Fields[0].ID], 90)
			}
			if item.Title == "" {
				item.Title = "Zonder omschrijving"
			}
			item.State, item.Shape = exampleState(g)
			if g.Public() {
				p.Public++
			}
			p.Items = append(p.Items, item)
		}
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func audienceOne(name string) string {
	if w, ok := audienceWords[name]; ok {
		return w.one
	}
	return ui.Upper(name)
}

// exampleOf finds the example that a path names.
func (s *Server) exampleOf(r *http.Request) (study.Study, store.GoodExample, *instrument.Question, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return st, store.GoodExample{}, nil, err
	}
	list, q, err := s.sentExamples(r.Context(), st, chi.URLParam(r, "audience"))
	if err != nil {
		return st, store.GoodExample{}, nil, err
	}
	i := slices.IndexFunc(list, func(g store.GoodExample) bool {
		return strconv.FormatInt(g.Response, 10) == chi.URLParam(r, "response") && strconv.Itoa(g.Place) == chi.URLParam(r, "place")
	})
	if i < 0 {
		return st, store.GoodExample{}, nil, errs.Errorf(errs.NotFound, "Dit voorbeeld is er niet (meer).")
	}
	return st, list[i], q, nil
}

// exampleBoxes are the fields of a text, with what is in them.
func exampleBoxes(t store.ExampleText) []ui.Box {
	return []ui.Box{
		{Name: "titel", Label: "Titel", Lines: 1, Value: t.Title},
		{Name: "over", Label: "Wat houdt het in?", Lines: 5, Value: t.About},
		{Name: "partijen", Label: "Wie doen mee?", Hint: "Soorten partijen, geen namen.", Lines: 2, Value: t.Parties},
		{Name: "doel", Label: "Wat is het doel?", Lines: 2, Value: t.Goal},
	}
}

func (s *Server) goodExample(r *http.Request, a account.Account, st study.Study, g store.GoodExample, q *instrument.Question, t store.ExampleText) (page.GoodExample, error) {
	p := page.GoodExample{Staff: s.staffFrame(a, st, "coderen"), Path: r.URL.Path, Boxes: exampleBoxes(t), Shown: g.Public(), Newer: g.Shown != 0 && g.Shown != g.Version, Agreed: g.Consent == store.ExampleConsent}
	for _, f := range q.Fields {
		p.Sent = append(p.Sent, page.KeyValue{Key: f.Label, Value: g.Sent[f.ID]})
	}
	if g.Version != 0 {
		p.Version = strconv.FormatInt(g.Version, 10)
	}
	switch g.Consent {
	case store.ExampleConsent:
		p.Consent = "Gegeven op " + ui.Date(g.ConsentAt)
	case store.ExampleWithdrawn:
		p.Consent = "Niet gegeven, of ingetrokken op " + ui.Date(g.ConsentAt)
	default:
		p.Consent = "Nog niet gevraagd"
	}
	for _, h := range coding.Headings {
		p.Headings = append(p.Headings, page.Choice{Value: h, Label: h, Selected: h == t.Heading})
	}
	for _, group := range coding.Tags() {
		tags := page.ExampleTags{Title: group.Title}
		for _, x := range group.Tags {
			tags.Tags = append(tags.Tags, page.Choice{Value: x.ID, Label: x.Label, Selected: slices.Contains(t.Tags, x.ID)})
		}
		p.Tags = append(p.Tags, tags)
	}
	findings, refused, err := s.screen(r.Context(), st, g.Text)
	p.Warnings, p.Refused = findings, refused
	return p, err
}

// screen lists what has to be looked at before a text is published, and whether
// something in it may never be: an address or a number of somebody.
func (s *Server) screen(ctx context.Context, st study.Study, t store.ExampleText) (out []page.ExampleWarning, refused bool, err error) {
	audiences, err := s.store.Audiences(ctx, st.ID)
	if err != nil {
		return nil, false, err
	}
	var names []string
	for _, x := range audiences {
		units, err := s.store.UnitNames(ctx, st.ID, x.Name)
		if err != nil {
			return nil, false, err
		}
		for _, u := range units {
			names = append(names, u.Name)
		}
	}
	for _, text := range []string{t.Title, t.About, t.Parties, t.Goal} {
		hard := answer.Personal(text)
		refused = refused || len(hard) > 0
		for _, f := range append(hard, answer.Named(text, names)...) {
			x := page.ExampleWarning{Word: text[f.From:f.To], Sign: string(f.Sign)}
			if !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out, refused, nil
}

func (s *Server) showGoodExample(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, g, q, err := s.exampleOf(r)
	if err != nil {
		return err
	}
	t := g.Text
	if g.Version == 0 { // begin with what was sent
		t = store.ExampleText{About: g.Sent["omschrijving"], Parties: g.Sent["partijen"], Goal: g.Sent["doel"]}
	}
	p, err := s.goodExample(r, a, st, g, q, t)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// exampleText reads a text from a form, with what has to be mended.
func exampleText(r *http.Request) (store.ExampleText, []ui.Message) {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	t := store.ExampleText{Title: get("titel"), About: get("over"), Parties: get("partijen"), Goal: get("doel"), Heading: get("rubriek")}
	var wrong []ui.Message
	for _, g := range coding.Tags() {
		for _, x := range g.Tags {
			if slices.Contains(r.PostForm["kenmerk"], x.ID) {
				t.Tags = append(t.Tags, x.ID)
			}
		}
	}
	for _, f := range []struct {
		name, text, empty string
		most              int
	}{{"titel", t.Title, "Geef het voorbeeld een titel.", 120}, {"over", t.About, "Vul in wat het voorbeeld inhoudt.", 4000}, {"partijen", t.Parties, "", 500}, {"doel", t.Goal, "", 1000}} {
		switch {
		case f.text == "" && f.empty != "":
			wrong = append(wrong, ui.Message{Field: f.name, Text: f.empty})
		case utf8.RuneCountInString(f.text) > f.most:
			wrong = append(wrong, ui.Message{Field: f.name, Text: fmt.Sprintf("Maak deze tekst korter dan %d tekens.", f.most)})
		}
	}
	if !slices.Contains(coding.Headings, t.Heading) {
		wrong = append(wrong, ui.Message{Field: "rubriek", Text: "Kies een rubriek."})
	}
	return t, wrong
}

// changeGoodExample does what a button of the page of an example says.
func (s *Server) changeGoodExample(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, g, q, err := s.exampleOf(r)
	if err != nil {
		return err
	}
	by, now := store.Actor{Kind: event.ByStaff, ID: a.ID}, s.Now()
	again := func(t store.ExampleText, link string, wrong ...ui.Message) error {
		p, err := s.goodExample(r, a, st, g, q, t)
		if err != nil {
			return err
		}
		for i := range p.Boxes {
			for _, m := range wrong {
				if m.Field == p.Boxes[i].Name {
					p.Boxes[i].Error = m.Text
				}
			}
		}
		status := http.StatusUnprocessableEntity
		if p.Problems, p.NewLink = wrong, link; len(wrong) == 0 {
			status = http.StatusOK
		}
		return s.render(w, r, status, p.View())
	}
	switch action := r.PostForm.Get("actie"); action {
	case "bewaar":
		t, wrong := exampleText(r)
		if len(wrong) > 0 {
			return again(t, "", wrong...)
		}
		err = s.store.SaveExample(r.Context(), st.ID, g, t, by, now)
	case store.ExampleConsent:
		how := r.PostForm.Get("hoe")
		if !slices.Contains([]string{"telefoon", "mail", "brief"}, how) {
			return again(g.Text, "", ui.Message{Field: "hoe", Text: "Kies hoe de inzender toestemming gaf."})
		}
		err = s.store.MarkExample(r.Context(), st.ID, g, action, how, 0, by, now)
	case store.ExampleWithdrawn, store.ExampleTakenBack:
		err = s.store.MarkExample(r.Context(), st.ID, g, action, "", 0, by, now)
	case "link":
		token, err := s.store.LinkExample(r.Context(), st.ID, g, by, now)
		if err != nil {
			return err
		}
		return again(g.Text, s.link(page.GoodLinkPath+token))
	case store.ExamplePublished:
		if wrong := s.mayPublish(r, st, g); wrong.Text != "" {
			return again(g.Text, "", wrong)
		}
		err = s.store.MarkExample(r.Context(), st.ID, g, action, "", g.Version, by, now)
	default:
		return errs.Errorf(errs.Invalid, "Kies wat u wilt doen.")
	}
	if err != nil {
		return err
	}
	return redirect(w, r, r.URL.Path)
}

// mayPublish says why an example cannot be published, if it cannot: only the text
// that was looked at, with consent, without addresses and numbers, and with every
// name looked at.
func (s *Server) mayPublish(r *http.Request, st study.Study, g store.GoodExample) ui.Message {
	findings, refused, err := s.screen(r.Context(), st, g.Text)
	switch {
	case err != nil:
		return ui.Message{Field: "titel", Text: "De tekst kon niet worden nagekeken. Probeer het opnieuw."}
	case g.Version == 0 || strconv.FormatInt(g.Version, 10) != r.PostForm.Get("versie"):
		return ui.Message{Field: "titel", Text: "De tekst is intussen gewijzigd. Lees hem eerst."}
	case g.Consent != store.ExampleConsent:
		return ui.Message{Field: "kop-toestemming", Text: "De inzender gaf geen toestemming."}
	case refused:
		return ui.Message{Field: "over", Text: "Er staat een mailadres of nummer in de tekst. Haal dat eerst weg."}
	case len(findings) > 0 && r.PostForm.Get("nagekeken") == "":
		return ui.Message{Field: "nagekeken", Text: "Kijk de gemarkeerde woorden na, en kruis dat aan."}
	}
	return ui.Message{}
}

func publicItem(st study.Study, x store.PublicExample) page.ExampleItem {
	item := page.ExampleItem{Path: fmt.Sprintf("/onderzoek/%s/%s/%d", st.Slug, page.ExamplesPath, x.ID), Title: x.Title, About: x.About, Heading: x.Heading, From: audienceOne(x.Audience)}
	for _, id := range x.Tags {
		if label := coding.TagLabel(id); label != "" {
			item.Tags = append(item.Tags, label)
		}
	}
	return item
}

// showCatalogue is the public list, searched and filtered.
func (s *Server) showCatalogue(w http.ResponseWriter, r *http.Request) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	list, err := s.store.PublicExamples(r.Context(), st.ID)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	p := page.Catalogue{Search: q.Get("zoek"), All: len(list), Headings: []page.Choice{{Value: "", Label: "Alle rubrieken"}}, Who: []page.Choice{{Value: "", Label: "Iedereen"}}}
	if p.Public, err = s.publicFrame(r.Context(), st, page.ExamplesPath); err != nil {
		return err
	}
	for _, h := range coding.Headings {
		p.Headings = append(p.Headings, page.Choice{Value: h, Label: h, Selected: h == q.Get("rubriek")})
	}
	for _, g := range coding.Tags() {
		group := page.ChoiceGroup{Label: g.Title}
		for _, x := range g.Tags {
			group.Options = append(group.Options, page.Choice{Value: x.ID, Label: x.Label, Selected: x.ID == q.Get("kenmerk")})
		}
		p.Tags = append(p.Tags, group)
	}
	seen := map[string]bool{}
	for _, x := range list {
		if !seen[x.Audience] {
			seen[x.Audience] = true
			p.Who = append(p.Who, page.Choice{Value: x.Audience, Label: audienceMany(x.Audience), Selected: x.Audience == q.Get("wie")})
		}
		if foundBy(x, q.Get("zoek"), q.Get("rubriek"), q.Get("kenmerk"), q.Get("wie")) {
			item := publicItem(st, x)
			item.About = shorten(item.About, 220)
			p.Items = append(p.Items, item)
		}
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// foundBy reports whether an example has every word that is searched for, and what
// is chosen.
func foundBy(x store.PublicExample, search, heading, tag, audience string) bool {
	text := strings.ToLower(strings.Join([]string{x.Title, x.About, x.Parties, x.Goal, x.Heading}, " "))
	for _, id := range x.Tags {
		text += " " + strings.ToLower(coding.TagLabel(id))
	}
	for word := range strings.FieldsSeq(strings.ToLower(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return (heading == "" || x.Heading == heading) && (tag == "" || slices.Contains(x.Tags, tag)) && (audience == "" || x.Audience == audience)
}

func (s *Server) examplePage(r *http.Request) (study.Study, page.ExamplePage, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return st, page.ExamplePage{}, err
	}
	list, err := s.store.PublicExamples(r.Context(), st.ID)
	if err != nil {
		return st, page.ExamplePage{}, err
	}
	i := slices.IndexFunc(list, func(x store.PublicExample) bool { return strconv.FormatInt(x.ID, 10) == chi.URLParam(r, "id") })
	if i < 0 {
		return st, page.ExamplePage{}, errs.Errorf(errs.NotFound, "Dit voorbeeld staat niet (meer) op de site.")
	}
	p := page.ExamplePage{Item: publicItem(st, list[i]), Parties: list[i].Parties, Goal: list[i].Goal, Since: list[i].Since, Boxes: askBoxes("", "")}
	p.Public, err = s.publicFrame(r.Context(), st, page.ExamplesPath)
	return st, p, err
}

func askBoxes(email, question string) []ui.Box {
	return []ui.Box{{Name: "email", Label: "Uw e-mailadres", Lines: 1, Value: email}, {Name: "uw-vraag", Label: "Uw vraag", Lines: 5, Value: question}}
}

func (s *Server) showExamplePage(w http.ResponseWriter, r *http.Request) error {
	_, p, err := s.examplePage(r)
	if err != nil {
		return err
	}
	p.Asked = r.URL.Query().Get("verstuurd") == "1"
	return s.render(w, r, http.StatusOK, p.View())
}

// askLimit bounds the questions of one address: this is the one public form that
// makes something without a link.
var askLimit = store.Limit{Kind: "vraag", Max: 5, Window: time.Hour}

// askExample sends a question to the people of the study.
func (s *Server) askExample(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	st, p, err := s.examplePage(r)
	if err != nil {
		return err
	}
	email, question := strings.TrimSpace(r.PostForm.Get("email")), strings.TrimSpace(r.PostForm.Get("uw-vraag"))
	p.Boxes = askBoxes(email, question)
	if mail.CheckAddress(email) != nil {
		p.Boxes[0].Error = "Vul een e-mailadres in, zoals naam@voorbeeld.nl."
	}
	if n := utf8.RuneCountInString(question); n == 0 {
		p.Boxes[1].Error = "Vul uw vraag in."
	} else if n > 4000 {
		p.Boxes[1].Error = "Maak uw vraag korter dan 4000 tekens."
	}
	for _, b := range p.Boxes {
		if b.Error != "" {
			p.Problem = append(p.Problem, ui.Message{Field: b.Name, Text: b.Error})
		}
	}
	if len(p.Problem) > 0 {
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	blocked, err := s.store.Blocked(r.Context(), askLimit, s.origin(r), s.Now())
	if err != nil {
		return err
	}
	if blocked {
		return errs.Errorf(errs.TooMany, "Van dit adres kwamen net veel vragen. Probeer het over een uur nog eens, of mail ons.")
	}
	if err := s.store.Failed(r.Context(), askLimit, s.origin(r), s.Now()); err != nil {
		return err
	}
	_, err = s.store.AddIncoming(r.Context(), mail.Incoming{Key: "vraag " + store.NewToken(), Kind: mail.Reply, From: mail.Address{Email: email},
		Subject: "Vraag over goed voorbeeld ‘" + shorten(p.Item.Title, 80) + "’ (" + st.Title + ")", Text: question}, s.Now())
	if err != nil {
		return err
	}
	return redirect(w, r, p.Item.Path+"?verstuurd=1#vraag")
}

func (s *Server) exampleConsent(r *http.Request) (page.ExampleConsent, error) {
	x, err := s.store.ExampleByLink(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return page.ExampleConsent{}, err
	}
	studies, err := s.store.Studies(r.Context())
	if err != nil {
		return page.ExampleConsent{}, err
	}
	p := page.ExampleConsent{Path: r.URL.Path, Title: x.Text.Title, About: x.Text.About, Parties: x.Text.Parties, Goal: x.Text.Goal, Agreed: x.Consent == store.ExampleConsent, Refused: x.Consent == store.ExampleWithdrawn}
	for _, st := range studies {
		if st.ID == x.Study {
			p.Frame = frame(st)
		}
	}
	return p, nil
}

func (s *Server) showExampleConsent(w http.ResponseWriter, r *http.Request) error {
	p, err := s.exampleConsent(r)
	if err != nil {
		return err
	}
	p.Said = r.URL.Query().Get("gedaan") == "1"
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) answerExampleConsent(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	said := r.PostForm.Get("antwoord")
	if said != "ja" && said != "nee" {
		return errs.Errorf(errs.Invalid, "Kies ja of nee.")
	}
	if err := s.store.AnswerExample(r.Context(), chi.URLParam(r, "token"), said == "ja", s.Now()); err != nil {
		return err
	}
	return redirect(w, r, r.URL.Path+"?gedaan=1")
}
