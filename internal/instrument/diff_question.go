package instrument

import "slices"

// An asked is a question with the title of its section.
type asked struct {
	Question
	section string
}

func (in *Instrument) asked() []asked {
	var all []asked
	for _, s := range in.Sections {
		for _, q := range s.Questions {
			all = append(all, asked{q, s.ID})
		}
	}
	return all
}

func (d *differ) questions(a, b *Instrument) {
	id := func(x asked) string { return x.ID }
	order := moved(a.asked(), b.asked(), id)
	pairs(a.asked(), b.asked(), id,
		func(y asked) {
			d.at(y.ID, "Vraag "+y.ID+": ")
			d.add(Added, TouchesData, "toegevoegd: %s", name(y.Text, "tekst onbekend"))
		},
		func(x, y asked) {
			d.at(y.ID, "Vraag "+y.ID+": ")
			if x.section != y.section {
				d.add(Changed, TouchesWording, "staat nu in het onderdeel ‘%s’", y.section)
			} else if slices.Contains(order, y.ID) {
				d.add(Changed, TouchesWording, "staat op een andere plaats")
			}
			d.whole(&x.Question, &y.Question)
		},
		func(x asked) {
			d.at(x.ID, "Vraag "+x.ID+": ")
			d.add(Removed, TouchesData, "weggehaald: %s", name(x.Text, "tekst onbekend"))
		})
}

// whole compares one question in two editions.
func (d *differ) whole(a, b *Question) {
	switch {
	case a.Unprinted && !b.Unprinted:
		d.add(Changed, TouchesData, "wordt nu gesteld: ‘%s’", b.Text)
	case !a.Unprinted && b.Unprinted:
		d.add(Changed, TouchesData, "wordt niet meer gesteld: ‘%s’", a.Text)
	default:
		d.text(TouchesWording, "tekst", a.Text, b.Text)
	}
	if a.Kind != b.Kind {
		d.add(Changed, TouchesData, "soort gewijzigd van %s in %s", a.Kind, b.Kind)
	}
	if a.Statements() != b.Statements() {
		d.add(Changed, TouchesData, "de variabelen van de rijen heten nu anders")
	}
	d.text(TouchesData, "voorwaarde", a.ShowIf.String(), b.ShowIf.String())
	d.flag(TouchesData, a.Kernvraag, b.Kernvraag, "is nu een kernvraag", "is geen kernvraag meer")
	d.rows(a.Rows, b.Rows)
	d.options(a.Options, b.Options)
	d.bounds(a, b)
	d.fields(a, b)
	d.help(a, b)
}

// help compares what leaves the data as they are.
func (d *differ) help(a, b *Question) {
	d.words(TouchesWording, "begrippen", a.Definitions, b.Definitions)
	d.words(TouchesWording, "nadruk", a.Emphasis, b.Emphasis)
	d.text(TouchesHelp, "uitleg", a.Hint, b.Hint)
	d.text(TouchesHelp, "korte vraag voor voorleessoftware", a.Stem, b.Stem)
	d.text(TouchesHelp, "kop boven de rijen", a.RowHeader, b.RowHeader)
	d.text(TouchesHelp, "tabelnummer", a.Table, b.Table)
	d.text(TouchesHelp, "de vraag die zij toelicht", a.Explains, b.Explains)
	d.flag(TouchesHelp, a.Optional, b.Optional, "mag nu worden opengelaten", "vraagt nu om een antwoord")
	d.flag(TouchesHelp, a.Inferred, b.Inferred, "is nu gemerkt als afgeleid", "is niet meer gemerkt als afgeleid")
}

func (d *differ) rows(a, b []Row) {
	id := func(x Row) string { return x.ID }
	order := moved(a, b, id)
	pairs(a, b, id,
		func(y Row) { d.add(Added, TouchesData, "rij %s toegevoegd", name(y.Label, y.ID)) },
		func(x, y Row) {
			what := "rij " + name(y.Label, y.ID)
			d.text(TouchesWording, "tekst van rij "+y.ID, x.Label, y.Label)
			d.words(TouchesWording, what+": begrippen", x.Definitions, y.Definitions)
			d.flag(TouchesData, x.Open, y.Open, what+" vraagt nu een tekst", what+" vraagt geen tekst meer")
			if slices.Contains(order, y.ID) {
				d.add(Changed, TouchesWording, "%s staat op een andere plaats", what)
			}
		},
		func(x Row) { d.add(Removed, TouchesData, "rij %s weggehaald", name(x.Label, x.ID)) })
}

func (d *differ) options(a, b []Option) {
	id := func(x Option) string { return x.ID }
	order := moved(a, b, id)
	pairs(a, b, id,
		func(y Option) { d.add(Added, TouchesData, "antwoord %s toegevoegd", name(y.Label, y.ID)) },
		func(x, y Option) {
			d.option(x, y)
			if slices.Contains(order, y.ID) {
				d.add(Changed, TouchesWording, "antwoord %s staat op een andere plaats", name(y.Label, y.ID))
			}
		},
		func(x Option) { d.add(Removed, TouchesData, "antwoord %s weggehaald", name(x.Label, x.ID)) })
}

func (d *differ) option(a, b Option) {
	what := "antwoord " + name(b.Label, b.ID)
	if a.Code != b.Code {
		d.add(Changed, TouchesData, "%s: code gewijzigd van %d in %d", what, a.Code, b.Code)
	}
	if a.Missing != b.Missing {
		d.add(Changed, TouchesData, "%s telt anders als ontbrekend", what)
	}
	d.flag(TouchesData, a.Exclusive, b.Exclusive, what+" sluit nu de andere uit", what+" sluit de andere niet meer uit")
	d.flag(TouchesData, a.Open, b.Open, what+" vraagt nu een tekst", what+" vraagt geen tekst meer")
	d.text(TouchesWording, "tekst van antwoord "+b.ID, a.Label, b.Label)
	d.text(TouchesWording, what+": toelichting", a.Hint, b.Hint)
	d.text(TouchesWording, what+": lange naam", a.Title, b.Title)
	d.text(TouchesWording, what+": beschrijving", a.Text, b.Text)
	d.text(TouchesHelp, what+": tekening", a.Drawing, b.Drawing)
}

// bounds compares marks and counts.
func (d *differ) bounds(a, b *Question) {
	if a.Grade.Min != b.Grade.Min || a.Grade.Max != b.Grade.Max {
		d.add(Changed, TouchesData, "cijfers gewijzigd van %d–%d in %d–%d", a.Grade.Min, a.Grade.Max, b.Grade.Min, b.Grade.Max)
	}
	d.text(TouchesWording, "betekenis van het laagste cijfer", a.Grade.Low, b.Grade.Low)
	d.text(TouchesWording, "betekenis van het hoogste cijfer", a.Grade.High, b.Grade.High)
	if a.Range.Min != b.Range.Min || a.Range.Max != b.Range.Max {
		d.add(Changed, TouchesData, "bereik gewijzigd van %d–%d in %d–%d", a.Range.Min, a.Range.Max, b.Range.Min, b.Range.Max)
	}
	d.text(TouchesWording, "eenheid", a.Range.Unit, b.Range.Unit)
}

func (d *differ) fields(a, b *Question) {
	pairs(a.Fields, b.Fields, func(x Field) string { return x.ID },
		func(y Field) { d.add(Added, TouchesData, "veld %s toegevoegd", name(y.Label, y.ID)) },
		func(x, y Field) {
			d.text(TouchesWording, "tekst van veld "+y.ID, x.Label, y.Label)
			d.text(TouchesHelp, "uitleg bij veld "+name(y.Label, y.ID), x.Hint, y.Hint)
		},
		func(x Field) { d.add(Removed, TouchesData, "veld %s weggehaald", name(x.Label, x.ID)) })
	d.text(TouchesHelp, "naam van een herhaling", a.Repeat, b.Repeat)
}
