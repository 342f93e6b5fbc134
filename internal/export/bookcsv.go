package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/table"
)

// BookCSV writes a book of tables with a line for each number: comma, UTF-8,
// decimal points, nothing rounded; what does not exist is empty.
func BookCSV(w io.Writer, b *table.Book) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"tabel", "vraag", "groep", "rij", "label", "kolom", "kolomlabel", "n", "aantal", "percentage", "gemiddelde", "sd", "min", "max"}); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	number := func(x float64) string {
		if math.IsNaN(x) {
			return ""
		}
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	for _, t := range b.Tables {
		labels := map[string]string{}
		for _, c := range t.Columns {
			labels[c.ID] = c.Label
		}
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				line := []string{t.ID, t.Question, r.Group, r.Row, r.Label, c.Column, labels[c.Column], strconv.Itoa(r.N), "", "", "", "", "", ""}
				if g := c.Grade; g != nil {
					line[7] = strconv.Itoa(g.N)
					copy(line[10:], []string{number(g.Mean), number(g.SD), number(g.Min), number(g.Max)})
				} else {
					if c.Count != table.Unknown {
						line[8] = strconv.Itoa(c.Count)
					}
					line[9] = number(c.Percent)
				}
				if err := out.Write(line); err != nil {
					return fmt.Errorf("csv: %w", err)
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}
