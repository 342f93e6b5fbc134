package contactplan

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// editing is a study that opens on Monday 2 November 2026 and closes on Friday 11
// December, as somebody changes its plan before it opens.
func editing(t *testing.T, change func(*Revision)) Edit {
	f := fieldFrom(t, "2026-11-02 09:00", "2026-12-12 00:00")
	e := Edit{Field: f, Old: Revision{Plan: Default()}, New: Revision{Plan: Default()},
		Audiences: []string{"swv", "gemeente"}, Core: []string{"swv"}, Regions: []Regions{North, South}, Now: f.Opens.Add(-24 * time.Hour)}
	change(&e.New)
	return e
}

func TestEditFaults(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Revision){
		"":                                 func(*Revision) {},
		"stappen: Het contactplan heeft":   func(r *Revision) { r.Plan.Steps = nil },
		"uitnodiging dag: De eerste":       func(r *Revision) { r.Plan.Steps[0].Offset = 1 },
		"telefoon titel: Er is al":         func(r *Revision) { r.Plan.Steps[2].Title = "uitnodiging" },
		"herinnering1 titel: Geef de":      func(r *Revision) { r.Plan.Steps[1].Title = "" },
		"herinnering1 kanaal: Kies":        func(r *Revision) { r.Plan.Steps[1].Channel = "fax" },
		"herinnering1 tekst: Van de tekst": func(r *Revision) { r.Plan.Steps[1].Channel = Phone },
		"herinnering2 dag: Kies een dag":   func(r *Revision) { r.Plan.Steps[3].Offset = 400 },
		"herinnering2 dag: Deze stap moet": func(r *Revision) { r.Plan.Steps[3].Offset = 21 },
		"herinnering2 dag: Deze stap valt in regio Noord na het sluiten, op maandag 14":                            func(r *Revision) { r.Plan.Steps[3].Offset = 40 },
		"herinnering2 dag: Deze stap valt in regio Noord op de dag van":                                            func(r *Revision) { r.Plan.Steps[3].Offset = 39 },
		"telefoon dag: Tussen ‘Eerste herinnering’ en deze stap zitten 1 werkdagen; laat er 3 tussen. Kies dag 17": func(r *Revision) { r.Plan.Steps[2].Offset = 15 },
		"herinnering1 doelgroep: De doelgroep ‘x’":                                                                 func(r *Revision) { r.Plan.Steps[1].Audiences = []string{"x"} },
		"telefoon doelgroep: De vragenlijst van": func(r *Revision) {
			r.Plan.Steps[2].Template, r.Plan.Steps[2].Audiences = KernvragenText, []string{"gemeente"}
		},
		"herinnering1 uren: De verzendtijden": func(r *Revision) { r.Plan.Steps[1].From, r.Plan.Steps[1].Until = 600, 540 },
		"herinnering1 uren: Kies dagen":       func(r *Revision) { r.Plan.Steps[1].Days = 1 << time.Saturday },
		"rust: Kies een aantal":               func(r *Revision) { r.Plan.Gap = 2 },
		"pogingen: Kies":                      func(r *Revision) { r.Plan.Calls = 11 },
		"uren: De verzendtijden":              func(r *Revision) { r.Calendar.From, r.Calendar.Until = 1000, 900 },
		"dicht-0: Geef deze dagen":            func(r *Revision) { r.Calendar.Extra = []Closure{{"kerst", 10, 9}} },
	} {
		var got []string
		for _, f := range editing(t, change).Faults() {
			got = append(got, strings.TrimSpace(f.Step+" "+f.Part)+": "+f.Text)
		}
		if want == "" && len(got) > 0 || want != "" && !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

// Two audiences may have steps on the same day, and need no rest from each other.
func TestAudiencesHaveLaddersOfTheirOwn(t *testing.T) {
	t.Parallel()
	e := editing(t, func(r *Revision) {
		r.Plan.Steps[1].Audiences = []string{"swv"}
		own := r.Plan.Steps[1]
		own.ID, own.Title, own.Offset, own.Audiences = "stap5", "Herinnering gemeenten", 15, []string{"gemeente"}
		r.Plan.Steps = slices.Insert(r.Plan.Steps, 2, own)
	})
	if f := e.Faults(); len(f) > 0 {
		t.Error(f)
	}
	rows := e.with(e.New).Schedule([]Regions{0}, e.Audiences).Rows
	days := map[string]string{}
	for _, r := range rows {
		days[r.Path.Audience+" "+r.Step.ID] = r.Falls.String()
	}
	want := map[string]string{"swv uitnodiging": "2026-11-02", "swv herinnering1": "2026-11-16", "swv telefoon": "2026-11-23", "swv herinnering2": "2026-11-30",
		"gemeente uitnodiging": "2026-11-02", "gemeente stap5": "2026-11-17", "gemeente telefoon": "2026-11-23", "gemeente herinnering2": "2026-11-30"}
	if diff := cmp.Diff(want, days); diff != "" {
		t.Error(diff)
	}
}

func TestWhatSomebodyHadDoesNotChange(t *testing.T) {
	t.Parallel()
	e := editing(t, func(r *Revision) { r.Plan.Steps[1].Offset = 15 })
	e.Had = map[string]int{"uitnodiging": 500, "herinnering1": 3}
	if f := e.Faults(); len(f) != 1 || f[0].Step != "herinnering1" {
		t.Errorf("a step that three had moves: %v", f)
	}
	e = editing(t, func(r *Revision) { r.Plan.Steps = slices.Delete(r.Plan.Steps, 1, 2) })
	e.Had = map[string]int{"herinnering1": 3}
	if f := e.Faults(); len(f) != 1 || !strings.Contains(f[0].Text, "kan niet weg") {
		t.Errorf("a step that three had goes: %v", f)
	}
	e = editing(t, func(r *Revision) { r.Plan.Steps[1].Offset = 8 })
	e.Field.Released, e.Now = e.Field.Opens, e.Field.Opens.Add(12*24*time.Hour)
	if f := e.Faults(); len(f) != 1 || !strings.Contains(f[0].Text, "Kies dag 13 of later") {
		t.Errorf("a step comes on a day that has been: %v", f)
	}
}

// An edit moves only what is still to come, for each unit from its own
// invitation.
func TestEffects(t *testing.T) {
	t.Parallel()
	e := editing(t, func(r *Revision) {
		r.Plan.Steps[1].Offset = 16
		r.Plan.Steps = r.Plan.Steps[:3]
	})
	e.Now = e.Field.Opens.Add(3 * 24 * time.Hour)
	invited := somebody()
	invited.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 1, At: e.Field.Opens, State: Sent}}
	reminded := somebody()
	reminded.Touches = append(slices.Clone(invited.Touches), Touch{Step: "herinnering1", Channel: Mail, Contact: 1, At: e.Field.Opens.Add(time.Hour), State: Sent})
	got := map[string][5]int{}
	for _, f := range e.Effects([]Unit{invited, reminded}) {
		got[f.Step.ID] = [5]int{f.Moved, f.Added, f.Dropped, f.Kept, int(f.To - f.From)}
	}
	want := map[string][5]int{"herinnering1": {1, 0, 0, 0, 2}, "telefoon": {0, 0, 0, 2, 0}, "herinnering2": {0, 0, 2, 0, -int(day(t, "2026-11-30"))}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got, want := e.Changes(), []string{"Eerste herinnering: dag van 14 naar 16.", "Stap weg: Tweede herinnering."}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Ahead is what Due does when it is played: one cannot differ from the other.
func TestAheadIsWhatHappens(t *testing.T) {
	t.Parallel()
	for _, r := range []Regions{0, North, Middle | South} {
		f := fieldFrom(t, "2026-09-28 09:00", "2027-01-15 00:00")
		f.Plan.Steps[1].Days, f.Plan.Steps[3].From, f.Plan.Steps[3].Until = 1<<time.Tuesday|1<<time.Thursday, 600, 660
		u := somebody()
		u.Regions = r
		var want []string
		for _, row := range f.Ahead(u, f.Opens) {
			want = append(want, row.Falls.String()+" "+row.Step.ID)
		}
		var got []string
		for _, line := range play(f, &u, f.Opens, f.Closes) {
			words := strings.Fields(line)
			got = append(got, words[1]+" "+words[3])
			if words[3] == "herinnering1" && words[0] != "Tue" && words[0] != "Thu" || words[3] == "herinnering2" && words[2] != "10:00" {
				t.Errorf("%s: not on its own days and hours", line)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: %s", r, diff)
		}
	}
}

func TestSchoolHolidaysMayBeLetBe(t *testing.T) {
	t.Parallel()
	d := day(t, "2026-10-12") // autumn holiday in the north
	if c := NewCalendar(Settings{}); c.Closed(d, North) == "" {
		t.Fatal("no holiday")
	}
	if c := NewCalendar(Settings{SchoolOpen: North}); c.Closed(d, North) != "" || NewCalendar(Settings{SchoolOpen: North}).Closed(day(t, "2026-10-20"), South) == "" {
		t.Error("the north is not open, or the south is")
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	e := editing(t, func(r *Revision) {
		r.Calendar.Extra = []Closure{{"studiedag", day(t, "2026-11-16"), day(t, "2026-11-16")}}
	})
	f := e.with(e.New)
	s := f.Schedule([]Regions{North, South}, nil)
	all := f.Months(s.Rows, []Regions{North, South})
	if len(all) != 2 || all[0].Title != "november 2026" || all[0].Weeks[0].Number != 44 {
		t.Fatalf("%+v", all)
	}
	cells := map[string]Cell{}
	for _, m := range all {
		for _, w := range m.Weeks {
			for _, c := range w.Days {
				if c.In {
					cells[c.Day.String()] = c
				}
			}
		}
	}
	if len(cells) != 61 {
		t.Errorf("%d days", len(cells))
	}
	if c := cells["2026-11-02"]; !c.Opens || !c.Field || len(c.Steps) != 1 || c.Steps[0].For != "" {
		t.Errorf("%+v", c)
	}
	if c := cells["2026-11-16"]; c.Closed != "studiedag" || len(c.Steps) != 0 {
		t.Errorf("%+v", c)
	}
	if c := cells["2026-11-17"]; len(c.Steps) != 1 || !c.Steps[0].Shifted {
		t.Errorf("%+v", c)
	}
	if c := cells["2026-12-11"]; !c.Closes || !c.Field || cells["2026-12-12"].Field {
		t.Errorf("%+v", c)
	}
}
