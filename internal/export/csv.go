// Package export writes data to files. It knows what a file must look like for
// the program that opens it, and not where the data came from.
package export

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// An Options says what a data file holds.
type Options struct {
	Pseudonym bool // id_resp in place of the unit, and no covered units
}

// metadata are the columns before the answers, after the unit.
var metadata = []string{"mode", "status", "covers", "ingediend_op", "gestart_op", "revisie", "versie"}

// CSV writes the research file, which can be read in again: a row for each
// questionnaire, comma, UTF-8, line feeds, every value exactly as stored. Times
// are RFC 3339 in UTC. What d derived is not in it.
func CSV(w io.Writer, d *dataset.Dataset, o Options) error {
	d, columns := fileData(d, o)
	columns = slices.DeleteFunc(columns, func(c *dataset.Column) bool { return c.Role != dataset.Response })
	head := []string{dataset.UnitColumn}
	if o.Pseudonym {
		head[0] = dataset.PseudonymColumn
	}
	head = append(head, metadata...)
	for _, c := range columns {
		head = append(head, c.Name)
	}
	out := csv.NewWriter(w)
	if err := out.Write(head); err != nil {
		return err
	}
	for f := range d.Filled() {
		covers := strings.Join(f.Covers, ";")
		if o.Pseudonym {
			covers = ""
		}
		row := []string{f.Unit, string(f.Mode), string(f.Status), covers, moment(f.Sent), moment(f.Started), strconv.Itoa(f.Revision), f.Edition}
		for _, c := range columns {
			row = append(row, f.Answers[c.Name])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// CSVExcel writes the copy for spreadsheets that speak Dutch: the rows and
// columns of SAV with semicolons, decimal commas, a byte order mark, moments in
// UTC as a spreadsheet knows them, and texts guarded so that none is run as a
// formula (standards 3D, N11).
func CSVExcel(w io.Writer, d *dataset.Dataset, o Options) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	d, columns := fileData(d, o)
	out := csv.NewWriter(w)
	out.Comma = ';'
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.Name
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for at := range d.Cases() {
		for i, c := range columns {
			row[i] = dutchCell(c, at)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// dutchCell is a cell as a Dutch spreadsheet reads it. Texts are guarded; codes
// and numbers are ours and stay numbers.
func dutchCell(c *dataset.Column, at dataset.Case) string {
	switch c.Type {
	case instrument.TextType:
		return Guard(c.Text(at))
	case dataset.TimeType:
		if t := c.Time(at); !t.IsZero() {
			return t.UTC().Format(time.DateTime)
		}
		return ""
	}
	return strings.Replace(c.Stored(at), ".", ",", 1)
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
