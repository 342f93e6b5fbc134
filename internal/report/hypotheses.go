package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// P prints a p-value: three decimals, and less than the smallest of those.
func P(p float64) string {
	switch {
	case math.IsNaN(p):
		return "·"
	case p < 0.001:
		return "<\u00a00,001"
	}
	return decimal(p, 3)
}

// EffectText prints an effect with its interval.
func EffectText(e stat.Effect) string {
	switch {
	case e.Name == "" || math.IsNaN(e.Value):
		return "·"
	case math.IsNaN(e.Lo) || math.IsNaN(e.Hi):
		return e.Name + " " + decimal(e.Value, 2)
	}
	return fmt.Sprintf("%s %s [%s; %s]", e.Name, decimal(e.Value, 2), decimal(e.Lo, 2), decimal(e.Hi, 2))
}

// EffectsText prints the effect of a result, and the one with an interval where
// that is another.
func EffectsText(x *hypothesis.Result) string {
	s := EffectText(x.Effect)
	if x.Size.Name != "" && x.Size.Name != x.Effect.Name && !math.IsNaN(x.Size.Value) {
		s += "; " + EffectText(x.Size)
	}
	return s
}

// StatisticText prints what a test rests on: its statistic with degrees of
// freedom.
func StatisticText(x *hypothesis.Result) string {
	if math.IsNaN(x.Statistic) {
		return "·"
	}
	s := decimal(x.Statistic, 2)
	switch {
	case x.DF2 > 0:
		return fmt.Sprintf("%s (%s; %s)", s, degrees(x.DF), degrees(x.DF2))
	case !math.IsNaN(x.DF):
		return fmt.Sprintf("%s (%s)", s, degrees(x.DF))
	}
	return s
}

// degrees prints degrees of freedom: whole where they are.
func degrees(df float64) string {
	if df == math.Trunc(df) {
		return decimal(df, 0)
	}
	return decimal(df, 1)
}

// Hypotheses lays out what came of expectations, per expectation its verdict,
// its tests and its figures.
func Hypotheses(title string, r *hypothesis.Register, outcomes []hypothesis.Outcome, figures []hypothesis.FigureTable) *Document {
	d := &Document{Title: title, Subtitle: r.Title}
	tested := 0
	for i := range outcomes {
		for j := range outcomes[i].Results {
			if outcomes[i].Results[j].Untested == "" {
				tested++
			}
		}
	}
	d.Facts = [][2]string{{"Verwachtingen", fmt.Sprint(len(outcomes))}, {"Toetsen", fmt.Sprint(tested)}}
	d.Blocks = append(d.Blocks,
		Paragraph{"Toetsen gaan over ingevulde vragenlijsten, zonder ‘geen zicht op’ en ‘niet van toepassing’. Welke toets er wordt gedaan, lag van tevoren vast. Groepen met minder dan " + fmt.Sprint(r.Smallest) + " antwoorden doen niet mee."},
		Paragraph{fmt.Sprintf("Er zijn %d toetsen gedaan. Wie zo veel toetst, vindt er bij toeval een paar; p (Holm) is daarvoor gecorrigeerd.", tested)}, Contents{})
	for i := range outcomes {
		o := &outcomes[i]
		d.Blocks = append(d.Blocks, Heading{Level: 1, ID: OutcomeID(o), Text: fmt.Sprintf("%s (%s): %s", o.Hypothesis.ID, o.Instrument, o.Verdict)},
			Paragraph{"Verwachting: " + o.Hypothesis.Expectation}, Paragraph{o.Sentence})
		if text := AddedText(o.Hypothesis.Added); text != "" {
			d.Blocks = append(d.Blocks, Paragraph{text})
		}
		g, w := tests(r, o)
		d.Blocks = append(d.Blocks, g, w)
		for _, f := range figures {
			if f.Hypothesis == o.Hypothesis.ID && f.Instrument == o.Instrument {
				d.Blocks = append(d.Blocks, HypothesisFigure(f)...)
			}
		}
	}
	return d
}

// OutcomeID is what the part about an outcome is addressed by.
func OutcomeID(o *hypothesis.Outcome) string {
	return strings.ToLower(o.Hypothesis.ID + "-" + o.Instrument)
}

// TestID is what the line of a test is addressed by; i counts from 0.
func TestID(o *hypothesis.Outcome, i int) string { return fmt.Sprintf("%s-%d", o.Hypothesis.ID, i+1) }

// AddedText says when an expectation was put down: what was put down when the
// answers could be seen is no test of it. "" for those that come with the product.
func AddedText(a *hypothesis.Added) string {
	if a == nil {
		return ""
	}
	on := contactplan.DayOf(a.At).Long()
	switch a.Phase {
	case hypothesis.Beforehand:
		return "Vooraf vastgelegd, op " + on + ", voordat het onderzoek opende."
	case hypothesis.During:
		return "Vastgelegd op " + on + ", tijdens het veldwerk en voor de sluiting."
	}
	return "Achteraf toegevoegd, op " + on + ", na de sluiting: de antwoorden waren toen bekend. Lees de uitkomst als verkenning, niet als toets."
}

// ResultLabel is what a test is about.
func ResultLabel(x *hypothesis.Result) string {
	label := x.Label
	switch {
	case x.By == "":
	case x.Kind == hypothesis.Wilcoxon || x.Kind == hypothesis.PairedT:
		label += " tegenover " + x.ByLabel
	default:
		label += " naar " + x.ByLabel
	}
	if x.Where != "" {
		label += ", alleen waar " + x.Where
	}
	return label
}

// tests is the grid of the tests of an expectation.
func tests(r *hypothesis.Register, o *hypothesis.Outcome) (*Grid, *Working) {
	w := &Working{ID: o.Hypothesis.ID + "-" + o.Instrument}
	g := &Grid{ID: o.Hypothesis.ID + "-" + o.Instrument, Title: "Toetsen van " + o.Hypothesis.ID, First: "Toets",
		Heads: []Head{{ID: "n", Text: "N"}, {ID: "toets", Text: "Methode"}, {ID: "grootheid", Text: "Grootheid (df)"}, {ID: "p", Text: "p"}, {ID: "holm", Text: "p (Holm)"},
			{ID: "effect", Text: "Effect [95 %]"}, {ID: "klassiek", Text: "Toets van 2018: p"}}}
	notes := map[string]bool{}
	for i := range o.Results {
		x := &o.Results[i]
		line := Line{ID: TestID(o, i), Label: ResultLabel(x)}
		text := func(s string) { line.Values = append(line.Values, Value{Text: s, Number: math.NaN(), Count: -1}) }
		line.Values = append(line.Values, Value{Text: fmt.Sprint(x.N), Number: float64(x.N), Format: Count, Count: -1})
		if x.Untested != "" {
			text("niet te toetsen: " + x.Untested)
			for range 3 {
				text("·")
			}
		} else {
			text(x.Method)
			text(StatisticText(x))
			text(P(x.P) + hypothesis.Stars(x.P))
			text(P(x.PHolm))
		}
		text(EffectsText(x))
		classic := "·"
		if c := x.Classic; c != nil {
			classic = P(c.P) + " (" + c.Method + ")"
		}
		text(classic)
		g.Lines = append(g.Lines, line)
		if e := r.Explain(x); e.Formula != "" && !notes[x.Method] {
			notes[x.Method] = true
			w.Lines = append(w.Lines, explanationLine(x.Method, e))
			w.Code += e.R + "\n"
		}
		for _, w := range x.Warnings {
			if !notes[w] {
				notes[w] = true
				g.Caution = append(g.Caution, ResultLabel(x)+": "+w)
			}
		}
	}
	g.Notes = append(g.Notes, "* p < 0,05; ** p < 0,01")
	return g, w
}

// HypothesisFigure lays out a figure of an expectation, with its stars.
func HypothesisFigure(f hypothesis.FigureTable) []Block {
	heading := Heading{Level: 2, ID: f.ID, Text: "Figuur " + f.ID + " " + f.Title}
	if f.Missing != "" {
		return []Block{heading, Paragraph{"Deze figuur is er niet: " + f.Missing + " staat niet in deze gegevens."}}
	}
	g := &Grid{ID: f.ID, Title: f.Title, First: f.ByLabel}
	for _, c := range f.Columns {
		label := c.Label + c.Stars
		if c.N > 0 {
			label += fmt.Sprintf(" (N=%d)", c.N)
		}
		g.Heads = append(g.Heads, Head{ID: c.ID, Text: label})
	}
	for _, r := range f.Rows {
		line := Line{ID: r.ID, Label: r.Label}
		for _, c := range r.Cells {
			switch {
			case f.Kind == "counts" && math.IsNaN(c.Percent):
				line.Values = append(line.Values, nothing())
			case f.Kind == "counts":
				line.Values = append(line.Values, Value{Text: fmt.Sprintf("%d (%s%%)", c.N, decimal(c.Percent, 0)), Number: c.Percent, Format: Percent, Count: c.N})
			case c.N == 0:
				line.Values = append(line.Values, nothing())
			case f.Kind == "moments":
				line.Values = append(line.Values, Value{Text: fmt.Sprintf("%s (sd %s; n %d)", decimal(c.Mean, 2), decimal(c.SD, 2), c.N), Number: c.Mean, Format: Decimal2, Count: c.N})
			default:
				line.Values = append(line.Values, Value{Text: decimal(c.Mean, 2), Number: c.Mean, Format: Decimal2, Count: c.N})
			}
		}
		g.Lines = append(g.Lines, line)
	}
	if f.Kind == "counts" {
		g.Notes = append(g.Notes, map[string]string{"row": "Percentages van de rij.", "column": "Percentages van de kolom."}[f.Percent], fmt.Sprintf("%s: p %s%s", f.Method, P(f.P), hypothesis.Stars(f.P)))
	} else {
		g.Notes = append(g.Notes, "* p < 0,05; ** p < 0,01 ("+f.Method+" zoals in 2018; alle groepen, hoe klein ook)")
	}
	return []Block{heading, g}
}
