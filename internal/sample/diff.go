package sample

import (
	"strings"
	"time"
)

// A Change is what a newer register file brings. Nothing is removed by it:
// units that are missing from the newer file stay, and are listed.
type Change struct {
	Added   []Unit       // in the order of the newer file
	Changed []UnitChange // in the order of the newer file
	Missing []Unit       // in the order of the older one
	// Warnings tell what was not taken over, in Dutch.
	Warnings []string
}

// A UnitChange is a unit in both files, with what differs.
type UnitChange struct {
	Old, New Unit
	Fields   []FieldChange
}

// A FieldChange is one difference.
type FieldChange struct {
	Field    string // as in Fields of a register, or the id of a background column
	Label    string // for people
	Old, New string
}

// Diff compares two registers of one kind by code, whose case does not matter.
// It looks only at what the
// newer file has a column for: a file without e-mail addresses does not erase
// them.
func Diff(old, new Register) Change {
	var c Change
	before := make(map[string]Unit)
	for _, u := range old.Units {
		before[strings.ToUpper(u.Organisation.Code)] = u
	}
	stays := make(map[string]bool)
	for _, u := range new.Units {
		code := strings.ToUpper(u.Organisation.Code)
		stays[code] = true
		was, ok := before[code]
		if !ok {
			c.Added = append(c.Added, u)
			continue
		}
		if fields := changed(was, u, new); len(fields) > 0 {
			c.Changed = append(c.Changed, UnitChange{was, u, fields})
		}
	}
	for _, u := range old.Units {
		if !stays[strings.ToUpper(u.Organisation.Code)] {
			c.Missing = append(c.Missing, u)
		}
	}
	return c
}

// changed compares a unit with what it was, on the columns of the newer file.
func changed(was, is Unit, file Register) []FieldChange {
	var fields []FieldChange
	add := func(field, label, a, b string) {
		if a != b {
			fields = append(fields, FieldChange{field, label, a, b})
		}
	}
	for _, f := range file.Fields {
		for _, d := range details {
			if d.name == f {
				add(f, strings.ReplaceAll(f, "_", " "), d.of(was), d.of(is))
			}
		}
	}
	for _, c := range file.Columns {
		add(c.ID, c.Label, was.Background[c.ID], is.Background[c.ID])
	}
	return fields
}

// details are the fields of a unit beside its code and background, in the order
// in which they are shown, with the columns that give them.
var details = []struct {
	name string
	from []field
	of   func(Unit) string
}{
	{"naam", []field{fName}, func(u Unit) string { return u.Organisation.Name }},
	{"ook_bekend_als", []field{fAlso}, func(u Unit) string { return strings.Join(u.Organisation.Also, "; ") }},
	{"geldig_van", []field{fValidFrom}, func(u Unit) string { return day(u.Organisation.ValidFrom) }},
	{"geldig_tot", []field{fValidTo}, func(u Unit) string { return day(u.Organisation.ValidTo) }},
	{"voorgangers", []field{fPredecessors}, func(u Unit) string { return strings.Join(u.Organisation.Predecessors, "; ") }},
	{"aanhef", []field{fSalutation}, func(u Unit) string { return u.Contact.Salutation }},
	{"contactpersoon", []field{fContact, fFirstName, fInfix, fLastName}, func(u Unit) string { return u.Contact.Name }},
	{"functie", []field{fRole}, func(u Unit) string { return u.Contact.Role }},
	{"email", []field{fEmail}, func(u Unit) string { return u.Contact.Email }},
	{"telefoon", []field{fPhone, fMobile}, func(u Unit) string { return u.Contact.Phone }},
	{"adres", []field{fStreet, fNumber, fAddition, fPostcode, fCity}, func(u Unit) string { return u.Contact.Address }},
	{"herkomst", []field{fSource}, func(u Unit) string { return u.Contact.Source }},
}

// fieldsOf returns the names of the details that a file has a column for.
func fieldsOf(h header) []string {
	var names []string
	for _, d := range details {
		if h.has(d.from...) {
			names = append(names, d.name)
		}
	}
	return names
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
