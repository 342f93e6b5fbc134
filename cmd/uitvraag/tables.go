package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/disclosure"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
	"github.com/uitvraag/uitvraag/web/page"
)

// formatNames are what --format takes.
func formatNames[F any](formats []F, id func(F) string) string {
	var names []string
	for _, f := range formats {
		names = append(names, id(f))
	}
	return strings.Join(names, ", ")
}

func bookFormats() string {
	return formatNames(export.BookFormats, func(f export.BookFormat) string { return f.ID })
}

// press makes pages and PDF, the latter where there is a browser.
func press(sh shell) (export.Press, error) {
	c, err := readConfig(sh.getenv, os.Geteuid() == 0)
	if err != nil {
		return export.Press{}, err
	}
	return page.Press(export.NewPrinter(browser(c), os.Geteuid() == 0)), nil
}

// paperTo is what writes a paper in a format to the terminal: asked for before the
// work begins, so that a wrong format costs nothing.
func paperTo(ctx context.Context, sh shell, format string) (func(export.Paper) error, error) {
	to, ok := export.BookFormatOf(format)
	if !ok {
		return nil, fmt.Errorf("%w: --format takes %s, not %q", errUsage, bookFormats(), format)
	}
	press, err := press(sh)
	if err != nil {
		return nil, err
	}
	return func(p export.Paper) error {
		out := bufio.NewWriter(sh.stdout)
		if err := to.Write(ctx, out, p, press); err != nil {
			return err
		}
		return out.Flush()
	}, nil
}

func tables(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "swv, gemeente, ketenpartner")
	format := fs.String("format", "json", bookFormats())
	snapshot := fs.String("snapshot", "", "make them of this snapshot, and not of the data as they are now")
	var spec table.Spec
	fs.StringVar(&spec.By, "by", "", "column to cross every question with, such as regio")
	fs.StringVar(&spec.Weight, "weight", "", "column of weights")
	fs.Func("weight-to", "column to weigh to the population by, such as regio; may be given more than once", func(column string) error {
		spec.WeightTo = append(spec.WeightTo, column)
		return nil
	})
	beside := fs.String("beside", "", "another instrument of the study: what both ask, side by side")
	against := fs.String("against", "", "2018: side by side with what was published then")
	without := fs.Bool("without-missing", false, "base without geen zicht op and n.v.t.")
	fs.BoolVar(&spec.NoTelephone, "no-telephone", false, "leave out who answered core questions by telephone")
	public := fs.Bool("public", false, "fit for publication: withhold what tells the answers of a few units")
	fs.BoolVar(&spec.NoCovered, "no-covered", false, "leave out units for which another one answered")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if err := required(fs, "instrument"); err != nil {
		return err
	}
	switch {
	case *against != "" && (*against != baseline.Edition || len(baseline.Tables(*name)) == 0):
		return fmt.Errorf("%w: --against: there is nothing published of %s in %q", errUsage, *name, *against)
	case *against != "" && *beside != "":
		return fmt.Errorf("%w: --beside and --against do not go together", errUsage)
	case *public && spec.By != "" && *against+*beside != "":
		return fmt.Errorf("%w: --public compares books that are not split", errUsage)
	case *beside != "" && *snapshot != "":
		return fmt.Errorf("%w: --beside takes the data as they are now, and no --snapshot", errUsage)
	}
	write, err := paperTo(ctx, sh, *format)
	if err != nil {
		return err
	}
	if *without {
		spec.Base = table.Substantive
	}
	return withDatabase(ctx, sh, func(db *database) error {
		b, err := makeBook(ctx, sh, db, *slug, *name, *snapshot, spec, *public)
		if err != nil {
			return err
		}
		paper := export.BookPaper(b)
		switch {
		case *beside != "":
			other, err := makeBook(ctx, sh, db, *slug, *beside, "", spec, *public)
			if err != nil {
				return err
			}
			c, err := table.Beside(b, other)
			if err != nil {
				return err
			}
			paper = export.ComparisonPaper(c, false)
		case *against != "":
			c, err := table.Against(b, baseline.Book(*name), baseline.Edition)
			if err != nil {
				return err
			}
			paper = export.ComparisonPaper(c, true)
		}
		return write(paper)
	})
}

// makeBook makes the tables of an instrument, of a snapshot where one is named,
// and tells what is to be read with care.
func makeBook(ctx context.Context, sh shell, db *database, slug, name, snapshot string, spec table.Spec, public bool) (*table.Book, error) {
	st, f, err := studyForm(ctx, db, slug, name)
	if err != nil {
		return nil, err
	}
	in, d, err := data(ctx, sh, db, st, f, snapshot)
	if err != nil {
		return nil, err
	}
	b, err := table.NewBook(spec, in, d)
	if err != nil {
		return nil, err
	}
	for _, w := range b.Warnings {
		sh.tell("Let op: tabel %s: %s", w.Table, w.Text)
	}
	for _, x := range table.Audit(b, in) {
		if x.Confidence == table.Certain {
			sh.tell("Let op: %s", x.Text)
		}
	}
	if public {
		return publish(sh, st, in, d, b)
	}
	return b, nil
}

// publish makes a book fit for publication, and tells what a person must decide.
func publish(sh shell, st study.Study, in *instrument.Instrument, d *dataset.Dataset, b *table.Book) (*table.Book, error) {
	limits := st.Settings.Disclosure
	if err := disclosure.MayPublish(d, b.Spec.By, limits); err != nil {
		return nil, err
	}
	public, err := disclosure.Publish(b, in, limits)
	if err != nil {
		return nil, err
	}
	if few := disclosure.Few(d, b.Spec.By, limits); len(few) > 0 {
		sh.tell("Let op: groepen met weinig eenheden komen niet in de publicatie: %s. Voeg ze samen met een andere groep.", strings.Join(few, ", "))
	}
	for _, t := range public.Tables {
		for _, w := range t.Warnings {
			if w.Kind == table.Disclosing {
				sh.tell("Let op: tabel %s: %s", t.ID, w.Text)
			}
		}
	}
	return public, nil
}
