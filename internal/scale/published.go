package scale

import (
	"fmt"
	"math"
	"strings"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/stat"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A Claim is what somebody says of a scale, with the tables of its items: shares
// of each answer, as they were printed. SD and Alpha are NaN where nothing is
// said.
type Claim struct {
	Title           string
	Mean, SD, Alpha float64
	Items           []ClaimedItem
}

// A ClaimedItem is the row of a table.
type ClaimedItem struct {
	N       int
	Columns []table.Column
	Percent []float64
}

// ClaimOf finds the rows of the items of a scale in the tables of a book; false
// where one of them is not there.
func ClaimOf(b *table.Book, title string, items []string, mean, sd, alpha float64) (Claim, bool) {
	c := Claim{Title: title, Mean: mean, SD: sd, Alpha: alpha}
	for _, name := range items {
		found := false
		for _, t := range b.Tables {
			for i := range t.Rows {
				r := &t.Rows[i]
				if r.Row != name || t.Layout != table.Matrix {
					continue
				}
				x := ClaimedItem{N: r.N}
				for _, col := range t.Columns {
					for _, cell := range r.Cells {
						if cell.Column == col.ID {
							x.Columns, x.Percent = append(x.Columns, col), append(x.Percent, cell.Percent)
						}
					}
				}
				c.Items, found = append(c.Items, x), true
			}
		}
		if !found {
			return c, false
		}
	}
	return c, true
}

// A Suspicion is why a claim cannot be right, or hardly.
type Suspicion struct {
	Statistic string  // mean, sd
	Claimed   float64 // what was said
	Computed  float64 // what the tables give
	Text      string  // one sentence or two
}

// Tolerances: tables are printed in whole percentages, statistics with one or two
// decimals, and the scores of the respondents leave out other rows than the tables
// do. What is found within them is no reason to doubt.
const (
	meanTolerance = .15
	sdTolerance   = .12 // alpha is of complete rows, scores are not: sound scales of 2018 differ by up to .1
	fit           = .06 // a mean that is this near is explained
)

// Check compares a claim with the tables of its items, and its statistics with each
// other.
func Check(c Claim) []Suspicion {
	out := []Suspicion{}
	var means, variances []float64
	for _, x := range c.Items {
		m, v := x.moments(nil)
		means, variances = append(means, m), append(variances, v)
	}
	mean := stat.Describe(means).Mean
	if math.IsNaN(mean) {
		return out
	}
	if math.Abs(c.Mean-mean) > meanTolerance {
		return append(out, c.explain(mean))
	}
	implied := stat.ImpliedSD(variances, c.Alpha)
	if !math.IsNaN(c.SD) && math.Abs(c.SD-implied) > sdTolerance {
		out = append(out, Suspicion{Statistic: "sd", Claimed: c.SD, Computed: implied,
			Text: fmt.Sprintf("De standaarddeviatie %s van %s past niet bij alfa %s. Met deze stellingen hoort daar %s bij; bij %s hoort alfa %s.",
				comma(c.SD, 2), c.Title, comma(c.Alpha, 3), comma(implied, 2), comma(c.SD, 2), comma(stat.ImpliedAlpha(variances, c.SD), 2))})
	}
	return out
}

// codes are what a missing answer may have been read as: the ones that follow the
// scale, and those that files have for missings.
var codes = []float64{0, 6, 7, 8, 9}

// explain looks for a missing answer that was counted as a number.
func (c *Claim) explain(mean float64) Suspicion {
	s := Suspicion{Statistic: "mean", Claimed: c.Mean, Computed: mean}
	s.Text = fmt.Sprintf("Het gemiddelde %s van %s past niet bij de tabellen: die geven %s.", comma(c.Mean, 1), c.Title, comma(mean, 2))
	best, how := math.Inf(1), ""
	for _, column := range c.missing() {
		for _, code := range codes {
			var means []float64
			for _, x := range c.Items {
				m, _ := x.moments(map[string]float64{column.ID: code})
				means = append(means, m)
			}
			m := stat.Describe(means).Mean
			if off := math.Abs(m - c.Mean); off < best {
				best = off
				how = fmt.Sprintf(" Het past wel als ‘%s’ is meegeteld als het getal %s (%s).", strings.ToLower(column.Label), comma(code, 0), comma(m, 2))
			}
		}
	}
	if best <= fit {
		s.Text += how
	}
	return s
}

// missing are the answers that are none.
func (c *Claim) missing() []table.Column {
	var out []table.Column
	if len(c.Items) == 0 {
		return nil
	}
	for _, col := range c.Items[0].Columns {
		if col.Missing != instrument.Substantive {
			out = append(out, col)
		}
	}
	return out
}

// moments are the mean and the variance of an item whose answers count 1, 2, 3 …
// in the order of its table. Answers that are none do not count, unless as says as
// what.
func (x *ClaimedItem) moments(as map[string]float64) (mean, variance float64) {
	all, total, squares := 0.0, 0.0, 0.0
	code := 0.0
	for i, col := range x.Columns {
		value, counted := as[col.ID]
		if col.Missing == instrument.Substantive {
			code++
			value, counted = code, true
		}
		if counted && x.Percent[i] > 0 {
			all, total, squares = all+x.Percent[i], total+value*x.Percent[i], squares+value*value*x.Percent[i]
		}
	}
	if all == 0 {
		return math.NaN(), math.NaN()
	}
	mean = total / all
	n := float64(x.N) * all / 100
	return mean, (squares/all - mean*mean) * n / max(n-1, 1)
}

func comma(x float64, digits int) string {
	if math.IsNaN(x) {
		return "onbekend"
	}
	return strings.Replace(fmt.Sprintf("%.*f", digits, x), ".", ",", 1)
}
