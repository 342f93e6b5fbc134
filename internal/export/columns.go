package export

import (
	"slices"

	"github.com/uitvraag/uitvraag/internal/dataset"
)

// fileData is what a file gets of d: all but the pseudonyms, or nothing that says
// which unit it is. The order of rows says it too, to who has the register.
func fileData(d *dataset.Dataset, o Options) (*dataset.Dataset, []*dataset.Column) {
	if o.Pseudonym {
		d = d.Pseudonymised()
		return d, d.Columns()
	}
	return d, slices.DeleteFunc(d.Columns(), func(c *dataset.Column) bool { return c.Name == dataset.PseudonymColumn })
}
