package main

import (
	"context"
	"flag"
	"fmt"
	"io"
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
	format := fs.String("format", "json", bookFormats()+"; r is a program in R that repeats the numbers")
	only := fs.String("only", "", "scales or hypotheses, and not both")
	valid := fs.Float64("valid", 0, "share of statements that a score needs, above 0 and up to 1; that of the study where it is left out")
	var o hypothesis.Options
	fs.BoolVar(&o.Units, "units", false, "test units, as was done in 2018, and not questionnaires")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	switch {
	case !(*valid >= 0 && *valid <= 1):
		return fmt.Errorf("%w: --valid is above 0 and up to 1, not %v", errUsage, *valid)
	case !slices.Contains([]string{"", onlyScales, onlyHypotheses}, *only):
		return fmt.Errorf("%w: --only takes %s or %s, not %q", errUsage, onlyScales, onlyHypotheses, *only)
	case *format == "csv" && *only == "":
		return fmt.Errorf("%w: lines hold one kind of thing: --format csv needs --only", errUsage)
	}
	var write func(export.Paper) error
	if *format != "r" {
		var err error
		if write, err = paperTo(ctx, sh, *format); err != nil {
			return err
		}
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
		if o.Valid = *valid; o.Valid == 0 {
			o.Valid = st.Settings.ValidShare
		}
		register, err := inForce(ctx, db, st, inputs)
		if err != nil {
			return err
		}
		if *format == "r" {
			return repeat(sh, st, register, o, inputs)
		}
		asked := func(in hypothesis.Input) bool { return *name == "" || in.In.Name == *name }
		var a export.Analysis
		for _, in := range inputs {
			if !asked(in) || *only == onlyHypotheses {
				continue
			}
			if err := a.AddScales(in, inputs, scale.Options{Valid: o.Valid}); err != nil {
				return err
			}
		}
		for _, of := range a.Scales {
			for _, x := range of.Scales {
				for _, b := range of.Published[x.ID] {
					for _, doubt := range b.Suspicions {
						sh.tell("Let op: %s: %s", b.Label, doubt.Text)
					}
				}
			}
		}
		if *only != onlyScales {
			if err := a.Test(register, o, inputs, asked); err != nil {
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

// inForce is what is expected of a study; nil for nothing.
func inForce(ctx context.Context, db *database, st study.Study, inputs []hypothesis.Input) (*hypothesis.Register, error) {
	var names []string
	for _, in := range inputs {
		names = append(names, in.In.Name)
	}
	files, err := db.Registers(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	return hypothesis.InForce(names, files, st.Opens, st.Closes)
}

// repeat prints the program that repeats all numbers.
func repeat(sh shell, st study.Study, r *hypothesis.Register, o hypothesis.Options, inputs []hypothesis.Input) error {
	if r == nil {
		r = &hypothesis.Register{}
	}
	outcomes, err := r.Run(o, inputs...)
	if err != nil {
		return err
	}
	var all []hypothesis.Repeated
	for _, in := range inputs {
		scales, err := scale.All(in.In, in.Data, scale.Options{Valid: o.Valid})
		if err != nil {
			return err
		}
		all = append(all, hypothesis.Repeated{Input: in, Scales: scales})
	}
	program, err := r.Program(st.Title, o, outcomes, all...)
	if err != nil {
		return err
	}
	_, err = io.WriteString(sh.stdout, program)
	return err
}
