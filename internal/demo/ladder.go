package demo

import (
	"slices"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/store"
)

// A target is a unit on the ladder, with all that will happen to it.
type target struct {
	contactplan.Unit
	audience string
	code     string
	name     string
	contact  sample.Contact
	story    []event.Event // in the order of time
	rings    bool          // the story has calls of its own
	bounces  bool
}

// ladder tells what was sent and called: what the plan comes to when every
// working day at half past ten somebody sends what is due, knowing what had
// happened by then. Who calls finds nobody in, or hears a promise from somebody
// who keeps it.
func (d *demonstration) ladder() {
	st := d.past.Study
	field := st.Field()
	targets := d.targets()
	for days := 0; ; days++ {
		y, m, day := d.opens.AddDate(0, 0, days).Date()
		at := time.Date(y, m, day, 10, 30, 0, 0, d.opens.Location())
		if !at.Before(d.closes) || at.After(d.until) {
			return
		}
		if !working(at) {
			continue
		}
		for i := range targets {
			d.step(field, &targets[i], at.Add(time.Duration(i)*time.Second))
		}
	}
}

// step does what is due for one unit.
func (d *demonstration) step(field contactplan.Field, t *target, at time.Time) {
	known, _ := slices.BinarySearchFunc(t.story, at, func(e event.Event, at time.Time) int {
		if e.Occurred.After(at) {
			return 1
		}
		return -1
	})
	u := t.Unit
	u.Events = t.story[:known]
	due := field.Due(u, at)
	switch {
	case !due.Due:
	case due.Channel == contactplan.Phone:
		d.call(t, at)
	default:
		d.send(t, due, at)
	}
}

// send adds a message. Letters are taken to the post the same day.
func (d *demonstration) send(t *target, due contactplan.Decision, at time.Time) {
	template, version := due.Template()
	m := store.PastMessage{Audience: t.audience, Unit: t.code, Step: due.Step.ID, Channel: version, Template: template, At: at, State: store.Sent}
	if t.bounces && version == contactplan.Mail {
		m.State, m.Reply = store.Returned, "550 5.1.1 Het adres bestaat niet."
		t.Contacts[0].Bounced = true
	}
	m.Subject, m.Text = d.words(t, template, version, at)
	if d.past.Study.Slug == OpenSlug && version == contactplan.Mail {
		d.answer(t, &m)
	}
	d.past.Messages = append(d.past.Messages, m)
	t.Touches = append(t.Touches, contactplan.Touch{Step: m.Step, Channel: version, Contact: 1, At: at, State: m.State})
}

// words are what a message said, without the link and code that it brought.
func (d *demonstration) words(t *target, template string, version contactplan.Channel, at time.Time) (subject, text string) {
	st := d.past.Study
	form := d.forms[t.audience]
	f := contactplan.Fields{Unit: 1, Name: t.name, Audience: t.audience, Contact: 1, Salute: contactplan.Salutation(t.contact.Salutation, t.contact.Name),
		Link: contactplan.Link{Unit: 1, URL: "x", Code: "x"}, ShortURL: "https://uitvraag.example/code", Privacy: "https://uitvraag.example/onderzoek/" + st.Slug + "/privacy",
		Unsubscribe: "x", Study: st.Title, Question: st.Settings.Question, Why: st.Settings.Why, Client: st.Settings.Client, Bureau: st.Settings.Organiser, Results: st.Settings.Results,
		Minutes: form.In.Minutes, Deadline: contactplan.Deadline(st.Closes), Date: contactplan.DayOf(at).Long(), Phone: st.Settings.Phone, Email: st.Settings.Email}
	if text, ok := contactplan.Text(template, version); ok {
		if m, problems := contactplan.Render(text, f.Redacted()); len(problems) == 0 {
			return m.Subject, m.Text
		}
	}
	return "", ""
}

// call adds a call, unless the story has its own.
func (d *demonstration) call(t *target, at time.Time) {
	if t.rings {
		return
	}
	e := event.Event{Kind: event.CallNoAnswer, Occurred: at.Add(time.Duration(d.rand.IntN(5*3600)) * time.Second), Channel: "tel", Actor: event.ByStaff}
	if e.Occurred.After(d.until) {
		return
	}
	last := t.story
	if len(last) > 0 && last[len(last)-1].Kind == event.Submitted && d.rand.IntN(3) > 0 {
		e.Kind, e.Note = event.Promised, "Zegt toe de vragenlijst in te vullen."
	}
	d.past.Events = append(d.past.Events, store.PastEvent{Audience: t.audience, Unit: t.code, Event: e})
	i, _ := slices.BinarySearchFunc(t.story, e, func(a, b event.Event) int { return a.Occurred.Compare(b.Occurred) })
	t.story = slices.Insert(t.story, i, e)
}

// targets are all units, with what their responses and the field workers tell.
func (d *demonstration) targets() []target {
	at := map[string]int{} // by code; no code is in two registers
	var all []target
	for _, r := range d.past.Registers {
		for _, u := range r.Units {
			t := target{audience: string(r.Kind), code: u.Organisation.Code, name: u.Organisation.Name, contact: u.Contact}
			t.ID, t.Audience = int64(len(all)+1), t.audience
			t.Regions, _ = contactplan.ParseRegions(u.Background["regio"])
			t.Contacts = []contactplan.Contact{{ID: 1, General: u.Contact.Name == "", Mail: u.Contact.Email != "", Post: u.Contact.Address != "", Phone: u.Contact.Phone != ""}}
			at[t.code] = len(all)
			all = append(all, t)
		}
	}
	add := func(code string, e event.Event) { all[at[code]].story = append(all[at[code]].story, e) }
	for _, r := range d.past.Responses {
		add(r.Unit, event.Event{Kind: event.Started, Occurred: r.Started})
		if r.Status == answer.Submitted || r.Status == answer.Kernvragen {
			add(r.Unit, event.Event{Kind: event.Submitted, Occurred: r.Sent})
			for _, code := range r.Covers {
				add(code, event.Event{Kind: event.Covered, Occurred: r.Sent})
			}
		}
	}
	for _, e := range d.past.Events {
		add(e.Unit, e.Event)
		t := &all[at[e.Unit]]
		t.rings = t.rings || strings.HasPrefix(e.Event.Channel, "tel")
		t.bounces = t.bounces || e.Event.Kind == event.Bounced
	}
	for i := range all {
		slices.SortStableFunc(all[i].story, func(a, b event.Event) int { return a.Occurred.Compare(b.Occurred) })
	}
	return all
}
