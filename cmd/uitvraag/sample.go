package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/sheet"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// readSheet reads a file, or standard input for "-".
func readSheet(sh shell, name string) (sheet.Table, []sheet.Problem, error) {
	var in io.Reader = sh.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return sheet.Table{}, nil, err
		}
		defer func() { _ = f.Close() }() // only read from
		in = f
	}
	return sheet.Read(in, sheet.Limits{})
}

// refuse tells the problems of a file, on stderr, and fails.
func refuse(sh shell, problems []sheet.Problem) error {
	for _, p := range problems {
		sh.tell("%v", p)
	}
	return errs.Errorf(errs.Invalid, "Er is niets ingelezen: verbeter eerst %d fout(en) in het bestand.", len(problems))
}

func importSample(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	audience := fs.String("audience", "", "swv, gemeente, ketenpartner")
	reason := fs.String("reason", "", "why units change after release")
	strata := fs.String("strata", "", "background columns that are strata, with commas between them")
	add := fs.Bool("add", false, "the file holds new units only: the others still belong to the register")
	asJSON := fs.Bool("json", false, "print JSON")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	if err := required(fs, "audience"); err != nil {
		return err
	}
	table, problems, err := readSheet(sh, operands[0])
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return refuse(sh, problems)
	}
	register, problems := sample.Read(sample.KindOf(*audience), table)
	if len(problems) > 0 {
		return refuse(sh, problems)
	}
	for _, w := range register.Warnings {
		sh.tell("Let op: %v", w)
	}
	chosen, err := chooseStrata(register, *strata)
	if err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		if err := db.needSecret(); err != nil {
			return err
		}
		st, err := theStudy(ctx, db, *slug)
		if err != nil {
			return err
		}
		change, err := db.ImportRegister(ctx, store.Import{Study: st.ID, Audience: *audience, Register: register, Strata: chosen, Reason: *reason, Addition: *add, By: store.BySystem, Now: sh.now()})
		if err != nil {
			return err
		}
		for _, w := range change.Warnings {
			sh.tell("Let op: %s", w)
		}
		return tellChange(sh, register, change, *asJSON)
	})
}

// chooseStrata checks the columns that were named; nil when none was.
func chooseStrata(r sample.Register, list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	known := map[string]bool{}
	for _, c := range r.Columns {
		known[c.ID] = true
	}
	var out []string
	for _, id := range strings.Split(list, ",") {
		if id = strings.TrimSpace(id); !known[id] {
			return nil, errs.Errorf(errs.Invalid, "De kolom %q staat niet in het bestand, of is geen kenmerk.", id)
		}
		out = append(out, id)
	}
	return out, nil
}

func tellChange(sh shell, r sample.Register, c sample.Change, asJSON bool) error {
	missing := make([]string, 0, len(c.Missing))
	for _, u := range c.Missing {
		missing = append(missing, u.Organisation.Code)
	}
	if asJSON {
		return json.NewEncoder(sh.stdout).Encode(map[string]any{"units": len(r.Units), "added": len(c.Added), "changed": len(c.Changed), "missing": missing, "areas": len(r.Areas)})
	}
	_, err := fmt.Fprintf(sh.stdout, "%d eenheden in het bestand: %d nieuw, %d gewijzigd.\n", len(r.Units), len(c.Added), len(c.Changed))
	if err == nil && len(missing) > 0 {
		_, err = fmt.Fprintf(sh.stdout, "%d eenheden staan niet meer in het bestand; zij blijven bewaard: %s\n", len(missing), strings.Join(missing, ", "))
	}
	return err
}

func importAreas(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	skip := fs.Bool("skip", false, "leave out what cannot be placed, and list it")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	table, problems, err := readSheet(sh, operands[0])
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return refuse(sh, problems)
	}
	return withDatabase(ctx, sh, func(db *database) error {
		known, err := db.Organisations(ctx)
		if err != nil {
			return err
		}
		areas, problems := sample.ReadAreas(table, known)
		if len(problems) > 0 && !*skip {
			return refuse(sh, problems)
		}
		for _, p := range problems {
			sh.tell("Overgeslagen: %v", p)
		}
		if err := db.ImportAreas(ctx, 0, areas, store.BySystem, sh.now()); err != nil {
			return err
		}
		_, err = fmt.Fprintf(sh.stdout, "%d combinaties van samenwerkingsverband en gemeente.\n", len(areas))
		return err
	})
}

func sampleLinks(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	audience := fs.String("audience", "", "swv, gemeente, ketenpartner")
	replace := fs.Bool("replace", false, "revoke earlier links")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if err := required(fs, "audience"); err != nil {
		return err
	}
	c, err := readConfig(sh.getenv, os.Geteuid() == 0)
	if err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		if _, err := db.Audience(ctx, st.ID, *audience); err != nil {
			return err
		}
		links, revoked, err := db.AddLinks(ctx, st.ID, *audience, *replace, store.BySystem, sh.now())
		if err != nil {
			return err
		}
		if *replace {
			sh.tell("%d eerdere links ingetrokken.", revoked)
		}
		out := csv.NewWriter(sh.stdout)
		if err := out.Write([]string{"unit", "url"}); err != nil {
			return err
		}
		for _, l := range links {
			if err := out.Write([]string{l.Unit, c.link("/v/" + l.Token)}); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	})
}
