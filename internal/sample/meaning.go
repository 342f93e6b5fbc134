package sample

import (
	"slices"

	"github.com/uitvraag/uitvraag/internal/sheet"
)

// A Meaning is what a column of a file stands for.
type Meaning string

// The meanings that are no field of ours. What stands in a column without meaning
// is not read at all.
const (
	NoMeaning  Meaning = ""
	Background Meaning = "kenmerk"
)

// A MeaningChoice is a meaning that a column can have, for a person to choose.
type MeaningChoice struct {
	Meaning Meaning
	Label   string
}

// labels are the names of fields for people.
var labels = map[field]string{
	fCode: "Code van de organisatie", fName: "Naam van de organisatie", fAlso: "Andere namen", fEmail: "E-mailadres", fPhone: "Telefoon", fMobile: "Mobiele telefoon",
	fSalutation: "Aanhef (de heer, mevrouw)", fContact: "Naam van de contactpersoon", fFirstName: "Voornaam of voorletters", fInfix: "Tussenvoegsel", fLastName: "Achternaam",
	fRole: "Functie", fStreet: "Adres (straat)", fNumber: "Huisnummer", fAddition: "Toevoeging", fPostcode: "Postcode", fCity: "Plaats", fSource: "Herkomst van de gegevens",
	fValidFrom: "Geldig van", fValidTo: "Geldig tot", fPredecessors: "Voorgangers (codes)", fSector: "Sector (PO of VO)", fSWVPO: "Samenwerkingsverbanden PO (codes)",
	fSWVVO: "Samenwerkingsverbanden VO (codes)", fGemeenteCode: "Code van de gemeente", fGemeenteName: "Naam van de gemeente", fSWVCode: "Code van het samenwerkingsverband",
	fExtent: "Dekking (geheel, deel, onbekend)",
}

// Meanings lists what the columns of a register can mean. The code comes first:
// no register can do without.
func Meanings(kind Kind) []MeaningChoice { return choices(synonyms(kind), Background) }

// AreaMeanings lists what the columns of a file of areas can mean.
func AreaMeanings() []MeaningChoice { return choices(areaSynonyms) }

func choices(known []synonym, more ...Meaning) []MeaningChoice {
	var out []MeaningChoice
	for _, s := range known {
		out = append(out, MeaningChoice{Meaning(s.field), labels[s.field]})
	}
	for _, m := range more {
		out = append(out, MeaningChoice{m, "Achtergrondkenmerk"})
	}
	return out
}

// Guess says what the columns of a register seem to mean: those with a name that
// we know what it says, all others background. A second column with a meaning is
// left out, so that addresses do not end up in the background unseen.
func Guess(kind Kind, columns []string) []Meaning {
	return guess(columns, synonyms(kind), Background)
}

// GuessAreas is Guess for a file of areas, whose other columns are left out.
func GuessAreas(columns []string) []Meaning { return guess(columns, areaSynonyms, NoMeaning) }

func guess(columns []string, known []synonym, otherwise Meaning) []Meaning {
	h := match(columns, known)
	out := make([]Meaning, len(columns))
	for i, c := range columns {
		f, ok := meaning(c, known)
		switch {
		case !ok || f == fCode && h.at[f] != i:
			out[i] = otherwise
		case h.at[f] == i:
			out[i] = Meaning(f)
		}
	}
	return out
}

// Clashes says which columns have a meaning that an earlier one has, by position:
// what must be mended in a choice of meanings. Background can be chosen at will.
func Clashes(meanings []Meaning) map[int]int {
	out := map[int]int{}
	for i, m := range meanings {
		if first := slices.Index(meanings, m); first < i && m != NoMeaning && m != Background {
			out[i] = first
		}
	}
	return out
}

// ReadAs reads a register of which the columns have the given meanings, one for
// each. Of columns with the same meaning the first counts: see Clashes.
func ReadAs(kind Kind, t sheet.Table, meanings []Meaning) (Register, []sheet.Problem) {
	r := newReader(kind, headerAs(t, meanings))
	for i, m := range meanings {
		switch {
		case m == Background, r.header.at[field(m)] == i && (m == Meaning(fSector) || m == Meaning(fSWVPO) || m == Meaning(fSWVVO)):
			r.free = append(r.free, i)
		}
	}
	return r.read(t)
}

// ReadAreasAs reads a file of areas of which the columns have the given meanings.
func ReadAreasAs(t sheet.Table, known []Organisation, meanings []Meaning) ([]Area, []sheet.Problem) {
	return readAreas(t, known, headerAs(t, meanings))
}

// headerAs is a header by choice. It panics where there is not a meaning for each
// column.
func headerAs(t sheet.Table, meanings []Meaning) header {
	if len(meanings) != len(t.Columns) {
		panic("sample: a meaning for each column")
	}
	h := header{t.Columns, make(map[field]int)}
	for i, m := range meanings {
		if _, taken := h.at[field(m)]; !taken && m != NoMeaning && m != Background {
			h.at[field(m)] = i
		}
	}
	return h
}
