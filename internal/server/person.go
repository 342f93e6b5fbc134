package server

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

func personRow(base string, c store.PersonContact) page.PersonRow {
	return page.PersonRow{Path: base + page.PrivacyPath + "/personen/" + idText(c.ID), Name: cmp.Or(c.Name, c.Role, "Zonder naam"), Email: c.Email, Phone: c.Phone, Unit: unitTitle(c.Audience, c.UnitCode, c.UnitName)}
}

// findPerson lists the contacts of the study that fit a text.
func (s *Server) findPerson(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	p := page.PersonSearch{Staff: s.staffFrame(a, st, "privacy"), Search: strings.TrimSpace(r.URL.Query().Get("zoek")), Erased: r.URL.Query().Get("gedaan") == "gewist"}
	if p.Search != "" {
		p.Asked = true
		found, err := s.store.FindPeople(r.Context(), st.ID, p.Search)
		if err != nil {
			return err
		}
		for _, c := range found {
			p.Rows = append(p.Rows, personRow(p.Base, c))
		}
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) showPerson(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderPerson(w, r, a, "", "")
}

// renderPerson tells what there is of a person; what and problem are of a form
// that was refused.
func (s *Server) renderPerson(w http.ResponseWriter, r *http.Request, a account.Account, what, problem string) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	contact := idOf(chi.URLParam(r, "contact"))
	t, err := s.store.Traces(r.Context(), st.ID, contact)
	if err != nil {
		return err
	}
	everywhere, err := s.store.Person(r.Context(), 0, contact)
	if err != nil {
		return err
	}
	p := personPage(s.staffFrame(a, st, "privacy"), t)
	p.Path = p.Base + page.PrivacyPath + "/personen/" + idText(contact)
	p.Others = len(everywhere) > len(t.Contacts)
	p.What, p.Problem, p.Reason = what, problem, r.PostFormValue("reden-"+what)
	for i := range p.Texts {
		p.Texts[i].Keep = slices.Contains(r.PostForm["houd"], p.Texts[i].Key)
	}
	for _, c := range t.Contacts {
		if own, err := s.store.ResponseOf(r.Context(), c.Unit); err == nil && own.TakenBack.IsZero() && !own.Started.IsZero() {
			p.Answers = append(p.Answers, page.PersonRow{Path: idText(c.Unit), Unit: unitTitle(c.Audience, c.UnitCode, c.UnitName)})
		} else if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p.View())
}

// personPage words what an erasure takes and what it leaves.
func personPage(frame page.Staff, t store.Traces) page.Person {
	p := page.Person{Staff: frame, Name: "Zonder naam"}
	for _, c := range t.Contacts {
		row := personRow(frame.Base, c)
		row.Path = ""
		p.Contacts = append(p.Contacts, row)
		p.Name = row.Name
	}
	p.Goes = []string{"De contactgegevens, en waar die vandaan kwamen."}
	for _, x := range []struct {
		n         int
		one, many string
	}{
		{t.Links, "persoonlijke link, met wat daarmee open staat", "persoonlijke links, met wat daarmee open staat"},
		{t.Messages, "tekst van een bericht of brief", "teksten van berichten en brieven"},
		{len(t.Notes), "notitie van een telefoongesprek", "notities van telefoongesprekken"},
		{len(t.Mails) + len(t.Inbox), "binnengekomen of bewaarde mail", "binnengekomen of bewaarde mails"},
		{t.Others, "plek waar anderen de naam noemen", "plekken waar anderen de naam noemen"},
		{len(t.Texts), "open antwoord of notitie, tenzij u zegt dat die over een ander gaat", "open antwoorden en notities, tenzij u zegt dat die over een ander gaan"},
	} {
		if x.n > 0 {
			p.Goes = append(p.Goes, ui.Count(x.n, x.one, x.many)+".")
		}
	}
	p.Stays = []string{
		"De antwoorden (" + ui.Count(t.Saves, "keer opgeslagen", "keer opgeslagen") + "): die zijn van de organisatie, niet van de persoon. De wet laat dat toe voor onderzoek (AVG, artikel 89).",
		"Dat er iets is gestuurd, gebeld of ingevuld, met een nummer in plaats van een naam. Zo blijft de verantwoording van het onderzoek kloppen."}
	if len(t.Addresses) > 0 {
		p.Stays = append(p.Stays, "Een code waaraan wij het e-mailadres herkennen, zodat wij het niet opnieuw toevoegen. Uit de code is het adres niet af te leiden.")
	}
	for _, x := range t.Texts {
		where := x.UnitCode + ", " + x.Variable
		if x.Event != 0 {
			where = x.UnitCode + ", notitie"
		}
		p.Texts = append(p.Texts, page.PersonText{Key: x.Key(), Where: where, Text: x.Text})
	}
	for _, x := range t.Snapshots {
		p.Snapshots = append(p.Snapshots, x.Name)
	}
	return p
}

// downloadPerson gives everything about a person as one file, and logs why.
func (s *Server) downloadPerson(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	contact := idOf(chi.URLParam(r, "contact"))
	contacts, err := s.store.Person(r.Context(), st.ID, contact)
	if err != nil {
		return err
	}
	if ok, err := s.proven(w, r, a); err != nil || !ok {
		return err
	}
	if err := parse(r); err != nil {
		return err
	}
	why := textOf(r, "reden-inzage")
	if problem := store.ReasonProblem(contacts, why); problem != "" {
		return s.renderPerson(w, r, a, "inzage", problem)
	}
	d, err := s.store.Dossier(r.Context(), st.ID, contact, why, staffActor(a), s.Now())
	if err != nil {
		return err
	}
	file, err := DossierZip(r.Context(), st, d)
	if err != nil {
		return err
	}
	return sendFile(w, "inzage-"+st.Slug+"-"+idText(contact)+".zip", "application/zip", file)
}

// DossierZip is everything about one person in a file: a page to read and the same
// as JSON.
func DossierZip(ctx context.Context, st study.Study, d store.Dossier) ([]byte, error) {
	d = d.Kinds()
	p := page.Dossier{Study: st.Title, Made: d.Made, Contact: contactSentence(st)}
	for _, part := range d.Parts {
		p.Parts = append(p.Parts, page.DossierPart{Title: part.Title, About: part.About, Columns: part.Columns, Rows: part.Rows})
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	html, err := z.Create("inzage.html")
	if err == nil {
		err = p.View().Render(ctx, html)
	}
	if err != nil {
		return nil, err
	}
	file, err := z.Create("inzage.json")
	if err == nil {
		out := json.NewEncoder(file)
		out.SetIndent("", "  ")
		err = out.Encode(d)
	}
	err = errors.Join(err, z.Close()) // which writes the end of the file
	return b.Bytes(), err
}

// erasePerson erases a person from the study.
func (s *Server) erasePerson(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	contact := idOf(chi.URLParam(r, "contact"))
	if _, err := s.store.Person(r.Context(), st.ID, contact); err != nil {
		return err
	}
	if ok, err := s.proven(w, r, a); err != nil || !ok {
		return err
	}
	if err := parse(r); err != nil {
		return err
	}
	_, err = s.store.ErasePerson(r.Context(), store.Erasure{Study: st.ID, Contact: contact, Keep: r.PostForm["houd"], By: staffActor(a), Reason: textOf(r, "reden-wissen"), Now: s.Now()})
	if errs.KindOf(err) == errs.Invalid {
		return s.renderPerson(w, r, a, "wissen", errs.Public(err))
	}
	if err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.PrivacyPath+"/personen?gedaan=gewist")
}

// withdrawAnswers takes the answers of a unit back.
func (s *Server) withdrawAnswers(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	err = s.store.WithdrawAnswers(r.Context(), st.ID, idOf(textOf(r, "eenheid")), textOf(r, "reden-intrekken"), staffActor(a), s.Now())
	if errs.KindOf(err) == errs.Invalid {
		return s.renderPerson(w, r, a, "intrekken", errs.Public(err))
	}
	if err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.PrivacyPath+"/personen/"+chi.URLParam(r, "contact"))
}

func (s *Server) showFlagged(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderFlagged(w, r, a, "", "")
}

func textKey(f store.Flagged) string { return idText(f.Response) + "." + f.Variable }

func (s *Server) renderFlagged(w http.ResponseWriter, r *http.Request, a account.Account, wrong, problem string) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	texts, err := s.store.FlaggedTexts(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.Flagged{Staff: s.staffFrame(a, st, "privacy"), All: r.URL.Query().Get("alles") == "1", Problem: problem, Wrong: wrong}
	for _, f := range texts {
		if f.Decided != "" {
			p.Done++
			if !p.All {
				continue
			}
		}
		p.Rows = append(p.Rows, flaggedText(f))
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p.View())
}

// flaggedText cuts a text where something was found.
func flaggedText(f store.Flagged) page.FlaggedText {
	out := page.FlaggedText{Key: textKey(f), Unit: f.UnitCode, Question: f.Variable}
	at := 0
	var signs []string
	for _, x := range f.Signs {
		if x.From < at {
			continue
		}
		out.Parts = append(out.Parts, page.FlaggedPart{Text: f.Text[at:x.From]}, page.FlaggedPart{Text: f.Text[x.From:x.To], Found: true})
		at = x.To
		if !slices.Contains(signs, string(x.Sign)) {
			signs = append(signs, string(x.Sign))
		}
	}
	out.Parts = append(out.Parts, page.FlaggedPart{Text: f.Text[at:]})
	out.Signs = ui.Upper(strings.Join(signs, ", "))
	if f.Decided != "" {
		out.Decided = fmt.Sprintf("Mag blijven, volgens %s op %s.", cmp.Or(f.By, "een beheerder"), ui.Stamp(f.At))
	}
	return out
}

// decideText erases an open answer, or lets it stay.
func (s *Server) decideText(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	key := textOf(r, "tekst")
	id, variable, _ := strings.Cut(key, ".")
	if textOf(r, "besluit") == "blijft" {
		err = s.store.KeepText(r.Context(), st.ID, idOf(id), variable, staffActor(a), s.Now())
	} else {
		err = s.store.EraseText(r.Context(), st.ID, idOf(id), variable, textOf(r, "reden"), staffActor(a), s.Now())
	}
	if errs.KindOf(err) == errs.Invalid {
		return s.renderFlagged(w, r, a, key, errs.Public(err))
	}
	if err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.PrivacyPath+"/teksten")
}

// showConsents lists who may be approached again.
func (s *Server) showConsents(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	list, err := s.store.Consents(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.Consents{Staff: s.staffFrame(a, st, "privacy")}
	for _, c := range list {
		who := strings.Join(strings.Fields(c.Name+" "+c.Email+" "+c.Phone), " ")
		p.Rows = append(p.Rows, page.ConsentRow{ID: idText(c.ID), Unit: unitTitle(c.Audience, c.UnitCode, c.UnitName), Question: c.Question, Given: c.Given, Withdrawn: c.Withdrawn, Who: who})
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// withdrawConsent ends a consent.
func (s *Server) withdrawConsent(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	if err := s.store.WithdrawConsent(r.Context(), st.ID, idOf(chi.URLParam(r, "id")), staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.PrivacyPath+"/toestemmingen")
}
