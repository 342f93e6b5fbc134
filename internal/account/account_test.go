package account_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
)

func TestOnlyOneAddressAndAKnownRoleMakeAnAccount(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"", "jan", "jan@", "@example.nl", "Jan <jan@example.nl>", "a@example.nl, b@example.nl", "jan@example.nl\r\nBcc: x@example.nl", "jan@exa\nmple.nl", strings.Repeat("x", 250) + "@example.nl"} {
		if a, err := account.New(email, "lezer"); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q gives %+v, %v", email, a, err)
		}
	}
	for _, role := range []string{"", "Lezer", "admin", "lezer "} {
		if a, err := account.New("jan@example.nl", role); errs.KindOf(err) != errs.Invalid {
			t.Errorf("role %q gives %+v, %v", role, a, err)
		}
	}
	for _, role := range account.Roles {
		if a, err := account.New(" jan@example.nl ", string(role)); err != nil || a.Email != "jan@example.nl" || a.Role != role || a.Handle() != "jan@example.nl" {
			t.Errorf("%s gives %+v, %v", role, a, err)
		}
	}
}

func TestAnUnknownRoleOrActIsNotAllowed(t *testing.T) {
	t.Parallel()
	for _, act := range []account.Act{account.SeeUnits, account.SeeContacts, account.MakeLink} {
		for _, role := range []account.Role{"", "admin", account.Codeur} {
			if role.May(act) {
				t.Errorf("%q may: %s", role, act)
			}
		}
	}
	for _, role := range account.Roles {
		if role.May("iets anders") || role.May("") {
			t.Errorf("%s may do what no table names", role)
		}
	}
}
