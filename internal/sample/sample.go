// Package sample turns a register file into the organisations and units of a
// study: codes in one spelling, names as they were written, contacts, and the
// background columns by which the population is later described. Whatever must
// be mended in the file is a problem with its line number; a register counts
// only when there is none.
//
// It also says which strata a register offers, what a newer file changes, and
// which gemeenten a samenwerkingsverband works in. Everything here is a plain
// function of its arguments: the package knows no store, no study and no mail.
package sample

import (
	"strings"
	"time"
)

// A Kind is a kind of organisation. It decides how codes are written and what
// columns are called.
type Kind string

// The kinds. A study may add an audience of partners under any name.
const (
	SWV      Kind = "swv"
	Gemeente Kind = "gemeente"
	Partner  Kind = "ketenpartner"
)

// KindOf returns the kind of organisation that an audience of a study consists
// of: that of the same name, otherwise partners.
func KindOf(audience string) Kind {
	switch k := Kind(strings.ToLower(strings.TrimSpace(audience))); k {
	case SWV, Gemeente:
		return k
	}
	return Partner
}

// An Organisation exists across studies.
type Organisation struct {
	Kind         Kind
	Code         string    // in the spelling of Code: GM0014, PO2001
	Name         string    // as written
	Also         []string  // other names, given by the maker of the file
	ValidFrom    time.Time // first day that it exists; zero if the file does not say
	ValidTo      time.Time // first day that it no longer exists; zero if the file does not say
	Predecessors []string  // codes of the organisations it came from
}

// A Contact is the person or general address that answers for a unit. A field
// that the file does not give is empty.
type Contact struct {
	Salutation string // "de heer", "mevrouw"
	Name       string
	Role       string
	Email      string
	Phone      string
	Address    string // lines separated by \n
	Source     string // where the details come from
}

// A Unit is an organisation as it stands in one register file.
type Unit struct {
	Line         int // in the file
	Organisation Organisation
	Contact      Contact
	Background   map[string]string // by column id; every column of the register has a value, possibly empty
}

// A Column is a background column of a register.
type Column struct {
	ID    string // lower case letters, digits and underscores, at most 32; unique in the register
	Label string // the header as printed
}

// A Register is a file that has been read.
type Register struct {
	Kind     Kind
	Units    []Unit   // in the order of the file
	Columns  []Column // in the order of the file
	Fields   []string // what else the file has a column for: Fields of FieldChange, in a fixed order
	Areas    []Area   // from columns swv_po and swv_vo of a register of gemeenten
	Warnings []string // what the maker of the file may not have meant, in Dutch
}

// Organisations returns the organisations of the register in its order.
func (r Register) Organisations() []Organisation {
	all := make([]Organisation, len(r.Units))
	for i, u := range r.Units {
		all[i] = u.Organisation
	}
	return all
}
