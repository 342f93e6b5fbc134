package hypothesis

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/logic"
)

// A parser reads a register and collects what is wrong with it.
type parser struct {
	problems []instrument.Problem
	groups   map[string]bool // ids of derived variables
}

func (p *parser) at(n *yaml.Node, text, remedy string) {
	if len(p.problems) < 100 {
		p.problems = append(p.problems, instrument.Problem{Line: max(1, n.Line), Column: max(1, n.Column), Text: text, Remedy: remedy})
	}
}

// maxText bounds a register: one of all expectations is a hundredth of it.
const maxText = 1 << 20

// Parse reads a register. Where there are problems there is none, but for
// warnings.
func Parse(text []byte) (*Register, []instrument.Problem) {
	p := &parser{groups: map[string]bool{}}
	var root yaml.Node
	if len(text) > maxText {
		return nil, []instrument.Problem{{Line: 1, Column: 1, Text: "Het bestand is te groot voor een register.", Remedy: "Kies het juiste bestand."}}
	}
	if err := yaml.Unmarshal(text, &root); err != nil || len(root.Content) != 1 {
		line := 1
		if err != nil {
			if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
				line, _ = strconv.Atoi(m[1])
			}
		}
		return nil, []instrument.Problem{{Line: max(1, line), Column: 1, Text: "De opmaak van het bestand klopt niet.", Remedy: "Kijk naar het inspringen en de aanhalingstekens rond deze regel."}}
	}
	r := &Register{Alpha: 0.05, Smallest: 10}
	version := ""
	p.group(root.Content[0], "register", map[string]func(*yaml.Node){
		"uitvraag": p.text(&version), "register": p.text(&r.ID), "title": p.text(&r.Title), "instruments": p.texts(&r.Instruments),
		"alpha":    p.between(&r.Alpha, 0.0001, 0.5),
		"smallest": func(n *yaml.Node) { x := 0.0; p.between(&x, 2, 1000)(n); r.Smallest = int(x) },
		"derive": p.items(func(n *yaml.Node) {
			r.Derived = append(r.Derived, p.derived(n))
		}),
		"hypotheses": p.items(func(n *yaml.Node) { r.Hypotheses = append(r.Hypotheses, p.hypothesis(n, r)) }),
		"figures":    p.items(func(n *yaml.Node) { r.Figures = append(r.Figures, p.figure(n)) }),
	}, "uitvraag", "register", "title", "instruments", "hypotheses")
	if version != "" && version != "1" {
		p.at(root.Content[0], "Dit register is van versie "+version+"; deze versie van Uitvraag leest versie 1.", "Zet bovenaan ‘uitvraag: 1’.")
	}
	for i := range r.Hypotheses { // alpha may stand below them
		r.Hypotheses[i].Alpha, r.Hypotheses[i].Smallest = r.Alpha, r.Smallest
	}
	if len(p.problems) > 0 {
		slices.SortStableFunc(p.problems, func(a, b instrument.Problem) int { return a.Line*10000 + a.Column - b.Line*10000 - b.Column })
		return nil, p.problems
	}
	return r, nil
}

var lineOf = regexp.MustCompile(`line (\d+)`)

// group reads a mapping: every key once and known, and those required there.
func (p *parser) group(n *yaml.Node, what string, fields map[string]func(*yaml.Node), required ...string) {
	if n.Kind != yaml.MappingNode {
		p.at(n, "Hier hoort een "+what+" te staan, met kenmerken.", "Schrijf de kenmerken als ‘naam: waarde’.")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := fields[key.Value]
		switch {
		case !ok:
			names := make([]string, 0, len(fields))
			for name := range fields {
				names = append(names, name)
			}
			slices.Sort(names)
			p.at(key, fmt.Sprintf("Een %s heeft geen kenmerk ‘%s’.", what, key.Value), "Mogelijk zijn: "+strings.Join(names, ", ")+".")
		case seen[key.Value]:
			p.at(key, "‘"+key.Value+"’ staat hier twee keer.", "Haal er een weg.")
		default:
			seen[key.Value] = true
			read(value)
		}
	}
	for _, name := range required {
		if !seen[name] {
			p.at(n, "Deze "+what+" heeft geen ‘"+name+"’.", "Voeg ‘"+name+": …’ toe.")
		}
	}
}

func (p *parser) items(read func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			p.at(n, "Hier hoort een lijst te staan.", "Zet voor elk een streepje: ‘- …’.")
			return
		}
		for _, c := range n.Content {
			read(c)
		}
	}
}

func (p *parser) text(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
			p.at(n, "Hier hoort een tekst te staan.", "Zet de tekst tussen aanhalingstekens.")
			return
		}
		*to = strings.TrimSpace(n.Value)
	}
}

func (p *parser) texts(to *[]string) func(*yaml.Node) {
	return p.items(func(n *yaml.Node) { s := ""; p.text(&s)(n); *to = append(*to, s) })
}

func (p *parser) oneOf(to *string, allowed ...string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		p.text(to)(n)
		if *to != "" && !slices.Contains(allowed, *to) {
			p.at(n, "‘"+*to+"’ kan hier niet.", "Mogelijk zijn: "+strings.Join(allowed, ", ")+".")
		}
	}
}

func (p *parser) between(to *float64, lo, hi float64) func(*yaml.Node) {
	return func(n *yaml.Node) {
		x, err := strconv.ParseFloat(n.Value, 64)
		if n.Kind != yaml.ScalarNode || err != nil || !(x >= lo && x <= hi) {
			p.at(n, fmt.Sprintf("Hier hoort een getal van %g tot %g te staan.", lo, hi), "Schrijf het met een punt, niet met een komma.")
			return
		}
		*to = x
	}
}

func (p *parser) derived(n *yaml.Node) Derived {
	d := Derived{Line: n.Line}
	p.group(n, "afgeleide variabele", map[string]func(*yaml.Node){"id": p.text(&d.ID), "label": p.text(&d.Label), "from": p.text(&d.From), "any": p.texts(&d.Any),
		"groups": p.items(func(n *yaml.Node) {
			var g Group
			p.group(n, "groep", map[string]func(*yaml.Node){"id": p.text(&g.ID), "label": p.text(&g.Label), "values": p.texts(&g.Values)}, "id", "label")
			d.Groups = append(d.Groups, g)
		})}, "id", "label")
	if p.groups[d.ID] {
		p.at(n, "Er is al een afgeleide variabele ‘"+d.ID+"’.", "Kies een andere id.")
	}
	p.groups[d.ID] = true
	if (d.From == "") == (len(d.Any) == 0) || d.From != "" && len(d.Groups) == 0 {
		p.at(n, "Een afgeleide variabele komt van één variabele (from, met groups) of van ja-nee-variabelen (any).", "Vul een van beide in.")
	}
	return d
}

func (p *parser) hypothesis(n *yaml.Node, r *Register) Hypothesis {
	h := Hypothesis{Rule: AllTests, Line: n.Line}
	rule := ""
	p.group(n, "verwachting", map[string]func(*yaml.Node){"id": p.text(&h.ID), "question": p.text(&h.Question), "expectation": p.text(&h.Expectation),
		"confirmed_by": p.oneOf(&rule, string(AllTests), string(MostTests), string(AnyTest)),
		"tests":        p.items(func(n *yaml.Node) { h.Tests = append(h.Tests, p.test(n, r)) })}, "id", "expectation", "tests")
	if rule != "" {
		h.Rule = Rule(rule)
	}
	if len(h.ID) > 40 || strings.ContainsFunc(h.ID, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	}) {
		p.at(n, "De id ‘"+h.ID+"’ kan niet.", "Gebruik hooguit 40 letters, cijfers en streepjes (_).")
	}
	if slices.ContainsFunc(r.Hypotheses, func(x Hypothesis) bool { return x.ID == h.ID }) {
		p.at(n, "Er is al een verwachting ‘"+h.ID+"’.", "Kies een andere id.")
	}
	return h
}

func (p *parser) test(n *yaml.Node, r *Register) Test {
	t := Test{Line: n.Line}
	kind, direction, against := "", "", ""
	names := []string{}
	for _, k := range kinds {
		names = append(names, string(k))
	}
	p.group(n, "toets", map[string]func(*yaml.Node){
		"instrument": p.text(&t.Instrument), "test": p.text(&kind), "dependent": p.texts(&t.Dependents), "by": p.text(&t.By),
		"compare": p.texts(&t.Compare), "higher": p.texts(&t.Higher), "direction": p.oneOf(&direction, "positive", "negative"),
		"values": p.texts(&t.Values), "where": func(n *yaml.Node) {
			p.text(&t.Where)(n)
			if _, err := logic.Parse(t.Where); err != nil {
				p.at(n, "Deze voorwaarde klopt niet: "+err.Error(), "Schrijf haar als in de routing: regio = noord and b5_2_kern >= 3.")
			}
		},
		"against": p.oneOf(&against, "largest", "rest"), "classic": p.oneOf(&t.Classic, classics...),
		"split": p.text(&t.Split), "pair": p.texts(&t.Pair),
	}, "instrument", "test")
	t.Kind, t.Largest = Kind(kind), against == "largest"
	t.Direction = map[string]int{"positive": 1, "negative": -1}[direction]
	need := func(ok bool, text, remedy string) {
		if !ok {
			p.at(n, text, remedy)
		}
	}
	switch {
	case len(t.Compare) > 0 && slices.Contains(independent, t.Kind):
		p.at(n, "De variabelen achter ‘compare’ zijn door dezelfde respondenten ingevuld; een toets voor onafhankelijke groepen past daar niet op.", "Kies test: wilcoxon of test: paired_t.")
		return t
	case !slices.Contains(kinds, t.Kind):
		p.at(n, "De toets ‘"+kind+"’ is er niet.", "Mogelijk zijn: "+strings.Join(names, ", ")+".")
		return t
	case t.Kind == Wilcoxon || t.Kind == PairedT:
		need(len(t.Compare) == 2 && len(t.Dependents) == 0 && t.By == "", "Een toets voor paren heeft twee variabelen achter ‘compare’, en geen ‘dependent’ of ‘by’.", "Schrijf compare: [een, ander].")
	case t.Kind == Most:
		need(len(t.Dependents) > 0 && len(t.Values) > 0 && t.By == "", "‘most’ vraagt ‘dependent’ en ‘values’.", "Schrijf values: [id, …].")
	default:
		need(len(t.Dependents) > 0 && t.By != "" && len(t.Compare) == 0, "Deze toets vraagt ‘dependent’ en ‘by’.", "Vul beide in.")
	}
	need(len(r.Instruments) == 0 || slices.Contains(r.Instruments, t.Instrument), "Het register gaat niet over ‘"+t.Instrument+"’.", "Zet het bij ‘instruments’ bovenaan.")
	need(len(t.Pair) == 0 || len(t.Pair) == 2, "‘pair’ noemt twee groepen.", "Schrijf pair: [een, ander].")
	return t
}

func (p *parser) figure(n *yaml.Node) Figure {
	var f Figure
	p.group(n, "figuur", map[string]func(*yaml.Node){"id": p.text(&f.ID), "hypothesis": p.text(&f.Hypothesis), "instrument": p.text(&f.Instrument), "title": p.text(&f.Title),
		"kind": p.oneOf(&f.Kind, "means", "moments", "counts"), "rows": p.text(&f.Rows), "columns": p.texts(&f.Columns), "percent": p.oneOf(&f.Percent, "row", "column")},
		"id", "hypothesis", "instrument", "title", "kind", "rows", "columns")
	return f
}
