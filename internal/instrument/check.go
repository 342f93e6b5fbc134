package instrument

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/uitvraag/uitvraag/internal/logic"
)

// A checker finds what is wrong with an instrument that could be read, and
// says where it stands in the file.
type checker struct {
	*problems
	in   *Instrument
	root *yaml.Node
}

// A place is a path of keys and indexes in the file.
type place []any

// to returns the place further on; p itself is not changed.
func (p place) to(steps ...any) place { return append(slices.Clip(p), steps...) }

// node returns what stands at p, or what of the path to it is there.
func (c *checker) node(p place) *yaml.Node {
	for n := len(p); n > 0; n-- {
		if found := find(c.root, p[:n]...); found != nil {
			return found
		}
	}
	return c.root
}

func (c *checker) has(p place) bool { return find(c.root, p...) != nil }

func (c *checker) fault(p place, text, remedy string)  { c.at(c.node(p), text, remedy) }
func (c *checker) advise(p place, text, remedy string) { c.warn(c.node(p), text, remedy) }

// check goes over everything. Each part stands on its own, so that one fault
// does not hide another.
func (c *checker) check() {
	c.head()
	c.definitions()
	c.optionSets()
	sections, questions := registry{}, registry{}
	for s := range c.in.Sections {
		c.section(s, sections, questions)
	}
	c.notes()
	c.variables()
	c.scales()
	c.conditions()
	c.markup(c.root)
}

func (c *checker) head() {
	c.id(place{"instrument"}, c.in.Name, "de vragenlijst", registry{})
	c.text(place{"title"}, c.in.Title, "Deze vragenlijst heeft geen titel.", "Zet er een regel bij: title: \"…\"")
	c.text(place{"respondent"}, c.in.Respondent, "Er staat niet wie de vragenlijst invult.", "Zet er een regel bij: respondent: \"de directeur van …\"")
	if !edition.MatchString(c.in.Edition) {
		c.fault(place{"edition"}, "De editie “"+c.in.Edition+"” kan niet.", "Gebruik een jaar, zoals 2026, of letters, cijfers, punten en streepjes.")
	}
	if c.in.Minutes < 1 || c.in.Minutes > 240 {
		c.fault(place{"minutes"}, "Er staat niet hoeveel minuten het invullen duurt.", "Zet er een regel bij: minutes: 20")
	}
	if c.in.Partial < 0 || c.in.Partial > 1 {
		c.fault(place{"partial"}, "Het percentage voor “gedeeltelijk” ligt niet tussen 0 en 100.", "Gebruikelijk is 50.")
	}
	if len(c.in.Sections) == 0 {
		c.fault(place{"sections"}, "Deze vragenlijst heeft geen onderdelen.", "Zet onder “sections:” ten minste één onderdeel met een vraag.")
	}
}

var (
	edition  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$`)
	validID  = regexp.MustCompile(`^[a-z]([a-z0-9_]*[a-z0-9])?$`)
	htmlLike = regexp.MustCompile(`</?[a-zA-Z][^>]*>|&[a-zA-Z]+;|&#`)
)

// A registry holds the ids that are taken, in lower case, and where.
type registry map[string]int

// id checks one id, and that ids has it only once.
func (c *checker) id(p place, id, of string, ids registry) {
	switch key := strings.ToLower(id); {
	case id == "":
		c.fault(p, "Er ontbreekt een id bij "+of+".", "Zet er een regel bij: id: kort_woord")
	case !validID.MatchString(id):
		c.fault(p, "De id “"+id+"” bij "+of+" kan niet.", "Gebruik kleine letters, cijfers en _; begin met een letter en eindig niet op _.")
		fallthrough
	default:
		if line, taken := ids[key]; taken {
			c.fault(p, fmt.Sprintf("De id “%s” bij %s bestaat al, op regel %d.", id, of, line), "Kies een andere id.")
		} else {
			ids[key] = c.node(p).Line
		}
	}
}

// text checks that there is a text.
func (c *checker) text(p place, text, missing, remedy string) {
	if text == "" {
		c.fault(p, missing, remedy)
	}
}

func (c *checker) definitions() {
	ids := registry{}
	used := c.usedDefinitions()
	for i, d := range c.in.Definitions {
		p := place{"definitions", i}
		c.id(p.to("id"), d.ID, "een begrip", ids)
		c.text(p, d.Term, "Het begrip “"+d.ID+"” heeft geen naam.", "Zet er bij: term: \"…\"")
		c.text(p, d.Text, "Het begrip “"+d.ID+"” heeft geen uitleg.", "Zet er bij: text: \"…\"")
		if !slices.Contains(used, d.ID) {
			c.advise(p, "Het begrip “"+d.ID+"” wordt nergens uitgelegd.", "Noem het onder “definitions” bij een onderdeel, vraag of rij, of haal het weg.")
		}
	}
}

func (c *checker) usedDefinitions() []string {
	var used []string
	for _, s := range c.in.Sections {
		used = append(used, s.Definitions...)
		for _, q := range s.Questions {
			used = append(used, q.Definitions...)
			for _, r := range q.Rows {
				used = append(used, r.Definitions...)
			}
		}
	}
	return used
}

// defined checks references to definitions.
func (c *checker) defined(p place, ids []string) {
	for i, id := range ids {
		if _, ok := c.in.Definition(id); !ok {
			c.fault(p.to("definitions", i), "Het begrip “"+id+"” bestaat niet.", c.oneOf("definitions"))
		}
	}
}

// oneOf names the ids of a list at the top of the file.
func (c *checker) oneOf(list string) string {
	var ids []string
	if n := child(c.root, list); n != nil {
		for _, x := range n.Content {
			if id := child(x, "id"); id != nil {
				ids = append(ids, id.Value)
			}
		}
	}
	if len(ids) == 0 {
		return "Voeg het toe onder “" + list + "”."
	}
	return "Kies uit: " + strings.Join(ids, ", ") + "; of voeg het toe onder “" + list + "”."
}

func (c *checker) optionSets() {
	ids := registry{}
	for i, s := range c.in.OptionSets {
		p := place{"option_sets", i}
		c.id(p.to("id"), s.ID, "een antwoordlijst", ids)
		c.optionList(p.to("options"), s.Options)
		used := false
		for x := range c.in.Sections {
			used = used || slices.ContainsFunc(c.in.Sections[x].Questions, func(q Question) bool { return q.OptionSet == s.ID })
		}
		if !used {
			c.advise(p, "De antwoordlijst “"+s.ID+"” wordt nergens gebruikt.", "Haal haar weg, of noem haar bij een vraag: options: "+s.ID)
		}
	}
}

func (c *checker) notes() {
	ids := registry{}
	for i, n := range c.in.Notes {
		c.id(place{"notes", i, "id"}, n.ID, "een aantekening", ids)
		c.text(place{"notes", i}, n.Text, "De aantekening “"+n.ID+"” is leeg.", "Zet er bij: text: \"…\"")
	}
}

func (c *checker) section(s int, sections, questions registry) {
	x := &c.in.Sections[s]
	p := place{"sections", s}
	c.id(p.to("id"), x.ID, "een onderdeel", sections)
	c.text(p, x.Title, "Het onderdeel “"+x.ID+"” heeft geen titel.", "Zet er bij: title: \"…\", en untitled: true als de titel niet gedrukt was.")
	c.defined(p, x.Definitions)
	if len(x.Questions) == 0 {
		c.fault(p, "Het onderdeel “"+x.ID+"” heeft geen vragen.", "Zet er een vraag in of haal het weg.")
	}
	for q := range x.Questions {
		c.question(p.to("questions", q), &x.Questions[q], questions)
	}
}

func (c *checker) scales() {
	ids := registry{}
	variables := c.in.Variables()
	for i, s := range c.in.Scales {
		p := place{"scales", i}
		c.id(p.to("id"), s.ID, "een schaal", ids)
		c.text(p, s.Title, "De schaal “"+s.ID+"” heeft geen naam.", "Zet er bij: title: \"…\"")
		if len(s.Items) < 2 {
			c.fault(p.to("items"), "De schaal “"+s.ID+"” heeft minder dan twee items.", "Noem ten minste twee variabelen.")
		}
		for k, item := range s.Items {
			at := slices.IndexFunc(variables, func(v Variable) bool { return v.Name == item })
			switch {
			case at < 0:
				c.fault(p.to("items", k), "De variabele “"+item+"” van de schaal “"+s.ID+"” bestaat niet.", "Gebruik de naam zoals in het codeboek, bijvoorbeeld visie_1 of b5_11_kern.")
			case variables[at].Type != CodeType && variables[at].Type != GradeType:
				c.fault(p.to("items", k), "“"+item+"” heeft geen codes of cijfers, en kan niet in een schaal.", "Haal het item uit de schaal.")
			case slices.Contains(s.Items[:k], item):
				c.fault(p.to("items", k), "“"+item+"” staat twee keer in de schaal “"+s.ID+"”.", "Haal er een weg.")
			}
		}
	}
}

// markup warns of HTML, which is shown as typed.
func (c *checker) markup(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		if tag := htmlLike.FindString(n.Value); tag != "" {
			c.warn(n, "In deze tekst staat “"+tag+"”; dat wordt letterlijk getoond.", "Schrijf gewone tekst; gebruik “emphasis” voor vette woorden.")
		}
	}
	for _, x := range n.Content {
		c.markup(x)
	}
}

// domains gives what each variable of in can hold, for conditions.
func (in *Instrument) domains() logic.Domains {
	known := map[string]logic.Domain{}
	for s := range in.Sections {
		for q := range in.Sections[s].Questions {
			x := &in.Sections[s].Questions[q]
			for _, v := range x.Variables() {
				known[v.Name] = x.domain(v)
			}
		}
	}
	return func(name string) (logic.Domain, bool) {
		d, ok := known[name]
		return d, ok
	}
}

func (q *Question) domain(v Variable) logic.Domain {
	d := logic.Domain{Text: v.Type == TextType, Min: q.Range.Min, Max: q.Range.Max}
	for _, x := range v.Values {
		if !x.Missing {
			d.Values = append(d.Values, logic.Value{ID: x.ID, Code: x.Code})
		}
	}
	return d
}
