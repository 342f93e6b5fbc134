package instrument

import (
	"fmt"
	"slices"
	"strings"
)

// spssWords are the words that SPSS keeps to itself (standards N1).
var spssWords = []string{"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}

// ownColumns are the columns that stand beside the variables in our files, and
// the other fields of a page.
var ownColumns = []string{"unit", "mode", "status", "covers", "ingediend_op", "id_resp", "doelgroep", "versie",
	"gm_code", "swv_code", "dekking", "status_aapor", "start_op", "eind_op", "bron_id", "gestart_op", "revisie", "te_laat", "duur", "actie", "extra"}

// variables checks the columns that the questions give: their names, their
// labels, and that each has a place of its own.
func (c *checker) variables() {
	names := registry{}
	cells := map[[3]string]string{}
	for s := range c.in.Sections {
		for q := range c.in.Sections[s].Questions {
			x := &c.in.Sections[s].Questions[q]
			for _, v := range x.Variables() {
				p := c.origin(place{"sections", s, "questions", q}, x, v)
				c.name(p, v, names)
				cell := [3]string{v.Question, v.Row, v.Column}
				if other, taken := cells[cell]; taken && !strings.EqualFold(other, v.Name) {
					c.fault(p, "“"+v.Name+"” en “"+other+"” staan op dezelfde plaats in de vraag.", "Kies een andere id.")
				}
				cells[cell] = v.Name
			}
		}
	}
}

// origin returns the place in the file that a variable comes from.
func (c *checker) origin(p place, q *Question, v Variable) place {
	if r := slices.IndexFunc(q.Rows, func(r Row) bool { return r.ID == v.Row }); r >= 0 {
		return p.to("rows", r, "id")
	}
	return p.to("id")
}

func (c *checker) name(p place, v Variable, names registry) {
	key := strings.ToLower(v.Name)
	line, taken := names[key]
	switch {
	case taken && c.told(c.node(p)): // the ids are the same, which was said
	case taken:
		c.fault(p, fmt.Sprintf("De variabele “%s” bestaat al, van regel %d.", v.Name, line), "Kies een andere id.")
	case slices.Contains(spssWords, key):
		c.fault(p, "SPSS weigert “"+v.Name+"” als naam van een variabele.", "Kies een andere id.")
	case slices.Contains(ownColumns, key):
		c.fault(p, "“"+v.Name+"” is al een kolom van het databestand.", "Kies een andere id.")
	case len(v.Name) > maxName:
		c.fault(p, fmt.Sprintf("De variabele “%s” is langer dan %d tekens.", v.Name, maxName), "Kies een kortere id.")
	case len(v.Label) > maxLabel:
		c.fault(p, fmt.Sprintf("Het label van “%s” is langer dan %d bytes; SPSS kapt het af.", v.Name, maxLabel), "Maak de tekst korter; zet uitleg in “hint”.")
	}
	if !taken {
		names[key] = c.node(p).Line
	}
}
