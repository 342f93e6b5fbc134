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

// The roles of DESIGN 6.
const (
	Projectleider Role = "projectleider"
	Onderzoeker   Role = "onderzoeker"
	Veldwerker    Role = "veldwerker"
	Codeur        Role = "codeur"
	Lezer         Role = "lezer"
	Beheerder     Role = "beheerder"
)

// Roles lists all roles.
var Roles = []Role{Projectleider, Onderzoeker, Veldwerker, Codeur, Lezer, Beheerder}

// An Account is a member of staff.
type Account struct {
	ID    int64
	Email string
	Name  string
	Role  Role
}

// Handle is what pages call the account: its name, or its address.
func (a Account) Handle() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Email
}

// May reports whether a role may do something. Until studies have their own
// staff it holds for all studies.
func (r Role) May(act Act) bool { return slices.Contains(permissions[act], r) }

// An Act is something that not everybody may do.
type Act string

// The acts that have a place in the permission table.
const (
	SeeUnits    Act = "eenheden zien"
	SeeContacts Act = "contactgegevens zien"
	MakeLink    Act = "een persoonlijke link maken"
	Fieldwork   Act = "veldwerk doen" // call, change contacts, fill in for a unit, decide outcomes
	ReadMail    Act = "binnengekomen mail lezen"
	SeeTables   Act = "tabellen zien"                                // no answers of units, no names
	SeeData     Act = "gegevens downloaden"                          // answers, under a pseudonym
	NameUnits   Act = "gegevens met de code van eenheden downloaden" // answers, and whose they are
	SeePlan     Act = "het contactplan zien"
	EditPlan    Act = "het contactplan wijzigen, vrijgeven en stopzetten"
	LockSending Act = "alle verzending stopzetten"
)

var permissions = map[Act][]Role{
	SeeUnits:    {Projectleider, Onderzoeker, Veldwerker, Lezer, Beheerder},
	SeeContacts: {Projectleider, Veldwerker},
	MakeLink:    {Projectleider, Veldwerker},
	Fieldwork:   {Projectleider, Veldwerker},
	ReadMail:    {Projectleider, Veldwerker},
	SeeTables:   {Projectleider, Onderzoeker, Codeur, Lezer},
	SeeData:     {Projectleider, Onderzoeker},
	NameUnits:   {Projectleider},
	SeePlan:     {Projectleider, Onderzoeker, Veldwerker, Beheerder},
	EditPlan:    {Projectleider},
	LockSending: {Beheerder},
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
	return Account{Email: email, Role: Role(role)}, nil
}

func names() string {
	var s []string
	for _, r := range Roles {
		s = append(s, string(r))
	}
	return strings.Join(s, ", ")
}
