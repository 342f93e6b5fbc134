package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/scale"
)

// noScore says why questionnaires have no score; "" where all have one.
func noScore(n scale.NoScore) string {
	var parts []string
	for _, x := range []struct {
		n    int
		text string
	}{{n.Unasked, "kregen de stellingen niet te zien"}, {n.Unanswered, "beantwoordden er geen"}, {n.TooFew, "beantwoordden er te weinig"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", x.n, x.text))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " Zonder score: " + strings.Join(parts, ", ") + "."
}

// scaleWorking says how the numbers of a scale are computed.
func scaleWorking(s *scale.Scale) *Working {
	w := &Working{ID: "schaal-" + s.ID, Lines: []string{
		"Score: het gemiddelde van de beantwoorde stellingen, als dat er genoeg zijn.",
		"Alfa = k/(k−1) · (1 − Σσ²ᵢ/σ²ₛₒₘ), met het interval van Feldt. Bron: Cronbach (1951), Feldt (1965).",
		"Omega = (Σλᵢsᵢ)² / ((Σλᵢsᵢ)² + Σψᵢsᵢ²), met λ en ψ van één factor (minres); het interval volgt uit de invloed van elke vragenlijst. Bron: McDonald (1999).",
		"Friedman vergelijkt de rangen van de stellingen binnen elke vragenlijst. Bron: Friedman (1937), Kendall (1939).",
		"De lading is die op de eerste factor (hoofdassen); het aantal factoren volgt uit de parallelle analyse. Bron: Horn (1965).",
	}}
	var names []string
	for _, x := range s.Items {
		names = append(names, `"`+x.Variable+`"`)
	}
	w.Code = "d <- read.csv(\"" + s.Instrument + "/gegevens.csv\", na.strings = \"\") # uit de zip met gegevens\nd <- d[d$bron_id == d[[1]], ]\n" +
		"x <- d[c(" + strings.Join(names, ", ") + ")]\nx[] <- lapply(x, function(y) ifelse(y <= 5, y, NA)) # zonder geen zicht op en n.v.t.\n" +
		"x <- x[complete.cases(x), ]\npsych::alpha(x)\npsych::omega(x, nfactors = 1) # van gestandaardiseerde stellingen\nfriedman.test(as.matrix(x))\n" +
		"# narekenen.R, onder Analyse, doet dit zonder pakketten en vergelijkt elk getal.\n"
	return w
}

// besideBlocks put the scales beside those of the other audiences, and beside what
// was published.
func besideBlocks(of *ScaleSet) []Block {
	if len(of.Versions) == 0 && len(of.Published) == 0 {
		return nil
	}
	out := []Block{Heading{Level: 1, ID: "naast-elkaar", Text: "Naast elkaar"}}
	for _, v := range of.Versions {
		out = append(out, versionBlocks(of.Instrument, v)...)
	}
	if len(of.Published) > 0 {
		out = append(out, publishedBlocks(of)...)
	}
	return out
}

// versionBlocks compare two audiences.
func versionBlocks(instrument string, v ScaleVersion) []Block {
	id := "naast-" + v.Instrument
	g := &Grid{ID: id, Title: "Naast " + v.Instrument, First: "Schaal", Heads: []Head{{ID: "n", Text: "N " + instrument}, {ID: "m", Text: "M"}, {ID: "alfa", Text: "Alfa"},
		{ID: "n2", Text: "N " + v.Instrument}, {ID: "m2", Text: "M"}, {ID: "alfa2", Text: "Alfa"}, {ID: "verschil", Text: "Verschil [95\u00a0%]"}, {ID: "p", Text: "p"}, {ID: "g", Text: "Hedges' g"}}}
	for _, x := range v.Versus {
		difference := Value{Text: signed(x.Difference.Value, 2), Number: x.Difference.Value, Format: Decimal2, Count: -1, Faint: math.IsNaN(x.Difference.Value)}
		if !math.IsNaN(x.Difference.Lo) {
			difference.Text += " [" + signed(x.Difference.Lo, 2) + "; " + signed(x.Difference.Hi, 2) + "]"
		}
		g.Lines = append(g.Lines, Line{ID: x.Here.ID, Label: x.Here.Title, Values: []Value{whole0(x.Here.N), dec(x.Here.Mean, 2), dec(x.Here.Alpha.Alpha, 2), whole0(x.There.N), dec(x.There.Mean, 2), dec(x.There.Alpha.Alpha, 2),
			difference, {Text: P(x.Test.P), Number: x.Test.P, Count: -1}, dec(x.Test.Effect.Value, 2)}})
		if len(x.Lacking) > 0 {
			g.Caution = append(g.Caution, x.Here.Title+": niet in beide versies staan ‘"+strings.Join(x.Lacking, "’, ‘")+"’. De scores zijn dan niet hetzelfde.")
		}
		if len(x.Other) > 0 {
			g.Notes = append(g.Notes, x.Here.Title+": anders verwoord bij "+v.Instrument+": ‘"+strings.Join(x.Other, "’, ‘")+"’.")
		}
	}
	if len(g.Lines) == 0 {
		return nil
	}
	g.Notes = append([]string{"Stellingen zijn dezelfde als hun id dat is. Het verschil is dat van twee losse groepen (Welch). Het interval rekent met de grootte van beide populaties. De toets (p) doet dat niet."}, g.Notes...)
	return []Block{Heading{Level: 2, ID: id, Text: g.Title}, g}
}

// publishedBlocks put what was published beside what the answers give, with why it
// may be doubted.
func publishedBlocks(of *ScaleSet) []Block {
	id := "naast-" + baseline.Edition
	g := &Grid{ID: id, Title: "Naast " + baseline.Edition, First: "Schaal", Heads: []Head{{ID: "m", Text: "M"}, {ID: "m2", Text: "M " + baseline.Edition}, {ID: "sd", Text: "SD"}, {ID: "sd2", Text: "SD " + baseline.Edition},
		{ID: "alfa", Text: "Alfa"}, {ID: "alfa2", Text: "Alfa " + baseline.Edition}}, Notes: []string{"Zoals gepubliceerd. Aantallen bij de schalen zijn niet gepubliceerd: een interval van het verschil is er daarom niet."}}
	for i := range of.Scales {
		s := &of.Scales[i]
		for _, b := range of.Published[s.ID] {
			g.Lines = append(g.Lines, Line{ID: s.ID, Label: s.Title, Values: []Value{dec(s.Mean, 2), dec(b.Mean, 2), dec(s.SD, 2), dec(b.SD, 2), dec(s.Alpha.Alpha, 2), dec(b.Alpha, 2)}})
			for _, x := range b.Suspicions {
				g.Caution = append(g.Caution, b.Label+": "+x.Text)
			}
		}
	}
	if len(g.Lines) == 0 {
		return nil
	}
	return []Block{Heading{Level: 2, ID: id, Text: g.Title}, g}
}

// togetherBlocks show whether the statements fall apart into the scales as defined.
func togetherBlocks(t *scale.Together) []Block {
	if len(t.Scales) < 2 {
		return nil
	}
	g := &Grid{ID: "factoren", Title: "Factoren: zoals bepaald en zoals gevonden", First: "Stelling"}
	for i, title := range t.Scales {
		g.Heads = append(g.Heads, Head{ID: fmt.Sprint("f", i+1), Text: title})
	}
	g.Heads = append(g.Heads, Head{ID: "gemeen", Text: "Communaliteit"})
	strays := []string{}
	for i, x := range t.Items {
		line := Line{ID: x.Variable, Group: t.Scales[x.Scale], Label: x.Label}
		for j := range t.Scales {
			v := nothing()
			if t.Defined.Loadings != nil {
				v = dec(t.Defined.Loadings[i][j], 2)
				if math.Abs(t.Defined.Loadings[i][j]) < scale.ClearLoading {
					v.Text, v.Faint = "·", true // files keep the number
				}
			}
			line.Values = append(line.Values, v)
		}
		line.Values = append(line.Values, dec(t.Defined.Communality[i], 2))
		g.Lines = append(g.Lines, line)
		if x.Stray {
			strays = append(strays, "‘"+x.Label+"’ (bepaald: "+t.Scales[x.Scale]+")")
		}
	}
	s := &t.Structure
	g.Notes = append(g.Notes, fmt.Sprintf("Zoals bepaald: %s. Zoals gevonden: de parallelle analyse van Horn vindt %s in de antwoorden. N = %d volledige vragenlijsten, KMO = %s.", factors(len(t.Scales)), factors(s.Suggested), s.N, decimal(s.KMO, 2)))
	if t.Defined.Loadings != nil {
		g.Notes = append(g.Notes, "Ladingen van zoveel factoren als er schalen zijn (minres, oblimin); onder 0,3 staat er een punt. De factoren hangen "+correlations(t)+" samen.")
	}
	if len(strays) > 0 {
		g.Notes = append(g.Notes, "Horen in de antwoorden meer bij een andere schaal: "+strings.Join(strays, "; ")+".")
	}
	if len(t.LeftOut) > 0 {
		g.Caution = append(g.Caution, "Niet meegenomen: "+strings.Join(t.LeftOut, ", ")+". Met die stellingen erbij zijn er te weinig volledige vragenlijsten.")
	}
	g.Caution = append(g.Caution, t.Defined.Warnings...)
	return []Block{Heading{Level: 1, ID: "samen", Text: "Alle stellingen samen"}, Heading{Level: 2, ID: g.ID, Text: g.Title}, g}
}

// correlations are the lowest and the highest of those of the factors.
func correlations(t *scale.Together) string {
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, row := range t.Defined.Correlations {
		for j, r := range row {
			if i != j {
				lo, hi = min(lo, r), max(hi, r)
			}
		}
	}
	return decimal(lo, 2) + " tot " + decimal(hi, 2)
}
