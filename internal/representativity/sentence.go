package representativity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

var nan = math.NaN()

// conclude writes what may be concluded on one characteristic. That a difference
// was not shown is never said to be proof that there is none (R4).
func (c *Comparison) conclude(tested int) {
	rest := c.N - c.Responded
	if math.IsNaN(c.P) {
		c.Conclusion = fmt.Sprintf("%s: niet te toetsen (N = %d, respondenten %d). %s", c.Characteristic.Name, c.N, c.Responded, strings.Join(c.Warnings, " "))
		return
	}
	result := c.result()
	if tested > 1 {
		result += fmt.Sprintf(", na correctie voor %d kenmerken (Holm) %s", tested, pText(c.PHolm))
	}
	result += "; Cramérs V = " + decimals(c.Primary.Effect.Value, 2)
	groups := fmt.Sprintf("respondenten (N = %d) en niet-respondenten (N = %d)", c.Responded, rest)
	if c.PHolm < Level {
		c.Conclusion = fmt.Sprintf("%s: %s verschillen: %s. %s", c.Characteristic.Name, groups, result, c.standsOut())
		return
	}
	c.Conclusion = fmt.Sprintf("%s: een verschil tussen %s is niet aangetoond: %s. Dat bewijst niet dat er geen verschil is.", c.Characteristic.Name, groups, result)
}

// result is the outcome of the test that counts.
func (c *Comparison) result() string {
	if c.Exact == nil {
		return fmt.Sprintf("χ²(%d) = %s, %s", int(c.Primary.DF), decimals(c.Primary.Statistic, 2), pText(c.P))
	}
	text := string(c.Exact.Method) + ", " + pText(c.P)
	if c.Exact.Draws > 0 {
		text += fmt.Sprintf(" (standaardfout %s, %d trekkingen)", decimals(c.Exact.StdErr, 4), c.Exact.Draws)
	}
	return text
}

// standsOut names the categories with a residual beyond ±2.
func (c *Comparison) standsOut() string {
	var more, fewer []string
	for h, k := range c.Characteristic.Categories {
		text := fmt.Sprintf("%s (%s)", k.Label, percent(float64(k.Responded)/float64(k.Population)))
		switch z := c.Residual(h); {
		case z >= 2:
			more = append(more, text)
		case z <= -2:
			fewer = append(fewer, text)
		}
	}
	var out []string
	if len(more) > 0 {
		out = append(out, "Vaker dan gemiddeld antwoordde: "+strings.Join(more, ", ")+".")
	}
	if len(fewer) > 0 {
		out = append(out, "Minder vaak: "+strings.Join(fewer, ", ")+".")
	}
	if len(out) == 0 {
		return "Geen enkele categorie springt er op zichzelf uit."
	}
	return strings.Join(out, " ")
}

// conclude writes what may be concluded on all characteristics: the word
// representatief only with the characteristics that were tested and their p (R4).
func (r *Report) conclude() {
	var tested, differ, untested []string
	for _, c := range r.Comparisons {
		name := c.Characteristic.Name
		switch {
		case math.IsNaN(c.P):
			untested = append(untested, name)
			continue
		case c.PHolm < r.Level:
			differ = append(differ, name)
		}
		tested = append(tested, fmt.Sprintf("%s (%s, N = %d)", name, pText(c.PHolm), c.N))
	}
	var out []string
	switch {
	case len(tested) == 0:
		out = append(out, "Over representativiteit valt niets te zeggen: geen enkel kenmerk kon worden getoetst.")
	case len(differ) == 0:
		out = append(out, "Dat de respons representatief is, is niet verworpen op "+strings.Join(tested, ", ")+"; bewezen is het daarmee niet, en over andere kenmerken zegt het niets.")
	default:
		out = append(out, "De respons is niet representatief op "+strings.Join(differ, ", ")+"; getoetst zijn "+strings.Join(tested, ", ")+".")
	}
	if len(tested) > 1 {
		out = append(out, "De p-waarden zijn gecorrigeerd voor het aantal toetsen (Holm).")
	}
	if len(untested) > 0 && len(tested) > 0 {
		out = append(out, "Niet te toetsen: "+strings.Join(untested, ", ")+".")
	}
	r.Conclusion = strings.Join(out, " ")
}

// Sentence says what the indicators say, with what they are made of (R5).
func (i Indicators) Sentence() string {
	var names []string
	for _, v := range i.Partial {
		names = append(names, v.Name)
	}
	of := strings.Join(names, ", ")
	if math.IsNaN(i.R) {
		return "De R-indicator op " + of + " is niet te berekenen (N = " + strconv.Itoa(i.N) + ", respondenten " + strconv.Itoa(i.Responded) + ")."
	}
	return fmt.Sprintf("De R-indicator op %s is %s (gecorrigeerd voor toeval %s; 1 is een gelijke respons in alle groepen), variatiecoëfficiënt %s; N = %d, respondenten %d. Vergelijk alleen met een moment met dezelfde kenmerken.",
		of, decimals(i.R, 3), decimals(i.RAdjusted, 3), decimals(i.CV, 3), i.N, i.Responded)
}

// pText writes a p-value.
func pText(p float64) string {
	if p < 0.001 {
		return "p < 0,001"
	}
	return "p = " + decimals(p, 3)
}

// decimals writes a number the Dutch way.
func decimals(x float64, n int) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', n, 64), ".", ",", 1)
}

// percent writes a share as a whole percentage.
func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 0, 64) + " %" }
