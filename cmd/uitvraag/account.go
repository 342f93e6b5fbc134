package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/study"
)

// An accountReport is the response account of one audience, for machines.
// Rates that cannot be computed are null.
type accountReport struct {
	Audience string              `json:"audience"`
	N        int                 `json:"n"`
	Outcomes []accountOutcome    `json:"outcomes"`
	Counts   disposition.Counts  `json:"counts"`
	E        *float64            `json:"e"`
	Rates    map[string]*float64 `json:"rates"`
	Readings []accountReading    `json:"readings"`
	Choices  []string            `json:"choices"`
	Warnings []string            `json:"warnings"`
}

type accountOutcome struct {
	Outcome string `json:"outcome"`
	AAPOR   string `json:"aapor"`
	Class   string `json:"class"`
	N       int    `json:"n"`
}

type accountReading struct {
	Title  string             `json:"title"`
	Counts disposition.Counts `json:"counts"`
	RR1    *float64           `json:"RR1"`
	RR2    *float64           `json:"RR2"`
}

// number is x, or nothing where there is none.
func number(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

// accountFieldwork prints the response account of a study.
func accountFieldwork(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	asJSON := fs.Bool("json", false, "print JSON")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		audiences, err := db.Audiences(ctx, st.ID)
		if err != nil {
			return err
		}
		reports := []accountReport{}
		for _, aud := range audiences {
			a, err := db.Standing(ctx, st, aud.Name, sh.now())
			if err != nil {
				return err
			}
			reports = append(reports, reportAccount(aud.Name, disposition.Make(a.Outcomes, disposition.Choices{}), a.Rules.Sentences()))
		}
		if *asJSON {
			e := json.NewEncoder(sh.stdout)
			e.SetIndent("", " ")
			return e.Encode(map[string]any{"study": st.Slug, "audiences": reports})
		}
		for _, r := range reports {
			if err := r.print(sh); err != nil {
				return err
			}
		}
		return nil
	})
}

func reportAccount(audience string, a disposition.Account, rules []string) accountReport {
	r := accountReport{Audience: audience, N: a.N, Outcomes: []accountOutcome{}, Counts: a.Counts, E: number(a.E), Rates: map[string]*float64{},
		Readings: []accountReading{}, Choices: append(a.Choices, rules...), Warnings: append([]string{}, a.Warnings...)}
	for _, l := range a.Lines {
		r.Outcomes = append(r.Outcomes, accountOutcome{string(l.Outcome), l.AAPOR, string(l.Class), l.N})
	}
	for _, rate := range a.Rates {
		r.Rates[rate.Name] = number(rate.Value)
	}
	for _, reading := range a.Readings {
		r.Readings = append(r.Readings, accountReading{reading.Title, reading.Counts, number(reading.RR1.Value), number(reading.RR2.Value)})
	}
	return r
}

// print writes the account for a person.
func (r accountReport) print(sh shell) error {
	text := fmt.Sprintf("%s, N = %d\n", r.Audience, r.N)
	for _, o := range r.Outcomes {
		text += fmt.Sprintf("  %-24s %-6s %-3s %6d\n", o.Outcome, o.AAPOR, o.Class, o.N)
	}
	for _, reading := range r.Readings {
		text += fmt.Sprintf("  RR1 %s  RR2 %s  %s\n", percentage(reading.RR1), percentage(reading.RR2), reading.Title)
	}
	for _, c := range append(r.Choices, r.Warnings...) {
		text += "  " + c + "\n"
	}
	_, err := fmt.Fprintln(sh.stdout, text)
	return err
}

func percentage(x *float64) string {
	if x == nil {
		return "–"
	}
	return chart.Number(100**x, 1) + "%"
}
