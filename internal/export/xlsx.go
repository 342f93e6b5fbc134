package export

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// XLSX writes a workbook with a sheet of codes, a sheet of labels, the codebook
// and what the file is of. Numbers are numbers; a text is never a formula
// (standards I3). A workbook holds 16,384 columns and 1,048,575 rows of data;
// more is an error.
func XLSX(w io.Writer, d *dataset.Dataset, m dataset.Manifest, o Options) error {
	d, columns := fileData(d, o)
	if d.Len() >= excelize.TotalRows || len(columns) > excelize.MaxColumns {
		return fmt.Errorf("xlsx: %d rows of %d columns do not fit in a workbook", d.Len(), len(columns))
	}
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // only temporary files
	book := workbook{File: f, data: d, columns: columns}
	for _, step := range []func() error{book.styles, book.codes, book.labels, book.codebook, func() error { return book.about(m) }} {
		if err := step(); err != nil {
			return fmt.Errorf("xlsx: %w", err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

type workbook struct {
	*excelize.File
	data    *dataset.Dataset
	columns []*dataset.Column
	head    int // styles
	moment  int
	wrapped int
}

func (b *workbook) styles() (err error) {
	line := []excelize.Border{{Type: "bottom", Color: "808080", Style: 1}}
	if b.head, err = b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Border: line}); err != nil {
		return err
	}
	format := "yyyy-mm-dd hh:mm:ss"
	if b.moment, err = b.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return err
	}
	b.wrapped, err = b.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	return err
}

// sheet makes a sheet with a fixed first row, and writes its rows.
func (b *workbook) sheet(name string, widths []float64, head []any, rows func(add func([]any) error) error) error {
	if _, err := b.NewSheet(name); err != nil {
		return err
	}
	out, err := b.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	for i := range head {
		head[i] = excelize.Cell{StyleID: b.head, Value: head[i]}
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	n := 1
	err = rows(func(cells []any) error {
		n++
		return out.SetRow(fmt.Sprintf("A%d", n), cells)
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// cells writes the rows of the data.
func (b *workbook) cells(name string, cell func(*dataset.Column, dataset.Case) any) error {
	var head []any
	var widths []float64
	for _, c := range b.columns {
		head = append(head, c.Name)
		width := 12.0
		if c.Type == instrument.TextType || c.Type == dataset.TimeType {
			width = 20
		}
		widths = append(widths, width)
	}
	return b.sheet(name, widths, head, func(add func([]any) error) error {
		row := make([]any, len(b.columns))
		for at := range b.data.Cases() {
			for i, c := range b.columns {
				row[i] = cell(c, at)
			}
			if err := add(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// codes are the data as numbers, user-missing codes included.
func (b *workbook) codes() error {
	err := b.cells("Gegevens", func(c *dataset.Column, at dataset.Case) any {
		if v, ok := c.Value(c.Cell(at)); ok {
			return v.Code
		}
		return b.plain(c, at)
	})
	if err != nil {
		return err
	}
	return b.DeleteSheet("Sheet1")
}

// labels are the data in words.
func (b *workbook) labels() error {
	return b.cells("In woorden", func(c *dataset.Column, at dataset.Case) any {
		if v, ok := c.Value(c.Cell(at)); ok {
			return v.Label
		}
		return b.plain(c, at)
	})
}

// plain is a number, moment or text; nil where there is none.
func (b *workbook) plain(c *dataset.Column, at dataset.Case) any {
	switch c.Type {
	case instrument.TextType:
		if text := c.Text(at); text != "" {
			return cut(text, excelize.TotalCellChars)
		}
	case dataset.TimeType:
		if t := c.Time(at); !t.IsZero() {
			return excelize.Cell{StyleID: b.moment, Value: t.Truncate(time.Second)}
		}
	default:
		if n := c.Number(at); !math.IsNaN(n) {
			return n
		}
	}
	return nil
}

func (b *workbook) codebook() error {
	return b.sheet("Codeboek", []float64{24, 60, 12, 10, 40, 12}, []any{"naam", "omschrijving", "soort", "waarde", "betekenis", "ontbrekend"}, func(add func([]any) error) error {
		for _, c := range b.columns {
			if err := add([]any{c.Name, excelize.Cell{StyleID: b.wrapped, Value: c.Label}, string(c.Type)}); err != nil {
				return err
			}
			for _, v := range c.Values {
				missing := ""
				if v.Missing {
					missing = "ja"
				}
				if err := add([]any{c.Name, "", "", v.Code, v.Label, missing}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// about says what the file is of (standards N12).
func (b *workbook) about(m dataset.Manifest) error {
	return b.sheet("Over dit bestand", []float64{26, 80}, []any{"gegeven", "waarde"}, func(add func([]any) error) error {
		for _, row := range ManifestRows(m) {
			if err := add([]any{row[0], row[1]}); err != nil {
				return err
			}
		}
		return nil
	})
}

// ManifestRows are the lines of a manifest in words, each with its value.
func ManifestRows(m dataset.Manifest) [][2]string {
	rows := [][2]string{{"Onderzoek", m.Title}, {"Vragenlijst", m.Instrument + " " + m.Edition}, {"SHA-256 van de vragenlijst", m.Hash},
		{"Stand van", m.Taken.UTC().Format(time.RFC3339)}, {"Eenheden (rijen)", fmt.Sprint(m.Units)}, {"Vragenlijsten", fmt.Sprint(m.Questionnaires)},
		{"Eenheden in het register", fmt.Sprint(m.Population)}, {"Kolommen", fmt.Sprint(m.Columns)}, {"SHA-256 van de gegevens", m.SHA256}, {"Programma", m.Software}}
	for _, f := range m.Filters {
		rows = append(rows, [2]string{"Selectie", fmt.Sprintf("%+v", f)})
	}
	return rows
}
