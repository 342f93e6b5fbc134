package hypothesis

import (
	"fmt"
	"slices"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// An Explanation is how a test was computed: the formula in words and signs,
// where it comes from, and the call in R that repeats it.
type Explanation struct{ Formula, Source, R string }

// explanations are by method; "%[1]s" is the dependent variable and "%[2]s" the
// other one.
var explanations = map[stat.Method]Explanation{
	stat.MannWhitneyNormal: {"U = R − n(n+1)/2, met R de som van de rangnummers van de eerste groep; gelijke waarden delen hun rang. z = (|U − nm/2| − ½) / s.", "Mann en Whitney (1947)", "wilcox.test(%[1]s ~ %[2]s, data = d)"},
	stat.MannWhitneyExact:  {"U = R − n(n+1)/2, met R de som van de rangnummers van de eerste groep; p telt alle verdelingen van de rangen.", "Mann en Whitney (1947)", "wilcox.test(%[1]s ~ %[2]s, data = d)"},
	stat.KruskalWallisH:    {"H = 12/(N(N+1)) · ΣR²/n − 3(N+1), gedeeld door 1 − Σ(t³−t)/(N³−N) voor gelijke waarden; chikwadraat met k−1 vrijheidsgraden.", "Kruskal en Wallis (1952)", "kruskal.test(%[1]s ~ factor(%[2]s), data = d)"},
	stat.WelchT:            {"t = (x̄ − ȳ) / √(s²/n + u²/m), met de vrijheidsgraden van Welch en Satterthwaite.", "Welch (1947)", "t.test(%[1]s ~ %[2]s, data = d)"},
	stat.WelchOneWay:       {"F met gewichten n/s² per groep, zodat groepen hun eigen spreiding mogen hebben.", "Welch (1951)", "oneway.test(%[1]s ~ factor(%[2]s), data = d)"},
	stat.Pearson:           {"X² = Σ (O − E)² / E, met E = rij · kolom / N en (r−1)(k−1) vrijheidsgraden.", "Pearson (1900)", "chisq.test(table(d$%[2]s, d$%[1]s), correct = FALSE)"},
	stat.FisherExact:       {"p is de kans op alle tabellen met dezelfde randen die niet waarschijnlijker zijn dan deze.", "Fisher (1935), Freeman en Halton (1951)", "fisher.test(table(d$%[2]s, d$%[1]s), workspace = 2e7)"},
	stat.FisherDrawn:       {"p is het deel van getrokken tabellen met dezelfde randen dat niet waarschijnlijker is dan deze.", "Fisher (1935), Freeman en Halton (1951)", "fisher.test(table(d$%[2]s, d$%[1]s), simulate.p.value = TRUE, B = 10000)"},
	stat.SpearmanR:         {"rho is de correlatie van de rangnummers; t = rho·√((n−2)/(1−rho²)).", "Spearman (1904)", "cor.test(d$%[1]s, d$%[2]s, method = \"spearman\", exact = FALSE)"},
	stat.PearsonR:          {"r = Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)²·Σ(y−ȳ)²); t = r·√((n−2)/(1−r²)).", "Pearson (1896)", "cor.test(d$%[1]s, d$%[2]s)"},
	stat.WilcoxonNormal:    {"V is de som van de rangnummers van de positieve verschillen; wie twee keer hetzelfde antwoordde telt niet mee.", "Wilcoxon (1945)", "wilcox.test(d$%[1]s, d$%[2]s, paired = TRUE)"},
	stat.WilcoxonExact:     {"V is de som van de rangnummers van de positieve verschillen; p telt alle mogelijkheden.", "Wilcoxon (1945)", "wilcox.test(d$%[1]s, d$%[2]s, paired = TRUE)"},
	stat.PairedT:           {"t = d̄·√n / s van de verschillen, met n−1 vrijheidsgraden.", "Student (1908)", "t.test(d$%[1]s, d$%[2]s, paired = TRUE)"},
	stat.Binomial:          {"p is de kans op een minstens zo ongelijke verdeling over twee mogelijkheden die even waarschijnlijk zijn.", "exacte binomiale toets", ""},
}

// Explain tells how a result came about; nothing where there is no test. The code
// is on columns d of the research file, without the codes of missing answers.
func (r *Register) Explain(x *Result) Explanation {
	e, ok := explanations[stat.Method(x.Method)]
	if !ok || x.Untested != "" {
		return Explanation{}
	}
	if x.Kind == Most {
		e.R = fmt.Sprintf("binom.test(%d, %d)", int(x.Statistic), x.split())
		return e
	}
	e.R = fmt.Sprintf(e.R, x.Dependent, x.By)
	return e
}

// split is how many chose the values of a Most or what they are set against.
func (x *Result) split() int {
	ours, rest, largest := 0, 0, 0
	for _, g := range x.Groups {
		switch {
		case x.test != nil && slices.Contains(x.test.Values, g.ID):
			ours += g.N
		default:
			rest += g.N
			largest = max(largest, g.N)
		}
	}
	if x.test != nil && x.test.Largest {
		return ours + largest
	}
	return ours + rest
}
