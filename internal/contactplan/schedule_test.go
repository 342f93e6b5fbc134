package contactplan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSchedule(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-04-13 09:00", "2026-05-16 00:00")
	s := f.Schedule([]Regions{0, Middle}, nil)
	var got []string
	for _, r := range s.Rows {
		got = append(got, fmt.Sprintf("%s|%s|%v|%v|%s|%v", r.Regions, r.Step.ID, r.Day, r.Falls, strings.Join(r.Why, "; "), r.Lapses))
	}
	want := []string{
		"|uitnodiging|2026-04-13|2026-04-13||false",
		"|herinnering1|2026-04-27|2026-04-28|Koningsdag|false",
		"|telefoon|2026-05-04|2026-05-04||false",
		"|herinnering2|2026-05-11|2026-05-11||false",
		"Midden|uitnodiging|2026-04-13|2026-04-13||false",
		"Midden|herinnering1|2026-04-27|2026-05-04|Koningsdag; meivakantie Midden; weekend|false",
		"Midden|telefoon|2026-05-04|2026-05-07|kort na het vorige contact|false",
		"Midden|herinnering2|2026-05-11|2026-05-12|kort na het vorige contact|false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	want = []string{
		"Van sommige eenheden is de vakantieregio niet bekend. Zij krijgen ook in schoolvakanties bericht.",
		"zaterdag 25 april 2026 tot en met zondag 3 mei 2026 is het meivakantie in Midden.",
		"Na Tweede herinnering zijn er nog 3 werkdagen om te antwoorden.",
		"Na Tweede herinnering zijn er nog 2 werkdagen om te antwoorden. (regio Midden)",
	}
	if diff := cmp.Diff(want, s.Warnings); diff != "" {
		t.Errorf("warnings (-want +got)\n%s", diff)
	}
}

// The calendar before opening says what the worker then does.
func TestScheduleIsWhatHappens(t *testing.T) {
	t.Parallel()
	for _, opens := range []string{"2026-11-02 09:00", "2026-12-11 09:00", "2026-04-13 09:00", "2027-07-05 09:00", "2026-10-12 20:00", "2024-02-10 00:00"} {
		for r := range Regions(8) {
			f := fieldFrom(t, opens, "2029-01-01 00:00")
			u := somebody()
			u.Regions = r
			played := play(f, &u, f.Opens, f.Opens.AddDate(0, 0, 130))
			rows := f.Schedule([]Regions{r}, nil).Rows
			if len(played) != len(rows) {
				t.Fatalf("%s, %v: %d steps, %d rows", opens, r, len(played), len(rows))
			}
			slices.SortFunc(rows, func(a, b Planned) int { return int(a.Falls - b.Falls) })
			for i, row := range rows {
				if !strings.Contains(played[i], row.Falls.String()+" 09:00 "+row.Step.ID) {
					t.Errorf("%s, %v: %s, but the calendar says %v %s", opens, r, played[i], row.Falls, row.Step.ID)
				}
				if (len(row.Why) > 0) != (row.Falls != row.Day) {
					t.Errorf("%s, %v: %s from %v to %v because %q", opens, r, row.Step.ID, row.Day, row.Falls, row.Why)
				}
			}
		}
	}
}

func TestScheduleWarns(t *testing.T) {
	t.Parallel()
	has := func(f Field, regions Regions, part string) {
		t.Helper()
		w := f.Schedule([]Regions{regions}, nil).Warnings
		if !slices.ContainsFunc(w, func(s string) bool { return strings.Contains(s, part) }) {
			t.Errorf("no %q in %q", part, w)
		}
	}
	has(fieldFrom(t, "2026-11-02 09:00", "2026-11-28 00:00"), North, "Tweede herinnering valt na het sluiten en vervalt. (regio Noord)")
	has(fieldFrom(t, "2026-11-02 09:00", "2026-11-28 00:00"), North, "Na Bellen zijn er nog 4 werkdagen om te antwoorden. (regio Noord)")
	has(fieldFrom(t, "2026-11-01 09:00", "2026-12-20 00:00"), North, "opent op zondag 1 november 2026: weekend")
	has(fieldFrom(t, "2026-11-02 09:00", "2026-12-26 00:00"), North, "sluit op vrijdag 25 december 2026: Eerste Kerstdag")
	has(fieldFrom(t, "2028-09-04 09:00", "2028-10-20 00:00"), North, "Na zondag 3 september 2028 zijn de schoolvakanties nog niet bekend.")
	has(fieldFrom(t, "2027-08-30 09:00", "2027-10-20 00:00"), South, "Controleer deze data")
	has(fieldFrom(t, "2026-07-06 09:00", "2026-12-01 00:00"), North, "Uitnodiging komt 42 dagen later dan het plan zegt. (regio Noord)")
	if w := fieldFrom(t, "2026-11-02 09:00", "2026-12-12 00:00").Schedule([]Regions{North, Middle, South}, nil).Warnings; len(w) > 0 {
		t.Errorf("a quiet autumn: %q", w)
	}
}

func TestPlanOfOnesOwn(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	f.Plan = Plan{Gap: 5, Calls: 1, Steps: []Step{
		{ID: "brief", Title: "Brief", Channel: Letter, Template: "uitnodiging"},
		{ID: "bel", Title: "Bellen", Offset: 3, Channel: Phone, Template: "telefoon"},
		{ID: "mail", Title: "Mail", Offset: 4, Channel: Mail, Template: "herinnering1"},
	}}
	if p := f.Plan.check(nil, nil); len(p) > 0 {
		t.Fatal(p)
	}
	u := somebody()
	got := play(f, &u, f.Opens, f.Closes)
	want := []string{
		"Mon 2026-11-02 09:00 brief letter",
		"Mon 2026-11-09 09:00 mail mail", // written first; both waited five working days
		"Mon 2026-11-16 09:00 bel phone",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, touch := range u.Touches {
		step, _ := f.Plan.Step(touch.Step)
		if id, version := (Decision{Step: step, Channel: touch.Channel}).Template(); id != step.Template || version != touch.Channel || version.Title() == string(version) && version != Mail {
			t.Errorf("%s %s", id, version)
		}
		if _, ok := Text(step.Template, touch.Channel); !ok {
			t.Errorf("no text for %s by %s", step.ID, touch.Channel)
		}
	}
}
