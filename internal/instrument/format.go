package instrument

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The format of the file: for each group its keys, in the order in which they
// are best written. What must be there is the checker's to say.

func (d *decoder) instrument(n *yaml.Node) *Instrument {
	in := &Instrument{Partial: 0.5}
	format := 0
	d.group(n, "vragenlijst", fields{
		"uitvraag":    d.number(&format),
		"instrument":  d.text(&in.Name),
		"edition":     d.text(&in.Edition),
		"title":       d.text(&in.Title),
		"respondent":  d.text(&in.Respondent),
		"minutes":     d.number(&in.Minutes),
		"partial":     d.share(&in.Partial),
		"definitions": each(d, "begrippen", &in.Definitions, d.definition),
		"option_sets": each(d, "antwoordlijsten", &in.OptionSets, d.optionSet),
		"scales":      each(d, "schalen", &in.Scales, d.scale),
		"notes":       each(d, "aantekeningen", &in.Notes, d.note),
		"sections":    each(d, "onderdelen", &in.Sections, d.section),
	})
	in.share(n)
	return in
}

// each returns a reader of a list whose entries are read by one.
func each[T any](d *decoder, what string, to *[]T, one func(*yaml.Node) T) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d.items(n, what, func(c *yaml.Node) { *to = append(*to, one(c)) })
	}
}

func (d *decoder) definition(n *yaml.Node) (x Definition) {
	d.group(n, "begrip", fields{"id": d.text(&x.ID), "term": d.text(&x.Term), "text": d.text(&x.Text)})
	return x
}

func (d *decoder) note(n *yaml.Node) (x Note) {
	d.group(n, "aantekening", fields{"id": d.text(&x.ID), "text": d.text(&x.Text)})
	return x
}

func (d *decoder) scale(n *yaml.Node) (x Scale) {
	d.group(n, "schaal", fields{"id": d.text(&x.ID), "title": d.text(&x.Title), "items": d.texts(&x.Items)})
	return x
}

func (d *decoder) optionSet(n *yaml.Node) (x OptionSet) {
	d.group(n, "antwoordlijst", fields{"id": d.text(&x.ID), "options": each(d, "antwoorden", &x.Options, d.option)})
	return x
}

func (d *decoder) option(n *yaml.Node) (x Option) {
	d.group(n, "antwoord", fields{
		"id":        d.text(&x.ID),
		"code":      d.number(&x.Code),
		"label":     d.text(&x.Label),
		"hint":      d.text(&x.Hint),
		"title":     d.text(&x.Title),
		"text":      d.text(&x.Text),
		"drawing":   d.text(&x.Drawing),
		"missing":   d.missing(&x.Missing),
		"exclusive": d.flag(&x.Exclusive),
		"open":      d.flag(&x.Open),
	})
	return x
}

func (d *decoder) missing(to *Missing) func(*yaml.Node) {
	return func(n *yaml.Node) {
		switch m := Missing(n.Value); m {
		case NoView, NotApply:
			*to = m
		default:
			d.wrong(n, "“missing” kan hier niet “"+n.Value+"” zijn.", "Kies geen_zicht of nvt.")
		}
	}
}

func (d *decoder) section(n *yaml.Node) (x Section) {
	d.group(n, "onderdeel", fields{
		"id":          d.text(&x.ID),
		"title":       d.text(&x.Title),
		"untitled":    d.flag(&x.Untitled),
		"intro":       d.text(&x.Intro),
		"definitions": d.texts(&x.Definitions),
		"questions":   each(d, "vragen", &x.Questions, d.question),
	})
	return x
}

func (d *decoder) question(n *yaml.Node) (x Question) {
	kind := ""
	d.group(n, "vraag", fields{
		"id":            d.text(&x.ID),
		"table":         d.text(&x.Table),
		"kind":          d.text(&kind),
		"text":          d.text(&x.Text),
		"emphasis":      d.texts(&x.Emphasis),
		"hint":          d.text(&x.Hint),
		"definitions":   d.texts(&x.Definitions),
		"stem":          d.text(&x.Stem),
		"row_header":    d.text(&x.RowHeader),
		"rows":          each(d, "rijen", &x.Rows, d.row),
		"options":       d.options(&x),
		"option_labels": d.labels, // used by share, when the set is known
		"grade":         d.grade(&x.Grade),
		"range":         d.span(&x.Range),
		"fields":        each(d, "velden", &x.Fields, d.field),
		"repeat":        d.text(&x.Repeat),
		"show_if":       d.condition(&x.ShowIf),
		"kernvraag":     d.flag(&x.Kernvraag),
		"optional":      d.flag(&x.Optional),
		"explains":      d.text(&x.Explains),
		"unprinted":     d.flag(&x.Unprinted),
		"inferred":      d.flag(&x.Inferred),
	})
	x.Kind = Kind(kind)
	return x
}

// options reads the name of a shared set, or a list of the question's own.
func (d *decoder) options(q *Question) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			q.OptionSet, _ = d.scalar(n)
			return
		}
		each(d, "antwoorden", &q.Options, d.option)(n)
	}
}

// labels tests the texts that replace those of a shared set, by option id.
func (d *decoder) labels(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, "Hier horen teksten per antwoord te staan.", "Schrijf bijvoorbeeld: {nvt: \"Nvt\"}.")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			d.at(key, "“"+key.Value+"” staat hier twee keer.", "Haal er een weg.")
		}
		seen[key.Value] = true
		d.scalar(n.Content[i+1])
	}
}

func (d *decoder) row(n *yaml.Node) (x Row) {
	d.group(n, "rij", fields{
		"id":          d.text(&x.ID),
		"label":       d.text(&x.Label),
		"definitions": d.texts(&x.Definitions),
		"open":        d.flag(&x.Open),
	})
	return x
}

func (d *decoder) grade(to *Grade) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d.group(n, "cijfer", fields{"min": d.number(&to.Min), "max": d.number(&to.Max), "low": d.text(&to.Low), "high": d.text(&to.High)})
	}
}

func (d *decoder) span(to *Range) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d.group(n, "bereik", fields{"min": d.number(&to.Min), "max": d.number(&to.Max), "unit": d.text(&to.Unit)})
	}
}

func (d *decoder) field(n *yaml.Node) (x Field) {
	d.group(n, "veld", fields{"id": d.text(&x.ID), "label": d.text(&x.Label), "hint": d.text(&x.Hint), "lines": d.number(&x.Lines)})
	return x
}

// share gives each question that names a shared set a copy of its options, with
// the labels of its own.
func (in *Instrument) share(root *yaml.Node) {
	sets := map[string][]Option{}
	for _, s := range in.OptionSets {
		sets[s.ID] = s.Options
	}
	for s := range in.Sections {
		for q := range in.Sections[s].Questions {
			x := &in.Sections[s].Questions[q]
			if x.OptionSet == "" {
				continue
			}
			labels := find(root, "sections", s, "questions", q, "option_labels")
			x.Options = slices.Clone(sets[x.OptionSet])
			for o := range x.Options {
				if label := child(labels, x.Options[o].ID); label != nil {
					x.Options[o].Label = strings.TrimSpace(label.Value)
				}
			}
		}
	}
}
