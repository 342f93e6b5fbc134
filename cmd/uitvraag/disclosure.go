package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/disclosure"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// disclosureFlags are the promise of a study and its limits.
func disclosureFlags(fs *flag.FlagSet, d *study.Disclosure) {
	fs.BoolVar(&d.Traceable, "traceable", d.Traceable, "the invitation does not promise that answers cannot be traced to an organisation")
	fs.IntVar(&d.FewUnits, "few-units", d.FewUnits, fmt.Sprintf("publish no cell of a breakdown with fewer units (0: %d)", study.FewUnits))
	fs.IntVar(&d.SmallBase, "small-base", d.SmallBase, fmt.Sprintf("publish no percentage of fewer answers (0: %d)", study.SmallBase))
	fs.IntVar(&d.Dominance, "dominance", d.Dominance, fmt.Sprintf("flag groups of which a larger percentage gave one answer (0: %d)", study.Dominance))
}

// publishable is what may be published of an instrument.
type publishable struct {
	Instrument string            `json:"instrument"`
	By         []string          `json:"by"`           // columns to split by
	Refused    map[string]string `json:"refused"`      // column: label of the one that it cannot stand beside
	Small      map[string]string `json:"small_strata"` // column: groups with few units, to be merged
}

// studyDisclosure changes and prints what may be published of a study.
func studyDisclosure(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	asJSON := fs.Bool("json", false, "print JSON")
	var given study.Disclosure
	disclosureFlags(fs, &given)
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		d := st.Settings.Disclosure
		set := false
		fs.Visit(func(f *flag.Flag) {
			set = set || f.Name != "study" && f.Name != "json"
			switch f.Name {
			case "traceable":
				d.Traceable = given.Traceable
			case "few-units":
				d.FewUnits = given.FewUnits
			case "small-base":
				d.SmallBase = given.SmallBase
			case "dominance":
				d.Dominance = given.Dominance
			}
		})
		if problem := st.MayChange(d); problem != "" {
			return errs.Errorf(errs.Invalid, "%s", problem)
		}
		if set {
			if err := db.SetDisclosure(ctx, st.ID, d, store.BySystem, sh.now()); err != nil {
				return err
			}
			st.Settings.Disclosure = d
		}
		return printDisclosure(ctx, sh, db, st, *asJSON)
	})
}

func printDisclosure(ctx context.Context, sh shell, db *database, st study.Study, asJSON bool) error {
	limits := st.Settings.Disclosure.Limits()
	audiences, err := db.Audiences(ctx, st.ID)
	if err != nil {
		return err
	}
	all := []publishable{}
	for _, a := range audiences {
		data, err := db.Dataset(ctx, st, a.Name, sh.now())
		if err != nil {
			return err
		}
		p := publishable{Instrument: a.Name, By: []string{}, Refused: map[string]string{}, Small: map[string]string{}}
		for _, s := range disclosure.Splits(data, limits) {
			if s.Beside != "" {
				p.Refused[s.Column.Name] = s.Beside
			} else {
				p.By = append(p.By, s.Column.Name)
			}
			if few := disclosure.Few(data, s.Column.Name, limits); len(few) > 0 && !limits.Traceable {
				p.Small[s.Column.Name] = strings.Join(few, ", ")
				sh.tell("Let op: %s, ‘%s’: groepen met minder dan %d eenheden in het register: %s. Voeg ze samen met een andere groep; nu komen zij niet in een publicatie.", a.Name, s.Column.Label, limits.SmallBase, p.Small[s.Column.Name])
			}
		}
		all = append(all, p)
	}
	if asJSON {
		return json.NewEncoder(sh.stdout).Encode(map[string]any{"study": st.Slug, "limits": limits, "instruments": all})
	}
	promise := "Niemand kan zien wat een organisatie antwoordde."
	if limits.Traceable {
		promise = "Antwoorden mogen per organisatie worden gepubliceerd."
	}
	text := fmt.Sprintf("Belofte:                 %s\nGeen cel met minder dan: %d eenheden\nGeen percentage onder:   %d antwoorden\nGemeld boven:            %d%% met één antwoord\n", promise, limits.FewUnits, limits.SmallBase, limits.Dominance)
	for _, p := range all {
		text += fmt.Sprintf("%-24s %s\n", "Uitsplitsen "+p.Instrument+":", strings.Join(p.By, ", "))
		for _, s := range refusals(p) {
			text += fmt.Sprintf("%-24s %s\n", "", s)
		}
	}
	_, err = fmt.Fprint(sh.stdout, text)
	return err
}

// refusals says which splits do not go with another.
func refusals(p publishable) []string {
	var out []string
	for name, beside := range p.Refused {
		out = append(out, fmt.Sprintf("niet %s: te veel als ‘%s’", name, beside))
	}
	slices.Sort(out)
	return out
}
