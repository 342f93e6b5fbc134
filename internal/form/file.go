package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sheet"
)

// A FileRow is one questionnaire from a file of responses.
type FileRow struct {
	Line    int
	Unit    string // as written
	Covers  []string
	Mode    answer.Mode
	Status  answer.Status
	Sent    time.Time // zero where the file does not say
	Answers answer.Values
}

// A fileColumn reads one cell into a row and returns what is wrong with it.
type fileColumn func(row *FileRow, cell string) string

// ReadFile turns a table of responses into rows. A value is a code or the id of
// an option; an empty cell was not reached. Problems must be mended; warnings
// are answers that the form would not have taken and that are kept as they are.
func (f *Form) ReadFile(t sheet.Table) (rows []FileRow, problems []sheet.Problem, warnings []sheet.Problem) {
	var wrong sheet.Problems
	columns := make([]fileColumn, len(t.Columns))
	for i, name := range t.Columns {
		if columns[i] = f.fileColumn(name); columns[i] == nil {
			wrong.Add(t.Line, name, "Deze kolom kennen wij niet. Kijk in het codeboek hoe de variabelen heten.")
		}
	}
	if t.Index("unit") < 0 {
		wrong.Add(t.Line, "unit", "Deze kolom ontbreekt.")
	}
	lines := map[string]int{}
	for _, line := range t.Rows {
		row := FileRow{Line: line.Line, Mode: answer.Web, Status: answer.Submitted, Answers: answer.Values{}}
		for i, read := range columns {
			if read == nil {
				continue
			}
			if text := read(&row, line.Cells[i]); text != "" {
				wrong.Add(line.Line, t.Columns[i], "%s", text)
			}
		}
		if first := lines[strings.ToLower(row.Unit)]; first != 0 && row.Unit != "" {
			wrong.Add(line.Line, "unit", "Deze eenheid staat ook op regel %d.", first)
		}
		lines[strings.ToLower(row.Unit)] = line.Line
		for _, w := range f.oddities(row.Answers) {
			warnings = append(warnings, sheet.Problem{Line: line.Line, Column: w.Item, Text: w.Text})
		}
		rows = append(rows, row)
	}
	return rows, wrong.List(), warnings
}

// fileColumn returns how a column is read, nil for one that is not known. The
// columns that an export has and an import does not need are passed over.
func (f *Form) fileColumn(name string) fileColumn {
	switch strings.ToLower(name) {
	case "unit":
		return readUnit
	case "mode":
		return readMode
	case "status":
		return readStatus
	case "covers":
		return func(row *FileRow, cell string) string {
			for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return strings.ContainsRune(";,|\r\n", r) }) {
				if part = strings.TrimSpace(part); part != "" {
					row.Covers = append(row.Covers, part) // may still be several codes with spaces between them
				}
			}
			return ""
		}
	case "ingediend_op":
		return readMoment
	case "gestart_op", "revisie", "versie":
		return func(*FileRow, string) string { return "" }
	}
	at := slices.IndexFunc(f.Variables, func(v instrument.Variable) bool { return strings.EqualFold(v.Name, name) })
	if at < 0 {
		return nil
	}
	v := &f.Variables[at]
	return func(row *FileRow, cell string) string {
		value, problem := f.fileValue(v, cell)
		row.Answers.Set(v.Name, value)
		return problem
	}
}

func readUnit(row *FileRow, cell string) string {
	if row.Unit = strings.TrimSpace(cell); row.Unit == "" {
		return "De code van de eenheid ontbreekt."
	}
	return ""
}

func readMode(row *FileRow, cell string) string {
	switch m := answer.Mode(strings.ToLower(strings.TrimSpace(cell))); m {
	case "":
	case answer.Web, answer.Tel, answer.Paper:
		row.Mode = m
	default:
		return "Kies uit web, tel of paper."
	}
	return ""
}

func readStatus(row *FileRow, cell string) string {
	switch s := answer.Status(strings.ToLower(strings.TrimSpace(cell))); s {
	case "":
	case answer.Submitted, answer.Partial, answer.Kernvragen:
		row.Status = s
	default:
		return "Kies uit submitted, partial of kernvragen."
	}
	return ""
}

func readMoment(row *FileRow, cell string) string {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return ""
	}
	t, err := time.Parse(time.RFC3339, cell)
	if err != nil {
		return "Schrijf dit tijdstip zo: 2026-11-23T14:02:00+01:00."
	}
	row.Sent = t
	return ""
}

// fileValue reads one value of a variable from a cell.
func (f *Form) fileValue(v *instrument.Variable, cell string) (value, problem string) {
	if v.Type == instrument.TextType {
		switch {
		case strings.ContainsRune(cell, 0) || !utf8.ValidString(cell):
			return "", "Deze tekst bevat tekens die wij niet kunnen bewaren."
		case utf8.RuneCountInString(cell) > MaxText:
			return "", fmt.Sprintf("Deze tekst is te lang: er passen %s tekens in.", dotted(MaxText))
		}
		return cell, ""
	}
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return "", ""
	}
	if _, ok := v.Value(cell); ok {
		return cell, ""
	}
	if code, ok := v.Code(cell); ok {
		return code, ""
	}
	if v.Type == instrument.NumberType {
		q := f.In.Question(v.Question)
		if n, err := strconv.Atoi(cell); err == nil && n >= q.Range.Min && n <= q.Range.Max {
			return strconv.Itoa(n), ""
		}
	}
	return "", fmt.Sprintf("‘%s’ is hier geen code of antwoord. Mogelijk is: %s.", short(cell), possible(v))
}

func short(s string) string {
	r := []rune(s)
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func possible(v *instrument.Variable) string {
	var codes []string
	for _, x := range v.Values {
		codes = append(codes, strconv.Itoa(x.Code))
	}
	if v.Type == instrument.NumberType {
		codes = append([]string{"een heel getal"}, codes...)
	}
	return strings.Join(codes, ", ")
}

// oddities lists answers that the form would not have taken: to a question that
// the routing hides, or an exclusive answer beside another.
func (f *Form) oddities(values answer.Values) []Problem {
	var out []Problem
	shown := f.Shown(values)
	for i := range f.Pages {
		p := &f.Pages[i]
		for j := range p.Items {
			it := &p.Items[j]
			if !shown[p.Question.ID] && answer.Answered(it, values) {
				out = append(out, Problem{Item: it.ID(), Text: "Deze vraag hoort bij deze antwoorden niet gesteld te zijn. Het antwoord is bewaard."})
			}
			if excludes(it, values) {
				out = append(out, Problem{Item: it.ID(), Text: "Een antwoord dat alleen mag staan, staat naast een ander. Beide zijn bewaard."})
			}
		}
	}
	return out
}

func excludes(it *instrument.Item, values answer.Values) bool {
	ticked, exclusive := 0, false
	for _, v := range it.Variables {
		if v.Type == instrument.FlagType && values[v.Name] == "1" {
			ticked++
			o := option(it.Question, v.Column)
			exclusive = exclusive || o.Exclusive || o.Missing != instrument.Substantive
		}
	}
	return exclusive && ticked > 1
}
