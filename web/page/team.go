package page

import (
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/web/ui"
)

// An Invitation is the form to invite somebody, and what came of the last one.
type Invitation struct {
	Email, Name, Role string // as typed
	Problems          []form.Problem
	Invited           string     // who was just given a role
	Link              string     // their link, shown once; "" where they need none
	Code              chart.Code // the same as QR code
}

func (p Invitation) problem(field string) string { return problemOf(p.Problems, field) }

// A Team page lists who works on a study.
type Team struct {
	Staff
	Invitation
	Members []Member
	Roles   []Choice
	Done    string
}

// A Member is somebody with a role in a study.
type Member struct {
	ID, Name, Email, Role string
	Ready                 bool // has a way to sign in
	Seen                  time.Time
	Own                   bool // who looks
	Last                  bool // the last projectleider
	Roles                 []Choice
}

// An Accounts page lists everybody, for a beheerder.
type Accounts struct {
	Staff
	Invitation
	Own      string // id of who looks
	Accounts []AccountLine
	Studies  []Choice
	Study    string // as chosen
	Done     string
}

// An AccountLine is one account.
type AccountLine struct {
	ID, Name, Email string
	Beheerder       bool
	Studies         []string
	Ready           bool
	Blocked         bool
	Seen, Ended     time.Time
	Sessions        int
}

func handle(name, email string) string {
	if name != "" {
		return name
	}
	return email
}

// seen says when somebody signed in last.
func seen(ready bool, at time.Time) string {
	switch {
	case !at.IsZero():
		return "Laatst ingelogd op " + ui.DayMonthYear(at) + " om " + ui.Clock(at)
	case ready:
		return "Nog niet ingelogd"
	}
	return "Uitgenodigd, nog niet binnen geweest"
}

// about is the small print of a person: the address where there is a name above
// it, and what else is to be told, each a sentence.
func about(name, email string, facts ...string) string {
	if name != "" {
		facts = append([]string{email}, facts...)
	}
	return strings.Join(facts, ". ") + "."
}

func (a AccountLine) roles() string {
	all := a.Studies
	if a.Beheerder {
		all = append([]string{"Beheerder"}, all...)
	}
	if len(all) == 0 {
		return "Geen rol"
	}
	return strings.Join(all, ", ")
}

func doneText(done string) string {
	return map[string]string{"rol": "De rol is gewijzigd. Dat geldt meteen.", "weg": "De rol is ingetrokken. Dat geldt meteen.", "beeindigd": "Het account is beëindigd. Alle sessies zijn dicht.",
		"sessies": "Alle sessies van dit account zijn beëindigd.", "gedeblokkeerd": "De mislukte pogingen zijn vergeten."}[done]
}

// A Rights page is the permission table.
type Rights struct {
	Staff
	Roles  []string
	Rights []Right
}

// A Right is one act, and for each role whether it may.
type Right struct {
	Act string
	May []bool
}

// A UnitAnswers page shows what a unit answered, after asking why.
type UnitAnswers struct {
	Staff
	Unit, UnitPath string
	Sent           time.Time // zero: nothing was sent
	Reason         string
	Problem        string
	Shown          bool
	Parts          []form.ReviewPart
}
