// Package sheet reads a table that a person made elsewhere, as delimited text
// or as an Excel workbook, into a header and rows with their line numbers.
//
// It finds out by itself what it was given: the format by its first bytes, the
// encoding (UTF-8, UTF-16 with a byte order mark, Windows-1252) and the
// delimiter (semicolon, comma, tab) by what fits. It refuses what is too large
// or made to harm, and gives the text of every cell back exactly as it was
// written: nothing is trimmed, corrected or guessed.
//
// It does not know what the columns mean; sample and the import of responses
// do, and report through the same Problem.
package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// A Table is the content of a file: a header and the rows under it.
type Table struct {
	Columns []string // names as printed in the header, without white space around them; unique without regard to case
	Line    int      // line of the header
	Rows    []Row    // in the order of the file, without empty ones
	ReadAs  string   // how the file was read, for the person who gave it: "tekst met puntkomma's (Windows-1252)"
	Others  []string // worksheets of a workbook that were not read, because only the first visible one is
}

// A Row is one line of a table. It has a cell for every column.
type Row struct {
	Line  int // 1-based; the line on which the row starts, in a workbook the row number
	Cells []string
}

// Index returns the position of the column with the given name, without regard
// to case, or -1.
func (t Table) Index(name string) int {
	for i, c := range t.Columns {
		if strings.EqualFold(c, name) {
			return i
		}
	}
	return -1
}

// Limits say how large a file may be. A limit left at zero takes its default.
type Limits struct {
	Bytes     int64 // of the file; 20 MB
	Unzipped  int64 // of all parts of a workbook together; 100 MB
	Rows      int   // with something in them, under the header; 100,000
	Columns   int   // 2,000
	CellBytes int   // 1 MB
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 20 << 20
	}
	if l.Unzipped == 0 {
		l.Unzipped = 100 << 20
	}
	if l.Rows == 0 {
		l.Rows = 100_000
	}
	if l.Columns == 0 {
		l.Columns = 2_000
	}
	if l.CellBytes == 0 {
		l.CellBytes = 1 << 20
	}
	return l
}

// Read reads a table from r, at most one byte more than the limit allows.
// The error says that r failed; everything that is wrong with the content is a
// problem. A table that comes with problems holds only the sound rows.
func Read(r io.Reader, limits Limits) (Table, []Problem, error) {
	limits = limits.withDefaults()
	data, err := io.ReadAll(io.LimitReader(r, limits.Bytes+1))
	if err != nil {
		return Table{}, nil, fmt.Errorf("read table: %w", err)
	}
	table, problems := Parse(data, limits)
	return table, problems, nil
}

// Parse reads a table from the content of a file.
// A table that comes with problems holds only the sound rows.
func Parse(data []byte, limits Limits) (Table, []Problem) {
	limits = limits.withDefaults()
	b := builder{limits: limits}
	switch {
	case int64(len(data)) > limits.Bytes:
		b.problems.Add(0, "", "Het bestand is te groot: er past hoogstens %s in.", size(limits.Bytes))
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		b.workbook(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		b.problems.Add(0, "", "Dit is een oud Excel-bestand (.xls) of een bestand met een wachtwoord. Sla het op als .xlsx of .csv, zonder wachtwoord.")
	default:
		b.text(data)
	}
	return b.finish()
}

func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
