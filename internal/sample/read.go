package sample

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/sheet"
)

// Read reads a register of organisations of one kind. Columns are found by
// name, whatever their order, case, accents and punctuation; only a code is
// needed. Every column that has no meaning for us is background: its name and
// values are kept as text, whatever they contain.
//
// The register is complete only if there are no problems; otherwise it holds
// the units that were in order.
func Read(kind Kind, t sheet.Table) (Register, []sheet.Problem) {
	known := synonyms(kind)
	r := newReader(kind, match(t.Columns, known))
	if r.header.has(fCode) {
		r.free = r.header.background(t.Line, known, &r.problems)
	}
	return r.read(t)
}

// read reads the rows of a table of which the columns are known.
func (r *reader) read(t sheet.Table) (Register, []sheet.Problem) {
	if !r.header.has(fCode) {
		r.problems.Add(t.Line, "", "Er is geen kolom met de code van de organisatie. Noem die kolom %s. Gevonden: %s.",
			sheet.Quote(codeName(r.register.Kind)), sheet.Quote(strings.Join(t.Columns, ", ")))
		return r.register, r.problems.List()
	}
	if len(t.Rows) == 0 {
		r.problems.Add(t.Line, "", "Onder de kop staat geen enkele regel.")
	}
	labels := make([]string, len(r.free))
	for i, at := range r.free {
		labels[i] = t.Columns[at]
	}
	r.register.Columns = identify(labels)
	r.register.Fields = fieldsOf(r.header)
	r.codes = r.numbering(t)
	for _, row := range t.Rows {
		r.row(row)
	}
	r.warn(t)
	return r.register, r.problems.List()
}

func newReader(kind Kind, h header) *reader {
	return &reader{register: Register{Kind: kind}, header: h, lines: make(map[string]int)}
}

func codeName(kind Kind) string {
	switch kind {
	case Gemeente:
		return "gm_code"
	case SWV:
		return "swv_code"
	}
	return "code"
}

// A reader reads one register.
type reader struct {
	register Register
	header   header
	free     []int          // position in the file of each background column
	lines    map[string]int // code in upper case -> line where it stood first
	codes    Kind           // in whose spelling the codes are
	problems sheet.Problems
}

// numbering says in whose spelling the codes of a register are: those of its
// kind, unless not one of them is. Then the maker numbered the organisations,
// which is allowed and told; one odd code among good ones is a mistake.
func (r *reader) numbering(t sheet.Table) Kind {
	kind := r.register.Kind
	for _, row := range t.Rows {
		text := r.header.cell(row, fCode)
		if _, problem := Code(kind, text, r.header.cell(row, fSector)); problem == "" {
			return kind
		}
	}
	if kind != Partner && len(t.Rows) > 0 {
		r.register.Warnings = append(r.register.Warnings, "Geen enkele code"+strings.TrimPrefix(expected(kind), " is geen code")+". De codes zijn overgenomen zoals ze er staan.")
	}
	return Partner
}

func (r *reader) row(row sheet.Row) {
	before := r.problems.Len()
	unit := Unit{
		Line:         row.Line,
		Organisation: r.organisation(row),
		Contact:      r.contact(row),
		Background:   r.background(row),
	}
	areas := r.areas(row, unit.Organisation.Code)
	if r.problems.Len() > before {
		return
	}
	r.register.Units = append(r.register.Units, unit)
	r.register.Areas = append(r.register.Areas, areas...)
}

func (r *reader) organisation(row sheet.Row) Organisation {
	o := Organisation{Kind: r.register.Kind, Name: r.text(row, fName)}
	o.Code = r.code(row)
	for name := range strings.FieldsFuncSeq(r.text(row, fAlso), func(c rune) bool { return c == ';' || c == '|' }) {
		if name = strings.TrimSpace(name); name != "" {
			o.Also = append(o.Also, name)
		}
	}
	var problem string
	for _, d := range []struct {
		field field
		day   *time.Time
	}{{fValidFrom, &o.ValidFrom}, {fValidTo, &o.ValidTo}} {
		if text := r.header.cell(row, d.field); text != "" {
			if *d.day, problem = parseDate(text); problem != "" {
				r.problem(row, d.field, problem)
			}
		}
	}
	if !o.ValidTo.IsZero() && !o.ValidFrom.Before(o.ValidTo) {
		r.problem(row, fValidTo, "deze dag moet na de dag van ingang liggen; het is de eerste dag waarop de organisatie niet meer bestaat")
	}
	o.Predecessors, problem = Codes(r.codes, r.header.cell(row, fPredecessors), r.header.cell(row, fSector))
	if problem == "" && slices.Contains(o.Predecessors, o.Code) {
		problem = "een organisatie kan niet haar eigen voorganger zijn"
	}
	if problem != "" {
		r.problem(row, fPredecessors, problem)
	}
	return o
}

// code reads the code of a row, which no earlier row may have.
func (r *reader) code(row sheet.Row) string {
	code, problem := Code(r.codes, r.header.cell(row, fCode), r.header.cell(row, fSector))
	if problem != "" {
		r.problem(row, fCode, problem)
		return ""
	}
	if first, ok := r.lines[strings.ToUpper(code)]; ok {
		r.problem(row, fCode, fmt.Sprintf("%s staat al op regel %d", sheet.Quote(Display(r.register.Kind, code)), first))
		return ""
	}
	r.lines[strings.ToUpper(code)] = row.Line
	return code
}

func (r *reader) contact(row sheet.Row) Contact {
	c := Contact{
		Salutation: r.text(row, fSalutation),
		Name:       r.join(row, " ", fContact),
		Role:       r.text(row, fRole),
		Phone:      r.join(row, " / ", fPhone, fMobile),
		Source:     r.text(row, fSource),
		Email:      r.header.cell(row, fEmail),
	}
	if parts := r.join(row, " ", fFirstName, fInfix, fLastName); c.Name == "" {
		c.Name = parts
	}
	street := r.join(row, " ", fStreet, fNumber, fAddition)
	city := r.join(row, " ", fPostcode, fCity)
	c.Address = strings.Trim(street+"\n"+city, "\n")
	if c.Email != "" {
		if problem := CheckEmail(c.Email); problem != "" {
			r.problem(row, fEmail, problem)
		}
	}
	for _, f := range []field{fPhone, fMobile} {
		if text := r.header.cell(row, f); text != "" && checkText(text) == "" {
			if problem := checkPhone(text); problem != "" {
				r.problem(row, f, problem)
			}
		}
	}
	return c
}

func (r *reader) background(row sheet.Row) map[string]string {
	values := make(map[string]string, len(r.free))
	for i, at := range r.free {
		value := strings.TrimSpace(row.Cells[at])
		if len(value) > maxBackground {
			r.problems.Add(row.Line, r.header.columns[at], "deze tekst is te lang voor een achtergrondkenmerk")
		}
		values[r.register.Columns[i].ID] = value
	}
	return values
}

// areas reads the swv that a row of gemeenten names.
func (r *reader) areas(row sheet.Row, gemeente string) []Area {
	if r.register.Kind != Gemeente {
		return nil
	}
	areas, problems := rowAreas(r.header, row, gemeente)
	r.problems.Append(problems...)
	return withExtent(areas)
}

// text returns a cell with a name or another short text.
func (r *reader) text(row sheet.Row, f field) string {
	s := r.header.cell(row, f)
	if problem := checkText(s); problem != "" {
		r.problem(row, f, problem)
	}
	return s
}

// join returns the cells of the fields that are filled, with sep between them.
func (r *reader) join(row sheet.Row, sep string, fields ...field) string {
	var parts []string
	for _, f := range fields {
		if s := r.text(row, f); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, sep)
}

func (r *reader) problem(row sheet.Row, f field, text string) {
	r.problems.Add(row.Line, r.header.name(f), "%s", text)
}

// warn notes what can be read, but was perhaps not meant.
func (r *reader) warn(t sheet.Table) {
	add := func(format string, args ...any) {
		r.register.Warnings = append(r.register.Warnings, fmt.Sprintf(format, args...))
	}
	if len(t.Others) > 0 {
		add("Alleen het eerste zichtbare werkblad is gelezen. Niet gelezen: %s.", sheet.Quote(strings.Join(t.Others, ", ")))
	}
	for _, c := range r.register.Columns {
		n := 0
		for _, u := range r.register.Units {
			if v := u.Background[c.ID]; strings.Contains(v, "@") && CheckEmail(v) == "" {
				n++
			}
		}
		if n > 0 {
			add("Kolom %s bevat e-mailadressen (%d). Deze kolom wordt een achtergrondkenmerk, dat iedereen ziet die met de gegevens werkt.", sheet.Quote(c.Label), n)
		}
	}
	without := 0
	for _, u := range r.register.Units {
		if c := u.Contact; c.Source == "" && c != (Contact{}) {
			without++
		}
	}
	if without > 0 {
		add("Van %d contacten is niet ingevuld waar de gegevens vandaan komen (kolom herkomst).", without)
	}
}
