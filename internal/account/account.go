// Package account owns who works with the platform and in what role. It does
// not know sessions.
package account

import (
	"net/mail"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/errs"
)

// A Role says what somebody may do.
type Role string

// The roles of DESIGN 6. All but the last hold in one study.
const (
	Projectleider Role = "projectleider"
	Onderzoeker   Role = "onderzoeker"
	Veldwerker    Role = "veldwerker"
	Codeur        Role = "codeur"
	Lezer         Role = "lezer"
	Beheerder     Role = "beheerder" // of the whole installation: accounts and the lock on sending, never answers or contacts
)

// Roles lists all roles, those with the most to say first.
var Roles = []Role{Projectleider, Onderzoeker, Veldwerker, Codeur, Lezer, Beheerder}

// StudyRoles lists the roles that hold in one study.
var StudyRoles = Roles[:len(Roles)-1]

// An Account is a member of staff, as handlers get it: with the role that holds
// in the study that is asked for.
type Account struct {
	ID        int64
	Email     string
	Name      string
	Role      Role  // in Study; outside of studies the first of Roles that it has in any
	Study     int64 // 0 outside of studies
	Beheerder bool  // also where another role holds
}

// Handle is what pages call the account: its name, or its address.
func (a Account) Handle() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Email
}

// May reports whether the account may do something in its study, by its role
// there or as the beheerder of the installation.
func (a Account) May(act Act) bool {
	return a.Role.May(act) || a.Beheerder && Beheerder.May(act)
}

// In returns the account with the role that holds where it is: role in a study,
// "" where it has none. A beheerder comes into every study as that.
func (a Account) In(study int64, role Role) Account {
	if role == "" && a.Beheerder {
		role = Beheerder
	}
	a.Study, a.Role = study, role
	return a
}

// First returns the role with the most to say, "" of none.
func First(roles []Role) Role {
	for _, r := range Roles {
		if slices.Contains(roles, r) {
			return r
		}
	}
	return ""
}

// New checks an address and a role.
func New(email, role string) (Account, error) {
	email = strings.TrimSpace(email)
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > 254 || strings.ContainsAny(email, "\r\n") {
		return Account{}, errs.Errorf(errs.Invalid, "%q is geen e-mailadres.", email)
	}
	if !slices.Contains(Roles, Role(role)) {
		return Account{}, errs.Errorf(errs.Invalid, "De rol %q bestaat niet. Kies uit: %s.", role, names())
	}
	return Account{Email: email, Role: Role(role), Beheerder: Role(role) == Beheerder}, nil
}

func names() string {
	var s []string
	for _, r := range Roles {
		s = append(s, string(r))
	}
	return strings.Join(s, ", ")
}
