// Package export writes data to files. It knows what a file must look like for
// the program that opens it, and not where the data came from.
package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// An Options says what a data file holds.
type Options struct {
	Pseudonym bool // id_resp in place of the unit, and no covered units
}

// metadata are the columns before the answers, after the unit.
var metadata = []string{"mode", "status", "covers", "ingediend_op", "gestart_op", "revisie", "versie"}

// CSV writes the research file: comma, UTF-8, line feeds, every value exactly
// as stored. Times are RFC 3339 in UTC.
func CSV(w io.Writer, variables []instrument.Variable, rows []answer.Filled, o Options) error {
	out := csv.NewWriter(w)
	if err := out.Write(header(variables, o)); err != nil {
		return err
	}
	for _, row := range fileRows(rows, o) {
		if err := out.Write(record(variables, &row, o, plain)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// CSVExcel writes the copy for spreadsheets: semicolon, byte order mark, and
// texts guarded so that none is run as a formula (standards 3D, N11).
func CSVExcel(w io.Writer, variables []instrument.Variable, rows []answer.Filled, o Options) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	if err := out.Write(header(variables, o)); err != nil {
		return err
	}
	for _, row := range fileRows(rows, o) {
		if err := out.Write(record(variables, &row, o, guarded)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func header(variables []instrument.Variable, o Options) []string {
	head := []string{"unit"}
	if o.Pseudonym {
		head[0] = "id_resp"
	}
	head = append(head, metadata...)
	for i := range variables {
		head = append(head, variables[i].Name)
	}
	return head
}

func plain(_ *instrument.Variable, value string) string { return value }

// guarded guards texts; codes and numbers are ours and stay numbers.
func guarded(v *instrument.Variable, value string) string {
	if v == nil || v.Type == instrument.TextType {
		return Guard(value)
	}
	return value
}

func record(variables []instrument.Variable, f *answer.Filled, o Options, cell func(*instrument.Variable, string) string) []string {
	unit, covers := f.Unit, strings.Join(f.Covers, ";")
	if o.Pseudonym {
		unit, covers = f.Pseudo, ""
	}
	row := []string{cell(nil, unit), string(f.Mode), string(f.Status), cell(nil, covers), moment(f.Sent), moment(f.Started), strconv.Itoa(f.Revision), cell(nil, f.Edition)}
	for i := range variables {
		row = append(row, cell(&variables[i], f.Answers[variables[i].Name]))
	}
	return row
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// triggers begin what a spreadsheet runs as a formula; the full-width forms are
// read as the plain ones by some programs.
const triggers = "=+-@\t\r\n＝＋－＠"

// Guard puts an apostrophe before a text that a spreadsheet could run, and
// before one that already begins with an apostrophe, so that Unguard is its
// inverse (standards I1, I2).
func Guard(s string) string {
	t := strings.TrimLeft(s, " \u00a0\u200b\ufeff")
	if strings.HasPrefix(s, "'") || t != "" && strings.ContainsRune(triggers, []rune(t)[0]) {
		return "'" + s
	}
	return s
}

// Unguard removes the apostrophe that Guard put there.
func Unguard(s string) string {
	t, found := strings.CutPrefix(s, "'")
	if found && Guard(t) != t {
		return t
	}
	return s
}
