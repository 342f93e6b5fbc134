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
	for _, t := range b.Tables {
		labels := map[string]string{}
		for _, c := range t.Columns {
			labels[c.ID] = c.Label
		}
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				line := []string{t.ID, t.Question, r.Group, r.Row, r.Label, c.Column, labels[c.Column], strconv.Itoa(r.N), "", "", "", "", "", ""}
				if r.Withheld {
					line[7] = ""
				}
				switch g := c.Grade; {
				case c.Withheld: // its places are empty
				case g != nil:
					line[7] = strconv.Itoa(g.N)
					copy(line[10:], []string{exact(g.Mean), exact(g.SD), exact(g.Min), exact(g.Max)})
				default:
					if c.Count != table.Unknown {
						line[8] = strconv.Itoa(c.Count)
					}
					line[9] = exact(c.Percent)
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

// exact is a number with all its digits, empty where there is none.
func exact(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// ComparisonCSV writes two books beside each other with a line for each pair of
// numbers: percentages, or means. Differences are those of the first less the
// second.
func ComparisonCSV(w io.Writer, c *table.Comparison) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"tabel_a", "tabel_b", "rij", "label", "kolom", "n_a", "n_b", "a", "b", "verschil", "van", "tot"}); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	for _, p := range c.Pairs {
		for _, r := range p.Rows {
			for _, d := range r.Cells {
				line := []string{p.IDs[0], p.IDs[1], r.Row, r.Label, d.Column, strconv.Itoa(r.N[0]), strconv.Itoa(r.N[1]), level(d.A), level(d.B), exact(d.Points), exact(d.Lo), exact(d.Hi)}
				if err := out.Write(line); err != nil {
					return fmt.Errorf("csv: %w", err)
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// level is the percentage or mean of a cell.
func level(c *table.Cell) string {
	switch {
	case c == nil:
		return ""
	case c.Grade != nil:
		return exact(c.Grade.Mean)
	}
	return exact(c.Percent)
}
