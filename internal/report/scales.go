package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A ScaleBeside is the result of a scale elsewhere: of another version, or as it
// was published.
type ScaleBeside struct {
	Label           string
	Mean, SD, Alpha float64
	Suspicions      []scale.Suspicion
}

// A ScaleSet is the scales of an instrument with all that stands beside them.
type ScaleSet struct {
	Instrument string
	Scales     []scale.Scale
	Together   scale.Together           // all statements in one factor analysis
	Published  map[string][]ScaleBeside // what was published, by id
	Versions   []ScaleVersion           // the same scales of the other audiences
}

// A ScaleVersion is the scales of another audience beside these.
type ScaleVersion struct {
	Instrument string
	Versus     []scale.Versus
}

// Scales lays out the scales of an instrument: an overview, the same scales
// elsewhere, and for each scale its items, its distribution and how it was computed.
func Scales(title string, of ScaleSet) *Document {
	scales := of.Scales
	d := &Document{Title: title, Subtitle: "Schalen " + of.Instrument}
	if len(scales) > 0 {
		d.Facts = [][2]string{{"Vragenlijsten", fmt.Sprint(scales[0].Units)}}
	}
	d.Blocks = append(d.Blocks, Paragraph{"Een schaalscore is het gemiddelde van de stellingen die iemand beantwoordde; ‘geen zicht op’ en ‘n.v.t.’ tellen niet mee. Elke vragenlijst telt één keer."}, Contents{},
		Heading{Level: 1, ID: "overzicht", Text: "Overzicht"}, Heading{Level: 2, ID: "schalen", Text: "Alle schalen"})
	g := &Grid{ID: "schalen", Title: "Alle schalen", Heads: []Head{{ID: "n", Text: "N"}, {ID: "m", Text: "M"}, {ID: "sd", Text: "SD"}, {ID: "mediaan", Text: "Mediaan"}, {ID: "alfa", Text: "Alfa"}, {ID: "omega", Text: "Omega"}, {ID: "items", Text: "Stellingen"}},
		Notes: []string{"M is het gemiddelde, SD de standaarddeviatie. Alfa (Cronbach) en omega (McDonald) zijn de betrouwbaarheid, over de vragenlijsten met alle stellingen. Omega vraagt niet dat elke stelling even goed meet."}}
	f := &Figure{ID: "schalen", Sheet: chart.Sheet{Title: "Schaalscores", Note: "Gemiddelde met 95%-interval, op een schaal van 1 tot 5."}}
	for i := range scales {
		s := &scales[i]
		g.Lines = append(g.Lines, Line{ID: s.ID, Label: s.Title, Values: []Value{whole0(s.N), dec(s.Mean, 2), dec(s.SD, 2), dec(s.Median, 2), dec(s.Alpha.Alpha, 2), dec(s.Omega.Effect.Value, 2), whole0(len(s.Items))}})
		if s.N >= table.SmallBase {
			f.Rows = append(f.Rows, chart.Row{Label: s.Title, N: fmt.Sprint(s.N), Cells: []chart.Figure{chart.Mean{Title: s.Title, Value: s.Mean, Lo: s.Lo, Hi: s.Hi, Min: 1, Max: 5, Decimals: 2}.Figure()}})
		}
	}
	d.Blocks = append(d.Blocks, g)
	if len(f.Rows) > 0 {
		f.Finding = scaleFinding(scales)
		d.Blocks = append(d.Blocks, f)
	}
	d.Blocks = append(d.Blocks, besideBlocks(&of)...)
	d.Blocks = append(d.Blocks, Heading{Level: 1, ID: "per-schaal", Text: "Per schaal"})
	for i := range scales {
		d.Blocks = append(d.Blocks, scaleBlocks(&scales[i], of.Published[scales[i].ID])...)
	}
	d.Blocks = append(d.Blocks, togetherBlocks(&of.Together)...)
	return d
}

func whole0(n int) Value {
	return Value{Text: fmt.Sprint(n), Number: float64(n), Format: Count, Count: n}
}

func dec(x float64, digits int) Value {
	return Value{Text: decimal(x, digits), Number: x, Format: Decimal2, Count: table.Unknown, Faint: math.IsNaN(x)}
}

func scaleFinding(scales []scale.Scale) string {
	high, low := -1, -1
	for i := range scales {
		if scales[i].N < table.SmallBase {
			continue
		}
		if high < 0 || scales[i].Mean > scales[high].Mean {
			high = i
		}
		if low < 0 || scales[i].Mean < scales[low].Mean {
			low = i
		}
	}
	if high < 0 || high == low {
		return ""
	}
	return fmt.Sprintf("Het hoogst: %s (%s); het laagst: %s (%s).", scales[high].Title, decimal(scales[high].Mean, 2), scales[low].Title, decimal(scales[low].Mean, 2))
}

func scaleBlocks(s *scale.Scale, beside []ScaleBeside) []Block {
	g := &Grid{ID: "schaal-" + s.ID, Title: s.Title, Heads: []Head{{ID: "n", Text: "N"}, {ID: "m", Text: "M"}, {ID: "sd", Text: "SD"}, {ID: "rest", Text: "Samenhang met de rest"}, {ID: "lading", Text: "Lading"}, {ID: "zonder", Text: "Alfa zonder deze"}}}
	for _, x := range s.Items {
		g.Lines = append(g.Lines, Line{ID: x.Variable, Label: x.Label, Values: []Value{whole0(x.N), dec(x.Mean, 2), dec(x.SD, 2), dec(x.ItemRest, 2), dec(x.Loading, 2), dec(x.Dropped, 2)}})
	}
	var added []string
	for _, x := range s.LeftOut {
		g.Lines = append(g.Lines, Line{ID: x.Variable, Group: "Niet in de schaal", Label: x.Label, Values: []Value{whole0(x.N), dec(x.Mean, 2), dec(x.SD, 2), dec(x.ItemRest, 2), nothing(), nothing()}})
		if !math.IsNaN(x.Added) {
			added = append(added, fmt.Sprintf("met ‘%s’ %s", x.Label, decimal(x.Added, 2)))
		}
	}
	g.Notes = []string{
		fmt.Sprintf("%d van de %d vragenlijsten kregen een score: daarvoor moet %s van de stellingen zijn beantwoord. %d hebben ze alle.", s.N, s.Units, whole(100*s.Valid), s.Complete) + noScore(s.NoScore),
		fmt.Sprintf("Alfa %s [%s; %s], gestandaardiseerd %s; de stellingen hangen gemiddeld %s samen.", decimal(s.Alpha.Alpha, 3), decimal(s.Alpha.Lo, 2), decimal(s.Alpha.Hi, 2), decimal(s.Alpha.Standardised, 3), decimal(s.Alpha.MeanR, 2)),
	}
	if !math.IsNaN(s.Omega.Effect.Value) {
		g.Notes = append(g.Notes, fmt.Sprintf("Omega %s [%s; %s].", decimal(s.Omega.Effect.Value, 3), decimal(s.Omega.Effect.Lo, 2), decimal(s.Omega.Effect.Hi, 2)))
	}
	if len(added) > 0 {
		g.Notes = append(g.Notes, "Niet in de schaal, want zo is zij vooraf bepaald. Alfa zou dan zijn: "+strings.Join(added, "; ")+".")
	}
	if !math.IsNaN(s.Friedman.P) {
		g.Notes = append(g.Notes, fmt.Sprintf("Verschillen de stellingen? Friedman: chi² = %s, df = %s, p %s, W van Kendall = %s.", decimal(s.Friedman.Statistic, 2), decimal(s.Friedman.DF, 0), pText(s.Friedman.P), decimal(s.Friedman.Effect.Value, 2)))
	}
	if x := s.Structure; x.Loadings != nil {
		g.Notes = append(g.Notes, fmt.Sprintf("Factoranalyse (hoofdassen): KMO = %s; Bartlett: chi² = %s, df = %s, p %s. De parallelle analyse van Horn vindt %s. De lading is die op de eerste factor.",
			decimal(x.KMO, 2), decimal(x.Bartlett.Statistic, 1), decimal(x.Bartlett.DF, 0), pText(x.Bartlett.P), factors(x.Suggested)))
	}
	for _, b := range beside {
		note := fmt.Sprintf("%s: M %s", b.Label, decimal(b.Mean, 2))
		if !math.IsNaN(b.SD) {
			note += ", SD " + decimal(b.SD, 2)
		}
		if !math.IsNaN(b.Alpha) {
			note += ", alfa " + decimal(b.Alpha, 2)
		}
		g.Notes = append(g.Notes, note+".")
		for _, x := range b.Suspicions {
			g.Caution = append(g.Caution, b.Label+": "+x.Text)
		}
	}
	g.Caution = append(g.Caution, s.Warnings...)
	blocks := []Block{Heading{Level: 2, ID: g.ID, Text: s.Title}, g, scaleWorking(s)}
	if f, ok := distribution(s); ok {
		blocks = append(blocks, f)
	}
	return blocks
}

func factors(n int) string {
	switch n {
	case 0:
		return "geen factor"
	case 1:
		return "één factor"
	}
	return fmt.Sprintf("%d factoren", n)
}

// distribution draws how the scores are spread.
func distribution(s *scale.Scale) (*Figure, bool) {
	f := &Figure{ID: "schaal-" + s.ID, Sheet: chart.Sheet{Title: s.Title + ": verdeling van de scores", Note: fmt.Sprintf("Aantal van de %d scores.", s.N)}}
	if s.N < table.SmallBase {
		return f, false
	}
	top := 0
	for _, b := range s.Bins {
		top = max(top, b.N)
	}
	for i, b := range s.Bins {
		label := decimal(b.From, 1) + " tot " + decimal(b.To, 1)
		if i == len(s.Bins)-1 {
			label = decimal(b.From, 1) + " tot en met " + decimal(b.To, 1)
		}
		f.Rows = append(f.Rows, chart.Row{Label: label, Cells: []chart.Figure{chart.Amount(label, b.N, top)}})
	}
	f.Finding = fmt.Sprintf("De scores liggen rond %s; de helft is lager dan %s.", decimal(s.Mean, 2), decimal(s.Median, 2))
	return f, true
}

// PublishedScales are the results that were published of the scales of an
// instrument, by id, each with why it may be doubted; none for an instrument of
// which nothing was.
func PublishedScales(instrument string) map[string][]ScaleBeside {
	out := map[string][]ScaleBeside{}
	b := baseline.Book(instrument)
	for _, s := range baseline.Scales() {
		x, ok := s.Stats[instrument]
		if !ok {
			continue
		}
		of := ScaleBeside{Label: baseline.Edition, Mean: x.Mean, SD: x.SD, Alpha: x.Alpha}
		if c, ok := scale.ClaimOf(b, s.Title, s.Items, x.Mean, x.SD, x.Alpha); ok {
			of.Suspicions = scale.Check(c)
		}
		out[s.ID] = append(out[s.ID], of)
	}
	return out
}
