package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
)

// scales computes the scales of an instrument.
func scales(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "swv, gemeente, ketenpartner")
	format := fs.String("format", "json", bookFormats())
	valid := fs.Float64("valid", scale.DefaultValid, "share of statements that a score needs, above 0 and up to 1")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if err := required(fs, "instrument"); err != nil {
		return err
	}
	if !(*valid > 0 && *valid <= 1) {
		return fmt.Errorf("%w: --valid is above 0 and up to 1, not %v", errUsage, *valid)
	}
	write, err := paperTo(ctx, sh, *format)
	if err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		st, f, err := studyForm(ctx, db, *slug, *name)
		if err != nil {
			return err
		}
		in, d, err := data(ctx, sh, db, st, f, "")
		if err != nil {
			return err
		}
		all, err := scale.All(in, d, scale.Options{Valid: *valid})
		if err != nil {
			return err
		}
		beside := report.PublishedScales(in.Name)
		for _, of := range beside {
			for _, b := range of {
				for _, x := range b.Suspicions {
					sh.tell("Let op: %s: %s", b.Label, x.Text)
				}
			}
		}
		return write(export.ScalesPaper(st.Title, in.Name, all, beside))
	})
}
