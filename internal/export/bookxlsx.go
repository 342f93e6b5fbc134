package export

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/uitvraag/uitvraag/internal/report"
)

// BookXLSX writes a book of tables as a workbook: contents with links, and a
// sheet for each section. Percentages and means are real numbers, shown as on
// paper; counts stand beside the percentages. There are no formulas.
func BookXLSX(w io.Writer, d *report.Document) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // only temporary files
	b := &bookSheets{File: f, doc: d}
	if err := b.write(); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

type bookSheets struct {
	*excelize.File
	doc   *report.Document
	sheet string
	row   int
	style map[string]int
	links []bookLink
}

// A bookLink is a line of the contents.
type bookLink struct {
	text, sheet string
	row         int
	section     bool
}

const contentsSheet = "Inhoud"

func (b *bookSheets) write() error {
	if err := b.styles(); err != nil {
		return err
	}
	if err := b.SetSheetName("Sheet1", contentsSheet); err != nil {
		return err
	}
	sections := 0
	for _, block := range b.doc.Blocks {
		switch x := block.(type) {
		case report.Heading:
			if x.Level == 1 {
				sections++
				if err := b.begin(sections, x.Text); err != nil {
					return err
				}
				continue
			}
			if b.sheet == "" {
				sections++
				if err := b.begin(sections, "Tabellen"); err != nil {
					return err
				}
			}
			b.row += 2
			b.links = append(b.links, bookLink{x.Text, b.sheet, b.row, false})
			if err := b.put(1, b.row, x.Text, "title"); err != nil {
				return err
			}
		case *report.Grid:
			if err := b.grid(x); err != nil {
				return err
			}
		case *report.Quotes:
			if err := b.quotes(x); err != nil {
				return err
			}
		case *report.Working:
			for _, line := range x.Lines {
				b.row++
				if err := b.put(1, b.row, line, "note"); err != nil {
					return err
				}
			}
		}
	}
	return b.contents()
}

// quotes puts texts under their table, one to a row.
func (b *bookSheets) quotes(q *report.Quotes) error {
	b.row++
	if err := b.put(1, b.row, q.Title+":", "note"); err != nil {
		return err
	}
	for _, t := range q.Texts {
		b.row++
		if err := b.put(1, b.row, t.String(), "note"); err != nil {
			return err
		}
	}
	return nil
}

func (b *bookSheets) styles() error {
	b.style = map[string]int{}
	line := []excelize.Border{{Type: "bottom", Color: "262626", Style: 2}}
	thin := []excelize.Border{{Type: "bottom", Color: "D0D0D0", Style: 1}}
	percent, two, one := `0"%"`, "0.00", "0.0"
	right := &excelize.Alignment{Horizontal: "right", Vertical: "top"}
	for name, s := range map[string]*excelize.Style{
		"big":     {Font: &excelize.Font{Bold: true, Size: 16}},
		"title":   {Font: &excelize.Font{Bold: true, Size: 11}},
		"head":    {Font: &excelize.Font{Bold: true, Size: 10}, Border: line, Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "bottom", WrapText: true}},
		"first":   {Font: &excelize.Font{Bold: true, Size: 10}, Border: line, Alignment: &excelize.Alignment{Vertical: "bottom", WrapText: true}},
		"label":   {Font: &excelize.Font{Size: 10}, Border: thin, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}},
		"group":   {Font: &excelize.Font{Size: 10, Bold: true}, Border: thin},
		"text":    {Font: &excelize.Font{Size: 10}, Border: thin, Alignment: right},
		"percent": {Font: &excelize.Font{Size: 10}, Border: thin, Alignment: right, CustomNumFmt: &percent},
		"two":     {Font: &excelize.Font{Size: 10}, Border: thin, Alignment: right, CustomNumFmt: &two},
		"one":     {Font: &excelize.Font{Size: 10}, Border: thin, Alignment: right, CustomNumFmt: &one},
		"count":   {Font: &excelize.Font{Size: 10, Color: "595959"}, Border: thin, Alignment: right},
		"note":    {Font: &excelize.Font{Size: 9, Color: "404040"}},
		"link":    {Font: &excelize.Font{Size: 10, Color: "0B5A63", Underline: "single"}},
	} {
		id, err := b.NewStyle(s)
		if err != nil {
			return err
		}
		b.style[name] = id
	}
	return nil
}

func (b *bookSheets) put(column, row int, value any, style string) error {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	if text, ok := value.(string); ok {
		err = b.SetCellStr(b.sheet, cell, text) // never a formula
	} else {
		err = b.SetCellValue(b.sheet, cell, value)
	}
	if err != nil {
		return err
	}
	return b.SetCellStyle(b.sheet, cell, cell, b.style[style])
}

// begin starts the sheet of a section. The name of a sheet has at most 31
// characters, and some that are not allowed.
func (b *bookSheets) begin(n int, title string) error {
	name := []rune(fmt.Sprintf("%d %s", n, strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, title)))
	b.sheet, b.row = strings.TrimSpace(string(name[:min(len(name), 31)])), 1
	if _, err := b.NewSheet(b.sheet); err != nil {
		return err
	}
	if err := b.SetColWidth(b.sheet, "A", "A", labelWidth); err != nil {
		return err
	}
	if err := b.SetColWidth(b.sheet, "B", "Z", numberWidth); err != nil {
		return err
	}
	landscape, a4, wide, high := "landscape", 9, 1, 0
	if err := b.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	fit := true
	if err := b.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	b.links = append(b.links, bookLink{title, b.sheet, 1, true})
	return b.put(1, 1, title, "big")
}

// Widths of columns in characters, and the height of a line in points. A workbook
// does not say by itself how high a row of wrapped text is.
const (
	labelWidth  = 58
	numberWidth = 13
	lineHeight  = 14
)

// wrapped is how many lines a text takes in a column.
func wrapped(text string, width int) int {
	lines, used := 1, 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if used > 0 && used+1+n > width-1 {
			lines, used = lines+1, 0
		}
		used += n + 1
		lines += (n - 1) / width
	}
	return lines
}

// grid writes a table: numbers as on paper and, beside percentages, the counts.
func (b *bookSheets) grid(g *report.Grid) error {
	b.row++
	var counts []int // columns of which the counts are written too
	if err := b.put(1, b.row, g.First, "first"); err != nil {
		return err
	}
	for i, h := range g.Heads {
		if err := b.put(2+i, b.row, h.Text, "head"); err != nil {
			return err
		}
		if h.Many {
			counts = append(counts, i)
		}
	}
	lines := 1
	for k, i := range counts {
		if err := b.put(3+len(g.Heads)+k, b.row, "aantal: "+g.Heads[i].Text, "head"); err != nil {
			return err
		}
		lines = max(lines, wrapped("aantal: "+g.Heads[i].Text, numberWidth))
	}
	if err := b.SetRowHeight(b.sheet, b.row, lineHeight*float64(lines)); err != nil {
		return err
	}
	group := ""
	for _, l := range g.Lines {
		if l.Group != group && l.Group != "" {
			b.row++
			if err := b.put(1, b.row, l.Group, "group"); err != nil {
				return err
			}
		}
		group = l.Group
		b.row++
		if err := b.line(g, l, counts); err != nil {
			return err
		}
	}
	for _, n := range g.Notes {
		b.row++
		if err := b.put(1, b.row, n, "note"); err != nil {
			return err
		}
	}
	for _, n := range g.Caution {
		b.row++
		if err := b.put(1, b.row, "Let op: "+n, "note"); err != nil {
			return err
		}
	}
	return nil
}

func (b *bookSheets) line(g *report.Grid, l report.Line, counts []int) error {
	if err := b.put(1, b.row, l.Label, "label"); err != nil {
		return err
	}
	if err := b.SetRowHeight(b.sheet, b.row, lineHeight*float64(wrapped(l.Label, labelWidth))); err != nil {
		return err
	}
	for i, v := range l.Values {
		var value any = v.Text
		if !math.IsNaN(v.Number) && v.Format != report.Text {
			value = v.Number
		}
		style := map[report.Format]string{report.Percent: "percent", report.Decimal2: "two", report.Decimal1: "one"}[v.Format]
		if style == "" || math.IsNaN(v.Number) {
			style = "text"
		}
		if err := b.put(2+i, b.row, value, style); err != nil {
			return err
		}
	}
	for k, i := range counts {
		if i < len(l.Values) && l.Values[i].Count >= 0 {
			if err := b.put(3+len(g.Heads)+k, b.row, l.Values[i].Count, "count"); err != nil {
				return err
			}
		}
	}
	return nil
}

// contents is the first sheet: what the book is of, and links to every table.
func (b *bookSheets) contents() error {
	b.sheet = contentsSheet
	if err := b.SetColWidth(b.sheet, "A", "A", 110); err != nil {
		return err
	}
	fit, portrait, a4, wide, high := true, "portrait", 9, 1, 0
	if err := b.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{Orientation: &portrait, Size: &a4, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	if err := b.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := b.put(1, 1, b.doc.Title, "big"); err != nil {
		return err
	}
	lines := []string{b.doc.Subtitle}
	for _, f := range b.doc.Facts {
		lines = append(lines, f[0]+": "+f[1])
	}
	for _, block := range b.doc.Blocks {
		if p, ok := block.(report.Paragraph); ok {
			lines = append(lines, p.Text)
		}
	}
	row := 1
	for _, line := range lines {
		row++
		if err := b.put(1, row, line, "note"); err != nil {
			return err
		}
	}
	row++
	for _, l := range b.links {
		row++
		style := "link"
		if l.section {
			row++
			style = "title"
		}
		if err := b.put(1, row, l.text, style); err != nil {
			return err
		}
		cell := fmt.Sprintf("A%d", row)
		if err := b.SetCellHyperLink(b.sheet, cell, fmt.Sprintf("'%s'!A%d", l.sheet, l.row), "Location"); err != nil {
			return err
		}
	}
	return nil
}
