package contactplan

import (
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/event"
)

func TestRecipient(t *testing.T) {
	t.Parallel()
	person := Contact{ID: 1, Mail: true, Phone: true}
	second := Contact{ID: 2, Mail: true}
	general := Contact{ID: 3, General: true, Post: true}
	with := func(c Contact, change func(*Contact)) Contact { change(&c); return c }
	bounced := with(person, func(c *Contact) { c.Bounced = true })
	out := with(person, func(c *Contact) { c.OptedOut = true })
	ended := with(person, func(c *Contact) { c.Ended = true })
	passed := with(person, func(c *Contact) { c.PassedOn = true })
	for name, c := range map[string]struct {
		contacts []Contact
		over     Channel
		want     recipient
	}{
		"first":                     {[]Contact{person, second}, Mail, recipient{1, false, Mail, ""}},
		"bounced":                   {[]Contact{bounced, second}, Mail, recipient{2, false, Mail, ""}},
		"replaced":                  {[]Contact{ended, second}, Mail, recipient{2, false, Mail, ""}},
		"passed on":                 {[]Contact{passed, second}, Mail, recipient{2, false, Mail, ""}},
		"colleague withdrawn":       {[]Contact{passed, with(second, func(c *Contact) { c.Ended = true })}, Mail, recipient{1, false, Mail, ""}},
		"all bounced, letter":       {[]Contact{bounced, general}, Mail, recipient{3, true, Letter, ""}},
		"general address by letter": {[]Contact{general}, Mail, recipient{3, true, Letter, ""}},
		"general address by mail":   {[]Contact{with(general, func(c *Contact) { c.Mail = true })}, Mail, recipient{3, true, Mail, ""}},
		"nobody":                    {nil, Mail, recipient{why: noAddress}},
		"no way left":               {[]Contact{bounced}, Mail, recipient{why: noAddress}},
		"opted out":                 {[]Contact{out, second, general}, Mail, recipient{why: optedOut}},
		"opted out, no letter":      {[]Contact{out, general}, Letter, recipient{why: optedOut}},
		"opted out, replaced":       {[]Contact{with(out, func(c *Contact) { c.Ended = true }), second}, Mail, recipient{2, false, Mail, ""}},
		"call":                      {[]Contact{second, person}, Phone, recipient{1, false, Phone, ""}},
		"call though opted out":     {[]Contact{out}, Phone, recipient{1, false, Phone, ""}},
		"no telephone":              {[]Contact{second}, Phone, recipient{why: noPhone}},
		"letter":                    {[]Contact{person, general}, Letter, recipient{3, true, Letter, ""}},
		"no post":                   {[]Contact{person}, Letter, recipient{why: noPost}},
	} {
		if got := (Unit{Contacts: c.contacts}).recipient(c.over); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// Standards M3: no mail, but one call.
func TestOptedOutIsCalledOnce(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	u := somebody()
	u.Contacts[0].OptedOut = true
	u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 11, At: f.Opens, State: Sent}}
	if d := f.Due(u, at(t, "2026-11-16 10:00")); d.Due || d.Step.ID != "telefoon" {
		t.Errorf("on the day of the reminder: %+v", d)
	}
	d := f.Due(u, at(t, "2026-11-23 10:00"))
	if !d.Due || d.Channel != Phone || d.Contact != 11 {
		t.Fatalf("call: %+v", d)
	}
	u.Touches = append(u.Touches, Touch{Step: "telefoon", Channel: Phone, At: at(t, "2026-11-23 10:00"), State: Sent})
	if d := f.Due(u, at(t, "2026-12-10 10:00")); d.Due || d.Why != optedOut {
		t.Errorf("after one call without answer: %+v", d)
	}
}

func TestUnansweredCallsAreTriedAgain(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	u := somebody()
	u.Touches = []Touch{
		{Step: "uitnodiging", Channel: Mail, Contact: 11, At: f.Opens, State: Sent},
		{Step: "herinnering1", Channel: Mail, Contact: 11, At: at(t, "2026-11-16 09:00"), State: Sent},
	}
	call := func(moment string, reached bool) {
		u.Touches = append(u.Touches, Touch{Step: "telefoon", Channel: Phone, At: at(t, moment), State: Sent, Reached: reached})
	}
	due := func(moment, want string) {
		t.Helper()
		if d := f.Due(u, at(t, moment)); d.Due != (want != "") || d.Due && d.Step.ID != want {
			t.Errorf("%s: %v %s (%s), want %q", moment, d.Due, d.Step.ID, d.Why, want)
		}
	}
	due("2026-11-23 10:00", "telefoon")
	call("2026-11-23 10:00", false)
	due("2026-11-23 15:00", "")
	due("2026-11-24 10:00", "telefoon")
	call("2026-11-27 10:00", false)
	due("2026-11-30 10:00", "telefoon") // the reminder waits three working days after a call
	due("2026-12-02 10:00", "herinnering2")
	call("2026-12-02 10:00", false)
	due("2026-12-03 10:00", "") // three attempts
	due("2026-12-07 10:00", "herinnering2")
}

// A call that is known only from the history of the unit counts as well.
func TestCallInTheHistory(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	u := somebody()
	u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 11, At: f.Opens, State: Sent}}
	u.Events = []event.Event{{ID: 1, Kind: event.Called, Occurred: at(t, "2026-11-13 10:00")}}
	d := f.Due(u, at(t, "2026-11-16 10:00"))
	if d.Due || !d.Next.Equal(at(t, "2026-11-18 09:00")) {
		t.Errorf("%+v", d)
	}
	u.Events = append(u.Events, event.Event{ID: 2, Kind: event.Recalled, Recalls: 1})
	if d := f.Due(u, at(t, "2026-11-16 10:00")); !d.Due {
		t.Errorf("taken back: %+v", d)
	}
}

func TestUnitWithoutAddressIsCalled(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	u := Unit{ID: 1, Contacts: []Contact{{ID: 1, Phone: true}}}
	if d := f.Due(u, at(t, "2026-11-02 10:00")); d.Due || d.Step.ID != "telefoon" || !d.Next.Equal(at(t, "2026-11-23 09:00")) {
		t.Errorf("first day: %+v", d)
	}
	if d := f.Due(u, at(t, "2026-11-23 10:00")); !d.Due || d.Channel != Phone {
		t.Errorf("day of the call: %+v", d)
	}
	u.Contacts = nil
	if d := f.Due(u, at(t, "2026-11-23 10:00")); d.Due || d.Why != noAddress {
		t.Errorf("nobody at all: %+v", d)
	}
}

func TestWithholdLooksAtTheContact(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	now := f.Opens.Add(time.Hour)
	for name, c := range map[string]struct {
		contact Contact
		over    Channel
		ok      bool
	}{
		"fine":      {Contact{ID: 1, Mail: true}, Mail, true},
		"replaced":  {Contact{ID: 1, Mail: true, Ended: true}, Mail, false},
		"opted out": {Contact{ID: 1, Mail: true, OptedOut: true}, Mail, false},
		"bounced":   {Contact{ID: 1, Mail: true, Bounced: true}, Mail, false},
		"erased":    {Contact{ID: 1}, Mail, false},
		"letter":    {Contact{ID: 1, Post: true, Bounced: true}, Letter, true},
		"no post":   {Contact{ID: 1, Mail: true}, Letter, false},
		"call":      {Contact{ID: 1, Phone: true, OptedOut: true}, Phone, true},
		"another":   {Contact{ID: 2, Mail: true}, Mail, false},
	} {
		why := f.Withhold(Unit{Contacts: []Contact{c.contact}}, Touch{Contact: 1, Channel: c.over}, now)
		if (why == "") != c.ok {
			t.Errorf("%s: %q", name, why)
		}
	}
}

func TestAudienceAndStage(t *testing.T) {
	t.Parallel()
	f := fieldFrom(t, "2026-11-02 09:00", "2027-02-01 00:00")
	f.Plan.Steps[1].Audiences = []string{"swv"}
	f.Plan.Steps[3].Stage = Begun
	u := somebody()
	u.Audience = "gemeente"
	got := play(f, &u, f.Opens, f.Opens.AddDate(0, 0, 50))
	if len(got) != 2 { // invitation and call
		t.Errorf("%q", got)
	}
	u.Events = happened(event.Started)
	if d := f.Due(u, at(t, "2027-01-11 10:00")); !d.Due || d.Step.ID != "herinnering2" {
		t.Errorf("%+v", d)
	}
}
