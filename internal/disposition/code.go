package disposition

import "slices"

// A Class is a group of outcomes in a response rate.
type Class string

// The classes of AAPOR's Standard Definitions.
const (
	I  Class = "I"  // complete
	P  Class = "P"  // partial
	R  Class = "R"  // refusal and break-off
	NC Class = "NC" // non-contact
	O  Class = "O"  // other, eligible
	UH Class = "UH" // unknown whether the unit exists
	UO Class = "UO" // unknown otherwise
	NE Class = "NE" // not eligible
)

// Classes are all classes, in the order of the formulas.
var Classes = []Class{I, P, R, NC, O, UH, UO, NE}

// A Code is what an outcome is called in an edition of AAPOR's table.
type Code struct {
	Outcome Outcome
	Title   string // in Dutch
	AAPOR   string
	Class   Class
}

// An Edition is one edition of the table of codes. Reports name it.
type Edition struct {
	ID       string
	Title    string
	Verified bool // against the publication itself
	codes    []Code
}

// The editions. The sub-codes are from memory, except where standards 2B has a
// source for them; hence neither is marked as verified.
var (
	AAPOR2016 = Edition{"aapor-2016", "AAPOR Standard Definitions 2016, internetenquête onder personen op naam", false, codes2016}
	AAPOR2023 = Edition{"aapor-2023", "AAPOR Standard Definitions, tiende editie", false, changed(codes2016, map[Outcome]string{
		Refused: "2.112", RefusedByOther: "2.111", RefusedImplicit: "2.11", NothingEntered: "2.11",
	})}
)

// Editions are the editions that there are, the one used by default first.
var Editions = []Edition{AAPOR2016, AAPOR2023}

var codes2016 = []Code{
	{Complete, "Volledig", "1.1", I},
	{CompleteProxy, "Volledig, via een ander", "1.1", I},
	{Partial, "Gedeeltelijk", "1.2", P},
	{PartialProxy, "Gedeeltelijk, via een ander", "1.2", P},
	{CoreByPhone, "Kernvragen per telefoon", "1.2", P},
	{Refused, "Weigering", "2.111", R},
	{RefusedByOther, "Weigering door een ander", "2.11", R},
	{RefusedImplicit, "Toegezegd, niets ontvangen", "2.112", R},
	{NothingEntered, "Bekeken, niets ingevuld", "2.1121", R},
	{BrokenOff, "Afgebroken", "2.12", R},
	{NoContact, "Geen contact", "2.20", NC},
	{Reached, "Bereikt, geen antwoord", "2.20", NC},
	{Away, "Afwezig in de veldperiode", "2.26", NC},
	{Late, "Te laat", "2.27", NC},
	{Unable, "Niet in staat", "2.30", O},
	{NotSent, "Niets verzonden", "3.11", UO},
	{NothingKnown, "Niets bekend", "3.19", UO},
	{Undeliverable, "Onbestelbaar", "3.30", UO},
	{OutOfPopulation, "Buiten de populatie", "4.10", NE},
	{Duplicate, "Dubbel", "4.90", NE},
}

func changed(codes []Code, to map[Outcome]string) []Code {
	out := slices.Clone(codes)
	for i := range out {
		if code, ok := to[out[i].Outcome]; ok {
			out[i].AAPOR = code
		}
	}
	return out
}

// Codes returns the table for a frame. In a complete list every unit is eligible
// unless shown otherwise, so what is unknown becomes non-contact, 2.20 (C1).
func (e Edition) Codes(frame Frame) []Code {
	out := slices.Clone(e.codes)
	if frame == UncertainFrame {
		return out
	}
	for i := range out {
		if out[i].Class == UO || out[i].Class == UH {
			out[i].Class, out[i].AAPOR = NC, "2.20"
		}
	}
	return out
}

// Code returns the code of an outcome; false where the edition has none.
func (e Edition) Code(o Outcome, frame Frame) (Code, bool) {
	codes := e.Codes(frame)
	i := slices.IndexFunc(codes, func(c Code) bool { return c.Outcome == o })
	if i < 0 {
		return Code{}, false
	}
	return codes[i], true
}

// Title names an outcome in Dutch.
func (o Outcome) Title() string {
	c, ok := AAPOR2016.Code(o, UncertainFrame)
	if !ok {
		return string(o)
	}
	return c.Title
}
