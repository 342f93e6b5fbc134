package export

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/disclosure"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A Press makes what this package cannot: it knows no HTML.
type Press struct {
	Book     func(context.Context, *report.Document) ([]byte, error)          // as an HTML file that needs no other
	Codebook func(context.Context, *dataset.Dataset, []Entry) ([]byte, error) // the same
	Printer  *Printer
}

// A Format is one kind of file. ID is what it is asked for by, Text what it is
// offered as, Ext how the name of its files ends.
type Format struct{ ID, Text, Ext, MIME string }

// Printed reports whether a file of this kind takes a Printer.
func (f Format) Printed() bool { return f.MIME == "application/pdf" }

const (
	mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mimeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	mimeCSV  = "text/csv; charset=utf-8"
	mimeHTML = "text/html; charset=utf-8"
)

// A Paper is tables to be put in a file: as they are printed, as data, and as
// lines.
type Paper struct {
	Doc  *report.Document
	Data any // becomes JSON
	CSV  func(io.Writer) error
}

// BookPaper is a book of tables.
func BookPaper(b *table.Book) Paper {
	return Paper{report.Book(b), b, func(w io.Writer) error { return BookCSV(w, b) }}
}

// ComparisonPaper is two books beside each other; see report.Comparison.
func ComparisonPaper(c *table.Comparison, doubts bool) Paper {
	return Paper{report.Comparison(c, doubts), c, func(w io.Writer) error { return ComparisonCSV(w, c) }}
}

// A BookFormat is one kind of file of tables.
type BookFormat struct {
	Format
	write func(context.Context, io.Writer, Paper, Press) error
}

// Write writes tables. It returns ErrNoPrinter where the press has none and the
// format takes one.
func (f BookFormat) Write(ctx context.Context, w io.Writer, p Paper, press Press) error {
	return f.write(ctx, w, p, press)
}

// BookFormats are the files of tables, in the order in which they are offered.
var BookFormats = []BookFormat{
	{Format{"xlsx", "Excel", ".xlsx", mimeXLSX}, func(_ context.Context, w io.Writer, p Paper, _ Press) error { return BookXLSX(w, p.Doc) }},
	{Format{"docx", "Word", ".docx", mimeDOCX}, func(_ context.Context, w io.Writer, p Paper, _ Press) error { return DOCX(w, p.Doc) }},
	{Format{"pdf", "PDF", ".pdf", "application/pdf"}, bookPDF},
	{Format{"html", "HTML", ".html", mimeHTML}, bookHTML},
	{Format{"csv", "CSV", ".csv", mimeCSV}, func(_ context.Context, w io.Writer, p Paper, _ Press) error { return p.CSV(w) }},
	{Format{"json", "JSON", ".json", "application/json"}, bookJSON},
}

// BookFormatOf returns a format of BookFormats.
func BookFormatOf(id string) (BookFormat, bool) {
	i := slices.IndexFunc(BookFormats, func(f BookFormat) bool { return f.ID == id })
	if i < 0 {
		return BookFormat{}, false
	}
	return BookFormats[i], true
}

func bookHTML(ctx context.Context, w io.Writer, p Paper, press Press) error {
	html, err := press.Book(ctx, p.Doc)
	if err != nil {
		return err
	}
	_, err = w.Write(html)
	return err
}

func bookPDF(ctx context.Context, w io.Writer, p Paper, press Press) error {
	if !press.Printer.Ready() {
		return ErrNoPrinter
	}
	var html bytes.Buffer
	if err := bookHTML(ctx, &html, p, press); err != nil {
		return err
	}
	pdf, err := press.Printer.PDF(ctx, map[string][]byte{"index.html": html.Bytes()})
	if err != nil {
		return err
	}
	_, err = w.Write(pdf)
	return err
}

func bookJSON(_ context.Context, w io.Writer, p Paper, _ Press) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(p.Data)
}

// A Data is the data of one instrument, with what a file of them tells.
type Data struct {
	Study    study.Study
	In       *instrument.Instrument
	Set      *dataset.Dataset
	Software string // that makes the file
	Options  Options
	Press    Press
}

func (d *Data) manifest() (dataset.Manifest, error) { return d.Set.Write(io.Discard, d.Software) }

func (d *Data) about() DDIStudy {
	return DDIStudy{Study: d.Study, In: d.In, Software: d.Software, File: "gegevens.csv"}
}

// A DataFormat is one kind of file of data.
type DataFormat struct {
	Format
	write func(context.Context, io.Writer, *Data) ([]string, error)
}

// Write writes the data. Warnings tell what the format cannot hold, in Dutch.
func (f DataFormat) Write(ctx context.Context, w io.Writer, d *Data) (warnings []string, err error) {
	return f.write(ctx, w, d)
}

// DataFormats are the files of data, in the order in which they are offered. The
// research file says in its name that nothing in it is guarded against
// spreadsheets (standards I4).
var DataFormats = []DataFormat{
	{Format{"zip", "Alles voor onderzoek: CSV, met SPSS- en R-bestand en codeboek (zip)", ".zip", "application/zip"}, dataZip},
	{Format{"sav", "SPSS (sav)", ".sav", "application/x-spss-sav"}, func(_ context.Context, w io.Writer, d *Data) ([]string, error) { return SAV(w, d.Set, d.Options) }},
	{Format{"xlsx", "Excel (xlsx)", ".xlsx", mimeXLSX}, dataXLSX},
	{Format{"csv-excel", "CSV om in Excel te openen", ".csv", mimeCSV}, dataTo(CSVExcel)},
	{Format{"csv", "CSV zoals opgeslagen, niet voor Excel", "_ruw.csv", mimeCSV}, dataTo(CSV)},
	{Format{"archief", "Openbaar archief: zonder wat een eenheid herkenbaar maakt (zip)", "_openbaar.zip", "application/zip"}, dataPublic},
	{Format{"ddi", "Beschrijving in DDI-Codebook 2.5 (xml)", ".xml", "application/xml"}, func(_ context.Context, w io.Writer, d *Data) ([]string, error) {
		return nil, DDI(w, d.Set, d.about(), d.Options)
	}},
}

// DataFormatOf returns a format of DataFormats.
func DataFormatOf(id string) (DataFormat, bool) {
	i := slices.IndexFunc(DataFormats, func(f DataFormat) bool { return f.ID == id })
	if i < 0 {
		return DataFormat{}, false
	}
	return DataFormats[i], true
}

func dataTo(write func(io.Writer, *dataset.Dataset, Options) error) func(context.Context, io.Writer, *Data) ([]string, error) {
	return func(_ context.Context, w io.Writer, d *Data) ([]string, error) {
		return nil, write(w, d.Set, d.Options)
	}
}

func dataXLSX(_ context.Context, w io.Writer, d *Data) ([]string, error) {
	m, err := d.manifest()
	if err != nil {
		return nil, err
	}
	return nil, XLSX(w, d.Set, m, d.Options)
}

func dataZip(ctx context.Context, w io.Writer, d *Data) ([]string, error) {
	m, err := d.manifest()
	if err != nil {
		return nil, err
	}
	return d.pack(ctx, w, m)
}

// pack writes the package of the data, with more files.
func (d *Data) pack(ctx context.Context, w io.Writer, m dataset.Manifest, more ...File) ([]string, error) {
	html, err := d.Press.Codebook(ctx, d.Set, Entries(d.Set, d.In, d.Options))
	if err != nil {
		return nil, err
	}
	var ddi bytes.Buffer
	if err := DDI(&ddi, d.Set, d.about(), d.Options); err != nil {
		return nil, err
	}
	return Zip(w, d.Set, m, d.Options, append([]File{{Name: "codeboek.html", Data: html}, {Name: "ddi.xml", Data: ddi.Bytes()}}, more...)...)
}

// dataPublic is the package of dataZip with what may be deposited in an archive,
// and an account of what was left out.
func dataPublic(ctx context.Context, w io.Writer, d *Data) ([]string, error) {
	m, err := d.manifest()
	if err != nil {
		return nil, err
	}
	set, removed := disclosure.Data(d.Set, d.Study.Settings.Disclosure)
	account, err := json.MarshalIndent(map[string]any{"limits": d.Study.Settings.Disclosure.Limits(), "removed": removed}, "", "  ")
	if err != nil {
		return nil, err
	}
	public := *d
	public.Set, public.Options = set, Options{}
	return public.pack(ctx, w, m, File{Name: "weggelaten.json", Data: account})
}
