package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// A refusal is why a workbook is not read, in the words of a problem.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	errDamaged  refusal = "Deze Excel-werkmap is beschadigd of is geen .xlsx. Sla haar opnieuw op als .xlsx of als .csv."
	errTooLarge refusal = "Deze Excel-werkmap is uitgepakt te groot."
	errDocType  refusal = "Deze Excel-werkmap bevat een documenttype (DTD) en wordt daarom niet gelezen."
	errNoSheet  refusal = "Deze Excel-werkmap heeft geen zichtbaar werkblad."
)

// maxParts is how many files the zip of a workbook may contain.
const maxParts = 2_000

// workbook reads the first visible worksheet of an Excel workbook. Formulas
// are not computed: the value that Excel kept is taken.
func (b *builder) workbook(data []byte) {
	if err := inspect(data, b.limits.Unzipped); err != nil {
		b.problems.Add(0, "", "%s", err)
		return
	}
	if err := b.worksheet(data); err != nil {
		b.problems.Add(0, "", "%s", err)
	}
}

// inspect unpacks every part of a workbook and throws it away, to know that
// the reader of spreadsheets can be let near: the sizes are true, there is no
// document type, and all XML is whole. The last matters because excelize takes
// XML that breaks off for the end of the sheet, and half a register would pass
// for the whole.
func inspect(data []byte, limit int64) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return errDamaged
	}
	if len(z.File) > maxParts {
		return errTooLarge
	}
	left := limit
	for _, part := range z.File {
		n, err := inspectPart(part, left)
		if err != nil {
			return err
		}
		left -= n
	}
	return nil
}

// inspectPart returns the true size of a part, of which at most limit is read.
func inspectPart(part *zip.File, limit int64) (int64, error) {
	r, err := part.Open()
	if err != nil {
		return 0, errDamaged
	}
	defer func() { _ = r.Close() }() // only read: nothing can be lost
	count := &io.LimitedReader{R: r, N: limit + 1}
	switch path.Ext(strings.ToLower(part.Name)) {
	case ".xml", ".rels":
		err = inspectXML(count)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, count) // to the end, where the checksum is compared
	}
	switch {
	case count.N <= 0:
		return 0, errTooLarge
	case errors.Is(err, errDocType):
		return 0, err
	case err != nil:
		return 0, errDamaged
	}
	return limit + 1 - count.N, nil
}

func inspectXML(r io.Reader) error {
	d := xml.NewDecoder(r)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, ok := token.(xml.Directive); ok {
			return errDocType
		}
	}
}

// worksheet reads the cells. Excelize has passed many hostile files, but not
// all there will ever be: a panic over this one file counts as damage.
func (b *builder) worksheet(data []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = errDamaged
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit:    b.limits.Unzipped,
		UnzipXMLSizeLimit: b.limits.Unzipped, // the same: nothing is unpacked onto the disk
		ShortDatePattern:  "yyyy-mm-dd",
	})
	if err != nil {
		return errDamaged
	}
	defer func() { _ = f.Close() }() // only read, and nothing on disk

	name, others := visible(f)
	if name == "" {
		return errNoSheet
	}
	b.table.ReadAs = "Excel, werkblad " + Quote(name)
	b.table.Others = others
	stored, err := f.Rows(name)
	if err != nil {
		return errDamaged
	}
	shown, err := f.Rows(name)
	if err != nil {
		return errDamaged
	}
	return b.rows(stored, shown)
}

// visible returns the name of the first visible worksheet and of the others.
func visible(f *excelize.File) (first string, others []string) {
	for _, name := range f.GetSheetList() {
		if ok, err := f.GetSheetVisible(name); err != nil || !ok {
			continue
		}
		if rows, err := f.Rows(name); err != nil || rows == nil {
			continue // a sheet with only a chart
		}
		if first == "" {
			first = name
		} else {
			others = append(others, name)
		}
	}
	return first, others
}

// rows walks through the stored and the shown values of the same rows.
func (b *builder) rows(stored, shown *excelize.Rows) error {
	for line := 1; stored.Next() && shown.Next(); line++ {
		raw, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return errDamaged
		}
		seen, err := shown.Columns()
		if err != nil {
			return errDamaged
		}
		cells := make([]string, len(raw))
		for i := range raw {
			cells[i] = value(raw[i], at(seen, i))
			if excelError(cells[i]) {
				b.problems.Add(line, "", "cel %d bevat een Excel-fout (%s)", i+1, cells[i])
			}
		}
		if !b.add(line, cells) {
			return nil
		}
	}
	if stored.Error() != nil || shown.Error() != nil {
		return errDamaged
	}
	return nil
}

// value chooses between what a cell stores and what it shows. Text is the same
// in both. A number keeps its stored value (1250.5 though it shows 1,250 or
// € 1.251), unless its format makes something else of it: a date, or 0014.
func value(stored, shown string) string {
	number, err := strconv.ParseFloat(stored, 64)
	if stored == shown || shown == "" || err != nil {
		return stored
	}
	if shown == "TRUE" || shown == "FALSE" {
		return stored
	}
	if !isNumber(shown) {
		return shown
	}
	return strconv.FormatFloat(number, 'f', -1, 64) // Excel stores 1.1 as 1.1000000000000001
}

// isNumber reports whether a shown value still reads as a number: digits with
// at most signs, grouping and a currency around them, and no leading zero.
func isNumber(shown string) bool {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0,€$£%()+-", r) {
			return -1
		}
		return r
	}, shown)
	if _, err := strconv.ParseFloat(plain, 64); err != nil {
		return false
	}
	dated := strings.Contains(strings.Trim(shown, " -+()€$£\u00a0"), "-") && !strings.Contains(shown, "E") // 3-2-2018, not 1E-05
	padded := len(plain) > 1 && plain[0] == '0' && plain[1] != '.'
	return !dated && !padded
}

func excelError(cell string) bool {
	switch cell {
	case "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!":
		return true
	}
	return false
}

func at(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}
