package sample

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/uitvraag/uitvraag/internal/sheet"
)

// A field is what a column means to us. Its value is the name we would give it.
type field string

const (
	fCode         field = "code"
	fName         field = "naam"
	fAlso         field = "ook_bekend_als"
	fEmail        field = "email"
	fPhone        field = "telefoon"
	fMobile       field = "mobiel"
	fSalutation   field = "aanhef"
	fContact      field = "contactpersoon"
	fFirstName    field = "voornaam"
	fInfix        field = "tussenvoegsel"
	fLastName     field = "achternaam"
	fRole         field = "functie"
	fStreet       field = "adres"
	fNumber       field = "huisnummer"
	fAddition     field = "toevoeging"
	fPostcode     field = "postcode"
	fCity         field = "plaats"
	fSource       field = "herkomst"
	fValidFrom    field = "geldig_van"
	fValidTo      field = "geldig_tot"
	fPredecessors field = "voorgangers"
	fSector       field = "sector"
	fSWVPO        field = "swv_po"
	fSWVVO        field = "swv_vo"
	fGemeenteCode field = "gm_code"
	fGemeenteName field = "gemeente"
	fSWVCode      field = "swv_code"
	fExtent       field = "dekking"
)

// A synonym lists what the columns of a field are called, as keys, the surest
// name first: that one wins when a file has several.
type synonym struct {
	field field
	keys  string
}

const (
	gemeenteCodes = "gmcode gemeentecode codegemeente gemeentenummer cbscode gm"
	gemeenteNames = "gemeentenaam gemeente naamgemeente gemeente2015 gemeente2018"
	swvCodes      = "swvcode codeswv samenwerkingsverbandcode codesamenwerkingsverband swvnummer"
)

// synonyms of a register of the given kind.
func synonyms(kind Kind) []synonym {
	codes, names := "organisatiecode ", "organisatienaam organisatie naamorganisatie "
	var own []synonym
	switch kind {
	case Gemeente:
		codes, names = gemeenteCodes+" "+codes, gemeenteNames+" "+names
		own = []synonym{{fSWVPO, "swvpo poswv swvcodepo"}, {fSWVVO, "swvvo voswv swvcodevo"}}
	case SWV:
		codes = swvCodes + " " + codes
		names = "swvnaam naamswv samenwerkingsverband naamsamenwerkingsverband swv " + names
		own = []synonym{{fSector, "sector onderwijssector"}}
	}
	return append([]synonym{
		{fCode, codes + "code nummer"},
		{fName, names + "naam name"},
		{fAlso, "ookbekendals anderenamen anderenaam alias"},
		{fEmail, "email emailadres mailadres mail emailcontactpersoon emailadrescontactpersoon"},
		{fPhone, "telefoon telefoonnummer telefoonnr tel telnr phone"},
		{fMobile, "mobiel mobielnummer mobieletelefoon"},
		{fSalutation, "aanhef"},
		{fContact, "contactpersoon naamcontactpersoon contactnaam contact tav"},
		{fFirstName, "voornaam voorletters roepnaam"},
		{fInfix, "tussenvoegsel tussenvoegsels"},
		{fLastName, "achternaam"},
		{fRole, "functie functiecontactpersoon rol"},
		{fStreet, "adres straat straatnaam postadres bezoekadres"},
		{fNumber, "huisnummer huisnr"},
		{fAddition, "toevoeging huisnummertoevoeging"},
		{fPostcode, "postcode"},
		{fCity, "plaats plaatsnaam woonplaats vestigingsplaats"},
		{fSource, "herkomst bron provenance"},
		{fValidFrom, "geldigvan ingangsdatum validfrom"},
		{fValidTo, "geldigtot einddatum validto"},
		{fPredecessors, "voorgangers voorganger predecessors"},
	}, own...)
}

// areaSynonyms are those of a file that says who works where.
var areaSynonyms = []synonym{
	{fSWVCode, swvCodes + " swv samenwerkingsverband"},
	{fSector, "sector onderwijssector"},
	{fGemeenteCode, gemeenteCodes},
	{fGemeenteName, gemeenteNames},
	{fExtent, "dekking"},
	{fSWVPO, "swvpo poswv swvcodepo"},
	{fSWVVO, "swvvo voswv swvcodevo"},
}

// A header knows where the columns of a file are.
type header struct {
	columns []string
	at      map[field]int
}

// match finds the column of each field.
func match(columns []string, synonyms []synonym) header {
	h := header{columns, make(map[field]int)}
	keys := make([]string, len(columns))
	for i, c := range columns {
		keys[i] = key(c)
	}
	for _, s := range synonyms {
		for name := range strings.FieldsSeq(s.keys) {
			if i := slices.Index(keys, name); i >= 0 {
				h.at[s.field] = i
				break
			}
		}
	}
	return h
}

// has reports whether the file has a column for one of the fields.
func (h header) has(fields ...field) bool {
	return slices.ContainsFunc(fields, func(f field) bool { _, ok := h.at[f]; return ok })
}

// cell returns what a row says about a field, trimmed.
func (h header) cell(row sheet.Row, f field) string {
	if i, ok := h.at[f]; ok {
		return strings.TrimSpace(row.Cells[i])
	}
	return ""
}

// name returns the name of a field's column as printed, for problems.
func (h header) name(f field) string {
	if i, ok := h.at[f]; ok {
		return h.columns[i]
	}
	return string(f)
}

// background returns the positions of the columns that are background: those
// without a meaning for us, and codes that a person may want to see again. A
// second column with a meaning (an address, a name) is a problem, for personal
// data must not end up in the background unseen.
func (h header) background(line int, synonyms []synonym, problems *sheet.Problems) []int {
	var free []int
	for i, c := range h.columns {
		f, known := meaning(c, synonyms)
		switch {
		case !known, f == fCode && h.at[f] != i, f == fSector, f == fSWVPO, f == fSWVVO:
			free = append(free, i)
		case h.at[f] != i:
			problems.Add(line, c, "deze kolom betekent hetzelfde als kolom %s (%s). Laat er één weg of geef deze kolom een andere naam.",
				sheet.Quote(h.name(f)), f)
		}
	}
	return free
}

func meaning(column string, synonyms []synonym) (field, bool) {
	k := key(column)
	for _, s := range synonyms {
		for name := range strings.FieldsSeq(s.keys) {
			if name == k {
				return s.field, true
			}
		}
	}
	return "", false
}

// key returns a name without case, accents, spaces and punctuation.
func key(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, bare(name))
}

// bare returns text in lower case without accents.
func bare(text string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text)))
}

// maxID is the length of the longest id of a background column.
const maxID = 32

// reserved ids name columns that every dataset and import has, or words that
// SPSS keeps for itself.
var reserved = strings.Fields("unit id_resp mode status covers ingediend_op code naam email telefoon gewicht " +
	"all and by eq ge gt le lt ne not or to with")

// identify gives each label an id that is its own.
func identify(labels []string) []Column {
	taken := make(map[string]bool)
	for _, id := range reserved {
		taken[id] = true
	}
	columns := make([]Column, len(labels))
	for i, label := range labels {
		base := slug(label)
		id := base
		for n := 2; taken[id]; n++ {
			tail := fmt.Sprintf("_%d", n)
			id = strings.TrimRight(base[:min(len(base), maxID-len(tail))], "_") + tail
		}
		taken[id] = true
		columns[i] = Column{id, strings.Join(strings.Fields(label), " ")}
	}
	return columns
}

// slug turns a label into an id, not yet unique.
func slug(label string) string {
	var b strings.Builder
	for _, r := range bare(label) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	id := b.String()
	if id == "" || id[0] >= '0' && id[0] <= '9' {
		id = "kolom_" + id
	}
	return strings.TrimRight(id[:min(len(id), maxID)], "_")
}
