package table

import (
	"fmt"
	"strings"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
)

// nouns say what units are called.
type nouns struct{ one, many string }

func nounsOf(name string) nouns {
	switch name {
	case "swv":
		return nouns{"samenwerkingsverband", "samenwerkingsverbanden"}
	case "gemeente":
		return nouns{"gemeente", "gemeenten"}
	case "ketenpartner":
		return nouns{"ketenpartner", "ketenpartners"}
	}
	return nouns{"eenheid", "eenheden"}
}

// Many is what the units of a book are called together: gemeenten.
func (b *Book) Many() string { return Many(b.Instrument) }

// Many is what the units that answer an instrument are called together.
func Many(instrument string) string { return nounsOf(instrument).many }

func (n nouns) count(k int) string {
	if k == 1 {
		return "1 " + n.one
	}
	return fmt.Sprint(k, " ", n.many)
}

// remark writes the notes and warnings of a table.
func (w *making) remark() {
	b := w.Table.Bases
	if b.Telephone > 0 {
		verb := "hebben"
		if b.Telephone == 1 {
			verb = "heeft"
		}
		w.Notes = append(w.Notes, fmt.Sprintf("Inclusief %s die telefonisch enkele kernvragen %s beantwoord.", w.nouns.count(b.Telephone), verb))
	}
	if b.Versions > 1 {
		w.Warnings = append(w.Warnings, Warning{Kind: Mixed, Text: fmt.Sprintf("Deze tabel telt antwoorden op %d versies van de vragenlijst samen.", b.Versions)})
	}
	if text := b.left(w.nouns, w.Layout); text != "" {
		w.Warnings = append(w.Warnings, Warning{Kind: BaseChanged, Text: text})
	}
	if w.split != nil {
		if rest := w.n - w.grouped(); rest > 0 {
			w.Notes = append(w.Notes, fmt.Sprintf("Van %s is niet bekend in welke groep van ‘%s’ zij horen; zij tellen alleen mee in het totaal.", w.nouns.count(rest), w.split.Label))
		}
	}
	for _, r := range w.Rows {
		w.remarkRow(r)
	}
}

// grouped is how many rows are in a group of the split.
func (w *making) grouped() (n int) {
	for _, key := range w.key {
		if key >= 2 {
			n++
		}
	}
	return n
}

func (w *making) remarkRow(r Row) {
	warn := func(k Kind, column, format string, args ...any) {
		w.Warnings = append(w.Warnings, Warning{Kind: k, Row: r.Row, Group: r.Group, Column: column, Text: fmt.Sprintf(format, args...)})
	}
	percentages := w.Layout == Options || w.Layout == Matrix || w.Layout == Cross
	if percentages && r.Small && (w.Layout != Options || r.Row == w.Rows[0].Row) {
		warn(SmallN, "", "Er zijn maar %d antwoorden; daarom staan er aantallen en geen percentages.", r.N)
	}
	if r.Group == "" || !percentages {
		return
	}
	if r.Small {
		warn(Disclosing, "", "Deze groep is te klein om te publiceren.")
		return
	}
	for i, c := range r.Cells {
		switch {
		case w.Columns[i].Missing != instrument.Substantive:
		case c.Count > 0 && c.Count < study.FewUnits:
			warn(Disclosing, c.Column, "Dit zijn er maar %d; zo'n cel kan een eenheid herkenbaar maken.", c.Count)
		case c.Count*100 > study.Dominance*r.N:
			warn(Disclosing, c.Column, "Meer dan %d%% van deze groep gaf dit antwoord; dan is van ieder in de groep bekend wat hij antwoordde.", study.Dominance)
		}
	}
}

// left says who of all units are not in a table, and why; "" where all are.
func (b *Bases) left(n nouns, layout Layout) string {
	if b.N == b.Units {
		return ""
	}
	if layout == Codes || layout == List { // texts don't tell who stopped before
		return fmt.Sprintf("%d van de %s schreven een antwoord.", b.N, n.count(b.Units))
	}
	var why []string
	for _, x := range []struct {
		count     int
		one, many string
	}{{b.CoreOnly, "beantwoordde alleen telefonische kernvragen", "beantwoordden alleen telefonische kernvragen"}, {b.NotShown, "kreeg de vraag niet", "kregen de vraag niet"}, {b.NotReached, "stopte eerder", "stopten eerder"}, {b.LeftOpen, "liet haar open", "lieten haar open"}} {
		switch x.count {
		case 0:
		case 1:
			why = append(why, "1 "+x.one)
		default:
			why = append(why, fmt.Sprint(x.count, " ", x.many))
		}
	}
	return fmt.Sprintf("Van de %s antwoordden er %d; %s.", n.count(b.Units), b.N, strings.Join(why, ", "))
}
