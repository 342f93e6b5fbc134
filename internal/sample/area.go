package sample

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/sheet"
)

// Extent says how much of a gemeente an swv covers (dekking).
type Extent string

// The extents.
const (
	Whole   Extent = "geheel"
	Part    Extent = "deel"
	Unknown Extent = "onbekend"
)

// An Area says that a samenwerkingsverband works in a gemeente. A gemeente can
// have several swv in one sector, and an swv many gemeenten.
type Area struct {
	Line     int    // in the file, the first that says so
	SWV      string // code
	Gemeente string // code
	Extent   Extent
}

// ReadAreas reads which swv works where, from a file with a pair on each line
// (code of the swv, gemeente, and dekking if it is known) or with the columns
// swv_po and swv_vo beside a gemeente, once or for each of its postcodes.
//
// A gemeente is named by its code, or else by its name, which is looked up
// among the known organisations. Only a name that is the same but for case and
// accents is taken; for any other the problem offers the nearest ones. Where
// the file does not give the dekking, an swv that is the only one of its sector
// in a gemeente covers the whole of it and others cover a part. Codes must be
// known as well, unless no organisation of that kind is.
func ReadAreas(t sheet.Table, known []Organisation) ([]Area, []sheet.Problem) {
	return readAreas(t, known, match(t.Columns, areaSynonyms))
}

func readAreas(t sheet.Table, known []Organisation, h header) ([]Area, []sheet.Problem) {
	r := areaReader{
		header: h,
		known:  known,
		codes:  make(map[Kind]map[string]bool),
		names:  make(map[string]string),
		first:  make(map[[2]string]int),
	}
	for _, o := range known {
		if r.codes[o.Kind] == nil {
			r.codes[o.Kind] = make(map[string]bool)
		}
		r.codes[o.Kind][o.Code] = true
	}
	pairs := r.header.has(fSWVCode)
	if !r.header.has(fGemeenteCode, fGemeenteName) || !pairs && !r.header.has(fSWVPO, fSWVVO) {
		r.problems.Add(t.Line, "", "Verwacht een kolom ‘gm_code’ of ‘gemeente’, en daarnaast ‘swv_code’ of de kolommen ‘swv_po’ en ‘swv_vo’.")
		return nil, r.problems.List()
	}
	for _, row := range t.Rows {
		if pairs {
			r.pair(row)
		} else {
			r.lists(row)
		}
	}
	return withExtent(r.areas), r.problems.List()
}

// An areaReader reads one file of areas.
type areaReader struct {
	header   header
	known    []Organisation
	codes    map[Kind]map[string]bool
	names    map[string]string // name of a gemeente -> its code, "" for a name that was not found
	first    map[[2]string]int // pair -> line where it stood first
	areas    []Area
	problems sheet.Problems
}

// pair reads a row that says one thing about one swv and one gemeente.
func (r *areaReader) pair(row sheet.Row) {
	gemeente := r.gemeente(row)
	swv, problem := Code(SWV, r.header.cell(row, fSWVCode), r.header.cell(row, fSector))
	if problem != "" {
		r.problems.Add(row.Line, r.header.name(fSWVCode), "%s", problem)
	}
	extent, problem := parseExtent(r.header.cell(row, fExtent))
	if problem != "" {
		r.problems.Add(row.Line, r.header.name(fExtent), "%s", problem)
		return
	}
	if gemeente == "" || swv == "" {
		return
	}
	a := Area{row.Line, swv, gemeente, extent}
	if first := r.add(a, fSWVCode); first > 0 {
		r.problems.Add(row.Line, "", "%s en %s staan al samen op regel %d", Display(SWV, swv), gemeente, first)
	}
}

// lists reads a row that names the swv of a gemeente, or of one postcode in it.
func (r *areaReader) lists(row sheet.Row) {
	gemeente := r.gemeente(row)
	areas, problems := rowAreas(r.header, row, gemeente)
	r.problems.Append(problems...)
	if gemeente == "" {
		return
	}
	for _, a := range areas {
		r.add(a, sectorField(a.SWV))
	}
}

// add keeps an area, unless the pair was there before: then it returns on which
// line that was.
func (r *areaReader) add(a Area, column field) (first int) {
	pair := [2]string{a.SWV, a.Gemeente}
	if first = r.first[pair]; first > 0 {
		return first
	}
	r.first[pair] = a.Line
	if codes := r.codes[SWV]; codes != nil && !codes[a.SWV] {
		r.problems.Add(a.Line, r.header.name(column), "%s staat niet in het register van samenwerkingsverbanden", Display(SWV, a.SWV))
		return 0
	}
	r.areas = append(r.areas, a)
	return 0
}

// gemeente returns the code of the gemeente of a row, or nothing if that is a
// problem. A name that can't be found is told once.
func (r *areaReader) gemeente(row sheet.Row) string {
	if text := r.header.cell(row, fGemeenteCode); text != "" || !r.header.has(fGemeenteName) {
		code, problem := Code(Gemeente, text, "")
		if codes := r.codes[Gemeente]; problem == "" && codes != nil && !codes[code] {
			problem = code + " staat niet in het register van gemeenten"
		}
		if problem != "" {
			r.problems.Add(row.Line, r.header.name(fGemeenteCode), "%s", problem)
			return ""
		}
		return code
	}
	name := r.header.cell(row, fGemeenteName)
	code, ok := r.names[name]
	if !ok {
		var problem string
		if code, problem = find(name, r.known, Gemeente); problem != "" {
			r.problems.Add(row.Line, r.header.name(fGemeenteName), "%s", problem)
		}
		r.names[name] = code
	}
	return code
}

// rowAreas returns the areas that the columns swv_po and swv_vo of a row name,
// each once and without extent.
func rowAreas(h header, row sheet.Row, gemeente string) ([]Area, []sheet.Problem) {
	var areas []Area
	var problems []sheet.Problem
	for _, f := range []field{fSWVPO, fSWVVO} {
		codes, problem := Codes(SWV, h.cell(row, f), string(f))
		if problem != "" {
			problems = append(problems, sheet.Problem{Line: row.Line, Column: h.name(f), Text: problem})
		}
		for i, code := range codes {
			if !slices.Contains(codes[:i], code) {
				areas = append(areas, Area{Line: row.Line, SWV: code, Gemeente: gemeente})
			}
		}
	}
	return areas, problems
}

func sectorField(swv string) field {
	if strings.HasPrefix(swv, "PO") {
		return fSWVPO
	}
	return fSWVVO
}

// withExtent returns areas in which the extent is filled in where it was not
// given.
func withExtent(areas []Area) []Area {
	count := make(map[string]int) // gemeente and sector -> swv
	for _, a := range areas {
		count[a.Gemeente+Sector(SWV, a.SWV)]++
	}
	done := slices.Clone(areas)
	for i, a := range done {
		switch {
		case a.Extent != "":
		case count[a.Gemeente+Sector(SWV, a.SWV)] == 1:
			done[i].Extent = Whole
		default:
			done[i].Extent = Part
		}
	}
	return done
}

func parseExtent(text string) (e Extent, problem string) {
	switch key(text) {
	case "":
		return "", ""
	case "geheel", "heel", "volledig":
		return Whole, ""
	case "deel", "deels", "gedeeltelijk":
		return Part, ""
	case "onbekend":
		return Unknown, ""
	}
	return "", fmt.Sprintf("%s is geen dekking; verwacht geheel, deel of onbekend", sheet.Quote(text))
}

// An AreaChange is what a newer file of areas brings. Nothing is removed by it:
// what is missing from it stays.
type AreaChange struct {
	Added   []Area
	Changed []Area               // as the newer file has them
	Was     map[[2]string]Extent // of those that changed, by swv and gemeente
	Missing []Area               // of the older file
}

// DiffAreas compares the areas that are known with those of a newer file, each in
// its own order.
func DiffAreas(old, new []Area) AreaChange {
	c := AreaChange{Was: map[[2]string]Extent{}}
	pair := func(a Area) [2]string { return [2]string{a.SWV, a.Gemeente} }
	before, after := map[[2]string]Extent{}, map[[2]string]bool{}
	for _, a := range old {
		before[pair(a)] = a.Extent
	}
	for _, a := range new {
		after[pair(a)] = true
		was, known := before[pair(a)]
		switch {
		case !known:
			c.Added = append(c.Added, a)
		case was != a.Extent:
			c.Changed = append(c.Changed, a)
			c.Was[pair(a)] = was
		}
	}
	for _, a := range old {
		if !after[pair(a)] {
			c.Missing = append(c.Missing, a)
		}
	}
	return c
}
