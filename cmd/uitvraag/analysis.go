package main

import (
	"context"
	"flag"
	"fmt"
	"slices"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/study"
)

// The parts of an analysis that --only takes.
const (
	onlyScales     = "scales"
	onlyHypotheses = "hypotheses"
)

// analysis computes the scales of a study and tests what was expected of it.
func analysis(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "print those of one instrument; Holm's correction stays over all")
	format := fs.String("format", "json", bookFormats())
	only := fs.String("only", "", "scales or hypotheses, and not both")
	valid := fs.Float64("valid", scale.DefaultValid, "share of statements that a score needs, above 0 and up to 1")
	var o hypothesis.Options
	fs.BoolVar(&o.Units, "units", false, "test units, as was done in 2018, and not questionnaires")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	switch {
	case !(*valid > 0 && *valid <= 1):
		return fmt.Errorf("%w: --valid is above 0 and up to 1, not %v", errUsage, *valid)
	case !slices.Contains([]string{"", onlyScales, onlyHypotheses}, *only):
		return fmt.Errorf("%w: --only takes %s or %s, not %q", errUsage, onlyScales, onlyHypotheses, *only)
	case *format == "csv" && *only == "":
		return fmt.Errorf("%w: lines hold one kind of thing: --format csv needs --only", errUsage)
	}
	write, err := paperTo(ctx, sh, *format)
	if err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		if *name != "" {
			if _, _, err := studyForm(ctx, db, st.Slug, *name); err != nil {
				return err
			}
		}
		inputs, err := analysed(ctx, sh, db, st)
		if err != nil {
			return err
		}
		asked := func(in hypothesis.Input) bool { return *name == "" || in.In.Name == *name }
		var a export.Analysis
		for _, in := range inputs {
			if !asked(in) || *only == onlyHypotheses {
				continue
			}
			if err := a.AddScales(in, scale.Options{Valid: *valid}); err != nil {
				return err
			}
		}
		for _, of := range a.Scales {
			for _, x := range of.Scales {
				for _, b := range of.Beside[x.ID] {
					for _, doubt := range b.Suspicions {
						sh.tell("Let op: %s: %s", b.Label, doubt.Text)
					}
				}
			}
		}
		if *only != onlyScales {
			if err := a.Test(o, inputs, asked); err != nil {
				return err
			}
		}
		return write(export.AnalysisPaper(st.Title, a))
	})
}

// analysed are the answers of every audience of a study.
func analysed(ctx context.Context, sh shell, db *database, st study.Study) ([]hypothesis.Input, error) {
	audiences, err := db.Audiences(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	var inputs []hypothesis.Input
	for _, a := range audiences {
		_, f, err := studyForm(ctx, db, st.Slug, a.Name)
		if err != nil {
			return nil, err
		}
		in, d, err := data(ctx, sh, db, st, f, "")
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, hypothesis.Input{In: in, Data: d})
	}
	return inputs, nil
}
