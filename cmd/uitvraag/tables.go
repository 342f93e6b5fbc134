package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// bookWriters write a book of tables, by format.
var bookWriters = map[string]func(io.Writer, *table.Book) error{
	"json": writeJSON,
	"csv":  export.BookCSV,
	"docx": func(w io.Writer, b *table.Book) error { return export.DOCX(w, report.Book(b)) },
	"xlsx": func(w io.Writer, b *table.Book) error { return export.BookXLSX(w, report.Book(b)) },
}

func writeJSON(w io.Writer, b *table.Book) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(b)
}

func tables(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "swv, gemeente, ketenpartner")
	format := fs.String("format", "json", strings.Join(slices.Sorted(maps.Keys(bookWriters)), ", "))
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
	write := bookWriters[*format]
	if write == nil {
		return fmt.Errorf("%w: --format takes %s, not %q", errUsage, strings.Join(slices.Sorted(maps.Keys(bookWriters)), ", "), *format)
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
		if err := write(out, b); err != nil {
			return err
		}
		return out.Flush()
	})
}
