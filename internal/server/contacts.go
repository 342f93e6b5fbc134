package server

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// contactSources are where a contact may come from (standards W7).
var contactSources = []string{"telefoon", "website van de organisatie", "passendonderwijs.nl", "internet", "e-mail van de organisatie", "brief"}

// idOf reads an id; 0 for what is none.
func idOf(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// contactOf is a contact as pages show it, with what may be done below path; ""
// for nothing.
func contactOf(path string, c store.Contact) page.Contact {
	out := page.Contact{ID: c.ID, Name: c.Name, Function: c.Role, Email: c.Email, Phone: c.Phone, Address: c.Address, Source: c.Source, Since: c.Added, Ended: !c.Ended.IsZero(),
		General: c.General, AddedBy: c.AddedBy, OptedOut: c.OptedOut, Bounced: c.Bounced, BounceReason: c.BounceReason}
	if !c.SourceDate.IsZero() && c.SourceDate.Year() > 1 {
		out.Since = c.SourceDate
	}
	if path != "" && !out.Ended {
		out.Path = path + "/contacten/" + idText(c.ID)
	}
	return out
}

// contactInPath returns the contact that the path names, if it is still one of
// the unit; the zero contact where the path names none.
func (s *Server) contactInPath(r *http.Request) (study.Study, store.Unit, store.Contact, error) {
	st, u, err := s.unitOf(r)
	if err != nil {
		return st, u, store.Contact{}, err
	}
	text := chi.URLParam(r, "contact")
	if text == "" {
		return st, u, store.Contact{}, nil
	}
	file, err := s.store.UnitFile(r.Context(), u.ID)
	if err != nil {
		return st, u, store.Contact{}, err
	}
	for _, c := range file.Contacts {
		if idText(c.ID) == text && c.Ended.IsZero() {
			return st, u, c, nil
		}
	}
	return st, u, store.Contact{}, errs.Errorf(errs.NotFound, "Dit contact is er niet (meer).")
}

// showNewContact asks for a contact: a new one, or one in the place of another.
func (s *Server) showNewContact(w http.ResponseWriter, r *http.Request, a account.Account) error {
	_, _, old, err := s.contactInPath(r)
	if err != nil {
		return err
	}
	p := page.ContactForm{Salutation: old.Salutation, Name: old.Name, Function: old.Role, Email: old.Email, Phone: old.Phone, Address: old.Address, General: old.General,
		Source: contactSources[0], Date: s.Now().In(amsterdam).Format(time.DateOnly)}
	return s.renderContact(w, r, a, http.StatusOK, p)
}

func (s *Server) renderContact(w http.ResponseWriter, r *http.Request, a account.Account, status int, p page.ContactForm) error {
	st, u, old, err := s.contactInPath(r)
	if err != nil {
		return err
	}
	p.Staff = s.staffFrame(a, st, "eenheden")
	p.UnitPath, p.Unit = unitPath(st, u.Audience, u.Code), unitTitle(u.Audience, u.Code, u.Name)
	if old.ID != 0 {
		c := contactOf("", old)
		p.Replaces = &c
	}
	p.Sources = contactSources
	return s.render(w, r, status, p.View())
}

// readContact reads a posted contact and what is wrong with it.
func (s *Server) readContact(r *http.Request, a account.Account) (store.NewContact, page.ContactForm) {
	p := page.ContactForm{Salutation: textOf(r, "aanhef"), Name: textOf(r, "naam"), Function: textOf(r, "functie"), Email: textOf(r, "email"), Phone: textOf(r, "telefoon"),
		Address: textOf(r, "adres"), General: r.PostForm.Has("algemeen"), Source: textOf(r, "bron"), Date: textOf(r, "datum")}
	c := store.NewContact{Salutation: p.Salutation, Name: p.Name, Role: p.Function, Email: p.Email, Phone: p.Phone, Address: p.Address, General: p.General, Source: p.Source,
		By: staffActor(a), ByName: a.Handle(), Now: s.Now()}
	wrong := func(field, text string) {
		p.Problems = append(p.Problems, form.Problem{Item: field, Field: field, Text: text})
	}
	if p.Email == "" && p.Phone == "" && p.Address == "" {
		wrong("email", "Vul een e-mailadres, telefoonnummer of postadres in.")
	}
	if p.Email != "" && mail.CheckAddress(p.Email) != nil {
		wrong("email", "Dit is geen e-mailadres. Een goed adres is bijvoorbeeld naam@organisatie.nl.")
	}
	if p.Phone != "" && strings.Count(strings.Map(onlyDigits, p.Phone), "") < 9 {
		wrong("telefoon", "Vul het hele telefoonnummer in, met het kengetal.")
	}
	if p.Name == "" && !p.General && p.Function == "" {
		wrong("naam", "Vul een naam of een functie in, of kies dat dit een algemeen adres is.")
	}
	if p.Source == "" {
		wrong("bron", "Vul in waar dit contact vandaan komt.")
	}
	day, err := time.ParseInLocation(time.DateOnly, p.Date, amsterdam)
	if err != nil {
		wrong("datum", "Vul een datum in, zoals 24-11-2026.")
	} else if day.After(s.Now()) {
		wrong("datum", "Deze datum moet nog komen.")
	}
	c.SourceDate = day
	for _, f := range [][2]string{{"naam", p.Name}, {"functie", p.Function}, {"telefoon", p.Phone}, {"adres", p.Address}, {"bron", p.Source}, {"aanhef", p.Salutation}} {
		if utf8.RuneCountInString(f[1]) > 300 {
			wrong(f[0], "Maak dit korter dan 300 tekens.")
		}
	}
	return c, p
}

func onlyDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// addContact adds a contact, or puts it in the place of the one in the path.
func (s *Server) addContact(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, u, old, err := s.contactInPath(r)
	if err != nil {
		return err
	}
	c, p := s.readContact(r, a)
	if len(p.Problems) > 0 {
		return s.renderContact(w, r, a, http.StatusUnprocessableEntity, p)
	}
	if old.ID != 0 {
		_, err = s.store.ReplaceContact(r.Context(), u.ID, old.ID, c)
	} else {
		_, err = s.store.AddContact(r.Context(), u.ID, c)
	}
	if errors.Is(err, store.ErrSuppressed) {
		p.Problems = []form.Problem{{Item: "email", Field: "email", Text: errs.Public(err)}}
		return s.renderContact(w, r, a, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return redirect(w, r, unitPath(st, u.Audience, u.Code)+"#kop-contact")
}

// raiseContact lets a contact be tried earlier.
func (s *Server) raiseContact(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, u, c, err := s.contactInPath(r)
	if err != nil {
		return err
	}
	if err := s.store.RaiseContact(r.Context(), u.ID, c.ID, staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, unitPath(st, u.Audience, u.Code)+"#kop-contact")
}

// showSendLink asks where the link is to go.
func (s *Server) showSendLink(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderSendLink(w, r, a, http.StatusOK, "", "")
}

func (s *Server) renderSendLink(w http.ResponseWriter, r *http.Request, a account.Account, status int, email, problem string) error {
	st, u, c, err := s.contactInPath(r)
	if err != nil {
		return err
	}
	p := page.Decide{Staff: s.staffFrame(a, st, "eenheden"), UnitPath: unitPath(st, u.Audience, u.Code), Unit: unitTitle(u.Audience, u.Code, u.Name), Title: "Stuur de link opnieuw", Button: "Stuur de link"}
	who := cmp.Or(c.Name, c.Role, "het algemene adres")
	p.Text = []string{"De mail met een nieuwe persoonlijke link gaat naar " + who + "."}
	if c.Email != "" {
		p.Text = append(p.Text, "Nu bekend: "+c.Email+".")
	}
	if st.Released.IsZero() {
		p.Text = append(p.Text, "Het onderzoek is nog niet vrijgegeven. De mail gaat zodra dat is gebeurd.")
	}
	p.Fields = []page.DecideField{{Name: "email", Label: "Ander e-mailadres", Hint: "Alleen als het adres verandert. De link van het oude adres werkt dan niet meer.", Value: email, Type: "email", Problem: problem}}
	return s.render(w, r, status, p.View())
}

// sendLink sends a contact its link again.
func (s *Server) sendLink(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, u, c, err := s.contactInPath(r)
	if err != nil {
		return err
	}
	email := textOf(r, "email")
	if email != "" && mail.CheckAddress(email) != nil {
		return s.renderSendLink(w, r, a, http.StatusUnprocessableEntity, email, "Dit is geen e-mailadres. Een goed adres is bijvoorbeeld naam@organisatie.nl.")
	}
	err = s.store.SendLink(r.Context(), u.ID, c.ID, email, staffActor(a), s.Now())
	if errs.KindOf(err) == errs.Invalid {
		return s.renderSendLink(w, r, a, http.StatusUnprocessableEntity, email, errs.Public(err))
	}
	if err != nil {
		return err
	}
	return redirect(w, r, unitPath(st, u.Audience, u.Code)+"?"+url.Values{"gedaan": {"link"}}.Encode())
}
