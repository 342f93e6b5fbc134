package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// studyForm returns the study and the form of one of its instruments.
func studyForm(ctx context.Context, db *database, slug, name string) (study.Study, *form.Form, error) {
	st, err := theStudy(ctx, db, slug)
	if err != nil {
		return st, nil, err
	}
	a, err := db.Audience(ctx, st.ID, name)
	if err != nil {
		return st, nil, err
	}
	in, problems := instrument.Parse(a.Source)
	if in == nil {
		return st, nil, fmt.Errorf("the instrument %s of %s cannot be read: %v", name, st.Slug, problems)
	}
	return st, form.New(in), nil
}

// codebookWriters write a codebook, by format; "" is what a person reads in a
// terminal.
var codebookWriters = map[string]func(context.Context, shell, *database, study.Study, *form.Form, io.Writer) error{
	"": codebookLines, "json": codebookJSON, "html": codebookHTML, "pdf": codebookPDF,
}

func codebook(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "swv, gemeente, ketenpartner")
	format := fs.String("format", "", "json (the variables), html or pdf (with question texts and counts)")
	asJSON := fs.Bool("json", false, "the same as --format json")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if err := required(fs, "instrument"); err != nil {
		return err
	}
	if *asJSON {
		*format = "json"
	}
	write := codebookWriters[*format]
	if write == nil {
		return fmt.Errorf("%w: --format takes html, json or pdf, not %q", errUsage, *format)
	}
	return withDatabase(ctx, sh, func(db *database) error {
		st, f, err := studyForm(ctx, db, *slug, *name)
		if err != nil {
			return err
		}
		out := bufio.NewWriter(sh.stdout)
		if err := write(ctx, sh, db, st, f, out); err != nil {
			return err
		}
		return out.Flush()
	})
}

func codebookJSON(_ context.Context, _ shell, _ *database, _ study.Study, f *form.Form, w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(f.Variables)
}

func codebookLines(_ context.Context, _ shell, _ *database, _ study.Study, f *form.Form, w io.Writer) error {
	for _, v := range f.Variables {
		var values []string
		for _, x := range v.Values {
			values = append(values, fmt.Sprintf("%d %s", x.Code, x.Label))
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", v.Name, v.Type, v.Label, strings.Join(values, "; ")); err != nil {
			return err
		}
	}
	return nil
}

// codebookHTML writes a page that needs no other file and no network.
func codebookHTML(ctx context.Context, sh shell, db *database, st study.Study, f *form.Form, w io.Writer) error {
	d, err := db.Dataset(ctx, st, f.In.Name, sh.now())
	if err != nil {
		return err
	}
	html, err := page.CodebookFile(ctx, d, export.Entries(d, f.In, export.Options{}))
	if err != nil {
		return err
	}
	_, err = w.Write(html)
	return err
}

func codebookPDF(ctx context.Context, sh shell, db *database, st study.Study, f *form.Form, w io.Writer) error {
	var html bytes.Buffer
	if err := codebookHTML(ctx, sh, db, st, f, &html); err != nil {
		return err
	}
	p, err := press(sh)
	if err != nil {
		return err
	}
	pdf, err := p.Printer.PDF(ctx, map[string][]byte{"index.html": html.Bytes()})
	if err != nil {
		return err
	}
	_, err = w.Write(pdf)
	return err
}

func exportData(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "swv, gemeente, ketenpartner")
	format := fs.String("format", "csv", "csv (research file), csv-excel (for spreadsheets), sav (SPSS), xlsx, ddi (DDI-Codebook 2.5), zip (CSV with programs for SPSS and R), or archief (the same, to deposit)")
	pseudonym := fs.Bool("pseudonym", false, "id_resp in place of the unit")
	public := fs.Bool("public", false, "the same as --format archief: a zip to deposit, without what tells which unit it is")
	snapshot := fs.String("snapshot", "", "the data of this snapshot, and not as they are now")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if err := required(fs, "instrument"); err != nil {
		return err
	}
	if *public {
		*format = "archief"
	}
	to, ok := export.DataFormatOf(*format)
	if !ok {
		names := formatNames(export.DataFormats, func(f export.DataFormat) string { return f.ID })
		return fmt.Errorf("%w: --format takes %s, not %q", errUsage, names, *format)
	}
	press, err := press(sh)
	if err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		st, f, err := studyForm(ctx, db, *slug, *name)
		if err != nil {
			return err
		}
		in, d, err := data(ctx, sh, db, st, f, *snapshot)
		if err != nil {
			return err
		}
		out := bufio.NewWriter(sh.stdout)
		warnings, err := to.Write(ctx, out, &export.Data{Study: st, In: in, Set: d, Software: software(), Options: export.Options{Pseudonym: *pseudonym}, Press: press})
		if err != nil {
			return err
		}
		for _, text := range warnings {
			sh.tell("Let op: %s", text)
		}
		return out.Flush()
	})
}

// software is the version of this program, for manifests.
func software() string {
	if b, ok := debug.ReadBuildInfo(); ok {
		return "uitvraag " + b.Main.Version
	}
	return "uitvraag"
}

func importResponses(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "swv, gemeente, ketenpartner")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	if err := required(fs, "instrument"); err != nil {
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
		st, f, err := studyForm(ctx, db, *slug, *name)
		if err != nil {
			return err
		}
		rows, problems, warnings := f.ReadFile(table)
		if len(problems) > 0 {
			return refuse(sh, problems)
		}
		if problems, err = db.ImportResponses(ctx, st, *name, f, rows, store.BySystem, sh.now()); err != nil {
			return err
		}
		if len(problems) > 0 {
			return refuse(sh, problems)
		}
		for _, w := range warnings {
			sh.tell("Let op: %v", w)
		}
		_, err = fmt.Fprintf(sh.stdout, "%d vragenlijsten ingelezen.\n", len(rows))
		return err
	})
}

// errFaulty says that an instrument has faults; they were printed.
var errFaulty = errs.Errorf(errs.Invalid, "De vragenlijst heeft fouten.")
