package server

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/representativity"
	"github.com/uitvraag/uitvraag/internal/stat"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// showAccount is the account of the response: outcomes, rates and choices.
func (s *Server) showAccount(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, audiences, err := s.audiencesOf(r)
	if err != nil {
		return err
	}
	p := page.Account{Staff: s.staffFrame(a, st, "vandaag"), Now: s.Now()}
	for _, aud := range audiences {
		c, err := s.counted(r.Context(), st, aud)
		if err != nil {
			return err
		}
		if c.N == 0 {
			continue
		}
		out := accountOf(aud, c)
		out.WeightsPath = p.Base + page.AccountPath + "/gewichten-" + aud.Name + ".csv"
		if st.Definition == "inventarisatie-"+baseline.Edition {
			out.Published = published(aud.Name)
		}
		p.Audiences = append(p.Audiences, out)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// accountOf makes the account of one audience.
func accountOf(aud store.Audience, c count) page.AccountAudience {
	account := disposition.Make(c.Outcomes, disposition.Choices{})
	out := page.AccountAudience{ID: aud.Name, Title: audienceMany(aud.Name), N: account.N, Warnings: account.Warnings, Choices: append(account.Choices, c.Rules.Sentences()...)}
	for _, e := range disposition.Editions {
		out.Editions = append(out.Editions, e.Title)
	}
	for _, l := range account.Lines {
		row := page.OutcomeRow{Title: l.Title, Class: string(l.Class), N: l.N}
		for _, e := range disposition.Editions {
			code, _ := e.Code(l.Outcome, disposition.CompleteFrame)
			row.Codes = append(row.Codes, code.AAPOR)
		}
		out.Outcomes = append(out.Outcomes, row)
	}
	for _, rate := range account.Rates {
		out.Rates = append(out.Rates, page.RateRow{Name: rate.Name, Formula: rate.Formula, Value: share(rate.Value), Part: chart.Number(rate.Numerator, 0), Of: chart.Number(rate.Denominator, 0)})
	}
	for _, reading := range account.Readings {
		out.Readings = append(out.Readings, page.ReadingRow{Title: ui.Upper(reading.Title), Complete: ui.Int(reading.Counts.I), Partial: ui.Int(reading.Counts.P), RR1: share(reading.RR1.Value), RR2: share(reading.RR2.Value)})
	}
	for _, reason := range c.Reasons {
		label, ok := event.ReasonLabel(reason.ID)
		if !ok {
			label = "Geen reden vastgelegd volgens de lijst"
		}
		out.Reasons = append(out.Reasons, page.ReasonRow{Label: label, N: reason.N})
	}
	var today page.AudienceToday
	compare(&today, aud, c)
	out.Strata, out.Verdict, out.Conclusion, out.Indicator = today.Strata, today.Verdict, today.Conclusion, today.Indicator
	out.Weights = weightsOf(aud, c)
	return out
}

// share writes a share as a percentage with one decimal.
func share(x float64) string {
	text := chart.Number(100*x, 1)
	if text == "–" {
		return text
	}
	return text + "%"
}

// published says what was published in 2018 of an audience.
func published(audience string) string {
	r, ok := baseline.ResponseOf(audience)
	if !ok {
		return ""
	}
	text := fmt.Sprintf("In 2018 is gepubliceerd: %d van %d eenheden, %d%%.", r.Units, r.Population, r.Percent)
	if r.Covered > 0 {
		text += fmt.Sprintf(" In vragenlijsten: %d van %d, %d%%.", r.Questionnaires, r.Population, r.QuestionnairePercent)
	}
	return text + " Daarbij telt wie alleen kernvragen per telefoon beantwoordde niet mee. Dat is hier de lezing als weigering."
}

// weightings are the weights that may be used: by each characteristic alone, and
// by all together within the limits of standards 2H.
func weightings(aud store.Audience, c count) (alone []representativity.Weights, errsOf []error, raked representativity.Weights, err error) {
	for _, stratum := range c.Strata {
		w, err := representativity.PostStratify(stratum.Characteristic(columnLabel(aud, stratum.Column)))
		alone, errsOf = append(alone, w), append(errsOf, err)
	}
	if len(c.Cells.Cells) == 0 {
		return alone, errsOf, raked, stat.ErrUnsound
	}
	raked, err = representativity.Rake(c.Cells, stat.TrimLo, stat.TrimHi)
	return alone, errsOf, raked, err
}

func weightsOf(aud store.Audience, c count) []page.WeightRow {
	if c.Done == 0 || len(c.Strata) == 0 {
		return nil
	}
	alone, failed, raked, err := weightings(aud, c)
	var out []page.WeightRow
	add := func(method string, w representativity.Weights, err error) {
		row := page.WeightRow{Method: method}
		if err != nil {
			row.Note = "Niet te berekenen: " + err.Error() + "."
		} else {
			row.N, row.Min, row.Max, row.Deff = w.N, chart.Number(w.Min, 3), chart.Number(w.Max, 3), chart.Number(w.Deff, 3)
			row.Note = strings.Join(w.Warnings, " ")
		}
		out = append(out, row)
	}
	for i, stratum := range c.Strata {
		add("Poststratificatie naar "+strings.ToLower(columnLabel(aud, stratum.Column)), alone[i], failed[i])
	}
	add("Raking naar alle kenmerken, gewichten tussen "+chart.Number(stat.TrimLo, 1)+" en "+chart.Number(stat.TrimHi, 0), raked, err)
	return out
}

// downloadWeights gives the weights of an audience per group, as a file.
func (s *Server) downloadWeights(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	st, audiences, err := s.audiencesOf(r)
	if err != nil {
		return err
	}
	name := chi.URLParam(r, "audience")
	for _, aud := range audiences {
		if aud.Name != name {
			continue
		}
		c, err := s.counted(r.Context(), st, aud)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gewichten-%s-%s.csv"`, st.Slug, name))
		return writeWeights(w, aud, c)
	}
	return errs.Errorf(errs.NotFound, "Deze doelgroep is er niet in dit onderzoek.")
}

func writeWeights(w http.ResponseWriter, aud store.Audience, c count) error {
	if _, err := w.Write([]byte("\ufeff")); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	if err := out.Write([]string{"methode", "groep", "populatie", "respons", "gewicht"}); err != nil {
		return err
	}
	row := func(method, group string, population, responded int, weight float64) error {
		text := ""
		if weight == weight { // a group without response has none
			text = chart.Number(weight, 6)
		}
		return out.Write([]string{export.Guard(method), export.Guard(group), fmt.Sprint(population), fmt.Sprint(responded), text})
	}
	alone, failed, raked, err := weightings(aud, c)
	for i, stratum := range c.Strata {
		for k, v := range stratum.Values {
			if failed[i] == nil {
				if err := row(alone[i].Method, v.Label, v.N, v.Done, alone[i].ByCell[k]); err != nil {
					return err
				}
			}
		}
	}
	for i, cell := range c.Cells.Cells {
		if err == nil {
			if err := row(raked.Method, c.Cells.Name(i), cell.Population, cell.Responded, raked.ByCell[i]); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
