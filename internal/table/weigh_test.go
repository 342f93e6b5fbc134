package table_test

import (
	"math"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/table"
)

// Half of the population is in the north; of ten who answered, eight are.
func TestWeighingToThePopulation(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	fill := func(region string, yes, no, silent int) {
		for i := range yes + no + silent {
			u := w.unit(region)
			if i < yes {
				w.fill(u, answer.Values{"b6_1": "1"})
			} else if i < yes+no {
				w.fill(u, answer.Values{"b6_1": "2"})
			}
		}
	}
	fill("Noord", 8, 8, 0)
	fill("Zuid", 4, 0, 12)
	b := book(t, table.Spec{WeightTo: []string{"regio"}}, w)
	x := b.Table("B.6.1")
	if c := x.Rows[0].Cells[0]; math.Abs(c.Percent-75) > 1e-9 || c.Count != 12 { // half of the north and all of the south
		t.Errorf("yes: %v%% of %d", c.Percent, c.Count)
	}
	if x.Weight != "poststratificatie naar regio" || x.Rows[0].EffectiveN >= 20 || x.Rows[0].EffectiveN < 10 {
		t.Errorf("%q, effective n %v", x.Weight, x.Rows[0].EffectiveN)
	}
	both := book(t, table.Spec{WeightTo: []string{"regio", "regio"}}, w).Table("B.6.1")
	if c := both.Rows[0].Cells[0]; math.Abs(c.Percent-75) > .01 || !strings.HasPrefix(both.Weight, "raking") {
		t.Errorf("raked: %v%%, %s", c.Percent, both.Weight)
	}
	w.unit("Oost")
	for what, spec := range map[string]table.Spec{"‘Oost’ heeft geantwoord": {WeightTo: []string{"regio"}}, "niet van alle eenheden bekend": {WeightTo: []string{"b6_1"}}, "niet allebei": {WeightTo: []string{"regio"}, Weight: "x"}} {
		_, err := table.NewBook(spec, w.In, w.dataset(t))
		if errs.KindOf(err) != errs.Invalid || !strings.Contains(errs.Public(err), what) {
			t.Errorf("%v: want %q", err, what)
		}
	}
}
