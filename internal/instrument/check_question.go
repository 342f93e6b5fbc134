package instrument

import (
	"fmt"
	"slices"
	"strings"
)

// maxLabel and maxValueLabel are the limits of SPSS, in bytes (standards N3).
const (
	maxLabel      = 256
	maxValueLabel = 120
	maxName       = 64
)

// pathWords are the last parts of addresses beside those of questions.
var pathWords = []string{"controleren", "ontvangst", "antwoorden", "onderdelen", "afdrukken", "doorsturen"}

// A shape says which keys a kind of question has: must, may, or must not.
type shape struct{ must, may string }

// shapes holds every kind. Keys that all questions may have are not in it.
var shapes = map[Kind]shape{
	Single:       {must: "options"},
	YesNo:        {must: "options"},
	Multi:        {must: "options"},
	MatrixSingle: {must: "rows options", may: "row_header stem"},
	MatrixMulti:  {must: "rows options", may: "row_header stem"},
	GradeMatrix:  {must: "rows options grade", may: "row_header stem"},
	Open:         {may: "explains"},
	Number:       {must: "range", may: "options"},
	Repeated:     {must: "fields repeat"},
}

func (c *checker) question(p place, q *Question, ids registry) {
	c.id(p.to("id"), q.ID, "een vraag", ids)
	if slices.Contains(pathWords, q.ID) {
		c.fault(p.to("id"), "“"+q.ID+"” is het adres van een andere pagina.", "Kies een andere id voor deze vraag.")
	}
	c.defined(p, q.Definitions)
	if q.Unprinted {
		if q.Text != "" || q.Kernvraag {
			c.fault(p.to("unprinted"), "De vraag “"+q.ID+"” wordt nooit getoond, maar heeft een tekst of is een kernvraag.", "Haal “unprinted” weg.")
		}
	} else {
		c.text(p, q.Text, "De vraag “"+q.ID+"” heeft geen tekst.", "Zet er bij: text: \"…\", of unprinted: true als de tekst niet bekend is.")
	}
	for i, words := range q.Emphasis {
		if !strings.Contains(q.Text, words) || words == "" {
			c.fault(p.to("emphasis", i), "“"+words+"” komt niet voor in de tekst van de vraag.", "Neem de woorden letterlijk over uit de tekst.")
		}
	}
	if c.shape(p, q) {
		c.rows(p, q)
		c.options(p, q)
		c.bounds(p, q)
		c.fields(p, q)
	}
}

// shape checks that the keys suit the kind.
func (c *checker) shape(p place, q *Question) bool {
	s, ok := shapes[q.Kind]
	if !ok {
		var kinds []string
		for k := range shapes {
			kinds = append(kinds, string(k))
		}
		slices.Sort(kinds)
		c.fault(p.to("kind"), "De soort “"+string(q.Kind)+"” van de vraag “"+q.ID+"” bestaat niet.", "Kies bij “kind” uit: "+strings.Join(kinds, ", ")+".")
		return false
	}
	must, may := strings.Fields(s.must), strings.Fields(s.may)
	for _, key := range []string{"rows", "options", "grade", "range", "fields", "repeat", "row_header", "stem", "explains"} {
		switch has := c.has(p.to(key)); {
		case has && !slices.Contains(must, key) && !slices.Contains(may, key):
			c.fault(p.to(key), "Een vraag van de soort "+string(q.Kind)+" heeft geen “"+key+"”.", "Haal “"+key+"” weg, of verander “kind”.")
		case !has && slices.Contains(must, key) && !q.Unprinted:
			c.fault(p, "De vraag “"+q.ID+"” heeft geen “"+key+"”, terwijl de soort "+string(q.Kind)+" dat nodig heeft.", "Zet “"+key+": …” bij de vraag.")
		}
	}
	return true
}

func (c *checker) rows(p place, q *Question) {
	ids := registry{}
	for i, r := range q.Rows {
		c.id(p.to("rows", i, "id"), r.ID, "een rij van “"+q.ID+"”", ids)
		c.text(p.to("rows", i), r.Label, "De rij “"+r.ID+"” heeft geen tekst.", "Zet er bij: label: \"…\"")
		c.defined(p.to("rows", i), r.Definitions)
		if r.Open && q.Kind == GradeMatrix {
			c.fault(p.to("rows", i, "open"), "Een rij met tekst kan niet bij de soort "+string(q.Kind)+": er is geen plaats om te schrijven.", "Haal “open” weg en maak er een eigen vraag van.")
		}
	}
	if c.has(p.to("rows")) && len(q.Rows) == 0 {
		c.fault(p.to("rows"), "De vraag “"+q.ID+"” heeft geen rijen.", "Zet onder “rows:” ten minste één rij.")
	}
	if len(q.Rows) > PageRows {
		parts := (len(q.Rows) + PageRows - 1) / PageRows
		c.advise(p.to("rows"), fmt.Sprintf("De vraag “%s” heeft %d rijen en wordt over %d pagina's verdeeld.", q.ID, len(q.Rows), parts),
			fmt.Sprintf("Een pagina heeft hooguit %d rijen; maak zo nodig twee vragen.", PageRows))
	}
}

// options checks the options of a question against its kind.
func (c *checker) options(p place, q *Question) {
	list := p.to("options")
	if q.OptionSet == "" {
		c.optionList(list, q.Options)
	} else {
		at := slices.IndexFunc(c.in.OptionSets, func(s OptionSet) bool { return s.ID == q.OptionSet })
		if at < 0 {
			c.fault(list, "De antwoordlijst “"+q.OptionSet+"” bestaat niet.", c.oneOf("option_sets"))
			return
		}
		list = place{"option_sets", at, "options"}
	}
	c.optionLabels(p, q)
	if !c.has(p.to("options")) {
		return
	}
	substantive := 0
	for i, o := range q.Options {
		if o.Missing == Substantive {
			substantive++
		}
		c.optionFits(list.to(i), q, o)
	}
	switch {
	case q.Kind == YesNo && substantive != 2:
		c.fault(p.to("options"), "Een ja/nee-vraag heeft precies twee antwoorden.", "Gebruik een andere “kind”, of geef twee antwoorden.")
	case (q.Kind == Single || q.Kind == MatrixSingle) && substantive < 2:
		c.fault(p.to("options"), "De vraag “"+q.ID+"” heeft minder dan twee inhoudelijke antwoorden.", "Voeg antwoorden toe.")
	case (q.Kind == Multi || q.Kind == MatrixMulti || q.Kind == GradeMatrix) && substantive < 1:
		c.fault(p.to("options"), "De vraag “"+q.ID+"” heeft geen inhoudelijke antwoorden.", "Voeg antwoorden toe.")
	}
}

// optionLabels checks the texts that replace those of a shared list.
func (c *checker) optionLabels(p place, q *Question) {
	n := find(c.root, p.to("option_labels")...)
	if n == nil {
		return
	}
	if q.OptionSet == "" {
		c.at(n, "“option_labels” hoort bij een gedeelde antwoordlijst.", "Verander het label in de eigen lijst van de vraag.")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if id := n.Content[i].Value; !slices.ContainsFunc(q.Options, func(o Option) bool { return o.ID == id }) {
			c.at(n.Content[i], "Het antwoord “"+id+"” bestaat niet in de lijst “"+q.OptionSet+"”.", "Noem de id van een antwoord uit de lijst.")
		}
	}
}

// optionFits checks one option against the kind of the question.
func (c *checker) optionFits(p place, q *Question, o Option) {
	multi := q.Kind == Multi || q.Kind == MatrixMulti
	coded := q.Kind == Single || q.Kind == YesNo || q.Kind == MatrixSingle
	switch {
	case coded && o.Missing == Substantive && !c.has(p.to("code")):
		c.fault(p, "Het antwoord “"+o.ID+"” heeft geen code.", "Zet er bij: code: 1, of het volgende getal.")
	case multi && o.Missing != Substantive && !o.Exclusive:
		c.fault(p, "“"+o.Label+"” kan in een meerkeuzevraag niet naast andere antwoorden staan.", "Zet er bij: exclusive: true")
	case !multi && o.Exclusive:
		c.advise(p.to("exclusive"), "“exclusive” doet niets bij de vraag “"+q.ID+"”: daar is altijd één antwoord mogelijk.", "Haal “exclusive” weg, of gebruik een andere antwoordlijst.")
	case q.Kind == Number && o.Missing == Substantive:
		c.fault(p, "Een getalvraag heeft alleen antwoorden als “geen zicht op” en “n.v.t.”.", "Zet er bij: missing: geen_zicht of missing: nvt, of haal het antwoord weg.")
	}
	if o.Open && q.Kind != Single && q.Kind != Multi {
		c.fault(p.to("open"), "Een antwoord met tekst kan niet bij de soort "+string(q.Kind)+".", "Maak er een rij van met open: true.")
	}
}

// optionList checks a list of options by itself.
func (c *checker) optionList(p place, options []Option) {
	if c.has(p) && len(options) == 0 {
		c.fault(p, "Deze lijst heeft geen antwoorden.", "Zet er antwoorden in.")
	}
	ids, codes, reasons := registry{}, map[int]string{}, map[Missing]string{}
	for i, o := range options {
		at := p.to(i)
		c.id(at.to("id"), o.ID, "een antwoord", ids)
		c.text(at, o.Label, "Het antwoord “"+o.ID+"” heeft geen tekst.", "Zet er bij: label: \"…\"")
		if len(o.Label) > maxValueLabel {
			c.fault(at.to("label"), fmt.Sprintf("Dit label is langer dan %d bytes; SPSS kapt het af.", maxValueLabel), "Maak het korter; zet uitleg in “hint” of “text”.")
		}
		if o.Missing != Substantive {
			c.missingOption(at, o, reasons)
			continue
		}
		if len(reasons) > 0 {
			c.advise(at, "Het antwoord “"+o.ID+"” staat na “geen zicht op” of “n.v.t.”.", "Zet die twee achteraan.")
		}
		if c.has(at.to("code")) {
			c.code(at.to("code"), o, codes)
		}
	}
}

// missingOption checks an option that is no substantive answer.
func (c *checker) missingOption(p place, o Option, reasons map[Missing]string) {
	if other, taken := reasons[o.Missing]; taken {
		c.fault(p.to("missing"), "“"+o.ID+"” en “"+other+"” zijn allebei “"+string(o.Missing)+"”.", "Laat er één staan.")
	}
	reasons[o.Missing] = o.ID
	if c.has(p.to("code")) {
		c.fault(p.to("code"), "Een antwoord met “missing” krijgt zijn code vanzelf.", "Haal “code” weg.")
	}
	if o.Open {
		c.fault(p.to("open"), "Een antwoord met “missing” kan geen tekst vragen.", "Haal “open” weg.")
	}
}

func (c *checker) code(p place, o Option, codes map[int]string) {
	switch other, taken := codes[o.Code]; {
	case taken:
		c.fault(p, fmt.Sprintf("De code %d is al van “%s”.", o.Code, other), "Kies een andere code.")
	case o.Code < 0 || o.Code >= 997:
		c.fault(p, fmt.Sprintf("De code %d kan niet: 997 en hoger zijn voor ontbrekende antwoorden.", o.Code), "Kies een code van 0 tot en met 996.")
	default:
		codes[o.Code] = o.ID
	}
}

// bounds checks marks and counts against the codes of missing answers.
func (c *checker) bounds(p place, q *Question) {
	if g := q.Grade; q.Kind == GradeMatrix && c.has(p.to("grade")) && (g.Min < 0 || g.Min >= g.Max || g.Max >= 97) {
		c.fault(p.to("grade"), fmt.Sprintf("Een cijfer van %d tot %d kan niet.", g.Min, g.Max), "Gebruik bijvoorbeeld {min: 1, max: 10}; 97 en hoger zijn voor ontbrekende antwoorden.")
	}
	if r := q.Range; q.Kind == Number && c.has(p.to("range")) && (r.Min < 0 || r.Min >= r.Max || r.Max >= 997) {
		c.fault(p.to("range"), fmt.Sprintf("Een getal van %d tot %d kan niet.", r.Min, r.Max), "Gebruik bijvoorbeeld {min: 0, max: 996}; 997 en hoger zijn voor ontbrekende antwoorden.")
	}
}

func (c *checker) fields(p place, q *Question) {
	ids := registry{}
	for i, f := range q.Fields {
		c.id(p.to("fields", i, "id"), f.ID, "een veld van “"+q.ID+"”", ids)
		c.text(p.to("fields", i), f.Label, "Het veld “"+f.ID+"” heeft geen tekst.", "Zet er bij: label: \"…\"")
	}
	if c.has(p.to("repeat")) && q.Repeat == "" {
		c.fault(p.to("repeat"), "Bij “repeat” van de vraag “"+q.ID+"” staat geen naam.", "Schrijf hoe één herhaling heet, bijvoorbeeld: repeat: voorbeeld")
	}
	if c.has(p.to("fields")) && len(q.Fields) == 0 {
		c.fault(p.to("fields"), "De vraag “"+q.ID+"” heeft geen velden.", "Zet onder “fields:” ten minste één veld.")
	}
}
