package server

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

func (s *Server) noStaffPage(http.ResponseWriter, *http.Request, account.Account) error {
	return errs.Errorf(errs.NotFound, "Kijk of het adres klopt.")
}

// showStudies lists the studies in which somebody has a role.
func (s *Server) showStudies(w http.ResponseWriter, r *http.Request, a account.Account) error {
	studies, err := s.store.StudiesOf(r.Context(), a)
	if err != nil {
		return err
	}
	p := page.StudyList{Staff: officeFrame(a, "onderzoeken"), MayMake: a.May(account.MakeStudy), Accounts: a.May(account.ManageStaff)}
	if p.Alarms, err = s.store.Alarms(r.Context(), a); err != nil {
		return err
	}
	if !sessionOf(r).Method.Proves() {
		m, err := s.store.Methods(r.Context(), a.ID)
		if err != nil {
			return err
		}
		p.NoMethod = !m.Any()
	}
	for _, st := range studies {
		units, done, err := s.store.Progress(r.Context(), st.ID)
		if err != nil {
			return err
		}
		p.Studies = append(p.Studies, page.StaffStudy{Path: "/beheer/" + st.Slug, Title: st.Title, State: s.stateOf(st), Opens: st.Opens, Closes: st.Closes, Units: units, Done: done})
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// stateOf says in words where a study is: "veldwerk, dag 23 van 40".
func (s *Server) stateOf(st study.Study) string {
	now := s.Now()
	switch st.At(now) {
	case study.NotYet:
		return "nog niet open"
	case study.Open:
		return fmt.Sprintf("veldwerk, dag %d van %d", days(st.Opens, now), days(st.Opens, st.Closes))
	case study.Paused:
		return "gepauzeerd"
	}
	return "gesloten"
}

// days counts calendar days from one moment to another, the first included.
func days(from, to time.Time) int {
	a, b := from.In(amsterdam), to.In(amsterdam)
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(day(b).Sub(day(a)).Hours()/24) + 1
}

func (s *Server) staffFrame(a account.Account, st study.Study, current string) page.Staff {
	return page.Staff{Name: a.Handle(), Study: st.Title, Base: "/beheer/" + st.Slug, Current: current, State: s.stateOf(st), Phone: st.Settings.Phone, Mail: a.Role.May(account.ReadMail), Units: a.Role.May(account.SeeUnits), Tables: a.Role.May(account.SeeTables), Data: a.Role.May(account.SeeData), Calls: a.Role.May(account.Fieldwork), Plan: a.Role.May(account.SeePlan), Setup: a.May(account.SeeSetup), Team: a.Role.May(account.ManageTeam), Privacy: a.May(account.SeePrivacy), Coding: a.May(account.SeeCoding)}
}

// showUnits lists the units of one audience, searched and filtered.
func (s *Server) showUnits(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, l, err := s.unitList(r)
	if err != nil {
		return err
	}
	p := l.page(r.URL.Query())
	p.Staff = s.staffFrame(a, st, "eenheden")
	return s.render(w, r, http.StatusOK, p.View())
}

// unitList reads the units that the query asks for.
func (s *Server) unitList(r *http.Request) (study.Study, unitList, error) {
	var l unitList
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return st, l, err
	}
	l.base = "/beheer/" + st.Slug
	if l.audiences, err = s.store.Audiences(r.Context(), st.ID); err != nil {
		return st, l, err
	}
	if err := l.choose(r.URL.Query()); err != nil {
		return st, l, err
	}
	l.all, err = s.store.Units(r.Context(), st.ID, l.audience.Name)
	return st, l, err
}

// downloadUnits gives the same list as a file.
func (s *Server) downloadUnits(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	st, l, err := s.unitList(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="eenheden-%s-%s.csv"`, st.Slug, l.audience.Name))
	if _, err := w.Write([]byte("\ufeff")); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	head := []string{"code", "naam", "stand", "laatste_gebeurtenis", "wanneer", "contacten"}
	for _, c := range l.audience.Columns {
		head = append(head, export.Guard(c.ID))
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, u := range l.found(r.URL.Query()) {
		row := []string{export.Guard(u.Code), export.Guard(u.Name), string(stateOfUnit(u)), u.Last.Title(), when(u.LastAt), fmt.Sprint(u.Contacts)}
		for _, c := range l.audience.Columns {
			row = append(row, export.Guard(u.Background[c.ID]))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(amsterdam).Format("02-01-2006 15.04")
}

// showUnit shows everything about one unit, answers left out.
func (s *Server) showUnit(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderUnit(w, r, a, "")
}

func (s *Server) renderUnit(w http.ResponseWriter, r *http.Request, a account.Account, newLink string) error {
	st, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	file, err := s.store.UnitFile(r.Context(), u.ID)
	if err != nil {
		return err
	}
	aud, err := s.store.Audience(r.Context(), st.ID, u.Audience)
	if err != nil {
		return err
	}
	f, err := s.form(r.Context(), st.ID, u.Audience)
	if err != nil {
		return err
	}
	messages, err := s.store.UnitMessages(r.Context(), u.ID)
	if err != nil {
		return err
	}
	p := unitPage("/beheer/"+st.Slug, a, aud, u, file, messages, f)
	p.LinkSent = r.URL.Query().Get("gedaan") == "link"
	if s.Now().Before(st.Closes) {
		facts, err := s.store.Approach(r.Context(), u.ID)
		if err != nil {
			return err
		}
		p.Next, p.NextAt = planned(st.Field().Due(facts, s.Now()))
	} else {
		p.CanTake = false
	}
	p.Staff = s.staffFrame(a, st, "eenheden")
	if newLink != "" {
		p.NewLink = newLink
		if p.NewCode, err = chart.QR(newLink); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// plainParam returns a part of the path without escapes. The router cuts the
// escaped path where there is a choice, as in a code with a comma or a slash.
func plainParam(r *http.Request, name string) string {
	value := chi.URLParam(r, name)
	if r.URL.RawPath == "" {
		return value
	}
	if plain, err := url.PathUnescape(value); err == nil {
		return plain
	}
	return value
}

func (s *Server) unitOf(r *http.Request) (study.Study, store.Unit, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return st, store.Unit{}, err
	}
	u, err := s.store.Unit(r.Context(), st.ID, chi.URLParam(r, "audience"), plainParam(r, "code"))
	return st, u, err
}

// makeLink makes a personal link and shows it once.
func (s *Server) makeLink(w http.ResponseWriter, r *http.Request, a account.Account) error {
	_, u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	tok, err := s.store.AddLink(r.Context(), u.ID, store.Actor{Kind: event.ByStaff, ID: a.ID}, s.Now())
	if err != nil {
		return err
	}
	return s.renderUnit(w, r, a, s.link("/v/"+tok))
}
