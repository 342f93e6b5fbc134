package disclosure

import (
	"fmt"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Removal is a column that public data do not have.
type Removal struct {
	Column string `json:"column"`
	Label  string `json:"label"`
	Why    string `json:"why"`
}

// Why columns are removed.
const (
	whyUnit   = "zegt welke eenheid het is, of is met een ander bestand te koppelen"
	whyText   = "open antwoord: kan namen van organisaties, plaatsen of personen bevatten"
	whyNumber = "exact aantal: kan een eenheid herkenbaar maken"
	whyMoment = "zegt wanneer of hoe vaak een eenheid antwoordde"
	whyCoded  = "is van een open antwoord gemaakt: een zeldzame code kan een eenheid herkenbaar maken"
	whyMade   = "is berekend, en kan achtergrond bevatten die is weggelaten"
)

// Data returns what of d may be deposited in an archive (standards X7): no codes,
// pseudonyms, texts, exact numbers or moments, and of the background only columns
// that together leave no unit of the population alone with fewer than the limit.
// Earlier columns go before later ones. Removed says what d had besides.
func Data(d *dataset.Dataset, limits study.Disclosure) (*dataset.Dataset, []Removal) {
	limits = limits.Limits()
	removed := []Removal{}
	keep := map[string]bool{}
	var background []*dataset.Column
	for _, c := range d.Columns() {
		why := whyNot(c)
		if why == "" && c.Role == dataset.Background {
			of := d.Frame().Column(c.Name)
			if of == nil {
				why = whyMade
			} else if n := fewest(d.Frame(), append(background[:len(background):len(background)], of)); n < limits.FewUnits {
				why = fmt.Sprintf("samen met de andere achtergrond blijft er een groep van %d over in het register", n)
			} else {
				background = append(background, of)
			}
		}
		if why != "" {
			removed = append(removed, Removal{c.Name, c.Label, why})
			continue
		}
		keep[c.Name] = true
	}
	return d.Only(func(c *dataset.Column) bool { return keep[c.Name] }), removed
}

// whyNot says why a column goes whatever the others are, "" where it does not.
func whyNot(c *dataset.Column) string {
	switch {
	case c.Name == dataset.ModeColumn, c.Name == dataset.StatusColumn, c.Name == dataset.EditionColumn:
		return ""
	case c.Name == dataset.StartedColumn, c.Name == dataset.SubmittedColumn, c.Name == dataset.DurationColumn, c.Name == dataset.LateColumn, c.Name == dataset.RevisionColumn:
		return whyMoment
	case c.Role == dataset.Meta:
		return whyUnit
	case c.Role == dataset.Coded:
		return whyCoded
	case c.Role == dataset.Derived || c.Role == dataset.Computed:
		return whyMade
	case c.Type == instrument.TextType && c.Role == dataset.Background:
		return whyUnit
	case c.Type == instrument.TextType:
		return whyText
	case c.Type == instrument.NumberType, c.Type == dataset.TimeType:
		return whyNumber
	}
	return ""
}

// fewest is the size of the smallest group of units that agree in all columns.
func fewest(frame *dataset.Dataset, columns []*dataset.Column) int {
	groups := map[string]int{}
	for at := range frame.Cases() {
		key := ""
		for _, c := range columns {
			key += fmt.Sprint(c.Cell(at), " ")
		}
		groups[key]++
	}
	least := frame.Len()
	for _, n := range groups {
		least = min(least, n)
	}
	return least
}
