package export

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/report"
)

// HypothesesPaper is what came of the expectations of a register.
func HypothesesPaper(title string, r *hypothesis.Register, outcomes []hypothesis.Outcome, figures []hypothesis.FigureTable) Paper {
	data := struct {
		Register   string                   `json:"register"`
		Hypotheses []hypothesis.Outcome     `json:"hypotheses"`
		Figures    []hypothesis.FigureTable `json:"figures"`
	}{r.ID, append([]hypothesis.Outcome{}, outcomes...), append([]hypothesis.FigureTable{}, figures...)}
	return Paper{report.Hypotheses(title, r, outcomes, figures), data, func(w io.Writer) error { return hypothesesCSV(w, outcomes) }}
}

// hypothesesCSV writes a row per test, with numbers as R reads them.
func hypothesesCSV(w io.Writer, outcomes []hypothesis.Outcome) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"hypothesis", "instrument", "verdict", "dependent", "by", "method", "n", "statistic", "df", "df2", "p", "p_holm", "effect_name", "effect", "lo", "hi", "untested"}}
	number := func(x float64) string {
		if math.IsNaN(x) {
			return ""
		}
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	for _, o := range outcomes {
		for _, x := range o.Results {
			rows = append(rows, []string{o.Hypothesis.ID, o.Instrument, string(o.Verdict), x.Dependent, x.By, x.Method, strconv.Itoa(x.N), number(x.Statistic), number(x.DF), number(x.DF2), number(x.P), number(x.PHolm),
				x.Effect.Name, number(x.Effect.Value), number(x.Effect.Lo), number(x.Effect.Hi), x.Untested})
		}
	}
	return out.WriteAll(rows)
}
