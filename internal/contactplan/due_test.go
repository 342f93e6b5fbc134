package contactplan

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/event"
)

// field returns the default plan in the field.
func fieldFrom(t testing.TB, opens, closes string) Field {
	t.Helper()
	f := Field{Plan: Default(), Calendar: NewCalendar(Settings{}), Opens: at(t, opens), Closes: at(t, closes)}
	f.Released = f.Opens
	return f
}

// somebody is a unit with one person who can be reached in every way.
func somebody() Unit {
	return Unit{ID: 1, Contacts: []Contact{{ID: 11, Mail: true, Phone: true, Post: true}}}
}

// play lets a worker come by every quarter of an hour and do what is due. It
// returns what was done, and when.
func play(f Field, u *Unit, from, to time.Time) []string {
	var log []string
	for now := from; now.Before(to); now = now.Add(15 * time.Minute) {
		d := f.Due(*u, now)
		if !d.Due || d.Held != "" {
			continue
		}
		u.Touches = append(u.Touches, Touch{Step: d.Step.ID, Channel: d.Channel, Contact: d.Contact, At: now, State: Sent, Reached: true})
		log = append(log, now.In(amsterdam).Format("Mon 2006-01-02 15:04 ")+d.Step.ID+" "+string(d.Channel))
	}
	return log
}

func TestLadderDayByDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, opens string
		regions     Regions
		want        []string
	}{
		{"plain", "2026-11-02 09:00", North | Middle | South, []string{
			"Mon 2026-11-02 09:00 uitnodiging mail",
			"Mon 2026-11-16 09:00 herinnering1 mail",
			"Mon 2026-11-23 09:00 telefoon phone",
			"Mon 2026-11-30 09:00 herinnering2 mail",
		}},
		{"opens in the afternoon", "2026-11-02 14:00", 0, []string{
			"Mon 2026-11-02 14:00 uitnodiging mail",
			"Mon 2026-11-16 09:00 herinnering1 mail",
			"Mon 2026-11-23 09:00 telefoon phone",
			"Mon 2026-11-30 09:00 herinnering2 mail",
		}},
		{"opens in the evening before a weekend", "2026-11-06 19:00", 0, []string{
			"Mon 2026-11-09 09:00 uitnodiging mail",
			"Mon 2026-11-23 09:00 herinnering1 mail",
			"Mon 2026-11-30 09:00 telefoon phone",
			"Mon 2026-12-07 09:00 herinnering2 mail",
		}},
		// +14 is Koningsdag; later steps do not move.
		{"Koningsdag", "2026-04-13 09:00", 0, []string{
			"Mon 2026-04-13 09:00 uitnodiging mail",
			"Tue 2026-04-28 09:00 herinnering1 mail",
			"Mon 2026-05-04 09:00 telefoon phone",
			"Mon 2026-05-11 09:00 herinnering2 mail",
		}},
		// +14 is in the May holiday and moves to 4 May, the day of the call, which
		// waits three working days; the second reminder, on the 11th, waits in turn.
		{"May holiday", "2026-04-13 09:00", Middle, []string{
			"Mon 2026-04-13 09:00 uitnodiging mail",
			"Mon 2026-05-04 09:00 herinnering1 mail",
			"Thu 2026-05-07 09:00 telefoon phone",
			"Tue 2026-05-12 09:00 herinnering2 mail",
		}},
		{"Easter", "2026-03-20 09:00", 0, []string{
			"Fri 2026-03-20 09:00 uitnodiging mail",
			"Tue 2026-04-07 09:00 herinnering1 mail",
			"Fri 2026-04-10 09:00 telefoon phone",
			"Fri 2026-04-17 09:00 herinnering2 mail",
		}},
		{"Christmas and New Year", "2026-12-11 09:00", 0, []string{
			"Fri 2026-12-11 09:00 uitnodiging mail",
			"Mon 2026-12-28 09:00 herinnering1 mail",
			"Mon 2027-01-04 09:00 telefoon phone",
			"Fri 2027-01-08 09:00 herinnering2 mail",
		}},
		{"Christmas holiday", "2026-12-11 09:00", South, []string{
			"Fri 2026-12-11 09:00 uitnodiging mail",
			"Mon 2027-01-04 09:00 herinnering1 mail",
			"Thu 2027-01-07 09:00 telefoon phone",
			"Tue 2027-01-12 09:00 herinnering2 mail",
		}},
		// Opens in the autumn holiday of Noord: its own invitation, its own ladder.
		{"invited later", "2026-10-12 09:00", North, []string{
			"Mon 2026-10-19 09:00 uitnodiging mail",
			"Mon 2026-11-02 09:00 herinnering1 mail",
			"Mon 2026-11-09 09:00 telefoon phone",
			"Mon 2026-11-16 09:00 herinnering2 mail",
		}},
		{"over the clock going back", "2026-10-12 09:00", South, []string{
			"Mon 2026-10-12 09:00 uitnodiging mail",
			"Mon 2026-10-26 09:00 herinnering1 mail",
			"Mon 2026-11-02 09:00 telefoon phone",
			"Mon 2026-11-09 09:00 herinnering2 mail",
		}},
		// +14 is Easter Monday, the day after the clock went forward.
		{"over the clock going forward", "2027-03-15 09:00", 0, []string{
			"Mon 2027-03-15 09:00 uitnodiging mail",
			"Tue 2027-03-30 09:00 herinnering1 mail",
			"Mon 2027-04-05 09:00 telefoon phone",
			"Mon 2027-04-12 09:00 herinnering2 mail",
		}},
		{"leap day", "2024-02-15 09:00", 0, []string{
			"Thu 2024-02-15 09:00 uitnodiging mail",
			"Thu 2024-02-29 09:00 herinnering1 mail",
			"Thu 2024-03-07 09:00 telefoon phone",
			"Thu 2024-03-14 09:00 herinnering2 mail",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := fieldFrom(t, c.opens, "2030-01-01 00:00")
			u := somebody()
			u.Regions = c.regions
			got := play(f, &u, f.Opens.AddDate(0, 0, -3), f.Opens.AddDate(0, 0, 60))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestUnitAddedLater(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-01-29 17:00")
	for added, want := range map[string]string{
		"2026-10-01 12:00": "Mon 2026-11-02 09:00 uitnodiging mail",
		"2026-11-10 12:07": "Tue 2026-11-10 12:15 uitnodiging mail",
		"2026-11-13 17:00": "Mon 2026-11-16 09:00 uitnodiging mail",
		"2026-11-14 10:00": "Mon 2026-11-16 09:00 uitnodiging mail",
	} {
		u := somebody()
		u.Added = at(t, added)
		got := play(f, &u, f.Opens.AddDate(0, 0, -40), f.Opens.AddDate(0, 0, 15+14))
		if len(got) == 0 || got[0] != want {
			t.Errorf("added %s: %q, want %q", added, got, want)
		}
	}
}

func happened(kinds ...event.Kind) []event.Event {
	var out []event.Event
	for i, k := range kinds {
		out = append(out, event.Event{ID: int64(i + 1), Kind: k, Occurred: time.Date(2026, 11, 3, 12, i, 0, 0, time.UTC)})
	}
	return out
}

func TestStopped(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2026-12-12 00:00")
	recalled := append(happened(event.Refused), event.Event{ID: 9, Kind: event.Recalled, Recalls: 1})
	for name, c := range map[string]struct {
		events []event.Event
		want   string // "" if the reminder goes
	}{
		"nothing":              {nil, ""},
		"started":              {happened(event.Started), ""},
		"submitted":            {happened(event.Started, event.Submitted), "verstuurd"},
		"reopened":             {happened(event.Submitted, event.Reopened), "verstuurd"},
		"imported":             {happened(event.Imported), "ingelezen"},
		"refused":              {happened(event.Refused), "niet mee te doen"},
		"refused and recalled": {recalled, ""},
		"refused then started": {happened(event.Refused, event.Started), "niet mee te doen"},
		"claim":                {happened(event.Claimed), "nog niet bevestigd"},
		"claim withdrawn":      {happened(event.Claimed, event.Unclaimed), ""},
		"two claims, one left": {happened(event.Claimed, event.Claimed, event.Unclaimed), "nog niet bevestigd"},
		"covered":              {happened(event.Covered), "ander geldt"},
		"claim confirmed":      {happened(event.Claimed, event.Covered), "ander geldt"},
		"confirmed, withdrawn": {happened(event.Claimed, event.Covered, event.Unclaimed), ""},
		"frozen":               {happened(event.Frozen), "bewaard"},
		"refused by the board": {happened(event.RefusedByOther), "niet meedoet"},
		"dissolved":            {happened(event.OutOfPopulation), "populatie"},
		"listed twice":         {happened(event.Duplicate), "dubbel"},
		"unable":               {happened(event.Unable), "niet in staat"},
		"automatic reply":      {happened(event.AutoReply), ""},
	} {
		u := somebody()
		u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 11, At: f.Opens, State: Sent}}
		u.Events = c.events
		now := at(t, "2026-11-16 10:00")
		d := f.Due(u, now)
		if d.Due != (c.want == "") || !strings.Contains(d.Why, c.want) {
			t.Errorf("%s: due %v, %q", name, d.Due, d.Why)
		}
		why := f.Withhold(u, Touch{Step: "herinnering1", Channel: Mail, Contact: 11}, now)
		if (why == "") != d.Due {
			t.Errorf("%s: Withhold says %q", name, why)
		}
	}
	u := somebody()
	u.Excluded = "Valt buiten de populatie."
	if d := f.Due(u, f.Opens); d.Due || d.Why != u.Excluded {
		t.Errorf("excluded: %+v", d)
	}
}

// A sweep that plays an earlier time does not write to somebody who has answered.
func TestAnsweredAfterTheMomentThatIsPlayed(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-09-01 09:00", "2026-12-12 00:00")
	u := somebody()
	u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 11, At: f.Opens, State: Sent}}
	u.Events = happened(event.Submitted) // in November
	if d := f.Due(u, at(t, "2026-09-15 10:00")); d.Due {
		t.Errorf("due: %+v", d)
	}
}

func TestWhy(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2026-12-12 00:00")
	invited := []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 11, At: f.Opens, State: Sent}}
	twice := append(invited[:1:1], Touch{Step: "herinnering1", Channel: Mail, Contact: 11, At: at(t, "2026-11-16 09:00"), State: Unsure})
	queued := append(invited[:1:1], Touch{Step: "herinnering1", Channel: Mail, Contact: 11, At: at(t, "2026-11-16 09:00"), State: Queued})
	resent := append(invited[:1:1], Touch{Channel: Mail, Contact: 11, At: at(t, "2026-11-13 16:00"), State: Sent})
	for _, c := range []struct {
		now     string
		touches []Touch
		want    string
		next    string
	}{
		{"2026-11-01 12:00", nil, "Uitnodiging komt op maandag 2 november.", "2026-11-02 09:00"},
		{"2026-11-02 08:00", nil, "Uitnodiging gaat vandaag vanaf 09.00 uur.", "2026-11-02 09:00"},
		{"2026-11-02 18:00", nil, "Uitnodiging wacht tot dinsdag 3 november: buiten de verzendtijden.", "2026-11-03 09:00"},
		{"2026-11-07 12:00", nil, "Uitnodiging wacht tot maandag 9 november: weekend.", "2026-11-09 09:00"},
		{"2026-11-03 12:00", invited, "Eerste herinnering komt op maandag 16 november.", "2026-11-16 09:00"},
		{"2026-11-16 12:00", resent, "Eerste herinnering komt op woensdag 18 november (verschoven: kort na het vorige contact).", "2026-11-18 09:00"},
		{"2026-11-16 12:00", queued, "Er staat al een bericht klaar: Eerste herinnering.", ""},
		{"2026-11-17 12:00", twice, "Bellen komt op maandag 23 november.", "2026-11-23 09:00"},
		{"2026-12-12 00:00", invited, "Het onderzoek is gesloten.", ""},
		{"2026-12-11 18:00", invited, "Het onderzoek sluit voordat de stap kan gaan.", ""},
	} {
		u := somebody()
		u.Touches = c.touches
		d := f.Due(u, at(t, c.now))
		if d.Due || d.Why != c.want {
			t.Errorf("%s: due %v, %q, want %q", c.now, d.Due, d.Why, c.want)
		}
		if c.next == "" != d.Next.IsZero() || c.next != "" && !d.Next.Equal(at(t, c.next)) {
			t.Errorf("%s: next %v, want %s", c.now, d.Next, c.next)
		}
	}
}

func TestNothingAfterClosing(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2026-11-23 09:00")
	u := somebody()
	got := play(f, &u, f.Opens, f.Closes.AddDate(0, 0, 20))
	if len(got) != 2 {
		t.Errorf("%q", got)
	}
	if d := f.Due(u, at(t, "2026-11-20 10:00")); d.Due || d.Why != "De stap valt na het sluiten van het onderzoek." || !d.Next.IsZero() {
		t.Errorf("%+v", d)
	}
}

// What became due while nobody was there is done afterwards, one by one.
func TestLateNeverLost(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	u := somebody()
	u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 11, At: f.Opens, State: Sent}}
	got := play(f, &u, at(t, "2026-12-07 11:00"), at(t, "2026-12-19 00:00"))
	want := []string{
		"Mon 2026-12-07 11:00 herinnering1 mail",
		"Thu 2026-12-10 09:00 herinnering2 mail",
		"Tue 2026-12-15 09:00 telefoon phone",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReleaseHoldsWhatCameBefore(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	u := somebody()
	now := at(t, "2026-11-16 10:00")
	f.Released = time.Time{}
	if d := f.Due(u, now); !d.Due || d.Held != "Het onderzoek is nog niet vrijgegeven." {
		t.Errorf("unreleased: %+v", d)
	}
	f.Released = at(t, "2026-11-04 08:00")
	d := f.Due(u, now)
	if !d.Due || !strings.Contains(d.Held, "voor de vrijgave") {
		t.Errorf("the invitation is of before: %+v", d)
	}
	if late := f.Late([]Unit{u, somebody()}, now); len(late) != 2 || late[0].Step.ID != "uitnodiging" {
		t.Errorf("late: %+v", late)
	}
	f.Released = at(t, "2026-11-02 16:00") // later on the day of the step
	if d := f.Due(u, now); !d.Due || d.Held != "" {
		t.Errorf("on the day itself: %+v", d)
	}
	f.Released = at(t, "2026-11-04 08:00")
	u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 11, At: at(t, "2026-11-02 09:00"), State: Sent}}
	if d := f.Due(u, now); !d.Due || d.Step.ID != "herinnering1" || d.Held != "" {
		t.Errorf("what becomes due later: %+v", d)
	}
	u.Touches[0].State = Returned
	u.Contacts = append(u.Contacts, Contact{ID: 12, Mail: true})
	u.Contacts[0].Bounced = true
	if d := f.Due(u, now); !d.Due || d.Contact != 12 || d.Held != "" {
		t.Errorf("after a bounce: %+v", d)
	}
}

// An older version of the plan has no steps; nothing breaks.
func TestEmptyPlan(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	f.Plan = Plan{}
	if d := f.Due(somebody(), f.Opens); d.Due || d.Why == "" {
		t.Errorf("%+v", d)
	}
	if s := f.Schedule([]Regions{North}, nil); len(s.Rows) != 0 {
		t.Errorf("%+v", s)
	}
}

// A history that came from elsewhere has events and no messages.
func TestHistoryOfEventsAlone(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	u := somebody()
	u.Events = []event.Event{
		{ID: 2, Kind: event.Reminded, Occurred: at(t, "2026-11-16 09:00")},
		{ID: 1, Kind: event.Invited, Occurred: f.Opens},
	}
	if d := f.Due(u, at(t, "2026-11-20 10:00")); d.Due || d.Step.ID != "telefoon" || !d.Next.Equal(at(t, "2026-11-23 09:00")) {
		t.Errorf("%+v", d)
	}
	u.Events = append(u.Events, event.Event{ID: 3, Kind: event.Promised, Channel: "tel", Occurred: at(t, "2026-11-23 11:00")})
	if d := f.Due(u, at(t, "2026-11-24 10:00")); d.Due || d.Step.ID != "herinnering2" {
		t.Errorf("after a promise: %+v", d)
	}
	// With messages, the events say the same once more.
	u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 98, At: f.Opens, State: Returned}}
	u.Events = u.Events[1:2]
	if d := f.Due(u, at(t, "2026-11-20 10:00")); !d.Due || d.Step.ID != "uitnodiging" {
		t.Errorf("the invitation came back: %+v", d)
	}
}

// A receiver that refuses us by its rules says nothing of the address: nobody is
// passed over, and a person looks.
func TestARefusedMessageIsNotTriedAgainBySomethingElse(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	u := somebody()
	u.Contacts = append(u.Contacts, Contact{ID: 12, Mail: true})
	u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: u.Contacts[0].ID, At: f.Opens, State: Returned}}
	d := f.Due(u, at(t, "2026-11-03 10:00"))
	if d.Due || d.Stuck != refused {
		t.Errorf("%+v", d)
	}
	u.Contacts[0].Bounced = true
	if d := f.Due(u, at(t, "2026-11-03 10:00")); !d.Due || d.Contact != 12 || d.Stuck != "" {
		t.Errorf("the address bounces: %+v", d)
	}
	u.Contacts[0].Ended = true
	u.Contacts[0].Bounced = false
	if d := f.Due(u, at(t, "2026-11-03 10:00")); !d.Due || d.Contact != 12 {
		t.Errorf("the contact was replaced: %+v", d)
	}
}

// Between queueing and sending somebody may have called.
func TestWithholdKeepsTheDistanceToWhatCameBetween(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	u := somebody()
	waits := Touch{Step: "herinnering1", Channel: Mail, Contact: u.Contacts[0].ID, At: at(t, "2026-11-16 09:00"), State: Queued}
	u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: u.Contacts[0].ID, At: f.Opens, State: Sent}, waits}
	now := at(t, "2026-11-16 16:00")
	if why := f.Withhold(u, waits, now); why != "" {
		t.Errorf("withheld: %s", why)
	}
	u.Touches = append(u.Touches, Touch{Channel: Phone, At: at(t, "2026-11-16 15:00"), State: Sent})
	if f.Withhold(u, waits, now) == "" {
		t.Error("a call an hour ago does not matter")
	}
	if why := f.Withhold(u, Touch{Channel: Mail, Contact: u.Contacts[0].ID}, now); why != "" {
		t.Errorf("a link that was asked for is withheld: %s", why)
	}
	if why := f.Withhold(u, waits, at(t, "2026-11-19 09:00")); why != "" {
		t.Errorf("three working days later: %s", why)
	}
	f.Hurried = true
	if why := f.Withhold(u, waits, now); why != "" {
		t.Errorf("a sweep that plays another time: %s", why)
	}
}
