package main

import (
	"context"
	"flag"
	"fmt"
	"slices"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/report"
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
			found, err := scale.All(in.In, in.Data, scale.Options{Valid: *valid})
			if err != nil {
				return err
			}
			beside := report.PublishedScales(in.In.Name)
			for _, x := range found {
				for _, b := range beside[x.ID] {
					for _, doubt := range b.Suspicions {
						sh.tell("Let op: %s: %s", b.Label, doubt.Text)
					}
				}
			}
			a.Scales = append(a.Scales, export.ScalesOf{Instrument: in.In.Name, Scales: found, Beside: beside})
		}
		if *only != onlyScales {
			if err := tested(&a, o, inputs, asked); err != nil {
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

// tested tests the expectations of all inputs that have a register, and keeps the
// outcomes that were asked for. A study without a register has none.
func tested(a *export.Analysis, o hypothesis.Options, inputs []hypothesis.Input, asked func(hypothesis.Input) bool) error {
	var with []hypothesis.Input
	for _, in := range inputs {
		if r, ok := hypothesis.For(in.In.Name); ok {
			a.Register = r
			with = append(with, in)
		}
	}
	if a.Register == nil {
		return nil
	}
	outcomes, err := a.Register.Run(o, with...)
	if err != nil {
		return err
	}
	for _, in := range with {
		if !asked(in) {
			outcomes = slices.DeleteFunc(outcomes, func(x hypothesis.Outcome) bool { return x.Instrument == in.In.Name })
			continue
		}
		figures, err := a.Register.Tables(o, in)
		if err != nil {
			return err
		}
		a.Figures = append(a.Figures, figures...)
	}
	a.Outcomes = outcomes
	return nil
}
