package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
	"github.com/uitvraag/uitvraag/internal/worker"
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

func tables(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "swv, gemeente, ketenpartner")
	format := fs.String("format", "json", bookFormats())
	var spec table.Spec
	fs.StringVar(&spec.By, "by", "", "column to cross every question with, such as regio")
	fs.StringVar(&spec.Weight, "weight", "", "column of weights")
	without := fs.Bool("without-missing", false, "base without geen zicht op and n.v.t.")
	fs.BoolVar(&spec.NoTelephone, "no-telephone", false, "leave out who answered core questions by telephone")
	fs.BoolVar(&spec.NoCovered, "no-covered", false, "leave out units for which another one answered")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if err := required(fs, "instrument"); err != nil {
		return err
	}
	to, ok := export.BookFormatOf(*format)
	if !ok {
		return fmt.Errorf("%w: --format takes %s, not %q", errUsage, bookFormats(), *format)
	}
	press, err := press(sh)
	if err != nil {
		return err
	}
	if *without {
		spec.Base = table.Substantive
	}
	return withDatabase(ctx, sh, func(db *database) error {
		st, f, err := studyForm(ctx, db, *slug, *name)
		if err != nil {
			return err
		}
		if st.At(sh.now()) == study.Closed {
			if _, err := worker.Freeze(ctx, db.Store, st, sh.now()); err != nil {
				return err
			}
		}
		d, err := db.Dataset(ctx, st, *name, sh.now())
		if err != nil {
			return err
		}
		b, err := table.NewBook(spec, f.In, d)
		if err != nil {
			return err
		}
		for _, w := range b.Warnings {
			sh.tell("Let op: tabel %s: %s", w.Table, w.Text)
		}
		for _, x := range table.Audit(b, f.In) {
			if x.Confidence == table.Certain {
				sh.tell("Let op: %s", x.Text)
			}
		}
		out := bufio.NewWriter(sh.stdout)
		if err := to.Write(ctx, out, b, press); err != nil {
			return err
		}
		return out.Flush()
	})
}
