package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"

	"github.com/uitvraag/uitvraag/internal/api"
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/study"
)

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
		reports := []api.Account{}
		for _, aud := range audiences {
			a, err := db.Standing(ctx, st, aud.Name, sh.now())
			if err != nil {
				return err
			}
			reports = append(reports, api.AccountOf(aud.Name, a))
		}
		if *asJSON {
			e := json.NewEncoder(sh.stdout)
			e.SetIndent("", " ")
			return e.Encode(api.ResponseAccount{Study: st.Slug, Audiences: reports})
		}
		for _, r := range reports {
			if err := printAccount(sh, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// printAccount writes the account for a person.
func printAccount(sh shell, r api.Account) error {
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
