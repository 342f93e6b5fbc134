package export

import (
	"slices"

	"github.com/uitvraag/uitvraag/internal/dataset"
)

// telling are the columns that say which unit it is.
var telling = []string{dataset.UnitColumn, dataset.SourceColumn}

// dataColumns are the columns of d that a file gets.
func dataColumns(d *dataset.Dataset, o Options) []*dataset.Column {
	return slices.DeleteFunc(d.Columns(), func(c *dataset.Column) bool {
		return o.Pseudonym && slices.Contains(telling, c.Name) || !o.Pseudonym && c.Name == dataset.PseudonymColumn
	})
}
