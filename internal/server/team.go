package server

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// teamPages binds who works on a study, all accounts, and who may do what.
func (s *Server) teamPages(r routes) {
	team := func(h staffHandler) handler { return s.staff(may(account.ManageTeam, h)) }
	r.show("/beheer/{study}"+page.TeamPath, team(s.showTeam))
	r.post("/beheer/{study}"+page.TeamPath, team(s.inviteToTeam))
	r.post("/beheer/{study}"+page.TeamPath+"/{account}/rol", team(s.changeRole))
	r.post("/beheer/{study}"+page.TeamPath+"/{account}/weg", team(s.takeRole))

	all := func(h staffHandler) handler { return s.staff(may(account.ManageStaff, h)) }
	r.show(page.AccountsPath, all(s.showAccounts))
	r.post(page.AccountsPath, all(s.inviteAccount))
	r.post(page.AccountsPath+"/{account}/link", all(s.relink))
	r.post(page.AccountsPath+"/{account}/beeindigen", all(s.endAccount))
	r.post(page.AccountsPath+"/{account}/sessies", all(s.endSessions))
	r.post(page.AccountsPath+"/{account}/deblokkeren", all(s.unblock))
	r.show(page.RightsPath, s.staff(s.showRights))
}

// showRights draws the permission table for people.
func (s *Server) showRights(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p := page.Rights{Staff: officeFrame(a, "")}
	for _, role := range account.Roles {
		p.Roles = append(p.Roles, string(role))
	}
	for _, act := range account.Acts() {
		row := page.Right{Act: string(act)}
		for _, role := range account.Roles {
			row.May = append(row.May, role.May(act))
		}
		p.Rights = append(p.Rights, row)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) showTeam(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderTeam(w, r, a, http.StatusOK, page.Team{Done: r.URL.Query().Get("gedaan")})
}

func (s *Server) renderTeam(w http.ResponseWriter, r *http.Request, a account.Account, status int, p page.Team) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	members, err := s.store.Team(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p.Staff = s.staffFrame(a, st, "medewerkers")
	leaders := 0
	for _, m := range members {
		if m.Role == account.Projectleider {
			leaders++
		}
	}
	for _, m := range members {
		last := m.Role == account.Projectleider && leaders == 1
		p.Members = append(p.Members, page.Member{ID: idText(m.ID), Name: m.Name, Email: m.Email, Role: string(m.Role), Ready: m.Ready, Seen: m.Seen, Own: m.ID == a.ID, Last: last, Roles: roleChoices(string(m.Role))})
	}
	p.Roles = roleChoices(p.Role)
	return s.render(w, r, status, p.View())
}

// roleChoices are the roles of a study to choose from.
func roleChoices(chosen string) []page.Choice {
	var out []page.Choice
	for _, role := range account.StudyRoles {
		out = append(out, page.Choice{Value: string(role), Label: string(role), Selected: chosen == string(role)})
	}
	return out
}

// readInvitation reads who is invited, and what is wrong with it.
func readInvitation(r *http.Request, roles []account.Role) (account.Account, page.Invitation) {
	p := page.Invitation{Email: textOf(r, "email"), Name: textOf(r, "naam"), Role: textOf(r, "rol")}
	wrong := func(field, text string) {
		p.Problems = append(p.Problems, form.Problem{Item: field, Field: field, Text: text})
	}
	a, err := account.New(p.Email, string(account.Lezer))
	if err != nil {
		wrong("email", "Dit is geen e-mailadres. Een goed adres is bijvoorbeeld naam@organisatie.nl.")
	}
	if a.Role = account.Role(p.Role); !slices.Contains(roles, a.Role) {
		wrong("rol", "Kies een rol.")
	}
	if len(p.Name) > 200 {
		wrong("naam", "Maak de naam korter dan 200 tekens.")
	}
	a.Name, a.Beheerder = p.Name, a.Role == account.Beheerder
	return a, p
}

// invited is the link of an invitation as it is shown, once.
func (s *Server) invited(p *page.Invitation, token string) (err error) {
	p.Invited = p.Email
	p.Email, p.Name, p.Role = "", "", ""
	if token == "" {
		return nil
	}
	p.Link = s.link("/inloggen/" + token)
	p.Code, err = chart.QR(p.Link)
	return err
}

// inviteToTeam gives somebody a role in the study, and shows the link that lets
// them choose how to sign in.
func (s *Server) inviteToTeam(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	invitee, p := readInvitation(r, account.StudyRoles)
	if len(p.Problems) > 0 {
		return s.renderTeam(w, r, a, http.StatusUnprocessableEntity, page.Team{Invitation: p})
	}
	invitee.Study = a.Study
	token, err := s.store.Invite(r.Context(), invitee, staffActor(a), s.Now())
	if errs.KindOf(err) == errs.Conflict {
		p.Problems = []form.Problem{{Item: "email", Field: "email", Text: errs.Public(err)}}
		return s.renderTeam(w, r, a, http.StatusUnprocessableEntity, page.Team{Invitation: p})
	}
	if err != nil {
		return err
	}
	if err := s.invited(&p, token); err != nil {
		return err
	}
	return s.renderTeam(w, r, a, http.StatusOK, page.Team{Invitation: p})
}

func (s *Server) changeRole(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	role := account.Role(textOf(r, "rol"))
	if !slices.Contains(account.StudyRoles, role) {
		return errs.Errorf(errs.Invalid, "Kies een rol.")
	}
	if err := s.store.ChangeRole(r.Context(), numberParam(r, "account"), a.Study, role, staffActor(a), s.Now()); err != nil {
		return err
	}
	return s.backToTeam(w, r, "rol")
}

func (s *Server) takeRole(w http.ResponseWriter, r *http.Request, a account.Account) error {
	id := numberParam(r, "account")
	if err := s.store.TakeRole(r.Context(), id, a.Study, staffActor(a), s.Now()); err != nil {
		return err
	}
	if id == a.ID {
		return redirect(w, r, "/beheer")
	}
	return s.backToTeam(w, r, "weg")
}

func (s *Server) backToTeam(w http.ResponseWriter, r *http.Request, done string) error {
	return redirect(w, r, "/beheer/"+chi.URLParam(r, "study")+page.TeamPath+"?gedaan="+done)
}

func (s *Server) showAccounts(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderAccounts(w, r, a, http.StatusOK, page.Accounts{Done: r.URL.Query().Get("gedaan")})
}

func (s *Server) renderAccounts(w http.ResponseWriter, r *http.Request, a account.Account, status int, p page.Accounts) error {
	members, err := s.store.Accounts(r.Context())
	if err != nil {
		return err
	}
	p.Staff, p.Own = officeFrame(a, ""), idText(a.ID)
	for _, m := range members {
		line := page.AccountLine{ID: idText(m.ID), Name: m.Name, Email: m.Email, Beheerder: m.Beheerder, Studies: m.Studies, Ready: m.Ready, Seen: m.Seen, Ended: m.Ended, Sessions: m.Sessions}
		key, err := s.store.AddressKey(m.Email)
		if err != nil {
			return err
		}
		if line.Blocked, err = s.store.Blocked(r.Context(), accountLimit, key, s.Now()); err != nil {
			return err
		}
		p.Accounts = append(p.Accounts, line)
	}
	studies, err := s.store.Studies(r.Context())
	if err != nil {
		return err
	}
	p.Studies = []page.Choice{{Value: "", Label: "Geen: alleen beheerder", Selected: p.Study == ""}}
	for _, st := range studies {
		p.Studies = append(p.Studies, page.Choice{Value: st.Slug, Label: st.Title, Selected: p.Study == st.Slug})
	}
	return s.render(w, r, status, p.View())
}

// inviteAccount lets somebody lead a study, or look after the installation. Other
// roles are for who leads the study to give, and nobody gives one to themselves: a
// beheerder sees no answers by appointing who does.
func (s *Server) inviteAccount(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	slug, role := textOf(r, "onderzoek"), account.Projectleider
	if slug == "" {
		role = account.Beheerder
	}
	r.PostForm.Set("rol", string(role))
	invitee, p := readInvitation(r, []account.Role{role})
	again := func() error {
		return s.renderAccounts(w, r, a, http.StatusUnprocessableEntity, page.Accounts{Invitation: p, Study: slug})
	}
	var st study.Study
	var err error
	if slug != "" {
		if st, err = s.store.Study(r.Context(), slug); err != nil {
			return err
		}
	}
	if invitee.Email == a.Email {
		p.Problems = append(p.Problems, form.Problem{Item: "email", Field: "email", Text: "U kunt uzelf geen rol geven. Vraag een andere beheerder."})
	}
	if len(p.Problems) > 0 {
		return again()
	}
	invitee.Study = st.ID
	token, err := s.store.Invite(r.Context(), invitee, staffActor(a), s.Now())
	if errs.KindOf(err) == errs.Conflict {
		p.Problems = []form.Problem{{Item: "email", Field: "email", Text: errs.Public(err)}}
		return again()
	}
	if err != nil {
		return err
	}
	if err := s.invited(&p, token); err != nil {
		return err
	}
	return s.renderAccounts(w, r, a, http.StatusOK, page.Accounts{Invitation: p})
}

// relink makes a new invitation for somebody who lost every way in.
func (s *Server) relink(w http.ResponseWriter, r *http.Request, a account.Account) error {
	id := numberParam(r, "account")
	token, err := s.store.Relink(r.Context(), id, staffActor(a), s.Now())
	if err != nil {
		return err
	}
	who, err := s.store.LoginAccount(r.Context(), token, s.Now())
	if err != nil {
		return err
	}
	p := page.Invitation{Email: who.Email}
	if err := s.invited(&p, token); err != nil {
		return err
	}
	return s.renderAccounts(w, r, a, http.StatusOK, page.Accounts{Invitation: p})
}

// onAccount does something with the account of the path, that is not one's own.
func (s *Server) onAccount(w http.ResponseWriter, r *http.Request, a account.Account, done string, do func(id int64, by store.Actor) error) error {
	id := numberParam(r, "account")
	if id == a.ID {
		return errs.Errorf(errs.Conflict, "Dit is uw eigen account. Vraag een andere beheerder, of gebruik de pagina van uw account.")
	}
	if err := do(id, staffActor(a)); err != nil {
		return err
	}
	return redirect(w, r, page.AccountsPath+"?gedaan="+done)
}

func (s *Server) endAccount(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.onAccount(w, r, a, "beeindigd", func(id int64, by store.Actor) error { return s.store.EndAccount(r.Context(), id, by, s.Now()) })
}

func (s *Server) endSessions(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.onAccount(w, r, a, "sessies", func(id int64, by store.Actor) error { return s.store.EndSessions(r.Context(), id, 0, by, s.Now()) })
}

func (s *Server) unblock(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.onAccount(w, r, a, "gedeblokkeerd", func(id int64, by store.Actor) error { return s.store.Unblock(r.Context(), id, by, s.Now()) })
}
