package mirror_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/mirror"
	"github.com/uitvraag/uitvraag/internal/study"
)

// TestAReportShowsNoGroupWithFewerThanTenOthers makes reports of crowds around the
// limit, and looks at every bar that is drawn.
func TestAReportShowsNoGroupWithFewerThanTenOthers(t *testing.T) {
	t.Parallel()
	crowd := fixture.NewCrowd(t)
	for _, n := range []int{9, 24, 45, 120} {
		d := crowd.Dataset(t, n)
		k, err := mirror.New(crowd.Form.In, d, study.Disclosure{}, []string{"regio"})
		if err != nil {
			t.Fatal(err)
		}
		drawn := 0
		for at := range d.Cases() {
			r, ok := k.Report(d.Unit(at))
			if !ok {
				t.Fatalf("%d: no report for %s, who answered", n, d.Unit(at))
			}
			for _, s := range r.Sections {
				for _, q := range s.Questions {
					for _, l := range q.Lines {
						for _, b := range []mirror.Bar{l.All, l.Group} {
							switch {
							case b.Why == "" && b.N > 0 && b.N-1 < mirror.Others:
								t.Fatalf("%d: %s %q is drawn for %d others", n, q.ID, l.Label, b.N-1)
							case b.Why == "" && b.N > 0:
								drawn++
							case b.Figure.Marks != "":
								t.Fatalf("%d: %s %q is drawn and says %q", n, q.ID, l.Label, b.Why)
							}
						}
					}
				}
			}
		}
		if n == 9 && drawn > 0 || n == 120 && drawn == 0 {
			t.Errorf("of %d units %d bars are drawn", n, drawn)
		}
	}
	if _, ok := mustKit(t, crowd).Report("nobody"); ok {
		t.Error("somebody who did not answer has a report")
	}
	if l := mirror.Stricter(study.Disclosure{}); l.FewUnits != study.FewUnits+1 || l.SmallBase != mirror.Others+1 || strings.TrimSpace(l.Check()) != "" {
		t.Errorf("limits %+v", l)
	}
}

func mustKit(t *testing.T, c *fixture.Crowd) *mirror.Kit {
	t.Helper()
	k, err := mirror.New(c.Form.In, c.Dataset(t, 20), study.Disclosure{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
