package sheet

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// FuzzParse feeds anything to the reader. It must not panic, and what it reads
// without problems must read the same after it has been printed as CSV.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"code,naam\nA1,Oost\n", "code;naam\r\nA1;\"a\r\n\"\"b\"\r\n", "sep=\t\na\tb\n1\t2", "\ufeffé\rx", "a,b\n\"", "\xff\xfea\x00",
		"a;b\n\xe9;2", "PK\x03\x04", "a,,b\n1,,2,,,\n", "a\n\"\" \n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(parsesTheSamePrinted)
}

// FuzzWorksheet feeds anything to the reader as the XML of a worksheet.
func FuzzWorksheet(f *testing.F) {
	empty := workbook(f, func(*excelize.File) {})
	const start = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	for _, s := range []string{
		`<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="3"><c r="B3" t="s"><v>7</v></c></row></sheetData></worksheet>`,
		`<row><c t="str"><v>a_x0000_b</v></c><c r="A1"><v>1E+308</v></c><c r="??"/></row><row r="-1"/></sheetData></worksheet>`,
	} {
		f.Add([]byte(start + s))
	}
	f.Fuzz(func(t *testing.T, xml []byte) {
		parsesTheSamePrinted(t, edit(t, empty, "xl/worksheets/sheet1.xml", func(string) string { return string(xml) }))
	})
}

func parsesTheSamePrinted(t *testing.T, data []byte) {
	got, problems := Parse(data, Limits{Unzipped: 1 << 20, Rows: 1000})
	for _, p := range problems {
		if p.Text == "" || strings.ContainsAny(p.String(), "\r\n\x00") {
			t.Errorf("problem %q", p)
		}
	}
	if len(problems) > 0 {
		return
	}
	if len(got.Columns) == 0 {
		t.Fatal("no columns and no problem")
	}
	for _, row := range got.Rows {
		if len(row.Cells) != len(got.Columns) {
			t.Fatalf("line %d has %d cells, the header %d", row.Line, len(row.Cells), len(got.Columns))
		}
	}
	again, problems := Parse([]byte(printed(got)), Limits{})
	if len(problems) > 0 {
		t.Fatalf("printed table has problems: %v", problems)
	}
	if diff := cmp.Diff(cells(got), cells(again)); diff != "" {
		t.Errorf("printed table reads differently (-first +second):\n%s", diff)
	}
}

// printed returns a table as CSV with every cell quoted. "sep" keeps the
// delimiter out of doubt.
func printed(t Table) string {
	var b strings.Builder
	b.WriteString("sep=;\n")
	for _, line := range cells(t) {
		for i, cell := range line {
			if i > 0 {
				b.WriteByte(';')
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

func cells(t Table) [][]string {
	all := [][]string{t.Columns}
	for _, row := range t.Rows {
		all = append(all, row.Cells)
	}
	return all
}

// FuzzProblem checks that no piece of a file can break the line of a problem.
func FuzzProblem(f *testing.F) {
	f.Add("a\nb", "x")
	f.Fuzz(func(t *testing.T, column, cell string) {
		if !utf8.ValidString(column) || !utf8.ValidString(cell) {
			return
		}
		s := Problem{1, column, Quote(cell)}.String()
		if strings.ContainsAny(s, "\r\n\x1b") {
			t.Errorf("%q", s)
		}
	})
}
