package page

import (
	"fmt"
	"time"

	"github.com/uitvraag/uitvraag/internal/chart"
)

func todayExamples() []Example {
	base := "/beheer/inventarisatie-2026"
	frame := func(state string, audiences ...AudienceToday) Today {
		s := exampleStaff("vandaag")
		s.State = state
		return Today{Staff: s, Now: exampleDay(time.November, 24, 7, 0), Headline: "Het onderzoek is nog niet open.", Audiences: audiences, AccountPath: base + AccountPath, BoardPath: base + BoardPath}
	}
	before := frame("nog niet open", AudienceToday{ID: "swv", Title: "Samenwerkingsverbanden", UnitsPath: base, N: 151})
	before.Next = "Op maandag 2 november volgt: uitnodiging (e-mail). Wie dan heeft geantwoord, krijgt niets."
	nothing := frame("veldwerk, dag 1 van 40", exampleAudience("swv", "Samenwerkingsverbanden", 151, 0, 1))
	nothing.Headline = "0 van de 151 samenwerkingsverbanden hebben geantwoord."
	mid := frame("veldwerk, dag 23 van 40", exampleAudience("swv", "Samenwerkingsverbanden", 151, 68, 23), exampleAudience("gemeente", "Gemeenten", 380, 134, 23))
	mid.Headline = "68 van de 151 samenwerkingsverbanden en 134 van de 380 gemeenten hebben geantwoord."
	mid.Method, mid.CallsPath, mid.NCalls = "De verwachting speelt de overige werkdagen 300 keer na.", base+CallsPath, 18
	mid.Calls = []CallTurn{{Path: base + "/bellen/swv/PO2304", Code: "PO 23-04", Name: "Samenwerkingsverband Oost", Why: "Er is een afspraak om 10.00 uur."}, {Path: base + "/bellen/gemeente/GM9901", Code: "GM9901", Name: "Lindehoven", Why: "Minder dan 20.000 inwoners: de verwachte respons is er minder dan gemiddeld."}}
	mid.Todo = []Todo{{"stop", "Onbereikbaar: 2", "Mail komt terug en er is geen ander adres. Zoek een nieuw adres voor: ", []Link{{base + "/eenheden/swv/1", "VO 25-02"}, {base + "/eenheden/swv/2", "PO 20-01"}}}, {"warn", "Onzeker verstuurd: 1", "Van deze berichten is niet zeker of zij aankwamen.", nil}}
	mid.Next = before.Next
	closed := frame("gesloten", exampleAudience("swv", "Samenwerkingsverbanden", 151, 108, 40))
	closed.Headline = "108 van de 151 samenwerkingsverbanden hebben geantwoord."
	three := frame("veldwerk, dag 12 van 40", exampleAudience("swv", "Samenwerkingsverbanden", 151, 40, 12), exampleAudience("gemeente", "Gemeenten", 380, 90, 12), exampleAudience("ketenpartner", "Ketenpartners", 1204, 310, 12))
	three.Headline = "40 van de 151 samenwerkingsverbanden, 90 van de 380 gemeenten en 310 van de 1.204 ketenpartners hebben geantwoord."
	empty := frame("veldwerk, dag 2 van 40")
	empty.Headline = "Er zijn nog geen eenheden. Lees eerst een bestand in."
	board := Board{Staff: mid.Staff, Now: mid.Now, Audiences: mid.Audiences, Sentences: []string{mid.Headline, "Zonder verdere stappen verwachten wij bij het sluiten 95 tot 113 samenwerkingsverbanden en 196 tot 232 gemeenten.", "De groepen antwoorden niet even vaak: samenwerkingsverbanden op aantal gemeenten."}}
	return []Example{
		{"vandaag", "Vandaag", mid.View()},
		{"vandaag-voor-opening", "Vandaag, voor de opening", before.View()},
		{"vandaag-niets", "Vandaag, nog geen antwoord", nothing.View()},
		{"vandaag-gesloten", "Vandaag, na het sluiten", closed.View()},
		{"vandaag-drie", "Vandaag, drie doelgroepen", three.View()},
		{"vandaag-leeg", "Vandaag, nog geen eenheden", empty.View()},
		{"verantwoording", "Verantwoording van de respons", Account{mid.Staff, mid.Now, []AccountAudience{exampleAccount()}}.View()},
		{"verantwoording-leeg", "Verantwoording, nog geen eenheden", Account{Staff: mid.Staff, Now: mid.Now}.View()},
		{"stuurgroep", "Voor de stuurgroep", board.View()},
		{"stuurgroep-leeg", "Voor de stuurgroep, nog niets", Board{Staff: mid.Staff, Now: mid.Now, Sentences: []string{empty.Headline}}.View()},
	}
}

// exampleAudience is an audience on a day of 40, with so many answers.
func exampleAudience(id, title string, n, done, day int) AudienceToday {
	a := AudienceToday{ID: id, Title: title, UnitsPath: "/beheer/inventarisatie-2026/eenheden?doelgroep=" + id, N: n, Done: done, SinceDay: done / 12,
		Counts: []StateCount{{StateDone, done}, {StateBusy, done / 10}, {StateRefused, done / 8}, {StateNone, n - done - done/10 - done/8}}}
	c := chart.Course{Title: title + ": respons per dag", N: n, From: "2 nov", To: "11 dec", NowLabel: "vandaag", Finding: fmt.Sprintf("Van 0 op 2 november naar %d van %d.", done, n)}
	for i := range day {
		total := done * (i + 1) * (2*day - i) / (day * (day + 1))
		was := done * i * (2*day - i + 1) / (day * (day + 1))
		c.Points = append(c.Points, chart.Point{At: float64(i) / 39, Count: total})
		a.Days = append(a.Days, DayRow{Date: exampleDay(time.November, 2+i, 0, 0), New: total - was, Total: total, What: map[int]string{0: "151 uitnodigingen", 14: "114 herinneringen"}[i]})
	}
	for i, at := range []float64{0, 14, 21, 28} {
		c.Marks = append(c.Marks, chart.Mark{At: at / 39, No: i + 1})
	}
	a.Marks = []string{"Uitnodiging, 2 nov", "Eerste herinnering, 16 nov", "Bellen, 23 nov", "Tweede herinnering, 30 nov"}
	if done > 20 && day < 40 {
		for i := day; i < 40; i++ {
			grown := float64(done) * (1 + .4*float64(i-day+1)/float64(40-day))
			c.Expect = append(c.Expect, chart.Range{At: float64(i) / 39, Low: grown * .97, High: grown * 1.1})
		}
		a.Below = "De band is de verwachting op 11 dec met de volgende stap, met 80% zekerheid."
		a.Expect = []string{"Stuurt u niets meer, dan eindigt de respons naar verwachting tussen 81 en 96."}
	}
	figure := c.Figure()
	a.Course = &figure
	table := StratumTable{Label: "Regio"}
	for i, v := range []string{"Noord", "Midden", "Zuid"} {
		share := []float64{.34, .42, .24}[i]
		row := StratumRow{Value: v, N: int(share * float64(n)), Done: int(share * float64(done)), Path: a.UnitsPath + "&k_regio=" + v}
		row.Figure = chart.Pair{Label: v, Population: share, Response: share}.Figure(.42)
		table.Rows = append(table.Rows, row)
	}
	a.Strata = []StratumTable{table}
	if done > 0 {
		a.Strata[0].Test = "Regio: een verschil is niet aangetoond. Dat bewijst niet dat er geen verschil is."
		a.Verdict = "Dat de respons representatief is, is niet verworpen op Regio; bewezen is het daarmee niet."
		a.Indicator = "De R-indicator op Regio is 0,905."
		a.Stops = []StopRow{{"Vraag 4", 3, chart.Bar("Vraag 4", 3, 7)}, {"Vraag 9", 7, chart.Bar("Vraag 9", 7, 7)}}
	}
	return a
}

func exampleAccount() AccountAudience {
	a := exampleAudience("swv", "Samenwerkingsverbanden", 151, 108, 40)
	return AccountAudience{ID: a.ID, Title: a.Title, N: a.N, Editions: []string{"AAPOR Standard Definitions 2016", "AAPOR Standard Definitions, tiende editie"},
		Outcomes:  []OutcomeRow{{"Volledig", "I", []string{"1.1", "1.1"}, 105}, {"Kernvragen per telefoon", "P", []string{"1.2", "1.2"}, 3}, {"Weigering", "R", []string{"2.111", "2.112"}, 16}, {"Geen contact", "NC", []string{"2.20", "2.20"}, 27}},
		Rates:     []RateRow{{"RR1", "I / ((I+P)+(R+NC+O)+(UH+UO))", "69,5%", "105", "151"}},
		Readings:  []ReadingRow{{"In eenheden, kernvragen per telefoon als gedeeltelijk", "105", "3", "69,5%", "71,5%"}, {"In eenheden, kernvragen per telefoon als weigering", "105", "0", "69,5%", "69,5%"}},
		Published: "In 2018 is gepubliceerd: 105 van 151 eenheden, 70%.", Choices: []string{"Geteld zijn eenheden."}, Warnings: []string{"De subcodes van AAPOR zijn niet nagegaan bij de uitgave zelf."},
		Reasons: []ReasonRow{{"Geen tijd", 15}, {"Te weinig ruimte voor verschillen tussen gemeenten", 1}},
		Strata:  a.Strata, Verdict: a.Verdict, Indicator: a.Indicator,
		Weights: []WeightRow{{"Poststratificatie naar regio", 104, "0,957", "1,088", "1,002", ""}}, WeightsPath: "/beheer/inventarisatie-2026/verantwoording/gewichten-swv.csv"}
}
