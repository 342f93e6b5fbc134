package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/store"
)

// contactOf gives the first contact of a unit an address and a name.
func (f *field) contactOf(t testing.TB, code, email string) int64 {
	t.Helper()
	return one[int64](t, f, `update contact.contact c set email = $2, name = 'H. Jansen' from register.unit u where u.id = c.unit and u.code = $1 returning c.id`, code, email)
}

// mail adds a message to a contact in a state.
func (f *field) mail(t testing.TB, contact int64, state, step string) string {
	t.Helper()
	var done *time.Time
	if state != store.Waiting {
		done = &fixture.Now
	}
	return store.MailID(one[int64](t, f, `
		with m as (insert into field.message (study, unit, contact, step, channel, template, state, queued, due, done, actor)
			select u.study, u.id, c.id, nullif($3, ''), 'mail', 'uitnodiging', $2, $4, $4, $5, 'system' from contact.contact c join register.unit u on u.id = c.unit where c.id = $1
			returning id, contact),
		b as (insert into contact.body (message, address) select m.id, c.email from m join contact.contact c on c.id = m.contact)
		select id from m`, contact, state, step, fixture.Now.Add(-time.Hour), done))
}

func (f *field) events(t testing.TB, unit string, kind event.Kind) int {
	t.Helper()
	return one[int](t, f, `select count(*) from field.event e join register.unit u on u.id = e.unit where u.code = $1 and e.kind = $2
		and not exists (select from field.event x where x.recalls = e.id)`, unit, kind)
}

func TestOptingOutEndsMailToTheAddressAndNothingElse(t *testing.T) {
	t.Parallel()
	f := newField(t, 3)
	jan, other, piet := f.contactOf(t, "PO9001", "Jan@example.nl"), f.contactOf(t, "GM9001", " jan@EXAMPLE.nl"), f.contactOf(t, "PO9002", "piet@example.nl")
	f.exec(t, `update contact.contact set email = trim(email)`)
	id := f.mail(t, jan, store.Sent, "uitnodiging")
	f.mail(t, jan, store.Waiting, "herinnering1")
	f.mail(t, other, store.Waiting, "uitnodiging")
	f.mail(t, piet, store.Waiting, "uitnodiging")

	before := f.everything(t)
	wantKind(t, "a message that is not there", f.Store.OptOut(t.Context(), "m999", "mail", fixture.Now), errs.NotFound)
	wantKind(t, "a name that is none", f.Store.OptOut(t.Context(), "m01", "mail", fixture.Now), errs.NotFound)
	if f.everything(t) != before {
		t.Error("an opt-out of nobody changed something")
	}

	for range 2 { // a repeat is harmless
		if err := f.Store.OptOut(t.Context(), id, "mail", fixture.Now); err != nil {
			t.Fatal(err)
		}
	}
	if n := one[int](t, f, `select count(*) from contact.contact where opted_out = $1`, fixture.Now); n != 2 {
		t.Errorf("%d contacts opted out, want both with the address", n)
	}
	if a, b := f.events(t, "PO9001", event.OptOut), f.events(t, "GM9001", event.OptOut); a != 1 || b != 1 {
		t.Errorf("%d and %d events", a, b)
	}
	if n := f.events(t, "PO9001", event.Refused); n != 0 {
		t.Error("opting out was taken for a refusal")
	}
	if got := one[string](t, f, `select string_agg(state || coalesce(' ' || step, ''), ', ' order by id) from field.message`); got != "verstuurd uitnodiging, ingetrokken herinnering1, ingetrokken uitnodiging, klaar uitnodiging" {
		t.Errorf("the messages are %s", got)
	}
	if text := one[string](t, f, `select string_agg(s::text, '') from contact.suppressed s`); strings.Contains(strings.ToLower(text), "jan") || text == "" {
		t.Errorf("kept is %q", text)
	}
	if m, err := f.Store.Mailed(t.Context(), id); err != nil || !m.OptedOut || m.Address != "Jan@example.nl" || m.UnitCode != "PO9001" || m.Refused || m.Answered {
		t.Errorf("the message is %+v (%v)", m, err)
	}
	if _, err := f.Store.AddMessage(t.Context(), store.NewMessage{Contact: other, Template: "link", By: store.BySystem, Now: fixture.Now}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a message to who opted out: %v", err)
	}

	for range 2 {
		if err := f.Store.OptIn(t.Context(), id, fixture.Now.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if n := one[int](t, f, `select (select count(*) from contact.contact where opted_out is not null) + (select count(*) from contact.suppressed)`); n != 0 {
		t.Error("the opt-out was not taken back")
	}
	if a, b := f.events(t, "PO9001", event.OptOut), f.events(t, "GM9001", event.OptOut); a+b != 0 {
		t.Errorf("%d events of opting out stand", a+b)
	}
}

func TestAnOldMailDoesNotOptOutWhoTookThePlace(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	c := f.contactOf(t, "PO9001", "oud@example.nl")
	id := f.mail(t, c, store.Sent, "uitnodiging")
	f.exec(t, `update contact.contact set email = 'nieuw@example.nl' where id = $1`, c)
	if err := f.Store.OptOut(t.Context(), id, "mail", fixture.Now); err != nil {
		t.Fatal(err)
	}
	if n := one[int](t, f, `select count(*) from contact.contact where opted_out is not null`); n != 0 {
		t.Error("the new person was opted out")
	}
	if m, err := f.Store.Mailed(t.Context(), id); err != nil || !m.OptedOut {
		t.Errorf("the old address was not: %v", err)
	}
}

// However an address came to be there again, nothing goes to it.
func TestNothingGoesToAnAddressThatOptedOut(t *testing.T) {
	t.Parallel()
	f := newField(t, 2)
	id := f.mail(t, f.contactOf(t, "PO9001", "jan@example.nl"), store.Sent, "uitnodiging")
	if err := f.Store.OptOut(t.Context(), id, "mail", fixture.Now); err != nil {
		t.Fatal(err)
	}
	again := f.contactOf(t, "PO9002", "JAN@example.nl")
	f.mail(t, again, store.Waiting, "uitnodiging")
	f.exec(t, `update field.message set claim = 'ik' where state = 'klaar'`)
	begin := store.Beginning{ID: one[int64](t, f, `select id from field.message where state = 'klaar'`), By: "ik", Withhold: func(contactplan.Unit) string { return "" }, Address: "JAN@example.nl", Now: fixture.Now}
	var held *store.ErrWithheld
	if err := f.Store.BeginMessage(t.Context(), begin); !errors.As(err, &held) || held.Wait {
		t.Errorf("the message begins: %v", err)
	}
	if got := one[string](t, f, `select m.state || case when c.opted_out is null then '' else ' afgemeld' end from field.message m join contact.contact c on c.id = m.contact where c.id = $1`, again); got != "ingetrokken afgemeld" {
		t.Errorf("it is %s", got)
	}
}

func TestAnAddressThatOptedOutIsNotAddedAgain(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	id := f.mail(t, f.contactOf(t, "PO9001", "jan@example.nl"), store.Sent, "uitnodiging")
	if err := f.Store.OptOut(t.Context(), id, "mail", fixture.Now); err != nil {
		t.Fatal(err)
	}
	unit := func(line int, code, email string) sample.Unit {
		return sample.Unit{Line: line, Organisation: sample.Organisation{Kind: sample.SWV, Code: code, Name: "Proef " + code}, Contact: sample.Contact{Email: email}}
	}
	f.exec(t, `update contact.contact set email = 'goed@example.nl' from register.unit u where u.id = unit and u.code = 'GM9001'`)
	file := sample.Register{Kind: sample.SWV, Fields: []string{"naam", "email"}, Units: []sample.Unit{unit(2, "PO9001", "jan@example.nl"), unit(3, "PO9005", "JAN@Example.nl"), unit(4, "PO9006", "vrij@example.nl")}}
	in := store.Import{Study: f.Study.ID, Audience: "swv", Register: file, By: store.BySystem, Now: fixture.Now}
	change, err := f.Store.ImportRegister(t.Context(), in)
	if err != nil || len(change.Added) != 2 || len(change.Changed) != 0 || len(change.Warnings) != 1 || !strings.Contains(change.Warnings[0], "regel 3") {
		t.Fatalf("%+v, %v", change, err)
	}
	got := one[string](t, f, `select string_agg(u.code || ' ' || coalesce(c.email, ''), ', ' order by u.code) from register.unit u left join contact.contact c on c.unit = u.id where u.audience = 'swv'`)
	if got != "PO9001 jan@example.nl, PO9005 , PO9006 vrij@example.nl" {
		t.Errorf("the register has %s", got)
	}
	if file.Units[1].Contact.Email != "JAN@Example.nl" {
		t.Error("the file was changed under its reader")
	}
	// A good address is not replaced by nothing.
	gm := sample.Register{Kind: sample.Gemeente, Fields: []string{"email"}, Units: []sample.Unit{{Line: 2, Organisation: sample.Organisation{Kind: sample.Gemeente, Code: "GM9001"}, Contact: sample.Contact{Email: "jan@example.nl"}}}}
	in.Audience, in.Register = "gemeente", gm
	if change, err := f.Store.ImportRegister(t.Context(), in); err != nil || len(change.Changed) != 0 || len(change.Warnings) != 1 {
		t.Errorf("%+v, %v", change, err)
	}
	// By another secret the list says nothing.
	in.Audience, in.Register = "swv", file
	if change, err := f.Store.WithSecret("een heel ander geheim").ImportRegister(t.Context(), in); err != nil || len(change.Warnings) != 0 {
		t.Errorf("by another secret: %+v, %v", change, err)
	}
	if _, err := f.Store.WithSecret("").ImportRegister(t.Context(), in); err == nil {
		t.Error("addresses are added without the list being looked at")
	}
}
