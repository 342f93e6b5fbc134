package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func TestParseWorkbook(t *testing.T) {
	t.Parallel()
	data := workbook(t, func(f *excelize.File) {
		style := func(code string) int {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
			check(t, err)
			return id
		}
		date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		check(t, err)
		set := func(cell string, value any, style int) {
			check(t, f.SetCellValue("Sheet1", cell, value))
			if style > 0 {
				check(t, f.SetCellStyle("Sheet1", cell, cell, style))
			}
		}
		for i, name := range []string{"code", " naam ", "getal", "leeg", "<i>html</i>"} {
			cell, _ := excelize.CoordinatesToCellName(i+1, 2)
			set(cell, name, 0)
		}
		day := time.Date(2018, 2, 3, 0, 0, 0, 0, time.UTC)
		for i, v := range []struct {
			value any
			style int
		}{
			{"0014", 0}, {14, style("0000")}, {1250.5, style("#,##0")}, {0.25, style("0%")}, {1.1, 0},
			{day, date}, {day, style("d-m-yyyy")}, {true, 0}, {"=1+1", 0}, {" Rûwen\nx ", 0}, {-3, style("0.00")}, {"1.10", 0},
		} {
			line := i + 4
			cell, _ := excelize.CoordinatesToCellName(1, line)
			set(cell, "A", 0)
			cell, _ = excelize.CoordinatesToCellName(3, line)
			set(cell, v.value, v.style)
		}
		_, err = f.NewSheet("Tweede")
		check(t, err)
	})
	got, problems := Parse(data, Limits{})
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	want := Table{
		Columns: []string{"code", "naam", "getal", "leeg", "<i>html</i>"}, Line: 2,
		ReadAs: "Excel, werkblad ‘Sheet1’", Others: []string{"Tweede"},
	}
	for i, v := range []string{"0014", "0014", "1250.5", "0.25", "1.1", "2018-02-03", "3-2-2018", "1", "=1+1", " Rûwen\nx ", "-3", "1.10"} {
		want.Rows = append(want.Rows, Row{i + 4, []string{"A", "", v, "", ""}})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestWorkbookTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	sound := workbook(t, func(f *excelize.File) {
		check(t, f.SetSheetRow("Sheet1", "A1", &[]any{"code", "naam"}))
		check(t, f.SetSheetRow("Sheet1", "A2", &[]any{"A1", "#N/A", nil, "los"}))
		check(t, f.SetSheetRow("Sheet1", "A4", &[]any{"A1", "Oost"}))
	})
	const sheet = "xl/worksheets/sheet1.xml"
	tests := []struct {
		name   string
		data   []byte
		limits Limits
		want   []string
	}{
		{"cells", sound, Limits{}, []string{"regel 2: cel 2 bevat een Excel-fout (#N/A)", "regel 2: cel 4 (‘los’)"}},
		{"rows", sound, Limits{Rows: 1}, []string{"regel 2", "regel 2"}},
		{"document type", edit(t, sound, sheet, func(s string) string {
			return strings.Replace(s, "?>", `?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`, 1)
		}), Limits{}, []string{"Deze Excel-werkmap bevat een documenttype"}},
		{"XML that breaks off", edit(t, sound, sheet, func(s string) string { return s[:strings.Index(s, "<row r=\"4\"")] }), Limits{},
			[]string{"Deze Excel-werkmap is beschadigd"}},
		{"zip that breaks off", sound[:len(sound)-30], Limits{}, []string{"Deze Excel-werkmap is beschadigd"}},
		{"bytes of a part changed", bytes.Replace(sound, []byte("PK\x07\x08"), []byte("PK\x07\x08\x01"), 1), Limits{}, []string{"Deze Excel-werkmap"}},
		{"unpacked too large", edit(t, sound, sheet, func(s string) string { return s + strings.Repeat(" ", 2<<20) }), Limits{Unzipped: 1 << 20},
			[]string{"Deze Excel-werkmap is uitgepakt te groot."}},
		{"a zip with something else", edit(t, sound, "xl/workbook.xml", func(string) string { return "<a/>" }), Limits{}, []string{"Deze Excel-werkmap"}},
		{"far cells", workbook(t, func(f *excelize.File) {
			check(t, f.SetSheetRow("Sheet1", "A1", &[]any{"code"}))
			check(t, f.SetCellValue("Sheet1", "XFD20000", "ver"))
		}), Limits{}, []string{"regel 20000: cel 16384 (‘ver’)"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := Parse(tt.data, tt.limits)
			match(t, problems, tt.want)
		})
	}
}

func TestHiddenWorksheetIsSkipped(t *testing.T) {
	t.Parallel()
	data := workbook(t, func(f *excelize.File) {
		_, err := f.NewSheet("Register")
		check(t, err)
		check(t, f.SetSheetRow("Register", "A1", &[]any{"code"}))
		f.SetActiveSheet(1)
		check(t, f.SetSheetVisible("Sheet1", false))
	})
	got, problems := Parse(data, Limits{})
	if len(problems) > 0 || got.ReadAs != "Excel, werkblad ‘Register’" || len(got.Others) > 0 {
		t.Errorf("read %q, others %q, problems %v", got.ReadAs, got.Others, problems)
	}
}

// workbook returns the bytes of a workbook that fill has filled.
func workbook(t testing.TB, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var buf bytes.Buffer
	check(t, f.Write(&buf))
	return buf.Bytes()
}

// edit returns a workbook of which one part is changed.
func edit(t testing.TB, data []byte, name string, change func(string) string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	check(t, err)
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for _, part := range in.File {
		r, err := part.Open()
		check(t, err)
		content, err := io.ReadAll(r)
		check(t, err)
		if part.Name == name {
			content = []byte(change(string(content)))
		}
		w, err := out.Create(part.Name)
		check(t, err)
		_, err = w.Write(content)
		check(t, err)
	}
	check(t, out.Close())
	return buf.Bytes()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
