package main

import (
	"context"
	"flag"
	"slices"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/study"
)

func hypotheses(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "print those of one instrument; Holm's correction stays over all")
	format := fs.String("format", "json", bookFormats())
	var o hypothesis.Options
	fs.BoolVar(&o.Units, "units", false, "count units, as was done in 2018, and not questionnaires")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	write, err := paperTo(ctx, sh, *format)
	if err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		audiences, err := db.Audiences(ctx, st.ID)
		if err != nil {
			return err
		}
		var inputs []hypothesis.Input
		var r *hypothesis.Register
		for _, a := range audiences {
			found, ok := hypothesis.For(a.Name)
			if !ok {
				continue
			}
			r = found
			_, f, err := studyForm(ctx, db, st.Slug, a.Name)
			if err != nil {
				return err
			}
			in, d, err := data(ctx, sh, db, st, f, "")
			if err != nil {
				return err
			}
			inputs = append(inputs, hypothesis.Input{In: in, Data: d})
		}
		if r == nil {
			return errs.Errorf(errs.NotFound, "Voor deze studie is er geen register met verwachtingen.")
		}
		outcomes, err := r.Run(o, inputs...)
		if err != nil {
			return err
		}
		var figures []hypothesis.FigureTable
		for _, in := range inputs {
			if *name != "" && in.In.Name != *name {
				continue
			}
			more, err := r.Tables(o, in)
			if err != nil {
				return err
			}
			figures = append(figures, more...)
		}
		if *name != "" {
			outcomes = slices.DeleteFunc(outcomes, func(x hypothesis.Outcome) bool { return x.Instrument != *name })
		}
		return write(export.HypothesesPaper(st.Title, r, outcomes, figures))
	})
}
